"""Networks drawn from an exponential random graph by Gibbs sampling: pair by pair, each tie from its chance given all others.

The chance of a tie is ``1 / (1 + exp(-(fixed + sum of coef * change statistic)))``. Shared partners and degrees are kept up to date, so that a pair
without shared partners costs O(1) and a tie that changes O(n). The random number of a pair is a function of (seed, key, sweep, pair). Whether a chain
has forgotten its start is the caller's to judge.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from foedus.kernels import change_statistics as change
from foedus.kernels.streams import uniform, uniforms_reference

KINDS = {"kstar": 0, "triangle": 1, "isolates": 2, "gwesp": 3, "gwdegree": 4}
"""Numbers of the terms that hang on other ties."""


@njit(cache=True, nogil=True)
def gibbs(ties, fixed, free, kinds, coefs, decays, burn, every, samples, seed, key):  # noqa: ANN001, ANN201
    """Return networks, mean chances and the number of ties after each sweep.

    Parameters
    ----------
    ties : uint8 array, shape (n, n)
        Where the chain starts; symmetric. Not modified.
    fixed : float64 array, shape (n, n)
        Log-odds from terms that do not hang on other ties.
    free : bool array, shape (n, n)
        Pairs that may change.
    kinds : int64 array, shape (k,)
        Of `KINDS`.
    coefs, decays : float64 arrays, shape (k,)
    burn, every, samples : int
        Sweeps before the first network, from one to the next, and networks.
    seed, key : uint64

    Returns
    -------
    drawn : uint8 array, shape (samples, n, n)
    chance : float64 array, shape (n, n)
        Mean over the sweeps that end in a network of each pair's chance when its turn came; of pairs that may not change, whether tied.
    trace : int64 array, shape (burn + every * samples,)
    """
    n = len(ties)
    y = ties.copy()
    shared = np.zeros((n, n), dtype=np.int64)
    degree = np.zeros(n, dtype=np.int64)
    n_ties = 0
    for i in range(n):
        for j in range(n):
            if y[i, j]:
                degree[i] += 1
                n_ties += i < j
                for k in range(n):
                    if k != i and y[j, k]:
                        shared[i, k] += 1
    sweeps = burn + every * samples
    drawn = np.zeros((samples, n, n), dtype=np.uint8)
    chance = np.zeros((n, n))
    trace = np.zeros(sweeps, dtype=np.int64)
    for sweep in range(sweeps):
        past = sweep + 1 - burn
        kept = past > 0 and past % every == 0
        pair = 0
        for i in range(n):
            for j in range(i + 1, n):
                pair += 1
                if not free[i, j]:
                    if kept:
                        chance[i, j] += y[i, j]
                    continue
                was = np.int64(y[i, j])
                eta = fixed[i, j]
                for t in range(len(kinds)):
                    eta += coefs[t] * _change(kinds[t], decays[t], y, shared, degree, i, j, was)
                p = 1.0 / (1.0 + np.exp(-eta))
                if kept:
                    chance[i, j] += p
                now = np.int64(uniform(seed, key, np.uint64(sweep), np.uint64(pair)) < p)
                if now != was:
                    step = 1 if now else -1
                    y[i, j] = np.uint8(now)
                    y[j, i] = np.uint8(now)
                    degree[i] += step
                    degree[j] += step
                    n_ties += step
                    for k in range(n):
                        if k != i and k != j:
                            if y[j, k]:
                                shared[i, k] += step
                                shared[k, i] += step
                            if y[i, k]:
                                shared[j, k] += step
                                shared[k, j] += step
        trace[sweep] = n_ties
        if kept:
            drawn[past // every - 1] = y
    chance = (chance + chance.T) / samples
    return drawn, chance, trace


@njit(cache=True, nogil=True)
def _change(kind, decay, y, shared, degree, i, j, was):  # noqa: ANN001, ANN202
    """Return one change statistic of a pair."""
    one, two = degree[i] - was, degree[j] - was
    if kind == 0:
        return float(one + two)
    if kind == 1:
        return float(shared[i, j])
    if kind == 2:
        return -1.0 * (one == 0) - 1.0 * (two == 0)
    q = -np.expm1(-decay)
    if kind == 4:
        return q ** float(one) + q ** float(two)
    if shared[i, j] == 0:
        return 0.0
    out = np.exp(decay) * (1.0 - q ** float(shared[i, j]))
    for k in range(len(y)):
        if y[i, k] and y[j, k]:
            out += q ** float(shared[i, k] - was) + q ** float(shared[j, k] - was)
    return out


def gibbs_reference(
    ties: NDArray[np.uint8],
    fixed: NDArray[np.float64],
    free: NDArray[np.bool_],
    kinds: NDArray[np.int64],
    coefs: NDArray[np.float64],
    decays: NDArray[np.float64],
    burn: int,
    every: int,
    samples: int,
    seed: int,
    key: int,
) -> tuple[NDArray[np.uint8], NDArray[np.float64], NDArray[np.int64]]:
    """Return what `gibbs` does, with all change statistics worked out anew for every pair."""
    plain = {
        0: lambda y, a: change.two_stars(y),
        1: lambda y, a: change.triangles(y),
        2: lambda y, a: change.isolates(y),
        3: change.gwesp,
        4: change.gwdegree,
    }
    n, y = len(ties), ties.astype(np.bool_)
    upper = np.triu_indices(n, 1)
    drawn, chance, trace = [], np.zeros((n, n)), []
    for sweep in range(burn + every * samples):
        kept = sweep + 1 > burn and (sweep + 1 - burn) % every == 0
        for pair, (i, j) in enumerate(zip(*upper, strict=True), start=1):
            p = float(y[i, j])
            if free[i, j]:
                eta = fixed[i, j] + sum(
                    c * plain[k](y, a)[i, j] for k, c, a in zip(kinds.tolist(), coefs, decays, strict=True)
                )
                p = 1.0 / (1.0 + np.exp(-eta))
                u = uniforms_reference(seed, np.array([key], dtype=np.uint64), np.array([sweep]), pair)[0, 0]
                y[i, j] = y[j, i] = u < p
            if kept:
                chance[i, j] += p
        trace.append(int(y.sum()) // 2)
        if kept:
            drawn.append(y.astype(np.uint8))
    return np.array(drawn), (chance + chance.T) / samples, np.array(trace)
