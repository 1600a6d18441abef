"""Five obligations of the first state to the second by year; foedus makes its own from the member file and is checked against it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import PEACESCIENCER, PEACESCIENCER_VERSION, SourceSpec, cran

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="atop_dyads",
    title="ATOP directed dyad-years, as packed",
    publisher="ATOP Project, Rice University",
    url="http://www.atopdata.org/",
    version="5.1",
    filename="atop_alliance.rda",
    sha256="1449ca0369aed33ccf3ac66e959d1d7429c981a3840981facc84fcb2c2bc0441",
    size=32646,
    licence="free for research with citation",
    citation="Leeds, Brett Ashley; Ritter, Jeffrey M.; Mitchell, Sara McLaughlin; Long, Andrew G. 2002. Alliance "
    "Treaty Obligations and Provisions, 1815-1944. International Interactions 28: 237-260.",
    bibtex="""@article{atop_dyads,
  author = {Leeds, Brett Ashley and Ritter, Jeffrey M. and Mitchell, Sara McLaughlin and Long, Andrew G.},
  title = {Alliance Treaty Obligations and Provisions, 1815-1944},
  journal = {International Interactions},
  volume = {28},
  number = {3},
  year = {2002},
  pages = {237--260}
}""",
    units="directed pairs of allies, by year",
    first_year=1815,
    last_year=2018,
    absence="no alliance",
    via=PEACESCIENCER,
    routes=cran("peacesciencer", PEACESCIENCER_VERSION, "data/atop_alliance.rda"),
    year_columns=("year",),
    table="atop_alliance",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per directed pair and year."""
    return reading.conform(reading.rda(path, SPEC.table), SPEC.id)
