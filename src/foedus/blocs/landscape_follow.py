"""Minima along a path of sizes: when each appears and disappears, who leaves it first, and where it falls.

Propensities stay, sizes change from date to date. A minimum that vanishes does so at a spinodal: the pull that keeps one actor reaches zero.
Between two dates sizes are taken to move in a straight line; an actor's pull per unit of its own size, ``sum_j s_j p_ij eta_i eta_j``, is then
linear too, so the moment is exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from foedus.blocs.landscape_input import checked_sizes, symmetric
from foedus.blocs.landscape_minima import local_minima
from foedus.blocs.landscape_terrain import Terrain
from foedus.errors import parameter
from foedus.kernels import landscape_walk as walk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, eq=False)
class Track:
    """One configuration for as long as it stays a local minimum.

    Attributes
    ----------
    position : int
        As in `foedus.blocs.landscape.Landscape`.
    sides : int64 array, shape (n,)
    first, last : int
        Positions in the dates of the first and the last at which it is a minimum.
    energy : float64 array, shape (last - first + 1,)
    gone : float or None
        When it vanishes: 2.25 is a quarter of the way from date 2 to date 3. None if it stays to the end.
    leaves : str or None
        The actor whom nothing keeps there any more at that moment.
    falls_to : int or None
        Position of the minimum to which steepest descent leads from it at the next date.
    """

    position: int
    sides: NDArray[np.int64]
    first: int
    last: int
    energy: NDArray[np.float64]
    gone: float | None
    leaves: str | None
    falls_to: int | None


def follow(
    sizes: ArrayLike, propensity: ArrayLike, *, ids: Sequence[str] | None = None, limit: int = 10_000
) -> tuple[Track, ...]:
    """Return every local minimum along a path of sizes, in order of appearance and then of energy.

    Parameters
    ----------
    sizes : float array, shape (n_dates, n)
    propensity : float array, shape (n, n)
        Symmetric, the same at every date.
    ids : sequence of str, optional
        Names of the actors; their positions otherwise.
    limit : int
        Most minima at one date.

    Raises
    ------
    ParameterError
        Input as `foedus.blocs.landscape.landscape` refuses it; more than ``limit`` minima at a date; over 40 actors.

    Notes
    -----
    Weak minima count, as everywhere in `foedus.blocs.landscape`. That Axelrod and Bennett's second minimum of 1936-39 vanishes when sizes are
    updated is told by Ball [Ball2004]_, ch. 12 (from memory, unverified); their matrix is not public, so it is not reproduced here.

    Examples
    --------
    Two small friends of a giant who are foes of each other: the one that stood apart falls in with it as its rival shrinks.

    >>> p = [[0, 1, 1], [1, 0, -1], [1, -1, 0]]
    >>> for t in follow([[1, 2, 2], [3, 2, 2]], p, ids=["giant", "a", "b"]):
    ...     print(t.sides.tolist(), t.first, t.last, t.gone, t.leaves, t.falls_to)
    [0, 1, 0] 0 0 0.5 a 0
    [0, 0, 1] 0 0 0.5 b 0
    [0, 0, 0] 1 1 None None None
    """
    path = checked_sizes(sizes, 2)
    names = tuple(str(k) for k in range(path.shape[1])) if ids is None else tuple(ids)
    if len(names) != path.shape[1]:
        raise parameter("ids", list(names), f"{path.shape[1]} names, one per actor")
    p = symmetric("propensity", propensity, len(names), names)
    grounds = [Terrain(p * np.outer(s, s), held=False) for s in path]
    listed = [g.codes(local_minima(g, strict=False, limit=limit)) for g in grounds]
    tracks = []
    for t, codes in enumerate(listed):
        for code in codes:
            if t > 0 and code in listed[t - 1]:
                continue
            last = t
            while last + 1 < len(path) and code in listed[last + 1]:
                last += 1
            tracks.append(_track(path, p, grounds, code, t, last, names))
    return tuple(tracks)


def _track(
    path: NDArray[np.float64], p: NDArray[np.float64], grounds: list[Terrain], code: int, first: int, last: int,
    names: tuple[str, ...],
) -> Track:  # fmt: skip
    """Return one minimum with its energies and its end."""
    eta = grounds[first].eta([code])
    energy = np.array([g.energies(eta)[0] for g in grounds[first : last + 1]])
    sides = (eta[0] < 0).astype(np.int64)
    if last + 1 == len(path):
        return Track(code, sides, first, last, energy, None, None, None)
    signs = eta[0].astype(float)
    before, after = (signs * (p @ (signs * s)) for s in path[last : last + 2])
    losing = np.flatnonzero(grounds[last + 1].pulls(eta)[0] < -grounds[last + 1].tolerance)
    moment = np.maximum(before[losing], 0.0) / (np.maximum(before[losing], 0.0) - after[losing])
    leaver = losing[moment.argmin()]
    fallen = eta.astype(float)
    ground = grounds[last + 1]
    walk.descend(ground.w, ground.tolerance, 0, walk.STEEPEST, np.arange(ground.m), np.uint64(0), 0, fallen)
    goal = ground.codes(fallen.astype(np.int8))[0]
    return Track(code, sides, first, last, energy, last + float(moment.min()), names[leaver], goal)
