"""Every best line-up into two blocs: how many, which pairs they agree on, and what the next best costs.

Seen from one proved optimum, cycles packed around it leave every tie some spare weight. A line-up that moves nodes must pay the spare weight of
the ties it cuts, so nodes that are tied too well cannot part in any line-up near the optimum. They are put together, and what is left is small
enough to be enumerated or solved again. Works on arrays and knows no actors.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from foedus.blocs.colouring import lumps
from foedus.blocs.cycle_cover import CycleCover
from foedus.blocs.exact import canonical, integer_weights, partition
from foedus.blocs.tie_arrays import check_ends, tie_arrays
from foedus.errors import parameter
from foedus.kernels import connectivity, signed
from foedus.kernels.clock import solving

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from foedus.blocs.exact import Partition

BUDGET = 300_000_000
"""Looks at pairs after which the enumeration of one block stops, and the count becomes a lower bound."""
LISTED = 64
"""Best line-ups that are listed."""


@dataclass(frozen=True)
class Optima:
    """The best line-ups into two blocs, and the next best.

    Attributes
    ----------
    gap : float
        What the best line-up that differs from the given one costs more; 0 where several are best.
    movers : tuple of int
        Who stands elsewhere in it, the smaller side of the change.
    proved : bool
        Whether no line-up between the two exists; else ``gap`` is an upper bound.
    count : int
        Best line-ups, those included that turn whole components (mirror images are one line-up).
    counted : bool
        Whether that is all of them; else there are at least so many.
    labels : int64 array, shape (n_listed, n)
        The first of them; the given one is the first.
    group, side : int64 arrays, shape (n,)
        The backbone: two nodes of one group are together in every best line-up where their ``side`` is equal, and apart in every one where
        it differs. Where ``counted`` is False there may be more such pairs.
    """

    gap: float
    movers: tuple[int, ...]
    proved: bool
    count: int
    counted: bool
    labels: NDArray[np.int64]
    group: NDArray[np.int64]
    side: NDArray[np.int64]

    @property
    def optima(self) -> int | None:
        """Number of best line-ups, None where only a lower bound is known."""
        return self.count if self.counted else None

    def always(self) -> NDArray[np.int8]:
        """Return 1 for pairs together in every best line-up, -1 for pairs always apart, 0 for the others, shape (n, n)."""
        same = self.group[:, None] == self.group[None, :]
        return np.where(same, np.where(self.side[:, None] == self.side[None, :], 1, -1), 0).astype(np.int8)


@dataclass
class Seen:
    """A graph as seen from an optimum: ``units`` above 0 where a tie is satisfied; ``spare`` weight in ``share`` parts; ``slack`` of the bound."""

    n: int
    i: NDArray[np.int64]
    j: NDArray[np.int64]
    units: NDArray[np.int64]
    spare: NDArray[np.int64]
    share: int
    slack: int

    def contracted(self, excess: int) -> NDArray[np.int64]:
        """Return, for each node, whom it stays with in every line-up that costs at most ``excess`` more than the optimum."""
        price = excess * self.share + self.slack
        part = np.arange(self.n)
        while True:
            a, b, spare = _aggregate(part[self.i], part[self.j], np.where(self.units > 0, self.spare, 0))
            count = int(part.max(initial=-1)) + 1
            bound = connectivity.scan(*signed.csr(count, a, b), spare)
            joined = bound > price
            if not joined.any():
                return part
            part = lumps(count, a, b, joined)[part]


def optima(
    n: int, i: NDArray[np.int64], j: NDArray[np.int64], w: NDArray[np.float64], best: Partition, *, seconds: float = 10.0,
    limit: int = LISTED,
) -> Optima:  # fmt: skip
    """Return the best line-ups into two blocs, their backbone, and the gap to the next best.

    Parameters
    ----------
    n, i, j, w
        As `foedus.blocs.exact.partition`.
    best : Partition
        Its optimum into two blocs. Where it is not proved, nothing here is.
    seconds : float, s
        Time limit; past it ``gap`` is an upper bound.
    limit : int
        The most line-ups that are listed.

    Returns
    -------
    Optima

    Raises
    ------
    ParameterError
        As `foedus.blocs.exact.partition`; or a ``best`` of other nodes.

    Notes
    -----
    With cycles that share no tie beyond its weight and whose amounts ``y`` sum to the optimum, a line-up that cuts the set ``S`` off costs
    ``sum y_C (f_C - 1) + sum r_e f_e`` more, where ``f`` counts frustrated ties and ``r`` is what the cycles leave of a tie: all terms are at
    least 0. Nodes that no cut of ``r`` below the excess separates [NagamochiIbaraki1992]_ are one node. Best line-ups multiply over
    biconnected blocks. Weights are integers after scaling, so a tie between line-ups is one to within 1e-6 of the heaviest weight.

    Examples
    --------
    >>> i, j, w = np.array([0, 0, 1]), np.array([1, 2, 2]), np.array([2.0, -1.0, -1.0])
    >>> found = optima(3, i, j, w, partition(3, i, j, w))
    >>> found.gap, found.movers, found.count
    (2.0, (2,), 1)
    """
    deadline = solving() + seconds
    i, j, w = tie_arrays(n, i, j, w)
    check_ends(n, i, j)
    units, unit = integer_weights(w)
    live = units != 0
    i, j, units = i[live], j[live], units[live]
    if len(best.label) != n:
        raise parameter("best", f"a line-up of {len(best.label)} nodes", f"one of {n}")
    seen = see(n, i, j, units, best.label, deadline)
    turns, group, count, counted = _best_ones(seen, limit)
    if turns or not len(units):
        flips, gap, proved = (turns or [np.zeros(n, dtype=np.int64)])[0], 0, True
    else:
        flips, gap, proved = _next_best(seen, deadline)
    component = lumps(n, i, j, np.ones(len(i), dtype=np.bool_))
    free = len(np.unique(component[np.concatenate([i, j])]))
    every = [np.zeros(n, dtype=np.int64), *turns]
    for c in np.unique(component[np.concatenate([i, j])])[1:]:
        every += [x ^ (component == c) for x in every[: limit - len(every)]]
    labels = np.array([canonical(best.label ^ x) for x in every[:limit]])
    return Optima(
        gap * unit, _smaller(flips, component), proved and best.proved, count * 2 ** max(0, free - 1), counted and best.proved,
        labels, group, np.where(best.label[_first(group)] == best.label, 0, 1),
    )  # fmt: skip


def _first(group: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return, for each node, the first node of its group."""
    _, first, back = np.unique(group, return_index=True, return_inverse=True)
    return first[back]


def _smaller(flips: NDArray[np.int64], component: NDArray[np.int64]) -> tuple[int, ...]:
    """Return who moves, told from the smaller side in each component."""
    out: list[int] = []
    for c in np.unique(component[flips == 1]):
        moved, stayed = (np.flatnonzero((component == c) & (flips == s)) for s in (1, 0))
        out += (moved if len(moved) <= len(stayed) else stayed).tolist()
    return tuple(sorted(out))


def see(
    n: int, i: NDArray[np.int64], j: NDArray[np.int64], units: NDArray[np.int64], label: NDArray[np.int64], deadline: float
) -> Seen:  # fmt: skip
    """Return the graph as seen from a line-up, with the spare weight that packed cycles leave."""
    switched = np.where(label[i] == label[j], units, -units)
    value = -int(switched[switched < 0].sum())
    cover = CycleCover(n, i, j, switched, max(n, 1), np.zeros(n, dtype=np.int64))
    cover.relax(deadline)
    spare, share, proved = np.abs(switched), 1, 0
    if cover.proof is not None:
        share, proved = cover.proof.share, int(cover.proof.amount.sum())
        spare = spare * share
        np.subtract.at(spare, cover.proof.flat, np.repeat(cover.proof.amount, np.diff(cover.proof.start)))
    return Seen(n, i, j, switched, spare, share, value * share - proved)


def _aggregate(
    a: NDArray[np.int64], b: NDArray[np.int64], w: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return ties between different nodes with parallel ones added up."""
    apart = a != b
    low, high, w = np.minimum(a, b)[apart], np.maximum(a, b)[apart], w[apart]
    width = int(high.max(initial=0)) + 1
    keys, back = np.unique(low * width + high, return_inverse=True)
    total = np.zeros(len(keys), dtype=np.int64)
    np.add.at(total, back, w)
    return keys // width, keys % width, total


def blocks(count: int, a: NDArray[np.int64], b: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Return the nodes of each biconnected block: parts that no single node holds together [HopcroftTarjan1973]_.

    Examples
    --------
    >>> [x.tolist() for x in blocks(4, np.array([0, 0, 1, 2]), np.array([1, 2, 2, 3]))]
    [[2, 3], [0, 1, 2]]
    """
    near: list[list[int]] = [[] for _ in range(count)]
    for x, y in zip(a.tolist(), b.tolist(), strict=True):
        near[x].append(y)
        near[y].append(x)
    depth, low = [-1] * count, [0] * count
    out: list[NDArray[np.int64]] = []
    for root in range(count):
        if depth[root] >= 0:
            continue
        depth[root] = 0
        trail, held = [(root, -1, iter(near[root]))], [root]
        while trail:
            v, parent, rest = trail[-1]
            u = next(rest, None)
            if u is None:
                trail.pop()
                if parent >= 0:
                    low[parent] = min(low[parent], low[v])
                    if low[v] >= depth[parent]:
                        cut = held.index(v)
                        out.append(np.array(sorted([parent, *held[cut:]]), dtype=np.int64))
                        del held[cut:]
            elif depth[u] < 0:
                depth[u] = low[u] = depth[v] + 1
                held.append(u)
                trail.append((u, v, iter(near[u])))
            elif u != parent:
                low[v] = min(low[v], depth[u])
    return out


def _best_ones(seen: Seen, limit: int) -> tuple[list[NDArray[np.int64]], NDArray[np.int64], int, bool]:
    """Return who may turn at no cost, the backbone's groups, their count of best line-ups and whether it is complete."""
    part = seen.contracted(0)
    size = int(part.max(initial=-1)) + 1
    a, b, w = _aggregate(part[seen.i], part[seen.j], seen.units)
    turns: list[NDArray[np.int64]] = [np.zeros(size, dtype=np.int64)]
    count, complete, tied = 1, True, np.arange(size)
    for nodes in blocks(size, a, b):
        at = np.full(size, -1)
        at[nodes] = np.arange(len(nodes))
        inside = (at[a] >= 0) & (at[b] >= 0)
        matrix = np.zeros((len(nodes),) * 2, dtype=np.int64)
        matrix[at[a[inside]], at[b[inside]]] = matrix[at[b[inside]], at[a[inside]]] = w[inside]
        sides, found, done = connectivity.content_sides(matrix, max(limit, 4096), BUDGET)
        count *= max(1, found)
        complete &= done
        if done and found <= len(sides):
            _, same = np.unique(sides, axis=1, return_inverse=True)
            for x in range(len(nodes)):
                tied[tied == tied[nodes[x]]] = tied[nodes[int(np.flatnonzero(same == same[x])[0])]]
        turns = _combined(turns, nodes, sides[1:], a, b, limit)
    return [t[part] for t in turns[1:]], tied[part], count, complete


def _combined(
    turns: list[NDArray[np.int64]], nodes: NDArray[np.int64], sides: NDArray[np.int8], a: NDArray[np.int64],
    b: NDArray[np.int64], limit: int,
) -> list[NDArray[np.int64]]:  # fmt: skip
    """Return the turns so far and each of them with one more turn inside a block, nodes beyond the block following their hinge."""
    size = len(turns[0])
    inside = np.isin(a, nodes) & np.isin(b, nodes)
    beyond = lumps(size, a, b, ~inside)
    out = list(turns)
    for row in sides:
        moved = np.isin(beyond, beyond[nodes[row == 1]]).astype(np.int64)
        out += [t ^ moved for t in turns[: max(0, limit - len(out))]]
    return out


def _next_best(seen: Seen, deadline: float) -> tuple[NDArray[np.int64], int, bool]:
    """Return (who turns, excess, proved) of the least costly change of the optimum within a component."""
    flips, excess = _cheapest(seen.n, seen.i, seen.j, seen.units)
    if excess == 0:
        return flips, 0, True
    proved = True
    part = seen.contracted(excess - 1)
    a, b, w = _aggregate(part[seen.i], part[seen.j], seen.units)
    size = int(part.max(initial=-1)) + 1
    component = lumps(size, a, b, np.ones(len(a), dtype=np.bool_))
    for c in range(int(component.max(initial=-1)) + 1):
        nodes = np.flatnonzero(component == c)
        for v in nodes[1:]:
            found, cost, sure = forced(size, a, b, w, [(int(nodes[0]), int(v))], deadline - solving())
            proved &= sure
            if cost < excess:
                flips, excess = found[part], cost
    return flips, excess, proved


def forced(
    n: int, i: NDArray[np.int64], j: NDArray[np.int64], units: NDArray[np.int64], pairs: list[tuple[int, int]], seconds: float
) -> tuple[NDArray[np.int64], int, bool]:  # fmt: skip
    """Return (who turns, excess, proved) of the best change of the optimum that turns each pair apart, seen from the optimum."""
    to, turned = np.arange(n), np.zeros(n, dtype=np.int64)
    for u, v in pairs:
        if to[u] != to[v]:
            # All that hangs on v follows u, turned against it.
            away = turned[u] ^ turned[v] ^ 1
            follows = to == to[v]
            turned[follows] ^= away
            to[follows] = to[u]
    kept, at = np.unique(to, return_inverse=True)
    sign = np.where(turned[i] == turned[j], 1, -1)
    inside = at[i] == at[j]
    a, b, w = _aggregate(at[i], at[j], units * sign)
    # Excess over the optimum: what cut ties weigh (frustrated ties of the optimum count below zero).
    found = partition(len(kept), a, b, w.astype(np.float64), seconds=max(0.05, seconds))
    flips = (found.label[at] ^ turned) & 1
    cost = int(units[flips[i] != flips[j]].sum())
    bound = (
        round(found.bound)
        + int(units[inside & (sign < 0)].sum())
        + int(units[~inside & (sign < 0)].sum())
        + int(w[w < 0].sum())
    )
    return flips, cost, found.proved or cost <= bound


def _cheapest(
    n: int, i: NDArray[np.int64], j: NDArray[np.int64], units: NDArray[np.int64]
) -> tuple[NDArray[np.int64], int]:  # fmt: skip
    """Return (who turns, excess) of the single node with a tie that turns at least cost."""
    cost = np.zeros(n, dtype=np.int64)
    np.add.at(cost, i, units)
    np.add.at(cost, j, units)
    tied = np.unique(np.concatenate([i, j]))
    v = int(tied[np.argmin(cost[tied])])
    flips = np.zeros(n, dtype=np.int64)
    flips[v] = 1
    return flips, int(cost[v])
