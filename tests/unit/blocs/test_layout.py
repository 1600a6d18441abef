"""Allies near, rivals far, little movement from a start; the compiled kernel against its plain twin."""

from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest

from foedus.blocs import layout as placing
from foedus.blocs.layout import layouts, signed_layout
from foedus.blocs.years import blocs_over
from foedus.errors import ParameterError
from foedus.kernels.layout import majorise, majorise_reference, stress
from foedus.scenario.read import load
from foedus.system.propensity import propensity


def distances(place, i, j):
    return np.hypot(*(place[i] - place[j]).T)


def graph(name):
    p = propensity(load(name), seed=None)
    return p.n, p.i, p.j, p.weight[0]


def cloud(seed, n=12):
    rng = np.random.default_rng(seed)
    target, weight = rng.uniform(0.3, 3, (n, n)), rng.uniform(0, 1, (n, n)) * (rng.random((n, n)) < 0.8)
    return rng.normal(size=(n, 2)), target + target.T, weight + weight.T


@pytest.mark.parametrize("seed", range(3))
def test_kernel_does_what_its_plain_twin_does(seed):
    place, target, weight = cloud(seed)
    weight[3] = weight[:, 3] = 0.0
    twin = place.copy()
    assert majorise(place, target, weight, 25, 1e-9) == majorise_reference(twin, target, weight, 25, 1e-9)
    np.testing.assert_allclose(place, twin, rtol=1e-9, atol=1e-12)


def test_kernel_stops_when_nothing_moves_and_stands_two_on_one_spot():
    target, weight = np.ones((2, 2)), np.ones((2, 2))
    for work in (majorise, majorise_reference):
        place = np.array([[0.0, 0.0], [1.0, 0.0]])
        assert work(place, target, weight, 50, 1e-9) == 1
        assert work(np.zeros((2, 2)), target, weight, 50, 1e-9) == 1


def test_no_sweep_raises_the_stress():
    place, target, weight = cloud(5)
    values = [stress(place, target, weight)]
    for _ in range(20):
        majorise(place, target, weight, 1, 0.0)
        values.append(stress(place, target, weight))
    assert all(b <= a + 1e-9 for a, b in pairwise(values))
    assert values[-1] < 0.8 * values[0]


@pytest.mark.parametrize("name", ["europe-1914", "middle-east-2015", "middle-east-2019"])
def test_allies_are_near_and_rivals_far(name):
    n, i, j, w = graph(name)
    place = signed_layout(n, i, j, w)
    d = distances(place, i, j)
    assert d[w > 0].mean() < 0.6 * d[w < 0].mean()
    assert np.average(d[w > 0], weights=w[w > 0]) < 0.5 * np.average(d[w < 0], weights=-w[w < 0])
    rng = np.random.default_rng(1)
    shuffled = [distances(rng.permutation(place), i, j) for _ in range(200)]
    assert d[w < 0].mean() - d[w > 0].mean() > max(x[w < 0].mean() - x[w > 0].mean() for x in shuffled)


def test_the_same_seed_gives_the_same_bits_and_another_another_picture():
    case = graph("europe-1914")
    assert np.array_equal(signed_layout(*case, seed=3), signed_layout(*case, seed=3))
    assert not np.array_equal(signed_layout(*case, seed=3), signed_layout(*case, seed=4))


def test_the_heaviest_node_is_left_and_above_and_the_longest_axis_lies_across():
    n, i, j, w = graph("europe-1914")
    place = signed_layout(n, i, j, w)
    heavy = np.argmax(np.bincount(i, np.abs(w), n) + np.bincount(j, np.abs(w), n))
    assert (place[heavy] <= 0).all()
    assert place[:, 0].std() > place[:, 1].std()
    np.testing.assert_allclose(place.mean(axis=0), 0, atol=1e-9)


def test_only_relative_weights_count():
    n, i, j, w = graph("europe-1914")
    np.testing.assert_allclose(signed_layout(n, i, j, w), signed_layout(n, i, j, 1e6 * w), atol=1e-6)


def test_from_a_start_little_moves():
    n, i, j, w = graph("middle-east-2019")
    before = signed_layout(n, i, j, w)
    changed = w * np.random.default_rng(2).uniform(0.9, 1.1, len(w))
    warm, cold = signed_layout(n, i, j, changed, start=before), signed_layout(n, i, j, changed, seed=9)
    moved = np.hypot(*(warm - before).T)
    assert np.median(moved) < 0.1
    assert moved.mean() < 0.3 * np.hypot(*(cold - before).T).mean()
    turned = before @ np.array([[0.0, 1.0], [-1.0, 0.0]]) + 5
    np.testing.assert_allclose(
        signed_layout(n, i, j, changed, start=turned) - 5, warm @ np.array([[0.0, 1.0], [-1.0, 0.0]]), atol=0.02
    )


def test_new_nodes_begin_among_their_friends_or_in_the_middle():
    i, j, w = np.array([0, 0, 2]), np.array([1, 2, 3]), np.array([1.0, -1.0, 1.0])
    start = signed_layout(4, i, j, w)
    grown = np.vstack([start, np.full((2, 2), np.nan)])
    place = signed_layout(6, np.append(i, 3), np.append(j, 4), np.append(w, 1.0), start=grown)
    assert np.isfinite(place).all()
    assert distances(place, [4], [3])[0] < distances(place, [4], [0])[0]
    unknown = signed_layout(4, i, j, w, start=np.full((4, 2), np.nan))
    assert np.array_equal(unknown, start)


def test_few_nodes_and_no_ties():
    nothing = np.zeros(0, dtype=np.int64)
    for n in (0, 1, 3):
        place = signed_layout(n, nothing, nothing, np.zeros(0))
        assert place.shape == (n, 2)
    assert distances(place, [0, 1], [1, 2]).min() > 1


@pytest.mark.parametrize(
    ("n", "w", "start", "words"),
    [(5000, 1.0, None, "4000"), (2, np.nan, None, "finite"), (2, 1.0, np.zeros((3, 2)), r"\(2, 2\)")],
)
def test_arguments_out_of_range(n, w, start, words):
    with pytest.raises(ParameterError, match=words):
        signed_layout(n, np.array([0]), np.array([1]), np.array([w]), start=start)


def test_a_series_moves_less_than_pictures_drawn_alone(quartet):
    import datetime as dt

    series = blocs_over([quartet, quartet.with_(date=dt.date(1911, 1, 1), actors=quartet.actors[::-1])])
    first, second = layouts(series)
    np.testing.assert_allclose(second[::-1], first, atol=0.02)
    assert layouts(SimpleNamespace(dates=())) == ()
    assert placing.MOST == 4000
