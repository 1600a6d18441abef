"""How sure a share of draws or of cases is: Wilson's score interval [Wilson1927]_. What the draws leave open, not what the data do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

Z90 = 1.6448536269514722
"""The quantile of the standard normal for a two-sided interval of 90 %."""


def wilson(
    hits: NDArray[np.float64], n: int | NDArray[np.float64], z: float = Z90
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:  # fmt: skip
    """Return (low, high) of a share of ``hits`` in ``n`` draws.

    What the draws leave open, not what the data do: more draws narrow it.

    Parameters
    ----------
    hits : float64 array
    n : int, or float64 array like ``hits``
    z : float
        Normal quantile; 90 % by default.

    Examples
    --------
    >>> low, high = wilson(np.array([0.0, 50.0, 100.0]), 100)
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.0, 0.419, 0.974], [0.026, 0.581, 1.0])
    """
    share = hits / n
    middle = share + z * z / (2 * n)
    half = z * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    return np.clip((middle - half) / scale, 0.0, 1.0), np.clip((middle + half) / scale, 0.0, 1.0)
