"""How strengths and regimes drift."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foedus.formation.drift import LEVELS, Drift, shipped, step_regimes, step_shares

DRIFT = shipped(4, 1)


@given(seed=st.integers(0, 10**6), n=st.integers(2, 30))
@settings(max_examples=30, deadline=None)
def test_shares_sum_as_before_and_stay_positive(seed, n):
    rng = np.random.default_rng(seed)
    before = np.log(rng.dirichlet(np.ones(n), 3) * 0.9 + 1e-12)
    after = step_shares(before, rng.random((3, n)), DRIFT.line[seed % 4], DRIFT)
    assert np.exp(after).sum(axis=1) == pytest.approx(np.exp(before).sum(axis=1))
    assert np.isfinite(after).all()


def test_a_step_by_hand():
    plain = Drift(
        np.array([[0.1, -0.02]]), np.array([np.log(0.2), 0.5]), np.array([-1.0, 0.0, 1.0]), np.zeros((LEVELS, 1))
    )
    before = np.log([[0.8, 0.2]])
    moved = [np.log(0.8) + 0.1 - 0.02 * np.log(0.8), np.log(0.2) + 0.1 - 0.02 * np.log(0.2) + 0.2 * 0.2**0.5]
    want = np.exp(moved) / np.exp(moved).sum()
    got = step_shares(before, np.array([[0.5, 0.99]]), plain.line[0], plain)
    assert np.exp(got[0]) == pytest.approx(want)


@given(seed=st.integers(0, 10**6))
@settings(max_examples=30, deadline=None)
def test_regimes_stay_between_0_and_1(seed):
    rng = np.random.default_rng(seed)
    regime = rng.random((2, 50))
    regime[0, :2] = 0.0, 1.0
    after = step_regimes(regime, rng.random((2, 50)), DRIFT)
    assert ((after >= 0) & (after <= 1)).all()


def test_regimes_take_the_steps_of_their_tenth():
    steps = np.zeros((LEVELS, 2))
    steps[3] = -0.2, 0.1
    plain = DRIFT.__class__(DRIFT.line, DRIFT.log_sd, DRIFT.marks, steps)
    got = step_regimes(np.array([[0.35, 0.35, 0.55, 1.0]]), np.array([[0.2, 0.9, 0.9, 0.9]]), plain)
    assert got[0] == pytest.approx([0.15, 0.45, 0.55, 1.0])


def test_more_draws_begin_with_fewer():
    assert (shipped(2, 1).line == DRIFT.line[:2]).all()
