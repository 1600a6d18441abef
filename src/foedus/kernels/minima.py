"""Every local minimum of an energy landscape: a depth-first search that prunes, and plain enumeration in Gray order as its twin.

A configuration gives each node a side, +1 or -1. The pull of node ``i`` is ``eta_i sum_j w_ij eta_j``; it is content when its pull reaches its
floor. The search assigns one node after another and gives up as soon as an assigned node can no longer be content whatever the rest do.
Knows no actors and no energies.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

STATIC_BELOW = 17
"""With so many nodes left the order of the rest is frozen: choosing anew would cost more than the branches it saves."""


def order(w: NDArray[np.float64], first: int) -> NDArray[np.int64]:
    """Return an order of the nodes in which those assigned early have their weight decided early, starting with ``first``.

    Takes next the node with the largest share of what is still undecided about those already taken.
    """
    size, taken = np.abs(w), [first]
    free = np.ones(len(w), dtype=bool)
    free[first] = False
    while free.any():
        others = np.flatnonzero(free)
        rest = size[taken][:, others]
        left = np.maximum(rest.sum(axis=1, keepdims=True), np.finfo(float).tiny)
        taken.append(int(others[(rest / left).sum(axis=0).argmax()]))
        free[taken[-1]] = False
    return np.array(taken, dtype=np.int64)


@njit(cache=True, nogil=True)
def _lost(field, row, side, left, least):  # noqa: ANN001, ANN202
    """Return how many assigned nodes can no longer be content if one more node takes side +1, and if it takes side -1."""
    up = 0
    down = 0
    for i in range(len(field)):
        slack = side[i] * field[i] + left[i] - least[i]
        change = side[i] * row[i]
        up += slack + change < 0.0
        down += slack - change < 0.0
    return up, down


@njit(cache=True, nogil=True)
def _take(field, row, v, field_next):  # noqa: ANN001, ANN202
    """Write the fields after one node took side ``v``."""
    for i in range(len(field)):
        field_next[i] = field[i] + v * row[i]


@njit(cache=True, nogil=True)
def _decide(left, size, left_next):  # noqa: ANN001, ANN202
    """Write the weight that is undecided about each node once its tie with one more node is decided."""
    for i in range(len(left)):
        left_next[i] = left[i] - size[i]


@njit(cache=True, nogil=True, fastmath={"reassoc", "contract"})
def _tightness(taken, side, field, left, least, size, score):  # noqa: ANN001, ANN202
    """Write how much each node's tie weighs against the slack of the assigned nodes: the heaviest is decided next."""
    score[:] = 0.0
    for i in taken:
        x = 1.0 / (side[i] * field[i] + left[i] - least[i] + 1e-12 * abs(field[i]) + 1e-150)
        row = size[i]
        for j in range(len(score)):
            score[j] += row[j] * x * x


@njit(cache=True, nogil=True)
def search(w, floor, out, ceiling):  # noqa: ANN001, ANN201
    """Return (count, nodes visited) of the configurations in which every node is content, node 0 being at +1.

    Parameters
    ----------
    w : float64 array, shape (n, n)
        Symmetric, zero diagonal, nodes in the order of `order`.
    floor : float64 array, shape (n,)
        Least pull with which a node is content; minus infinity for a node that cannot move.
    out : int8 array, shape (capacity, n)
        Modified in place: the first configurations found, sides +1 and -1.
    ceiling : int
        Counting stops above it.
    """
    n = w.shape[0]
    size = np.abs(w)
    field = np.zeros((n + 1, n))
    left = np.zeros((n + 1, n))
    for i in range(n):
        for j in range(n):
            left[0, i] += size[i, j]
    least = np.full(n, -np.inf)  # the floor of assigned nodes
    side = np.zeros(n)
    score = np.zeros(n)
    pending = np.zeros(n, dtype=np.int64)  # sides still to be tried at each depth: 1 for +1, 2 for -1
    turn = np.arange(n)
    for d in range(n):
        _decide(left[d], size[d], left[d + 1])
    count = 0
    nodes = 0
    d = 0
    down = True
    while d >= 0 and count <= ceiling:
        if down and d == n:
            if count < out.shape[0]:
                for i in range(n):
                    out[count, i] = np.int8(side[i])
            count += 1
            d -= 1
            down = False
            continue
        if down:
            if 2 <= d <= n - STATIC_BELOW:
                _tightness(turn[:d], side, field[d], left[d], least, size, score)
                for a in range(d, n if d == n - STATIC_BELOW else d + 1):
                    best = a
                    for b in range(a + 1, n):
                        if score[turn[b]] > score[turn[best]]:
                            best = b
                    turn[a], turn[best] = turn[best], turn[a]
                    _decide(left[a], size[turn[a]], left[a + 1])
            k = turn[d]
            nodes += 1
            lost_up, lost_down = _lost(field[d], w[k], side, left[d + 1], least)
            pending[d] = 0
            if lost_up == 0 and field[d, k] + left[d, k] >= floor[k]:
                pending[d] += 1
            if d > 0 and lost_down == 0 and left[d, k] - field[d, k] >= floor[k]:
                pending[d] += 2
            least[k] = floor[k]
        k = turn[d]
        if pending[d] == 0:
            side[k] = 0.0
            least[k] = -np.inf
            d -= 1
            down = False
            continue
        side[k] = 1.0 if pending[d] & 1 else -1.0
        pending[d] -= 1 if pending[d] & 1 else 2
        _take(field[d], w[k], side[k], field[d + 1])
        d += 1
        down = True
    return count, nodes


@njit(cache=True, nogil=True)
def enumerate_content(w, floor, out):  # noqa: ANN001, ANN201
    """Return how many configurations with node 0 at +1 have every node content, by visiting all 2 ** (n - 1) in Gray order.

    The twin of `search` for up to 24 nodes. Fields are built anew every 4,096 steps, so that rounding does not add up.

    Parameters
    ----------
    w, floor : float64 arrays, shapes (n, n), (n,)
    out : int64 array, shape (capacity,)
        Modified in place: codes, bit ``b`` set when node ``b + 1`` is at -1, in Gray order.
    """
    n = w.shape[0]
    side = np.ones(n)
    field = np.zeros(n)
    count = 0
    for step in range(1 << (n - 1)):
        if step > 0:
            bit = 0
            while not (step >> bit) & 1:
                bit += 1
            v = bit + 1
            side[v] = -side[v]
            for u in range(n):
                field[u] += 2.0 * w[u, v] * side[v]
        if step % 4096 == 0:
            for u in range(n):
                field[u] = 0.0
                for j in range(n):
                    field[u] += w[u, j] * side[j]
        bad = 0
        for u in range(n):
            bad += side[u] * field[u] < floor[u]
        if bad == 0:
            if count < len(out):
                out[count] = step ^ (step >> 1)
            count += 1
    return count
