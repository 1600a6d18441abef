"""Minima along a path of sizes: they end where the pull on one actor reaches zero, and fall where steepest descent leads."""

import numpy as np
import pytest

from foedus.blocs.landscape import landscape
from foedus.blocs.landscape_follow import follow
from foedus.errors import ParameterError


def path(n, dates, seed):
    rng = np.random.default_rng(seed)
    upper = np.triu(rng.normal(size=(n, n)), 1)
    return rng.random((dates, n)) + 0.05, upper + upper.T


def test_tracks_hold_exactly_the_minima_of_every_date():
    for seed in range(5):
        sizes, p = path(8, 6, seed)
        tracks = follow(sizes, p)
        for t, size in enumerate(sizes):
            land = landscape(size, p)
            here = [x for x in tracks if x.first <= t <= x.last]
            assert {x.position for x in here} == set(land.minima)
            for x in here:
                assert x.energy[t - x.first] == pytest.approx(land.energy[x.position])
                np.testing.assert_array_equal(x.sides, land.sides(x.position))


def test_a_minimum_vanishes_at_the_moment_when_its_first_leaver_loses_its_pull():
    ended = 0
    for seed in range(5):
        sizes, p = path(8, 6, seed)
        for x in follow(sizes, p):
            if x.gone is None:
                assert (x.last, x.leaves, x.falls_to) == (5, None, None)
                continue
            ended += 1
            part = x.gone - x.last
            assert 0 <= part < 1
            size = sizes[x.last] + part * (sizes[x.last + 1] - sizes[x.last])
            cost = landscape(size, p).flip_costs(x.position)[0]
            assert cost.min() == pytest.approx(0, abs=1e-9)
            assert int(np.abs(cost).argmin()) == int(x.leaves)
            after = landscape(sizes[x.last + 1], p)
            assert x.falls_to in after.minima
            assert after.energy[x.falls_to] < after.energy[x.position]
    assert ended > 5


def test_a_minimum_that_comes_back_is_a_track_of_its_own():
    p = [[0, 1, 1], [1, 0, -1], [1, -1, 0]]
    tracks = follow([[1, 2, 2], [3, 2, 2], [1, 2, 2]], p)
    assert [(x.position, x.first, x.last) for x in tracks] == [(1, 0, 0), (2, 0, 0), (0, 1, 1), (1, 2, 2), (2, 2, 2)]


def test_bad_paths_are_refused():
    p = np.zeros((2, 2))
    with pytest.raises(ParameterError, match="n_dates"):
        follow([1.0, 2.0], p)
    with pytest.raises(ParameterError, match="above 0"):
        follow([[1.0, 0.0]], p)
    with pytest.raises(ParameterError, match="square"):
        follow([[1.0, 1.0, 1.0]], p)
    with pytest.raises(ParameterError, match="ids"):
        follow([[1.0, 1.0]], p, ids=["a"])
    with pytest.raises(ParameterError, match="Too many local minima"):
        follow(np.ones((1, 12)), np.zeros((12, 12)), limit=100)
