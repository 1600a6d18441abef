"""Leaders with first and last day, how they came and how they left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import PEACESCIENCER, PEACESCIENCER_VERSION, SourceSpec, cran

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="archigos",
    title="Archigos, leaders",
    publisher="Henk E. Goemans, Kristian Skrede Gleditsch & Giacomo Chiozza",
    url="https://www.rochester.edu/college/faculty/hgoemans/data.htm",
    version="4.1",
    filename="archigos.rda",
    sha256="b58bb675856a11923b3906adf4360b61fe1be4cc30f29fda4c36ee38e69c991b",
    size=48092,
    licence="free for research with citation",
    citation="Goemans, Henk E.; Gleditsch, Kristian Skrede; Chiozza, Giacomo. 2009. Introducing Archigos: A "
    "Dataset of Political Leaders. Journal of Peace Research 46: 269-283.",
    bibtex="""@article{archigos,
  author = {Goemans, Henk E. and Gleditsch, Kristian Skrede and Chiozza, Giacomo},
  title = {Introducing {Archigos}: A Dataset of Political Leaders},
  journal = {Journal of Peace Research},
  volume = {46},
  number = {2},
  year = {2009},
  pages = {269--283}
}""",
    units="leaders of Gleditsch-Ward states, by time in office",
    first_year=1870,
    last_year=2015,
    absence="unknown",
    via=PEACESCIENCER,
    routes=cran("peacesciencer", PEACESCIENCER_VERSION, "data/archigos.rda"),
    year_columns=("end",),
    table="archigos",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per leader's time in office."""
    frame = (
        reading.rda(path, SPEC.table)
        .rename({"startdate": "start", "enddate": "end"})
        .with_columns(*reading.days("start", "end"))
    )
    return reading.conform(frame, SPEC.id)
