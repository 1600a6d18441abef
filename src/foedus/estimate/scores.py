"""Scores of forecast probabilities: Brier and its parts, logarithm, areas under the ROC and the precision-recall curve.

Every function takes what happened ``y`` and what was forecast ``p``, and a weight per case, so that a resampled set is scored by weights alone
(`foedus.estimate.resample`). Lower is better for Brier and logarithm, higher for skill and areas. Knows no war; draws nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.errors import ParameterError, message, parameter

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

ROUNDING = 1e-12
"""Forecasts that differ by less than this share of themselves are equal."""


@dataclass(frozen=True, slots=True)
class Murphy:
    """Parts of a Brier score [Murphy1973]_: ``brier = reliability - resolution + uncertainty``, exact."""

    reliability: float
    resolution: float
    uncertainty: float

    @property
    def brier(self) -> float:
        """The score that the parts add up to."""
        return self.reliability - self.resolution + self.uncertainty


def brier(y: ArrayLike, p: ArrayLike, weight: ArrayLike | None = None) -> float:
    """Return the mean squared error of probabilities [Brier1950]_.

    Parameters
    ----------
    y : array, shape (n,)
        0 or 1; with ``p`` of two dimensions, the number of the class that came true.
    p : array, shape (n,) or (n, n_classes)
        Probability of 1; or of every class, and the score is then the sum over classes (for two classes, twice that of one column).
    weight : array, shape (n,), optional
        How often each case counts.

    Raises
    ------
    ParameterError
        Shapes that differ, values that are no outcomes or probabilities, weights that are negative or add up to nothing.

    Examples
    --------
    >>> round(brier([1, 1, 0, 1], [0.9, 0.7, 0.2, 0.1]), 4)
    0.2375
    """
    y, p, w = cases(y, p, weight)
    miss = (p - y) ** 2 if p.ndim == 1 else ((p - np.eye(p.shape[1])[y.astype(np.intp)]) ** 2).sum(axis=1)
    return float(w @ miss / w.sum())


def brier_skill(y: ArrayLike, p: ArrayLike, weight: ArrayLike | None = None) -> float:
    """Return 1 less the Brier score over that of always forecasting the rate of these cases; NaN if all came out alike.

    Examples
    --------
    >>> round(brier_skill([1, 1, 0, 1], [0.9, 0.7, 0.2, 0.1]), 6)
    -0.266667
    """
    y, p, w = cases(y, p, weight, classes=False)
    rate = prevalence(y, p, w)
    return 1 - brier(y, p, w) / (rate * (1 - rate)) if 0 < rate < 1 else float("nan")


def murphy(y: ArrayLike, p: ArrayLike, weight: ArrayLike | None = None) -> Murphy:
    """Return the parts of a Brier score, over the distinct values of ``p``: reliability, resolution, uncertainty [Murphy1973]_.

    Examples
    --------
    >>> parts = murphy([1, 1, 0, 1], [0.9, 0.7, 0.2, 0.1])
    >>> round(parts.uncertainty, 4), round(parts.brier, 4)
    (0.1875, 0.2375)
    """
    y, p, w = cases(y, p, weight, classes=False)
    values, which = np.unique(p, return_inverse=True)
    n = np.bincount(which, w)
    live = n > 0
    rate = np.bincount(which, w * y)[live] / n[live]
    share, mean = n[live] / w.sum(), float(w @ y / w.sum())
    return Murphy(
        float(share @ (values[live] - rate) ** 2), float(share @ (rate - mean) ** 2), mean * (1 - mean)
    )  # fmt: skip


def log_score(y: ArrayLike, p: ArrayLike, weight: ArrayLike | None = None, *, bits: bool = False) -> float:
    """Return minus the mean logarithm of the probability of what came true, in nats or bits; infinite if that was ever 0 [Good1952]_.

    Parameters
    ----------
    y, p, weight
        As of `brier`.
    bits : bool
        Logarithm to base 2: the ignorance score of [RoulstonSmith2002]_.

    Examples
    --------
    >>> y, p = [1, 1, 0, 1], [0.9, 0.7, 0.2, 0.1]
    >>> round(log_score(y, p), 6), round(log_score(y, p, bits=True), 6)
    (0.746941, 1.077608)
    """
    y, p, w = cases(y, p, weight)
    came = np.where(y == 1, p, 1 - p) if p.ndim == 1 else p[np.arange(len(y)), y.astype(np.intp)]
    counted = w > 0
    with np.errstate(divide="ignore"):
        nats = float(-(w[counted] @ np.log(came[counted])) / w.sum())
    return nats / log(2) if bits else nats


def auc_roc(y: ArrayLike, p: ArrayLike, weight: ArrayLike | None = None) -> float:
    """Return the chance that a case that came true had a higher ``p`` than one that did not, ties half; NaN if all came out alike.

    Any ranking will do for ``p``, but values outside [0, 1] are refused here as everywhere in this module.

    Examples
    --------
    >>> round(auc_roc([1, 1, 0, 1], [0.9, 0.7, 0.2, 0.1]), 6)
    0.666667
    """
    hit, false, _ = _falling(*cases(y, p, weight, classes=False))
    if not hit[-1] or not false[-1]:
        return float("nan")
    wide = np.diff(false, prepend=0.0)
    high = hit - 0.5 * np.diff(hit, prepend=0.0)
    return float(wide @ high / (hit[-1] * false[-1]))


def average_precision(y: ArrayLike, p: ArrayLike, weight: ArrayLike | None = None) -> float:
    """Return the area under the precision-recall curve as the sum of recall gained times precision there; NaN if nothing came true.

    No trapezoids: between points the curve is no straight line [DavisGoadrich2006]_. A forecast without skill scores `prevalence`.

    Examples
    --------
    >>> round(average_precision([1, 1, 0, 1], [0.9, 0.7, 0.2, 0.1]), 6)
    0.916667
    """
    hit, _, called = _falling(*cases(y, p, weight, classes=False))
    if not hit[-1]:
        return float("nan")
    return float(np.diff(hit, prepend=0.0) @ (hit / called) / hit[-1])


def prevalence(y: ArrayLike, p: ArrayLike, weight: ArrayLike | None = None) -> float:
    """Return the share of cases that came true: what `average_precision` gives a forecast without skill. ``p`` is only checked.

    Examples
    --------
    >>> prevalence([1, 1, 0, 1], [0.9, 0.7, 0.2, 0.1])
    0.75
    """
    y, _, w = cases(y, p, weight, classes=False)
    return float(w @ y / w.sum())


def sharpness(p: ArrayLike, weight: ArrayLike | None = None) -> float:
    """Return the variance of forecasts: 0 if all are alike, at most 1/4. Says nothing about whether they are right [Murphy1987]_.

    Examples
    --------
    >>> round(sharpness([0.9, 0.7, 0.2, 0.1]), 6)
    0.111875
    """
    p = np.asarray(p, dtype=np.float64)
    _, p, w = cases(np.zeros(len(p)), p, weight, classes=False)
    mean = w @ p / w.sum()
    return float(w @ (p - mean) ** 2 / w.sum())


def _falling(
    y: NDArray[np.float64], p: NDArray[np.float64], w: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return weights of hits, of false alarms and of both at or above each distinct forecast that counts, from the highest."""
    order = np.argsort(-p, kind="stable")
    order = order[w[order] > 0]
    last = ends_of_ties(p[order])
    hit, called = np.cumsum((w * y)[order])[last], np.cumsum(w[order])[last]
    return hit, called - hit, called


def ends_of_ties(p: NDArray[np.float64]) -> NDArray[np.intp]:
    """Return the place of the last of each run of equal forecasts, of forecasts that fall; those that differ by rounding alone are equal.

    The order within a tie would otherwise be that of the rounding, which is another on another machine.

    Examples
    --------
    >>> ends_of_ties(np.array([0.7, 0.3, 0.3 - 1e-16, 0.0])).tolist()
    [0, 2, 3]
    """
    return np.append(np.flatnonzero(p[:-1] - p[1:] > ROUNDING * p[:-1]), len(p) - 1)


def cases(
    y: ArrayLike, p: ArrayLike, weight: ArrayLike | None = None, *, classes: bool = True
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return outcomes, forecasts and weights as checked arrays; ``classes`` allows forecasts of two dimensions.

    Raises
    ------
    ParameterError
        As of `brier`.
    """
    y, p = _numbers("y", y), _numbers("p", p)
    if p.ndim not in ((1, 2) if classes else (1,)) or y.shape != p.shape[:1]:
        raise ParameterError(
            message("Outcomes and forecasts do not fit", got=f"shapes {y.shape} and {p.shape}", expected="one each of a case")
        )  # fmt: skip
    if not len(y):
        raise ParameterError(message("Nothing to score", got="no case", expected="at least one"))
    top = 1 if p.ndim == 1 else p.shape[1] - 1
    known = (y >= 0) & (y <= top) & (y == np.rint(y))
    if not known.all():
        raise parameter("y", float(y[~known][0]), f"a whole number from 0 to {top} in every case")
    if not ((p >= 0) & (p <= 1)).all():
        raise parameter("p", float(p[~((p >= 0) & (p <= 1))][0]), "probabilities in [0, 1]")
    if p.ndim == 2 and not np.allclose(p.sum(axis=1), 1, atol=1e-9, rtol=0):
        raise parameter("p", float(p.sum(axis=1)[0]), "rows that add up to 1")
    w = np.ones(len(y)) if weight is None else _numbers("weight", weight)
    if w.shape != y.shape or not (w >= 0).all() or not np.isfinite(w.sum()) or not w.sum() > 0:
        raise parameter("weight", weight, "one number of 0 or more for each case, not all 0")
    return y, p, w


def _numbers(name: str, given: Any) -> NDArray[np.float64]:
    """Return an array of floats."""
    try:
        return np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise parameter(name, given, "numbers") from error
