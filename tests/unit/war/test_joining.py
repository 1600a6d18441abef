"""The likelihood of joining: derivatives by differences, the maximum by another optimiser, sides, weights, doubt."""

import numpy as np
import polars as pl
import pytest
from scipy.optimize import minimize

from foedus.errors import DataError, ParameterError
from foedus.war import joining
from foedus.war.joining import fit_joining, probabilities, shipped

TERMS = ("constant", "defense", "far")


@pytest.fixture(scope="module")
def sample():
    rng = np.random.default_rng(5)
    n = 600
    x = np.ones((n, 2, 3))
    x[:, :, 1] = rng.integers(0, 2, (n, 2))
    x[:, :, 2] = rng.normal(size=(n, 2))
    p = probabilities(x, np.array([-2.0, 1.2, -0.7]))
    y = (rng.random(n)[:, None] > np.cumsum(p, axis=1)).sum(axis=1)
    return x, y, rng.integers(0, 40, n)


def test_the_maximum_is_that_of_another_optimiser(sample):
    x, y, cluster = sample
    fit = fit_joining(x, y, terms=TERMS, cluster=cluster)

    def loss(b):
        return -np.log(probabilities(x, b)[np.arange(len(y)), y]).sum() + 0.5 * (b[1:] ** 2).sum()

    found = minimize(loss, np.zeros(3), method="BFGS", options={"gtol": 1e-7})
    np.testing.assert_allclose(fit.coef, found.x, atol=1e-5)
    step = 1e-3 * np.eye(3)

    def second(a, b):
        return (
            loss(fit.coef + a + b) - loss(fit.coef + a - b) - loss(fit.coef - a + b) + loss(fit.coef - a - b)
        ) / 4e-6

    curve = np.array([[second(a, b) for b in step] for a in step])
    np.testing.assert_allclose(fit.bread, np.linalg.inv(curve), rtol=1e-3)
    assert fit.log_likelihood == pytest.approx(0.5 * (found.x[1:] ** 2).sum() - found.fun)
    assert (sum(fit.counts), fit.clusters) == (600, 40)


def test_derivatives_are_those_of_differences(sample):
    x, y, _ = sample
    w = np.linspace(0.5, 2, len(y))
    at, step = np.array([-1.0, 0.5, 0.2]), 1e-5

    def value(b):
        return w @ np.log(probabilities(x, b)[np.arange(len(y)), y])

    gradient, hessian = joining._slopes(x, y, w, at)
    by_difference = [(value(at + d) - value(at - d)) / (2 * step) for d in np.eye(3) * step]
    np.testing.assert_allclose(gradient.sum(axis=0), by_difference, rtol=1e-5)
    slopes = [
        (joining._slopes(x, y, w, at + d)[0] - joining._slopes(x, y, w, at - d)[0]).sum(axis=0) / (2 * step)
        for d in np.eye(3) * step
    ]
    np.testing.assert_allclose(-hessian, slopes, rtol=1e-5)


def test_labels_of_the_sides_carry_nothing(sample):
    x, y, cluster = sample
    one = fit_joining(x, y, terms=TERMS, cluster=cluster)
    two = fit_joining(x[:, ::-1], np.array([0, 2, 1])[y], terms=TERMS, cluster=cluster)
    np.testing.assert_allclose(one.coef, two.coef, atol=1e-8)
    np.testing.assert_allclose(one.predict(x)[:, [0, 2, 1]], two.predict(x[:, ::-1]), atol=1e-8)


def test_a_weight_of_two_is_two_rows(sample):
    x, y, cluster = sample
    w = np.where(np.arange(len(y)) < 200, 2.0, 1.0)
    double = np.concatenate([np.arange(len(y)), np.arange(200)])
    one = fit_joining(x, y, terms=TERMS, cluster=cluster, weight=w)
    two = fit_joining(x[double], y[double], terms=TERMS, cluster=cluster[double])
    np.testing.assert_allclose(one.coef, two.coef, atol=1e-8)
    np.testing.assert_allclose(one.covariance, two.covariance, atol=1e-8)


def test_a_term_that_separates_stays_finite_and_shrinks_with_the_prior(sample):
    x, y, cluster = sample
    x = x.copy()
    x[:, :, 1] = y[:, None] == [1, 2]
    wide, narrow = (fit_joining(x, y, terms=TERMS, cluster=cluster, prior_sd=sd).coef[1] for sd in (2.0, 0.5))
    assert 0 < narrow < wide < 20


def test_an_unknown_term_takes_the_mean(sample):
    x, y, cluster = sample
    x = x.copy()
    x[::7, :, 2] = np.nan
    fit = fit_joining(x, y, terms=TERMS, cluster=cluster)
    mean = np.nanmean(x[:, :, 2])
    assert fit.fill[2] == pytest.approx(mean)
    put = np.where(np.isnan(x), mean, x)
    np.testing.assert_allclose(fit.coef, fit_joining(put, y, terms=TERMS, cluster=cluster).coef, atol=1e-8)
    np.testing.assert_allclose(fit.predict(x), fit.predict(put))


def test_doubt_by_resampling_agrees_with_the_sandwich(sample):
    x, y, cluster = sample
    fit = fit_joining(x, y, terms=TERMS, cluster=cluster, errors="bootstrap", draws=150)
    plain = fit_joining(x, y, terms=TERMS, cluster=cluster)
    np.testing.assert_allclose(np.sqrt(np.diag(fit.covariance)), np.sqrt(np.diag(plain.covariance)), rtol=0.3)
    assert fit.resampled.shape == (150, 3)
    low, high = fit.table()["low"].to_numpy(), fit.table()["high"].to_numpy()
    np.testing.assert_allclose([low, high], np.quantile(fit.resampled, [0.05, 0.95], axis=0))
    for level, z in ((0.9, 1.644854), (0.99, 2.575829)):
        half = plain.table(level=level).select(half=(pl.col("high") - pl.col("low")) / 2 / pl.col("std_error"))["half"]
        np.testing.assert_allclose(half, z, rtol=1e-6)
    wide = plain.table(level=0.99)
    assert (wide["high"] - wide["low"] > plain.table()["high"] - plain.table()["low"]).all()


def test_drawn_coefficients_have_the_covariance_and_begin_alike(sample):
    x, y, cluster = sample
    fit = fit_joining(x, y, terms=TERMS, cluster=cluster)
    drawn = fit.draw_coef(4000, seed=2)
    np.testing.assert_array_equal(drawn[:10], fit.draw_coef(10, seed=2))
    np.testing.assert_allclose(np.cov(drawn, rowvar=False), fit.covariance, atol=0.1 * fit.covariance.max())
    assert abs(drawn.mean(axis=0) - fit.coef).max() < 0.02


@pytest.mark.parametrize(
    ("change", "error", "match"),
    [
        ({"y": [0] * 600}, DataError, "Nobody entered"),
        ({"terms": ("constant", "far")}, ParameterError, r"\(n, 2, 2\)"),
        ({"cluster": [1, 2]}, ParameterError, r"\(2,\)"),
        ({"weight": [1.0]}, ParameterError, r"\(1,\)"),
    ],
)
def test_arguments_that_are_refused(sample, change, error, match):
    x, y, cluster = sample
    with pytest.raises(error, match=match):
        fit_joining(x, **({"y": y, "terms": TERMS, "cluster": cluster} | change))


def test_a_term_unknown_in_every_row_is_refused(sample):
    x, y, cluster = sample
    x = x.copy()
    x[:, :, 2] = np.nan
    with pytest.raises(DataError, match="far"):
        fit_joining(x, y, terms=TERMS, cluster=cluster)


def test_too_few_steps_are_an_error(sample):
    x, y, _ = sample
    with pytest.raises(DataError, match="1 steps"):
        joining._maximise(x, y, np.ones(len(y)), np.zeros(3), np.zeros(3), steps=1)


@pytest.mark.parametrize("name", ["core", "from_1946", "wars"])
def test_what_ships_can_be_used(name):
    fit = shipped(name)
    k = len(fit.terms)
    assert fit.coef.shape == fit.fill.shape == (k,)
    assert (np.linalg.eigvalsh(fit.covariance) > -1e-9).all()
    p = fit.predict(np.full((1, 2, k), np.nan))
    assert p.sum() == pytest.approx(1)
    assert p[0, 1] == p[0, 2] < 0.02  # nothing known: a little, and alike on both sides
    assert fit.coef[fit.terms.index("defense")] > 0
    assert fit.bread is None
    assert fit.draw_coef(3, seed=1).shape == (3, k)


def test_a_specification_that_there_is_not():
    with pytest.raises(ParameterError, match="core"):
        shipped("luck")
