"""Pairs of states by year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data.store import DataDir
from foedus.errors import CoverageError, message, parameter

if TYPE_CHECKING:
    import os

    import polars as pl


def create_dyad_years(
    start: int, end: int, *, directed: bool = True, data_dir: DataDir | str | os.PathLike[str] | None = None
) -> pl.DataFrame:
    """Return one row per pair of members of the Correlates of War system and year.

    A pair is in a year if both were members on at least one same day of it.

    Parameters
    ----------
    start, end : int
        First and last year.
    directed : bool
        Both orders of each pair; otherwise ``ccode1 < ccode2`` (convention 4.4).
    data_dir : DataDir, str or Path, optional
        Folder with the data files.

    Returns
    -------
    polars.DataFrame
        ``ccode1``, ``ccode2``, ``year`` (int32), sorted by these.

    Raises
    ------
    CoverageError
        Years outside the membership list.

    Examples
    --------
    >>> create_dyad_years(1914, 1914, directed=False).height  # doctest: +SKIP
    990
    """
    import polars as pl

    if start > end:
        raise parameter("start", start, f"a year up to end={end}")
    store = DataDir.of(data_dir)
    spells, source = store.table("cow_states"), store.provenance("cow_states")
    if start < source.spec.first_year or end > source.last_year:
        hint = f"end at {source.last_year}; nothing is carried forward"
        covered = f"{source.spec.first_year}-{source.last_year}"
        raise CoverageError(
            message("Members of the state system", got=f"years {start}-{end}", expected=covered, hint=hint)
        )
    years = (
        spells.with_columns(
            pl.int_ranges(pl.col("start").dt.year(), pl.col("end").dt.year() + 1, dtype=pl.Int32).alias("year")
        )
        .explode("year")
        .filter(pl.col("year").is_between(start, end))
        .select("ccode", "year", "start", "end")
    )
    pairs = years.join(years, on="year", validate="m:m", suffix="2").rename({"ccode": "ccode1"})
    order = pl.col("ccode1") != pl.col("ccode2") if directed else pl.col("ccode1") < pl.col("ccode2")
    first = pl.max_horizontal("start", "start2", pl.date(pl.col("year"), 1, 1))
    last = pl.min_horizontal("end", "end2", pl.date(pl.col("year"), 12, 31))
    return (
        pairs.filter(order & (first <= last))
        .select("ccode1", "ccode2", "year")
        .unique()
        .sort("ccode1", "ccode2", "year")
    )
