"""Why a line-up cannot do with k blocs: parts of a signed graph that are content in more blocs but not in k.

Friends that are to stay together are one lump; hostile ties between lumps ask for different blocs. If the lumps cannot be coloured with k
colours, some of the ties that say so must be frustrated. Does not look at cycles with one hostile tie; see `foedus.blocs.cycle_cover`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEVELS = (0.5, 0.25, 0.05)
"""Ties below such a value of the linear program are taken as content."""
ORDERS = 3
"""Orders in which lumps are left out, so that different parts are found."""
WAYS = 12
"""Choices of ties for one part: each avoids those that the choices before it used."""
STEPS = 20_000
"""The most steps of one search for a colouring; beyond it nothing is claimed."""


def colour(near: list[set[int]], k: int) -> list[int] | Literal["unknown"] | None:
    """Return a colouring of a graph with ``k`` colours, None if there is none, ``"unknown"`` after too many steps.

    The most constrained node first, no new colour before every older one [Brelaz1979]_.

    Examples
    --------
    >>> colour([{1}, {0}], 2)
    [0, 1]
    >>> colour([{1, 2}, {0, 2}, {0, 1}], 2) is None
    True
    """
    label = [-1] * len(near)
    steps = 0

    def extend(left: int, used: int) -> bool | None:
        nonlocal steps
        steps += 1
        if steps > STEPS:
            return None
        if not left:
            return True
        taken = [{label[u] for u in near[v]} - {-1} if label[v] < 0 else None for v in range(len(near))]
        v = max((v for v in range(len(near)) if label[v] < 0), key=lambda v: (len(taken[v] or ()), len(near[v])))
        for c in range(min(k, used + 1)):
            if c in (taken[v] or ()):
                continue
            label[v] = c
            done = extend(left - 1, max(used, c + 1))
            if done is not False:
                return done
        label[v] = -1
        return False

    done = extend(len(near), 0)
    return "unknown" if done is None else label if done else None


def _core(near: list[set[int]], k: int, kept: set[int]) -> tuple[set[int], list[int]]:
    """Return the nodes left when those with fewer than ``k`` kept neighbours go, again and again, and the others in the order they went.

    Only the first can be hard to colour.
    """
    kept, gone = set(kept), []
    while some := sorted(v for v in kept if len(near[v] & kept) < k):
        gone.append(some[0])
        kept.discard(some[0])
    return kept, gone


def _paint(near: list[set[int]], k: int) -> list[int] | None:
    """Return a colouring with ``k`` colours, None if there is none or none was found."""
    core, gone = _core(near, k, set(range(len(near))))
    names = {v: p for p, v in enumerate(sorted(core))}
    inner = colour([{names[u] for u in near[v] & core} for v in sorted(core)], k)
    if inner is None or inner == "unknown":
        return None
    label = [-1] * len(near)
    for v, p in names.items():
        label[v] = inner[p]
    for v in reversed(gone):
        label[v] = min(set(range(k)) - {label[u] for u in near[v]})
    return label


def lumps(n: int, i: NDArray[np.int64], j: NDArray[np.int64], joined: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the connected part of each node under the ties that join."""
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import connected_components

    graph = csr_matrix((np.ones(int(joined.sum())), (i[joined], j[joined])), shape=(n, n))
    return connected_components(graph, directed=False)[1].astype(np.int64)


def _quotient(a: NDArray[np.int64], b: NDArray[np.int64], count: int) -> list[set[int]]:
    """Return the neighbours of each lump."""
    near: list[set[int]] = [set() for _ in range(count)]
    for p, q in zip(a.tolist(), b.tolist(), strict=True):
        near[p].add(q)
        near[q].add(p)
    return near


def painted(
    n: int, i: NDArray[np.int64], j: NDArray[np.int64], units: NDArray[np.int64], x: NDArray[np.float64], k: int
) -> NDArray[np.int64] | None:
    """Return a line-up into ``k`` blocs that frustrates no tie below one half in ``x``; None if there is none or none was found."""
    part = lumps(n, i, j, (units > 0) & (x < 0.5))
    hostile = (units < 0) & (x < 0.5) & (part[i] != part[j])
    label = _paint(_quotient(part[i[hostile]], part[j[hostile]], int(part.max(initial=-1)) + 1), k)
    return None if label is None else np.array(label, dtype=np.int64)[part]


def obstructions(
    n: int, i: NDArray[np.int64], j: NDArray[np.int64], units: NDArray[np.int64], x: NDArray[np.float64], k: int
) -> list[NDArray[np.int64]]:
    """Return sets of ties of which ``k`` blocs must frustrate at least one, though ``x`` gives them less than one in sum.

    Parameters
    ----------
    n, i, j, units
        The signed graph in integer weights.
    x : float64 array, shape (m,)
        How far each tie is frustrated, in [0, 1].
    k : int
    """
    rows: dict[bytes, NDArray[np.int64]] = {}
    used = np.zeros(len(units), dtype=np.int64)
    for level in LEVELS:
        content = x < level
        part = lumps(n, i, j, (units > 0) & content)
        friendly = np.flatnonzero((units > 0) & content)
        hostile = np.flatnonzero((units < 0) & content & (part[i] != part[j]))
        near = _quotient(part[i[hostile]], part[j[hostile]], int(part.max(initial=-1)) + 1)
        core, _ = _core(near, k, set(range(len(near))))
        for order in range(ORDERS if core else 0):
            critical = _critical(near, core, k, order)
            if critical is None:
                break
            for row in _ways(i, j, friendly, part, hostile, critical, used):
                if x[row].sum() < 1 - 1e-3:
                    rows[row.tobytes()] = row
    return list(rows.values())


def _critical(near: list[set[int]], core: set[int], k: int, order: int) -> set[tuple[int, int]] | None:
    """Return pairs of lumps none of which can be spared if ``k`` colours are not to do; None if they do or none was found."""

    def hard(edges: set[tuple[int, int]]) -> bool:
        nodes = sorted({v for pair in edges for v in pair})
        at = {v: p for p, v in enumerate(nodes)}
        local: list[set[int]] = [set() for _ in nodes]
        for a, b in edges:
            local[at[a]].add(at[b])
            local[at[b]].add(at[a])
        left, _ = _core(local, k, set(range(len(nodes))))
        again = {v: p for p, v in enumerate(sorted(left))}
        return bool(left) and colour([{again[u] for u in local[v] & left} for v in sorted(left)], k) is None

    edges = {(a, b) for a in core for b in near[a] & core if a < b}
    if not hard(edges):
        return None
    rng = np.random.default_rng(order)
    for v in rng.permutation(sorted(core)).tolist():
        fewer = {pair for pair in edges if v not in pair}
        if hard(fewer):
            edges = fewer
    for pair in [p for _, p in sorted(zip(rng.random(len(edges)).tolist(), sorted(edges), strict=True))]:
        if hard(edges - {pair}):
            edges = edges - {pair}
    return edges


def _ways(
    i: NDArray[np.int64], j: NDArray[np.int64], friendly: NDArray[np.int64], part: NDArray[np.int64], hostile: NDArray[np.int64],
    critical: set[tuple[int, int]], used: NDArray[np.int64],
) -> list[NDArray[np.int64]]:  # fmt: skip
    """Return choices of one hostile tie for each critical pair and of the friendly ties that hold their ends together within a lump.

    Ties that are in ``used`` less often come first; it counts the choices and is modified in place.
    """
    low, high = np.minimum(part[i[hostile]], part[j[hostile]]), np.maximum(part[i[hostile]], part[j[hostile]])
    options = {(a, b): hostile[(low == a) & (high == b)] for a, b in critical}
    around = {p: _around(i, j, friendly[part[i[friendly]] == p]) for p in {p for pair in critical for p in pair}}
    met = np.zeros(len(part), dtype=np.int64)
    out = []
    for _ in range(WAYS):
        met[:] = 0
        chosen: list[int] = []
        for pair in sorted(critical, key=lambda p: (len(options[p]), p)):
            these = options[pair]
            e = int(these[np.argmin(4 * used[these] - met[i[these]] - met[j[these]])])
            chosen.append(e)
            met[[i[e], j[e]]] = 1
        for p, inner in around.items():
            ends = np.flatnonzero((met == 1) & (part == p)).tolist()
            if len(ends) > 1:
                chosen += _tree(inner, ends)
        row = np.array(sorted(set(chosen)), dtype=np.int64)
        used[row] += 1
        out.append(row)
    return out


def _around(i: NDArray[np.int64], j: NDArray[np.int64], inside: NDArray[np.int64]) -> dict[int, list[tuple[int, int]]]:
    """Return (neighbour, tie) of each node by some ties."""
    out: dict[int, list[tuple[int, int]]] = {}
    for a, b, e in zip(i[inside].tolist(), j[inside].tolist(), inside.tolist(), strict=True):
        out.setdefault(a, []).append((b, e))
        out.setdefault(b, []).append((a, e))
    return out


def _tree(around: dict[int, list[tuple[int, int]]], ends: list[int]) -> list[int]:
    """Return ties that join the ends: shortest paths from the first."""
    before: dict[int, tuple[int, int]] = {}
    queue, seen, wanted = [ends[0]], {ends[0]}, set(ends[1:])
    for v in queue:
        if not wanted:
            break
        for u, e in around[v]:
            if u not in seen:
                seen.add(u)
                before[u] = (v, e)
                queue.append(u)
                wanted.discard(u)
    ties: list[int] = []
    for v in ends[1:]:
        here = v
        while here != ends[0]:
            here, e = before[here]
            ties.append(e)
    return ties
