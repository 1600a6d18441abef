"""Which Correlates of War code a Gleditsch-Ward state has in a year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import ISARD, ISARD_VERSION, SourceSpec, cran

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="gw_cw_panel",
    title="Correlates of War codes of Gleditsch-Ward state-years",
    publisher="Steven V. Miller",
    url="https://github.com/svmiller/isard",
    version="0.1.0",
    filename="gw_cw_panel.rda",
    sha256="6f12e11d4137fe9255b50dee9d2e42542f576aed077adb393f53d0f272557540",
    size=15673,
    licence="free for research with citation",
    citation="Miller, Steven V. 2025. isard: Overflow Data for Quantitative Peace Science Research.",
    bibtex="""@misc{gw_cw_panel,
  author = {Miller, Steven V.},
  title = {isard: Overflow Data for Quantitative Peace Science Research},
  year = {2025},
  note = {R package},
  url = {https://CRAN.R-project.org/package=isard}
}""",
    units="Gleditsch-Ward state-years",
    first_year=1816,
    last_year=2025,
    absence="no such state in that year",
    via=ISARD,
    routes=cran("isard", ISARD_VERSION, "data/gw_cw_panel.rda"),
    year_columns=("year",),
    table="gw_cw_panel",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per Gleditsch-Ward state and year."""
    return reading.conform(reading.rda(path, SPEC.table), SPEC.id)
