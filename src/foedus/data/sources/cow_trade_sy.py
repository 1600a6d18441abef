"""Imports and exports of each state by year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import COW_TERMS, PEACESCIENCER, PEACESCIENCER_VERSION, SourceSpec, cran

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="cow_trade_sy",
    title="Trade, national",
    publisher="Correlates of War Project",
    url="https://correlatesofwar.org/data-sets/bilateral-trade/",
    version="4.0",
    filename="cow_trade_sy.rda",
    sha256="41ad9d312b6146aa9eaa70d8f5a16a0164b6e27ee4ebe86a928c2ea4de415142",
    size=126652,
    licence=COW_TERMS,
    citation="Barbieri, Katherine; Keshk, Omar M. G.; Pollins, Brian M. 2009. Trading Data: Evaluating Our "
    "Assumptions and Coding Rules. Conflict Management and Peace Science 26: 471-491.",
    bibtex="""@article{cow_trade_sy,
  author = {Barbieri, Katherine and Keshk, Omar M. G. and Pollins, Brian M.},
  title = {Trading Data: Evaluating Our Assumptions and Coding Rules},
  journal = {Conflict Management and Peace Science},
  volume = {26},
  number = {5},
  year = {2009},
  pages = {471--491}
}""",
    units="Correlates of War state-years",
    first_year=1870,
    last_year=2014,
    absence="unknown",
    via=PEACESCIENCER,
    routes=cran("peacesciencer", PEACESCIENCER_VERSION, "data/cow_trade_sy.rda"),
    year_columns=("year",),
    table="cow_trade_sy",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per state and year."""
    return reading.conform(reading.rda(path, SPEC.table), SPEC.id)
