import numpy as np
import pytest
import statsmodels.api as sm

from foedus.errors import DataError, ParameterError
from foedus.estimate.prior_logit import prior_logit


@pytest.fixture(scope="module")
def sample():
    rng = np.random.default_rng(3)
    x = np.column_stack([np.ones(2000), rng.normal(size=(2000, 2))])
    y = (rng.random(2000) < 1 / (1 + np.exp(-(x @ [-2.0, 0.7, -0.4])))).astype(int)
    return x, y, rng.integers(0, 100, 2000)


def test_without_a_prior_it_is_the_field_s_logit(sample):
    x, y, cluster = sample
    fit = prior_logit(x, y, cluster=cluster, sd=[np.inf] * 3)
    other = sm.Logit(y, x).fit(disp=0)
    np.testing.assert_allclose(fit.coef, other.params, rtol=1e-5)
    np.testing.assert_allclose(fit.bread, other.cov_params(), rtol=1e-4)
    np.testing.assert_allclose(fit.predict(x), other.predict(), rtol=1e-5)


def test_a_sharp_prior_is_obeyed_and_weights_count_rows(sample):
    x, y, cluster = sample
    fit = prior_logit(x, y, cluster=cluster, mean=[0, 3.0, 0], sd=[np.inf, 1e-4, np.inf])
    assert fit.coef[1] == pytest.approx(3.0, abs=1e-3)
    doubled = prior_logit(np.vstack([x, x]), np.tile(y, 2), cluster=np.tile(cluster, 2), sd=[np.inf, 1.0, 1.0])
    weighted = prior_logit(x, y, cluster=cluster, weight=np.full(len(y), 2.0), sd=[np.inf, 1.0, 1.0])
    np.testing.assert_allclose(doubled.coef, weighted.coef, rtol=1e-7)


def test_bad_rows_say_what_is_wrong(sample):
    x, y, cluster = sample
    with pytest.raises(DataError, match="Only one outcome"):
        prior_logit(x, np.zeros(len(x)), cluster=cluster, sd=[1.0] * 3)
    with pytest.raises(ParameterError, match="thrice"):
        prior_logit(x, y[:3], cluster=cluster, sd=[1.0] * 3)
