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

from foedus.kernels.obligation import Pledges, code, code_reference
from foedus.kernels.streams import uniform, uniforms_reference

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


@njit(cache=True, nogil=True)
def _strength(o, field, side, which, active):  # noqa: ANN001, ANN202
    """Return the strength that side ``which`` brings to bear: each member at its reach to the nearest foe."""
    total = 0.0
    for x in active:
        if side[x] == which:
            best = 0.0
            for y in active:
                if side[y] == 3 - which:
                    best = max(best, field.reach[o, x, y])
            total += field.power[o, x] * best
    return total


@njit(cache=True, nogil=True)
def spread(seed, first, attackers, targets, inner, field, pledges, mute):  # noqa: ANN001, ANN201
    """Return one war a draw: sides, rounds, causes, through whom, and whether side A prevails.

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
    side = np.zeros((n_draws, n), dtype=np.int8)
    entered = np.full((n_draws, n), -1, dtype=np.int8)
    cause = np.full((n_draws, n), -1, dtype=np.int8)
    through = np.full((n_draws, n), -1, dtype=np.int16)
    won = np.zeros(n_draws, dtype=np.int8)
    attack = np.zeros((n, n), dtype=np.bool_)
    bound = np.zeros((n, 3))
    bound_by = np.zeros((n, 3), dtype=np.int64)
    stay = np.zeros((n, 3), dtype=np.bool_)
    joins = np.zeros(n, dtype=np.int8)
    odds, best_term = np.zeros(3), np.zeros(3)
    best_cause, best_through = np.zeros(3, dtype=np.int64), np.zeros(3, dtype=np.int64)
    by_ally = np.argsort(pledges.to, kind="mergesort")
    first_of = np.searchsorted(pledges.to[by_ally], np.arange(n + 1))
    positions = np.zeros(n, dtype=np.int64)
    for d in range(n_draws):
        draw = np.uint64(first + d)
        o = (first + d) // inner % field.power.shape[0]
        theta = field.theta[o]
        attack[:] = False
        s = side[d]
        s[attackers[d]], s[targets[d]] = 1, 2
        entered[d, attackers[d]] = entered[d, targets[d]] = 0
        cause[d, attackers[d]] = cause[d, targets[d]] = 0
        attack[attackers[d], targets[d]] = True
        for step in range(1, n + 1):
            bound[:] = 0.0
            stay[:] = False
            m = 0
            for y in range(n):
                if s[y] != 0:
                    positions[m] = y
                    m += 1
            active = positions[:m]
            for to in active:
                for q in range(first_of[to], first_of[to + 1]):
                    p = by_ally[q]
                    by = pledges.by[p]
                    if s[by] != 0 or by == mute or pledges.kind[p] == 4:
                        continue
                    c = 3 if pledges.kind[p] == 3 else code(attack, active, p, pledges)
                    if c == 3:
                        stay[by, 3 - s[to]] = True
                        continue
                    binding = c == 1
                    if c == 4 or c == 7 or c == 9 or c == 10:
                        binding = uniform(seed, field.pledge_key[p], draw, np.uint64(2)) < theta[9]
                    if binding:
                        term = field.honour[o, p] + theta[1]
                        if term > bound[by, s[to]]:
                            bound[by, s[to]] = term
                            bound_by[by, s[to]] = to
            strength_a = _strength(o, field, s, 1, active)
            strength_b = _strength(o, field, s, 2, active)
            any_join = False
            for x in range(n):
                joins[x] = 0
                if s[x] != 0:
                    continue
                best_term[:] = 0.0
                best_cause[:] = 5
                best_through[:] = -1
                for which in range(1, 3):
                    attraction, friend_at, pull_back = 0.0, -1, 0.0
                    hostility, foe_at, near, near_at, reach = 0.0, -1, 0.0, -1, 0.0
                    for y in active:
                        if s[y] == which:
                            if field.friend[o, x, y] > attraction:
                                attraction, friend_at = field.friend[o, x, y], y
                        elif s[y] == 3 - which:
                            if -field.friend[o, x, y] > hostility:
                                hostility, foe_at = -field.friend[o, x, y], y
                            pull_back = max(pull_back, field.friend[o, x, y])
                            if field.near[o, x, y] > near:
                                near, near_at = field.near[o, x, y], y
                            reach = max(reach, field.reach[o, x, y])
                    own = strength_a if which == 1 else strength_b
                    other = strength_b if which == 1 else strength_a
                    ratio = np.log(max(own + field.power[o, x] * reach, 1e-12) / max(other, 1e-12))
                    ratio = min(max(ratio, -3.0), 3.0)
                    terms = (bound[x, which], theta[2] * attraction, theta[3] * hostility, theta[4] * near)
                    eta = theta[0] + terms[0] + terms[1] + terms[2] + terms[3]
                    eta += theta[5] * field.major[x] + theta[6] * ratio - theta[8] * pull_back
                    if stay[x, which]:
                        eta -= theta[7]
                    odds[which] = np.exp(min(eta, 30.0))
                    for t in range(4):
                        if terms[t] > best_term[which] + 1e-12:
                            best_term[which] = terms[t]
                            best_cause[which] = t + 1
                            if t == 0:
                                best_through[which] = bound_by[x, which]
                            elif t == 1:
                                best_through[which] = friend_at
                            elif t == 2:
                                best_through[which] = foe_at
                            else:
                                best_through[which] = near_at
                total = 1.0 + odds[1] + odds[2]
                u = uniform(seed, field.actor_key[x], draw, np.uint64(1))
                if u < odds[1] / total:
                    joins[x] = 1
                elif u > 1.0 - odds[2] / total:
                    joins[x] = 2
                if joins[x] != 0:
                    any_join = True
                    entered[d, x] = step
                    cause[d, x] = best_cause[joins[x]]
                    through[d, x] = best_through[joins[x]]
            if not any_join:
                break
            for x in range(n):
                if joins[x] != 0:
                    for y in active:
                        if s[y] == 3 - joins[x] and entered[d, y] < step:
                            attack[x, y] = True
            for x in range(n):
                if joins[x] != 0:
                    s[x] = joins[x]
        active = np.flatnonzero(s)
        a = _strength(o, field, s, 1, active) ** theta[10]
        b = _strength(o, field, s, 2, active) ** theta[10]
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
