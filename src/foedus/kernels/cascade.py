"""Spread of a war in continuous time, compiled; its plain twin is `foedus.kernels.cascade_reference.spread_reference`.

While a war goes on, an outsider enters side s at a rate a day of ``exp(base + eta_s)``; base is constant within classes of days. Each outsider holds
one exponential number for the whole war and enters when its accumulated rate passes it, so a draw is a function of (seed, draw, actor) alone. Between
two events every rate keeps its proportion to the base, so only accumulated base, not time, is compared. The rules are those of
``docs/decisions/0014-a-war-spreads-by-fitted-rates.md``. Knows positions and numbers only.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from foedus.kernels.cascade_clock import exponentials, njit, soonest, sum_to, when_reached
from foedus.kernels.cascade_rates import bear, claim, entry_rates, log_odds, meet, set_outside, stir, turn
from foedus.kernels.streams import mix, uniform

RATE_TERMS = (
    "constant", "target", "attraction", "hostility", "pull_back", "repelled", "proximity", "near_own", "major", "odds", "weight", "stay_out",
    "pledged", "joined_own", "joined_other",
)  # fmt: skip
"""Terms of the log-rate of entering a side; a binding pledge adds its own."""
FRONT_TERMS = ("constant", "proximity", "hostility", "bound", "attraction", "major", "weight")
"""Terms of the log-odds that an entrant was attacked by the other side."""
LEAVE_TERMS = ("constant", "joiner", "odds", "major", "proximity")
"""Terms of the log-rate at which a belligerent leaves while its side has others."""
END_TERMS = ("constant", "belligerents", "imbalance")
"""Terms of the log-rate at which the war ends."""
CUTS = (0.0, 7.0, 30.0, 90.0, 180.0, 365.0, 730.0)
"""First day of each class of days; the last is open."""
LANES = 8
"""Arrays that a loop runs over are as long as a multiple of this: what is left over after the vectors would take as long as they do."""
CAUSES = ("flashpoint", "pledge", "attraction", "hostility", "proximity", "unexplained", "attacked")
"""What weighed most in an entry, by code."""


class Field(NamedTuple):
    """What a war is fought over: inputs that do not change within it. O outer draws, n actors, P pledges, K classes of days.

    ``theta`` (O, len(RATE_TERMS)); ``honour`` (O, P) what a binding pledge adds to the log-rate; ``base`` (O, K) log-rate a day by class;
    ``front`` (O, len(FRONT_TERMS)); ``leave`` (O, len(LEAVE_TERMS)) and ``leave_base`` (O, K); ``end`` (O, len(END_TERMS)) and ``end_base``
    (O, K); ``frailty`` (O, Q) equally likely values of a factor that all rates of entering one war share; ``undetermined`` (O,) chance that an
    open clause is read as binding; ``decisiveness`` (O,); ``power`` (O, n); ``friend`` (O, n, n) in [-1, 1]; ``near`` (O, n, n) in [0, 1];
    ``reach`` (O, n, n) share of strength that the row projects to the column; ``major`` (n,); ``actor_key`` (n,) and ``pledge_key`` (P,) uint64.
    """

    theta: NDArray[np.float64]
    honour: NDArray[np.float64]
    base: NDArray[np.float64]
    front: NDArray[np.float64]
    leave: NDArray[np.float64]
    leave_base: NDArray[np.float64]
    end: NDArray[np.float64]
    end_base: NDArray[np.float64]
    frailty: NDArray[np.float64]
    undetermined: NDArray[np.float64]
    decisiveness: NDArray[np.float64]
    power: NDArray[np.float64]
    friend: NDArray[np.float64]
    near: NDArray[np.float64]
    reach: NDArray[np.float64]
    major: NDArray[np.float64]
    actor_key: NDArray[np.uint64]
    pledge_key: NDArray[np.uint64]


class Spread(NamedTuple):
    """Wars, one a row.

    ``side`` (D, n) 0 out, 1 with the attacker, 2 with the target; ``entered`` (D, n) class of the day of entry from 1, 0 first shot, -1 never;
    ``cause`` (D, n) code of `CAUSES`; ``through`` (D, n) the belligerent on whose account, -1 none; ``won`` (D,) 1 if side A prevails; ``day``
    (D, n) days from the first shot to entry, -1 never; ``left`` (D, n) to leaving, -1 never; ``ended`` (D,) to the war's end, -1 if it was not
    over.
    """

    side: NDArray[np.int8]
    entered: NDArray[np.int8]
    cause: NDArray[np.int8]
    through: NDArray[np.int16]
    won: NDArray[np.int8]
    day: NDArray[np.float32]
    left: NDArray[np.float32]
    ended: NDArray[np.float32]


class Branch(NamedTuple):
    """Draws that are continued afresh from some moment on, for wars too rare to wait for (`foedus.war.rare`).

    Every number that decides what is to come is exponential and so without memory: drawn again at the moment at which an entry raises the
    capability that has been at war to a level, it has the law that what is left of it had. ``root`` (D,) number of the draw that each row follows at
    first; ``levels`` (L,) shares of capability; ``word`` (D, L) what stands in the place of the draw's number once a level is reached; ``shared``
    (D,) the factor of all rates of entering, which is then not drawn.
    """

    root: NDArray[np.int64]
    levels: NDArray[np.float64]
    word: NDArray[np.uint64]
    shared: NDArray[np.float64]


@njit(cache=True, nogil=True)
def spread(seed, first, attackers, targets, inner, days, field, pledges, mute, branch=None):  # noqa: ANN001, ANN201
    """Return one war a draw.

    An event is an entry, a departure, or the war's end. Of wars with the same first shot and inputs the rates at the first shot are computed once,
    so that a war which nobody joins costs a comparison an outsider.

    Parameters
    ----------
    seed : uint64
    first : int
        Number of the first draw, so that chunks agree with the whole.
    attackers, targets : int64 arrays, shape (n_draws,)
    inner : int
        Draws that share one outer draw of the inputs.
    days : float
        Days after the first shot that are drawn.
    field : Field
    pledges : Pledges
    mute : int
        Position of an actor whose own pledges are left out, -1 for none.
    branch : Branch, optional
        Rows that follow other draws and continue afresh.

    Returns
    -------
    side, entered, cause, through, won, day, left, ended
        See `Spread`.
    """
    n_draws, n = len(attackers), field.power.shape[1]
    out = (
        np.zeros((n_draws, n), dtype=np.int8), np.full((n_draws, n), -1, dtype=np.int8), np.full((n_draws, n), -1, dtype=np.int8),
        np.full((n_draws, n), -1, dtype=np.int16), np.zeros(n_draws, dtype=np.int8), np.full((n_draws, n), -1.0, dtype=np.float32),
        np.full((n_draws, n), -1.0, dtype=np.float32), np.full(n_draws, -1.0, dtype=np.float32),
    )  # fmt: skip
    wide = -(-n // LANES) * LANES
    of_owner = np.argsort(pledges.by, kind="mergesort")
    owner_first = np.searchsorted(pledges.by[of_owner], np.arange(n + 1))
    to_ally = np.argsort(pledges.to, kind="mergesort")
    ally_first = np.searchsorted(pledges.to[to_ally], np.arange(n + 1))
    doubt = np.where(pledges.conflict, 1, np.where(pledges.unclear, 2, 0))
    anyone = np.array(
        [pledges.target_mode[p] != 1 and not pledges.excluded[p].any() for p in range(len(pledges.by))], dtype=np.bool_
    )
    world = (seed, field, pledges, anyone, doubt, of_owner, pledges.to[of_owner], owner_first, mute)
    own_word, major = np.zeros(wide, dtype=np.uint64), np.zeros(wide)
    for x in range(n):
        own_word[x], major[x] = mix(mix(seed) ^ field.actor_key[x]), field.major[x]
    cuts, bases, logs = np.array(CUTS), np.zeros((3, len(CUTS))), np.log1p(np.arange(n + 0.0))
    fight = (
        np.zeros((n, n), dtype=np.bool_), np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64), np.zeros(3),
    )  # fmt: skip
    numbers = (np.zeros(wide), np.zeros(wide), np.zeros(n), np.zeros(n), np.zeros(wide))
    flags = (np.ones(wide), np.zeros(n, dtype=np.bool_), np.zeros(n, dtype=np.bool_), np.zeros(n, dtype=np.bool_))
    columns = (np.zeros((3, n, wide)), np.full(n, -1, dtype=np.int64))
    state = (np.zeros((21, wide)), np.zeros((3, n), dtype=np.int64), np.zeros((3, n), dtype=np.bool_))
    kept = (np.zeros((21, wide)), np.zeros((3, n), dtype=np.int64), np.zeros((3, n), dtype=np.bool_))
    scratch = (
        (to_ally, ally_first, pledges.by), (own_word, major), cuts, bases, logs, fight, numbers, flags, columns, state, kept,
    )  # fmt: skip
    _wars(first, attackers, targets, inner, days, world, branch, scratch, out)
    return out


@njit(cache=True, nogil=True, _nrt=False)
def _strongest(o, x, which, s, active, values, sign, power):  # noqa: ANN001, ANN202
    """Return the member of side ``which`` at which ``sign * values[o, x]`` is greatest and above 0, of equals the most powerful; -1 for none."""
    best, most, at = 0.0, 0.0, -1
    for y in active:
        if s[y] == which:
            value, force = sign * values[o, x, y], power[o, y]
            if value > best or (value == best and at >= 0 and (force > most or (force == most and y < at))):
                best, most, at = value, force, y
    return at


@njit(cache=True, nogil=True, _nrt=False)
def _copy(state, to):  # noqa: ANN001, ANN202
    """Write what holds at one moment over what held at another. Modified: ``to``."""
    for k in range(state[0].shape[0]):
        for x in range(state[0].shape[1]):
            to[0][k, x] = state[0][k, x]
    for k in range(state[1].shape[0]):
        for x in range(state[1].shape[1]):
            to[1][k, x] = state[1][k, x]
    for k in range(state[2].shape[0]):
        for x in range(state[2].shape[1]):
            to[2][k, x] = state[2][k, x]


@njit(cache=True, nogil=True, _nrt=False)
def _wars(first, attackers, targets, inner, days, world, branch, scratch, out):  # noqa: ANN001, ANN202
    """Draw the wars of `spread`. Modified: ``scratch`` and ``out``.

    Every array comes from outside, so that none is allocated and no reference to one is counted, for which threads would wait. ``state`` and ``kept``
    are what belligerents mean to outsiders now and at the first shot, the latter kept while first shot and inputs stay the same.
    One long loop on purpose: with leaving and entering in functions of their own, July 1914 took a tenth longer.
    """
    of_ally, by_actor, cuts, bases, logs, fight, numbers, flags, columns, state, kept = scratch
    seed, field = world[0], world[1]
    n_draws, n = len(attackers), field.power.shape[1]
    side, entered, cause, through, won, day, left, ended = out
    own_word, major = by_actor
    wide = len(own_word)
    base, leave_base, end_base = bases[0], bases[1], bases[2]
    attack, attackers_of, victims_of, belligerents, joined = fight
    counts = (attackers_of, victims_of)
    number, needed, leaving, leave_rate, strength = numbers
    outside, unread, first_unread, stale = flags
    rows, turned = columns  # columns of the inputs as rows, of one outer draw each
    ties, rate, bound, extra = state[0][:12].reshape((4, 3, wide)), state[0][12:15], state[0][15:18], state[0][18:]
    bound_by, bind = state[1], state[2]
    owed = (bound, extra, bound_by, bind)
    power, friend_of, near_of, reach_of = field.power, field.friend, field.near, field.reach
    actor_key, theta_of, leaves, ends, fronts = field.actor_key, field.theta, field.leave, field.end, field.front
    war_word = mix(mix(seed) ^ np.uint64(0))
    have_o, have_a, have_b, dirty, n_open = -1, -1, -1, False, 0
    whole = start_a = start_b = start_end = 0.0
    for d in range(n_draws):
        number_of_draw = first + d
        if branch is not None:
            number_of_draw = branch.root[d]
        draw = np.uint64(number_of_draw)
        word = draw  # what chance is drawn by: a pledge's reading and the shared factor always go by the draw
        o = number_of_draw // inner % power.shape[0]
        theta, s, gone = theta_of[o], side[d], left[d]
        a, b = attackers[d], targets[d]
        s[a], s[b] = 1, 2
        entered[d, a] = entered[d, b] = 0
        cause[d, a] = cause[d, b] = 0
        day[d, a] = day[d, b] = 0.0
        belligerents[0], belligerents[1], m, known = a, b, 2, 2
        active = belligerents[:m]
        attack[a, b] = True
        attackers_of[b] = victims_of[a] = 1
        joined[:] = 0.0
        level, mass = 0, power[o, a] + power[o, b]
        if o != have_o or a != have_a or b != have_b:
            have_o, have_a, have_b, n_open = o, a, b, 0
            for k in range(len(cuts)):
                base[k], leave_base[k] = np.exp(field.base[o, k]), np.exp(field.leave_base[o, k])
                end_base[k] = np.exp(field.end_base[o, k])
            whole = sum_to(days, base, cuts)
            for x in range(n):
                strength[x] = power[o, x]
            ties[:], bound[:], extra[:], bind[:] = 0.0, 0.0, 0.0, False
            set_outside(a, b, outside, n)
            for y in active:
                turn(y, o, friend_of, near_of, reach_of, rows, turned)
                meet(y, s[y], rows, ties)
                stir(y, of_ally, stale)
            start_a, start_b = bear(s, active, strength, ties)
            start_end = np.exp(ends[o, 0] + ends[o, 2] * abs(log_odds(start_a, start_b)))
            unread[:] = False
            claim(stale, draw, o, world, s, gone, active, attack, counts, owed, unread)
            stale[:] = False
            n_open = 0
            for x in range(n):
                first_unread[x] = unread[x]
                n_open += unread[x]
            entry_rates(theta, strength, major, ties, (start_a, start_b), joined, logs, owed, outside, rate)
            for x in range(wide):
                needed[x] = (rate[1, x] + rate[2, x]) * whole
            _copy(state, kept)
        elif dirty:
            _copy(kept, state)
            set_outside(a, b, outside, n)
        dirty = False
        if n_open:
            claim(first_unread, draw, o, world, s, gone, active, attack, counts, owed, unread)
            entry_rates(theta, strength, major, ties, (start_a, start_b), joined, logs, owed, outside, rate)
            for x in range(n):
                if first_unread[x]:
                    needed[x] = (rate[1, x] + rate[2, x]) * whole
        z = mix(mix(war_word ^ draw) ^ np.uint64(7))
        end_number = -np.log((np.float64(z >> np.uint64(11)) + 0.5) * 2.0**-53)
        z = mix(mix(war_word ^ draw) ^ np.uint64(8))
        shared = field.frailty[o, int(np.float64(z >> np.uint64(11)) * 2.0**-53 * field.frailty.shape[1])]
        if branch is not None:
            shared = branch.shared[d]
        for x in range(wide):
            z = mix(mix(own_word[x] ^ draw) ^ np.uint64(1))
            number[x] = (np.float64(z >> np.uint64(11)) + 0.5) * 2.0**-53
        running = exponentials(number, shared, needed)
        now, strength_a, strength_b = 0.0, start_a, start_b
        if not running:
            at = when_reached(end_number / start_end, end_base, cuts)
            if at <= days:
                ended[d] = at
        else:
            dirty = True
        while running:
            active = belligerents[:m]
            if m != known:
                if m < known:
                    ties[:] = 0.0
                    known = 0
                for k in range(known, m):
                    y = active[k]
                    turn(y, o, friend_of, near_of, reach_of, rows, turned)
                    meet(y, s[y], rows, ties)
                    outside[y] = 0.0
                known = m
                strength_a, strength_b = bear(s, active, strength, ties)
                claim(stale, draw, o, world, s, gone, active, attack, counts, owed, unread)
                stale[:] = False
                entry_rates(theta, strength, major, ties, (strength_a, strength_b), joined, logs, owed, outside, rate)
            # the next event
            total = sum_to(now, base, cuts)
            least, who = soonest(number, rate[1], rate[2])
            at, what = (when_reached(total + least, base, cuts), 1) if who >= 0 and least < whole else (1e30, 0)
            size_a = size_b = 0
            for y in active:
                size_a += s[y] == 1
                size_b += s[y] == 2
            leave_total, goer, soonest_leave, ratio = (
                sum_to(now, leave_base, cuts),
                -1,
                1e300,
                log_odds(strength_a, strength_b),
            )
            for y in active:
                leave_rate[y] = 0.0
                if (size_a if s[y] == 1 else size_b) > 1:
                    if leaving[y] <= 0.0:
                        leaving[y] = -np.log(uniform(seed, actor_key[y], word, np.uint64(6)))
                    eta = (
                        leaves[o, 0]
                        + leaves[o, 1] * (1.0 if day[d, y] > 0 else 0.0)
                        + leaves[o, 2] * (ratio if s[y] == 1 else -ratio)
                    )
                    eta += leaves[o, 3] * major[y] + leaves[o, 4] * ties[2, 3 - s[y], y]
                    leave_rate[y] = np.exp(min(eta, 30.0))
                    if leaving[y] < soonest_leave * leave_rate[y]:
                        soonest_leave, goer = leaving[y] / leave_rate[y], y
            if goer >= 0:
                leave_at = when_reached(leave_total + soonest_leave, leave_base, cuts)
                if leave_at < at:
                    at, what = leave_at, 2
            end_rate = np.exp(ends[o, 0] + ends[o, 1] * np.log(m / 2.0) + ends[o, 2] * abs(ratio))
            end_total = sum_to(now, end_base, cuts)
            end_at = when_reached(end_total + end_number / end_rate, end_base, cuts)
            if end_at < at:
                at, what = end_at, 3
            if at > days:
                break
            passed = sum_to(at, base, cuts) - total
            for x in range(wide):
                number[x] -= passed * (rate[1, x] + rate[2, x])
            passed = sum_to(at, leave_base, cuts) - leave_total
            for y in active:
                if leave_rate[y] > 0.0:
                    leaving[y] = max(leaving[y] - passed * leave_rate[y], 1e-300)
            end_number -= (sum_to(at, end_base, cuts) - end_total) * end_rate
            now = at
            if what == 3:
                ended[d] = at
                running = False
            elif what == 2:
                left[d, goer] = at
                stir(goer, of_ally, stale)
                for k in range(m):
                    if belligerents[k] == goer:
                        for j in range(k, m - 1):
                            belligerents[j] = belligerents[j + 1]
                        break
                m -= 1
                for y in belligerents[:m]:
                    if attack[goer, y] or attack[y, goer]:
                        stir(y, of_ally, stale)
                    if attack[goer, y]:
                        attackers_of[y] -= 1
                    if attack[y, goer]:
                        victims_of[y] -= 1
                    attack[goer, y] = attack[y, goer] = False
                attackers_of[goer] = victims_of[goer] = 0
                leaving[goer] = 0.0
            else:
                x = who
                u = uniform(seed, actor_key[x], word, np.uint64(4))
                joins = 1 if u * (rate[1, x] + rate[2, x]) < rate[1, x] else 2
                other = 3 - joins
                own = strength_a if joins == 1 else strength_b
                added = min(np.log1p(power[o, x] * ties[3, other, x] / max(own, 1e-12)), 3.0)
                front = fronts[o]
                chance = (
                    front[0] + front[1] * ties[2, other, x] + front[2] * ties[1, other, x] + front[3] * bind[joins, x]
                )
                chance += front[4] * ties[0, joins, x] + front[5] * major[x] + front[6] * added
                struck_first = uniform(seed, actor_key[x], word, np.uint64(5)) < 1.0 / (1.0 + np.exp(-chance))
                why, best = 5, 0.0
                terms = (
                    bound[joins, x], theta[2] * ties[0, joins, x], theta[3] * ties[1, other, x], max(theta[6] * ties[2, other, x], theta[7] *
                    ties[2, joins, x]),
                )  # fmt: skip
                for t in range(4):
                    if terms[t] > best + 1e-12:
                        why, best = t + 1, terms[t]
                if struck_first:
                    why = 6
                    by_whom, most = -1, -1.0
                    for y in active:
                        force = power[o, y] * reach_of[o, y, x]
                        if s[y] == other and (force > most or (force == most and y < by_whom)):
                            by_whom, most = y, force
                    through[d, x] = by_whom
                elif why == 1:
                    through[d, x] = bound_by[joins, x]
                elif why == 2:
                    through[d, x] = _strongest(o, x, joins, s, active, friend_of, 1.0, power)
                elif why == 3:
                    through[d, x] = _strongest(o, x, other, s, active, friend_of, -1.0, power)
                elif why == 4:
                    closer = other if theta[6] * ties[2, other, x] >= theta[7] * ties[2, joins, x] else joins
                    through[d, x] = _strongest(o, x, closer, s, active, near_of, 1.0, power)
                stir(x, of_ally, stale)
                for y in active:
                    if s[y] != other or (struck_first and y != through[d, x]):
                        continue
                    stir(y, of_ally, stale)
                    if struck_first:
                        attack[y, x] = True
                        attackers_of[x] += 1
                        victims_of[y] += 1
                    else:
                        attack[x, y] = True
                        attackers_of[y] += 1
                        victims_of[x] += 1
                cause[d, x] = why
                s[x] = joins
                number[x] = 1e300
                day[d, x] = at
                joined[joins] += 1.0
                stage = 0
                for k in range(len(cuts)):
                    stage += at >= cuts[k]
                entered[d, x] = stage
                belligerents[m] = x
                m += 1
                if branch is not None:
                    mass += power[o, x]
                    reached = level
                    while level < len(branch.levels) and mass >= branch.levels[level]:
                        word = branch.word[d, level]
                        level += 1
                    if level > reached:
                        for y in range(n):
                            if s[y] == 0:
                                number[y] = -np.log(uniform(seed, actor_key[y], word, np.uint64(1))) / shared
                        leaving[:] = 0.0
                        end_number = -np.log(uniform(seed, np.uint64(0), word, np.uint64(7)))
        stale[:] = False
        for y in belligerents[:m]:
            attack[y] = False
            attackers_of[y] = victims_of[y] = 0
            leaving[y] = 0.0
        r = field.decisiveness[o]
        strong, weak = strength_a**r, strength_b**r
        share = strong / (strong + weak) if strong + weak > 0 else 0.5
        if uniform(seed, np.uint64(0), word, np.uint64(3)) < share:
            won[d] = 1
