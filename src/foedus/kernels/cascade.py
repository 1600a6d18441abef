"""Spread of a war in continuous time, compiled; its plain twin is `spread_reference`.

While a war goes on, an outsider enters side s at a rate a day of ``exp(base + eta_s)``; base is constant within classes of days. Each outsider holds
one exponential number for the whole war and enters when its accumulated rate passes it, so a draw is a function of (seed, draw, actor) alone. Between
two events every rate keeps its proportion to the base, so only accumulated base, not time, is compared. The rules are those of
``docs/decisions/0014-a-war-spreads-by-fitted-rates.md``. Knows positions and numbers only.
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


@njit(cache=True, nogil=True)
def _sum_to(t, base, cuts):  # noqa: ANN001, ANN202
    """Return the base accumulated from day 0 to day ``t``; ``base`` is a rate, not its logarithm."""
    total = 0.0
    for k in range(len(cuts)):
        if t <= cuts[k]:
            break
        last = cuts[k + 1] if k + 1 < len(cuts) else t
        total += base[k] * (min(t, last) - cuts[k])
    return total


@njit(cache=True, nogil=True)
def _when(total, base, cuts):  # noqa: ANN001, ANN202
    """Return the day by which so much base is accumulated; the inverse of `_sum_to`."""
    for k in range(len(cuts)):
        if k + 1 == len(cuts):
            return cuts[k] + total / base[k] if base[k] > 0 else 1e30
        here = base[k] * (cuts[k + 1] - cuts[k])
        if total < here:
            return cuts[k] + total / base[k]
        total -= here
    return 1e30


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
    """Return how many attackers of the ally, and how many of its victims, a clause covers: 0 or 1 each."""
    matched, struck = 0, 0
    for e in active:
        if (attack[e, ally] or attack[ally, e]) and (everyone or named[e]) and not excluded[e]:
            matched = max(matched, attack[e, ally])
            struck = max(struck, attack[ally, e])
            if matched + struck == 2:
                break
    return matched, struck


@njit(cache=True, nogil=True, inline="always")
def _exp(x):  # noqa: ANN001, ANN202
    """Return e to the x by halving the range and a polynomial; unlike the library's, a loop over it is vectorised. Within 1e-9 of it."""
    k = np.floor(x * 1.4426950408889634 + 0.5)
    r = x - k * 0.6931471803691238 - k * 1.9082149292705877e-10
    p = 1.0 + r * (
        1.0 + r * (0.5 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120 + r * (1 / 720 + r * (1 / 5040 + r / 40320))))))
    )
    power = (
        np.float64(k + 6755399441055744.0).view(np.int64) + 1023
    )  # the number k stands in the low bits of a sum with 1.5 times 2 to the 52
    return p * np.int64(power << 52).view(np.float64)


@njit(cache=True, nogil=True, inline="always")
def _log(x):  # noqa: ANN001, ANN202
    """Return the logarithm of a number above 1e-300 by its exponent and a series; vectorised in a loop. Within 1e-9 of the library's."""
    bits = (
        np.float64(x).view(np.uint64) - np.uint64(4604544271217802189) + np.uint64(1 << 62)
    )  # the mantissa lies between the roots of 1/2 and 2
    k = bits >> np.uint64(52)
    m = np.uint64(bits - (k << np.uint64(52)) + np.uint64(4604544271217802189)).view(np.float64)
    z = (m - 1.0) / (m + 1.0)
    q = z * z
    p = 1.0 + q * (1 / 3 + q * (1 / 5 + q * (1 / 7 + q * (1 / 9 + q * (1 / 11 + q / 13)))))
    exponent = np.uint64(k + np.uint64(4841369599423283200)).view(np.float64) - 4503599627371520.0
    return exponent * 0.6931471805599453 + 2.0 * z * p


@njit(cache=True, nogil=True)
def _meet(y, which, rows, ties):  # noqa: ANN001, ANN202
    """Raise everyone's strongest friendship, enmity, nearness and reach to a side by its member ``y``. Modified in place."""
    friends, nears, reaches = rows[0, y], rows[1, y], rows[2, y]
    friend, foe, near, reach = ties[0, which], ties[1, which], ties[2, which], ties[3, which]
    for x in range(len(friend)):
        friend[x] = max(friend[x], friends[x])
        foe[x] = max(foe[x], -friends[x])
        near[x] = max(near[x], nears[x])
        reach[x] = max(reach[x], reaches[x])


@njit(cache=True, nogil=True)
def _turn(y, o, friend_of, near_of, reach_of, rows, turned):  # noqa: ANN001, ANN202
    """Set what everyone has to do with ``y`` beside each other, once an outer draw. Modified in place."""
    if turned[y] != o:
        turned[y] = o
        for x in range(rows.shape[2]):
            rows[0, y, x], rows[1, y, x], rows[2, y, x] = friend_of[o, x, y], near_of[o, x, y], reach_of[o, x, y]


@njit(cache=True, nogil=True)
def _bear(s, active, power, ties):  # noqa: ANN001, ANN202
    """Return the strength that each side brings to bear on the other."""
    a = b = 0.0
    for y in active:
        if s[y] == 1:
            a += power[y] * ties[3, 2, y]
        else:
            b += power[y] * ties[3, 1, y]
    return a, b


@njit(cache=True, nogil=True)
def _claim(chosen, draw, o, world, s, left, active, attack, counts, owed, unread):  # noqa: ANN001, ANN202
    """Write what pledges demand of the outsiders marked in ``chosen``. Modified: ``owed``, and ``unread``, whose clauses were open."""
    bound, extra, bound_by, bind = owed
    seed, field, pledges, anyone, doubt, of_owner, owner_first, mute = world
    attackers_of, victims_of = counts
    for x in range(len(s)):
        if not chosen[x] or s[x] != 0:
            continue
        stay_a = stay_b = owes_a = owes_b = False
        unread[x] = False
        bound[1, x] = bound[2, x] = 0.0
        bind[1, x] = bind[2, x] = False
        for q in range(owner_first[x], owner_first[x + 1]):
            p = of_owner[q]
            to = pledges.to[p]
            kind = pledges.kind[p]
            if s[to] == 0 or left[to] >= 0 or x == mute or kind == 4:
                continue
            side, attacked, attacks = s[to], attackers_of[to], victims_of[to]
            if kind < 2:
                owes_a, owes_b = owes_a or side == 1, owes_b or side == 2
            if kind == 3:
                if attacked + attacks > 0:
                    stay_a, stay_b = stay_a or side == 2, stay_b or side == 1
                continue
            if (kind == 0 and attacked == 0) or (kind == 1 and attacks == 0):
                continue
            matched, struck = attacked, attacks
            if not anyone[p]:
                matched, struck = _covered(
                    attack, active, to, pledges.target_mode[p] != 1, pledges.targets[p], pledges.excluded[p]
                )
            c = code_of_counts(
                attacked, attacks, attacked + attacks, matched, struck, False, kind, pledges.target_mode[p], pledges.region[p],
                pledges.unprovoked[p], pledges.least[p], doubt[p],
            )  # fmt: skip
            if c == 3:
                stay_a, stay_b = stay_a or side == 2, stay_b or side == 1
                continue
            binding = c == 1
            if c == 4 or c == 7 or c == 9 or c == 10:
                unread[x] = True
                binding = uniform(seed, field.pledge_key[p], draw, np.uint64(2)) < field.undetermined[o]
            if binding and (not bind[side, x] or field.honour[o, p] > bound[side, x]):
                bind[side, x] = True
                bound[side, x] = field.honour[o, p]
                bound_by[side, x] = to
        extra[1, x] = field.theta[o, 11] * stay_a + field.theta[o, 12] * (owes_a and not bind[1, x])
        extra[2, x] = field.theta[o, 11] * stay_b + field.theta[o, 12] * (owes_b and not bind[2, x])


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"nnan", "nsz"})
def _lines(theta, start, which, other, ties, bound, extra, major, out):  # noqa: ANN001, ANN202
    """Write the part of the log-rates that is linear in ties. Modified: ``out``."""
    friend, foe, near = ties[0, which], ties[1, which], ties[2, which]
    for x in range(len(out)):
        out[x] = start + bound[x] + extra[x] + theta[2] * friend[x] + theta[5] * foe[x] + theta[7] * near[x]
    friend_other, foe_other, near_other = ties[0, other], ties[1, other], ties[2, other]
    for x in range(len(out)):
        out[x] += theta[4] * friend_other[x] + theta[3] * foe_other[x] + theta[6] * near_other[x] + theta[8] * major[x]


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"nnan", "nsz"})
def _raise(odds, weight, own, log_own, log_against, power, reach, outside, out):  # noqa: ANN001, ANN202
    """Turn the linear part into rates, odds and weight added. Modified: ``out``."""
    for x in range(len(out)):
        force = _log(max(own + power[x] * reach[x], 1e-12))
        eta = out[x] + odds * min(max(force - log_against, -3.0), 3.0) + weight * min(force - log_own, 3.0)
        out[x] = _exp(min(max(eta, -600.0), 30.0)) * outside[x]


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"nnan", "nsz"})
def _numbers(number, shared, needed, outside):  # noqa: ANN001, ANN202
    """Turn uniform numbers into exponential ones over a factor of all rates; return whether any outsider's is low enough. Modified: ``number``."""
    some = 0.0
    for x in range(len(number)):
        number[x] = -_log(number[x]) / shared
        some = max(some, (needed[x] - number[x]) * outside[x])
    return some > 0.0


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"nnan", "nsz"})
def _next(number, rate_a, rate_b):  # noqa: ANN001, ANN202
    """Return the least accumulated base at which an outsider enters, and who; -1 for nobody."""
    soonest, who = 1e300, -1
    for x in range(len(number)):
        both = rate_a[x] + rate_b[x]
        if number[x] < soonest * both:
            soonest, who = number[x] / both, x
    return soonest, who


@njit(cache=True, nogil=True)
def _rates(theta, power, major, ties, strength, joined, owed, outside, rate):  # noqa: ANN001, ANN202
    """Write the rates at which every outsider enters either side, 0 for all others. Modified: ``rate``."""
    for which in range(1, 3):
        other = 3 - which
        own, against = max(strength[which - 1], 1e-12), max(strength[other - 1], 1e-12)
        start = (
            theta[0]
            + (theta[1] if which == 2 else 0.0)
            + theta[13] * np.log1p(joined[which])
            + theta[14] * np.log1p(joined[other])
        )
        _lines(theta, start, which, other, ties, owed[0][which], owed[1][which], major, rate[which])
        _raise(theta[9], theta[10], own, np.log(own), np.log(against), power, ties[3, other], outside, rate[which])


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
    power, friend_of, near_of, reach_of = field.power, field.friend, field.near, field.reach
    major, actor_key, theta_of, leaves, ends, fronts = (
        field.major,
        field.actor_key,
        field.theta,
        field.leave,
        field.end,
        field.front,
    )
    cuts = np.array(CUTS)
    side = np.zeros((n_draws, n), dtype=np.int8)
    entered = np.full((n_draws, n), -1, dtype=np.int8)
    cause = np.full((n_draws, n), -1, dtype=np.int8)
    through = np.full((n_draws, n), -1, dtype=np.int16)
    won = np.zeros(n_draws, dtype=np.int8)
    day = np.full((n_draws, n), -1.0, dtype=np.float32)
    left = np.full((n_draws, n), -1.0, dtype=np.float32)
    ended = np.full(n_draws, -1.0, dtype=np.float32)
    of_owner = np.argsort(pledges.by, kind="mergesort")
    owner_first = np.searchsorted(pledges.by[of_owner], np.arange(n + 1))
    own_word = np.array([mix(mix(seed) ^ actor_key[x]) for x in range(n)])
    war_word = mix(mix(seed) ^ np.uint64(0))
    doubt = np.where(pledges.conflict, 1, np.where(pledges.unclear, 2, 0))
    anyone = np.array(
        [pledges.target_mode[p] != 1 and not pledges.excluded[p].any() for p in range(len(pledges.by))], dtype=np.bool_
    )
    world = (seed, field, pledges, anyone, doubt, of_owner, owner_first, mute)
    ties = np.zeros((4, 3, n))
    attack = np.zeros((n, n), dtype=np.bool_)
    attackers_of, victims_of = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
    counts = (attackers_of, victims_of)
    number, leaving, leave_rate = np.zeros(n), np.zeros(n), np.zeros(n)
    rate, bound, extra = np.zeros((3, n)), np.zeros((3, n)), np.zeros((3, n))
    bound_by, bind = np.zeros((3, n), dtype=np.int64), np.zeros((3, n), dtype=np.bool_)
    owed = (bound, extra, bound_by, bind)
    outside, holder = np.ones(n), np.zeros(n, dtype=np.bool_)
    rows, turned = (
        np.zeros((3, n, n)),
        np.full(n, -1, dtype=np.int64),
    )  # columns of the inputs as rows, of one outer draw each
    to_ally = np.argsort(pledges.to, kind="mergesort")
    ally_first = np.searchsorted(pledges.to[to_ally], np.arange(n + 1))
    # the state at the first shot, kept while first shot and inputs stay the same
    kept_ties, kept_rate, kept_bound, kept_extra = (
        np.zeros((4, 3, n)),
        np.zeros((3, n)),
        np.zeros((3, n)),
        np.zeros((3, n)),
    )
    kept_by, kept_bind = np.zeros((3, n), dtype=np.int64), np.zeros((3, n), dtype=np.bool_)
    kept_holder = np.zeros(n, dtype=np.bool_)
    unread, first_unread, n_open, needed = np.zeros(n, dtype=np.bool_), np.zeros(n, dtype=np.bool_), 0, np.zeros(n)
    have_o, have_a, have_b, dirty = -1, -1, -1, False
    base, leave_base, end_base = np.zeros(len(cuts)), np.zeros(len(cuts)), np.zeros(len(cuts))
    belligerents = np.zeros(n, dtype=np.int64)
    joined = np.zeros(3)
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
            whole = _sum_to(days, base, cuts)
            ties[:], outside[:], holder[:] = 0.0, 1.0, False
            bound[:], extra[:], bind[:] = 0.0, 0.0, False
            outside[a] = outside[b] = 0.0
            for y in active:
                _turn(y, o, friend_of, near_of, reach_of, rows, turned)
                _meet(y, s[y], rows, ties)
                for q in range(ally_first[y], ally_first[y + 1]):
                    holder[pledges.by[to_ally[q]]] = True
            start_a, start_b = _bear(s, active, power[o], ties)
            start_end = np.exp(ends[o, 0] + ends[o, 2] * abs(_odds(start_a, start_b)))
            unread[:] = False
            _claim(holder, draw, o, world, s, gone, active, attack, counts, owed, unread)
            first_unread[:] = unread
            n_open = unread.sum()
            _rates(theta, power[o], major, ties, (start_a, start_b), joined, owed, outside, rate)
            for x in range(n):
                needed[x] = (rate[1, x] + rate[2, x]) * whole
            kept_ties[:], kept_rate[:], kept_bound[:], kept_extra[:], kept_by[:], kept_bind[:] = (
                ties,
                rate,
                bound,
                extra,
                bound_by,
                bind,
            )
            kept_holder[:] = holder
        elif dirty:
            ties[:], rate[:], bound[:], extra[:], bound_by[:], bind[:] = (
                kept_ties,
                kept_rate,
                kept_bound,
                kept_extra,
                kept_by,
                kept_bind,
            )
            holder[:], outside[:] = kept_holder, 1.0
            outside[a] = outside[b] = 0.0
        dirty = False
        if n_open:
            _claim(first_unread, draw, o, world, s, gone, active, attack, counts, owed, unread)
            _rates(theta, power[o], major, ties, (start_a, start_b), joined, owed, outside, rate)
            for x in range(n):
                if first_unread[x]:
                    needed[x] = (rate[1, x] + rate[2, x]) * whole
        z = mix(mix(war_word ^ draw) ^ np.uint64(7))
        end_number = -np.log((np.float64(z >> np.uint64(11)) + 0.5) * 2.0**-53)
        z = mix(mix(war_word ^ draw) ^ np.uint64(8))
        shared = field.frailty[o, int(np.float64(z >> np.uint64(11)) * 2.0**-53 * field.frailty.shape[1])]
        if branch is not None:
            shared = branch.shared[d]
        for x in range(n):
            z = mix(mix(own_word[x] ^ draw) ^ np.uint64(1))
            number[x] = (np.float64(z >> np.uint64(11)) + 0.5) * 2.0**-53
        running = _numbers(number, shared, needed, outside)
        now, strength_a, strength_b = 0.0, start_a, start_b
        if not running:
            at = _when(end_number / start_end, end_base, cuts)
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
                    _turn(y, o, friend_of, near_of, reach_of, rows, turned)
                    _meet(y, s[y], rows, ties)
                    outside[y] = 0.0
                    for q in range(ally_first[y], ally_first[y + 1]):
                        holder[pledges.by[to_ally[q]]] = True
                known = m
                strength_a, strength_b = _bear(s, active, power[o], ties)
                _claim(holder, draw, o, world, s, gone, active, attack, counts, owed, unread)
                _rates(theta, power[o], major, ties, (strength_a, strength_b), joined, owed, outside, rate)
            # the next event
            total = _sum_to(now, base, cuts)
            soonest, who = _next(number, rate[1], rate[2])
            at, what = (_when(total + soonest, base, cuts), 1) if who >= 0 and soonest < whole else (1e30, 0)
            size_a = size_b = 0
            for y in active:
                size_a += s[y] == 1
                size_b += s[y] == 2
            leave_total, goer, soonest_leave, ratio = (
                _sum_to(now, leave_base, cuts),
                -1,
                1e300,
                _odds(strength_a, strength_b),
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
                leave_at = _when(leave_total + soonest_leave, leave_base, cuts)
                if leave_at < at:
                    at, what = leave_at, 2
            end_rate = np.exp(ends[o, 0] + ends[o, 1] * np.log(m / 2.0) + ends[o, 2] * abs(ratio))
            end_total = _sum_to(now, end_base, cuts)
            end_at = _when(end_total + end_number / end_rate, end_base, cuts)
            if end_at < at:
                at, what = end_at, 3
            if at > days:
                break
            passed = _sum_to(at, base, cuts) - total
            for x in range(n):
                number[x] -= passed * (rate[1, x] + rate[2, x])
            passed = _sum_to(at, leave_base, cuts) - leave_total
            for y in active:
                if leave_rate[y] > 0.0:
                    leaving[y] = max(leaving[y] - passed * leave_rate[y], 1e-300)
            end_number -= (_sum_to(at, end_base, cuts) - end_total) * end_rate
            now = at
            if what == 3:
                ended[d] = at
                running = False
            elif what == 2:
                left[d, goer] = at
                for k in range(m):
                    if belligerents[k] == goer:
                        for j in range(k, m - 1):
                            belligerents[j] = belligerents[j + 1]
                        break
                m -= 1
                for y in belligerents[:m]:
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
                    through[d, x] = _strongest(o, x, joins, s, active, friend_of, 1.0)
                elif why == 3:
                    through[d, x] = _strongest(o, x, other, s, active, friend_of, -1.0)
                elif why == 4:
                    closer = other if theta[6] * ties[2, other, x] >= theta[7] * ties[2, joins, x] else joins
                    through[d, x] = _strongest(o, x, closer, s, active, near_of, 1.0)
                for y in active:
                    if s[y] != other:
                        continue
                    if struck_first:
                        if y == through[d, x]:
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
        for y in belligerents[:m]:
            attack[y] = False
            attackers_of[y] = victims_of[y] = 0
            leaving[y] = 0.0
        r = field.decisiveness[o]
        strong, weak = strength_a**r, strength_b**r
        share = strong / (strong + weak) if strong + weak > 0 else 0.5
        if uniform(seed, np.uint64(0), word, np.uint64(3)) < share:
            won[d] = 1
    return side, entered, cause, through, won, day, left, ended


# ---- the plain twin


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
        total, ahead = _sum_to.py_func(now, base, cuts), _sum_to.py_func(days, base, cuts)
        entry_at = _when.py_func(total + waits[x], base, cuts) if waits[x] < ahead else 1e30
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
        leave_total = _sum_to.py_func(now, leave_base, cuts)
        leave_at = _when.py_func(leave_total + spans[goer], leave_base, cuts) if np.isfinite(spans[goer]) else 1e30
        # the end
        stops = float(np.exp(field.end[o] @ np.array([1.0, np.log(here.sum() / 2.0), abs(ratio)])))
        end_total = _sum_to.py_func(now, end_base, cuts)
        end_at = _when.py_func(end_total + end_number / stops, end_base, cuts)
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
        number = number - (_sum_to.py_func(at, base, cuts) - total) * both
        leaving = np.maximum(leaving - (_sum_to.py_func(at, leave_base, cuts) - leave_total) * go, 1e-300)
        end_number -= (_sum_to.py_func(at, end_base, cuts) - end_total) * stops
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
        (weigh["bound"], int(claims.bound_by[x, joins])), (weigh["attraction"], int(np.argmax(np.where(own, field.friend[o][x], -2)))),
        (weigh["hostility"], int(np.argmax(np.where(other, -field.friend[o][x], -2)))),
        (max(weigh["proximity"], weigh["near_own"]), int(np.argmax(np.where(closer, field.near[o][x], -2)))),
    )  # fmt: skip
    cause, through, best = 5, -1, 0.0
    for t, (value, at) in enumerate(options):
        if value > best + 1e-12:
            cause, through, best = t + 1, at, value
    return cause, through, np.zeros(0, dtype=np.int64)


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
