"""Latent willingness of leaders to use force in four models."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import PEACESCIENCER, PEACESCIENCER_VERSION, SourceSpec, cran

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="lwuf",
    title="Leaders' Willingness to Use Force",
    publisher="Jeff Carter & Charles E. Smith",
    url="https://doi.org/10.1017/S0003055420000313",
    version="2020",
    filename="lwuf.rda",
    sha256="a24dda4cc561338238eebd51f737c14def7e7a361c1847637affa740e7b698a8",
    size=165736,
    licence="free for research with citation",
    citation="Carter, Jeff; Smith, Charles E. 2020. A Framework for Measuring Leaders' Willingness to Use Force. "
    "American Political Science Review 114: 1352-1358.",
    bibtex="""@article{lwuf,
  author = {Carter, Jeff and Smith, Charles E.},
  title = {A Framework for Measuring Leaders' Willingness to Use Force},
  journal = {American Political Science Review},
  volume = {114},
  number = {4},
  year = {2020},
  pages = {1352--1358}
}""",
    units="leaders, by time in office",
    first_year=1870,
    last_year=2015,
    absence="unknown",
    via=PEACESCIENCER,
    routes=cran("peacesciencer", PEACESCIENCER_VERSION, "data/lwuf.rda"),
    year_columns=(),
    table="lwuf",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per leader's time in office."""
    return reading.conform(reading.rda(path, SPEC.table), SPEC.id)
