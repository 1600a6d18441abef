"""Two blocs and those that stand outside both, at a declared price.

Every tie of a neutral actor costs the fraction ``price`` of its weight, whatever its sign and whoever is at its other end, once. A tie between two
members of blocs costs its whole weight where it is frustrated and nothing else::

    cost = sum over ties of |w| * (price             if an end is neutral
                                   1                 if frustrated between members
                                   0                 else)

From this follows: at price 0 all may be neutral for nothing; a member gains by stepping out alone iff more than ``price`` of the weight of
its ties to other members is frustrated; as no more than half of it is in the better bloc, from price 1/2 on nobody gains, and the cost is
that of two blocs. Below 1/2, ``2 * price * L <= cost <= min(L, price * W)``, with L the cost of two blocs and W the weight of all ties: if each
neutral joins a bloc at the toss of a coin, half the weight of its ties is frustrated on average, so L is at most what members frustrate plus
half the weight that neutrals touch. Does not say what neutrality means in law.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from foedus.blocs.clustering import check_graph
from foedus.blocs.exact import integer_weights, partition
from foedus.blocs.program import program
from foedus.errors import parameter
from foedus.kernels import cycles, signed
from foedus.kernels.clock import solving

if TYPE_CHECKING:
    import highspy
    from numpy.typing import NDArray

NEUTRAL = -1
"""Label of those outside both blocs."""
BUDGET = 100_000_000


@dataclass(frozen=True)
class Alignment:
    """Two blocs and the neutral.

    Attributes
    ----------
    label : int64 array, shape (n,)
        0 or 1, or -1 for neutral; nodes without ties are 0.
    price : float
        Share of the weight of each tie of a neutral node that it costs, as used: the nearest fraction with a denominator of up to 1,000.
    value, bound : float
        Cost, and a lower bound on that of any choice.
    proved : bool
    """

    label: NDArray[np.int64]
    price: float
    value: float
    bound: float
    proved: bool

    @property
    def neutral(self) -> tuple[int, ...]:
        """Who stands outside both blocs."""
        return tuple(np.flatnonzero(self.label == NEUTRAL).tolist())


def align(
    n: int, i: NDArray[np.int64], j: NDArray[np.int64], w: NDArray[np.float64], *, price: float, seconds: float = 20.0
) -> Alignment:  # fmt: skip
    """Return the least costly choice of two blocs and neutrals.

    Parameters
    ----------
    n, i, j, w
        As `foedus.blocs.exact.partition`.
    price : float
        In [0, 1]: which share of each of its ties a neutral actor forgoes.
    seconds : float, s
        Time limit; past it the best found comes with its bound.

    Returns
    -------
    Alignment

    Raises
    ------
    ParameterError
        ``price`` outside [0, 1], ends or weights that are no graph.

    Notes
    -----
    A covering program: every cycle with an odd number of hostile ties holds a frustrated tie or two ties of a neutral actor. Rows are made
    when broken, by shortest paths in the doubled graph; then HiGHS branches. Checked against enumeration of all 3 ** n choices.

    Examples
    --------
    >>> i, j, w = np.array([0, 0, 1, 0, 1]), np.array([1, 2, 2, 3, 3]), np.array([-9.0, 2.0, 2.0, 5.0, -5.0])
    >>> align(4, i, j, w, price=0.4).neutral, align(4, i, j, w, price=0.5).value
    ((2,), 2.0)
    """
    if not 0 <= price <= 1:
        raise parameter("price", price, "a share in [0, 1]")
    check_graph(n, i, j)
    deadline = solving() + seconds
    share = Fraction(price).limit_denominator(1000)
    units, unit = integer_weights(np.asarray(w, dtype=np.float64))
    live = units != 0
    two = partition(n, i, j, w, seconds=seconds)
    program = _Program(n, i[live], j[live], units[live], share)
    program.offer(np.minimum(two.label, 1))
    program.offer(np.full(n, NEUTRAL))
    if share >= Fraction(1, 2):
        program.bound = share.denominator * round(two.bound / unit)
    else:
        # Neutrals that join at the toss of a coin: see the head of this file.
        program.bound = 2 * share.numerator * round(two.bound / unit)
        if program.bound < program.value:
            program.solve(deadline)
    scale = unit / share.denominator
    label = program.label.copy()
    label[np.setdiff1d(np.arange(n), np.concatenate([program.i, program.j]))] = 0
    bound = min(program.bound, program.value)
    return Alignment(label, float(share), program.value * scale, bound * scale, bound >= program.value)


class _Program:
    """The covering program; costs are in units of weight over the price's denominator."""

    def __init__(
        self, n: int, i: NDArray[np.int64], j: NDArray[np.int64], units: NDArray[np.int64], share: Fraction
    ) -> None:
        from scipy.sparse import csr_matrix

        self.n, self.i, self.j, self.units = n, i, j, units
        self.full, self.part = share.denominator * np.abs(units), share.numerator * np.abs(units)
        matrix = csr_matrix((units.astype(np.float64), (i, j)), shape=(n, n))
        matrix = matrix + matrix.T
        self.friends, self.foes = matrix.maximum(0), (-matrix).maximum(0)
        self.ratio = float(share)
        self.label, self.value, self.bound = np.zeros(n, dtype=np.int64), int(self.full.sum()) + 1, 0
        odd = np.where(units < 0, n, 0)
        a = np.concatenate([i, i + n])
        b = np.concatenate([j + odd, (j + n + odd) % (2 * n)])
        indptr, nodes, edge = signed.csr(2 * n, a, b)
        self.doubled = indptr, nodes, edge % max(1, len(i))

    def cost(self, label: NDArray[np.int64]) -> int:
        """Return what a choice costs."""
        a, b = label[self.i], label[self.j]
        out = (a == NEUTRAL) | (b == NEUTRAL)
        against = ~out & ((self.units > 0) != (a == b))
        return int(self.part[out].sum() + self.full[against].sum())

    def offer(self, label: NDArray[np.int64]) -> None:
        """Improve a choice by moves of single nodes and keep it if it is the best yet."""
        label = label.copy()
        weight = self.friends + self.foes
        while True:
            zero, one, out = ((label == c).astype(np.float64) for c in (0, 1, NEUTRAL))
            shared = self.ratio * (weight @ out)
            costs = np.array([
                self.friends @ one + self.foes @ zero + shared, self.friends @ zero + self.foes @ one + shared,
                self.ratio * (weight @ np.ones(self.n)),
            ])  # fmt: skip
            here = costs[np.where(label == NEUTRAL, 2, label), np.arange(self.n)]
            gain = here - costs.min(axis=0)
            v = int(np.argmax(gain))
            if gain[v] <= 1e-6:
                break
            label[v] = (0, 1, NEUTRAL)[int(np.argmin(costs[:, v]))]
        if self.cost(label) < self.value:
            self.label, self.value = label, self.cost(label)

    def solve(self, deadline: float) -> None:
        """Draw value and bound together until they meet or the time is over; an interrupt leaves what is known."""
        try:
            self._rounds(self._model(), deadline)
        except KeyboardInterrupt:
            return

    def _model(self) -> highspy.Highs:
        """Return the program without cycles. Columns: frustrated (m), touched by a neutral (m), neutral (n)."""
        m, n = len(self.i), self.n
        costs = np.concatenate([self.full, self.part, np.zeros(n)]).astype(np.float64)
        highs = program(costs, mip_rel_gap=0.0, mip_abs_gap=0.5)
        for e in range(m):
            touched, a, b = m + e, 2 * m + int(self.i[e]), 2 * m + int(self.j[e])
            highs.addRow(0.0, highs.inf, 2, np.array([touched, a], dtype=np.int32), np.array([1.0, -1.0]))
            highs.addRow(0.0, highs.inf, 2, np.array([touched, b], dtype=np.int32), np.array([1.0, -1.0]))
            highs.addRow(0.0, highs.inf, 3, np.array([a, b, touched], dtype=np.int32), np.array([1.0, 1.0, -1.0]))
        return highs

    def _rounds(self, highs: highspy.Highs, deadline: float) -> None:
        """Solve, add the cycles that the solution breaks, and go over to whole numbers when none is left."""
        import highspy

        m, branching = len(self.i), False
        while self.bound < self.value and (left := deadline - solving()) > 0:
            highs.setOptionValue("time_limit", highs.getRunTime() + left)
            highs.run()
            optimal = highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
            info = highs.getInfo()
            raw = info.mip_dual_bound if branching else info.objective_function_value if optimal else 0.0
            if np.isfinite(raw):
                self.bound = max(self.bound, int(np.ceil(raw - 1e-2)))
            if not optimal:
                break
            x = np.clip(np.asarray(highs.getSolution().col_value), 0.0, 1.0)
            self._round(x)
            if not self._add_cycles(highs, x[:m] + 0.5 * x[m : 2 * m]) and not branching:
                branching = True
                whole = np.concatenate([np.arange(m), np.arange(2 * m, 2 * m + self.n)]).astype(np.int32)
                kinds = np.full(len(whole), int(highspy.HighsVarType.kInteger.value), dtype=np.uint8)
                highs.changeColsIntegrality(len(whole), whole, kinds)

    def _add_cycles(self, highs: highspy.Highs, length: NDArray[np.float64]) -> int:
        """Add cycles with an odd number of hostile ties shorter than one; return how many."""
        nodes = np.arange(self.n)
        limit = np.full(self.n, 1.0 - 1e-3)
        flat, start, _ = cycles.paths(*self.doubled, length + 1e-7, nodes, nodes + self.n, limit, 0.2, BUDGET)
        m = len(self.i)
        for a, b in pairwise(start.tolist()):
            ties, times = np.unique(flat[a:b], return_counts=True)
            ties = ties[times % 2 == 1].astype(np.int32)
            index = np.concatenate([ties, ties + m]).astype(np.int32)
            highs.addRow(1.0, highs.inf, len(index), index, np.repeat([1.0, 0.5], len(ties)))
        return len(start) - 1

    def _round(self, x: NDArray[np.float64]) -> None:
        """Offer the choice that follows from the neutral nodes of a solution and from its least frustrated ties."""
        from scipy.sparse import csr_matrix
        from scipy.sparse.csgraph import breadth_first_order, connected_components, minimum_spanning_tree

        m, n = len(self.i), self.n
        tree = minimum_spanning_tree(csr_matrix((x[:m] + 2 * x[m : 2 * m] + 1e-3, (self.i, self.j)), shape=(n, n)))
        tree = tree + tree.T
        sign = csr_matrix((np.sign(self.units), (self.i, self.j)), shape=(n, n))
        sign = sign + sign.T
        label = np.zeros(n, dtype=np.int64)
        _, component = connected_components(tree, directed=False)
        for root in np.unique(component, return_index=True)[1]:
            order, parent = breadth_first_order(tree, int(root), directed=False)
            for v in order[1:]:
                label[v] = label[parent[v]] ^ int(sign[v, parent[v]] < 0)
        label[x[2 * m :] > 0.5] = NEUTRAL
        self.offer(label)
