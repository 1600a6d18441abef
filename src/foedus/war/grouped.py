"""Means and intervals from counts by group, for wars too many to keep.

The same estimates as `foedus.estimate.nested.nested` makes from the draws themselves, from sums and sums of squares by group of draws that
share their inputs. Groups may differ in size. Says nothing about a model being wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from foedus.estimate.nested import Estimate, noise
from foedus.estimate.wilson import Z90

if TYPE_CHECKING:
    from numpy.typing import NDArray


def estimates(
    sums: NDArray[np.number], wars: NDArray[np.int64], inner: int, squares: NDArray[np.number] | None = None, *, least: float = 1.0,
    seed: int | None = None,
) -> list[Estimate]:  # fmt: skip
    """Return the mean and the 90 % interval of each column.

    Parameters
    ----------
    sums : array, shape (n_groups, n_columns)
        Sums over the wars of each group; counts where ``squares`` is left out.
    wars : int64 array, shape (n_groups,)
        Wars of each group; groups without any are left out.
    inner : int
        Wars of a group that was drawn once; where groups hold more, inputs were drawn fewer times than one in ``inner`` wars, and the error of
        simulation includes that of their number.
    squares : array, shape (n_groups, n_columns), optional
        Sums of squares.
    least : float
        What one war counts at least, if it counts at all.
    seed : int, optional
        Of the wars, to be said with the estimates.

    Returns
    -------
    list of Estimate, length n_columns
        See `foedus.estimate.nested.nested`.
    """
    some = wars > 0
    first, n = sums[some].astype(np.float64), wars[some, None].astype(np.float64)
    second = first if squares is None else squares[some].astype(np.float64)
    total = n.sum()
    mean = first.sum(axis=0) / total
    variance = np.maximum(second.sum(axis=0) / total - mean**2, 0.0)
    error = np.sqrt(np.maximum(variance, least / (total + 4)) / total)
    low = high = mean
    if len(n) >= 4:
        means = first / n
        within = np.maximum(second - first * means, 0.0) / (n - 1)
        chance, spread = (within / n).mean(axis=0), means.var(axis=0, ddof=1)
        keep = np.sqrt(np.clip(1 - chance / np.where(spread > 0, spread, np.inf), 0.0, 1.0))
        low, high = np.quantile(mean + keep * (means - mean), [0.05, 0.95], axis=0)
        if n.max() > inner:
            error = np.maximum(error, np.sqrt(spread / len(n)))
    lowest, highest = noise(mean, error, int(total)) if squares is None else (mean - Z90 * error, mean + Z90 * error)
    return _made(mean, np.minimum(low, lowest), np.maximum(high, highest), error, int(total), seed)


def ratio_of_groups(
    values: NDArray[np.float64], counted: NDArray[np.bool_], inner: int, *, seed: int | None = None
) -> list[Estimate]:
    """Return the mean of each column over the draws that count, with a 90 % interval over groups in which any does.

    Parameters
    ----------
    values : float64 array, shape (n_draws, n_columns)
    counted : bool array, shape (n_draws,)
        At least one.
    inner : int
        Draws that share their inputs.
    seed : int, optional
        Of the draws, to be said with the estimates.
    """
    some = values[counted]
    mean, n = some.mean(axis=0), len(some)
    error = np.sqrt(np.maximum(some.var(axis=0), 1 / (n + 4)) / n)
    group = np.arange(len(values))[counted] // inner
    _, which, count = np.unique(group, return_inverse=True, return_counts=True)
    means = np.stack([np.bincount(which, column) for column in some.T], axis=1) / count[:, None]
    low, high = np.quantile(means, [0.05, 0.95], axis=0) if len(count) >= 4 else (mean, mean)
    lowest, highest = noise(mean, error, n)
    return _made(mean, np.minimum(low, lowest), np.maximum(high, highest), error, n, seed)


def _made(
    mean: NDArray[np.float64], low: NDArray[np.float64], high: NDArray[np.float64], error: NDArray[np.float64], draws: int, seed: int | None
) -> list[Estimate]:  # fmt: skip
    """Return the estimates of columns."""
    columns = zip(mean, low, high, error, strict=True)
    return [Estimate(float(m), float(a), float(b), float(e), "simulated", draws, seed, 0.9) for m, a, b, e in columns]
