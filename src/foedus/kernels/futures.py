"""One simulated year of many futures, all pairs at once: which pacts form and end, who quarrels, and how balanced the ties are. Compiled.

Rows of allies and of enemies are kept as bits, so that common allies and enemies of a pair are counted a word at a time. Each pair's numbers are a
function of (seed, pair, future, year), whatever else a future holds. Terms are those of `foedus.formation.ties` and `foedus.formation.quarrels`, with
which tests compare them. Knows positions and numbers only.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from foedus.kernels.streams import mix

FORMED, ENDED, DISPUTE, WAR, SECOND = 1, 2, 4, 8, 16
"""Bits of what happens to a pair: a pact forms, or ends; a dispute begins; it becomes a war; the second of the two begins it."""
SLOTS = 8
"""Numbers that a pair has a year: 0 pact, 1 quarrel, 2 who begins."""
CERTAIN = -5.0
"""Log-odds below which the exponential is only taken if the number drawn is small."""
ENEMY_YEARS, SIGN_YEARS = 10.0, 5.0
"""Years after a dispute in which a pair counts as enemies: in the terms of pacts, and in the signs of triads."""
LEAST_SHARE, PEACE_MOST = 1e-6, 50.0


class Weights(NamedTuple):
    """Coefficients of one group of futures, constant first, steps of eras folded into it.

    ``form`` (21,), ``end`` (20,), ``dispute`` and ``war`` (16,), ``attacker`` (3,).
    """

    form: NDArray[np.float64]
    end: NDArray[np.float64]
    dispute: NDArray[np.float64]
    war: NDArray[np.float64]
    attacker: NDArray[np.float64]


class Ground(NamedTuple):
    """What no year changes.

    ``ln_km`` (n, n), thousands of km; ``land`` (n, n); ``major`` (n,); ``late`` 1 from 1946; ``word`` (P,) of each pair; ``rank`` (n,), by which
    it is told who of a pair begins, so that positions do not matter.
    """

    ln_km: NDArray[np.float64]
    land: NDArray[np.bool_]
    major: NDArray[np.bool_]
    late: float
    word: NDArray[np.uint64]
    rank: NDArray[np.int64]


@njit(cache=True, nogil=True)
def _ones(x):  # noqa: ANN001, ANN202
    """Return how many bits of a word are set."""
    x = x - ((x >> np.uint64(1)) & np.uint64(0x5555555555555555))
    x = (x & np.uint64(0x3333333333333333)) + ((x >> np.uint64(2)) & np.uint64(0x3333333333333333))
    x = (x + (x >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((x * np.uint64(0x0101010101010101)) >> np.uint64(56))


@njit(cache=True, nogil=True)
def _number(word, counter):  # noqa: ANN001, ANN202
    """Return one uniform in (0, 1) of a pair's word for one future; equals `foedus.kernels.streams.uniform`."""
    return (np.float64(mix(word ^ counter) >> np.uint64(11)) + 0.5) * 2.0**-53


@njit(cache=True, nogil=True)
def _happens(u, eta):  # noqa: ANN001, ANN202
    """Return whether a number falls below the chance whose log-odds are ``eta``."""
    if eta < CERTAIN and u > 0.0068:  # the chance is below e to the CERTAIN
        return False
    return u < 1.0 / (1.0 + np.exp(-eta))


@njit(cache=True, nogil=True)
def _pack(matrix, out):  # noqa: ANN001, ANN202
    """Write the rows of a matrix of flags as bits. Modified: ``out`` (n, words)."""
    out[:] = np.uint64(0)
    n = len(matrix)
    for i in range(n):
        for j in range(n):
            if i != j and matrix[i, j]:
                out[i, j >> 6] |= np.uint64(1) << np.uint64(j & 63)


@njit(cache=True, nogil=True)
def _both(a, b):  # noqa: ANN001, ANN202
    """Return how many bits two rows share."""
    total = 0
    for w in range(len(a)):
        total += _ones(a[w] & b[w])
    return total


@njit(cache=True, nogil=True)
def _quarrel(q, pair):  # noqa: ANN001, ANN202
    """Return what changes from year to year of the log-odds of a dispute or a war of a pair."""
    parity, size, least, gap, tied, shared, tilt, years, never = pair
    eta = q[5] * parity + q[6] * size + q[7] * least + q[8] * gap + q[9] * tied + q[10] * shared + q[11] * tilt
    return eta + years * (q[12] + years * (q[13] + years * q[14])) + q[15] * never


@njit(cache=True, nogil=True)
def fixed(weights, ground):  # noqa: ANN001, ANN201
    """Return what no year changes of the log-odds of each pair: of a pact that forms, that ends, of a dispute, of a war; shape (P, 4)."""
    n = len(ground.major)
    out = np.zeros((n * (n - 1) // 2, 4))
    p = -1
    for i in range(n):
        for j in range(i + 1, n):
            p += 1
            one, two = ground.major[i] != ground.major[j], ground.major[i] and ground.major[j]
            land, far = ground.land[i, j], ground.ln_km[i, j]
            for k, w in ((0, weights.form), (1, weights.end)):
                out[p, k] = w[0] + w[6] * far + w[7] * land + w[11] * one + w[12] * two
            for k, q in ((2, weights.dispute), (3, weights.war)):
                out[p, k] = q[0] + q[1] * land + q[2] * far + q[3] * one + q[4] * two
    return out


@njit(cache=True, nogil=True)
def year_of(first, counter, log_share, regime, allied, tie_age, dispute_age, fighting, factor, weights, base, ground):  # noqa: ANN001, ANN201
    """Return what happens to every pair in one year of B futures.

    Parameters
    ----------
    first : int
        Number of the first future.
    counter : int
        First counter of the year's numbers.
    log_share, regime : arrays, shape (B, n)
    allied : bool array, shape (B, n, n)
    tie_age, dispute_age : float32 arrays, shape (B, n, n)
        As of `foedus.formation.ties.tie_terms`.
    fighting : bool array, shape (B, n, n)
        At war with each other: no quarrel begins.
    factor : array, shape (B, 3)
        Natural logarithms of what the year multiplies odds by: of pacts that form, of pacts that end, of disputes.
    weights : Weights
    base : array, shape (P, 4)
        Of `fixed`.
    ground : Ground

    Returns
    -------
    uint8 array, shape (B, n (n - 1) / 2)
        Bits `FORMED`, `ENDED`, `DISPUTE`, `WAR`, `SECOND`, in the order of ``numpy.triu_indices(n, 1)``.
    """
    futures, n = log_share.shape
    width = (n + 63) // 64
    out = np.zeros((futures, n * (n - 1) // 2), dtype=np.uint8)
    ally, foe = np.zeros((n, width), dtype=np.uint64), np.zeros((n, width), dtype=np.uint64)
    friends, foes = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
    share, floor, log_floor = np.zeros(n), np.zeros(n), np.zeros(n)
    helped, log_helped = np.zeros(n), np.zeros(n)
    log1 = np.log(1.0 + np.arange(2 * n + 2))
    form, end, dispute, war, attacker = weights
    late = ground.late
    for b in range(futures):
        draw = np.uint64(first + b)
        _pack(allied[b], ally)
        _pack(dispute_age[b] <= ENEMY_YEARS, foe)
        for i in range(n):
            friends[i], foes[i] = _both(ally[i], ally[i]), _both(foe[i], foe[i])
            share[i] = np.exp(log_share[b, i])
            floor[i] = max(share[i], LEAST_SHARE)
            log_floor[i] = np.log(floor[i])
        for i in range(n):
            helped[i] = share[i]
            for j in range(n):
                if j != i and allied[b, i, j]:
                    helped[i] += share[j]
            log_helped[i] = np.log(helped[i])
        p = -1
        for i in range(n):
            for j in range(i + 1, n):
                p += 1
                tied, age = allied[b, i, j], tie_age[b, i, j]
                since = dispute_age[b, i, j]
                fought = since <= ENEMY_YEARS
                shared = log1[_both(ally[i], ally[j])] if friends[i] and friends[j] else 0.0
                least = min(regime[b, i], regime[b, j])
                gap = abs(regime[b, i] - regime[b, j])
                w = end if tied else form
                eta = base[p, 1 if tied else 0] + (w[1] + late * w[3]) * least + (w[2] + late * w[4]) * gap
                eta += w[8] * np.log(floor[i] + floor[j]) + w[9] * abs(log_floor[i] - log_floor[j])
                eta += w[13] * (log1[friends[i] - tied] + log1[friends[j] - tied]) + w[14] * shared
                eta += w[15] * (log1[foes[i] - fought] + log1[foes[j] - fought]) + w[18] * fought
                if foes[i] and foes[j]:
                    eta += w[16] * log1[_both(foe[i], foe[j])]
                if foes[i] or foes[j]:
                    eta += w[17] * log1[_both(ally[i], foe[j]) + _both(foe[i], ally[j])]
                word, code = mix(ground.word[p] ^ draw), 0
                if tied:
                    eta += w[19] * np.log1p(age) + factor[b, 1]
                    if _happens(_number(word, np.uint64(counter)), eta):
                        code = ENDED
                else:
                    eta += factor[b, 0]
                    if age < np.inf:
                        eta += w[19] + w[20] * np.log1p(age)
                    if _happens(_number(word, np.uint64(counter)), eta):
                        code = FORMED
                if not fighting[b, i, j]:
                    parity = -abs(log_share[b, i] - log_share[b, j])
                    own, other = log_helped[i], log_helped[j]
                    if tied:
                        own, other = (
                            np.log(max(helped[i] - share[j], share[i])),
                            np.log(max(helped[j] - share[i], share[j])),
                        )
                    years, never = min(since, PEACE_MOST) / 10.0, since == np.inf
                    size = max(log_share[b, i], log_share[b, j])
                    tilt = -abs(own - other) - parity
                    pair = (parity, size, least, gap, tied, shared, tilt, years, never)
                    u = _number(word, np.uint64(counter + 1))
                    if _happens(u, base[p, 3] + _quarrel(war, pair)):
                        code |= WAR | DISPUTE
                    elif _happens(u, base[p, 2] + _quarrel(dispute, pair) + factor[b, 2]):
                        code |= DISPUTE
                    if code & DISPUTE:
                        odds = attacker[0] * (log_share[b, i] - log_share[b, j]) + attacker[2] * (
                            regime[b, i] - regime[b, j]
                        )
                        odds += attacker[1] * (np.float64(ground.major[i]) - np.float64(ground.major[j]))
                        turned = ground.rank[i] > ground.rank[j]
                        if _happens(_number(word, np.uint64(counter + 2)), -odds if turned else odds) == turned:
                            code |= SECOND
                out[b, p] = code
    return out


@njit(cache=True, nogil=True)
def stand(allied, dispute_age, met, quarrelled, triads, degree, tied, fought, disputed):  # noqa: ANN001, ANN201
    """Count what stands. A tie is + between allies and - between others who had a dispute in `SIGN_YEARS` years.

    Parameters
    ----------
    allied : bool array, shape (B, n, n)
    dispute_age : float32 array, shape (B, n, n)
    met, quarrelled : bool arrays, shape (B, n, n)
        Who has met in a war, or begun a dispute.
    triads : int64 array, shape (B, 2)
        Modified: closed triads with an even number of - ties, and all closed triads.
    degree : int16 array, shape (B, n)
        Modified: allies of each state.
    tied, fought, disputed : uint8 arrays, shape (n (n - 1) / 2,)
        Modified: in how many futures a pair is allied, has met in a war, has begun a dispute.
    """
    futures, n = len(allied), allied.shape[1]
    width = (n + 63) // 64
    plus, minus = np.zeros((n, width), dtype=np.uint64), np.zeros((n, width), dtype=np.uint64)
    tied[:], fought[:], disputed[:] = 0, 0, 0
    for b in range(futures):
        _pack(allied[b], plus)
        _pack((dispute_age[b] <= SIGN_YEARS) & ~allied[b], minus)
        even_plus, even_minus, closed, p = 0, 0, 0, -1
        for i in range(n):
            degree[b, i] = _both(plus[i], plus[i])
            for j in range(i + 1, n):
                p += 1
                is_plus = allied[b, i, j]
                tied[p] += is_plus
                fought[p] += met[b, i, j]
                disputed[p] += quarrelled[b, i, j]
                if is_plus or dispute_age[b, i, j] <= SIGN_YEARS:
                    pp, mm = _both(plus[i], plus[j]), _both(minus[i], minus[j])
                    closed += pp + mm + _both(plus[i], minus[j]) + _both(minus[i], plus[j])
                    if is_plus:
                        even_plus += pp
                        even_minus += mm
        triads[b, 0] = even_plus // 3 + even_minus
        triads[b, 1] = closed // 3
