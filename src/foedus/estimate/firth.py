"""Firth's logit: the likelihood times the root of the information's determinant, so that estimates stay finite where classes are separated.

The penalty is Jeffreys' prior; it takes the first-order bias out of the estimates [Firth1993]_, and its maximum exists on every set of rows with both
classes and columns that vary on their own [HeinzeSchemper2002]_. Intervals are those of the profile of the likelihood, penalised or not. Two classes
only. Knows no formulas; `foedus.estimate.logit` calls it with ``penalty="firth"`` and ``errors="profile"``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.errors import DataError, message
from foedus.estimate.newton import halved

if TYPE_CHECKING:
    from numpy.typing import NDArray


FLOOR = 1e-8
"""Gain of a step that, where steps gain no less than the one before, is the rounding of sums: near the maximum each gains a share of the last."""


@dataclass(frozen=True, slots=True)
class FirthMaximum:
    """Where the steps ended: ``coef`` (k,), ``information`` (k, k), log-likelihood without and with the penalty, converged, steps."""

    coef: NDArray[np.float64]
    information: NDArray[np.float64]
    log_likelihood: float
    penalised: float
    converged: bool
    iterations: int


@dataclass(frozen=True, slots=True)
class Profile:
    """Ends of the intervals of all coefficients and tests that each is 0, by likelihood ratio: arrays of shape (k,), of one level."""

    level: float
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    ratio: NDArray[np.float64]


def maximise(
    x: NDArray[np.float64], y: NDArray[np.integer], weight: NDArray[np.float64] | None = None, start: NDArray[np.float64] | None = None, *,
    hold: int | None = None, penalty: bool = True, tolerance: float = 1e-14, iterations: int = 500,
) -> FirthMaximum:  # fmt: skip
    """Return the maximum of the penalised log-likelihood, l + log|I| / 2.

    Parameters
    ----------
    x : array, shape (n, k)
    y : array of 0 and 1, shape (n,)
    weight : array, shape (n,), optional
        How often each row counts.
    start : array, shape (k,), optional
    hold : int, optional
        A coefficient that stays where ``start`` has it; the penalty is that of all coefficients still.
    penalty : bool
        Without it the plain likelihood is maximised.
    tolerance : float
        Converged when the next step would gain less than this.
    iterations : int

    Returns
    -------
    FirthMaximum

    Notes
    -----
    Steps of scoring with the modified score, sum of (w (y - p) + h (1/2 - p)) x, h the diagonal of the hat matrix; halved until the penalised
    likelihood does not fall. O(iterations * n * k**2).
    """
    w = np.ones(len(y)) if weight is None else weight
    came = y.astype(np.float64)
    coef = np.zeros(x.shape[1]) if start is None else np.array(start, dtype=np.float64)
    free = np.arange(x.shape[1]) != (-1 if hold is None else hold)

    def value(b: NDArray[np.float64]) -> float:
        plain, information = _plain(x, came, w, b)
        return plain + (0.5 * _log_determinant(information) if penalty else 0.0)

    here, done, step, last = value(coef), False, 0, np.inf
    for step in range(1, iterations + 1):  # noqa: B007
        move = np.zeros_like(coef)
        try:
            information, score = score_of(x, came, w, coef, penalty=penalty)
            move[free] = np.linalg.solve(information[np.ix_(free, free)], score[free])
        except np.linalg.LinAlgError:
            break
        gain = float(move @ score)
        if not gain > tolerance or FLOOR > gain >= 0.9 * last:
            coef, done = coef + np.nan_to_num(move), bool(np.isfinite(gain))
            break
        last = gain
        coef, here = halved(value, coef, move, here)
    plain, information = _plain(x, came, w, coef)
    return FirthMaximum(coef, information, plain, plain + 0.5 * _log_determinant(information), done, step)


def score_of(
    x: NDArray[np.float64],
    came: NDArray[np.float64],
    w: NDArray[np.float64],
    coef: NDArray[np.float64],
    *,
    penalty: bool,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the information, shape (k, k), and the score, modified by the penalty, shape (k,)."""
    p = _chances(x, coef)
    curve = w * p * (1 - p)
    information = (x * curve[:, None]).T @ x
    left = w * (came - p)
    if penalty:
        left += _hat(x, curve, information) * (0.5 - p)
    return information, x.T @ left


def row_scores(
    x: NDArray[np.float64], y: NDArray[np.integer], coef: NDArray[np.float64], weight: NDArray[np.float64] | None = None
) -> NDArray[np.float64]:
    """Return each row's part of the modified score, shape (n, k)."""
    w = np.ones(len(y)) if weight is None else weight
    p = _chances(x, coef)
    curve = w * p * (1 - p)
    information = (x * curve[:, None]).T @ x
    return x * (w * (y - p) + _hat(x, curve, information) * (0.5 - p))[:, None]


def profile(
    x: NDArray[np.float64], y: NDArray[np.integer], at: FirthMaximum, weight: NDArray[np.float64] | None = None, *, level: float = 0.95,
    penalty: bool = True,
) -> Profile:  # fmt: skip
    """Return intervals and tests by the profile of the likelihood.

    An interval holds the values whose best log-likelihood, all other coefficients free, is less than half the quantile of chi-squared below the
    maximum [HeinzeSchemper2002]_. With the penalty it is finite where classes are separated.

    Parameters
    ----------
    x, y, weight, penalty
        As of `maximise`.
    at : FirthMaximum
        The maximum, with or without the penalty as ``penalty`` says.
    level : float

    Raises
    ------
    DataError
        No end of an interval was found.
    """
    from scipy.stats import chi2

    top, quantile = (at.penalised if penalty else at.log_likelihood), float(chi2.ppf(level, 1))
    error = np.sqrt(np.diag(np.linalg.inv(at.information)))
    low, high, ratio = (np.empty(len(error)) for _ in range(3))
    for j in range(len(error)):
        drop = _Drop(x, y, weight, j, top, at.coef, penalty)
        ratio[j] = max(0.0, drop(0.0))
        low[j] = _end(drop, float(at.coef[j]), -float(error[j]), quantile)
        high[j] = _end(drop, float(at.coef[j]), float(error[j]), quantile)
    return Profile(level, low, high, ratio)


class _Drop:
    """Twice the fall of the best log-likelihood when one coefficient is held at a value; each search begins where the last one ended."""

    def __init__(
        self, x: NDArray[np.float64], y: NDArray[np.integer], weight: NDArray[np.float64] | None, j: int, top: float, coef: NDArray[np.float64],
        penalty: bool,
    ) -> None:  # fmt: skip
        self.rows, self.j, self.top, self.penalty = (x, y, weight), j, top, penalty
        self.coef = coef.copy()

    def __call__(self, value: float) -> float:
        start = self.coef.copy()
        start[self.j] = value
        x, y, weight = self.rows
        found = maximise(x, y, weight, start, hold=self.j, penalty=self.penalty, tolerance=1e-10)
        if not found.converged:
            raise DataError(
                message("A profile of the likelihood without an end", got=f"column {self.j}", hint=_hint(self.penalty))
            )
        self.coef = found.coef
        return 2 * (self.top - (found.penalised if self.penalty else found.log_likelihood))


def _end(drop: _Drop, centre: float, step: float, quantile: float) -> float:
    """Return where the profile has fallen by the quantile, on the side of ``step``."""
    from scipy.optimize import brentq

    near, far = centre, centre + 2 * step
    while drop(far) <= quantile:
        near, far = far, far + 2 * (far - centre)
    search: Any = brentq
    try:
        found = search(lambda b: drop(b) - quantile, near, far, xtol=1e-9 * max(1.0, abs(step)), rtol=1e-10)
    except ValueError as error:  # the best of the other coefficients jumps: drop(far) is not what it was
        what = "A profile of the likelihood with more than one hill"
        raise DataError(message(what, got=f"column {drop.j}", hint=_hint(drop.penalty))) from error
    return float(found)


def _hint(penalty: bool) -> str:
    """Return what to do about a profile that has no end."""
    if penalty:
        return "too few rows for intervals by profile: take fewer terms, or errors='classical'"
    return "classes are separated: penalty='firth' has ends"


def _chances(x: NDArray[np.float64], coef: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the chance of each row, shape (n,)."""
    from scipy.special import expit

    return expit(x @ coef)


def _plain(
    x: NDArray[np.float64], came: NDArray[np.float64], w: NDArray[np.float64], coef: NDArray[np.float64]
) -> tuple[float, NDArray[np.float64]]:
    """Return the log-likelihood and the information."""
    eta = x @ coef
    p = _chances(x, coef)
    return float(w @ (came * eta - np.logaddexp(0.0, eta))), (x * (w * p * (1 - p))[:, None]).T @ x


def _hat(x: NDArray[np.float64], curve: NDArray[np.float64], information: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the diagonal of the hat matrix, shape (n,)."""
    return curve * np.einsum("ij,ij->i", x @ np.linalg.inv(information), x)


def _log_determinant(information: NDArray[np.float64]) -> float:
    """Return the logarithm of the determinant; minus infinity where the matrix is singular."""
    sign, log = np.linalg.slogdet(information)
    return float(log) if sign > 0 else -np.inf
