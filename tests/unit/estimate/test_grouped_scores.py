"""Scores from counts against the plain ones on every resampled set."""

from __future__ import annotations

import numpy as np
import pytest

from foedus.errors import ParameterError
from foedus.estimate import scores
from foedus.estimate.grouped_scores import SCORES, STEP, grouped_scores
from foedus.estimate.resample import cluster_weights

PLAIN = {
    "average precision": scores.average_precision,
    "ROC area": scores.auc_roc,
    "Brier": scores.brier,
    "logarithm": scores.log_score,
}


def test_every_set_has_the_plain_scores():
    rng = np.random.default_rng(2)
    eta = STEP * rng.integers(-4000, 2000, 400)
    p = 1 / (1 + np.exp(-eta))
    y, year = (rng.random(400) < p).astype(np.int64), rng.integers(0, 7, 400)
    found = grouped_scores(y, p, year, draws=12, seed=4)
    assert set(found) == set(SCORES) == set(PLAIN)
    for name, function in PLAIN.items():
        expected = [function(y, p), *(function(y, p, weight=w) for w in cluster_weights(year, 12, 4))]
        assert found[name] == pytest.approx(expected, abs=1e-9)


def test_a_set_without_events_has_no_score():
    found = grouped_scores(
        np.array([1, 0, 0, 0]), np.array([0.5, 0.2, 0.1, 0.1]), np.array([1, 1, 2, 2]), draws=30, seed=1
    )
    missing = np.isnan(found["Brier"])
    assert missing.any()
    assert not missing[0]
    assert missing.tolist() == np.isnan(found["average precision"]).tolist()


def test_forecasts_of_certainty_are_refused():
    with pytest.raises(ParameterError, match="strictly between"):
        grouped_scores(np.array([1, 0]), np.array([1.0, 0.5]), np.array([1, 2]), draws=2, seed=1)
