"""Direct contiguity of each pair."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data.store import DataDir
from foedus.panel.frame import At, check_at, check_dyad_years, join_pairs, within

if TYPE_CHECKING:
    import os

    import polars as pl


def add_contiguity(
    frame: pl.DataFrame, *, at: At = "jan1", data_dir: DataDir | str | os.PathLike[str] | None = None
) -> pl.DataFrame:
    """Return ``frame`` with the class of contiguity, ``conttype``.

    1 is land, 2 to 5 up to 12, 24, 150, 400 miles of water, 0 not contiguous, null unknown.

    Parameters
    ----------
    frame : polars.DataFrame
        Dyad-years.
    at : {"jan1", "year"}
        In force on 1 January, or the closest class in force on any day of the year. A record that says *none* earlier
        in a year hides nothing.

    Raises
    ------
    DataError
        The frame holds no dyad-years, or has the column.
    """
    import polars as pl

    check_at(at)
    check_dyad_years(frame, ["conttype"])
    store = DataDir.of(data_dir)
    spells, source = store.table("cow_contdir"), store.provenance("cow_contdir")
    start = pl.col("start").dt.year()
    since = pl.when((pl.col("start").dt.ordinal_day() == 1) | (at == "year")).then(start).otherwise(start + 1)
    years = (
        spells.with_columns(pl.int_ranges(since, pl.col("end").dt.year() + 1, dtype=pl.Int32).alias("year"))
        .explode("year", empty_as_null=False)
        .group_by("ccode1", "ccode2", "year")
        .agg(pl.col("conttype").min())
    )
    return join_pairs(frame, years).with_columns(within("conttype", source.spec.first_year, source.last_year))
