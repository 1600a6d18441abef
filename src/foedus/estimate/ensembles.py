"""Scores of a forecast that is a set of draws, or a normal distribution: continuous ranked probability, ignorance, interval.

Ignorance and interval scores are those of the VIEWS prediction competition 2023/24 [Hegre2025]_, whose bins are for counts of deaths. Lower is
better for all three. Rows are cases, columns draws. Knows no war.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from foedus.errors import ParameterError, message, parameter

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

VIEWS_BINS = (0.0, 0.5, 2.5, 5.5, 10.5, 25.5, 50.5, 100.5, 250.5, 500.5, 1000.5)
"""Lower ends of the bins of the ignorance score; the last has no upper end."""


def crps_ensemble(y: ArrayLike, draws: ArrayLike) -> NDArray[np.float64]:
    """Return the continuous ranked probability score of each case: mean |X - y| - mean |X - X'| / 2 over all pairs of draws [Gneiting2007]_.

    All n * n pairs count, those of a draw with itself too: the score of the draws as a distribution, not the "fair" one with n * (n - 1).

    Parameters
    ----------
    y : array, shape (n,)
    draws : array, shape (n, n_draws)

    Returns
    -------
    array, shape (n,)
        In the unit of ``y``.

    Raises
    ------
    ParameterError
        Shapes that do not fit, or values that are no numbers.

    Notes
    -----
    O(n_draws log n_draws) a case: in order of size, the sum over pairs is that of (2 i - n - 1) x_i [H].

    Examples
    --------
    >>> crps_ensemble([1, 3], [[0, 1, 2], [0, 0, 10]]).round(6)
    array([0.222222, 2.111111])
    """
    y, x = _draws(y, draws)
    n = x.shape[1]
    ordered = np.sort(x, axis=1)
    pairs = ordered @ (2.0 * np.arange(1, n + 1) - n - 1) * 2 / n**2
    return np.abs(x - y[:, None]).mean(axis=1) - 0.5 * pairs


def crps_normal(y: ArrayLike, mean: ArrayLike, sd: ArrayLike) -> NDArray[np.float64]:
    """Return the continuous ranked probability score of a normal forecast, shape as ``y`` [Gneiting2007]_.

    Raises
    ------
    ParameterError
        A standard deviation that is not positive.

    Examples
    --------
    >>> round(float(crps_normal(0.0, 0.0, 1.0)), 6)
    0.233695
    """
    from scipy.special import ndtr

    scale = np.asarray(sd, dtype=np.float64)
    if not (scale > 0).all():
        raise parameter("sd", sd, "standard deviations above 0")
    z = (np.asarray(y, dtype=np.float64) - np.asarray(mean, dtype=np.float64)) / scale
    density = np.exp(-0.5 * z * z) / np.sqrt(2 * np.pi)
    return np.asarray(scale * (z * (2 * ndtr(z) - 1) + 2 * density - 1 / np.sqrt(np.pi)))


def ignorance(y: ArrayLike, draws: ArrayLike, *, bins: ArrayLike = VIEWS_BINS) -> NDArray[np.float64]:
    """Return the ignorance score of each case in bits: -log2((n_b + 1) / (n + n_bins)), n_b the draws in the bin of ``y``.

    One draw more in each bin keeps the score finite.

    Parameters
    ----------
    y : array, shape (n,)
    draws : array, shape (n, n_draws)
    bins : array, shape (n_bins,)
        Lower ends, rising; a bin holds its lower end, the last has no upper one.

    Raises
    ------
    ParameterError
        As of `crps_ensemble`; bins that do not rise; a value below the lowest bin.

    Examples
    --------
    >>> ignorance([0], np.zeros((1, 1000))).round(6)
    array([0.014341])
    """
    y, x = _draws(y, draws)
    edges = np.asarray(bins, dtype=np.float64)
    if edges.ndim != 1 or not len(edges) or not (np.diff(edges) > 0).all():
        raise parameter("bins", bins, "lower ends of bins, rising")
    if min(y.min(), x.min()) < edges[0]:
        raise ParameterError(
            message("A value below the lowest bin", got=min(y.min(), x.min()), expected=f"at least {edges[0]}")
        )
    here = np.searchsorted(edges, y, side="right")
    inside = (np.searchsorted(edges, x, side="right") == here[:, None]).sum(axis=1)
    return -np.log2((inside + 1) / (x.shape[1] + len(edges)))


def interval_score(y: ArrayLike, draws: ArrayLike, *, level: float = 0.9) -> NDArray[np.float64]:
    """Return the interval score of each case: width of the central interval, plus 2 / (1 - level) for each unit outside it [Gneiting2007]_.

    The ends are quantiles of the draws, interpolated. The mean over cases is the MIS of [Hegre2025]_.

    Parameters
    ----------
    y : array, shape (n,)
    draws : array, shape (n, n_draws)
    level : float
        Coverage, between 0 and 1.

    Raises
    ------
    ParameterError
        As of `crps_ensemble`; a level outside (0, 1).

    Examples
    --------
    >>> interval_score([50, 100], np.tile(np.arange(101), (2, 1))).round(6)
    array([ 90., 190.])
    """
    y, x = _draws(y, draws)
    low, high = _ends(x, level)
    over = 2 / (1 - level)
    return high - low + over * np.maximum(low - y, 0) + over * np.maximum(y - high, 0)


def width(draws: ArrayLike, *, level: float = 0.9) -> float:
    """Return the mean width of the central interval of draws: how sharp they are, in their unit; says nothing about whether they are right.

    Examples
    --------
    >>> width(np.arange(101.0)[None])
    90.0
    """
    x = np.asarray(draws, dtype=np.float64)
    _, x = _draws(np.zeros(len(x)), x)
    low, high = _ends(x, level)
    return float((high - low).mean())


def _ends(x: NDArray[np.float64], level: float) -> NDArray[np.float64]:
    """Return the two ends of the central interval of each row, shape (2, n)."""
    if not 0 < level < 1:
        raise parameter("level", level, "a coverage between 0 and 1")
    return np.quantile(x, [0.5 - level / 2, 0.5 + level / 2], axis=1)


def _draws(y: ArrayLike, draws: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return outcomes and draws as checked arrays."""
    y, x = np.asarray(y, dtype=np.float64), np.asarray(draws, dtype=np.float64)
    if y.ndim != 1 or x.ndim != 2 or len(y) != len(x) or not x.size:
        raise ParameterError(
            message("Outcomes and draws do not fit", got=f"shapes {y.shape} and {x.shape}", expected="a row of draws for each outcome")
        )  # fmt: skip
    if not (np.isfinite(y).all() and np.isfinite(x).all()):
        raise ParameterError(message("Outcomes and draws", got="a value that is not finite", expected="numbers"))
    return y, x
