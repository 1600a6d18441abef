"""Numbers of blocs from date to date, on line-ups small enough to count by hand."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foedus.blocs.matching import NOWHERE, best_match, in_its_bloc, numbered

IDS = ("a", "b", "c", "d", "e", "f")
ONE = np.ones(6)
WHOLE = np.zeros(6, dtype=np.int64)


def array(*values):
    return np.array(values, dtype=np.int64)


def test_a_bloc_keeps_its_number_whatever_the_parts_are_called():
    last = dict(zip(IDS, (0, 0, 0, 1, 1, 1), strict=True))
    same = numbered(IDS, array(5, 5, 5, 2, 2, 2), WHOLE, ONE, last)
    assert same.tolist() == [0, 0, 0, 1, 1, 1]
    one_moved = numbered(IDS, array(1, 1, 0, 0, 0, 0), WHOLE, ONE, last)
    assert one_moved.tolist() == [0, 0, 1, 1, 1, 1]


def test_capability_decides_which_half_keeps_the_number():
    last = dict.fromkeys(IDS, 0)
    heavy = np.array([9.0, 1, 1, 1, 1, 1])
    split = numbered(IDS, array(0, 1, 1, 1, 1, 1), WHOLE, heavy, last)
    assert split.tolist() == [0, 1, 1, 1, 1, 1]
    assert numbered(IDS, array(0, 1, 1, 1, 1, 1), WHOLE, ONE, last).tolist() == [1, 0, 0, 0, 0, 0]


def test_a_number_is_not_given_again_to_another_bloc():
    last = dict(zip(IDS, (0, 0, 3, 3, 1, 1), strict=True))
    found = numbered(("x", "y", *IDS[:2]), array(0, 0, 1, 1), array(0, 0, 0, 0), np.ones(4), last)
    assert found.tolist() == [4, 4, 0, 0]


def test_of_two_numbers_the_free_one_is_taken():
    last = dict(zip(IDS, (0, 0, 1, 1, 1, 1), strict=True))
    found = numbered(("x", "y", *IDS[:2]), array(0, 0, 1, 1), array(0, 0, 0, 0), np.ones(4), last, most=2)
    assert found.tolist() == [1, 1, 0, 0]


def test_first_numbers_go_by_capability_and_nobody_without_ties_has_one():
    power = np.array([1.0, 1, 1, 5, 5, 90])
    found = numbered(IDS, array(0, 0, 0, 1, 1, NOWHERE), array(0, 0, 0, 0, 0, 1), power, {})
    assert found.tolist() == [1, 1, 1, 0, 0, NOWHERE]


def test_a_detached_part_is_set_where_it_was_since_either_way_costs_the_same():
    component = array(0, 0, 0, 0, 1, 1)
    for e, f in ((0, 1), (1, 0)):
        last = dict(zip(IDS, (0, 0, 1, 1, e, f), strict=True))
        assert numbered(IDS, array(0, 0, 1, 1, 0, 1), component, ONE, last).tolist() == [0, 0, 1, 1, e, f]
    unknown = numbered(IDS, array(1, 1, 0, 0, 0, 1), component, np.array([3.0, 3, 1, 1, 1, 2]), {})
    assert unknown.tolist() == [0, 0, 1, 1, 1, 0]


def test_a_detached_part_of_more_blocs_than_the_main_one_gets_new_numbers():
    found = numbered(IDS, array(0, 0, 0, 1, 2, 3), array(0, 0, 0, 1, 1, 1), np.array([9.0, 9, 9, 3, 2, 1]), {})
    assert found.tolist() == [0, 0, 0, 0, 1, 2]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 3), min_size=6, max_size=6), st.lists(st.integers(-1, 3), min_size=6, max_size=6),
       st.lists(st.integers(0, 9), min_size=6, max_size=6))  # fmt: skip
def test_no_assignment_shares_more_capability(part, known, weight):
    part, known, weight = array(*part), array(*known), np.array(weight, dtype=float)

    def shared(number):
        return sum(
            w for p, k, w in zip(part.tolist(), known.tolist(), weight, strict=True) if k >= 0 and number.get(p) == k
        )

    found = best_match(part, known, weight)
    assert len(set(found.values())) == len(found)
    parts = sorted(set(part.tolist()))
    most = max(shared(dict(zip(parts, p, strict=False))) for p in permutations(range(5), len(parts)))
    assert shared(found) == pytest.approx(most)


@settings(max_examples=40, deadline=None)
@given(st.permutations(range(6)), st.lists(st.integers(0, 2), min_size=6, max_size=6))
def test_order_of_actors_and_names_of_parts_do_not_matter(order, label):
    label, order = array(*label), np.array(order)
    power = np.array([32.0, 16, 8, 4, 2, 1])
    last = dict(zip(IDS, (0, 0, 1, 1, 2, 2), strict=True))
    plain = numbered(IDS, label, WHOLE, power, last)
    turned = numbered([IDS[k] for k in order], 7 - label[order], WHOLE, power[order], last)
    assert turned.tolist() == plain[order].tolist()


def test_membership_matches_draws_before_counting():
    reference = array(0, 0, 1, 1)
    draws = np.array([[0, 0, 1, 1], [1, 1, 0, 0], [2, 2, 2, 0]])
    assert in_its_bloc(draws, reference, np.ones(4)).tolist() == [4 / 5, 4 / 5, 3 / 5, 4 / 5]
