"""What proves a line-up into two blocs, and a checker that knows neither the search nor the solver.

Every closed walk with an odd number of negative ties holds a frustrated tie, whatever the line-up. Walks that use no tie beyond its weight
each cost their amount: the amounts add up to a bound. Where such a packing stays short, ties are decided one by one (frustrated or
not) and each case has its own packing: a tie that is decided to be satisfied may be used without limit, one that is decided to be
frustrated pays its weight and is paid for what walks use of it. The checker works on integers only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from foedus.errors import ParameterError, message

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Walks:
    """Closed walks, each with an amount.

    Attributes
    ----------
    flat, start : int64 arrays
        The ties of walk ``c`` are ``flat[start[c]:start[c + 1]]``, positions in the list of ties; no tie twice.
    amount : int64 array, shape (n_walks,)
        In ``1 / share`` of a unit of weight.
    share : int
    """

    flat: NDArray[np.int64]
    start: NDArray[np.int64]
    amount: NDArray[np.int64]
    share: int = 1


@dataclass(frozen=True)
class Case:
    """One case of a part: the ties decided in it, in order, as (tie, frustrated?), and the walks that bound it."""

    decided: tuple[tuple[int, bool], ...]
    walks: Walks


@dataclass(frozen=True)
class Certificate:
    """A proof that no line-up costs less than ``bound`` units.

    Attributes
    ----------
    units : int64 array, shape (m,)
        The integer weights that the proof is about; 0 where a tie counts for nothing.
    parts : tuple of tuple of Case
        Parts of the graph with no tie in common; the cases of a part leave none out. The bounds of the parts add up.
    bound : int
    """

    units: NDArray[np.int64]
    parts: tuple[tuple[Case, ...], ...]
    bound: int

    @property
    def cases(self) -> int:
        """Number of cases over all parts; as many as there are parts where no tie had to be decided."""
        return sum(len(part) for part in self.parts)


def check_certificate(n: int, i: NDArray[np.int64], j: NDArray[np.int64], certificate: Certificate) -> int:
    """Return the bound that a certificate proves, in units, after checking every walk of it.

    Parameters
    ----------
    n : int
        Nodes.
    i, j : int64 arrays, shape (m,)
        Ends of each tie, in the order of ``certificate.units``.
    certificate : Certificate

    Returns
    -------
    int
        No line-up into two blocs has less weight of frustrated ties. A line-up of that value is optimal.

    Raises
    ------
    ParameterError
        The certificate does not hold: a walk that is not closed or has an even number of negative ties, a tie used beyond its weight, a case
        left out, a tie in two parts.

    Examples
    --------
    >>> walks = Walks(np.array([0, 1, 2]), np.array([0, 3]), np.array([2]))
    >>> triangle = Certificate(np.array([5, 5, -2]), ((Case((), walks),),), 2)
    >>> check_certificate(3, np.array([0, 0, 1]), np.array([1, 2, 2]), triangle)
    2
    """
    units = certificate.units
    if not len(i) == len(j) == len(units):
        raise _broken(f"{len(units)} weights for {len(i)} ties")
    ends = np.concatenate([i, j])
    if len(ends) and not (int(ends.min()) >= 0 and int(ends.max()) < n):
        raise _broken("a tie that ends outside the nodes")
    part_of = np.full(len(units), -1, dtype=np.int64)
    bound = 0
    for k, part in enumerate(certificate.parts):
        if not _covers([case.decided for case in part], 0):
            raise _broken(f"part {k} leaves a case out")
        bounds = [_case_bound(i, j, units, case) for case in part]
        used = np.unique(np.concatenate([_touched(case) for case in part]))
        if np.any(part_of[used] >= 0):
            raise _broken(f"part {k} shares a tie with another part")
        part_of[used] = k
        finite = [b for b in bounds if b is not None]
        bound += max(0, min(finite)) if finite else 0
    if bound < certificate.bound:
        raise _broken(f"proves {bound}, less than the {certificate.bound} that it claims")
    return bound


def _touched(case: Case) -> NDArray[np.int64]:
    """Return the ties that a case speaks of."""
    return np.concatenate([case.walks.flat, np.array([t for t, _ in case.decided], dtype=np.int64)])


def _covers(decided: list[tuple[tuple[int, bool], ...]], depth: int) -> bool:
    """Return whether cases are the leaves of one tree of decisions, both answers below each."""
    if len(decided) == 1:
        return len(decided[0]) == depth
    if not decided or any(len(d) <= depth for d in decided) or len({d[depth][0] for d in decided}) != 1:
        return False
    return all(_covers([d for d in decided if d[depth][1] is answer], depth + 1) for answer in (False, True))


def _case_bound(i: NDArray[np.int64], j: NDArray[np.int64], units: NDArray[np.int64], case: Case) -> int | None:
    """Return the bound of one case in whole units, None where no line-up falls under it."""
    walks, m = case.walks, len(units)
    if len(walks.start) != len(walks.amount) + 1 or walks.share < 1:
        raise _broken("lengths of a list of walks disagree")
    if len(walks.flat) and not (int(walks.flat.min()) >= 0 and int(walks.flat.max()) < m):
        raise _broken("a tie that does not exist")
    if np.any(walks.amount <= 0) or np.any(units[walks.flat] == 0):
        raise _broken("an amount or a weight of zero")
    owner = np.repeat(np.arange(len(walks.amount)), np.diff(walks.start))
    _check_odd(i, j, units, walks, owner)
    satisfied = np.zeros(m, dtype=np.bool_)
    satisfied[[t for t, frustrated in case.decided if not frustrated]] = True
    if len(owner) and np.any(np.bincount(owner, ~satisfied[walks.flat]) == 0):
        return None
    load = [0] * m
    for tie, amount in zip(walks.flat.tolist(), walks.amount[owner].tolist(), strict=True):
        load[tie] += amount
    total = sum(walks.amount.tolist())
    frustrated = {t for t, answer in case.decided if answer}
    for tie in np.unique(walks.flat[~satisfied[walks.flat]]).tolist():
        room = walks.share * abs(int(units[tie])) - load[tie]
        if tie not in frustrated and room < 0:
            raise _broken(f"tie {tie} carries {load[tie]} of {walks.share * abs(int(units[tie]))}")
    total += sum(walks.share * abs(int(units[t])) - load[t] for t in frustrated)
    return -(-total // walks.share)


def _check_odd(
    i: NDArray[np.int64], j: NDArray[np.int64], units: NDArray[np.int64], walks: Walks, owner: NDArray[np.int64]
) -> None:
    """Raise if a walk is not closed, uses a tie twice, or has an even number of negative ties."""
    m, n = len(units), int(max(i.max(initial=0), j.max(initial=0))) + 1
    if len(np.unique(owner * m + walks.flat)) != len(walks.flat):
        raise _broken("a walk that uses a tie twice")
    if np.any(np.bincount(owner, units[walks.flat] < 0, len(walks.amount)) % 2 == 0):
        raise _broken("a walk with an even number of negative ties")
    _, visits = np.unique(np.concatenate([owner * n + i[walks.flat], owner * n + j[walks.flat]]), return_counts=True)
    if np.any(visits % 2):
        raise _broken("a walk that is not closed")


def _broken(what: str) -> ParameterError:
    """Return the error for a certificate that does not hold."""
    return ParameterError(
        message(
            "The certificate proves nothing", got=what, expected="odd closed walks within the weights, for every case"
        )
    )
