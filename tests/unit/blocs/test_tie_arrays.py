"""Arrays of ties that no network has, through every function that takes them: one clear error, or what sound ones give."""

import numpy as np
import pytest

from foedus.blocs.clustering import cluster
from foedus.blocs.exact import integer_weights, partition
from foedus.blocs.layout import signed_layout
from foedus.blocs.optima import optima
from foedus.errors import ParameterError

ENDS, J, W = np.array([0, 1, 0]), np.array([1, 2, 2]), np.array([1.0, -1.0, 1.0])
PLAIN = partition(3, ENDS, J, W)
DOORS = {
    "partition": lambda *ties: partition(*ties).value,
    "cluster": lambda *ties: cluster(*ties).value,
    "layout": lambda *ties: signed_layout(*ties).tolist(),
    "optima": lambda *ties: optima(*ties, PLAIN).gap,
}


@pytest.fixture(params=DOORS.values(), ids=DOORS)
def door(request):
    return request.param


@pytest.mark.parametrize(
    "ties",
    [
        (3, ENDS, np.array([1, 2, 7]), W), (3, np.array([-1, 1, 0]), J, W), (3, ENDS, np.array([1, 2, 2**40]), W), (0, ENDS, J, W), (-1, ENDS, J, W),
        (3, np.array([0, 1, 2]), J, W), (3, ENDS, J, W[:2]), (3, ENDS, J, np.ones(9)), (3, ENDS, J, W[:, None]), (3, np.array([0.5, 1, 0]), J, W), (3, ENDS, J, np.array(["a", "b", "c"])),
        (3, ENDS, J, W * 1j), (3, ENDS, J, np.array([1, np.nan, 1])), (3, ENDS, J, np.array([1, -np.inf, 1])), (3, ENDS, J, W * 1e300), (3, ENDS, J, W * 5e-324),
        (3.0, ENDS, J, W), (True, ENDS, J, W), (10**12, ENDS[:0], J[:0], W[:0]), (3, np.array([2**63] * 3, dtype=np.uint64), J, W),
    ],
)  # fmt: skip
@pytest.mark.filterwarnings("error")
def test_what_no_compiled_code_may_be_given_is_one_error(door, ties):
    with pytest.raises(ParameterError):
        door(*ties)


@pytest.mark.parametrize(
    "ties",
    [
        (3, ENDS.tolist(), J.tolist(), W.tolist()), (np.int64(3), ENDS.astype(np.uint8), J.astype(np.int32), W.astype(np.int8)),
        (3, np.repeat(ENDS, 2)[::2], np.repeat(J, 2)[::2], np.repeat(W, 2)[::2]), (3, np.asfortranarray(ENDS), J, W.astype(np.float32)),
    ],
)  # fmt: skip
def test_any_form_of_sound_ties_gives_the_same(door, ties):
    assert door(*ties) == door(3, ENDS, J, W)


@pytest.mark.parametrize("n", [0, 1])
def test_no_ties(n):
    assert partition(n, [], [], []).value == cluster(n, [], [], []).value == 0.0
    assert signed_layout(n, [], [], []).shape == (n, 2)


def test_a_line_up_of_others_and_weights_at_the_edge():
    with pytest.raises(ParameterError, match="line-up of 3 nodes"):
        optima(4, ENDS, J, W, PLAIN)
    for scale in (1e-280, 1e280):
        units, unit = integer_weights(W * scale)
        np.testing.assert_allclose(units * unit, W * scale, rtol=1e-6)
    with pytest.raises(ParameterError, match=r"(?s)heaviest 1e-300.*another unit"):
        integer_weights(W * 1e-300)
