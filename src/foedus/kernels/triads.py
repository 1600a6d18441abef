"""Triads of a signed graph by type and by node, sparse: the forward algorithm on ties that run from the lower to the higher degree.

O(sum of out-degrees over ties), which is at most m ** 1.5. Knows signs only, no weights and no names.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray


def triads(
    n: int, i: NDArray[np.int64], j: NDArray[np.int64], sign: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return triads by type and by node.

    Parameters
    ----------
    n : int
    i, j : int64 arrays, shape (m,)
        Ends of each tie, each pair once.
    sign : float64 array, shape (m,)
        Only its sign counts.

    Returns
    -------
    by_type : int64 array, shape (4,)
        Triads with 0, 1, 2, 3 negative ties: ``+++``, ``++-``, ``+--``, ``---``.
    by_node : int64 array, shape (n, 2)
        Triads that each node belongs to, and how many of them are balanced.
    """
    degree = np.bincount(np.concatenate([i, j]), minlength=n)
    rank = np.empty(n, dtype=np.int64)
    rank[np.argsort(degree, kind="stable")] = np.arange(n)
    up = rank[i] < rank[j]
    tail, head = np.where(up, i, j), np.where(up, j, i)
    order = np.argsort(tail, kind="stable")
    indptr = np.concatenate([[0], np.cumsum(np.bincount(tail, minlength=n))]).astype(np.int64)
    return _forward(indptr, head[order].astype(np.int64), sign[order] < 0)


@njit(cache=True, nogil=True)
def _forward(indptr, head, negative):  # noqa: ANN001, ANN202
    """Return what `triads` does, from out-lists."""
    n = len(indptr) - 1
    by_type = np.zeros(4, dtype=np.int64)
    by_node = np.zeros((n, 2), dtype=np.int64)
    mark = np.zeros(n, dtype=np.int8)
    for u in range(n):
        for p in range(indptr[u], indptr[u + 1]):
            mark[head[p]] = 2 if negative[p] else 1
        for p in range(indptr[u], indptr[u + 1]):
            v = head[p]
            for q in range(indptr[v], indptr[v + 1]):
                x = head[q]
                if mark[x] != 0:
                    kind = (mark[x] == 2) + int(negative[p]) + int(negative[q])
                    balanced = 1 - (kind & 1)
                    by_type[kind] += 1
                    for node in (u, v, x):
                        by_node[node, 0] += 1
                        by_node[node, 1] += balanced
        for p in range(indptr[u], indptr[u + 1]):
            mark[head[p]] = 0
    return by_type, by_node


def triads_reference(
    n: int, i: NDArray[np.int64], j: NDArray[np.int64], sign: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return what `triads` does, by traces of dense matrices: ``tr(P^3) / 6`` and its kin."""
    pos, neg = np.zeros((n, n)), np.zeros((n, n))
    for matrix, chosen in ((pos, sign > 0), (neg, sign < 0)):
        matrix[i[chosen], j[chosen]] = matrix[j[chosen], i[chosen]] = 1
    corner = [np.diag(pos @ pos @ pos), None, None, np.diag(neg @ neg @ neg)]
    every, signed = np.diag(np.linalg.matrix_power(pos + neg, 3)), np.diag(np.linalg.matrix_power(pos - neg, 3))
    balanced = (every + signed) / 2
    sums = {
        "+++": corner[0].sum() / 6,
        "---": corner[3].sum() / 6,
        "balanced": balanced.sum() / 6,
        "all": every.sum() / 6,
    }
    by_type = [sums["+++"], sums["all"] - sums["balanced"] - sums["---"], sums["balanced"] - sums["+++"], sums["---"]]
    return np.rint(by_type).astype(np.int64), np.rint(np.stack([every / 2, balanced / 2], axis=1)).astype(np.int64)
