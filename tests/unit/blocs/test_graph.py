import networkx as nx
import numpy as np
import polars as pl
import pytest
from scipy.sparse import coo_array

import foedus as fd
from foedus.blocs.graph import SignedGraph, signed_graph, signed_graphs
from foedus.errors import DataError, InvalidSystemError, ParameterError

ROWS = [("b", "a", 2.0), ("b", "c", -1.0), ("c", "d", 1.0)]
TABLE = [("a", "b", 2.0), ("b", "c", -1.0), ("c", "d", 1.0)]


def built(source, **options):
    return signed_graph(source, **options).table().rows()


def test_every_source_gives_the_same_graph(tmp_path):
    frame = pl.DataFrame(ROWS, schema=["a", "b", "sign"], orient="row")
    graph = signed_graph(ROWS)
    matrix = graph.matrix()
    weighted = nx.Graph()
    weighted.add_weighted_edges_from(ROWS)
    signed = nx.DiGraph()
    for a, b, w in ROWS:
        signed.add_edge(a, b, sign=w)
        signed.add_edge(b, a, sign=w)
    frame.write_csv(tmp_path / "ties.csv")
    place = {x: k for k, x in enumerate(graph.ids)}
    u, v, w = (np.array(x) for x in zip(*[(place[a], place[b], w) for a, b, w in ROWS], strict=True))
    np.savez(tmp_path / "ties.npz", n=4, u=u, v=v, w=w)
    assert built(ROWS) == TABLE
    assert (
        built(frame)
        == built(frame.lazy())
        == built(pytest.importorskip("pandas").DataFrame(frame.to_dict(as_series=False)))
        == TABLE
    )
    assert built(frame.with_columns(other=1)) == TABLE
    assert built(frame.rename({"a": "x", "b": "y", "sign": "z"})) == TABLE
    assert built(frame.rename({"sign": "x"}).with_columns(y=1, z=1), columns=("a", "b", "x")) == TABLE
    assert built(matrix, ids=graph.ids) == built(coo_array(matrix), ids=list("abcd")) == TABLE
    assert signed_graph(weighted, ids="abcd") == signed_graph(signed, ids="abcd") == graph
    assert built(str(tmp_path / "ties.csv")) == built(tmp_path / "ties.csv", columns=("a", "b", "sign")) == TABLE
    assert built(tmp_path / "ties.npz", ids="abcd") == TABLE
    assert built(graph) == TABLE
    assert signed_graph(tmp_path / "ties.npz").ids == ("0", "1", "2", "3")


def test_a_system_gives_its_propensities_at_the_centre(quartet):
    graph = signed_graph(quartet)
    assert graph.ids == quartet.ids
    assert {(a, b): w > 0 for a, b, w in graph.table().rows()} == {
        ("AA", "BB"): True, ("CC", "DD"): True, ("AA", "CC"): False, ("AA", "DD"): False, ("BB", "CC"): False, ("BB", "DD"): False,
    }  # fmt: skip
    assert set(signed_graph(quartet, weights="sign").w) == {1.0, -1.0}
    assert signed_graph(fd.load("europe-1914"), weights="sign").n == 16
    with pytest.raises(ParameterError, match="no EE"):
        signed_graph(quartet, ids=["AA", "BB", "CC", "DD"])


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("sum", [("0", "1", 4.0), ("0", "2", 1.0), ("1", "2", -1.0)]),
        ("mean", [("0", "1", 2.0), ("0", "2", 1.0), ("1", "2", -0.5)]),
        ("strongest", [("0", "1", 3.0), ("0", "2", 1.0), ("1", "2", -2.0)]),
        ("agree", [("0", "1", 2.0)]),
        ("lower", [("0", "1", 1.0), ("0", "2", 1.0), ("1", "2", -2.0), ("1", "3", -1.0)]),
    ],
)
def test_directed_ties_are_joined_by_a_named_rule(rule, expected):
    votes = np.array([[0, 1, 1, 0], [3, 0, -2, 1], [0, 1, 0, 0], [0, -1, 0, 0.0]])
    graph = signed_graph(votes, directed=rule)
    assert graph.table().rows() == expected
    assert graph.rule == rule
    rows = [(str(a), str(b), votes[a, b]) for a, b in np.argwhere(votes)]
    assert built(rows, directed=rule) == expected
    digraph = nx.DiGraph()
    digraph.add_nodes_from(range(4))
    digraph.add_weighted_edges_from((a, b, votes[a, b]) for a, b in np.argwhere(votes).tolist())
    assert built(digraph, directed=rule) == expected


def test_asymmetric_input_names_the_first_pair():
    with pytest.raises(
        InvalidSystemError, match=r"Ties are not symmetric at pair \(220, 300\): got \+1 and -1; expected equal"
    ) as fault:
        signed_graph([("300", "220", -1), ("220", "300", 1)])
    assert "directed='sum'" in str(fault.value)
    with pytest.raises(InvalidSystemError, match=r"at pair \(0, 1\) \(and 1 more\): got \+1 and no tie"):
        signed_graph(np.array([[0, 1, 1], [0, 0, 0], [0, 0, 0]]))
    assert built([("a", "b", 1), ("b", "a", 1)]) == [("a", "b", 1.0)]


def test_pairs_in_several_rows():
    rows = [("a", "b", 1), ("b", "c", 1), ("a", "b", 3), ("a", "b", -1)]
    with pytest.raises(InvalidSystemError, match=r"more than one row at pair \(a, b\) \(and 1 more\): got 1 and 3"):
        signed_graph(rows)
    values = {rule: built(rows, repeats=rule)[0][2] for rule in ("sum", "mean", "first", "last")}
    assert values == {"sum": 3.0, "mean": 1.0, "first": 1.0, "last": -1.0}


def test_loops_missing_and_infinite_weights():
    with pytest.raises(InvalidSystemError, match=r"with itself at pair \(b, b\)"):
        signed_graph([*ROWS, ("b", "b", 1)])
    assert built([*ROWS, ("b", "b", 1), ("c", "c", 0)], loops="drop") == TABLE
    for value in (float("nan"), float("inf"), None):
        with pytest.raises(InvalidSystemError, match=r"not finite at pair \(a, d\)"):
            signed_graph([*ROWS, ("a", "d", value)])
    assert built([*ROWS, ("a", "d", None)], missing="drop") == TABLE
    with pytest.raises(InvalidSystemError, match="not finite"):
        signed_graph([*ROWS, ("a", "d", float("-inf"))], missing="drop")
    assert built([*ROWS, ("a", "d", 0)]) == TABLE


@pytest.mark.parametrize("name", ["directed", "repeats", "loops", "missing", "weights"])
def test_unknown_words_are_refused(name):
    with pytest.raises(ParameterError, match=name):
        signed_graph(ROWS, **{name: "guess"})


@pytest.mark.parametrize(
    "source",
    [
        [("a", "b")], ["ab"], [("a", None, 1)], [("a", "b", "friend")], [("a", "b", "1.5.2")], 7, np.ones((2, 3)), np.ones(3),
        np.array([["x", "y"], ["z", "w"]]), np.ones((2, 2)) * 1j, pl.DataFrame({"a": ["x"], "b": ["y"]}),
        pl.DataFrame({"a": ["x"], "b": ["y"], "p": [1], "q": [1]}), "no-such-file.csv", {"a": 1},
    ],
)  # fmt: skip
def test_what_is_no_signed_graph_is_refused(source):
    with pytest.raises((ParameterError, DataError)):
        signed_graph(source)


def test_columns_and_names_must_fit():
    frame = pl.DataFrame(ROWS, schema=["a", "b", "sign"], orient="row")
    for columns in (("a", "b", "z"), ("a", "b")):
        with pytest.raises(ParameterError, match="columns"):
            signed_graph(frame, columns=columns)
    with pytest.raises(ParameterError, match="not among ids: got 'd'"):
        signed_graph(frame, ids=["a", "b", "c"])
    with pytest.raises(ParameterError, match="ids"):
        signed_graph(np.zeros((2, 2)), ids=["a"])
    assert signed_graph(frame, ids=["z", "d", "c", "b", "a"]).degree().tolist() == [0, 1, 2, 2, 1]


def test_edges_without_a_sign_are_refused():
    graph = nx.Graph([("a", "b")])
    with pytest.raises(InvalidSystemError, match="no sign"):
        signed_graph(graph)


def test_files_that_cannot_be_read(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"a,b,sign\n1,2\n1,2,3,4,5\n")
    (tmp_path / "a.npz").write_bytes(b"nothing")
    (tmp_path / "a.txt").write_text("a b 1")
    np.savez(tmp_path / "b.npz", n=2, u=[0], v=[5], w=[1])
    np.savez(tmp_path / "c.npz", n=2, u=[0])
    for name in ("a.csv", "a.npz", "a.txt", "b.npz", "c.npz"):
        with pytest.raises(DataError):
            signed_graph(tmp_path / name)


def test_names_that_look_like_numbers_stay_what_they_are(tmp_path):
    (tmp_path / "a.csv").write_text("a,b,sign\n10,9,1\n9,2,-1\n")
    (tmp_path / "b.csv").write_text("a,b,sign\n01,1,1\n1,2,-1\n")
    assert signed_graph(tmp_path / "a.csv").ids == ("2", "9", "10")
    assert signed_graph(tmp_path / "b.csv").ids == ("01", "1", "2")


def test_graphs_of_many_times_share_their_nodes(tmp_path):
    frame = pl.DataFrame({"year": [1902, 1900, 1900], "a": ["x", "a", "b"], "b": ["a", "b", "c"], "sign": [1, -1, 1]})
    graphs = signed_graphs(frame)
    assert list(graphs) == [1900, 1902]
    assert {g.ids for g in graphs.values()} == {("a", "b", "c", "x")}
    assert signed_graphs({t: g.attached() for t, g in graphs.items()}) == graphs
    assert signed_graphs(frame, time="year", columns=("a", "b", "sign"), ids="abcx") == graphs
    frame.write_csv(tmp_path / "ties.csv")
    assert signed_graphs(tmp_path / "ties.csv") == graphs
    assert signed_graphs({}) == {}
    assert signed_graphs(frame.clear()) == {}
    for wrong in ({"time": "month"}, {}):
        with pytest.raises(ParameterError, match="time"):
            signed_graphs(frame if wrong else frame.drop("year"), **wrong)
    with pytest.raises(ParameterError, match="Times are missing"):
        signed_graphs(frame.with_columns(year=pl.Series([None, 1, 2])))


def test_record_refuses_what_breaks_it():
    one = np.array([0]), np.array([1]), np.array([1.0])
    for ids, i, j, w in (
        (("a", "a"), *one), (("a", "b"), one[1], one[0], one[2]), (("a",), *one), (("a", "b"), *one[:2], np.array([0.0])),
        (("a", "b"), *one[:2], np.array([np.nan])), (("a", "b"), *one[:2], np.array([1.0, 2.0])),
        (("a", "b", "c"), np.array([0, 0]), np.array([2, 1]), np.ones(2)), (("a", "b"), np.array([0, 0]), np.array([1, 1]), np.ones(2)),
    ):  # fmt: skip
        with pytest.raises(InvalidSystemError):
            SignedGraph(ids, i, j, w)
    graph = signed_graph(ROWS)
    with pytest.raises(ValueError, match="read-only"):
        graph.w[0] = 3
    assert (graph == 3) is False
    assert len({graph, signed_graph(ROWS), graph.signs()}) == 2


def test_parts_of_a_graph():
    graph = signed_graph([("d", "c", 1), ("a", "e", -2), ("a", "f", 1)], ids="abcdef")
    assert graph.components().tolist() == [0, 1, 2, 2, 0, 0]
    parts = graph.parts()
    assert [p.table().rows() for _, p in parts] == [[("a", "e", -2.0), ("a", "f", 1.0)], [], [("c", "d", 1.0)]]
    assert [nodes.tolist() for nodes, _ in parts] == [[0, 4, 5], [1], [2, 3]]
    assert all(p == graph.subgraph(nodes) for nodes, p in parts)
    assert graph.attached().ids == ("a", "c", "d", "e", "f")
    assert (graph.sparse().toarray() == graph.matrix()).all()
    assert graph.on("fedcba").on("abcdef") == graph
    with pytest.raises(ParameterError, match="no e, f"):
        graph.on("abcd")


def test_empty_and_lonely():
    for source in (
        [],
        np.zeros((0, 0)),
        pl.DataFrame(schema={"a": pl.String, "b": pl.String, "sign": pl.Int64}),
        nx.Graph(),
    ):
        graph = signed_graph(source)
        assert (graph.n, graph.m, graph.negative) == (0, 0, 0)
        assert graph.parts() == []
    lonely = signed_graph(np.zeros((1, 1)))
    assert (lonely.n, lonely.m, lonely.attached().n) == (1, 0, 0)


def test_arrays_are_what_line_ups_take():
    g = signed_graph([("a", "b", 1), ("b", "c", -1)])
    n, i, j, w = g.arrays
    assert (n, i.tolist(), j.tolist(), w.tolist()) == (3, [0, 1], [1, 2], [1.0, -1.0])
