"""Change points of a series: where its level shifts, how surely, and within which interval.

Exact least squares by dynamic programming over all segmentations, for a penalty a change [Jackson2005]_ or a given number of changes. Knows levels
only: a slow trend comes out as steps, and overlapping windows make neighbours alike, for which there are blocks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.errors import ParameterError, message, parameter

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl
    from numpy.typing import NDArray


@dataclass(frozen=True)
class ChangePoint:
    """A shift of level.

    Attributes
    ----------
    at : Any
        First time of the new level.
    before, after : float
        Mean of the segment before and of that after.
    low, high : Any
        Times between which the shift lies in 95 % of bootstrap refits; None without draws.
    """

    at: Any
    before: float
    after: float
    low: Any
    high: Any


@dataclass(frozen=True)
class Changes:
    """Change points of one series.

    Attributes
    ----------
    times : tuple
    values : float64 array, shape (n,)
    points : tuple of ChangePoint
        In order of time; empty if the level never shifts by more than the penalty.
    penalty : float
        Squared error that a change must save.
    least : int
        Fewest values between changes.
    p : float or None
        Share of reshuffled series, by the +1 rule, that as many changes (one, if none was found) fit as well; None without draws.
    draws, block, seed : int
    """

    times: tuple[Any, ...]
    values: NDArray[np.float64]
    points: tuple[ChangePoint, ...]
    penalty: float
    least: int
    p: float | None
    draws: int
    block: int
    seed: int

    def table(self) -> pl.DataFrame:
        """Return one row a change point."""
        import polars as pl

        rows = [(p.at, p.low, p.high, p.before, p.after) for p in self.points]
        return pl.DataFrame(rows, schema=["at", "low", "high", "before", "after"], orient="row")


def change_points(
    values: Sequence[float] | NDArray[np.floating[Any]], times: Sequence[Any] | None = None, *, penalty: float | None = None, least: int = 2,
    draws: int = 999, block: int = 1, seed: int = 1,
) -> Changes:  # fmt: skip
    """Return where the level of a series shifts.

    Parameters
    ----------
    values : sequence of float, shape (n,)
    times : sequence, optional
        Of the values, in order; 0 to n - 1 without it.
    penalty : float, optional
        Squared error that a change must save; without it ``4 s^2 ln n``, with ``s^2`` half the mean squared difference of neighbours.
    least : int
        Fewest values between changes.
    draws : int
        Reshuffles for ``p`` and bootstrap refits for the intervals; 0 leaves both out.
    block : int
        Neighbours that are reshuffled together: the length over which values depend on each other, such as the years of an overlapping window.
        The default penalty assumes independent values: with overlapping windows give a larger one.
    seed : int

    Returns
    -------
    Changes

    Raises
    ------
    ParameterError
        Values that are not finite, times of another length, numbers out of range.

    Notes
    -----
    Optimal partitioning [Jackson2005]_. The default penalty is twice that of the Bayesian information criterion with the place of a change
    counted as a parameter: of 400 series of independent normal values it found a change in 4 % at length 12, 1 % at 24, under 0.5 % from 51 on.
    ``p`` compares the squared error saved by the changes found with that saved by the same number of best
    changes in series whose blocks are in random order. Intervals: residuals of the fit, drawn in blocks with replacement, are added to it and the
    same number of changes is fitted anew; 2.5 and 97.5 % of where each falls.

    Examples
    --------
    >>> found = change_points([0.1, 0.0, 0.2, 0.1, 1.0, 1.1, 0.9, 1.0], [1900 + k for k in range(8)])
    >>> [(p.at, round(p.before, 3), round(p.after, 3)) for p in found.points]
    [(1904, 0.1, 1.0)]
    """
    x = np.asarray(values, dtype=np.float64)
    when = tuple(times) if times is not None else tuple(range(len(x)))
    if x.ndim != 1 or len(when) != len(x):
        raise ParameterError(
            message(
                "Values and times of a series",
                got=f"shape {x.shape} and {len(when)} times",
                expected="one time a value",
            )
        )
    if not np.isfinite(x).all():
        raise ParameterError(
            message(
                "Values of a series must be finite",
                got=f"{x[~np.isfinite(x)][0]} at {when[int(np.argmin(np.isfinite(x)))]}",
            )
        )
    for name, got, low in (("least", least, 1), ("draws", draws, 0), ("block", block, 1), ("seed", seed, 0)):
        if not isinstance(got, int) or got < low:
            raise parameter(name, got, f"an integer of at least {low}")
    if penalty is not None and not penalty >= 0:
        raise parameter("penalty", penalty, "at least 0")
    price = _penalty(x) if penalty is None else float(penalty)
    cuts = penalised(x, price, least)
    rng = np.random.default_rng(seed)
    p = _reshuffled(x, max(1, len(cuts)), least, draws, block, rng) if draws and len(x) >= 2 * least else None
    spread = _refitted(x, cuts, least, draws, block, rng) if draws and cuts else None
    means = [float(part.mean()) for part in np.split(x, cuts)] if len(x) else []
    points = tuple(
        ChangePoint(
            when[cut], means[k], means[k + 1],
            None if spread is None else when[int(spread[0, k])], None if spread is None else when[int(spread[1, k])],
        )
        for k, cut in enumerate(cuts)
    )  # fmt: skip
    return Changes(when, x, points, price, least, p, draws, block, seed)


def penalised(x: NDArray[np.float64], penalty: float, least: int) -> list[int]:
    """Return the first positions of every segment but the first of the segmentation of least squared error plus penalty a change."""
    n = len(x)
    first, second = _sums(x[None, :])
    cost, back = np.full(n + 1, np.inf), np.zeros(n + 1, dtype=np.int64)
    cost[0] = -penalty
    for t in range(least, n + 1):
        starts = np.concatenate([[0], np.arange(least, t - least + 1)])
        trial = cost[starts] + penalty + _error(first, second, starts, t)[0]
        best = trial.min()
        pick = int(np.flatnonzero(trial <= best + 1e-12 * max(1.0, second[0, -1]))[0])
        cost[t], back[t] = trial[pick], starts[pick]
    cuts, t = [], n
    while back[t] > 0:
        t = int(back[t])
        cuts.append(t)
    return cuts[::-1]


def counted(x: NDArray[np.float64], changes: int, least: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return (squared error, cuts) of the best segmentation with exactly so many changes, for each row.

    Parameters
    ----------
    x : float64 array, shape (rows, n)
        ``n >= (changes + 1) * least``.

    Returns
    -------
    float64 array, shape (rows,); int64 array, shape (rows, changes)
    """
    rows, n = x.shape
    first, second = _sums(x)
    cost = np.full((rows, n + 1), np.inf)
    for t in range(least, n + 1):
        cost[:, t] = _error(first, second, np.array([0]), t)[:, 0]
    backs = []
    for k in range(1, changes + 1):
        new, back = np.full((rows, n + 1), np.inf), np.zeros((rows, n + 1), dtype=np.int64)
        for t in range((k + 1) * least, n + 1):
            starts = np.arange(k * least, t - least + 1)
            trial = cost[:, starts] + _error(first, second, starts, t)
            pick = trial.argmin(axis=1)
            new[:, t], back[:, t] = trial[np.arange(rows), pick], starts[pick]
        cost = new
        backs.append(back)
    cuts, at = np.zeros((rows, changes), dtype=np.int64), np.full(rows, n)
    for k in range(changes - 1, -1, -1):
        at = backs[k][np.arange(rows), at]
        cuts[:, k] = at
    return cost[:, n], cuts


def _sums(x: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return running sums of values less their mean, and of their squares, shape (rows, n + 1)."""
    centred = x - x.mean(axis=1, keepdims=True) if x.shape[1] else x
    zero = np.zeros((len(x), 1))
    return np.hstack([zero, centred.cumsum(axis=1)]), np.hstack([zero, (centred**2).cumsum(axis=1)])


def _error(
    first: NDArray[np.float64], second: NDArray[np.float64], starts: NDArray[np.int64], end: int
) -> NDArray[np.float64]:
    """Return the squared error around their mean of the values from each start to ``end``, shape (rows, starts)."""
    total = first[:, [end]] - first[:, starts]
    return np.maximum(0.0, second[:, [end]] - second[:, starts] - total**2 / (end - starts))


def _penalty(x: NDArray[np.float64]) -> float:
    """Return ``4 s^2 ln n``, ``s^2`` half the mean squared difference of neighbours."""
    return 2 * float((np.diff(x) ** 2).mean()) * float(np.log(len(x))) if len(x) > 1 else 0.0


def _reshuffled(
    x: NDArray[np.float64], changes: int, least: int, draws: int, block: int, rng: np.random.Generator
) -> float:
    """Return the share of series with blocks in random order that so many changes fit as well."""
    blocks = np.split(np.arange(len(x)), np.arange(block, len(x), block))
    orders = [np.concatenate([blocks[b] for b in rng.permutation(len(blocks))]) for _ in range(draws)]
    error = counted(x[np.array([np.arange(len(x)), *orders])], changes, least)[0]
    slack = 1e-9 * max(float(np.var(x)) * len(x), 1e-300)
    return (1 + int((error[1:] <= error[0] + slack).sum())) / (1 + draws)


def _refitted(
    x: NDArray[np.float64], cuts: list[int], least: int, draws: int, block: int, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Return the 2.5 and 97.5 % positions of each change over bootstrap refits, shape (2, changes)."""
    n = len(x)
    fit = np.concatenate([np.full(len(part), part.mean()) for part in np.split(x, cuts)])
    starts = rng.integers(0, n, size=(draws, -(-n // block)))
    picks = ((starts[:, :, None] + np.arange(block)) % n).reshape(draws, -1)[:, :n]
    refits = counted(fit + (x - fit)[picks], len(cuts), least)[1]
    return np.quantile(refits, [0.025, 0.975], axis=0, method="nearest").astype(np.int64)
