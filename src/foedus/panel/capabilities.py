"""National material capabilities of both states."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data.store import DataDir
from foedus.panel.frame import check_dyad_years, join_one

if TYPE_CHECKING:
    import os

    import polars as pl

COLUMNS = ("milex", "milper", "irst", "pec", "tpop", "upop", "cinc")


def add_nmc(frame: pl.DataFrame, *, data_dir: DataDir | str | os.PathLike[str] | None = None) -> pl.DataFrame:
    """Return ``frame`` with the components and composite index (``cinc``) of each state in that year.

    Columns end in 1 and 2. Null where the series has no value. A `System` of 1 January uses the year before (convention 4.13): compare it
    with the panel's row of that year.

    Raises
    ------
    DataError
        The frame holds no dyad-years, or has these columns.
    """
    import polars as pl

    check_dyad_years(frame, [f"{c}{side}" for side in (1, 2) for c in COLUMNS])
    nmc = DataDir.of(data_dir).table("cow_nmc").select("ccode", "year", *COLUMNS)
    for side in (1, 2):
        named = nmc.select(
            pl.col("ccode").alias(f"ccode{side}"), "year", *(pl.col(c).alias(f"{c}{side}") for c in COLUMNS)
        )
        frame = join_one(frame, named, (f"ccode{side}", "year"))
    return frame
