"""Contest success functions and equilibria against hand numbers, plain loops and best responses found by search."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.errors import ParameterError
from foedus.security.contests import hirshleifer, symmetric_equilibrium, tullock, two_player_equilibrium

STRENGTHS = st.lists(st.floats(0, 1e6), min_size=1, max_size=6)


@pytest.mark.parametrize(("r", "expected"), [(1, 0.625), (2, 0.735294), (3, 0.822368)])
def test_tullock_by_hand(r, expected):
    assert tullock([10, 6], r)[0] == pytest.approx(expected, abs=5e-7)


def test_hirshleifer_by_hand():
    assert hirshleifer([10, 6], 0.1)[0] == pytest.approx(0.598688, abs=5e-7)


def test_nobody_strong_is_an_even_chance():
    assert tullock([0.0, 0.0, 0.0, 0.0]).tolist() == [0.25] * 4
    assert tullock([5.0]).tolist() == [1.0]


@given(STRENGTHS, st.floats(0.1, 5))
def test_tullock_is_the_plain_loop(strengths, r):
    powers = [(m / max(*strengths, 1e-300)) ** r for m in strengths]
    plain = [p / sum(powers) for p in powers] if sum(powers) else [1 / len(strengths)] * len(strengths)
    assert tullock(strengths, r) == pytest.approx(np.array(plain))


@given(STRENGTHS, st.floats(0.01, 5))
def test_hirshleifer_of_two_is_the_logistic(strengths, k):
    a, b = strengths[0], strengths[-1]
    exponent = min(k * (b - a), 700.0)
    assert hirshleifer([a, b], k)[0] == pytest.approx(1 / (1 + math.exp(exponent)), abs=1e-12)
    assert hirshleifer(strengths, k).sum() == pytest.approx(1)


def test_leading_dimensions_and_an_exponent_for_each_contest():
    m = np.random.default_rng(1).random((3, 4, 5))
    r = np.array([[0.5], [1.0], [2.0]]) * np.ones(4)
    out = tullock(m, r)
    assert out.shape == m.shape
    for a in range(3):
        for b in range(4):
            assert out[a, b] == pytest.approx(tullock(m[a, b], r[a, b]))
    assert hirshleifer(m, r)[2, 1] == pytest.approx(hirshleifer(m[2, 1], 2.0))


def test_huge_strengths_do_not_overflow():
    assert tullock([1e300, 1e300], 5).tolist() == [0.5, 0.5]
    assert hirshleifer([1e300, 0.0], 1e100).tolist() == [1.0, 0.0]


@pytest.mark.parametrize("function", [tullock, hirshleifer])
@pytest.mark.parametrize("strengths", [[1.0, math.nan], [1.0, -1.0], [math.inf, 1.0], [], 3.0, [[], []]])
def test_strengths_that_are_none(function, strengths):
    with pytest.raises(ParameterError, match="strengths"):
        function(strengths)


@pytest.mark.parametrize("rate", [0.0, -1.0, math.nan, math.inf, [1.0, 2.0]])
def test_exponents_that_are_none(rate):
    with pytest.raises(ParameterError, match="'r' parameter"):
        tullock([1.0, 2.0], rate) if not isinstance(rate, list) else tullock(np.ones((3, 2)), rate)
    with pytest.raises(ParameterError, match="'k' parameter"):
        hirshleifer([1.0, 2.0], rate) if not isinstance(rate, list) else hirshleifer(np.ones((3, 2)), rate)


def best_response(worth, against, r):
    """Return the effort that pays best on a fine grid, and what it pays."""
    x = np.linspace(0, worth, 200_001)[1:]
    pay = worth * x**r / (x**r + against) - x
    return float(x[pay.argmax()]), float(max(pay.max(), 0.0))


@pytest.mark.parametrize(("n", "r"), [(2, 1.0), (5, 1.0), (3, 0.6), (4, 1.3)])
def test_symmetric_effort_is_a_best_response(n, r):
    e = symmetric_equilibrium(n, 10.0, r)
    effort, pay = best_response(10.0, (n - 1) * e.effort[0] ** r, r)
    assert effort == pytest.approx(e.effort[0], abs=1e-3)
    assert pay == pytest.approx(e.payoff[0], abs=1e-6)


def test_symmetric_at_one_by_hand():
    e = symmetric_equilibrium(3, 9.0)
    assert e.effort.tolist() == [2.0] * 3
    assert e.payoff.tolist() == [1.0] * 3
    assert e.spent == 6.0
    assert symmetric_equilibrium(1, 9.0).payoff.tolist() == [9.0]


@pytest.mark.parametrize(
    ("values", "r", "costs"), [((2, 1), 1.0, (1, 1)), ((3, 2), 0.7, (1, 2)), ((5, 4), 1.5, (1, 1))]
)
def test_two_rivals_answer_each_other(values, r, costs):
    e = two_player_equilibrium(values, r, costs=costs)
    for i in (0, 1):
        effort, pay = best_response(values[i] / costs[i], e.effort[1 - i] ** r, r)
        assert effort == pytest.approx(e.effort[i], abs=1e-4)
        assert pay * costs[i] == pytest.approx(e.payoff[i], abs=1e-6)
    assert e.chance.sum() == pytest.approx(1)


def test_two_equal_rivals_are_the_symmetric_case():
    two, same = two_player_equilibrium((4.0, 4.0), 1.5), symmetric_equilibrium(2, 4.0, 1.5)
    assert two.effort == pytest.approx(same.effort)
    assert two.payoff == pytest.approx(same.payoff)


def test_where_there_is_no_pure_equilibrium():
    with pytest.raises(ParameterError, match="at most n / "):
        symmetric_equilibrium(4, 1.0, 1.4)
    with pytest.raises(ParameterError, match="no pure equilibrium"):
        two_player_equilibrium((10.0, 1.0), 1.5)


def test_arguments_that_are_none():
    for n in (0, 2.5, True):
        with pytest.raises(ParameterError, match="'n' parameter"):
            symmetric_equilibrium(n, 1.0)
    for value in (0.0, -1.0, math.nan, True):
        with pytest.raises(ParameterError, match="'value' parameter"):
            symmetric_equilibrium(2, value)
    with pytest.raises(ParameterError, match="two rivals"):
        two_player_equilibrium((1.0, 2.0, 3.0))
    with pytest.raises(ParameterError, match="'costs' parameter"):
        two_player_equilibrium((1.0, 2.0), costs=(0.0, 1.0))


def test_table_and_plain_form():
    e = two_player_equilibrium((2.0, 1.0))
    assert e.table().columns == ["effort", "chance", "payoff"]
    assert e.to_dict()["standing"] == "exact"
    assert e.to_dict()["spent"] == pytest.approx(2 / 3)
