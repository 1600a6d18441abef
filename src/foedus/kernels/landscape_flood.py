"""Barriers of an energy landscape: water rises over the configurations and joins the valleys at the lowest passes.

Codes as in `foedus.kernels.landscape_walk`. The joins in order of height are a tree; the pass between two minima is the highest join on the
way between them, exact because every configuration is flooded in order of energy. The plain twin is `flood_reference`.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray


@njit(cache=True, nogil=True)
def _root(parent, x):  # noqa: ANN001, ANN202
    """Return the root of ``x``, halving the path to it."""
    while parent[x] != x:
        parent[x] = parent[parent[x]]
        x = parent[x]
    return x


@njit(cache=True, nogil=True)
def flood(rising, minima, complement):  # noqa: ANN001, ANN201
    """Return the joins of valleys, each a row (minimum, minimum, code of the pass), shape (n_joins, 3), lowest pass first.

    Parameters
    ----------
    rising : int64 array, shape (2 ** bits,)
        Codes from the lowest energy to the highest.
    minima : int64 array, shape (n_minima,)
        Codes of the minima, lowest first; a valley is named by the first of its minima.
    complement : bool
        Whether the complement of a code is a single flip away (no node is held).
    """
    total = len(rising)
    bits = 0
    while (1 << bits) < total:
        bits += 1
    parent = np.full(total, -1, dtype=np.int32)
    valley = np.full(total, -1, dtype=np.int32)
    for k in range(len(minima)):
        valley[minima[k]] = k
    joins = np.empty((max(0, len(minima) - 1), 3), dtype=np.int64)
    n_joins = 0
    for code in rising:
        if n_joins == len(joins):
            break
        parent[code] = code
        for b in range(bits + 1):
            if b == bits and not complement:
                break
            other = code ^ (1 << b) if b < bits else code ^ (total - 1)
            if parent[other] < 0:
                continue
            x = _root(parent, code)
            y = _root(parent, other)
            if x == y:
                continue
            if valley[x] >= 0 and valley[y] >= 0:
                joins[n_joins, 0] = min(valley[x], valley[y])
                joins[n_joins, 1] = max(valley[x], valley[y])
                joins[n_joins, 2] = code
                n_joins += 1
                valley[x] = min(valley[x], valley[y])
            else:
                valley[x] = max(valley[x], valley[y])
            parent[y] = x
    return joins[:n_joins]


def flood_reference(energy: NDArray[np.float64], minima: NDArray[np.int64], complement: bool) -> NDArray[np.float64]:
    """Return the least height of the highest point on a path between each two minima, shape (n_minima, n_minima), by relaxation."""
    total = len(energy)
    flips = [np.arange(total) ^ (1 << b) for b in range(total.bit_length() - 1)]
    flips += [np.arange(total) ^ (total - 1)] if complement else []
    out = np.empty((len(minima), len(minima)))
    for k, start in enumerate(minima):
        height = np.full(total, np.inf)
        height[start] = energy[start]
        while True:
            lower = np.maximum(energy, np.min([height, *(height[f] for f in flips)], axis=0))
            lower[start] = energy[start]
            if np.array_equal(lower, height):
                break
            height = lower
        out[k] = height[minima]
    return out
