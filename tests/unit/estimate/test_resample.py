import numpy as np
import pytest

from foedus.errors import ParameterError
from foedus.estimate.resample import bootstrap, bootstrap_difference, cluster_weights
from foedus.estimate.scores import auc_roc, average_precision, brier, log_score


def cases(n=300, groups=30, seed=0):
    rng = np.random.default_rng(seed)
    cluster = rng.integers(groups, size=n)
    p = np.clip(0.3 + 0.2 * rng.normal(size=groups)[cluster], 0.02, 0.98)
    return (rng.random(n) < p).astype(float), p, cluster


def test_clusters_stay_whole_and_draws_do_not_hang_on_who_makes_them():
    _, _, cluster = cases()
    every = list(cluster_weights(cluster, 12, seed=5))
    for w in every:
        by = {c: set(w[cluster == c]) for c in set(cluster)}
        assert all(len(v) == 1 for v in by.values())
        assert sum(v.pop() for v in by.values()) == len(by)
    later = list(cluster_weights(cluster, 4, seed=5, first=8))
    assert all((a == b).all() for a, b in zip(every[8:], later, strict=True))
    assert any((a != b).any() for a, b in zip(every, cluster_weights(cluster, 12, seed=6), strict=True))


def test_is_the_bootstrap_of_repeated_rows():
    y, p, cluster = cases()
    found = bootstrap(auc_roc, y, p, cluster=cluster, draws=50, level=0.8, seed=2)
    slow = [auc_roc(np.repeat(y, w.astype(int)), np.repeat(p, w.astype(int))) for w in cluster_weights(cluster, 50, 2)]
    assert (found.low, found.high) == pytest.approx(tuple(np.quantile(slow, [0.1, 0.9])))
    assert found.value == pytest.approx(auc_roc(y, p))
    assert (found.clusters, found.draws, found.undefined, found.level) == (len(set(cluster)), 50, 0, 0.8)
    assert found == bootstrap(auc_roc, y, p, cluster=cluster, draws=50, level=0.8, seed=2)
    assert found.to_dict()["clusters"] == found.clusters


def test_rows_of_one_cluster_are_one_observation():
    y, p, _ = cases(n=40)
    copies, cluster = 25, np.repeat(np.arange(40), 25)
    alone = bootstrap(brier, y, p, draws=400)
    copied = bootstrap(brier, np.repeat(y, copies), np.repeat(p, copies), cluster=cluster, draws=400)
    naive = bootstrap(brier, np.repeat(y, copies), np.repeat(p, copies), draws=400)
    assert copied.high - copied.low == pytest.approx(alone.high - alone.low, rel=0.15)
    assert naive.high - naive.low < 0.4 * (alone.high - alone.low)


def test_interval_covers_the_truth_about_as_often_as_it_says():
    rng = np.random.default_rng(1)
    inside = 0
    for _ in range(60):
        p = rng.uniform(0.2, 0.8, 150)
        found = bootstrap(brier, (rng.random(150) < p).astype(float), p, draws=100, level=0.9)
        inside += found.low <= 0.25 - 0.6**2 / 12 <= found.high  # the mean of p (1 - p)
    assert 46 <= inside <= 59


def test_difference_on_the_same_cases_is_narrower_than_on_others():
    y, p, cluster = cases()
    worse = 0.5 * p + 0.15
    found = bootstrap_difference(brier, y, p, worse, cluster=cluster, draws=300)
    assert found.value == pytest.approx(brier(y, p) - brier(y, worse))
    single = bootstrap(brier, y, p, cluster=cluster, draws=300)
    assert found.high - found.low < single.high - single.low
    same = bootstrap_difference(log_score, y, p, p, cluster=cluster, draws=20)
    assert (same.value, same.low, same.high) == (0, 0, 0)


def test_sets_without_an_event_are_counted_not_hidden():
    y, p = np.array([1.0, 0, 0, 0]), np.array([0.4, 0.3, 0.2, 0.1])
    found = bootstrap(average_precision, y, p, draws=300)
    assert 0.2 * 300 < found.undefined < 0.45 * 300  # (3/4)**4 = 0.316
    never = bootstrap(auc_roc, [0, 0], [0.1, 0.2], draws=20)
    assert never.undefined == 20
    assert np.isnan(never.low)


def test_several_classes_and_text():
    p = np.array([[0.7, 0.2, 0.1], [0.2, 0.2, 0.6], [0.5, 0.4, 0.1]])
    found = bootstrap(log_score, [0, 2, 1], p, draws=30)
    assert found.value == pytest.approx(log_score([0, 2, 1], p))
    assert str(found).startswith(f"{found.value:.4g} [")


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"cluster": ["a", "a"]}, "1 cluster"),
        ({"cluster": ["a"]}, "'cluster' parameter"),
        ({"draws": 1}, "draws"),
        ({"level": 0.0}, "level"),
    ],
)
def test_refusals(more, words):
    with pytest.raises(ParameterError, match=words):
        bootstrap(brier, [0, 1], [0.2, 0.4], **more)
