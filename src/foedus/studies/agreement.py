"""How far a line-up agrees with the sides of a war, and how far one drawn by lot would: pure functions of arrays.

The rules are those of ``docs/decisions/0008-blocs-against-wars.md``. A *place* is (part, label): the connected part of the signed graph that
holds an actor, -1 where its place is undetermined, and its bloc within it. Knows no states.
"""

from __future__ import annotations

from math import comb
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

UNDETERMINED = -1


class Places(NamedTuple):
    """Where each actor stands: ``part`` and ``label``, int64 arrays of shape (n,)."""

    part: NDArray[np.int64]
    label: NDArray[np.int64]

    def related(self, a: int, b: int) -> int:
        """Return 1 if two actors stand together, -1 if apart, 0 if that is undetermined."""
        if self.part[a] == UNDETERMINED or self.part[a] != self.part[b]:
            return 0
        return 1 if self.label[a] == self.label[b] else -1


def parts(n: int, i: NDArray[np.int64], j: NDArray[np.int64], w: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the connected part of each actor by ties of some weight, -1 for an actor without one."""
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import connected_components

    live = w != 0
    graph = csr_matrix((np.ones(live.sum()), (i[live], j[live])), shape=(n, n))
    part = connected_components(graph, directed=False)[1].astype(np.int64)
    tied = np.zeros(n, dtype=np.bool_)
    tied[i[live]] = tied[j[live]] = True
    return np.where(tied, part, UNDETERMINED)


def places(
    n: int, i: NDArray[np.int64], j: NDArray[np.int64], w: NDArray[np.float64], label: NDArray[np.int64]
) -> Places:
    """Return where a bipartition puts each actor; whom moving would cost nothing (1e-9 of its own ties) is undetermined."""
    side = np.where(label == 0, 1.0, -1.0)
    held = w * side[i] * side[j]
    cost = np.bincount(i, held, n) + np.bincount(j, held, n)
    own = np.bincount(i, np.abs(w), n) + np.bincount(j, np.abs(w), n)
    part = parts(n, i, j, w)
    return Places(np.where(cost > 1e-9 * own, part, UNDETERMINED), label)


def oriented(part: NDArray[np.int64], label: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the bipartition with the first actor of each part in bloc 0; that of an undetermined actor is its own."""
    out = np.zeros(len(label), dtype=np.int64)
    for one in np.unique(part[part != UNDETERMINED]):
        mine = np.flatnonzero(part == one)
        out[mine] = label[mine] != label[mine[0]]
    return out


def anchored(
    at: Places, attacker: int, target: int, others: Sequence[int], with_attacker: Sequence[bool]
) -> list[bool | None]:  # fmt: skip
    """Return, for each of the others, whether it stands with the originator whose side it took; None where undetermined.

    If the originators are in one bloc nobody agrees; if their relation is undetermined, so is everybody's.
    """
    split = at.related(attacker, target)
    out: list[bool | None] = []
    for k, with_a in zip(others, with_attacker, strict=True):
        relation = at.related(attacker, k)
        out.append(None if split == 0 or relation == 0 else split < 0 and (relation > 0) == bool(with_a))
    return out


def best_labelling(at: Places, members: Sequence[int], on_a: Sequence[bool]) -> int:
    """Return how many of all belligerents agree under the better way to match blocs with sides, in the part with most of them."""
    zero, one = counts(at, members, on_a)
    return max(zero[0] + one[1], zero[1] + one[0])


def counts(at: Places, members: Sequence[int], on_a: Sequence[bool]) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return (on A, on B) of bloc 0 and of bloc 1, in the part that holds most members, the first of several."""
    rows = np.asarray(members, dtype=np.int64)
    found = at.part[rows]
    named = found[found != UNDETERMINED]
    if not len(named):
        return (0, 0), (0, 0)
    main = np.bincount(named).argmax()
    a = np.asarray(on_a, dtype=np.bool_)

    def bloc(label: int) -> tuple[int, int]:
        mine = (found == main) & (at.label[rows] == label)
        return int((mine & a).sum()), int((mine & ~a).sum())

    return bloc(0), bloc(1)


def anchored_chance(at: Places, members: Sequence[int], n_a: int) -> NDArray[np.float64]:
    """Return the distribution of the anchored count when states are put into the places of the war by lot.

    Parameters
    ----------
    at : Places
    members : sequence of int
        All belligerents, the two originators among them.
    n_a : int
        How many of them are on the attacker's side, the attacker among them.

    Returns
    -------
    float64 array, shape (n_members - 1,)
        Chance of each count from 0 to n_members - 2.

    Notes
    -----
    Exact: for each ordered pair of opposed blocs from which the two originators may be drawn, the rest is a multivariate hypergeometric law.

    Examples
    --------
    >>> at = Places(np.zeros(3, dtype=np.int64), np.array([0, 0, 1]))
    >>> anchored_chance(at, [0, 1, 2], 2).round(4).tolist()
    [0.6667, 0.3333]
    """
    n = len(members)
    out = np.zeros(n - 1)
    for x, y in _opposed(at, members):
        start = x * y / (n * (n - 1))
        for (h, g), chance in _drawn((x - 1, y - 1), n - 2, n_a - 1):
            out[h + (y - 1 - g)] += start * chance
    out[0] += 1.0 - out.sum()
    return np.maximum(out, 0.0)


def best_chance(at: Places, members: Sequence[int], n_a: int) -> NDArray[np.float64]:
    """Return the distribution of the best labelling's count when sides are dealt out by lot and keep their sizes, shape (n_members + 1,)."""
    out = np.zeros(len(members) + 1)
    (m, m1), (k, k1) = counts(at, members, [True] * len(members))
    m, k = m + m1, k + k1
    for (h, g), chance in _drawn((m, k), len(members), n_a):
        out[max(h + k - g, m - h + g)] += chance
    return out


def at_least(distribution: NDArray[np.float64], count: int) -> float:
    """Return the chance of ``count`` or more."""
    return float(min(1.0, distribution[count:].sum()))


def mean_of(distribution: NDArray[np.float64]) -> float:
    """Return the mean count."""
    return float(distribution @ np.arange(len(distribution)))


def pooled(distributions: Iterable[NDArray[np.float64]]) -> NDArray[np.float64]:
    """Return the distribution of the sum of independent counts."""
    out = np.ones(1)
    for one in distributions:
        out = np.convolve(out, one)
    return out


def larger_ally(
    side_a: Sequence[int], side_b: Sequence[int], power: NDArray[np.float64], allied: Callable[[int], bool]
) -> bool:
    """Return whether an actor goes to side A under the rule of the larger ally.

    Parameters
    ----------
    side_a, side_b : sequence of int
        Possible patrons on each side, at least one each.
    power : float64 array, shape (n,)
        Capability shares.
    allied : callable
        Whether the actor has a pledge with a patron.
    """
    mine = [[k for k in side if allied(k)] for side in (side_a, side_b)]
    if bool(mine[0]) != bool(mine[1]):
        return bool(mine[0])
    a, b = mine if mine[0] else (side_a, side_b)
    return bool(power[list(a)].max() > power[list(b)].max())


def _opposed(at: Places, members: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the sizes among members of each ordered pair of opposed blocs of one part."""
    rows = np.asarray(members, dtype=np.int64)
    for part in np.unique(at.part[rows]):
        if part != UNDETERMINED:
            labels = at.label[rows][at.part[rows] == part]
            x, y = int((labels == 0).sum()), int((labels != 0).sum())
            if x and y:
                yield x, y
                yield y, x


def _drawn(sizes: tuple[int, int], n: int, k: int) -> Iterator[tuple[tuple[int, int], float]]:
    """Yield the counts of two kinds among ``k`` drawn of ``n``, with their chance; ``n - sum(sizes)`` are of no kind."""
    x, y = sizes
    for h in range(x + 1):
        for g in range(y + 1):
            rest = k - h - g
            if 0 <= rest <= n - x - y:
                yield (h, g), comb(x, h) * comb(y, g) * comb(n - x - y, rest) / comb(n, k)
