"""Cycles with exactly one hostile tie: packed greedily around a line-up, or found violated by shortest paths.

Such a cycle cannot be content, however many blocs there are [Davis1967]_: its friendly ties want all its nodes together, its hostile tie wants
two of them apart. Lists of cycles come flat: the ties of cycle ``c`` are ``flat[start[c]:start[c + 1]]``. Proves nothing by itself; see
`foedus.blocs.certify`.
"""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def _room(flat, need):  # noqa: ANN001, ANN202
    """Return ``flat`` with room for ``need`` entries."""
    if need <= len(flat):
        return flat
    out = np.empty(max(need, 2 * len(flat)), dtype=np.int64)
    out[: len(flat)] = flat
    return out


@njit(cache=True, nogil=True)
def pack(i, j, w, indptr, indices, edge, label, order, budget):  # noqa: ANN001, ANN201
    """Route each frustrated tie of a line-up around satisfied ones, shortest first, until no capacity is left.

    A hostile tie within a bloc is closed by friendly ties of that bloc; a friendly tie between two blocs by friendly ties of either and one
    hostile tie between them. No tie carries more than its weight, so that the amounts bound the cost of every line-up from below.

    Parameters
    ----------
    i, j, w : int64 arrays, shape (m,)
    indptr, indices, edge : int64 arrays
        CSR of all ties.
    label : int64 array, shape (n,)
    order : int64 array
        Frustrated ties, first come first served.
    budget : int
        The most steps.

    Returns
    -------
    flat, start, amount : int64 arrays
    total : int
        Sum of the amounts.
    """
    n = len(indptr) - 1
    room = np.abs(w)
    flat, start, amount = np.empty(64 + n, dtype=np.int64), np.zeros(64, dtype=np.int64), np.zeros(64, dtype=np.int64)
    stamp, depth = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
    before, via, queue = np.empty(n, dtype=np.int64), np.empty(n, dtype=np.int64), np.empty(n, dtype=np.int64)
    closed = np.zeros(len(w), dtype=np.bool_)
    rows, used, total, mark, steps = 0, 0, 0, 0, 0
    limit, more = 2, True
    while more and limit <= n:
        more = False
        for e in order:
            a, b = label[i[e]], label[j[e]]
            while room[e] > 0 and not closed[e] and steps < budget:
                mark += 1
                stamp[i[e]], depth[i[e]], queue[0] = mark, 0, i[e]
                head, tail, found, cut = 0, 1, False, False
                while head < tail and not found:
                    v = queue[head]
                    head += 1
                    if depth[v] == limit:
                        cut = True
                        break
                    for p in range(indptr[v], indptr[v + 1]):
                        u, f = indices[p], edge[p]
                        steps += 1
                        if stamp[u] == mark or room[f] == 0:
                            continue
                        if w[f] > 0:
                            if label[u] != label[v]:
                                continue
                        elif a == b or label[v] != a or label[u] != b:
                            continue
                        stamp[u], depth[u], before[u], via[u], queue[tail] = mark, depth[v] + 1, v, f, u
                        tail += 1
                        if u == j[e]:
                            found = True
                            break
                if not found:
                    more = more or cut
                    # Capacity only shrinks, so what has no way now has none later.
                    closed[e] = not cut
                    break
                flat = _room(flat, used + n)
                start, amount = _room(start, rows + 2), _room(amount, rows + 1)
                flow, v = room[e], j[e]
                while v != i[e]:
                    flow = min(flow, room[via[v]])
                    v = before[v]
                flat[used], v = e, j[e]
                used += 1
                room[e] -= flow
                while v != i[e]:
                    flat[used] = via[v]
                    room[via[v]] -= flow
                    used += 1
                    v = before[v]
                amount[rows] = flow
                rows += 1
                start[rows] = used
                total += flow
        limit = limit + 1 if limit < 8 else 2 * limit
    return flat[:used].copy(), start[: rows + 1].copy(), amount[:rows].copy(), total


@njit(cache=True, nogil=True, inline="always")
def _push(key, item, held, cost, node):  # noqa: ANN001, ANN202
    """Add to the heap; return how many it holds."""
    p = held
    while p > 0:
        c = (p - 1) // 2
        if key[c] <= cost:
            break
        key[p], item[p] = key[c], item[c]
        p = c
    key[p], item[p] = cost, node
    return held + 1


@njit(cache=True, nogil=True, inline="always")
def _pop(key, item, held):  # noqa: ANN001, ANN202
    """Take the least from the heap; return how many it holds."""
    held -= 1
    cost, node, p = key[held], item[held], 0
    while 2 * p + 1 < held:
        c = 2 * p + 1
        if c + 1 < held and key[c + 1] < key[c]:
            c += 1
        if key[c] >= cost:
            break
        key[p], item[p] = key[c], item[c]
        p = c
    key[p], item[p] = cost, node
    return held


@njit(cache=True, nogil=True)
def paths(indptr, indices, edge, length, source, goal, limit, bump, budget):  # noqa: ANN001, ANN201
    """Return shortest paths between pairs that are shorter than each pair's limit.

    Parameters
    ----------
    indptr, indices, edge : int64 arrays
        CSR of the ties that paths may use.
    length : float64 array
        Length of each tie, by position in the list of ties; not negative. Grows where a path was found, by the share ``bump`` of what it
        lacked, so that the next path goes elsewhere. Modified in place.
    source, goal : int64 arrays, shape (k,)
    limit : float64 array, shape (k,)
        Pairs with no path shorter than this are left out.
    budget : int
        The most steps.

    Returns
    -------
    flat, start : int64 arrays
        Ties of each path.
    which : int64 array
        The pair that each path joins.
    """
    n = len(indptr) - 1
    flat, start, which = np.empty(64 + n, dtype=np.int64), np.zeros(64, dtype=np.int64), np.zeros(64, dtype=np.int64)
    dist, stamp = np.empty(n), np.zeros(n, dtype=np.int64)
    before, via = np.empty(n, dtype=np.int64), np.empty(n, dtype=np.int64)
    key, item = np.empty(len(edge) + 2), np.empty(len(edge) + 2, dtype=np.int64)
    rows, used, steps = 0, 0, 0
    for q in range(len(source)):
        if limit[q] <= 0.0 or steps >= budget:
            continue
        mark = q + 1
        dist[source[q]], stamp[source[q]] = 0.0, mark
        held = _push(key, item, 0, 0.0, source[q])
        found = False
        while held > 0:
            d, v = key[0], item[0]
            held = _pop(key, item, held)
            if d > dist[v]:
                continue
            if v == goal[q]:
                found = True
                break
            for p in range(indptr[v], indptr[v + 1]):
                steps += 1
                there, u = d + length[edge[p]], indices[p]
                if there < limit[q] and (stamp[u] != mark or there < dist[u]):
                    dist[u], stamp[u], before[u], via[u] = there, mark, v, edge[p]
                    held = _push(key, item, held, there, u)
        if found:
            flat = _room(flat, used + n)
            start, which = _room(start, rows + 2), _room(which, rows + 1)
            first, v = used, goal[q]
            while v != source[q]:
                flat[used] = via[v]
                used += 1
                v = before[v]
            for p in range(first, used):
                length[flat[p]] += bump * (limit[q] - dist[goal[q]]) / (used - first)
            which[rows] = q
            rows += 1
            start[rows] = used
    return flat[:used].copy(), start[: rows + 1].copy(), which[:rows].copy()
