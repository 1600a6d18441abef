"""Rivalries, wars and disputes as ties, by the ``[data.*]`` rules of the tie table.

As of a date a dispute counts if both sides were in it before the date, at the same time, on opposite sides (or the
same). Its hostility and deaths are recorded for the whole of a participation, so they are used only where that
participation has ended: of a dispute that goes on, only its being there is known. Wars that go on are dated by the
list of inter-state wars. Sides are those of the whole war: Brazil and Japan count as enemies in 1944, though they never
met. One tie per pair and reason, the strongest.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from foedus.errors import ParameterError, message
from foedus.system.nouns import WRITABLE_REASONS, Tie
from foedus.system.values import Quantity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import polars as pl

    from foedus.params import Params
    from foedus.system.tables import Tables

_YEARS = 10
_DAYS_A_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class Rule:
    """One ``[data.*]`` rule: a reason, the range of its strength, and the years in which it halves after the end."""

    reason: str
    low: float
    high: float
    half_life: float | None

    @classmethod
    def of(cls, table: Params, name: str) -> Rule:
        """Return the rule of that name.

        Raises
        ------
        ParameterError
            The table lacks it, or its reason is not one that data may give.
        """
        strength, reason = table[f"data.{name}.strength"], table.extra.get(f"data.{name}.reason")
        if reason not in WRITABLE_REASONS:
            raise ParameterError(
                message(f"data.{name}.reason in {table.origin}", got=repr(reason), expected=", ".join(WRITABLE_REASONS))
            )
        half_life = table.extra.get(f"data.{name}.half_life_years")
        return cls(reason, strength.low, strength.high, float(half_life) if half_life else None)

    def tie(self, a: str, b: str, *, start: dt.date | None, ended: float | None, source: str, note: str) -> Tie:
        """Return the tie of a pair, weakened by the years since its cause ended."""
        factor = 0.5 ** (ended / self.half_life) if ended is not None and self.half_life else 1.0
        low, high = sorted((round(self.low * factor, 6), round(self.high * factor, 6)))
        first, second = sorted((a, b))
        return Tie(first, second, self.reason, Quantity(low, high), start=start, sources=(source,), note=note)


def ties(date: dt.date, tables: Tables, ids: dict[int, str], table: Params) -> tuple[tuple[Tie, ...], list[str]]:
    """Return every tie that the data give on a date among ``ids`` (actors by COW code), and what they do not cover."""
    limits: list[str] = []
    found = [*_rivalries(date, tables, ids, table, limits)]
    wars = [*_wars(date, tables, ids, limits)]
    found += _war_ties(wars, table)
    found += _disputes(date, tables, ids, table, {frozenset((a, b)) for a, b, *_ in wars}, limits)
    return _strongest(found), limits


def _strongest(found: Iterable[Tie]) -> tuple[Tie, ...]:
    """Return one tie per pair and reason, the strongest, in a stable order."""
    best: dict[tuple[str, str, str], Tie] = {}
    for tie in sorted(found, key=lambda t: (t.a, t.b, t.reason, -abs(t.strength.centre), t.note)):
        best.setdefault((tie.a, tie.b, tie.reason), tie)
    return tuple(best.values())


def _rivalries(date: dt.date, tables: Tables, ids: dict[int, str], table: Params, limits: list[str]) -> Iterator[Tie]:
    """Yield strategic rivalries known to be in force: begun in an earlier year, not ended in one."""
    frame = tables.get("tss_rivalries")
    if frame is None:
        return
    if tables.past("tss_rivalries", date.year):
        limits.append(f"strategic rivalries are unknown on {date}: {tables.title('tss_rivalries')}")
        return
    rule = Rule.of(table, "rivalry")
    for a, b, start, end, name in frame.select("ccode1", "ccode2", "start", "end", "rivalry").iter_rows():
        if start < date.year <= end and a in ids and b in ids:
            yield rule.tie(
                ids[a],
                ids[b],
                start=dt.date(start, 1, 1),
                ended=None,
                source="tss-rivalries",
                note=f"rivalry {name}, since {start}",
            )


def _wars(
    date: dt.date, tables: Tables, ids: dict[int, str], limits: list[str]
) -> Iterator[tuple[str, str, bool, dt.date, str]]:
    """Yield (a, b, opposed, since, name) for each pair that fights in an inter-state war at the start of a date."""
    import polars as pl

    frame = tables.get("cow_wars")
    if frame is None:
        return
    if tables.past("cow_wars", date.year):
        limits.append(
            f"which wars go on at {date} is not dated ({tables.title('cow_wars')}): such a war counts as a dispute"
        )
    now = frame.filter((pl.col("start") < date) & (pl.col("end") >= date) & pl.col("ccode").is_in(list(ids)))
    pairs = now.join(now, on="warnum", validate="m:m").filter(pl.col("ccode") < pl.col("ccode_right"))
    for row in pairs.sort("warnum", "ccode", "ccode_right").iter_rows(named=True):
        since = max(row["start"], row["start_right"])
        yield (
            ids[row["ccode"]],
            ids[row["ccode_right"]],
            row["side"] != row["side_right"],
            since,
            f"{row['name']}, going on since {since}",
        )


def _war_ties(wars: list[tuple[str, str, bool, dt.date, str]], table: Params) -> Iterator[Tie]:
    """Yield the ties of wars that go on."""
    against, beside = Rule.of(table, "war_ongoing"), Rule.of(table, "same_side")
    for a, b, opposed, since, note in wars:
        yield (against if opposed else beside).tie(a, b, start=since, ended=None, source="cow-wars", note=note)


def _disputes(
    date: dt.date, tables: Tables, ids: dict[int, str], table: Params, fighting: set[frozenset[str]], limits: list[str]
) -> Iterator[Tie]:
    """Yield the ties of disputes that ended in the ten years before or go on, where no war has given one."""
    last = tables.last_year("midb")
    if date.year > last + 1 or (date.year == last + 1 and date > dt.date(date.year, 1, 1)):
        limits.append(f"disputes after {last} are unknown: {tables.title('midb')}")
    if tables.get("cow_wars") is None:
        limits.append("which wars go on is not dated (no list of inter-state wars): such a war counts as a dispute")
    rules = {name: Rule.of(table, name) for name in ("war_ended", "dispute_fatal", "dispute", "same_side")}
    for row in _pairs(date, tables["midb"], list(ids)).iter_rows(named=True):
        name = _rule_of(row)
        a, b = ids[row["ccode"]], ids[row["ccode_right"]]
        if name is None or (row["ended"] is None and frozenset((a, b)) in fighting):
            continue
        spell = f"{row['since']} to {row['until']}" if row["ended"] is not None else f"going on since {row['since']}"
        yield rules[name].tie(
            a, b, start=row["since"], ended=row["ended"], source="midb", note=f"MID {row['dispnum']}, {spell}"
        )


def _pairs(date: dt.date, midb: pl.DataFrame, codes: list[int]) -> pl.DataFrame:
    """Return the pairs in one dispute at the same time, begun before a date and not ended more than ten years before.

    ``ended`` is the years since the end of their common spell, null while it goes on; ``level``, ``fatal`` of a
    participation that goes on are null, as they are recorded only with its end.
    """
    import polars as pl

    begun = midb.filter((pl.col("start") < date) & pl.col("ccode").is_in(codes))
    over = pl.col("end") < date
    known = begun.select(
        "dispnum",
        "ccode",
        "side",
        "start",
        pl.when(over).then("end").alias("end"),
        pl.when(over).then("hostlev").alias("level"),
        pl.when(over).then(pl.col("fatality") > 0).alias("fatal"),
    )
    pairs = known.join(known, on="dispnum", validate="m:m").filter(pl.col("ccode") < pl.col("ccode_right"))
    pairs = pairs.with_columns(
        pl.max_horizontal("start", "start_right").alias("since"),
        pl.min_horizontal("end", "end_right").alias("until"),
    ).filter(pl.col("until").is_null() | (pl.col("since") <= pl.col("until")))
    ended = (pl.lit(date) - pl.col("until")).dt.total_days() / _DAYS_A_YEAR
    pairs = pairs.with_columns(ended.alias("ended")).filter(pl.col("ended").is_null() | (pl.col("ended") <= _YEARS))
    return pairs.sort("dispnum", "ccode", "ccode_right", "since", "until")


def _rule_of(row: dict) -> str | None:
    """Return which rule a pair's dispute falls under, None where under none.

    A pair was at war if both took part at level 5; otherwise its level is the higher of the two, at most 4. A
    participation that goes on has no level yet, and the other's alone decides; where neither has one the dispute
    counts as the mildest.
    """
    levels = [x for x in (row["level"], row["level_right"]) if x is not None]
    level = min(levels) if levels and min(levels) == 5 else min(max(levels, default=0), 4)
    opposed = row["side"] != row["side_right"]
    if not opposed:
        return "same_side" if level >= 4 else None
    if level == 5:
        return "war_ended"
    return "dispute_fatal" if row["fatal"] or row["fatal_right"] else "dispute"
