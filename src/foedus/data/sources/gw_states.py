"""Who is an independent state in Gleditsch and Ward's list, and from which day to which."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import PEACESCIENCER, PEACESCIENCER_VERSION, SourceSpec, cran

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="gw_states",
    title="Independent States",
    publisher="Kristian S. Gleditsch & Michael D. Ward",
    url="http://ksgleditsch.com/statelist.html",
    version="2017",
    filename="gw_states.rda",
    sha256="4746858bf919a7af31e4a7afbda77294c350e80fd3899b8c20893c5b5f7829ec",
    size=4087,
    bibtex="""@article{gw_states,
  author = {Gleditsch, Kristian Skrede and Ward, Michael D.},
  title = {A Revised List of Independent States since the Congress of Vienna},
  journal = {International Interactions},
  volume = {25},
  number = {4},
  year = {1999},
  pages = {393--413}
}""",
    units="independent states, by spell",
    routes=cran("peacesciencer", PEACESCIENCER_VERSION, "data/gw_states.rda"),
    licence="free for research with citation",
    citation="Gleditsch, Kristian S. & Michael D. Ward. 1999. A Revised List of Independent States since the "
    "Congress of Vienna.",
    first_year=1816,
    last_year=2017,
    absence="not a member",
    via=PEACESCIENCER,
    year_columns=("end",),
    table="gw_states",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per spell of independence, both days included."""
    frame = reading.rda(path, SPEC.table).with_columns(*reading.days("startdate", "enddate"))
    return reading.conform(frame.rename({"startdate": "start", "enddate": "end", "statename": "statenme"}), SPEC.id)
