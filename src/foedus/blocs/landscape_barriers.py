"""Barriers of a landscape: how high the easiest way from one configuration to another must climb, flip by flip, and where.

Exact where every configuration can be flooded; above that the highest point of a way that was found, an upper bound and called so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from foedus.errors import parameter
from foedus.kernels import landscape_flood

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from foedus.blocs.landscape_terrain import Terrain

MOST = 3_000
"""Most minima between which all barriers are listed."""


@dataclass(frozen=True)
class Barrier:
    """The pass between two configurations.

    Attributes
    ----------
    start, end : int
        Positions.
    energy : float
        Of the highest configuration on the way.
    saddle : int
        Its position.
    climb, back : float
        How far the pass stands above the start and above the end.
    exact : bool
        Whether no way stays lower; if not, ``energy``, ``climb`` and ``back`` are upper bounds.
    """

    start: int
    end: int
    energy: float
    saddle: int
    climb: float
    back: float
    exact: bool


@dataclass(frozen=True, eq=False)
class Barriers:
    """The passes between all minima, exact.

    Attributes
    ----------
    minima : tuple of int
    energy : float64 array, shape (n_minima, n_minima)
        Of the pass between two minima; on the diagonal that of the minimum.
    saddle : int64 array, shape (n_minima, n_minima)
        Position of one highest configuration on an easiest way.
    """

    minima: tuple[int, ...]
    energy: NDArray[np.float64]
    saddle: NDArray[np.int64]


def flooded(
    energy: NDArray[np.float64], rising: NDArray[np.int64], positions: tuple[int, ...], *, held: bool
) -> Barriers:
    """Return the passes between all of some configurations."""
    if len(positions) > MOST:
        raise parameter("minima", len(positions), f"at most {MOST:,} to list all barriers", "barrier(a, b) gives one")
    codes = np.array(positions, dtype=np.int64)
    saddle = np.tile(codes, (len(codes), 1)).T
    valley = {k: [k] for k in range(len(codes))}
    for a, b, code in landscape_flood.flood(rising, codes, not held).tolist():
        saddle[np.ix_(valley[a], valley[b])] = code
        saddle[np.ix_(valley[b], valley[a])] = code
        valley[a] += valley.pop(b)
    return Barriers(positions, energy[saddle], saddle)


def way(terrain: Terrain, start: int, end: int, *, width: int) -> tuple[float, int]:
    """Return (energy, position) of the highest point of a way that flips each actor that differs once: an upper bound.

    A beam of the ``width`` ways that have stayed lowest. Both sides of the end's bipartition are tried where no node is held.
    """
    if width < 1:
        raise parameter("width", width, "at least 1")
    eta = terrain.eta([start, end])
    goals = [eta[1]] if terrain.held else [eta[1], -eta[1]]
    return min(_beam(terrain, eta[0], goal, width) for goal in goals)


def _beam(terrain: Terrain, start: NDArray[np.int8], goal: NDArray[np.int8], width: int) -> tuple[float, int]:
    """Return (energy, position) of the highest point on the way to one goal."""
    rows, energy = start[None], terrain.energies(start[None])
    peak, summit = energy.copy(), [terrain.codes(rows)[0]]
    for _ in range(int((start != goal).sum())):
        parent, move = np.nonzero(rows != goal)
        after = energy[parent] + 2 * terrain.pulls(rows)[parent, move]
        top = np.maximum(peak[parent], after)
        fresh = rows[parent]
        fresh[np.arange(len(fresh)), move] *= -1
        best = np.lexsort((after, top))
        _, first = np.unique(fresh[best], axis=0, return_index=True)
        best = best[np.sort(first)][:width]
        codes = terrain.codes(fresh[best])
        higher = after[best] > peak[parent[best]]
        summit = [c if h else summit[p] for c, h, p in zip(codes, higher, parent[best], strict=True)]
        rows, energy, peak = fresh[best], after[best], top[best]
    return float(peak[0]), summit[0]
