"""Exact line-up of a weighted signed graph into two blocs, with a proof that anyone can check.

The line-up is searched on a reduced graph; then closed walks with an odd number of negative ties are packed around it until they account for
all that it frustrates (a proof by counting), and where they do not, a linear program over such walks and decisions tie by tie close
the gap. Weights are scaled to integers first, so that equal bounds are a proof and not a tolerance. Does not say which actors these are.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from foedus.blocs.certificate import Case, Certificate, Walks
from foedus.blocs.line_up import LineUp
from foedus.blocs.odd_cycles import OddCycles
from foedus.blocs.packing import pack
from foedus.blocs.tie_arrays import check_sizes, tie_arrays
from foedus.errors import ParameterError, message
from foedus.kernels import odd_walks, signed
from foedus.kernels.clock import solving

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

SCALE = 1_000_000
"""The heaviest tie counts at least this many units after scaling."""
LARGEST = 2**53
"""All weights together count at most this many units."""
AT_ONCE = 4
"""Annealings before the first proof is tried."""
SWEEPS = 200
LINEAR = 200_000
"""Ties of a part above which no linear program is tried: it would not be solved once within minutes."""

Stopped = Literal["", "time", "cancelled"]


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
    unit : float
        The weight of one integer unit: the proof is about weights rounded to whole multiples of it.
    certificate : Certificate or None
        What proves ``bound`` of two blocs; see `foedus.blocs.certificate.check_certificate`.
    stopped : {"", "time", "cancelled"}
        Why the proof was given up, empty if it was not.
    """

    label: NDArray[np.int64]
    value: float
    bound: float
    proved: bool
    unit: float = 1.0
    certificate: Certificate | None = field(default=None, repr=False)
    stopped: Stopped = ""

    @property
    def gap(self) -> float:
        """What a better line-up could save at most, in the weights given; 0 if proved."""
        return self.value - self.bound


def integer_weights(w: NDArray[np.float64]) -> tuple[NDArray[np.int64], float]:
    """Return weights rounded to integers and the unit, so that ``w ~ unit * integers``.

    Integers stay as they are, and decimals of up to six places become exact; else the heaviest counts at least `SCALE` units, and so many
    more that no weight is lost to rounding.

    Raises
    ------
    ParameterError
        A weight is not finite, or the weights span more than integers of 53 bits can hold.

    Examples
    --------
    >>> integer_weights(np.array([0.5, -0.25, 2.0]))
    (array([ 50, -25, 200]), 0.01)
    """
    if not np.isfinite(w).all():
        raise ParameterError(message("Tie weights must be finite", got=f"{int((~np.isfinite(w)).sum())} that are not"))
    size = np.abs(np.asarray(w, dtype=np.float64))
    top = float(size.max(initial=0.0))
    check_sizes(size)
    if top == 0.0:
        return np.zeros(len(w), dtype=np.int64), 1.0
    for unit in (1.0, *(10.0**-k for k in range(1, 7))):
        scaled = w / unit
        if size.sum() / unit <= LARGEST and np.all(
            np.abs(scaled - np.round(scaled)) <= 1e-9 * np.minimum(1.0, np.abs(scaled))
        ):
            return np.round(scaled).astype(np.int64), unit
    scale = max(float(SCALE), float(np.ceil(top / float(size[size > 0].min()))))
    if scale * float(size.sum()) / top > LARGEST:
        raise ParameterError(
            message(
                "Tie weights span too wide a range to be scaled to integers", got=f"from {size[size > 0].min():.3g} to {top:.3g}",
                expected="a sum below 2**53 times the least", hint="drop the ties that are too light to matter, or round the weights",
            )
        )  # fmt: skip
    unit = top / scale
    return np.round(w / unit).astype(np.int64), unit


def partition(
    n: int, i: NDArray[np.int64], j: NDArray[np.int64], w: NDArray[np.float64], *, seconds: float = 20.0, starts: int = 20, seed: int = 1
) -> Partition:  # fmt: skip
    """Return a line-up of least frustration into at most two blocs, with the proof.

    Parameters
    ----------
    n : int
        Nodes.
    i, j : int64 arrays, shape (m,)
        Ends of each tie. Of parallel ties each counts: two that contradict each other cost the lighter.
    w : float64 array, shape (m,)
        Propensities; zero means no tie.
    seconds : float, s
        Time limit for the proof, without what is compiled meanwhile; past it, or after an interrupt, the best found comes with its bound.
    starts : int
        Annealings spent on a line-up that the first proof does not reach.
    seed : int
        Of the search.

    Returns
    -------
    Partition

    Raises
    ------
    ParameterError
        A weight is not finite or the range of weights is too wide; a tie ends outside the nodes.

    Notes
    -----
    NP-hard. Reductions and annealing give the line-up; packed negative cycles, then a linear program over odd closed walks
    [BarahonaMahjoub1986]_ with decisions tie by tie, give the bound; the frustration index is Harary's [Harary1959]_, the problem
    Aref's [Aref2020]_. Networks of people and states are proved by counting cycles, to 700,000 ties in half a minute; dense random
    weights (every pair tied) stay open from some 40 nodes on, random signs of degree 6 from some 140, within half a minute; the result says so.
    Checked against enumeration to 14 nodes and the known indices of the highland tribes and of three windows of the Correlates of War.

    Examples
    --------
    >>> import numpy as np
    >>> p = partition(3, np.array([0, 0, 1]), np.array([1, 2, 2]), np.array([-1.0, -1.0, -1.0]))
    >>> p.value, p.proved
    (1.0, True)
    """
    i, j, w = tie_arrays(n, i, j, w)
    ends = np.concatenate([i, j])
    if not len(i) == len(j) == len(w) or np.any(i == j) or np.any((ends < 0) | (ends >= n)):
        raise ParameterError(
            message(
                "Ties must join two nodes each",
                got=f"{len(i)} and {len(j)} ends, {len(w)} weights",
                expected=f"pairs of 0 to {n - 1}",
            )
        )
    units, unit = integer_weights(w)
    proof = _Proof(n, i, j, units, seed)
    stopped: Stopped = ""
    try:
        proof.run(solving() + seconds, starts)
    except KeyboardInterrupt:
        stopped = "cancelled"
    value, certificate = proof.value, proof.certificate()
    proved = certificate.bound >= value
    stopped = "" if proved else stopped or "time"
    return Partition(
        canonical(proof.line_up.side < 0),
        value * unit,
        min(certificate.bound, value) * unit,
        proved,
        unit,
        certificate,
        stopped,
    )


def canonical(label: Sequence[int] | NDArray[np.int64] | NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return labels renumbered from 0 by first appearance."""
    values, first, inverse = np.unique(np.asarray(label), return_index=True, return_inverse=True)
    rank = np.empty(len(values), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(len(values))
    return rank[inverse]


class _Proof:
    """The way to one proof: the ties that count, the best line-up so far, the walks packed around it, and the parts that needed more."""

    def __init__(self, n: int, i: NDArray[np.int64], j: NDArray[np.int64], units: NDArray[np.int64], seed: int) -> None:
        self.all_units, self.tie = units, np.flatnonzero(units)
        self.n, self.i, self.j, self.units = n, i[self.tie], j[self.tie], units[self.tie]
        self.line_up = LineUp(n, self.i, self.j, self.units, seed)
        empty = np.zeros(0, dtype=np.int64)
        self.walks = Walks(empty, np.zeros(1, dtype=np.int64), empty)
        self.hard: list[tuple[NDArray[np.int64], OddCycles]] = []

    def run(self, deadline: float, starts: int) -> None:
        """Search, pack, and go into each part that the packing leaves open."""
        self.line_up.anneal(AT_ONCE, SWEEPS, deadline)
        total, better = 0, True
        while better:
            walks, total = pack(self.n, self.i, self.j, self.units, self.line_up.side, deadline)
            if total >= int(self.walks.amount.sum()):
                self.walks = walks
            better = False
            while total < self.line_up.value and starts > 0 and not better:
                better = self.line_up.anneal(AT_ONCE, 2 * SWEEPS, deadline)
                starts -= AT_ONCE
        if total < self.line_up.value:
            self._open_parts(deadline)

    def _open_parts(self, deadline: float) -> None:
        """Bound each biconnected part by itself whose line-up the packing does not prove, the smallest first."""
        part = odd_walks.two_connected(self.n, *signed.csr(self.n, self.i, self.j), len(self.i))
        against = (self.units > 0) != (self.line_up.side[self.i] == self.line_up.side[self.j])
        owed = np.bincount(part, np.abs(self.units) * against)
        of_walk = part[self.walks.flat[self.walks.start[:-1]]]
        paid = np.bincount(of_walk, self.walks.amount, len(owed))
        ties = np.bincount(part)
        open_ = np.flatnonzero((paid < owed) & (ties <= LINEAR))
        for k in open_[np.argsort(ties[open_], kind="stable")]:
            mine = np.flatnonzero(part == k)
            nodes, ends = np.unique(np.concatenate([self.i[mine], self.j[mine]]), return_inverse=True)
            first, second = ends[: len(mine)], ends[len(mine) :]
            inner = LineUp(len(nodes), first, second, self.units[mine])
            inner.offer(self.line_up.side[nodes])
            where = np.full(len(self.i), -1, dtype=np.int64)
            where[mine] = np.arange(len(mine))
            inside, self.walks = _apart(self.walks, of_walk == k)
            of_walk = of_walk[of_walk != k]
            cycles = OddCycles(inner, Walks(where[inside.flat], inside.start, inside.amount))
            self.hard.append((mine, cycles))
            cycles.solve(deadline)
            turned = self.line_up.side[self.i] != self.line_up.side[self.j]
            turned[mine] = inner.side[first] != inner.side[second]
            self.line_up.offer(odd_walks.spanning_sides(self.n, self.i, self.j, turned, np.arange(len(self.i))))

    @property
    def value(self) -> int:
        """Frustrated weight of the best line-up, in units."""
        return self.line_up.value

    def certificate(self) -> Certificate:
        """Return what is proved so far, of the ties as they were given."""
        parts: list[tuple[Case, ...]] = [
            (Case((), Walks(self.tie[self.walks.flat], self.walks.start, self.walks.amount)),)
        ]
        bound = int(self.walks.amount.sum())
        for mine, cycles in self.hard:
            back = self.tie[mine]
            parts.append(tuple(
                Case(
                    tuple((int(back[t]), answer) for t, answer in case.decided),
                    Walks(back[case.walks.flat], case.walks.start, case.walks.amount, case.walks.share),
                )
                for case in cycles.cases
            ))  # fmt: skip
            bound += max(0, cycles.bound)
        return Certificate(self.all_units, tuple(parts), bound)


def _apart(walks: Walks, chosen: NDArray[np.bool_]) -> tuple[Walks, Walks]:
    """Return the chosen walks and the others."""
    length = np.diff(walks.start)
    owner = np.repeat(chosen, length)

    def take(mask: NDArray[np.bool_], of_ties: NDArray[np.bool_]) -> Walks:
        start = np.concatenate([[0], np.cumsum(length[mask])]).astype(np.int64)
        return Walks(walks.flat[of_ties], start, walks.amount[mask], walks.share)

    return take(chosen, owner), take(~chosen, ~owner)
