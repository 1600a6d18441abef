"""The least weight of ties that meets every odd closed walk: a covering program, solved by HiGHS, with a proof in integers.

A set of ties can be the frustrated ones of a line-up into two blocs iff every cycle with an odd number of negative ties holds one of them
[BarahonaMahjoub1986]_. Rows are found by shortest walks when the linear program breaks them. Its duals, made whole, are walks that prove a
bound; where that stays short of the best line-up, ties are decided one by one, and each case has its own walks. Bounds come from
whole numbers only: what the solver's tolerances hide is never counted as proved.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from foedus.blocs.certificate import Case, Walks
from foedus.blocs.program import program
from foedus.kernels import odd_walks, signed
from foedus.kernels.clock import solving

if TYPE_CHECKING:
    import highspy
    from numpy.typing import NDArray

    from foedus.blocs.line_up import LineUp

FINEST = 20
"""Amounts are whole numbers of ``2 ** -FINEST`` units, or coarser where weights are large."""
FEW = 8
"""New rows below which a round also looks at the solution itself, not only half-way to the best line-up."""
TRIED = 4
"""Ties tried for a decision, and how many steps of the simplex each trial may take."""
TRIAL_STEPS = 15
WORK = 10_000_000
"""Sources times ties between two looks at the clock."""
MANY = 4_000
"""New rows after which a round stops looking for more."""
KEPT = 0
"""Rows beyond three a tie above which those that the solution does not touch are dropped."""
SLACK = 1e-7


@dataclass
class _Part:
    """A case in the making: the ties decided in it, the walks that bound it, and whether it can hold no better line-up.

    ``bound`` is None where no line-up falls under it.
    """

    decided: tuple[tuple[int, bool], ...]
    walks: Walks
    bound: int | None
    settled: bool = False


class OddCycles:
    """Bounds on one connected part of a graph.

    ``line_up`` holds the best line-up and may get a better one on the way; ``cases`` and ``bound`` are what is proved.
    """

    def __init__(self, line_up: LineUp, walks: Walks) -> None:
        self.line_up = line_up
        self.n, self.i, self.j, self.units = line_up.n, line_up.i, line_up.j, line_up.units
        self.size, self.negative = np.abs(self.units), self.units < 0
        self.graph = signed.csr(self.n, self.i, self.j)
        self.sources = np.unique(np.concatenate([self.i, self.j]))
        self._bits = min(FINEST, 61 - int(self.size.sum()).bit_length())
        self._unit = max(1.0, float(self.size.max()) / 100.0)
        self._rows: list[NDArray[np.int64]] = []
        self._known: set[bytes] = set()
        self._highs = self._model()
        self._add(walks.flat, walks.start)
        self._parts = [_Part((), walks, self._bound((), walks))]

    @property
    def cases(self) -> tuple[Case, ...]:
        """The cases, which leave none out, with the walks that bound each."""
        return tuple(Case(part.decided, part.walks) for part in self._parts)

    @property
    def bound(self) -> int:
        """What is proved of every line-up."""
        return min((p.bound for p in self._parts if p.bound is not None), default=self.line_up.value)

    def solve(self, deadline: float) -> None:
        """Decide and bound case after case until the line-up is proved or the time is over; an interrupt leaves what is known."""
        while solving() < deadline:
            open_ = [k for k, part in enumerate(self._parts) if not part.settled]
            if not open_:
                return
            part = self._parts[open_[-1]]
            self._decide(part.decided, release=False)
            try:
                tie = self._study(part, deadline)
            finally:
                self._decide(part.decided, release=True)
            if tie is not None:
                self._parts[open_[-1] : open_[-1] + 1] = [self._child(part, tie, answer) for answer in (False, True)]

    def _study(self, part: _Part, deadline: float) -> int | None:
        """Bound a case as well as its linear program does, and return the tie that is to be decided next, None if none is."""
        import highspy

        highs = self._highs
        while (left := deadline - solving()) > 0:
            highs.setOptionValue("time_limit", highs.getRunTime() + left)
            highs.run()
            status = highs.getModelStatus()
            if status == highspy.HighsModelStatus.kInfeasible:
                part.walks, part.bound, part.settled = self._contradiction(part.decided), None, True
                return None
            if status != highspy.HighsModelStatus.kOptimal:
                return None
            x = np.clip(np.asarray(highs.getSolution().col_value), 0.0, 1.0)
            order = np.argsort(x, kind="stable")
            self.line_up.offer(odd_walks.spanning_sides(self.n, self.i, self.j, self.negative, order))
            near = highs.getInfo().objective_function_value * self._unit > self.line_up.value - 1
            if near or not self._separate(x, deadline):
                self._improve(part)
                part.settled = part.bound is not None and part.bound >= self.line_up.value
                if part.settled:
                    return None
                if not (near and self._separate(x, deadline)):
                    return self._choose(part, x)
            self._purge()
        return None

    def _model(self) -> highspy.Highs:
        """Return the empty program: one column a tie, at its weight."""
        return program(self.size / self._unit, presolve="off")

    def _decide(self, decided: tuple[tuple[int, bool], ...], *, release: bool) -> None:
        """Fix the ties of a case, or free them again."""
        for tie, frustrated in decided:
            self._highs.changeColBounds(
                tie, 0.0 if release else float(frustrated), 1.0 if release else float(frustrated)
            )

    def _add(self, flat: NDArray[np.int64], start: NDArray[np.int64]) -> int:
        """Add the rows that are new and return how many."""
        fresh = []
        for a, b in zip(start[:-1].tolist(), start[1:].tolist(), strict=True):
            row = np.sort(flat[a:b])
            key = row.tobytes()
            if key not in self._known:
                self._known.add(key)
                fresh.append(row)
        if fresh:
            begin = np.concatenate([[0], np.cumsum([len(r) for r in fresh])[:-1]]).astype(np.int32)
            index = np.concatenate(fresh).astype(np.int32)
            count = len(fresh)
            self._highs.addRows(
                count, np.ones(count), np.full(count, self._highs.inf), len(index), begin, index, np.ones(len(index))
            )
            self._rows += fresh
        return len(fresh)

    def _separate(self, x: NDArray[np.float64], deadline: float) -> int:
        """Add odd walks that ``x`` breaks and return how many; half-way to the best line-up first, where they cut deeper."""
        side = self.line_up.side
        best = (self.negative == (side[self.i] == side[self.j])).astype(np.float64)
        count = 0
        for point in (0.5 * (x + best), x):
            if count < FEW:
                for sources in np.array_split(self.sources, 1 + len(self.sources) * len(self.size) // WORK):
                    count += self._add(
                        *odd_walks.odd_walks(*self.graph, self.negative, point + SLACK, sources, 1.0 - 1e-4)
                    )
                    if count > MANY or solving() > deadline:
                        break
        return count

    def _purge(self) -> None:
        """Drop rows that the solution does not touch when there are many."""
        if len(self._rows) < 3 * len(self.size) + KEPT:
            return
        loose = np.flatnonzero(np.asarray(self._highs.getSolution().row_value) > 1.0 + 1e-6)
        self._highs.deleteRows(len(loose), loose.astype(np.int32))
        gone = set(loose.tolist())
        self._known -= {self._rows[k].tobytes() for k in gone}
        self._rows = [row for k, row in enumerate(self._rows) if k not in gone]

    def _improve(self, part: _Part) -> None:
        """Give a case the walks that the duals name, if they bound it better."""
        walks = self._whole(part.decided)
        bound = self._bound(part.decided, walks)
        if part.bound is not None and bound > part.bound:
            part.walks, part.bound = walks, bound

    def _whole(self, decided: tuple[tuple[int, bool], ...]) -> Walks:
        """Return whole amounts just below the duals that load no tie beyond its weight, decided ties apart."""
        dual = np.asarray(self._highs.getSolution().row_dual)
        amount = np.floor(np.maximum(dual, 0.0) * self._unit * 2.0**self._bits).astype(np.int64)
        kept = np.flatnonzero(amount > 0)
        length = np.array([len(self._rows[k]) for k in kept], dtype=np.int64)
        flat = np.concatenate([self._rows[k] for k in kept]) if len(kept) else np.zeros(0, dtype=np.int64)
        start, amount, owner = (
            np.concatenate([[0], np.cumsum(length)]),
            amount[kept],
            np.repeat(np.arange(len(kept)), length),
        )
        room = self.size << self._bits
        np.subtract.at(room, flat, amount[owner])
        room[[tie for tie, _ in decided]] = 0
        for tie in np.flatnonzero(room < 0):
            for c in owner[flat == tie]:
                cut = max(0, min(int(amount[c]), -int(room[tie])))
                amount[c] -= cut
                room[flat[start[c] : start[c + 1]]] += cut
        if np.any(amount == 0):
            alive = amount > 0
            flat, start, amount = flat[alive[owner]], np.concatenate([[0], np.cumsum(length[alive])]), amount[alive]
        return Walks(flat, start.astype(np.int64), amount, 1 << self._bits)

    def _bound(self, decided: tuple[tuple[int, bool], ...], walks: Walks) -> int:
        """Return what walks within the weights prove of a case, rounded up to whole units."""
        total = int(walks.amount.sum())
        owner = np.repeat(np.arange(len(walks.amount)), np.diff(walks.start))
        for tie, frustrated in decided:
            if frustrated:
                total += walks.share * int(self.size[tie]) - int(walks.amount[owner[walks.flat == tie]].sum())
        return -(-total // walks.share)

    def _child(self, part: _Part, tie: int, answer: bool) -> _Part:
        """Return the case of one answer, which the walks of the whole bound for now."""
        decided = (*part.decided, (tie, answer))
        bound = self._bound(decided, part.walks)
        return _Part(decided, part.walks, bound, bound >= self.line_up.value)

    def _contradiction(self, decided: tuple[tuple[int, bool], ...]) -> Walks:
        """Return an odd walk all of whose ties are decided to be satisfied."""
        satisfied = {tie for tie, frustrated in decided if not frustrated}
        row = next(row for row in self._rows if satisfied.issuperset(row.tolist()))
        return Walks(row, np.array([0, len(row)]), np.ones(1, dtype=np.int64))

    def _choose(self, part: _Part, x: NDArray[np.float64]) -> int | None:
        """Return the undecided tie whose two answers, after a few steps of the simplex, both raise the bound most."""
        doubt = np.minimum(x, 1.0 - x)
        tried = np.argsort(-doubt * self.size, kind="stable")[:TRIED]
        tried = tried[doubt[tried] > 1e-6]
        if not len(tried):
            part.settled = True
            return None
        base = self._highs.getInfo().objective_function_value
        gains = [np.prod([max(1e-3, self._trial(int(e), answer) - base) for answer in (0.0, 1.0)]) for e in tried]
        return int(tried[int(np.argmax(gains))])

    def _trial(self, tie: int, answer: float) -> float:
        """Return the bound after a few steps with a tie decided."""
        import highspy

        highs = self._highs
        highs.changeColBounds(tie, answer, answer)
        highs.setOptionValue("simplex_iteration_limit", TRIAL_STEPS)
        highs.run()
        infeasible = highs.getModelStatus() == highspy.HighsModelStatus.kInfeasible
        value = 1e3 * self.line_up.value if infeasible else highs.getInfo().objective_function_value
        highs.setOptionValue("simplex_iteration_limit", 2**31 - 1)
        highs.changeColBounds(tie, 0.0, 1.0)
        return value
