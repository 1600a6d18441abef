"""Rows for the rates at which disputes and wars spread: every outsider of every interval of every event, as the engine itself would see it.

The rules are those of ``docs/decisions/0014-a-war-spreads-by-fitted-rates.md``. An interval ends where the class of days changes and after every
day on which somebody enters or leaves. All values are computed by `foedus.kernels.cascade_reference.views` from the system of the event's first day.
Fits nothing.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.data.store import DataDir
from foedus.kernels.cascade import CUTS, RATE_TERMS
from foedus.kernels.cascade_reference import views
from foedus.kernels.obligation import BOUND, CONFLICT, REGION_UNKNOWN, STAY_OUT, TARGET_UNKNOWN, UNCLEAR, codes_at_war
from foedus.studies import joining_facts as facts
from foedus.studies import joining_parts as of
from foedus.studies.joining_rows import event_weights
from foedus.system.real import system as real_system
from foedus.war.field import Ground, ground

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator
    from typing import Literal

    import polars as pl
    from numpy.typing import NDArray

INPUT_DRAWS = 16
"""Draws over which inputs that are intervals are averaged."""
OPEN = (TARGET_UNKNOWN, REGION_UNKNOWN, CONFLICT, UNCLEAR)
KINDS = {
    "x": np.float32, "y": np.int8, "days": np.float32, "stage": np.int8, "event": np.int32, "ccode": np.int32, "round": np.int32, "begun": np.int32,
    "closed": np.int32,
}  # fmt: skip
"""Types of the columns, in order."""
TERMS = (*RATE_TERMS, "bound", "bound_size")
"""Columns of a row; steps of eras, classes of days and their products are added by the fit."""


@dataclass(frozen=True)
class SpreadRows:
    """Rows at risk, n of them.

    Attributes
    ----------
    x : float32 array, shape (n, 2, len(TERMS))
        Values as seen towards A and towards B.
    y : int8 array, shape (n,)
        0 stayed out, 1 entered on A, 2 on B.
    days : float32 array, shape (n,)
        Length of the interval.
    stage : int8 array, shape (n,)
        Class of days, from 0.
    event, ccode, round : int32 arrays, shape (n,)
        ``round`` counts the rounds of decision 12.
    begun, closed : int32 arrays, shape (n,)
        Year in which the event began, and in which the interval ended.
    war : float32 array, shape (n,)
        Whether an inter-state war was on between the sides; of wars 1; NaN after the last covered day.
    weight : float32 array, shape (n,)
        How many rows one stands for in a fit; 0 for those left out of it.
    """

    x: NDArray[np.float32]
    y: NDArray[np.int8]
    days: NDArray[np.float32]
    stage: NDArray[np.int8]
    event: NDArray[np.int32]
    ccode: NDArray[np.int32]
    round: NDArray[np.int32]
    begun: NDArray[np.int32]
    closed: NDArray[np.int32]
    war: NDArray[np.float32]
    weight: NDArray[np.float32]

    def take(self, which: NDArray[np.int64] | NDArray[np.bool_]) -> SpreadRows:
        """Return some rows."""
        return replace(self, **{f.name: getattr(self, f.name)[which] for f in fields(self)})


@dataclass(frozen=True)
class Participant:
    """Position in the system, side (1 A, 2 B), first and last day since the first shot, and whether it was in from the first."""

    at: int
    side: int
    start: int
    end: int
    original: bool


class Events:
    """The events of a source with their participants and the grounds they are fought on.

    Parameters
    ----------
    source : {"disputes", "wars", "iwd"}
    data_dir : DataDir, str or Path, optional
    """

    def __init__(self, source: of.Source, data_dir: DataDir | str | os.PathLike[str] | None = None) -> None:
        self.source, self.folder = source, DataDir.of(data_dir)
        self.parts = of.participants(self.folder, source)
        self._ground = lru_cache(maxsize=2)(self._make)

    def _make(self, day: dt.date) -> tuple[Ground, NDArray[np.int64]]:
        """Return the ground of a date, means over its draws, and the codes of its states."""
        system = real_system(day, data_dir=self.folder.path)
        said = ground(system, seed=1, outer=INPUT_DRAWS)
        mean = {name: getattr(said, name).mean(axis=0) for name in ("power", "friend", "near", "reach")}
        return replace(said, **mean), np.array([a.cow for a in system.actors], dtype=np.int64)

    def day_of(self, first: dt.date) -> dt.date:
        """Return the day whose system an event that began on ``first`` is fought on."""
        return dt.date(first.year, 1, 1) if self.source == "disputes" else first - dt.timedelta(days=1)

    def each(
        self, keep: Callable[[int], bool] = lambda _: True
    ) -> Iterator[tuple[int, dt.date, dt.date, list[Participant], Ground, NDArray[np.int64]]]:
        """Yield number, first and last day, participants, ground and codes of each event in order of the day, those with both sides in the system."""
        grouped = {int(k[0]): part for k, part in self.parts.group_by("event", maintain_order=True)}
        for number, part in sorted(grouped.items(), key=lambda kv: (kv[1]["start"].min(), kv[0])):
            first, last = part["start"].to_list(), part["end"].to_list()
            first, last = min(first), max(last)
            if not keep(number) or first.year > of.SOURCES[self.source][1]:
                continue
            said, codes = self._ground(self.day_of(first))
            place = {int(c): k for k, c in enumerate(codes)}
            inside = [
                Participant(place[c], s + 1, (a - first).days, (b - first).days, o)
                for c, s, a, b, o in part.select("ccode", "side", "start", "end", "original").rows()
                if c in place
            ]
            if {p.side for p in inside if p.original} == {1, 2}:
                yield number, first, last, inside, said, codes


def spread_rows(
    source: of.Source = "disputes", *, data_dir: DataDir | str | os.PathLike[str] | None = None, cut: Literal["events", "rounds"] = "events",
    progress: Callable[[float], None] | None = None, seed: int = 1,
) -> SpreadRows:  # fmt: skip
    """Return every row at risk.

    Parameters
    ----------
    source : {"disputes", "wars", "iwd"}
        GML disputes, Correlates of War inter-state wars, or Interstate War Data.
    data_dir : DataDir, str or Path, optional
    cut : {"events", "rounds"}
        Intervals that end after every entry and departure, to fit on; or the rounds of decision 12, to forecast.
    progress : callable, optional
        Called with the share done.
    seed : int
        Of the stream that chooses which rows without any link are fitted on.

    Raises
    ------
    DataError
        Data sets that are not there.
    ParameterError
        Another source.
    """
    events = Events(source, data_dir)
    states, total = facts.States.of(events.folder), events.parts["event"].n_unique()
    parts: list[tuple[NDArray, ...]] = []
    seats: list[tuple[int, int, int, dt.date]] = []
    count = 0
    for done, (number, first, last, inside, said, codes) in enumerate(events.each()):
        for a, b in marks(inside, cut, (last - first).days + 1):
            begin = first + dt.timedelta(days=a)
            if begin.year > of.SOURCES[source][1]:
                break
            got = interval(said, inside, a, b)
            if got is None:
                continue
            x, y, risk, linked = got
            risk &= states.members(np.array([begin], dtype="datetime64[D]"))[0][states.index[codes]]
            some = np.flatnonzero(risk)
            closed = (first + dt.timedelta(days=b - 1)).year
            fill = np.ones(len(some), dtype=np.int32)
            seats += [(count, int(codes[p.at]), p.side - 1, begin) for p in inside if present(p, a)]
            parts.append((
                x[:, some].transpose(1, 0, 2).astype(np.float32), y[some], fill * (b - a), fill * (np.searchsorted(CUTS, a, side="right") - 1),
                fill * number, codes[some], fill * (np.searchsorted(of.CUTS, a, side="right") - 1), fill * first.year, fill * closed, fill * count,
                linked[some],
            ))  # fmt: skip
            count += 1
        if progress is not None:
            progress((done + 1) / total)
    joined = [np.concatenate([p[k] for p in parts]) for k in range(11)]
    war = np.ones(count) if source != "disputes" else _war(events.folder, seats, count)
    weight = event_weights(joined[10] | (joined[1] > 0), joined[4], joined[5], joined[6], seed)
    made: dict[str, Any] = {"war": war[joined[9]].astype(np.float32), "weight": weight.astype(np.float32)}
    for k, (name, kind) in enumerate(KINDS.items()):
        made[name] = joined[k].astype(kind)
    return SpreadRows(**made)


def present(p: Participant, day: int) -> bool:
    """Return whether a participant was in before a day of the event, or is one of the first."""
    return (p.original or p.start < day) and p.end >= day


def marks(inside: list[Participant], cut: str, length: int) -> Iterator[tuple[int, int]]:
    """Yield first day and day after the last of each interval."""
    ends = set(of.CUTS.tolist()) if cut == "rounds" else {int(c) for c in CUTS}
    if cut == "events":
        ends |= {p.start + 1 for p in inside if not p.original} | {p.end + 1 for p in inside}
    days = sorted({0, length, *(e for e in ends if 0 < e < length)})
    yield from pairwise(days)


def interval(
    said: Ground, inside: list[Participant], first: int, after: int
) -> tuple[NDArray[np.float64], NDArray[np.int8], NDArray[np.bool_], NDArray[np.bool_]] | None:
    """Return values, entries, who is at risk and who has a link in the days from ``first`` to the day before ``after``; None if a side is empty.

    Who entered has attacked all opponents of its day; the first of A attacked the first of B.
    """
    n = len(said.major)
    here, been = np.zeros(n, dtype=np.int8), np.zeros(n, dtype=np.bool_)
    joined = [0.0, 0.0]
    attack = np.zeros((n, n), dtype=np.bool_)
    y = np.zeros(n, dtype=np.int8)
    for p in inside:
        if p.original or p.start < first:
            been[p.at] = True
            joined[p.side - 1] += not p.original
        if present(p, first):
            here[p.at] = p.side
        elif not p.original and first <= p.start < after:
            y[p.at] = p.side
    if set(np.unique(here)) < {1, 2} or not (here == 1).any() or not (here == 2).any():
        return None
    for p in inside:
        if here[p.at]:
            for q in inside:
                met = q.side != p.side and here[q.at] > 0
                if met and p.original and q.original:
                    attack[p.at, q.at] |= p.side == 1
                elif met and not p.original and (q.original or q.start <= p.start):
                    attack[p.at, q.at] = True
    x = np.zeros((2, n, len(TERMS)))
    x[:, :, : len(RATE_TERMS)] = views(
        here, (joined[0], joined[1]), said.friend, said.near, said.reach, said.power, said.major
    )
    linked = pledge_values(x, said, here, attack)
    linked |= (
        (x[:, :, TERMS.index("near_own")] == 1).any(axis=0)
        | (said.major > 0)
        | (np.abs(said.friend[:, here > 0]).max(axis=1) > 0.2)
    )
    return x, y, ~been, linked


def pledge_values(
    x: NDArray[np.float64], said: Ground, here: NDArray[np.int8], attack: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Fill in what pledges demand of outsiders, an open clause counting one half; return who owes anything. ``x`` is modified in place."""
    pledges = said.pledges
    codes = codes_at_war(attack, np.flatnonzero(here), here > 0, pledges)
    out = np.zeros(len(here), dtype=np.bool_)
    by, to = pledges.by, pledges.to
    some = np.flatnonzero((here[to] > 0) & (here[by] == 0))
    out[by[some]] = True
    side = here[to] - 1
    col = TERMS.index
    stays = some[codes[some] == STAY_OUT]
    x[1 - side[stays], by[stays], col("stay_out")] = 1.0
    fights = some[pledges.kind[some] < 2]
    value = np.where(codes == BOUND, 1.0, np.where(np.isin(codes, OPEN), 0.5, 0.0))
    np.maximum.at(x[:, :, col("bound")], (side[fights], by[fights]), value[fights])
    held = fights[value[fights] > 0]
    size = np.full(x.shape[:2], np.inf)
    np.minimum.at(size, (side[held], by[held]), np.log(said.partners[held]))
    x[:, :, col("bound_size")] = np.where(np.isfinite(size), size, 0.0) * x[:, :, col("bound")]
    owes = np.zeros(x.shape[:2], dtype=np.bool_)
    owes[side[fights], by[fights]] = True
    x[:, :, col("pledged")] = owes & (x[:, :, col("bound")] == 0)
    return out


def _war(folder: DataDir, seats: list[tuple[int, int, int, dt.date]], count: int) -> NDArray[np.float64]:
    """Return whether an inter-state war was on between the sides of each interval."""
    import polars as pl

    table: pl.DataFrame = pl.DataFrame(seats, ["r", "ccode", "side", "begin"], orient="row").with_columns(
        pl.col("ccode").cast(pl.Int32), pl.col("r").cast(pl.UInt32)
    )
    days = table.group_by("r").agg(pl.col("begin").first()).sort("r")["begin"].to_numpy()
    assert len(days) == count
    return facts.at_war(folder, table, days)
