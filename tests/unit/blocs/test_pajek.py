import networkx as nx
import numpy as np
import pytest

from foedus.blocs.graph import signed_graph
from foedus.errors import DataError, InvalidSystemError

VERTICES = '*Vertices 4\n1 "New South" 0.1 0.2 ic Red\n2 b\n'


@pytest.fixture
def pajek(tmp_path):
    def write(text, **options):
        path = tmp_path / "ties.net"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return signed_graph(path, **options)

    return write


def test_edges(pajek):
    graph = pajek("% by hand\n*Network test\n" + VERTICES + "\n*Edges\n2 1 -1 w 3\n3 4\n")
    assert graph.ids == ("New South", "b", "3", "4")
    assert graph.table().rows() == [("New South", "b", -1.0), ("3", "4", 1.0)]


def test_arcs_need_a_rule_and_edges_beside_them_count_both_ways(pajek):
    text = VERTICES + "*Arcs\n1 2 2\n2 1 -1\n*Edges\n3 4 -1\n"
    with pytest.raises(InvalidSystemError, match=r"pair \(New South, b\): got \+2 and -1"):
        pajek(text)
    assert pajek(text, directed="strongest").w.tolist() == [2.0, -1.0]
    assert pajek(text, directed="sum").w.tolist() == [1.0, -2.0]


def test_lists_and_matrix(pajek):
    assert pajek(VERTICES + "*Edgeslist\n1 2 -3\n").w.tolist() == [1.0, -1.0]
    assert pajek(VERTICES + "*Arcslist\n1 2 -3\n", directed="mean").w.tolist() == [1.0, -1.0]
    matrix = "*Matrix\n0 1 0 0\n1 0 -2 0\n0 -2 0 0\n0 0 0 0\n"
    assert pajek(VERTICES + matrix).table().rows() == [("New South", "b", 1.0), ("b", "3", -2.0)]


def test_networkx_writes_what_we_read(pajek, tmp_path):
    graph = nx.Graph()
    graph.add_weighted_edges_from([("x", "y", -1.0), ("y", "z", 2.5)])
    nx.write_pajek(graph, tmp_path / "ties.net")
    assert signed_graph(tmp_path / "ties.net") == signed_graph(graph)


def test_latin_names(pajek):
    assert pajek('*Vertices 1\n1 "Österreich"\n'.encode("latin-1")).ids == ("Österreich",)
    assert pajek("*vertices 2\n").degree().tolist() == [0, 0]
    assert np.array_equal(pajek("*Vertices 0\n").w, [])


@pytest.mark.parametrize(
    "text",
    [
        "", "1 2 1\n", "*Edges\n1 2 1\n", "*Vertices\n", "*Vertices x\n", "*Partition p\n", VERTICES + "*Edges\n1\n", VERTICES + "*Edges\n1 9 1\n",
        VERTICES + "*Edges\n1 x 1\n", VERTICES + "*Edges\n1 2 much\n", VERTICES + "*Edges\n*Edges\n", VERTICES + '3 "open\n', VERTICES + "*Matrix\n0 1\n",
        VERTICES + "*Matrix\n0 0 0 0\n", VERTICES + "*Vertices 4\n", VERTICES + "*Matrix\n" + "0 0 0 0\n" * 5,
    ],
)  # fmt: skip
def test_broken_files_say_the_line(pajek, text):
    with pytest.raises(DataError, match="line"):
        pajek(text)
