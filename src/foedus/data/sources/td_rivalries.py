"""Strategic rivalries with up to three types each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import PEACESCIENCER, PEACESCIENCER_VERSION, SourceSpec, cran

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="td_rivalries",
    title="Strategic Rivalries, Thompson and Dreyer",
    publisher="William R. Thompson & David R. Dreyer",
    url="https://doi.org/10.4135/9781608718719",
    version="1494-2010",
    filename="td_rivalries.rda",
    sha256="06875a5100a9aaf83a073d6b78078722be7a0ef1c8a851ee31ad36914553c68b",
    size=3798,
    licence="cite; not to be passed on by foedus",
    citation="Thompson, William R.; Dreyer, David R. 2012. Handbook of International Rivalries, 1494-2010. CQ Press.",
    bibtex="""@book{td_rivalries,
  author = {Thompson, William R. and Dreyer, David R.},
  title = {Handbook of International Rivalries, 1494-2010},
  publisher = {CQ Press},
  year = {2012}
}""",
    units="undirected pairs of states, by spell of years",
    first_year=1816,
    last_year=2010,
    absence="no strategic rivalry",
    via=PEACESCIENCER,
    routes=cran("peacesciencer", PEACESCIENCER_VERSION, "data/td_rivalries.rda"),
    year_columns=("end",),
    table="td_rivalries",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per rivalry."""
    import polars as pl

    frame = (
        reading.rda(path, SPEC.table)
        .rename({"rivalryname": "name", "styear": "start", "endyear": "end"})
        .with_columns(
            pl.min_horizontal("ccode1", "ccode2").alias("ccode1"), pl.max_horizontal("ccode1", "ccode2").alias("ccode2")
        )
    )
    return reading.conform(frame, SPEC.id)
