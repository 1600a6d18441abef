"""Wars within states by pair of parties and year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import COW_TERMS, PEACESCIENCER, PEACESCIENCER_VERSION, SourceSpec, cran

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="cow_war_intra",
    title="Intra-State War Data, years",
    publisher="Correlates of War Project",
    url="https://correlatesofwar.org/data-sets/COW-war/",
    version="4.1",
    filename="cow_war_intra.rda",
    sha256="0c0a9bfe2cc566c7bd6d4e893fa7d507da85489d8ad6de1c478dbc7a3186e993",
    size=12748,
    licence=COW_TERMS,
    citation="Sarkees, Meredith Reid; Wayman, Frank. 2010. Resort to War: 1816-2007. CQ Press.",
    bibtex="""@book{cow_war_intra,
  author = {Sarkees, Meredith Reid and Wayman, Frank},
  title = {Resort to War: 1816-2007},
  publisher = {CQ Press},
  address = {Washington DC},
  year = {2010}
}""",
    units="intra-state wars, by pair of parties and year",
    first_year=1816,
    last_year=2007,
    absence="no intra-state war",
    via=PEACESCIENCER,
    routes=cran("peacesciencer", PEACESCIENCER_VERSION, "data/cow_war_intra.rda"),
    year_columns=(),
    table="cow_war_intra",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per war, parties and year."""
    return reading.conform(reading.without(reading.rda(path, SPEC.table), -9, -8), SPEC.id)
