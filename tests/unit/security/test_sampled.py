"""Sampled values against exact ones, and majorities counted in whole numbers against every set."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foedus.errors import ParameterError
from foedus.security.games import CoalitionGame
from foedus.security.sampled import own_stakes_worth, sampled_shapley, weighted_majority_values
from foedus.security.values import values


@settings(max_examples=60)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=8).filter(any), st.data())
def test_counting_is_looking_through_every_set(weights, data):
    quota = data.draw(st.integers(1, sum(weights)))
    counted = weighted_majority_values(quota, weights)
    every = values(CoalitionGame.weighted_majority(quota, weights))
    assert [float(x) for x in counted.shapley] == pytest.approx(every.shapley)
    assert [float(x) for x in counted.banzhaf] == pytest.approx(every.banzhaf)
    assert counted.powerless == every.powerless
    assert sum(counted.shapley) == 1


def test_classical_majorities():
    council = weighted_majority_values(39, [7] * 5 + [1] * 10)
    assert (council.shapley[0], council.shapley[-1]) == (Fraction(421, 2145), Fraction(4, 2145))
    six = weighted_majority_values(12, [4, 4, 4, 2, 2, 1], players=["GFR", "FRN", "ITA", "BEL", "NTH", "LUX"])
    assert six.powerless == ("LUX",)
    assert six.table()["banzhaf_share"].to_list() == pytest.approx([5 / 21] * 3 + [3 / 21] * 2 + [0])
    assert six.to_dict()["standing"] == "exact, in whole numbers"


def test_two_hundred_equal_votes():
    v = weighted_majority_values(101, [1] * 200)
    assert set(v.shapley) == {Fraction(1, 200)}


def test_sampling_covers_what_is_exact():
    rng = np.random.default_rng(2)
    m, t, v = rng.random((6, 6)), rng.random(6), rng.random(6)
    exact = values(CoalitionGame.own_stakes(m, t, stakes=v, r=1.4)).shapley
    names = [f"p{i}" for i in range(6)]
    inside, scaled = [], []
    for seed in range(30):
        s = sampled_shapley(own_stakes_worth(m, t, stakes=v, r=1.4), names, orders=60, seed=seed)
        assert sum(e.mean for e in s.shapley) == pytest.approx(s.total)
        inside += [e.low <= x <= e.high for e, x in zip(s.shapley, exact, strict=True)]
        scaled += [(e.mean - x) / e.mc_error for e, x in zip(s.shapley, exact, strict=True)]
    assert np.mean(inside) >= 0.88
    assert 0.6 < np.std(scaled) < 1.2


def test_a_seldom_decisive_player_is_not_surely_worthless():
    weights = np.array([50] * 40 + [1])
    s = sampled_shapley(lambda sets: (sets @ weights >= 1001).astype(float), [str(i) for i in range(41)], orders=40)
    exact = float(weighted_majority_values(1001, weights.tolist()).shapley[-1])
    assert s.shapley[-1].low <= exact <= s.shapley[-1].high
    assert all(e.low < e.high for e in s.shapley)


def test_two_hundred_players_in_any_order_of_names():
    m = np.random.default_rng(1).random(200)
    names = [str(i) for i in range(200)]
    a = sampled_shapley(own_stakes_worth(m, 40.0), names, orders=20)
    b = sampled_shapley(own_stakes_worth(m[::-1], 40.0), names[::-1], orders=20)
    assert [e.mean for e in a.shapley] == pytest.approx([e.mean for e in b.shapley[::-1]])
    assert a.table().height == 200
    assert a.to_dict()["standing"] == "simulated"
    assert a.shapley == sampled_shapley(own_stakes_worth(m, 40.0), names, orders=20).shapley


def squares(sets):
    """Return the square of the number of members."""
    return sets.sum(axis=1) ** 2.0


@pytest.mark.parametrize(
    ("make", "match"),
    [
        (lambda: sampled_shapley(squares, [str(i) for i in range(201)]), "201 players"),
        (lambda: sampled_shapley(squares, "ab"), "1 to 200 names"),
        (lambda: sampled_shapley(squares, ["a", "a"]), "each player once"),
        (lambda: sampled_shapley(squares, ["a", "b"], orders=21), "'orders' parameter"),
        (lambda: sampled_shapley(squares, ["a", "b"], level=1.0), "'level' parameter"),
        (lambda: sampled_shapley(lambda s: s.sum(axis=1) + 1.0, ["a", "b"]), "0 for the empty set"),
        (lambda: sampled_shapley(lambda s: np.full(len(s), np.nan), ["a", "b"]), "a finite worth"),
        (lambda: own_stakes_worth([1, np.nan], 1), "'strength' parameter"),
        (lambda: weighted_majority_values(2, [1, 1.5]), "whole numbers"),
        (lambda: weighted_majority_values(2, [1, -1]), "whole numbers"),
        (lambda: weighted_majority_values(3, [1, 1]), "sum of weights, 2"),
        (lambda: weighted_majority_values(1, [1, 1], players=["a"]), "one for each of 1"),
        (lambda: weighted_majority_values(30_000_000, [30_000_000]), "20,000,000"),
    ],
)
def test_arguments_that_are_none(make, match):
    with pytest.raises(ParameterError, match=match):
        make()
