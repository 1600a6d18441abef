"""What else the ties allow: the second-best line-up, the number of optima, and three blocs or any number.

Takes the arrays of a signed graph and its best bipartition. Does not know which actors these are.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from foedus.blocs.exact import Cover, Partition, canonical, integer_weights, partition, search
from foedus.kernels import signed

if TYPE_CHECKING:
    from numpy.typing import NDArray

ENUMERATE_UP_TO = 20
"""Nodes up to which equal optima are counted by enumeration."""


@dataclass(frozen=True)
class SecondBest:
    """The next line-up: what it costs more, who would move, and how many line-ups share the optimum.

    ``gap`` is proved when ``proved``; else it is the cheapest move of one actor, an upper bound. ``optima`` counts line-ups of exactly the
    least value (free parts included); None where only "at least two" is known.
    """

    gap: float
    movers: tuple[int, ...]
    proved: bool
    optima: int | None


def second_best(
    n: int,
    i: NDArray[np.int64],
    j: NDArray[np.int64],
    w: NDArray[np.float64],
    best: Partition,
    *,
    seconds: float = 10.0,
) -> SecondBest:
    """Return the second-best bipartition of a graph and the number of best ones.

    Each node in turn is forced to the other side of a reference node and the problem solved again; components without ties between them
    turn freely, which multiplies the optima by 2 each.

    Parameters
    ----------
    n, i, j, w
        As `foedus.blocs.exact.partition`.
    best : Partition
        Its proved optimum into two blocs.
    seconds : float, s
        Time limit; past it only moves of one actor are known and ``proved`` is False.

    Examples
    --------
    >>> i, j, w = np.array([0, 0, 1]), np.array([1, 2, 2]), np.array([2.0, -1.0, -1.0])
    >>> second_best(3, i, j, w, partition(3, i, j, w)).gap
    2.0
    """
    units, unit = integer_weights(w)
    live = units != 0
    i, j, units = i[live], j[live], units[live]
    if not len(i):
        return SecondBest(0.0, (), proved=True, optima=1)
    component = _components(n, i, j)
    free = len(set(component[np.concatenate([i, j])]))
    base = _units_value(i, j, units, best.label)
    label, value = _cheapest_move(n, i, j, units, best.label)
    proved, deadline = best.proved, time.monotonic() + seconds
    for c in np.unique(component[np.concatenate([i, j])]):
        nodes = np.flatnonzero(component == c)
        root = int(nodes[np.argmax(np.bincount(np.concatenate([i, j]), minlength=n)[nodes])])
        for v in nodes[nodes != root]:
            if time.monotonic() > deadline:
                proved = False
                break
            forced, offset = _force(i, j, units, root, int(v), together=bool(best.label[root] != best.label[v]))
            trial, trial_value = search(n, *forced, k=2, starts=4)
            if trial_value + offset < value:
                label, value = trial, trial_value + offset
            bound = Cover(n, *forced, "two").solve(value - offset, deadline)
            if bound + offset < value:
                exact = partition(
                    n, forced[0], forced[1], forced[2].astype(float), seconds=max(0.1, deadline - time.monotonic())
                )
                proved &= exact.proved
                if round(exact.value) + offset < value:
                    label, value = exact.label, round(exact.value) + offset
    optima: int | None = 2 ** max(0, free - 1)
    if value == base:
        optima = _count(n, i, j, units, base) if n <= ENUMERATE_UP_TO else None
    moved = label != best.label
    if moved.sum() * 2 > n:
        moved = ~moved
    return SecondBest((value - base) * unit, tuple(int(x) for x in np.flatnonzero(moved)), proved, optima)


def three(
    n: int,
    i: NDArray[np.int64],
    j: NDArray[np.int64],
    w: NDArray[np.float64],
    two: Partition,
    free: Partition,
    *,
    seconds: float = 10.0,
) -> Partition:
    """Return the best line-up into at most three blocs.

    Searched, then proved by the line-up into any number where that needs no more than three; else bounded below by it, and on up to 40
    nodes settled by an integer program over labels.
    """
    if free.proved and free.label.max(initial=0) <= 2:
        return free
    units, unit = integer_weights(w)
    label, value = search(n, i, j, units, k=3, starts=200)
    if value >= round(two.value / unit):
        label, value = two.label, round(two.value / unit)
    bound = int(np.ceil(free.bound / unit - 0.5))
    if bound < value and n <= 40:
        label, value, bound = _label_program(n, i, j, units, (label, value), bound, seconds)
    return Partition(canonical(label), value * unit, min(bound, value) * unit, bound >= value)


def _label_program(
    n: int, i: NDArray[np.int64], j: NDArray[np.int64], units: NDArray[np.int64], found: tuple[NDArray[np.int64], int], bound: int, seconds: float
) -> tuple[NDArray[np.int64], int, int]:  # fmt: skip
    """Return (label, value, bound) of the integer program with one binary per node and bloc, three blocs."""
    import highspy

    highs = highspy.Highs()
    for option, setting in (
        ("output_flag", False),
        ("threads", 1),
        ("mip_abs_gap", 0.5),
        ("mip_rel_gap", 0.0),
        ("time_limit", seconds),
    ):
        highs.setOptionValue(option, setting)
    m = len(i)
    x = [[highs.addBinary() for _ in range(3)] for _ in range(n)]
    f = [highs.addVariable(lb=0.0, ub=1.0) for _ in range(m)]
    for v in range(n):
        highs.addConstr(x[v][0] + x[v][1] + x[v][2] == 1)
    highs.addConstr(x[0][0] == 1)
    for e in range(m):
        a, b = int(i[e]), int(j[e])
        for c in range(3):
            if units[e] > 0:
                highs.addConstr(f[e] - x[a][c] + x[b][c] >= 0)
                highs.addConstr(f[e] + x[a][c] - x[b][c] >= 0)
            else:
                highs.addConstr(f[e] - x[a][c] - x[b][c] >= -1)
    highs.minimize(highs.qsum(float(abs(u)) * var for u, var in zip(units, f, strict=True)))
    label, value = found
    solution = np.asarray(highs.getSolution().col_value)
    if len(solution):
        mine = solution[: 3 * n].reshape(n, 3).argmax(axis=1)
        mine_value = _units_value(i, j, units, mine)
        if mine_value < value:
            label, value = mine, mine_value
    dual = highs.getInfo().mip_dual_bound
    return label, value, max(bound, int(np.ceil(dual - 1e-3)) if np.isfinite(dual) else 0)


def _components(n: int, i: NDArray[np.int64], j: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the component of each node."""
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import connected_components

    return connected_components(csr_matrix((np.ones(len(i)), (i, j)), shape=(n, n)), directed=False)[1].astype(np.int64)


def _units_value(i: NDArray[np.int64], j: NDArray[np.int64], units: NDArray[np.int64], label: NDArray[np.int64]) -> int:
    """Return the frustration of a line-up in units."""
    frustrated = (units > 0) != (label[i] == label[j])
    return int(np.abs(units)[frustrated].sum())


def _cheapest_move(
    n: int, i: NDArray[np.int64], j: NDArray[np.int64], units: NDArray[np.int64], label: NDArray[np.int64]
) -> tuple[NDArray[np.int64], int]:  # fmt: skip
    """Return (label, value) after the single move that costs least among nodes with a tie (two blocs)."""
    side = np.where(label == 0, 1, -1)
    pull = np.zeros(n, dtype=np.int64)
    np.add.at(pull, i, units * side[j])
    np.add.at(pull, j, units * side[i])
    cost = pull * side
    tied = np.unique(np.concatenate([i, j]))
    base = _units_value(i, j, units, label)
    v = int(tied[np.argmin(cost[tied])])
    moved = label.copy()
    moved[v] = 1 - moved[v]
    return moved, base + int(cost[v])


def _force(
    i: NDArray[np.int64], j: NDArray[np.int64], units: NDArray[np.int64], a: int, b: int, *, together: bool
) -> tuple[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]], int]:
    """Return the graph with a and b forced together or apart, and the value to add to its optimum."""
    heavy = int(np.abs(units).sum()) + 1
    old = ((i == a) & (j == b)) | ((i == b) & (j == a))
    offset = int(np.abs(units[old & ((units > 0) != together)]).sum())
    keep = ~old
    forced = (np.append(i[keep], a), np.append(j[keep], b), np.append(units[keep], heavy if together else -heavy))
    return forced, offset


def _count(n: int, i: NDArray[np.int64], j: NDArray[np.int64], units: NDArray[np.int64], best: int) -> int:
    """Return how many bipartitions of the nodes with ties reach ``best``, by enumeration."""
    tied = np.unique(np.concatenate([i, j]))
    position = np.full(n, -1, dtype=np.int64)
    position[tied] = np.arange(len(tied))
    matrix = np.zeros((len(tied),) * 2)
    matrix[position[i], position[j]] = matrix[position[j], position[i]] = units
    return int((np.abs(signed.enumerate_bipartitions(matrix) - best) < 0.5).sum())
