"""Exact reductions of a weighted signed graph before its line-up into two blocs is searched.

A node whose heaviest tie outweighs all its others together stands as that tie says, so it is merged into its neighbour (this covers
degree one and two, and bridges); a node of degree three becomes a triangle among its neighbours; ties that come to join the same pair
add up, and what cancels is frustrated in every line-up. The least frustration of what is left, plus the offset, is that of the whole;
`undo` gives the merged nodes their side. Does not search and proves nothing by itself.
"""

from __future__ import annotations

import numpy as np
from numba import njit

_SCANNED = 64
"""Degree above which a node is not looked at for a dominating tie: it would be looked at often and merged rarely."""


@njit(cache=True, nogil=True, inline="always")
def _slot(table, first, second, a, b, n):  # noqa: ANN001, ANN202
    """Return where the tie of the pair (a, b) stands in the table, or the empty place where it would."""
    low, high = min(a, b), max(a, b)
    key = np.uint64(low) * np.uint64(n) + np.uint64(high)
    key = (key ^ (key >> np.uint64(31))) * np.uint64(0x9E3779B97F4A7C15)
    mask = np.uint64(len(table) - 1)
    at = (key ^ (key >> np.uint64(29))) & mask
    while True:
        t = table[at]
        if t == -1 or (t >= 0 and min(first[t], second[t]) == low and max(first[t], second[t]) == high):
            return np.int64(at)
        at = (at + np.uint64(1)) & mask


@njit(cache=True, nogil=True)
def _unlink(t, first, second, w, head, after, before, degree, total):  # noqa: ANN001, ANN202
    """Take tie t out of the lists of both its ends."""
    for half in (2 * t, 2 * t + 1):
        v = first[t] if half % 2 == 0 else second[t]
        if before[half] >= 0:
            after[before[half]] = after[half]
        else:
            head[v] = after[half]
        if after[half] >= 0:
            before[after[half]] = before[half]
        degree[v] -= 1
        total[v] -= abs(w[t])


@njit(cache=True, nogil=True)
def _link(t, head, after, before, degree, total, first, second, w):  # noqa: ANN001, ANN202
    """Put tie t into the lists of both its ends."""
    for half in (2 * t, 2 * t + 1):
        v = first[t] if half % 2 == 0 else second[t]
        after[half], before[half] = head[v], -1
        if head[v] >= 0:
            before[head[v]] = half
        head[v] = half
        degree[v] += 1
        total[v] += abs(w[t])


@njit(cache=True, nogil=True)
def reduce(n, i, j, weight):  # noqa: ANN001, ANN201
    """Return what is left of a graph, and how to undo it.

    Parameters
    ----------
    n : int
    i, j : int64 arrays, shape (m,)
        Ends of each tie; each pair once, no loops.
    weight : int64 array, shape (m,)
        Not zero.

    Returns
    -------
    first, second, w : int64 arrays, shape (kernel ties,)
        What is left, on the same nodes.
    offset : int
        Weight frustrated in every line-up, to be added to that of the rest.
    node : int64 array, shape (merged,)
        Merged nodes in the order in which they went.
    near, pull : int64 arrays, shape (merged, 3)
        Up to three nodes (-1: none) and the weights by which the merged node takes its side.
    """
    m = len(i)
    size = 16
    while size < 4 * m:
        size *= 2
    table = np.full(size, -1, dtype=np.int64)
    first, second, w = i.copy(), j.copy(), weight.copy()
    head = np.full(n, -1, dtype=np.int64)
    after, before = np.empty(2 * m, dtype=np.int64), np.empty(2 * m, dtype=np.int64)
    degree, total = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
    alive = np.ones(m, dtype=np.bool_)
    free, n_free = np.empty(m, dtype=np.int64), 0
    for t in range(m):
        table[_slot(table, first, second, first[t], second[t], n)] = t
        _link(t, head, after, before, degree, total, first, second, w)
    node = np.empty(n, dtype=np.int64)
    near, pull = np.full((n, 3), -1, dtype=np.int64), np.zeros((n, 3), dtype=np.int64)
    merged, offset = 0, np.int64(0)
    queue, waiting = np.empty(n, dtype=np.int64), np.ones(n, dtype=np.bool_)
    for v in range(n):
        queue[v] = v
    start, held = 0, n
    new_a, new_b, new_w = np.empty(_SCANNED, dtype=np.int64), np.empty(_SCANNED, dtype=np.int64), np.empty(_SCANNED, dtype=np.int64)  # fmt: skip
    while held > 0:
        v = queue[start]
        start = (start + 1) % n
        held -= 1
        waiting[v] = False
        if degree[v] == 0 or degree[v] > _SCANNED:
            continue
        heavy, half = -1, head[v]
        while half >= 0:
            if heavy < 0 or abs(w[half // 2]) > abs(w[heavy // 2]):
                heavy = half
            half = after[half]
        added = 0
        if 2 * abs(w[heavy // 2]) >= total[v]:
            goal = second[heavy // 2] if heavy % 2 == 0 else first[heavy // 2]
            sign = 1 if w[heavy // 2] > 0 else -1
            near[merged, 0], pull[merged, 0] = goal, w[heavy // 2]
            half = head[v]
            while half >= 0:
                if half != heavy:
                    new_a[added] = goal
                    new_b[added] = second[half // 2] if half % 2 == 0 else first[half // 2]
                    new_w[added] = sign * w[half // 2]
                    added += 1
                half = after[half]
        elif degree[v] == 3 and total[v] % 2 == 0:
            k, half = 0, head[v]
            while half >= 0:
                near[merged, k] = second[half // 2] if half % 2 == 0 else first[half // 2]
                pull[merged, k] = w[half // 2]
                k += 1
                half = after[half]
            for k in range(3):
                p, q = (k + 1) % 3, (k + 2) % 3
                size_k = total[v] // 2 - abs(pull[merged, k])
                if size_k > 0:
                    new_a[added], new_b[added] = near[merged, p], near[merged, q]
                    new_w[added] = size_k if (pull[merged, p] > 0) == (pull[merged, q] > 0) else -size_k
                    added += 1
        else:
            continue
        node[merged] = v
        merged += 1
        while head[v] >= 0:
            t = head[v] // 2
            other = second[t] if first[t] == v else first[t]
            table[_slot(table, first, second, first[t], second[t], n)] = -2
            _unlink(t, first, second, w, head, after, before, degree, total)
            alive[t] = False
            free[n_free] = t
            n_free += 1
            if not waiting[other]:
                waiting[other] = True
                queue[(start + held) % n] = other
                held += 1
        for k in range(added):
            at = _slot(table, first, second, new_a[k], new_b[k], n)
            if table[at] >= 0:
                t = table[at]
                _unlink(t, first, second, w, head, after, before, degree, total)
                if (w[t] > 0) != (new_w[k] > 0):
                    offset += min(abs(w[t]), abs(new_w[k]))
                w[t] += new_w[k]
                if w[t] == 0:
                    table[at] = -2
                    alive[t] = False
                    free[n_free] = t
                    n_free += 1
                else:
                    _link(t, head, after, before, degree, total, first, second, w)
            else:
                n_free -= 1
                t = free[n_free]
                first[t], second[t], w[t] = new_a[k], new_b[k], new_w[k]
                alive[t] = True
                table[at] = t
                _link(t, head, after, before, degree, total, first, second, w)
    return first[alive], second[alive], w[alive], offset, node[:merged], near[:merged], pull[:merged]


@njit(cache=True, nogil=True)
def undo(side, node, near, pull):  # noqa: ANN001, ANN201
    """Give each merged node its side, last merged first; ``side`` (int64, +1 or -1) modified in place."""
    for k in range(len(node) - 1, -1, -1):
        lean = np.int64(0)
        for p in range(3):
            if near[k, p] >= 0:
                lean += pull[k, p] * side[near[k, p]]
        side[node[k]] = 1 if lean >= 0 else -1
