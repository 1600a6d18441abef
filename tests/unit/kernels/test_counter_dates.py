"""Exchange of dates: the compiled kernel against its twin, admissible orders only, all of them equally often."""

import itertools

import numpy as np

from foedus.kernels.counter_dates import orders, orders_reference

KEY = np.uint64(17)
"""Of the type that the package gives: for another one the kernel would be compiled anew."""


def test_the_compiled_kernel_is_its_twin():
    block = np.array([0, 0, 0, 1, 1], dtype=np.int64)
    may = np.ones((5, 5), dtype=bool)
    may[0, 2] = may[4, 3] = False
    got = orders(block, may, 3, KEY, 12, 3)
    assert np.array_equal(got, orders_reference(block, may, 3, KEY, 12, 3))
    assert np.array_equal(got[:5], orders(block, may, 3, KEY, 5, 3))
    assert not np.array_equal(got, orders(block, may, 4, KEY, 12, 3))


def test_dates_stay_in_their_block_and_on_days_that_were_possible():
    block = np.repeat([0, 1], [4, 3])
    may = np.ones((7, 7), dtype=bool)
    may[1, 0] = may[5, 6] = False
    got = orders(block, may, 1, KEY, 300, 10)
    assert (np.sort(got, axis=1) == np.arange(7)).all()
    assert (block[got] == block).all()
    assert may[np.arange(7), got].all()


def test_every_admissible_order_comes_equally_often():
    may = np.array([[1, 1, 1, 0], [1, 1, 1, 1], [0, 1, 1, 1], [1, 1, 1, 1]], dtype=bool)
    allowed = [p for p in itertools.permutations(range(4)) if all(may[e, p[e]] for e in range(4))]
    got = orders(np.zeros(4, dtype=np.int64), may, 5, KEY, 6_000, 20)
    seen = dict.fromkeys(allowed, 0)
    for row in map(tuple, got.tolist()):
        seen[row] += 1
    share = np.array(list(seen.values())) / len(got)
    assert np.abs(share - 1 / len(allowed)).max() < 5 * np.sqrt(1 / len(allowed) / len(got))


def test_nothing_to_exchange():
    assert orders(np.zeros(0, dtype=np.int64), np.zeros((0, 0), dtype=bool), 1, KEY, 3, 5).shape == (3, 0)
    assert orders_reference(np.zeros(0, dtype=np.int64), np.zeros((0, 0), dtype=bool), 1, KEY, 3, 5).shape == (3, 0)
