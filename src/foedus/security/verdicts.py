"""Which verdicts of a system turn on one actor's stance: blocs, courses in a war and likeliest attackers, as stated and under drawn stances.

Every comparison is paired on common random numbers, so that only the stance differs: the line-up of each draw under its stance against the same draw
as stated; wars and threats under the stance of a draw against those as stated. What simulation alone would flip is measured by a second seed.
Bargains nothing; see `foedus.security.stance`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from foedus.blocs.drawn import drawn_line_ups
from foedus.blocs.exact import partition
from foedus.blocs.result import heard
from foedus.estimate.nested import Estimate, drawn, nested
from foedus.estimate.wilson import wilson
from foedus.security.hazard import threats
from foedus.system.nouns import REASONS, Preference
from foedus.system.propensity import Propensity, propensity
from foedus.system.stance_edits import TakeStance
from foedus.system.values import Quantity
from foedus.war.simulate import war

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from foedus.params import Params
    from foedus.system.system import System

Kind = Literal["bloc", "war", "attacker", "holds"]
COURSES = ("stays out", "with the attacker", "with the target")
NOBODY = "nobody"
"""Stands for the head of a bloc without members."""
RARE = 0.1
"""Share of the wars below which an actor is said to stay out."""
INTEREST = REASONS.index("interest")


def spread(values: NDArray[np.float64]) -> Estimate:
    """Return the mean and interval of shares over draws, never narrower than what so few draws leave open."""
    inputs, noise = drawn(values), nested(values[:, None], 1)[0]
    return Estimate(inputs.mean, min(inputs.low, noise.low), max(inputs.high, noise.high), noise.mc_error)


@dataclass(frozen=True, slots=True)
class Verdict:
    """One verdict as stated, and in what share of drawn stances it is another one (with Wilson's interval over draws).

    ``kind``: ``bloc`` (in which an actor stands), ``war`` (on whose side it comes into the war ``where``, if at all), ``attacker`` (who is
    likeliest to attack it) or ``holds`` (whether it would hold against that one). ``instead`` is the most frequent other verdict, empty if none.
    """

    kind: Kind
    actor: str
    where: str
    stated: str
    flips: float
    low: float
    high: float
    instead: str

    def to_dict(self) -> dict[str, Any]:
        """Return a plain form."""
        return {k: getattr(self, k) for k in self.__slots__}


@dataclass(frozen=True)
class Share:
    """Share of the verdicts of one kind that differ from those as stated: over drawn stances, and by simulation alone (None where there is none)."""

    count: int
    share: Estimate
    alone: float | None


class Blocs:
    """Line-ups of a system as stated and under drawn stances of one actor.

    Parameters
    ----------
    system : System
    actor : str
        Its id.
    issues : tuple of str
        Ids of those whose tie is set.
    draws, seed : int
    table : Params, optional
        Replaces the table of reasons.
    """

    def __init__(
        self, system: System, actor: str, issues: tuple[str, ...], *, draws: int, seed: int, table: Params | None = None
    ) -> None:
        self.system, self.actor, self.issues = system, actor, issues
        self.centre = propensity(system, seed=None, table=table)
        c = self.centre
        self.two = partition(c.n, c.i, c.j, heard(c.weight[0]))
        self.before = propensity(system, seed=seed, n_draws=draws, table=table)
        unit = TakeStance(actor, tuple(Preference(x, Quantity(1.0, 1.0)) for x in issues)).apply(system)
        self._unit = {s: propensity(unit, seed=s, n_draws=draws, table=table) for s in (seed, None)}
        self.seed = seed
        label = self._searched(self.before)
        weight = np.sqrt(c.power[0])
        weight[system.index[actor]] = 0.0
        self.stated = label ^ ((label == self.two.label) @ weight < weight.sum() / 2)[:, None]

    def under(self, ties: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return labels under ties drawn, shape (n_draws, n_issues) to (n_draws, n)."""
        label = self._searched(self._with(self._unit[self.seed], ties))
        return label ^ self._reversed(label, self.stated)

    def at_centre(self, ties: NDArray[np.float64]) -> tuple[NDArray[np.int64], bool]:
        """Return the best line-up with every other number at its centre under ties of shape (n_issues,), and whether it is proved."""
        p = self._with(self._unit[None], ties[None])
        found = partition(p.n, p.i, p.j, heard(p.weight[0]))
        label = found.label[None]
        return (label ^ self._reversed(label, self.two.label[None]))[0], found.proved

    def heads(self) -> tuple[str, str]:
        """Return the member of each bloc at the centre to whom most friendly ties lead, the actor itself left out."""
        c, label = self.centre, self.two.label
        friendly = np.where((c.weight[0] > 0) & (label[c.i] == label[c.j]), c.weight[0], 0.0)
        pull = np.bincount(c.i, friendly, c.n) + np.bincount(c.j, friendly, c.n)
        pull[self.system.index[self.actor]] = -1.0
        one, other = (
            self.system.ids[int(np.argmax(np.where(label == side, pull, -2.0)))] if (label == side).any() else NOBODY
            for side in (0, 1)
        )
        return one, other

    def _with(self, unit: Propensity, ties: NDArray[np.float64]) -> Propensity:
        """Return propensities in which the actor's ties of interest have the strengths given: they are linear in them."""
        me, parts, residual = self.system.index[self.actor], unit.parts.copy(), unit.residual.copy()
        old = set(zip(self.before.i.tolist(), self.before.j.tolist(), strict=True))
        for k, x in enumerate(self.issues):
            a, b = sorted((me, self.system.index[x]))
            at = np.flatnonzero((unit.i == a) & (unit.j == b))
            parts[:, INTEREST, at] *= ties[:, k, None]
            if (a, b) not in old:
                residual[:, at] = 0.0
        return replace(unit, parts=parts, residual=residual)

    def _searched(self, p: Propensity) -> NDArray[np.int64]:
        """Return line-ups of drawn propensities, shape (n_draws, n)."""
        return drawn_line_ups(p.n, p.i, p.j, p.weight, self.two.label)[0]

    def _reversed(self, label: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return which line-ups have their labels the other way round, shape (n_draws, 1): turned, fewer of the other actors differ."""
        differ = label != other
        differ[:, self.system.index[self.actor]] = False
        return (2 * differ.sum(axis=1) > label.shape[1] - 1)[:, None]


def drawn_in(
    system: System, shots: Sequence[tuple[str, str]], *, draws: int, seed: int, table: Params | None = None
) -> NDArray[np.float64]:
    """Return the chance of each actor to come in on either side of the war of each first shot, shape (2, n_shots, n), the attacker's side first."""
    sides = [war(system, a, b, draws=draws, seed=seed, table=table).side for a, b in shots]
    return np.stack([[(side == k).mean(axis=0) for side in sides] for k in (1, 2)])


def course(chance: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return positions in `COURSES` of chances (2, ...), shape (...): on whose side more often, or out in all but `RARE` of the wars."""
    return np.where(chance.sum(axis=0) < RARE, 0, np.where(chance[0] >= chance[1], 1, 2))


def other_course(was: NDArray[np.float64], now: NDArray[np.float64], draws: int) -> NDArray[np.bool_]:
    """Return whether courses differ by more than simulation: the word is another and what decides it moved by two standard errors of a difference.

    Parameters
    ----------
    was, now : float64 arrays, shape (2, ...)
    draws : int
        Simulated wars behind each.
    """
    a, b = course(was), course(now)
    into = (a == 0) | (b == 0)
    moved = np.where(into, now.sum(axis=0) - was.sum(axis=0), (now[0] - now[1]) - (was[0] - was[1]))
    return (a != b) & (np.abs(moved) > 2 * np.sqrt(2 * RARE * (1 - RARE) / draws))


def dangers(system: System, *, draws: int, seed: int, table: Params | None = None) -> tuple[list[str], list[str]]:
    """Return (who is likeliest to attack each actor, whether the actor would hold against that one more often than not)."""
    world = threats(system, seed=seed, draws=draws, table=table)
    foe = world.matrix.argmax(axis=0)
    holds = [world.hold(k)[:, foe[k]].mean() >= 0.5 for k in range(len(system.ids))]
    return [system.ids[k] for k in foe], ["holds" if h else "does not hold" for h in holds]


@dataclass(frozen=True)
class Judged:
    """Verdicts of one kind as stated, and where they differ: ``differ`` bool (n_draws, m); ``alone`` the share that a second seed flips."""

    kind: Kind
    about: tuple[tuple[str, str], ...]
    stated: tuple[str, ...]
    differ: NDArray[np.bool_]
    instead: tuple[str, ...]
    alone: float | None = None

    @classmethod
    def of(
        cls, kind: Kind, about: Sequence[tuple[str, str]], stated: Sequence[str], under: Sequence[Sequence[str]], again: Sequence[str]
    ) -> Judged:  # fmt: skip
        """Return verdicts in words: as stated, under each draw, and as stated with another seed."""
        differ = np.array([[x != y for x, y in zip(stated, other, strict=True)] for other in under])
        others = [
            Counter(other[k] for other in under if other[k] != was).most_common(1) for k, was in enumerate(stated)
        ]
        alone = float(np.mean([x != y for x, y in zip(stated, again, strict=True)]))
        return cls(kind, tuple(about), tuple(stated), differ, tuple(o[0][0] if o else "" for o in others), alone)

    @property
    def share(self) -> Share:
        """Share of the verdicts that differ, over draws."""
        return Share(len(self.stated), spread(self.differ.mean(axis=1)), self.alone)

    def verdicts(self) -> list[Verdict]:
        """Return them one by one."""
        hits = self.differ.sum(axis=0).astype(np.float64)
        low, high = wilson(hits, len(self.differ))
        rows = zip(self.about, self.stated, hits / len(self.differ), low, high, self.instead, strict=True)
        return [
            Verdict(self.kind, actor, where, was, float(f), float(lo), float(hi), other)
            for (actor, where), was, f, lo, hi, other in rows
        ]


def judge_blocs(system: System, blocs: Blocs, label: NDArray[np.int64]) -> Judged:
    """Return in which bloc every actor with ties stands: draws under a stance against the same draws as stated."""
    c, heads = blocs.centre, blocs.heads()
    tied = np.unique(np.concatenate([c.i, c.j]))
    differ = (label != blocs.stated)[:, tied]
    side = blocs.two.label[tied]
    instead = tuple(f"with {heads[1 - s]}" if d else "" for s, d in zip(side.tolist(), differ.any(axis=0), strict=True))
    about = tuple((system.ids[k], "") for k in tied.tolist())
    return Judged("bloc", about, tuple(f"with {heads[s]}" for s in side.tolist()), differ, instead)


def judge_wars(
    system: System,
    edited: Sequence[System],
    shots: Sequence[tuple[str, str]],
    *,
    draws: int,
    seed: int,
    table: Params | None = None,
) -> tuple[Judged, NDArray[np.float64]]:
    """Return what others do in the wars of some first shots, edited systems against the one stated.

    And the chance of each actor to be drawn in in each edited system, shape (n_edited, n_shots, n).
    """
    was, again = (drawn_in(system, shots, draws=draws, seed=s, table=table) for s in (seed, seed + 1))
    now = np.stack([drawn_in(other, shots, draws=draws, seed=seed, table=table) for other in edited], axis=1)
    at = [(s, k) for s, shot in enumerate(shots) for k, x in enumerate(system.ids) if x not in shot]
    rows, columns = np.array(at).T
    differ = other_course(was[:, None], now, draws)[:, rows, columns]
    words, others = course(was)[rows, columns], course(now)[:, rows, columns]
    instead = [Counter(COURSES[w] for w in others[differ[:, m], m]).most_common(1) for m in range(len(at))]
    found = Judged(
        "war", tuple((system.ids[k], ":".join(shots[s])) for s, k in at), tuple(COURSES[w] for w in words), differ,
        tuple(i[0][0] if i else "" for i in instead), float(other_course(was, again, draws)[rows, columns].mean()),
    )  # fmt: skip
    return found, now.sum(axis=0)


def judge_dangers(
    system: System, edited: Sequence[System], *, draws: int, seed: int, table: Params | None = None
) -> tuple[Judged, Judged]:
    """Return who is likeliest to attack each actor, and whether it would hold: edited systems against the one stated."""
    stated, again = (dangers(system, draws=draws, seed=s, table=table) for s in (seed, seed + 1))
    under = [dangers(other, draws=draws, seed=seed, table=table) for other in edited]
    about = [(x, "") for x in system.ids]
    foe = Judged.of("attacker", about, stated[0], [u[0] for u in under], again[0])
    return foe, Judged.of("holds", about, stated[1], [u[1] for u in under], again[1])
