"""What a batch of simulated wars adds up to: whole numbers only, so that batches may be added in any order to the same bits.

The memory a tally takes depends on the number of actors, land borders and draws of the inputs, never on the number of wars.
Knows positions only.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

SAMPLE = 64
"""Draw numbers kept for each size of war."""


class Tally(NamedTuple):
    """Counts of wars; int64. G groups of draws that share their inputs, n actors, F pairs with a land border.

    By group: ``wars``, ``won``, ``over``, ``spread``, ``general``, ``size``, ``square`` (G,), that is wars, those in which side A prevails, those
    that ended before the horizon, those that anybody joined, those with half of all capability in them, the sum of sizes and of their squares;
    ``side`` (G, 2, n), entries; ``left`` (G, n), departures; ``front`` (G, F) and ``home`` (G, n), wars across a pair's border and at an actor's
    border.

    Over all groups: ``sizes`` (n + 1,), wars by size; ``member`` (n + 1, 2, n), entries by size; ``cause`` (n, 7),
    an actor's entries by cause; ``through`` (n,), entries on its account; ``beside`` (n, n), entries of the row on the side on
    which the column was fighting; ``sample`` (n + 1, SAMPLE), numbers of the first draws of each size, -1 for none.
    """

    wars: NDArray[np.int64]
    won: NDArray[np.int64]
    over: NDArray[np.int64]
    spread: NDArray[np.int64]
    general: NDArray[np.int64]
    size: NDArray[np.int64]
    square: NDArray[np.int64]
    side: NDArray[np.int64]
    left: NDArray[np.int64]
    front: NDArray[np.int64]
    home: NDArray[np.int64]
    sizes: NDArray[np.int64]
    member: NDArray[np.int64]
    cause: NDArray[np.int64]
    through: NDArray[np.int64]
    beside: NDArray[np.int64]
    sample: NDArray[np.int64]


GROUPED = Tally._fields[: Tally._fields.index("sizes")]
"""The counts that are kept by group."""


def empty(groups: int, n: int, fronts: int) -> Tally:
    """Return a tally of no wars."""
    shapes = {"side": (groups, 2, n), "left": (groups, n), "front": (groups, fronts), "home": (groups, n), "sizes": (n + 1,), "member": (n + 1, 2, n),
              "cause": (n, 7), "through": (n,), "beside": (n, n), "sample": (n + 1, SAMPLE)}  # fmt: skip
    out = Tally(*(np.zeros(shapes.get(name, (groups,)), dtype=np.int64) for name in Tally._fields))
    out.sample[:] = -1
    return out


@njit(cache=True, nogil=True)
def count(tally, first, inner, wars, general, pairs):  # noqa: ANN001, ANN201
    """Add the wars of one batch to a tally whose first group is the batch's first. Modified in place.

    Parameters
    ----------
    tally : Tally
    first, inner : int
        Number of the first draw, a multiple of ``inner``; draws that share their inputs.
    wars : tuple of arrays
        See `foedus.kernels.cascade.Spread`.
    general : bool array, shape (n_draws,)
        Whether half of all capability is at war.
    pairs : int64 array, shape (F, 2)
        Actors with a land border.
    """
    side, entered, cause, through, won, day, left, ended = wars
    n_draws, n = side.shape
    home = np.full(n, -1, dtype=np.int64)
    for d in range(n_draws):
        g, size = d // inner, 0
        for x in range(n):
            size += side[d, x] > 0
        tally.wars[g] += 1
        tally.won[g] += won[d]
        tally.over[g] += ended[d] >= 0
        tally.spread[g] += size > 2
        tally.general[g] += general[d]
        tally.size[g] += size
        tally.square[g] += size * size
        if tally.sizes[size] < tally.sample.shape[1]:
            tally.sample[size, tally.sizes[size]] = first + d
        tally.sizes[size] += 1
        for x in range(n):
            if side[d, x] > 0:
                tally.side[g, side[d, x] - 1, x] += 1
                tally.left[g, x] += left[d, x] >= 0
                tally.member[size, side[d, x] - 1, x] += 1
                tally.cause[x, cause[d, x]] += 1
                if through[d, x] >= 0:
                    tally.through[through[d, x]] += 1
                if entered[d, x] > 0:
                    for y in range(n):
                        fights = left[d, y] < 0 or left[d, y] > day[d, x]
                        tally.beside[x, y] += side[d, y] == side[d, x] and day[d, y] < day[d, x] and fights
        for f in range(len(pairs)):
            x, y = pairs[f, 0], pairs[f, 1]
            if side[d, x] + side[d, y] == 3 and side[d, x] > 0 and side[d, y] > 0:
                tally.front[g, f] += 1
                for z in (x, y):
                    if home[z] != d:
                        home[z] = d
                        tally.home[g, z] += 1


def add(total: Tally, part: Tally, group: int) -> None:
    """Add a batch that follows what was added before and begins with group ``group``, groups taken in turn. Modified in place."""
    groups = (group + np.arange(len(part.wars))) % len(total.wars)
    kept = np.minimum(total.sizes, SAMPLE)
    for size in np.flatnonzero((part.sizes > 0) & (kept < SAMPLE)):
        new = part.sample[size, : part.sizes[size]][: SAMPLE - kept[size]]
        total.sample[size, kept[size] : kept[size] + len(new)] = new
    for name in Tally._fields[:-1]:
        into, more = getattr(total, name), getattr(part, name)
        if name in GROUPED:
            np.add.at(into, groups, more)
        else:
            into += more
