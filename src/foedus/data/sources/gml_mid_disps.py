"""One row by dispute: outcome, settlement, deaths, duration, highest action."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import PEACESCIENCER, PEACESCIENCER_VERSION, SourceSpec, cran

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="gml_mid_disps",
    title="GML Militarized Interstate Disputes, disputes",
    publisher="Douglas M. Gibler, Steven V. Miller & Erin K. Little",
    url="https://internationalconflict.ua.edu/data-download/",
    version="2.2.1",
    filename="gml_mid_disps.rda",
    sha256="a0eedf4fa05b60d3015437aeeee410a0b080e7a2e317ab8a2899479e878f450d",
    size=12860,
    licence="free for research with citation",
    citation="Gibler, Douglas M.; Miller, Steven V.; Little, Erin K. 2016. An Analysis of the Militarized "
    "Interstate Dispute (MID) Dataset, 1816-2001. International Studies Quarterly 60: 719-730.",
    bibtex="""@article{gml_mid_disps,
  author = {Gibler, Douglas M. and Miller, Steven V. and Little, Erin K.},
  title = {An Analysis of the Militarized Interstate Dispute ({MID}) Dataset, 1816-2001},
  journal = {International Studies Quarterly},
  volume = {60},
  number = {4},
  year = {2016},
  pages = {719--730}
}""",
    units="disputes",
    first_year=1816,
    last_year=2010,
    absence="no dispute",
    via=PEACESCIENCER,
    routes=cran("peacesciencer", PEACESCIENCER_VERSION, "data/gml_mid_disps.rda"),
    year_columns=("styear",),
    table="gml_mid_disps",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per dispute."""
    return reading.conform(reading.without(reading.rda(path, SPEC.table), -9), SPEC.id)
