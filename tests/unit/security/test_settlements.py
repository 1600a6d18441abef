"""Settlements short of war: hand numbers, and plain searches over every offer."""

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from scipy import stats

from foedus.errors import ParameterError
from foedus.security.fearon import bargaining_range, risk_return
from foedus.security.powell import shift

CHANCE = st.floats(0, 1)
COST = st.floats(0, 0.5)


def test_the_range_is_as_wide_as_war_is_dear():
    r = bargaining_range(0.6, 0.1, 0.2)
    assert (r.low, r.high) == pytest.approx((0.5, 0.8))
    assert r.to_dict()["width"] == pytest.approx(0.3)
    assert r.peace
    assert bargaining_range(0.95, 0.1, 0.2).high == 1.0


@given(CHANCE, COST, COST)
def test_where_any_share_can_be_made_there_is_always_peace(p, a, b):
    r = bargaining_range(p, a, b)
    assert r.low <= p <= r.high
    assert r.peace


@given(CHANCE, COST, COST, st.lists(CHANCE, min_size=1, max_size=5))
def test_an_indivisible_prize_is_settled_if_some_division_suits_both(p, a, b, shares):
    r = bargaining_range(p, a, b, divisions=shares)
    assert r.peace is any(x >= p - a - 1e-12 and 1 - x >= 1 - p - b - 1e-12 for x in shares)


def test_reference_risk_and_return():
    d = risk_return(0.6, 0.1, stats.uniform(0, 0.4))
    assert d.share == pytest.approx(0.75)
    assert d.p_war == pytest.approx(0.375)
    assert not d.exact
    assert d.to_dict()["worth"] == pytest.approx(0.625 * 0.75 + 0.375 * 0.5)


@settings(max_examples=40, deadline=None)
@given(st.floats(0.05, 0.5), st.floats(0, 0.6), st.floats(0.05, 0.45))
def test_uniform_costs_have_a_closed_form(p, cost_a, top):
    d = risk_return(p, cost_a, stats.uniform(0, top))
    assert d.share == pytest.approx(p + max(top - cost_a, 0) / 2, abs=1e-5)
    assert d.p_war == pytest.approx(max(top - cost_a, 0) / (2 * top), abs=1e-4)


@pytest.mark.parametrize(
    "cost", [stats.expon(scale=0.2), stats.lognorm(0.8, scale=0.15), stats.beta(2, 5), stats.uniform(0.1, 0.3)]
)
def test_no_demand_on_a_dense_grid_is_better(cost):
    d = risk_return(0.4, 0.05, cost)
    x = np.linspace(0.4, 1.0, 60_001)
    war = cost.cdf(x - 0.4)
    values = (1 - war) * x + war * 0.35
    assert d.worth >= values.max() - 1e-9
    assert d.share == pytest.approx(x[values.argmax()], abs=2e-4)


@settings(max_examples=100, deadline=None)
@given(CHANCE, COST, st.lists(st.sampled_from([0.0, 0.05, 0.1, 0.2, 0.4]), min_size=1, max_size=6))
@example(0.5, 0.1, [0.3])
def test_of_a_list_of_costs_every_demand_is_tried(p, cost_a, costs):
    d = risk_return(p, cost_a, costs)

    def worth(x):
        war = sum(c < x - p - 1e-12 for c in costs) / len(costs)
        return (1 - war) * x + war * (p - cost_a)

    assert d.exact
    assert d.worth == pytest.approx(worth(d.share))
    assert d.worth >= max(worth(x) for x in np.linspace(p, 1, 101)) - 1e-9


def test_a_known_cost_is_demanded_in_full_and_there_is_no_war():
    d = risk_return(0.5, 0.1, [0.3])
    assert (d.share, d.p_war) == (0.8, 0.0)


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: bargaining_range(1.2, 0, 0), "chance between 0 and 1"),
        (lambda: bargaining_range(0.5, -1, 0), "cost_a"),
        (lambda: bargaining_range(0.5, 0, float("nan")), "cost_b"),
        (lambda: bargaining_range(0.5, 0, 0, divisions=[]), "at least one"),
        (lambda: bargaining_range(0.5, 0, 0, divisions=[2]), "between 0 and 1"),
        (lambda: risk_return(0.5, 0, []), "at least one"),
        (lambda: risk_return(0.5, 0, [-0.1]), "0 or more"),
        (lambda: risk_return(0.5, 0, stats.norm(0.2, 0.1)), "costs of 0 or more"),
        (lambda: shift([], discount=0.5, cost=0), "at least one"),
        (lambda: shift([1.5], discount=0.5, cost=0), "between 0 and 1"),
        (lambda: shift([0.5], discount=1.0, cost=0), "below 1"),
        (lambda: shift([0.5], discount=0.5, cost=-1), "cost"),
        (lambda: shift([0.5], discount=0.5, cost=0, cost_rising=float("inf")), "cost_rising"),
    ],
)
def test_what_is_refused(call, text):
    with pytest.raises(ParameterError, match=text):
        call()


def plain_shift(p, discount, cost, cost_rising, horizon=150, offers=1001):
    """Backward induction over every offer in thousandths, the last chance held until a far horizon."""
    grid = np.linspace(0, 1, offers)
    mine = theirs = 0.0
    out = {}
    for t in range(horizon, 0, -1):
        chance = p[min(t, len(p)) - 1]
        left = (1 - discount ** (horizon - t + 1)) / (1 - discount)
        war, rival_war = chance * left - cost, (1 - chance) * left - cost_rising
        takes = grid[grid + discount * mine >= war - 1e-9]
        peace = 1 - takes[0] + discount * theirs if len(takes) else -np.inf
        margin = min(abs(1 + discount * mine - war), abs(rival_war - peace) if len(takes) else np.inf)
        by = "declining" if not len(takes) else "rising" if rival_war > peace else None
        mine, theirs = (war, rival_war) if by else (takes[0] + discount * mine, peace)
        if t <= len(p):
            out[t] = by, margin
    return out


@settings(max_examples=60, deadline=None)
@given(st.lists(CHANCE, min_size=1, max_size=4), st.floats(0.3, 0.85), st.floats(0, 2), st.floats(0, 1))
@example([0.5, 0.95, 0.05], 0.8, 0.1, 0.1)
def test_a_shift_is_bargained_as_in_a_game_with_every_offer_tried(p, discount, cost, cost_rising):
    plain = plain_shift(p, discount, cost, cost_rising)
    assume(all(margin > 0.02 for by, margin in plain.values()))
    found = shift(p, discount=discount, cost=cost, cost_rising=cost_rising)
    first = next((t for t in sorted(plain) if plain[t][0]), None)
    assert found.war_in == first
    assert found.by == (plain[first][0] if first else None)
    for period in found.periods:
        assert (period.offer is None) is bool(plain[period.period][0])


@settings(max_examples=200, deadline=None)
@given(CHANCE, CHANCE, st.floats(0, 0.95), st.floats(0, 3))
def test_one_shift_has_a_closed_form(p1, p2, d, c):
    assume(p2 / (1 - d) >= c)
    gap = p1 - d * p2 - (1 - d) * (1 + (1 - d) * c)
    assume(abs(gap) > 1e-9)
    found = shift([p1, p2], discount=d, cost=c, cost_rising=1e6)
    assert (found.war_in == 1) is (gap > 0)
    assert found.gap * (1 - d) == pytest.approx(gap, abs=1e-9)


def test_a_fall_that_is_fast_and_large_is_fought_and_the_same_fall_by_steps_is_not():
    fast = shift([0.8, 0.2], discount=0.9, cost=0.5)
    slow = shift(np.linspace(0.8, 0.2, 31), discount=0.9, cost=0.5)
    assert (fast.war_in, fast.by) == (1, "declining")
    assert slow.war_in is None
    assert fast.table().height == 1
    assert slow.table().height == 31
    assert slow.to_dict()["standing"] == "exact"


def test_what_never_changes_is_never_fought_over():
    still = shift([0.7], discount=0.9, cost=0.5)
    assert still.war_in is None
    assert still.worth == pytest.approx(6.5)
    assert still.periods[0].offer == pytest.approx(0.65)


def test_a_rising_state_may_fight_first_where_a_later_war_is_sure():
    found = shift([0.5, 0.95, 0.05], discount=0.8, cost=0.1, cost_rising=0.1)
    assert (found.war_in, found.by) == (1, "rising")
