"""Which identifier a leader has in each data set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import PEACESCIENCER, PEACESCIENCER_VERSION, SourceSpec, cran

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="leader_codes",
    title="Codes of leaders in Archigos and LEAD",
    publisher="Steven V. Miller",
    url="https://svmiller.com/peacesciencer/",
    version="1.2.9",
    filename="leader_codes.rda",
    sha256="acbde0ef346287e21313a65914082087b76a401583b582e016a8e04bc11ae985",
    size=17420,
    licence="free for research with citation",
    citation="Miller, Steven V. 2022. peacesciencer: An R Package for Quantitative Peace Science Research. "
    "Conflict Management and Peace Science 39: 755-779.",
    bibtex="""@article{leader_codes,
  author = {Miller, Steven V.},
  title = {{peacesciencer}: An {R} Package for Quantitative Peace Science Research},
  journal = {Conflict Management and Peace Science},
  volume = {39},
  number = {6},
  year = {2022},
  pages = {755--779}
}""",
    units="leaders, by time in office",
    first_year=1870,
    last_year=2015,
    absence="unknown",
    via=PEACESCIENCER,
    routes=cran("peacesciencer", PEACESCIENCER_VERSION, "data/leader_codes.rda"),
    year_columns=(),
    table="leader_codes",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per leader's time in office."""
    return reading.conform(reading.rda(path, SPEC.table), SPEC.id)
