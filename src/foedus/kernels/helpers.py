"""Who would come if each other one attacked a given actor, by helper and over draws; and the chance to hold, over who comes.

The rates are those of a first shot, as in `foedus.kernels.support`, kept apart by helper. Entries are independent given the factor that the rates of
one war share; those whom entrants would draw in do not count. Knows positions and numbers only.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from foedus.kernels.obligation import code

NONE, BINDS, OPEN = range(3)
"""What a pledge says of a war: nothing to fight for, bound, or a condition that the data leave open."""


@njit(cache=True, nogil=True)
def claims(target, n, pledges, foes):  # noqa: ANN001, ANN201
    """Return what the pledges say if each other one attacks ``target`` and nobody has joined.

    Parameters
    ----------
    target, n : int
    pledges : Pledges
    foes : int array, shape (F,)
        Attackers.

    Returns
    -------
    says : int8 array, shape (F, P)
        `NONE`, `BINDS` or `OPEN`, by attacker; a pledge speaks for the side of the one to whom it was made.
    owes, stay : bool arrays, shape (F, 2, n)
        By attacker, side (0 the attacker's) and outsider: some pledge to fight was made to that side; one forbids joining it.
    """
    says = np.zeros((len(foes), len(pledges.by)), dtype=np.int8)
    owes, stay = np.zeros((len(foes), 2, n), dtype=np.bool_), np.zeros((len(foes), 2, n), dtype=np.bool_)
    attack = np.zeros((n, n), dtype=np.bool_)
    active = np.zeros(2, dtype=np.int64)
    order = np.argsort(pledges.to, kind="mergesort")
    first = np.searchsorted(pledges.to[order], np.arange(n + 1))
    for f in range(len(foes)):
        i = foes[f]
        if i == target:
            continue
        attack[i, target] = True
        active[0], active[1] = i, target
        for s in range(2):
            to = i if s == 0 else target
            for q in range(first[to], first[to + 1]):
                p = order[q]
                k = pledges.by[p]
                if k in (i, target):
                    continue
                c = code(attack, active, p, pledges)
                if pledges.kind[p] < 2:
                    owes[f, s, k] = True
                if c == 3:
                    stay[f, 1 - s, k] = True
                elif c == 1:
                    says[f, p] = BINDS
                elif c in (4, 7, 9, 10):
                    says[f, p] = OPEN
        attack[i, target] = False
    return says, owes, stay


@njit(cache=True, nogil=True)
def entry_rates(  # noqa: ANN201, PLR0913, PLR0917
    target, outsiders, theta, honour, unread, power, friend, near, reach, major, by, to, says, owes, stay, shift, foes  # noqa: ANN001
):  # fmt: skip
    """Return the rate at which each outsider enters either side of a war on ``target``.

    Parameters
    ----------
    target : int
    outsiders : int array, shape (K,)
    theta : array, shape (O, 15)
        Coefficients of `foedus.kernels.cascade.RATE_TERMS`, eras in the constant.
    honour : array, shape (O, P)
        What a binding pledge adds to the log-rate.
    unread : array, shape (O,)
        Share of that for an open clause.
    power : array, shape (O, n)
    friend, near, reach : arrays, shape (O, n, n)
    major : array, shape (n,)
    by, to : int arrays, shape (P,)
    says, owes, stay : arrays as of `claims`
    shift : array, shape (O, 3, n)
        Added to the log-rate of the outsider, for the one whose side it enters and for the other.
    foes : int array, shape (F,)
        Attackers.

    Returns
    -------
    out, bare : float32 arrays, shape (O, F, 2, K)
        By draw, attacker, side (0 the attacker's) and outsider, with what pledges say and without; times the base of the rates each is a rate a day.
        0 for the two at war.
    """
    draws, n = power.shape
    count = len(outsiders)
    out = np.zeros((draws, len(foes), 2, count), dtype=np.float32)
    bare = np.zeros((draws, len(foes), 2, count), dtype=np.float32)
    help_ = np.empty((2, n))
    speaks = [np.flatnonzero(says[f]) for f in range(len(foes))]
    for o in range(draws):
        t = theta[o]
        for f in range(len(foes)):
            i = foes[f]
            if i == target:
                continue
            help_[:] = -1e9
            for p in speaks[f]:
                worth = honour[o, p] * (1.0 if says[f, p] == BINDS else unread[o])
                s = 1 if to[p] == target else 0
                help_[s, by[p]] = max(help_[s, by[p]], worth)
            strength = (power[o, i] * reach[o, i, target], power[o, target] * reach[o, target, i])
            for s in range(2):
                own, other = (i, target) if s == 0 else (target, i)
                mine, theirs = strength[s], strength[1 - s]
                for x in range(count):
                    k = outsiders[x]
                    if k in (i, target):
                        continue
                    added = power[o, k] * reach[o, k, other]
                    eta = t[0] + t[1] * s + shift[o, 0, k] + shift[o, 1, own] + shift[o, 2, other]
                    eta += t[2] * max(friend[o, k, own], 0.0) + t[3] * max(-friend[o, k, other], 0.0)
                    eta += t[4] * max(friend[o, k, other], 0.0) + t[5] * max(-friend[o, k, own], 0.0)
                    eta += t[6] * near[o, k, other] + t[7] * near[o, k, own] + t[8] * major[k]
                    ratio = np.log(max(mine + added, 1e-12) / max(theirs, 1e-12))
                    eta += t[9] * min(max(ratio, -3.0), 3.0)
                    eta += t[10] * min(np.log1p(added / max(mine, 1e-12)), 3.0)
                    said = t[11] if stay[f, s, k] else 0.0
                    if help_[s, k] > -1e8:
                        said += help_[s, k]
                    elif owes[f, s, k]:
                        said += t[12]
                    bare[o, f, s, x] = np.exp(min(eta, 30.0))
                    out[o, f, s, x] = bare[o, f, s, x] if said == 0.0 else np.exp(min(eta + said, 30.0))
    return out, bare


@njit(cache=True, nogil=True)
def entry_chances(rates, whole, factor):  # noqa: ANN001, ANN201
    """Return the chance to enter either side within the horizon.

    Parameters
    ----------
    rates : array, shape (O, F, 2, n)
    whole : array, shape (O,)
        Base accumulated over the horizon.
    factor : array, shape (Q,)
        Values, equally likely, of the factor that the rates of one war share.

    Returns
    -------
    float32 array, shape (O, F, 2, n)
    """
    out = np.zeros(rates.shape, dtype=np.float32)
    draws, foes, _, n = rates.shape
    for o in range(draws):
        for f in range(foes):
            for k in range(n):
                total = np.float64(rates[o, f, 0, k]) + np.float64(rates[o, f, 1, k])
                if total <= 0:
                    continue
                came = 0.0
                for q in range(len(factor)):
                    came -= np.expm1(-factor[q] * total * whole[o])
                came /= len(factor) * total
                out[o, f, 0, k], out[o, f, 1, k] = came * rates[o, f, 0, k], came * rates[o, f, 1, k]
    return out


@njit(cache=True, nogil=True)
def _prevails(mine, theirs, steep, ratio_form):  # noqa: ANN001, ANN202
    """Return the chance that ``mine`` holds: of the ratio of strengths, or of their difference."""
    if not ratio_form:
        return 1.0 / (1.0 + np.exp(min(max(steep * (theirs - mine), -700.0), 700.0)))
    if mine <= 0.0 and theirs <= 0.0:
        return 0.5
    if mine <= 0.0 or theirs <= 0.0:
        return 1.0 if theirs <= 0.0 else 0.0
    return 1.0 / (1.0 + np.exp(min(max(steep * np.log(theirs / mine), -700.0), 700.0)))


@njit(cache=True, nogil=True)
def holds(rates, whole, factor, own, foe, strength, counted, named, named_foe, steep, ratio_form):  # noqa: ANN001, ANN201
    """Return the chance that the attacked one holds, for every set of its named helpers, over who comes.

    Parameters
    ----------
    rates : array, shape (O, F, 2, n)
        As of `entry_rates`, for F attackers.
    whole, factor : arrays, shapes (O,) and (Q,)
    own : array, shape (O,)
        Strength of the attacked one.
    foe : array, shape (O, F)
        Strength that each attacker brings.
    strength : array, shape (O, n)
        What each outsider brings where the attacked one is.
    counted : bool array, shape (n,)
        Other helpers who count, at their expectation; the named ones are left out of it.
    named, named_foe : int arrays, shapes (m,) and (h,)
        Helpers of the attacked one, and of the attacker, who come or do not; the attacker's others count at their expectation.
    steep : array, shape (O, F)
    ratio_form : bool
        Tullock's contest of the ratio, exponent ``steep``; else Hirshleifer's of the difference.

    Returns
    -------
    float64 array, shape (O, F, 2**m)
        Bit b of the last position says whether ``named[b]`` counts. Exact over who of the named comes, given the factor.
    """
    draws, foes, _, n = rates.shape
    m, h = len(named), len(named_foe)
    out = np.zeros((draws, foes, 1 << m))
    mine, theirs, chance_foe = np.empty(1 << m), np.empty(1 << h), np.empty(1 << h)
    value = np.empty(1 << m)
    enters = np.empty((2, n))
    is_named, is_foe = np.zeros(n, dtype=np.bool_), np.zeros(n, dtype=np.bool_)
    for b in range(m):
        is_named[named[b]] = True
    for b in range(h):
        is_foe[named_foe[b]] = True
    for o in range(draws):
        for f in range(foes):
            for q in range(len(factor)):
                mine[0], theirs[0], chance_foe[0] = own[o], foe[o, f], 1.0
                for k in range(n):
                    total = np.float64(rates[o, f, 0, k]) + np.float64(rates[o, f, 1, k])
                    came = -np.expm1(-factor[q] * total * whole[o]) / total if total > 0 else 0.0
                    enters[0, k], enters[1, k] = came * rates[o, f, 0, k], came * rates[o, f, 1, k]
                    if counted[k] and not is_named[k]:
                        mine[0] += enters[1, k] * strength[o, k]
                    if not is_foe[k]:
                        theirs[0] += enters[0, k] * strength[o, k]
                for b in range(m):
                    for s in range(1 << b):
                        mine[s | 1 << b] = mine[s] + strength[o, named[b]]
                for b in range(h):
                    p = enters[0, named_foe[b]]
                    for s in range(1 << b):
                        theirs[s | 1 << b] = theirs[s] + strength[o, named_foe[b]]
                        chance_foe[s | 1 << b] = chance_foe[s] * p
                        chance_foe[s] *= 1.0 - p
                for s in range(1 << m):
                    value[s] = 0.0
                    for g in range(1 << h):
                        value[s] += chance_foe[g] * _prevails(mine[s], theirs[g], steep[o, f], ratio_form)
                for b in range(m):
                    p = enters[1, named[b]]
                    for s in range(1 << m):
                        if s >> b & 1:
                            value[s] = (1.0 - p) * value[s ^ 1 << b] + p * value[s]
                for s in range(1 << m):
                    out[o, f, s] += value[s] / len(factor)
    return out
