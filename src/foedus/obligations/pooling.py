"""A partially pooled logit: groups of coefficients shrink towards zero by a spread that the rows themselves suggest.

Coefficients of a group are normal around zero with one standard deviation, which has a half-normal prior. The posterior is a
mixture over a grid of these standard deviations of the normal approximation at each mode (Laplace), weighted by its marginal
likelihood [Gelman2013]_. Thin cells so borrow from the others, and how much is not chosen by hand. For some hundred rows and a
dozen columns; says nothing about which columns belong in a model.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from foedus.errors import parameter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

GRID = (0.05, 0.15, 0.3, 0.5, 0.8, 1.2, 1.8, 2.6)
"""Standard deviations tried for each group, log-odds."""
PRIOR_SCALE = 1.0
"""Scale of their half-normal prior, log-odds."""
WIDE = 2.5
"""Standard deviation of coefficients that are not pooled, log-odds."""


@dataclass(frozen=True)
class Pooled:
    """Draws of a fitted pooled logit.

    Attributes
    ----------
    names : tuple of str
        Of the columns.
    draws : float64 array, shape (n_draws, n_columns)
        Coefficients, log-odds.
    spread : dict of str to float
        Posterior mean of each group's standard deviation.
    n, successes : int
    """

    names: tuple[str, ...]
    draws: NDArray[np.float64]
    spread: dict[str, float]
    n: int
    successes: int

    def chance(self, row: ArrayLike) -> NDArray[np.float64]:
        """Return draws of the chance of success for one row of the design (n_columns,)."""
        return _logistic(self.draws @ np.asarray(row, dtype=np.float64))

    def interval(self, name: str, level: float = 0.9) -> tuple[float, float, float]:
        """Return mean, low and high of one coefficient."""
        column = self.draws[:, self.names.index(name)]
        low, high = np.quantile(column, [0.5 - level / 2, 0.5 + level / 2])
        return float(column.mean()), float(low), float(high)


def pooled_logit(
    design: ArrayLike,
    outcome: ArrayLike,
    names: Sequence[str],
    groups: Sequence[str],
    *,
    draws: int = 4000,
    seed: int = 1,
) -> Pooled:
    """Return the posterior of a logit whose columns are pooled by group.

    Parameters
    ----------
    design : float array, shape (n, k)
        With its constant.
    outcome : bool array, shape (n,)
    names : sequence of str, length k
    groups : sequence of str, length k
        Columns with one name share a spread; the empty string is a column of its own that is hardly shrunk.
    draws : int
    seed : int
        The same seed gives the same draws.

    Returns
    -------
    Pooled

    Raises
    ------
    ParameterError
        Shapes do not fit, or there are fewer than two rows.

    Examples
    --------
    >>> x = [[1, 1, 0]] * 8 + [[1, 0, 1]] * 2
    >>> fit = pooled_logit(x, [1] * 6 + [0] * 2 + [1] * 2, ("constant", "a", "b"), ("", "cell", "cell"))
    >>> bool(0.5 < fit.chance([1, 0, 1]).mean() < 0.95)  # two of two, drawn towards six of eight
    True
    """
    x, y = np.asarray(design, dtype=np.float64), np.asarray(outcome, dtype=np.float64)
    if x.ndim != 2 or x.shape != (len(y), len(names)) or len(groups) != len(names) or len(y) < 2:
        raise parameter("design", x.shape, f"({len(y)} rows, {len(names)} columns) with two rows or more")
    kinds = tuple(dict.fromkeys(g for g in groups if g))
    cells = list(itertools.product(GRID, repeat=len(kinds)))
    modes, roots, weights = [], [], []
    for cell in cells:
        sd = np.array([WIDE if not g else cell[kinds.index(g)] for g in groups])
        mode, precision, value = _laplace(x, y, sd)
        root = np.linalg.cholesky(precision)
        prior = -0.5 * sum((s / PRIOR_SCALE) ** 2 for s in cell) + sum(np.log(_width(s)) for s in cell)
        modes.append(mode)
        roots.append(root)
        weights.append(value - np.log(np.diag(root)).sum() + prior)
    share = np.exp(np.array(weights) - max(weights))
    share /= share.sum()
    rng = np.random.default_rng(seed)
    chosen = rng.choice(len(cells), size=draws, p=share)
    z = rng.standard_normal((draws, x.shape[1]))
    out = np.stack([modes[c] + np.linalg.solve(roots[c].T, z[d]) for d, c in enumerate(chosen)])
    spread = {g: float(share @ np.array([cell[k] for cell in cells])) for k, g in enumerate(kinds)}
    return Pooled(tuple(names), out, spread, len(y), int(y.sum()))


def _logistic(eta: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the chance of log-odds, without overflow."""
    return 0.5 * (1.0 + np.tanh(0.5 * eta))


def _width(sd: float) -> float:
    """Return the width of the grid around one of its points."""
    k = GRID.index(sd)
    return (GRID[min(k + 1, len(GRID) - 1)] - GRID[max(k - 1, 0)]) / 2


def _laplace(
    x: NDArray[np.float64], y: NDArray[np.float64], sd: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """Return mode, precision there, and log posterior without its constant, for given standard deviations; Newton with halved steps."""
    beta = np.zeros(x.shape[1])
    value = _log_posterior(x, y, sd, beta)
    while True:
        p = _logistic(x @ beta)
        precision = (x * (p * (1 - p))[:, None]).T @ x + np.diag(sd**-2.0)
        move = np.linalg.solve(precision, x.T @ (y - p) - beta / sd**2)
        if np.abs(move).max() < 1e-9:
            return beta, precision, value
        while (tried := _log_posterior(x, y, sd, beta + move)) < value - 1e-9:
            move = move / 2
        beta, value = beta + move, tried


def _log_posterior(
    x: NDArray[np.float64], y: NDArray[np.float64], sd: NDArray[np.float64], beta: NDArray[np.float64]
) -> float:
    """Return the log likelihood plus the log prior."""
    eta = x @ beta
    return float(y @ eta - np.logaddexp(0.0, eta).sum() - 0.5 * ((beta / sd) ** 2).sum() - np.log(sd).sum())
