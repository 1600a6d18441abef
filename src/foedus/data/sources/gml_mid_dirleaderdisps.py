"""Disputes between leaders, both directions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import PEACESCIENCER, PEACESCIENCER_VERSION, SourceSpec, cran

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="gml_mid_dirleaderdisps",
    title="GML Militarized Interstate Disputes, directed leader dispute-years",
    publisher="Douglas M. Gibler, Steven V. Miller & Erin K. Little",
    url="https://internationalconflict.ua.edu/data-download/",
    version="2.2.1",
    filename="gml_mid_dirleaderdisps.rda",
    sha256="87245166606869a788b15585241377141b28902086f36896e7b831d1f6b5a400",
    size=56844,
    licence="free for research with citation",
    citation="Gibler, Douglas M.; Miller, Steven V.; Little, Erin K. 2016. An Analysis of the Militarized "
    "Interstate Dispute (MID) Dataset, 1816-2001. International Studies Quarterly 60: 719-730.",
    bibtex="""@article{gml_mid_dirleaderdisps,
  author = {Gibler, Douglas M. and Miller, Steven V. and Little, Erin K.},
  title = {An Analysis of the Militarized Interstate Dispute ({MID}) Dataset, 1816-2001},
  journal = {International Studies Quarterly},
  volume = {60},
  number = {4},
  year = {2016},
  pages = {719--730}
}""",
    units="directed pairs of leaders, by dispute and year",
    first_year=1816,
    last_year=2010,
    absence="no dispute",
    via=PEACESCIENCER,
    routes=cran("peacesciencer", PEACESCIENCER_VERSION, "data/gml_mid_dirleaderdisps.rda"),
    year_columns=("year",),
    table="gml_mid_dirleaderdisps",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per dispute, pair of leaders and year."""
    return reading.conform(reading.without(reading.rda(path, SPEC.table), -9), SPEC.id)
