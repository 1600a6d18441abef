"""Scores of forecasts of rare events over resampled clusters, from counts by forecast and cluster: a million cases and 500 sets in a second.

Forecasts are rounded to a thousandth in log-odds, so that cases become counts; scores of resampled clusters are then sums of counts. Tests compare
with `foedus.estimate.scores` on the same forecasts. Knows no war.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from foedus.errors import parameter
from foedus.estimate.resample import cluster_weights

if TYPE_CHECKING:
    from numpy.typing import NDArray

STEP = 1e-3
"""Of log-odds."""
SCORES = {"average precision": True, "ROC area": True, "Brier": False, "logarithm": False}
"""Scores, and whether more is better."""


def grouped_scores(
    y: NDArray[np.int64], p: NDArray[np.float64], cluster: NDArray[np.int64], *, draws: int, seed: int
) -> dict[str, NDArray[np.float64]]:
    """Return each score of all cases, and of resampled sets of clusters, shape (draws + 1,).

    Parameters
    ----------
    y : int array of 0 and 1, shape (n,)
    p : float64 array, shape (n,)
        Strictly between 0 and 1.
    cluster : int array, shape (n,)
    draws, seed : int
        Sets are those of `foedus.estimate.resample.cluster_weights`; the same seed gives the same sets whatever the forecast.

    Returns
    -------
    dict
        NaN where a set has no event, or nothing else.

    Raises
    ------
    ParameterError
        Forecasts of 0 or 1, or fewer than two clusters.

    Examples
    --------
    >>> found = grouped_scores(np.array([1, 1, 0, 1]), np.array([0.9, 0.7, 0.2, 0.1]), np.arange(4), draws=3, seed=1)
    >>> round(float(found["Brier"][0]), 4), round(float(found["average precision"][0]), 6)
    (0.2375, 0.916667)
    """
    if not ((p > 0) & (p < 1)).all():
        raise parameter("p", f"{p.min():g} to {p.max():g}", "forecasts strictly between 0 and 1")
    labels, which = np.unique(cluster, return_inverse=True)
    weight = np.array([np.ones(len(labels)), *cluster_weights(labels, draws, seed)])
    level, group = np.unique(-np.rint(np.log(p / (1 - p)) / STEP), return_inverse=True)
    cells = group * len(labels) + which
    size = len(level) * len(labels)
    events = weight @ np.bincount(cells, y, size).reshape(len(level), -1).T
    cases = weight @ np.bincount(cells, minlength=size).reshape(len(level), -1).T.astype(np.float64)
    chance = 1.0 / (1.0 + np.exp(level * STEP))
    return _scores(events, cases, chance)


def _scores(
    events: NDArray[np.float64], cases: NDArray[np.float64], chance: NDArray[np.float64]
) -> dict[str, NDArray[np.float64]]:
    """Return scores from counts by set and forecast, shape (n_sets, n_forecasts), forecasts from the highest."""
    hits, shown = events.cumsum(axis=1), cases.cumsum(axis=1)
    all_events, all_cases = hits[:, -1], shown[:, -1]
    others = cases - events
    with np.errstate(invalid="ignore", divide="ignore"):
        precision = np.where(shown > 0, hits / shown, 0.0)
        below = others.sum(axis=1, keepdims=True) - others.cumsum(axis=1)
        roc = (events * (below + others / 2)).sum(axis=1) / (all_events * (all_cases - all_events))
        found = {
            "average precision": (events * precision).sum(axis=1) / all_events,
            "ROC area": roc,
            "Brier": (events @ (1 - chance) ** 2 + others @ chance**2) / all_cases,
            "logarithm": -(events @ np.log(chance) + others @ np.log1p(-chance)) / all_cases,
        }
    known = (all_events > 0) & (all_events < all_cases)
    return {name: np.where(known, value, np.nan) for name, value in found.items()}
