"""Change statistics of undirected networks: what a statistic h is with a tie between i and j less what it is without, all other ties as they are.

All from one n x n matrix of ties by matrix products, O(n ** 3); no compiled twin, since a year of 200 states takes a few milliseconds. Tests compare
each with h(y with the tie) - h(y without) by brute force. Fits nothing, knows no years and no states.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Square = NDArray[np.float64]


def shared_partners(ties: NDArray[np.bool_]) -> Square:
    """Return how many third nodes are tied to both, shape (n, n), zero diagonal."""
    y = ties.astype(np.float64)
    found = y @ y
    np.fill_diagonal(found, 0.0)
    return found


def edges(ties: NDArray[np.bool_]) -> Square:
    """Return the change in the number of ties: 1 for every pair."""
    return np.ones(ties.shape)


def other_degree(ties: NDArray[np.bool_]) -> tuple[Square, Square]:
    """Return how many ties i and j have with others than each other, two arrays of shape (n, n)."""
    y = ties.astype(np.float64)
    degree = y.sum(axis=1)
    return degree[:, None] - y, degree[None, :] - y


def two_stars(ties: NDArray[np.bool_]) -> Square:
    """Return the change in the number of pairs of ties that meet in a node, kstar(2)."""
    one, two = other_degree(ties)
    return one + two


def triangles(ties: NDArray[np.bool_]) -> Square:
    """Return the change in the number of triangles: the shared partners of i and j."""
    return shared_partners(ties)


def isolates(ties: NDArray[np.bool_]) -> Square:
    """Return the change in the number of nodes without a tie."""
    one, two = other_degree(ties)
    return -(one == 0).astype(np.float64) - (two == 0)


def gwdegree(ties: NDArray[np.bool_], decay: float) -> Square:
    """Return the change in geometrically weighted degrees [Hunter2007]_, ``q ** d_i + q ** d_j`` with ``q = 1 - exp(-decay)``.

    Parameters
    ----------
    ties : bool array, shape (n, n)
        Symmetric, empty diagonal. Not modified.
    decay : float, at least 0
        At 0 only a first tie counts.

    Notes
    -----
    ``h = exp(decay) * sum_i (1 - q ** d_i)``.
    """
    one, two = other_degree(ties)
    q = -np.expm1(-decay)
    return q**one + q**two


def gwesp(ties: NDArray[np.bool_], decay: float) -> Square:
    """Return the change in geometrically weighted edgewise shared partners [Hunter2007]_.

    ``h = exp(decay) * sum over ties (1 - q ** s_ij)`` with ``q = 1 - exp(-decay)`` and ``s_ij`` the shared partners; at decay 0 the number of ties
    with at least one.

    Parameters
    ----------
    ties : bool array, shape (n, n)
        Symmetric, empty diagonal. Not modified.
    decay : float, at least 0

    Notes
    -----
    ``exp(decay) * (1 - q ** s_ij) + sum over k tied to both (q ** s_ik + q ** s_jk)``, with ``s_ik`` and ``s_jk`` counted without the tie i-j: a tie
    that i and j have is one shared partner less of i and k wherever j is tied to k.
    """
    y = ties.astype(np.float64)
    shared = shared_partners(ties)
    q = -np.expm1(-decay)
    without = (y * q**shared) @ y
    with_ = (y * q ** np.maximum(shared - 1.0, 0.0)) @ y
    gained = np.where(ties, with_ + with_.T, without + without.T)
    found = np.exp(decay) * (1.0 - q**shared) + gained
    np.fill_diagonal(found, 0.0)
    return found


def node_sum(values: NDArray[np.float64]) -> Square:
    """Return ``x_i + x_j``, NaN where one is unknown, shape (n, n)."""
    return values[:, None] + values[None, :]


def node_difference(values: NDArray[np.float64]) -> Square:
    """Return ``|x_i - x_j|``, NaN where one is unknown, shape (n, n)."""
    return np.abs(values[:, None] - values[None, :])


def node_match(values: NDArray[np.float64]) -> Square:
    """Return 1 where both have the same value, NaN where one is unknown, shape (n, n)."""
    unknown = np.isnan(values)
    same = (values[:, None] == values[None, :]).astype(np.float64)
    same[unknown[:, None] | unknown[None, :]] = np.nan
    return same


def memory(before: NDArray[np.bool_], kind: str) -> Square:
    """Return the change in a statistic of this network and the one before.

    ``stability``: pairs that stay as they are, 2 y' - 1. ``autoregression``: ties that were there, y'. ``loss``: ties lost, -y'. ``innovation``: ties
    that are new, 1 - y' [LeifeldCranmerDesmarais2018]_.
    """
    was = before.astype(np.float64)
    return {
        "stability": 2.0 * was - 1.0,
        "autoregression": was,
        "loss": -was,
        "innovation": 1.0 - was,
    }[kind]
