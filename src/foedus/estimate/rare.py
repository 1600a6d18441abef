"""Rare events: estimates and chances corrected for few events, and for rows that were sampled by outcome [KingZeng2001]_.

Three corrections, each on its own: of the constant where the share of events among the rows is not that of the population (prior correction), of the
same by weights, and of the first-order bias of maximum likelihood that few events leave; with the last, chances are corrected for the doubt about
coefficients. Arrays in, arrays out; fits nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from foedus.errors import parameter

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

Kind = Literal["bias", "prior", "weights"]
KINDS: tuple[Kind, ...] = ("bias", "prior", "weights")
Chances = Literal["plain", "corrected", "averaged"]
NODES = 40
"""Points of the quadrature of an average over the doubt about coefficients."""


@dataclass(frozen=True)
class RareEvents:
    """Which corrections for rare events to make.

    Attributes
    ----------
    kind : {"bias", "prior", "weights"}
        ``"bias"`` takes the first-order bias out of coefficients. ``"prior"`` and ``"weights"`` do too, and give events the share that they have in
        the population, where rows were sampled by outcome.
    population : float, optional
        Share of events in the population, for ``"prior"`` and ``"weights"``.
    debias : bool
        Whether ``"prior"`` and ``"weights"`` take out the bias too.

    Raises
    ------
    ParameterError
        Another kind, or a share that is none.

    Examples
    --------
    >>> RareEvents("prior", 0.004)
    RareEvents(kind='prior', population=0.004, debias=True)
    """

    kind: Kind
    population: float | None = None
    debias: bool = True

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise parameter("rare", self.kind, " or ".join(map(repr, KINDS)))
        if self.kind != "bias":
            check_population(self.population)
        elif self.population is not None:
            raise parameter("population", self.population, "none for rare='bias'")


def check_population(population: object) -> float:
    """Return the share of events in the population, if it is one."""
    if isinstance(population, bool) or not isinstance(population, int | float) or not 0 < population < 1:
        raise parameter("population", population, "the share of events in the population, between 0 and 1")
    return float(population)


def prior_shift(population: float, share: float) -> float:
    """Return what is taken from the constant, ln[(1 - t) / t * y / (1 - y)], t the population's share of events and y that of the rows (eq. 7).

    Examples
    --------
    >>> round(prior_shift(0.01, 0.5), 4)
    4.5951
    """
    return float(np.log((1 - population) / population * share / (1 - share)))


def outcome_weights(y: ArrayLike, population: float) -> NDArray[np.float64]:
    """Return weights that give events their share in the population: t / y of an event, (1 - t) / (1 - y) of another row (eqs. 8-9).

    Examples
    --------
    >>> outcome_weights([1, 0, 0, 1], 0.1).tolist()
    [0.2, 1.8, 1.8, 0.2]
    """
    came = np.asarray(y) == 1
    share = float(came.mean())
    return np.where(came, population / share, (1 - population) / (1 - share))


def coefficient_bias(
    x: NDArray[np.float64],
    coef: NDArray[np.float64],
    weight: NDArray[np.float64] | None = None,
    event_weight: float = 1.0,
) -> NDArray[np.float64]:
    """Return the first-order bias of maximum-likelihood coefficients, shape (k,): to be taken from them (eq. 16).

    A regression of xi = Q_ii [(1 + w1) p - w1] / 2 on the columns with weights W = w p (1 - p), Q_ii the diagonal of x (x'Wx)^-1 x'. For a constant
    alone it is (p - 1/2) / [n p (1 - p)]: too small, where events are rare (eq. 17).

    Parameters
    ----------
    x : array, shape (n, k)
    coef : array, shape (k,)
        Maximum-likelihood estimates on these rows.
    weight : array, shape (n,), optional
    event_weight : float
        Weight w1 of an event where rows are weighted by outcome.

    Examples
    --------
    >>> b = coefficient_bias(np.ones((100, 1)), np.log([0.04 / 0.96]))
    >>> round(float(b[0]), 4), round((0.04 - 0.5) / (100 * 0.04 * 0.96), 4)
    (-0.1198, -0.1198)
    """
    from scipy.special import expit

    p = expit(x @ coef)
    curve = p * (1 - p) * (1.0 if weight is None else weight)
    inverse = np.linalg.inv((x * curve[:, None]).T @ x)
    spread = np.einsum("ij,ij->i", x @ inverse, x)
    xi = 0.5 * spread * ((1 + event_weight) * p - event_weight)
    return inverse @ (x.T @ (curve * xi))


def shrink(n: int, k: int) -> float:
    """Return the factor of the covariance of corrected coefficients, (n / (n + k))^2: the correction makes it smaller, not larger."""
    return (n / (n + k)) ** 2


def chances(
    x: NDArray[np.float64], coef: NDArray[np.float64], covariance: NDArray[np.float64], how: Chances = "corrected"
) -> NDArray[np.float64]:
    """Return chances of rows with the doubt about coefficients in them, shape (n,).

    Parameters
    ----------
    x : array, shape (n, k)
    coef : array, shape (k,)
    covariance : array, shape (k, k)
    how : {"plain", "corrected", "averaged"}
        At the estimates; with (1/2 - p) p (1 - p) x V x' added, as published (eqs. 25-27) and held between 0 and 1; or the average over normal
        coefficients itself, of which the published one is the first term.

    Raises
    ------
    ParameterError
        Another ``how``.

    Examples
    --------
    >>> one = np.ones((1, 1))
    >>> [round(float(chances(one, np.array([-4.0]), 0.5 * one, h)[0]), 5) for h in ("plain", "corrected", "averaged")]
    [0.01799, 0.02224, 0.02266]
    """
    from scipy.special import expit

    eta = x @ coef
    p = expit(eta)
    if how == "plain":
        return p
    variance = np.maximum(np.einsum("ij,ij->i", x @ covariance, x), 0.0)
    if how == "corrected":
        return np.clip(p + (0.5 - p) * p * (1 - p) * variance, 0.0, 1.0)
    if how != "averaged":
        raise parameter("chances", how, "'plain', 'corrected' or 'averaged'")
    nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
    spread = np.sqrt(variance)
    return sum(
        (share * expit(eta + spread * z) for z, share in zip(nodes, weights / weights.sum(), strict=True)),
        start=np.zeros(len(x)),
    )
