"""One simulated war step by step: who entered on which day, on whose account, and what weighed how much; who left, and when it ended.

A draw is a function of its number, so any of a million can be drawn again; what is told is computed by the plain twin of the compiled kernel. Says
what the model weighed, not what moves states.
"""

from __future__ import annotations

import datetime as dt
import math
from bisect import bisect_right
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from foedus.errors import parameter
from foedus.kernels import cascade, cascade_reference
from foedus.kernels.cascade import CAUSES
from foedus.war.field import theatre
from foedus.war.history import beside
from foedus.war.result import CAUSE_WORDS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from foedus.kernels.cascade_reference import Moment
    from foedus.war.field import Theatre
    from foedus.war.history import History, Marked
    from foedus.war.result import War

WORST = 0.05
"""Share of the wars, largest first, that are called the worst."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One actor's entry: its day, its side ``A`` or ``B``, and how it came about.

    ``rate`` is the rate a day at which it entered that side on that day, ``terms`` those of its logarithm but for those of 0. ``cause`` is the
    heaviest term, or ``attacked``; ``link`` the kind of the link, attraction split by alignment and sponsorship; ``through`` the belligerent on
    whose account, or which attacked; ``pledges`` those that bound the actor to that side.
    """

    actor: str
    day: float
    side: str
    rate: float
    cause: str
    link: str
    through: str | None
    terms: dict[str, float]
    pledges: tuple[str, ...]

    @property
    def chance(self) -> float:
        """Chance a day at which it entered."""
        return -math.expm1(-self.rate)

    def __str__(self) -> str:
        whom = f" {self.through}" if self.through else ""
        terms = ", ".join(f"{k.replace('_', ' ')} {v:+.1f}" for k, v in self.terms.items() if abs(v) >= 0.05)
        told = f"{self.actor} joins side {self.side}: {CAUSE_WORDS[self.link]}{whom}"
        bound = f"; bound by {'; '.join(self.pledges)}" if self.pledges else ""
        return f"{told} ({100 * self.chance:.2g} % a day{bound}; log-rate: {terms})"


@dataclass(frozen=True)
class Replay:
    """A simulated war, day by day.

    Attributes
    ----------
    draw : int
        Its number, from 0.
    attacker, target : str
    start : datetime.date
        Day of the first shot.
    rounds : tuple of tuples of Entry
        Entries by class of days, of those in which somebody entered.
    left : tuple of (str, float)
        Who made a separate peace, and on which day.
    ended : float or None
        Day of the war's end; None if it was not over by the horizon.
    bound_but_out : tuple of (str, tuple of str)
        Actors that stayed out though pledges bound them at the end, and the pledges.
    factor : float
        By which all rates of entering this war are multiplied: how far it draws others in for reasons that are not in the terms.
    attacker_prevails : bool
    stands_for : str
        Of which wars it is the most typical, empty for a war asked for by number.
    share : float
        Share of all wars that it stands for; 1 / draws for a war asked for by number.
    chances : dict of str to (float, float)
        In the wars that it stands for, the share in which an actor is on side A and on side B; empty for a war asked for by number.
    marked : Marked or None
        The war beside the course on record; None if no history was given.
    """

    draw: int
    attacker: str
    target: str
    start: dt.date
    rounds: tuple[tuple[Entry, ...], ...]
    left: tuple[tuple[str, float], ...]
    ended: float | None
    bound_but_out: tuple[tuple[str, tuple[str, ...]], ...]
    factor: float
    attacker_prevails: bool
    stands_for: str
    share: float
    chances: dict[str, tuple[float, float]]
    marked: Marked | None = None

    @property
    def size(self) -> int:
        """Number of belligerents."""
        return 2 + sum(len(r) for r in self.rounds)

    def __str__(self) -> str:
        of = (
            f": the most typical of {self.stands_for} ({100 * self.share:.3g} % of the wars)" if self.stands_for else ""
        )
        past = self.marked
        told = [(e.day, str(e) + (past.of_entry(e.actor) if past else "")) for r in self.rounds for e in r]
        told += [(day, f"{a} makes a separate peace" + (past.of_leaving(a) if past else "")) for a, day in self.left]
        if self.ended is not None:
            ending = f"The war ends; side {'A' if self.attacker_prevails else 'B'} prevails"
            told.append((self.ended, ending + (past.of_end() if past else "")))
        lines = [
            f"War {self.draw}, {self.size} belligerents{of}; all rates times {self.factor:.2g}",
            f"{self.start}: {self.attacker} (side A) attacks {self.target} (side B)",
            *(f"{self.start + dt.timedelta(days=int(day))} (day {int(day)}): {what}" for day, what in sorted(told)),
        ]
        if self.ended is None:
            lines += [
                f"Not over by the horizon; side {'A' if self.attacker_prevails else 'B'} is the one that would prevail"
            ]
        lines += [f"  {actor} is bound and stays out: {'; '.join(p)}" for actor, p in self.bound_but_out]
        return "\n".join(lines + (past.lines() if past else []))

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON's own types."""
        return {
            "draw": self.draw, "attacker": self.attacker, "target": self.target, "start": self.start.isoformat(), "belligerents": self.size,
            "rounds": [[asdict(e) | {"pledges": list(e.pledges)} for e in r] for r in self.rounds],
            "left": [{"actor": a, "day": d} for a, d in self.left], "ended": self.ended,
            "bound_but_out": [{"actor": a, "pledges": list(p)} for a, p in self.bound_but_out],
            "factor": self.factor, "attacker_prevails": self.attacker_prevails, "stands_for": self.stands_for, "share": self.share,
            "chances": {a: {"side_a": x, "side_b": y} for a, (x, y) in self.chances.items()}, "standing": "simulated",
        } | ({"history": self.marked.to_dict()} if self.marked else {})  # fmt: skip


def replay(war: War, which: int | Literal["median", "worst"] = "median", *, history: History | None = None) -> Replay:
    """Return one of the simulated wars, day by day.

    Parameters
    ----------
    war : War
    which : int, "median" or "worst"
        The number of a draw, from 0; or the most typical among the wars of median size, or among the largest, which are at least one in 20. The most
        typical is the one whose sides are, actor by actor, the commonest, of the first 64 of each size.
    history : History, optional
        The war on record, which `foedus.studies.war_record.on_record` finds: each step is marked with whether it happened.

    Returns
    -------
    Replay

    Raises
    ------
    ParameterError
        No such draw.

    Examples
    --------
    >>> import foedus as fd
    >>> w = fd.load("europe-1914").war("AUH", "SER", draws=200, seed=1)
    >>> replay(w, 7).draw
    7
    """
    stage = theatre(war.system, seed=war.seed, outer=len(war.power), table=war.ties, rates=war.rates)
    if which in ("median", "worst"):
        draw, told, sizes = _typical(war, stage, which)
        share, chances = _of_sizes(war, sizes)
    elif isinstance(which, int) and 0 <= which < war.draws:
        draw, told, share, chances = which, "", 1 / war.draws, {}
    else:
        raise parameter("which", which, f"median, worst or a number from 0 to {war.draws - 1}")
    a, b = (war.system.index[x] for x in (war.attacker, war.target))
    arguments = (war.seed, draw, a, b, war.inner, war.days, stage.field, stage.pledges)
    told_of = list(cascade_reference.moments(*arguments))
    won = bool(cascade_reference.spread_reference(*arguments).won[0])
    factor = cascade_reference.shared_factor(war.seed, draw, war.inner, stage.field)
    entries = [_entry(war, stage, draw, m, factor) for m in told_of if m.what == "entry"]
    ids, last = war.system.ids, told_of[-1]
    rounds = [tuple(group) for _, group in groupby(entries, key=lambda e: bisect_right(cascade.CUTS, e.day))]
    left = tuple((ids[m.actor], m.day) for m in told_of if m.what == "leaving")
    out = [(int(x), _pledges(war, stage, last, int(x))) for x in np.flatnonzero(last.side == 0)]
    bound = tuple((ids[x], pledges) for x, pledges in out if pledges)
    ended = last.day if last.what == "end" else None
    past = history and beside(history, (war.attacker, war.target), {e.actor: e.side for e in entries}, war.days)
    return Replay(
        draw, war.attacker, war.target, war.system.date, tuple(rounds), left, ended, bound, factor, won, told,
        share, chances, past,
    )  # fmt: skip


def _entry(war: War, stage: Theatre, draw: int, one: Moment, factor: float) -> Entry:
    """Return what weighed in one actor's entry."""
    k, x, ids = one.joins, one.actor, war.system.ids
    through = ids[one.through] if one.through >= 0 else None
    terms = {name: float(v) for name, v in zip((*cascade.RATE_TERMS, "pledge"), one.terms[:, k, x], strict=True) if v}
    o = draw // war.inner % len(war.power)
    rate = float(one.rate[k, x] * factor * np.exp(stage.field.base[o, bisect_right(cascade.CUTS, one.day) - 1]))
    cause = CAUSES[one.cause]
    return Entry(
        ids[x],
        one.day,
        " AB"[k],
        rate,
        cause,
        war.link(ids[x], cause, through),
        through,
        terms,
        _pledges(war, stage, one, x, k),
    )


def _pledges(war: War, stage: Theatre, one: Moment, x: int, side: int = 0) -> tuple[str, ...]:
    """Return the pledges that bind an actor at a moment, to one side or to either."""
    told, actor, index = [], war.system.ids[x], war.system.index
    for p in np.flatnonzero(one.claims.binding):
        pact, pledge, ally = stage.nouns[p]
        if pledge.by == actor and side in (0, one.side[index[ally]]):
            told.append(f"{pledge.type} of {ally} ({pact.name})")
    return tuple(sorted(set(told)))


def _typical(war: War, stage: Theatre, which: str) -> tuple[int, str, NDArray[np.int64]]:
    """Return the most typical draw among the wars of median size or the worst, what they are, and their sizes."""
    sizes, total = war.tally.sizes, war.draws
    if which == "median":
        chosen = np.array([int(np.searchsorted(np.cumsum(sizes), (total - 1) // 2, side="right"))])
        told = f"those of median size, {chosen[0]} belligerents"
    else:
        at_least = np.cumsum(sizes[::-1])[::-1]
        least = int(np.flatnonzero(at_least >= WORST * total)[-1])
        chosen = np.flatnonzero(sizes[least:]) + least
        told = f"the worst, with {least} belligerents or more"
    numbers = np.sort(war.tally.sample[chosen].ravel())
    numbers = numbers[numbers >= 0]
    share = war.tally.member[chosen].sum(axis=0) / sizes[chosen].sum()
    likely = np.vstack([1.0 - share.sum(axis=0), share])
    shot = tuple(war.system.index[a] for a in (war.attacker, war.target))
    scores = [likely[_sides(war, stage, int(d), shot), np.arange(likely.shape[1])].sum() for d in numbers]
    return int(numbers[int(np.argmax(scores))]), told, chosen


def _sides(war: War, stage: Theatre, draw: int, shot: tuple[int, ...]) -> NDArray[np.int8]:
    """Return the sides of one draw."""
    a, b = (np.full(1, x, dtype=np.int64) for x in shot)
    return cascade.spread(np.uint64(war.seed), draw, a, b, war.inner, war.days, stage.field, stage.pledges, -1)[0][0]


def _of_sizes(war: War, sizes: NDArray[np.int64]) -> tuple[float, dict[str, tuple[float, float]]]:
    """Return the share of the wars that have these sizes, and in them each actor's share on either side."""
    wars = int(war.tally.sizes[sizes].sum())
    share = war.tally.member[sizes].sum(axis=0) / wars
    return wars / war.draws, {a: (float(share[0, k]), float(share[1, k])) for k, a in enumerate(war.system.ids) if share[:, k].any()}  # fmt: skip
