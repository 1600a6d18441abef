"""The fighting game's kernel against reference numbers, hand cases and plain twins."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fighting_twin import best_payoff, equilibria, payoff
from foedus.kernels import fighting as kernel

B, G = 0.114, 0.083


def solved(ties, beta=B, gamma=G, *, cost=None, shift=None, prize=1.0):
    ties = np.asarray(ties, dtype=float)
    n = len(ties)
    m = kernel.matrix(np.maximum(ties, 0), np.maximum(-ties, 0), np.array([beta]), np.array([gamma]))
    k, h = np.broadcast_to(1.0 if cost is None else cost, (n,)), np.broadcast_to(0.0 if shift is None else shift, (n,))
    found = kernel.solve(m, k[None].astype(float), h[None].astype(float), prize)
    gain = kernel.gains(m[0], found.effort[0], k, h, prize).max() if found.code[0] == kernel.SOLVED else None
    return found, gain


def complete(n, sign):
    return sign * (np.ones((n, n)) - np.eye(n))


def star(leaves):
    ties = np.zeros((leaves + 1, leaves + 1))
    ties[0, 1:] = ties[1:, 0] = 1
    return ties


@st.composite
def networks(draw, most=6):
    n = draw(st.integers(2, most))
    ties = np.zeros((n, n))
    for i in range(n):
        for j in range(i):
            ties[i, j] = ties[j, i] = draw(st.sampled_from([-1.0, -0.5, 0.0, 0.0, 0.7, 1.0]))
    return ties


@pytest.mark.parametrize(
    ("sign", "effort", "dissipation"), [(0, 0.25, 0.5), (-1, 0.295256, 0.590513), (1, 0.198833, 0.397666)]
)
def test_reference_numbers_of_two(sign, effort, dissipation):
    """Koenig et al. 2017 with V = 1, beta .114, gamma .083: two isolated groups, two enemies, two allies."""
    found, gain = solved(complete(2, sign))
    assert found.effort[0].round(6).tolist() == [effort, effort]
    assert round(found.effort.sum(), 6) == dissipation
    assert gain < 1e-12


@pytest.mark.parametrize("n", [2, 3, 7])
def test_symmetric_networks_by_hand(n):
    """All isolated, all enemies, all allies, with d ties each: Phi = 1 - s / n and x = Phi / (n s), s being 1 + beta d+ - gamma d-."""
    for sign, slope in ((0, 1.0), (-1, 1 - G * (n - 1)), (1, 1 + B * (n - 1))):
        total = 1 - slope / n
        expected = total / n / slope
        found, gain = solved(complete(n, sign))
        assert found.effort[0] == pytest.approx(np.full(n, expected), rel=1e-12)
        assert gain < 1e-12


def test_all_allies_stop_fighting_as_beta_nears_one():
    """The documented limit: efforts go to nothing, and at 1 there is none."""
    sums = [solved(complete(4, 1), beta=b)[0].effort.sum() for b in (0.5, 0.9, 0.999)]
    assert sums[0] > sums[1] > sums[2] > 0
    assert sums[2] < 0.001
    assert solved(complete(4, 1), beta=1.0)[0].code[0] == kernel.SINGULAR
    assert solved(complete(4, 1), beta=1.2)[0].code[0] == kernel.NOBODY


def test_too_many_enemies_have_no_equilibrium_of_this_kind():
    assert solved(complete(4, -1), gamma=1 / 3)[0].code[0] == kernel.NO_GAMMA
    assert np.isnan(solved(complete(4, -1), gamma=0.4)[0].effort).all()
    assert solved(complete(4, -1), gamma=0.33)[0].code[0] == kernel.SOLVED


def test_singular_where_all_slopes_are_positive():
    """A star of four allies has eigenvalues 1 + 2 beta and 1 - 2 beta."""
    assert solved(star(4), beta=0.5)[0].code[0] == kernel.SINGULAR


def test_the_centre_of_a_star_of_allies_lives_on_them():
    """Three leaves fight as if alone but for what the idle centre's performance adds."""
    found, gain = solved(star(3), beta=0.59, gamma=0.24)
    assert found.code[0] == kernel.SOLVED
    assert found.effort[0, 0] == 0
    assert found.performance[0, 0] == pytest.approx(0.59 * 3 * found.effort[0, 1])
    assert (found.effort[0, 1:] > 0).all()
    assert gain < 1e-12
    assert any(found.effort[0] == pytest.approx(x, abs=1e-9) for x in equilibria(star(3), 0.59, 0.24))


def test_a_group_priced_out_holds_its_performance_at_zero():
    """Cost 3 against a prize worth less: an isolated group does nothing; with an enemy it fights just enough not to be routed."""
    found, gain = solved(np.zeros((3, 3)), cost=[3.0, 1.0, 1.0])
    assert found.effort[0].tolist() == pytest.approx([0, 0.25, 0.25])
    assert gain < 1e-12
    ties = np.zeros((3, 3))
    ties[0, 1] = ties[1, 0] = -1
    found, gain = solved(ties, cost=[3.0, 1.0, 1.0])
    assert found.performance[0, 0] == pytest.approx(0, abs=1e-15)
    assert found.effort[0, 0] == pytest.approx(G * found.effort[0, 1])
    assert found.effort[0, 0] > 0
    assert gain < 1e-12


@given(networks(), st.floats(0, 0.35), st.floats(0, 0.17))
@settings(max_examples=25, deadline=None)
def test_nobody_gains_by_another_effort(ties, beta, gamma):
    """The exact best deviation and the plain search agree that there is none to 1e-8."""
    found, gain = solved(ties, beta, gamma)
    assert found.code[0] == kernel.SOLVED
    assert gain <= 1e-8
    x = found.effort[0].tolist()
    for i in range(len(x)):
        assert best_payoff(i, ties, x, beta, gamma) <= payoff(i, ties, x, beta, gamma) + 1e-8


@given(networks(4), st.floats(0.02, 0.3), st.floats(0.01, 0.2), st.data())
@settings(max_examples=12, deadline=None)
def test_the_best_deviation_is_that_of_a_search(ties, beta, gamma, data):
    """Also away from equilibrium, where deviations drive others below zero."""
    n = len(ties)
    x = np.array(data.draw(st.lists(st.floats(0.01, 0.6), min_size=n, max_size=n)))
    allied, enemy = np.maximum(ties, 0), np.maximum(-ties, 0)
    m = kernel.matrix(allied, enemy, np.array([beta]), np.array([gamma]))[0]
    phi = m @ x
    if (phi <= 0.01).any():
        return
    gains = kernel.gains(m, x, np.ones(n), np.zeros(n), 1.0)
    now = kernel.payoffs(m, x, np.ones(n), np.zeros(n), 1.0)
    for i in range(n):
        assert now[i] == pytest.approx(payoff(i, ties, x.tolist(), beta, gamma), abs=1e-12)
        assert now[i] + gains[i] == pytest.approx(best_payoff(i, ties, x.tolist(), beta, gamma), abs=1e-6)


@pytest.mark.parametrize("seed", range(6))
def test_it_is_the_only_equilibrium_that_a_search_of_all_sets_finds(seed):
    rng = np.random.default_rng(seed)
    ties = np.triu(rng.choice([-1, 0, 1], size=(4, 4)), 1)
    ties = ties + ties.T
    beta, gamma = rng.uniform(0, 0.35), rng.uniform(0, 0.25)
    found, _ = solved(ties, beta, gamma)
    every = equilibria(ties, beta, gamma)
    assert len(every) == 1
    assert found.effort[0] == pytest.approx(every[0], abs=1e-9)


@given(networks(), st.floats(0, 0.3), st.floats(0, 0.17), st.randoms(use_true_random=False))
@settings(max_examples=30, deadline=None)
def test_names_and_the_prize_do_not_matter(ties, beta, gamma, random):
    order = list(range(len(ties)))
    random.shuffle(order)
    plain, moved = solved(ties, beta, gamma)[0], solved(ties[np.ix_(order, order)], beta, gamma)[0]
    assert moved.effort[0] == pytest.approx(plain.effort[0][order], rel=1e-9, abs=1e-12)
    assert solved(ties, beta, gamma, prize=7.0)[0].effort[0] == pytest.approx(7 * plain.effort[0], rel=1e-9, abs=1e-12)


def test_draws_are_solved_as_if_alone():
    rng = np.random.default_rng(4)
    ties = np.triu(rng.choice([-1, 0, 1], size=(6, 6)), 1)
    ties = ties + ties.T
    beta, gamma = np.array([0.1, 1.5, 0.3, 0.05]), np.array([0.05, 0.05, 0.9, 0.1])
    m = kernel.matrix(np.maximum(ties, 0), np.maximum(-ties, 0), beta, gamma)
    many = kernel.solve(m, np.ones((4, 6)), np.zeros((4, 6)), 1.0)
    for k in range(4):
        one = kernel.solve(m[k : k + 1], np.ones((1, 6)), np.zeros((1, 6)), 1.0)
        assert many.code[k] == one.code[0]
        np.testing.assert_allclose(many.effort[k], one.effort[0], rtol=1e-9, atol=1e-15)


def test_an_exactly_singular_draw_leaves_the_others_alone():
    m = np.stack([np.ones((2, 2)), np.eye(2)])
    found = kernel.solve(m, np.ones((2, 2)), np.zeros((2, 2)), 1.0)
    assert found.code.tolist() == [kernel.SINGULAR, kernel.SOLVED]
    assert found.effort[1].tolist() == [0.25, 0.25]


def test_a_shift_stands_in_for_effort():
    """With shifts the interior solution is x = M^-1 (level - h); what is given is not fought for."""
    h = np.array([0.02, -0.01, 0.0])
    found, gain = solved(complete(3, -1), shift=h)
    plain, _ = solved(complete(3, -1))
    m = np.eye(3) - G * (np.ones((3, 3)) - np.eye(3))
    assert found.performance[0] == pytest.approx(plain.performance[0])
    assert found.effort[0] == pytest.approx(np.linalg.solve(m, plain.performance[0] - h))
    assert gain < 1e-12


@given(networks(), st.floats(0, 0.3), st.floats(0, 0.17), st.data())
@settings(max_examples=40, deadline=None)
def test_censored_efforts_meet_their_levels(ties, beta, gamma, data):
    n = len(ties)
    level = np.array(data.draw(st.lists(st.floats(-1, 1).map(lambda v: round(v, 3)), min_size=n, max_size=n)))
    m = kernel.matrix(np.maximum(ties, 0), np.maximum(-ties, 0), np.array([beta]), np.array([gamma]))
    x, ok = kernel.censored(m, level[None])
    if np.linalg.eigvalsh(m[0]).min() > 1e-6:
        assert ok[0]
    if ok[0]:
        slack = m[0] @ x[0] - level
        assert (x >= 0).all()
        assert slack.min() > -1e-8
        assert np.abs(x[0] * slack).max() < 1e-8


def test_extremes_end_in_an_equilibrium_or_a_code():
    """Parameters far beyond any estimate, on any scale: no overflow, and what is called solved is."""
    rng = np.random.default_rng(7)
    codes = set()
    for _ in range(70):
        n = int(rng.integers(2, 11))
        ties = np.triu(rng.choice([-0.9, 0, 0.9], size=(n, n)), 1)
        ties = ties + ties.T
        prize = 10.0 ** rng.integers(-8, 9)
        shift = rng.normal(size=n) * prize * 10.0 ** rng.integers(-4, 2) if rng.random() < 0.5 else 0.0
        found, gain = solved(
            ties,
            rng.choice([0, 0.5, 2, 5]),
            rng.choice([0, 0.05, 0.2, 1]),
            cost=rng.uniform(0.1, 5, n),
            shift=shift,
            prize=prize,
        )
        codes.add(int(found.code[0]))
        assert np.isfinite(found.effort[0]).all() == (found.code[0] == kernel.SOLVED)
        assert gain is None or gain <= 1e-8 * prize
    assert {kernel.SOLVED, kernel.NO_GAMMA, kernel.NOBODY} <= codes
