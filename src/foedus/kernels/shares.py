"""Composite index of national capability and concentration, as arrays.

The composite is the mean over the components that exist of each state's share of the total [Singer1972]_; filling the missing with
zeros would err by up to .058 on published rows. Concentration is that of [Ray1973]_. Knows no years and no codes.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def composite_shares(parts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the mean share over available components.

    Parameters
    ----------
    parts : float array, shape (..., n_actors, n_components)
        Component values; NaN where unknown.

    Returns
    -------
    float array, shape (..., n_actors)
        NaN where an actor has no component at all. Sums may exceed 1, as the published series' do.
    """
    totals = np.nansum(parts, axis=-2, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = np.where(totals > 0, parts / totals, np.nan)
        known = np.isfinite(shares)
        return np.where(known, shares, 0.0).sum(axis=-1) / np.where(known.any(axis=-1), known.sum(axis=-1), np.nan)


def herfindahl(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the sum of squared shares (renormalised) over the last axis, shape (...,); NaN where nobody has anything."""
    total = shares.sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(total > 0, (shares**2).sum(axis=-1) / total**2, np.nan)


def concentrations(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return Ray and Singer's CON over the last axis, shape (...,); NaN below two actors or where nobody has anything."""
    n = shares.shape[-1]
    if n < 2:
        return np.full(shares.shape[:-1], np.nan)
    return np.sqrt(np.maximum(0.0, (herfindahl(shares) - 1 / n) / (1 - 1 / n)))


def concentration(shares: NDArray[np.float64]) -> float:
    """Return Ray and Singer's CON of ``shares`` (renormalised); NaN below two actors.

    Examples
    --------
    >>> round(concentration(np.array([0.5, 0.5, 0.0, 0.0])), 6)
    0.57735
    """
    return float(concentrations(shares))
