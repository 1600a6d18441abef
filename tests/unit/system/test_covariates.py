"""What pairs of actors are to each other, where part of it is not known."""

from dataclasses import replace

import numpy as np
import pytest

import foedus as fd
from foedus.system import covariates


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
