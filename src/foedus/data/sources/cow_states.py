"""Who is a member of the Correlates of War state system, and from which day to which."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import COW_TERMS, PEACESCIENCER, PEACESCIENCER_VERSION, SourceSpec, cran

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="cow_states",
    title="State System Membership",
    publisher="Correlates of War Project",
    url="https://correlatesofwar.org/data-sets/state-system-membership/",
    version="2016",
    filename="cow_states.rda",
    sha256="9248b9fc801124d2bb48c58740bb335a1ee4938c4096e4d5e0bd01c22bf1dc09",
    size=4081,
    bibtex="""@misc{cow_states,
  author = {{Correlates of War Project}},
  title = {State System Membership List, v2016},
  year = {2017},
  url = {https://correlatesofwar.org/data-sets/state-system-membership/}
}""",
    units="members of the Correlates of War system, by spell",
    routes=cran("peacesciencer", PEACESCIENCER_VERSION, "data/cow_states.rda"),
    licence=COW_TERMS,
    citation="Correlates of War Project. 2017. State System Membership List, v2016.",
    first_year=1816,
    last_year=2016,
    absence="not a member",
    via=PEACESCIENCER,
    year_columns=("end",),
    table="cow_states",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per spell of membership, both days included."""
    frame = reading.rda(path, SPEC.table).with_columns(
        reading.day("styear", "stmonth", "stday", last=False).alias("start"),
        reading.day("endyear", "endmonth", "endday", last=True).alias("end"),
    )
    return reading.conform(frame, SPEC.id)
