"""Spread of a war round by round, compiled; its plain twin is `spread_reference`.

Each outsider holds one uniform number for the whole war and enters a side once that side's chance exceeds it (a multinomial logit with
persistent noise, order-free and monotone), so a draw is a function of (seed, draw, actor) alone. Rounds go on until one adds nobody.
Knows positions and numbers only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from foedus.kernels.obligation import Pledges, code_of_counts, code_reference
from foedus.kernels.streams import mix, uniform, uniforms_reference

if TYPE_CHECKING:
    from collections.abc import Iterator

TERMS = (
    "constant", "pledge", "attraction", "hostility", "proximity", "major", "odds", "stay_out", "pull_back", "undetermined", "decisiveness",
)  # fmt: skip
CAUSES = ("flashpoint", "pledge", "attraction", "hostility", "proximity", "unexplained")
"""What weighed most in an entry, by code."""


class Field(NamedTuple):
    """What a war is fought over: inputs that do not change within it. O outer draws, n actors, P pledges.

    ``theta`` (O, len(TERMS)); ``honour`` (O, P) log-odds that a bound ally honours, less the constant; ``power`` (O, n);
    ``friend`` (O, n, n) in [-1, 1]; ``near`` (O, n, n) in [0, 1]; ``reach`` (O, n, n) share of strength that the row projects to the
    column; ``major`` (n,); ``actor_key`` (n,) and ``pledge_key`` (P,) uint64.
    """

    theta: NDArray[np.float64]
    honour: NDArray[np.float64]
    power: NDArray[np.float64]
    friend: NDArray[np.float64]
    near: NDArray[np.float64]
    reach: NDArray[np.float64]
    major: NDArray[np.float64]
    actor_key: NDArray[np.uint64]
    pledge_key: NDArray[np.uint64]


BINS = 256
"""Steps of the table of logarithms; a power of two, so that the step a number falls in is exact."""


@njit(cache=True, nogil=True)
def _floor_logs():  # noqa: ANN202
    """Return the logarithm of the lower end of each step of (0, 1); the first step has none and is asked for by itself."""
    out = np.zeros(BINS)
    for k in range(1, BINS):
        out[k] = np.log(k / BINS)
    return out


@njit(cache=True, nogil=True)
def _below_log(u, table):  # noqa: ANN001, ANN202
    """Return a number that is certainly not above the logarithm of ``u``."""
    k = int(u * BINS)
    if k > 0:
        return table[k]
    return np.log(u) - 1e-3 if u > 1e-12 else -np.inf


@njit(cache=True, nogil=True)
def _raise(best, row):  # noqa: ANN001, ANN202
    """Raise each entry of ``best`` to that of ``row``. Modified in place."""
    for x in range(len(row)):
        best[x] = max(best[x], row[x])


@njit(cache=True, nogil=True)
def _strongest(o, x, which, s, active, values, sign):  # noqa: ANN001, ANN202
    """Return the member of side ``which`` at which ``sign * values[o, x]`` is greatest and above 0, the first of equals; -1 for none."""
    best, at = 0.0, -1
    for y in active:
        if s[y] == which:
            value = sign * values[o, x, y]
            if value > best or (value == best and at >= 0 and y < at):
                best, at = value, y
    return at


@njit(cache=True, nogil=True)
def _odds(own, against):  # noqa: ANN001, ANN202
    """Return the logarithm of the ratio of two strengths, between -3 and 3."""
    return min(max(np.log(max(own, 1e-12) / max(against, 1e-12)), -3.0), 3.0)


@njit(cache=True, nogil=True)
def _covered(attack, active, ally, everyone, named, excluded):  # noqa: ANN001, ANN202
    """Return 1 or 0 for whether a clause covers any attacker of the ally, and any victim."""
    matched, struck = 0, 0
    for e in active:
        if (attack[e, ally] or attack[ally, e]) and (everyone or named[e]) and not excluded[e]:
            matched = max(matched, attack[e, ally])
            struck = max(struck, attack[ally, e])
            if matched + struck == 2:
                break
    return matched, struck


@njit(cache=True, nogil=True)
def spread(seed, first, attackers, targets, inner, field, pledges, mute):  # noqa: ANN001, ANN201
    """Return one war a draw: sides, rounds, causes, through whom, and whether side A prevails.

    Who is in raises, for every actor at once, the strongest tie to each side; an outsider is weighed in full only where its number
    is not beyond a bound of its chance (odds of winning at their best, every pledge binding), so that most cost a comparison a round.

    Parameters
    ----------
    seed : uint64
    first : int
        Number of the first draw, so that chunks agree with the whole.
    attackers, targets : int64 arrays, shape (n_draws,)
    inner : int
        Draws that share one outer draw of the inputs.
    field : Field
    pledges : Pledges
    mute : int
        Position of an actor whose own pledges are left out, -1 for none.

    Returns
    -------
    side, entered, cause, through : int8, int8, int8, int16 arrays, shape (n_draws, n)
        Side 0 out, 1 with the attacker, 2 with the target; round of entry (0 = flashpoint, -1 never); `CAUSES` code; the belligerent on whose account
        (-1 none).
    won : int8 array, shape (n_draws,)
        1 if side A prevails.
    """
    n_draws, n = len(attackers), field.power.shape[1]
    thetas, honour, power, friend_of, near_of, reach_of, major, actor_key, pledge_key = field
    by, to_, kind, mode, named, excluded, region, unprovoked, least, conflict, unclear = pledges
    side = np.zeros((n_draws, n), dtype=np.int8)
    entered = np.full((n_draws, n), -1, dtype=np.int8)
    cause = np.full((n_draws, n), -1, dtype=np.int8)
    through = np.full((n_draws, n), -1, dtype=np.int16)
    won = np.zeros(n_draws, dtype=np.int8)
    # pledges by ally, and by owner with the allies in order
    to_ally = np.argsort(to_, kind="mergesort")
    ally_first = np.searchsorted(to_[to_ally], np.arange(n + 1))
    of_owner = to_ally[np.argsort(by[to_ally], kind="mergesort")]
    owner_first = np.searchsorted(by[of_owner], np.arange(n + 1))
    own_word = np.array([mix(mix(seed) ^ actor_key[x]) for x in range(n)])
    logs = _floor_logs()
    friends, foes, nears, reaches = np.zeros((n, n)), np.zeros((n, n)), np.zeros((n, n)), np.zeros((n, n))
    turned = np.full(n, -1, dtype=np.int64)  # the outer draw whose columns stand as rows above
    friend, foe, near, reach, owed = (
        np.zeros((3, n)),
        np.zeros((3, n)),
        np.zeros((3, n)),
        np.zeros((3, n)),
        np.zeros((3, n)),
    )
    doubt = np.where(conflict, 1, np.where(unclear, 2, 0))
    anyone = np.array([mode[p] != 1 and not excluded[p].any() for p in range(len(by))], dtype=np.bool_)
    attack = np.zeros((n, n), dtype=np.bool_)
    attackers_of, victims_of = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
    u, low_a, low_b = np.zeros(n), np.zeros(n), np.zeros(n)
    ahead = np.zeros((3, n))
    bound, bound_by, stay = np.zeros(3), np.zeros(3, dtype=np.int64), np.zeros(3, dtype=np.bool_)
    best_term, best_cause, odds = np.zeros(3), np.zeros(3, dtype=np.int64), np.zeros(3)
    belligerents = np.zeros(n, dtype=np.int64)
    for d in range(n_draws):
        draw = np.uint64(first + d)
        o = (first + d) // inner % power.shape[0]
        theta, s = thetas[o], side[d]
        for k in range(1, 3):
            friend[k], foe[k], near[k], reach[k], owed[k] = 0.0, 0.0, 0.0, 0.0, 0.0
        for x in range(n):
            z = mix(mix(own_word[x] ^ draw) ^ np.uint64(1))
            u[x] = (np.float64(z >> np.uint64(11)) + 0.5) * 2.0**-53
            low_a[x], low_b[x] = _below_log(u[x], logs), _below_log(1.0 - u[x], logs)
        belligerents[0], belligerents[1] = attackers[d], targets[d]
        s[attackers[d]], s[targets[d]] = 1, 2
        entered[d, attackers[d]] = entered[d, targets[d]] = 0
        cause[d, attackers[d]] = cause[d, targets[d]] = 0
        attack[attackers[d], targets[d]] = True
        attackers_of[targets[d]] = victims_of[attackers[d]] = 1
        known, m = 0, 2
        strength_a = strength_b = 0.0
        refusal = max(0.0, -theta[7]) + 1e-9
        for step in range(1, n + 1):
            for k in range(known, m):
                y = belligerents[k]
                if turned[y] != o:
                    turned[y] = o
                    for x in range(n):
                        friends[y, x], nears[y, x] = friend_of[o, x, y], near_of[o, x, y]
                        foes[y, x], reaches[y, x] = -friend_of[o, x, y], reach_of[o, x, y]
                _raise(friend[s[y]], friends[y])
                _raise(foe[s[y]], foes[y])
                _raise(near[s[y]], nears[y])
                _raise(reach[s[y]], reaches[y])
                for q in range(ally_first[y], ally_first[y + 1]):
                    p = to_ally[q]
                    if kind[p] < 2 and by[p] != mute:
                        owed[s[y], by[p]] = max(owed[s[y], by[p]], honour[o, p] + theta[1])
            known = m
            active = belligerents[:m]
            strength_a = strength_b = 0.0
            for y in active:
                if s[y] == 1:
                    strength_a += power[o, y] * reach[2, y]
                else:
                    strength_b += power[o, y] * reach[1, y]
            for which in range(1, 3):
                other, force = 3 - which, 0.0
                for x in range(n):
                    force = max(force, power[o, x] * reach[other, x])
                own = strength_a if which == 1 else strength_b
                against = strength_b if which == 1 else strength_a
                best_odds = max(theta[6] * _odds(own, against), theta[6] * _odds(own + force, against))
                for x in range(n):
                    ahead[which, x] = (
                        theta[0] + refusal + best_odds + owed[which, x] + theta[2] * friend[which, x] + theta[3] * foe[other, x]
                        + theta[4] * near[other, x] + theta[5] * major[x] - theta[8] * friend[other, x]
                    )  # fmt: skip
            for x in range(n):
                if (ahead[1, x] < low_a[x] and ahead[2, x] < low_b[x]) or s[x] != 0:
                    continue
                bound[:] = 0.0
                bound_by[:] = 0
                stay[:] = False
                for q in range(owner_first[x], owner_first[x + 1]):
                    p = of_owner[q]
                    to = to_[p]
                    if s[to] == 0 or x == mute or kind[p] == 4:
                        continue
                    attacked, attacks = attackers_of[to], victims_of[to]
                    matched, struck = attacked, attacks
                    if not anyone[p] and kind[p] != 3:
                        matched, struck = _covered(attack, active, to, mode[p] != 1, named[p], excluded[p])
                    c = code_of_counts(
                        attacked, attacks, attacked + attacks, matched, struck, False, kind[p], mode[p], region[p],
                        unprovoked[p], least[p], doubt[p],
                    )  # fmt: skip
                    if c == 3:
                        stay[3 - s[to]] = True
                        continue
                    binding = c == 1
                    if c == 4 or c == 7 or c == 9 or c == 10:
                        binding = uniform(seed, pledge_key[p], draw, np.uint64(2)) < theta[9]
                    term = honour[o, p] + theta[1]
                    if binding and term > bound[s[to]]:
                        bound[s[to]] = term
                        bound_by[s[to]] = to
                if (
                    ahead[1, x] - owed[1, x] + bound[1] - stay[1] * theta[7] < low_a[x]
                    and ahead[2, x] - owed[2, x] + bound[2] - stay[2] * theta[7] < low_b[x]
                ):
                    continue
                for which in range(1, 3):
                    other = 3 - which
                    own = strength_a if which == 1 else strength_b
                    against = strength_b if which == 1 else strength_a
                    ratio = _odds(own + power[o, x] * reach[other, x], against)
                    terms = (
                        bound[which],
                        theta[2] * friend[which, x],
                        theta[3] * foe[other, x],
                        theta[4] * near[other, x],
                    )
                    eta = theta[0] + terms[0] + terms[1] + terms[2] + terms[3]
                    eta += theta[5] * major[x] + theta[6] * ratio - theta[8] * friend[other, x]
                    if stay[which]:
                        eta -= theta[7]
                    odds[which] = np.exp(min(eta, 30.0))
                    best_term[which] = 0.0
                    best_cause[which] = 5
                    for t in range(4):
                        if terms[t] > best_term[which] + 1e-12:
                            best_term[which] = terms[t]
                            best_cause[which] = t + 1
                total = 1.0 + odds[1] + odds[2]
                joins = 1 if u[x] < odds[1] / total else 2 if u[x] > 1.0 - odds[2] / total else 0
                if joins == 0:
                    continue
                why = best_cause[joins]
                cause[d, x] = why
                if why == 1:
                    through[d, x] = bound_by[joins]
                elif why == 2:
                    through[d, x] = _strongest(o, x, joins, s, active, friend_of, 1.0)
                elif why == 3:
                    through[d, x] = _strongest(o, x, 3 - joins, s, active, friend_of, -1.0)
                elif why == 4:
                    through[d, x] = _strongest(o, x, 3 - joins, s, active, near_of, 1.0)
                entered[d, x] = joins  # the side, until all have chosen
                belligerents[m] = x
                m += 1
            if m == known:
                break
            for k in range(known, m):
                x = belligerents[k]
                for y in active:
                    if s[y] == 3 - entered[d, x]:
                        attack[x, y] = True
                        attackers_of[y] += 1
                        victims_of[x] += 1
            for k in range(known, m):
                x = belligerents[k]
                s[x] = entered[d, x]
                entered[d, x] = step
        for y in belligerents[:m]:
            attack[y] = False
            attackers_of[y] = victims_of[y] = 0
        a, b = strength_a ** theta[10], strength_b ** theta[10]
        share = a / (a + b) if a + b > 0 else 0.5
        if uniform(seed, np.uint64(0), draw, np.uint64(3)) < share:
            won[d] = 1
    return side, entered, cause, through, won


class ReferenceWar(NamedTuple):
    """One war of `spread_reference`."""

    side: NDArray[np.int8]
    entered: NDArray[np.int8]
    cause: NDArray[np.int8]
    through: NDArray[np.int16]
    won: int


class Round(NamedTuple):
    """One round of a war as its outsiders weigh it; the first axis of length 3 is the side that they might enter, 0 unused.

    ``side`` (n,) before the round; ``joins`` (n,) the side entered in it; ``number`` (n,) each actor's own; ``chance`` (3, n);
    ``terms`` by name of the term, each (3, n), which sum to the log-odds of a side against staying out; ``cause`` and ``through`` (3, n) what
    weighed most; ``binding`` (P,) pledges that bind in it.
    """

    side: NDArray[np.int8]
    joins: NDArray[np.int8]
    number: NDArray[np.float64]
    chance: NDArray[np.float64]
    terms: dict[str, NDArray[np.float64]]
    cause: NDArray[np.int64]
    through: NDArray[np.int64]
    binding: NDArray[np.bool_]


def spread_reference(
    seed: int, draw: int, attacker: int, target: int, inner: int, field: Field, pledges: Pledges, mute: int = -1
) -> ReferenceWar:  # fmt: skip
    """Return the war that `spread` computes for one draw, from its `rounds`."""
    o, n = draw // inner % len(field.power), field.power.shape[1]
    side, entered = np.zeros(n, dtype=np.int8), np.full(n, -1, dtype=np.int8)
    cause, through = np.full(n, -1, dtype=np.int8), np.full(n, -1, dtype=np.int16)
    entered[[attacker, target]] = cause[[attacker, target]] = 0
    for step, one in enumerate(rounds(seed, draw, attacker, target, inner, field, pledges, mute), start=1):
        new = np.flatnonzero(one.joins)
        entered[new], cause[new], through[new] = step, one.cause[one.joins[new], new], one.through[one.joins[new], new]
        side = np.where(one.joins > 0, one.joins, one.side).astype(np.int8)
    a, b = (_reference_strength(side, k, field.power[o], field.reach[o]) ** field.theta[o, 10] for k in (1, 2))
    share = a / (a + b) if a + b > 0 else 0.5
    u = uniforms_reference(seed, np.zeros(1, dtype=np.uint64), np.array([draw]), 3)[0, 0]
    return ReferenceWar(side, entered, cause, through, int(u < share))


def rounds(
    seed: int, draw: int, attacker: int, target: int, inner: int, field: Field, pledges: Pledges, mute: int = -1
) -> Iterator[Round]:  # fmt: skip
    """Yield the rounds of one draw, by arrays over outsiders; the last adds nobody."""
    o, n = draw // inner % len(field.power), field.power.shape[1]
    theta: dict[str, float] = dict(zip(TERMS, field.theta[o].tolist(), strict=True))
    side, attack = np.zeros(n, dtype=np.int8), np.zeros((n, n), dtype=np.bool_)
    side[[attacker, target]] = 1, 2
    attack[attacker, target] = True

    def one(key: NDArray[np.uint64], counter: int) -> NDArray[np.float64]:
        return uniforms_reference(seed, key, np.array([draw]), counter)[0]

    read_as_binding = one(field.pledge_key, 2) < theta["undetermined"] if len(pledges.by) else np.zeros(0, dtype=bool)
    u, joins = one(field.actor_key, 1), np.ones(n, dtype=np.int8)
    while joins.any():
        claims = _claims(side, attack, pledges, field.honour[o], theta["pledge"], read_as_binding, mute)
        terms, cause, through = _weighed(side, field, o, theta, claims)
        odds = np.exp(np.minimum(sum(terms.values()), 30.0))
        chance = odds / (1.0 + odds[1] + odds[2])
        joins = (np.where(u < chance[1], 1, np.where(u > 1.0 - chance[2], 2, 0)) * (side == 0)).astype(np.int8)
        yield Round(side, joins, u, chance, terms, cause, through, claims.binding)
        for x in np.flatnonzero(joins):
            attack[x, (side == 3 - joins[x])] = True
        side = np.where(joins > 0, joins, side).astype(np.int8)


def _weighed(
    side: NDArray[np.int8], field: Field, o: int, theta: dict[str, float], claims: _Claims
) -> tuple[dict[str, NDArray[np.float64]], NDArray[np.int64], NDArray[np.int64]]:
    """Return the terms of each side for every actor, what weighs most, and on whose account."""
    n = len(side)
    terms = {t: np.zeros((3, n)) for t in TERMS[:9]}
    cause, through = np.full((3, n), 5), np.full((3, n), -1)
    strength = [0.0, *(_reference_strength(side, which, field.power[o], field.reach[o]) for which in (1, 2))]
    for which in (1, 2):
        own, foe = side == which, side == 3 - which
        friend, foes, near = field.friend[o] * own, -field.friend[o] * foe, field.near[o] * foe
        force = strength[which] + field.power[o] * (field.reach[o] * foe).max(axis=1)
        weighed = {
            "constant": 1.0, "attraction": np.maximum(friend, 0).max(axis=1), "hostility": np.maximum(foes, 0).max(axis=1),
            "proximity": near.max(axis=1), "major": field.major, "stay_out": -1.0 * claims.stay[:, which],
            "pull_back": -np.maximum(-foes, 0.0).max(axis=1),
            "odds": np.clip(np.log(np.maximum(force, 1e-12) / max(strength[3 - which], 1e-12)), -3.0, 3.0),
        }  # fmt: skip
        for name, value in weighed.items():
            terms[name][which] = theta[name] * value
        terms["pledge"][which] = claims.bound[:, which]
        top, at = (
            np.zeros(n),
            (claims.bound_by[:, which], friend.argmax(axis=1), foes.argmax(axis=1), near.argmax(axis=1)),
        )
        for t, name in enumerate(CAUSES[1:5]):
            more = terms[name][which] > top + 1e-12
            top = np.where(more, terms[name][which], top)
            cause[which], through[which] = np.where(more, t + 1, cause[which]), np.where(more, at[t], through[which])
    return terms, cause, through


def _reference_strength(
    side: NDArray[np.int8], which: int, power: NDArray[np.float64], reach: NDArray[np.float64]
) -> float:
    """Return the strength that a side brings to bear."""
    at_reach = (reach * (side == 3 - which)).max(axis=1)
    return float(sum((power * at_reach)[side == which].tolist()))


class _Claims(NamedTuple):
    """What pledges demand of each outsider: term and ally by side, sides that it must not join, and which pledges bind."""

    bound: NDArray[np.float64]
    bound_by: NDArray[np.int64]
    stay: NDArray[np.bool_]
    binding: NDArray[np.bool_]


def _claims(
    side: NDArray[np.int8], attack: NDArray[np.bool_], pledges: Pledges, honour: NDArray[np.float64], extra: float,
    read_as_binding: NDArray[np.bool_], mute: int,
) -> _Claims:  # fmt: skip
    """Return what pledges demand of each outsider."""
    n = len(side)
    bound, bound_by, stay = np.zeros((n, 3)), np.zeros((n, 3), dtype=np.int64), np.zeros((n, 3), dtype=np.bool_)
    binding = np.zeros(len(pledges.by), dtype=np.bool_)
    for p, (by, to) in enumerate(zip(pledges.by, pledges.to, strict=True)):
        if side[by] != 0 or side[to] == 0 or by == mute:
            continue
        c = code_reference(attack, p, pledges)
        if c == 3:
            stay[by, 3 - side[to]] = True
        binding[p] = c == 1 or (c in {4, 7, 9, 10} and read_as_binding[p])
        if binding[p] and honour[p] + extra > bound[by, side[to]]:
            bound[by, side[to]], bound_by[by, side[to]] = honour[p] + extra, to
    return _Claims(bound, bound_by, stay, binding)
