"""The signalling game against the published example, a dense scan with SciPy's own bivariate normal, and iterated best replies."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import multivariate_normal, norm

from foedus.errors import ParameterError
from foedus.security.signalling import Equilibrium, Stage, _roots, correspondence, signals


def plain_reply(s, p):
    """f(h(c) / g(c)), chance by chance as the paper writes it."""
    c = (s.s_a - (1 - p) * s.v_a) / p
    g = 1 - norm.cdf(c - s.w_a) * norm.cdf(c - s.a)
    h = multivariate_normal([0, 0], [[1, 0.5**0.5], [0.5**0.5, 1]]).cdf([(s.w_a - s.a) / 2**0.5, s.w_a - c])
    f = h / g
    return norm.cdf((f * s.w_b + (1 - f) * s.v_b - s.c_b) / f), g, f


def test_the_published_example_has_three():
    found = signals(v_a=1, v_b=1, s_a=0, c_b=0, w_a=-1.9, a=-1.2, w_b=-2.9)
    assert len(found.equilibria) == 3
    assert found.complete
    last = found.equilibria[2]
    assert [round(x, 6) for x in (last.p_resist, last.p_challenge, last.p_fight)] == [0.251105, 0.994789, 0.309695]
    assert [e.stable for e in found.equilibria] == [True, False, True]
    assert found.table().height == 3
    assert found.to_dict()["equilibria"][2]["p_resist"] == last.p_resist


@pytest.mark.parametrize("w_b", [-3.0, -2.7])
def test_a_little_off_it_has_one(w_b):
    assert len(signals(w_b=w_b).equilibria) == 1


@pytest.mark.parametrize(
    "changes", [{}, {"w_b": -3.0}, {"w_a": -0.5, "w_b": -1.0}, {"s_a": 0.3, "v_a": 2.0}, {"s_a": 1.0}, {"c_b": 0.9, "w_b": -0.4}, {"v_b": 3.0, "w_b": -6}]
)  # fmt: skip
def test_a_dense_scan_finds_the_same(changes):
    stage, found = Stage(**changes), signals(**changes)
    grid = norm.cdf(np.linspace(-3.5, 3.5, 701))
    gap = np.array([plain_reply(stage, p)[0] - p for p in grid])
    inside = [e for e in found.equilibria if grid[0] < e.p_resist < grid[-1]]
    crossings = np.flatnonzero(np.diff(np.sign(gap)) != 0)
    assert len(crossings) == len(inside)
    for k, e in zip(crossings, reversed(inside), strict=True):
        assert grid[k] <= e.p_resist <= grid[k + 1]
        reply, challenge, fight = plain_reply(stage, e.p_resist)
        assert (reply, challenge, fight) == pytest.approx((e.p_resist, e.p_challenge, e.p_fight), abs=2e-6)


WORTH = st.floats(-4, 4)


@settings(max_examples=15, deadline=None)
@given(WORTH, WORTH, WORTH, WORTH, WORTH, WORTH, WORTH)
def test_every_equilibrium_is_a_fixed_point_and_its_ends_are_chances(s_a, v_a, v_b, c_b, w_a, w_b, a):
    found = signals(Stage(s_a, v_a, v_b, c_b, w_a, w_b, a))
    assert found.equilibria
    for e in found.equilibria:
        assert e.error < 1e-9
        ends = (e.status_quo, e.concession, e.war, e.backs_down)
        assert min(ends) >= 0
        assert sum(ends) == pytest.approx(1)
    resist = [e.p_resist for e in found.equilibria]
    assert resist == sorted(resist, reverse=True)


def test_best_replies_lead_back_to_the_stable_ones_and_away_from_the_others():
    stage = Stage()
    for e in signals(stage).equilibria:
        p = e.p_resist * 0.999
        for _ in range(40):
            p = plain_reply(stage, p)[0]
        assert bool(abs(p - e.p_resist) < 1e-4 * e.p_resist) is e.stable


def test_of_two_that_meet_each_is_found():
    """Between one and three equilibria lies a stage at which two touch; just beside it they are close together and both are found."""
    low, high = -2.99, -2.9
    for _ in range(10):
        middle = (low + high) / 2
        low, high = (middle, high) if len(signals(w_b=middle).equilibria) == 1 else (low, middle)
    pair = signals(w_b=high).equilibria
    assert len(pair) == 3
    assert (-np.diff([e.p_resist for e in pair])).min() < 0.01


def test_where_bluffing_costs_nothing_more_than_giving_way_belief_does_not_matter():
    (only,) = signals(v_b=0.0, c_b=0.0, w_b=-1.0).equilibria
    assert only.p_resist == pytest.approx(norm.cdf(-1.0))
    assert only.slope == pytest.approx(0.0, abs=1e-9)


def test_certain_resistance_and_certain_concession_are_limits():
    (sure,) = signals(w_b=50.0, w_a=0.0).equilibria
    assert sure.p_resist == 1.0
    (never,) = signals(w_b=-50.0, w_a=5.0, a=-5.0).equilibria
    assert never.p_resist == 0.0
    assert isinstance(never, Equilibrium)


def test_a_correspondence_has_every_equilibrium_of_every_value():
    table = correspondence("w_b", [-3.0, -2.9, -2.7])
    assert table["w_b"].to_list() == [-3.0, -2.9, -2.9, -2.9, -2.7]
    assert table["equilibrium"].to_list() == [1, 1, 2, 3, 1]
    assert table["of"].to_list() == [1, 3, 3, 3, 1]


def test_what_is_refused():
    with pytest.raises(ParameterError, match="some of s_a"):
        signals(war=1.0)
    with pytest.raises(ParameterError, match="standard deviations"):
        signals(w_b=float("nan"))
    with pytest.raises(ParameterError, match="standard deviations"):
        signals(w_b=1e9)
    with pytest.raises(ParameterError, match="one value or more"):
        correspondence("w_b", [])


def test_two_between_two_points_of_the_grid_are_found_and_one_that_touches_is_one():
    grid = np.linspace(-1, 1, 201)
    # The parabolas do not fall below the belief at the end of the grid, which stands for a root beyond it: the first one.
    assert _roots(lambda z: (z - 0.003) ** 2 - 1e-6, grid)[1:] == pytest.approx([0.002, 0.004], abs=1e-9)
    assert _roots(lambda z: (z - 0.003) ** 2, grid)[1:] == pytest.approx([0.003], abs=1e-6)
