"""Line-ups into any number of blocs, or at most k: against enumeration, on hand cases, out of time, interrupted, and with bad input."""

import itertools

import numpy as np
import pytest

from foedus.blocs import cycle_cover
from foedus.blocs.alternatives import three
from foedus.blocs.clustering import FINEST, cluster, coarse_weights
from foedus.blocs.cycle_cover import CycleCover
from foedus.blocs.cycle_proof import check_cycles
from foedus.blocs.exact import Partition, partition
from foedus.errors import ParameterError
from foedus.kernels import clustering, cycles, signed
from foedus.kernels.clock import solving

NONE = np.zeros(0, dtype=np.int64)


def random_graph(rng, n, share=1.0, top=4):
    i, j = np.triu_indices(n, 1)
    return i, j, rng.integers(-top, top + 1, len(i)).astype(float) * (rng.random(len(i)) < share)


def least(n, i, j, w, k):
    """The least cost into at most k blocs, by every labelling without its renamings."""

    def labels(prefix, used):
        if len(prefix) == n:
            yield np.array(prefix)
            return
        for c in range(min(k, used + 1)):
            yield from labels((*prefix, c), max(used, c + 1))

    return min(signed.frustration_reference(i, j, w, x) for x in labels((), 0))


@pytest.mark.parametrize("k", [None, 1, 3, 4])
def test_equals_enumeration_and_the_cycles_prove_it(k):
    rng = np.random.default_rng(3)
    certified = 0
    for case in range(25):
        n = int(rng.integers(2, 8))
        i, j, w = random_graph(rng, n, [0.4, 0.7, 1.0][case % 3])
        found = cluster(n, i, j, w, k=k)
        assert found.proved
        assert found.value == found.bound == least(n, i, j, w, k or n)
        assert signed.frustration_reference(i, j, w, found.label) == found.value
        assert found.label.max() + 1 <= (k or n)
        if found.cycles is not None:
            live = w != 0
            assert check_cycles(n, i[live], j[live], w[live].astype(np.int64), found.cycles) == found.value
            certified += 1
    assert k == 1 or certified > 4


@pytest.mark.parametrize(
    ("n", "k", "value"), [(4, 3, 1), (5, 3, 2), (6, 3, 3), (6, 4, 2), (6, None, 0), (6, 6, 0), (7, 3, 5)]
)
def test_all_hostile_costs_what_the_most_equal_blocs_hold(n, k, value):
    i, j = np.triu_indices(n, 1)
    found = cluster(n, i, j, np.full(len(i), -1.0), k=k)
    assert (found.value, found.proved) == (value, True)


def test_all_friendly_is_one_bloc_and_parts_apart_are_blocs_of_their_own():
    i, j = np.array([0, 1, 3]), np.array([1, 2, 4])
    found = cluster(6, i, j, np.ones(3))
    assert (found.value, found.proved) == (0, True)
    assert found.label[0] == found.label[2]
    assert found.label[3] == found.label[4]


def test_two_is_the_exact_partition_with_its_own_certificate():
    rng = np.random.default_rng(1)
    i, j, w = random_graph(rng, 9)
    found = cluster(9, i, j, w, k=2)
    assert found.certificate is not None
    assert found.value == partition(9, i, j, w).value


@pytest.mark.parametrize("n", [0, 1, 4])
def test_no_ties_cost_nothing(n):
    for k in (None, 1, 3):
        found = cluster(n, NONE, NONE, np.zeros(0), k=k)
        assert (found.value, found.bound, found.proved, len(found.label)) == (0, 0, True, n)


def test_weights_of_zero_are_no_ties():
    assert cluster(2, np.array([0]), np.array([1]), np.array([0.0])).proved


@pytest.mark.parametrize(
    ("i", "j", "w", "says"),
    [
        ([0], [0], [1.0], "two different nodes"), ([0], [3], [1.0], "two different nodes"), ([-1], [1], [1.0], "two different nodes"),
        ([0, 1], [1, 0], [1.0, 2.0], "may be tied once"), ([0], [1], [np.nan], "must be finite"), ([0], [1], [np.inf], "must be finite"),
    ],
)  # fmt: skip
def test_what_is_no_graph_is_refused(i, j, w, says):
    with pytest.raises(ParameterError, match=says):
        cluster(3, np.array(i), np.array(j), np.array(w))


def test_no_blocs_at_all_is_refused():
    with pytest.raises(ParameterError, match="'k' parameter"):
        cluster(2, np.array([0]), np.array([1]), np.array([1.0]), k=0)


def hard(n=40, seed=2):
    rng = np.random.default_rng(seed)
    i, j = np.triu_indices(n, 1)
    return i, j, rng.choice([-1.0, 1.0], len(i))


@pytest.mark.parametrize("k", [None, 3])
def test_out_of_time_gives_a_bound_and_no_proof(k):
    i, j, w = hard()
    found = cluster(40, i, j, w, k=k, seconds=0.3)
    assert not found.proved
    assert found.stopped == "time"
    assert 0 < found.bound < found.value


def test_no_time_at_all_still_gives_what_packing_proves():
    i, j, w = hard()
    found = cluster(40, i, j, w, seconds=0.0)
    assert not found.proved
    assert 0 < found.bound < found.value


def test_an_interrupt_leaves_what_is_known(monkeypatch):
    def stop(self, x):
        raise KeyboardInterrupt

    monkeypatch.setattr(CycleCover, "_separate", stop)
    i, j, w = hard(30)
    found = cluster(30, i, j, w)
    assert (found.proved, found.stopped) == (False, "cancelled")
    assert 0 < found.bound < found.value


def test_a_solver_that_stops_early_proves_nothing_more(monkeypatch):
    original = CycleCover._model

    def stopped(self):
        highs = original(self)
        highs.setOptionValue("presolve", "off")
        highs.setOptionValue("simplex_iteration_limit", 0)
        return highs

    monkeypatch.setattr(CycleCover, "_model", stopped)
    i, j, w = hard(14)
    found = cluster(14, i, j, w, seconds=2.0)
    assert not found.proved
    assert found.bound < found.value


def fractional():
    """A wheel of five friends around a hub they hate and love by turns leaves the linear program fractional."""
    hub, rim = 0, [1, 2, 3, 4, 5]
    i = np.array([hub] * 5 + rim)
    j = np.array([*rim, 2, 3, 4, 5, 1])
    w = np.array([4.0] * 5 + [-4.0] * 5)
    return i, j, w


def test_a_fractional_program_is_settled_by_branching():
    i, j, w = fractional()
    found = cluster(6, i, j, w)
    assert found.proved
    assert found.value == least(6, i, j, w, 6) == 12
    assert found.cycles is None


def test_rounding_the_program_mends_a_poor_search(monkeypatch):
    monkeypatch.setattr(CycleCover, "search", lambda *_: None)
    rng = np.random.default_rng(5)
    for k in (None, 3):
        for _ in range(8):
            i, j, w = random_graph(rng, 7)
            found = cluster(7, i, j, w, k=k)
            assert found.proved
            assert found.value == least(7, i, j, w, k or 7)


def test_dense_signs_on_more_nodes_are_settled_by_branching():
    i, j, w = hard(13, seed=1)
    found = cluster(13, i, j, w)
    assert found.proved
    assert found.cycles is None
    assert found.value == signed.frustration_reference(i, j, w, found.label)


def test_branching_out_of_time_keeps_the_bound(monkeypatch):
    i, j, w = fractional()
    monkeypatch.setattr(CycleCover, "_bound_part", lambda self, *_: (False, self.upper, 0))
    found = cluster(6, i, j, w)
    assert not found.proved
    assert found.bound < found.value


def test_a_part_that_is_whole_but_unsettled_is_not_called_proved(monkeypatch):
    monkeypatch.setattr(cycle_cover.colouring, "obstructions", lambda *_: [])
    monkeypatch.setattr(cycle_cover.colouring, "painted", lambda *_: None)
    i, j = np.triu_indices(5, 1)
    found = cluster(5, i, j, np.full(10, -1.0), k=3)
    assert (found.value, found.bound, found.proved) == (2, 0, False)


def test_a_part_in_which_nothing_fits_needs_no_further_look():
    i, j, units = np.array([0, 0, 1]), np.array([1, 2, 2]), np.array([2, 2, -2])
    cover = CycleCover(3, i, j, units, 3, np.zeros(3, dtype=np.int64))
    cover._short_cycles(np.zeros(3))
    highs = cover._model()
    fixed = dict.fromkeys(range(3), 0.0)
    cover._set_bounds(highs, {}, fixed)
    done, _, bound = cover._bound_part(highs, fixed, solving() + 10)
    assert (done, bound) == (True, cover.value)
    assert not cover._bound_part(highs, fixed, 0.0)[0]
    stopped = cover._model()
    stopped.setOptionValue("presolve", "off")
    stopped.setOptionValue("simplex_iteration_limit", 0)
    cover.sent = 0
    assert not cover._bound_part(stopped, {}, solving() + 10)[0]


def test_random_signs_are_settled_by_branching_with_three_blocs_too():
    rng = np.random.default_rng(8)
    for k in (None, 3):
        for _ in range(6):
            i, j, w = random_graph(rng, 8, 1.0, 1)
            found = cluster(8, i, j, w, k=k)
            assert found.proved
            assert found.value == least(8, i, j, w, k or 8)


def test_relabelling_leaves_value_and_proof_alone():
    rng = np.random.default_rng(4)
    i, j, w = random_graph(rng, 14, 0.5)
    base = cluster(14, i, j, w)
    order = rng.permutation(14)
    other = cluster(14, order[i], order[j], w)
    assert base.proved
    assert other.proved
    assert base.value == other.value


def test_same_seed_same_labels():
    i, j, w = hard(20)
    a, b = (cluster(20, i, j, w, seconds=0.0, seed=5) for _ in range(2))
    assert np.array_equal(a.label, b.label)


def test_wide_weights_get_a_unit_and_noise_counts_for_nothing():
    units, unit = coarse_weights(np.array([1.0, np.pi * 1e-5, -1e-15]))
    assert units.tolist()[2] == 0
    assert np.abs(units).max() <= FINEST
    assert units[1] * unit == pytest.approx(np.pi * 1e-5, abs=1e-6)
    i, j = np.array([0, 1, 0]), np.array([1, 2, 2])
    found = cluster(3, i, j, np.array([1e12 + 0.5, 3e11 + 1 / 3, -1e8 / 7]))
    assert found.proved
    assert found.value == pytest.approx(1e8 / 7, rel=1e-1)


def test_a_large_graph_is_bounded_and_never_wrongly_proved():
    rng = np.random.default_rng(0)
    n, m = 8_000, 24_000
    keys = np.unique(rng.integers(0, n, m) * n + rng.integers(0, n, m))
    i, j = np.minimum(keys // n, keys % n), np.maximum(keys // n, keys % n)
    keys = np.unique((i * n + j)[i != j])
    i, j = keys // n, keys % n
    w = np.where(rng.random(len(i)) < 0.2, -1.0, 1.0)
    found = cluster(n, i, j, w, seconds=0.0)
    assert not found.proved
    assert 0 < found.bound < found.value == signed.frustration_reference(i, j, w, found.label)


def test_three_takes_the_free_line_up_where_it_needs_no_more():
    rng = np.random.default_rng(6)
    i, j, w = random_graph(rng, 7)
    two, free = partition(7, i, j, w), cluster(7, i, j, w)
    assert three(7, i, j, w, two, free).value == least(7, i, j, w, 3)
    hostile = np.full(21, -1.0)
    assert three(7, i, j, hostile, partition(7, i, j, hostile), cluster(7, i, j, hostile)).value == 5
    assert three(3, i[:0], j[:0], w[:0], two, cluster(3, i[:0], j[:0], w[:0])).value == 0


def test_three_is_never_worse_than_two():
    i, j, w = hard(12)
    free = cluster(12, i, j, np.full(66, -1.0))
    better = Partition(np.zeros(12, dtype=np.int64), 0.5, 0.5, proved=True)
    found = three(12, i, j, w, better, free, seconds=0.0)
    assert (found.value, found.bound, found.proved) == (0.5, 0.5, True)


# The compiled parts against plain twins.


def test_cost_equals_its_plain_twin():
    rng = np.random.default_rng(0)
    i, j, w = random_graph(rng, 12)
    units, label = w.astype(np.int64), rng.integers(0, 4, 12)
    assert clustering.cost(i, j, units, label) == clustering.cost_reference(i, j, units, label)


@pytest.mark.parametrize("cap", [2, 3, 9])
def test_search_ends_where_no_single_move_and_no_merge_helps(cap):
    rng = np.random.default_rng(7)
    for _ in range(20):
        i, j, w = random_graph(rng, 9, 0.7)
        live = w != 0
        i, j, units = i[live], j[live], w[live].astype(np.int64)
        label, value = clustering.search(
            i, j, units, *signed.csr(9, i, j), np.zeros(9, dtype=np.int64), cap, 3, 10, np.uint64(1)
        )
        assert label.max() < cap
        assert value == clustering.cost_reference(i, j, units, label)
        for v, c in itertools.product(range(9), range(cap)):
            moved = label.copy()
            moved[v] = c
            assert clustering.cost_reference(i, j, units, moved) >= value
        for a, b in itertools.combinations(range(cap), 2):
            assert clustering.cost_reference(i, j, units, np.where(label == a, b, label)) >= value


def test_paths_equal_the_shortest_of_another_program():
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import dijkstra

    rng = np.random.default_rng(2)
    i, j = np.triu_indices(12, 1)
    keep = rng.random(len(i)) < 0.4
    i, j = i[keep], j[keep]
    length = rng.random(len(i)).round(3) + 0.01
    graph = csr_matrix((length, (i, j)), shape=(12, 12))
    dist = dijkstra(graph, directed=False)
    source, goal = np.triu_indices(12, 1)
    limit = np.full(len(source), 1.2)
    flat, start, which = cycles.paths(*signed.csr(12, i, j), length.copy(), source, goal, limit, 0.0, 10**9)
    assert which.tolist() == np.flatnonzero(dist[source, goal] < 1.2).tolist()
    for row, q in enumerate(which):
        assert length[flat[start[row] : start[row + 1]]].sum() == pytest.approx(dist[source[q], goal[q]])
    none = cycles.paths(*signed.csr(12, i, j), length.copy(), source, goal, limit, 0.0, 0)
    assert len(none[2]) == 0
