"""Pledges of each state to the other, from ATOP's member file."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from foedus.panel.panel import DYADIC, At, Panel, Rows, check_at, derived, need, take, zero_inside

if TYPE_CHECKING:
    import os

    import polars as pl
    from narwhals.typing import IntoFrame

    from foedus.data.store import DataDir

PLEDGES = {
    "defense": "to aid the other if it is attacked",
    "offense": "to aid the other beyond defence",
    "neutral": "not to aid the other's adversary",
    "nonagg": "not to attack the other",
    "consul": "to consult with the other",
}


CONDITIONS = ("defcoadv", "defcoloc", "defcocon", "defconum", "defcodem", "defconpr")


def add_atop_alliance(
    frame: Panel | IntoFrame, *, at: At = "year", data_dir: DataDir | str | os.PathLike[str] | None = None
) -> Panel:
    """Return the panel with ``atop_alliance`` and the pledges of both states: ``defense12`` is what state 1 owes state 2.

    Two members of an alliance count in the same phase only, and each owes what its own row says: pledges are directed (convention 4.3). An
    undirected obligation of the field's files is the greater of both directions.

    Parameters
    ----------
    frame : Panel or any frame
        Dyad-years with ``ccode1``, ``ccode2``.
    at : {"year", "jan1"}
        In force on any day of the year, or as of the start of 1 January (signed before it and not ended by then).
    data_dir : DataDir, str or Path, optional

    Raises
    ------
    DataError
        The frame holds no dyad-years, or has these columns.
    """
    import polars as pl

    check_at(at)
    panel = Panel.of(frame, data_dir)
    need(panel, *DYADIC)
    last_year = panel.folder().provenance("atop5_1m").last_year
    owed = derived(panel, ["atop5_1m"], directed_years, last_year, at)
    told = {"atop_alliance": panel.origin("atop5_1m", "1 if the two are allied", absent="no alliance")}
    for way, one, two in (("12", 1, 2), ("21", 2, 1)):
        told |= {
            f"{p}{way}": panel.origin("atop5_1m", f"1 if state {one} owes state {two} {text}", absent="no such pledge")
            for p, text in PLEDGES.items()
        }
    inside = told["atop_alliance"]

    def build(rows: Rows) -> pl.DataFrame:
        there = rows.pairs(owed, directed=True, what="ATOP")
        back = rows.pairs(owed, directed=True, swap=True, what="ATOP")
        parts = [
            take(owed, there, {"atop_alliance": "atop_alliance", **{f"{p}12": p for p in PLEDGES}}),
            take(owed, back, {f"{p}21": p for p in PLEDGES}),
        ]
        return zero_inside(pl.concat(parts, how="horizontal"), rows.covered(inside))

    return panel.add(told, build)


def directed_years(members: pl.DataFrame, last_year: int, at: At) -> pl.DataFrame:
    """Return the pledges of each ordered pair by year: ccode1 to ccode2."""
    import polars as pl

    pledged = pairs_in_phase(members, last_year, at, list(PLEDGES)).group_by("ccode1", "ccode2", "year")
    return pledged.agg(pl.lit(1, dtype=pl.Int32).first().alias("atop_alliance"), *(pl.col(p).max() for p in PLEDGES))


def pairs_in_phase(members: pl.DataFrame, last_year: int, at: At, columns: list[str]) -> pl.DataFrame:
    """Return each ordered pair of members of one phase of an alliance by year, with ``columns`` of the first one's row."""
    import polars as pl

    spells = members.select(
        "atopid", "phase", "member", "entry", pl.col("exit").fill_null(dt.date(last_year, 12, 31)), *columns
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
        .rename({"member": "ccode1"})
    )


def add_atop_conditions(
    frame: Panel | IntoFrame, *, at: At = "year", data_dir: DataDir | str | os.PathLike[str] | None = None
) -> Panel:
    """Return the panel with what the pledges of a pair hang on.

    ``n_pacts``, alliances that link the two, and ``atopids``, their numbers; ``defense12_free``, 1 if state 1 owes state 2 defence without any coded
    condition; ``defense12_target``, 1 if it owes defence and every such pledge names the states it is against; ``secret``, 1 if every one of the
    alliances is secret wholly or in part; and the same from 2 to 1. 0 where there is none, null outside the data's years.

    Parameters
    ----------
    frame : Panel or any frame
        Dyad-years with ``ccode1``, ``ccode2``.
    at : {"year", "jan1"}
        As of `add_atop_alliance`.
    data_dir : DataDir, str or Path, optional

    Raises
    ------
    DataError
        The frame holds no dyad-years, or has these columns.
    """
    import polars as pl

    check_at(at)
    panel = Panel.of(frame, data_dir)
    need(panel, *DYADIC)
    last_year = panel.folder().provenance("atop5_1m").last_year
    owed = derived(panel, ["atop5_1m"], _condition_years, last_year, at)
    text = {
        "n_pacts": "alliances that link the two", "atopids": "their numbers in ATOP",
        "secret": "1 if all of them are secret, wholly or in part",
    }  # fmt: skip
    for way, one, two in (("12", 1, 2), ("21", 2, 1)):
        text[f"defense{way}_free"] = f"1 if state {one} owes state {two} defence without a coded condition"
        text[f"defense{way}_target"] = f"1 if state {one} owes state {two} defence against named states only"
    told = {c: panel.origin("atop5_1m", what, absent="no alliance") for c, what in text.items()}

    def build(rows: Rows) -> pl.DataFrame:
        there = rows.pairs(owed, directed=True, what="ATOP")
        back = rows.pairs(owed, directed=True, swap=True, what="ATOP")
        both = ["n_pacts", "secret"]
        counts = pl.concat(
            [
                take(owed, there, {**{c: c for c in both}, "defense12_free": "free", "defense12_target": "target"}),
                take(owed, back, {"defense21_free": "free", "defense21_target": "target"}),
            ],
            how="horizontal",
        )
        known = zero_inside(counts, rows.covered(told["n_pacts"]))
        return pl.concat([known, take(owed, there, {"atopids": "atopids"})], how="horizontal")

    return panel.add(told, build)


def _condition_years(members: pl.DataFrame, last_year: int, at: At) -> pl.DataFrame:
    """Return, for each ordered pair and year, how many alliances link the two and what the first one's defence hangs on."""
    import polars as pl

    owes = pl.col("defense") == 1
    free = owes & ~pl.any_horizontal(pl.col(c) == 1 for c in CONDITIONS)
    named = ~owes | (pl.col("specthrt") == 1)
    extra = members.with_columns(
        free.fill_null(value=False).alias("free"),
        named.fill_null(value=False).alias("named"),
        (pl.col("pubsecr") > 0).alias("hidden"),
    )
    return (
        pairs_in_phase(extra, last_year, at, ["defense", "free", "named", "hidden"])
        .group_by("ccode1", "ccode2", "year")
        .agg(
            pl.col("atopid").n_unique().cast(pl.Int32).alias("n_pacts"),
            pl.col("atopid").unique().sort().cast(pl.String).str.join(",").alias("atopids"),
            pl.col("hidden").all().fill_null(value=False).cast(pl.Int32).alias("secret"),
            pl.col("free").any().cast(pl.Int32).alias("free"),
            ((pl.col("defense") == 1).any() & pl.col("named").all()).cast(pl.Int32).alias("target"),
        )
    )
