"""Resampled logits against Newton's method on each resampled set by itself."""

from __future__ import annotations

import numpy as np
import pytest

from foedus.errors import ParameterError
from foedus.estimate import multinomial
from foedus.estimate.resample import cluster_weights
from foedus.estimate.resampled_logit import resampled_logit


def rows(seed=3, n=900, clusters=9):
    rng = np.random.default_rng(seed)
    year = rng.integers(1900, 1900 + clusters, n)
    shift = rng.normal(0, 1, clusters)[year - 1900]
    x = np.column_stack([np.ones(n), rng.normal(size=n), 1000 * rng.random(n)])
    p = 1 / (1 + np.exp(-(-2 + shift + 0.8 * x[:, 1] + 0.001 * x[:, 2])))
    return x, (rng.random(n) < p).astype(np.int64), year


def test_every_set_is_at_its_own_maximum():
    x, y, year = rows()
    whole = multinomial.maximise(x, y, 2).coef[0]
    found = resampled_logit(x, y, year, whole, draws=70, seed=5)
    assert found.failed == 0
    assert found.slow < 4
    for coef, weight in zip(found.coef, cluster_weights(year, 70, 5), strict=True):
        kept = weight > 0
        alone = multinomial.maximise(x[kept], y[kept], 2, weight[kept]).coef[0]
        assert coef == pytest.approx(alone, rel=1e-6, abs=1e-8)


def test_a_set_far_from_the_start_is_fitted_by_itself():
    x, y, year = rows()
    found = resampled_logit(x, y, year, np.array([30.0, -30.0, 0.0]), draws=3, seed=5)
    best = resampled_logit(x, y, year, multinomial.maximise(x, y, 2).coef[0], draws=3, seed=5)
    assert found.slow == 3
    assert found.coef == pytest.approx(best.coef, rel=1e-5)


def test_sets_without_a_finite_estimate_are_counted():
    """Without cluster 3 there is no event, with nothing else every row at x = 0 is one: such sets have no estimate."""
    x = np.column_stack([np.ones(12), [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 0, 1]])
    y = np.array([0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 1, 0])
    year = np.array([1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3, 3])
    whole = multinomial.maximise(x, y, 2).coef[0]
    found = resampled_logit(x, y, year, whole, draws=60, seed=1)
    without = sum(w[9] in {0, 3} for w in cluster_weights(year, 60, 1))
    assert found.failed == without > 0
    assert len(found.coef) == 60 - without
    assert np.isfinite(found.coef).all()


def test_separated_sets_are_counted():
    """Only the first cluster has an event at x = 0, so that sets without it are separated."""
    x = np.column_stack([np.ones(16), [0, 0, 1, 1] * 4])
    y = np.array([1, 0, 1, 0] + [0, 0, 1, 0] * 3)
    year = np.repeat([1, 2, 3, 4], 4)
    whole = multinomial.maximise(x, y, 2).coef[0]
    found = resampled_logit(x, y, year, whole, draws=40, seed=2)
    assert found.failed == sum(w[0] == 0 for w in cluster_weights(year, 40, 2)) > 0


def test_a_column_that_is_zero_in_some_sets_leaves_those_out():
    x = np.column_stack([np.ones(12), [1, 0, 1, 0] + [0] * 8])
    y = np.array([1, 1, 0, 0] + [0, 1] * 4)
    year = np.repeat([1, 2, 3], 4)
    told = []
    whole = multinomial.maximise(x, y, 2).coef[0]
    found = resampled_logit(x, y, year, whole, draws=30, seed=2, progress=told.append)
    assert found.failed == sum(w[0] == 0 for w in cluster_weights(year, 30, 2)) > 0
    assert told == [1.0]


@pytest.mark.parametrize(("draws", "year", "text"), [(1, [1, 1, 2, 2], "draws"), (5, [1, 1, 1, 1], "cluster")])
def test_bad_input(draws, year, text):
    with pytest.raises(ParameterError, match=text):
        resampled_logit(np.ones((4, 1)), np.array([0, 1, 0, 1]), np.array(year), np.zeros(1), draws=draws, seed=1)
