"""Values of all 2**n coalitions as one vector, and what follows from it by differences.

Coalition S stands at the position whose bits are its members: player i is bit i, the empty set is position 0. Leading dimensions are draws.
A difference over player i is one subtraction of two halves of a reshaped view, so every value below is a few passes over the vector. Knows no
names, solves no linear program.
"""

from __future__ import annotations

from functools import cache
from math import factorial
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def subset_sums(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the sum of weights over each set, shape (..., 2**n) from (..., n).

    Examples
    --------
    >>> subset_sums(np.array([1.0, 10.0])).tolist()
    [0.0, 1.0, 10.0, 11.0]
    """
    n = weights.shape[-1]
    out = np.zeros((*weights.shape[:-1], 1 << n), dtype=np.float64)
    for i in range(n):
        half = 1 << i
        np.add(out[..., :half], weights[..., i, None], out=out[..., half : 2 * half])
    return out


@cache
def sizes(n: int) -> NDArray[np.int64]:
    """Return the number of members of each set, shape (2**n,); not to be modified."""
    out = subset_sums(np.ones(n)).astype(np.int64)
    out.flags.writeable = False
    return out


def members(masks: NDArray[np.int64], n: int) -> NDArray[np.bool_]:
    """Return who belongs to each set, shape (..., n)."""
    return (masks[..., None] >> np.arange(n)) & 1 == 1


def marginals(values: NDArray[np.float64], i: int) -> NDArray[np.float64]:
    """Return what player i adds to each set without it, shape (..., 2**(n - 1)), sets numbered with bit i taken out."""
    halves = values.reshape(*values.shape[:-1], -1, 2, 1 << i)
    return (halves[..., 1, :] - halves[..., 0, :]).reshape(*values.shape[:-1], -1)


def shapley_weights(n: int) -> NDArray[np.float64]:
    """Return ``s! (n - s - 1)! / n!`` for s = 0 .. n - 1, shape (n,)."""
    return np.array([factorial(s) * factorial(n - s - 1) / factorial(n) for s in range(n)])


def shapley(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return Shapley values, shape (..., n) from (..., 2**n)."""
    n = players(values)
    weight = shapley_weights(n)[sizes(n - 1)]
    return np.stack([marginals(values, i) @ weight for i in range(n)], axis=-1)


def banzhaf(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return Banzhaf values, the mean of what a player adds over all sets without it, shape (..., n)."""
    return np.stack([marginals(values, i).mean(axis=-1) for i in range(players(values))], axis=-1)


def dummies(values: NDArray[np.float64], tolerance: float) -> NDArray[np.bool_]:
    """Return who adds to every set what it is worth alone, shape (..., n)."""
    out = []
    for i in range(players(values)):
        added = marginals(values, i)
        out.append((np.abs(added - added[..., :1]) <= tolerance).all(axis=-1))
    return np.stack(out, axis=-1)


def powerless(values: NDArray[np.float64], tolerance: float) -> NDArray[np.bool_]:
    """Return who adds nothing to any set, shape (..., n)."""
    added = (np.abs(marginals(values, i)).max(axis=-1) <= tolerance for i in range(players(values)))
    return np.stack(list(added), axis=-1)


def least_second_difference(values: NDArray[np.float64]) -> tuple[float, int, int, int]:
    """Return the least ``v(S+i+j) - v(S+i) - v(S+j) + v(S)`` of one game, with i < j and the mask of S; (0, -1, -1, 0) for one player."""
    n = players(values)
    best = (0.0, -1, -1, 0) if n == 1 else (np.inf, -1, -1, 0)
    for j in range(1, n):
        added = marginals(values, j)
        for i in range(j):
            second = marginals(added, i)
            k = int(second.argmin())
            if second[k] < best[0]:
                best = (float(second[k]), i, j, _spread(_spread(k, i), j))
    return best


def own_stakes(
    strength: NDArray[np.float64], stakes: NDArray[np.float64], threat: NDArray[np.float64], r: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return ``v(S) = sum_{i in S} V_i * p_i(S)``, the stakes that the members of S expect to keep, shape (..., 2**n).

    Parameters
    ----------
    strength : array, shape (..., n, n)
        Strength of the row at the place of the column.
    stakes, threat : arrays, shape (..., n)
        What each has at stake, and the strength of the threat at its place.
    r : array, shape (...)
        Exponent of the contest ``p_i(S) = M^r / (M^r + T^r)``; one half where both are zero.
    """
    n = stakes.shape[-1]
    out = np.zeros((*stakes.shape[:-1], 1 << n))
    for i in range(n):
        others = np.delete(strength[..., i], i, axis=-1)
        mine = subset_sums(others) + strength[..., i, i, None]
        held = stakes[..., i, None] * prevail(mine, threat[..., i, None], r[..., None])
        halves = out.reshape(*out.shape[:-1], -1, 2, 1 << i)
        halves[..., 1, :] += held.reshape(*halves.shape[:-2], 1 << i)
    return out


def prevail(mine: NDArray[np.float64], theirs: NDArray[np.float64], r: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the first one's chance in a Tullock contest of two, of the shape that the arguments broadcast to."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore", under="ignore"):
        chance = 1 / (1 + (theirs / mine) ** r)
    return np.where(np.isnan(chance), 0.5, chance)


def players(values: NDArray[np.float64]) -> int:
    """Return n for a vector of 2**n values."""
    return values.shape[-1].bit_length() - 1


def _spread(mask: int, i: int) -> int:
    """Return a mask with an empty bit put in at position i."""
    low = mask & ((1 << i) - 1)
    return ((mask >> i) << (i + 1)) | low
