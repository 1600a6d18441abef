"""Voluntary contributions: hand numbers, iterated best replies in plain Python, and properties."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foedus.errors import ParameterError
from foedus.security.burden import best_reply, burden_shares


def _iterated(resources, taste, rounds=4000):
    """Return contributions by best replies, one member after the other."""
    q = [0.0] * len(resources)
    for _ in range(rounds):
        for i, y in enumerate(resources):
            q[i] = max(0.0, taste * y - (1 - taste) * (sum(q) - q[i]))
    return q


def test_the_numbers_by_hand():
    assert burden_shares([100, 100], 0.4).gives == pytest.approx([25, 25])
    assert burden_shares([100, 60], 0.4).gives == pytest.approx([40, 0])
    alone = burden_shares([100], 0.4)
    assert alone.gives == pytest.approx([40])
    assert alone.share == pytest.approx([1])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.floats(0, 1000), min_size=1, max_size=6), st.floats(0.05, 0.95)
)  # fmt: skip
def test_it_is_where_best_replies_lead(resources, taste):
    got = burden_shares(resources, taste)
    assert got.gap <= 1e-9 * max(1.0, *resources)
    assert got.gives == pytest.approx(_iterated(resources, taste), abs=1e-6 * max(1.0, *resources))
    assert ((got.gives >= 0) & (got.gives <= got.resources)).all()


def test_the_second_gives_nothing_up_to_a_bound_and_the_small_ride_free():
    assert burden_shares([100, 60.0], 0.4).gives[1] == 0
    assert burden_shares([100, 60.1], 0.4).gives[1] > 0
    three = burden_shares([90, 100, 10], 0.4)
    assert three.burden[1] > three.burden[0] > three.burden[2] == 0
    assert three.table()["share"].sum() == pytest.approx(1)
    assert three.to_dict()["standing"] == "exact"


def test_nobody_has_anything():
    none = burden_shares([0.0, 0.0], 0.4)
    assert none.gives.tolist() == [0, 0]
    assert none.burden.tolist() == [0, 0]
    assert np.isnan(none.share).all()
    assert none.table()["share"].null_count() == 2


@pytest.mark.parametrize("resources", [[], [1.0, np.nan], [-1.0], [[1.0]], [np.inf]])
def test_resources_that_cannot_be_are_refused(resources):
    with pytest.raises(ParameterError, match="resources"):
        burden_shares(resources, 0.4)


@pytest.mark.parametrize("taste", [0, 1, -0.1, np.nan, True])
def test_a_taste_outside_0_and_1_is_refused(taste):
    with pytest.raises(ParameterError, match="taste"):
        burden_shares([1.0], taste)


def test_a_best_reply_is_never_below_0():
    assert best_reply([10.0, 10.0], [0.0, 100.0], 0.3).tolist() == [3.0, 0.0]
