"""The checker of cycles refuses what proves nothing, and duals become whole amounts that overload no tie."""

import numpy as np
import pytest

from foedus.blocs.certificate import Walks
from foedus.blocs.cycle_proof import check_cycles, whole
from foedus.errors import ParameterError

# Two triangles on a common tie 1-2, then a tie apart; ties 0..5.
I = np.array([0, 0, 1, 1, 2, 4])  # noqa: E741
J = np.array([1, 2, 2, 3, 3, 5])
W = np.array([3, -2, 4, -2, 5, 1])


def proof(rows, amounts, share=1):
    start = np.concatenate([[0], np.cumsum([len(r) for r in rows])]).astype(np.int64)
    return Walks(np.array([t for r in rows for t in r], dtype=np.int64), start, np.array(amounts), share)


def test_amounts_add_up_to_the_bound():
    assert check_cycles(6, I, J, W, proof([[0, 1, 2], [2, 3, 4]], [2, 2])) == 4
    assert check_cycles(6, I, J, W, proof([[0, 1, 2], [2, 3, 4]], [3, 4], 2)) == 4


@pytest.mark.parametrize(
    ("rows", "amounts", "says"),
    [
        ([[0, 1, 2]], [3], "tie 1 carries 3 of 2"), ([[0, 1, 2], [2, 4, 3]], [2, 3], "tie 2 carries 5 of 4"), ([[0, 1, 2]], [0], "amount 0"),
        ([[0, 1, 2]], [-1], "amount -1"), ([[0, 1]], [1], "not closed"), ([[1]], [1], "fewer than two"), ([[0, 1, 2, 2]], [1], "twice"),
        ([[0, 1, 3, 4]], [1], "2 hostile"), ([[0, 2, 4]], [1], "0 hostile"),
    ],
)  # fmt: skip
def test_what_proves_nothing_is_refused(rows, amounts, says):
    with pytest.raises(ParameterError, match=says):
        check_cycles(6, I, J, W, proof(rows, amounts))


def test_two_cycles_at_once_are_refused():
    i, j = np.array([0, 0, 1, 3, 3, 4]), np.array([1, 2, 2, 4, 5, 5])
    with pytest.raises(ParameterError, match="several cycles"):
        check_cycles(6, i, j, np.array([1, -1, 1, 1, 1, 1]), proof([[0, 1, 2, 3, 4, 5]], [1]))


def test_a_tie_of_no_weight_is_refused():
    with pytest.raises(ParameterError, match="hostile"):
        check_cycles(6, I, J, np.where(W == 3, 0, W), proof([[0, 1, 2]], [1]))


def test_halves_are_found_and_overloads_are_cut():
    flat, start = np.array([0, 1, 2, 2, 3, 4]), np.array([0, 3, 6])
    found, whose, bound = whole(flat, start, np.array([0.5, 0.5]), np.array([1, 1, 1, 1, 1]), 1)
    assert (bound, found.share, whose.tolist()) == (1, 2, [0, 1])
    found, _, bound = whole(flat, start, np.array([9.0, 9.0]), np.array([5, 5, 7, 5, 5]), 99)
    assert 5 <= bound <= 7
    load = np.bincount(found.flat, np.repeat(found.amount, 3), 5)
    assert np.all(load <= found.share * np.array([5, 5, 7, 5, 5]))


def test_duals_of_nothing_prove_nothing():
    found, whose, bound = whole(np.array([0, 1, 2]), np.array([0, 3]), np.array([-1.0]), np.array([1, 1, 1]), 1)
    assert (len(found.amount), len(whose), bound) == (0, 0, 0)
