"""Which version of each data set the R package says that it carries; for some it carries a newer one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import PEACESCIENCER, PEACESCIENCER_VERSION, SourceSpec, cran

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="ps_data_version",
    title="Versions that the R package peacesciencer states",
    publisher="Steven V. Miller",
    url="https://svmiller.com/peacesciencer/",
    version="1.2.9",
    filename="ps_data_version.rda",
    sha256="06ef55fd6c7561346e433f0cbe0f842be941b74a86072ac04611614b1b016f9c",
    size=1116,
    licence="free for research with citation",
    citation="Miller, Steven V. 2022. peacesciencer: An R Package for Quantitative Peace Science Research. "
    "Conflict Management and Peace Science 39: 755-779.",
    bibtex="""@article{ps_data_version,
  author = {Miller, Steven V.},
  title = {{peacesciencer}: An {R} Package for Quantitative Peace Science Research},
  journal = {Conflict Management and Peace Science},
  volume = {39},
  number = {6},
  year = {2022},
  pages = {755--779}
}""",
    units="data sets of the package",
    first_year=1816,
    last_year=2026,
    absence="not in the package",
    via=PEACESCIENCER,
    routes=cran("peacesciencer", PEACESCIENCER_VERSION, "data/ps_data_version.rda"),
    table="ps_data_version",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per data set."""
    return reading.conform(reading.rda(path, SPEC.table), SPEC.id)
