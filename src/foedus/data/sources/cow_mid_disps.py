"""One row by dispute: outcome, settlement, deaths, duration, highest action."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import COW_TERMS, PEACESCIENCER, PEACESCIENCER_VERSION, SourceSpec, cran

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="cow_mid_disps",
    title="Militarized Interstate Disputes, disputes as packed",
    publisher="Correlates of War Project",
    url="https://correlatesofwar.org/data-sets/mids/",
    version="5.0",
    filename="cow_mid_disps.rda",
    sha256="b0dedb0e905411c506edc29c102766056f61c3fce9c67b7a925e7076028ed34a",
    size=13956,
    licence=COW_TERMS,
    citation="Palmer, Glenn et al. 2022. The MID5 Dataset, 2011-2014: Procedures, Coding Rules, and Description. "
    "Conflict Management and Peace Science 39: 470-482.",
    bibtex="""@article{cow_mid_disps,
  author = {Palmer, Glenn and McManus, Roseanne W. and D'Orazio, Vito and Kenwick, Michael R. and Karstens,
    Mikaela and Bloch, Chase and Dietrich, Nick and Kahn, Kayla and Ritter, Kellan and Soules, Michael J.},
  title = {The {MID5} Dataset, 2011-2014: Procedures, Coding Rules, and Description},
  journal = {Conflict Management and Peace Science},
  volume = {39},
  number = {4},
  year = {2022},
  pages = {470--482}
}""",
    units="disputes",
    first_year=1816,
    last_year=2014,
    absence="no dispute",
    via=PEACESCIENCER,
    routes=cran("peacesciencer", PEACESCIENCER_VERSION, "data/cow_mid_disps.rda"),
    year_columns=("styear",),
    table="cow_mid_disps",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per dispute."""
    return reading.conform(reading.without(reading.rda(path, SPEC.table), -9), SPEC.id)
