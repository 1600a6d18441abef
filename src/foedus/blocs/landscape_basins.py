"""Basins of a landscape: how much of it each named dynamics leads to each local minimum, exactly or from sampled starts.

All dynamics flip one actor at a time and only downhill, so they share the minima; the basins they do not share, hence the name in every result.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from foedus.errors import parameter
from foedus.kernels import landscape_walk as walk
from foedus.kernels.streams import uniforms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from foedus.blocs.landscape_terrain import Terrain

Dynamics = Literal["steepest", "first", "random"]

_RULE = {"steepest": walk.STEEPEST, "first": walk.FIRST, "random": walk.RANDOM}
_BLOCK = 50_000
_Z = 1.959963984540054


@dataclass(frozen=True, eq=False)
class Basins:
    """Where one dynamics leads.

    Attributes
    ----------
    dynamics : {"steepest", "first", "random"}
        ``steepest``: the flip that lowers the energy most, of equal ones the actor who stands first; ``first``: the actors are asked in a fixed
        order, from its beginning after every flip, and the first who gains moves; ``random``: one of those who gain, each as likely.
    minima : tuple of int
        Positions of local minima, lowest energy first; of sampled starts only those that a draw reached.
    size : float64 array, shape (n_minima,)
        Configurations of each basin, if exact; they are whole numbers but under ``random``, where a start counts in parts. Else draws.
    share : float64 array, shape (n_minima,)
    low, high : float64 arrays, shape (n_minima,)
        95 % interval of the share (Wilson), the share itself if exact.
    exact : bool
    draws, seed : int or None
        Of sampled starts.
    """

    dynamics: Dynamics
    minima: tuple[int, ...]
    size: NDArray[np.float64]
    share: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    exact: bool
    draws: int | None
    seed: int | None


def check(terrain: Terrain, dynamics: str, order: Sequence[int] | None) -> NDArray[np.int64]:
    """Return the order in which nodes are asked.

    Raises
    ------
    ParameterError
        Unknown dynamics; an order without ``first``; an order that does not hold each actor once.
    """
    if dynamics not in _RULE:
        raise parameter("dynamics", dynamics, f"one of {', '.join(get_args(Dynamics))}")
    n, shift = terrain.m - terrain.held, int(terrain.held)
    if order is not None and dynamics != "first":
        raise parameter("order", list(order), f"none with dynamics={dynamics!r}", "only 'first' asks in a fixed order")
    turn = np.arange(n) if order is None else np.asarray(order, dtype=np.int64)
    if not np.array_equal(np.sort(turn), np.arange(n)):
        raise parameter("order", turn.tolist(), f"each of 0 to {n - 1} once")
    return turn + shift


def exact_basins(terrain: Terrain, minima: tuple[int, ...], dynamics: Dynamics, turn: NDArray[np.int64]) -> Basins:
    """Return the basins of all configurations; at most 24 nodes."""
    low, high = walk.tables(terrain.w)
    start = int(terrain.held)
    if dynamics == "random":
        size = walk.mass(low, high, terrain.tolerance, start)[list(minima)]
    else:
        goal = walk.steps(low, high, terrain.tolerance, start, _RULE[dynamics], turn)
        while not np.array_equal(further := goal[goal], goal):
            goal = further
        size = np.bincount(goal, minlength=len(goal))[list(minima)].astype(float)
    share = size / 2.0 ** (terrain.m - 1)
    return Basins(dynamics, minima, size, share, share, share, True, None, None)


def sampled_basins(terrain: Terrain, dynamics: Dynamics, turn: NDArray[np.int64], *, draws: int, seed: int) -> Basins:
    """Return the basins as ``draws`` uniformly random starts see them."""
    if draws < 1:
        raise parameter("draws", draws, "at least 1")
    count: dict[int, int] = {}
    keys = np.arange(terrain.m, dtype=np.uint64)
    for first in range(0, draws, _BLOCK):
        eta = np.where(uniforms(seed, keys, min(_BLOCK, draws - first), first=first) < 0.5, -1.0, 1.0)
        if terrain.held:
            eta[:, 0] = 1.0
        walk.descend(
            terrain.w, terrain.tolerance, int(terrain.held), _RULE[dynamics], turn, np.uint64(seed), first, eta
        )
        for code in terrain.codes(eta.astype(np.int8)):
            count[code] = count.get(code, 0) + 1
    energy = dict(zip(count, terrain.energies(terrain.eta(count)), strict=True))
    minima = tuple(sorted(count, key=lambda c: (energy[c], c)))
    size = np.array([count[c] for c in minima], dtype=float)
    share = size / draws
    middle = (share + _Z**2 / (2 * draws)) / (1 + _Z**2 / draws)
    half = _Z * np.sqrt(share * (1 - share) / draws + (_Z / (2 * draws)) ** 2) / (1 + _Z**2 / draws)
    return Basins(dynamics, minima, size, share, middle - half, middle + half, False, draws, seed)
