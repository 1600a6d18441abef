"""Strategic rivalries of each pair."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data.store import DataDir
from foedus.panel.frame import At, check_at, check_dyad_years, join_pairs, within

if TYPE_CHECKING:
    import os

    import polars as pl


def add_strategic_rivalries(
    frame: pl.DataFrame, *, at: At = "jan1", data_dir: DataDir | str | os.PathLike[str] | None = None
) -> pl.DataFrame:
    """Return ``frame`` with ``rivalry``: 1 if a strategic rivalry is in force, 0 if none, null outside the data.

    Parameters
    ----------
    frame : polars.DataFrame
        Dyad-years.
    at : {"jan1", "year"}
        Begun in an earlier year and not ended in one, or any year from the first to the last.

    Raises
    ------
    DataError
        The frame holds no dyad-years, or has the column.
    """
    import polars as pl

    check_at(at)
    check_dyad_years(frame, ["rivalry"])
    store = DataDir.of(data_dir)
    spells, source = store.table("tss_rivalries"), store.provenance("tss_rivalries")
    since = pl.col("start") + (1 if at == "jan1" else 0)
    years = (
        spells.with_columns(pl.int_ranges(since, pl.col("end") + 1, dtype=pl.Int32).alias("year"))
        .explode("year", empty_as_null=False)
        .select("ccode1", "ccode2", "year", pl.lit(1, dtype=pl.Int32).alias("rivalry"))
        .unique()
    )
    return join_pairs(frame, years).with_columns(within("rivalry", source.spec.first_year, source.last_year))
