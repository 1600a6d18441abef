"""Firth's logit against published fits, hand cases, and a search that knows nothing of steps."""

import itertools
from math import comb

import numpy as np
import pytest
from scipy.optimize import minimize

from foedus.errors import DataError, ParameterError
from foedus.estimate import firth
from foedus.estimate.logit import logit_arrays

#: 79 cases of endometrial cancer (Heinze and Schemper 2002): neovasculization, pulsatility index, height, and grade.
LOW = """0,13,1.64 0,16,2.26 0,8,3.14 0,34,2.68 0,20,1.28 0,5,2.31 0,17,1.8 0,10,1.68 0,26,1.56 0,17,2.31 0,8,2.01 0,7,1.89 0,20,3.15 0,10,1.23 0,18,1.27
0,16,1.76 0,18,2 0,28,1.5 0,11,1.33 0,19,2.37 0,10,1.82 0,10,3.13 0,18,1.31 0,14,1.92 0,21,1.64 0,11,2.01 0,17,1.88 0,25,1.93 0,16,2.11 0,19,1.29
0,15,1.72 0,33,0.75 0,24,1.92 0,29,2.02 0,15,2.29 0,12,2.33 0,3,2.9 0,20,1.7 0,23,1.41 0,12,2.25 0,22,1.54 0,42,1.97 0,15,1.75 0,13,2.16 0,14,2.57
0,19,1.37 0,12,3.61 0,13,2.04 0,10,2.17"""
HIGH = """0,8,2.64 0,29,0.88 0,12,1.27 0,20,1.37 1,38,0.97 1,22,1.14 1,7,0.88 1,25,0.91 1,15,0.58 0,7,0.97 0,48,1.84 0,12,1.11 0,19,1.61 0,2,1.18
1,22,1.44 1,40,1.18 1,5,0.93 1,0,1.17 0,21,1.19 0,15,1.06 0,12,1.69 1,49,0.27 0,6,1.84 0,5,1.3 0,17,0.96 1,11,1.01 1,21,0.98 0,5,0.35 1,19,1.02
0,33,0.85"""
CASES = np.array([[float(v) for v in c.split(",")] for c in (LOW + " " + HIGH).split()])
GRADE = np.repeat([0, 1], [len(LOW.split()), len(HIGH.split())])
TERMS = ("intercept", "NV", "PI", "EH")
#: As R's logistf prints it: estimates, and profile intervals of 95 %.
PUBLISHED = [3.77455951, 2.92927330, -0.03475175, -2.60416387]
ENDS = [[1.0825371, 7.20928050], [0.6097244, 7.85463171], [-0.1244587, 0.04045547], [-4.3651832, -1.23272106]]


def endometrial():
    assert CASES.shape == (79, 3)
    return np.column_stack([np.ones(79), CASES]), GRADE


def brute(x, y, weight=None, hold=None):
    """Return the maximum of the penalised likelihood by a search without derivatives."""
    w = np.ones(len(y)) if weight is None else weight

    def minus(b):
        if hold is not None:
            b = np.insert(b, hold[0], hold[1])
        total, information = 0.0, np.zeros((x.shape[1], x.shape[1]))
        for row, came, often in zip(x, y, w, strict=True):
            p = 1 / (1 + np.exp(-row @ b))
            total += often * np.log(p if came else 1 - p)
            information += often * p * (1 - p) * np.outer(row, row)
        return -total - 0.5 * np.log(np.linalg.det(information))

    start = np.zeros(x.shape[1] - (hold is not None))
    found = minimize(
        minus, start, method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-13, "maxiter": 20_000, "maxfev": 20_000}
    )
    return found.x, -found.fun


def test_published_estimates_and_profile_intervals():
    x, y = endometrial()
    fit = logit_arrays(x, y, terms=TERMS, penalty="firth", errors="profile")
    assert fit.coef[0] == pytest.approx(PUBLISHED, abs=2e-6)
    assert pytest.approx(np.array(ENDS), abs=2e-5) == fit.interval()[:, 0].T
    with pytest.raises(DataError, match=r"Terms separate the classes.*got NV"):
        logit_arrays(x, y, terms=TERMS)
    table = fit.table()
    assert (table["low"].to_numpy() == fit.profile.low).all()
    # The test of a coefficient and its interval say the same.
    outside = (table["low"] > 0) | (table["high"] < 0)
    assert ((table["p_value"] < 0.05) == outside).all()
    assert table["z"][1] ** 2 == pytest.approx(fit.profile.ratio[1])


@pytest.mark.parametrize("cells", [(10, 0, 6, 8), (3, 5, 0, 7), (0, 4, 9, 0), (5, 5, 5, 5)])
def test_of_a_table_of_two_by_two_it_adds_half_to_each_cell(cells):
    a, b, c, d = cells  # events and others with the condition, events and others without
    x = np.array([[1, 1]] * (a + b) + [[1, 0]] * (c + d), dtype=float)
    y = np.r_[np.ones(a), np.zeros(b), np.ones(c), np.zeros(d)].astype(int)
    found = firth.maximise(x, y)
    a, b, c, d = (v + 0.5 for v in cells)
    assert found.converged
    assert found.coef == pytest.approx([np.log(c / d), np.log(a * d / b / c)], abs=1e-7)


def test_a_constant_alone_is_the_share_with_half_an_event_and_half_a_failure_more():
    assert firth.maximise(np.ones((9, 1)), np.r_[1, np.zeros(8)].astype(int)).coef == pytest.approx([np.log(1.5 / 8.5)])
    assert firth.maximise(np.ones((4, 1)), np.ones(4, dtype=int)).coef == pytest.approx([np.log(4.5 / 0.5)])


@pytest.mark.parametrize("seed", range(3))
def test_against_a_search_without_derivatives(seed):
    rng = np.random.default_rng(seed)
    x = np.column_stack([np.ones(24), rng.normal(size=(24, 2))])
    y = (rng.random(24) < 1 / (1 + np.exp(-2 * x[:, 1]))).astype(int)
    w = rng.integers(1, 4, size=24).astype(float)
    for weight in (None, w):
        found = firth.maximise(x, y, weight)
        coef, top = brute(x, y, weight)
        assert found.coef == pytest.approx(coef, abs=1e-5)
        assert found.penalised == pytest.approx(top, abs=1e-9)
    held = firth.maximise(x, y, start=np.array([0, 0.3, 0.0]), hold=1)
    coef, top = brute(x, y, hold=(1, 0.3))
    assert held.coef == pytest.approx([coef[0], 0.3, coef[1]], abs=1e-5)
    assert held.penalised == pytest.approx(top, abs=1e-9)


def test_weights_are_how_often_a_row_counts():
    rng = np.random.default_rng(9)
    x, y = np.column_stack([np.ones(30), rng.normal(size=30)]), rng.integers(0, 2, 30)
    w = rng.integers(0, 4, 30)
    twice = logit_arrays(x.repeat(w, axis=0), y.repeat(w), penalty="firth", errors=("classical", "profile"))
    once = logit_arrays(x, y, weight=w, penalty="firth", errors=("classical", "profile"))
    assert once.coef == pytest.approx(twice.coef, abs=1e-8)
    assert once.standard_errors() == pytest.approx(twice.standard_errors(), rel=1e-7)
    assert once.interval(errors="profile") == pytest.approx(twice.interval(errors="profile"), abs=1e-6)
    assert once.null_log_likelihood == pytest.approx(twice.null_log_likelihood)


def test_at_the_maximum_the_rows_parts_of_the_score_sum_to_nothing():
    x, y = endometrial()
    coef = firth.maximise(x, y).coef
    parts = firth.row_scores(x, y, coef)
    assert parts.sum(axis=0) == pytest.approx(np.zeros(4), abs=1e-5)
    x = x[:, [0, 2, 3]]
    fit = logit_arrays(x, y, penalty="firth", errors=("robust", "classical"))
    bread = fit.covariance("classical")
    meat = sum(np.outer(s, s) for s in firth.row_scores(x, y, fit.coef[0]))
    assert fit.covariance("robust") == pytest.approx(bread @ meat @ bread, rel=1e-6)


def test_profile_without_penalty_is_that_of_the_likelihood():
    x, y = np.ones((20, 1)), np.repeat([1, 0], [3, 17])
    fit = logit_arrays(x, y, errors="profile", level=0.9)

    def likelihood(p):
        return 3 * np.log(p) + 17 * np.log(1 - p)

    for end in fit.interval(level=0.9)[:, 0, 0]:
        assert 2 * (likelihood(0.15) - likelihood(1 / (1 + np.exp(-end)))) == pytest.approx(2.705543, abs=1e-5)
    with pytest.raises(ParameterError, match=r"'level' parameter: got 0.95; expected 0.9, as when fitting"):
        fit.interval()


def test_with_many_rows_the_penalty_weighs_nothing():
    rng = np.random.default_rng(4)
    x = np.column_stack([np.ones(20_000), rng.normal(size=20_000)])
    y = (rng.random(20_000) < 1 / (1 + np.exp(1 - x[:, 1]))).astype(int)
    plain, penalised = logit_arrays(x, y), logit_arrays(x, y, penalty="firth")
    assert penalised.coef == pytest.approx(plain.coef, abs=5e-4)
    assert penalised.penalised_log_likelihood > plain.log_likelihood  # |I| is above one here
    assert penalised.log_likelihood <= plain.log_likelihood


def test_it_takes_out_the_first_order_bias():
    """By the binomial, over all samples of forty throws that have both sides."""
    n, truth = 40, np.log(0.1 / 0.9)
    k = np.arange(1, n)
    shares = np.array([comb(n, j) * 0.1**j * 0.9 ** (n - j) for j in k])
    shares /= shares.sum()
    plain = shares @ np.log(k / (n - k)) - truth
    ours = np.array(
        [firth.maximise(np.ones((n, 1)), np.r_[np.ones(j), np.zeros(n - j)].astype(int)).coef[0] for j in k]
    )
    assert abs(shares @ ours - truth) < abs(plain) / 3


def test_a_profile_without_end_is_refused():
    x, y = endometrial()
    at = firth.maximise(x, y, penalty=False, iterations=12)
    with pytest.raises(DataError, match="A profile of the likelihood without an end: got column"):
        firth.profile(x, y, at, penalty=False)


def test_a_profile_with_more_than_one_hill_is_refused():
    """Four rows that one column separates: the best constant jumps as the other coefficient is moved."""
    x, y = np.column_stack([np.ones(4), [5.0, 1.0, 6.0, 2.0]]), np.array([1, 0, 1, 0])
    with pytest.raises(DataError, match="more than one hill: got column 0") as caught:
        firth.profile(x, y, firth.maximise(x, y))
    assert "errors='classical'" in str(caught.value)


def test_columns_that_cannot_be_told_apart_have_no_step():
    x = np.column_stack([np.ones(6), np.ones(6)])
    assert not firth.maximise(x, np.array([0, 1, 0, 1, 0, 1])).converged


def test_a_bootstrap_has_sets_that_are_separated():
    x, y = endometrial()
    x = x[:, [0, 2, 3]]
    fit = logit_arrays(x, y, penalty="firth", errors="bootstrap", draws=40, seed=3)
    assert fit.failed == 0
    assert np.isfinite(fit.standard_errors()).all()


@pytest.mark.parametrize("errors", ["robust", "cluster", "dyadic", "bootstrap"])
def test_errors_by_the_spread_of_rows_are_refused_where_only_the_penalty_holds_estimates(errors):
    x, y = endometrial()
    pair = (np.arange(79) % 9, np.arange(79) % 9 + 1 + np.arange(79) % 4)
    asked = {"cluster": np.arange(79) % 20, "dyad": pair}
    with pytest.raises(
        DataError,
        match=f"Errors {errors} where terms separate the classes: got NV; expected errors 'profile' or 'classical'",
    ):
        logit_arrays(x, y, terms=TERMS, penalty="firth", errors=errors, **asked)
    kept = [0, 2, 3]
    assert (
        logit_arrays(x[:, kept], y, penalty="firth", errors=errors, draws=40, **asked).standard_errors() > 1e-3
    ).all()


def test_more_than_two_classes_are_refused():
    x, y = np.column_stack([np.ones(9), np.arange(9.0)]), [0, 1, 2] * 3
    for asked, name in (({"penalty": "firth"}, "penalty='firth'"), ({"errors": "profile"}, "errors='profile'")):
        with pytest.raises(ParameterError, match=f"'classes' parameter: got '0, 1, 2'; expected two, with {name}"):
            logit_arrays(x, y, **asked)


def test_unknown_penalties_are_refused():
    x, y = np.ones((4, 1)), [0, 1, 0, 1]
    with pytest.raises(ParameterError, match="'penalty' parameter: got 'l2'; expected None or 'firth'"):
        logit_arrays(x, y, penalty="l2")
    for level in itertools.chain([0, 1], [1.5]):
        with pytest.raises(ParameterError, match="'level' parameter"):
            logit_arrays(x, y, level=level)


def test_columns_that_nearly_hang_together_come_to_rest():
    """The year beside a constant: a hundred-thousandth of their size tells them apart, and sums are rounded before steps gain nothing."""
    rng = np.random.default_rng(2)
    year = np.repeat([1900.0, 1901.0], 8)
    x, y = np.column_stack([np.ones(16), rng.normal(size=16), year]), rng.integers(0, 2, 16)
    plain = firth.maximise(x - [0, 0, 1900], y)
    found = firth.maximise(x, y)
    assert found.converged
    assert found.coef[1:] == pytest.approx(plain.coef[1:], abs=1e-4)
