"""Which Gleditsch-Ward code a Correlates of War state bears in each year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import ISARD, ISARD_VERSION, SourceSpec, cran

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="cw_gw_panel",
    title="Correlates of War and Gleditsch-Ward codes by year",
    publisher="Steven V. Miller",
    url="https://svmiller.com/isard/",
    version="2026-07",
    filename="cw_gw_panel.rda",
    sha256="155f5413b63d6199461cdbbe76d02a55c945b6572fa77aac892b932f839f8a0c",
    size=13584,
    bibtex="""@misc{cw_gw_panel,
  author = {Miller, Steven V.},
  title = {isard: Overflow Data for Quantitative Peace Science Research},
  year = {2025},
  note = {R package},
  url = {https://CRAN.R-project.org/package=isard}
}""",
    units="Correlates of War state-years",
    routes=cran("isard", ISARD_VERSION, "data/cw_gw_panel.rda"),
    licence="free with citation of the package",
    citation="Miller, Steven V. isard: Overflow data for quantitative peace science.",
    first_year=1816,
    last_year=2025,
    absence="no state of that list in that year",
    via=ISARD,
    year_columns=("year",),
    table="cw_gw_panel",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per pair of codes and year, only where both lists have the state."""
    import polars as pl

    frame = reading.rda(path, SPEC.table).filter(pl.col("ccode").is_not_null() & pl.col("gwcode").is_not_null())
    return reading.conform(frame.unique(["ccode", "year", "gwcode"]).sort("ccode", "year", "gwcode"), SPEC.id)
