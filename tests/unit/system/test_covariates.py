"""What pairs of actors are to each other, where part of it is not known."""

from dataclasses import replace

import numpy as np
import pytest

import foedus as fd
from foedus.system import covariates
from foedus.system.nouns import Border
from foedus.system.values import Quantity


@pytest.mark.parametrize("n", [1, 2, 3, 500])
def test_quantiles_are_numpy_s_to_the_bit(n):
    rng = np.random.default_rng(n)
    known, u = rng.random(n) * 2e4, rng.random((50, 40))
    u[0, :3] = 0.0, 0.5, 1.0
    assert np.array_equal(covariates._quantiles(known, u), np.quantile(known, u))


def test_an_unknown_distance_is_drawn_from_those_that_are_known():
    """An actor without a place is as far from each other as the known pairs are, anew in each draw; known distances stay."""
    whole = fd.load("europe-1914")
    system = replace(whole, actors=(replace(whole.actors[0], place=None), *whole.actors[1:]))
    km = covariates.distance_draws(system, seed=1, n_draws=200)
    known = covariates.distance_km(whole)
    assert np.array_equal(km[:, 1:, 1:], np.broadcast_to(known[1:, 1:], km[:, 1:, 1:].shape))
    others = known[1:, 1:][np.triu_indices(len(known) - 1, 1)]
    assert others.min() <= km[:, 0, 1:].min() < km[:, 0, 1:].max() <= others.max()
    assert len(np.unique(km[:, 0, 1])) == 200
    assert (km == km.transpose(0, 2, 1)).all()


@pytest.mark.parametrize("turn", [1, -1])
def test_of_two_borders_the_closer_one_counts(quartet, turn):
    both = (Border("AA", "BB", "sea24"), Border("AA", "BB", "land"))[::turn]
    found = covariates.contiguity(quartet.with_(borders=both))
    assert found[0, 1] == found[1, 0] == 1
    assert found.sum() == 2


def test_an_unknown_capability_is_drawn_evenly_in_its_logarithm_over_the_range_of_the_others(quartet):
    system = quartet.with_(actors=(*quartet.actors[:4], replace(quartet.actors[4], capability=())))
    share = covariates.effective_capability(system, seed=1, n_draws=2000)
    times = share[:, 4] / share[:, 0]
    assert (times.min(), times.max()) == pytest.approx((0.15 / 0.3, 1.0), abs=0.002)
    assert np.median(times) == pytest.approx(np.sqrt(0.15 * 0.3) / 0.3, abs=0.015)


def test_who_has_lost_half_of_its_territory_counts_half_and_nobody_else_does(quartet):
    lost = replace(quartet.actors[0], control=Quantity.of(0.5))
    share = covariates.effective_capability(quartet.with_(actors=(lost, *quartet.actors[1:])), seed=1, n_draws=3)
    assert share[:, 0] / share[:, 2] == pytest.approx(0.5)
