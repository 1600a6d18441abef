"""Rates at which outsiders enter a war, from what belligerents and pledges mean to them.

Compiled. ``ties`` (4, 3, wide) is everyone's strongest friendship, enmity and nearness to each side and the strength that it could bring to bear
there; ``owed`` what pledges add. Both are kept from event to event and only raised or read again where an event touched them. Draws nothing but how
an open clause is read.
"""

from __future__ import annotations

import numpy as np

from foedus.kernels.cascade_clock import fast_exp, fast_log, njit
from foedus.kernels.obligation import code_of_counts
from foedus.kernels.streams import uniform


@njit(cache=True, nogil=True, _nrt=False)
def log_odds(own, against):  # noqa: ANN001, ANN201
    """Return the logarithm of the ratio of two strengths, between -3 and 3."""
    return min(max(np.log(max(own, 1e-12) / max(against, 1e-12)), -3.0), 3.0)


@njit(cache=True, nogil=True, _nrt=False)
def bear(s, active, power, ties):  # noqa: ANN001, ANN201
    """Return the strength that each side brings to bear on the other."""
    a = b = 0.0
    for y in active:
        if s[y] == 1:
            a += power[y] * ties[3, 2, y]
        else:
            b += power[y] * ties[3, 1, y]
    return a, b


@njit(cache=True, nogil=True, _nrt=False)
def turn(y, o, friend_of, near_of, reach_of, rows, turned):  # noqa: ANN001, ANN201
    """Set what everyone has to do with ``y`` beside each other, once an outer draw. Modified in place."""
    if turned[y] != o:
        turned[y] = o
        for x in range(friend_of.shape[1]):
            rows[0, y, x], rows[1, y, x], rows[2, y, x] = friend_of[o, x, y], near_of[o, x, y], reach_of[o, x, y]


@njit(cache=True, nogil=True, _nrt=False)
def meet(y, which, rows, ties):  # noqa: ANN001, ANN201
    """Raise everyone's strongest friendship, enmity, nearness and reach to a side by its member ``y``. Modified in place."""
    friends, nears, reaches = rows[0, y], rows[1, y], rows[2, y]
    friend, foe, near, reach = ties[0, which], ties[1, which], ties[2, which], ties[3, which]
    for x in range(len(friend)):
        friend[x] = max(friend[x], friends[x])
        foe[x] = max(foe[x], -friends[x])
        near[x] = max(near[x], nears[x])
        reach[x] = max(reach[x], reaches[x])


@njit(cache=True, nogil=True, _nrt=False)
def stir(y, of_ally, stale):  # noqa: ANN001, ANN201
    """Mark those with a pledge to ``y``, of whom more or less may be asked now. Modified: ``stale``."""
    to_ally, first, by = of_ally
    for q in range(first[y], first[y + 1]):
        stale[by[to_ally[q]]] = True


@njit(cache=True, nogil=True, _nrt=False)
def set_outside(a, b, outside, n):  # noqa: ANN001, ANN201
    """Let everybody stand outside but the two of the first shot, and the places beyond the last actor. Modified: ``outside``."""
    outside[:n], outside[n:] = 1.0, 0.0
    outside[a] = outside[b] = 0.0


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


@njit(cache=True, nogil=True, _nrt=False)
def claim(chosen, draw, o, world, s, left, active, attack, counts, owed, unread):  # noqa: ANN001, ANN201
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
        force = fast_log(max(own + power[x] * reach[x], 1e-12))
        eta = out[x] + odds * min(max(force - log_against, -3.0), 3.0) + weight * min(force - log_own, 3.0)
        out[x] = fast_exp(min(max(eta, -600.0), 30.0)) * outside[x]


@njit(cache=True, nogil=True, _nrt=False)
def entry_rates(theta, power, major, ties, strength, joined, logs, owed, outside, rate):  # noqa: ANN001, ANN201
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
