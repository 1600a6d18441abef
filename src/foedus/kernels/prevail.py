"""Who would prevail in a dyad, third parties counted, and how exposed a state is: sums over all states for every pair, compiled.

`chance` is (A1.10) of Bennett and Stam for one pair or a stack of draws [BennettStam2000]_; `chances` is its compiled twin for all directed pairs
of a system. `exposures` sums, for one state, what every other would expect of a challenge to it. Knows no names.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray


def chance(
    own: NDArray[np.float64], other: NDArray[np.float64], strength: NDArray[np.float64], risk: NDArray[np.float64] | float
) -> NDArray[np.float64]:  # fmt: skip
    """Return one side's estimate of its chance to prevail: strength with it over all strength, each weighed by how much it cares.

    Parameters
    ----------
    own, other : float64 arrays, shape (..., n)
        Similarity of each of n states with this side and with the other; both sides are among the n, each alike itself (1).
    strength : float64 array, shape (..., n)
        What each could bring to bear. NaN, of strength or of similarity, leaves a third party out.
    risk : float64 array, shape (...), or float
        This side's R.

    Returns
    -------
    float64 array, shape (...)
        NaN where nobody has both strength and a preference.

    Examples
    --------
    >>> float(chance(np.array([1.0, 0.2]), np.array([0.2, 1.0]), np.array([0.3, 0.1]), 0.0))
    0.75
    """
    weight = contributions(own, other, strength, risk)
    total = np.abs(weight).sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(total > 0, np.maximum(weight, 0.0).sum(axis=-1) / total, np.nan)


def contributions(
    own: NDArray[np.float64], other: NDArray[np.float64], strength: NDArray[np.float64], risk: NDArray[np.float64] | float
) -> NDArray[np.float64]:  # fmt: skip
    """Return each state's weight in `chance`, below zero for the other side, 0 where unknown, shape (..., n)."""
    gap = own - other
    weight = strength * 0.5 * gap * np.exp(np.asarray(risk)[..., None] * gap)
    return np.where(np.isfinite(weight), weight, 0.0)


@njit(cache=True, nogil=True)
def chances(similarity, strength, risk):  # noqa: ANN001, ANN201
    """Return the estimates of all directed pairs; the compiled twin of `chance`.

    Parameters
    ----------
    similarity : float64 array, shape (n, n), symmetric, diagonal 1
    strength : float64 array, shape (n, n)
        ``strength[k, j]``: what k brings to the place of j. A third party brings the greater of what it has at either side.
    risk : float64 array, shape (n,)

    Returns
    -------
    pair of float64 arrays, shape (n, n)
        i's estimate of its own chance against j, where i is the challenger and fights at j's place, and where j is and fights at i's.
        NaN where strength or similarity of the two is unknown.
    """
    n = len(risk)
    first, second = np.full((n, n), np.nan), np.full((n, n), np.nan)
    brought = np.ascontiguousarray(strength.T)
    with_me = np.empty(n)
    against = np.empty((n, n))
    for i in range(n):
        for k in range(n):
            with_me[k] = np.exp(risk[i] * similarity[i, k])
            for j in range(n):
                against[j, k] = np.exp(-risk[i] * similarity[j, k])
        for j in range(n):
            gap = 1.0 - similarity[i, j]
            if i == j or np.isnan(gap):
                continue
            plus, minus = 0.0, 0.0
            for k in range(n):
                lam = brought[i, k] if not brought[j, k] > brought[i, k] else brought[j, k]
                if np.isnan(lam):
                    lam = brought[j, k]
                d = similarity[i, k] - similarity[j, k]
                w = lam * d * with_me[k] * against[j, k]
                if k in (i, j) or np.isnan(w):
                    continue
                if w > 0:
                    plus += w
                else:
                    minus -= w
            up, down = gap * np.exp(risk[i] * gap), gap * np.exp(-risk[i] * gap)
            first[i, j] = _share(plus + strength[i, j] * up, minus + strength[j, j] * down)
            second[i, j] = _share(plus + strength[i, i] * up, minus + strength[j, i] * down)
    return first, second


@njit(cache=True, nogil=True, inline="always")
def _share(plus, minus):  # noqa: ANN001, ANN202
    """Return plus / (plus + minus), NaN of nothing."""
    total = plus + minus
    return plus / total if total > 0.0 else np.nan


@njit(cache=True, nogil=True)
def exposures(i, alike, similarity, strength):  # noqa: ANN001, ANN201
    """Return, for each of c portfolios of one state, the sum of what every other expects of challenging it, at R = 0.

    j expects (2P - 1)(1 - K), its utility of a contest less that of no change where r = 1.

    Parameters
    ----------
    i : int
    alike : float64 array, shape (n, c)
        Similarity of i with every other under each portfolio.
    similarity, strength : float64 arrays, shape (n, n)
        As `chances`; the similarity of others with each other is that of their actual portfolios.

    Returns
    -------
    float64 array, shape (c,)
        Others whose similarity or strength is unknown are left out.
    """
    n, c = alike.shape
    out = np.zeros(c)
    brought = np.ascontiguousarray(strength.T)
    num, den = np.empty(c), np.empty(c)
    for j in range(n):
        if j == i or np.isnan(brought[i, j]) or np.isnan(brought[i, i]):
            continue
        for a in range(c):
            gap = 1.0 - alike[j, a]
            num[a] = (brought[i, j] - brought[i, i]) * gap
            den[a] = (brought[i, j] + brought[i, i]) * gap
        for k in range(n):
            lam = brought[i, k] if not brought[j, k] > brought[i, k] else brought[j, k]
            if np.isnan(lam):
                lam = brought[j, k]
            s = similarity[j, k]
            if k in (i, j) or np.isnan(lam) or np.isnan(s):
                continue
            for a in range(c):
                d = s - alike[k, a]
                if np.isnan(d):
                    d = 0.0
                num[a] += lam * d
                den[a] += lam * abs(d)
        for a in range(c):
            gap = 1.0 - alike[j, a]
            if den[a] > 0.0 and not np.isnan(gap):
                out[a] += num[a] / den[a] * gap
    return out
