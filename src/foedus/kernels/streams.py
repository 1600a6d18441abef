"""Counter-based random numbers: a pure function of (seed, key, draw, counter).

A quantity is identified by a string key, so the same uncertain number gets the same draw whatever else a system holds,
in whatever order, on however many workers (convention 4.6): this is what makes paired comparisons paired. The mixing step
is the finaliser of SplitMix64 [Steele2014]_ applied once per word. Does not draw from distributions: callers invert a CDF.
"""

from __future__ import annotations

import hashlib

import numpy as np
from numba import njit
from numpy.typing import NDArray

from foedus import limits

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_M1 = np.uint64(0xBF58476D1CE4E5B9)
_M2 = np.uint64(0x94D049BB133111EB)


def key_of(text: str) -> np.uint64:
    """Return the 64-bit key of a string (BLAKE2b)."""
    return np.uint64(int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little"))


def keys_of(texts: list[str]) -> NDArray[np.uint64]:
    """Return the 64-bit keys of strings, shape (len(texts),)."""
    return np.array([key_of(t) for t in texts], dtype=np.uint64)


def _mix_reference(z: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return SplitMix64's finaliser of each word."""
    with np.errstate(over="ignore"):
        z = z + _GOLDEN
        z = (z ^ (z >> np.uint64(30))) * _M1
        z = (z ^ (z >> np.uint64(27))) * _M2
        return z ^ (z >> np.uint64(31))


def uniforms_reference(
    seed: int, keys: NDArray[np.uint64], draws: NDArray[np.int64], counter: int = 0
) -> NDArray[np.float64]:
    """Return uniforms in (0, 1), shape (len(draws), len(keys)); the plain twin of `uniform`."""
    s = _mix_reference(np.array([seed], dtype=np.uint64))
    k = _mix_reference(s ^ keys)
    d = _mix_reference(k[None, :] ^ draws.astype(np.uint64)[:, None])
    z = _mix_reference(d ^ np.uint64(counter))
    return ((z >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53


def words(before: NDArray[np.uint64], *more: np.uint64 | NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return words that stand for those given in this order, the first of them changed at every step."""
    out = before
    for word in more:
        out = _mix_reference(out ^ word)
    return out


@njit(cache=True, nogil=True, inline="always")
def mix(z):  # noqa: ANN001, ANN201
    """Return SplitMix64's finaliser of one word."""
    z = z + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@njit(cache=True, nogil=True, inline="always")
def uniform(seed, key, draw, counter):  # noqa: ANN001, ANN201
    """Return one uniform in (0, 1) of uint64 words; the compiled twin of `uniforms_reference`."""
    z = mix(mix(mix(mix(seed) ^ key) ^ draw) ^ counter)
    return (np.float64(z >> np.uint64(11)) + 0.5) * 2.0**-53


def uniforms(
    seed: int, keys: NDArray[np.uint64], n_draws: int, counter: int = 0, first: int = 0
) -> NDArray[np.float64]:
    """Return uniforms in (0, 1), shape (n_draws, len(keys)), for draws ``first .. first + n_draws - 1``.

    Raises
    ------
    ParameterError
        A seed that is none, or more draws than `foedus.limits.DRAWS`.
    """
    limits.check_number("seed", seed, 0, limits.SEED)
    limits.check_number("draws", n_draws, 0, limits.DRAWS)
    return uniforms_reference(seed, keys, np.arange(first, first + n_draws, dtype=np.int64), counter)
