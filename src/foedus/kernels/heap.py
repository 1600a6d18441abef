"""A binary heap in two arrays, cheapest first, for the compiled searches."""

from __future__ import annotations

from numba import njit


@njit(cache=True, nogil=True, inline="always")
def push(key, item, held, cost, node):  # noqa: ANN001, ANN201
    """Add a node to the heap of ``held`` entries; ``key`` and ``item`` modified in place."""
    at = held
    while at > 0:
        up = (at - 1) >> 1
        if key[up] <= cost:
            break
        key[at], item[at] = key[up], item[up]
        at = up
    key[at], item[at] = cost, node


@njit(cache=True, nogil=True, inline="always")
def pop(key, item, held):  # noqa: ANN001, ANN201
    """Take the first of ``held`` entries out of the heap; ``key`` and ``item`` modified in place."""
    cost, node = key[held - 1], item[held - 1]
    at, size = 0, held - 1
    while True:
        down = 2 * at + 1
        if down >= size:
            break
        if down + 1 < size and key[down + 1] < key[down]:
            down += 1
        if cost <= key[down]:
            break
        key[at], item[at] = key[down], item[down]
        at = down
    key[at], item[at] = cost, node
