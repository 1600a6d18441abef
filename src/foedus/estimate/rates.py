"""Rates of events by maximum likelihood: piecewise constant hazards, that is a Poisson model of counts over exposure, with a normal prior.

The log-rate of a row is ``x b``; the log-likelihood is the sum of weight times (count times log-rate less exposure times rate) [Holford1980]_.
Newton's steps as in decision 13. Knows no war: arrays in, coefficients out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.errors import DataError, message, parameter
from foedus.estimate import covariance
from foedus.estimate.newton import halved

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

BLOCK = 4096
"""Rows whose derivatives are summed at a time, so that they stay in a processor's cache."""


@dataclass(frozen=True)
class RateFit:
    """Fitted rates.

    Attributes
    ----------
    coef : float64 array, shape (k,)
    covariance : float64 array, shape (k, k)
        By cluster [LiangZeger1986]_.
    bread : float64 array, shape (k, k)
        Inverse of the negative second derivatives of log-likelihood plus log-prior.
    log_likelihood : float
        Weighted, without the prior.
    events : float
        Weighted count.
    clusters : int
    dispersion : float
        Variance of a gamma factor of mean 1 that all rates of a cluster share; 0 where there is none.
    """

    coef: NDArray[np.float64]
    covariance: NDArray[np.float64]
    bread: NDArray[np.float64]
    log_likelihood: float
    events: float
    clusters: int
    dispersion: float = 0.0


def fit_rates(
    x: NDArray[np.floating], count: ArrayLike, exposure: ArrayLike, *, cluster: ArrayLike, weight: ArrayLike | None = None,
    prior_mean: ArrayLike | None = None, prior_sd: ArrayLike | None = None,
) -> RateFit:  # fmt: skip
    """Return the rates that make counts over exposures likeliest.

    Parameters
    ----------
    x : array, shape (n, k)
        Terms of the log-rate; no NaN.
    count, exposure : arrays, shape (n,)
        Events, and the time over which they could happen, above 0.
    cluster : array, shape (n,)
    weight : array, shape (n,), optional
        How many rows each stands for.
    prior_mean, prior_sd : arrays, shape (k,), optional
        Normal prior of each coefficient; an sd of infinity (the default) is none.

    Returns
    -------
    RateFit

    Raises
    ------
    DataError
        No event, a row without exposure, or no maximum.
    ParameterError
        Arrays that do not fit together.

    References
    ----------
    [Holford1980]_, [LiangZeger1986]_

    Examples
    --------
    >>> fit = fit_rates(np.ones((4, 1)), [1, 0, 1, 0], [10.0, 10.0, 5.0, 15.0], cluster=[1, 1, 2, 2])
    >>> round(float(np.exp(fit.coef[0])), 6)
    0.05
    """
    y, e, labels = np.asarray(count, dtype=np.float64), np.asarray(exposure, dtype=np.float64), np.asarray(cluster)
    w = np.ones(len(y)) if weight is None else np.asarray(weight, dtype=np.float64)
    if x.ndim != 2 or not (len(x) == len(y) == len(e) == len(w) == len(labels)):
        got = f"{x.shape}, {y.shape}, {e.shape}, {w.shape}, {labels.shape}"
        raise parameter("x, count, exposure, weight, cluster", got, "(n, k) and (n,) four times")
    if not y.any():
        raise DataError(message("No event", got=f"{len(y)} rows with a count of 0", expected="some"))
    if not (e > 0).all():
        raise DataError(
            message("Rows without exposure", got=f"{int((e <= 0).sum())} of {len(e)}", expected="time above 0")
        )
    k = x.shape[1]
    mean = np.zeros(k) if prior_mean is None else np.asarray(prior_mean, dtype=np.float64)
    precision = np.zeros(k) if prior_sd is None else np.asarray(prior_sd, dtype=np.float64) ** -2.0
    full = np.ascontiguousarray(x, dtype=np.float64)
    coef = _maximise(full, y, e, w, mean, precision, mean.copy())
    rate = e * np.exp(full @ coef)
    curve = (full * (w * rate)[:, None]).T @ full
    bread: Any = np.linalg.inv(curve + np.diag(precision))
    spread = covariance.clustered(bread, full * (w * (y - rate))[:, None], labels)
    eta = full @ coef
    value = float(w @ (y * eta - e * np.exp(eta)))
    return RateFit(coef, spread, bread, value, float(w @ y), len(np.unique(labels)))


def fit_shared_rates(
    x: NDArray[np.floating], count: ArrayLike, exposure: ArrayLike, *, cluster: ArrayLike, weight: ArrayLike | None = None,
    prior_mean: ArrayLike | None = None, prior_sd: ArrayLike | None = None, steps: int = 60,
) -> RateFit:  # fmt: skip
    """Return the rates of `fit_rates` where all rates of a cluster share a gamma factor of mean 1, whose variance is estimated too.

    The factor is integrated out [Clayton1978]_. By turns: the variance that makes the counts of clusters likeliest, and a Newton step of the
    coefficients with the information of the integrated likelihood, that is less what is not known of the factors [Louis1982]_.

    Parameters
    ----------
    x, count, exposure, cluster, weight, prior_mean, prior_sd
        As of `fit_rates`.
    steps : int

    Returns
    -------
    RateFit

    Raises
    ------
    DataError
        As of `fit_rates`; or the turns do not come to rest.

    Examples
    --------
    >>> counts = [4, 3, 0, 0, 0, 0, 0, 1]
    >>> fit = fit_shared_rates(np.ones((8, 1)), counts, np.full(8, 10.0), cluster=[1, 1, 2, 2, 3, 3, 4, 4])
    >>> round(float(np.exp(fit.coef[0])), 6), fit.dispersion > 1
    (0.1, True)
    """
    plain = fit_rates(x, count, exposure, cluster=cluster, weight=weight, prior_mean=prior_mean, prior_sd=prior_sd)
    y, e = np.asarray(count, dtype=np.float64), np.asarray(exposure, dtype=np.float64)
    w = np.ones(len(y)) if weight is None else np.asarray(weight, dtype=np.float64)
    full, k = np.ascontiguousarray(x, dtype=np.float64), x.shape[1]
    mean = np.zeros(k) if prior_mean is None else np.asarray(prior_mean, dtype=np.float64)
    precision = np.zeros(k) if prior_sd is None else np.asarray(prior_sd, dtype=np.float64) ** -2.0
    _, group = np.unique(np.asarray(cluster), return_inverse=True)
    came = np.bincount(group, w * y).astype(np.float64)
    coef = plain.coef

    def rates(b: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        rate = w * e * np.exp(np.minimum(full @ b, 50.0))
        return rate, np.bincount(group, rate).astype(np.float64)

    def value(b: NDArray[np.float64], variance: float) -> float:
        return (
            float((w * y) @ (full @ b)) - _loss(came, rates(b)[1], variance) - float(0.5 * precision @ (b - mean) ** 2)
        )

    before = -1.0
    for _ in range(steps):
        rate, total = rates(coef)
        variance = dispersion(came, total)
        factor = posterior(came, total, variance)
        scores = full * (w * y - rate * factor[group])[:, None]
        slope = scores.sum(axis=0) - precision * (coef - mean)
        doubt = variance * (1.0 + variance * came) / (1.0 + variance * total) ** 2
        pulls = np.stack([np.bincount(group, rate * column) for column in full.T], axis=1)
        curve = (
            (full * (rate * factor[group])[:, None]).T @ full + np.diag(precision) - pulls.T @ (doubt[:, None] * pulls)
        )
        move: Any = np.linalg.solve(curve + 1e-10 * np.eye(k), slope)
        if abs(move @ slope) < 1e-8 and abs(variance - before) < 1e-5 * variance:
            bread: Any = np.linalg.inv(curve)
            spread = covariance.clustered(bread, scores, group)
            return RateFit(coef, spread, bread, value(coef, variance), plain.events, plain.clusters, variance)
        before = variance
        coef, _ = halved(lambda b, at=variance: value(b, at), coef, move, value(coef, variance))
    raise DataError(message("No maximum of the likelihood was found", got=f"{steps} steps", hint="scale the terms"))


def dispersion(came: NDArray[np.float64], expected: NDArray[np.float64]) -> float:
    """Return the variance of the gamma factor under which the counts of clusters are likeliest, given those expected without it."""
    from scipy.optimize import minimize_scalar

    found: Any = minimize_scalar(
        lambda v: _loss(came, expected, float(np.exp(v))), bounds=(-7.0, 3.0), method="bounded", options={"xatol": 1e-7}
    )
    return float(np.exp(found.x))


def _loss(came: NDArray[np.float64], expected: NDArray[np.float64], variance: float) -> float:
    """Return minus the part of the integrated log-likelihood that depends on the variance and on the counts expected."""
    from scipy.special import gammaln

    part = (
        came * np.log(variance)
        + gammaln(came + 1 / variance)
        - gammaln(1 / variance)
        - (came + 1 / variance) * np.log1p(variance * expected)
    )
    return -float(part.sum())


def posterior(came: NDArray[np.float64], expected: NDArray[np.float64], variance: float) -> NDArray[np.float64]:
    """Return the mean of each cluster's factor given its count and that expected without the factor."""
    return (1.0 + variance * came) / (1.0 + variance * expected)


def _maximise(
    x: NDArray[np.float64], y: NDArray[np.float64], e: NDArray[np.float64], w: NDArray[np.float64], mean: NDArray[np.float64],
    precision: NDArray[np.float64], start: NDArray[np.float64], steps: int = 100,
) -> NDArray[np.float64]:  # fmt: skip
    """Return the coefficients of the maximum: Newton's steps, halved until they do not go down."""

    def value(coef: NDArray[np.float64]) -> float:
        eta = x @ coef
        return float((w * y) @ eta - (w * e) @ np.exp(np.minimum(eta, 50.0)) - 0.5 * precision @ (coef - mean) ** 2)

    coef, here = start, value(start)
    for _ in range(steps):
        slope, curve = -precision * (coef - mean), np.diag(precision)
        for a in range(0, len(y), BLOCK):
            part = slice(a, a + BLOCK)
            rate = w[part] * e[part] * np.exp(np.minimum(x[part] @ coef, 50.0))
            slope = slope + (w[part] * y[part] - rate) @ x[part]
            curve = curve + (x[part] * rate[:, None]).T @ x[part]
        try:
            move: Any = np.linalg.solve(curve + 1e-10 * np.eye(len(coef)), slope)
        except np.linalg.LinAlgError as error:
            raise DataError(
                message("No maximum of the likelihood", got="terms that determine each other", hint="drop one")
            ) from error
        if move @ slope < 1e-9:
            return coef + move
        coef, here = halved(value, coef, move, here)
    raise DataError(message("No maximum of the likelihood was found", got=f"{steps} steps", hint="scale the terms"))
