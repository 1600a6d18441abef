"""Relaxed blockmodels of signed graphs [DoreianMrvar2009]_: groups, and for each pair of groups whether they are friends or foes.

Unlike a line-up into blocs, two groups may be friends and a group may be at odds with itself: mediators and quarrelling camps show as what they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.blocs.exact import canonical, integer_weights
from foedus.blocs.graph import signed_graph
from foedus.errors import parameter
from foedus.kernels import blockcost, signed
from foedus.kernels.clock import solving

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray

FIRST_LIMIT = 200_000
"""Steps of the exact search before it is first asked whether time is up."""


@dataclass(frozen=True)
class Blockmodel:
    """Groups and the signs of their blocks.

    Attributes
    ----------
    ids : tuple of str, length n
    label : int64 array, shape (n,)
        Group of each node, numbered from 0 by first appearance.
    sign : int8 array, shape (groups, groups)
        +1 friends, -1 foes, 0 no tie in the block.
    negative, positive : float
        Weight of negative ties in positive blocks, and of positive ties in negative blocks.
    value : float
        ``alpha * negative + (1 - alpha) * positive``.
    bound : float
        Lower bound on the value of any blockmodel of at most k groups.
    proved : bool
        Whether value and bound agree in whole units. If not, the groups were searched and better ones may exist.
    k, alpha, relaxed, unit, starts, seed, seconds
        As asked; ``unit`` is what one unit of the integer weights stands for.
    """

    ids: tuple[str, ...]
    label: NDArray[np.int64]
    sign: NDArray[np.int8]
    negative: float
    positive: float
    value: float
    bound: float
    proved: bool
    k: int
    alpha: float
    relaxed: bool
    unit: float
    starts: int
    seed: int
    seconds: float

    def groups(self) -> tuple[tuple[str, ...], ...]:
        """Return the members of each group."""
        top = int(self.label.max(initial=-1)) + 1
        return tuple(tuple(self.ids[v] for v in np.flatnonzero(self.label == g)) for g in range(top))

    def table(self) -> pl.DataFrame:
        """Return one row a node: ``node``, ``group``."""
        import polars as pl

        return pl.DataFrame({"node": self.ids, "group": self.label}, schema={"node": pl.String, "group": pl.Int64})

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON's own types."""
        plain = (
            "negative",
            "positive",
            "value",
            "bound",
            "proved",
            "k",
            "alpha",
            "relaxed",
            "unit",
            "starts",
            "seed",
            "seconds",
        )
        return {
            "groups": [list(g) for g in self.groups()], "sign": self.sign.tolist(), **{name: getattr(self, name) for name in plain},
        }  # fmt: skip


def blockmodel(
    source: Any, k: int, *, alpha: float = 0.5, relaxed: bool = True, seconds: float = 10.0, starts: int = 200, seed: int = 1, **options: Any
) -> Blockmodel:  # fmt: skip
    """Return the blockmodel of at most ``k`` groups that leaves the least weight of ties unexplained.

    Parameters
    ----------
    source
        Anything that `foedus.blocs.graph.signed_graph` takes, with its ``options``.
    k : int
        Most groups; more are never worse where blocks are relaxed.
    alpha : float
        Price of a negative tie in a positive block, in [0, 1], a fraction of denominator at most 100; a positive one in a negative block costs
        ``1 - alpha``.
    relaxed : bool
        Whether any block may have either sign; else blocks within groups are positive and blocks between them negative.
    seconds : float, s
        Time for the proof.
    starts, seed : int
        Restarts of the search that supplies the groups where no proof comes.

    Returns
    -------
    Blockmodel

    Raises
    ------
    ParameterError
        ``k``, ``starts``, ``seconds`` or ``alpha`` outside their range, or weights that span too wide a range for whole units.

    Notes
    -----
    The criterion ``P = alpha N + (1 - alpha) P`` and the relaxed cost, the sum over blocks of ``min(alpha N, (1 - alpha) P)``, follow
    [DoreianMrvar2009]_ from memory: the text was not read. Solved exactly by a search that first solves the last node, then the last two, and so on,
    each bounding the next. Where time runs out the least costs of disjoint sets of nodes, each taken alone, add up to the bound.

    Examples
    --------
    >>> quarrel = [("a", "b", -1), ("a", "c", 1), ("b", "c", 1)]
    >>> found = blockmodel(quarrel, 2)
    >>> found.value, found.proved, found.groups(), found.sign.tolist()
    (0.0, True, (('a', 'b'), ('c',)), [[-1, 1], [1, 0]])
    """
    graph = signed_graph(source, **options)
    fraction = Fraction(alpha).limit_denominator(100) if isinstance(alpha, int | float) and 0 <= alpha <= 1 else None
    if fraction is None or abs(float(fraction) - alpha) > 1e-12:
        raise parameter("alpha", alpha, "a fraction in [0, 1] of denominator at most 100")
    for name, got, least in (("k", k, 1), ("starts", starts, 1)):
        if not isinstance(got, int) or got < least:
            raise parameter(name, got, f"an integer of at least {least}")
    if not seconds >= 0:
        raise parameter("seconds", seconds, "at least 0")
    units, unit = integer_weights(graph.w)
    live = units != 0
    problem = _Problem(graph.n, graph.i[live], graph.j[live], units[live], min(k, max(1, graph.n)), fraction, relaxed)
    label, cost, bound = problem.solve(seconds, starts, seed)
    label = canonical(label)
    neg, pos = problem.sums(label)
    sign, negative, positive = problem.signs(neg, pos)
    scale = unit / fraction.denominator
    return Blockmodel(
        graph.ids, label, sign, negative * unit, positive * unit, cost * scale, bound * scale, bound >= cost, k, float(alpha), relaxed, unit, starts,
        seed, seconds,
    )  # fmt: skip


class _Problem:
    """One graph in whole units, with the prices of the two kinds of unexplained ties.

    Weights sum to at most 2**53 units and prices are at most 100, so that no sum leaves int64.
    """

    def __init__(
        self, n: int, i: NDArray[np.int64], j: NDArray[np.int64], w: NDArray[np.int64], k: int, alpha: Fraction, relaxed: bool
    ) -> None:  # fmt: skip
        self.n, self.i, self.j, self.w, self.k, self.relaxed = n, i, j, w, k, relaxed
        self.a, self.b = alpha.numerator, alpha.denominator - alpha.numerator

    def solve(self, seconds: float, starts: int, seed: int) -> tuple[NDArray[np.int64], int, int]:
        """Return (label, cost, bound)."""
        deadline = solving() + seconds
        label, cost = blockcost.search(
            *signed.csr(self.n, self.i, self.j), self.w, self.k, self.a, self.b, self.relaxed, starts, np.uint64(seed)
        )
        left, bound, first = np.arange(self.n), 0, True
        while len(left) and bound < cost and (first or solving() < deadline):
            left, add, better = self._bounded(left, label, deadline if first else min(deadline, solving() + 0.2))
            bound += add
            if first and not len(left):
                return better, bound, bound
            first = False
        return label, int(cost), min(bound, int(cost))

    def _bounded(
        self, nodes: NDArray[np.int64], label: NDArray[np.int64], deadline: float
    ) -> tuple[NDArray[np.int64], int, NDArray[np.int64]]:
        """Return the nodes left over, the least cost among the others taken alone, and the labels that reach it."""
        matrix = self._matrix(nodes)
        order = np.argsort(np.abs(np.sign(matrix)).sum(axis=1), kind="stable")
        matrix, mine = np.ascontiguousarray(matrix[np.ix_(order, order)]), label[nodes[order]]
        n = len(nodes)
        rest = np.zeros(n + 1, dtype=np.int64)
        at, limit = n - 1, FIRST_LIMIT
        while at >= 0:
            trial = mine.copy()
            known = self._cost(matrix[at:, at:], trial[at:])
            begun = solving()
            best, steps = blockcost.exact(matrix, at, rest, known, trial, self.k, self.a, self.b, self.relaxed, limit)
            now = solving()
            if steps <= limit:
                mine, rest[at] = trial, best
                at -= 1
                continue
            affordable = int(limit * (deadline - now) / max(now - begun, 1e-6))
            if affordable < limit:
                break
            limit = min(2 * limit, affordable)
        placed = label.copy()
        placed[nodes[order]] = mine
        return nodes[order[: at + 1]], int(rest[at + 1]), placed

    def _matrix(self, nodes: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the weights among some nodes."""
        place = np.full(self.n, -1, dtype=np.int64)
        place[nodes] = np.arange(len(nodes))
        i, j = place[self.i], place[self.j]
        inside = (i >= 0) & (j >= 0)
        out = np.zeros((len(nodes),) * 2, dtype=np.int64)
        out[i[inside], j[inside]] = out[j[inside], i[inside]] = self.w[inside]
        return out

    def _cost(self, matrix: NDArray[np.int64], label: NDArray[np.int64]) -> int:
        """Return the cost of labels on a matrix of weights."""
        i, j = np.nonzero(np.triu(matrix))
        return self.cost(*_sums(i, j, matrix[i, j], label, self.k))

    def sums(self, label: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the negative and positive weight of each block, symmetric."""
        return _sums(self.i, self.j, self.w, label, int(label.max(initial=-1)) + 1)

    def cost(self, neg: NDArray[np.int64], pos: NDArray[np.int64]) -> int:
        """Return the cost of blocks."""
        upper = np.triu_indices(len(neg))
        n, p = self.a * neg, self.b * pos
        each = np.minimum(n, p) if self.relaxed else np.where(np.eye(len(neg), dtype=bool), n, p)
        return int(each[upper].sum())

    def signs(self, neg: NDArray[np.int64], pos: NDArray[np.int64]) -> tuple[NDArray[np.int8], int, int]:
        """Return the sign of each block, and the negative weight in positive and the positive weight in negative blocks."""
        friends = self.a * neg <= self.b * pos if self.relaxed else np.eye(len(neg), dtype=bool)
        sign = np.where(neg + pos == 0, 0, np.where(friends, 1, -1)).astype(np.int8)
        upper = np.triu(np.ones_like(sign, dtype=bool))
        return sign, int(neg[upper & (sign > 0)].sum()), int(pos[upper & (sign < 0)].sum())


def _sums(
    i: NDArray[np.int64], j: NDArray[np.int64], w: NDArray[np.int64], label: NDArray[np.int64], k: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return (k, k) sums of negative and of positive weights, symmetric."""
    both = []
    for chosen in (w < 0, w > 0):
        low, high = np.minimum(label[i], label[j])[chosen], np.maximum(label[i], label[j])[chosen]
        out = np.zeros((k, k), dtype=np.int64)
        np.add.at(out, (low, high), np.abs(w[chosen]))
        both.append(out + np.triu(out, 1).T)
    return both[0], both[1]
