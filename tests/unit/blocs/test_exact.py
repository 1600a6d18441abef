import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foedus.blocs.alternatives import second_best, three
from foedus.blocs.exact import Cover, integer_weights, partition
from foedus.errors import ParameterError
from foedus.kernels import signed


def graph(n, weights):
    i, j = np.triu_indices(n, 1)
    matrix = np.zeros((n, n))
    matrix[i, j] = matrix[j, i] = weights
    return i, j, np.asarray(weights, dtype=float), matrix


def least(n, i, j, w, k):
    labels = (np.array((0, *rest)) for rest in itertools.product(range(k), repeat=n - 1))
    return min(signed.frustration_reference(i, j, w, x) for x in labels)


weights = st.integers(-4, 4)


@settings(max_examples=60, deadline=None)
@given(st.data(), st.integers(2, 8))
def test_two_blocs_equal_enumeration_and_say_proved(data, n):
    i, j, w, matrix = graph(n, data.draw(st.lists(weights, min_size=n * (n - 1) // 2, max_size=n * (n - 1) // 2)))
    found = partition(n, i, j, w)
    assert found.proved
    assert found.value == found.bound == signed.enumerate_bipartitions(matrix).min()
    assert signed.frustration_reference(i, j, w, found.label) == found.value


@settings(max_examples=40, deadline=None)
@given(st.data(), st.integers(2, 6))
def test_any_number_and_three_equal_enumeration(data, n):
    i, j, w, _ = graph(n, data.draw(st.lists(weights, min_size=n * (n - 1) // 2, max_size=n * (n - 1) // 2)))
    two, free = partition(n, i, j, w), partition(n, i, j, w, blocks="free")
    assert free.proved
    assert free.value == least(n, i, j, w, n)
    third = three(n, i, j, w, two, free)
    assert third.proved
    assert third.value == least(n, i, j, w, min(3, n))
    assert signed.frustration_reference(i, j, w, third.label) == third.value


@settings(max_examples=40, deadline=None)
@given(st.data(), st.integers(3, 7))
def test_second_best_and_number_of_optima_equal_enumeration(data, n):
    size = n * (n - 1) // 2
    nonzero = st.integers(1, 5).flatmap(lambda x: st.sampled_from([x, -x]))
    i, j, w, matrix = graph(n, data.draw(st.lists(nonzero, min_size=size, max_size=size)))
    values = np.sort(signed.enumerate_bipartitions(matrix))
    found = second_best(n, i, j, w, partition(n, i, j, w))
    assert found.proved
    assert found.gap == values[1] - values[0]
    assert found.optima == (values == values[0]).sum()


def test_switching_and_relabelling_leave_the_value_alone():
    rng = np.random.default_rng(2)
    i, j, w, matrix = graph(15, rng.normal(size=105).round(3) * (rng.random(105) < 0.5))
    base = partition(15, i, j, w)
    assert base.proved
    flip = rng.choice([-1.0, 1.0], 15)
    switched = partition(15, i, j, (matrix * np.outer(flip, flip))[i, j])
    order = rng.permutation(15)
    relabelled = partition(15, i, j, matrix[np.ix_(order, order)][i, j])
    for other in (switched, relabelled):
        assert other.proved
        assert other.value == pytest.approx(base.value, abs=1e-3)


@pytest.mark.parametrize(
    ("n", "w", "value"),
    [(3, [-1, -1, -1], 1), (4, [-1] * 6, 2), (5, [-1] * 10, 4), (3, [1, 1, 1], 0), (3, [0, 0, 0], 0)],
)
def test_hand_cases(n, w, value):
    i, j, w, _ = graph(n, w)
    found = partition(n, i, j, w)
    assert (found.value, found.proved) == (value, True)


def test_five_cycle_with_one_enmity():
    i, j = np.array([0, 1, 2, 3, 0]), np.array([1, 2, 3, 4, 4])
    assert partition(5, i, j, np.array([1.0, 1, 1, 1, -1])).value == 1


def test_components_turn_freely_and_are_counted():
    i, j, w = np.array([0, 2]), np.array([1, 3]), np.array([1.0, -1.0])
    assert second_best(4, i, j, w, partition(4, i, j, w)).optima == 2


def test_no_ties_at_all():
    none = np.array([], dtype=np.int64)
    found = partition(4, none, none, np.array([]))
    assert (found.value, found.proved) == (0, True)
    assert second_best(4, none, none, np.array([]), found).gap == 0


def test_out_of_time_gives_a_bound_not_a_proof():
    rng = np.random.default_rng(0)
    i, j, w, _ = graph(80, rng.normal(size=3160))
    found = partition(80, i, j, w, seconds=0.3)
    assert not found.proved
    assert 0 <= found.bound < found.value


def test_weights_that_are_not_finite_are_refused():
    with pytest.raises(ParameterError, match="must be finite"):
        partition(2, np.array([0]), np.array([1]), np.array([np.nan]))


def test_integer_weights_keep_integers_and_scale_the_rest():
    assert integer_weights(np.array([3.0, -7.0]))[1] == 1.0
    units, unit = integer_weights(np.array([0.5, -0.123456]))
    assert units * unit == pytest.approx([0.5, -0.123456], abs=1e-6)
    assert integer_weights(np.zeros(2))[0].tolist() == [0, 0]


def test_three_falls_back_to_two_and_states_a_bound_on_large_graphs():
    rng = np.random.default_rng(5)
    i, j = np.triu_indices(45, 1)
    keep = rng.random(len(i)) < 0.12
    i, j = i[keep], j[keep]
    w = rng.choice([-1.0, 1.0], len(i))
    two, free = partition(45, i, j, w, seconds=5), partition(45, i, j, w, blocks="free", seconds=5)
    third = three(45, i, j, w, two, free)
    assert free.bound <= third.bound <= third.value <= two.value


@pytest.mark.parametrize(("n", "least_of_three"), [(4, 1), (5, 2), (6, 3)])
def test_three_blocs_by_the_integer_program_where_more_would_be_free(n, least_of_three):
    i, j, w, _ = graph(n, [-1.0] * (n * (n - 1) // 2))
    two, free = partition(n, i, j, w), partition(n, i, j, w, blocks="free")
    third = three(n, i, j, w, two, free)
    assert (free.value, third.value, third.proved) == (0, least_of_three, True)
    assert signed.frustration_reference(i, j, w, third.label) == third.value


def test_integer_program_mends_a_poor_search(monkeypatch):
    i, j, w, _ = graph(5, [-1.0] * 10)
    two, free = partition(5, i, j, w), partition(5, i, j, w, blocks="free")
    monkeypatch.setattr("foedus.blocs.alternatives.search", lambda n, *_, **__: (np.zeros(n, dtype=np.int64), 10))
    third = three(5, i, j, w, two, free)
    assert (third.value, third.proved) == (2, True)


def test_second_best_out_of_time_is_an_upper_bound():
    rng = np.random.default_rng(1)
    i, j, w, matrix = graph(8, rng.integers(1, 9, 28) * rng.choice([-1, 1], 28))
    best = partition(8, i, j, w)
    found = second_best(8, i, j, w, best, seconds=0.0)
    values = np.sort(signed.enumerate_bipartitions(matrix))
    assert not found.proved
    assert found.gap >= values[1] - values[0]


def test_second_best_is_exact_even_where_the_search_is_poor(monkeypatch):
    rng = np.random.default_rng(6)
    for _ in range(10):
        i, j, w, matrix = graph(6, rng.integers(1, 9, 15) * rng.choice([-1, 1], 15))
        best, values = partition(6, i, j, w), np.sort(signed.enumerate_bipartitions(matrix))
        with monkeypatch.context() as patch:
            patch.setattr("foedus.blocs.alternatives.search", lambda n, *_, **__: (np.zeros(n, dtype=np.int64), 10**9))
            patch.setattr("foedus.blocs.alternatives._cheapest_move", lambda n, i, j, u, label: (label, 10**9))
            found = second_best(6, i, j, w, best)
        assert found.proved
        assert found.gap == values[1] - values[0]


def test_a_solver_that_stops_early_leaves_a_bound(monkeypatch):
    original = Cover._model

    def stopped(self):
        highs = original(self)
        highs.setOptionValue("presolve", "off")
        highs.setOptionValue("simplex_iteration_limit", 0)
        return highs

    monkeypatch.setattr(Cover, "_model", stopped)
    i, j, w, matrix = graph(8, np.random.default_rng(3).choice([-1.0, 1.0], 28))
    found = partition(8, i, j, w)
    assert not found.proved
    assert found.bound <= signed.enumerate_bipartitions(matrix).min() <= found.value


def test_integer_program_with_friends_among_many_foes():
    i = np.array([0, 0, 0, 0, 1, 1, 1, 2, 2, 3, 0, 1, 2, 5])
    j = np.array([1, 2, 3, 4, 2, 3, 4, 3, 4, 4, 5, 5, 6, 6])
    w = np.array([-3.0] * 10 + [2.0, 2.0, 1.0, 1.0])
    two, free = partition(7, i, j, w), partition(7, i, j, w, blocks="free")
    third = three(7, i, j, w, two, free)
    assert third.proved
    assert third.value == least(7, i, j, w, 3)
