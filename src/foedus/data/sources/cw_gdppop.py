"""Latent gross domestic product and population with their standard deviations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import ISARD, ISARD_VERSION, SourceSpec, cran

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="cw_gdppop",
    title="Simulated GDP and population",
    publisher="Christopher J. Fariss, Therese Anders, Jonathan N. Markowitz & Miriam Barnum",
    url="https://doi.org/10.1177/00220027211054432",
    version="2022",
    filename="cw_gdppop.rda",
    sha256="205017f75f9d65b1b01c48d594a018e6ef7de285891dfea15b2dfb95a5174b97",
    size=679708,
    licence="free for research with citation",
    citation="Anders, Therese; Fariss, Christopher J.; Markowitz, Jonathan N. 2020. Bread Before Guns or Butter: "
    "Introducing Surplus Domestic Product (SDP). International Studies Quarterly 64: 392-405.",
    bibtex="""@article{cw_gdppop,
  author = {Anders, Therese and Fariss, Christopher J. and Markowitz, Jonathan N.},
  title = {Bread Before Guns or Butter: Introducing Surplus Domestic Product ({SDP})},
  journal = {International Studies Quarterly},
  volume = {64},
  number = {2},
  year = {2020},
  pages = {392--405},
  note = {the simulated series follow Fariss, Anders, Markowitz and Barnum (2022), New Estimates of Over 500
    Years of Historic GDP and Population Data, Journal of Conflict Resolution 66: 553-591}
}""",
    units="Correlates of War state-years",
    first_year=1816,
    last_year=2019,
    absence="unknown",
    via=ISARD,
    routes=cran("isard", ISARD_VERSION, "data/cw_gdppop.rda"),
    year_columns=("year",),
    table="cw_gdppop",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per state and year."""
    return reading.conform(reading.rda(path, SPEC.table), SPEC.id)
