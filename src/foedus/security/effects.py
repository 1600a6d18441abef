"""Chances of every actor that one pact changes, with it and without it, draw by draw.

The hazards are `foedus.security.hazard.Threats`, two of the same actors and the same draws; every number is the system with the pact less the system
without it. Which of them are added up, and who is told, is for `foedus.security.account`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from foedus.errors import parameter
from foedus.security.hazard import first_shots
from foedus.war.batches import INNER
from foedus.war.simulate import run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from foedus.security.hazard import Threats

LEAST = 1e-12
"""Strength below which a ratio of strengths is not taken further."""


@dataclass(frozen=True)
class Changes:
    """What a pact changes, each of shape (n_draws, n): expected numbers a year, which for such small ones are close to chances; below zero is a fall.

    Attributes
    ----------
    attacked, beaten : float array
        Attacks on it; attacks that beat it. For an outsider only those by members can change.
    wins : float array
        Attacks on a member that beat it; 0 for members.
    prevails : float array
        Chance to prevail if it attacks a member, mean over members; 0 for members.
    gap : float array
        Natural log of the strength that would stand against it for each unit on its side if it attacks a member, mean over members; 0 for members.
    """

    attacked: NDArray[np.float64]
    beaten: NDArray[np.float64]
    wins: NDArray[np.float64]
    prevails: NDArray[np.float64]
    gap: NDArray[np.float64]

    @property
    def alarm(self) -> NDArray[np.float64]:
        """What an outsider has to fear from the pact: more attacks by members that beat it, fewer of its own that beat one."""
        return self.beaten - self.wins


def changes(before: Threats, after: Threats, members: Sequence[int]) -> Changes:
    """Return what a pact changes for every actor.

    Only pairs with a member are computed: pledges to others, and how others like each other, are the same with the pact and without it.

    Parameters
    ----------
    before, after : Threats
        Without and with the pact: the same actors in the same order, seed and number of draws.
    members : sequence of int
        Positions of the members.

    Returns
    -------
    Changes

    Raises
    ------
    ParameterError
        No members, or systems of other actors.
    """
    inside = sorted(set(members))
    if not inside:
        raise parameter("members", list(members), "at least one position")
    if before.system.ids != after.system.ids:
        raise parameter("before, after", "systems of other actors", "the same actors in the same order")
    without, with_ = _state(before.about(inside), inside), _state(after.about(inside), inside)
    return Changes(*(b - a for a, b in zip(without, with_, strict=True)))


def drawn_into(
    before: Threats, after: Threats, *, wars: int, seed: int, workers: int = 1
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return wars a year that begin between others and draw each actor in, without and with the pact, war by war.

    First shots are drawn in proportion to the chance of both systems together and weighted back to each; both arms share shots and random numbers.

    Parameters
    ----------
    before, after : Threats
    wars : int
        Simulated wars; rounded up to whole groups of `INNER` that share their inputs.
    seed, workers : int

    Returns
    -------
    two float64 arrays, shape (wars, n)
        Their means over wars are the expected numbers a year; consecutive runs of `INNER` share inputs.
    """
    count = -(-wars // INNER) * INNER
    n = len(before.system.actors)
    chance = [w.matrix for w in (before, after)]
    both = (chance[0] + chance[1]) / 2
    total = both.sum()
    if total <= 0:
        return np.zeros((count, n)), np.zeros((count, n))
    share = both / total
    u = np.random.default_rng(np.random.SeedSequence([seed, 29])).random(count)
    a, b = first_shots(share, before.system.ids, u)
    out = []
    for world, own in zip((before, after), chance, strict=True):
        joined = run(world.stage, a, b, seed=seed, workers=workers).side > 0
        joined[np.arange(count), a] = joined[np.arange(count), b] = False
        out.append(joined * (own[a, b] / share[a, b])[:, None])
    return out[0], out[1]


def _state(world: Threats, inside: list[int]) -> tuple[NDArray[np.float64], ...]:
    """Return the numbers of one system in the order of `Changes`, over pairs with a member, each (n_draws, n)."""
    n, outside = len(world.system.actors), np.ones(len(world.system.actors), dtype=np.bool_)
    outside[inside] = False
    attacked, beaten, wins, prevails, gap = (np.zeros((len(world.decisiveness), n)) for _ in range(5))
    for m in inside:
        hazard, lost = world.hazard(m), 1 - world.hold(m)
        attacked[:, m], beaten[:, m] = hazard.sum(axis=1), (hazard * lost).sum(axis=1)
        wins += hazard * lost * outside
        prevails += lost * outside / len(inside)
        strength = np.maximum(world.defence(m), LEAST) / np.maximum(world.against(m), LEAST)
        gap += np.log(strength) * outside / len(inside)
    few = world.limited(inside)
    for k in np.flatnonzero(outside).tolist():
        hazard, lost = few.hazard(k), 1 - few.hold(k)
        attacked[:, k], beaten[:, k] = hazard.sum(axis=1), (hazard * lost).sum(axis=1)
    return attacked, beaten, wins, prevails, gap
