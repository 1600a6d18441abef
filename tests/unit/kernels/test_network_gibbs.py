"""Gibbs sampling of networks: against its plain twin, against the exact distribution of a small graph, and what may not change."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pytest

from foedus.kernels import change_statistics as change
from foedus.kernels.network_gibbs import KINDS, gibbs, gibbs_reference

SEED, KEY = np.uint64(3), np.uint64(99)


def start(n, seed, share=0.4):
    rng = np.random.default_rng(seed)
    y = np.triu(rng.random((n, n)) < share, 1)
    fixed = np.triu(rng.normal(-0.5, 0.7, (n, n)), 1)
    free = np.triu(rng.random((n, n)) < 0.9, 1)
    return (y | y.T).astype(np.uint8), fixed + fixed.T, free | free.T


@pytest.mark.parametrize("seed", range(4))
def test_the_compiled_sampler_is_its_plain_twin(seed):
    ties, fixed, free = start(7, seed)
    kinds = np.array(list(KINDS.values()))
    coefs, decays = np.array([-0.1, 0.1, 0.3, 0.4, -0.5]), np.array([0.0, 0.0, 0.0, 0.6, 0.9])
    given = (ties, fixed, free, kinds, coefs, decays, 4, 2, 3, SEED, KEY)
    fast, plain = gibbs(*given), gibbs_reference(*given)
    for a, b in zip(fast, plain, strict=True):
        assert a == pytest.approx(b, abs=1e-12)
    assert (fast[0] == fast[0].transpose(0, 2, 1)).all()


def test_decay_0_in_the_sampler():
    ties, fixed, free = start(7, 8, 0.6)
    given = (ties, fixed, free, np.array([3, 4]), np.array([0.8, 0.4]), np.zeros(2), 3, 1, 4, SEED, KEY)
    for a, b in zip(gibbs(*given), gibbs_reference(*given), strict=True):
        assert a == pytest.approx(b, abs=1e-12)


def test_pairs_that_are_not_free_stay():
    ties, fixed, free = start(9, 5)
    drawn, chance, _ = gibbs(ties, fixed, free, np.array([3]), np.array([1.0]), np.array([0.5]), 5, 1, 6, SEED, KEY)
    held = ~free
    assert (drawn[:, held] == ties[held]).all()
    off = held & ~np.eye(9, dtype=bool)
    assert chance[off] == pytest.approx(ties[off].astype(float))


def test_the_chain_has_the_exact_distribution_of_four_nodes():
    """All 64 networks of four nodes with their weights exp(theta' h): the expected numbers of ties and of ties with a shared partner."""
    n, theta = 4, (-0.8, 0.7)
    pairs = list(combinations(range(n), 2))
    weights, values = [], []
    for bits in product((0, 1), repeat=len(pairs)):
        y = np.zeros((n, n), dtype=bool)
        for (i, j), bit in zip(pairs, bits, strict=True):
            y[i, j] = y[j, i] = bit
        closed = sum(y[i, j] and (y[i] & y[j]).any() for i, j in pairs)
        values.append((sum(bits), closed))
        weights.append(np.exp(theta[0] * sum(bits) + theta[1] * closed))
    exact = np.average(values, axis=0, weights=weights)
    fixed = np.full((n, n), theta[0])
    free = ~np.eye(n, dtype=bool)
    drawn, chance, _ = gibbs(
        np.zeros((n, n), dtype=np.uint8), fixed, free, np.array([3]), np.array([theta[1]]), np.zeros(1), 50, 1, 40_000, SEED, KEY
    )  # fmt: skip
    closed = [(y.astype(bool) & (change.shared_partners(y.astype(bool)) > 0)).sum() / 2 for y in drawn[::4]]
    assert drawn.sum() / 2 / len(drawn) == pytest.approx(exact[0], abs=0.04)
    assert np.mean(closed) == pytest.approx(exact[1], abs=0.06)
    assert np.triu(chance, 1).sum() == pytest.approx(exact[0], abs=0.03)
