"""Capitals of the members of the Correlates of War system, dated, with coordinates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import PEACESCIENCER, PEACESCIENCER_VERSION, SourceSpec, cran

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="cow_capitals",
    title="Capitals of states",
    publisher="Steven V. Miller",
    url="https://svmiller.com/peacesciencer/",
    version="2024",
    filename="cow_capitals.rda",
    sha256="8659cd333a0cade601fd66f8de7e610962904c9562db5d07eaf4ccec862a6a0d",
    size=8604,
    bibtex="""@article{cow_capitals,
  author = {Miller, Steven V.},
  title = {{peacesciencer}: An {R} Package for Quantitative Peace Science Research},
  journal = {Conflict Management and Peace Science},
  volume = {39},
  number = {6},
  year = {2022},
  pages = {755--779}
}""",
    units="Correlates of War states, by spell",
    routes=cran("peacesciencer", PEACESCIENCER_VERSION, "data/cow_capitals.rda"),
    licence="GPL-2 package; cite the package",
    citation="Miller, Steven V. 2022. peacesciencer: An R Package for Quantitative Peace Science Research.",
    first_year=1816,
    last_year=2024,
    absence="unknown",
    via=PEACESCIENCER,
    year_columns=("end",),
    table="cow_capitals",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per capital and spell, both days included."""
    frame = reading.rda(path, SPEC.table).with_columns(*reading.days("stdate", "enddate"))
    return reading.conform(frame.rename({"stdate": "start", "enddate": "end", "lng": "lon"}), SPEC.id)
