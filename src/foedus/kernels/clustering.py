"""Local search for line-ups into at most k blocs, or any number.

A line-up gives each node a label below ``cap``; what it costs is the weight of friendly ties between labels and of hostile ties within one.
Moves: annealing from singletons, single nodes to a neighbour's bloc or a new one, whole blocs into each other, and chains of moves that may
go uphill first, as Kernighan and Lin's do for bisections [KernighanLin1970]_. Weights are integers, so costs are exact. An upper bound,
never a proof.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from foedus.kernels.streams import uniform

UNSEEN = -(1 << 62)
MERGE_UP_TO = 2048
"""Labels above which blocs are not merged with each other: the table of their ties would be too large."""


def cost_reference(
    i: NDArray[np.int64], j: NDArray[np.int64], w: NDArray[np.int64], label: NDArray[np.int64]
) -> int:  # fmt: skip
    """Return what a line-up costs; the plain twin of `cost`."""
    return int(np.abs(w)[(w > 0) != (label[i] == label[j])].sum())


@njit(cache=True, nogil=True)
def cost(i, j, w, label):  # noqa: ANN001, ANN201
    """Return the weight of frustrated ties of a line-up."""
    total = 0
    for e in range(len(i)):
        if (w[e] > 0) != (label[i[e]] == label[j[e]]):
            total += abs(w[e])
    return total


@njit(cache=True, nogil=True)
def _members(label, size, spare):  # noqa: ANN001, ANN202
    """Count the members of each label in ``size``, list the empty ones in ``spare``; return how many are empty. Both modified in place."""
    size[:] = 0
    for v in range(len(label)):
        size[label[v]] += 1
    free = 0
    for c in range(len(size) - 1, -1, -1):
        if size[c] == 0:
            spare[free] = c
            free += 1
    return free


@njit(cache=True, nogil=True)
def _settle(v, c, label, size, spare, free):  # noqa: ANN001, ANN202
    """Move ``v`` to label ``c`` (-1: an empty one); return how many labels are empty. Arrays modified in place."""
    own = label[v]
    if c < 0:
        free -= 1
        c = spare[free]
    label[v] = c
    size[c] += 1
    size[own] -= 1
    if size[own] == 0:
        spare[free] = own
        free += 1
    return free


@njit(cache=True, nogil=True)
def _best_move(v, indptr, indices, edge, w, label, size, free, pull, seen):  # noqa: ANN001, ANN202
    """Return (label, gain) of the best other place of ``v``: with a neighbour, alone (-1), or where it has no tie; gain -2**62 if none.

    ``pull`` holds UNSEEN in every place before and after; ``seen`` is scratch.
    """
    own = label[v]
    pull[own] = 0
    seen[0] = own
    count = 1
    for p in range(indptr[v], indptr[v + 1]):
        c = label[indices[p]]
        if pull[c] == UNSEEN:
            pull[c] = 0
            seen[count] = c
            count += 1
        pull[c] += w[edge[p]]
    target, most, base = -1, UNSEEN, pull[own]
    if free > 0 and size[own] > 1:
        most = 0
    for t in range(1, count):
        if pull[seen[t]] > most:
            target = seen[t]
            most = pull[target]
    if most < 0 and free == 0 and len(size) < len(label):
        for c in range(len(size)):
            if pull[c] == UNSEEN:
                target, most = c, 0
                break
    for t in range(count):
        pull[seen[t]] = UNSEEN
    return target, (most - base if most > UNSEEN else UNSEEN)


@njit(cache=True, nogil=True)
def _anneal(indptr, indices, edge, w, label, size, spare, sweeps, hot, cold, seed):  # noqa: ANN001, ANN202
    """Offer each node a neighbour's label or an empty one, accepted by Metropolis' rule while cooling; ``label`` modified in place."""
    n = len(indptr) - 1
    free = _members(label, size, spare)
    for s in range(sweeps):
        heat = hot * (cold / hot) ** (s / max(1, sweeps - 1))
        for v in range(n):
            degree = indptr[v + 1] - indptr[v]
            pick = int(uniform(seed, np.uint64(s), np.uint64(v), np.uint64(0)) * (degree + 1))
            own = label[v]
            c = -1 if pick == degree else label[indices[indptr[v] + pick]]
            if c == own or (c < 0 and (free == 0 or size[own] == 1)):
                continue
            gain = 0
            for p in range(indptr[v], indptr[v + 1]):
                at = label[indices[p]]
                if at == c:
                    gain += w[edge[p]]
                elif at == own:
                    gain -= w[edge[p]]
            if gain >= 0 or uniform(seed, np.uint64(s), np.uint64(v), np.uint64(1)) < np.exp(gain / heat):
                free = _settle(v, c, label, size, spare, free)


@njit(cache=True, nogil=True)
def _descend(indptr, indices, edge, w, label, size, spare, pull, seen):  # noqa: ANN001, ANN202
    """Move single nodes while that helps; ``label`` modified in place."""
    free = _members(label, size, spare)
    moved = True
    while moved:
        moved = False
        for v in range(len(indptr) - 1):
            c, gain = _best_move(v, indptr, indices, edge, w, label, size, free, pull, seen)
            if gain > 0:
                free = _settle(v, c, label, size, spare, free)
                moved = True


@njit(cache=True, nogil=True)
def _merge(i, j, w, label, table):  # noqa: ANN001, ANN202
    """Put the two blocs together that gain most by it, while any gain; return whether any did. ``label`` and ``table`` modified in place."""
    table[:] = 0
    for e in range(len(i)):
        a, b = label[i[e]], label[j[e]]
        if a != b:
            table[a, b] += w[e]
            table[b, a] += w[e]
    done = False
    while True:
        most, a, b = 0, -1, -1
        for c in range(len(table)):
            for d in range(c):
                if table[c, d] > most:
                    most, a, b = table[c, d], c, d
        if a < 0:
            return done
        done = True
        for v in range(len(label)):
            if label[v] == a:
                label[v] = b
        for c in range(len(table)):
            table[b, c] += table[a, c]
            table[c, b] = table[b, c]
            table[a, c] = 0
            table[c, a] = 0
        table[b, b] = 0


@njit(cache=True, nogil=True)
def _chain(indptr, indices, edge, w, label, size, spare, pull, seen, depth):  # noqa: ANN001, ANN202
    """Try one chain of up to ``depth`` moves, best first, each node once, and keep its best beginning; return the gain of that."""
    n = len(indptr) - 1
    free = _members(label, size, spare)
    gain = np.empty(n, dtype=np.int64)
    target = np.empty(n, dtype=np.int64)
    for v in range(n):
        target[v], gain[v] = _best_move(v, indptr, indices, edge, w, label, size, free, pull, seen)
    who, whence = np.empty(depth, dtype=np.int64), np.empty(depth, dtype=np.int64)
    locked = np.zeros(n, dtype=np.bool_)
    total, best, kept, steps = 0, 0, 0, 0
    while steps < depth:
        v = -1
        for u in range(n):
            if not locked[u] and gain[u] > UNSEEN and (v < 0 or gain[u] > gain[v]):
                v = u
        if v < 0:
            break
        target[v], gain[v] = _best_move(v, indptr, indices, edge, w, label, size, free, pull, seen)
        if gain[v] == UNSEEN:
            locked[v] = True
            continue
        total += gain[v]
        who[steps], whence[steps] = v, label[v]
        free = _settle(v, target[v], label, size, spare, free)
        locked[v] = True
        steps += 1
        if total > best:
            best, kept = total, steps
        for p in range(indptr[v], indptr[v + 1]):
            u = indices[p]
            if not locked[u]:
                target[u], gain[u] = _best_move(u, indptr, indices, edge, w, label, size, free, pull, seen)
    for t in range(steps - 1, kept - 1, -1):
        label[who[t]] = whence[t]
    return best


@njit(cache=True, nogil=True)
def improve(i, j, w, indptr, indices, edge, label, cap):  # noqa: ANN001, ANN201
    """Improve a line-up by single moves, merges and chains until none helps; return what it costs.

    Parameters
    ----------
    i, j : int64 arrays, shape (m,)
    w : int64 array, shape (m,)
    indptr, indices, edge : int64 arrays
        CSR of the graph, see `foedus.kernels.signed.csr`.
    label : int64 array, shape (n,)
        Below ``cap``. Modified in place.
    cap : int
        The most blocs.
    """
    n = len(indptr) - 1
    size, spare = np.zeros(cap, dtype=np.int64), np.empty(cap + 1, dtype=np.int64)
    pull, seen = np.full(cap, UNSEEN, dtype=np.int64), np.empty(cap + 1, dtype=np.int64)
    tables = min(cap, MERGE_UP_TO)
    table = np.zeros((tables, tables), dtype=np.int64)
    depth = min(n, 40)
    better = True
    while better:
        _descend(indptr, indices, edge, w, label, size, spare, pull, seen)
        better = cap <= MERGE_UP_TO and _merge(i, j, w, label, table)
        if not better and n <= MERGE_UP_TO:
            better = _chain(indptr, indices, edge, w, label, size, spare, pull, seen, depth) > 0
    return cost(i, j, w, label)


@njit(cache=True, nogil=True)
def search(i, j, w, indptr, indices, edge, first, cap, starts, sweeps, seed):  # noqa: ANN001, ANN201
    """Return (label, value) of the best line-up into at most ``cap`` blocs that annealing and `improve` find.

    The first is improved as it stands; half of the starts begin with every node alone (or in turn, where there are fewer labels), half with
    a part of the best so far scattered.

    Parameters
    ----------
    i, j, w, indptr, indices, edge
        As `improve`.
    first : int64 array, shape (n,)
    cap, starts, sweeps : int
    seed : uint64
        The same seed gives the same labels.
    """
    n = len(indptr) - 1
    best = first.copy()
    value = improve(i, j, w, indptr, indices, edge, best, cap)
    top = 0
    for e in range(len(w)):
        top = max(top, abs(w[e]))
    size, spare = np.zeros(cap, dtype=np.int64), np.empty(cap + 1, dtype=np.int64)
    label = np.empty(n, dtype=np.int64)
    for s in range(starts):
        if value == 0:
            break
        draw = np.uint64(s)
        share = 0.1 + 0.4 * uniform(seed, draw, np.uint64(0), np.uint64(2))
        for v in range(n):
            if s % 2 == 0:
                label[v] = v % cap
            else:
                label[v] = best[v]
                if uniform(seed, draw, np.uint64(v), np.uint64(3)) < share:
                    label[v] = int(uniform(seed, draw, np.uint64(v), np.uint64(4)) * cap)
        hot = top * (0.2 if s % 3 == 0 else 0.07 if s % 3 == 1 else 0.02)
        own = np.uint64(uniform(seed, draw, np.uint64(0), np.uint64(5)) * 2.0**53)
        _anneal(indptr, indices, edge, w, label, size, spare, sweeps, hot, top * 3e-4, own)
        found = improve(i, j, w, indptr, indices, edge, label, cap)
        if found < value:
            value = found
            best[:] = label
    return best, value
