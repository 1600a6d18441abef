"""Essential actors: the canon of Niou, Ordeshook and Rose, and every coalition tried."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import foedus as fd
from foedus.errors import InvalidSystemError, ParameterError
from foedus.security.balance_of_power import balance_of_power, balance_of_power_of


def in_a_minimal_winning_coalition(r):
    total, found = sum(r), set()
    for size in range(1, len(r) + 1):
        for c in combinations(range(len(r)), size):
            held = sum(r[k] for k in c)
            if 2 * held > total and all(2 * (held - r[k]) <= total for k in c):
                found |= set(c)
    return [k in found for k in range(len(r))]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(0, 30), min_size=1, max_size=9).filter(any))
def test_against_every_coalition(r):
    assert balance_of_power(r).essential.tolist() == in_a_minimal_winning_coalition(r)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(0.01, 1), min_size=1, max_size=8))
def test_resources_that_are_not_whole(r):
    """They are taken in parts of 2**-40 of their sum, so that halves are halves."""
    units = [round(x / sum(r) * 2**40) for x in r] if any(x != int(x) for x in r) else r
    assert balance_of_power(r).essential.tolist() == in_a_minimal_winning_coalition(units)


def test_halves_of_what_is_not_whole_are_halves():
    assert balance_of_power([1 / 3] * 6).essential.all()
    assert balance_of_power([0.1, 0.2, 0.3]).resource_stable


def test_canon():
    """Methods 7: R = 300."""
    assert balance_of_power([120, 100, 80]).system_stable
    assert not balance_of_power([120, 100, 80]).resource_stable
    assert balance_of_power([120, 100, 80]).table()["to_half"].to_list() == pytest.approx([0.1, 1 / 6, 7 / 30])
    assert balance_of_power([150, 100, 50]).resource_stable
    assert balance_of_power([150, 100, 50]).system_stable
    hand = balance_of_power([120, 90, 90, 0])
    assert hand.essential.tolist() == [True, True, True, False]
    assert not hand.system_stable


def test_one_who_holds_more_than_half_needs_nobody():
    found = balance_of_power([200, 60, 40], ids=["A", "B", "C"])
    assert found.predominant == "A"
    assert found.essential.tolist() == [True, False, False]
    assert balance_of_power([120, 100, 80]).predominant is None


def test_two_equals_and_one_alone():
    assert balance_of_power([5, 5]).resource_stable
    assert balance_of_power([5, 5]).system_stable
    assert not balance_of_power([5, 4]).resource_stable
    assert balance_of_power([7]).essential.tolist() == [True]


def test_thirty_two_actors_are_exact():
    r = [2**31] + [2**k for k in range(31)]
    found = balance_of_power(r)
    assert found.essential.tolist() == [True] + [False] * 31
    assert balance_of_power([1] * 32).system_stable


def test_majors_of_a_system():
    found = balance_of_power_of(fd.load("europe-1914"), draws=40)
    assert found.majors
    assert {"GMY", "RUS", "UKG", "FRN", "AUH", "ITA"} <= set(found.ids)
    table = found.table()
    assert table["share"].sum() == pytest.approx(1)
    assert (table["share_low"] < table["share_high"]).all()
    assert 0 <= found.p_system_stable <= 1
    told = found.to_dict()
    assert told["predominant"] is None
    assert told["largest_less_half"]["low"] < told["largest_less_half"]["high"]
    assert balance_of_power_of(fd.load("europe-1914"), draws=40).to_dict() == told


def test_unknown_resources_are_left_out_and_named():
    s = fd.load("europe-1914")
    bare = s.with_(actors=tuple(replace(a, capability=()) if a.id == "ITA" else a for a in s.actors))
    found = balance_of_power_of(bare, draws=5)
    assert found.unknown == ("ITA",)
    assert "ITA" not in found.ids


def test_a_system_without_majors_takes_everybody():
    s = fd.load("europe-1914")
    found = balance_of_power_of(s.with_(actors=tuple(replace(a, major=False) for a in s.actors)), draws=2)
    assert not found.majors
    assert len(found.ids) == len(s.actors)


def test_nobody_known():
    s = fd.load("europe-1914")
    with pytest.raises(InvalidSystemError, match="0 actors of known capability"):
        balance_of_power_of(s.with_(actors=tuple(replace(a, capability=()) for a in s.actors)))


@pytest.mark.parametrize("bad", [[], [0, 0], [1] * 33, [1, float("nan")], [1, -1], [[1]], "x", [float("inf"), 1]])
def test_what_is_refused(bad):
    with pytest.raises(ParameterError, match="resources"):
        balance_of_power(bad)


def test_names_and_draws_that_are_refused():
    with pytest.raises(ParameterError, match="different names"):
        balance_of_power([1, 2], ids=["A", "A"])
    with pytest.raises(ParameterError, match="draws"):
        balance_of_power_of(fd.load("europe-1914"), draws=0)


def test_resources_draw_by_draw():
    rng = np.random.default_rng(2)
    for row in rng.random((20, 6)):
        assert balance_of_power(row).essential.tolist() == in_a_minimal_winning_coalition(row.tolist())
