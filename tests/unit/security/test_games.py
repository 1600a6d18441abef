"""Coalition games against hand numbers and the plain twins."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import game_twin as twin
from foedus.errors import ParameterError
from foedus.kernels import coalition as kernel
from foedus.security.core import convexity
from foedus.security.games import CoalitionGame, NotSuperadditiveWarning
from foedus.security.values import values

WORTHS = st.integers(1, 5).flatmap(lambda n: st.lists(st.floats(-10, 10), min_size=2**n - 1, max_size=2**n - 1))


def game(worths):
    """Return the game of worths of the sets that are not empty."""
    n = (len(worths) + 1).bit_length() - 1
    return CoalitionGame(tuple("abcdefgh"[:n]), np.array([0.0, *worths]))


def own(m, t, v, r):
    """Return the worths of own stakes by loops, masks in order."""
    n = len(m)
    out = []
    for mask in range(1 << n):
        there = [i for i in range(n) if mask >> i & 1]
        worth = 0.0
        for i in there:
            mine, theirs = sum(m[k][i] for k in there) ** r, t[i] ** r
            worth += v[i] * (mine / (mine + theirs) if mine + theirs else 0.5)
        out.append(worth)
    return out


def test_own_stakes_reference():
    g = CoalitionGame.own_stakes([10, 6, 4, 2], 12)
    assert round(g.total, 6) == 2.588235
    assert [round(a, 6) for a in g.alone] == [0.454545, 0.333333, 0.25, 0.142857]
    assert values(g).shapley.round(6).tolist() == [0.844622, 0.671484, 0.581923, 0.490207]
    assert convexity(g).convex


def test_common_prize_is_no_game_of_joining():
    with pytest.warns(NotSuperadditiveWarning, match=r"1\.181, all together 0\.647"):
        g = CoalitionGame.common_prize([10, 6, 4, 2], 12)
    assert (round(g.total, 3), round(sum(g.alone), 3)) == (0.647, 1.181)


def test_common_prize_of_a_decisive_contest_may_be_superadditive():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        g = CoalitionGame.common_prize([1, 1], 100, prize=5, r=3, players=["a", "b"])
    assert g.total == pytest.approx(5 * 8 / (8 + 100**3))


def test_gloves():
    g = CoalitionGame.of(["L", "R1", "R2"], lambda s: float("L" in s and len(s) > 1))
    assert values(g).shapley == pytest.approx([2 / 3, 1 / 6, 1 / 6])


def test_majority_of_three_shareholders():
    v = values(CoalitionGame.weighted_majority(51, [50, 49, 1]))
    assert v.shapley == pytest.approx([2 / 3, 1 / 6, 1 / 6])
    assert v.banzhaf_share == pytest.approx([0.6, 0.2, 0.2])
    assert v.banzhaf == pytest.approx([0.75, 0.25, 0.25])


def test_luxembourg_in_1958_is_a_dummy():
    v = values(
        CoalitionGame.weighted_majority(12, [4, 4, 4, 2, 2, 1], players=["GFR", "FRN", "ITA", "BEL", "NTH", "LUX"])
    )
    assert v.dummies == v.powerless == ("LUX",)
    assert v.shapley == pytest.approx([14 / 60] * 3 + [9 / 60] * 2 + [0])
    assert v.banzhaf_share == pytest.approx([5 / 21] * 3 + [3 / 21] * 2 + [0])


def test_a_dictator_is_a_dummy_but_not_powerless():
    v = values(CoalitionGame.weighted_majority(5, [6, 2, 1], players=list("abc")))
    assert v.dummies == ("a", "b", "c")
    assert v.powerless == ("b", "c")


def test_security_council():
    v = values(CoalitionGame.weighted_majority(39, [7] * 5 + [1] * 10))
    assert v.shapley == pytest.approx([421 / 2145] * 5 + [4 / 2145] * 10)
    assert v.banzhaf_share == pytest.approx([848 / 5080] * 5 + [84 / 5080] * 10)
    assert v.dummies == ()


def test_airport_game_shares_each_stretch_among_its_users():
    costs = [1.0, 2.0, 2.0, 5.0]
    g = CoalitionGame.of(list("abcd"), lambda s: -max(costs["abcd".index(p)] for p in s))
    assert -values(g).shapley == pytest.approx([1 / 4, 1 / 4 + 1 / 3, 1 / 4 + 1 / 3, 1 / 4 + 1 / 3 + 3])


@settings(max_examples=60)
@given(WORTHS)
def test_values_are_those_of_the_definitions(worths):
    g = game(worths)
    v = values(g)
    assert v.shapley == pytest.approx(twin.shapley(g.worth, g.n), abs=1e-9)
    assert v.banzhaf == pytest.approx(twin.banzhaf(g.worth, g.n), abs=1e-9)
    assert v.shapley.sum() == pytest.approx(g.total, abs=1e-9)


@settings(max_examples=60)
@given(WORTHS)
def test_least_second_difference_is_that_of_the_definition(worths):
    g = game(worths)
    least, i, j, mask = kernel.least_second_difference(g.worth)
    found = list(twin.second_differences(g.worth, g.n))
    assert least == pytest.approx(min(found, default=0.0), abs=1e-9)
    if found:
        a, b, w = 1 << i, 1 << j, g.worth
        assert not mask & (a | b)
        assert w[mask | a | b] - w[mask | a] - w[mask | b] + w[mask] == pytest.approx(least, abs=1e-9)
    c = convexity(g)
    assert c.convex == (least >= -g.tolerance)
    if not c.convex:
        assert (c.i, c.j, c.players) == (g.players[i], g.players[j], g.names(mask))


@settings(max_examples=60)
@given(st.data(), st.integers(1, 4), st.floats(0.3, 3))
def test_own_stakes_are_the_plain_sums(data, n, r):
    numbers = st.just(0.0) | st.floats(1e-3, 100)  # the plain powers underflow below
    m = data.draw(st.lists(st.lists(numbers, min_size=n, max_size=n), min_size=n, max_size=n))
    t, v = (data.draw(st.lists(numbers, min_size=n, max_size=n)) for _ in range(2))
    g = CoalitionGame.own_stakes(m, t, stakes=v, r=r)
    assert g.worth == pytest.approx(own(m, t, v, r), rel=1e-6, abs=1e-9)


@settings(max_examples=60)
@given(st.data(), st.integers(2, 5), st.floats(0.3, 3))
def test_own_stakes_never_pay_sets_to_stay_apart(data, n, r):
    numbers = st.floats(0, 100)
    m, t, v = (np.array(data.draw(st.lists(numbers, min_size=n, max_size=n))) for _ in range(3))
    g = CoalitionGame.own_stakes(m, t, stakes=v, r=r)
    for a in range(1, 1 << n):
        for b in range(1, a):
            if not a & b:
                assert g.worth[a | b] >= g.worth[a] + g.worth[b] - 1e-9
    keeps = v * kernel.prevail(np.full(n, m.sum()), t, np.array(r))
    assert (g.worth <= kernel.subset_sums(keeps) + 1e-9).all()


def test_own_stakes_need_not_be_convex():
    c = convexity(CoalitionGame.own_stakes([1, 9, 9], 1, stakes=[1, 0, 0], players=["a", "b", "c"]))
    assert (c.convex, c.i, c.j, c.players) == (False, "b", "c", ("a",))
    assert c.least == pytest.approx(19 / 20 - 2 * 10 / 11 + 1 / 2)


def test_nothing_anywhere_is_an_even_chance_for_each():
    g = CoalitionGame.own_stakes([0, 0, 0], 0)
    assert g.total == 1.5
    assert values(g).dummies == g.players
    assert np.isnan(values(CoalitionGame(("a", "b"), np.zeros(4))).banzhaf_share).all()


def test_draws_are_games_of_their_own():
    rng = np.random.default_rng(1)
    m, v, t, r = rng.random((3, 4, 4)), rng.random((3, 4)), rng.random((3, 4)), rng.uniform(0.5, 2, 3)
    many = kernel.own_stakes(m, v, t, r)
    one = [CoalitionGame.own_stakes(m[k], t[k], stakes=v[k], r=float(r[k])).worth for k in range(3)]
    assert many == pytest.approx(np.array(one))
    assert kernel.shapley(many) == pytest.approx(np.array([kernel.shapley(w) for w in one]))
    assert kernel.banzhaf(many) == pytest.approx(np.array([kernel.banzhaf(w) for w in one]))
    assert kernel.dummies(many, 1e-9).shape == (3, 4)


def test_one_player():
    v = values(CoalitionGame(("a",), np.array([0.0, 3.0])))
    assert (v.shapley.tolist(), v.banzhaf.tolist(), v.dummies) == ([3.0], [3.0], ("a",))


def test_twenty_players_are_exact():
    v = values(CoalitionGame.weighted_majority(11, [1] * 20))
    assert v.shapley == pytest.approx([1 / 20] * 20)


def test_tables_and_sets():
    g = CoalitionGame.own_stakes([2, 1], 3, players=["a", "b"])
    assert g.table()["players"].to_list() == ["", "a", "b", "a, b"]
    assert g.to_dict()["kind"] == "own stakes"
    assert g.mask(["b"]) == 2
    assert values(g).table().columns[0] == "player"
    assert values(g).to_dict()["standing"] == "exact"
    with pytest.raises(ParameterError, match="one of a, b"):
        g.of_set(["c"])


@pytest.mark.parametrize(
    ("make", "match"),
    [
        (lambda: CoalitionGame((), np.zeros(1)), "1 to 20 names"),
        (lambda: CoalitionGame("ab", np.zeros(4)), "1 to 20 names"),
        (lambda: CoalitionGame.own_stakes(np.ones(21), 1), "21 players"),
        (lambda: CoalitionGame(("a", "a"), np.zeros(4)), "each player once"),
        (lambda: CoalitionGame(("a",), np.zeros(4)), "for 1 players"),
        (lambda: CoalitionGame(("a", "b"), np.array([0, 1, np.nan, 1])), "set \\('b',\\)"),
        (lambda: CoalitionGame(("a",), np.array([1.0, 1.0])), "0 for the empty set"),
        (lambda: CoalitionGame.own_stakes([1, np.nan], 1), "'strength' parameter"),
        (lambda: CoalitionGame.own_stakes([[1, 2]], 1), "shape \\(1, 2\\)"),
        (lambda: CoalitionGame.own_stakes([1, 2], 1, players=["a"]), "2 rows"),
        (lambda: CoalitionGame.own_stakes([1, 2], [1, 2, 3]), "'threat' parameter"),
        (lambda: CoalitionGame.own_stakes([1, 2], 1, stakes=-1), "'stakes' parameter"),
        (lambda: CoalitionGame.own_stakes([1, 2], 1, r=0.0), "'r' parameter"),
        (lambda: CoalitionGame.common_prize([1, 2], [1, 2]), "'threat' parameter"),
        (lambda: CoalitionGame.weighted_majority(4, [1, 2]), "sum of weights, 3"),
        (lambda: CoalitionGame.weighted_majority(0, [1, 2]), "above 0"),
        (lambda: CoalitionGame.weighted_majority(1, [1, -2]), "'weights' parameter"),
    ],
)
def test_games_that_are_none(make, match):
    with pytest.raises(ParameterError, match=match):
        make()
