"""Published numbers on the balance of signed networks, from the files as their authors give them."""

import time

import pytest

from foedus.blocs.balance import balance, count_triads
from foedus.blocs.blockmodel import blockmodel
from foedus.blocs.graph import signed_graph, signed_graphs
from foedus.blocs.null_models import null_draw
from foedus.kernels.triads import triads_reference

pytestmark = pytest.mark.realdata


def test_highland_tribes(realdata_dir):
    """Read 1954 in the reading of Aref & Wilson 2019: 58 of 68 triads are not needed to see the three camps."""
    report = balance(realdata_dir / "signed/tribes_edges.csv", null="degrees", draws=30)
    graph = report.graph
    assert (graph.n, graph.m, graph.negative) == (16, 58, 29)
    assert list(report.triads.by_type.values()) == [19, 2, 40, 7]
    assert report.triads.share == 59 / 68
    assert (report.frustration.value, report.frustration.proved) == (7, True)
    assert report.frustration.normalised == pytest.approx(0.7586, abs=5e-5)
    assert all(c.p <= 0.1 and abs(c.z) > 3 for c in report.chance)
    three = blockmodel(graph, 3)
    assert (three.negative + three.positive, three.proved) == (2, True)
    assert three.sign.tolist() == [[1, -1, -1], [-1, 1, -1], [-1, -1, 1]]
    assert 2 * blockmodel(graph, 2).value <= 7


@pytest.mark.parametrize(
    ("window", "n", "m", "negative", "value"),
    [("46-49", 64, 362, 42, 17), ("76-79", None, None, None, 50), ("96-99", 151, 1247, 147, 45)],
)
def test_windows_of_correlates_of_war(realdata_dir, window, n, m, negative, value):
    """Doreian & Mrvar 2015, whose windows Aref & Wilson 2019 solve exactly."""
    graphs = signed_graphs(realdata_dir / "signed/cow_signed_1946_1999.csv")
    assert len(graphs) == 51
    graph = graphs[window].attached()
    assert n is None or (graph.n, graph.m, graph.negative) == (n, m, negative)
    report = balance(graph)
    assert (report.frustration.value, report.frustration.proved) == (value, True)
    assert count_triads(graph).node.tolist() == triads_reference(graph.n, graph.i, graph.j, graph.w)[1].tolist()
    assert report.walk.standing == "exact"


def test_epinions_in_seconds(realdata_dir):
    """131,513 people, 708,507 ties: what has no part in the clock is the compilation."""
    graph = signed_graph(realdata_dir / "signed/epinions.npz")
    count_triads(signed_graph([("a", "b", 1)]))
    begun = time.perf_counter()
    found = count_triads(graph)
    assert time.perf_counter() - begun < 20
    assert (graph.n, graph.m) == (131_513, 708_507)
    assert found.total == sum(found.by_type.values()) == found.node[:, 0].sum() // 3
    assert found.share > 0.8


def test_votes_that_cancel_are_no_tie(realdata_dir):
    graph = signed_graph(realdata_dir / "signed/bitcoin_alpha.csv", missing="drop")
    drawn = null_draw(graph, "degrees", 0, swaps=1)
    assert (graph.degree() == drawn.degree()).all()
    assert graph.negative == drawn.negative
