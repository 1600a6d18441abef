"""What outsiders see of a dispute or a war, as terms of the log-odds of entering it on one side or the other.

A term is an array over moments, sides and states: how the state looks at that side. The same functions serve rows that a model is fitted on and
a system that it is later fed. What is unknown is NaN, never 0. The terms are those of ``docs/decisions/0012-who-joins.md``. Reads no data, fits
nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from foedus.errors import parameter
from foedus.kernels import distance

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

PLEDGES = ("defense", "offense", "neutral", "nonagg", "consul")
REACH_KM, GREAT_REACH_KM = 6_000.0, 16_500.0
"""Distance at which strength has fallen to 1/e, of a state and of a great power: middles of the ranges in ``params/joining.toml``."""
LEAST_SHARE = 1e-6
"""Capability shares below this count as this, so that they have a logarithm."""
ROUND_DAYS = (0, 7, 30, 90, 180, 365)
"""First days of the rounds of the first year; later rounds are years."""
ERAS = (1914, 1946, 1990)


class Outlook(NamedTuple):
    """What is known on the first day of R rounds about S states and the L participants of these rounds.

    Attributes
    ----------
    moment, side, member : int64 arrays, shape (L,)
        Round, side (0 A, 1 B) and state of each participant, in order of round and side; both sides of every round have one.
    pair : mapping of str to array, shape (L, S)
        Towards participant l: what state i pledges to it, ``defense, offense, neutral, nonagg, consul`` (0 or 1); ``land``, ``water`` (0 or 1);
        ``km`` between capitals; ``rival``, ``common_enemy`` (0 or 1); ``opposed``, ``sided``: disputes of the last ten years against and beside it.
    state : mapping of str to array, shape (R, S)
        ``capability`` (share), ``regime``, ``major``, ``nuclear`` (0 or 1).
    when : mapping of str to array, shape (R,)
        ``day`` since the start, ``year``, ``states`` (members of the system), ``war`` (0 or 1).
    joined : array, shape (R, 2)
        How many have joined each side before.
    """

    moment: NDArray[np.int64]
    side: NDArray[np.int64]
    member: NDArray[np.int64]
    pair: Mapping[str, NDArray[Any]]
    state: Mapping[str, NDArray[Any]]
    when: Mapping[str, NDArray[Any]]
    joined: NDArray[Any]

    @property
    def shape(self) -> tuple[int, int, int]:
        """Rounds, sides, states."""
        return (len(self.joined), 2, self.state["capability"].shape[1])


def _reduce(o: Outlook, values: NDArray[Any], how: np.ufunc) -> NDArray[Any]:
    """Return a value per participant reduced over those of each side, shape (R, 2, ...)."""
    starts = np.flatnonzero(np.diff(o.moment * 2 + o.side, prepend=-1))
    return how.reduceat(values, starts, axis=0).reshape(-1, 2, *values.shape[1:])


def _any(o: Outlook, values: NDArray[Any]) -> NDArray[Any]:
    """Return the greatest value towards any participant of the own side, shape (R, 2, S)."""
    return _reduce(o, values, np.maximum)


def _other(values: NDArray[Any]) -> NDArray[Any]:
    """Return values with the sides exchanged."""
    return values[:, ::-1]


def _km(o: Outlook) -> NDArray[Any]:
    """Return the distance to the nearest participant of the own side, km, shape (R, 2, S); 0 with a land border, NaN if none is known."""
    return _reduce(o, np.where(o.pair["land"] > 0, 0.0, o.pair["km"]), np.fmin)


def _share(o: Outlook) -> NDArray[Any]:
    """Return capability shares, none below `LEAST_SHARE`, shape (R, S)."""
    return np.maximum(o.state["capability"], LEAST_SHARE)


def _discount(o: Outlook) -> NDArray[Any]:
    """Return the share of strength that each state brings to the nearest participant of the other side, shape (R, 2, S)."""
    km = np.where(o.state["major"] > 0, GREAT_REACH_KM, REACH_KM)
    return distance.boulding(_other(_km(o)), km[:, None])


def _odds(o: Outlook) -> NDArray[Any]:
    """Return the log ratio of the own side's strength, with the newcomer, to the other side's, from -3 to 3."""
    arrives = _share(o)[:, None] * _discount(o)
    strength = _reduce(o, arrives[o.moment, o.side, o.member], np.add)
    return np.clip(np.log((strength[:, :, None] + arrives) / _other(strength)[:, :, None]), -3, 3)


def strongest(o: Outlook) -> NDArray[np.int64]:
    """Return the strongest participant of each side, by capability share, shape (R, 2); unknown strength counts least."""
    share = np.nan_to_num(o.state["capability"][o.moment, o.member], nan=-1.0)
    order = np.lexsort((o.member, -share, o.side, o.moment))
    first = np.flatnonzero(np.diff((o.moment * 2 + o.side)[order], prepend=-1))
    return o.member[order][first].reshape(-1, 2)


def _regime(o: Outlook) -> NDArray[Any]:
    """Return the absolute difference of regime to the strongest participant of the own side."""
    regime = o.state["regime"]
    leader = np.take_along_axis(regime, strongest(o), axis=1)
    return np.abs(regime[:, None] - leader[:, :, None])


def _has(o: Outlook, what: str) -> NDArray[Any]:
    """Return whether a participant of the own side has a mark, shape (R, 2, 1)."""
    return _reduce(o, o.state[what][o.moment, o.member], np.maximum)[:, :, None]


def _weaker(o: Outlook, *pledges: str) -> NDArray[Any]:
    """Return whether one of some pledges is owed to a participant of the own side without defence or offence."""
    owed = np.maximum.reduce([o.pair[p] for p in pledges])
    return _any(o, np.where((o.pair["defense"] > 0) | (o.pair["offense"] > 0), 0.0, owed))


def _attacked(o: Outlook) -> NDArray[Any]:
    """Return 1 where the own side is B, shape (1, 2, 1)."""
    return np.array([0.0, 1.0]).reshape(1, 2, 1) + np.zeros((len(o.joined), 2, 1))


def _when(o: Outlook, values: NDArray[Any]) -> NDArray[Any]:
    """Return a value per round, shape (R, 1, 1)."""
    return values.astype(np.float64)[:, None, None]


def _round(o: Outlook, first: int) -> NDArray[Any]:
    """Return whether the round is of the class that begins on a day; the last has all years from the second on."""
    k = ROUND_DAYS.index(first)
    until = ROUND_DAYS[k + 1] if k + 1 < len(ROUND_DAYS) else np.inf
    return _when(o, (o.when["day"] >= first) & (o.when["day"] < until))


def _against(o: Outlook, what: str) -> NDArray[Any]:
    """Return the logarithm of 1 and the most disputes with any participant of the own side."""
    return np.log1p(_any(o, o.pair[what]))


TERMS: dict[str, Callable[[Outlook], NDArray[Any]]] = {
    "constant": lambda o: np.ones((1, 1, 1)),
    "target": _attacked,
    "defense": lambda o: _any(o, o.pair["defense"]),
    "offense": lambda o: _any(o, o.pair["offense"]),
    "defense_target": lambda o: _any(o, o.pair["defense"]) * _attacked(o),
    "defense_other": lambda o: _other(_any(o, o.pair["defense"])),
    "consult": lambda o: _weaker(o, "consul"),
    "nonagg": lambda o: _weaker(o, "neutral", "nonagg"),
    "stay_out": lambda o: _other(_any(o, np.maximum(o.pair["neutral"], o.pair["nonagg"]))),
    "border_other": lambda o: _other(_any(o, o.pair["land"])),
    "border_own": lambda o: _any(o, o.pair["land"]),
    "water_other": lambda o: _other(_any(o, o.pair["water"]) * (_any(o, o.pair["land"]) == 0)),
    "far_other": lambda o: _other(np.log1p(_km(o) / 1000)),
    "far_own": lambda o: np.log1p(_km(o) / 1000),
    "reach": lambda o: np.log(_share(o))[:, None] + np.log(_discount(o)),
    "odds": _odds,
    "rival_other": lambda o: _other(_any(o, o.pair["rival"])),
    "rival_own": lambda o: _any(o, o.pair["rival"]),
    "common_enemy": lambda o: _any(o, o.pair["common_enemy"]),
    "opposed_other": lambda o: _other(_against(o, "opposed")),
    "opposed_own": lambda o: _against(o, "opposed"),
    "sided_own": lambda o: _against(o, "sided"),
    "regime_own": _regime,
    "regime_other": lambda o: _other(_regime(o)),
    "major": lambda o: o.state["major"][:, None].astype(np.float64),
    "major_own": lambda o: _has(o, "major"),
    "major_other": lambda o: _other(_has(o, "major")),
    "war": lambda o: _when(o, o.when["war"]),
    "defense_war": lambda o: _any(o, o.pair["defense"]) * _when(o, o.when["war"]),
    "joined_own": lambda o: np.log1p(o.joined)[:, :, None],
    "joined_other": lambda o: _other(np.log1p(o.joined))[:, :, None],
    **{f"day_{d}": lambda o, d=d: _round(o, d) for d in ROUND_DAYS[1:]},
    "states": lambda o: _when(o, np.log(o.when["states"] / 50)),
    **{f"since_{y}": lambda o, y=y: _when(o, o.when["year"] >= y) for y in ERAS},
    "nuclear": lambda o: o.state["nuclear"][:, None].astype(np.float64),
    "nuclear_own": lambda o: _has(o, "nuclear"),
    "nuclear_other": lambda o: _other(_has(o, "nuclear")),
}  # fmt: skip
"""Every term, by name: a function of an `Outlook` whose value has the shape (R, 2, S) or one that widens to it."""

NUCLEAR = ("nuclear", "nuclear_own", "nuclear_other")
OF_DISPUTES = ("war", "defense_war")
CORE = tuple(t for t in TERMS if t not in NUCLEAR)
"""Terms of the core specification, 1816-."""
FROM_1946 = tuple(t for t in TERMS if t not in {"since_1914", "since_1946"})
"""Terms of the specification from 1946 on."""
CONTIGUITY_ALLIANCE = ("constant", "border_own", "border_other", "defense", "defense_other")
"""Terms of the baseline."""


def of_wars(terms: Sequence[str]) -> tuple[str, ...]:
    """Return terms without those that are the same in every row of an inter-state war.

    Examples
    --------
    >>> of_wars(["constant", "war", "defense_war", "odds"])
    ('constant', 'odds')
    """
    return tuple(t for t in terms if t not in OF_DISPUTES)


def term(outlook: Outlook, name: str) -> NDArray[Any]:
    """Return one term for every round, side and state.

    Parameters
    ----------
    outlook : Outlook
    name : str
        One of `TERMS`.

    Returns
    -------
    array, shape (R, 2, S)
        Read-only where a term does not vary; NaN where it is unknown.

    Raises
    ------
    ParameterError
        No such term.

    References
    ----------
    [SiversonStarr1990]_, [Boulding1962]_
    """
    if name not in TERMS:
        raise parameter("name", name, f"one of {', '.join(TERMS)}")
    return np.broadcast_to(TERMS[name](outlook), outlook.shape)
