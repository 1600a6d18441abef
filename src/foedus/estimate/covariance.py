"""Covariances of a maximum-likelihood estimate: classical, robust, by clusters of one or two kinds, by dyad; as sandwiches of row scores.

A sandwich is ``bread @ meat @ bread`` with the inverse information as bread. Only the meat differs: which rows' scores may go together. Knows no
model: it takes scores and bread from whoever fitted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from foedus.errors import DataError, message

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def robust(bread: NDArray[np.float64], scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the covariance that lets each row have its own variance [Huber1967]_.

    Parameters
    ----------
    bread : array, shape (k, k)
        Inverse of the information.
    scores : array, shape (n, k)
        Derivative of each row's log-likelihood.
    """
    return bread @ (scores.T @ scores) @ bread


def clustered(bread: NDArray[np.float64], scores: NDArray[np.float64], cluster: ArrayLike) -> NDArray[np.float64]:
    """Return the covariance that lets rows of one cluster go together, times G / (G - 1) for G clusters [LiangZeger1986]_.

    Parameters
    ----------
    bread, scores
        As of `robust`.
    cluster : array, shape (n,)
        Label of each row's cluster.

    Raises
    ------
    DataError
        Fewer than two clusters.
    """
    sums = _sums(scores, np.unique(np.asarray(cluster), return_inverse=True)[1])
    groups = len(sums)
    if groups < 2:
        raise DataError(message("Errors by cluster", got=f"{groups} cluster", expected="at least two"))
    return bread @ (sums.T @ sums) @ bread * (groups / (groups - 1))


def two_way(
    bread: NDArray[np.float64], scores: NDArray[np.float64], one: ArrayLike, two: ArrayLike
) -> NDArray[np.float64]:
    """Return the covariance that lets rows go together that share a cluster of either of two kinds, such as state and year [Cameron2011]_.

    The sum of both covariances by cluster less that by the clusters of both together, each with its own G / (G - 1).

    Parameters
    ----------
    bread, scores
        As of `robust`.
    one, two : arrays, shape (n,)
        Labels of each row's clusters.

    Raises
    ------
    DataError
        Fewer than two clusters of a kind, or a variance that comes out as 0 or less.
    """
    first, second = (np.unique(np.asarray(labels), return_inverse=True)[1] for labels in (one, two))
    both = first.astype(np.int64) * (int(second.max()) + 1) + second
    found = clustered(bread, scores, first) + clustered(bread, scores, second) - clustered(bread, scores, both)
    _check_variances(
        found, bread, "Errors by clusters of two kinds", "a variance of 0 or less", "more clusters", "use one kind"
    )
    return found


def dyadic(
    bread: NDArray[np.float64], scores: NDArray[np.float64], one: ArrayLike, two: ArrayLike, *, strict: bool = True
) -> NDArray[np.float64]:
    """Return the covariance that lets rows go together whose pairs share a member, in any year and order [Aronow2015]_.

    The meat is the sum of s_d s_e' over all ordered couples of pairs (d, e) with a member in common, d itself included, s_d the sum of scores of the
    rows of pair d. Two different pairs share at most one member, so it is the sum over members m of S_m S_m' less the sum over pairs of s_d s_d',
    S_m the sum of scores of all pairs that hold m: linear in the rows [H]. No correction for a small number of members.

    Parameters
    ----------
    bread, scores
        As of `robust`.
    one, two : arrays, shape (n,)
        Labels of the members of each row's pair.
    strict : bool
        Whether a variance of 0 or less is an error; otherwise it is returned, and the caller has to see to it.

    Raises
    ------
    DataError
        A row whose members are the same; or, if ``strict``, too few members: a variance comes out as 0 or less.

    Notes
    -----
    In a small sample the matrix need not be positive semi-definite.
    """
    first, second = np.asarray(one), np.asarray(two)
    labels, codes = np.unique(np.concatenate([first, second]), return_inverse=True)
    low, high = np.minimum(*codes.reshape(2, -1)), np.maximum(*codes.reshape(2, -1))
    if (low == high).any():
        row = int(np.argmax(low == high))
        raise DataError(
            message("A pair of one member", got=f"{labels[low[row]]} twice in row {row}", expected="two members")
        )
    pairs, which = np.unique(low * len(labels) + high, return_inverse=True)
    by_pair = _sums(scores, which)
    by_member = np.zeros((len(labels), scores.shape[1]))
    np.add.at(by_member, pairs // len(labels), by_pair)
    np.add.at(by_member, pairs % len(labels), by_pair)
    found = bread @ (by_member.T @ by_member - by_pair.T @ by_pair) @ bread
    if strict:
        got = f"a variance of 0 or less with {len(labels)} members of pairs"
        _check_variances(found, bread, "Errors by dyad", got, "more members", "use errors by cluster or a bootstrap")
    return found


def square_root(covariance: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a square root R, R R' the covariance with its negative eigenvalues set to 0, shape (k, k)."""
    values, vectors = np.linalg.eigh(0.5 * (covariance + covariance.T))
    return vectors * np.sqrt(np.maximum(values, 0.0))


def _check_variances(
    found: NDArray[np.float64], bread: NDArray[np.float64], what: str, got: str, expected: str, hint: str
) -> None:
    """Raise where a difference of covariances leaves no variance."""
    if not (np.diag(found) > 1e-12 * np.diag(bread)).all():
        raise DataError(message(what, got=got, expected=expected, hint=hint))


def _sums(scores: NDArray[np.float64], which: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return the sum of scores of each group, shape (n_groups, k)."""
    return np.column_stack([np.bincount(which, column).astype(np.float64) for column in scores.T])
