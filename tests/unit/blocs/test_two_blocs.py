"""Exact line-ups into two blocs: against enumeration, with every certificate checked, and at the edges."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foedus.blocs import exact, odd_cycles, packing
from foedus.blocs.certificate import check_certificate
from foedus.blocs.exact import canonical, integer_weights, partition
from foedus.errors import ParameterError
from foedus.kernels import signed


def graph(n, weights):
    i, j = np.triu_indices(n, 1)
    matrix = np.zeros((n, n))
    matrix[i, j] = matrix[j, i] = weights
    return i, j, np.asarray(weights, dtype=float), matrix


def checked(n, i, j, w, **options):
    """The partition, its value recomputed and its certificate checked in integers."""
    found = partition(n, i, j, w, **options)
    units, unit = integer_weights(np.asarray(w, dtype=float))
    assert (found.certificate.units == units).all()
    assert found.unit == unit
    value = int(np.abs(units)[(units > 0) != (found.label[i] == found.label[j])].sum())
    bound = check_certificate(n, i, j, found.certificate)
    assert found.value == value * unit
    assert found.bound == min(bound, value) * unit
    assert found.proved == (bound >= value)
    assert found.gap == found.value - found.bound >= 0
    assert (found.stopped == "") == found.proved
    return found


def sparse(n, degree, seed):
    rng = np.random.default_rng(seed)
    i, j = np.triu_indices(n, 1)
    take = rng.choice(len(i), n * degree // 2, replace=False)
    return i[take], j[take], rng.choice([-1.0, 1.0], len(take))


@settings(max_examples=120, deadline=None)
@given(st.data(), st.integers(1, 9))
def test_enumeration_agrees(data, n):
    size = n * (n - 1) // 2
    i, j, w, matrix = graph(n, data.draw(st.lists(st.integers(-4, 4), min_size=size, max_size=size)))
    found = checked(n, i, j, w)
    assert found.proved
    assert found.value == (signed.enumerate_bipartitions(matrix).min() if n > 1 else 0)


@pytest.mark.parametrize("seed", range(12))
def test_enumeration_agrees_up_to_fourteen(seed):
    rng = np.random.default_rng(seed)
    n = 10 + seed % 5
    weights = [rng.choice([-1.0, 1.0], n * (n - 1) // 2), rng.normal(size=n * (n - 1) // 2)][seed % 2]
    i, j, w, matrix = graph(n, weights * (rng.random(len(weights)) < 0.3 + 0.07 * seed))
    found = checked(n, i, j, w)
    assert found.proved
    assert found.value == pytest.approx(signed.enumerate_bipartitions(matrix).min(), abs=1e-5)


def test_switching_and_relabelling_leave_the_value_alone():
    rng = np.random.default_rng(2)
    i, j, w, matrix = graph(15, rng.normal(size=105).round(3) * (rng.random(105) < 0.5))
    base = checked(15, i, j, w)
    flip, order = rng.choice([-1.0, 1.0], 15), rng.permutation(15)
    switched = checked(15, i, j, (matrix * np.outer(flip, flip))[i, j])
    relabelled = checked(15, i, j, matrix[np.ix_(order, order)][i, j])
    assert base.proved
    assert switched.proved
    assert relabelled.proved
    assert switched.value == pytest.approx(base.value, abs=1e-9)
    assert relabelled.value == pytest.approx(base.value, abs=1e-9)


@pytest.mark.parametrize(
    ("n", "w", "value"),
    [(3, [-1] * 3, 1), (4, [-1] * 6, 2), (5, [-1] * 10, 4), (9, [-1] * 36, 16), (3, [1, 1, 1], 0), (3, [0, 0, 0], 0), (1, [], 0), (0, [], 0)],
)  # fmt: skip
def test_hand_cases(n, w, value):
    i, j, w, _ = graph(n, w)
    found = checked(n, i, j, w)
    assert (found.value, found.proved) == (value, True)


def test_a_cycle_with_one_enmity_however_long():
    for n in (5, 40):
        w = np.ones(n)
        w[-1] = -1
        found = checked(n, np.arange(n), (np.arange(n) + 1) % n, w)
        assert (found.value, found.proved) == (1, True)


def test_parallel_ties_that_contradict_each_other_cost_the_lighter():
    i, j = np.array([0, 0, 1, 0]), np.array([1, 1, 2, 1])
    found = checked(3, i, j, np.array([3.0, -2.0, -1.0, -0.5]))
    assert (found.value, found.proved) == (2.5, True)
    even = checked(2, np.array([0, 1]), np.array([1, 0]), np.array([2.0, -2.0]))
    assert (even.value, even.proved) == (2, True)


def test_parts_that_share_one_node_or_none_are_proved_each_and_add_up():
    seeds = (21, 25, 28, 29)
    graphs = [sparse(20, 6, s) for s in seeds]
    i = np.concatenate([g[0] + 19 * k + (k > 2) for k, g in enumerate(graphs)])
    j = np.concatenate([g[1] + 19 * k + (k > 2) for k, g in enumerate(graphs)])
    found = checked(78, i, j, np.concatenate([g[2] for g in graphs]))
    assert found.proved
    assert found.value == sum(checked(20, *g).value for g in graphs)
    assert len(found.certificate.parts) > 3


def test_random_signs_need_decisions_and_are_proved_with_them():
    found = checked(64, *sparse(64, 6, 4))
    assert found.proved
    assert found.certificate.cases > 2 + len(found.certificate.parts)


@pytest.mark.parametrize("seed", range(4))
def test_decisions_agree_with_enumeration(seed, monkeypatch):
    """Without packing and with few rows the linear program and the decisions have all the work."""
    monkeypatch.setattr(exact, "pack", lambda n, i, *_: (odd_cycles.Walks(i[:0], np.zeros(1, dtype=int), i[:0]), 0))
    rng = np.random.default_rng(seed)
    i, j, w, matrix = graph(12, rng.choice([-1.0, 1.0, 2.0], 66) * (rng.random(66) < 0.8))
    found = checked(12, i, j, w)
    assert found.proved
    assert found.value == signed.enumerate_bipartitions(matrix).min()


def test_a_poor_search_is_mended_by_the_linear_program(monkeypatch):
    monkeypatch.setattr(exact.LineUp, "anneal", lambda *_: False)
    for seed in range(6):
        rng = np.random.default_rng(seed)
        i, j, w, matrix = graph(11, rng.integers(-3, 4, 55))
        found = checked(11, i, j, w)
        assert found.proved
        assert found.value == signed.enumerate_bipartitions(matrix).min()


def test_out_of_time_gives_a_bound_not_a_proof():
    rng = np.random.default_rng(0)
    i, j, w, _ = graph(80, rng.normal(size=3160))
    start = time.monotonic()
    found = checked(80, i, j, w, seconds=0.6)
    assert time.monotonic() - start < 6
    assert not found.proved
    assert found.stopped == "time"
    assert 0 < found.bound < found.value


def test_no_time_at_all_is_still_an_answer():
    found = checked(30, *sparse(30, 8, 1), seconds=0.0)
    assert not found.proved
    assert found.bound == 0


def test_out_of_time_between_decisions_keeps_the_cases_so_far(monkeypatch):
    n, (i, j, w) = 64, sparse(64, 6, 4)
    clock = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    original, calls = odd_cycles.OddCycles._study, []

    def study(self, part, deadline):
        calls.append(part)
        found = original(self, part, deadline)
        clock[0] += 1e6 * (len(calls) == 4)
        return found

    monkeypatch.setattr(odd_cycles.OddCycles, "_study", study)
    found = checked(n, i, j, w)
    assert not found.proved
    assert found.certificate.cases > 1
    assert found.value - 5 < found.bound < found.value


def test_an_interrupt_gives_the_best_found_with_its_bound(monkeypatch):
    for where in (odd_cycles.OddCycles, packing):
        with monkeypatch.context() as patch:
            name = "_choose" if where is odd_cycles.OddCycles else "_sweep"

            def interrupted(*_):
                raise KeyboardInterrupt

            patch.setattr(where, name, interrupted)
            found = checked(64, *sparse(64, 6, 4))
            assert found.stopped == "cancelled"
            assert not found.proved


def test_a_solver_that_stops_early_leaves_a_bound(monkeypatch):
    original = odd_cycles.OddCycles._model

    def stopped(self):
        highs = original(self)
        highs.setOptionValue("presolve", "off")
        highs.setOptionValue("simplex_iteration_limit", 0)
        return highs

    monkeypatch.setattr(odd_cycles.OddCycles, "_model", stopped)
    found = checked(64, *sparse(64, 6, 4), seconds=1)
    assert not found.proved


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_weights_that_are_not_finite_are_refused(bad):
    with pytest.raises(ParameterError, match="must be finite"):
        partition(2, np.array([0]), np.array([1]), np.array([bad]))


def test_ends_that_are_no_nodes_and_loops_are_refused():
    with pytest.raises(ParameterError, match="must join two nodes"):
        partition(2, np.array([0]), np.array([2]), np.array([1.0]))
    with pytest.raises(ParameterError, match="must join two nodes"):
        partition(2, np.array([1]), np.array([1]), np.array([-1.0]))
    with pytest.raises(ParameterError, match="must join two nodes"):
        partition(2, np.array([0]), np.array([1]), np.array([1.0, 2.0]))


def test_integer_weights_keep_integers_and_decimals_and_scale_the_rest():
    assert integer_weights(np.array([3.0, -7.0]))[1] == 1.0
    units, unit = integer_weights(np.array([0.5, -0.123456]))
    assert (units.tolist(), unit) == ([500_000, -123_456], 1e-6)
    units, unit = integer_weights(np.array([np.pi, -1e-9]))
    assert units.tolist() == [round(np.pi / 1e-9), -1]
    assert units * unit == pytest.approx([np.pi, -1e-9], rel=1e-9)
    units, unit = integer_weights(np.array([np.pi, -np.e]))
    assert units[0] == exact.SCALE
    assert integer_weights(np.zeros(2))[0].tolist() == [0, 0]


def test_a_range_beyond_53_bits_is_refused_and_one_within_is_not():
    for w in ([np.pi, 1e-17], [2.0**54, 1.0]):
        with pytest.raises(ParameterError, match="too wide a range"):
            partition(3, np.array([0, 1]), np.array([1, 2]), np.array(w))
    i, j = np.array([0, 0, 1]), np.array([1, 2, 2])
    assert checked(3, i, j, np.array([1e12, 1.0, -1e12])).proved


def test_labels_are_numbered_by_first_appearance():
    assert canonical([7, 7, 2, 7, 5, 2]).tolist() == [0, 0, 1, 0, 2, 1]
    assert canonical([]).tolist() == []


def test_the_same_seed_gives_the_same_line_up():
    i, j, w = sparse(40, 6, 8)
    assert (partition(40, i, j, w, seed=5).label == partition(40, i, j, w, seed=5).label).all()


def test_large_weights_keep_their_proof():
    rng = np.random.default_rng(4)
    i, j, w, matrix = graph(12, rng.integers(-(2**40), 2**40, 66).astype(float))
    found = checked(12, i, j, w)
    assert found.proved
    assert found.value == signed.enumerate_bipartitions(matrix).min()
