"""Pairs of states that are members in the same year and never on the same day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import PEACESCIENCER, PEACESCIENCER_VERSION, SourceSpec, cran

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="false_gw_dyads",
    title="Pairs that share a year and no day, Gleditsch-Ward",
    publisher="Steven V. Miller",
    url="https://svmiller.com/peacesciencer/",
    version="1.2.9",
    filename="false_gw_dyads.rda",
    sha256="7eb8ecb86b89c49df837d01b61571e93ee1be5e78e1c3e7c33c995587a42f45f",
    size=430,
    licence="free for research with citation",
    citation="Miller, Steven V. 2022. peacesciencer: An R Package for Quantitative Peace Science Research. "
    "Conflict Management and Peace Science 39: 755-779.",
    bibtex="""@article{false_gw_dyads,
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
    absence="the pair shares a day",
    via=PEACESCIENCER,
    routes=cran("peacesciencer", PEACESCIENCER_VERSION, "data/false_gw_dyads.rda"),
    year_columns=("year",),
    table="false_gw_dyads",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per directed pair and year."""
    return reading.conform(reading.rda(path, SPEC.table), SPEC.id)
