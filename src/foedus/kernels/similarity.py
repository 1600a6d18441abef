"""Similarity of portfolios: how alike two states' ties to everyone are, for all pairs at once.

All measures are read off one table: how often one state has level a and the other level b with the same third state. Levels are 0 to L - 1; d is
the distance of two levels over the greatest one, L - 1.

S is of Signorino and Ritter 1999 [SignorinoRitter1999]_ (their original takes absolute distances and, where asked, weights); kappa and pi are the
chance-corrected forms of Hage 2011 [Hage2011]_, one less the ratio of observed to expected distance, where chance keeps each state's margin
(Cohen) or pools both (Scott); tau-b is Kendall's, as in Bueno de Mesquita 1975. Formulas follow the public descriptions of these papers.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Distance = Literal["absolute", "squared", "nominal"]
MEASURES = ("s_abs", "s_sq", "kappa", "pi", "tau_b")


def contingency(
    levels: NDArray[np.integer], n_levels: int, weights: NDArray[np.float64] | None = None
) -> NDArray[np.float64]:
    """Return the joint shares of levels, shape (L, L, n, n): ``out[a, b, i, j]`` is the weight of third states with which i has a and j has b.

    Parameters
    ----------
    levels : integer array, shape (n, m)
        Level of each of n states with each of m others; below zero where it is unknown, which leaves that third state out for the pair.
    n_levels : int
    weights : array, shape (m,), optional
        Of the third states; equal by default. Need not sum to one.

    Returns
    -------
    float64 array
        For each pair the table sums to 1, or is NaN where no third state is known for both.
    """
    n = len(levels)
    weight = np.ones(levels.shape[1]) if weights is None else weights
    has = [(levels == a).astype(np.float64) for a in range(n_levels)]
    out = np.empty((n_levels, n_levels, n, n))
    for a in range(n_levels):
        scaled = has[a] * weight
        for b in range(a, n_levels):
            out[a, b] = scaled @ has[b].T
            out[b, a] = out[a, b].T
    total = out.sum(axis=(0, 1))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(total > 0, out / total, np.nan)


def distances(n_levels: int, kind: Distance) -> NDArray[np.float64]:
    """Return the distance of each level to each other one, shape (L, L), 0 to 1."""
    gap = np.abs(np.subtract.outer(np.arange(n_levels), np.arange(n_levels))) / max(n_levels - 1, 1)
    return {"absolute": gap, "squared": gap**2, "nominal": (gap > 0).astype(np.float64)}[kind]


def s_score(table: NDArray[np.float64], kind: Distance = "absolute") -> NDArray[np.float64]:
    """Return S = 1 - 2 x mean distance, shape (n, n), from a `contingency` table.

    Examples
    --------
    >>> portfolios = np.array([[3, 0, 0], [0, 3, 0], [0, 0, 3]])
    >>> s_score(contingency(portfolios, 4)).round(3).tolist()[0]
    [1.0, -0.333, -0.333]
    """
    return 1 - 2 * np.einsum("abij,ab->ij", table, distances(len(table), kind))


def chance_corrected(table: NDArray[np.float64], *, pooled: bool, kind: Distance = "squared") -> NDArray[np.float64]:
    """Return 1 - observed / expected distance, shape (n, n): Cohen's kappa, or Scott's pi where the margins are ``pooled``.

    NaN where no distance is expected.
    """
    gap = distances(len(table), kind)
    mine, theirs = table.sum(axis=1), table.sum(axis=0)
    if pooled:
        mine = theirs = (mine + theirs) / 2
    observed = np.einsum("abij,ab->ij", table, gap)
    expected = np.einsum("aij,bij,ab->ij", mine, theirs, gap)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(expected > 1e-12, 1 - observed / expected, np.nan)


def tau_b(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return Kendall's tau-b, shape (n, n); NaN where a portfolio has one level only."""
    n_levels = len(table)
    balance = np.zeros(table.shape[2:])
    for a in range(n_levels):
        for b in range(n_levels):
            above = table[a + 1 :, b + 1 :].sum(axis=(0, 1)) - table[a + 1 :, :b].sum(axis=(0, 1))
            balance += table[a, b] * above
    mine, theirs = table.sum(axis=1), table.sum(axis=0)
    # Shares of ordered pairs of third states that are no ties, halved, as ``balance`` counts each pair once.
    untied = [(1 - (m**2).sum(axis=0)) / 2 for m in (mine, theirs)]
    with np.errstate(invalid="ignore", divide="ignore"):
        out = balance / np.sqrt(untied[0] * untied[1])
    return np.where((untied[0] > 1e-12) & (untied[1] > 1e-12), out, np.nan)


def measure(table: NDArray[np.float64], name: str) -> NDArray[np.float64]:
    """Return one of `MEASURES` for all pairs, shape (n, n)."""
    if name in {"s_abs", "s_sq"}:
        return s_score(table, "absolute" if name == "s_abs" else "squared")
    return tau_b(table) if name == "tau_b" else chance_corrected(table, pooled=name == "pi")
