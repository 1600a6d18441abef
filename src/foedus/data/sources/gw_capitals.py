"""Place of each state's capital with first and last day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import PEACESCIENCER, PEACESCIENCER_VERSION, SourceSpec, cran

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="gw_capitals",
    title="Capitals of Gleditsch-Ward states",
    publisher="Steven V. Miller",
    url="https://svmiller.com/peacesciencer/",
    version="1.2.9",
    filename="gw_capitals.rda",
    sha256="b60bf1d3111b0532fd0310caea64fa01a96fc14faac4c3ccf7d95231c95a1197",
    size=9151,
    licence="free for research with citation",
    citation="Miller, Steven V. 2022. peacesciencer: An R Package for Quantitative Peace Science Research. "
    "Conflict Management and Peace Science 39: 755-779.",
    bibtex="""@article{gw_capitals,
  author = {Miller, Steven V.},
  title = {{peacesciencer}: An {R} Package for Quantitative Peace Science Research},
  journal = {Conflict Management and Peace Science},
  volume = {39},
  number = {6},
  year = {2022},
  pages = {755--779}
}""",
    units="Gleditsch-Ward states, by spell",
    first_year=1816,
    last_year=2024,
    absence="unknown",
    via=PEACESCIENCER,
    routes=cran("peacesciencer", PEACESCIENCER_VERSION, "data/gw_capitals.rda"),
    year_columns=("end",),
    table="gw_capitals",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per spell of a capital."""
    frame = (
        reading.rda(path, SPEC.table)
        .rename({"stdate": "start", "enddate": "end", "lng": "lon"})
        .with_columns(*reading.days("start", "end"))
    )
    return reading.conform(frame, SPEC.id)
