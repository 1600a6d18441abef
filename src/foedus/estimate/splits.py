"""Which rows to fit on and which to score: forward in time, or leaving out one cluster at a time. Fits and scores nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from foedus.errors import ParameterError, message, parameter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import ArrayLike


class Split(NamedTuple):
    """One division: its label, and the row numbers of both parts, which share none."""

    label: Any
    train: NDArray[np.int64]
    test: NDArray[np.int64]


def time_forward(
    year: ArrayLike, *, first: int, last: int, horizon: int = 5, step: int | None = None, since: int | None = None, cluster: ArrayLike | None = None
) -> Iterator[Split]:  # fmt: skip
    """Yield, for t = first, first + step, ..., last, the rows to year t and those of t + 1 to t + horizon.

    Parameters
    ----------
    year : int array, shape (n,)
        In which a row's outcome happened.
    first, last : int
        First and last year t that is fitted to.
    horizon : int
        Years that are scored after each t.
    step : int, optional
        Years between one t and the next; by default ``horizon``, so that no row is scored twice.
    since : int, optional
        First year that is fitted on; by default the first there is.
    cluster : array, shape (n,), optional
        Labels of clusters, such as wars: rows of one that began by year t are not scored, for part of it has been seen.

    Yields
    ------
    Split
        Labelled t; years without rows to fit on or to score are left out.

    Raises
    ------
    ParameterError
        Years out of order, a horizon or step below 1.

    Examples
    --------
    >>> [(s.label, s.train.tolist(), s.test.tolist()) for s in time_forward([1, 2, 3, 4, 5], first=2, last=4, horizon=2)]
    [(2, [0, 1], [2, 3]), (4, [0, 1, 2, 3], [4])]
    """
    years = np.asarray(year)
    if years.ndim != 1 or not np.issubdtype(years.dtype, np.integer):
        raise parameter("year", f"{years.dtype} of {years.ndim} dimensions", "whole numbers, one for each row")
    pace = horizon if step is None else step
    if horizon < 1 or pace < 1 or last < first:
        got = f"first {first}, last {last}, horizon {horizon}, step {pace}"
        raise ParameterError(message("Years of a split", got=got, expected="first <= last, others at least 1"))
    begun = years if cluster is None else _begun(years, cluster)
    for t in range(first, last + 1, pace):
        train = np.flatnonzero((years <= t) & (years >= (years.min(initial=t) if since is None else since)))
        test = np.flatnonzero((years > t) & (years <= t + horizon) & (begun > t))
        if len(train) and len(test):
            yield Split(t, train, test)


def leave_one_out(cluster: ArrayLike) -> Iterator[Split]:
    """Yield, for each cluster in order of its label, all rows but its own to fit on, and its own to score.

    Parameters
    ----------
    cluster : array, shape (n,)
        Labels.

    Raises
    ------
    ParameterError
        Fewer than two clusters.

    Examples
    --------
    >>> [(str(s.label), s.train.tolist(), s.test.tolist()) for s in leave_one_out(["b", "a", "b"])]
    [('a', [0, 2], [1]), ('b', [1], [0, 2])]
    """
    labels, which = np.unique(np.asarray(cluster), return_inverse=True)
    if len(labels) < 2:
        raise ParameterError(message("Leaving one cluster out", got=f"{len(labels)} cluster", expected="at least two"))
    for k, label in enumerate(labels):
        yield Split(label, np.flatnonzero(which != k), np.flatnonzero(which == k))


def _begun(years: NDArray[Any], cluster: ArrayLike) -> NDArray[Any]:
    """Return the first year of each row's cluster."""
    labels = np.asarray(cluster)
    if labels.shape != years.shape:
        raise parameter("cluster", f"shape {labels.shape}", f"a label for each of {len(years)} rows")
    which = np.unique(labels, return_inverse=True)[1]
    first = np.full(which.max(initial=-1) + 1, years.max(initial=0))
    np.minimum.at(first, which, years)
    return first[which]
