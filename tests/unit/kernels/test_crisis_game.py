"""The interaction game against hand numbers and a plain recursive twin."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foedus.kernels import crisis_game as game
from foedus.kernels.crisis_game import OUTCOMES, Costs, exponent, payoffs, solve, utilities


def test_reference_numbers():
    assert [round(float(u), 4) for u in utilities(0.0303, 1.0)] == [0.9697, -0.9697, 0.0]
    assert exponent(np.array([-1.0, 0.0, 1.0])) == pytest.approx([2.0, 1.0, 0.5])


def test_a_friend_whose_demand_is_met_is_as_good_as_no_change_at_r_1():
    u = utilities(1.0, 1.0)
    assert (float(u.own), float(u.other), float(u.same)) == (0.0, 0.0, 0.0)


def plain(u, restrained=False):
    """The tree written out move by move; ``u[end]`` is (A, B)."""

    def choose(mover, yes, no):
        gain = u[yes][mover] - u[no][mover]
        return yes if (gain > 1e-12 if restrained else gain >= -1e-12) else no

    a, b = 0, 1
    struck_by_a = choose(b, "WAR_A", "CAP_B")
    struck_by_b = choose(a, "WAR_B", "CAP_A")
    b_may_strike_last = choose(b, struck_by_b, "NEGO")
    a_may_strike_last = choose(a, struck_by_a, "NEGO")
    both_after_a = choose(a, struck_by_a, b_may_strike_last)
    both_after_b = choose(b, struck_by_b, a_may_strike_last)
    after_a = choose(b, both_after_a, "ACQ_B")
    demanded_of_a = choose(a, both_after_b, "ACQ_A")
    after_nothing = choose(b, demanded_of_a, "SQ")
    return choose(a, after_a, after_nothing)


# A few values only, so that ties are frequent.
WORTH = st.lists(st.sampled_from([-1.0, -0.5, 0.0, 0.5, 1.0]), min_size=16, max_size=16)


@settings(max_examples=300, deadline=None)
@given(WORTH, st.booleans())
def test_the_tree_is_solved_as_a_plain_recursion_solves_it(values, restrained):
    worth = np.array(values).reshape(8, 2)
    found = solve(worth, restrained=restrained)
    assert OUTCOMES[found.outcome] == plain(dict(zip(OUTCOMES, worth.tolist(), strict=True)), restrained)


@settings(max_examples=100, deadline=None)
@given(WORTH)
def test_nobody_gains_by_another_choice_at_any_one_node(values):
    worth = np.array(values).reshape(8, 2)
    found = solve(worth)
    for number, node in game.NODES.items():
        ends = [-1 - to if to < 0 else found.ends[to] for to in (node.yes, node.no)]
        assert worth[found.ends[number], node.mover] >= max(worth[e, node.mover] for e in ends) - 1e-12


def test_without_a_tie_the_rule_for_ties_does_not_matter():
    rng = np.random.default_rng(3)
    worth = rng.normal(size=(8, 2, 500))
    one, other = solve(worth), solve(worth, restrained=True)
    assert (one.outcome == other.outcome).all()
    assert not one.tie.any()


def test_a_tie_on_the_way_is_said_and_elsewhere_is_not():
    worth = np.zeros((8, 2))
    assert solve(worth).tie
    worth = np.arange(16.0).reshape(8, 2)
    worth[game.CAP_A] = worth[game.WAR_B] = -5.0  # only A's last choice is even, and play does not come there
    worth[game.ACQ_B] = (9.0, 9.0)
    worth[[game.NEGO, game.CAP_B, game.WAR_A]] = -1.0, -2.0
    found = solve(worth)
    assert OUTCOMES[found.outcome] == "ACQ_B"
    assert not found.tie


def test_payoffs_by_hand():
    a, b = utilities(0.2, 1.0), utilities(0.2, 2.0)
    worth = payoffs(a, b, np.array(0.7), np.array(0.4), Costs(phi=0.5, alpha=1.0, tau=2.0, gamma=3.0))
    talk_a = 0.7 * 0.8 + 0.3 * -0.8
    assert worth[:, 0].tolist() == pytest.approx(
        [0.0, -0.8, 0.8, talk_a, -0.8 - 3 * 0.3, 0.8, talk_a - 0.3, talk_a - 2 * 0.3]
    )
    own, other, same = 2 - 4 * 0.3**2, 2 - 4 * 0.7**2, 1.0
    talk_b, home = 0.4 * own + 0.6 * other, 0.5 * same * 0.4
    assert worth[:, 1].tolist() == pytest.approx(
        [same, own, other, talk_b, own - home, other - 3 * 0.6, talk_b - home - 2 * 0.6, talk_b - home - 0.6]
    )


@settings(max_examples=200, deadline=None)
@given(st.floats(-1, 0.999), st.floats(0.001, 0.999))
def test_two_neutral_states_that_agree_on_the_odds_never_fight(k, p):
    """r = 1 and P_A + P_B = 1 with costs of 1: talk is as good as war without its costs, so that war is never chosen."""
    u = utilities(k, 1.0)
    assert OUTCOMES[solve(payoffs(u, u, np.array(p), np.array(1 - p))).outcome] in {"SQ", "NEGO", "ACQ_A", "ACQ_B"}


def test_unknown_stays_unknown():
    u = utilities(np.array([0.5, np.nan]), 1.0)
    p = np.array([0.6, 0.6])
    assert solve(payoffs(u, u, p, 1 - p)).outcome.tolist()[1] == game.UNKNOWN
