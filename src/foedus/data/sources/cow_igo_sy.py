"""How many organisations a state belongs to, by kind of membership."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import COW_TERMS, PEACESCIENCER, PEACESCIENCER_VERSION, SourceSpec, cran

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="cow_igo_sy",
    title="Intergovernmental Organizations, memberships of states",
    publisher="Correlates of War Project",
    url="https://correlatesofwar.org/data-sets/igos/",
    version="3",
    filename="cow_igo_sy.rda",
    sha256="0102eb9d48f34791ddb1a17aa0b312df23117ebafb3d707cee03ab64463e3bc7",
    size=13416,
    licence=COW_TERMS,
    citation="Pevehouse, Jon C. W.; Nordstrom, Timothy; McManus, Roseanne W.; Jamison, Anne Spencer. 2020. "
    "Tracking Organizations in the World: The Correlates of War IGO Version 3.0 Datasets. Journal of "
    "Peace Research 57: 492-503.",
    bibtex="""@article{cow_igo_sy,
  author = {Pevehouse, Jon C. W. and Nordstrom, Timothy and McManus, Roseanne W. and Jamison, Anne Spencer},
  title = {Tracking Organizations in the World: The Correlates of War {IGO} Version 3.0 Datasets},
  journal = {Journal of Peace Research},
  volume = {57},
  number = {3},
  year = {2020},
  pages = {492--503}
}""",
    units="Correlates of War state-years",
    first_year=1816,
    last_year=2014,
    absence="unknown",
    via=PEACESCIENCER,
    routes=cran("peacesciencer", PEACESCIENCER_VERSION, "data/cow_igo_sy.rda"),
    year_columns=("year",),
    table="cow_igo_sy",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per state and year."""
    return reading.conform(reading.rda(path, SPEC.table), SPEC.id)
