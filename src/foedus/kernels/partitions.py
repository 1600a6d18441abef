"""All ways to divide a few players into blocs, and which of them are stable when players care about their own bloc only.

Payoffs are a table of players by sets (bit masks); a partition is a row of labels in order of first appearance. Knows no names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from foedus.kernels import coalition

if TYPE_CHECKING:
    from numpy.typing import NDArray


def partitions(n: int) -> NDArray[np.int64]:
    """Return every partition of n players as labels, shape (Bell(n), n), in lexicographic order.

    Examples
    --------
    >>> partitions(3).tolist()
    [[0, 0, 0], [0, 0, 1], [0, 1, 0], [0, 1, 1], [0, 1, 2]]
    """
    rows = np.zeros((1, 1), dtype=np.int64)
    for _ in range(1, n):
        choices = rows.max(axis=1) + 2
        first = np.cumsum(choices) - choices
        label = np.arange(choices.sum()) - np.repeat(first, choices)
        rows = np.column_stack([np.repeat(rows, choices, axis=0), label])
    return rows


def blocs_of(labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the mask of each bloc by label, shape (m, n); 0 where there is no such bloc."""
    m, n = labels.shape
    out = np.zeros((m, n), dtype=np.int64)
    for i in range(n):
        out[np.arange(m), labels[:, i]] |= 1 << i
    return out


def welcome(payoff: NDArray[np.float64], tolerance: float) -> NDArray[np.bool_]:
    """Return whether nobody in a set loses if player i joins it, shape (n, 2**n); true for the empty set."""
    n = len(payoff)
    out = np.ones(payoff.shape, dtype=np.bool_)
    every = np.arange(payoff.shape[1])
    for i in range(n):
        with_i = every | 1 << i
        for j in range(n):
            if j != i:
                out[i] &= (every >> j & 1 == 0) | (payoff[j, with_i] >= payoff[j] - tolerance)
    return out


def stable(
    payoff: NDArray[np.float64], labels: NDArray[np.int64], tolerance: float
) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which partitions are Nash, individually and core stable, each of shape (m,).

    Parameters
    ----------
    payoff : float64 array, shape (n, 2**n)
        Payoff of the player in the set; unread where it is not a member.
    labels : int64 array, shape (m, n)
    tolerance : float
        Gains up to this do not move anybody.
    """
    n = len(payoff)
    blocs = blocs_of(labels)
    now = np.stack([payoff[i, np.take_along_axis(blocs, labels[:, i, None], axis=1)[:, 0]] for i in range(n)], axis=1)
    admitted = welcome(payoff, tolerance)
    nash, individual = np.ones(len(labels), dtype=np.bool_), np.ones(len(labels), dtype=np.bool_)
    for i in range(n):
        better = payoff[i, blocs | 1 << i] > now[:, i, None] + tolerance
        nash &= ~better.any(axis=1)
        individual &= ~(better & admitted[i, blocs]).any(axis=1)
    left = np.arange(len(labels))
    for mask in range(1, 1 << n):
        there = np.flatnonzero(coalition.members(np.array(mask), n))
        left = left[~(payoff[there, mask] > now[left][:, there] + tolerance).all(axis=1)]
    core = np.zeros(len(labels), dtype=np.bool_)
    core[left] = True
    return nash, individual, core
