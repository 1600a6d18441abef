"""Polarization of groups, modularity of a line-up, and what makes a pole: arrays in, numbers out.

Neither measure is the index of Maoz, whose algebra could not be read. Finds no groups.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

POLE = 0.1
"""Share of all capability from which a state, or a bloc, counts as a pole."""
HALF = 0.5
"""Share of the great powers' capability above which the two largest make a system bipolar."""
ALPHA = 1.3
"""Sensitivity of Esteban and Ray's measure; they admit 0 < alpha <= 1.6 (from memory)."""


def esteban_ray(share: NDArray[np.float64], distance: NDArray[np.float64], *, alpha: float = ALPHA) -> float:
    """Return ``2 ** (1 + alpha) * sum over groups a, b of s_a ** (1 + alpha) s_b d_ab``.

    The form is Esteban and Ray's [EstebanRay1994]_ (from memory, unverified); the scale is ours: 1 for two equal groups at distance 1.

    Parameters
    ----------
    share : float64 array, shape (g,)
        Of each group, summing to 1.
    distance : float64 array, shape (g, g)
        0 to 1.

    Examples
    --------
    >>> round(esteban_ray(np.array([0.5, 0.5]), np.array([[0.0, 1.0], [1.0, 0.0]])), 9)
    1.0
    """
    return float(2 ** (1 + alpha) * (share ** (1 + alpha)) @ distance @ share)


def alike_polarization(
    share: NDArray[np.float64], distance: NDArray[np.float64], *, alpha: float = ALPHA
) -> NDArray[np.float64]:
    """Return the polarization of actors who identify with whoever is like them, shape (n_draws,).

    ``2 ** (1 + alpha) * sum over i, j of s_i s_j d_ij (sum over k of s_k (1 - d_ik)) ** alpha``: Esteban and Ray's form without fixed groups. Where
    distances are 0 within groups and 1 between them it is `esteban_ray` over these groups. The identification by likeness is ours.

    Parameters
    ----------
    share : float64 array, shape (n_draws, n)
        Each row sums to 1.
    distance : float64 array, shape (n, n)
        0 to 1.

    Examples
    --------
    >>> alike_polarization(np.array([[0.5, 0.25, 0.25]]), np.array([[0.0, 1.0, 1.0], [1.0, 0.0, 0.0], [1.0, 0.0, 0.0]])).round(9).tolist()
    [1.0]
    """
    identified = share @ (1.0 - distance)
    return 2 ** (1 + alpha) * (share * identified**alpha * (share @ distance)).sum(axis=1)


MOST = 10
"""Actors up to whom `best_blocs` tries every line-up: 115,975 for ten."""


@cache
def line_ups(n: int) -> NDArray[np.int8]:
    """Return every way to divide n actors into blocs, shape (Bell(n), n): number of each one's bloc, in the order of first members."""
    rows = np.zeros((1, 0), dtype=np.int8)
    for _ in range(n):
        # An actor joins one of the blocs so far, or founds the next.
        founded = rows.max(axis=1, initial=-1) + 2
        again = np.repeat(np.arange(len(rows)), founded)
        number = np.arange(len(again)) - np.repeat(np.cumsum(founded) - founded, founded)
        rows = np.column_stack([rows[again], number.astype(np.int8)])
    return rows


def best_blocs(weight: NDArray[np.float64]) -> tuple[NDArray[np.int64], float]:
    """Return the line-up of greatest `modularity` of friendly ties, and its value, by trying all; of equal ones that with the most blocs.

    Parameters
    ----------
    weight : float64 array, shape (n, n)
        Of ties, symmetric, none negative; the diagonal is not used. At most `MOST` actors.

    Returns
    -------
    bloc : int64 array, shape (n,)
    value : float
        0 where there are no ties: everybody is alone.

    Examples
    --------
    >>> chain = np.array([[0, 3, 0, 0], [3, 0, 0, 0], [0, 0, 0, 3], [0, 0, 3, 0]], dtype=float)
    >>> best_blocs(chain)[0].tolist(), best_blocs(chain)[1]
    ([0, 0, 1, 1], 0.5)
    """
    n = len(weight)
    w = np.where(np.eye(n, dtype=np.bool_), 0.0, weight)
    total = w.sum()
    if not total > 0:
        return np.arange(n), 0.0
    ends = w.sum(axis=1) / total
    gain = w / total - np.outer(ends, ends)
    every = line_ups(n)
    i, j = np.triu_indices(n, 1)
    value = np.diag(gain).sum() + 2 * (every[:, i] == every[:, j]).astype(np.float64) @ gain[i, j]
    best = np.flatnonzero(value >= value.max() - 1e-12)
    chosen = best[np.argmax(every[best].max(axis=1))]
    return every[chosen].astype(np.int64), float(value[chosen]) if abs(value[chosen]) > 1e-12 else 0.0


def modularity(
    n: int, i: NDArray[np.int64], j: NDArray[np.int64], w: NDArray[np.float64], bloc: NDArray[np.int64]
) -> float:
    """Return the signed modularity of a line-up [Gomez2009]_ (the formula from memory, unverified).

    Friendly weight inside blocs beyond what the actors' friendly weights would give by chance, less the same for hostile weight, as a
    share of all weight. An actor in no bloc is alone. 0 without ties.

    Examples
    --------
    >>> i, j, w = np.array([0, 2, 0, 1]), np.array([1, 3, 2, 3]), np.array([1.0, 1.0, -1.0, -1.0])
    >>> modularity(4, i, j, w, np.array([0, 0, 1, 1]))
    0.5
    """
    total = np.abs(w).sum()
    if total == 0:
        return 0.0
    own = np.where(bloc >= 0, bloc, bloc.max(initial=0) + 1 + np.arange(n))
    _, at = np.unique(own, return_inverse=True)
    same, out = at[i] == at[j], 0.0
    for sign in (1.0, -1.0):
        part = np.maximum(sign * w, 0.0)
        if part.sum() == 0:
            continue
        ends = np.bincount(at[i], part, at.max() + 1) + np.bincount(at[j], part, at.max() + 1)
        out += sign * (part[same].sum() - (ends**2).sum() / (4 * part.sum()))
    return float(out / total)
