"""Measures of democracy by Correlates of War state and year: V-Dem's polyarchy, Polity, extended UDS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import ISARD, ISARD_VERSION, SourceSpec, cran

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="cw_democracy",
    title="Democracy by state and year (V-Dem polyarchy, Polity, extended UDS)",
    publisher="V-Dem Institute; Center for Systemic Peace; Xavier Marquez",
    url="https://www.v-dem.net/",
    version="2026-07",
    filename="cw_democracy.rda",
    sha256="63817db0ed4be6d4faafe6a1c363ffe3862897fb1b28d53298099fef576be45a",
    size=214470,
    bibtex="""@article{cw_democracy,
  author = {Marquez, Xavier},
  title = {A Quick Method for Extending the Unified Democracy Scores},
  journal = {SSRN Electronic Journal},
  year = {2016},
  note = {with V-Dem polyarchy and Polity2, as collected in the R package isard}
}""",
    units="Correlates of War state-years",
    routes=cran("isard", ISARD_VERSION, "data/cw_democracy.rda"),
    licence="free with citation of the index used",
    citation="Coppedge, Michael, et al. V-Dem Country-Year Dataset; Teorell, Jan, et al. 2019. Measuring Polyarchy"
    " Across the Globe, 1900-2017.",
    first_year=1816,
    last_year=2025,
    absence="unknown",
    via=ISARD,
    year_columns=("year",),
    table="cw_democracy",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per state and year; no interval is given, only the point estimates."""
    frame = reading.rda(path, SPEC.table).rename({"v2x_polyarchy": "polyarchy"})
    return reading.conform(frame, SPEC.id)
