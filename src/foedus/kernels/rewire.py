"""Random signed graphs with the degrees of a given one: switching of two ties of one sign, pair by pair.

``a-b`` and ``c-d`` of equal sign become ``a-d`` and ``c-b`` if neither pair is tied yet by any sign: every node keeps its number of positive and of
negative ties. A switch that cannot be made counts as a step, so that all graphs that can be reached are equally likely in the long run. Weights
travel with their tie. A hash table of tied pairs makes a step O(1).
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from foedus.kernels.streams import mix, uniform, uniforms_reference


@njit(cache=True, nogil=True)
def _slot(table, key):  # noqa: ANN001, ANN202
    """Return where ``key`` stands in the table, or the free place where it would."""
    mask = len(table) - 1
    at = np.int64(mix(np.uint64(key)) & np.uint64(mask))
    while table[at] != -1 and table[at] != key:
        at = (at + 1) & mask
    return at


@njit(cache=True, nogil=True)
def _remove(table, key):  # noqa: ANN001, ANN202
    """Take ``key`` out and close the gap; ``table`` modified in place."""
    mask = len(table) - 1
    gap = _slot(table, key)
    table[gap] = -1
    at = (gap + 1) & mask
    while table[at] != -1:
        moved = table[at]
        table[at] = -1
        table[_slot(table, moved)] = moved
        at = (at + 1) & mask


@njit(cache=True, nogil=True)
def switch(n, i, j, w, steps, seed, draw):  # noqa: ANN001, ANN201
    """Return ``(i, j, made)`` after ``steps`` tries to switch two ties of equal sign, and how many were made.

    Parameters
    ----------
    n : int
    i, j : int64 arrays, shape (m,)
        Each pair once; not modified. Returned ends have ``i < j``, in the order of the ties given.
    w : float64 array, shape (m,)
        Only its sign counts.
    steps : int
    seed, draw : uint64
        Same seed and draw, same bits.
    """
    m = len(i)
    a, b = i.copy(), j.copy()
    size = 16
    while size < 3 * m:
        size *= 2
    table = np.full(size, -1, dtype=np.int64)
    for e in range(m):
        key = min(a[e], b[e]) * n + max(a[e], b[e])
        table[_slot(table, key)] = key
    made = 0
    for step in range(steps if m > 1 else 0):
        e = int(uniform(seed, draw, np.uint64(step), np.uint64(0)) * m)
        f = int(uniform(seed, draw, np.uint64(step), np.uint64(1)) * m)
        if e == f or (w[e] > 0) != (w[f] > 0):
            continue
        p, q, r, s = a[e], b[e], a[f], b[f]
        if uniform(seed, draw, np.uint64(step), np.uint64(2)) < 0.5:
            r, s = s, r
        if p in (r, s) or q in (r, s):
            continue
        first, second = min(p, s) * n + max(p, s), min(r, q) * n + max(r, q)
        if table[_slot(table, first)] == first or table[_slot(table, second)] == second:
            continue
        _remove(table, min(p, q) * n + max(p, q))
        _remove(table, min(r, s) * n + max(r, s))
        table[_slot(table, first)] = first
        table[_slot(table, second)] = second
        a[e], b[e], a[f], b[f] = min(p, s), max(p, s), min(r, q), max(r, q)
        made += 1
    return a, b, made


def switch_reference(
    i: NDArray[np.int64], j: NDArray[np.int64], w: NDArray[np.float64], steps: int, seed: int, draw: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], int]:
    """Return what `switch` does, with a Python set of tied pairs."""
    ends = [tuple(sorted(x)) for x in zip(i.tolist(), j.tolist(), strict=True)]
    tied, m, made = set(ends), len(ends), 0
    key = np.array([draw], dtype=np.uint64)
    u = np.stack([uniforms_reference(seed, key, np.arange(steps), c)[:, 0] for c in range(3)], axis=1)
    for step in range(steps if m > 1 else 0):
        e, f = int(u[step, 0] * m), int(u[step, 1] * m)
        if e == f or (w[e] > 0) != (w[f] > 0):
            continue
        (p, q), (r, s) = ends[e], ends[f][:: -1 if u[step, 2] < 0.5 else 1]
        new = [tuple(sorted((p, s))), tuple(sorted((r, q)))]
        if len({p, q, r, s}) < 4 or tied & set(new):
            continue
        tied = (tied - {ends[e], ends[f]}) | set(new)
        ends[e], ends[f] = new
        made += 1
    a, b = (
        (np.array(x, dtype=np.int64) for x in zip(*ends, strict=True)) if ends else (np.zeros(0, dtype=np.int64),) * 2
    )
    return a, b, made
