"""The rule of verdicts, as pure functions of arrays: what each cell of a multiverse says, what all of them say, and which choice moves them.

The rule is that of ``docs/decisions/0023-verdicts-over-every-coding-at-hand.md``. Knows no claim and no data; a majority of cells is no probability,
since cells share their data and nobody drew the choices by lot.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

Word = Literal["agree", "mixed", "flips", "no word"]
Side = Literal["yes", "no", ""]
Direction = Literal["higher", "lower"]
ENOUGH = 0.8
"""Share of the known cells on one side from which they agree, if none is on the other."""
FEWEST = 2
"""Known cells below which there is no word."""


class Turns(NamedTuple):
    """Pairs of cells that differ in one choice alone: how many there are, how many change their answer, how many turn from yes to no."""

    pairs: int
    changed: int
    flipped: int


def answers(low: NDArray[np.float64], high: NDArray[np.float64], null: float, yes: Direction) -> NDArray[np.int64]:
    """Return what each cell says: 1 yes, -1 no, 0 open (the interval holds the null).

    Parameters
    ----------
    low, high : float arrays, shape (n,)
    null : float
    yes : {"higher", "lower"}
        Side of the null that says yes.

    Examples
    --------
    >>> answers(np.array([0.1, -0.2, -0.3]), np.array([0.4, 0.2, -0.1]), 0.0, "higher").tolist()
    [1, 0, -1]
    """
    sign = 1 if yes == "higher" else -1
    return sign * ((low > null).astype(np.int64) - (high < null).astype(np.int64))


def word_of(said: NDArray[np.int64]) -> tuple[Word, Side]:
    """Return the word for all cells, and the side where they agree.

    Examples
    --------
    >>> word_of(np.array([1, 1, 1, 1, 0])), word_of(np.array([1, 1, 0])), word_of(np.array([1, -1, 0]))
    (('agree', 'yes'), ('mixed', ''), ('flips', ''))
    """
    n, yes, no = len(said), int((said > 0).sum()), int((said < 0).sum())
    if n < FEWEST:
        return "no word", ""
    if yes and no:
        return "flips", ""
    if max(yes, no) >= ENOUGH * n:
        return "agree", "yes" if yes else "no"
    return "mixed", ""


def main_effects(values: NDArray[np.float64], level: NDArray[np.int64]) -> tuple[list[float], float]:
    """Return the share of the variance of the estimates that each choice takes by itself, and the share that no sum of them takes.

    Parameters
    ----------
    values : float array, shape (n,)
    level : int array, shape (n, n_choices)
        Which option each cell takes of each choice.

    Returns
    -------
    list of float, length n_choices
        Between the means of its options; NaN where the estimates do not vary. Where combinations are absent the shares overlap, and may sum to
        more than one.
    float
        What is left by the best sum of effects of all choices; with only one cell for each combination, interaction and noise.

    Notes
    -----
    For a full set of combinations this is the analysis of variance without replication, and the shares sum to one.
    """
    spread = float(((values - values.mean()) ** 2).sum())
    if not spread > 1e-12 * float((values**2).sum()):
        return [float("nan")] * level.shape[1], float("nan")
    shares, columns = [], [np.ones((len(values), 1))]
    for k in range(level.shape[1]):
        kinds, where, n = np.unique(level[:, k], return_inverse=True, return_counts=True)
        means = np.bincount(where, values) / n
        shares.append(float((n * (means - values.mean()) ** 2).sum() / spread))
        columns.append(np.eye(len(kinds))[where])
    x = np.hstack(columns)
    left = values - x @ np.linalg.lstsq(x, values, rcond=None)[0]
    return shares, float((left**2).sum() / spread)


def turns(level: NDArray[np.int64], said: NDArray[np.int64]) -> list[Turns]:
    """Return for each choice the pairs of cells that differ in it alone, and how many of them differ in what they say.

    Parameters
    ----------
    level : int array, shape (n, n_choices)
        No two rows alike.
    said : int array, shape (n,)

    Examples
    --------
    >>> turns(np.array([[0, 0], [1, 0], [0, 1]]), np.array([1, -1, 0]))
    [Turns(pairs=1, changed=1, flipped=1), Turns(pairs=1, changed=1, flipped=0)]
    """
    out = []
    for k in range(level.shape[1]):
        rest = np.delete(level, k, axis=1)
        where = (
            np.unique(rest, axis=0, return_inverse=True)[1].ravel()
            if rest.shape[1]
            else np.zeros(len(said), dtype=np.int64)
        )
        groups = int(where.max()) + 1 if len(where) else 0
        by = np.stack([np.bincount(where[said == s], minlength=groups) for s in (1, 0, -1)])
        n = by.sum(axis=0)
        pairs, same = int((n * (n - 1) // 2).sum()), int((by * (by - 1) // 2).sum())
        out.append(Turns(pairs, pairs - same, int((by[0] * by[2]).sum())))
    return out
