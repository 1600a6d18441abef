"""Shortest distances between the territories of states, with the day on which they changed; and the reader of RDS tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import Route, SourceSpec

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="cow_mindist_plus",
    title="Minimum distances, with days",
    publisher="Guy Schvitz et al.; Steven V. Miller",
    url="https://icr.ethz.ch/data/cshapes/",
    version="2.0",
    filename="cow_mindist_plus.rds",
    sha256="93ec1f33cc3d6518ae9098819ef59b195f625c126f140d8acaac7883a5e840e6",
    size=1673461,
    bibtex="""@article{cow_mindist_plus,
  author = {Schvitz, Guy and Girardin, Luc and Rüegger, Seraina and Weidmann, Nils B. and Cederman, Lars-Erik and Gleditsch, Kristian Skrede},
  title = {Mapping the International System, 1886-2019: The {CShapes} 2.0 Dataset},
  journal = {Journal of Conflict Resolution},
  volume = {66},
  number = {1},
  year = {2022},
  pages = {144--161}
}""",
    units="pairs of Correlates of War states, yearly and at each change of borders",
    routes=(
        Route("https://svmiller.com/R/peacesciencer/cow_mindist_plus.rds"),
        Route("http://svmiller.com/R/peacesciencer/cow_mindist_plus.rds"),
    ),
    licence="CC BY-NC-SA 4.0, the borders",
    citation="Schvitz, Guy, Luc Girardin, Seraina Rüegger, Nils B. Weidmann, Lars-Erik Cederman & "
    "Kristian Skrede Gleditsch. 2022. Mapping the International System, 1886-2019: The CShapes 2.0 "
    "Dataset. Journal of Conflict Resolution 66: 144-161.",
    first_year=1886,
    last_year=2019,
    absence="unknown: one of the two was no state",
    via="the R package peacesciencer (data that it downloads)",
    year_columns=("year",),
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per pair, year and change of distance, in the order of pair, year and day."""
    frame = reading.rds(path).with_columns(*reading.days("date", "change_date"))
    return reading.conform(frame.sort("ccode1", "ccode2", "year", "date"), SPEC.id)
