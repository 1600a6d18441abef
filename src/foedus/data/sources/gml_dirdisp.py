"""Every dispute and year between each two opponents, both directions, with actions, deaths and revisionism."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import PEACESCIENCER, PEACESCIENCER_VERSION, SourceSpec, cran

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="gml_dirdisp",
    title="GML Militarized Interstate Disputes, directed dispute-years",
    publisher="Douglas M. Gibler, Steven V. Miller & Erin K. Little",
    url="https://internationalconflict.ua.edu/data-download/",
    version="2.2.1",
    filename="gml_dirdisp.rda",
    sha256="862dd4c70ffe5b400ef9db9e136e35798f561c2aae9f00e212d1baf3b18bae4a",
    size=70064,
    licence="free for research with citation",
    citation="Gibler, Douglas M.; Miller, Steven V.; Little, Erin K. 2016. An Analysis of the Militarized "
    "Interstate Dispute (MID) Dataset, 1816-2001. International Studies Quarterly 60: 719-730.",
    bibtex="""@article{gml_dirdisp,
  author = {Gibler, Douglas M. and Miller, Steven V. and Little, Erin K.},
  title = {An Analysis of the Militarized Interstate Dispute ({MID}) Dataset, 1816-2001},
  journal = {International Studies Quarterly},
  volume = {60},
  number = {4},
  year = {2016},
  pages = {719--730}
}""",
    units="directed pairs of disputants, by dispute and year",
    first_year=1816,
    last_year=2010,
    absence="no dispute",
    via=PEACESCIENCER,
    routes=cran("peacesciencer", PEACESCIENCER_VERSION, "data/gml_dirdisp.rda"),
    year_columns=("year",),
    table="gml_dirdisp",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per dispute, directed pair and year."""
    return reading.conform(reading.without(reading.rda(path, SPEC.table), -9), SPEC.id)
