"""Latent gross domestic product and population with their standard deviations, in Gleditsch-Ward codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import ISARD, ISARD_VERSION, SourceSpec, cran

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="gw_gdppop",
    title="Simulated GDP and population, Gleditsch-Ward codes",
    publisher="Christopher J. Fariss, Therese Anders, Jonathan N. Markowitz & Miriam Barnum",
    url="https://doi.org/10.1177/00220027211054432",
    version="2022",
    filename="gw_gdppop.rda",
    sha256="00e33ea4bf48b30d1aa3ad3505b5c6b056ade169bd03874a1f2b7c7a2c68b98f",
    size=793136,
    licence="free for research with citation",
    citation="Anders, Therese; Fariss, Christopher J.; Markowitz, Jonathan N. 2020. Bread Before Guns or Butter: "
    "Introducing Surplus Domestic Product (SDP). International Studies Quarterly 64: 392-405.",
    bibtex="""@article{gw_gdppop,
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
    units="Gleditsch-Ward state-years",
    first_year=1816,
    last_year=2019,
    absence="unknown",
    via=ISARD,
    routes=cran("isard", ISARD_VERSION, "data/gw_gdppop.rda"),
    year_columns=("year",),
    table="gw_gdppop",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per state and year."""
    return reading.conform(reading.rda(path, SPEC.table), SPEC.id)
