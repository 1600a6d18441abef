"""Signed graphs as arrays: enumeration of line-ups, common enemies, triads.

A line-up gives each node a label; a positive tie is frustrated between labels, a negative one within a label. Graphs come as CSR with both
directions stored. Every compiled function has a plain twin with the suffix ``_reference``, kept as oracle. Knows no actors and no reasons.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray


def csr(
    n: int, i: NDArray[np.int64], j: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return ``(indptr, indices, edge)`` of an undirected edge list; ``edge`` gives the position in the list."""
    rows = np.concatenate([i, j])
    cols = np.concatenate([j, i])
    edge = np.concatenate([np.arange(len(i)), np.arange(len(i))])
    order = np.lexsort((cols, rows))
    indptr = np.zeros(n + 1, dtype=np.int64)
    np.add.at(indptr, rows + 1, 1)
    return np.cumsum(indptr), cols[order], edge[order]


def frustration_reference(
    i: NDArray[np.int64], j: NDArray[np.int64], w: NDArray[np.float64], label: NDArray[np.int64]
) -> float:
    """Return the weight of frustrated ties of a line-up."""
    same = label[i] == label[j]
    return float(np.abs(w)[(w > 0) & ~same].sum() + np.abs(w)[(w < 0) & same].sum())


@njit(cache=True, nogil=True)
def enumerate_bipartitions(matrix):  # noqa: ANN001, ANN201
    """Return the frustration of every bipartition, indexed by code, shape (2 ** (n - 1),).

    Bit ``b`` of a code set means that node ``b + 1`` is apart from node 0. Walks in Gray order with O(n) work a step.

    Parameters
    ----------
    matrix : float64 array, shape (n, n)
        Symmetric tie weights, zero diagonal; n <= 24.
    """
    n = matrix.shape[0]
    side = np.ones(n)
    field = np.zeros(n)
    value = 0.0
    for a in range(n):
        for b in range(n):
            field[a] += matrix[a, b]
            if b > a and matrix[a, b] < 0:
                value -= matrix[a, b]
    out = np.empty(1 << (n - 1))
    out[0] = value
    code = 0
    for step in range(1, 1 << (n - 1)):
        bit = 0
        while not (step >> bit) & 1:
            bit += 1
        v = bit + 1
        value += side[v] * field[v]
        side[v] = -side[v]
        for u in range(n):
            field[u] += 2.0 * matrix[u, v] * side[v]
        code ^= 1 << bit
        out[code] = value
    return out


def enumerate_bipartitions_reference(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what `enumerate_bipartitions` does, one configuration at a time."""
    n = len(matrix)
    i, j = np.triu_indices(n, 1)
    out = np.empty(1 << (n - 1))
    for code in range(1 << (n - 1)):
        label = np.array([0] + [(code >> b) & 1 for b in range(n - 1)])
        out[code] = frustration_reference(i, j, matrix[i, j], label)
    return out


@njit(cache=True, nogil=True)
def common_enemy(n, i, j, hostility, power):  # noqa: ANN001, ANN201
    """Return, for each pair, the largest threat that both feel from one third actor.

    Parameters
    ----------
    n : int
    i, j : int64 arrays, shape (n_pairs,)
    hostility : float64 array, shape (n_draws, n_pairs)
        In [0, 1].
    power : float64 array, shape (n_draws, n)

    Returns
    -------
    float64 array, shape (n_draws, n_pairs)
        ``max over k of min(h_ik c_k / (c_i + c_k), h_jk c_k / (c_j + c_k))``.
    """
    n_draws, n_pairs = hostility.shape
    out = np.zeros((n_draws, n_pairs))
    threat = np.zeros((n, n))
    for d in range(n_draws):
        threat[:] = 0.0
        for p in range(n_pairs):
            h = hostility[d, p]
            if h > 0:
                a, b = i[p], j[p]
                total = power[d, a] + power[d, b]
                if total > 0:
                    threat[a, b] = h * power[d, b] / total
                    threat[b, a] = h * power[d, a] / total
        for p in range(n_pairs):
            best = 0.0
            for k in range(n):
                m = min(threat[i[p], k], threat[j[p], k])
                best = max(best, m)
            out[d, p] = best
    return out


def common_enemy_reference(
    n: int, i: NDArray[np.int64], j: NDArray[np.int64], hostility: NDArray[np.float64], power: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return what `common_enemy` does, by matrices."""
    out = np.zeros_like(hostility)
    for d in range(len(hostility)):
        h = np.zeros((n, n))
        h[i, j] = h[j, i] = hostility[d]
        total = power[d][:, None] + power[d][None, :]
        threat = h * np.divide(power[d][None, :], total, out=np.zeros((n, n)), where=total > 0)
        out[d] = np.minimum(threat[i], threat[j]).max(axis=1) if len(i) else out[d]
    return out


def triads(n: int, i: NDArray[np.int64], j: NDArray[np.int64], sign: NDArray[np.float64]) -> dict[str, int]:
    """Return counts of triads by type: ``+++``, ``++-``, ``+--``, ``---`` (signs, not weights)."""
    pos = np.zeros((n, n))
    neg = np.zeros((n, n))
    pos[i[sign > 0], j[sign > 0]] = 1
    neg[i[sign < 0], j[sign < 0]] = 1
    pos, neg = pos + pos.T, neg + neg.T

    def count(a: NDArray[np.float64], b: NDArray[np.float64], c: NDArray[np.float64], orbit: int) -> int:
        return round(float(np.einsum("ij,ji->", a @ b, c)) / orbit)

    return {
        "+++": count(pos, pos, pos, 6), "++-": count(pos, pos, neg, 2),
        "+--": count(pos, neg, neg, 2), "---": count(neg, neg, neg, 6),
    }  # fmt: skip
