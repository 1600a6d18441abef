"""Spread of a war round by round, compiled; its plain twin is `spread_reference`.

Each outsider holds one uniform number for the whole war and enters a side once that side's chance exceeds it (a multinomial logit with
persistent noise, order-free and monotone), so a draw is a function of (seed, draw, actor) alone. Rounds go on until one adds nobody.
Knows positions and numbers only.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from foedus.kernels.obligation import Pledges, code_of_counts, code_reference
from foedus.kernels.streams import mix, uniform, uniforms_reference

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
    """Return how many attackers and how many victims of the ally a clause covers."""
    matched, struck = 0, 0
    for e in active:
        if (everyone or named[e]) and not excluded[e]:
            matched += attack[e, ally]
            struck += attack[ally, e]
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
                    if not anyone[p]:
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


def spread_reference(
    seed: int, draw: int, attacker: int, target: int, inner: int, field: Field, pledges: Pledges, mute: int = -1
) -> ReferenceWar:  # fmt: skip
    """Return the war that `spread` computes for one draw, by arrays over outsiders."""
    o, n = draw // inner % len(field.power), field.power.shape[1]
    theta = dict(zip(TERMS, field.theta[o], strict=True))
    side, entered = np.zeros(n, dtype=np.int8), np.full(n, -1, dtype=np.int8)
    cause, through = np.full(n, -1, dtype=np.int8), np.full(n, -1, dtype=np.int16)
    side[[attacker, target]] = 1, 2
    entered[[attacker, target]] = cause[[attacker, target]] = 0
    attack = np.zeros((n, n), dtype=np.bool_)
    attack[attacker, target] = True

    def one(key: NDArray[np.uint64], counter: int) -> NDArray[np.float64]:
        return uniforms_reference(seed, key, np.array([draw]), counter)[0]

    read_as_binding = one(field.pledge_key, 2) < theta["undetermined"] if len(pledges.by) else np.zeros(0, dtype=bool)
    u = one(field.actor_key, 1)
    for step in range(1, n + 1):
        bound, bound_by, stay = _claims(side, attack, pledges, field.honour[o], theta["pledge"], read_as_binding, mute)
        strength = [0.0, *(_reference_strength(side, which, field.power[o], field.reach[o]) for which in (1, 2))]
        odds, why, whom = np.zeros((3, n)), np.full((3, n), 5), np.full((3, n), -1)
        for which in (1, 2):
            own, foe = side == which, side == 3 - which
            friend, foes = field.friend[o] * own, -field.friend[o] * foe
            near = field.near[o] * foe
            back = np.maximum(-foes, 0.0).max(axis=1)
            force = strength[which] + field.power[o] * (field.reach[o] * foe).max(axis=1)
            ratio = np.clip(np.log(np.maximum(force, 1e-12) / max(strength[3 - which], 1e-12)), -3.0, 3.0)
            terms = np.stack([bound[:, which], theta["attraction"] * np.maximum(friend, 0).max(axis=1),
                              theta["hostility"] * np.maximum(foes, 0).max(axis=1), theta["proximity"] * near.max(axis=1)])  # fmt: skip
            eta = theta["constant"] + terms[0] + terms[1] + terms[2] + terms[3]
            eta += (
                theta["major"] * field.major
                + theta["odds"] * ratio
                - theta["pull_back"] * back
                - theta["stay_out"] * stay[:, which]
            )
            odds[which] = np.exp(np.minimum(eta, 30.0))
            top = np.zeros(n)
            at = (bound_by[:, which], friend.argmax(axis=1), foes.argmax(axis=1), near.argmax(axis=1))
            for t in range(4):
                more = terms[t] > top + 1e-12
                top, why[which], whom[which] = (
                    np.where(more, terms[t], top),
                    np.where(more, t + 1, why[which]),
                    np.where(more, at[t], whom[which]),
                )
        total = 1.0 + odds[1] + odds[2]
        joins = np.where(u < odds[1] / total, 1, np.where(u > 1.0 - odds[2] / total, 2, 0)) * (side == 0)
        if not joins.any():
            break
        for x in np.flatnonzero(joins):
            attack[x, (side == 3 - joins[x])] = True
            cause[x], through[x], entered[x] = why[joins[x], x], whom[joins[x], x], step
        side = np.where(joins > 0, joins, side).astype(np.int8)
    a, b = (
        _reference_strength(side, which, field.power[o], field.reach[o]) ** theta["decisiveness"] for which in (1, 2)
    )
    share = a / (a + b) if a + b > 0 else 0.5
    return ReferenceWar(side, entered, cause, through, int(one(np.zeros(1, dtype=np.uint64), 3)[0] < share))


def _reference_strength(
    side: NDArray[np.int8], which: int, power: NDArray[np.float64], reach: NDArray[np.float64]
) -> float:
    """Return the strength that a side brings to bear."""
    at_reach = (reach * (side == 3 - which)).max(axis=1)
    return float(sum((power * at_reach)[side == which].tolist()))


def _claims(
    side: NDArray[np.int8], attack: NDArray[np.bool_], pledges: Pledges, honour: NDArray[np.float64], extra: float,
    read_as_binding: NDArray[np.bool_], mute: int,
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.bool_]]:  # fmt: skip
    """Return what pledges demand of each outsider: term and ally by side, and the sides that it must not join."""
    n = len(side)
    bound, bound_by, stay = np.zeros((n, 3)), np.zeros((n, 3), dtype=np.int64), np.zeros((n, 3), dtype=np.bool_)
    for p, (by, to) in enumerate(zip(pledges.by, pledges.to, strict=True)):
        if side[by] != 0 or side[to] == 0 or by == mute:
            continue
        c = code_reference(attack, p, pledges)
        if c == 3:
            stay[by, 3 - side[to]] = True
        if (c == 1 or (c in {4, 7, 9, 10} and read_as_binding[p])) and honour[p] + extra > bound[by, side[to]]:
            bound[by, side[to]], bound_by[by, side[to]] = honour[p] + extra, to
    return bound, bound_by, stay
