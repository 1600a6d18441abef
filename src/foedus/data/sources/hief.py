"""Ethnic fractionalization by state and year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import PEACESCIENCER, PEACESCIENCER_VERSION, SourceSpec, cran

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="hief",
    title="Historical Index of Ethnic Fractionalization",
    publisher="Lenka Dražanová",
    url="https://doi.org/10.7910/DVN/4JQRCL",
    version="2.0",
    filename="hief.rda",
    sha256="cf461d5e6f480cde63d3fafe780c3a17397b585eb63edad91fdb0651386cfd8c",
    size=8891,
    licence="free for research with citation",
    citation="Dražanová, Lenka. 2020. Introducing the Historical Index of Ethnic Fractionalization (HIEF) Dataset:"
    " Accounting for Longitudinal Changes in Ethnic Diversity. Journal of Open Humanities Data 6: 1-8.",
    bibtex=r"""@article{hief,
  author = {Dra{\v{z}}anov{\'a}, Lenka},
  title = {Introducing the Historical Index of Ethnic Fractionalization ({HIEF}) Dataset: Accounting for
    Longitudinal Changes in Ethnic Diversity},
  journal = {Journal of Open Humanities Data},
  volume = {6},
  number = {6},
  year = {2020},
  pages = {1--8}
}""",
    units="states, yearly",
    first_year=1945,
    last_year=2013,
    absence="unknown",
    via=PEACESCIENCER,
    routes=cran("peacesciencer", PEACESCIENCER_VERSION, "data/hief.rda"),
    year_columns=("year",),
    table="hief",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per state and year."""
    return reading.conform(reading.rda(path, SPEC.table), SPEC.id)
