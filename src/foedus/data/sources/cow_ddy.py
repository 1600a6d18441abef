"""The package's own list of pairs by year, to check `create_dyad_years` against."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import PEACESCIENCER, PEACESCIENCER_VERSION, SourceSpec, cran

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="cow_ddy",
    title="Directed dyad-years as packed, Correlates of War",
    publisher="Steven V. Miller",
    url="https://svmiller.com/peacesciencer/",
    version="1.2.9",
    filename="cow_ddy.rda",
    sha256="63a8c76209ac0a8223df840b22b01fb089d54475236297abbddfd3c8c648b695",
    size=77199,
    licence="free for research with citation",
    citation="Miller, Steven V. 2022. peacesciencer: An R Package for Quantitative Peace Science Research. "
    "Conflict Management and Peace Science 39: 755-779.",
    bibtex="""@article{cow_ddy,
  author = {Miller, Steven V.},
  title = {{peacesciencer}: An {R} Package for Quantitative Peace Science Research},
  journal = {Conflict Management and Peace Science},
  volume = {39},
  number = {6},
  year = {2022},
  pages = {755--779}
}""",
    units="directed pairs of Correlates of War states, by year",
    first_year=1816,
    last_year=2024,
    absence="no pair of states in that year",
    via=PEACESCIENCER,
    routes=cran("peacesciencer", PEACESCIENCER_VERSION, "data/cow_ddy.rda"),
    year_columns=("year",),
    table="cow_ddy",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per directed pair and year."""
    return reading.conform(reading.rda(path, SPEC.table), SPEC.id)
