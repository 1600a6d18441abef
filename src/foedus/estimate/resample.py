"""Intervals of scores by resampling whole clusters of cases (wars, years, dyads): the bootstrap of [Efron1979]_ with percentiles.

Cases of one cluster stand or fall together, so that many rows of one great war count as one. A resampled set is a weight per case: how often its
cluster was drawn. Draw number k uses a stream of its own, so that draws can be split over workers (convention 4.6). Knows no war.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from foedus.errors import ParameterError, message, parameter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import ArrayLike, NDArray

    Score = Callable[[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]], float]


@dataclass(frozen=True, slots=True)
class ScoreInterval:
    """A score, its interval over resampled clusters, their number, and how many of ``draws`` left the score undefined."""

    value: float
    low: float
    high: float
    level: float
    clusters: int
    draws: int
    undefined: int

    def to_dict(self) -> dict[str, float | int]:
        """Return a plain form."""
        return {name: getattr(self, name) for name in self.__slots__}

    def __str__(self) -> str:
        return f"{self.value:.4g} [{self.low:.4g}, {self.high:.4g}]"


def cluster_weights(cluster: ArrayLike, draws: int, seed: int, *, first: int = 0) -> Iterator[NDArray[np.float64]]:
    """Yield, for draws ``first .. first + draws - 1``, how often each case is in a resampled set of clusters.

    Parameters
    ----------
    cluster : array, shape (n,)
        Label of each case's cluster.
    draws, seed : int
    first : int
        Number of the first draw: the same draw has the same weights whoever draws it.

    Yields
    ------
    float64 array, shape (n,)
        Whole numbers; the sum over clusters is the number of clusters.

    Raises
    ------
    ParameterError
        Fewer than two clusters.

    Examples
    --------
    >>> [w.tolist() for w in cluster_weights(["a", "a", "b", "c"], 2, seed=1)]
    [[0.0, 0.0, 2.0, 1.0], [1.0, 1.0, 2.0, 0.0]]
    """
    labels, which = np.unique(np.asarray(cluster), return_inverse=True)
    if len(labels) < 2:
        raise ParameterError(
            message("Resampling by cluster", got=f"{len(labels)} cluster", expected="at least two", hint="without clusters each case is its own")
        )  # fmt: skip
    for draw in range(first, first + draws):
        rng = np.random.default_rng([seed, draw])
        picked = np.bincount(rng.integers(len(labels), size=len(labels)), minlength=len(labels))
        yield picked[which].astype(np.float64)


def bootstrap(
    score: Score, y: ArrayLike, p: ArrayLike, *, cluster: ArrayLike | None = None, draws: int = 1000, level: float = 0.9, seed: int = 1
) -> ScoreInterval:  # fmt: skip
    """Return a score with its interval over resampled clusters.

    Parameters
    ----------
    score : function of (y, p, weight)
        One of `foedus.estimate.scores`, or another that takes weights.
    y, p : arrays, shape (n,) or as the score takes them
    cluster : array, shape (n,), optional
        Label of each case's cluster; without it each case is its own.
    draws : int
    level : float
        Coverage of the interval.
    seed : int

    Returns
    -------
    ScoreInterval
        Resampled sets in which the score is undefined (no event drawn) are counted and left out of the interval.

    Raises
    ------
    ParameterError
        Fewer than two clusters, or an argument outside its range.

    Examples
    --------
    >>> from foedus.estimate.scores import brier
    >>> str(bootstrap(brier, [1, 1, 0, 1], [0.9, 0.7, 0.2, 0.1], draws=200))
    '0.2375 [0.03, 0.4381]'
    """
    return _interval(lambda y, p, w: score(y, p[0], w), y, [p], cluster, draws, level, seed)


def bootstrap_difference(
    score: Score, y: ArrayLike, p: ArrayLike, other: ArrayLike, *, cluster: ArrayLike | None = None, draws: int = 1000, level: float = 0.9,
    seed: int = 1,
) -> ScoreInterval:  # fmt: skip
    """Return the score of ``p`` less that of ``other`` on the same cases, with its interval over the same resampled clusters.

    Parameters
    ----------
    score, y, p, cluster, draws, level, seed
        As of `bootstrap`.
    other : array, shape as ``p``
        The forecast to compare with.

    Raises
    ------
    ParameterError
        As of `bootstrap`.

    Examples
    --------
    >>> from foedus.estimate.scores import brier
    >>> round(bootstrap_difference(brier, [1, 1, 0, 1], [0.9, 0.7, 0.2, 0.1], [0.75] * 4, draws=200).value, 4)
    0.05
    """
    return _interval(lambda y, p, w: score(y, p[0], w) - score(y, p[1], w), y, [p, other], cluster, draws, level, seed)


def _interval(
    score: Callable[[NDArray[np.float64], list[NDArray[np.float64]], NDArray[np.float64]], float], y: ArrayLike, forecasts: list[ArrayLike],
    cluster: ArrayLike | None, draws: int, level: float, seed: int,
) -> ScoreInterval:  # fmt: skip
    """Return a score of several forecasts with its interval."""
    y = np.asarray(y, dtype=np.float64)
    every = [np.asarray(p, dtype=np.float64) for p in forecasts]
    if draws < 2 or not 0 < level < 1:
        raise parameter("draws, level", (draws, level), "at least 2 draws and a level between 0 and 1")
    labels = np.arange(len(y)) if cluster is None else np.asarray(cluster)
    if labels.shape != y.shape:
        raise parameter("cluster", f"shape {labels.shape}", f"a label for each of {len(y)} cases")
    if every[0].ndim == 1:  # scores sort by forecast: what is sorted already sorts in linear time
        order = np.argsort(-every[0], kind="stable")
        y, labels, every = y[order], labels[order], [p[order] for p in every]
    value = float(score(y, every, np.ones(len(y))))
    found = np.array([score(y, every, w) for w in cluster_weights(labels, draws, seed)])
    known = found[~np.isnan(found)]
    low, high = np.quantile(known, [0.5 - level / 2, 0.5 + level / 2]) if len(known) else (np.nan, np.nan)
    return ScoreInterval(
        value, float(low), float(high), level, len(np.unique(labels)), draws, int(len(found) - len(known))
    )  # fmt: skip
