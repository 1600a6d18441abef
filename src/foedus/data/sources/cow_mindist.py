"""Least distance between the territories of two states by year, Correlates of War codes, the lower code first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import PEACESCIENCER, PEACESCIENCER_VERSION, SourceSpec, cran

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="cow_mindist",
    title="Minimum distance between states, Correlates of War codes",
    publisher="Guy Schvitz et al. (CShapes 2.0); Steven V. Miller",
    url="https://icr.ethz.ch/data/cshapes/",
    version="2.0",
    filename="cow_mindist.rda",
    sha256="9fa13d911c454d463044bf13a711c64b90a6131246e2d239dcdf4d01f2f263b4",
    size=227864,
    licence="free for research with citation",
    citation="Schvitz, Guy et al. 2022. Mapping the International System, 1886-2019: The CShapes 2.0 Dataset. "
    "Journal of Conflict Resolution 66: 144-161.",
    bibtex=r"""@article{cow_mindist,
  author = {Schvitz, Guy and Girardin, Luc and R{\"u}egger, Seraina and Weidmann, Nils B. and Cederman, Lars-
    Erik and Gleditsch, Kristian Skrede},
  title = {Mapping the International System, 1886-2019: The {CShapes} 2.0 Dataset},
  journal = {Journal of Conflict Resolution},
  volume = {66},
  number = {1},
  year = {2022},
  pages = {144--161}
}""",
    units="undirected pairs of Correlates of War states, by year",
    first_year=1886,
    last_year=2019,
    absence="unknown",
    via=PEACESCIENCER,
    routes=cran("peacesciencer", PEACESCIENCER_VERSION, "data/cow_mindist.rda"),
    year_columns=("year",),
    table="cow_mindist",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per undirected pair and year."""
    return reading.conform(reading.rda(path, SPEC.table), SPEC.id)
