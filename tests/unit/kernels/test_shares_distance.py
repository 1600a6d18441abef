import numpy as np
import pytest

from foedus.kernels import distance, shares


def test_composite_is_the_mean_of_the_parts_that_exist():
    parts = np.array([[10.0, 1.0], [30.0, np.nan], [60.0, 3.0]])
    assert shares.composite_shares(parts) == pytest.approx([(0.1 + 0.25) / 2, 0.3, (0.6 + 0.75) / 2])


def test_nobody_knows_anything_is_unknown_not_zero():
    out = shares.composite_shares(np.array([[np.nan, np.nan], [1.0, 2.0]]))
    assert np.isnan(out[0])
    assert out[1] == 1.0


@pytest.mark.parametrize(
    ("values", "expected"),
    [((0.25,) * 4, 0.0), ((1, 0, 0), 1.0), ((0.5, 0.5, 0, 0), 0.577350), ((0.6, 0.3, 0.1), 0.435890)],
)
def test_concentration_hand_cases(values, expected):
    assert shares.concentration(np.array(values, dtype=float)) == pytest.approx(expected, abs=1e-6)


def test_concentration_of_one_is_undefined():
    assert np.isnan(shares.concentration(np.array([1.0])))


@pytest.mark.parametrize(
    ("miles", "per_day", "expected"), [(0, 250, 0.249646), (1000, 250, 0.183832), (5000, 500, 0.136447)]
)
def test_loss_of_strength_reference_numbers(miles, per_day, expected):
    assert distance.loss_of_strength(np.array(0.2), np.array(float(miles)), per_day) == pytest.approx(
        expected, abs=1e-6
    )


def test_great_circle_and_its_unknowns():
    km = distance.great_circle(np.array([0.0, 0.0, np.nan]), np.array([0.0, 90.0, 0.0]))
    assert km[0, 1] == pytest.approx(distance.EARTH_KM * np.pi / 2)
    assert km[0, 0] == 0
    assert np.isnan(km[0, 2])


def test_boulding_halves_at_range_times_log_two():
    assert distance.boulding(np.array(1000 * np.log(2)), 1000.0) == pytest.approx(0.5)
