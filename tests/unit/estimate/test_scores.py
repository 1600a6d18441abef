import numpy as np
import pytest

from foedus.errors import ParameterError
from foedus.estimate import scores
from foedus.estimate.scores import (
    auc_roc,
    average_precision,
    brier,
    brier_skill,
    log_score,
    murphy,
    prevalence,
    sharpness,
)

Y, P = [1, 1, 0, 1], [0.9, 0.7, 0.2, 0.1]
WEIGHTED = [brier, brier_skill, log_score, auc_roc, average_precision, prevalence]


def some(seed, n=60, levels=9):
    rng = np.random.default_rng(seed)
    p = rng.integers(1, levels, n) / levels  # many ties
    return (rng.random(n) < p).astype(int), p


def test_numbers_worked_out_by_hand():
    assert brier(Y, P) == pytest.approx(0.2375, abs=1e-12)
    assert log_score(Y, P) == pytest.approx(0.746941, abs=5e-7)
    assert log_score(Y, P, bits=True) == pytest.approx(1.077608, abs=5e-7)
    assert brier_skill(Y, P) == pytest.approx(-0.266667, abs=5e-7)
    assert average_precision(Y, P) == pytest.approx(0.916667, abs=5e-7)
    assert auc_roc(Y, P) == pytest.approx(0.666667, abs=5e-7)
    assert prevalence(Y, P) == 0.75
    assert sharpness(P) == pytest.approx(np.var(P))


@pytest.mark.parametrize("seed", range(5))
def test_parts_of_brier_add_up_and_are_those_of_the_definition(seed):
    y, p = some(seed)
    parts = murphy(y, p)
    assert parts.brier == pytest.approx(brier(y, p), abs=1e-14)
    reliability = resolution = 0.0
    for value in set(p):
        here = p == value
        reliability += here.sum() * (value - y[here].mean()) ** 2 / len(y)
        resolution += here.sum() * (y[here].mean() - y.mean()) ** 2 / len(y)
    assert (parts.reliability, parts.resolution) == pytest.approx((reliability, resolution), abs=1e-14)


@pytest.mark.parametrize("seed", range(5))
def test_area_under_roc_is_the_share_of_pairs_in_order(seed):
    y, p = some(seed)
    better = [(p[i] > p[j]) + 0.5 * (p[i] == p[j]) for i in np.flatnonzero(y == 1) for j in np.flatnonzero(y == 0)]
    assert auc_roc(y, p) == pytest.approx(np.mean(better), abs=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_average_precision_steps_over_every_threshold(seed):
    y, p = some(seed)
    total, before = 0.0, 0.0
    for threshold in sorted(set(p), reverse=True):
        called = p >= threshold
        recall = y[called].sum() / y.sum()
        total += (recall - before) * y[called].mean()
        before = recall
    assert average_precision(y, p) == pytest.approx(total, abs=1e-12)


def test_a_forecast_without_skill_scores_the_baselines():
    y = np.array([0, 1, 0, 0])
    flat = np.full(4, 0.25)
    assert average_precision(y, flat) == prevalence(y, flat) == 0.25
    assert auc_roc(y, flat) == 0.5
    assert brier_skill(y, flat) == 0
    assert sharpness(flat) == 0


@pytest.mark.parametrize("score", WEIGHTED)
def test_a_weight_counts_a_case_that_often_and_0_leaves_it_out(score):
    y, p = some(7)
    weight = np.random.default_rng(3).integers(0, 4, len(y))
    assert score(y, p, weight) == pytest.approx(score(np.repeat(y, weight), np.repeat(p, weight)), rel=1e-12)


def test_weights_of_parts_and_sharpness():
    y, p = some(8)
    weight = np.random.default_rng(4).integers(0, 3, len(y))
    assert murphy(y, p, weight).resolution == pytest.approx(
        murphy(np.repeat(y, weight), np.repeat(p, weight)).resolution
    )
    assert sharpness(p, weight) == pytest.approx(sharpness(np.repeat(p, weight)))


def test_several_classes():
    y = np.array([0, 2, 1])
    p = np.array([[0.7, 0.2, 0.1], [0.2, 0.2, 0.6], [0.5, 0.5, 0.0]])
    by_hand = np.mean([0.09 + 0.04 + 0.01, 0.04 + 0.04 + 0.16, 0.25 + 0.25])
    assert brier(y, p) == pytest.approx(by_hand)
    assert log_score(y, p) == pytest.approx(-np.mean(np.log([0.7, 0.6, 0.5])))
    two = np.array(P)
    assert brier(Y, np.column_stack([1 - two, two])) == pytest.approx(2 * brier(Y, P))
    assert log_score(Y, np.column_stack([1 - two, two])) == pytest.approx(log_score(Y, P))


def test_what_was_called_impossible_and_came_costs_without_end():
    assert log_score([1, 0], [0.0, 0.0]) == np.inf
    assert log_score([1, 0], [0.0, 0.5], [0, 1]) == pytest.approx(np.log(2))
    assert log_score([0, 1], [0.0, 1.0]) == 0


@pytest.mark.parametrize("y", [[0, 0, 0], [1, 1, 1]])
def test_undefined_where_all_came_out_alike(y):
    p = [0.1, 0.2, 0.3]
    assert np.isnan(auc_roc(y, p))
    assert np.isnan(brier_skill(y, p))
    assert np.isnan(average_precision(y, p)) == (sum(y) == 0)


@pytest.mark.parametrize(
    ("y", "p", "weight", "words"),
    [
        ([0, 1], [0.1], None, "do not fit"),
        ([], [], None, "Nothing to score"),
        ([0, 2], [0.1, 0.2], None, "'y' parameter"),
        ([0, 0.5], [0.1, 0.2], None, "'y' parameter"),
        ([0, np.nan], [0.1, 0.2], None, "'y' parameter"),
        ([0, 1], [0.1, 1.2], None, "'p' parameter"),
        ([0, 1], [0.1, np.nan], None, "'p' parameter"),
        ([0, 1], ["a", "b"], None, "numbers"),
        ([0, 1], [[0.2, 0.2], [0.5, 0.5]], None, "add up to 1"),
        ([0, 1], [0.1, 0.2], [1, -1], "'weight' parameter"),
        ([0, 1], [0.1, 0.2], [0, 0], "'weight' parameter"),
        ([0, 1], [0.1, 0.2], [1], "'weight' parameter"),
    ],
)
def test_refusals(y, p, weight, words):
    with pytest.raises(ParameterError, match=words):
        brier(y, p, weight)


def test_rankings_take_no_classes():
    with pytest.raises(ParameterError, match="do not fit"):
        scores.auc_roc([0, 1], [[0.5, 0.5], [0.5, 0.5]])


@pytest.mark.parametrize("y", [[1, 0], [0, 1]])
def test_forecasts_that_differ_by_rounding_alone_are_a_tie(y):
    p = [0.1 + 0.2, 0.3]
    assert p[0] > p[1]
    assert average_precision(y, p) == auc_roc(y, p) == 0.5
    assert auc_roc(y, [0.3 + 1e-9, 0.3]) == y[0]
