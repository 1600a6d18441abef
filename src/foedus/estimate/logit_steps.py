"""Estimates of a logit on checked arrays, with penalty, weights and corrections, and of sets drawn anew; covariances of what was asked for.

Columns whose values are very large or very small are measured in powers of two of their unit while steps are taken: nothing is rounded by that.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from foedus.errors import DataError, message, parameter
from foedus.estimate import covariance, firth, multinomial, rare
from foedus.estimate.resample import cluster_weights

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from foedus.estimate.logit_input import Options

PLAIN = 10
"""Columns whose greatest value is within 2 to the power of plus or minus this are left in their unit."""

LARGEST = 1e100


@dataclass(frozen=True)
class Estimate:
    """Estimates of a logit.

    ``coef`` (n_classes - 1, k) with, ``raw`` without the corrections of rare events; ``information`` (k, k) and ``weight`` (n,) of the raw ones;
    ``factor`` of their covariance.
    """

    coef: NDArray[np.float64]
    raw: NDArray[np.float64]
    information: NDArray[np.float64]
    weight: NDArray[np.float64] | None
    log_likelihood: float
    penalised: float | None
    factor: float
    converged: bool
    iterations: int


def units(x: NDArray[np.float64], terms: tuple[str, ...]) -> NDArray[np.float64]:
    """Return the power of two in which each column is measured, shape (k,).

    Raises
    ------
    DataError
        Values whose squares are no numbers.
    """
    size = np.abs(x).max(axis=0, initial=0.0)
    far = (size > LARGEST) | ((size < 1 / LARGEST) & (size > 0))
    if far.any():
        named = ", ".join(f"{terms[k]} up to {size[k]:.3g}" for k in np.flatnonzero(far))
        raise DataError(
            message(
                "Values too large or too small to square",
                got=named,
                expected=f"{1 / LARGEST:g} to {LARGEST:g}",
                hint="use another unit",
            )
        )
    exponent = np.frexp(np.where(size > 0, size, 1.0))[1]
    return np.where(np.abs(exponent) > PLAIN, np.ldexp(1.0, exponent), 1.0)


def estimate(
    x: NDArray[np.float64], y: NDArray[np.int64], n_classes: int, options: Options, counts: NDArray[np.float64] | None = None,
    start: NDArray[np.float64] | None = None,
) -> Estimate:  # fmt: skip
    """Return the estimates.

    Parameters
    ----------
    x : array, shape (n, k)
    y : int array, shape (n,)
    n_classes : int
    options : Options
    counts : array, shape (n,), optional
        How often each row counts; those of ``options`` by default.
    start : array, shape (n_classes - 1, k), optional
    """
    often = options.weight if counts is None else counts
    weight, event_weight = often, 1.0
    if options.rare and options.rare.kind == "weights":
        weight, event_weight = _by_outcome(y, often, cast("float", options.rare.population))
    if options.penalty == "firth":
        one = firth.maximise(x, y, weight, None if start is None else start[0])
        made = Estimate(
            one.coef[None], one.coef[None], one.information, weight, one.log_likelihood, one.penalised, 1.0, one.converged, one.iterations
        )  # fmt: skip
    else:
        found = multinomial.maximise(x, y, n_classes, weight, start)
        made = Estimate(
            found.coef, found.coef, found.information, weight, found.log_likelihood, None, 1.0, found.converged, found.iterations
        )  # fmt: skip
    if options.rare is None or not made.converged:
        return made
    return _corrected(x, y, made, options.rare, often, event_weight)


def _by_outcome(
    y: NDArray[np.int64], often: NDArray[np.float64] | None, population: float
) -> tuple[NDArray[np.float64], float]:
    """Return the weight of each row, and that of an event."""
    one = np.ones(len(y)) if often is None else often
    share = float(one @ y / one.sum())
    event = population / share
    return one * np.where(y == 1, event, (1 - population) / (1 - share)), event


def _corrected(
    x: NDArray[np.float64], y: NDArray[np.int64], made: Estimate, how: rare.RareEvents, often: NDArray[np.float64] | None, event_weight: float
) -> Estimate:  # fmt: skip
    """Return the estimates with the corrections of rare events."""
    coef, factor = made.raw[0].copy(), 1.0
    n = len(y) if often is None else float(often.sum())
    if how.debias and made.penalised is None:
        coef -= rare.coefficient_bias(x, made.raw[0], made.weight, event_weight)
        factor = rare.shrink(int(n), len(coef))
    if how.kind == "prior":
        share = float(y.mean() if often is None else often @ y / n)
        at = np.flatnonzero((np.ptp(x, axis=0) == 0) & (x[0] != 0))
        if not len(at):
            raise parameter("rare", "prior", "a constant among the terms: it is the constant that is corrected")
        coef[at[0]] -= rare.prior_shift(cast("float", how.population), share) / x[0, at[0]]
    return replace(made, coef=coef[None], factor=factor)


def scores(x: NDArray[np.float64], y: NDArray[np.int64], made: Estimate, options: Options) -> NDArray[np.float64]:
    """Return the derivative of each row's part of the log-likelihood, weighted, shape (n, k), class by class."""
    if options.penalty == "firth":
        return firth.row_scores(x, y, made.raw[0], made.weight)
    plain = multinomial.row_scores(x, y, made.raw)
    return plain if made.weight is None else plain * made.weight[:, None]


def covariance_of(
    kind: str, bread: NDArray[np.float64], row_scores: NDArray[np.float64], options: Options, resampled: NDArray[np.float64] | None
) -> NDArray[np.float64]:  # fmt: skip
    """Return one covariance, shape (k, k), before the factor of a correction."""
    if kind in {"classical", "profile"}:
        return bread
    if kind == "robust":
        return covariance.robust(bread, row_scores)
    if kind == "cluster":
        labels = cast("NDArray[Any]", options.cluster)
        if labels.ndim == 2:
            return covariance.two_way(bread, row_scores, labels[:, 0], labels[:, 1])
        return covariance.clustered(bread, row_scores, labels)
    if kind == "dyadic":
        one, two = cast("tuple[NDArray[Any], NDArray[Any]]", options.dyad)
        return covariance.dyadic(bread, row_scores, one, two)
    flat = cast("NDArray[np.float64]", resampled)
    return np.cov(flat.reshape(len(flat), -1), rowvar=False).reshape(len(bread), -1)


def resample(
    x: NDArray[np.float64], y: NDArray[np.int64], made: Estimate, options: Options
) -> tuple[NDArray[np.float64], int]:
    """Return the coefficients of resampled sets, shape (n_kept, n_classes - 1, n_terms), and how many sets had no finite estimate.

    Raises
    ------
    DataError
        More than a tenth of the sets had none.
    """
    labels = np.arange(len(x)) if options.cluster is None else options.cluster
    far = np.maximum(multinomial.SUSPECT, 2 * multinomial.reach(x, made.raw))
    kept = []
    for drawn in cluster_weights(labels, options.draws, options.seed):
        live = drawn > 0
        counts = drawn[live] if options.weight is None else (drawn * options.weight)[live]
        if options.rare and len(np.unique(y[live])) < 2:
            continue
        one = estimate(x[live], y[live], len(made.raw) + 1, options, counts, made.raw)
        if one.converged and (options.penalty or (multinomial.reach(x, one.raw) <= far).all()):
            kept.append(one.coef)
    failed = options.draws - len(kept)
    if failed > options.draws / 10 or len(kept) < 2:
        raise DataError(
            message("Resampled sets without a finite estimate", got=f"{failed} of {options.draws}", expected="at most a tenth",
                    hint="an outcome or a category is in too few clusters")
        )  # fmt: skip
    return np.array(kept), failed
