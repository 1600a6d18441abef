"""Participants of inter-state wars with the days on which each began and stopped fighting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import COW_TERMS, Route, SourceSpec

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="cow_wars",
    title="Inter-State Wars",
    publisher="Correlates of War Project",
    url="https://correlatesofwar.org/data-sets/cow-war/",
    version="4.0",
    filename="Inter-StateWarData_v4.0.csv",
    sha256="2535e30b145141c331a07d12d91e498ad8bdd3db32ba8d3bd88c4fda54817731",
    size=31698,
    bibtex="""@book{cow_wars,
  author = {Sarkees, Meredith Reid and Wayman, Frank},
  title = {Resort to War: 1816-2007},
  publisher = {CQ Press},
  address = {Washington DC},
  year = {2010}
}""",
    units="participations of a state in an inter-state war, one row for each spell",
    routes=(Route("https://correlatesofwar.org/wp-content/uploads/Inter-StateWarData_v4.0.csv"),),
    licence=COW_TERMS,
    citation="Sarkees, Meredith Reid & Frank Wayman. 2010. Resort to War: 1816-2007.",
    first_year=1816,
    last_year=2007,
    absence="no inter-state war",
    year_columns=("end",),
    parser=2,
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per state and spell of fighting; a missing day is the last of its month."""
    import polars as pl

    raw = reading.text_csv(path, bare_cr=True)
    plain = [
        "WarNum",
        "ccode",
        "Side",
        "Initiator",
        "Outcome",
        "BatDeath",
        "WhereFought",
        "TransTo",
        *(f"{e}{part}{k}" for e in ("Start", "End") for part in ("Year", "Month", "Day") for k in (1, 2)),
    ]
    raw = raw.with_columns(*reading.numbers(raw, *plain)).with_columns(pl.col(plain).replace([-7.0, -8.0, -9.0], None))
    spells = [
        raw.filter(pl.col(f"StartYear{k}").is_not_null() & pl.col(f"EndYear{k}").is_not_null()).select(
            pl.col("WarNum").alias("warnum"),
            pl.col("WarName").alias("name"),
            "ccode",
            pl.col("StateName").alias("state_name"),
            (pl.col("Initiator") == 1).alias("initiator"),
            pl.col("Outcome").alias("outcome"),
            pl.col("BatDeath").alias("battle_deaths"),
            pl.col("WhereFought").alias("where_fought"),
            pl.col("TransFrom").replace("-8", None).alias("from_war"),
            pl.col("TransTo").alias("to_war"),
            pl.when(pl.col("Side") == 1).then(pl.lit("A")).otherwise(pl.lit("B")).alias("side"),
            reading.day(f"StartYear{k}", f"StartMonth{k}", f"StartDay{k}", last=True).alias("start"),
            reading.day(f"EndYear{k}", f"EndMonth{k}", f"EndDay{k}", last=True).alias("end"),
        )
        for k in (1, 2)
    ]
    return reading.conform(pl.concat(spells).sort("warnum", "ccode", "start"), SPEC.id)
