"""Cycles that prove what a line-up must cost at least, and a checker that needs nothing else.

A cycle with exactly one hostile tie costs at least one tie in any line-up, however many blocs. Cycles that share no tie beyond its weight
each cost their own amount, so the amounts add up to a bound. The checker is plain Python on integers and knows no solver.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from foedus.blocs.certificate import Walks
from foedus.errors import ParameterError, message

if TYPE_CHECKING:
    from numpy.typing import NDArray

SHARES = (1, 2, 3, 4, 6, 12, 60, 1000)
"""Fractions tried when the amounts of a linear program are made whole: 1, 1/2, 1/3 ..."""


def check_cycles(n: int, i: NDArray[np.int64], j: NDArray[np.int64], units: NDArray[np.int64], cycles: Walks) -> int:
    """Return the bound that a list of cycles proves, in integers, after checking every one of them.

    Parameters
    ----------
    n : int
        Nodes.
    i, j : int64 arrays, shape (m,)
    units : int64 array, shape (m,)
        Integer weights of the ties, as `foedus.blocs.exact.integer_weights` returns.
    cycles : Walks
        Each with exactly one hostile tie.

    Returns
    -------
    int
        No line-up into any number of blocs costs less.

    Raises
    ------
    ParameterError
        A list that is no cycle, has no or several hostile ties, or uses a tie beyond its weight; names the first.

    Examples
    --------
    >>> i, j, w = np.array([0, 0, 1]), np.array([1, 2, 2]), np.array([5, 5, -3])
    >>> check_cycles(3, i, j, w, Walks(np.array([0, 1, 2]), np.array([0, 3]), np.array([3])))
    3
    """
    load = [0] * len(units)
    for c, amount in enumerate(cycles.amount.tolist()):
        ties = cycles.flat[cycles.start[c] : cycles.start[c + 1]].tolist()
        _check_one(c, amount, ties, [(int(i[e]), int(j[e])) for e in ties], [int(units[e]) for e in ties], n)
        for e in ties:
            load[e] += amount
    for e, used in enumerate(load):
        if used > cycles.share * abs(int(units[e])):
            raise _broken(f"tie {e} carries {used} of {cycles.share * abs(int(units[e]))}")
    total = sum(cycles.amount.tolist())
    return -(-total // cycles.share)


def _check_one(c: int, amount: int, ties: list[int], ends: list[tuple[int, int]], weights: list[int], n: int) -> None:
    """Raise if one list of ties is no cycle with exactly one hostile tie."""
    if amount <= 0:
        raise _broken(f"cycle {c} has amount {amount}")
    if len(set(ties)) != len(ties) or len(ties) < 2:
        raise _broken(f"cycle {c} uses a tie twice or has fewer than two")
    if sum(w < 0 for w in weights) != 1 or any(w == 0 for w in weights):
        raise _broken(f"cycle {c} has {sum(w < 0 for w in weights)} hostile ties")
    at: dict[int, list[int]] = {}
    for k, pair in enumerate(ends):
        for v in pair:
            at.setdefault(v, []).append(k)
    if any(len(k) != 2 for k in at.values()) or not all(0 <= v < n for v in at):
        raise _broken(f"cycle {c} is not closed")
    here, seen = 0, {0}
    while True:
        near = [k for v in ends[here] for k in at[v] if k not in seen]
        if not near:
            break
        here = near[0]
        seen.add(here)
    if len(seen) != len(ties):
        raise _broken(f"cycle {c} is several cycles")


def _broken(what: str) -> ParameterError:
    """Return the error for a certificate that does not hold."""
    return ParameterError(
        message(
            "The list of cycles proves nothing", got=what, expected="cycles with one hostile tie within the weights"
        )
    )


def whole(
    flat: NDArray[np.int64], start: NDArray[np.int64], dual: NDArray[np.float64], size: NDArray[np.int64], goal: int
) -> tuple[Walks, NDArray[np.int64], int]:  # fmt: skip
    """Return whole amounts near the duals of a linear program that overload no tie, whose they are, and the bound that they prove.

    Fractions of one unit are tried from coarse to fine; the first that reaches ``goal`` is kept, else the best.

    Parameters
    ----------
    flat, start : int64 arrays
    dual : float64 array, shape (n_cycles,)
    size : int64 array, shape (m,)
        Absolute weights.
    goal : int
    """
    length = np.diff(start)
    owner = np.repeat(np.arange(len(length)), length)
    best, whose, proved = Walks(flat[:0], start[:1], dual[:0].astype(np.int64)), start[:0], 0
    for share in SHARES:
        amount = np.maximum(np.round(dual * share), 0.0).astype(np.int64)
        load = np.zeros(len(size), dtype=np.int64)
        np.add.at(load, flat, amount[owner])
        over = load - size * share
        for e in np.flatnonzero(over > 0):
            for c in owner[flat == e]:
                cut = max(0, min(int(amount[c]), int(over[e])))
                amount[c] -= cut
                over[flat[start[c] : start[c + 1]]] -= cut
        bound = -(-int(amount.sum()) // share)
        if bound > proved:
            kept = np.flatnonzero(amount > 0)
            pieces = [flat[start[c] : start[c + 1]] for c in kept]
            ends = np.concatenate([[0], np.cumsum(length[kept])])
            best, whose, proved = Walks(np.concatenate(pieces), ends, amount[kept], share), kept, bound
        if proved >= goal:
            break
    return best, whose, proved
