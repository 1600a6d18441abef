"""The least weight of ties that meets every cycle with exactly one hostile tie, and with k blocs every part that k blocs cannot content.

A set of frustrated ties leaves clean blocs iff it meets every such cycle [Davis1967]_, so the least costly line-up is a covering program.
Its rows are made when the linear program breaks them; its duals, made whole, are cycles that prove the bound. Where the program stays
fractional, HiGHS branches. Does not scale weights and does not name actors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from foedus.blocs import colouring
from foedus.blocs.certificate import Walks
from foedus.blocs.cycle_proof import whole
from foedus.blocs.program import program
from foedus.kernels import clustering, cycles, signed
from foedus.kernels.clock import solving

if TYPE_CHECKING:
    import highspy
    from numpy.typing import NDArray

BUDGET = 20_000_000
"""Steps after which one round of routing or of looking for cycles stops with what it has: about a second."""
COST = 1e6
"""The heaviest tie costs at most this in the linear program, whose tolerances are absolute."""
SHARE = 1000
"""Parts of a unit in which duals are rounded where only a bound is wanted."""
FEW = 16
"""Rows below which a round also looks elsewhere."""


class CycleCover:
    """Upper and lower bounds on one graph, drawn together.

    ``label`` and ``value`` are the best line-up into at most ``cap`` blocs, ``bound`` what is proved, ``proof`` the cycles that prove it or
    None; all in integer weights.
    """

    def __init__(
        self,
        n: int,
        i: NDArray[np.int64],
        j: NDArray[np.int64],
        units: NDArray[np.int64],
        cap: int,
        label: NDArray[np.int64],
    ) -> None:
        self.n, self.i, self.j, self.units, self.cap = n, i, j, units, cap
        self.graph = signed.csr(n, i, j)
        self.friendly = units > 0
        self.hostile = np.flatnonzero(~self.friendly)
        p, q, e = signed.csr(n, i[self.friendly], j[self.friendly])
        self.friends = p, q, np.flatnonzero(self.friendly)[e]
        self.label, self.value = label, int(clustering.cost(i, j, units, label))
        self.bound = 0
        self.proof: Walks | None = None
        self.size = np.abs(units)
        self.scale = max(1.0, float(self.size.max(initial=1)) / COST)
        self.flat: list[NDArray[np.int64]] = []
        self.cyclic: list[bool] = []
        self._known: set[bytes] = set()
        self.upper = np.ones(len(units))
        self.sent = 0
        self._branching = True
        self.cancelled = False

    def search(self, starts: int, seed: int = 1) -> None:
        """Look for better line-ups by local search."""
        label, value = clustering.search(
            self.i, self.j, self.units, *self.graph, self.label % self.cap, self.cap, starts, 50, np.uint64(seed)
        )
        if value < self.value:
            self.label, self.value = label, int(value)

    def solve(self, deadline: float) -> None:
        """Draw the bounds together until they meet, or until the time is over; an interrupt leaves what is known."""
        if self.value == 0:
            return
        try:
            if not self._route():
                self._draw_together(deadline)
        except KeyboardInterrupt:
            self.cancelled = True

    def relax(self, deadline: float) -> None:
        """Raise the bound as far as cycles alone do, without branching."""
        self._branching = False
        self.solve(deadline)

    def _route(self) -> bool:
        """Route frustrated ties around satisfied ones; return whether that proves the line-up."""
        against = np.flatnonzero(self.friendly != (self.label[self.i] == self.label[self.j]))
        order = against[np.argsort(-self.size[against], kind="stable")]
        flat, start, amount, total = cycles.pack(self.i, self.j, self.units, *self.graph, self.label, order, BUDGET)
        self.bound, self.proof = int(total), Walks(flat, start, amount)
        self._keep(flat, start, cyclic=True)
        return self.bound == self.value

    def _keep(self, flat: NDArray[np.int64], start: NDArray[np.int64], *, cyclic: bool) -> int:
        """Keep the rows that are new; return how many."""
        count = 0
        for a, b in zip(start[:-1].tolist(), start[1:].tolist(), strict=True):
            row = np.sort(flat[a:b])
            key = row.tobytes()
            if key not in self._known:
                self._known.add(key)
                self.flat.append(row)
                self.cyclic.append(cyclic)
                count += 1
        return count

    def _draw_together(self, deadline: float) -> None:
        """Solve the linear program and add the rows that it breaks, then branch if it stays fractional."""
        highs = self._model()
        import highspy

        while (left := deadline - solving()) > 0:
            self.sent = self._send(highs, self.sent)
            highs.setOptionValue("time_limit", highs.getRunTime() + left)
            highs.run()
            if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
                break
            solution = highs.getSolution()
            x, dual = np.clip(np.asarray(solution.col_value), 0.0, 1.0), np.asarray(solution.row_dual) * self.scale
            self._round(x)
            if dual.sum() > self.value * (1 - 1e-9) - 1 and self._make_whole(dual):
                return
            if not self._separate(x):
                self._make_whole(dual)
                if self._branching and self.bound < self.value:
                    self._branch(highs, dual, deadline)
                return
        dual = np.asarray(highs.getSolution().row_dual) * self.scale
        self._make_whole(dual)

    def _model(self) -> highspy.Highs:
        """Return the empty program: one column a tie, at its weight."""
        return program(self.size / self.scale)

    def _send(self, highs: highspy.Highs, sent: int) -> int:
        """Hand the rows over that the solver has not got; return how many it has."""
        rows = self.flat[sent:]
        if rows:
            length = np.array([len(r) for r in rows])
            start = np.concatenate([[0], np.cumsum(length)[:-1]]).astype(np.int32)
            index = np.concatenate(rows).astype(np.int32)
            count = len(rows)
            highs.addRows(
                count, np.ones(count), np.full(count, highs.inf), len(index), start, index, np.ones(len(index))
            )
        return len(self.flat)

    def _make_whole(self, dual: NDArray[np.float64]) -> bool:
        """Take the bound that whole amounts near the duals prove; return whether it meets the value."""
        flat, length = self._laid_out(len(dual))
        start = np.concatenate([[0], np.cumsum(length)]).astype(np.int64)
        proof, whose, bound = whole(flat, start, dual, self.size, self.value)
        if bound > self.bound:
            self.bound = min(bound, self.value)
            self.proof = proof if all(self.cyclic[c] for c in whose) else None
        return self.bound >= self.value

    def _laid_out(self, count: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the ties of the first rows, one after the other, and the length of each row."""
        rows = self.flat[:count]
        flat = np.concatenate([np.zeros(0, dtype=np.int64), *rows])
        return flat, np.array([len(r) for r in rows], dtype=np.int64)

    def _separate(self, x: NDArray[np.float64]) -> int:
        """Add rows that ``x`` breaks; return how many. Between ``x`` and the best line-up first, where rows cut deeper."""
        best = (self.friendly != (self.label[self.i] == self.label[self.j])).astype(np.float64)
        count = self._short_cycles(0.5 * (x + best))
        if count < FEW:
            count += self._short_cycles(x)
        if count < FEW and self.cap < self.n:
            for row in colouring.obstructions(self.n, self.i, self.j, self.units, x, self.cap):
                count += self._keep(row, np.array([0, len(row)]), cyclic=False)
        return count

    def _short_cycles(self, x: NDArray[np.float64]) -> int:
        """Add cycles with one hostile tie in which ``x`` sums to less than one; return how many are new."""
        limit = 1.0 - 1e-3 - x[self.hostile]
        source, goal = self.i[self.hostile], self.j[self.hostile]
        flat, start, which = cycles.paths(*self.friends, x + 1e-6, source, goal, limit, 0.2, BUDGET)
        closed = np.insert(flat, start[:-1], self.hostile[which])
        return self._keep(closed, start + np.arange(len(start)), cyclic=True)

    def _round(self, x: NDArray[np.float64]) -> None:
        """Keep the line-up that follows from what ``x`` leaves together, after local search, if it is the best yet."""
        label = None
        if self.cap < self.n:
            label = colouring.painted(self.n, self.i, self.j, self.units, x, self.cap)
        if label is None:
            label = self._squeeze(colouring.lumps(self.n, self.i, self.j, self.friendly & (x < 0.5)))
        value = clustering.improve(self.i, self.j, self.units, *self.graph, label, self.cap)
        if value < self.value:
            self.label, self.value = label, int(value)

    def _squeeze(self, label: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the line-up with blocs put together, the two that cost least first, until they are no more than ``cap``."""
        count = int(label.max()) + 1
        if count <= self.cap:
            return label
        pull = np.zeros((count, count))
        np.add.at(pull, (label[self.i], label[self.j]), self.units)
        pull += pull.T
        np.fill_diagonal(pull, -np.inf)
        name = np.arange(count)
        for _ in range(count - self.cap):
            a, b = np.unravel_index(int(np.argmax(pull)), pull.shape)
            pull[a] += pull[b]
            pull[:, a] = pull[a]
            pull[b] = pull[:, b] = pull[a, a] = -np.inf
            name[name == name[b]] = name[a]
        return np.unique(name[label], return_inverse=True)[1].astype(np.int64)

    def _branch(self, highs: highspy.Highs, dual: NDArray[np.float64], deadline: float) -> None:
        """Branch on fractional ties, depth first, adding rows on the way, until no open part can beat the best line-up."""
        bound, spare = self._sound(dual, {})
        closed = np.flatnonzero(bound + spare > (self.value - 1) * SHARE).astype(np.int32)
        self.upper[closed] = 0.0
        highs.changeColsBounds(len(closed), closed, np.zeros(len(closed)), np.zeros(len(closed)))
        # An open part: what is fixed in it, and the bound that its parent proved.
        parts: list[tuple[dict[int, float], int]] = [({}, self.bound)]
        fixed: dict[int, float] = {}
        stuck: list[int] = []
        while parts and solving() < deadline:
            wanted, _ = parts[-1]
            self._set_bounds(highs, fixed, wanted)
            fixed = wanted
            done, x, bound = self._bound_part(highs, wanted, deadline)
            if not done:
                break
            parts.pop()
            if bound >= self.value:
                continue
            doubt = np.minimum(x, 1 - x)
            if doubt.max() < 1e-6:
                stuck.append(bound)
                continue
            e = int(np.argmax(doubt * self.size))
            parts += [(wanted | {e: side}, bound) for side in ((0.0, 1.0) if x[e] > 0.5 else (1.0, 0.0))]
        least = min([b for _, b in parts] + stuck, default=self.value)
        if least > self.bound:
            self.bound, self.proof = min(least, self.value), None

    def _set_bounds(self, highs: highspy.Highs, old: dict[int, float], new: dict[int, float]) -> None:
        """Fix the ties of one part and release those of the part before."""
        for e in old.keys() - new.keys():
            highs.changeColBounds(e, 0.0, self.upper[e])
        for e, side in new.items():
            highs.changeColBounds(e, side, side)

    def _bound_part(
        self, highs: highspy.Highs, fixed: dict[int, float], deadline: float
    ) -> tuple[bool, NDArray[np.float64], int]:
        """Return (whether there was time, solution, bound) of one part; where nothing fits, the bound is the value."""
        import highspy

        while (left := deadline - solving()) > 0:
            self.sent = self._send(highs, self.sent)
            highs.setOptionValue("time_limit", highs.getRunTime() + left)
            highs.run()
            status = highs.getModelStatus()
            if status == highspy.HighsModelStatus.kInfeasible:
                return True, self.upper, self.value
            if status != highspy.HighsModelStatus.kOptimal:
                break
            solution = highs.getSolution()
            x = np.clip(np.asarray(solution.col_value), 0.0, 1.0)
            bound = -(-self._sound(np.asarray(solution.row_dual) * self.scale, fixed)[0] // SHARE)
            if bound >= self.value:
                return True, x, bound
            self._round(x)
            if bound >= self.value or not self._separate(x):
                return True, x, bound
        return False, self.upper, 0

    def _sound(self, dual: NDArray[np.float64], fixed: dict[int, float]) -> tuple[int, NDArray[np.int64]]:
        """Return the bound that duals prove by weak duality, and what they leave of each tie; in integers, `SHARE` to a unit.

        Ties that are closed or fixed count as such, so that no tolerance of the solver enters.
        """
        flat, length = self._laid_out(len(dual))
        amount = np.floor(np.maximum(dual, 0.0) * SHARE).astype(np.int64)
        load = np.zeros(len(self.size), dtype=np.int64)
        np.add.at(load, flat, np.repeat(amount, length))
        spare = self.size * SHARE - load
        low = np.minimum(spare, 0) * (self.upper > 0)
        for e, side in fixed.items():
            low[e] = spare[e] if side == 1.0 else 0
        return int(amount.sum()) + int(low.sum()), spare
