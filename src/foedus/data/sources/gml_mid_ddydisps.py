"""The disputes that peacesciencer keeps after whittling to one by directed pair and year; foedus whittles itself and is checked against it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import PEACESCIENCER, PEACESCIENCER_VERSION, SourceSpec, cran

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="gml_mid_ddydisps",
    title="GML Militarized Interstate Disputes, one dispute by directed dyad-year",
    publisher="Douglas M. Gibler, Steven V. Miller & Erin K. Little",
    url="https://internationalconflict.ua.edu/data-download/",
    version="2.2.1",
    filename="gml_mid_ddydisps.rda",
    sha256="46ce6732909e62b555546ceeeb2f380415c4153fa1cb05824a837ec45a4aa7ce",
    size=62040,
    licence="free for research with citation",
    citation="Gibler, Douglas M.; Miller, Steven V.; Little, Erin K. 2016. An Analysis of the Militarized "
    "Interstate Dispute (MID) Dataset, 1816-2001. International Studies Quarterly 60: 719-730.",
    bibtex="""@article{gml_mid_ddydisps,
  author = {Gibler, Douglas M. and Miller, Steven V. and Little, Erin K.},
  title = {An Analysis of the Militarized Interstate Dispute ({MID}) Dataset, 1816-2001},
  journal = {International Studies Quarterly},
  volume = {60},
  number = {4},
  year = {2016},
  pages = {719--730}
}""",
    units="directed pairs of disputants, by year",
    first_year=1816,
    last_year=2010,
    absence="no dispute",
    via=PEACESCIENCER,
    routes=cran("peacesciencer", PEACESCIENCER_VERSION, "data/gml_mid_ddydisps.rda"),
    year_columns=("year",),
    table="gml_mid_ddydisps",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per directed pair and year."""
    return reading.conform(reading.without(reading.rda(path, SPEC.table), -9), SPEC.id)
