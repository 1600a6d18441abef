"""Deaths given who fights, against sums written out, a numeric maximum, and the law they are drawn from."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.stats import kstest

from foedus.errors import ParameterError
from foedus.war.deaths import LEAST, TERMS, Deaths, death_terms, fit_deaths

CAP = (0.03, 0.1)


def wars(n=60, seed=1):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, len(TERMS)))
    x[:, 3:] = x[:, 3:] > 0
    return x, LEAST * np.exp(rng.exponential(np.exp(0.8 + 0.4 * x[:, 1])))


def test_terms_by_hand():
    side = np.array([[1, 2, 0, 0], [1, 1, 2, 2]])
    share, major = np.array([0.2, 0.1, np.nan, 0.05]), np.array([True, False, True, False])
    found = death_terms(side, share, major, np.array([1939, 1950]))
    assert found[0] == pytest.approx([0, np.log(0.1), np.log(0.5), 0, 0])
    assert found[1] == pytest.approx([np.log(3), np.log(0.05), np.log(0.05 / 0.3), 1, 1])
    unknown = death_terms(np.array([[1, 0, 2, 0]]), share, major, 1939)[0]
    assert np.isnan(unknown[1:3]).all()
    assert unknown[3] == 1
    swapped = death_terms(np.where(side == 0, 0, 3 - side), share, major, np.array([1939, 1950]))
    assert swapped == pytest.approx(found)
    with pytest.raises(ParameterError, match="both sides"):
        death_terms(np.array([[1, 1, 0, 0]]), share, major, 1939)


@pytest.mark.parametrize("terms", [True, False])
def test_the_fit_is_the_maximum_of_likelihood_times_prior(terms):
    x, dead = wars()
    fit = fit_deaths(x, dead, CAP, terms=terms)
    e = np.log(dead / LEAST)
    z = (x - x.mean(axis=0)) / x.std(axis=0) * terms
    columns = np.column_stack([np.ones(len(x)), z])
    prior = np.array([1.0, *[4.0] * len(TERMS)])

    def lost(b):
        eta = columns @ b
        return (eta + e * np.exp(-eta)).sum() + 0.5 * (prior * (b - [np.log(e.mean()), *[0] * len(TERMS)]) ** 2).sum()

    best = minimize(lost, np.zeros(6), method="BFGS", options={"gtol": 1e-8})
    assert fit.coef == pytest.approx(best.x, abs=1e-5)
    assert (np.diag(fit.covariance)[1:] > 0).all() == terms
    if terms:
        assert fit.coef[2] > 2 * np.sqrt(fit.covariance[2, 2]), "the planted term is found"
        curvature = columns.T @ (columns * (e * np.exp(-columns @ fit.coef))[:, None]) + np.diag(prior)
        assert fit.covariance @ curvature == pytest.approx(np.eye(6), abs=1e-8)


def test_draws_follow_the_law_of_each_war():
    model = Deaths(np.zeros(5), np.ones(5), np.array([0.7, 0.5, 0, 0, 0, 0]), np.zeros((6, 6)), (1.0, 1.0), 10)
    values = np.tile([[0.6, 0, 0, 0, 0]], (20_000, 1))
    dead = model.draw(values, np.full(20_000, 1e300), seed=1)
    mean = np.exp(0.7 + 0.3)
    assert kstest(np.log(dead / LEAST), "expon", args=(0, mean)).pvalue > 0.01
    assert model.exponent(values)[0] == pytest.approx(1 + 1 / mean)
    cut = model.draw(values, np.full(20_000, 1e5), seed=1)
    assert cut.max() <= 1e5
    uncut = dead[dead <= 1e5]
    assert np.median(cut) == pytest.approx(np.median(uncut), rel=0.05)
    assert (model.draw(values[:5], np.full(5, 10.0), seed=1) == LEAST).all(), "a cap below a thousand leaves a thousand"
    unknown = np.tile([[0.0, np.nan, np.nan, 0, 0]], (10, 1))
    assert np.isfinite(model.draw(unknown, np.full(10, 1e8), seed=1)).all()


@given(seed=st.integers(0, 10_000))
@settings(max_examples=20, deadline=None)
def test_doubt_of_coefficients_is_shared_by_groups_and_the_same_seed_is_the_same(seed):
    x, dead = wars()
    model = fit_deaths(x, dead, CAP)
    people = np.full(len(x), 1e7)
    one = model.draw(x, people, seed=seed, inner=10)
    assert (one == model.draw(x, people, seed=seed, inner=10)).all()
    assert (one[:30] == model.draw(x[:30], people[:30], seed=seed, inner=10)).all()
    assert ((one >= LEAST) & (one <= 1e6)).all()
    assert model.drawn(500, seed).mean(axis=0) == pytest.approx(model.coef, abs=0.1)


def test_what_cannot_be_fitted_or_drawn_is_refused():
    x, dead = wars(10)
    for values, deaths in ((x[:1], dead[:1]), (x[:, :2], dead), (np.full_like(x, np.nan), dead), (x, dead / 1e6)):
        with pytest.raises(ParameterError, match="Wars to fit"):
            fit_deaths(values, deaths, CAP)
    same = fit_deaths(np.ones_like(x), dead, CAP)
    assert same.coef[1:] == pytest.approx(0)
    for people, inner, match in (([0.0], 1, "population"), ([], 1, "population"), ([1e6], 0, "inner")):
        with pytest.raises(ParameterError, match=match):
            same.draw(x[: len(people)], people, seed=1, inner=inner)
