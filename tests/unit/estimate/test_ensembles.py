import numpy as np
import pytest

from foedus.errors import ParameterError
from foedus.estimate.ensembles import crps_ensemble, crps_normal, ignorance, interval_score, width


def test_crps_by_hand():
    assert crps_ensemble([1], [[0, 1, 2]]) == pytest.approx([2 / 9], abs=1e-12)
    assert crps_ensemble([3], [[0, 0, 10]]) == pytest.approx([2.111111], abs=5e-7)
    assert crps_normal(0, 0, 1) == pytest.approx(0.233695, abs=5e-7)


def test_crps_is_that_of_all_pairs():
    rng = np.random.default_rng(0)
    y, x = rng.normal(size=7), rng.gamma(1.0, size=(7, 23))
    slow = [np.abs(r - v).mean() - 0.5 * np.abs(r[:, None] - r).mean() for v, r in zip(y, x, strict=True)]
    assert crps_ensemble(y, x) == pytest.approx(np.array(slow), abs=1e-12)


def test_crps_is_the_integral_of_squared_differences():
    draws, y = np.array([0.0, 0.0, 1.0, 4.0]), 2.5
    grid = np.linspace(-1, 6, 70_001)
    cdf = (draws[:, None] <= grid).mean(axis=0)
    assert crps_ensemble([y], [draws]) == pytest.approx(np.trapezoid((cdf - (grid >= y)) ** 2, grid), abs=2e-4)


def test_crps_of_many_normal_draws_nears_that_of_the_normal():
    x = np.random.default_rng(1).normal(3.0, 2.0, size=(1, 40_000))
    assert crps_ensemble([4.0], x)[0] == pytest.approx(float(crps_normal(4.0, 3.0, 2.0)), abs=0.02)


def test_one_draw_is_an_absolute_error():
    assert crps_ensemble([3.0], [[5.0]]) == [2.0]


def test_ignorance_of_views():
    assert ignorance([0], np.zeros((1, 1000))) == pytest.approx([0.014341], abs=5e-7)
    assert ignorance([3], np.zeros((1, 1000))) == pytest.approx([-np.log2(1 / 1011)])
    draws = np.array([[0, 1, 2, 3, 2000, 1001, 1000]])
    for y, inside in ((0, 1), (1, 2), (2.5, 1), (5, 1), (1000, 1), (1001, 2), (10**9, 2), (6, 0)):
        assert ignorance([y], draws) == pytest.approx([-np.log2((inside + 1) / 18)]), y


def test_interval_score_of_views():
    draws = np.arange(101.0)[None]
    assert interval_score([50], draws) == pytest.approx([90])
    assert interval_score([0], draws) == pytest.approx([90 + 20 * 5])
    assert interval_score([99], draws) == pytest.approx([90 + 20 * 4])
    assert interval_score([0], draws, level=0.5) == pytest.approx([50 + 4 * 25])
    assert width(draws) == pytest.approx(90)
    assert width(np.vstack([draws, 3 * draws]), level=0.5) == pytest.approx(100)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: crps_ensemble([1, 2], [[1, 2]]), "do not fit"),
        (lambda: crps_ensemble([1], [1]), "do not fit"),
        (lambda: crps_ensemble([1], np.zeros((1, 0))), "do not fit"),
        (lambda: crps_ensemble([np.nan], [[1]]), "not finite"),
        (lambda: crps_normal(0, 0, 0), "'sd' parameter"),
        (lambda: ignorance([-1], [[0]]), "below the lowest bin"),
        (lambda: ignorance([1], [[0]], bins=[0, 0]), "'bins' parameter"),
        (lambda: interval_score([1], [[0]], level=1.0), "'level' parameter"),
    ],
)
def test_refusals(call, words):
    with pytest.raises(ParameterError, match=words):
        call()
