"""Search for a line-up into two blocs of little frustration: reduced, annealed, recombined. An upper bound, never a proof."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from foedus.kernels import anneal, reduce, signed
from foedus.kernels.clock import solving

if TYPE_CHECKING:
    from numpy.typing import NDArray

FINER = 4
"""Reductions halve weights; this many times finer they stay whole longer."""


class LineUp:
    """The best line-up found so far of one graph, and the reduced graph on which better ones are looked for.

    ``side`` (+1 or -1 for each node) and ``value``, in integer weights.
    """

    def __init__(
        self, n: int, i: NDArray[np.int64], j: NDArray[np.int64], units: NDArray[np.int64], seed: int = 1
    ) -> None:
        self.n, self.i, self.j, self.units, self.seed, self.tried = n, i, j, units, seed, 0
        pairs, where = np.unique(np.minimum(i, j) * n + np.maximum(i, j), return_inverse=True)
        together = np.zeros(len(pairs), dtype=np.int64)
        np.add.at(together, where, units * FINER)
        pairs, together = pairs[together != 0], together[together != 0]
        first, second, w, _, self._node, self._near, self._pull = reduce.reduce(n, pairs // n, pairs % n, together)
        self._live = np.unique(np.concatenate([first, second]))
        position = np.zeros(n, dtype=np.int64)
        position[self._live] = np.arange(len(self._live))
        indptr, indices, edge = signed.csr(len(self._live), position[first], position[second])
        self._graph = indptr, indices, w[edge]
        self._mean = float(np.abs(w).mean()) if len(w) else 1.0
        self._heavy = float(np.abs(w).sum()) / max(1, len(self._live))
        self._best = np.ones(len(self._live), dtype=np.int64)
        self.side = np.ones(n, dtype=np.int64)
        self._lift()

    def anneal(self, starts: int, sweeps: int, deadline: float) -> bool:
        """Anneal up to ``starts`` times and recombine with the best; return whether it got better."""
        before = self.value
        if len(self._live):
            for _ in range(starts):
                if solving() > deadline:
                    break
                self.tried += 1
                trial = np.ones(len(self._live), dtype=np.int64)
                seed = np.uint64(self.seed * 1_000_003 + self.tried)
                anneal.anneal(*self._graph, trial, sweeps, self._heavy, 0.15 * self._mean, seed)
                self._take(trial)
            self._lift()
        return self.value < before

    def offer(self, side: NDArray[np.int64]) -> bool:
        """Recombine with a line-up from elsewhere; return whether the best got better."""
        before = self.value
        if len(self._live):
            trial = side[self._live].copy()
            anneal.descend(*self._graph, trial)
            self._take(trial)
            self._lift()
        return self.value < before

    def _take(self, trial: NDArray[np.int64]) -> None:
        """Recombine a line-up of the reduced graph with the best one."""
        anneal.recombine(*self._graph, self._best, trial)
        anneal.descend(*self._graph, self._best)

    def _lift(self) -> None:
        """Give every node of the graph its side."""
        self.side[self._live] = self._best
        reduce.undo(self.side, self._node, self._near, self._pull)
        self.value = cost(self.i, self.j, self.units, self.side)


def cost(i: NDArray[np.int64], j: NDArray[np.int64], units: NDArray[np.int64], side: NDArray[np.int64]) -> int:
    """Return the weight of frustrated ties of a line-up, in integer weights."""
    return int(np.abs(units)[(units > 0) != (side[i] == side[j])].sum())
