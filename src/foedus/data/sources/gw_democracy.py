"""Three measures of democracy by state and year, in Gleditsch-Ward codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import ISARD, ISARD_VERSION, SourceSpec, cran

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="gw_democracy",
    title="Democracy of states: extended UDS, Polity2, V-Dem polyarchy",
    publisher="Steven V. Miller",
    url="https://github.com/svmiller/isard",
    version="0.1.0",
    filename="gw_democracy.rda",
    sha256="19279af159e0c1af0ba3f4d54bee6661bfe2784de7c557e9320dc6708a62a132",
    size=223557,
    licence="free for research with citation",
    citation="Marquez, Xavier. 2016. A Quick Method for Extending the Unified Democracy Scores. SSRN Electronic "
    "Journal.",
    bibtex="""@article{gw_democracy,
  author = {Marquez, Xavier},
  title = {A Quick Method for Extending the Unified Democracy Scores},
  journal = {SSRN Electronic Journal},
  year = {2016},
  note = {with V-Dem polyarchy and Polity2, as collected in the R package isard}
}""",
    units="Gleditsch-Ward state-years",
    first_year=1816,
    last_year=2025,
    absence="unknown",
    via=ISARD,
    routes=cran("isard", ISARD_VERSION, "data/gw_democracy.rda"),
    year_columns=("year",),
    table="gw_democracy",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per state and year."""
    return reading.conform(reading.rda(path, SPEC.table).rename({"v2x_polyarchy": "polyarchy"}), SPEC.id)
