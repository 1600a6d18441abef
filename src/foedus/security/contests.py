"""Contests: who prevails when strengths meet, and how much effort rivals put in.

The ratio form is Tullock's [Tullock1980]_, the difference form Hirshleifer's [Hirshleifer1989]_. Equilibria are those in pure strategies, in closed
form, and an error where there is none. Does not say how strong anybody is: strengths are the caller's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.errors import parameter

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import ArrayLike, NDArray


def tullock(strengths: ArrayLike, r: ArrayLike = 1.0) -> NDArray[np.float64]:
    """Return each contestant's chance to prevail, ``m_i**r / sum_j m_j**r``.

    Parameters
    ----------
    strengths : array, shape (..., n)
        Contestants on the last axis, any unit, none negative.
    r : array, shape () or what broadcasts to (...)
        Decisiveness, positive: the larger, the surer the stronger one prevails.

    Returns
    -------
    float64 array, shape (..., n)
        Sums to 1 over the last axis; ``1 / n`` each where nobody has any strength.

    Raises
    ------
    ParameterError
        A strength is negative, infinite or unknown (NaN), nobody contests, or ``r`` is not positive and finite.

    References
    ----------
    [Tullock1980]_

    Examples
    --------
    >>> tullock([10, 6], r=2).round(6).tolist()
    [0.735294, 0.264706]
    >>> tullock([[0, 0, 0], [1, 2, 1]]).round(3).tolist()
    [[0.333, 0.333, 0.333], [0.25, 0.5, 0.25]]
    """
    m = _strengths(strengths)
    exponent = _rate("r", r, m)
    top = m.max(axis=-1, keepdims=True)
    weight = (m / np.where(top > 0, top, 1.0)) ** exponent
    total = weight.sum(axis=-1, keepdims=True)
    return np.where(total > 0, weight / np.where(total > 0, total, 1.0), 1.0 / m.shape[-1])


def hirshleifer(strengths: ArrayLike, k: ArrayLike = 1.0) -> NDArray[np.float64]:
    """Return each contestant's chance to prevail, ``exp(k m_i) / sum_j exp(k m_j)``: only differences count.

    Parameters
    ----------
    strengths : array, shape (..., n)
        Contestants on the last axis; of two, the first prevails with ``1 / (1 + exp(k (m_2 - m_1)))``.
    k : array, shape () or what broadcasts to (...)
        Decisiveness per unit of strength, positive.

    Returns
    -------
    float64 array, shape (..., n)
        Sums to 1 over the last axis. Unlike `tullock`, who has no strength still has a chance.

    Raises
    ------
    ParameterError
        A strength is negative, infinite or unknown (NaN), nobody contests, or ``k`` is not positive and finite.

    References
    ----------
    [Hirshleifer1989]_

    Examples
    --------
    >>> hirshleifer([10, 6], k=0.1).round(6).tolist()
    [0.598688, 0.401312]
    """
    m = _strengths(strengths)
    with np.errstate(over="ignore"):
        weight = np.exp(_rate("k", k, m) * (m - m.max(axis=-1, keepdims=True)))
    return weight / weight.sum(axis=-1, keepdims=True)


@dataclass(frozen=True)
class ContestEquilibrium:
    """Efforts, chances and payoffs of the contestants, each float64 of shape (n,); exact, in closed form."""

    effort: NDArray[np.float64]
    chance: NDArray[np.float64]
    payoff: NDArray[np.float64]

    @property
    def spent(self) -> float:
        """All effort together, in the unit of effort."""
        return float(self.effort.sum())

    def table(self) -> pl.DataFrame:
        """Return one row a contestant."""
        import polars as pl

        return pl.DataFrame({"effort": self.effort, "chance": self.chance, "payoff": self.payoff})

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON's own types."""
        return {
            "standing": "exact",
            **{k: getattr(self, k).tolist() for k in ("effort", "chance", "payoff")},
            "spent": self.spent,
        }


def symmetric_equilibrium(n: int, value: float, r: float = 1.0) -> ContestEquilibrium:
    """Return what ``n`` equal rivals for one prize spend: ``x = r (n - 1) V / n**2`` each.

    At ``r = 1`` the payoff is ``V / n**2`` each: of the prize, the share ``(n - 1) / n`` is burnt in the contest.

    Parameters
    ----------
    n : int
        Rivals, at least 1.
    value : float
        The prize, positive, in the unit of effort.
    r : float
        Decisiveness of the Tullock contest.

    Raises
    ------
    ParameterError
        An argument outside its range, or ``r > n / (n - 1)``: each would do better to stay out, so there is no such equilibrium.

    References
    ----------
    [Tullock1980]_

    Examples
    --------
    >>> e = symmetric_equilibrium(4, 16.0)
    >>> e.effort.tolist(), e.payoff.tolist()
    ([3.0, 3.0, 3.0, 3.0], [1.0, 1.0, 1.0, 1.0])
    """
    if isinstance(n, bool) or not isinstance(n, int | np.integer) or n < 1:
        raise parameter("n", n, "an integer of at least 1")
    prize, exponent = _positive("value", value), _positive("r", r)
    if exponent * (n - 1) > n * (1 + 1e-12):
        raise parameter("r", r, f"at most n / (n - 1) = {n / (n - 1):.6g}", "above it nobody's effort would pay")
    effort = exponent * (n - 1) * prize / n**2
    return ContestEquilibrium(np.full(n, effort), np.full(n, 1 / n), np.full(n, prize / n - effort))


def two_player_equilibrium(
    values: tuple[float, float], r: float = 1.0, *, costs: tuple[float, float] = (1.0, 1.0)
) -> ContestEquilibrium:
    """Return what two rivals spend who value the prize differently, or whose effort costs differ.

    With ``v_i = V_i / c_i``: ``x_i = r v_i**(r + 1) v_j**r / (v_1**r + v_2**r)**2``. Who cares more spends more and prevails more often; a lopsided
    contest burns less than an even one.

    Parameters
    ----------
    values : pair of float
        What the prize is worth to each, positive.
    r : float
        Decisiveness of the Tullock contest.
    costs : pair of float
        Cost of a unit of effort to each, positive.

    Returns
    -------
    ContestEquilibrium
        ``effort`` in units of strength, ``payoff`` in the unit of ``values``.

    Raises
    ------
    ParameterError
        An argument outside its range, or ``r > 1 + (v_low / v_high)**r``: then there is no equilibrium in pure strategies [Nti1999]_.

    References
    ----------
    [Nti1999]_

    Examples
    --------
    >>> e = two_player_equilibrium((2.0, 1.0))
    >>> [[round(float(x), 6) for x in row] for row in (e.effort, e.chance, e.payoff)]
    [[0.444444, 0.222222], [0.666667, 0.333333], [0.888889, 0.111111]]
    """
    exponent = _positive("r", r)
    prize = np.array([_positive("values", v) for v in _two("values", values)])
    cost = np.array([_positive("costs", c) for c in _two("costs", costs)])
    worth = prize / cost
    chance = tullock(worth, exponent)
    limit = 1 + float(worth.min() / worth.max()) ** exponent
    if exponent > limit * (1 + 1e-12):
        raise parameter(
            "r", r, f"at most 1 + (v_low / v_high)**r = {limit:.6g}", "above it there is no pure equilibrium"
        )
    effort = exponent * worth * chance * chance[::-1]
    return ContestEquilibrium(effort, chance, prize * chance - cost * effort)


def _strengths(values: ArrayLike) -> NDArray[np.float64]:
    """Return strengths as an array with contestants on the last axis."""
    m = np.asarray(values, dtype=np.float64)
    if m.ndim == 0 or m.shape[-1] == 0:
        raise parameter("strengths", values, "at least one contestant on the last axis")
    wrong = ~(np.isfinite(m) & (m >= 0))
    if wrong.any():
        place = np.argwhere(wrong)[0].tolist()
        raise parameter(
            "strengths", float(m[tuple(place)]), f"finite strengths of at least 0 (at position {place})",
            "an unknown strength is not zero: draw it over its range",
        )  # fmt: skip
    return m


def _rate(name: str, value: ArrayLike, m: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return an exponent with one axis more, so that it broadcasts against strengths."""
    rate = np.asarray(value, dtype=np.float64)
    if not (np.isfinite(rate) & (rate > 0)).all():
        raise parameter(name, value, "a finite number above 0")
    try:
        np.broadcast_shapes(rate.shape, m.shape[:-1])
    except ValueError:
        raise parameter(name, f"shape {rate.shape}", f"one number, or one for each contest {m.shape[:-1]}") from None
    return rate[..., None]


def _positive(name: str, value: float) -> float:
    """Return a positive finite number."""
    if isinstance(value, bool) or not np.isscalar(value) or not np.isfinite(value) or not value > 0:  # type: ignore[arg-type]
        raise parameter(name, value, "a finite number above 0")
    return float(value)


def _two(name: str, values: tuple[float, float]) -> tuple[float, float]:
    """Return a pair."""
    if len(values) != 2:
        raise parameter(name, values, "one number for each of two rivals")
    return values
