"""Energies, moves and walks on a landscape against their plain twins."""

import numpy as np
import pytest

from foedus.kernels import landscape_flood as flood
from foedus.kernels import landscape_walk as walk


def weights(n, seed, kind):
    rng = np.random.default_rng(seed)
    upper = np.triu(rng.normal(size=(n, n)) if kind == "normal" else rng.integers(-2, 3, size=(n, n)).astype(float), 1)
    return upper + upper.T


def tolerance(w):
    return 1e-12 * np.abs(w).sum(axis=1)


@pytest.mark.parametrize("n", [1, 2, 3, 7, 13, 15])
def test_energies(n):
    w = weights(n, n, "few")
    np.testing.assert_array_equal(walk.energies(w), walk.energies_reference(w))
    real = weights(n, n, "normal")
    np.testing.assert_allclose(
        walk.energies(real), walk.energies_reference(real), atol=1e-12 * max(1.0, np.abs(real).sum())
    )


@pytest.mark.parametrize("n", [1, 2, 3, 6, 9])
@pytest.mark.parametrize("kind", ["normal", "few"])
@pytest.mark.parametrize("start", [0, 1])
def test_moves_and_mass(n, kind, start):
    w = weights(n, 10 + n, kind)
    low, high = walk.tables(w)
    turn = np.random.default_rng(n).permutation(np.arange(start, n))
    for rule in (walk.STEEPEST, walk.FIRST):
        found = walk.steps(low, high, tolerance(w), start, rule, turn)
        np.testing.assert_array_equal(found, walk.steps_reference(w, tolerance(w), start, rule, turn))
    found = walk.mass(low, high, tolerance(w), start)
    np.testing.assert_allclose(found, walk.mass_reference(w, tolerance(w), start), atol=1e-9)
    assert found.sum() == pytest.approx(1 << (n - 1))


@pytest.mark.parametrize("rule", [walk.STEEPEST, walk.FIRST])
@pytest.mark.parametrize("start", [0, 1])
def test_walks_end_where_the_moves_lead(rule, start):
    n = 9
    w = weights(n, 2, "few")
    turn = np.random.default_rng(5).permutation(np.arange(start, n))
    step = walk.steps_reference(w, tolerance(w), start, rule, turn)
    eta = np.array([[1.0] + [1.0 - 2 * ((c >> b) & 1) for b in range(n - 1)] for c in range(1 << (n - 1))])
    walk.descend(w, tolerance(w), start, rule, turn, np.uint64(1), 0, eta)
    ends = ((eta[:, 1:] != eta[:, :1]) << np.arange(n - 1)).sum(axis=1)
    goal = step
    while not np.array_equal(goal[goal], goal):
        goal = goal[goal]
    np.testing.assert_array_equal(ends, goal)
    assert (start == 0) or (eta[:, 0] == 1).all()


def test_random_walks_end_in_minima_as_often_as_the_exact_mass_says():
    n, draws = 8, 20_000
    w = weights(n, 4, "normal")
    mass = walk.mass_reference(w, tolerance(w), 0)
    eta = np.where(np.random.default_rng(1).random((draws, n)) < 0.5, -1.0, 1.0)
    again = eta[draws // 2 :].copy()
    walk.descend(w, tolerance(w), 0, walk.RANDOM, np.arange(n), np.uint64(3), 0, eta)
    ends = ((eta[:, 1:] != eta[:, :1]) << np.arange(n - 1)).sum(axis=1)
    share = np.bincount(ends, minlength=1 << (n - 1)) / draws
    assert (mass > 0).sum() > 1
    np.testing.assert_allclose(share, mass / mass.sum(), atol=4 * 0.5 / draws**0.5)
    walk.descend(w, tolerance(w), 0, walk.RANDOM, np.arange(n), np.uint64(3), draws // 2, again)
    np.testing.assert_array_equal(again, eta[draws // 2 :])


@pytest.mark.parametrize("complement", [True, False])
@pytest.mark.parametrize("kind", ["normal", "few"])
def test_flooding_joins_valleys_at_the_lowest_pass(complement, kind):
    for seed in range(8):
        w = weights(8, seed, kind)
        energy = walk.energies_reference(w)
        codes = np.random.default_rng(seed).choice(128, size=6, replace=False)
        codes = codes[np.argsort(energy[codes], kind="stable")]
        joins = flood.flood(np.argsort(energy, kind="stable"), codes, complement)
        assert len(joins) == 5
        assert (np.diff(energy[joins[:, 2]]) >= 0).all()
        height = np.full((6, 6), -np.inf)
        height[range(6), range(6)] = energy[codes]
        valley = {k: [k] for k in range(6)}
        for a, b, code in joins.tolist():
            for x in valley[a]:
                for y in valley[b]:
                    height[x, y] = height[y, x] = energy[code]
            valley[a] += valley.pop(b)
        np.testing.assert_array_equal(height, flood.flood_reference(energy, codes, complement))
