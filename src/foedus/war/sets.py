"""Which sets of changes keep a war small: minimal sets of pacts to void, and the cheapest sets of acts.

Every set up to a size is simulated on the same random numbers, in order of cost; a set is reported only if no smaller part of it would do.
Because one act can widen a war that another narrows, a set that holds does not prove that a larger one does: none is skipped but for holding a
set that was found.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from foedus.errors import parameter
from foedus.estimate.nested import Estimate, nested
from foedus.system.edits import AddPact, ChangeTie, Intervene, RemoveActor, VoidPact
from foedus.system.lookup import slug
from foedus.system.nouns import Member, Pact, Pledge
from foedus.system.values import Quantity
from foedus.war.firebreaks import busiest, drawing_pacts
from foedus.war.worlds import Worlds

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from foedus.system.assumed import Edit
    from foedus.system.nouns import Tie
    from foedus.war.result import War
    from foedus.war.worlds import What

COSTS = {"stay out": 1.0, "mediate": 1.0, "guarantee": 2.0, "deploy": 3.0, "void": 1.0}
"""Cost of an act by kind where none is given: an assumption that a user replaces."""
WORTH = 0.005
"""Least rise of the measure that is told."""
EFFORT = Quantity(0.1, 0.3)
"""Share of its capability that a deploying state puts in: an assumption."""


@dataclass(frozen=True, slots=True)
class Act:
    """Something that a state could do: its kind, in words, the edits that it is, and its cost."""

    kind: str
    what: str
    edits: tuple[Edit, ...]
    cost: float


@dataclass(frozen=True, slots=True)
class Holding:
    """A set that holds the measure at or below the bound: at its mean; ``sure`` if at the upper end of the interval as well."""

    acts: tuple[Act, ...]
    cost: float
    value: Estimate
    sure: bool


@dataclass(frozen=True)
class Sets:
    """What was found.

    Attributes
    ----------
    holding : tuple of Holding
        Sets of which no part holds, cheapest first; empty if none up to ``size`` does.
    widening : tuple of (Act, Estimate)
        Single acts that raise the measure, with the change; only those whose interval is above zero.
    baseline : Estimate
    below : float
    size : int
        Greatest number of acts tried.
    tried : int
        Sets simulated.
    """

    holding: tuple[Holding, ...]
    widening: tuple[tuple[Act, Estimate], ...]
    baseline: Estimate
    below: float
    size: int
    tried: int
    measure: str
    draws: int
    seed: int

    def to_dict(self) -> dict:
        """Return everything as JSON's own types."""
        return {
            "holding": [
                {"acts": [a.what for a in h.acts], "cost": h.cost, "value": h.value.to_dict(), "sure": h.sure} for h in self.holding
            ],
            "widening": [{"act": a.what, "change": e.to_dict()} for a, e in self.widening],
            "baseline": self.baseline.to_dict(), "below": self.below, "size": self.size, "tried": self.tried, "measure": self.measure,
            "draws": self.draws, "seed": self.seed, "standing": "simulated",
        }  # fmt: skip


def cut_sets(
    baseline: War,
    *,
    below: float,
    what: What = "general",
    pacts: int = 8,
    size: int = 3,
    draws: int = 2_000,
    workers: int = 1,
) -> Sets:
    """Return the minimal sets of pacts which, if void, keep a war small.

    Parameters
    ----------
    baseline : War
    below : float
        Bound on the measure.
    what : {"general", "size", "spread"}
    pacts : int
        How many are tried: those whose members came most often beside their allies.
    size : int
        Most pacts in a set.
    draws, workers : int
        Of each world.

    Raises
    ------
    ParameterError
        ``size`` below 1.

    Examples
    --------
    >>> import foedus as fd
    >>> w = fd.load("europe-1914").war("AUH", "SER", draws=500)
    >>> cut_sets(w, below=0.0, pacts=2, size=1, draws=500).holding
    ()
    """
    acts = [_void(baseline, p) for p in drawing_pacts(baseline)[:pacts]]
    return holding_sets(baseline, acts, below=below, what=what, size=size, draws=draws, workers=workers)


def holding_sets(
    baseline: War, acts: Sequence[Act] | None = None, *, below: float, what: What = "general", size: int = 2, draws: int = 2_000, workers: int = 1,
    progress: Callable[[int], None] | None = None,
) -> Sets:  # fmt: skip
    """Return the cheapest sets of acts that hold a war at or below a bound, and the acts that widen it.

    Parameters
    ----------
    baseline : War
    acts : sequence of Act, optional
        By default those of `acts_of`.
    below : float
    what : {"general", "size", "spread"}
    size : int
        Most acts in a set.
    draws, workers : int
        Of each world.
    progress : callable, optional
        Called with the number of worlds simulated.

    Returns
    -------
    Sets

    Raises
    ------
    ParameterError
        ``size`` below 1.
    """
    if size < 1:
        raise parameter("size", size, "an integer of at least 1")
    below, chosen_acts = float(below), list(acts_of(baseline) if acts is None else acts)
    worlds = Worlds(baseline, [a.edits for a in chosen_acts], draws=draws, workers=workers, progress=progress)
    before = worlds.measure(frozenset(), what)
    start = nested(before[:, None], baseline.inner, seed=baseline.seed)[0]
    every = [frozenset(c) for k in range(1, size + 1) for c in combinations(range(len(chosen_acts)), k)]
    every.sort(key=lambda c: (sum(chosen_acts[k].cost for k in c), len(c), sorted(c)))
    found: list[tuple[frozenset[int], Holding]] = []
    if start.mean <= below:
        found.append((frozenset(), Holding((), 0.0, start, start.high <= below)))
    for chosen in every:
        if any(part <= chosen for part, _ in found):
            continue
        value = nested(worlds.measure(chosen, what)[:, None], baseline.inner, seed=baseline.seed)[0]
        if value.mean <= below:
            members = tuple(chosen_acts[k] for k in sorted(chosen))
            found.append((chosen, Holding(members, sum(a.cost for a in members), value, value.high <= below)))
    widening = []
    for k, act in enumerate(chosen_acts):
        more = worlds.measure(frozenset((k,)), what) - before
        change = nested(more[:, None], baseline.inner, seed=baseline.seed, shares=False)[0]
        if change.low > 0 and change.mean >= WORTH:
            widening.append((act, change))
    widening.sort(key=lambda w: -w[1].mean)
    return Sets(
        tuple(h for _, h in found),
        tuple(widening),
        start,
        below,
        size,
        worlds.computed,
        what,
        worlds.draws,
        baseline.seed,
    )


def acts_of(baseline: War, *, costs: dict[str, float] | None = None, third: int = 4) -> list[Act]:
    """Return acts of third parties that a simulated war suggests.

    The ``third`` actors through whom most others came may stay out; a mediator may halve the coded quarrels along the commonest entries by
    enmity; great powers that are not in it from the first may guarantee the target, or deploy for it. Denying transit is not among them: a system
    has no routes.

    Parameters
    ----------
    baseline : War
    costs : dict of str to float, optional
        Replace `COSTS`.
    third : int
    """
    price, system, date = COSTS | (costs or {}), baseline.system, baseline.system.date
    shot = {baseline.attacker, baseline.target}
    busy = [a for a in busiest(baseline) if a not in shot][:third]
    acts = [Act("stay out", f"{a} stays out", (RemoveActor(a),), price["stay out"]) for a in busy]
    for a, b in _quarrels(baseline)[:third]:
        ties = [t for t in system.active_ties() if {t.a, t.b} == {a, b} and t.strength.high < 0 and t.reason != "war"]
        if ties:
            acts.append(
                Act(
                    "mediate",
                    f"the quarrels of {a} and {b} are halved",
                    tuple(_halved(t) for t in ties),
                    price["mediate"],
                )
            )
    for actor in system.actors:
        if actor.major and actor.id not in shot:
            pledge = Pledge(actor.id, "defense", (baseline.target,))
            name = f"Guarantee of {baseline.target} by {actor.id}"
            pact = Pact(slug(name), name, "guarantee", (Member(actor.id), Member(baseline.target)), (pledge,))
            acts.append(
                Act("guarantee", f"{actor.id} guarantees {baseline.target}", (AddPact(pact),), price["guarantee"])
            )
            if not any(p.kind == "intervention" and actor.id in p.active_members(date) for p in system.active_pacts()):
                force = (Intervene(actor.id, baseline.target, (baseline.attacker,), EFFORT),)
                acts.append(Act("deploy", f"{actor.id} deploys for {baseline.target}", force, price["deploy"]))
    return acts


def _void(baseline: War, pact: str) -> Act:
    """Return the act of voiding a pact."""
    name = next(p.name for p in baseline.system.pacts if p.id == pact)
    return Act("void", f"{name} void", (VoidPact(pact),), COSTS["void"])


def _halved(tie: Tie) -> ChangeTie:
    """Return the edit that halves a tie."""
    s = tie.strength
    return ChangeTie(
        tie.a, tie.b, tie.reason, Quantity(s.low / 2, s.high / 2) if s.mean is None else Quantity.of(s.mean / 2)
    )


def _quarrels(baseline: War) -> list[tuple[str, str]]:
    """Return the pairs along which entries by enmity came, commonest first, in the kept wars."""
    n, ids = len(baseline.system.actors), baseline.system.ids
    counts = np.zeros((n, n), dtype=np.int64)
    draw, actor = np.nonzero((baseline.cause == 3) | (baseline.cause == 6))
    np.add.at(counts, (actor, baseline.through[draw, actor]), 1)
    counts = np.triu(counts + counts.T)
    order = np.argsort(-counts, axis=None, kind="stable")[: np.count_nonzero(counts)]
    return [(ids[k // n], ids[k % n]) for k in order.tolist()]
