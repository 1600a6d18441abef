"""Packing of negative cycles: a lower bound on the frustration of two blocs that anyone can check.

Given a line-up, each frustrated tie wants paths of satisfied ties between its ends that together carry its weight; no tie carries more
than its own. A frustrated tie and such a path are a cycle with an odd number of negative ties, and in any line-up each such cycle holds
a frustrated tie: so the weight that is routed bounds the frustration of every line-up from below, and when all is routed the line-up is
proved. Routes go by least cost, as negotiated-congestion routing does: a full tie costs more, what lies on it is ejected and routed again,
and ties that are fought over grow dearer for a while. Which cycles were found is the certificate; who checks it needs none of this.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from foedus.kernels.heap import pop, push

PRICE = 2.0
"""What a full tie costs more than a free one."""
DECAY = 0.7
"""What is left of the added cost of fought-over ties after each chunk of routes."""


class State(NamedTuple):
    """A packing in the making; every array is modified in place.

    Satisfied ties number ``c``, frustrated ones ``q``, paths at most ``p`` of at most ``limit`` ties each.
    """

    indptr: NDArray[np.int64]
    nodes: NDArray[np.int64]
    ties: NDArray[np.int64]
    cap: NDArray[np.int64]
    room: NDArray[np.int64]
    dear: NDArray[np.float64]
    first: NDArray[np.int64]
    second: NDArray[np.int64]
    need: NDArray[np.int64]
    owner: NDArray[np.int64]
    amount: NDArray[np.int64]
    length: NDArray[np.int64]
    route: NDArray[np.int64]
    after: NDArray[np.int64]
    before: NDArray[np.int64]
    head: NDArray[np.int64]
    spare: NDArray[np.int64]
    queue: NDArray[np.int64]
    waiting: NDArray[np.bool_]
    tally: NDArray[np.int64]
    mark: NDArray[np.int64]
    dist: NDArray[np.float64]
    hops: NDArray[np.int64]
    tail: NDArray[np.int64]
    via: NDArray[np.int64]
    key: NDArray[np.float64]
    item: NDArray[np.int64]


def prepare(
    n: int, csr: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]], cap: NDArray[np.int64],
    frustrated: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]], *, paths: int, limit: int,
) -> State:  # fmt: skip
    """Return an empty packing.

    Parameters
    ----------
    n : int
    csr
        ``(indptr, nodes, ties)`` of the satisfied ties, both directions stored.
    cap : int64 array, shape (c,)
        Weight of each satisfied tie.
    frustrated
        ``(first, second, weight)`` of the frustrated ties, shape (q,) each.
    paths, limit : int
        How many paths can be held, of how many ties at most.
    """
    first, second, weight = frustrated
    q, c = len(first), len(cap)
    return State(
        *csr, cap, cap.copy(), np.zeros(c), first, second, weight.copy(),
        np.full(paths, -1, dtype=np.int64), np.zeros(paths, dtype=np.int64), np.zeros(paths, dtype=np.int64),
        np.zeros((paths, limit), dtype=np.int64), np.full(paths * limit, -1, dtype=np.int64), np.full(paths * limit, -1, dtype=np.int64),
        np.full(c, -1, dtype=np.int64), np.arange(paths - 1, -1, -1, dtype=np.int64), np.arange(q, dtype=np.int64), np.ones(q, dtype=np.bool_),
        np.array([paths, 0, q, 0, 0], dtype=np.int64), np.full((2, n), -1, dtype=np.int64), np.zeros((2, n)), np.zeros((2, n), dtype=np.int64),
        np.zeros((2, n), dtype=np.int64), np.zeros((2, n), dtype=np.int64), np.zeros((2, 4 * n + 64)), np.zeros((2, 4 * n + 64), dtype=np.int64),
    )  # fmt: skip


@njit(cache=True, nogil=True)
def _search(s, a, b, limit, price, route):  # noqa: ANN001, ANN202
    """Write a cheap path of at most ``limit`` ties from a to b into ``route`` and return its length, 0 if none was found.

    Dijkstra from both ends; ``price < 0`` means that full ties are closed.
    """
    s.tally[3] += 1
    mark = s.tally[3]
    held = np.ones(2, dtype=np.int64)
    for e in range(2):
        v = a if e == 0 else b
        s.mark[e, v], s.dist[e, v], s.hops[e, v] = mark, 0.0, 0
        s.key[e, 0], s.item[e, 0] = 0.0, v
    best, meet = np.inf, -1
    most = s.key.shape[1]
    while held[0] > 0 and held[1] > 0 and s.key[0, 0] + s.key[1, 0] < best:
        e = 0 if held[0] <= held[1] else 1
        cost, v = s.key[e, 0], s.item[e, 0]
        pop(s.key[e], s.item[e], held[e])
        held[e] -= 1
        if cost > s.dist[e, v] or s.hops[e, v] >= (limit + 1 - e) // 2:
            continue
        for p in range(s.indptr[v], s.indptr[v + 1]):
            t = s.ties[p]
            full = s.room[t] <= 0
            if full and price < 0.0:
                continue
            there = cost + 1.0 + s.dear[t] + (price if full else 0.0)
            u = s.nodes[p]
            if there >= best or (s.mark[e, u] == mark and there >= s.dist[e, u]) or held[e] >= most:
                continue
            s.mark[e, u], s.dist[e, u], s.hops[e, u], s.tail[e, u], s.via[e, u] = mark, there, s.hops[e, v] + 1, v, t
            push(s.key[e], s.item[e], held[e], there, u)
            held[e] += 1
            if s.mark[1 - e, u] == mark and there + s.dist[1 - e, u] < best:
                best, meet = there + s.dist[1 - e, u], u
    if meet < 0:
        return 0
    length = 0
    for e in range(2):
        v, end = meet, (a if e == 0 else b)
        while v != end:
            if length >= limit:
                return 0
            route[length] = s.via[e, v]
            length += 1
            v = s.tail[e, v]
    return length


@njit(cache=True, nogil=True)
def _release(s, path, less):  # noqa: ANN001, ANN202
    """Take ``less`` of its amount off a path; the tie that it serves needs it again."""
    limit = s.route.shape[1]
    s.amount[path] -= less
    for k in range(s.length[path]):
        s.room[s.route[path, k]] += less
    c = s.owner[path]
    s.need[c] += less
    s.tally[4] -= less
    if not s.waiting[c]:
        s.waiting[c] = True
        s.queue[(s.tally[1] + s.tally[2]) % len(s.queue)] = c
        s.tally[2] += 1
    if s.amount[path] > 0:
        return
    for k in range(s.length[path]):
        at, t = path * limit + k, s.route[path, k]
        if s.before[at] >= 0:
            s.after[s.before[at]] = s.after[at]
        else:
            s.head[t] = s.after[at]
        if s.after[at] >= 0:
            s.before[s.after[at]] = s.before[at]
    s.owner[path] = -1
    s.spare[s.tally[0]] = path
    s.tally[0] += 1


@njit(cache=True, nogil=True)
def route_some(s, limit, price, tries):  # noqa: ANN001, ANN201
    """Route until nothing waits or ``tries`` searches were made, and return how many frustrated ties found no path.

    Those that found none wait no longer; `requeue` lets them wait again.
    """
    width = s.route.shape[1]
    found = np.empty(width, dtype=np.int64)
    failed = 0
    for _ in range(tries):
        if s.tally[2] == 0 or s.tally[0] == 0:
            break
        c = s.queue[s.tally[1]]
        s.tally[1] = (s.tally[1] + 1) % len(s.queue)
        s.tally[2] -= 1
        s.waiting[c] = False
        size = _search(s, s.first[c], s.second[c], limit, price, found)
        if size == 0:
            failed += 1
            continue
        much = s.need[c]
        for k in range(size):
            t = found[k]
            much = min(much, s.room[t] if s.room[t] > 0 else s.cap[t])
        for k in range(size):
            t = found[k]
            if s.room[t] < much:
                s.dear[t] += 1.0
            while s.room[t] < much:
                path = s.head[t] // width
                _release(s, path, min(s.amount[path], much - s.room[t]))
        s.tally[0] -= 1
        path = s.spare[s.tally[0]]
        s.owner[path], s.amount[path], s.length[path] = c, much, size
        s.need[c] -= much
        s.tally[4] += much
        for k in range(size):
            t, at = found[k], path * width + k
            s.route[path, k] = t
            s.room[t] -= much
            s.before[at], s.after[at] = -1, s.head[t]
            if s.head[t] >= 0:
                s.before[s.head[t]] = at
            s.head[t] = at
        if s.need[c] > 0 and not s.waiting[c]:
            s.waiting[c] = True
            s.queue[(s.tally[1] + s.tally[2]) % len(s.queue)] = c
            s.tally[2] += 1
    return failed


@njit(cache=True, nogil=True)
def requeue(s):  # noqa: ANN001, ANN201
    """Let every frustrated tie wait whose weight is not routed, and return how many wait."""
    for c in range(len(s.need)):
        if s.need[c] > 0 and not s.waiting[c]:
            s.waiting[c] = True
            s.queue[(s.tally[1] + s.tally[2]) % len(s.queue)] = c
            s.tally[2] += 1
    return s.tally[2]
