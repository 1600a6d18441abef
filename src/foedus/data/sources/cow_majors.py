"""Which states the Correlates of War Project counts as major powers, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import COW_TERMS, PEACESCIENCER, PEACESCIENCER_VERSION, SourceSpec, cran

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="cow_majors",
    title="Major Powers",
    publisher="Correlates of War Project",
    url="https://correlatesofwar.org/data-sets/state-system-membership/",
    version="2016",
    filename="cow_majors.rda",
    sha256="673cb752c2d1af045ea8e2c602b45bc037b84dda9537bfb060142ff255c7f2b6",
    size=394,
    bibtex="""@misc{cow_majors,
  author = {{Correlates of War Project}},
  title = {State System Membership List, v2016: major powers},
  year = {2017},
  url = {https://correlatesofwar.org/data-sets/state-system-membership/}
}""",
    units="major powers, by spell",
    routes=cran("peacesciencer", PEACESCIENCER_VERSION, "data/cow_majors.rda"),
    licence=COW_TERMS,
    citation="Correlates of War Project. 2017. State System Membership List, v2016 (major powers).",
    first_year=1816,
    last_year=2016,
    absence="no major power",
    via=PEACESCIENCER,
    year_columns=("end",),
    table="cow_majors",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per spell as a major power, both days included."""
    frame = reading.rda(path, SPEC.table).with_columns(
        reading.day("styear", "stmonth", "stday", last=False).alias("start"),
        reading.day("endyear", "endmonth", "endday", last=True).alias("end"),
    )
    return reading.conform(frame, SPEC.id)
