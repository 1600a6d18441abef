"""Pledges of each state to the other, from ATOP's member file."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from foedus.data.store import DataDir
from foedus.panel.frame import UNIT, At, check_at, check_dyad_years, join_one, within

if TYPE_CHECKING:
    import os

    import polars as pl

PLEDGES = ("defense", "offense", "neutral", "nonagg", "consul")


def add_atop_alliance(
    frame: pl.DataFrame, *, at: At = "jan1", data_dir: DataDir | str | os.PathLike[str] | None = None
) -> pl.DataFrame:
    """Return ``frame`` with ``atop_alliance`` and the pledges of both: ``defense12`` is what state 1 owes state 2.

    Two members of an alliance count in the same phase only, and each owes what its own row says: pledges are directed
    (convention 4.3).

    Parameters
    ----------
    frame : polars.DataFrame
        Dyad-years.
    at : {"jan1", "year"}
        As of the start of 1 January (signed before it and not ended by then), or in force on any day of the year.

    Raises
    ------
    DataError
        The frame holds no dyad-years, or has these columns.
    """
    check_at(at)
    directions = {"12": UNIT, "21": ("ccode2", "ccode1", "year")}
    columns = ["atop_alliance", *(f"{p}{way}" for way in directions for p in PLEDGES)]
    check_dyad_years(frame, columns)
    store = DataDir.of(data_dir)
    source = store.provenance("atop5_1m")
    owed = _directed_years(store.table("atop5_1m"), source.last_year, at)
    for way, keys in directions.items():
        named = owed.rename({"ccode1": keys[0], "ccode2": keys[1], **{p: f"{p}{way}" for p in PLEDGES}})
        frame = join_one(frame, named if way == "12" else named.drop("atop_alliance"), UNIT)
    return frame.with_columns(within(c, source.spec.first_year, source.last_year) for c in columns)


def _directed_years(members: pl.DataFrame, last_year: int, at: At) -> pl.DataFrame:
    """Return the pledges of each ordered pair by year: ccode1 to ccode2."""
    import polars as pl

    spells = members.select(
        "atopid", "phase", "member", "entry", pl.col("exit").fill_null(dt.date(last_year, 12, 31)), *PLEDGES
    )
    others = spells.select("atopid", "phase", pl.col("member").alias("ccode2"), "entry", "exit")
    pairs = spells.join(others, on=["atopid", "phase"], validate="m:m", suffix="2").filter(
        pl.col("member") != pl.col("ccode2")
    )
    first, last = pl.max_horizontal("entry", "entry2"), pl.min_horizontal("exit", "exit2")
    since = first.dt.year() + (1 if at == "jan1" else 0)
    return (
        pairs.filter(first <= last)
        .with_columns(pl.int_ranges(since, last.dt.year() + 1, dtype=pl.Int32).alias("year"))
        .explode("year", empty_as_null=False)
        .group_by(pl.col("member").alias("ccode1"), "ccode2", "year")
        .agg(pl.lit(1, dtype=pl.Int32).first().alias("atop_alliance"), *(pl.col(p).max() for p in PLEDGES))
    )
