"""Effects, intervals, tests and corrections of the detector, by hand."""

import numpy as np
import pytest

from foedus.formation.counter_stats import Effect, effect, holm, p_of_orders, p_of_signs, two_way_weights

STATE = np.array([1, 1, 2, 3])
YEAR = np.array([5, 6, 5, 7])


def test_difference_and_ratio_by_hand():
    weights = np.array([[1.0, 1, 1, 1], [2, 0, 0, 0], [0, 0, 1, 1], [0, 0, 0, 0]])
    got = effect(np.array([1.0, 0, 1, 0]), np.array([0.5, 0, 0.25, 0.25]), STATE, YEAR, weights=weights, p=0.5)
    assert (got.cases, got.states, got.years, got.p) == (4, 3, 3, 0.5)
    assert got.difference == pytest.approx(0.25)
    assert got.ratio == pytest.approx(2.0)
    assert got.low == pytest.approx(0.25)
    assert got.high == pytest.approx(np.quantile([0.25, 0.5, 0.25], 0.95))
    assert got.side == 1
    assert got.to_dict()["share"] == 0.5


def test_no_cases_nothing_expected_and_no_interval():
    empty = np.zeros(0)
    assert effect(empty, empty, STATE[:0], YEAR[:0], weights=None, p=None) == Effect(0, 0, 0)
    alone = effect(np.ones(1), np.zeros(1), STATE[:1], YEAR[:1], weights=None, p=None)
    assert (alone.ratio, alone.low, alone.side) == (None, None, 0)
    got = effect(
        np.array([1.0, 1.0]),
        np.array([0.0, 0.5]),
        STATE[1:3],
        YEAR[1:3],
        weights=np.array([[2.0, 0], [1, 1], [0, 2]]),
        p=None,
    )
    assert (got.ratio_low, got.ratio_high) == (2.0, None)
    less = effect(np.zeros(2), np.ones(2), STATE[1:3], YEAR[1:3], weights=np.ones((5, 2)), p=None)
    assert less.side == -1


def test_weights_are_products_and_need_two_of_each():
    got = two_way_weights(STATE, YEAR, draws=30, seed=1)
    assert got is not None
    assert got.shape == (30, 4)
    assert np.array_equal(got, two_way_weights(STATE, YEAR, draws=30, seed=1))
    assert (got == got.round()).all()
    assert two_way_weights(STATE[:2], YEAR[:2], draws=3, seed=1) is None
    assert two_way_weights(STATE[[0, 2]], YEAR[[0, 2]], draws=3, seed=1) is None


def test_p_values_by_hand():
    drawn = np.array([0.0, 1.0, 2.0, 3.0, np.nan])
    assert p_of_orders(3.0, drawn) == pytest.approx(3 / 5)
    assert p_of_orders(9.0, drawn) == pytest.approx(1 / 5)
    assert p_of_orders(9.0, np.full(3, np.nan)) == 1.0
    assert p_of_signs(np.zeros(0), STATE[:0], YEAR[:0], seed=1) is None
    one_sided = p_of_signs(np.ones(10), np.arange(10), np.arange(10), flips=4_999, seed=1)
    assert one_sided == pytest.approx(2 / 1024, abs=0.0025)
    assert p_of_signs(np.ones(10), np.zeros(10, dtype=int), np.arange(10), seed=1) == 1.0


def test_holm():
    assert holm([]) == []
    assert holm([None, 0.5]) == [None, 0.5]
    assert holm([0.9, 0.02, 0.02]) == pytest.approx([0.9, 0.06, 0.06])
