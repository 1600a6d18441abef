"""The disputes that peacesciencer keeps after whittling to one by directed pair and year; foedus whittles itself and is checked against it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import COW_TERMS, PEACESCIENCER, PEACESCIENCER_VERSION, SourceSpec, cran

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="cow_mid_ddydisps",
    title="Militarized Interstate Disputes, one dispute by directed dyad-year",
    publisher="Correlates of War Project",
    url="https://correlatesofwar.org/data-sets/mids/",
    version="5.0",
    filename="cow_mid_ddydisps.rda",
    sha256="2db5aeef570a727cd4b28d7f56ad49193d79bbb018019e9225d53321a11d5e45",
    size=64156,
    licence=COW_TERMS,
    citation="Palmer, Glenn et al. 2022. The MID5 Dataset, 2011-2014: Procedures, Coding Rules, and Description. "
    "Conflict Management and Peace Science 39: 470-482.",
    bibtex="""@article{cow_mid_ddydisps,
  author = {Palmer, Glenn and McManus, Roseanne W. and D'Orazio, Vito and Kenwick, Michael R. and Karstens,
    Mikaela and Bloch, Chase and Dietrich, Nick and Kahn, Kayla and Ritter, Kellan and Soules, Michael J.},
  title = {The {MID5} Dataset, 2011-2014: Procedures, Coding Rules, and Description},
  journal = {Conflict Management and Peace Science},
  volume = {39},
  number = {4},
  year = {2022},
  pages = {470--482}
}""",
    units="directed pairs of disputants, by year",
    first_year=1816,
    last_year=2014,
    absence="no dispute",
    via=PEACESCIENCER,
    routes=cran("peacesciencer", PEACESCIENCER_VERSION, "data/cow_mid_ddydisps.rda"),
    year_columns=("year",),
    table="cow_mid_ddydisps",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per directed pair and year."""
    return reading.conform(reading.without(reading.rda(path, SPEC.table), -9), SPEC.id)
