"""Pack negative cycles around a line-up until they prove it, or until no more fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from foedus.blocs.certificate import Walks
from foedus.kernels import packing, signed
from foedus.kernels.clock import solving

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from foedus.kernels.packing import State

LENGTHS = (2, 3, 5)
"""Paths of up to so many ties are looked for first, through ties that have room."""
LONGEST = 12
PATIENCE = 40
"""Chunks of routes without a gain after which the packing is left as it is."""
CHUNK = 20_000
"""The most searches between two looks at the clock."""


def pack(
    n: int, i: NDArray[np.int64], j: NDArray[np.int64], units: NDArray[np.int64], side: NDArray[np.int64], deadline: float,
    *, patience: int = PATIENCE,
) -> tuple[Walks, int]:  # fmt: skip
    """Return cycles of one frustrated tie and satisfied ones, none beyond its weight, and their total amount.

    Parameters
    ----------
    n : int
    i, j, units : int64 arrays, shape (m,)
    side : int64 array, shape (n,)
        The line-up, +1 or -1.
    deadline : float
        Of `foedus.kernels.clock.solving`.
    patience : int
        See `PATIENCE`.
    """
    against = (units > 0) != (side[i] == side[j])
    closed = np.flatnonzero(against)
    open_ = _through(n, i, j, np.flatnonzero(~against), closed)
    goal = int(np.abs(units[closed]).sum())
    if goal == 0:
        return Walks(closed, np.zeros(1, dtype=np.int64), closed), 0
    size = np.abs(units)
    state = packing.prepare(
        n, signed.csr(n, i[open_], j[open_]), size[open_], (i[closed], j[closed], size[closed]), paths=4 * len(closed) + 64, limit=LONGEST
    )  # fmt: skip
    for length in (*LENGTHS, LONGEST):
        _sweep(state, length, -1.0, deadline)
    walks, total, since = *_walks(state, open_, closed), 0
    while total < goal and since < patience and solving() < deadline:
        waiting = packing.requeue(state)
        packing.route_some(state, LONGEST, packing.PRICE, min(CHUNK, max(200, 2 * waiting)))
        np.multiply(state.dear, packing.DECAY, out=state.dear)
        since += 1
        if state.tally[4] > total:
            walks, total, since = *_walks(state, open_, closed), 0
    return walks, total


def _through(
    n: int, i: NDArray[np.int64], j: NDArray[np.int64], open_: NDArray[np.int64], closed: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return the ties that a path could use: none that leads nowhere but to itself."""
    ends = np.zeros(n, dtype=np.int64)
    ends[i[closed]] = ends[j[closed]] = 1
    while True:
        degree = np.bincount(i[open_], minlength=n) + np.bincount(j[open_], minlength=n) + ends
        useful = (degree[i[open_]] > 1) & (degree[j[open_]] > 1)
        if useful.all():
            return open_
        open_ = open_[useful]


def _sweep(state: State, length: int, price: float, deadline: float) -> None:
    """Look once for a path of each frustrated tie that still needs one."""
    packing.requeue(state)
    while state.tally[2] and state.tally[0] and solving() < deadline:
        packing.route_some(state, length, price, CHUNK)


def _walks(state: State, open_: NDArray[np.int64], closed: NDArray[np.int64]) -> tuple[Walks, int]:
    """Return the cycles of a packing, and their total amount."""
    paths = np.flatnonzero(state.owner >= 0)
    length = state.length[paths]
    start = np.concatenate([[0], np.cumsum(length + 1)])
    flat = np.empty(int(start[-1]), dtype=np.int64)
    flat[start[:-1]] = closed[state.owner[paths]]
    inside = np.ones(len(flat), dtype=np.bool_)
    inside[start[:-1]] = False
    used = np.arange(state.route.shape[1])[None, :] < length[:, None]
    flat[inside] = open_[state.route[paths][used]]
    return Walks(flat, start, state.amount[paths]), int(state.amount[paths].sum())
