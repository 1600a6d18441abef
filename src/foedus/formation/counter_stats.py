"""Effect of a comparison with its interval over resampled states and years, tests by random signs and by drawn orders, and Holm's correction.

A case is one threatened outsider with what happened (0 or 1, or a rank) and what the null expects of it. Cases of one state, and of one year, are not
independent; weights are drawn for both and multiplied [Owen2007]_, which is rather too wide than too narrow. Knows no pacts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.estimate.resample import cluster_weights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

BOOTSTRAPS = 500
FLIPS = 999
LEVEL = 0.9


@dataclass(frozen=True)
class Effect:
    """What happened against what was to be expected.

    Attributes
    ----------
    cases, states, years : int
        Cases, and how many different states and years they are of.
    share, expected : float or None
        Mean of what happened, and of what the null expects; None without cases.
    difference, ratio : float or None
        The first less the second, and over it (None where 0 is expected).
    low, high, ratio_low, ratio_high : float or None
        90 % interval over resampled states and years; None for fewer than two of either.
    p : float or None
        Two-sided; None where it cannot be told.
    p_holm : float or None
        The same corrected for how many were asked.
    """

    cases: int
    states: int
    years: int
    share: float | None = None
    expected: float | None = None
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    ratio: float | None = None
    ratio_low: float | None = None
    ratio_high: float | None = None
    p: float | None = None
    p_holm: float | None = None

    @property
    def side(self) -> int:
        """1 or -1 if the whole interval of the difference lies above or below 0, else 0."""
        if self.low is None or self.high is None:
            return 0
        return 1 if self.low > 0 else -1 if self.high < 0 else 0

    def to_dict(self) -> dict[str, Any]:
        """Return a plain form."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


def two_way_weights(
    state: NDArray[np.int64], year: NDArray[np.int64], *, draws: int = BOOTSTRAPS, seed: int
) -> NDArray[np.float64] | None:
    """Return weights of cases for resampled states and years, shape (draws, cases); None for fewer than two states or years."""
    if len(np.unique(state)) < 2 or len(np.unique(year)) < 2:
        return None
    pairs = zip(cluster_weights(state, draws, seed), cluster_weights(year, draws, seed + 1_000_003), strict=True)
    return np.stack([a * b for a, b in pairs])


def effect(
    came: NDArray[np.float64], expected: NDArray[np.float64], state: NDArray[np.int64], year: NDArray[np.int64], *,
    weights: NDArray[np.float64] | None, p: float | None,
) -> Effect:  # fmt: skip
    """Return the effect of some cases.

    Parameters
    ----------
    came, expected : float arrays, shape (cases,)
    state, year : int arrays, shape (cases,)
    weights : float array, shape (draws, cases), or None
        Of `two_way_weights`.
    p : float, optional

    Examples
    --------
    >>> one = effect(np.array([1.0, 0.0]), np.array([0.25, 0.25]), np.array([1, 2]), np.array([3, 4]), weights=None, p=None)
    >>> one.difference, one.ratio, one.low
    (0.25, 2.0, None)
    """
    n, states, years = len(came), len(np.unique(state)), len(np.unique(year))
    if not n:
        return Effect(0, 0, 0)
    share, null = float(came.mean()), float(expected.mean())
    ratio = share / null if null > 0 else None
    if weights is None:
        return Effect(n, states, years, share, null, share - null, ratio=ratio, p=p)
    total = weights.sum(axis=1)
    some = total > 0
    a, b = weights[some] @ came / total[some], weights[some] @ expected / total[some]
    tails = (0.5 - LEVEL / 2, 0.5 + LEVEL / 2)
    low, high = np.quantile(a - b, tails).tolist()
    ratios = np.divide(a, b, out=np.full(len(a), np.inf), where=b > 0)
    ends: list[float | None] = [None, None]
    if ratio is not None:
        found = np.quantile(ratios, tails, method="inverted_cdf").tolist()
        ends = [x if np.isfinite(x) else None for x in found]
    return Effect(n, states, years, share, null, share - null, low, high, ratio, ends[0], ends[1], p)


def p_of_orders(value: float, drawn: NDArray[np.float64]) -> float:
    """Return the two-sided p-value of a value among those of drawn orders, each by its distance from their mean."""
    known = drawn[~np.isnan(drawn)]
    if not len(known):
        return 1.0
    centre = known.mean()
    return float((1 + (np.abs(known - centre) >= abs(value - centre) - 1e-12).sum()) / (1 + len(known)))


def p_of_signs(
    apart: NDArray[np.float64], state: NDArray[np.int64], year: NDArray[np.int64], *, flips: int = FLIPS, seed: int
) -> float | None:
    """Return the larger p-value of random signs by state and by year of differences that should be as often above 0 as below; None without cases."""
    if not len(apart):
        return None
    out = []
    for k, label in enumerate((state, year)):
        _, which = np.unique(label, return_inverse=True)
        sums = np.bincount(which, apart)
        signs = np.random.default_rng([seed, 77, k]).integers(0, 2, size=(flips, len(sums))) * 2.0 - 1.0
        out.append((1 + (np.abs(signs @ sums) >= abs(sums.sum()) - 1e-9).sum()) / (1 + flips))
    return float(max(out))


def holm(p: Sequence[float | None]) -> list[float | None]:
    """Return p-values corrected for their number [Holm1979]_; unknown ones stay so and are not counted.

    Examples
    --------
    >>> holm([0.01, 0.04, None, 0.03])
    [0.03, 0.06, None, 0.06]
    """
    known = sorted((x, k) for k, x in enumerate(p) if x is not None)
    out: list[float | None] = [None] * len(p)
    highest = 0.0
    for place, (x, k) in enumerate(known):
        highest = max(highest, min(1.0, (len(known) - place) * x))
        out[k] = highest
    return out
