import itertools
import json

import numpy as np
import pytest

from foedus.blocs.balance import frustration
from foedus.blocs.blockmodel import blockmodel
from foedus.blocs.graph import signed_graph
from foedus.errors import ParameterError


def random_graph(seed, n):
    rng = np.random.default_rng(seed)
    upper = np.triu(rng.integers(-3, 4, (n, n)), 1)
    return signed_graph((upper + upper.T).astype(float))


def cost(graph, label, k, alpha):
    total = 0.0
    for g in range(k):
        for h in range(g, k):
            inside = [
                w for a, b, w in zip(graph.i, graph.j, graph.w, strict=True) if sorted((label[a], label[b])) == [g, h]
            ]
            total += min(alpha * -sum(w for w in inside if w < 0), (1 - alpha) * sum(w for w in inside if w > 0))
    return total


@pytest.mark.parametrize("seed", range(12))
def test_best_of_all_labels(seed):
    graph, k, alpha = random_graph(seed, 2 + seed % 5), 1 + seed % 3, [0.5, 0.25, 0.9, 0.0, 1.0][seed % 5]
    best = min(cost(graph, label, k, alpha) for label in itertools.product(range(k), repeat=graph.n))
    found = blockmodel(graph, k, alpha=alpha)
    assert found.proved
    assert found.value == found.bound == pytest.approx(best)
    assert found.value == pytest.approx(alpha * found.negative + (1 - alpha) * found.positive)
    assert cost(graph, found.label, k, alpha) == pytest.approx(best)


@pytest.mark.parametrize("seed", range(6))
def test_two_plain_groups_are_the_line_up(seed):
    graph = random_graph(seed, 9)
    found = blockmodel(graph, 2, relaxed=False)
    assert found.proved
    assert 2 * found.value == frustration(graph).value
    assert set(np.diag(found.sign)) <= {0, 1}
    assert set(found.sign[~np.eye(len(found.sign), dtype=bool)]) <= {0, -1}


def test_mediators_and_quarrels_cost_nothing():
    """Camp x quarrels with itself and with y; z is friends with both: three groups explain all of it."""
    camps = {"x": "abc", "y": "def", "z": "gh"}
    block = {("x", "x"): -1, ("x", "y"): -1, ("y", "y"): 1, ("x", "z"): 1, ("y", "z"): 1, ("z", "z"): 1}
    home = {node: camp for camp, nodes in camps.items() for node in nodes}
    graph = signed_graph([(a, b, block[home[a], home[b]]) for a, b in itertools.combinations("abcdefgh", 2)])
    found = blockmodel(graph, 3)
    assert (found.value, found.proved) == (0.0, True)
    assert {frozenset(g) for g in found.groups()} == {frozenset("abc"), frozenset("def"), frozenset("gh")}
    assert found.sign.tolist() == [[-1, -1, 1], [-1, 1, 1], [1, 1, 1]]
    assert blockmodel(graph, 2).value > 0
    assert found.table().rows()[:2] == [("a", 0), ("b", 0)]
    assert json.loads(json.dumps(found.to_dict()))["groups"] == [["a", "b", "c"], ["d", "e", "f"], ["g", "h"]]


def test_without_time_the_bound_is_a_bound():
    graph = random_graph(4, 40)
    short, longer = blockmodel(graph, 2, seconds=0.0, starts=20), blockmodel(graph, 2, seconds=1.0, starts=20)
    for found in (short, longer):
        assert not found.proved
        assert 0 < found.bound < found.value
    assert short.value == longer.value
    assert short.bound <= longer.value
    assert longer.bound > short.bound or longer.bound == pytest.approx(short.bound)
    assert blockmodel(graph, 2, seconds=0.0, starts=20).label.tolist() == short.label.tolist()


def test_weights_keep_their_unit():
    found = blockmodel([("a", "b", 0.25), ("b", "c", 0.5), ("a", "c", -0.125)], 1)
    assert found.value == pytest.approx(0.0625)
    assert 0.125 / found.unit == round(0.125 / found.unit)
    with pytest.raises(ParameterError, match="range"):
        blockmodel([("a", "b", 1e9), ("b", "c", 1e-9)], 1)


@pytest.mark.parametrize("rows", [[], [("a", "b", 0)], [("a", "b", -1)]])
def test_degenerate_graphs(rows):
    found = blockmodel(rows, 3)
    assert (found.value, found.bound, found.proved) == (0.0, 0.0, True)
    assert len(found.label) == 2 * bool(rows)


@pytest.mark.parametrize(
    "wrong",
    [{"k": 0}, {"k": 1.5}, {"alpha": 1.5}, {"alpha": 1 / 101}, {"alpha": "half"}, {"starts": 0}, {"seconds": -1.0}],
)
def test_wrong_arguments(wrong):
    with pytest.raises(ParameterError):
        blockmodel([("a", "b", 1)], **{"k": 2, **wrong})
