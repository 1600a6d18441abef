"""How strengths and regimes of states drift from year to year, by processes fitted on what they did since 1816.

The log share of capability moves by a line in itself (reversion) and by a step whose spread depends on size and whose shape is that of the record, so
that rare great steps stay possible; shares are then made to sum as before. A regime changes by as much as regimes of its tenth of the score did.
Both are blind to wars, to each other and to their own past; see ``docs/decisions/0021-years-forward.md``. Fits nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from foedus import params as parameters
from foedus.war.rates import Fitted

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEVELS = 10
"""Equal parts of the regime score, from 0 to 1."""
LEAST = -25.0
"""Least log share."""


@dataclass(frozen=True)
class Drift:
    """Coefficients of both processes, G draws of them.

    ``line`` (G, 2) intercept and slope of the yearly change; ``log_sd`` (2,) of its spread; ``marks`` (m,) its standardised quantiles; ``steps``
    (LEVELS, m) quantiles of the yearly change of regimes. Only the line is drawn: the shapes rest on some 17,000 changes each.
    """

    line: NDArray[np.float64]
    log_sd: NDArray[np.float64]
    marks: NDArray[np.float64]
    steps: NDArray[np.float64]


def shipped(groups: int, seed: int) -> Drift:
    """Return draws of the processes that come with foedus; more draws begin with those of fewer.

    Parameters
    ----------
    groups : int
        Draws of the coefficients.
    seed : int

    Examples
    --------
    >>> shipped(3, 1).line.shape
    (3, 2)
    """
    made = parameters.load("evolve").extra
    fit = Fitted(
        ("constant", "log_share"), np.array(made["capability.fit.coef"]), np.array(made["capability.fit.covariance"])
    )
    drawn = fit.draw("capability", groups, seed)
    return Drift(
        np.stack([drawn["constant"], drawn["log_share"]], axis=1), np.array(made["capability.log_sd"]), np.array(made["capability.quantiles"]),
        np.array(made["regimes.steps"]),
    )  # fmt: skip


def step_shares(
    log_share: NDArray[np.float64], u: NDArray[np.float64], line: NDArray[np.float64], drift: Drift
) -> NDArray[np.float64]:
    """Return the log shares a year later.

    Parameters
    ----------
    log_share : array, shape (B, n)
    u : array, shape (B, n)
        Uniform numbers.
    line : array, shape (2,)
        One draw of the line.
    drift : Drift

    Returns
    -------
    array, shape (B, n)
        Shares of each row sum to what they summed to.

    Examples
    --------
    >>> d = shipped(1, 1)
    >>> now = np.log([[0.7, 0.2, 0.1]])
    >>> later = step_shares(now, np.array([[0.1, 0.5, 0.9]]), d.line[0], d)
    >>> float(np.exp(later).sum().round(12))
    1.0
    """
    grid = (np.arange(len(drift.marks)) + 0.5) / len(drift.marks)
    step = np.interp(u, grid, drift.marks) * np.exp(drift.log_sd[0] + drift.log_sd[1] * log_share)
    moved = np.maximum(log_share + line[0] + line[1] * log_share + step, LEAST)
    before, after = np.exp(log_share).sum(axis=1), np.exp(moved).sum(axis=1)
    return moved + np.log(before / after)[:, None]


def step_regimes(regime: NDArray[np.float64], u: NDArray[np.float64], drift: Drift) -> NDArray[np.float64]:
    """Return the regimes a year later, between 0 and 1, shape as ``regime``.

    Parameters
    ----------
    regime : array, shape (B, n)
    u : array, shape (B, n)
        Uniform numbers.
    drift : Drift

    Examples
    --------
    >>> float(step_regimes(np.array([[0.95]]), np.array([[0.5]]), shipped(1, 1))[0, 0].round(2))
    0.95
    """
    level = np.minimum((regime * LEVELS).astype(np.int64), LEVELS - 1)
    marks = drift.steps.shape[1]
    return np.clip(regime + drift.steps[level, np.minimum((u * marks).astype(np.int64), marks - 1)], 0.0, 1.0)
