"""Core, least core and nucleolus against programs with every set in them, Kohlberg's test and classical games."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import game_twin as twin
from foedus.errors import FoedusError, ParameterError
from foedus.kernels import coalition as kernel
from foedus.security.core import core, membership
from foedus.security.games import CoalitionGame
from foedus.security.nucleolus import least_core, nucleolus
from foedus.security.programs import linear_program
from foedus.security.values import values

WORTHS = st.integers(2, 5).flatmap(lambda n: st.lists(st.integers(-5, 10), min_size=2**n - 1, max_size=2**n - 1))


def game(worths):
    """Return the game of worths of the sets that are not empty."""
    n = (len(worths) + 1).bit_length() - 1
    return CoalitionGame(tuple("abcdefgh"[:n]), np.array([0.0, *worths]))


def gloves():
    """Return one left and two right gloves."""
    return CoalitionGame.of(["L", "R1", "R2"], lambda s: float("L" in s and len(s) > 1))


@settings(max_examples=40, deadline=None)
@given(WORTHS)
def test_core_is_empty_just_when_a_balanced_collection_says_so(worths):
    g = game(worths)
    c = core(g)
    needed = twin.least_total(g.worth, g.n)
    assert c.nonempty == (needed <= g.total + 1e-7)
    if c.nonempty:
        assert (kernel.subset_sums(c.allocation) >= g.worth - 1e-7).all()
        assert c.allocation.sum() == pytest.approx(g.total)
        assert membership(g, c.allocation).inside
    else:
        assert c.needed == pytest.approx(needed)
        assert sum(w * g.of_set(s) for s, w in c.balanced) == pytest.approx(needed)
        for p in g.players:
            assert sum(w for s, w in c.balanced if p in s) == pytest.approx(1)


@settings(max_examples=40, deadline=None)
@given(WORTHS)
def test_nucleolus_passes_kohlbergs_test(worths):
    g = game(worths)
    x = nucleolus(g)
    assert x.allocation.sum() == pytest.approx(g.total, abs=1e-7)
    assert x.imputation == (sum(g.alone) <= g.total)
    assert twin.is_nucleolus(g.worth, x.allocation, g.n, floors=x.imputation)
    assert least_core(g).complaint == pytest.approx(twin.least_complaint(g.worth, g.n), abs=1e-7)


def test_an_empty_core_of_eight_players():
    rng = np.random.default_rng(7)
    worth = np.array([0.0, *(rng.random(255) * kernel.sizes(8)[1:] ** 0.5)])
    g = CoalitionGame(tuple("abcdefgh"), worth)
    c = core(g)
    assert not c.nonempty
    assert c.needed == pytest.approx(twin.least_total(worth, 8))
    assert sum(w * g.of_set(s) for s, w in c.balanced) == pytest.approx(c.needed)


def test_kohlbergs_test_refuses_what_is_no_nucleolus():
    assert not twin.is_nucleolus(gloves().worth, [2 / 3, 1 / 6, 1 / 6], 3, floors=True)


def test_gloves():
    g = gloves()
    assert nucleolus(g).allocation == pytest.approx([1, 0, 0], abs=1e-9)
    assert core(g).allocation == pytest.approx([1, 0, 0], abs=1e-9)
    shapley = membership(g, values(g).shapley)
    assert (shapley.inside, shapley.blocking, shapley.n_blocking) == (False, ("L", "R1"), 2)
    assert shapley.gain == pytest.approx(1 / 6)


def test_common_prize_has_no_core():
    with pytest.warns(UserWarning, match="common prize"):
        g = CoalitionGame.common_prize([10, 6, 4, 2], 12)
    c = core(g)
    assert not c.nonempty
    assert c.balanced == tuple(((p,), 1.0) for p in g.players)
    assert round(c.needed, 3) == 1.181


@pytest.mark.parametrize(
    ("estate", "expected"), [(100, [100 / 3] * 3), (200, [50, 75, 75]), (300, [50, 100, 150]), (0, [0, 0, 0])]
)
def test_estates_of_the_talmud(estate, expected):
    claims = {"a": 100, "b": 200, "c": 300}
    g = CoalitionGame.of(list("abc"), lambda s: max(0.0, estate - sum(c for p, c in claims.items() if p not in s)))
    assert nucleolus(g).allocation == pytest.approx(expected, abs=1e-6)


def airport(costs):
    """Return the nucleolus of an airport game by the formula for sorted costs, one landing each."""
    n, shares, done, r = len(costs), [], 0, 0.0
    while done < n:
        base = costs[done - 1] if done else 0.0
        options = [((costs[i - 1] - base + r) / (i - done + 1), i) for i in range(done + 1, n)]
        options.append(((costs[-1] - base + r) / (n - done), n))
        r = min(o[0] for o in options)
        last = max(i for x, i in options if x <= r + 1e-12)
        shares += [r] * (last - done)
        done = last
    return shares


@pytest.mark.parametrize("costs", [[1.0, 2.0, 4.0], [1.0, 1.0, 3.0, 8.0], [2.0, 3.0, 3.5, 3.6, 9.0], [5.0, 5.0, 5.0]])
def test_airport_games(costs):
    names = list("abcdef"[: len(costs)])
    g = CoalitionGame.of(names, lambda s: -max(costs[names.index(p)] for p in s))
    assert -nucleolus(g).allocation == pytest.approx(airport(costs), abs=1e-7)


def test_own_stakes_of_twelve():
    rng = np.random.default_rng(3)
    g = CoalitionGame.own_stakes(rng.random((12, 12)), 2 * rng.random(12), stakes=rng.random(12), r=1.3)
    assert core(g).nonempty
    assert membership(g, nucleolus(g).allocation).inside
    assert least_core(g).complaint == pytest.approx(nucleolus(g).levels[0][0], abs=1e-9)


def test_membership_names_the_set_that_gains_most():
    g = CoalitionGame.own_stakes([10, 6, 4, 2], 12, players=list("abcd"))
    even = membership(g, [g.total / 4] * 4)
    assert even.inside
    m = membership(g, {"a": 0.1, "b": 0.9, "c": 0.9, "d": g.total - 1.9})
    assert not m.inside
    gains = {
        s: g.worth[twin.mask(s)] - sum([0.1, 0.9, 0.9, g.total - 1.9][i] for i in s) for s in twin.subsets(4)[1:-1]
    }
    best = max(gains, key=lambda s: (round(gains[s], 9), -len(s)))
    assert m.blocking == tuple("abcd"[i] for i in sorted(best))
    assert m.gain == pytest.approx(gains[best])
    assert m.n_blocking == sum(x > 1e-9 for x in gains.values())
    assert m.to_dict()["inside"] is False


def test_one_player():
    g = CoalitionGame(("a",), np.array([0.0, 3.0]))
    assert core(g).allocation.tolist() == [3.0]
    assert nucleolus(g).allocation.tolist() == [3.0]
    assert membership(g, [3.0]).inside
    with pytest.raises(ParameterError, match="nobody to complain to"):
        least_core(g)


def test_nothing_to_share():
    g = CoalitionGame(("a", "b", "c"), np.zeros(8))
    assert core(g).nonempty
    assert nucleolus(g).allocation == pytest.approx([0, 0, 0], abs=1e-9)


def test_allocations_that_are_none():
    g = gloves()
    for wrong, match in [
        ([1, 0], "3 finite shares"),
        ([1, 0, np.nan], "finite"),
        ([1, 1, 1], "a sum of 3"),
        ({"L": 1}, "a share for each"),
    ]:
        with pytest.raises(ParameterError, match=match):
            membership(g, wrong)


def test_tables():
    g = gloves()
    assert core(g).table().columns == ["player", "share"]
    empty = core(CoalitionGame.weighted_majority(2, [1, 1, 1]))
    assert empty.table()["weight"].to_list() == [0.5, 0.5, 0.5]
    assert empty.to_dict()["allocation"] is None
    assert core(g).to_dict()["nonempty"] is True
    assert nucleolus(g).table().height == 3
    assert nucleolus(g).to_dict()["levels"][0]["complaint"] == pytest.approx(0)


def test_a_program_without_a_solution_says_so():
    with pytest.raises(FoedusError, match="was not solved"):
        linear_program(np.array([1.0]), np.array([[1.0], [-1.0]]), np.array([-1.0, -1.0]))
