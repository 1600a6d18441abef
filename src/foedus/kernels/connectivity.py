"""Which nodes of a weighted graph cannot be cut apart below a price, by maximum adjacency orders.

In the order in which each next node is the one most tied to those before it, a tie's scan value is at most what it takes to cut its ends apart
[NagamochiIbaraki1992]_. Ends whose scan value exceeds the price stay together. Knows no signs.
"""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def scan(indptr, indices, edge, weight):  # noqa: ANN001, ANN201
    """Return, for each tie, a lower bound on the least cut between its ends.

    Parameters
    ----------
    indptr, indices, edge : int64 arrays
        CSR of the graph.
    weight : int64 array, shape (m,)
        Not negative.

    Returns
    -------
    int64 array, shape (m,)
    """
    n = len(indptr) - 1
    reach = np.zeros(n, dtype=np.int64)
    done = np.zeros(n, dtype=np.bool_)
    out = np.zeros(len(weight), dtype=np.int64)
    for _ in range(n):
        v = -1
        for u in range(n):
            if not done[u] and (v < 0 or reach[u] > reach[v]):
                v = u
        done[v] = True
        for p in range(indptr[v], indptr[v + 1]):
            u = indices[p]
            if not done[u]:
                reach[u] += weight[edge[p]]
                out[edge[p]] = reach[u]
    return out


@njit(cache=True, nogil=True)
def content_sides(matrix, limit, budget):  # noqa: ANN001, ANN201
    """Return bipartitions that cost no more than all nodes on one side.

    Depth first, node by node, pruned when what is assigned and the least that each other node must add exceed that cost.

    Parameters
    ----------
    matrix : int64 array, shape (n, n)
        Symmetric tie weights, zero diagonal.
    limit : int
        The most that are listed.
    budget : int
        The most looks at a pair of nodes.

    Returns
    -------
    sides : int8 array, shape (min(count, limit), n)
        Side of each node; node 0 is on side 0.
    count : int
        How many were found.
    complete : bool
        Whether every bipartition was looked at or ruled out.
    """
    n = len(matrix)
    sides = np.zeros((limit, n), dtype=np.int8)
    side = np.full(n, -1, dtype=np.int8)
    tried = np.zeros(n, dtype=np.int64)
    spent = np.zeros(n + 1, dtype=np.int64)
    base = 0
    for a in range(n):
        for b in range(a):
            base -= min(0, matrix[a, b])
    count, steps, depth = 0, 0, 0
    while depth >= 0:
        steps += (depth + 1) * (n - depth)
        if steps > budget:
            return sides[: min(count, limit)].copy(), count, False
        side[depth] = -1
        if tried[depth] > (0 if depth == 0 else 1):
            tried[depth] = 0
            depth -= 1
            continue
        s = tried[depth]
        tried[depth] += 1
        added = 0
        for v in range(depth):
            w = matrix[v, depth]
            if (w > 0) != (side[v] == s):
                added += abs(w)
        side[depth] = s
        spent[depth + 1] = spent[depth] + added
        rest = 0
        for u in range(depth + 1, n):
            costs0, costs1 = 0, 0
            for v in range(depth + 1):
                w = matrix[v, u]
                if w > 0:
                    costs0 += w if side[v] != 0 else 0
                    costs1 += w if side[v] != 1 else 0
                elif w < 0:
                    costs0 -= w if side[v] == 0 else 0
                    costs1 -= w if side[v] == 1 else 0
            rest += min(costs0, costs1)
        if spent[depth + 1] + rest > base:
            continue
        if depth == n - 1:
            if count < limit:
                for v in range(n):
                    sides[count, v] = side[v]
            count += 1
            continue
        depth += 1
    return sides[: min(count, limit)].copy(), count, True
