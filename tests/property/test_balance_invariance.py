"""Renaming nodes and switching them to the other side change nothing that balance is about; enumeration agrees."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foedus.blocs.balance import count_triads, frustration
from foedus.blocs.blockmodel import blockmodel
from foedus.blocs.conflict import conflicts
from foedus.blocs.graph import SignedGraph, signed_graph
from foedus.blocs.profile import balance_profile
from foedus.blocs.walks import walk_balance
from foedus.kernels import signed


@st.composite
def graphs(draw, most=8):
    n = draw(st.integers(1, most))
    cells = draw(st.lists(st.sampled_from([-2, -1, 0, 1, 2]), min_size=n * (n - 1) // 2, max_size=n * (n - 1) // 2))
    matrix = np.zeros((n, n))
    matrix[np.triu_indices(n, 1)] = cells
    return signed_graph(matrix + matrix.T)


def indices(graph):
    count = count_triads(graph)
    return {
        "triads": (count.total, count.balanced),
        "walk": walk_balance(graph).k,
        "frustration": frustration(graph.signs()).value,
        "weight": frustration(graph).value,
        "conflict": sorted(c.conflict for c in conflicts(graph)),
        **{f"cycles {x.length}": (x.cycles, x.balanced) for x in balance_profile(graph, (3, 4, 5))},
        **{f"walks {x.length}": x.walks for x in balance_profile(graph, (3, 4, 5, 6))},
    }


def same(one, other):
    assert one.keys() == other.keys()
    for key, value in one.items():
        assert (value is None) == (other[key] is None)
        if value is not None:
            assert other[key] == pytest.approx(value, abs=1e-9), key


@settings(max_examples=40, deadline=None)
@given(graphs(), st.randoms(use_true_random=False))
def test_names_do_not_matter(graph, random):
    order = list(range(graph.n))
    random.shuffle(order)
    renamed = signed_graph(graph.matrix()[np.ix_(order, order)])
    same(indices(graph), indices(renamed))
    assert blockmodel(renamed, 2).value == blockmodel(graph, 2).value
    named = graph.on([graph.ids[k] for k in order])
    assert np.array_equal(named.matrix(), renamed.matrix())


@settings(max_examples=40, deadline=None)
@given(graphs(), st.data())
def test_switching_sides_does_not_matter(graph, data):
    side = np.array(data.draw(st.lists(st.sampled_from([-1, 1]), min_size=graph.n, max_size=graph.n)))
    switched = SignedGraph(graph.ids, graph.i, graph.j, graph.w * side[graph.i] * side[graph.j], graph.rule)
    same(indices(graph), indices(switched))


@settings(max_examples=40, deadline=None)
@given(graphs())
def test_enumeration_agrees_and_balance_is_balance(graph):
    found = frustration(graph)
    assert found.proved
    assert found.value == pytest.approx(signed.enumerate_bipartitions_reference(graph.matrix()).min())
    balanced = found.value == 0
    assert (walk_balance(graph).k == 1.0) == balanced
    assert all(c.conflict == 0 for c in conflicts(graph)) == balanced
    if balanced:
        assert all(x.walks in {None, 1.0} and x.balanced == x.cycles for x in balance_profile(graph, (3, 4, 5)))
    values = [blockmodel(graph, k).value for k in (1, 2, 3)]
    assert values == sorted(values, reverse=True)
    assert values[1] <= found.value / 2
