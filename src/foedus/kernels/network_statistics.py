"""What networks look like: degrees, shared partners of ties and of pairs, triads by their ties, and distances. Counts only; compares nothing."""

from __future__ import annotations

from math import comb

import numpy as np
from numpy.typing import NDArray

from foedus.kernels.change_statistics import shared_partners

STATISTICS = ("degree", "tie partners", "pair partners", "triads", "distance")


def distributions(ties: NDArray[np.bool_], top: int) -> dict[str, NDArray[np.int64]]:
    """Return the distributions of one network.

    Parameters
    ----------
    ties : bool array, shape (n, n)
        Symmetric, empty diagonal.
    top : int
        Degrees, shared partners and distances of ``top`` or more are counted together.

    Returns
    -------
    dict
        ``degree`` nodes by number of ties, 0 to ``top``; ``tie partners`` ties by number of shared partners; ``pair partners`` all pairs by the same;
        ``triads`` triples with 0, 1, 2, 3 ties; ``distance`` pairs by the length of the shortest way, 1 to ``top``, and last those without a way.
    """
    n = len(ties)
    upper = np.triu_indices(n, 1)
    degree = ties.sum(axis=1)
    shared, tied = shared_partners(ties)[upper].astype(np.int64), ties[upper]
    return {
        "degree": _counts(degree, top),
        "tie partners": _counts(shared[tied], top),
        "pair partners": _counts(shared, top),
        "triads": triads_by_ties(ties),
        "distance": _distances(ties, top),
    }


def triads_by_ties(ties: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return how many triples of nodes have 0, 1, 2 and 3 ties, shape (4,)."""
    n, degree = len(ties), ties.sum(axis=1).astype(np.int64)
    m = int(degree.sum()) // 2
    three = round(float((shared_partners(ties) * ties).sum()) / 6)
    two = int((degree * (degree - 1) // 2).sum()) - 3 * three
    one = m * (n - 2) - 2 * two - 3 * three
    return np.array([comb(n, 3) - one - two - three, one, two, three], dtype=np.int64)


def _counts(values: NDArray[np.int64], top: int) -> NDArray[np.int64]:
    """Return how often each of 0 to ``top`` occurs, greater ones as ``top``."""
    return np.bincount(np.minimum(values, top), minlength=top + 1).astype(np.int64)


def _distances(ties: NDArray[np.bool_], top: int) -> NDArray[np.int64]:
    """Return how many pairs are 1 to ``top`` (or more) ties apart, and how many are not connected, shape (top + 1,)."""
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import shortest_path

    apart = shortest_path(csr_matrix(ties), unweighted=True, directed=False)[np.triu_indices(len(ties), 1)]
    near = np.isfinite(apart)
    counted = np.bincount(np.minimum(apart[near].astype(np.int64), top), minlength=top + 1)[1:]
    return np.append(counted, (~near).sum()).astype(np.int64)
