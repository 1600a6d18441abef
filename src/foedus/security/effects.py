"""Chances of every actor that one pact changes, with it and without it, draw by draw.

The hazards are `foedus.security.hazard.Threats`, two of the same actors and the same draws; every number is the system with the pact less the system
without it. Which of them are added up, and who is told, is for `foedus.security.account`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from foedus.errors import parameter
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
    """What a pact changes, each of shape (n_draws, n); chances are a year, and below zero is a fall.

    Attributes
    ----------
    attacked, beaten : float array
        Attacked by anybody; attacked by anybody and beaten.
    by_members, beaten_by_members : float array
        The same by members alone; of a member, by the other members.
    wins : float array
        Attacks a member and prevails, against at least one of them.
    prevails : float array
        Prevails if it attacks a member, mean over members: given the attack.
    gap : float array
        Natural log of the strength that would stand against it for each unit that it can bring against a member, mean over members.
    """

    attacked: NDArray[np.float64]
    beaten: NDArray[np.float64]
    by_members: NDArray[np.float64]
    beaten_by_members: NDArray[np.float64]
    wins: NDArray[np.float64]
    prevails: NDArray[np.float64]
    gap: NDArray[np.float64]

    @property
    def alarm(self) -> NDArray[np.float64]:
        """What an outsider has to fear from the pact: more chance to be beaten by members, less chance to attack and beat one."""
        return self.beaten_by_members - self.wins


def changes(before: Threats, after: Threats, members: Sequence[int]) -> Changes:
    """Return what a pact changes for every actor.

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
    without, with_ = _state(before, inside), _state(after, inside)
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
    share = (both / total).ravel()
    u = np.random.default_rng(np.random.SeedSequence([seed, 29])).random(count)
    cell = np.searchsorted(np.cumsum(share), u, side="right").clip(max=n * n - 1)
    a, b = (cell // n).astype(np.int64), (cell % n).astype(np.int64)
    out = []
    for world, own in zip((before, after), chance, strict=True):
        joined = run(world.stage, a, b, seed=seed, workers=workers).side > 0
        joined[np.arange(count), a] = joined[np.arange(count), b] = False
        out.append(joined * (own.ravel()[cell] / share[cell])[:, None])
    return out[0], out[1]


def _state(world: Threats, inside: list[int]) -> tuple[NDArray[np.float64], ...]:
    """Return the chances of one system in the order of `Changes`, each (n_draws, n)."""
    n = len(world.system.actors)
    hazard = np.stack([world.hazard(k) for k in range(n)], axis=2)
    lost = 1 - np.stack([world.hold(k) for k in range(n)], axis=2)
    beaten = hazard * lost
    at = np.ix_(np.arange(len(hazard)), np.arange(n), inside)
    strength = np.stack([world.defence(k) for k in inside], axis=2) / np.maximum(world.offence[at], LEAST)
    return (
        _any(hazard, 1), _any(beaten, 1), _any(hazard[:, inside], 1), _any(beaten[:, inside], 1), _any(beaten[at], 2),
        _others(lost[at], inside), _others(np.log(np.maximum(strength, LEAST)), inside),
    )  # fmt: skip


def _any(chances: NDArray[np.float64], axis: int) -> NDArray[np.float64]:
    """Return the chance of at least one of independent events."""
    return 1 - np.prod(1 - chances, axis=axis)


def _others(values: NDArray[np.float64], inside: list[int]) -> NDArray[np.float64]:
    """Return the mean over members other than the actor itself, shape (n_draws, n); 0 for a sole member against itself."""
    other = np.ones(values.shape[1:])
    other[inside, np.arange(len(inside))] = 0.0
    return np.einsum("dnm,nm->dn", values, other) / np.maximum(other.sum(axis=1), 1)
