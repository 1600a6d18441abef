"""Random orders of dated events under the rule that an event may only move to dates at which it was possible.

Each sample starts from the record and makes many swaps of the dates of two events; a swap that puts an event where it may not be is not made. Since
a swap and its reverse are equally likely to be tried, all admissible orders are equally likely in the long run [Besag1989]_. Knows no pacts.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from foedus.kernels.streams import uniform


@njit(cache=True, nogil=True)
def orders(block, may, seed, key, samples, sweeps):  # noqa: ANN001, ANN201
    """Return the place whose date each event takes, shape (samples, n).

    ``block`` (n,) int64: dates are exchanged within it; events of a block are consecutive and their labels count up from 0. ``may`` (n, n) bool: the
    row may take the date of the column. ``sweeps``: swaps tried, for each event.
    """
    n = len(block)
    out = np.empty((samples, n), dtype=np.int64)
    first, size = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
    for e in range(n):
        if size[block[e]] == 0:
            first[block[e]] = e
        size[block[e]] += 1
    for s in range(samples):
        at = np.arange(n)
        for step in range(sweeps):
            for e in range(n):
                u = uniform(np.uint64(seed), np.uint64(key), np.uint64(s), np.uint64(step * n + e))
                f = first[block[e]] + int(u * size[block[e]])
                if may[e, at[f]] and may[f, at[e]]:
                    at[e], at[f] = at[f], at[e]
        out[s] = at
    return out


def orders_reference(
    block: NDArray[np.int64], may: NDArray[np.bool_], seed: int, key: int, samples: int, sweeps: int
) -> NDArray[np.int64]:
    """Return what `orders` returns; the plain twin."""
    from foedus.kernels.streams import uniforms_reference

    out = []
    places = {b: [e for e in range(len(block)) if block[e] == b] for b in set(block.tolist())}
    for s in range(samples):
        at = list(range(len(block)))
        for step in range(sweeps):
            for e in range(len(block)):
                word = np.array([key], dtype=np.uint64)
                u = uniforms_reference(seed, word, np.array([s]), step * len(block) + e)[0, 0]
                here = places[int(block[e])]
                f = here[int(u * len(here))]
                if may[e, at[f]] and may[f, at[e]]:
                    at[e], at[f] = at[f], at[e]
        out.append(at)
    return np.array(out, dtype=np.int64).reshape(samples, len(block))
