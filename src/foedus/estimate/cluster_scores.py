"""Scores of a rare event over resampled clusters, by products of matrices: what a cluster adds to each score is counted once.

A resampled set is a weight per cluster, so sums over cases become sums over clusters: Brier and logarithm at once, and both areas from the number of
cases of each cluster that stand above each event. Exact; a twin of `foedus.estimate.scores` for many rows, few events and many resampled sets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from foedus.estimate.scores import cases

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

SCORES = {"average precision": True, "ROC area": True, "Brier": False, "logarithm": False}
"""Scores in the order in which they are returned, and whether more is better."""


class ClusterScores:
    """Cases summed up by cluster.

    Parameters
    ----------
    y, p : arrays, shape (n,)
        0 or 1, and probabilities.
    cluster : array, shape (n,)
    weight : array, shape (n,), optional
        Of each case.

    Attributes
    ----------
    labels : array, shape (G,)
        Clusters in order; ``at`` takes their weights in this order.

    Raises
    ------
    ParameterError
        As of `foedus.estimate.scores.brier`.

    Examples
    --------
    >>> one = ClusterScores([1, 1, 0, 1], [0.9, 0.7, 0.2, 0.1], ["a", "a", "b", "b"])
    >>> [round(float(v), 4) for v in one.at([[1.0, 1.0]])[0]]
    [0.9167, 0.6667, 0.2375, 0.7469]
    """

    def __init__(self, y: ArrayLike, p: ArrayLike, cluster: ArrayLike, weight: ArrayLike | None = None) -> None:
        came, chance, w = cases(y, p, weight, classes=False)
        self.labels, which = np.unique(np.asarray(cluster), return_inverse=True)
        groups = len(self.labels)
        with np.errstate(divide="ignore"):
            lost = -np.log(np.where(came == 1, chance, 1.0 - chance))
        self._sums = np.stack(
            [np.bincount(which, v, minlength=groups) for v in (w, w * (chance - came) ** 2, w * lost)]
        )
        hit = np.flatnonzero(came == 1)
        self._event, self._own = w[hit], which[hit]
        self._above, self._equal = _counts(chance, w, which, chance[hit], groups)
        told = np.argsort(which[hit], kind="stable")
        self._hits = _counts(chance[hit][told], w[hit][told], which[hit][told], chance[hit], groups)

    def at(self, weight: ArrayLike) -> NDArray[np.float64]:
        """Return the scores of resampled sets, shape (D, len(SCORES)); areas are NaN where all came out alike, all of an empty set.

        Parameters
        ----------
        weight : array, shape (D, G)
            How often each cluster is in each set.
        """
        w = np.asarray(weight, dtype=np.float64)
        total, squares, logs = self._sums @ w.T
        event = self._event[:, None] * w.T[self._own]
        above, equal = self._above @ w.T, self._equal @ w.T
        hits, level = self._hits[0] @ w.T, self._hits[1] @ w.T
        n = event.sum(axis=0)
        quiet = total - n
        with np.errstate(invalid="ignore", divide="ignore"):
            precision = np.where(event > 0, event * (hits + level) / (above + equal), 0.0).sum(axis=0) / n
            below = quiet - (above - hits) - (equal - level)
            area = (event * (below + 0.5 * (equal - level))).sum(axis=0) / (n * quiet)
            return np.stack([precision, area, squares / total, logs / total], axis=1)


def _counts(
    p: NDArray[np.float64], w: NDArray[np.float64], which: NDArray[np.intp], at: NDArray[np.float64], groups: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:  # fmt: skip
    """Return the weight of each cluster's cases above and equal to each threshold, both shape (len(at), groups)."""
    above, equal = np.zeros((len(at), groups)), np.zeros((len(at), groups))
    order = np.lexsort((p, which))
    ends = np.searchsorted(which[order], np.arange(groups + 1))
    for g in range(groups):
        part = order[ends[g] : ends[g + 1]]
        run = np.concatenate([[0.0], np.cumsum(w[part])])
        left, right = (np.searchsorted(p[part], at, side) for side in ("left", "right"))
        above[:, g], equal[:, g] = run[-1] - run[right], run[right] - run[left]
    return above, equal
