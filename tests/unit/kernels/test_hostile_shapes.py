"""Every compiled kernel has a plain twin somewhere in the tests, and those of arrays agree with theirs on what nobody would give them.

Empty, one actor, all zero, NaN, infinite, as large and as small as a float can be. Where a kernel's twin is a test of its own file, `TWINS` names it.
"""

import heapq
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numba.core.registry import CPUDispatcher

from foedus import kernels
from foedus.kernels import (
    anneal,
    clustering,
    connectivity,
    counter_dates,
    heap,
    landscape_walk,
    layout,
    obligation,
    odd_walks,
    prevail,
    rewire,
    signed,
    streams,
    triads,
)

UNIT = Path(__file__).parents[1]
HERE = "kernels/test_hostile_shapes.py"
TWINS = {
    "anneal": "kernels/test_signed_search.py", "blockcost": "kernels/test_signed_kernels.py", "cascade": "kernels/test_twins.py", "cascade_clock": "kernels/test_twins.py",
    "cascade_rates": "kernels/test_twins.py", "clustering": HERE,
    "connectivity": HERE, "counter_dates": "kernels/test_counter_dates.py", "cycles": "blocs/test_cycle_proof.py", "futures": "kernels/test_futures.py",
    "heap": HERE, "helpers": "kernels/test_helpers.py", "landscape_flood": "kernels/test_landscape_walk.py", "landscape_walk": "kernels/test_landscape_walk.py",
    "layout": "blocs/test_layout.py", "minima": "kernels/test_minima.py", "network_gibbs": "kernels/test_network_gibbs.py",
    "obligation": "kernels/test_twins.py", "odd_walks": "kernels/test_signed_search.py", "packing": "blocs/test_two_blocs.py", "prevail": "kernels/test_prevail.py",
    "reduce": "kernels/test_signed_search.py", "rewire": "kernels/test_signed_kernels.py", "signed": "kernels/test_twins.py",
    "streams": "kernels/test_twins.py", "support": "kernels/test_helpers.py", "tally": "war/test_batches.py", "triads": "kernels/test_signed_kernels.py",
}  # fmt: skip
"""File whose tests compare a kernel with a plain twin, brute force, or a count of what it should come to."""

HOSTILE = [0.0, -0.0, 1.0, -1.0, 0.5, float("nan"), float("inf"), -float("inf"), 1e308, -1e308, 5e-324, 1e-160, 1e160]
FINITE = [x for x in HOSTILE if np.isfinite(x) and abs(x) < 1e200]
few = settings(max_examples=25, deadline=None, derandomize=True)


def compiled(name):
    """Return the compiled functions that a module of kernels defines."""
    module = import_module(f"foedus.kernels.{name}")
    return [
        f for f in vars(module).values() if isinstance(f, CPUDispatcher) and f.py_func.__module__ == module.__name__
    ]


def test_every_compiled_kernel_has_a_twin():
    with_code = {m.name for m in iter_modules(kernels.__path__) if compiled(m.name)}
    assert with_code == set(TWINS)
    for name, file in TWINS.items():
        assert name in (UNIT / file).read_text(encoding="utf-8"), (name, file)


def matrices(values, least=1, most=5, symmetric=True):
    def made(n):
        whole = arrays.arrays(np.float64, (n, n), elements=st.sampled_from(values))
        return whole.map(lambda m: np.triu(m, 1) + np.triu(m, 1).T if symmetric else m)

    return st.integers(least, most).flatmap(made)


@st.composite
def graphs(draw, weights, most=6):
    n = draw(st.integers(0, most))
    i, j = np.triu_indices(n, 1)
    chosen = draw(arrays.arrays(np.bool_, len(i)))
    i, j = i[chosen], j[chosen]
    return n, i, j, draw(arrays.arrays(np.float64, len(i), elements=st.sampled_from(weights)))


def same(got, want, scale=1.0):
    """Compare, NaN with NaN; ``scale`` is that of the largest number which went in and may have gone out again."""
    got, want = np.asarray(got), np.asarray(want)
    assert got.shape == want.shape
    np.testing.assert_allclose(got, want, rtol=1e-9, atol=1e-9 * scale, equal_nan=True)


@few
@given(matrices(FINITE))
def test_every_line_up_of_weights_of_any_size(w):
    scale = max(1.0, float(np.abs(w).sum()))
    same(signed.enumerate_bipartitions(w), signed.enumerate_bipartitions_reference(w), scale)
    same(landscape_walk.energies(w), landscape_walk.energies_reference(w), scale)


@few
@given(st.data(), st.integers(1, 5), st.integers(0, 3))
def test_common_enemies(data, n, draws):
    i, j = np.triu_indices(n, 1)
    hostility = data.draw(arrays.arrays(np.float64, (draws, len(i)), elements=st.sampled_from([0.0, 0.5, 1.0])))
    power = data.draw(
        arrays.arrays(np.float64, (draws, n), elements=st.sampled_from([0.0, 1.0, 1e-300, 1e-160, 1e160, 8e307]))
    )
    same(signed.common_enemy(n, i, j, hostility, power), signed.common_enemy_reference(n, i, j, hostility, power))


@few
@given(graphs([-1.0, 1.0, 1e308, -1e308, 5e-324, -5e-324]))
def test_triads_and_switching(graph):
    n, i, j, w = graph
    for a, b in zip(triads.triads(*graph), triads.triads_reference(*graph), strict=True):
        assert np.array_equal(a, b)
    got, want = rewire.switch(n, i, j, w, 30, np.uint64(1), np.uint64(2)), rewire.switch_reference(i, j, w, 30, 1, 2)
    assert got[2] == want[2]
    assert np.array_equal(got[0], want[0])
    assert np.array_equal(got[1], want[1])


@few
@given(graphs([-3.0, -1.0, 1.0, 2.0**52, -(2.0**52)]), st.data())
def test_costs_and_fields_of_line_ups(graph, data):
    n, i, j, w = graph
    whole = w.astype(np.int64)
    label = data.draw(arrays.arrays(np.int64, n, elements=st.integers(0, max(n - 1, 0))))
    assert clustering.cost(i, j, whole, label) == clustering.cost_reference(i, j, whole, label)
    indptr, indices, edge = signed.csr(n, i, j)
    side = np.where(label % 2 == 0, 1, -1).astype(np.int8)
    matrix = np.zeros((n, n), dtype=np.int64)
    matrix[i, j] = matrix[j, i] = whole
    assert np.array_equal(anneal.fields(indptr, indices, whole[edge], side), matrix @ side.astype(np.int64))


@few
@given(graphs([0.0, 1.0, 3.0, 2.0**40]))
def test_bounds_on_cuts_are_below_every_cut(graph):
    n, i, j, w = graph
    weight = w.astype(np.int64)
    found = connectivity.scan(*signed.csr(n, i, j), weight)
    for e, (a, b) in enumerate(zip(i.tolist(), j.tolist(), strict=True)):
        cuts = [
            int(weight[((code >> i) & 1) != ((code >> j) & 1)].sum())
            for code in range(1 << n) if (code >> a) & 1 != (code >> b) & 1
        ]  # fmt: skip
        assert 0 <= found[e] <= min(cuts)


@few
@given(matrices([-2.0, -1.0, 0.0, 1.0, 2.0**40], most=5))
def test_sides_no_worse_than_all_on_one(w):
    matrix = w.astype(np.int64)
    n = len(matrix)
    sides, count, complete = connectivity.content_sides(matrix, 100, 10**6)
    costs = signed.enumerate_bipartitions_reference(w)
    fine = {tuple((code >> b) & 1 for b in range(n - 1)) for code in np.flatnonzero(costs <= costs[0])}
    assert complete
    assert count == len(fine)
    assert {tuple(int(x) for x in s[1:]) for s in sides} == fine


@few
@given(st.integers(0, 5), st.data(), st.integers(0, 3), st.integers(0, 3))
def test_exchanged_dates(n, data, samples, sweeps):
    block = np.cumsum(data.draw(arrays.arrays(np.int64, n, elements=st.integers(0, 1))))
    block -= block[0] if n else 0
    may = data.draw(arrays.arrays(np.bool_, (n, n)))
    got = counter_dates.orders(block, may, 1, 2, samples, sweeps)
    assert np.array_equal(
        got, np.reshape(counter_dates.orders_reference(block, may, 1, 2, samples, sweeps), (samples, n))
    )


@few
@given(st.integers(0, 5), st.data())
def test_places_of_nodes(n, data):
    numbers = st.sampled_from([0.0, 1.0, 2.5, 1e-13, 1e6, 5e-324])
    place = data.draw(arrays.arrays(np.float64, (n, 2), elements=numbers))
    target, weight = (
        np.triu(m, 1) + np.triu(m, 1).T
        for m in (data.draw(arrays.arrays(np.float64, (n, n), elements=numbers)) for _ in range(2))
    )
    one, other = place.copy(), place.copy()
    # A sweep may end in another place where two nodes are as far apart as rounding: rounds are told, not compared.
    layout.majorise(one, target, weight, 1, 0.0)
    layout.majorise_reference(other, target, weight, 1, 0.0)
    assert np.isfinite(one).all()
    np.testing.assert_allclose(one, other, rtol=1e-6, atol=1e-6)


@few
@given(st.integers(1, 4), st.data())
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_chances_to_prevail(n, data):
    similarity = data.draw(
        arrays.arrays(np.float64, (n, n), elements=st.sampled_from([float("nan"), -1.0, 0.0, 0.3, 1.0]))
    )
    similarity = np.triu(similarity, 1) + np.triu(similarity, 1).T
    np.fill_diagonal(similarity, 1.0)
    strength = data.draw(
        arrays.arrays(np.float64, (n, n), elements=st.sampled_from([float("nan"), 0.0, 0.1, 1e-300, 1e160]))
    )
    risk = data.draw(arrays.arrays(np.float64, n, elements=st.sampled_from([0.0, -0.7, 1.0])))
    first, second = prevail.chances(similarity, strength, risk)
    for i in range(n):
        assert np.isnan(first[i, i])
        for j in range(n):
            if i == j or np.isnan(similarity[i, j]):
                assert np.isnan(first[i, j])
                continue
            third = np.fmax(strength[:, i], strength[:, j])
            for found, place in ((first[i, j], j), (second[i, j], i)):
                power = third.copy()
                power[i], power[j] = strength[i, place], strength[j, place]
                if np.isnan(power[[i, j]]).any():
                    assert np.isnan(found)
                    continue
                same(found, prevail.chance(similarity[i], similarity[j], power, risk[i]))


@few
@given(st.lists(st.tuples(st.sampled_from([0, 1, -1, 2**62, -(2**62)]), st.integers(0, 9)), max_size=12))
def test_a_heap_gives_the_cheapest_first(pairs):
    key, item = np.zeros(len(pairs) + 1, dtype=np.int64), np.zeros(len(pairs) + 1, dtype=np.int64)
    for held, (cost, node) in enumerate(pairs):
        heap.push(key, item, held, cost, node)
    plain = [(c, k) for k, (c, _) in enumerate(pairs)]
    heapq.heapify(plain)
    taken = []
    for held in range(len(pairs), 0, -1):
        assert key[0] == plain[0][0]
        taken.append(int(item[0]))
        heap.pop(key, item, held)
        heapq.heappop(plain)
    assert sorted(taken) == sorted(node for _, node in pairs)


@few
@given(st.lists(st.integers(0, 2**64 - 1), max_size=4), st.integers(0, 2**64 - 1), st.integers(0, 2**63 - 2))
def test_numbers_of_streams_at_the_edges_of_their_words(keys, seed, draw):
    words = np.array(keys, dtype=np.uint64)
    plain = streams.uniforms_reference(seed, words, np.array([draw, draw + 1], dtype=np.int64), 3)
    assert plain.shape == (2, len(keys))
    for d in range(2):
        for k, key in enumerate(keys):
            assert streams.uniform(np.uint64(seed), np.uint64(key), np.uint64(draw + d), np.uint64(3)) == plain[d, k]
    assert ((plain > 0) & (plain < 1)).all()


@few
@given(graphs([1.0]))
def test_parts_that_hold_without_any_one_node(graph):
    import networkx as nx

    n, i, j, _ = graph
    indptr, nodes, ties = signed.csr(n, i, j)
    part = np.asarray(odd_walks.two_connected(n, indptr, nodes, ties, len(i)))
    there = nx.Graph(zip(i.tolist(), j.tolist(), strict=True))
    want = {frozenset(map(frozenset, c)) for c in nx.biconnected_component_edges(there)}
    got = {frozenset(frozenset((int(i[e]), int(j[e]))) for e in np.flatnonzero(part == p)) for p in set(part.tolist())}
    assert got == want


@pytest.mark.parametrize("n", [1, 2, 3])
def test_clauses_without_a_pledge_or_an_attack(n):
    empty = obligation.Pledges(
        *(np.zeros(0, dtype=np.int64) for _ in range(4)), np.zeros((0, n), dtype=np.bool_), np.zeros((0, n), dtype=np.bool_),
        np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.bool_), np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.bool_), np.zeros(0, dtype=np.bool_),
    )  # fmt: skip
    assert len(empty.by) == 0
    if n == 1:
        return
    one = obligation.Pledges(
        *(np.array([x]) for x in (0, 1, 0, 0)), np.zeros((1, n), dtype=np.bool_), np.zeros((1, n), dtype=np.bool_),
        np.array([0]), np.array([False]), np.array([1]), np.array([False]), np.array([False]),
    )  # fmt: skip
    for attack in (np.zeros((n, n), dtype=np.bool_), ~np.eye(n, dtype=np.bool_)):
        assert obligation.code(attack, np.arange(n), 0, one) == obligation.code_reference(attack, 0, one)
