"""Shapley values of games too large to hold every set: sampled with a stated error, or exact where weights and a quota make the game.

Sampling takes orders of joining, each with its reverse (antithetic), as a function of the seed and the players' names [Castro2009]_. Weighted
majority games are counted exactly in whole numbers instead. Does not find cores or nucleoli: those need every set.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import factorial
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.errors import parameter
from foedus.estimate.nested import Estimate
from foedus.kernels import coalition as kernel
from foedus.kernels import streams
from foedus.security.games import checked

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import polars as pl
    from numpy.typing import ArrayLike, NDArray

LARGEST = 200
"""Players up to which values are sampled or counted."""
WORK = 20_000_000
"""Weights times players up to which a majority is counted."""


@dataclass(frozen=True)
class SampledValues:
    """Sampled Shapley values.

    Attributes
    ----------
    shapley : tuple of Estimate
        Mean, interval and standard error of each player, in the unit of the worths. Together the means are the worth of all.
    orders : int
        Orders of joining that were drawn, half of them the reverse of the other half.
    """

    players: tuple[str, ...]
    shapley: tuple[Estimate, ...]
    total: float
    orders: int
    level: float
    seed: int

    def table(self) -> pl.DataFrame:
        """Return one row a player."""
        import polars as pl

        rows = [{"player": p} | e.to_dict() for p, e in zip(self.players, self.shapley, strict=True)]
        return pl.DataFrame(rows)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON's own types."""
        return {
            "standing": "simulated", "players": self.table().to_dicts(), "total": self.total, "orders": self.orders, "level": self.level,
            "seed": self.seed,
        }  # fmt: skip


@dataclass(frozen=True)
class MajorityValues:
    """Exact values of a weighted majority game, as fractions: Shapley-Shubik and Banzhaf (absolute)."""

    players: tuple[str, ...]
    quota: int
    weights: tuple[int, ...]
    shapley: tuple[Fraction, ...]
    banzhaf: tuple[Fraction, ...]

    @property
    def powerless(self) -> tuple[str, ...]:
        """Players who never turn a losing set into a winning one (dummies of the vote)."""
        return tuple(p for p, b in zip(self.players, self.banzhaf, strict=True) if b == 0)

    def table(self) -> pl.DataFrame:
        """Return one row a player."""
        import polars as pl

        swings = sum(self.banzhaf)
        return pl.DataFrame(
            {
                "player": self.players, "weight": self.weights, "shapley": [float(x) for x in self.shapley],
                "banzhaf": [float(x) for x in self.banzhaf], "banzhaf_share": [float(x / swings) for x in self.banzhaf],
                "powerless": [p in self.powerless for p in self.players],
            }
        )  # fmt: skip

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON's own types."""
        return {"standing": "exact, in whole numbers", "quota": self.quota, "players": self.table().to_dicts()}


def sampled_shapley(
    worth: Callable[[NDArray[np.bool_]], NDArray[np.float64]], players: Sequence[str], *, orders: int = 2_000, seed: int = 1, level: float = 0.9
) -> SampledValues:  # fmt: skip
    """Return Shapley values by sampling orders of joining, with the error of each.

    Parameters
    ----------
    worth : callable
        From sets, bool of shape (m, n), to worths, float64 of shape (m,); zero for the empty set.
    players : sequence of str
        Up to 200 names. An order is a function of the seed and of the names, whatever the worths.
    orders : int
        Orders to draw, an even number of at least 20.
    seed : int
    level : float
        Coverage of the intervals.

    Returns
    -------
    SampledValues
        The standard error is that of means over pairs of an order and its reverse, with one contribution more as far off as the farthest seen, so
        that a player who is seldom decisive is not reported as surely worthless; the interval is Student's.

    Raises
    ------
    ParameterError
        More than 200 players, a name twice, too few orders, or a worth that is not finite or not zero for nobody.

    References
    ----------
    [Castro2009]_

    Examples
    --------
    >>> v = sampled_shapley(lambda sets: sets.sum(axis=1) ** 2.0, [str(i) for i in range(50)], orders=20)
    >>> v.shapley[0].low <= 50 <= v.shapley[0].high
    True
    """
    names = _names(players)
    if isinstance(orders, bool) or not isinstance(orders, int) or orders < 20 or orders % 2:
        raise parameter("orders", orders, "an even number of at least 20")
    if not 0 < level < 1:
        raise parameter("level", level, "a share between 0 and 1")
    _, total = _worths(worth, np.array([[False], [True]]).repeat(len(names), axis=1)).tolist()
    pairs = orders // 2
    rank = np.argsort(streams.uniforms(seed, streams.keys_of([f"order:{p}" for p in names]), pairs), axis=1)
    added = np.array([0.5 * (_added(worth, r) + _added(worth, r[::-1])) for r in rank])
    return SampledValues(names, _estimates(added, level), total, orders, level, seed)


def own_stakes_worth(
    strength: ArrayLike, threat: ArrayLike, *, stakes: ArrayLike = 1.0, r: float = 1.0
) -> Callable[[NDArray[np.bool_]], NDArray[np.float64]]:
    """Return the worth of own stakes as a function of sets, for `sampled_shapley`; see `CoalitionGame.own_stakes` for the arguments.

    Examples
    --------
    >>> worth = own_stakes_worth([10, 6, 4, 2], 12)
    >>> round(float(worth(np.ones((1, 4), dtype=bool))[0]), 6)
    2.588235
    """
    m = np.asarray(strength, dtype=np.float64)
    m = np.repeat(m[:, None], len(m), axis=1) if m.ndim == 1 else m
    t, v, exponent = (np.asarray(x, dtype=np.float64) for x in (threat, stakes, r))
    checked(("strength", m), ("threat", t), ("stakes", v))

    def worth(sets: NDArray[np.bool_]) -> NDArray[np.float64]:
        there = sets.astype(np.float64)
        return (there * v * kernel.prevail(there @ m, t, exponent)).sum(axis=1)

    return worth


def weighted_majority_values(
    quota: int, weights: Sequence[int], *, players: Sequence[str] | None = None
) -> MajorityValues:
    """Return the Shapley-Shubik and Banzhaf values of ``[q; w_1, ..., w_n]``, exactly, for whole weights and up to 200 players.

    Counts, for each weight, how many sets of each size weigh so much (dynamic programming over players [Lucas1983]_), then takes one player out
    again.

    Parameters
    ----------
    quota : int
        Weight that wins, above 0 and at most the sum.
    weights : sequence of int
        None negative.
    players : sequence of str, optional
        Names; by default ``1 .. n``.

    Returns
    -------
    MajorityValues

    Raises
    ------
    ParameterError
        Weights or quota are no whole numbers, nothing can win, or quota times players is above 20 million.

    References
    ----------
    [Lucas1983]_, [Shapley1953]_, [Banzhaf1965]_

    Examples
    --------
    >>> v = weighted_majority_values(12, [4, 4, 4, 2, 2, 1])
    >>> [str(x) for x in v.shapley], v.powerless
    (['7/30', '7/30', '7/30', '3/20', '3/20', '0'], ('6',))
    """
    names = _names(players if players is not None else [str(i + 1) for i in range(len(weights))])
    w = [_whole("weights", x) for x in weights]
    q, n = _whole("quota", quota), len(names)
    if len(w) != n:
        raise parameter("weights", f"{len(w)} numbers", f"one for each of {n} players")
    if not 0 < q <= sum(w):
        raise parameter("quota", quota, f"above 0 and at most the sum of weights, {sum(w)}")
    if q * n > WORK:
        raise parameter(
            "quota", quota, f"quota times players of at most {WORK:,}", "divide the weights, or use sampled_shapley"
        )
    bits = n + 2
    counts = _counts(w, q, bits)
    share = [Fraction(factorial(s) * factorial(n - 1 - s), factorial(n)) for s in range(n)]
    value: dict[int, tuple[Fraction, Fraction]] = {}
    for x in set(w):
        swings = _swings(counts, x, q, bits, n)
        value[x] = (
            sum((c * f for c, f in zip(swings, share, strict=True)), Fraction()),
            Fraction(sum(swings), 2 ** (n - 1)),
        )
    return MajorityValues(names, q, tuple(w), tuple(value[x][0] for x in w), tuple(value[x][1] for x in w))


def _counts(weights: list[int], quota: int, bits: int) -> list[int]:
    """Return for each weight below the quota the number of sets by size, one whole number with ``bits`` bits a size."""
    counts = [1] + [0] * (quota - 1)
    for w in weights:
        for k in range(quota - 1, w - 1, -1):
            if counts[k - w]:
                counts[k] += counts[k - w] << bits
    return counts


def _swings(counts: list[int], w: int, quota: int, bits: int, n: int) -> list[int]:
    """Return how many sets of each size lose without a player of weight ``w`` and win with it."""
    if w == 0:
        return [0] * n
    without = list(counts)
    for k in range(w, quota):
        if without[k - w]:
            without[k] -= without[k - w] << bits
    packed = sum(without[max(0, quota - w) :])
    return [packed >> (bits * s) & ((1 << bits) - 1) for s in range(n)]


def _added(worth: Callable[[NDArray[np.bool_]], NDArray[np.float64]], order: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return what each player adds to those before it in an order."""
    n = len(order)
    place = np.empty(n, dtype=np.int64)
    place[order] = np.arange(n)
    steps = np.diff(_worths(worth, place[None, :] < np.arange(n + 1)[:, None]))
    return steps[place]


def _worths(worth: Callable[[NDArray[np.bool_]], NDArray[np.float64]], sets: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return worths that are numbers, with nobody worth nothing."""
    found = np.asarray(worth(sets), dtype=np.float64)
    if found.shape != (len(sets),) or not np.isfinite(found).all():
        raise parameter("worth", found.tolist()[:3], "a finite worth for each set")
    if found[0] != 0:
        raise parameter("worth", float(found[0]), "0 for the empty set")
    return found


def _estimates(added: NDArray[np.float64], level: float) -> tuple[Estimate, ...]:
    """Return mean, interval and error of each column of independent pairs."""
    from scipy.special import stdtrit

    pairs = len(added)
    mean = added.mean(axis=0)
    farthest = float(np.abs(added - mean).max())
    error = np.sqrt((added.var(axis=0, ddof=1) + farthest**2 / pairs) / pairs)
    half = float(stdtrit(pairs - 1, 0.5 + level / 2)) * error
    return tuple(
        Estimate(float(m), float(m - h), float(m + h), float(e)) for m, h, e in zip(mean, half, error, strict=True)
    )


def _names(players: Sequence[str]) -> tuple[str, ...]:
    """Return the players, once their names are found fit."""
    if isinstance(players, str) or not 1 <= len(players) <= LARGEST:
        got = players if isinstance(players, str) else f"{len(players)} players"
        raise parameter("players", got, f"1 to {LARGEST} names")
    if len(set(players)) < len(players):
        raise parameter("players", next(p for p in players if list(players).count(p) > 1), "each player once")
    return tuple(players)


def _whole(name: str, value: Any) -> int:
    """Return a whole number of at least 0."""
    if isinstance(value, bool) or not isinstance(value, int | float | np.integer) or value != value // 1 or value < 0:
        raise parameter(name, value, "whole numbers of at least 0", "for other weights use sampled_shapley")
    return int(value)
