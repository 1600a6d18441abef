"""Who would come to whose help if i attacked j, for every pair at once: chances by the rates of a first shot, and the strength that they bring.

Two states are at war and nobody has joined; entries of others within the horizon count, those that these would draw in do not. Knows positions
and numbers only.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from foedus.kernels.obligation import code


@njit(cache=True, nogil=True)
def expected_support(  # noqa: ANN201, PLR0913, PLR0917
    theta, bound, size_term, whole, power, friend, near, reach, major, partners, pledges, with_pledges, pairs=None  # noqa: ANN001
):  # fmt: skip
    """Return the strength expected to join i's and j's side if i attacks j.

    Parameters
    ----------
    theta : array, shape (15,)
        Coefficients of `foedus.kernels.cascade.RATE_TERMS`, eras folded into the constant.
    bound, size_term : float
        What a binding pledge adds, by itself and per ln of its pact's other members.
    whole : float
        Base accumulated over the horizon.
    power : array, shape (n,)
    friend, near, reach : arrays, shape (n, n)
    major : array, shape (n,)
    partners : int array, shape (P,)
    pledges : Pledges
    with_pledges : bool
        False leaves all pledges out.
    pairs : bool array, shape (n, n), optional
        Pairs that are computed; the others stay 0. All, if not given.

    Returns
    -------
    array, shape (2, n, n)
        Strength for i's and for j's side; rows attack columns. An open clause counts one half.
    """
    n = len(power)
    out = np.zeros((2, n, n))
    order = np.argsort(pledges.to, kind="mergesort")
    first = np.searchsorted(pledges.to[order], np.arange(n + 1))
    attack = np.zeros((n, n), dtype=np.bool_)
    active = np.zeros(2, dtype=np.int64)
    help_, owes, stay = np.zeros((2, n)), np.zeros((2, n), dtype=np.bool_), np.zeros((2, n), dtype=np.bool_)
    for i in range(n):
        for j in range(n):
            if i == j:
                continue
            if pairs is not None and not pairs[i, j]:
                continue
            help_[:], owes[:], stay[:] = -1e9, False, False
            if with_pledges:
                attack[i, j] = True
                active[0], active[1] = i, j
                for s in range(2):
                    to = i if s == 0 else j
                    for q in range(first[to], first[to + 1]):
                        p = order[q]
                        k = pledges.by[p]
                        if k in (i, j):
                            continue
                        c = code(attack, active, p, pledges)
                        if pledges.kind[p] < 2:
                            owes[s, k] = True
                        if c == 3:
                            stay[1 - s, k] = True
                        elif c == 1 or c == 4 or c == 7 or c == 9 or c == 10:
                            worth = (bound + size_term * np.log(partners[p])) * (1.0 if c == 1 else 0.5)
                            help_[s, k] = max(help_[s, k], worth)
                attack[i, j] = False
            strength_a, strength_b = power[i] * reach[i, j], power[j] * reach[j, i]
            for k in range(n):
                if k in (i, j):
                    continue
                eta_a = eta_b = 0.0
                for s in range(2):
                    own, other = (i, j) if s == 0 else (j, i)
                    mine, theirs = (strength_a, strength_b) if s == 0 else (strength_b, strength_a)
                    added = power[k] * reach[k, other]
                    eta = (
                        theta[0]
                        + theta[1] * s
                        + theta[2] * max(friend[k, own], 0.0)
                        + theta[3] * max(-friend[k, other], 0.0)
                    )
                    eta += theta[4] * max(friend[k, other], 0.0) + theta[5] * max(-friend[k, own], 0.0)
                    eta += theta[6] * near[k, other] + theta[7] * near[k, own] + theta[8] * major[k]
                    ratio = np.log(max(mine + added, 1e-12) / max(theirs, 1e-12))
                    eta += theta[9] * min(max(ratio, -3.0), 3.0) + theta[10] * min(
                        np.log1p(added / max(mine, 1e-12)), 3.0
                    )
                    if stay[s, k]:
                        eta += theta[11]
                    if help_[s, k] > -1e8:
                        eta += help_[s, k]
                    elif owes[s, k]:
                        eta += theta[12]
                    if s == 0:
                        eta_a = np.exp(min(eta, 30.0))
                    else:
                        eta_b = np.exp(min(eta, 30.0))
                total = eta_a + eta_b
                enters = -np.expm1(-total * whole) / total if total > 0 else 0.0
                out[0, i, j] += enters * eta_a * power[k] * reach[k, j]
                out[1, i, j] += enters * eta_b * power[k] * reach[k, i]
    return out
