"""ATOP by state and year: the alliances that a state was in, and what any member of them promised."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.sources import atop5_1m
from foedus.data.spec import Route, SourceSpec

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="atop5_1sy",
    title="Alliance Treaty Obligations and Provisions, state-years",
    publisher=atop5_1m.SPEC.publisher,
    url=atop5_1m.SPEC.url,
    version="5.1",
    filename="atop5_1sy.csv",
    sha256="187ce932d5b77002f795d849b67b5b2dd6baa170304bed58663c4194e240f929",
    size=1249045,
    licence=atop5_1m.SPEC.licence,
    citation=atop5_1m.SPEC.citation,
    bibtex="""@article{atop5_1sy,
  author = {Leeds, Brett Ashley and Ritter, Jeffrey M. and Mitchell, Sara McLaughlin and Long, Andrew G.},
  title = {Alliance Treaty Obligations and Provisions, 1815-1944},
  journal = {International Interactions},
  volume = {28},
  number = {3},
  year = {2002},
  pages = {237--260}
}""",
    units="states with at least one alliance, yearly",
    routes=(Route(atop5_1m.ARCHIVE, "atop5_1sy.csv"),),
    first_year=1815,
    last_year=2018,
    absence="no alliance",
    year_columns=("year",),
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per state and year with at least one alliance."""
    import polars as pl

    raw = reading.text_csv(path)
    alliances = pl.concat_list(pl.col("^atopid[0-9]+$").cast(pl.Int64)).list.drop_nulls()
    frame = raw.with_columns(*reading.numbers(raw)).with_columns(
        pl.col("transyr") == 1,
        alliances.cast(pl.List(pl.String)).list.join(", ").alias("alliance_list"),
    )
    return reading.conform(frame.sort("state", "year"), SPEC.id)
