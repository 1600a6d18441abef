"""Scores by cluster against the plain ones, with ties, weights and empty classes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.errors import ParameterError
from foedus.estimate.cluster_scores import SCORES, ClusterScores
from foedus.estimate.scores import auc_roc, average_precision, brier, log_score

PLAIN = (average_precision, auc_roc, brier, log_score)


@given(st.integers(0, 10_000), st.integers(4, 40), st.booleans())
def test_the_same_as_the_plain_scores(seed, n, weighted):
    rng = np.random.default_rng(seed)
    y, p = rng.integers(2, size=n), rng.integers(1, 9, size=n) / 10
    y[:2] = 0, 1
    cluster = rng.integers(4, size=n)
    w = rng.integers(1, 4, size=n).astype(float) if weighted else np.ones(n)
    labels, which = np.unique(cluster, return_inverse=True)
    often = rng.integers(3, size=(3, len(labels))).astype(float)
    often[0] = 1.0
    found = ClusterScores(y, p, cluster, w).at(often)
    for row, times in zip(found, often, strict=True):
        full = w * times[which]
        if not full.sum() or not 0 < full @ y < full.sum():
            continue
        assert row == pytest.approx([score(y, p, full) for score in PLAIN])


def test_areas_are_unknown_where_all_came_out_alike():
    found = ClusterScores([1, 0, 0], [0.5, 0.2, 0.1], [1, 2, 2]).at([[0.0, 1.0], [1.0, 0.0]])
    assert np.isnan(found[:, 0]).tolist() == [True, False]
    assert np.isnan(found[:, 1]).all()
    assert found[0, 2] == pytest.approx((0.04 + 0.01) / 2)


def test_names_in_order():
    assert list(SCORES) == ["average precision", "ROC area", "Brier", "logarithm"]


def test_bad_forecasts_are_refused():
    with pytest.raises(ParameterError, match="p"):
        ClusterScores([0, 1], [0.5, 1.5], [1, 1])
