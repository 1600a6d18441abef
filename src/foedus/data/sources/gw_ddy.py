"""The package's own list of pairs by year, to check `create_dyad_years` against."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import PEACESCIENCER, PEACESCIENCER_VERSION, SourceSpec, cran

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="gw_ddy",
    title="Directed dyad-years as packed, Gleditsch-Ward",
    publisher="Steven V. Miller",
    url="https://svmiller.com/peacesciencer/",
    version="1.2.9",
    filename="gw_ddy.rda",
    sha256="f5ece9d42a23e73dea7e1d1846945b385ce1d39ce1722c82ec8bccdda394c8d2",
    size=91863,
    licence="free for research with citation",
    citation="Miller, Steven V. 2022. peacesciencer: An R Package for Quantitative Peace Science Research. "
    "Conflict Management and Peace Science 39: 755-779.",
    bibtex="""@article{gw_ddy,
  author = {Miller, Steven V.},
  title = {{peacesciencer}: An {R} Package for Quantitative Peace Science Research},
  journal = {Conflict Management and Peace Science},
  volume = {39},
  number = {6},
  year = {2022},
  pages = {755--779}
}""",
    units="directed pairs of Gleditsch-Ward states, by year",
    first_year=1816,
    last_year=2024,
    absence="no pair of states in that year",
    via=PEACESCIENCER,
    routes=cran("peacesciencer", PEACESCIENCER_VERSION, "data/gw_ddy.rda"),
    year_columns=("year",),
    table="gw_ddy",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per directed pair and year."""
    return reading.conform(reading.rda(path, SPEC.table), SPEC.id)
