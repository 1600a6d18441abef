"""Wars between states by pair and year, both directions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import COW_TERMS, PEACESCIENCER, PEACESCIENCER_VERSION, SourceSpec, cran

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="cow_war_inter",
    title="Inter-State War Data, directed dyad-years",
    publisher="Correlates of War Project",
    url="https://correlatesofwar.org/data-sets/COW-war/",
    version="4.0",
    filename="cow_war_inter.rda",
    sha256="d727523be3ab6f35653adc62a9b893101c8342e152af084d96f1297bb9a56131",
    size=6333,
    licence=COW_TERMS,
    citation="Sarkees, Meredith Reid; Wayman, Frank. 2010. Resort to War: 1816-2007. CQ Press.",
    bibtex="""@book{cow_war_inter,
  author = {Sarkees, Meredith Reid and Wayman, Frank},
  title = {Resort to War: 1816-2007},
  publisher = {CQ Press},
  address = {Washington DC},
  year = {2010}
}""",
    units="directed pairs of belligerents, by war and year",
    first_year=1816,
    last_year=2007,
    absence="no inter-state war",
    via=PEACESCIENCER,
    routes=cran("peacesciencer", PEACESCIENCER_VERSION, "data/cow_war_inter.rda"),
    year_columns=("year",),
    table="cow_war_inter",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per war, directed pair and year."""
    return reading.conform(reading.without(reading.rda(path, SPEC.table), -9), SPEC.id)
