"""Whether probabilities mean what they say: slope and intercept, and the bins of a reliability diagram with bands.

A forecast is calibrated if events happen as often as it says. Knows no war and draws no picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from foedus.errors import ParameterError, message, parameter
from foedus.estimate.logit import logit_arrays
from foedus.estimate.scores import cases

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True)
class Calibration:
    """Intercept and slope of the outcome's log-odds on the forecast's; 0 and 1 if calibrated. Intervals are (low, high).

    ``ratio`` is forecast events over events that happened.
    """

    intercept: float
    slope: float
    intercept_interval: tuple[float, float]
    slope_interval: tuple[float, float]
    ratio: float
    level: float

    def to_dict(self) -> dict[str, float | list[float]]:
        """Return a plain form."""
        return {
            "intercept": self.intercept, "slope": self.slope, "intercept_interval": list(self.intercept_interval),
            "slope_interval": list(self.slope_interval), "ratio": self.ratio, "level": self.level,
        }  # fmt: skip


def calibration(y: ArrayLike, p: ArrayLike, *, cluster: ArrayLike | None = None, level: float = 0.9) -> Calibration:
    """Return slope and intercept of calibration: the logit of what happened on the log-odds forecast [Cox1958]_.

    A slope below 1: forecasts too extreme, as after fitting too much; above 1: too timid. An intercept off 0: too high or too low throughout.

    Parameters
    ----------
    y, p : arrays, shape (n,)
        0 or 1, and probabilities strictly between 0 and 1.
    cluster : array, shape (n,), optional
        Labels of clusters; the interval then lets cases of one go together.
    level : float
        Coverage of the intervals.

    Raises
    ------
    ParameterError
        As of `foedus.estimate.scores.brier`; forecasts of 0 or 1, or all alike.
    DataError
        All cases came out alike, or the forecast separates them.

    Examples
    --------
    >>> made = calibration([0, 0, 0, 1, 0, 1, 1, 1], [0.1, 0.2, 0.3, 0.4, 0.6, 0.7, 0.8, 0.9])
    >>> round(abs(made.intercept), 3), round(made.slope, 3), made.ratio
    (0.0, 1.87, 1.0)
    """
    y, p, _ = cases(y, p, classes=False)
    if not ((p > 0) & (p < 1)).all() or p.min() == p.max():
        got = f"{p.min():g} to {p.max():g}"
        raise parameter("p", got, "forecasts that differ, strictly between 0 and 1")
    x = np.column_stack([np.ones(len(p)), np.log(p / (1 - p))])
    fit = logit_arrays(
        x, y.astype(np.int64), terms=("intercept", "slope"), classes=(0, 1), cluster=cluster, errors="classical" if cluster is None else "cluster"
    )  # fmt: skip
    (low,), (high,) = fit.interval(level=level)
    return Calibration(
        float(fit.coef[0, 0]), float(fit.coef[0, 1]), (float(low[0]), float(high[0])), (float(low[1]), float(high[1])),
        float(p.sum() / y.sum()), level,
    )  # fmt: skip


@dataclass(frozen=True)
class Reliability:
    """Bins of a reliability diagram, from the lowest forecast.

    Attributes
    ----------
    low, high : float64 arrays, shape (n_bins,)
        Least and greatest forecast of each bin.
    n, events : int64 arrays, shape (n_bins,)
    forecast, rate : float64 arrays, shape (n_bins,)
        Mean forecast, and share that came true.
    band_low, band_high : float64 arrays, shape (n_bins,)
        Where the share would lie in ``level`` of all samples if the mean forecast were right.
    level : float
    """

    low: NDArray[np.float64]
    high: NDArray[np.float64]
    n: NDArray[np.int64]
    events: NDArray[np.int64]
    forecast: NDArray[np.float64]
    rate: NDArray[np.float64]
    band_low: NDArray[np.float64]
    band_high: NDArray[np.float64]
    level: float

    @property
    def outside(self) -> int:
        """Number of bins whose share is outside the band."""
        return int(((self.rate < self.band_low) | (self.rate > self.band_high)).sum())

    def table(self) -> pl.DataFrame:
        """Return one row per bin."""
        import polars as pl

        names = ("low", "high", "n", "events", "forecast", "rate", "band_low", "band_high")
        return pl.DataFrame({name: getattr(self, name) for name in names})


def reliability(
    y: ArrayLike, p: ArrayLike, *, bins: int = 10, spacing: Literal["quantile", "log"] = "quantile", level: float = 0.9
) -> Reliability:
    """Return the bins of a reliability diagram.

    Parameters
    ----------
    y, p : arrays, shape (n,)
    bins : int
        Most bins; equal forecasts are never parted, and bins without a case are left out.
    spacing : {"quantile", "log"}
        As many cases in each bin; or bins of equal ratio from the least forecast above 0 to the greatest, for rare events, whose
        forecasts crowd near 0 (forecasts of 0 get one more bin).
    level : float
        Coverage of the bands: binomial quantiles at the bin's mean forecast [BrockerSmith2007]_. Forecasts that differ within a bin vary
        a little less.

    Raises
    ------
    ParameterError
        As of `foedus.estimate.scores.brier`; no bins, another spacing, no forecast above 0 for bins of equal ratio.

    Examples
    --------
    >>> made = reliability([0, 0, 0, 1, 0, 1, 1, 1], [0.1, 0.1, 0.3, 0.3, 0.6, 0.6, 0.9, 0.9], bins=4)
    >>> made.n.tolist(), made.rate.tolist(), made.outside
    ([2, 2, 2, 2], [0.0, 0.5, 0.5, 1.0], 0)
    """
    from scipy.stats import binom

    y, p, _ = cases(y, p, classes=False)
    if bins < 1 or not 0 < level < 1:
        raise parameter("bins, level", (bins, level), "at least one bin and a level between 0 and 1")
    which = _bins(p, bins, spacing)
    n = np.bincount(which)
    events = np.bincount(which, y).astype(np.int64)
    mean = np.bincount(which, p) / n
    order = np.argsort(which, kind="stable")
    starts = np.cumsum(n) - n
    low, high = np.minimum.reduceat(p[order], starts), np.maximum.reduceat(p[order], starts)
    ends = binom.ppf(np.array([[0.5 - level / 2], [0.5 + level / 2]]), n, mean) / n
    return Reliability(low, high, n, events, mean, events / n, ends[0], ends[1], level)


def _bins(p: NDArray[np.float64], bins: int, spacing: str) -> NDArray[np.intp]:
    """Return the bin of each forecast, numbered without gaps."""
    if spacing == "quantile":
        edges = np.quantile(p, np.arange(1, bins) / bins, method="inverted_cdf")
    elif spacing == "log":
        if not p.max() > 0:
            raise ParameterError(message("Bins of equal ratio", got="no forecast above 0", expected="some"))
        inner = np.geomspace(p[p > 0].min(), p.max(), bins + 1)[1:-1]
        edges = np.concatenate(
            [[0.0], inner]
        )  # a forecast of 0 has a bin of its own: it is infinitely far on this scale
    else:
        raise parameter("spacing", spacing, "'quantile' or 'log'")
    return np.unique(np.searchsorted(edges, p, side="left"), return_inverse=True)[1]
