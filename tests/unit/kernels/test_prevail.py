"""Chances to prevail and exposure: compiled twins against plain loops."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foedus.kernels import portfolios
from foedus.kernels.prevail import chance, chances, contributions, exposures


def world(n, seed, missing=0.0):
    """Return (levels, similarity, strength, risk) of a random system, some strength unknown."""
    rng = np.random.default_rng(seed)
    levels = np.triu(rng.choice([0, 0, 0, 1, 2, 3], size=(n, n)), 1)
    levels = levels + levels.T
    np.fill_diagonal(levels, 3)
    km = np.triu(rng.uniform(0, 6000, (n, n)), 1)
    strength = rng.dirichlet(np.full(n, 0.5))[:, None] ** np.log10((km + km.T) / 500 + 7.28)
    strength[rng.random(n) < missing] = np.nan
    return levels, portfolios.alike(levels), strength, rng.uniform(-1, 1, n)


def brought(strength, k, i, j, challenger, target):
    """Return what k brings to the dyad in which ``challenger`` fights at the target's place."""
    if k == challenger:
        return strength[k, target]
    return strength[k, target] if k == target else np.fmax(strength[k, i], strength[k, j])


def plain(similarity, strength, risk, i, j, challenger):
    """i's estimate of its own chance against j, term by term (A1.7 to A1.10)."""
    target = j if challenger == i else i
    plus = total = 0.0
    for k in range(len(risk)):
        lam = brought(strength, k, i, j, challenger, target)
        d = similarity[k, i] - similarity[k, j]
        if np.isnan(lam) or np.isnan(d):
            if k in {i, j}:
                return np.nan
            continue
        weight = lam * 0.5 * d * np.exp(risk[i] * d)
        plus, total = plus + max(weight, 0.0), total + abs(weight)
    return plus / total if total > 0 else np.nan


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 7), st.integers(0, 10_000), st.sampled_from([0.0, 0.3]))
def test_all_pairs_are_what_plain_sums_give(n, seed, missing):
    _, similarity, strength, risk = world(n, seed, missing)
    first, second = chances(similarity, strength, risk)
    for i in range(n):
        assert np.isnan(first[i, i])
        for j in set(range(n)) - {i}:
            assert first[i, j] == pytest.approx(plain(similarity, strength, risk, i, j, i), nan_ok=True)
            assert second[i, j] == pytest.approx(plain(similarity, strength, risk, i, j, j), nan_ok=True)


def test_one_pair_over_draws_is_the_compiled_one():
    _, similarity, strength, risk = world(6, 1)
    lam = np.fmax(strength[:, 0], strength[:, 1])
    lam[[0, 1]] = strength[0, 1], strength[1, 1]
    drawn = chance(similarity[0], similarity[1], np.stack([lam, lam]), np.array([risk[0], 0.0]))
    assert drawn[0] == pytest.approx(chances(similarity, strength, risk)[0][0, 1])
    assert drawn[1] == pytest.approx(chances(similarity, strength, np.zeros(6))[0][0, 1])


@settings(max_examples=50, deadline=None)
@given(st.integers(2, 7), st.integers(0, 10_000))
def test_two_that_are_neutral_to_risk_agree_on_the_odds(n, seed):
    _, similarity, strength, _ = world(n, seed)
    first, second = chances(similarity, strength, np.zeros(n))
    off = np.isfinite(first)
    assert (first + second.T)[off] == pytest.approx(1.0)
    assert ((first[off] >= 0) & (first[off] <= 1)).all()


def test_a_third_party_joins_whom_it_is_more_like():
    own, other = np.array([1.0, 0.0, 0.6, 0.1]), np.array([0.0, 1.0, 0.1, 0.6])
    weight = contributions(own, other, np.array([0.2, 0.2, 0.1, 0.1]), 0.0)
    assert weight.tolist() == pytest.approx([0.1, -0.1, 0.025, -0.025])


def test_nobody_with_strength_leaves_the_odds_unknown():
    assert np.isnan(chance(np.array([1.0, 0.0]), np.array([0.0, 1.0]), np.zeros(2), 0.0))
    assert np.isnan(chances(np.array([[1.0, 0.0], [0.0, 1.0]]), np.zeros((2, 2)), np.zeros(2))[0]).all()


def plain_exposure(i, mine, similarity, strength):
    total = 0.0
    k_all = similarity.copy()
    k_all[i], k_all[:, i] = mine, mine
    for j in range(len(mine)):
        p = np.nan if j == i else plain(k_all, strength, np.zeros(len(mine)), j, i, j)
        if j != i and not np.isnan(p):
            total += (2 * p - 1) * (1 - mine[j])
    return total


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 7), st.integers(0, 10_000), st.sampled_from([0.0, 0.3]))
def test_exposure_is_the_sum_of_what_each_other_expects(n, seed, missing):
    _, similarity, strength, _ = world(n, seed, missing)
    i = seed % n
    other = np.where(np.arange(n) == i, 1.0, -0.2)
    found = exposures(i, np.ascontiguousarray(np.stack([similarity[:, i], other], axis=1)), similarity, strength)
    assert found.tolist() == pytest.approx(
        [plain_exposure(i, similarity[:, i], similarity, strength), plain_exposure(i, other, similarity, strength)]
    )
