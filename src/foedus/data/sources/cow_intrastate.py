"""Participants of civil and other wars inside states, with days, outcome and battle deaths."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import COW_TERMS, Route, SourceSpec

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

_NAMES = {
    "WarNum": "warnum",
    "Start1": "start",
    "End1": "end",
    "Start2": "start2",
    "End2": "end2",
    "WarName": "name",
    "WarType": "wartype",
    "CcodeA": "ccode_a",
    "SideA": "side_a",
    "CcodeB": "ccode_b",
    "SideB": "side_b",
    "Initiator": "initiator",
    "Outcome": "outcome",
    "WhereFought": "where_fought",
    "TransFrom": "from_war",
    "TransTo": "to_war",
    "SideADeaths": "deaths_a",
    "SideBDeaths": "deaths_b",
}

SPEC = SourceSpec(
    id="cow_intrastate",
    title="Intra-State Wars",
    publisher="Correlates of War Project",
    url="https://correlatesofwar.org/data-sets/cow-war/",
    version="4.1",
    filename="Intra-StateWarData_v4.1.csv",
    sha256="e4a3dca0b6493b01c07e01f7dbac206a3b74e044746f05cb62c7fb06c2eb5b45",
    size=54988,
    bibtex="""@book{cow_intrastate,
  author = {Sarkees, Meredith Reid and Wayman, Frank},
  title = {Resort to War: 1816-2007},
  publisher = {CQ Press},
  address = {Washington DC},
  year = {2010}
}""",
    units="participants of wars inside states, one row for each pair of sides' members as published",
    routes=(Route("https://correlatesofwar.org/wp-content/uploads/Intra-StateWarData_v4.1.csv"),),
    licence=COW_TERMS,
    citation="Sarkees, Meredith Reid & Frank Wayman. 2010. Resort to War: 1816-2007.",
    first_year=1816,
    last_year=2007,
    absence="no intra-state war",
    year_columns=("start",),
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row as published; two ends whose year slid into the column of the day are put right."""
    import polars as pl

    raw = reading.text_csv(path)
    dates = [f"{e}{part}{k}" for e in ("Start", "End") for part in ("Year", "Month", "Day") for k in (1, 2)]
    plain = ["WarNum", "WarType", "CcodeA", "CcodeB", "Intnl", "Outcome", "WhereFought", "TransFrom", "TransTo"]
    deaths = ["SideADeaths", "SideBDeaths"]
    raw = raw.with_columns(pl.col(deaths).str.replace_all(",", "", literal=True))
    raw = raw.with_columns(*reading.numbers(raw, *plain, *deaths, *dates))
    raw = raw.with_columns(
        pl.col(*plain, *deaths, *dates).replace([-7.0, -8.0, -9.0], None),
        pl.col("SideA", "SideB", "Initiator").replace(["-8", ""], None),
    )
    slid = pl.col("EndDay1").abs() > 31
    raw = raw.with_columns(
        pl.when(slid).then(pl.col("EndDay1").abs() % 10000).otherwise(pl.col("EndYear1")).alias("EndYear1"),
        pl.when(~slid).then(pl.col("EndDay1")).alias("EndDay1"),
    )
    ended = pl.col("EndYear1").is_not_null()
    missing = pl.any_horizontal(pl.col("StartMonth1", "StartDay1").is_null()) | (
        ended & pl.any_horizontal(pl.col("EndMonth1", "EndDay1").is_null())
    )
    frame = raw.with_columns(
        missing.alias("day_missing"),
        pl.col("StartMonth1", "StartMonth2").fill_null(1),
        pl.col("EndMonth1", "EndMonth2").fill_null(12),
        (pl.col("Intnl") == 1).alias("international"),
    )
    starts = {f"Start{k}": reading.day(f"StartYear{k}", f"StartMonth{k}", f"StartDay{k}", last=False) for k in (1, 2)}
    ends = {f"End{k}": reading.day(f"EndYear{k}", f"EndMonth{k}", f"EndDay{k}", last=True) for k in (1, 2)}
    frame = frame.with_columns(*(_real_day(e, k) for e in ("Start", "End") for k in (1, 2))).with_columns(
        **starts, **ends
    )
    return reading.conform(frame.rename(_NAMES), SPEC.id)


def _real_day(edge: str, k: int) -> pl.Expr:
    """Return the day of the month; the last one where the file names a later one, as the 29th of February 1894."""
    import polars as pl

    year, month = (pl.col(f"{edge}{part}{k}").cast(pl.Int32) for part in ("Year", "Month"))
    day, last = pl.col(f"{edge}Day{k}"), pl.date(year, month, 1).dt.month_end().dt.day()
    return pl.when(day > last).then(last).otherwise(day).alias(f"{edge}Day{k}")
