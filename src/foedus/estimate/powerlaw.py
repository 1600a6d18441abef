"""Power-law tails: exponent and threshold, how well they fit, what else might, and their doubt [Clauset2009]_.

Above ``x_min`` the density is proportional to x ** -alpha; below it nothing is assumed. Sizes are treated as continuous. Knows no war.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from foedus.errors import DataError, message, parameter

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

Distance = Literal["lower", "both"]


@dataclass(frozen=True, slots=True)
class PowerLaw:
    """A fitted tail.

    ``alpha`` exponent of the density, ``x_min`` threshold, ``n_tail`` of ``n`` sizes at or above it, ``std_error`` of alpha with x_min as given,
    ``distance`` Kolmogorov's, in the sense that ``kind`` names.
    """

    alpha: float
    x_min: float
    n_tail: int
    n: int
    std_error: float
    distance: float
    kind: Distance

    def tail(self, x: ArrayLike) -> NDArray[np.float64]:
        """Return the chance of a size of ``x`` or more, of sizes in the tail; 1 below it."""
        return np.minimum(
            (np.maximum(np.asarray(x, dtype=np.float64), self.x_min) / self.x_min) ** (1 - self.alpha), 1.0
        )

    def exceed(self, x: float) -> float:
        """Return the chance of a size of ``x`` or more, of all sizes; ``x`` at or above ``x_min``."""
        if not x >= self.x_min:
            raise parameter("x", x, f"at least x_min, {self.x_min:g}", "below it nothing is fitted")
        return self.n_tail / self.n * float(self.tail(x))


@dataclass(frozen=True, slots=True)
class Alternative:
    """Log-likelihood of the power law less another's on the same tail; z is normal if both are as far from the truth [Vuong1989]_."""

    name: str
    log_ratio: float
    z: float
    p_value: float


def fit_power_law(sizes: ArrayLike, *, x_min: float | None = None, kind: Distance = "lower") -> PowerLaw:
    """Return the tail whose threshold brings the fitted law closest to the sizes above it.

    alpha is the maximum of the likelihood, 1 + n / sum ln(x / x_min).

    Parameters
    ----------
    sizes : array, shape (n,)
        Above 0.
    x_min : float, optional
        Threshold; without it each size but the greatest is tried.
    kind : {"lower", "both"}
        Distance between the law and i / n, i the sizes that stand before each one in order (as the authors' program measures it: equal sizes
        stand one after another), or on both sides of each step of the empirical distribution. They can pick another threshold.

    Raises
    ------
    DataError
        Fewer than two different sizes, or sizes that are not above 0.

    References
    ----------
    [Clauset2009]_

    Examples
    --------
    >>> found = fit_power_law(np.geomspace(1, 100, 50), x_min=1)
    >>> round(found.alpha, 3), found.n_tail
    (1.434, 50)
    """
    x = _sorted(sizes)
    if kind not in {"lower", "both"}:
        raise parameter("kind", kind, "'lower' or 'both'")
    if x_min is not None and not x[0] <= x_min < x[-1]:
        raise parameter("x_min", x_min, f"from {x[0]:g} to less than {x[-1]:g}")
    return _at(x, _closest(x, kind) if x_min is None else x_min, kind)


def resampled_fits(sizes: ArrayLike, *, draws: int, seed: int, kind: Distance = "lower") -> list[PowerLaw]:
    """Return fits, thresholds too, to sizes drawn with replacement: the doubt about both. The same draw has the same sizes whoever makes it."""
    x = _sorted(sizes)
    fits = []
    for draw in range(draws):
        rng = np.random.default_rng([seed, draw])
        fits.append(fit_power_law(_varied(rng, x), kind=kind))
    return fits


def goodness(sizes: ArrayLike, fit: PowerLaw, *, draws: int, seed: int) -> float:
    """Return the share of synthetic samples that are farther from their own law than these sizes from theirs; below 0.1 rejects the law.

    A synthetic size is from the law with the share of the tail, else one of the sizes below the threshold; each sample's threshold is found anew.

    Raises
    ------
    ParameterError
        No draws.
    """
    if draws < 1:
        raise parameter("draws", draws, "at least 1")
    x = _sorted(sizes)
    body, farther = x[x < fit.x_min], 0
    for draw in range(draws):
        rng = np.random.default_rng([seed, draw])
        n_tail = len(x) if not len(body) else int(rng.binomial(len(x), fit.n_tail / fit.n))
        tail = fit.x_min * (1 - rng.random(n_tail)) ** (-1 / (fit.alpha - 1))
        made = np.concatenate([tail, rng.choice(body, len(x) - n_tail)]) if len(body) else tail
        farther += fit_power_law(made, kind=fit.kind).distance >= fit.distance
    return farther / draws


def alternatives(sizes: ArrayLike, fit: PowerLaw) -> tuple[Alternative, ...]:
    """Return the comparison with an exponential and a log-normal on the same tail; positive favours the power law.

    Raises
    ------
    DataError
        The log-normal has no maximum.
    """
    from scipy.optimize import minimize
    from scipy.special import ndtr
    from scipy.stats import norm

    x = _sorted(sizes)
    x = x[x >= fit.x_min]
    log = np.log(x)
    law = np.log((fit.alpha - 1) / fit.x_min) - fit.alpha * np.log(x / fit.x_min)
    rate = 1 / (x.mean() - fit.x_min)
    exponential = np.log(rate) - rate * (x - fit.x_min)

    def lognormal(theta: NDArray[np.float64]) -> NDArray[np.float64]:
        mean, sd = theta[0], np.exp(theta[1])
        return norm.logpdf(log, mean, sd) - log - norm.logsf(np.log(fit.x_min), mean, sd)

    def badness(theta: NDArray[np.float64]) -> float:
        return -float(lognormal(theta).sum())

    best: Any = minimize(
        badness,
        [log.mean(), np.log(log.std())],
        method="Nelder-Mead",
        options={"maxiter": 10_000, "xatol": 1e-8, "fatol": 1e-10},
    )
    if not best.success:
        raise DataError(message("No maximum of the log-normal's likelihood was found", got=str(best.message)))
    out = []
    for name, other in (("exponential", exponential), ("log-normal", lognormal(best.x))):
        gain = law - other
        z = float(gain.sum() / (gain.std() * np.sqrt(len(x))))
        out.append(Alternative(name, float(gain.sum()), z, float(2 * ndtr(-abs(z)))))
    return tuple(out)


def _at(x: NDArray[np.float64], x_min: float, kind: Distance) -> PowerLaw:
    """Return the fit with one threshold; sizes in order."""
    tail = x[np.searchsorted(x, x_min) :]
    n = len(tail)
    log = np.log(tail / x_min)
    alpha = 1 + n / log.sum()
    law = -np.expm1((1 - alpha) * log)
    step = np.arange(n) / n
    distance = np.abs(step - law).max()
    if kind == "both":
        distance = max(distance, np.abs(step + 1 / n - law).max())
    return PowerLaw(float(alpha), float(x_min), n, len(x), float((alpha - 1) / np.sqrt(n)), float(distance), kind)


def _closest(x: NDArray[np.float64], kind: Distance) -> float:
    """Return the threshold with the least distance, the lowest of equals; sizes in order. All thresholds at once: a row each, a column a size."""
    at = np.flatnonzero(np.diff(x, prepend=-np.inf) > 0)[:-1]
    n, log = len(x) - at, np.log(x)
    left = np.cumsum(log[::-1])[::-1][at] - n * log[at]
    place = np.arange(len(x)) - at[:, None]
    law = -np.expm1(-(n / left)[:, None] * np.maximum(log - log[at, None], 0.0))
    distance = np.abs(place / n[:, None] - law)
    if kind == "both":
        distance = np.maximum(distance, np.abs((place + 1) / n[:, None] - law))
    return float(x[at[np.where(place >= 0, distance, 0.0).max(axis=1).argmin()]])


def _varied(rng: np.random.Generator, x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return sizes drawn with replacement, not all alike."""
    while True:
        made = rng.choice(x, len(x))
        if made.min() < made.max():
            return made


def _sorted(sizes: Any) -> NDArray[np.float64]:
    """Return checked sizes in order."""
    x = np.sort(np.asarray(sizes, dtype=np.float64).ravel())
    if not len(x) or not (np.isfinite(x).all() and x[0] > 0):
        raise DataError(message("Sizes", got="none, or one that is not above 0", expected="numbers above 0"))
    if x[0] == x[-1]:
        raise DataError(message("Sizes of a tail", got=f"only {x[0]:g}", expected="at least two different sizes"))
    return x
