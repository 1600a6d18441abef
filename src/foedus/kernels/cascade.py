"""Spread of a war in continuous time, compiled; its plain twin is `foedus.kernels.cascade_reference.spread_reference`.

While a war goes on, an outsider enters side s at a rate a day of ``exp(base + eta_s)``; base is constant within classes of days. Each outsider holds
one exponential number for the whole war and enters when its accumulated rate passes it, so a draw is a function of (seed, draw, actor) alone. Between
two events every rate keeps its proportion to the base, so only accumulated base, not time, is compared. The rules are those of
``docs/decisions/0014-a-war-spreads-by-fitted-rates.md``. Knows positions and numbers only.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from foedus.kernels.obligation import code_of_counts
from foedus.kernels.streams import mix, uniform

njit: Any = numba.njit
"""Without a type: no stub of Numba's knows ``_nrt=False``, which leaves the counting of references out of what makes no array."""
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


@njit(cache=True, nogil=True, _nrt=False)
def sum_to(t, base, cuts):  # noqa: ANN001, ANN201
    """Return the base accumulated from day 0 to day ``t``; ``base`` is a rate, not its logarithm."""
    total = 0.0
    for k in range(len(cuts)):
        if t <= cuts[k]:
            break
        last = cuts[k + 1] if k + 1 < len(cuts) else t
        total += base[k] * (min(t, last) - cuts[k])
    return total


@njit(cache=True, nogil=True, _nrt=False)
def when_reached(total, base, cuts):  # noqa: ANN001, ANN201
    """Return the day by which so much base is accumulated; the inverse of `sum_to`."""
    for k in range(len(cuts)):
        if k + 1 == len(cuts):
            return cuts[k] + total / base[k] if base[k] > 0 else 1e30
        here = base[k] * (cuts[k + 1] - cuts[k])
        if total < here:
            return cuts[k] + total / base[k]
        total -= here
    return 1e30


@njit(cache=True, nogil=True, _nrt=False)
def _strongest(o, x, which, s, active, values, sign):  # noqa: ANN001, ANN202
    """Return the member of side ``which`` at which ``sign * values[o, x]`` is greatest and above 0, the first of equals; -1 for none."""
    best, at = 0.0, -1
    for y in active:
        if s[y] == which:
            value = sign * values[o, x, y]
            if value > best or (value == best and at >= 0 and y < at):
                best, at = value, y
    return at


@njit(cache=True, nogil=True, _nrt=False)
def _odds(own, against):  # noqa: ANN001, ANN202
    """Return the logarithm of the ratio of two strengths, between -3 and 3."""
    return min(max(np.log(max(own, 1e-12) / max(against, 1e-12)), -3.0), 3.0)


@njit(cache=True, nogil=True, _nrt=False)
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
        1.0 + r * (0.5 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120 + r * (1 / 720 + r * (1 / 5040 + r * (1 / 40320)))))))
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
    p = 1.0 + q * (1 / 3 + q * (1 / 5 + q * (1 / 7 + q * (1 / 9 + q * (1 / 11 + q * (1 / 13))))))
    exponent = np.uint64(k + np.uint64(4841369599423283200)).view(np.float64) - 4503599627371520.0
    return exponent * 0.6931471805599453 + 2.0 * z * p


@njit(cache=True, nogil=True, _nrt=False)
def _meet(y, which, rows, ties):  # noqa: ANN001, ANN202
    """Raise everyone's strongest friendship, enmity, nearness and reach to a side by its member ``y``. Modified in place."""
    friends, nears, reaches = rows[0, y], rows[1, y], rows[2, y]
    friend, foe, near, reach = ties[0, which], ties[1, which], ties[2, which], ties[3, which]
    for x in range(len(friend)):
        friend[x] = max(friend[x], friends[x])
        foe[x] = max(foe[x], -friends[x])
        near[x] = max(near[x], nears[x])
        reach[x] = max(reach[x], reaches[x])


@njit(cache=True, nogil=True, _nrt=False)
def _turn(y, o, friend_of, near_of, reach_of, rows, turned):  # noqa: ANN001, ANN202
    """Set what everyone has to do with ``y`` beside each other, once an outer draw. Modified in place."""
    if turned[y] != o:
        turned[y] = o
        for x in range(friend_of.shape[1]):
            rows[0, y, x], rows[1, y, x], rows[2, y, x] = friend_of[o, x, y], near_of[o, x, y], reach_of[o, x, y]


@njit(cache=True, nogil=True, _nrt=False)
def _stir(y, of_ally, stale):  # noqa: ANN001, ANN202
    """Mark those with a pledge to ``y``, of whom more or less may be asked now. Modified: ``stale``."""
    to_ally, first, by = of_ally
    for q in range(first[y], first[y + 1]):
        stale[by[to_ally[q]]] = True


@njit(cache=True, nogil=True, _nrt=False)
def _open(a, b, outside, n):  # noqa: ANN001, ANN202
    """Let everybody stand outside but the two of the first shot, and the places beyond the last actor. Modified: ``outside``."""
    outside[:n], outside[n:] = 1.0, 0.0
    outside[a] = outside[b] = 0.0


@njit(cache=True, nogil=True, _nrt=False)
def _bear(s, active, power, ties):  # noqa: ANN001, ANN202
    """Return the strength that each side brings to bear on the other."""
    a = b = 0.0
    for y in active:
        if s[y] == 1:
            a += power[y] * ties[3, 2, y]
        else:
            b += power[y] * ties[3, 1, y]
    return a, b


@njit(cache=True, nogil=True, _nrt=False)
def _claim(chosen, draw, o, world, s, left, active, attack, counts, owed, unread):  # noqa: ANN001, ANN202
    """Write what pledges demand of the outsiders marked in ``chosen``. Modified: ``owed``, and ``unread``, whose clauses were open."""
    bound, extra, bound_by, bind = owed
    seed, field, pledges, anyone, doubt, of_owner, owed_to, owner_first, mute = world
    attackers_of, victims_of = counts
    for x in range(len(s)):
        if not chosen[x] or s[x] != 0:
            continue
        stay_a = stay_b = owes_a = owes_b = False
        unread[x] = False
        bound[1, x] = bound[2, x] = 0.0
        bind[1, x] = bind[2, x] = False
        for q in range(owner_first[x], owner_first[x + 1]):
            to = owed_to[q]
            if s[to] == 0 or left[to] >= 0 or x == mute:
                continue
            p = of_owner[q]
            kind = pledges.kind[p]
            if kind == 4:
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


@njit(cache=True, nogil=True, _nrt=False, error_model="numpy", fastmath={"nnan", "nsz"})
def _lines(theta, start, which, other, ties, bound, extra, major, out):  # noqa: ANN001, ANN202
    """Write the part of the log-rates that is linear in ties. Modified: ``out``."""
    friend, foe, near = ties[0, which], ties[1, which], ties[2, which]
    for x in range(len(out)):
        out[x] = start + bound[x] + extra[x] + theta[2] * friend[x] + theta[5] * foe[x] + theta[7] * near[x]
    friend_other, foe_other, near_other = ties[0, other], ties[1, other], ties[2, other]
    for x in range(len(out)):
        out[x] += theta[4] * friend_other[x] + theta[3] * foe_other[x] + theta[6] * near_other[x] + theta[8] * major[x]


@njit(cache=True, nogil=True, _nrt=False, error_model="numpy", fastmath={"nnan", "nsz"})
def _raise(odds, weight, own, log_own, log_against, power, reach, outside, out):  # noqa: ANN001, ANN202
    """Turn the linear part into rates, odds and weight added. Modified: ``out``."""
    for x in range(len(out)):
        force = _log(max(own + power[x] * reach[x], 1e-12))
        eta = out[x] + odds * min(max(force - log_against, -3.0), 3.0) + weight * min(force - log_own, 3.0)
        out[x] = _exp(min(max(eta, -600.0), 30.0)) * outside[x]


@njit(cache=True, nogil=True, _nrt=False, error_model="numpy", fastmath={"nnan", "nsz"})
def _numbers(number, shared, needed):  # noqa: ANN001, ANN202
    """Turn uniform numbers into exponential ones over a factor of all rates; return whether any is low enough. Modified: ``number``."""
    some = 0
    for x in range(len(number)):
        number[x] = -_log(number[x]) / shared
    for x in range(len(number)):
        some += needed[x] > number[x]  # nothing is needed where nobody stands outside
    return some > 0


@njit(cache=True, nogil=True, _nrt=False, error_model="numpy", fastmath={"nnan", "nsz"})
def _next(number, rate_a, rate_b):  # noqa: ANN001, ANN202
    """Return the least accumulated base at which an outsider enters, and who; -1 for nobody."""
    soonest, who = 1e300, -1
    for x in range(len(number)):
        both = rate_a[x] + rate_b[x]
        if number[x] < soonest * both:
            soonest, who = number[x] / both, x
    return soonest, who


@njit(cache=True, nogil=True, _nrt=False)
def _rates(theta, power, major, ties, strength, joined, logs, owed, outside, rate):  # noqa: ANN001, ANN202
    """Write the rates at which every outsider enters either side, 0 for all others. Modified: ``rate``."""
    force_a, force_b = max(strength[0], 1e-12), max(strength[1], 1e-12)
    log_a, log_b = np.log(force_a), np.log(force_b)
    for which in range(1, 3):
        other = 3 - which
        own, log_own, log_against = (force_a, log_a, log_b) if which == 1 else (force_b, log_b, log_a)
        start = (
            theta[0]
            + (theta[1] if which == 2 else 0.0)
            + theta[13] * logs[int(joined[which])]
            + theta[14] * logs[int(joined[other])]
        )
        _lines(theta, start, which, other, ties, owed[0][which], owed[1][which], major, rate[which])
        _raise(theta[9], theta[10], own, log_own, log_against, power, ties[3, other], outside, rate[which])


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
            _open(a, b, outside, n)
            for y in active:
                _turn(y, o, friend_of, near_of, reach_of, rows, turned)
                _meet(y, s[y], rows, ties)
                _stir(y, of_ally, stale)
            start_a, start_b = _bear(s, active, strength, ties)
            start_end = np.exp(ends[o, 0] + ends[o, 2] * abs(_odds(start_a, start_b)))
            unread[:] = False
            _claim(stale, draw, o, world, s, gone, active, attack, counts, owed, unread)
            stale[:] = False
            n_open = 0
            for x in range(n):
                first_unread[x] = unread[x]
                n_open += unread[x]
            _rates(theta, strength, major, ties, (start_a, start_b), joined, logs, owed, outside, rate)
            for x in range(wide):
                needed[x] = (rate[1, x] + rate[2, x]) * whole
            _copy(state, kept)
        elif dirty:
            _copy(kept, state)
            _open(a, b, outside, n)
        dirty = False
        if n_open:
            _claim(first_unread, draw, o, world, s, gone, active, attack, counts, owed, unread)
            _rates(theta, strength, major, ties, (start_a, start_b), joined, logs, owed, outside, rate)
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
        running = _numbers(number, shared, needed)
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
                    _turn(y, o, friend_of, near_of, reach_of, rows, turned)
                    _meet(y, s[y], rows, ties)
                    outside[y] = 0.0
                known = m
                strength_a, strength_b = _bear(s, active, strength, ties)
                _claim(stale, draw, o, world, s, gone, active, attack, counts, owed, unread)
                stale[:] = False
                _rates(theta, strength, major, ties, (strength_a, strength_b), joined, logs, owed, outside, rate)
            # the next event
            total = sum_to(now, base, cuts)
            soonest, who = _next(number, rate[1], rate[2])
            at, what = (when_reached(total + soonest, base, cuts), 1) if who >= 0 and soonest < whole else (1e30, 0)
            size_a = size_b = 0
            for y in active:
                size_a += s[y] == 1
                size_b += s[y] == 2
            leave_total, goer, soonest_leave, ratio = (
                sum_to(now, leave_base, cuts),
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
                _stir(goer, of_ally, stale)
                for k in range(m):
                    if belligerents[k] == goer:
                        for j in range(k, m - 1):
                            belligerents[j] = belligerents[j + 1]
                        break
                m -= 1
                for y in belligerents[:m]:
                    if attack[goer, y] or attack[y, goer]:
                        _stir(y, of_ally, stale)
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
                _stir(x, of_ally, stale)
                for y in active:
                    if s[y] != other or (struck_first and y != through[d, x]):
                        continue
                    _stir(y, of_ally, stale)
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
