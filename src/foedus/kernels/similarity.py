"""Similarity of portfolios: how alike two states' ties to everyone are, for all pairs at once.

All measures are read off one table: how often one state has level a and the other level b with the same third state. Levels are 0 to L - 1; d is
the distance of two levels over the greatest one, L - 1.

S is of Signorino and Ritter 1999 [SignorinoRitter1999]_ (their original takes absolute distances and, where asked, weights); kappa and pi are the
chance-corrected forms of Hage 2011 [Hage2011]_, one less the ratio of observed to expected distance, where chance keeps each state's margin
(Cohen) or pools both (Scott); tau-b is Kendall's, as in Bueno de Mesquita 1975. S less what independent margins would give is from Benati and
Capurri [BenatiCapurri2026]_, whose text was not read. Formulas follow the public descriptions of these papers.

A table may hold any pairs: what follows its first two axes is kept, so that the measures take all pairs of a year, shape (n, n), or some, shape (m,).
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Distance = Literal["absolute", "squared", "nominal"]
MEASURES = ("s_abs", "s_sq", "kappa", "pi", "tau_b", "s_excess", "kappa_nominal", "pi_nominal")
"""``s_excess`` is S (absolute) less the S of independent margins; kappa and pi are quadratic unless their name says nominal."""


def contingency(
    levels: NDArray[np.integer],
    n_levels: int,
    weights: NDArray[np.float64] | None = None,
    pairs: tuple[NDArray[np.integer], NDArray[np.integer]] | None = None,
) -> NDArray[np.float64]:
    """Return the joint shares of levels, shape (L, L, n, n): ``out[a, b, i, j]`` is the weight of third states with which i has a and j has b.

    Parameters
    ----------
    levels : integer array, shape (n, m)
        Level of each of n states with each of m others; below zero where it is unknown, which leaves that third state out for the pair.
    n_levels : int
    weights : array, shape (m,), optional
        Of the third states; equal by default. Need not sum to one.
    pairs : two integer arrays, shape (k,), optional
        Rows i and j of the pairs that are wanted; the result has shape (L, L, k) then.

    Returns
    -------
    float64 array
        For each pair the table sums to 1, or is NaN where no third state is known for both.
    """
    n = len(levels)
    at = np.ix_(np.arange(n), np.arange(n)) if pairs is None else pairs
    # Counts up to 2 ** 24 are exact in single precision, which is twice as fast.
    has = [(levels == a).astype(np.float32 if weights is None else np.float64) for a in range(n_levels)]
    seen = [bool(h.any()) for h in has]
    out = np.zeros((n_levels, n_levels, *np.broadcast_shapes(at[0].shape, at[1].shape)))
    for a in range(n_levels):
        if not seen[a]:
            continue
        scaled = has[a] if weights is None else has[a] * weights
        for b in range(a, n_levels):
            if seen[b]:
                cell = scaled @ has[b].T
                out[a, b], out[b, a] = cell[at[0], at[1]], cell[at[1], at[0]]
    total = out.sum(axis=(0, 1))
    with np.errstate(invalid="ignore", divide="ignore"):
        return out / np.where(total > 0, total, np.nan)


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
    return 1 - 2 * _observed(table, kind)


def s_excess(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return S (absolute) less the S that the two margins would give if they were independent, shape (n, n).

    Of Benati and Capurri 2026, by its description; the text was not read. Zero where one of the two has a single level with everybody.
    """
    return 2 * (_expected(table, "absolute", pooled=False) - _observed(table, "absolute"))


def chance_corrected(table: NDArray[np.float64], *, pooled: bool, kind: Distance = "squared") -> NDArray[np.float64]:
    """Return 1 - observed / expected distance, shape (n, n): Cohen's kappa, or Scott's pi where the margins are ``pooled``.

    NaN where no distance is expected.
    """
    expected = _expected(table, kind, pooled=pooled)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(expected > 1e-12, 1 - _observed(table, kind) / expected, np.nan)


def _observed(table: NDArray[np.float64], kind: Distance) -> NDArray[np.float64]:
    """Return the mean distance of the two portfolios."""
    gap = distances(len(table), kind)
    return np.tensordot(gap, table, axes=2)


def _expected(table: NDArray[np.float64], kind: Distance, *, pooled: bool) -> NDArray[np.float64]:
    """Return the mean distance that the margins would give if they were independent."""
    mine, theirs = table.sum(axis=1), table.sum(axis=0)
    if pooled:
        mine = theirs = (mine + theirs) / 2
    return (mine * np.tensordot(distances(len(table), kind), theirs, axes=1)).sum(axis=0)


def tau_b(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return Kendall's tau-b, shape (n, n); NaN where a portfolio has one level only."""
    balance = np.zeros(table.shape[2:])
    for a in range(len(table) - 1):
        above = table[a + 1 :].sum(axis=0)  # weight at each level of j, where i is above a
        up = np.cumsum(above[::-1], axis=0)[::-1]
        down = np.cumsum(above, axis=0)
        balance += (table[a, :-1] * up[1:]).sum(axis=0) - (table[a, 1:] * down[:-1]).sum(axis=0)
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
    if name == "s_excess":
        return s_excess(table)
    if name == "tau_b":
        return tau_b(table)
    pooled = name.startswith("pi")
    return chance_corrected(table, pooled=pooled, kind="nominal" if name.endswith("_nominal") else "squared")
