"""Agreement of a line-up with sides, and its exact chance, against enumeration of every permutation (decision 8)."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foedus.studies.agreement import (
    Places,
    anchored,
    anchored_chance,
    at_least,
    best_chance,
    best_labelling,
    larger_ally,
    mean_of,
    oriented,
    parts,
    places,
    pooled,
)


def at(part, label):
    return Places(np.array(part, dtype=np.int64), np.array(label, dtype=np.int64))


def count(stand, order, n_a):
    """Return the anchored count when states stand in the places of a war in this order: attacker, target, rest of A, rest of B."""
    others = order[2:]
    sides = [k < n_a - 1 for k in range(len(others))]
    return sum(v is True for v in anchored(stand, order[0], order[1], others, sides))


@settings(max_examples=40, deadline=None)
@given(st.integers(3, 5).flatmap(lambda n: st.tuples(
    st.lists(st.integers(-1, 1), min_size=n, max_size=n), st.lists(st.integers(0, 1), min_size=n, max_size=n), st.integers(1, n - 1),
)))  # fmt: skip
def test_chances_are_those_of_all_permutations(drawn):
    part, label, n_a = drawn
    stand, n = at(part, label), len(part)
    members = list(range(n))
    found = np.zeros(n - 1)
    best = np.zeros(n + 1)
    orders = list(itertools.permutations(members))
    for order in orders:
        found[count(stand, order, n_a)] += 1 / len(orders)
        on_a = [order.index(m) < n_a for m in members]
        best[best_labelling(stand, members, on_a)] += 1 / len(orders)
    np.testing.assert_allclose(anchored_chance(stand, members, n_a), found, atol=1e-12)
    np.testing.assert_allclose(best_chance(stand, members, n_a), best, atol=1e-12)


@settings(max_examples=40, deadline=None)
@given(st.integers(3, 8).flatmap(lambda n: st.tuples(
    st.lists(st.integers(-1, 1), min_size=n, max_size=n), st.lists(st.integers(0, 1), min_size=n, max_size=n),
    st.lists(st.booleans(), min_size=n, max_size=n), st.permutations(range(n)),
)))  # fmt: skip
def test_names_of_blocs_and_order_of_states_change_nothing(drawn):
    part, label, on_a, order = drawn
    n = len(part)
    stand, flipped = at(part, label), at(part, [1 - x if p == 0 else x for p, x in zip(part, label, strict=True)])
    mine = anchored(stand, 0, 1, list(range(2, n)), on_a[2:])
    assert mine == anchored(flipped, 0, 1, list(range(2, n)), on_a[2:])
    assert best_labelling(stand, list(range(n)), on_a) == best_labelling(flipped, list(range(n)), on_a)
    moved = at([part[k] for k in order], [label[k] for k in order])
    where = {k: x for x, k in enumerate(order)}
    again = anchored(moved, where[0], where[1], [where[k] for k in range(2, n)], on_a[2:])
    assert again == mine
    np.testing.assert_allclose(
        anchored_chance(stand, list(range(n)), 2), anchored_chance(moved, list(range(n)), 2), atol=1e-12
    )


def test_agreement_by_hand():
    stand = at([0, 0, 0, 0, 1, -1], [0, 1, 0, 1, 0, 0])
    assert anchored(stand, 0, 1, [2, 3, 2, 3, 4, 5], [True, False, False, True, True, True]) == [
        True, True, False, False, None, None,
    ]  # fmt: skip
    assert anchored(stand, 0, 2, [1, 3, 4], [True, True, True]) == [False, False, None]  # originators together
    assert anchored(stand, 0, 4, [1, 2], [True, False]) == [None, None]  # and in parts without a tie between them
    assert best_labelling(stand, [0, 1, 2, 3, 4, 5], [True, False, True, True, True, True]) == 3
    assert best_labelling(stand, [5], [True]) == 0


def test_places_of_parts_of_the_loose_and_of_the_undecided():
    i, j = np.array([0, 0, 3, 5, 5]), np.array([1, 2, 4, 0, 1])
    w = np.array([2.0, -1.0, 1.0, 1.0, -1.0])
    np.testing.assert_array_equal(parts(7, i, j, w), [0, 0, 0, 1, 1, 0, -1])
    stand = places(7, i, j, w, np.array([0, 0, 1, 0, 0, 0, 0]))
    np.testing.assert_array_equal(stand.part, [0, 0, 0, 1, 1, -1, -1])
    np.testing.assert_array_equal(parts(2, i[:1], j[:1], np.zeros(1)), [-1, -1])
    np.testing.assert_array_equal(oriented(stand.part, np.array([1, 0, 1, 1, 1, 1, 1])), [0, 1, 0, 0, 0, 0, 0])


def test_distributions():
    one = np.array([0.25, 0.5, 0.25])
    assert at_least(one, 1) == pytest.approx(0.75)
    assert at_least(one, 0) == 1.0
    assert mean_of(one) == pytest.approx(1.0)
    np.testing.assert_allclose(pooled([one, np.array([0.5, 0.5])]), [0.125, 0.375, 0.375, 0.125])


@pytest.mark.parametrize(
    ("allies", "answer"),
    [((0,), True), ((1,), False), ((0, 1), False), ((0, 1, 2), True), ((), True)],
)
def test_the_larger_ally(allies, answer):
    power = np.array([0.2, 0.3, 0.4])
    assert larger_ally([0, 2], [1], power, lambda k: k in allies) is answer
