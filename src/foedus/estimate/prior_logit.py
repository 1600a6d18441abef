"""A logit with a normal prior on its coefficients: the maximum of likelihood times prior, and its covariance by cluster.

For fits whose cells are thin, or that lean on an earlier fit; without a prior `foedus.estimate.logit` has the field's usual errors. Newton's
steps as in decision 13. Knows no war.
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


@dataclass(frozen=True)
class PriorLogit:
    """A fitted logit: ``coef`` (k,), ``covariance`` (k, k) by cluster, ``bread`` (k, k) inverse of the negative second derivatives."""

    coef: NDArray[np.float64]
    covariance: NDArray[np.float64]
    bread: NDArray[np.float64]

    def predict(self, x: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return the chances of rows, shape (n,)."""
        return 1.0 / (1.0 + np.exp(-(x @ self.coef)))


def prior_logit(
    x: NDArray[np.floating], y: ArrayLike, *, cluster: ArrayLike, weight: ArrayLike | None = None, mean: ArrayLike | None = None, sd: ArrayLike,
    steps: int = 100,
) -> PriorLogit:  # fmt: skip
    """Return the logit at the maximum of likelihood times prior.

    Parameters
    ----------
    x : array, shape (n, k)
    y : array of 0 and 1, shape (n,)
    cluster : array, shape (n,)
    weight : array, shape (n,), optional
    mean, sd : arrays, shape (k,)
        Of the prior; an sd of infinity is none. The mean is 0 if not given.
    steps : int

    Raises
    ------
    DataError
        Only one outcome, or no maximum.
    ParameterError
        Arrays that do not fit together.

    References
    ----------
    [LiangZeger1986]_

    Examples
    --------
    >>> fit = prior_logit(np.ones((4, 1)), [1, 0, 0, 0], cluster=[1, 1, 2, 2], sd=[np.inf])
    >>> round(float(fit.predict(np.ones((1, 1)))[0]), 4)
    0.25
    """
    came, labels = np.asarray(y, dtype=np.float64), np.asarray(cluster)
    w = np.ones(len(came)) if weight is None else np.asarray(weight, dtype=np.float64)
    full = np.ascontiguousarray(x, dtype=np.float64)
    if full.ndim != 2 or not (len(full) == len(came) == len(w) == len(labels)):
        raise parameter(
            "x, y, weight, cluster", f"{full.shape}, {came.shape}, {w.shape}, {labels.shape}", "(n, k) and (n,) thrice"
        )
    if came.min(initial=1.0) == came.max(initial=0.0):
        raise DataError(message("Only one outcome", got=f"{len(came)} rows alike", expected="both"))
    precision = np.asarray(sd, dtype=np.float64) ** -2.0
    centre = np.zeros(full.shape[1]) if mean is None else np.asarray(mean, dtype=np.float64)

    def value(coef: NDArray[np.float64]) -> float:
        eta = full @ coef
        return float(w @ (came * eta - np.logaddexp(0.0, eta)) - 0.5 * precision @ (coef - centre) ** 2)

    coef, here = centre.copy(), value(centre)
    for _ in range(steps):
        p = 1.0 / (1.0 + np.exp(-(full @ coef)))
        slope = full.T @ (w * (came - p)) - precision * (coef - centre)
        curve = (full * (w * p * (1 - p))[:, None]).T @ full + np.diag(precision)
        move: Any = np.linalg.solve(curve + 1e-10 * np.eye(len(coef)), slope)
        if move @ slope < 1e-9:
            bread: Any = np.linalg.inv(curve)
            return PriorLogit(coef, covariance.clustered(bread, full * (w * (came - p))[:, None], labels), bread)
        coef, here = halved(value, coef, move, here)
    raise DataError(message("No maximum of the likelihood was found", got=f"{steps} steps", hint="scale the terms"))
