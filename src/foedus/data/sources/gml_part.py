"""Participants of disputes with days, side and the leaders in office at start and end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import PEACESCIENCER, PEACESCIENCER_VERSION, SourceSpec, cran

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="gml_part",
    title="GML Militarized Interstate Disputes, participants and their leaders",
    publisher="Douglas M. Gibler, Steven V. Miller & Erin K. Little",
    url="https://internationalconflict.ua.edu/data-download/",
    version="2.2.1",
    filename="gml_part.rda",
    sha256="dd190b9e2f132f3a20cd35f1f7c6b860f62fb4af0d799de5318a50685b98caf7",
    size=35600,
    licence="free for research with citation",
    citation="Gibler, Douglas M.; Miller, Steven V.; Little, Erin K. 2016. An Analysis of the Militarized "
    "Interstate Dispute (MID) Dataset, 1816-2001. International Studies Quarterly 60: 719-730.",
    bibtex="""@article{gml_part,
  author = {Gibler, Douglas M. and Miller, Steven V. and Little, Erin K.},
  title = {An Analysis of the Militarized Interstate Dispute ({MID}) Dataset, 1816-2001},
  journal = {International Studies Quarterly},
  volume = {60},
  number = {4},
  year = {2016},
  pages = {719--730}
}""",
    units="participations of a state in a dispute",
    first_year=1816,
    last_year=2010,
    absence="no dispute",
    via=PEACESCIENCER,
    routes=cran("peacesciencer", PEACESCIENCER_VERSION, "data/gml_part.rda"),
    year_columns=("styear",),
    table="gml_part",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per participation."""
    return reading.conform(reading.without(reading.rda(path, SPEC.table), -9), SPEC.id)
