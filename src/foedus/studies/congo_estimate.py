"""The spill-overs of fighting, estimated as in the article: two-stage least squares on 80 groups by 13 years [KRTZ2017]_.

Gives the printed coefficients to eight digits from the article's own file. Standard errors are by group, not the article's, which allow for
neighbours in space too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from foedus.data.store import DataDir
from foedus.errors import CoverageError, message

if TYPE_CHECKING:
    import os

Floats = NDArray[np.float64]

ENDOGENOUS = ("fights_enemies", "fights_allies", "fights_neutral")
OWN_RAIN = ("meanc_rain0", "sqmeanc_rain0", "meanc_rain1", "sqmeanc_rain1")
INSTRUMENTS = tuple(
    f"{square}rain_{of}{lag}"
    for of in ("enemies", "allies", "enemies_enemies", "enemies_of_allies", "neutral")
    for lag in (0, 1)
    for square in ("", "sq")
)
TWO_CODES = {23: (1998, 2001), 10: (2002, 2010), 14: (2000, 2010), 44: (1998, 1999)}
"""Groups whose army stands under two codes, and the years in which the other one holds: they have effects of their own, as in the article's file."""
MANY = 10
"""Enemies from which on a group has year effects of its own."""


@dataclass(frozen=True, slots=True)
class Spillovers:
    """Two-stage least squares of fights on fights of allies and enemies: ``beta`` and ``gamma``, standard errors by group, their correlation."""

    beta: float
    gamma: float
    beta_se: float
    gamma_se: float
    correlation: float
    rows: int
    groups: int


def spillovers_of(
    data_dir: DataDir | str | os.PathLike[str] | None = None, *, year_effects: bool = False
) -> Spillovers:
    """Return the article's estimate, recomputed from its group-year file.

    Fights of a group in a year on those of its enemies, allies and neutral groups, instrumented by rain on their grounds and on those of their
    enemies; group effects; year effects of government organs, foreign groups, groups with ten enemies or more and the armies with two codes.

    Parameters
    ----------
    data_dir : DataDir, str or Path, optional
    year_effects : bool
        Add an effect of each year for all groups, which the article's baseline has not, and leave out the fights of neutral groups: with both, a
        year's fights add up to the same for every group, which would be the equation itself.

    Returns
    -------
    Spillovers
        The printed .114 and .083 [KRTZ2017]_. Standard errors are by group; those of the article also allow for neighbours in space.

    Raises
    ------
    DataError
        The data are not at hand.
    """
    rows = DataDir.of(data_dir).table("congo_monadic")
    group, year = rows["group"].to_numpy(), rows["year"].to_numpy()
    marks = {
        "government": rows["government"].to_numpy() == 1,
        "foreign": rows["foreign"].to_numpy() == 1,
        "many": rows["enemies"].to_numpy() >= MANY,
        "everyone": np.full(rows.height, year_effects),
    } | {f"code{g}": (group == g) & (year >= a) & (year <= b) for g, (a, b) in TWO_CODES.items()}
    effects = np.stack([m & (year == y) for m in marks.values() for y in np.unique(year)], axis=1).astype(np.float64)
    endogenous, instruments = (
        tuple(c for c in names if not (year_effects and "neutral" in c)) for names in (ENDOGENOUS, INSTRUMENTS)
    )
    x, own, z = (rows.select(names).to_numpy().astype(np.float64) for names in (endogenous, OWN_RAIN, instruments))
    y = rows["fights"].to_numpy().astype(np.float64)[:, None]
    if np.isnan(x).any() or np.isnan(z).any() or np.isnan(own).any() or np.isnan(y).any():
        raise CoverageError(message("congo_monadic has rows without fights or rain", got=f"{rows.height} rows"))
    y, right, known = (_within(a, group) for a in (y, np.hstack([x, own, effects]), np.hstack([z, own, effects])))
    u, s, _ = np.linalg.svd(known, full_matrices=False)
    basis = u[:, s > 1e-10 * s[0]]
    fitted = basis @ (basis.T @ right)
    inverse = np.linalg.pinv(fitted.T @ fitted)
    coef = inverse @ (fitted.T @ y[:, 0])
    residual = y[:, 0] - right @ coef
    scores = np.stack([fitted[group == g].T @ residual[group == g] for g in np.unique(group)])
    spread = (inverse @ (scores.T @ scores) @ inverse)[:2, :2]
    se = np.sqrt(np.diag(spread))
    return Spillovers(
        -float(coef[1]),
        float(coef[0]),
        float(se[1]),
        float(se[0]),
        -float(spread[0, 1] / (se[0] * se[1])),
        rows.height,
        len(scores),
    )


def _within(a: Floats, group: NDArray[np.int64]) -> Floats:
    """Return columns less their group's mean."""
    _, at = np.unique(group, return_inverse=True)
    sums = np.zeros((at.max() + 1, a.shape[1]))
    np.add.at(sums, at, a)
    return a - (sums / np.bincount(at)[:, None])[at]
