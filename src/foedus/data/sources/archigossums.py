"""Leaders' turnover by state and year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import PEACESCIENCER, PEACESCIENCER_VERSION, SourceSpec, cran

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="archigossums",
    title="Archigos, turnover by state and year",
    publisher="Henk E. Goemans, Kristian Skrede Gleditsch & Giacomo Chiozza",
    url="https://www.rochester.edu/college/faculty/hgoemans/data.htm",
    version="4.1",
    filename="archigossums.rda",
    sha256="a9c1176199f8f3b393815a60048e36257bfb8c7706c6ff3a4c9a5259b7b26754",
    size=14092,
    licence="free for research with citation",
    citation="Goemans, Henk E.; Gleditsch, Kristian Skrede; Chiozza, Giacomo. 2009. Introducing Archigos: A "
    "Dataset of Political Leaders. Journal of Peace Research 46: 269-283.",
    bibtex="""@article{archigossums,
  author = {Goemans, Henk E. and Gleditsch, Kristian Skrede and Chiozza, Giacomo},
  title = {Introducing {Archigos}: A Dataset of Political Leaders},
  journal = {Journal of Peace Research},
  volume = {46},
  number = {2},
  year = {2009},
  pages = {269--283}
}""",
    units="Gleditsch-Ward state-years",
    first_year=1870,
    last_year=2015,
    absence="unknown",
    via=PEACESCIENCER,
    routes=cran("peacesciencer", PEACESCIENCER_VERSION, "data/archigossums.rda"),
    year_columns=("year",),
    table="archigossums",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per state and year."""
    return reading.conform(reading.rda(path, SPEC.table), SPEC.id)
