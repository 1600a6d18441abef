"""The great wars, each drawn with rates that were fitted without it, beside what happened.

The wars, first shots, windows and scores are those of ``docs/decisions/0014-a-war-spreads-by-fitted-rates.md``, fixed before the first of them.
A system is that of the day before the first shot; whom it lacks is in neither the draws nor the count of what happened.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.data.store import DataDir
from foedus.errors import parameter
from foedus.estimate.wilson import wilson
from foedus.studies import joining_parts as of
from foedus.studies.great_pairs import by_group, pairs_at_war
from foedus.studies.spread_after import After, after_rows, fit_after
from foedus.studies.spread_fit import fit_entry
from foedus.studies.spread_rows import SpreadRows, spread_rows
from foedus.system.real import system as real_system
from foedus.war.firebreaks import firebreaks
from foedus.war.rates import Rates
from foedus.war.simulate import war

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    import polars as pl
    from numpy.typing import NDArray

    from foedus.system.system import System
    from foedus.war.firebreaks import Firebreak
    from foedus.war.result import War

GREAT = {1853: 22, 1859: 28, 1866: 55, 1870: 58, 1914: 106, 1939: 139, 1950: 151, 1967: 169, 1990: 211}
"""Numbers of the wars in the Correlates of War list, by the year of the first shot."""
DRAWS, PAIRED = 100_000, 20_000
"""Wars drawn, and drawn again without a pact."""


@dataclass(frozen=True)
class Evidence:
    """All rows that rates are fitted to, and when each event was: ``spans`` by source, number to first and last day."""

    disputes: SpreadRows
    wars: SpreadRows
    after: After
    spans: dict[str, dict[int, tuple[dt.date, dt.date]]]

    @classmethod
    def of(
        cls,
        data_dir: DataDir | str | os.PathLike[str] | None = None,
        *,
        progress: Callable[[float], None] | None = None,
    ) -> Evidence:
        """Return the rows of a folder of data; a minute."""
        folder = DataDir.of(data_dir)
        spans = {}
        for source in ("disputes", "wars", "iwd"):
            parts = of.participants(folder, source)
            rows = parts.group_by("event").agg(first="start", last="end").rows()
            spans[source] = {int(n): (min(a), max(b)) for n, a, b in rows}
        share = None if progress is None else lambda x: progress(0.8 * x)
        disputes = spread_rows("disputes", data_dir=folder, progress=share)
        made = cls(disputes, spread_rows("wars", data_dir=folder), after_rows(folder), spans)
        if progress is not None:
            progress(1.0)
        return made

    def without(self, first: dt.date, last: dt.date) -> Rates:
        """Return the rates fitted to what has no day from ``first`` to ``last``."""

        def meet(source: str) -> set[int]:
            return {n for n, (a, b) in self.spans[source].items() if a <= last and b >= first}

        disputes, wars = (
            rows.take(~np.isin(rows.event, list(meet(source))))
            for source, rows in (("disputes", self.disputes), ("wars", self.wars))
        )
        leaving, ending, front = fit_after(self.after.without(meet("wars"), meet("iwd")))
        return Rates(fit_entry(disputes, wars), leaving, ending, front)

    def base_rate(self, days: float, first: dt.date, last: dt.date) -> float:
        """Return the share of outsiders of inter-state wars, those from ``first`` to ``last`` left out, that entered within so many days.

        Days count to the end of the class of `foedus.kernels.cascade.CUTS` that they fall in.
        """
        keep = [n for n, (a, b) in self.spans["wars"].items() if not (a <= last and b >= first)]
        rows = self.wars.take(np.isin(self.wars.event, keep))
        pairs = rows.event.astype(np.int64) * 1000 + rows.ccode
        early = rows.stage <= np.searchsorted((0, 7, 30, 90, 180, 365), days, side="left") - 1
        return len(np.unique(pairs[(rows.y > 0) & early])) / len(np.unique(pairs))


@dataclass(frozen=True)
class Happened:
    """What happened: the first shot, and for each state that entered its side (1 the attacker's) and day."""

    title: str
    system: System
    attacker: str
    target: str
    last: dt.date
    entered: dict[str, tuple[int, int]]

    def by(self, days: float) -> dict[str, tuple[int, int]]:
        """Return who had entered within so many days, with side and day, in order of the day."""
        return dict(sorted(((k, v) for k, v in self.entered.items() if v[1] <= days), key=lambda kv: (kv[1][1], kv[0])))

    @property
    def windows(self) -> tuple[tuple[str, float], ...]:
        """Both windows: to the year's end, and 365 days."""
        start = self.system.date + dt.timedelta(days=1)
        return ("year's end", float((dt.date(start.year, 12, 31) - start).days)), ("365 days", 365.0)


def happened(year: int, data_dir: DataDir | str | os.PathLike[str] | None = None) -> Happened:
    """Return what happened in one of `GREAT`, on the system of the day before.

    Raises
    ------
    ParameterError
        Another year.
    """
    import polars as pl

    if year not in GREAT:
        raise parameter("year", year, f"one of {', '.join(map(str, GREAT))}")
    folder = DataDir.of(data_dir)
    parts = of.participants(folder, "wars").filter(pl.col("event") == GREAT[year])
    table = folder.table("cow_wars").filter(pl.col("warnum") == GREAT[year])
    first = parts.select(pl.col("start").min()).item()
    system = real_system(first - dt.timedelta(days=1), data_dir=folder.path)
    ids = {a.cow: a.id for a in system.actors if a.cow is not None}
    strength = dict(zip(system.ids, _capability(system), strict=True))
    began = set(table.filter(pl.col("initiator") & (pl.col("start") == first))["ccode"].to_list())

    def chief(side: int) -> str:
        here = [c for c, s, o in parts.select("ccode", "side", "original").rows() if s == side and o and c in ids]
        return ids[max(here, key=lambda c: (c in began, strength[ids[c]]))]

    a, b = chief(0), chief(1)
    entered = {
        ids[c]: (s + 1, (day - first).days)
        for c, s, day in parts.select("ccode", "side", "start").rows()
        if c in ids and ids[c] not in {a, b}
    }
    return Happened(str(year), system, a, b, parts.select(pl.col("end").max()).item(), entered)


def on_scenario(real: Happened, system: System) -> Happened:
    """Return the same war on a scenario, for the actors that it has."""
    cow = {a.id: a.cow for a in real.system.actors if a.cow is not None}
    ids = {a.cow: a.id for a in system.actors if a.cow is not None}
    entered = {ids[cow[k]]: v for k, v in real.entered.items() if cow[k] in ids}
    return Happened(
        f"{real.title} on {system.id}", system, ids[cow[real.attacker]], ids[cow[real.target]], real.last, entered
    )


def syria(scenario: Any) -> Happened:
    """Return the war in Syria on ``middle-east-2015``: who intervened for one side against the other by the scenario's own sourced facts."""
    system = scenario.system
    shot = system.flashpoints[0]
    late = scenario.at(system.date + dt.timedelta(days=366))
    entered = {}
    for pact in late.active_pacts():
        if pact.kind != "intervention":
            continue
        for pledge in pact.pledges:
            for side, own, foe in ((1, shot.attacker, shot.target), (2, shot.target, shot.attacker)):
                if own in pledge.to and foe in (pledge.targets or ()):
                    entered[pledge.by] = (side, max(0, (pact.start - system.date).days))
    return Happened(
        f"Syria on {system.id}", system, shot.attacker, shot.target, system.date + dt.timedelta(days=366), entered
    )


@dataclass(frozen=True)
class Score:
    """One war in one window.

    ``set_chance`` and ``order_chance`` are shares of the draws with exactly that set of entrants and sides, and with that order besides;
    ``*_upper`` the upper ends of their 90 % intervals, ``*_rank`` their places among the sets and orders drawn (None if never drawn).
    ``expected`` and ``count`` are the numbers of entrants; ``log_score`` is the mean of -ln of the chance that each outsider did what it did,
    ``base_score`` that of the base rate; what was never drawn counts as half a draw. ``states``: a row an outsider, with the side that it took and
    its chance of either, with intervals over uncertain inputs; ``pairs``: see `foedus.studies.great_pairs.pairs_at_war`.
    """

    title: str
    window: str
    days: float
    draws: int
    set_chance: float
    set_upper: float
    set_rank: int | None
    order_chance: float
    order_upper: float
    order_rank: int | None
    expected: float
    low: float
    high: float
    count: int
    log_score: float
    base_score: float
    states: pl.DataFrame
    pairs: pl.DataFrame


def score(what: Happened, drawn: War, window: str, days: float, base: float) -> Score:
    """Return how a war was drawn beside what happened, in one window.

    Parameters
    ----------
    what : Happened
    drawn : War
        With every draw kept, over the window or longer.
    window : str
        Its name.
    days : float
    base : float
        Chance that an outsider enters within the window, of the base rate.
    """
    import polars as pl

    ids = what.system.ids
    truth = np.zeros(len(ids), dtype=np.int8)
    for actor, (side, _) in what.by(days).items():
        truth[what.system.index[actor]] = side
    out = np.array([i not in {what.attacker, what.target} for i in ids])
    sides = np.where((drawn.day <= days) & out, drawn.side, 0).astype(np.int8)
    sets = Counter(row.tobytes() for row in sides)
    hits = sets[truth.tobytes()]
    orders: Counter[tuple[int, ...]] = Counter()
    same = np.flatnonzero((sides == truth).all(axis=1))
    for row, when in zip(sides, drawn.day, strict=True):
        who = np.flatnonzero(row)
        orders[tuple((row[who].astype(np.int64) * 1000 + who)[np.argsort(when[who], kind="stable")].tolist())] += 1
    history = {what.system.index[k]: day for k, (_, day) in what.by(days).items()}
    good = Counter(
        tuple((truth[w].astype(np.int64) * 1000 + w).tolist()) for w in (_order(drawn.day[d], truth) for d in same) if _agrees(w, history)
    )  # fmt: skip
    kept, ordered = len(sides), sum(good.values())
    p = np.stack([(sides == k).mean(axis=0) for k in (0, 1, 2)])
    chance = np.maximum(p[truth, np.arange(len(ids))], 1 / (2 * kept))[out]
    plain = np.where(truth[out] > 0, base / 2, 1 - base)
    sizes = (sides > 0).sum(axis=1)
    low, high = np.quantile(sizes, [0.05, 0.95])
    found = {name: by_group(drawn, sides[:, out] == k) for k, name in ((1, "a"), (2, "b"))}
    spans = {
        f"{end}_side_{name}": [getattr(e, end) for e in es] for name, es in found.items() for end in ("low", "high")
    }
    states = pl.DataFrame({
        "actor": np.array(ids)[out], "happened": [("", "A", "B")[k] for k in truth[out]], "p_side_a": p[1, out], "p_side_b": p[2, out], **spans,
    }).sort(pl.col("p_side_a") + pl.col("p_side_b"), descending=True)  # fmt: skip
    all_in = np.where(drawn.day <= days, drawn.side, 0).astype(np.int8)
    met = truth.copy()
    met[[what.system.index[what.attacker], what.system.index[what.target]]] = 1, 2
    return Score(
        what.title, window, days, kept, hits / kept, _upper(hits, kept), 1 + sum(n > hits for n in sets.values()) if hits else None,
        ordered / kept, _upper(ordered, kept), 1 + sum(n > max(good.values()) for n in orders.values()) if good else None,
        float(sizes.mean()), float(low), float(high), int((truth > 0).sum()), float(-np.log(chance).mean()), float(-np.log(plain).mean()), states,
        pairs_at_war(drawn, all_in, met),
    )  # fmt: skip


def _order(day: NDArray[np.float32], truth: NDArray[np.int8]) -> NDArray[np.int64]:
    """Return the entrants in the order of their days."""
    who = np.flatnonzero(truth)
    return who[np.argsort(day[who], kind="stable")]


def _agrees(order: NDArray[np.int64], history: dict[int, int]) -> bool:
    """Return whether an order is that of history, days that are the same in any order."""
    days = [history[int(x)] for x in order]
    return days == sorted(days)


def _upper(hits: int, n: int) -> float:
    """Return the upper end of the 90 % interval of a share."""
    return float(wilson(np.array([float(hits)]), n)[1][0])


def _capability(system: System) -> list[float]:
    """Return the capability shares at the means of the inputs."""
    from foedus.war.field import ground

    return ground(system, seed=1, outer=1).power[0].tolist()


@dataclass(frozen=True)
class GreatWar:
    """A war in both windows, and what voiding single pacts would have changed within 365 days."""

    what: Happened
    scores: tuple[Score, ...]
    without: tuple[Firebreak, ...]


def great_war(
    what: Happened, evidence: Evidence, *, draws: int = DRAWS, pacts: int = 4, workers: int = 1, seed: int = 1
) -> GreatWar:
    """Return a great war, drawn with rates fitted without any event that has a day within its span.

    Parameters
    ----------
    what : Happened
    evidence : Evidence
    draws : int
    pacts : int
        How many pacts to void one by one, those whose members came most often beside their allies.
    workers, seed : int
    """
    start = what.system.date + dt.timedelta(days=1)
    rates = evidence.without(start, what.last)
    drawn = war(what.system, what.attacker, what.target, draws=draws, seed=seed, workers=workers, rates=rates)
    scores = [score(what, drawn, name, days, evidence.base_rate(days, start, what.last)) for name, days in what.windows]
    voided = firebreaks(drawn, pacts=pacts, actors=0, draws=min(PAIRED, draws), workers=workers) if pacts else ()
    return GreatWar(what, tuple(scores), voided)
