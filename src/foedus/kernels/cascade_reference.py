"""Spread of a war in continuous time by arrays over actors: the plain twin of `foedus.kernels.cascade`, one event after another.

It gives the same wars on the same random numbers, and what each actor weighed at each event, which replays and fits read. Compiles nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from foedus.kernels.cascade import CUTS, FRONT_TERMS, RATE_TERMS, Branch, Field, Spread
from foedus.kernels.cascade_clock import sum_to, when_reached
from foedus.kernels.obligation import Pledges, code_reference
from foedus.kernels.streams import uniforms_reference

if TYPE_CHECKING:
    from collections.abc import Iterator


class Claims(NamedTuple):
    """What pledges demand of each actor, by the side that it might enter.

    ``bound`` (n, 3) and ``bound_by`` (n, 3) the strongest binding pledge and the ally; ``bind``, ``owes`` (some fighting pledge) and ``stay`` (n, 3)
    whether it is to keep off that side; ``binding`` (P,) which pledges bind.
    """

    bound: NDArray[np.float64]
    bound_by: NDArray[np.int64]
    bind: NDArray[np.bool_]
    owes: NDArray[np.bool_]
    stay: NDArray[np.bool_]
    binding: NDArray[np.bool_]


class Moment(NamedTuple):
    """What happens next in a war as its actors weigh it; the first axis of length 3 is the side that they might enter, 0 unused.

    ``what`` "entry", "leaving", "end" or "horizon"; ``day``; ``actor`` (-1 none); ``joins`` its side; ``side`` (n,) and ``here`` (n,) before it:
    sides, and who is at war; ``number`` (n,) what is left of each outsider's number in units of accumulated base; ``rate`` (3, n) against the base;
    ``terms`` (len(RATE_TERMS) + 1, 3, n) of the log-rate, the pledge last; ``cause``, ``through``; ``claims``.
    """

    what: str
    day: float
    actor: int
    joins: int
    side: NDArray[np.int8]
    here: NDArray[np.bool_]
    number: NDArray[np.float64]
    rate: NDArray[np.float64]
    terms: NDArray[np.float64]
    cause: int
    through: int
    claims: Claims


def views(
    here: NDArray[np.int8], joined: tuple[float, float], friend: NDArray[np.float64], near: NDArray[np.float64], reach: NDArray[np.float64],
    power: NDArray[np.float64], major: NDArray[np.float64],
) -> NDArray[np.float64]:  # fmt: skip
    """Return how every actor looks at side 1 and side 2: the values of `RATE_TERMS`, those of pledges 0.

    Parameters
    ----------
    here : int8 array, shape (n,)
        Side of those at war, 0 for all others; both sides have one.
    joined : (float, float)
        How many have joined each side since the first shot.
    friend, near, reach : arrays, shape (n, n)
    power, major : arrays, shape (n,)

    Returns
    -------
    array, shape (2, n, len(RATE_TERMS))
    """
    n = len(here)
    out = np.zeros((2, n, len(RATE_TERMS)))
    at: dict[str, int] = dict(zip(RATE_TERMS, range(len(RATE_TERMS)), strict=True))
    sides = [np.flatnonzero(here == k) for k in (1, 2)]
    close = [np.maximum(friend[:, s].max(axis=1), 0.0) for s in sides]
    foe = [np.maximum(-friend[:, s].min(axis=1), 0.0) for s in sides]
    by = [near[:, s].max(axis=1) for s in sides]
    reaches = [reach[:, s].max(axis=1) for s in sides]
    strength = [float((power[sides[k]] * reaches[1 - k][sides[k]]).sum()) for k in (0, 1)]
    for own, other in ((0, 1), (1, 0)):
        added = power * reaches[other]
        value = {
            "constant": 1.0, "target": float(own), "attraction": close[own], "repelled": foe[own], "hostility": foe[other], "pull_back": close[other],
            "proximity": by[other], "near_own": by[own], "major": major, "joined_own": np.log1p(joined[own]), "joined_other": np.log1p(joined[other]),
            "odds": np.clip(np.log(np.maximum(strength[own] + added, 1e-12) / max(strength[other], 1e-12)), -3.0, 3.0),
            "weight": np.minimum(np.log1p(added / max(strength[own], 1e-12)), 3.0),
        }  # fmt: skip
        for name, values in value.items():
            out[own, :, at[name]] = values
    return out


def claims_of(
    here: NDArray[np.int8], attack: NDArray[np.bool_], pledges: Pledges, honour: NDArray[np.float64], read_as_binding: NDArray[np.bool_],
    mute: int = -1,
) -> Claims:  # fmt: skip
    """Return what pledges demand of each outsider, pledge by pledge."""
    n = len(here)
    bound, bound_by = np.zeros((n, 3)), np.zeros((n, 3), dtype=np.int64)
    bind, owes, stay = (np.zeros((n, 3), dtype=np.bool_) for _ in range(3))
    binding = np.zeros(len(pledges.by), dtype=np.bool_)
    for p, (by, to) in enumerate(zip(pledges.by, pledges.to, strict=True)):
        k = here[to]
        if here[by] != 0 or k == 0 or by == mute or pledges.kind[p] == 4:
            continue
        owes[by, k] |= pledges.kind[p] < 2
        c = code_reference(attack, p, pledges)
        if c == 3:
            stay[by, 3 - k] = True
        binding[p] = c == 1 or (c in {4, 7, 9, 10} and read_as_binding[p])
        if binding[p] and (not bind[by, k] or honour[p] > bound[by, k]):
            bind[by, k], bound[by, k], bound_by[by, k] = True, honour[p], to
    return Claims(bound, bound_by, bind, owes, stay, binding)


def spread_reference(
    seed: int, draw: int, attacker: int, target: int, inner: int, days: float, field: Field, pledges: Pledges, mute: int = -1,
    branch: Branch | None = None,
) -> Spread:  # fmt: skip
    """Return one war, shape (1, ...) as of `spread`; the plain twin. A ``branch`` has one row."""
    n = field.power.shape[1]
    side, entered, cause = np.zeros(n, dtype=np.int8), np.full(n, -1, dtype=np.int8), np.full(n, -1, dtype=np.int8)
    through, day, left = (
        np.full(n, -1, dtype=np.int16),
        np.full(n, -1.0, dtype=np.float32),
        np.full(n, -1.0, dtype=np.float32),
    )
    side[[attacker, target]], entered[[attacker, target]], cause[[attacker, target]], day[[attacker, target]] = (
        (1, 2),
        0,
        0,
        0.0,
    )
    ended, o = -1.0, draw // inner % len(field.power)
    last = None
    for last in moments(seed, draw, attacker, target, inner, days, field, pledges, mute, branch):
        x = last.actor
        if last.what == "entry":
            side[x], day[x], cause[x], through[x] = last.joins, last.day, last.cause, last.through
            entered[x] = np.searchsorted(CUTS, last.day, side="right")
        elif last.what == "leaving":
            left[x] = last.day
        elif last.what == "end":
            ended = last.day
    assert last is not None  # the horizon or the end comes in every war
    a, b = (
        s ** field.decisiveness[o] for s in strengths(np.where(last.here, last.side, 0), field.power[o], field.reach[o])
    )
    joined = (side > 0).sum() > 2
    word = draw if branch is None or not joined else _word(branch, draw, float(field.power[o, side > 0].sum()))
    u = _one(seed, np.zeros(1, dtype=np.uint64), word, 3)[0]
    won = int(u < (a / (a + b) if a + b > 0 else 0.5))
    one = (np.array([won], dtype=np.int8), day[None], left[None], np.array([ended], dtype=np.float32))
    return Spread(side[None], entered[None], cause[None], through[None], *one)


def moments(
    seed: int, draw: int, attacker: int, target: int, inner: int, days: float, field: Field, pledges: Pledges, mute: int = -1,
    branch: Branch | None = None,
) -> Iterator[Moment]:  # fmt: skip
    """Yield what happens in one draw, in order, by arrays over actors; the last is the war's end or the horizon."""
    o, n = draw // inner % len(field.power), field.power.shape[1]
    theta, base, leave_base, end_base = (
        field.theta[o],
        *(np.exp(f[o]) for f in (field.base, field.leave_base, field.end_base)),
    )
    cuts = np.array(CUTS)
    side, here, attack = np.zeros(n, dtype=np.int8), np.zeros(n, dtype=np.bool_), np.zeros((n, n), dtype=np.bool_)
    side[[attacker, target]], here[[attacker, target]], attack[attacker, target] = (1, 2), True, True
    read = _one(seed, field.pledge_key, draw, 2) < field.undetermined[o]
    shared, word = shared_factor(seed, draw, inner, field) if branch is None else float(branch.shared[0]), draw
    number, leaving, which, struck, end_number = _chance(seed, word, field, shared)
    now, joined, came = 0.0, [0.0, 0.0], np.zeros(n)
    while True:
        at_war = np.where(here, side, 0).astype(np.int8)
        claims = claims_of(at_war, attack, pledges, field.honour[o], read, mute)
        look = views(
            at_war, (joined[0], joined[1]), field.friend[o], field.near[o], field.reach[o], field.power[o], field.major
        )
        look[:, :, RATE_TERMS.index("stay_out")] = claims.stay[:, 1:].T
        look[:, :, RATE_TERMS.index("pledged")] = (claims.owes & ~claims.bind)[:, 1:].T
        terms = np.zeros((len(RATE_TERMS) + 1, 3, n))
        terms[:-1, 1:] = np.moveaxis(look * theta, 2, 0)
        terms[-1, 1:] = claims.bound[:, 1:].T
        rate = np.exp(np.minimum(terms.sum(axis=0), 30.0)) * (side == 0)
        rate[0] = 0.0
        # an entry
        both = rate[1] + rate[2]
        waits = np.divide(number, both, out=np.full(n, np.inf), where=both > 0)
        x = int(np.argmin(waits))
        total, ahead = sum_to.py_func(now, base, cuts), sum_to.py_func(days, base, cuts)
        entry_at = when_reached.py_func(total + waits[x], base, cuts) if waits[x] < ahead else 1e30
        # a departure
        forces = strengths(at_war, field.power[o], field.reach[o])
        ratio = float(np.clip(np.log(max(forces[0], 1e-12) / max(forces[1], 1e-12)), -3.0, 3.0))
        nears = [field.near[o][:, at_war == k].max(axis=1) for k in (1, 2)]
        values = np.stack(
            [np.ones(n), came, np.where(side == 1, ratio, -ratio), field.major, np.where(side == 1, nears[1], nears[0])]
        )
        crowded = here & (np.bincount(at_war, minlength=3)[at_war] > 1)
        go = np.exp(np.minimum(field.leave[o] @ values, 30.0)) * crowded
        spans = np.divide(leaving, go, out=np.full(n, np.inf), where=go > 0)
        goer = int(np.argmin(spans))
        leave_total = sum_to.py_func(now, leave_base, cuts)
        leave_at = (
            when_reached.py_func(leave_total + spans[goer], leave_base, cuts) if np.isfinite(spans[goer]) else 1e30
        )
        # the end
        stops = float(np.exp(field.end[o] @ np.array([1.0, np.log(here.sum() / 2.0), abs(ratio)])))
        end_total = sum_to.py_func(now, end_base, cuts)
        end_at = when_reached.py_func(end_total + end_number / stops, end_base, cuts)
        at, what, who = entry_at, "entry", x
        if leave_at < at:
            at, what, who = leave_at, "leaving", goer
        if end_at < at:
            at, what, who = end_at, "end", -1
        if at > days:
            at, what, who = days, "horizon", -1
        joins, cause, through, attackers = 0, -1, -1, np.zeros(0, dtype=np.int64)
        if what == "entry":
            joins = 1 if which[x] * both[x] < rate[1, x] else 2
            cause, through, attackers = _why(x, joins, at_war, look, terms, claims, field, o, struck[x])
        yield Moment(
            what, float(at), who, joins, side.copy(), here.copy(), number.copy(), rate, terms, cause, through, claims
        )
        if what in {"end", "horizon"}:
            return
        number = number - (sum_to.py_func(at, base, cuts) - total) * both
        leaving = np.maximum(leaving - (sum_to.py_func(at, leave_base, cuts) - leave_total) * go, 1e-300)
        end_number -= (sum_to.py_func(at, end_base, cuts) - end_total) * stops
        now = at
        if what == "leaving":
            here[who] = False
            attack[who] = attack[:, who] = False
            continue
        side[x], here[x], came[x] = joins, True, 1.0
        joined[joins - 1] += 1.0
        attack[attackers, x] = True
        if not len(attackers):
            attack[x, (at_war == 3 - joins)] = True
        reached = draw if branch is None else _word(branch, draw, float(field.power[o, side > 0].sum()))
        if reached != word:
            word = reached
            number, leaving, which, struck, end_number = _chance(seed, word, field, shared)


def _word(branch: Branch, draw: int, mass: float) -> int:
    """Return what stands in the place of a draw's number once capability ``mass`` has been at war."""
    level = int((mass >= branch.levels).sum())
    return int(branch.word[0, level - 1]) if level else draw


def _chance(seed: int, word: int, field: Field, shared: float) -> tuple[NDArray[np.float64], ...]:
    """Return what decides entries, departures, sides, who struck first, and the end."""
    entry, which, struck, leave = (_one(seed, field.actor_key, word, c) for c in (1, 4, 5, 6))
    end = _one(seed, np.zeros(1, dtype=np.uint64), word, 7)[0]
    return -np.log(entry) / shared, -np.log(leave), which, struck, -np.log(end)


def _why(
    x: int, joins: int, at_war: NDArray[np.int8], look: NDArray[np.float64], terms: NDArray[np.float64], claims: Claims, field: Field, o: int, u:
    float
) -> tuple[int, int, NDArray[np.int64]]:  # fmt: skip
    """Return what weighed most in an entry, on whose account, and who attacked the entrant, if it was attacked."""
    own, other = at_war == joins, at_war == 3 - joins
    see = dict(zip(RATE_TERMS, look[joins - 1, x], strict=True)) | {"bound": float(claims.bind[x, joins])}
    chance = 1.0 / (1.0 + np.exp(-sum(c * see[t] for t, c in zip(FRONT_TERMS, field.front[o], strict=True))))
    if u < chance:
        force = np.where(other, field.power[o] * field.reach[o][:, x], -1.0)
        return 6, int(np.argmax(force)), np.array([int(np.argmax(force))])
    weigh = dict(zip((*RATE_TERMS, "bound"), terms[:, joins, x], strict=True))
    closer = own if weigh["near_own"] > weigh["proximity"] else other
    options = (
        (weigh["bound"], int(claims.bound_by[x, joins])), (weigh["attraction"], _most(own, field.friend[o][x], field.power[o])),
        (weigh["hostility"], _most(other, -field.friend[o][x], field.power[o])),
        (max(weigh["proximity"], weigh["near_own"]), _most(closer, field.near[o][x], field.power[o])),
    )  # fmt: skip
    cause, through, best = 5, -1, 0.0
    for t, (value, at) in enumerate(options):
        if value > best + 1e-12:
            cause, through, best = t + 1, at, value
    return cause, through, np.zeros(0, dtype=np.int64)


def _most(which: NDArray[np.bool_], value: NDArray[np.float64], power: NDArray[np.float64]) -> int:
    """Return the position of the greatest value of ``which``, of equals the most powerful's, of equals the first."""
    return min(range(len(which)), key=lambda y: (not which[y], -value[y], -power[y], y))


def shared_factor(seed: int, draw: int, inner: int, field: Field) -> float:
    """Return the factor that all rates of entering one draw's war share."""
    values = field.frailty[draw // inner % len(field.frailty)]
    return float(values[int(_one(seed, np.zeros(1, dtype=np.uint64), draw, 8)[0] * len(values))])


def _one(seed: int, key: NDArray[np.uint64], draw: int, counter: int) -> NDArray[np.float64]:
    """Return one uniform for each key."""
    return uniforms_reference(seed, key, np.array([draw]), counter)[0]


def strengths(at_war: NDArray[np.int8], power: NDArray[np.float64], reach: NDArray[np.float64]) -> list[float]:
    """Return the strength that each side brings to bear on the other."""
    sides = [np.flatnonzero(at_war == k) for k in (1, 2)]
    return [float(sum((power[sides[k]] * reach[np.ix_(sides[k], sides[1 - k])].max(axis=1)).tolist())) for k in (0, 1)]
