"""Exact line-up of a weighted signed graph by hitting its negative cycles, with HiGHS.

For two blocs, a set of frustrated ties is feasible iff every cycle with an odd number of negative ties holds one of them; for any number of
blocs, iff every cycle with exactly one negative tie does [Davis1967]_. Both are covering problems whose rows are found by shortest
paths, so one master serves both. Weights are scaled to integers first: a bound above ``value - 1`` is a proof, not a tolerance.
Does not say which actors these are.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from foedus.errors import ParameterError, message
from foedus.kernels import signed

if TYPE_CHECKING:
    from collections.abc import Sequence

    import highspy
    from numpy.typing import NDArray

SCALE = 1_000_000
"""The heaviest tie counts this many units after scaling."""

Blocks = Literal["two", "free"]


@dataclass(frozen=True)
class Partition:
    """A line-up, its value in the weights given, and what is known about better ones.

    Attributes
    ----------
    label : int64 array, shape (n,)
        Bloc of each node, renumbered from 0 by first appearance.
    value, bound : float
        Weight of frustrated ties, and a lower bound on that of any line-up.
    proved : bool
        Whether value and bound agree in the integers of the scaled weights.
    """

    label: NDArray[np.int64]
    value: float
    bound: float
    proved: bool


def integer_weights(w: NDArray[np.float64]) -> tuple[NDArray[np.int64], float]:
    """Return weights rounded to integers and the unit, so that ``w ~ unit * integers``; integers stay as they are.

    Raises
    ------
    ParameterError
        A weight is not finite.
    """
    if not np.isfinite(w).all():
        raise ParameterError(message("Tie weights must be finite", got=f"{int((~np.isfinite(w)).sum())} that are not"))
    top = float(np.abs(w).max(initial=0.0))
    if top == 0.0:
        return np.zeros(len(w), dtype=np.int64), 1.0
    if top <= 2**40 and np.all(w == np.round(w)):
        return w.astype(np.int64), 1.0
    unit = top / SCALE
    return np.round(w / unit).astype(np.int64), unit


def partition(
    n: int, i: NDArray[np.int64], j: NDArray[np.int64], w: NDArray[np.float64], *, blocks: Blocks = "two", seconds: float = 20.0,
    starts: int = 40,
) -> Partition:  # fmt: skip
    """Return a line-up of least frustration into at most two blocs, or into any number.

    Parameters
    ----------
    n : int
        Nodes.
    i, j : int64 arrays, shape (n_edges,)
        Ends of each tie, each pair once.
    w : float64 array, shape (n_edges,)
        Propensities; zero means no tie.
    blocks : {"two", "free"}
    seconds : float, s
        Time limit for the proof; past it the best found comes with its bound.
    starts : int
        Restarts of the local search that supplies the upper bound.

    Returns
    -------
    Partition

    Raises
    ------
    ParameterError
        A weight is not finite.

    Notes
    -----
    Covering formulation over negative cycles [Aref2020]_, rows generated lazily. Checked against enumeration and published indices.

    Examples
    --------
    >>> import numpy as np
    >>> p = partition(3, np.array([0, 0, 1]), np.array([1, 2, 2]), np.array([-1.0, -1.0, -1.0]))
    >>> p.value, p.proved
    (1.0, True)
    """
    units, unit = integer_weights(w)
    keep = units != 0
    i, j, units = i[keep], j[keep], units[keep]
    k = 2 if blocks == "two" else min(n, 12)
    label, value = search(n, i, j, units, k=k, starts=starts)
    master = Cover(n, i, j, units, blocks)
    bound = master.solve(value, time.monotonic() + seconds)
    if master.label is not None and master.label_value < value:
        label, value = master.label, master.label_value
    return Partition(canonical(label), value * unit, min(bound, value) * unit, bound >= value)


def search(
    n: int, i: NDArray[np.int64], j: NDArray[np.int64], units: NDArray[np.int64], *, k: int, starts: int
) -> tuple[NDArray[np.int64], int]:
    """Return (label, value) of the best line-up into at most ``k`` blocs that local search finds."""
    indptr, indices, edge = signed.csr(n, i, j)
    label, value = signed.line_up(
        indptr, indices, edge, units.astype(np.float64), np.zeros(n, dtype=np.int64), k, starts, np.uint64(1)
    )
    return label, round(value)


def canonical(label: Sequence[int] | NDArray[np.int64]) -> NDArray[np.int64]:
    """Return labels renumbered from 0 by first appearance."""
    names: dict[int, int] = {}
    return np.array([names.setdefault(int(x), len(names)) for x in label], dtype=np.int64)


class Cover:
    """Covering master over negative cycles: one variable per tie, rows added until none is violated."""

    def __init__(
        self, n: int, i: NDArray[np.int64], j: NDArray[np.int64], units: NDArray[np.int64], blocks: Blocks
    ) -> None:
        self.n, self.i, self.j, self.units, self.blocks = n, i, j, units, blocks
        self.negative = units < 0
        self.label: NDArray[np.int64] | None = None
        self.label_value = int(np.abs(units).sum()) + 1
        self._seen: set[bytes] = set()
        self._rows: list[NDArray[np.int64]] = []
        self.edge_at = np.full((n, n), -1, dtype=np.int64)
        self.edge_at[i, j] = self.edge_at[j, i] = np.arange(len(i))

    def solve(self, incumbent: int, deadline: float) -> int:
        """Return a lower bound in units; stops when it reaches ``incumbent``, when the optimum is in ``label``, or out of time."""
        import highspy

        bound, integral = 0, False
        if incumbent == 0 or not len(self.i):
            return 0
        highs = self._model()
        self._add(highs, self._triangles())
        while (left := deadline - time.monotonic()) > 0:
            highs.setOptionValue("time_limit", highs.getRunTime() + left)
            highs.run()
            info = highs.getInfo()
            optimal = highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
            raw = info.mip_dual_bound if integral else (self._dual_bound(highs) if optimal else 0.0)
            bound = max(bound, int(np.ceil(raw - 1e-3)) if np.isfinite(raw) else 0)
            if not optimal:
                break
            x = np.asarray(highs.getSolution().col_value)
            self._round(x)
            if bound >= min(incumbent, self.label_value):
                break
            rows = self._violated(x)
            if not rows:
                integral = True
                kinds = np.full(len(x), int(highspy.HighsVarType.kInteger.value), dtype=np.uint8)
                highs.changeColsIntegrality(len(x), np.arange(len(x), dtype=np.int32), kinds)
            self._add(highs, rows)
        return bound

    def _model(self) -> highspy.Highs:
        """Return the empty master: cover at least cost."""
        import highspy

        highs = highspy.Highs()
        for option, value in (("output_flag", False), ("threads", 1), ("mip_rel_gap", 0.0), ("mip_abs_gap", 0.5)):
            highs.setOptionValue(option, value)
        m = len(self.i)
        highs.addVars(m, np.zeros(m), np.ones(m))
        highs.changeColsCost(m, np.arange(m, dtype=np.int32), np.abs(self.units).astype(np.float64))
        return highs

    def _add(self, highs: highspy.Highs, rows: list[NDArray[np.int64]]) -> None:
        """Add the rows that the master does not hold yet."""
        fresh = []
        for row in rows:
            key = np.sort(row).tobytes()
            if key not in self._seen:
                self._seen.add(key)
                fresh.append(row)
        self._rows += fresh
        if fresh:
            lengths = np.array([len(r) for r in fresh])
            starts = np.concatenate([[0], np.cumsum(lengths)[:-1]]).astype(np.int32)
            index = np.concatenate(fresh).astype(np.int32)
            ones, inf = np.ones(len(fresh)), np.full(len(fresh), highs.inf)
            highs.addRows(len(fresh), ones, inf, len(index), starts, index, np.ones(len(index)))

    def _dual_bound(self, highs: highspy.Highs) -> float:
        """Return the bound that the row duals prove by weak duality, whatever the solver's tolerances: cut at zero, summed in float64."""
        y = np.maximum(np.asarray(highs.getSolution().row_dual), 0.0)
        lengths = np.array([len(r) for r in self._rows])
        covered = (
            np.bincount(np.concatenate(self._rows), weights=np.repeat(y, lengths), minlength=len(self.i))
            if len(y)
            else 0.0
        )
        return float(y.sum() + np.minimum(0.0, np.abs(self.units) - covered).sum())

    def _triangles(self) -> list[NDArray[np.int64]]:
        """Return triangles that cannot be content (about 20,000 at most)."""
        rows: list[NDArray[np.int64]] = []
        for e in np.flatnonzero(self.negative):
            f, g = self.edge_at[self.i[e]], self.edge_at[self.j[e]]
            closed = (f >= 0) & (g >= 0)
            f, g = f[closed], g[closed]
            bad = ~(self.negative[f] | self.negative[g])
            if self.blocks == "two":
                bad |= self.negative[f] & self.negative[g] & (e < f) & (e < g)
            rows += [np.array([e, a, b]) for a, b in zip(f[bad], g[bad], strict=True)]
            if len(rows) > 20_000:
                break
        return rows

    def _violated(self, x: NDArray[np.float64]) -> list[NDArray[np.int64]]:
        """Return negative cycles of length below one under ``x``, the shortest through each start."""
        from scipy.sparse import csr_matrix
        from scipy.sparse.csgraph import dijkstra

        n, lengths = self.n, np.clip(x, 0.0, 1.0) + 1e-7
        if self.blocks == "two":
            shift = np.where(self.negative, n, 0)
            a, b = (
                np.concatenate([self.i, self.i + n]),
                np.concatenate([self.j + shift, (self.j + n + shift) % (2 * n)]),
            )
            graph = csr_matrix((np.tile(lengths, 2), (a, b)), shape=(2 * n, 2 * n))
            starts, goals, closing = np.arange(n), np.arange(n) + n, np.full(n, -1)
        else:
            keep = ~self.negative
            graph = csr_matrix((lengths[keep], (self.i[keep], self.j[keep])), shape=(n, n))
            closing = np.flatnonzero(self.negative)
            starts, goals = self.i[closing], self.j[closing]
        sources, back = np.unique(starts, return_inverse=True)
        dist, before = dijkstra(graph, directed=False, indices=sources, return_predecessors=True, limit=1.0)
        rows = []
        for s, goal, edge in zip(back, goals, closing, strict=True):
            if dist[s, goal] + (lengths[edge] if edge >= 0 else 0.0) < 1 - 1e-4:
                rows.append(self._walk(before[s], int(goal), int(edge)))
        return rows

    def _walk(self, before: NDArray[np.int32], goal: int, closing: int) -> NDArray[np.int64]:
        """Return the ties of the cycle that ends in ``goal``; ties walked an even number of times drop out of it."""
        edges = [closing] if closing >= 0 else []
        node = goal
        while before[node] >= 0:
            edges.append(int(self.edge_at[node % self.n, before[node] % self.n]))
            node = int(before[node])
        return np.array(sorted(set(edges)), dtype=np.int64)

    def _round(self, x: NDArray[np.float64]) -> None:
        """Keep the line-up that follows from cutting the ties with high ``x``, after local search, if it is the best yet."""
        from scipy.sparse import csr_matrix
        from scipy.sparse.csgraph import breadth_first_order, connected_components, minimum_spanning_tree

        n = self.n
        if self.blocks == "two":
            tree = minimum_spanning_tree(csr_matrix((x + 1e-3, (self.i, self.j)), shape=(n, n)))
            tree = tree + tree.T
            label = np.full(n, -1, dtype=np.int64)
            for root in range(n):
                if label[root] >= 0:
                    continue
                order, parent = breadth_first_order(tree, root, directed=False)
                label[root] = 0
                for v in order[1:]:
                    label[v] = label[parent[v]] ^ int(self.negative[self.edge_at[v, parent[v]]])
        else:
            keep = ~self.negative & (x < 0.5)
            ones = np.ones(int(keep.sum()))
            _, label = connected_components(
                csr_matrix((ones, (self.i[keep], self.j[keep])), shape=(n, n)), directed=False
            )
            label = label.astype(np.int64)
        indptr, indices, edge = signed.csr(n, self.i, self.j)
        k = 2 if self.blocks == "two" else int(label.max()) + 2
        better, value = signed.line_up(indptr, indices, edge, self.units.astype(np.float64), label, k, 0, np.uint64(1))
        if round(value) < self.label_value:
            self.label, self.label_value = better, round(value)
