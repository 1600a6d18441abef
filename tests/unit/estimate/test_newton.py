import numpy as np
import pytest

from foedus.estimate.newton import halved


def parabola(b):
    return -1e4 - float(b @ b)


@pytest.mark.parametrize("times", [1, 3, 40])
def test_a_step_too_long_is_halved_until_it_gains(times):
    there, value = halved(parabola, np.array([1.0]), np.array([-(2.0**times)]), parabola(np.array([1.0])))
    assert abs(there[0]) <= 1.0
    assert value == parabola(there)


def test_a_whole_step_whose_gain_drowns_in_rounding_is_taken():
    best = np.array([1e-7])
    there, _ = halved(lambda b: parabola(b) - 1e-10 * float((b == 0.0).all()), best, -best, parabola(best))
    assert there[0] == 0.0


def test_a_step_that_only_loses_is_not_taken():
    start = np.array([0.0])
    there, value = halved(lambda b: -float(np.abs(b).sum()) - (b != 0).sum(), start, np.array([1.0]), 0.0)
    assert there[0] == value == 0.0
