"""A binary logit on many resampled sets of whole clusters, all of them to the exact maximum, in a fraction of the time of fitting each by itself.

Around the fit to all rows each cluster's log-likelihood has first, second and third derivatives; their weighted sums are those of any resampled set.
They give a start and, at every step, the second derivatives where the step is, so that a set needs the exact gradient two to four times and nothing
else of its rows. A set so far from the fit to all rows that this does not draw nearer gets Newton's own steps. Knows no war.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from foedus.errors import parameter
from foedus.estimate.resample import cluster_weights

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

BLOCK = 64
"""Sets worked on at once."""
STEPS, NEWTON_STEPS = 8, 40
NEARER = 0.1
"""What a step would gain has to fall to this share of what the step before would have; otherwise the set gets Newton's own steps."""
REST = 1e-9
"""A step that would gain less log-likelihood than this is the last."""


@dataclass(frozen=True)
class Resampled:
    """Coefficients, shape (n_kept, n_terms); sets without a finite estimate, or none proved; sets that got Newton's own steps."""

    coef: NDArray[np.float64]
    failed: int
    slow: int


@dataclass(frozen=True)
class _Clusters:
    """Rows in the order of their cluster, columns scaled; ``at`` where each cluster begins; derivatives of each cluster's log-likelihood."""

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    at: NDArray[np.int64]
    first: NDArray[np.float64]
    second: NDArray[np.float64]
    third: NDArray[np.float64]


def resampled_logit(
    x: NDArray[np.float64], y: NDArray[np.int64], cluster: NDArray[np.int64], coef: NDArray[np.float64], *, draws: int, seed: int,
    progress: Callable[[float], None] | None = None,
) -> Resampled:  # fmt: skip
    """Return the logit's coefficients on resampled sets of clusters.

    Parameters
    ----------
    x : float64 array, shape (n, n_terms)
    y : int array of 0 and 1, shape (n,)
    cluster : int array, shape (n,)
        Label of each row's cluster, such as its year.
    coef : float64 array, shape (n_terms,)
        Of the fit to all rows, each once.
    draws, seed : int
        Draw k takes the clusters of `foedus.estimate.resample.cluster_weights`.
    progress : callable, optional
        Called with the share done.

    Raises
    ------
    ParameterError
        Fewer than two clusters, or fewer than 2 draws.

    Notes
    -----
    O(draws * n * n_terms) with a small factor, after O(n * n_terms ** 3) once.

    Examples
    --------
    >>> x, y, year = np.ones((6, 1)), np.array([0, 1, 0, 0, 1, 1]), np.array([1, 1, 2, 2, 3, 3])
    >>> resampled_logit(x, y, year, np.zeros(1), draws=4, seed=1).coef.round(3).ravel().tolist()
    [-0.693, -1.609, -0.693, 0.0]
    """
    if draws < 2:
        raise parameter("draws", draws, "an integer of at least 2")
    order = np.argsort(cluster, kind="stable")
    labels, start = np.unique(cluster[order], return_index=True)
    weight = np.array(list(cluster_weights(labels, draws, seed)))
    scale = np.abs(x).max(axis=0, initial=0.0)
    scale[scale == 0] = 1.0
    made = _clusters((x / scale)[order], y[order].astype(np.float64), np.append(start, len(y)), coef * scale)
    found = np.empty((draws, x.shape[1]))
    slow = failed = 0
    good = np.ones(draws, dtype=np.bool_)
    for begin in range(0, draws, BLOCK):
        part = slice(begin, min(begin + BLOCK, draws))
        found[part], rest = _block(made, weight[part], coef * scale)
        for k in (begin + np.flatnonzero(~rest)).tolist():
            slow += 1
            one = _by_itself(made, weight[k], coef * scale)
            if one is None:  # far from its maximum a logit may be flat to the last digit
                one = _by_itself(made, weight[k], np.zeros(len(coef)))
            good[k] = one is not None
            found[k] = np.nan if one is None else one
            failed += one is None
        if progress is not None:
            progress(part.stop / draws)
    return Resampled(found[good] / scale, failed, slow)


def _clusters(
    x: NDArray[np.float64], y: NDArray[np.float64], at: NDArray[np.int64], coef: NDArray[np.float64]
) -> _Clusters:
    """Return rows by cluster with their derivatives at ``coef``."""
    k, clusters = x.shape[1], len(at) - 1
    first, second, third = np.empty((clusters, k)), np.empty((clusters, k, k)), np.empty((clusters, k, k, k))
    for c in range(clusters):
        rows = x[at[c] : at[c + 1]]
        p = _chance(rows, coef[None, :])[:, 0]
        curve = p * (1.0 - p)
        first[c] = rows.T @ (y[at[c] : at[c + 1]] - p)
        second[c] = (rows * curve[:, None]).T @ rows
        squares = (rows[:, :, None] * rows[:, None, :]).reshape(len(rows), -1)
        third[c] = (squares.T @ (rows * (curve * (1.0 - 2.0 * p))[:, None])).reshape(k, k, k)
    return _Clusters(x, y, at, first, second, third)


def _chance(x: NDArray[np.float64], coef: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return probabilities of rows with each of several coefficients, shape (n, n_coef)."""
    eta = x @ coef.T
    np.clip(eta, -500.0, 500.0, out=eta)
    np.negative(eta, out=eta)
    np.exp(eta, out=eta)
    eta += 1.0
    np.reciprocal(eta, out=eta)
    return eta


def _block(
    made: _Clusters, weight: NDArray[np.float64], coef: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return the coefficients of a block of sets, and which of them have come to rest."""
    first, second = weight @ made.first, np.einsum("rc,cab->rab", weight, made.second)
    third = np.einsum("rc,cabd->rabd", weight, made.third)
    move = np.zeros((len(weight), len(coef)))
    rest = np.zeros(len(weight), dtype=np.bool_)
    for _ in range(3):  # of the cubic that the derivatives make of each set's log-likelihood
        bent = np.einsum("rabd,rd->rab", third, move)
        slope = first - np.einsum("rab,rb->ra", second + 0.5 * bent, move)
        move += _solved(second + bent, slope)
    active, before = np.arange(len(weight)), np.full(len(weight), np.inf)
    for _ in range(STEPS):
        slope = _gradient(made, weight[active], coef + move[active])
        bent = np.einsum("rabd,rd->rab", third[active], move[active])
        curve = second[active] + bent
        step = _solved(curve, slope)
        gain = np.einsum("ra,ra->r", step, slope)
        move[active] += step
        done = (np.abs(gain) < REST) & np.isfinite(step).all(axis=1)
        rest[active[done]] = _proved(curve[done], slope[done])
        nearer = np.isfinite(gain) & (np.abs(gain) < NEARER * before[active])
        before[active] = np.abs(gain)
        active = active[~done & nearer]
        if len(active) == 0:
            break
    return coef + move, rest


def _solved(matrices: NDArray[np.float64], right: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the solutions of several systems, NaN where there is none."""
    try:
        found = np.linalg.solve(matrices, right[:, :, None])[:, :, 0]
    except np.linalg.LinAlgError:
        found = np.full_like(right, np.nan)
        for k in range(len(right)):
            try:
                found[k] = np.linalg.solve(matrices[k], right[k])
            except np.linalg.LinAlgError:
                continue
    return found.astype(np.float64, copy=False)


def _gradient(made: _Clusters, weight: NDArray[np.float64], coef: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return each set's exact gradient at its coefficients, shape (n_sets, n_terms)."""
    out = np.zeros_like(coef)
    for c in range(len(made.at) - 1):
        here = np.flatnonzero(weight[:, c])
        if len(here) == 0:
            continue
        rows = slice(made.at[c], made.at[c + 1])
        left = made.y[rows, None] - _chance(made.x[rows], coef[here])
        out[here] += weight[here, c, None] * (left.T @ made.x[rows])
    return out


def _by_itself(made: _Clusters, weight: NDArray[np.float64], coef: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """Return the coefficients of one set by Newton's steps on its rows, None where a finite estimate is not proved to exist.

    A step is halved until the slope along it is no steeper than it was, up or down; of a concave function that is nearer to the maximum.
    """
    here = coef.copy()
    slope, curve = _derivatives(made, weight, here)
    for _ in range(NEWTON_STEPS):
        step = _solved(curve[None], slope[None])[0]
        gain = float(step @ slope)
        if not np.isfinite(gain):
            return None
        if gain < REST:
            return here + step if _proved(curve[None], slope[None])[0] else None
        start, part = here, 1.0
        for _ in range(20):
            here = start + step * part
            slope, curve = _derivatives(made, weight, here)
            if abs(float(step @ slope)) < gain:
                break
            part /= 2
    return None


def _derivatives(
    made: _Clusters, weight: NDArray[np.float64], coef: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the gradient and the information of one set."""
    slope, curve = np.zeros(len(coef)), np.zeros((len(coef), len(coef)))
    for c in np.flatnonzero(weight).tolist():
        rows = slice(made.at[c], made.at[c + 1])
        x = made.x[rows]
        p = _chance(x, coef[None, :])[:, 0]
        slope += weight[c] * (x.T @ (made.y[rows] - p))
        curve += weight[c] * ((x * (p * (1.0 - p))[:, None]).T @ x)
    return slope, curve


def _proved(curve: NDArray[np.float64], slope: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return whether nothing separates the classes of each set, so that each has a finite estimate; False proves nothing.

    Columns are within [-1, 1]. Along a separating direction d whose greatest part is 1, each row's second derivative is at most n_terms times its
    first, so that d'Hd <= n_terms * g'd: not so if the least eigenvalue of H is greater than ``n_terms * sum(|g|)``, here with a factor of 2
    to spare. (In a block H is that of the derivatives around the fit to all rows.) `foedus.estimate.multinomial.maximum_proved` needs the rows.
    """
    least = np.linalg.eigvalsh(curve)[:, 0]
    return np.asarray(least > 2.0 * slope.shape[1] * np.abs(slope).sum(axis=1))
