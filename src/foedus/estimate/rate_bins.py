"""Bins of forecasts of rare events with what came true in each, and its interval over resampled clusters; knows no war.

`foedus.estimate.calibration.reliability` gives bands about what was forecast, for independent cases; these are intervals about what came, for cases
that hang together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from foedus.errors import parameter
from foedus.estimate.resample import cluster_weights

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

BINS = 10
TELLS = 0.1
"""Expected events in all cases together below which a forecast is as good as 0."""


@dataclass(frozen=True)
class RateBins:
    """Bins of equal ratio of the forecast.

    Attributes
    ----------
    n : int64 array, shape (n_bins,)
        Cases.
    forecast, rate, low, high : float64 arrays, shape (n_bins,)
        Mean forecast, share that came true, and its 90 % interval over resampled clusters. Where none came true the upper end is the share at
        which none would come true in one sample of twenty, were cases independent.
    """

    n: NDArray[np.int64]
    forecast: NDArray[np.float64]
    rate: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]


def rate_bins(
    y: ArrayLike, p: ArrayLike, *, cluster: ArrayLike, weight: ArrayLike | None = None, bins: int = BINS, draws: int = 200, seed: int = 1
) -> RateBins:  # fmt: skip
    """Return the bins of forecasts.

    Parameters
    ----------
    y : array of 0 and 1, shape (n,)
    p : array, shape (n,)
        Some above 0; forecasts that so many cases cannot tell from 0 (below `TELLS` in all of them together) go into the lowest bin.
    cluster : array, shape (n,)
        Labels of what is resampled.
    weight : array, shape (n,), optional
    bins : int
        Most bins; those without a case are left out.
    draws, seed : int

    Raises
    ------
    ParameterError
        No forecast above 0, or no bin.

    Examples
    --------
    >>> made = rate_bins([0, 0, 1, 1], [0.01, 0.01, 0.5, 0.5], cluster=[1, 2, 3, 4], bins=2, draws=50)
    >>> made.n.tolist(), made.rate.tolist()
    ([2, 2], [0.0, 1.0])
    """
    came, forecast = np.asarray(y, dtype=np.float64), np.asarray(p, dtype=np.float64)
    w = np.ones(len(came)) if weight is None else np.asarray(weight, dtype=np.float64)
    if bins < 1 or not (forecast > 0).any():
        raise parameter(
            "p, bins",
            f"{bins} bins, a greatest forecast of {forecast.max(initial=0.0):g}",
            "a bin, and a forecast above 0",
        )
    least = max(float(forecast[forecast > 0].min()), min(TELLS / len(forecast), float(forecast.max())))
    edges = np.geomspace(least, forecast.max(), bins + 1)[1:-1]
    which = np.unique(np.searchsorted(edges, forecast), return_inverse=True)[1]
    n = np.bincount(which)
    labels, of = np.unique(np.asarray(cluster), return_inverse=True)
    often = np.array(list(cluster_weights(labels, draws, seed)))
    shape = (len(labels), len(n))
    total, hits = (
        np.bincount(of * len(n) + which, v, minlength=shape[0] * shape[1]).reshape(shape) for v in (w, w * came)
    )
    with np.errstate(invalid="ignore"):
        low, high = np.nanquantile((often @ hits) / (often @ total), [0.05, 0.95], axis=0)
    whole, true = total.sum(axis=0), hits.sum(axis=0)
    high = np.where(true > 0, high, 1.0 - 0.05 ** (1.0 / whole))
    return RateBins(n, np.bincount(which, w * forecast) / whole, true / whole, low, high)
