"""Search for a line-up into two blocs: annealing in single flips, and the recombination of two line-ups.

Both give upper bounds, never a proof. Sides are +1 and -1; a flip of node v changes the frustrated weight by ``side_v * field_v`` with
``field_v = sum of w_uv side_u`` over its neighbours, so a flip costs O(degree).
"""

from __future__ import annotations

import numpy as np
from numba import njit

from foedus.kernels.streams import uniform


@njit(cache=True, nogil=True)
def fields(indptr, indices, w, side):  # noqa: ANN001, ANN201
    """Return ``sum of w_uv side_u`` at each node; ``w`` is aligned with ``indices``."""
    n = len(indptr) - 1
    field = np.zeros(n, dtype=np.int64)
    for v in range(n):
        total = np.int64(0)
        for p in range(indptr[v], indptr[v + 1]):
            total += w[p] * side[indices[p]]
        field[v] = total
    return field


@njit(cache=True, nogil=True, inline="always")
def _flip(v, indptr, indices, w, side, field):  # noqa: ANN001, ANN202
    """Turn node v; ``side`` and ``field`` modified in place."""
    side[v] = -side[v]
    twice = 2 * side[v]
    for p in range(indptr[v], indptr[v + 1]):
        field[indices[p]] += twice * w[p]


@njit(cache=True, nogil=True)
def descend(indptr, indices, w, side):  # noqa: ANN001, ANN201
    """Flip nodes that gain by it until none does, and return the gain; ``side`` modified in place."""
    field = fields(indptr, indices, w, side)
    gain, moved = np.int64(0), True
    while moved:
        moved = False
        for v in range(len(side)):
            if side[v] * field[v] < 0:
                gain -= side[v] * field[v]
                _flip(v, indptr, indices, w, side, field)
                moved = True
    return gain


@njit(cache=True, nogil=True)
def anneal(indptr, indices, w, side, sweeps, hot, cold, seed):  # noqa: ANN001, ANN201
    """Cool from temperature ``hot`` to ``cold`` (units of weight, geometric), then descend; ``side`` modified in place.

    Parameters
    ----------
    indptr, indices, w : int64 arrays
        CSR with both directions stored; ``w`` aligned with ``indices``.
    side : int64 array, shape (n,), +1 or -1
    sweeps : int
    hot, cold : float
    seed : uint64
    """
    n = len(indptr) - 1
    field = fields(indptr, indices, w, side)
    cooling = (cold / hot) ** (1.0 / max(1, sweeps - 1))
    heat = hot
    for sweep in range(sweeps):
        for v in range(n):
            cost = side[v] * field[v]
            if cost <= 0 or (
                cost < 30.0 * heat
                and uniform(seed, np.uint64(sweep), np.uint64(v), np.uint64(0)) < np.exp(-cost / heat)
            ):
                _flip(v, indptr, indices, w, side, field)
        heat *= cooling
    descend(indptr, indices, w, side)


@njit(cache=True, nogil=True)
def recombine(indptr, indices, w, side, other):  # noqa: ANN001, ANN201
    """Take from ``other`` each connected part of the difference that improves ``side``, and return the gain; ``side`` modified in place."""
    n = len(side)
    field = fields(indptr, indices, w, side)
    seen = np.zeros(n, dtype=np.bool_)
    stack, part = np.empty(n, dtype=np.int64), np.empty(n, dtype=np.int64)
    gain = np.int64(0)
    for root in range(n):
        if seen[root] or side[root] == other[root]:
            continue
        held, size, cost = 1, 0, np.int64(0)
        stack[0] = root
        seen[root] = True
        while held > 0:
            held -= 1
            v = stack[held]
            part[size] = v
            size += 1
            cost += side[v] * field[v]
            for p in range(indptr[v], indptr[v + 1]):
                u = indices[p]
                if side[u] != other[u]:
                    # A tie within the part does not change: take out what both its ends count of it.
                    cost -= w[p] * side[u] * side[v]
                    if not seen[u]:
                        seen[u] = True
                        stack[held] = u
                        held += 1
        if cost < 0:
            gain -= cost
            for k in range(size):
                _flip(part[k], indptr, indices, w, side, field)
    return gain
