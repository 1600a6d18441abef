"""Short closed walks with an odd number of negative ties, and the parts of a graph that no single node holds together.

A walk changes sheet of a doubled graph at each negative tie, so an odd closed walk through a node leads from its one copy to its other
[BarahonaMahjoub1986]_. Lengths are the caller's. Knows no line-up and no solver.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from foedus.kernels.heap import pop, push


@njit(cache=True, nogil=True)
def odd_walks(indptr, nodes, ties, negative, length, sources, limit):  # noqa: ANN001, ANN201
    """Return the shortest odd closed walk through each source that is shorter than ``limit``.

    Ties that a walk uses twice drop out of it, so what is returned is a set of ties with an even number at each node and an odd number of
    negative ones.

    Parameters
    ----------
    indptr, nodes, ties : int64 arrays
        CSR with both directions stored.
    negative : bool array, shape (m,)
    length : float64 array, shape (m,)
        Not negative.
    sources : int64 array
    limit : float

    Returns
    -------
    flat, start : int64 arrays
        The ties of walk ``c`` are ``flat[start[c]:start[c + 1]]``.
    """
    n = len(indptr) - 1
    dist, mark = np.empty(2 * n), np.full(2 * n, -1, dtype=np.int64)
    tail, via = np.empty(2 * n, dtype=np.int64), np.empty(2 * n, dtype=np.int64)
    key, item = np.empty(2 * len(nodes) + 2), np.empty(2 * len(nodes) + 2, dtype=np.int64)
    used = np.zeros(len(length), dtype=np.bool_)
    flat, start = np.empty(16 * len(sources) + 2 * n, dtype=np.int64), np.zeros(len(sources) + 1, dtype=np.int64)
    rows = 0
    for k in range(len(sources)):
        source = sources[k]
        goal = source + n
        held = 1
        key[0], item[0] = 0.0, source
        dist[source], mark[source] = 0.0, k
        while held > 0 and key[0] < limit and item[0] != goal:
            cost, v = key[0], item[0]
            pop(key, item, held)
            held -= 1
            if cost > dist[v]:
                continue
            sheet = v // n
            for p in range(indptr[v % n], indptr[v % n + 1]):
                t = ties[p]
                there = cost + length[t]
                u = nodes[p] + n * (sheet ^ np.int64(negative[t]))
                if there < limit and (mark[u] != k or there < dist[u]):
                    mark[u], dist[u], tail[u], via[u] = k, there, v, t
                    push(key, item, held, there, u)
                    held += 1
        if held == 0 or item[0] != goal or key[0] >= limit:
            continue
        v = goal
        while v != source:
            used[via[v]] = not used[via[v]]
            v = tail[v]
        size = start[rows]
        v = goal
        while v != source:
            t = via[v]
            if used[t]:
                if size == len(flat):
                    wider = np.empty(2 * len(flat), dtype=np.int64)
                    wider[:size] = flat
                    flat = wider
                flat[size] = t
                size += 1
                used[t] = False
            v = tail[v]
        rows += 1
        start[rows] = size
    return flat[: start[rows]], start[: rows + 1]


@njit(cache=True, nogil=True)
def two_connected(n, indptr, nodes, ties, m):  # noqa: ANN001, ANN201
    """Return the biconnected part of each tie, shape (m,): a bridge is a part of its own, parts share no more than one node.

    Depth-first search with low points [HopcroftTarjan1973]_, without recursion.
    """
    part = np.full(m, -1, dtype=np.int64)
    order, low = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
    entry, at = np.full(n, -1, dtype=np.int64), indptr[:-1].copy()
    path, pile = np.empty(n, dtype=np.int64), np.empty(m, dtype=np.int64)
    clock, parts, piled = 0, 0, 0
    for root in range(n):
        if order[root] > 0:
            continue
        depth = 0
        path[0] = root
        clock += 1
        order[root] = low[root] = clock
        while depth >= 0:
            v = path[depth]
            if at[v] < indptr[v + 1]:
                p = at[v]
                at[v] += 1
                u, t = nodes[p], ties[p]
                if t == entry[v]:
                    continue
                if order[u] == 0:
                    pile[piled] = t
                    piled += 1
                    entry[u] = t
                    clock += 1
                    order[u] = low[u] = clock
                    depth += 1
                    path[depth] = u
                elif order[u] < order[v]:
                    pile[piled] = t
                    piled += 1
                    low[v] = min(low[v], order[u])
            else:
                depth -= 1
                if depth >= 0:
                    up = path[depth]
                    low[up] = min(low[up], low[v])
                    if low[v] >= order[up]:
                        while True:
                            piled -= 1
                            t = pile[piled]
                            part[t] = parts
                            if t == entry[v]:
                                break
                        parts += 1
    return part


@njit(cache=True, nogil=True)
def spanning_sides(n, i, j, negative, order):  # noqa: ANN001, ANN201
    """Return sides (+1, -1) that satisfy each tie of ``order`` in turn unless those before it forbid it (union-find with parity)."""
    up, turn = np.arange(n), np.zeros(n, dtype=np.int64)
    side = np.ones(n, dtype=np.int64)
    for e in order:
        a, b, flip = i[e], j[e], np.int64(negative[e])
        while up[a] != a:
            flip ^= turn[a]
            a = up[a]
        while up[b] != b:
            flip ^= turn[b]
            b = up[b]
        if a != b:
            up[a], turn[a] = b, flip
    for v in range(n):
        a, flip = v, np.int64(0)
        while up[a] != a:
            flip ^= turn[a]
            a = up[a]
        side[v] = 1 - 2 * flip
        if up[v] != v:
            up[v], turn[v] = a, flip
    return side
