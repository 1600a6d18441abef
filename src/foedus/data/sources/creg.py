"""Fractionalization and polarization of ethnic and religious groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import PEACESCIENCER, PEACESCIENCER_VERSION, SourceSpec, cran

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="creg",
    title="Composition of Religious and Ethnic Groups, fractionalization",
    publisher="Cline Center for Democracy",
    url="https://clinecenter.illinois.edu/project/Religious-Ethnic-Identity/composition-religious-and-ethnic-"
    "groups-creg-project",
    version="1.02",
    filename="creg.rda",
    sha256="79d28e6af621524361e2f72c259ce518b490336b7595cdae64a01334ea262ed3",
    size=233012,
    licence="free for research with citation",
    citation="Nardulli, Peter F. et al. 2012. The Composition of Religious and Ethnic Groups (CREG) Project.",
    bibtex="""@misc{creg,
  author = {Nardulli, Peter F. and Wong, Cara J. and Singh, Ajay and Peyton, Buddy and Bajjalieh, Joseph},
  title = {The Composition of Religious and Ethnic Groups ({CREG}) Project},
  year = {2012},
  howpublished = {Cline Center for Democracy}
}""",
    units="states, yearly",
    first_year=1945,
    last_year=2013,
    absence="unknown",
    via=PEACESCIENCER,
    routes=cran("peacesciencer", PEACESCIENCER_VERSION, "data/creg.rda"),
    year_columns=("year",),
    table="creg",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per state and year."""
    return reading.conform(reading.rda(path, SPEC.table), SPEC.id)
