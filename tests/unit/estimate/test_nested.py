import numpy as np
import pytest

from foedus.estimate.nested import drawn, nested


def test_interval_covers_input_uncertainty_not_chance_alone():
    rng = np.random.default_rng(0)
    p = rng.uniform(0.2, 0.8, 200)
    values = (rng.random((200, 50)) < p[:, None]).reshape(-1, 1)
    (e,) = nested(values, 50)
    assert e.mean == pytest.approx(0.5, abs=0.03)
    assert e.low == pytest.approx(0.23, abs=0.05)
    assert e.high == pytest.approx(0.77, abs=0.05)


def test_without_input_uncertainty_the_interval_is_that_of_simulation():
    rng = np.random.default_rng(1)
    (e,) = nested(rng.random((10_000, 1)) < 0.3, 50)
    assert e.high - e.low < 0.12
    assert e.mc_error == pytest.approx(np.sqrt(0.21 / 10_000), rel=0.05)


def test_never_a_zero_width_and_never_outside_the_unit():
    (e,) = nested(np.ones((500, 1)), 50)
    assert e.low < e.mean == e.high == 1
    (z,) = nested(np.zeros((500, 1)), 50)
    assert z.low == 0 < z.high


def test_few_groups_fall_back_to_simulation_error_and_levels_widen():
    (a,) = nested(np.array([[0.0], [1.0]]), 50)
    assert 0 <= a.low < a.high <= 1
    values = np.random.default_rng(2).random((400, 1)) < 0.5
    narrow, wide = nested(values, 50, level=0.5)[0], nested(values, 50, level=0.99)[0]
    assert wide.low < narrow.low < narrow.high < wide.high


def test_drawn_quantiles():
    e = drawn(np.linspace(0, 1, 1001))
    assert (e.mean, e.low, e.high) == pytest.approx((0.5, 0.05, 0.95))
    assert str(e) == "0.50 [0.05, 0.95]"
    assert e.to_dict()["mean"] == e.mean


def test_a_difference_that_happens_to_be_no_less_than_0_keeps_both_sides_of_its_interval():
    values = np.zeros((200, 1))
    values[7] = 1.0
    share, change = nested(values, 50)[0], nested(values, 50, shares=False)[0]
    assert share.low == 0.0
    assert change.low < 0.0 < change.high
