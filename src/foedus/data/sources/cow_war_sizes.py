"""Battle deaths of whole inter-state wars: the sum over participants of Inter-State Wars 4.0."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import COW_TERMS, SourceSpec

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="cow_war_sizes",
    title="Inter-State Wars, sizes",
    publisher="Correlates of War Project",
    url="https://correlatesofwar.org/data-sets/cow-war/",
    version="4.0",
    filename="cow_interstate_war_sizes.csv",
    sha256="36c93f8350da5d43c248935b0ced98cb69c9289824007f11acaa8de3617b511b",
    size=1954,
    bibtex="""@book{cow_war_sizes,
  author = {Sarkees, Meredith Reid and Wayman, Frank},
  title = {Resort to War: 1816-2007},
  publisher = {CQ Press},
  address = {Washington DC},
  year = {2010}
}""",
    units="inter-state wars",
    by_hand="a summary that no publisher offers: add up BatDeath of Inter-StateWarData_v4.0.csv by war, "
    "as columns warnum, battle_deaths, start",
    licence=COW_TERMS,
    citation="Sarkees, Meredith Reid & Frank Wayman. 2010. Resort to War: 1816-2007.",
    first_year=1816,
    last_year=2007,
    absence="no inter-state war",
    year_columns=("start",),
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per war."""
    raw = reading.text_csv(path)
    return reading.conform(raw.with_columns(*reading.numbers(raw)).sort("warnum"), SPEC.id)
