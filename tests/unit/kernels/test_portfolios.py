"""The fixed candidates for the best and worst portfolio, against portfolios built by hand and against all of them."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.kernels.test_prevail import world

from foedus.kernels import portfolios
from foedus.kernels.prevail import exposures


def rewritten(levels, i, ties):
    """Return the levels with state i's ties replaced, as both sides have them."""
    out = levels.copy()
    out[i], out[:, i] = ties, ties
    out[i, i] = 3
    return out


@settings(max_examples=30, deadline=None)
@given(st.integers(2, 9), st.integers(0, 10_000), st.sampled_from(["tau_b", "s_abs"]))
def test_a_candidate_is_like_others_as_the_portfolio_written_out_is(n, seed, measure):
    levels, _, strength, _ = world(n, seed)
    share, i = strength.diagonal(), seed % n
    made = portfolios.candidates(levels, share)
    found = portfolios.candidate_similarity(made, i, strength[:, i], measure)
    inside = np.concatenate([made.inside, portfolios._first(strength[:, i], made.sizes)])
    assert found.shape == (n, len(inside))
    for column, allies in zip(found.T, inside, strict=True):
        expected = portfolios.alike(rewritten(levels, i, np.where(allies, 3, 0)), measure)[i]
        assert column == pytest.approx(expected, nan_ok=True)


def every_exposure(levels, i, strength):
    n = len(levels)
    others = [k for k in range(n) if k != i]
    out = []
    for ties in itertools.product(range(4), repeat=n - 1):
        full = np.zeros(n, dtype=int)
        full[others] = ties
        alike = portfolios.alike(rewritten(levels, i, full))
        out.append(exposures(i, np.ascontiguousarray(alike[:, i : i + 1]), alike, strength)[0])
    return out


def test_the_attitude_found_follows_that_of_all_portfolios_and_the_bounds_hold_it():
    found, exact = [], []
    for seed in range(5):
        levels, _, strength, _ = world(5, seed)
        risk = portfolios.risk(levels, strength, strength.diagonal())
        for i in range(0, 5, 2):
            every = every_exposure(levels, i, strength)
            here, worst, best = risk.exposure[i], max(every), min(every)
            found.append(risk.attitude[i])
            exact.append((2 * here - worst - best) / (worst - best))
            assert risk.low[i] <= exact[-1] <= risk.high[i]
            assert risk.low[i] <= risk.attitude[i] <= risk.high[i]
            assert -8 <= best <= worst <= 8
    assert np.corrcoef(found, exact)[0, 1] > 0.8
    assert np.abs(np.subtract(found, exact)).mean() < 0.25


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 8), st.integers(0, 10_000), st.sampled_from([0.0, 0.4]))
def test_an_attitude_lies_between_minus_one_and_one(n, seed, missing):
    levels, _, strength, _ = world(n, seed, missing)
    risk = portfolios.risk(levels, strength, strength.diagonal())
    assert (np.abs(risk.attitude) <= 1 + 1e-12).all()
    assert (risk.best <= risk.exposure + 1e-12).all()
    assert (risk.exposure <= risk.worst + 1e-12).all()


def test_where_no_portfolio_makes_a_difference_a_state_is_neutral():
    levels = np.array([[3, 0], [0, 3]])
    risk = portfolios.risk(levels, np.zeros((2, 2)), np.zeros(2))
    assert risk.attitude.tolist() == [0.0, 0.0]


def test_only_the_states_asked_for_are_searched():
    levels, similarity, strength, _ = world(6, 4)
    every = portfolios.risk(levels, strength, strength.diagonal())
    some = portfolios.risk(levels, strength, strength.diagonal(), who=[2], known=similarity)
    assert some.attitude[2] == every.attitude[2]
    assert some.attitude[[0, 1, 3, 4, 5]].tolist() == [0.0] * 5
