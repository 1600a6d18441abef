"""Reductions, annealing, recombination, odd walks and parts of signed graphs against enumeration, brute force and networkx."""

import itertools

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foedus.kernels import anneal, odd_walks, reduce, signed


def cost(i, j, w, side):
    return int(np.abs(w)[(w > 0) != (side[i] == side[j])].sum())


def least(n, i, j, w):
    sides = (np.array((1, *rest)) for rest in itertools.product((1, -1), repeat=n - 1))
    return min(cost(i, j, w, s) for s in sides)


@st.composite
def graphs(draw, most=8, weight=6):
    n = draw(st.integers(2, most))
    i, j = np.triu_indices(n, 1)
    w = np.array(draw(st.lists(st.integers(-weight, weight), min_size=len(i), max_size=len(i))), dtype=np.int64)
    live = w != 0
    return n, i[live].astype(np.int64), j[live].astype(np.int64), w[live]


@settings(max_examples=150, deadline=None)
@given(graphs())
def test_what_is_reduced_away_leaves_the_least_frustration_and_is_undone_to_it(graph):
    n, i, j, w = graph
    first, second, rest, offset, node, near, pull = reduce.reduce(n, i, j, w)
    kept = np.setdiff1d(np.arange(n), node)
    assert np.isin(np.concatenate([first, second]), kept).all()
    assert len(set(zip(np.minimum(first, second), np.maximum(first, second), strict=True))) == len(first)
    assert not np.any(rest == 0)
    side = np.ones(n, dtype=np.int64)
    best = None
    for flips in itertools.product((1, -1), repeat=len(kept)):
        side[kept] = flips
        reduce.undo(side, node, near, pull)
        found = cost(i, j, w, side)
        assert found == cost(first, second, rest, side) + offset
        best = found if best is None else min(best, found)
    assert best == least(n, i, j, w)


def test_a_tree_and_a_cycle_reduce_to_nothing():
    i, j = np.array([0, 1, 1, 3]), np.array([1, 2, 3, 4])
    assert len(reduce.reduce(5, i, j, np.array([3, -1, 2, -5]))[2]) == 0
    i, j = np.arange(6), (np.arange(6) + 1) % 6
    left = reduce.reduce(6, i, j, np.array([1, 1, 1, 1, 1, -1]))
    assert (len(left[2]), left[3]) == (0, 1)


def test_a_star_of_three_becomes_a_triangle():
    i = np.array([0, 0, 0, 1, 1, 2, 1, 2, 3, 4, 4, 5])
    j = np.array([1, 2, 3, 4, 5, 6, 6, 4, 5, 5, 6, 6])
    w = np.full(12, 2, dtype=np.int64)
    node = reduce.reduce(7, i, j, w)[4]
    assert 0 in node


def csr_of(n, i, j, w):
    indptr, indices, edge = signed.csr(n, i, j)
    return indptr, indices, w[edge]


@settings(max_examples=60, deadline=None)
@given(graphs())
def test_annealing_ends_where_no_flip_helps_and_mostly_at_the_optimum(graph):
    n, i, j, w = graph
    indptr, indices, weight = csr_of(n, i, j, w)
    best = None
    for seed in range(8):
        side = np.ones(n, dtype=np.int64)
        anneal.anneal(indptr, indices, weight, side, 60, 5.0, 0.3, np.uint64(seed))
        assert set(side.tolist()) <= {1, -1}
        assert np.all(side * anneal.fields(indptr, indices, weight, side) >= 0)
        best = cost(i, j, w, side) if best is None else min(best, cost(i, j, w, side))
    assert best == least(n, i, j, w)


@settings(max_examples=80, deadline=None)
@given(graphs(), st.integers(0, 10_000))
def test_recombination_is_at_least_as_good_as_both_and_counts_its_gain(graph, seed):
    n, i, j, w = graph
    rng = np.random.default_rng(seed)
    one, other = rng.choice([-1, 1], n), rng.choice([-1, 1], n)
    before = cost(i, j, w, one)
    other_cost = cost(i, j, w, other)
    gain = anneal.recombine(*csr_of(n, i, j, w), one, other)
    assert before - gain == cost(i, j, w, one) <= min(before, other_cost)


@settings(max_examples=80, deadline=None)
@given(graphs(most=6), st.integers(0, 10_000))
def test_odd_walks_are_the_shortest_through_each_node(graph, seed):
    n, i, j, w = graph
    length = np.random.default_rng(seed).integers(0, 5, len(w)) / 4.0
    flat, start = odd_walks.odd_walks(*signed.csr(n, i, j), w < 0, length, np.arange(n), np.inf)
    doubled = nx.Graph()
    for a, b, x, c in zip(i.tolist(), j.tolist(), w.tolist(), length.tolist(), strict=True):
        doubled.add_edge((a, 0), (b, int(x < 0)), length=c)
        doubled.add_edge((a, 1), (b, int(x > 0)), length=c)
    wanted = []
    for v in range(n):
        if (v, 0) in doubled and nx.has_path(doubled, (v, 0), (v, 1)):
            wanted.append(nx.shortest_path_length(doubled, (v, 0), (v, 1), weight="length"))
    assert len(start) - 1 == len(wanted)
    for k, total in enumerate(wanted):
        ties = flat[start[k] : start[k + 1]]
        assert len(set(ties.tolist())) == len(ties)
        assert (w[ties] < 0).sum() % 2 == 1
        assert np.all(np.bincount(np.concatenate([i[ties], j[ties]])) % 2 == 0)
        assert length[ties].sum() <= total + 1e-12


@settings(max_examples=80, deadline=None)
@given(graphs(most=9))
def test_two_connected_parts_are_networkx_s(graph):
    n, i, j, _ = graph
    part = odd_walks.two_connected(n, *signed.csr(n, i, j), len(i))
    theirs = nx.Graph(list(zip(i.tolist(), j.tolist(), strict=True)))
    wanted = {frozenset(tuple(sorted(e)) for e in c) for c in nx.biconnected_component_edges(theirs)}
    ours = {frozenset((int(i[e]), int(j[e])) for e in np.flatnonzero(part == k)) for k in np.unique(part)}
    assert ours == wanted


def test_long_walks_find_room():
    n = 400
    i, j = np.arange(n), (np.arange(n) + 1) % n
    negative = np.arange(n) == 0
    flat, start = odd_walks.odd_walks(*signed.csr(n, i, j), negative, np.zeros(n), np.arange(3), 1.0)
    assert np.diff(start).tolist() == [n, n, n]
    assert sorted(flat[:n].tolist()) == list(range(n))


@settings(max_examples=60, deadline=None)
@given(graphs(), st.randoms())
def test_sides_that_satisfy_the_first_ties(graph, random):
    n, i, j, w = graph
    order = list(range(len(i)))
    random.shuffle(order)
    side = odd_walks.spanning_sides(n, i, j, w < 0, np.array(order, dtype=np.int64))
    tree = nx.Graph()
    tree.add_nodes_from(range(n))
    for e in order:
        if not nx.has_path(tree, int(i[e]), int(j[e])):
            tree.add_edge(int(i[e]), int(j[e]))
            assert (side[i[e]] == side[j[e]]) == (w[e] > 0)


@pytest.mark.parametrize("n", [1, 5])
def test_nothing_is_reduced_annealed_or_split_without_ties(n):
    none = np.zeros(0, dtype=np.int64)
    assert reduce.reduce(n, none, none, none)[3] == 0
    assert len(odd_walks.two_connected(n, *signed.csr(n, none, none), 0)) == 0
