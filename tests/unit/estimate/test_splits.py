import numpy as np
import pytest

from foedus.errors import ParameterError
from foedus.estimate.logit import logit_arrays
from foedus.estimate.polynomial import time_polynomial
from foedus.estimate.splits import leave_one_out, time_forward


def test_nothing_is_fitted_on_what_comes_later_and_each_row_is_scored_once():
    year = np.random.default_rng(0).integers(1860, 2011, 800)
    splits = list(time_forward(year, first=1870, last=2009, horizon=5))
    assert [s.label for s in splits] == list(range(1870, 2010, 5))
    for s in splits:
        assert year[s.train].max() <= s.label < year[s.test].min()
        assert year[s.test].max() <= s.label + 5
    scored = np.concatenate([s.test for s in splits])
    assert len(scored) == len(set(scored)) == (year > 1870).sum()


def test_overlapping_windows_and_a_first_year():
    year = np.arange(1900, 1920)
    splits = list(time_forward(year, first=1905, last=1907, horizon=3, step=1, since=1902))
    assert [year[s.test].tolist() for s in splits] == [[1906, 1907, 1908], [1907, 1908, 1909], [1908, 1909, 1910]]
    assert year[splits[0].train].tolist() == [1902, 1903, 1904, 1905]


def test_a_war_that_has_begun_is_not_scored():
    year = np.array([1913, 1914, 1915, 1916, 1916, 1917])
    war = np.array(["balkan", "great", "great", "great", "other", "great"])
    (split,) = time_forward(year, first=1914, last=1914, horizon=5, cluster=war)
    assert split.train.tolist() == [0, 1]
    assert split.test.tolist() == [4]


def test_years_without_rows_are_left_out():
    assert [s.label for s in time_forward(np.array([1900, 1930]), first=1890, last=1940, horizon=5)] == [1925]


def test_leave_one_out_scores_each_row_once_and_fits_on_the_rest():
    cluster = np.random.default_rng(1).integers(0, 9, 100)
    splits = list(leave_one_out(cluster))
    assert [s.label for s in splits] == sorted(set(cluster))
    for s in splits:
        assert set(cluster[s.test]) == {s.label}
        assert s.label not in cluster[s.train]
        assert sorted([*s.train, *s.test]) == list(range(100))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: list(time_forward([1.5], first=1, last=2)), "'year' parameter"),
        (lambda: list(time_forward([1], first=2, last=1)), "Years of a split"),
        (lambda: list(time_forward([1], first=1, last=1, horizon=0)), "Years of a split"),
        (lambda: list(time_forward([1], first=1, last=1, step=0)), "Years of a split"),
        (lambda: list(time_forward([1, 2], first=1, last=1, cluster=["a"])), "'cluster' parameter"),
        (lambda: list(leave_one_out(["a", "a"])), "1 cluster"),
        (lambda: time_polynomial([-1]), "'t' parameter"),
        (lambda: time_polynomial([np.nan]), "'t' parameter"),
        (lambda: time_polynomial([1], powers=4), "powers"),
        (lambda: time_polynomial([1], unit=0), "unit"),
    ],
)
def test_refusals(call, words):
    with pytest.raises(ParameterError, match=words):
        call()


def test_the_unit_of_time_changes_no_fitted_probability():
    rng = np.random.default_rng(2)
    t = rng.integers(0, 150, 2000)
    y = (rng.random(2000) < 1 / (1 + np.exp(1 + t / 40))).astype(int)
    found = {}
    for unit in (1.0, 10.0, 100.0):
        x = np.column_stack([np.ones(2000), time_polynomial(t, unit=unit)])
        fit = logit_arrays(x, y)
        found[unit] = fit.predict(x), fit.coef[0]
    assert found[1.0][0] == pytest.approx(found[10.0][0], abs=1e-6)
    assert found[100.0][0] == pytest.approx(found[10.0][0], abs=1e-6)
    assert found[10.0][1] == pytest.approx(found[1.0][1] * [1, 10, 100, 1000], rel=1e-4)
    assert time_polynomial([30], powers=2).tolist() == [[3.0, 9.0]]
