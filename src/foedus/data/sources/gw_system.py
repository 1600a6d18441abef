"""States since 1816 by Gleditsch and Ward, microstates included, with first and last day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import ISARD, ISARD_VERSION, SourceSpec, cran

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="gw_system",
    title="Independent States (Gleditsch and Ward), with microstates",
    publisher="Kristian Skrede Gleditsch & Michael D. Ward",
    url="http://ksgleditsch.com/statelist.html",
    version="as of 2020-12-31",
    filename="gw_system.rda",
    sha256="53c434467bd592fc62b33522d26eec9401478aed30376b49fb0abedcb74d86ce",
    size=4434,
    licence="free for research with citation",
    citation="Gleditsch, Kristian Skrede; Ward, Michael D. 1999. A Revised List of Independent States since the "
    "Congress of Vienna. International Interactions 25: 393-413.",
    bibtex="""@article{gw_system,
  author = {Gleditsch, Kristian Skrede and Ward, Michael D.},
  title = {A Revised List of Independent States since the Congress of Vienna},
  journal = {International Interactions},
  volume = {25},
  number = {4},
  year = {1999},
  pages = {393--413}
}""",
    units="states and microstates, by spell of independence",
    first_year=1816,
    last_year=2020,
    absence="no independent state",
    via=ISARD,
    routes=cran("isard", ISARD_VERSION, "data/gw_system.rda"),
    year_columns=("end",),
    table="gw_system",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per spell of independence."""
    frame = (
        reading.rda(path, SPEC.table)
        .rename({"gw_abb": "stateabb", "gw_name": "statenme"})
        .with_columns(*reading.days("start", "end"))
    )
    return reading.conform(frame, SPEC.id)
