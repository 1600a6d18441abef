"""How much each key of a sweep moves a quantity: the change along its range, and its share of the variance, with intervals.

The change is the slope of a straight line through all points, times the range. Shares of variance (indices of first and of total order) are exact on
a full grid, where each level counts alike; on a Sobol sample they are Saltelli's estimators as scipy has them [Saltelli2010]_; a Latin hypercube
gives none. Arrays in, records out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from foedus.estimate.nested import Estimate, drawn
from foedus.estimate.wilson import Z90

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from foedus.studies.sweep_design import Design

RESAMPLES = 200
SETTLED = 1e-12
"""A variance below this share of the squared mean is none."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What one key does to one quantity.

    ``change``: from the low to the high end of its range, all else averaged over the design; ``first``: share of the variance that is gone once the
    key is known; ``total``: share that is left while all others are known. None where the design gives none or the quantity does not vary.
    """

    key: str
    outcome: str
    change: Estimate | None
    first: Estimate | None
    total: Estimate | None

    @property
    def size(self) -> float:
        """By which keys are ranked: the total share of variance, or the size of the change where there is none."""
        if self.total is not None:
            return self.total.mean
        return abs(self.change.mean) if self.change is not None else -1.0


def effects(
    keys: Sequence[str], outcome: str, points: NDArray[np.float64], design: Design, mean: NDArray[np.float64], by_draw: NDArray[np.float64],
    shape: Sequence[int], *, chance: bool, least: float, seed: int,
) -> tuple[Effect, ...]:  # fmt: skip
    """Return the effect of every key on one quantity, the greatest first.

    Parameters
    ----------
    keys : sequence of str, length d
    outcome : str
    points : float64 array, shape (n_points, d)
    design : {"grid", "lhs", "sobol"}
    mean : float64 array, shape (n_points,)
        NaN where a point lacks the quantity; such points are left out, and a design with any has no shares.
    by_draw : float64 array, shape (n_points, n_draws)
        Values by draw of the uncertain inputs.
    shape : sequence of int
        Levels of a grid, in the order of the keys.
    chance : bool
        Values by draw are yes or no: the interval of a change is then that of its mean.
    least : float
        Error of simulation that no change is known better than.
    seed : int
        Of the bootstrap.

    Returns
    -------
    tuple of Effect
    """
    good = np.isfinite(mean)
    changes: list[Estimate | None] = [None] * len(keys)
    shares: list[tuple[Estimate | None, Estimate | None]] = [(None, None)] * len(keys)
    if good.sum() >= len(keys) + 1:
        changes = [*_changes(points[good], mean[good], by_draw[good], chance=chance, least=least)]
    if good.all() and design != "lhs" and not _still(mean):
        shares = [*_shares(design, mean, by_draw, len(keys), shape, seed)]
    rows = [Effect(k, outcome, c, *s) for k, c, s in zip(keys, changes, shares, strict=True)]
    return tuple(sorted(rows, key=lambda e: -e.size))


def straight(points: NDArray[np.float64], mean: NDArray[np.float64]) -> float | None:
    """Return the share of the variance that straight lines along the keys explain; None where there is none."""
    good = np.isfinite(mean)
    y = mean[good] - mean[good].mean() if good.any() else mean[good]
    if not good.any() or _still(mean[good]):
        return None
    rest = y - _unit(points[good]) @ _slopes(points[good], y)
    return float(1 - (rest**2).sum() / (y**2).sum())


def _still(values: NDArray[np.float64]) -> bool:
    """Whether values do not vary from point to point."""
    return bool(np.ptp(values) <= SETTLED * max(1e-300, float(np.abs(values).max())))


def _unit(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return points with each key from 0 to 1, less its mean."""
    span = np.ptp(points, axis=0)
    unit = (points - points.min(axis=0)) / np.where(span > 0, span, 1.0)
    return unit - unit.mean(axis=0)


def _slopes(points: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return least-squares slopes along each key's range, shape (d, ...)."""
    return np.linalg.lstsq(_unit(points), y - y.mean(axis=0), rcond=None)[0]


def _changes(
    points: NDArray[np.float64], mean: NDArray[np.float64], by_draw: NDArray[np.float64], *, chance: bool, least: float
) -> list[Estimate]:  # fmt: skip
    """Return the change along each key, with an interval over draws of the uncertain inputs, never narrower than that of the mean."""
    dust = SETTLED * float(np.abs(by_draw).max())
    best, each = (np.where(np.abs(x) > dust, x, 0.0) for x in (_slopes(points, mean), _slopes(points, by_draw)))
    out = []
    for centre, values in zip(best, each, strict=True):
        error = max(least, float(values.std(ddof=1) / np.sqrt(len(values))))
        low, high = (centre, centre) if chance else np.quantile(values, [0.05, 0.95])
        out.append(
            Estimate(
                float(centre), float(min(low, centre - Z90 * error)), float(max(high, centre + Z90 * error)), error
            )
        )
    return out


def _shares(
    design: Design, mean: NDArray[np.float64], by_draw: NDArray[np.float64], d: int, shape: Sequence[int], seed: int
) -> list[tuple[Estimate, Estimate]]:  # fmt: skip
    """Return (first, total) of each key; the interval is a bootstrap over the draws, and over the rows of a Sobol sample."""
    rng = np.random.default_rng(seed)
    n, g = len(mean) // (d + 2), by_draw.shape[1]
    best = _grid_shares(mean, shape) if design == "grid" else _sobol_shares(mean, d)
    resampled = []
    for _ in range(RESAMPLES):
        y = by_draw @ (rng.multinomial(g, np.full(g, 1 / g)) / g)
        if design == "grid":
            made = _grid_shares(y, shape)
        else:
            rows = rng.integers(0, n, n)
            made = _sobol_shares(y.reshape(d + 2, n)[:, rows].ravel(), d)
        resampled.append(made)
    spread = np.array(resampled)
    out = []
    for k in range(d):
        pair = []
        for which in (0, 1):
            centre, values = float(best[which, k]), spread[:, which, k]
            around = drawn(values)
            pair.append(Estimate(centre, min(around.low, centre), max(around.high, centre), float(values.std())))
        out.append((pair[0], pair[1]))
    return out


def _grid_shares(y: NDArray[np.float64], shape: Sequence[int]) -> NDArray[np.float64]:
    """Return first and total shares of variance on a full grid, shape (2, d)."""
    cube = y.reshape(tuple(shape))
    whole, axes = cube.var(), range(cube.ndim)
    if whole <= 0:
        return np.zeros((2, cube.ndim))
    first = [cube.mean(axis=tuple(a for a in axes if a != k)).var() / whole for k in axes]
    total = [1 - cube.mean(axis=k).var() / whole for k in axes]
    return np.clip(np.where(np.abs([first, total]) > SETTLED, [first, total], 0.0), 0.0, 1.0)


def _sobol_shares(y: NDArray[np.float64], d: int) -> NDArray[np.float64]:
    """Return first and total shares of variance from Saltelli's samples A, B and A with one column of B at a time, shape (2, d)."""
    from scipy.stats import sobol_indices

    rows = y.reshape(d + 2, -1)
    mixed = np.repeat(rows[2:], 2 if d == 1 else 1, axis=0)[:, None]  # one key alone is more than scipy expects
    made = sobol_indices(func={"f_A": rows[:1], "f_B": rows[1:2], "f_AB": mixed}, n=rows.shape[1])
    return np.stack([made.first_order[:d], made.total_order[:d]])
