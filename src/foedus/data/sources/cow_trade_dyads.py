"""Trade between states: imports of each from each, by year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import COW_TERMS, Route, SourceSpec

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="cow_trade_dyads",
    title="Trade, ordered pairs",
    publisher="Correlates of War Project",
    url="https://correlatesofwar.org/data-sets/bilateral-trade/",
    version="4.0",
    filename="cow_trade_ddy.rds",
    sha256="b904e5dad332013c1ee68188c099902e18417ef906e9545043db30212420aeb7",
    size=4148977,
    bibtex="""@article{cow_trade_dyads,
  author = {Barbieri, Katherine and Keshk, Omar M. G. and Pollins, Brian M.},
  title = {{TRADING DATA}: Evaluating our Assumptions and Coding Rules},
  journal = {Conflict Management and Peace Science},
  volume = {26},
  number = {5},
  year = {2009},
  pages = {471--491}
}""",
    units="ordered pairs of Correlates of War states, yearly",
    routes=(
        Route("https://svmiller.com/R/peacesciencer/cow_trade_ddy.rds"),
        Route("http://svmiller.com/R/peacesciencer/cow_trade_ddy.rds"),
    ),
    licence=COW_TERMS,
    citation="Barbieri, Katherine, Omar M. G. Keshk & Brian Pollins. 2009. Trading Data: Evaluating our "
    "Assumptions and Coding Rules. Conflict Management and Peace Science 26: 471-491.",
    first_year=1870,
    last_year=2014,
    absence="unknown",
    via="the R package peacesciencer (data that it downloads, rounded to three places)",
    year_columns=("year",),
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per ordered pair and year."""
    names = {
        "flow1": "imports",
        "flow2": "imports_back",
        "smoothflow1": "imports_smooth",
        "smoothflow2": "imports_back_smooth",
    }
    return reading.conform(reading.rds(path).rename(names), SPEC.id)
