"""Distributions of networks against networkx and against counting by hand."""

from __future__ import annotations

from itertools import combinations

import networkx as nx
import numpy as np
import pytest

from foedus.kernels.network_statistics import STATISTICS, distributions


@pytest.mark.parametrize("seed", range(3))
def test_against_networkx(seed):
    graph = nx.gnp_random_graph(14, 0.18, seed=seed)
    y = nx.to_numpy_array(graph) > 0
    found = distributions(y, 4)
    assert tuple(found) == STATISTICS
    degrees = [min(d, 4) for _, d in graph.degree()]
    assert found["degree"].tolist() == [degrees.count(k) for k in range(5)]
    ways = dict(nx.all_pairs_shortest_path_length(graph))
    apart = [ways[i].get(j) for i, j in combinations(range(14), 2)]
    assert found["distance"].tolist() == [
        *(sum(a is not None and min(a, 4) == k for a in apart) for k in range(1, 5)), apart.count(None),
    ]  # fmt: skip
    shared = {(i, j): min(len(list(nx.common_neighbors(graph, i, j))), 4) for i, j in combinations(range(14), 2)}
    assert found["pair partners"].tolist() == [list(shared.values()).count(k) for k in range(5)]
    assert found["tie partners"].tolist() == [sum(shared[e] == k for e in graph.edges) for k in range(5)]
    triples = [sum(graph.has_edge(a, b) for a, b in combinations(t, 2)) for t in combinations(range(14), 3)]
    assert found["triads"].tolist() == [triples.count(k) for k in range(4)]


def test_a_network_without_ties():
    found = distributions(np.zeros((3, 3), dtype=bool), 2)
    assert {k: v.tolist() for k, v in found.items()} == {
        "degree": [3, 0, 0], "tie partners": [0, 0, 0], "pair partners": [3, 0, 0], "triads": [1, 0, 0, 0], "distance": [0, 0, 3],
    }  # fmt: skip
