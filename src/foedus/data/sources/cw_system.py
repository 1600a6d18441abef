"""Members of the Correlates of War system with first and last day, as the package isard has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import COW_TERMS, ISARD, ISARD_VERSION, SourceSpec, cran

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="cw_system",
    title="State System Membership List, as a list of days",
    publisher="Correlates of War Project",
    url="https://correlatesofwar.org/data-sets/state-system-membership/",
    version="2016",
    filename="cw_system.rda",
    sha256="910b2db886f46c175cfcd826a1a6d8cdd2c149c33bc0909355bb1a21b57cf409",
    size=4187,
    licence=COW_TERMS,
    citation="Correlates of War Project. 2017. State System Membership List, v2016.",
    bibtex="""@misc{cw_system,
  author = {{Correlates of War Project}},
  title = {State System Membership List, v2016},
  year = {2017},
  url = {https://correlatesofwar.org/data-sets/state-system-membership/}
}""",
    units="members of the Correlates of War system, by spell",
    first_year=1816,
    last_year=2016,
    absence="no member of the system",
    via=ISARD,
    routes=cran("isard", ISARD_VERSION, "data/cw_system.rda"),
    year_columns=("end",),
    table="cw_system",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per spell of membership."""
    frame = (
        reading.rda(path, SPEC.table)
        .rename({"cw_abb": "stateabb", "cw_name": "statenme"})
        .with_columns(*reading.days("start", "end"))
    )
    return reading.conform(frame, SPEC.id)
