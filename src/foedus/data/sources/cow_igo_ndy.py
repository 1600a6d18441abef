"""How many organisations two states share, the lower code first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import COW_TERMS, PEACESCIENCER, PEACESCIENCER_VERSION, SourceSpec, cran

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="cow_igo_ndy",
    title="Intergovernmental Organizations, shared memberships",
    publisher="Correlates of War Project",
    url="https://correlatesofwar.org/data-sets/igos/",
    version="3",
    filename="cow_igo_ndy.rda",
    sha256="e663531dab70d1d46419fdf0d2d29d51b5b314eab055ea1f691d824e4d15af26",
    size=311260,
    licence=COW_TERMS,
    citation="Pevehouse, Jon C. W.; Nordstrom, Timothy; McManus, Roseanne W.; Jamison, Anne Spencer. 2020. "
    "Tracking Organizations in the World: The Correlates of War IGO Version 3.0 Datasets. Journal of "
    "Peace Research 57: 492-503.",
    bibtex="""@article{cow_igo_ndy,
  author = {Pevehouse, Jon C. W. and Nordstrom, Timothy and McManus, Roseanne W. and Jamison, Anne Spencer},
  title = {Tracking Organizations in the World: The Correlates of War {IGO} Version 3.0 Datasets},
  journal = {Journal of Peace Research},
  volume = {57},
  number = {3},
  year = {2020},
  pages = {492--503}
}""",
    units="undirected pairs of states, by year",
    first_year=1816,
    last_year=2014,
    absence="no shared membership",
    via=PEACESCIENCER,
    routes=cran("peacesciencer", PEACESCIENCER_VERSION, "data/cow_igo_ndy.rda"),
    year_columns=("year",),
    table="cow_igo_ndy",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per undirected pair and year."""
    return reading.conform(reading.rda(path, SPEC.table), SPEC.id)
