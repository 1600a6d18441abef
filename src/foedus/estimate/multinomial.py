"""Maximum likelihood of the multinomial logit on arrays: Newton's steps, weights, and whether a maximum exists at all.

With two classes this is the binary logit. The log-likelihood is concave, so that Newton's method with step halving finds its maximum from anywhere
if there is one; there is none where a combination of columns separates the classes [AlbertAnderson1984]_, which a linear program decides
[Konis2007]_. Compared with statsmodels in tests. Knows no formulas and no errors of estimates.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

SUSPECT = 10.0
"""A log-odds over the range of one column beyond which separation is looked for: a factor of 22,000."""


@dataclass(frozen=True, slots=True)
class Maximum:
    """Where Newton's steps ended.

    Attributes
    ----------
    coef : float64 array, shape (n_classes - 1, n_terms)
        Log-odds of each class against the first.
    information : float64 array, shape (k, k), k = (n_classes - 1) * n_terms
        Negative second derivatives, class by class.
    log_likelihood : float
    converged : bool
    iterations : int
    """

    coef: NDArray[np.float64]
    information: NDArray[np.float64]
    log_likelihood: float
    converged: bool
    iterations: int


def probabilities(x: NDArray[np.float64], coef: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the probability of every class, shape (n, n_classes), of rows ``x`` with coefficients of shape (n_classes - 1, n_terms)."""
    eta = np.zeros((len(x), len(coef) + 1))
    eta[:, 1:] = x @ coef.T
    two = len(coef) == 1  # along two columns the same bits are had several times faster
    eta -= (np.maximum(eta[:, 0], eta[:, 1]) if two else eta.max(axis=1))[:, None]
    np.exp(eta, out=eta)
    eta /= (eta[:, 0] + eta[:, 1] if two else eta.sum(axis=1))[:, None]
    return eta


def row_scores(x: NDArray[np.float64], y: NDArray[np.int64], coef: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the derivative of each row's log-likelihood, shape (n, k), class by class."""
    if len(coef) == 1:
        return x * (y - _chances(x @ coef[0]))[:, None]
    left = _left_over(y, probabilities(x, coef))
    return (left[:, :, None] * x[:, None, :]).reshape(len(x), -1)


def maximise(
    x: NDArray[np.float64], y: NDArray[np.int64], n_classes: int, weight: NDArray[np.float64] | None = None,
    start: NDArray[np.float64] | None = None, *, tolerance: float = 1e-9, iterations: int = 60,
) -> Maximum:  # fmt: skip
    """Return the maximum of the log-likelihood.

    Parameters
    ----------
    x : array, shape (n, n_terms)
    y : int array, shape (n,)
        Class of each row, 0 to ``n_classes - 1``.
    n_classes : int
    weight : array, shape (n,), optional
        How often each row counts.
    start : array, shape (n_classes - 1, n_terms), optional
    tolerance : float
        Converged when the next step would gain less than this in log-likelihood.
    iterations : int
        Most steps.

    Returns
    -------
    Maximum
        ``converged`` is False where steps ran out or the second derivatives cannot be inverted.

    Notes
    -----
    O(iterations * n * k**2).
    """
    coef = np.zeros((n_classes - 1, x.shape[1])) if start is None else start.copy()
    if n_classes == 2:
        return _maximise_two(x, y, weight, coef[0], tolerance, iterations)
    w = np.ones(len(y)) if weight is None else weight
    p = probabilities(x, coef)
    here = _log_likelihood(p, y, w)
    for step in range(iterations):
        gradient = ((_left_over(y, p) * w[:, None]).T @ x).ravel()
        hessian = information(x, p, w)
        try:
            move: Any = np.linalg.solve(hessian, gradient)
        except np.linalg.LinAlgError:
            return Maximum(coef, hessian, here, converged=False, iterations=step)
        gain = float(move @ gradient)
        if not gain > tolerance:
            coef = coef + np.nan_to_num(move.reshape(coef.shape))  # the last step squares what error is left
            p = probabilities(x, coef)
            return Maximum(
                coef,
                information(x, p, w),
                _log_likelihood(p, y, w),
                converged=bool(np.isfinite(gain)),
                iterations=step + 1,
            )
        coef, p, here = _uphill(x, y, w, coef, move.reshape(coef.shape), here)
    return Maximum(coef, information(x, p, w), here, converged=False, iterations=iterations)


def _maximise_two(
    x: NDArray[np.float64], y: NDArray[np.int64], weight: NDArray[np.float64] | None, coef: NDArray[np.float64], tolerance: float, iterations: int
) -> Maximum:  # fmt: skip
    """Return the maximum for two classes: the same steps on a third of the numbers."""
    sign = 2.0 * y - 1.0

    def value(b: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        eta = x @ b
        each = np.logaddexp(0.0, -sign * eta)
        return -float(each.sum() if weight is None else weight @ each), eta

    def slopes(eta: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        p = _chances(eta)
        left, curve = y - p, p * (1 - p)
        if weight is not None:
            left, curve = left * weight, curve * weight
        return x.T @ left, (x * curve[:, None]).T @ x

    here, eta = value(coef)
    for step in range(iterations):
        gradient, hessian = slopes(eta)
        try:
            move: Any = np.linalg.solve(hessian, gradient)
        except np.linalg.LinAlgError:
            return Maximum(coef[None], hessian, here, converged=False, iterations=step)
        gain = float(move @ gradient)
        if not gain > tolerance:
            coef = coef + np.nan_to_num(move)  # the last step squares what error is left
            here, eta = value(coef)
            return Maximum(coef[None], slopes(eta)[1], here, converged=bool(np.isfinite(gain)), iterations=step + 1)
        for halving in range(30):
            reached, there = value(coef + move * 0.5**halving)
            if reached >= here - 1e-12 * abs(here):
                coef, here, eta = coef + move * 0.5**halving, reached, there
                break
    return Maximum(coef[None], slopes(eta)[1], here, converged=False, iterations=iterations)


def _chances(eta: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the chances of log-odds."""
    from scipy.special import expit

    return expit(eta)


def _uphill(
    x: NDArray[np.float64], y: NDArray[np.int64], w: NDArray[np.float64], coef: NDArray[np.float64], move: NDArray[np.float64], here: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:  # fmt: skip
    """Return coefficients, probabilities and log-likelihood after the longest of the halved steps that does not go down."""
    for halving in range(30):
        there = coef + move * 0.5**halving
        p = probabilities(x, there)
        value = _log_likelihood(p, y, w)
        if value >= here - 1e-12 * abs(here):
            return there, p, value
    return coef, probabilities(x, coef), here


def information(x: NDArray[np.float64], p: NDArray[np.float64], w: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the negative second derivatives of the log-likelihood, shape (k, k)."""
    terms, others = x.shape[1], p.shape[1] - 1
    out = np.empty((others, terms, others, terms))
    for a in range(others):
        for b in range(a, others):
            curve = w * p[:, a + 1] * ((a == b) - p[:, b + 1])
            out[a, :, b, :] = out[b, :, a, :] = (x * curve[:, None]).T @ x
    return out.reshape(others * terms, others * terms)


def separating(x: NDArray[np.float64], y: NDArray[np.int64], n_classes: int) -> NDArray[np.bool_]:
    """Return which columns take part in a combination that separates the classes, shape (n_terms,); none where a maximum exists.

    Solves: of all directions along which no row's log-likelihood falls, the one along which it rises most [Konis2007]_.
    """
    from scipy import sparse
    from scipy.optimize import linprog

    scale = np.abs(x).max(axis=0, initial=0.0)
    unit = x / np.where(scale > 0, scale, 1.0)
    blocks = []
    for own in range(n_classes):
        mine = sparse.csr_matrix(unit[y == own])
        for rival in range(n_classes):
            if rival != own:
                parts = [(k == own) * mine - (k == rival) * mine for k in range(1, n_classes)]
                blocks.append(sparse.hstack(parts, format="csr"))
    rows: Any = sparse.vstack(blocks, format="csr")
    found: Any = linprog(
        -np.asarray(rows.sum(axis=0)).ravel(), A_ub=-rows, b_ub=np.zeros(rows.shape[0]), bounds=(-1, 1), method="highs"
    )
    direction = np.asarray(found.x).reshape(n_classes - 1, -1)
    taking_part: Any = (np.abs(direction) > 1e-6).any(axis=0)
    return taking_part if -found.fun > 1e-6 else np.zeros_like(taking_part)


def looks_separated(x: NDArray[np.float64], found: Maximum) -> bool:
    """Return whether coefficients have grown so far, or steps have failed so, that `separating` should be asked."""
    return not found.converged or bool((reach(x, found.coef) > SUSPECT).any())


def maximum_proved(
    x: NDArray[np.float64], y: NDArray[np.int64], found: Maximum, weight: NDArray[np.float64] | None = None
) -> bool:
    """Return whether two classes are proved to overlap, so that the maximum exists, in one pass over the rows; False decides nothing.

    Along a direction d that separates, no row's likelihood falls: the gradient g has g'd = sum of |y - p| |x'd|. That is at least the sum of
    p (1 - p) (x'd)^2 over the greatest |x'd|, which is d'Hd / max |x'd| with H the information. As (g'd)^2 <= (g'H^-1 g) (d'Hd) and
    (x'd)^2 <= (x'H^-1 x) (d'Hd), the product of g'H^-1 g and the greatest x'H^-1 x is then at least 1. Where it is less there is no such direction
    [H]; near a maximum the first factor is all but 0.
    """
    if len(found.coef) > 1 or not found.converged:
        return False
    gradient = x.T @ ((y - _chances(x @ found.coef[0])) * (1.0 if weight is None else weight))
    try:
        inverse: Any = np.linalg.inv(found.information)
    except np.linalg.LinAlgError:
        return False
    longest = float(np.einsum("ij,ij->i", x @ inverse, x).max())
    return 0 <= float(gradient @ inverse @ gradient) * longest < 0.5


def reach(x: NDArray[np.float64], coef: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how far each column moves the log-odds over its range, shape of ``coef``; of a constant half its log-odds, as events may be rare."""
    span = np.ptp(x, axis=0)
    return np.abs(coef) * np.where(span > 0, span, 0.5 * np.abs(x[:1]))


def _left_over(y: NDArray[np.int64], p: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return 1 for the class that came true less its probability, for every class but the first, shape (n, n_classes - 1)."""
    return (y[:, None] == np.arange(1, p.shape[1])) - p[:, 1:]


def _log_likelihood(p: NDArray[np.float64], y: NDArray[np.int64], w: NDArray[np.float64]) -> float:
    """Return the weighted log-likelihood."""
    came = p[np.arange(len(y)), y]
    return float(w @ np.log(np.maximum(came, 1e-300)))
