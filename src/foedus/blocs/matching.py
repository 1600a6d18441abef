"""Who is who from one line-up to the next: blocs keep their number as long as their members, weighted by capability, stay.

The parts of a line-up have no order, and parts that no tie joins may be set against each other in any way at the same cost. Both freedoms
are used to stay near what was known before, by the Hungarian method. Solves no line-up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

NOWHERE = -1
"""Label of an actor without ties."""

Change = Literal["moved", "entered", "left", "tied", "untied"]


@dataclass(frozen=True)
class Move:
    """One actor's change from a date to the next.

    ``change`` is ``moved`` (from bloc ``before`` to bloc ``after``), ``entered`` or ``left`` (the system), ``tied`` or ``untied`` (came by
    its first tie, or lost its last). ``share`` is its share of capability, on the earlier date if it left, else on the later.
    """

    date: dt.date
    actor: str
    name: str
    change: Change
    before: int | None
    after: int | None
    share: float
    major: bool


def best_match(part: NDArray[np.int64], known: NDArray[np.int64], weight: NDArray[np.float64]) -> dict[int, int]:
    """Return which known bloc each part continues: one to one, of greatest weight of shared members in all.

    Parameters
    ----------
    part : int64 array, shape (n,)
        Parts of a line-up.
    known : int64 array, shape (n,)
        Bloc in which each was last, `NOWHERE` if in none.
    weight : float64 array, shape (n,)
        Not negative.

    Returns
    -------
    dict of int to int
        Only parts that share a member with the bloc they continue.

    Notes
    -----
    Hungarian method [Kuhn1955]_, as scipy implements it.

    Examples
    --------
    >>> best_match(np.array([0, 0, 1]), np.array([7, 4, 4]), np.array([3.0, 1.0, 1.0]))
    {0: 7, 1: 4}
    """
    from scipy.optimize import linear_sum_assignment

    parts, row = np.unique(part, return_inverse=True)
    blocs, column = np.unique(known, return_inverse=True)
    shared = np.zeros((len(parts), len(blocs)))
    np.add.at(shared, (row, column), weight)
    shared[:, blocs == NOWHERE] = 0.0
    rows, columns = linear_sum_assignment(shared, maximize=True)
    return {int(parts[r]): int(blocs[c]) for r, c in zip(rows, columns, strict=True) if shared[r, c] > 0}


def numbered(
    ids: Sequence[str],
    label: NDArray[np.int64],
    component: NDArray[np.int64],
    weight: NDArray[np.float64],
    last: Mapping[str, int],
    *,
    most: int | None = None,
) -> NDArray[np.int64]:
    """Return a line-up with the numbers of the blocs that it continues, shape (n,); `NOWHERE` stays.

    Parameters
    ----------
    ids : sequence of str
        Actors.
    label : int64 array, shape (n,)
        Part of each, `NOWHERE` without ties.
    component : int64 array, shape (n,)
        Connected part of the graph of ties, the heaviest is 0.
    weight : float64 array, shape (n,)
        Capability.
    last : mapping of str to int
        Bloc in which each actor was last seen; actors never seen are absent.
    most : int, optional
        Numbers stay below it: what continues nothing takes the lowest that is free. By default it takes one that was never used.

    Notes
    -----
    Component 0 is matched first. Another component is matched to the blocs
    already numbered, in which its place is free of cost; parts that match none take those left over, the heaviest part the lowest number.
    """
    known = np.array([last.get(a, NOWHERE) for a in ids], dtype=np.int64)
    out = np.full(len(label), NOWHERE, dtype=np.int64)
    fresh = max(last.values(), default=-1) + 1
    used: list[int] = []
    for c in sorted(set(component[label != NOWHERE].tolist())):
        here = np.flatnonzero((component == c) & (label != NOWHERE))
        open_to = list(range(most)) if most is not None else used
        allowed = known[here] if c == 0 else np.where(np.isin(known[here], open_to), known[here], NOWHERE)
        number = best_match(label[here], allowed, weight[here])
        free = [b for b in open_to if b not in number.values()]
        parts = np.unique(label[here]).tolist()
        heaviest = sorted(parts, key=lambda p: (-float(weight[here][label[here] == p].sum()), p))
        for p in heaviest:
            if p not in number:
                number[p] = free.pop(0) if free else fresh
                fresh = max(fresh, number[p] + 1)
        used += [b for b in (number[p] for p in heaviest) if b not in used]
        out[here] = [number[int(p)] for p in label[here]]
    return out


def in_its_bloc(
    labels: NDArray[np.int64], reference: NDArray[np.int64], weight: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return how often each actor stands with its bloc over drawn line-ups, shape (n,), by Laplace's rule (k + 1) / (n_draws + 2).

    Parameters
    ----------
    labels : int64 array, shape (n_draws, n)
        Each draw is matched to the reference by `best_match`.
    reference : int64 array, shape (n,)
    weight : float64 array, shape (n,)

    Examples
    --------
    >>> in_its_bloc(np.array([[1, 1, 0], [0, 0, 0]]), np.array([0, 0, 1]), np.ones(3)).round(2).tolist()
    [0.75, 0.75, 0.5]
    """
    hits = np.zeros(len(reference))
    for drawn in labels:
        number = best_match(drawn, reference, weight)
        hits += np.array([number.get(int(p), NOWHERE) for p in drawn]) == reference
    return (hits + 1) / (len(labels) + 2)
