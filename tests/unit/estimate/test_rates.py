import numpy as np
import pytest
import statsmodels.api as sm
from scipy.optimize import minimize
from scipy.special import gammaln

from foedus.errors import DataError, ParameterError
from foedus.estimate.rates import dispersion, fit_rates, fit_shared_rates, posterior


@pytest.fixture(scope="module")
def sample():
    rng = np.random.default_rng(1)
    n = 3000
    x = np.column_stack([np.ones(n), rng.normal(size=n), rng.random(n) < 0.3])
    exposure = rng.uniform(1, 30, n)
    count = rng.poisson(exposure * np.exp(x @ [-4.0, 0.6, 0.8]))
    return x, count, exposure, rng.integers(0, 150, n)


def test_without_a_prior_it_is_the_field_s_poisson_model(sample):
    x, count, exposure, cluster = sample
    fit = fit_rates(x, count, exposure, cluster=cluster)
    other = sm.GLM(count, x, family=sm.families.Poisson(), offset=np.log(exposure)).fit(
        cov_type="cluster", cov_kwds={"groups": cluster, "use_correction": True}
    )
    np.testing.assert_allclose(fit.coef, other.params, rtol=1e-6)
    few = 2999 / 2997  # statsmodels counts the coefficients too
    np.testing.assert_allclose(fit.covariance * few, other.cov_params(), rtol=1e-3)
    assert fit.clusters == 150
    assert fit.events == count.sum()


def test_with_a_prior_it_is_the_maximum_of_likelihood_times_prior(sample):
    x, count, exposure, cluster = sample
    mean, sd, weight = np.array([0.0, 0.2, 0.1]), np.array([np.inf, 0.05, 0.1]), np.where(count > 0, 1.0, 2.0)
    fit = fit_rates(x, count, exposure, cluster=cluster, weight=weight, prior_mean=mean, prior_sd=sd)

    def loss(b):
        return -(weight @ (count * (x @ b) - exposure * np.exp(x @ b))) + 0.5 * (((b - mean) / sd) ** 2)[1:].sum()

    found = minimize(
        loss, [-4.0, 0.0, 0.0], method="Nelder-Mead", options={"xatol": 1e-7, "fatol": 1e-9, "maxiter": 4000}
    ).x
    np.testing.assert_allclose(fit.coef, found, atol=1e-4)


def test_bad_rows_say_what_is_wrong(sample):
    x, count, exposure, cluster = sample
    with pytest.raises(DataError, match="No event"):
        fit_rates(x, np.zeros(len(x)), exposure, cluster=cluster)
    with pytest.raises(DataError, match="exposure"):
        fit_rates(x, count, np.zeros(len(x)), cluster=cluster)
    with pytest.raises(ParameterError, match="four times"):
        fit_rates(x[:5], count, exposure, cluster=cluster)


def test_the_shared_factor_is_found_and_told_apart_from_chance():
    rng = np.random.default_rng(5)
    expected = rng.uniform(0.2, 3.0, 4000)
    even, uneven = rng.poisson(expected), rng.poisson(expected * rng.gamma(0.5, 2.0, 4000))
    assert dispersion(even.astype(float), expected) < 0.05
    assert dispersion(uneven.astype(float), expected) == pytest.approx(2.0, rel=0.15)
    assert posterior(np.array([0.0]), np.array([0.0]), 2.0) == pytest.approx([1.0])
    assert posterior(np.array([3.0]), np.array([1.0]), 2.0) == pytest.approx([7 / 3])


def test_shared_rates_are_at_the_maximum_of_the_integrated_likelihood():
    rng = np.random.default_rng(6)
    x = np.column_stack([np.ones(2400), rng.normal(size=2400)])
    cluster, exposure = np.repeat(np.arange(400), 6), rng.uniform(1, 10, 2400)
    rate = exposure * np.exp(x @ [-3.0, 0.5]) * rng.gamma(0.5, 2.0, 400)[cluster]
    count = rng.poisson(rate)
    fit = fit_shared_rates(x, count, exposure, cluster=cluster)

    def loss(theta):
        eta, v = x @ theta[:2], np.exp(theta[2])
        came, total = np.bincount(cluster, count), np.bincount(cluster, exposure * np.exp(eta))
        part = came * theta[2] + gammaln(came + 1 / v) - gammaln(1 / v) - (came + 1 / v) * np.log1p(v * total)
        return -(count @ eta + part.sum())

    found = minimize(
        loss, [-3.0, 0.0, 0.0], method="Nelder-Mead", options={"xatol": 1e-7, "fatol": 1e-9, "maxiter": 5000}
    ).x
    np.testing.assert_allclose(fit.coef, found[:2], atol=1e-3)
    assert fit.dispersion == pytest.approx(np.exp(found[2]), rel=0.01)
    assert fit.coef[1] == pytest.approx(0.5, abs=0.1)
    naive = fit_rates(x, count, exposure, cluster=cluster)
    assert np.abs(fit.coef[1] - 0.5) < 4 * np.sqrt(fit.covariance[1, 1])
    assert fit.log_likelihood > -loss([*naive.coef, np.log(1e-3)]) - 1e-6


def test_turns_that_do_not_come_to_rest_are_said(sample):
    x, count, exposure, cluster = sample
    with pytest.raises(DataError, match="1 steps"):
        fit_shared_rates(x, count, exposure, cluster=cluster, steps=1)
