"""Line-ups of many drawn graphs on the same ties: searched from the line-up at the centre, some of them also solved exactly.

A draw has noise on every tie, so its proof can take as long as that of a random graph; the search takes milliseconds and is an estimate, and
how often it found the optimum where that was proved is part of the answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from foedus.blocs.clustering import coarse_weights
from foedus.blocs.exact import partition
from foedus.blocs.line_up import LineUp
from foedus.kernels import clustering, signed

if TYPE_CHECKING:
    from numpy.typing import NDArray

STARTS = 12
"""Annealings of each draw."""
SWEEPS = 200


def drawn_line_ups(
    n: int, i: NDArray[np.int64], j: NDArray[np.int64], weights: NDArray[np.float64], start: NDArray[np.int64], *, k: int = 2, seed: int = 1,
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:  # fmt: skip
    """Return the best line-up into at most ``k`` blocs that the search finds in each draw.

    Parameters
    ----------
    n : int
    i, j : int64 arrays, shape (m,)
    weights : float64 array, shape (n_draws, m)
    start : int64 array, shape (n,)
        The line-up at the centre: each search begins there, and of two blocs the parts that no tie joins are turned as they stand in it.
    k : int
    seed : int

    Returns
    -------
    labels : int64 array, shape (n_draws, n)
    values : float64 array, shape (n_draws,)
        Weight of frustrated ties; an upper bound on the least.

    Examples
    --------
    >>> i, j, w = np.array([0, 0, 1]), np.array([1, 2, 2]), np.array([[1.0, -1.0, -1.0], [-2.0, 1.0, -2.0]])
    >>> drawn_line_ups(3, i, j, w, np.array([0, 0, 1]))[0].tolist()
    [[0, 0, 1], [1, 0, 1]]
    """
    labels, values = np.empty((len(weights), n), dtype=np.int64), np.empty(len(weights))
    start = np.minimum(start, k - 1)
    for d, w in enumerate(weights):
        units, _ = coarse_weights(w)
        live = units != 0
        ends = i[live], j[live], units[live]
        labels[d] = _two(n, *ends, start, seed) if k == 2 else _several(n, *ends, start, k, seed)
        values[d] = np.abs(w)[(w > 0) != (labels[d][i] == labels[d][j])].sum()
    return labels, values


def checked_draws(
    n: int,
    i: NDArray[np.int64],
    j: NDArray[np.int64],
    weights: NDArray[np.float64],
    values: NDArray[np.float64],
    *,
    seconds: float,
) -> tuple[int, int]:
    """Return how many draws could be proved within ``seconds`` together, into two blocs, and in how many of them the search had the optimum."""
    proved = found = 0
    for w, value in zip(weights, values, strict=True):
        exact = partition(n, i, j, w, seconds=seconds / len(values))
        proved += exact.proved
        found += bool(exact.proved and value <= exact.value + 1e-5 * np.abs(w).sum())
    return proved, found


def _two(
    n: int, i: NDArray[np.int64], j: NDArray[np.int64], units: NDArray[np.int64], start: NDArray[np.int64], seed: int
) -> NDArray[np.int64]:  # fmt: skip
    """Return a line-up into two blocs, its parts turned to agree most with ``start``."""
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import connected_components

    search = LineUp(n, i, j, units, seed)
    search.offer(1 - 2 * start)
    search.anneal(STARTS, SWEEPS, np.inf)
    label = (search.side < 0).astype(np.int64)
    count, part = connected_components(csr_matrix((np.ones(len(i)), (i, j)), shape=(n, n)), directed=False)
    turned = 2 * np.bincount(part, label != start, count) > np.bincount(part, minlength=count)
    return label ^ turned[part]


def _several(
    n: int, i: NDArray[np.int64], j: NDArray[np.int64], units: NDArray[np.int64], start: NDArray[np.int64], k: int, seed: int
) -> NDArray[np.int64]:  # fmt: skip
    """Return a line-up into at most ``k`` blocs."""
    return clustering.search(i, j, units, *signed.csr(n, i, j), start, k, STARTS, 50, np.uint64(seed))[0]
