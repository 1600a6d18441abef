"""Places in the plane by stress majorisation: pairs pulled to target distances, one node at a time.

The compiled function has a plain twin, kept as oracle. Knows no signs: targets and weights come from `foedus.blocs.layout`.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray


@njit(cache=True, nogil=True)
def majorise(place, target, weight, rounds, tolerance):  # noqa: ANN001, ANN201
    """Lower the stress ``sum over pairs of weight * (distance - target) ** 2``; ``place`` is modified in place.

    Parameters
    ----------
    place : float64 array, shape (n, 2)
    target, weight : float64 arrays, shape (n, n)
        Symmetric, not negative; the diagonal is not read.
    rounds : int
        Most sweeps over the nodes.
    tolerance : float
        A sweep that moves no node further ends the work.

    Returns
    -------
    int
        Sweeps made.

    Notes
    -----
    Each step puts one node at the minimum of a quadratic that lies above the stress and touches it, so the stress never rises
    [Gansner2005]_ (localised majorisation; from memory).
    """
    n = place.shape[0]
    for sweep in range(rounds):
        furthest = 0.0
        for a in range(n):
            total, x, y = 0.0, 0.0, 0.0
            for b in range(n):
                v = weight[a, b]
                if b == a or v == 0.0:
                    continue
                dx, dy = place[a, 0] - place[b, 0], place[a, 1] - place[b, 1]
                far = np.sqrt(dx * dx + dy * dy)
                pull = target[a, b] / far if far > 1e-12 else 0.0
                x += v * (place[b, 0] + pull * dx)
                y += v * (place[b, 1] + pull * dy)
                total += v
            if total > 0.0:
                x, y = x / total, y / total
                furthest = max(furthest, abs(x - place[a, 0]), abs(y - place[a, 1]))
                place[a, 0], place[a, 1] = x, y
        if furthest <= tolerance:
            return sweep + 1
    return rounds


def majorise_reference(
    place: NDArray[np.float64], target: NDArray[np.float64], weight: NDArray[np.float64], rounds: int, tolerance: float
) -> int:
    """Do what `majorise` does, one node at a time by array operations."""
    n = len(place)
    for sweep in range(rounds):
        furthest = 0.0
        for a in range(n):
            v = np.where(np.arange(n) == a, 0.0, weight[a])
            if not v.sum() > 0:
                continue
            apart = place[a] - place
            far = np.hypot(*apart.T)
            pull = np.divide(target[a], far, out=np.zeros(n), where=far > 1e-12)
            new = (v[:, None] * (place + pull[:, None] * apart)).sum(axis=0) / v.sum()
            furthest = max(furthest, float(np.abs(new - place[a]).max()))
            place[a] = new
        if furthest <= tolerance:
            return sweep + 1
    return rounds


def stress(place: NDArray[np.float64], target: NDArray[np.float64], weight: NDArray[np.float64]) -> float:
    """Return the stress of places, each pair once."""
    i, j = np.triu_indices(len(place), 1)
    far = np.hypot(*(place[i] - place[j]).T)
    return float((weight[i, j] * (far - target[i, j]) ** 2).sum())
