"""What two states could settle for instead of a war, and what one would demand of another whose cost of war it does not know (Fearon 1995).

A prize of 1; A would win it with chance p; war costs A and B shares of it. `bargaining_range` is what both prefer to war, `risk_return` the best
single demand of A against a distribution of B's cost [Fearon1995]_. That p and the costs are common knowledge but for B's cost, and that A speaks
once and last, are the model's; see `foedus.security.powell` for a balance that shifts.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from foedus.errors import parameter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

GRID = 4_001


class Cost(Protocol):
    """A frozen distribution of SciPy's kind."""

    def cdf(self, x: Any) -> Any:
        """Return the chance of a cost of at most ``x``."""
        ...

    def ppf(self, q: Any) -> Any:
        """Return the quantile."""
        ...


@dataclass(frozen=True, slots=True)
class Range:
    """Shares of A that both prefer to war: ``low`` to ``high``, and the divisions among those that can be made that lie in it (None: any can)."""

    p: float
    cost_a: float
    cost_b: float
    low: float
    high: float
    possible: tuple[float, ...] | None

    @property
    def peace(self) -> bool:
        """Whether some division that can be made is no worse than war for both."""
        return self.possible is None or bool(self.possible)

    def to_dict(self) -> dict[str, Any]:
        """Return a plain form."""
        return asdict(self) | {"peace": self.peace, "width": self.high - self.low}


@dataclass(frozen=True, slots=True)
class Demand:
    """A's best demand: its ``share`` x, the chance that B fights rather than grant it, and what A expects; ``exact`` where the costs are a list."""

    p: float
    cost_a: float
    share: float
    p_war: float
    worth: float
    exact: bool

    def to_dict(self) -> dict[str, Any]:
        """Return a plain form."""
        return asdict(self)


def bargaining_range(p: float, cost_a: float, cost_b: float, *, divisions: Sequence[float] | None = None) -> Range:
    """Return the settlements that both prefer to war: A's share from p - c_A to p + c_B, within 0 and 1.

    Parameters
    ----------
    p : float
        A's chance to win a war.
    cost_a, cost_b : float
        Costs of war as shares of the prize.
    divisions : sequence of float, optional
        The only shares of A that can be made: an indivisible prize has 0 and 1.

    Raises
    ------
    ParameterError
        A chance, share or cost outside its range.

    References
    ----------
    [Fearon1995]_

    Examples
    --------
    >>> r = bargaining_range(0.6, 0.1, 0.2)
    >>> round(r.low, 6), round(r.high, 6)
    (0.5, 0.8)
    >>> bargaining_range(0.5, 0.1, 0.1, divisions=[0, 1]).peace
    False
    """
    _check(p, cost_a)
    _check(p, cost_b, "cost_b")
    low, high = max(p - cost_a, 0.0), min(p + cost_b, 1.0)
    if divisions is None:
        return Range(p, cost_a, cost_b, low, high, None)
    made = tuple(sorted(float(x) for x in divisions))
    if not made or not all(0 <= x <= 1 for x in made):
        raise parameter("divisions", list(divisions), "shares between 0 and 1, at least one")
    return Range(p, cost_a, cost_b, low, high, tuple(x for x in made if p - cost_a - 1e-12 <= x <= p + cost_b + 1e-12))


def risk_return(p: float, cost_a: float, cost_b: Cost | Sequence[float] | NDArray[np.float64]) -> Demand:
    """Return what A demands of a B whose cost of war it knows only as a distribution: more for itself against a greater chance of war.

    B grants a share x if its cost is at least x - p. A takes the x that is best on average, the least of several.

    Parameters
    ----------
    p, cost_a : float
    cost_b : distribution of ``scipy.stats``, or sequence of float
        Of B's cost, no part of it below 0; a list means its values, equally likely.

    Raises
    ------
    ParameterError
        A chance or cost outside its range, an empty list, or costs below 0.

    Notes
    -----
    Of a list the answer is exact, as only p plus one of its costs can be best. Of a distribution a grid of `GRID` demands is refined around its best
    ones. With costs uniform on 0 to c: x = p + (c - c_A) / 2 and P(war) = (c - c_A) / (2 c) where x is below 1.

    References
    ----------
    [Fearon1995]_

    Examples
    --------
    >>> from scipy.stats import uniform
    >>> d = risk_return(0.6, 0.1, uniform(0, 0.4))
    >>> round(d.share, 6), round(d.p_war, 6)
    (0.75, 0.375)
    """
    _check(p, cost_a)
    if hasattr(cost_b, "cdf"):
        return _against_distribution(p, cost_a, cost_b)  # type: ignore[arg-type]
    costs = np.sort(np.asarray(cost_b, dtype=np.float64).ravel())
    if not len(costs) or not np.isfinite(costs).all() or costs[0] < 0:
        raise parameter("cost_b", list(costs[:4]), "costs of 0 or more, at least one")
    demands = np.unique(np.minimum(1.0, p + costs))
    p_war = np.searchsorted(costs, demands - p - 1e-12, side="left") / len(costs)
    return _best(p, cost_a, demands, p_war, exact=True)


def _against_distribution(p: float, cost_a: float, cost: Cost) -> Demand:
    """Return the best demand against a distribution, by a grid refined around every local best."""
    from scipy.optimize import minimize_scalar

    low, high = float(cost.ppf(0.0)), float(cost.ppf(1.0 - 1e-12))
    if not 0 <= low <= high:
        raise parameter("cost_b", (low, high), "a distribution of costs of 0 or more")
    grid = np.linspace(min(1.0, p + low), min(1.0, p + high), GRID)

    def worth(x: Any) -> Any:
        war = _below(cost, x - p)
        return (1 - war) * x + war * (p - cost_a)

    values = worth(grid)
    peaks = np.flatnonzero((values >= np.r_[-np.inf, values[:-1]]) & (values >= np.r_[values[1:], -np.inf]))
    best = peaks[np.argsort(-values[peaks], kind="stable")[:5]]
    points = [grid[best]]
    for k in best:
        around = grid[max(k - 1, 0)], grid[min(k + 1, GRID - 1)]
        if around[1] > around[0]:
            found: Any = minimize_scalar(lambda x: -worth(x), bounds=around, method="bounded", options={"xatol": 1e-12})
            points.append(np.array([found.x]))
    demands = np.sort(np.concatenate(points))
    return _best(p, cost_a, demands, _below(cost, demands - p), exact=False)


def _below(cost: Cost, x: Any) -> Any:
    """Return the chance of a cost below x: that of a continuous one at most x."""
    return np.where(np.asarray(x) <= 0, 0.0, cost.cdf(x))


def _best(p: float, cost_a: float, demands: NDArray[np.float64], p_war: NDArray[np.float64], *, exact: bool) -> Demand:
    """Return the demand that is worth most to A, the least of several."""
    worth = (1 - p_war) * demands + p_war * (p - cost_a)
    k = int(np.flatnonzero(worth >= worth.max() - 1e-12)[0])
    return Demand(p, cost_a, float(demands[k]), float(p_war[k]), float(worth[k]), exact)


def _check(p: float, cost: float, name: str = "cost_a") -> None:
    """Refuse what is no chance, or no cost."""
    if not 0 <= p <= 1:
        raise parameter("p", p, "a chance between 0 and 1")
    if not 0 <= cost < np.inf:
        raise parameter(name, cost, "a cost of 0 or more, as a share of the prize")
