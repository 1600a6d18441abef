"""Lines that a blockmodel of a signed graph leaves unexplained: search, exact solution of small graphs, and their plain twin.

A blockmodel sorts nodes into at most k groups; each pair of groups (a group with itself too) is a block that counts as positive or as negative.
Cost of a block: ``min(a * N, b * P)`` with N and P its sums of negative and positive weights; where it is not relaxed, ``a * N`` within
a group and ``b * P`` between groups. Costs are whole numbers. Since ``min(N + N', P + P') >= min(N, P) + min(N', P')``, costs over
disjoint sets of ties add up to a lower bound: the exact search rests on it. Knows no names.
"""

from __future__ import annotations

import itertools

import numpy as np
from numba import njit
from numpy.typing import NDArray

from foedus.kernels.streams import uniform


@njit(cache=True, nogil=True, inline="always")
def _block(neg, pos, within, a, b, relaxed):  # noqa: ANN001, ANN202
    """Return the cost of one block."""
    if relaxed:
        return min(a * neg, b * pos)
    return a * neg if within else b * pos


@njit(cache=True, nogil=True)
def _cost(neg, pos, a, b, relaxed):  # noqa: ANN001, ANN202
    """Return the cost of all blocks; (k, k) sums, upper triangle used."""
    total = 0
    for g in range(len(neg)):
        for h in range(g, len(neg)):
            total += _block(neg[g, h], pos[g, h], g == h, a, b, relaxed)
    return total


@njit(cache=True, nogil=True)
def _change(neg, pos, mine_neg, mine_pos, g, c, a, b, relaxed):  # noqa: ANN001, ANN202
    """Return by how much the cost changes if a node with ties ``mine`` to each group goes from ``g`` to ``c``; full symmetric sums."""
    change = 0
    for h in range(len(neg)):
        if h != c:
            dn, dp = -mine_neg[h], -mine_pos[h]
            if h == g:
                change -= _block(neg[g, g], pos[g, g], True, a, b, relaxed)
                change += _block(neg[g, g] + dn, pos[g, g] + dp, True, a, b, relaxed)
            else:
                change -= _block(neg[g, h], pos[g, h], False, a, b, relaxed)
                change += _block(neg[g, h] + dn, pos[g, h] + dp, False, a, b, relaxed)
        if h != g:
            within = h == c
            change -= _block(neg[c, h], pos[c, h], within, a, b, relaxed)
            change += _block(neg[c, h] + mine_neg[h], pos[c, h] + mine_pos[h], within, a, b, relaxed)
    dn, dp = mine_neg[g] - mine_neg[c], mine_pos[g] - mine_pos[c]
    change -= _block(neg[g, c], pos[g, c], False, a, b, relaxed)
    return change + _block(neg[g, c] + dn, pos[g, c] + dp, False, a, b, relaxed)


@njit(cache=True, nogil=True)
def _descend(indptr, indices, edge, w, label, k, a, b, relaxed):  # noqa: ANN001, ANN202
    """Move one node at a time where the cost falls most until no move helps; ``label`` modified in place; return the cost."""
    n = len(indptr) - 1
    neg, pos = np.zeros((k, k), dtype=np.int64), np.zeros((k, k), dtype=np.int64)
    for v in range(n):
        for p in range(indptr[v], indptr[v + 1]):
            u, x = indices[p], w[edge[p]]
            if u < v:
                continue
            g, h = label[v], label[u]
            sums = pos if x > 0 else neg
            sums[g, h] += abs(x)
            if g != h:
                sums[h, g] += abs(x)
    mine_neg, mine_pos = np.zeros(k, dtype=np.int64), np.zeros(k, dtype=np.int64)
    moved = True
    while moved:
        moved = False
        for v in range(n):
            mine_neg[:] = 0
            mine_pos[:] = 0
            for p in range(indptr[v], indptr[v + 1]):
                x = w[edge[p]]
                if x > 0:
                    mine_pos[label[indices[p]]] += x
                else:
                    mine_neg[label[indices[p]]] -= x
            g, best, to = label[v], 0, label[v]
            for c in range(k):
                if c != g:
                    change = _change(neg, pos, mine_neg, mine_pos, g, c, a, b, relaxed)
                    if change < best:
                        best, to = change, c
            if to != g:
                for h in range(k):
                    neg[g, h] -= mine_neg[h]
                    pos[g, h] -= mine_pos[h]
                    if h != g:
                        neg[h, g] -= mine_neg[h]
                        pos[h, g] -= mine_pos[h]
                for h in range(k):
                    neg[to, h] += mine_neg[h]
                    pos[to, h] += mine_pos[h]
                    if h != to:
                        neg[h, to] += mine_neg[h]
                        pos[h, to] += mine_pos[h]
                label[v] = to
                moved = True
    return _cost(neg, pos, a, b, relaxed)


@njit(cache=True, nogil=True)
def search(indptr, indices, edge, w, k, a, b, relaxed, starts, seed):  # noqa: ANN001, ANN201
    """Return (label, cost) of the best blockmodel found: descents from random groups, every second one from the best with a part regrouped.

    Parameters
    ----------
    indptr, indices, edge : int64 arrays
        CSR, see `foedus.kernels.signed.csr`.
    w : int64 array, shape (m,)
        Not zero.
    k, a, b : int
    relaxed : bool
    starts : int
        At least 1.
    seed : uint64
    """
    n = len(indptr) - 1
    best = np.zeros(n, dtype=np.int64)
    best_cost = _descend(indptr, indices, edge, w, best, k, a, b, relaxed)
    trial = best.copy()
    for s in range(starts):
        share = 1.0 if s % 2 == 0 else 0.05 + 0.4 * uniform(seed, np.uint64(s), np.uint64(0), np.uint64(1))
        for v in range(n):
            trial[v] = best[v]
            if uniform(seed, np.uint64(s), np.uint64(v), np.uint64(2)) < share:
                trial[v] = int(uniform(seed, np.uint64(s), np.uint64(v), np.uint64(3)) * k)
        cost = _descend(indptr, indices, edge, w, trial, k, a, b, relaxed)
        if cost < best_cost:
            best_cost = cost
            best[:] = trial
    return best, best_cost


@njit(cache=True, nogil=True)
def exact(w, first, rest, known, label, k, a, b, relaxed, limit):  # noqa: ANN001, ANN201
    """Return (cost, steps) of the best blockmodel of the nodes from ``first`` on; steps above ``limit`` mean that it gave up.

    Depth first over groups in order of first use. A branch ends where its cost so far and the least cost of the nodes not yet placed, taken alone,
    are no better than the best.

    Parameters
    ----------
    w : int64 array, shape (n, n)
        Symmetric weights.
    first : int
    rest : int64 array, shape (n + 1,)
        Least cost of the nodes from each position on, taken alone, for positions after ``first``.
    known : int
        Cost of ``label`` on these nodes.
    label : int64 array, shape (n,)
        The best known; modified in place where a better one is found.
    k, a, b : int
    relaxed : bool
    limit : int
    """
    n = len(w)
    neg, pos = np.zeros((k, k), dtype=np.int64), np.zeros((k, k), dtype=np.int64)
    now, used = np.full(n, -1, dtype=np.int64), np.zeros(n + 1, dtype=np.int64)
    v, best, steps = first, known, 0
    while v >= first and best > rest[first + 1]:
        if now[v] >= 0:
            for u in range(first, v):
                _add(neg, pos, now[v], now[u], -w[v, u], w[v, u] > 0)
        now[v] += 1
        if now[v] > min(used[v], k - 1):
            now[v] = -1
            v -= 1
            continue
        steps += 1
        if steps > limit:
            return best, steps
        for u in range(first, v):
            _add(neg, pos, now[v], now[u], w[v, u], w[v, u] > 0)
        cost = _cost(neg, pos, a, b, relaxed)
        if cost + rest[v + 1] >= best:
            continue
        if v == n - 1:
            best = cost
            label[first:] = now[first:]
            continue
        used[v + 1] = max(used[v], now[v] + 1)
        v += 1
    return best, steps


@njit(cache=True, nogil=True, inline="always")
def _add(neg, pos, g, h, x, positive):  # noqa: ANN001, ANN202
    """Add a tie to the sums of its block, upper triangle; ``x`` has the tie's sign, or the opposite one to take it out."""
    low, high = min(g, h), max(g, h)
    if positive:
        pos[low, high] += x
    else:
        neg[low, high] -= x


def cost_reference(
    i: NDArray[np.int64], j: NDArray[np.int64], w: NDArray[np.int64], label: NDArray[np.int64], k: int, *, a: int = 1, b: int = 1,
    relaxed: bool = True,
) -> int:  # fmt: skip
    """Return the cost of a blockmodel, block by block."""
    total = 0
    for g in range(k):
        for h in range(g, k):
            inside = ((label[i] == g) & (label[j] == h)) | ((label[i] == h) & (label[j] == g))
            neg, pos = -int(w[inside & (w < 0)].sum()), int(w[inside & (w > 0)].sum())
            total += min(a * neg, b * pos) if relaxed else a * neg if g == h else b * pos
    return total


def exact_reference(
    n: int, i: NDArray[np.int64], j: NDArray[np.int64], w: NDArray[np.int64], k: int, *, a: int = 1, b: int = 1, relaxed: bool = True
) -> int:  # fmt: skip
    """Return the least cost of a blockmodel of at most ``k`` groups, by trying all ``k ** n`` labels."""
    labels = itertools.product(range(k), repeat=n)
    return min(cost_reference(i, j, w, np.array(x, dtype=np.int64), k, a=a, b=b, relaxed=relaxed) for x in labels)
