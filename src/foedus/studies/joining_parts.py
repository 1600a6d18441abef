"""Who took part in each dispute or war, on which side and from when to when, in three lists; and the rounds that they were in.

The rules are those of ``docs/decisions/0012-who-joins.md``. Knows no terms.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from foedus.errors import parameter
from foedus.studies.war_attacks import BY_HAND, attacks_by_war
from foedus.war.features import ROUND_DAYS

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray

    from foedus.data.store import DataDir

Source = Literal["disputes", "wars", "iwd"]
SOURCES: dict[str, tuple[str, int]] = {"disputes": ("gml_part", 2010), "wars": ("cow_wars", 2007), "iwd": ("iwd", 2007)}
"""Data set of each list, and the last year in which a round may begin."""
CUTS = np.array([*ROUND_DAYS, *(365 * k for k in range(2, 15))])
"""First day of every round, and the end of the last."""


def participants(folder: DataDir, source: Source) -> pl.DataFrame:
    """Return ``event, ccode, side, start, end, original``, one row per participant.

    Parameters
    ----------
    folder : DataDir
    source : {"disputes", "wars", "iwd"}
        GML disputes, Correlates of War inter-state wars, or Interstate War Data.

    Returns
    -------
    polars.DataFrame
        ``side`` 0 is A; ``start`` of an original participant is the first day of the event.

    Raises
    ------
    ParameterError
        Another source.
    """
    import polars as pl

    if source not in SOURCES:
        raise parameter("source", source, f"one of {', '.join(SOURCES)}")
    spells = {"disputes": _disputes, "wars": _wars, "iwd": _fronts}[source](folder)
    each = (
        spells.sort("event", "start", "ccode", "side")
        .group_by("event", "ccode", maintain_order=True)
        .agg(pl.col("side").first(), pl.col("start").min(), pl.col("end").max(), pl.col("original").any())
    )
    begun = each.filter("original").group_by("event").agg(pl.col("start").min().alias("begun"))
    return (
        each.join(begun, on="event", validate="m:1")
        .with_columns(pl.when("original").then("begun").otherwise(pl.max_horizontal("start", "begun")).alias("start"))
        .sort("event", "start", "ccode")
        .select("event", "ccode", "side", "start", "end", "original")
    )


def _disputes(folder: DataDir) -> pl.DataFrame:
    """Return spells of participants in GML disputes."""
    import polars as pl

    return folder.table("gml_part").select(
        event="dispnum", ccode="ccode", side=pl.when("sidea").then(0).otherwise(1),
        start=pl.date("styear", "stmon", "dummy_stday"), end=pl.date("endyear", "endmon", "dummy_endday"), original="orig",
    )  # fmt: skip


def _wars(folder: DataDir) -> pl.DataFrame:
    """Return spells of participants in Correlates of War inter-state wars; the first initiator's side is 0."""
    import polars as pl

    table = folder.table("cow_wars").sort("warnum", "start", "ccode")
    attacker = table.filter("initiator").group_by("warnum", maintain_order=True).agg(pl.col("side").first().alias("a"))
    return table.join(attacker, on="warnum", validate="m:1").select(
        event="warnum", ccode="ccode", side=pl.when(pl.col("side") == pl.col("a")).then(0).otherwise(1), start="start", end="end",
        original=pl.col("start") == pl.col("start").min().over("warnum"),
    )  # fmt: skip


def _fronts(folder: DataDir) -> pl.DataFrame:
    """Return participants of the larger wars of Interstate War Data, by their attacks; all stay to the end.

    An attack between two states that are new waits until one of them has met somebody, and then counts from its own day.
    """
    import polars as pl

    names = dict(folder.table("cow_wars").select("state_name", "ccode").unique().rows())
    rows: list[tuple[object, ...]] = []
    for number, attacks in attacks_by_war(folder.table("iwd"), names).items():
        if number in BY_HAND:
            continue
        side, waiting = {attacks[0].attacker: 0}, list(attacks)
        while met := [one for one in waiting if (one.attacker in side) or (one.target in side)]:
            one = met[0]
            waiting.remove(one)
            known, new = (one.attacker, one.target) if one.attacker in side else (one.target, one.attacker)
            if new not in side:
                side[new] = 1 - side[known]
                rows.append((number, new, side[new], one.day, one.until, one.day == attacks[0].day))
        first = attacks[0]
        rows.append((number, first.attacker, 0, first.day, first.until, True))
    return pl.DataFrame(rows, ["event", "ccode", "side", "start", "end", "original"], orient="row")


def rounds(parts: pl.DataFrame, last_year: int) -> pl.DataFrame:
    """Return the rounds of every event: ``event, round, day, begin, until, begun``.

    ``day`` counts from the start of the event; ``begin`` is the first day, ``until`` the last day of a round that is not cut short, ``begun`` the
    first day of the event. Only rounds on whose first day both sides have a participant, and that begin by the end of ``last_year``.
    """
    import polars as pl

    events = parts.group_by("event", maintain_order=True).agg(
        pl.col("start").min().alias("begun"), pl.col("end").max().alias("over")
    )
    grid = pl.DataFrame({"round": np.arange(len(CUTS) - 1), "day": CUTS[:-1], "next": CUTS[1:]})
    every = (
        events.join(grid, how="cross")
        .with_columns(
            (pl.col("begun") + pl.duration(days="day")).alias("begin"),
            (pl.col("begun") + pl.duration(days=pl.col("next") - 1)).alias("until"),
        )
        .filter((pl.col("begin") <= pl.col("over")) & (pl.col("begin").dt.year() <= last_year))
        .select("event", "round", "day", "begin", "until", "begun")
    )
    both = present(every, parts).group_by("event", "round").agg(pl.col("side").n_unique().alias("sides"))
    return every.join(both.filter(pl.col("sides") == 2), on=["event", "round"], how="semi").sort("event", "round")


def present(every: pl.DataFrame, parts: pl.DataFrame) -> pl.DataFrame:
    """Return the participants of each round on its first day: ``event, round, ccode, side``, in order of event, round, side and state."""
    import polars as pl

    joined = every.select("event", "round", "begin").join(parts, on="event")
    inside = pl.when("original").then(pl.col("start") <= pl.col("begin")).otherwise(pl.col("start") < pl.col("begin"))
    return (
        joined.filter(inside & (pl.col("end") >= pl.col("begin")))
        .select("event", "round", "ccode", "side")
        .sort("event", "round", "side", "ccode")
    )


def entries(parts: pl.DataFrame) -> pl.DataFrame:
    """Return those who joined: ``event, ccode, side, round``."""
    import polars as pl

    begun = pl.col("start").min().over("event")
    joined = parts.with_columns(((pl.col("start") - begun).dt.total_days()).alias("days")).filter(~pl.col("original"))
    number: NDArray[np.intp] = np.searchsorted(CUTS, joined["days"].to_numpy(), side="right") - 1
    return joined.select("event", "ccode", "side").with_columns(pl.Series("round", number))
