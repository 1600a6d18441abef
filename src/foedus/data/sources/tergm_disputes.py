"""Militarized disputes of the 164 states of the networks of defence pacts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.sources import tergm_alliances
from foedus.data.spec import SourceSpec

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="tergm_disputes",
    title="Defence pacts 1981-2000, disputes",
    publisher=tergm_alliances.SPEC.publisher,
    url="https://cran.r-project.org/package=btergm",
    version="1981-2000",
    filename="alliances.rda",
    sha256="666e7960fd72c9bb7d5a9571eae70f4d8b1fdbb05e6f1f28b21fea801a118faf",
    size=51264,
    bibtex="""@article{tergm_disputes,
  author = {Cranmer, Skyler J. and Desmarais, Bruce A. and Menninga, Elizabeth J.},
  title = {Complex Dependencies in the Alliance Network},
  journal = {Conflict Management and Peace Science},
  volume = {29},
  number = {3},
  year = {2012},
  pages = {279--313}
}""",
    units="ordered pairs of 164 states in a militarized dispute, yearly",
    routes=tergm_alliances.SPEC.routes,
    licence=tergm_alliances.SPEC.licence,
    citation=tergm_alliances.SPEC.citation,
    first_year=1981,
    last_year=2000,
    absence="no dispute",
    year_columns=("year",),
    table="warNet",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per year and ordered pair in a dispute."""
    import polars as pl

    years = [
        tergm_alliances.matrix_ties(matrix).with_columns(pl.lit(int(year)).alias("year"))
        for year, matrix in tergm_alliances.objects(path, SPEC.table).items()
    ]
    return reading.conform(pl.concat(years).sort("year", "a", "b"), SPEC.id)
