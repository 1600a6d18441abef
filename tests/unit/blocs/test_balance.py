import itertools
import json
import math
from types import SimpleNamespace

import networkx as nx
import numpy as np
import polars as pl
import pytest
from scipy.linalg import expm

from foedus.blocs.balance import _unbalance, balance, count_triads, frustration
from foedus.blocs.balance_over_time import balance_over_time
from foedus.blocs.conflict import conflicts
from foedus.blocs.graph import signed_graph
from foedus.blocs.profile import balance_profile
from foedus.blocs.walks import walk_balance
from foedus.errors import ParameterError


def complete(n, sign=-1):
    return signed_graph([(str(a), str(b), sign) for a, b in itertools.combinations(range(n), 2)])


def ring(n, negative=1):
    return signed_graph([(str(k), str((k + 1) % n), -1 if k < negative else 1) for k in range(n)])


def random_graph(seed, n=12, density=0.4):
    rng = np.random.default_rng(seed)
    upper = np.triu(rng.choice([-1, 0, 1], (n, n), p=[density / 2, 1 - density, density / 2]), 1)
    return signed_graph(upper + upper.T)


@pytest.mark.parametrize(
    ("graph", "value", "normalised"),
    [(complete(3), 1, 1 / 3), (complete(4), 2, 1 / 3), (complete(5), 4, 0.2), (ring(5), 1, 0.6)],
)
def test_hand_cases(graph, value, normalised):
    found = frustration(graph)
    assert (found.value, found.proved) == (value, True)
    assert found.normalised == found.normalised_high == pytest.approx(normalised)
    against = (graph.w > 0) != (found.label[graph.i] == found.label[graph.j])
    assert against.sum() == value


def test_triads_of_complete_graphs():
    for n in (3, 4, 5, 7):
        foes, friends = count_triads(complete(n)), count_triads(complete(n, 1))
        assert foes.by_type["---"] == friends.by_type["+++"] == math.comb(n, 3)
        assert (foes.share, friends.share) == (0.0, 1.0)
        assert foes.node.tolist() == [[math.comb(n - 1, 2), 0]] * n
    assert count_triads(ring(5)).share is None


@pytest.mark.parametrize("seed", range(4))
def test_walks_are_traces_of_exponentials(seed):
    graph = random_graph(seed)
    signed, whole = expm(graph.matrix()), expm(np.abs(graph.matrix()))
    found = walk_balance(graph, nodes=True)
    assert found.k == found.low == found.high == pytest.approx(np.trace(signed) / np.trace(whole))
    assert found.unbalance == pytest.approx((1 - found.k) / (1 + found.k))
    assert found.node == pytest.approx(np.minimum(1, np.diag(signed) / np.diag(whole)))
    assert walk_balance(graph).log_k == pytest.approx(found.log_k)


def test_walks_are_estimated_within_their_interval(monkeypatch):
    graph = random_graph(1, n=120, density=0.1)
    exact = walk_balance(graph)
    for module in ("walks", "profile", "balance"):
        monkeypatch.setattr(f"foedus.blocs.{module}.EXACT_NODES", 50)
    found = walk_balance(graph, seed=3)
    assert (found.standing, found.probes, found.seed, found.node) == ("estimated", 10, 3, None)
    assert found.low <= exact.k <= found.high
    assert found.high / found.low < 1.2
    assert found == walk_balance(graph, method="estimate", seed=3)
    for wrong in ({"method": "exact"}, {"nodes": True}, {"probes": 1}, {"method": "guess"}):
        with pytest.raises(ParameterError):
            walk_balance(graph, **wrong)
    with pytest.raises(ParameterError, match="at least 36 nodes"):
        walk_balance(ring(5), method="estimate")
    assert [x.length for x in balance(graph, seconds=0.2).profile] == [3]
    with pytest.raises(ParameterError, match="lengths above 3"):
        balance_profile(graph)


def test_estimate_of_a_graph_whose_probes_end_early():
    star = signed_graph([("0", str(k), 1) for k in range(1, 60)])
    found = [walk_balance(star, method="estimate") for _ in range(5)]
    assert found[0].high == 1.0
    assert found[0].k > 0.99
    assert (
        len({x.low for x in found}) == 1
    )  # eigenvalues of this graph repeat, and the solver restarts from numbers of its own


@pytest.mark.parametrize("seed", range(4))
def test_conflict_is_the_least_eigenvalue_of_each_component(seed, monkeypatch):
    graph = random_graph(seed, n=14, density=0.15)
    expected = []
    for nodes in nx.connected_components(nx.from_numpy_array(graph.matrix())):
        a = graph.subgraph(sorted(nodes)).matrix()
        if len(nodes) > 1:
            expected.append(np.linalg.eigvalsh(np.diag(np.abs(a).sum(axis=1)) - a)[0])
    dense = conflicts(graph)
    assert sorted(c.conflict for c in dense) == pytest.approx(sorted(expected), abs=1e-9)
    assert {c.standing for c in dense} == {"exact"}
    monkeypatch.setattr("foedus.blocs.conflict.DENSE_NODES", 5)
    big = random_graph(seed, n=60, density=0.2)
    iterated = conflicts(big)[0]
    monkeypatch.undo()
    assert iterated.standing == "estimated"
    assert iterated.conflict == pytest.approx(conflicts(big)[0].conflict, abs=1e-6)
    assert iterated.residual < 1e-3


def test_index_of_conflict():
    assert conflicts(complete(3))[0].index == pytest.approx(0.0)
    assert conflicts(complete(3, 1))[0].index == 1.0
    assert conflicts(signed_graph([("a", "b", -1)]))[0].index is None
    assert conflicts(signed_graph([])) == ()


@pytest.mark.parametrize("seed", range(5))
def test_profile_counts_cycles_and_walks(seed):
    graph = random_graph(seed, n=8, density=0.6)
    sign = {frozenset(e): s for e, s in zip(zip(graph.i.tolist(), graph.j.tolist(), strict=True), graph.w, strict=True)}
    cycles = list(nx.simple_cycles(nx.from_numpy_array(np.abs(graph.matrix())), length_bound=5))
    for row in balance_profile(graph):
        power = [np.trace(np.linalg.matrix_power(m, row.length)) for m in (graph.matrix(), np.abs(graph.matrix()))]
        assert row.walks == pytest.approx((1 + power[0] / power[1]) / 2)
        if row.length > 5:
            assert (row.cycles, row.balanced, row.share) == (None, None, None)
            continue
        mine = [c for c in cycles if len(c) == row.length]
        good = sum(np.prod([sign[frozenset((a, b))] for a, b in zip(c, [*c[1:], c[0]], strict=True)]) > 0 for c in mine)
        assert (row.cycles, row.balanced) == (len(mine), good)
        assert row.share == (good / len(mine) if mine else None)


def test_profile_of_a_tree_and_of_wrong_lengths():
    tree = signed_graph([("a", "b", -1), ("b", "c", 1), ("c", "d", -1)])
    assert [(x.walks, x.share) for x in balance_profile(tree, (3, 4, 5, 7))] == [
        (None, None),
        (1.0, None),
        (None, None),
        (None, None),
    ]
    for lengths in ((2,), (3.5,)):
        with pytest.raises(ParameterError, match="lengths"):
            balance_profile(tree, lengths)


def test_report_of_a_weighted_graph():
    rows = [("a", "b", 3), ("b", "c", -0.5), ("a", "c", 2), ("c", "d", -1)]
    report = balance(rows)
    assert (report.frustration.value, report.weight.value) == (1.0, 0.5)
    assert report.weight.normalised == pytest.approx(1 - 1 / 6.5)
    table = report.table()
    assert table["index"].to_list() == [
        "triads", "walk", "walk_unbalance", "frustration_value", "frustration", "frustration_weight_value", "frustration_weight", "conflict",
        "conflict_index",
    ]  # fmt: skip
    assert table["z"].null_count() == len(table)
    assert report.nodes().select("node", "ties", "negative", "triads", "balanced_share").rows() == [
        ("a", 2, 0, 1, 0.0), ("b", 2, 1, 1, 0.0), ("c", 3, 2, 1, 0.0), ("d", 1, 1, 0, None),
    ]  # fmt: skip
    plain = json.loads(json.dumps(report.to_dict(), allow_nan=False))
    assert plain["weight"]["value"] == 0.5
    assert plain["by_node"][3]["walk"] is not None
    assert plain["chance"] == []


def test_report_against_chance():
    camps = {k: k < 5 for k in range(10)}
    graph = signed_graph(
        [(str(a), str(b), 1 if camps[a] == camps[b] else -1) for a, b in itertools.combinations(range(10), 2)]
    )
    report = balance(graph, null="signs", draws=40, seed=4, indices=("triads", "walk", "frustration", "conflict"))
    table = report.table().filter(pl.col("z").is_not_null())
    assert table["index"].to_list() == ["triads", "walk", "frustration", "conflict"]
    assert table["p"].to_list() == pytest.approx([2 / 41] * 4)
    assert (table["z"].abs() > 3).all()
    assert table["z"].to_list()[3] < 0
    assert [c["p"] for c in report.to_dict()["chance"]] == table["p"].to_list()
    with pytest.raises(ParameterError, match="indices"):
        balance(graph, indices=("luck",))
    with pytest.raises(ParameterError, match="seconds"):
        balance(graph, seconds=-1)


@pytest.mark.parametrize("rows", [[], [("a", "b", 0)], [("a", "b", 1)], [("a", "b", -1), ("c", "d", 1)]])
def test_degenerate_graphs(rows):
    report = balance(rows, null="degrees", draws=3)
    assert report.triads.share is None
    assert report.frustration.value == 0
    assert report.frustration.normalised == (1.0 if any(w for *_, w in rows) else None)
    assert (report.walk is None) == (not rows)
    assert len(report.conflicts) == sum(w != 0 for *_, w in rows)
    json.dumps(report.to_dict(), allow_nan=False)
    assert report.table().height >= 5


def test_balance_over_time_finds_the_shift():
    good, bad = [("a", "b", 1), ("a", "c", -1), ("b", "c", -1)], [("a", "b", -1), ("a", "c", -1), ("b", "c", -1)]
    series = balance_over_time(
        {1900 + t: [*(good if t < 6 else bad), *([("c", "d", 1)] if t % 2 else [])] for t in range(12)}
    )
    table = series.table()
    assert table.filter(pl.col("index") == "triads")["value"].to_list() == [1.0] * 6 + [0.0] * 6
    assert table["nodes"].unique().sort().to_list() == [3, 4]
    assert [(p.at, p.before, p.after) for p in series.changes("triads", draws=50).points] == [(1906, 1.0, 0.0)]
    with pytest.raises(ParameterError, match="index"):
        series.changes("luck")
    hollow = balance_over_time({1: good, 2: [("a", "b", 1)]})
    with pytest.raises(ParameterError, match="no settled value at 2"):
        hollow.changes("triads")
    with pytest.raises(ParameterError, match="no settled value at 2"):
        balance_over_time({1: good, 2: []}).changes("walk")
    assert balance_over_time({}).table().is_empty()
    votes = np.array([[0, 1], [0, 0]])
    assert balance_over_time({1: votes}, graph={"directed": "sum"}).reports[1].graph.m == 1


def test_the_bounds_of_unbalance_are_those_of_balance_the_other_way_round():
    walk = SimpleNamespace(low=0.2, high=0.5)
    assert _unbalance(walk) == pytest.approx((1 / 3, 2 / 3))
