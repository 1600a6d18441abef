"""Compile every kernel once and leave it in the cache: ``python -m foedus.kernels.warm`` at set-up time.

Takes about half a minute on one core the first time and nothing afterwards.
"""

from __future__ import annotations

import numpy as np

from foedus.kernels import cascade, obligation, signed


def warm() -> None:
    """Call each compiled function with the types that the analyses use."""
    i, j, w = np.array([0]), np.array([1]), np.array([1.0])
    graph = signed.csr(2, i, j)
    start = np.zeros(2, dtype=np.int64)
    signed.line_up(*graph, w, start, 2, 1, np.uint64(1))
    signed.line_ups(*graph, w[None], start, 2, 1, np.uint64(1))
    signed.enumerate_bipartitions(np.zeros((2, 2)))
    signed.common_enemy(2, i, j, w[None], np.ones((1, 2)))
    one, flags = np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.bool_)
    masks = np.zeros((1, 2), dtype=np.bool_)
    pledges = obligation.Pledges(one, one + 1, one, one, masks, masks, one, flags, one + 1, flags, flags)
    obligation.code(np.zeros((2, 2), dtype=np.bool_), np.arange(2), 0, pledges)
    obligation.codes_if_attacked(pledges, 2)
    square = np.zeros((1, 2, 2))
    field = cascade.Field(
        np.zeros((1, len(cascade.TERMS))), np.zeros((1, 1)), np.ones((1, 2)), square, square, square, np.zeros(2),
        np.zeros(2, dtype=np.uint64), np.zeros(1, dtype=np.uint64),
    )  # fmt: skip
    cascade.spread(np.uint64(1), 0, one, one + 1, 1, field, pledges, -1)


if __name__ == "__main__":
    warm()
