"""Networks, their terms, and the rows of pairs."""

from __future__ import annotations

import numpy as np
import pytest

from foedus.errors import DataError, ParameterError
from foedus.formation.network import Network, known_terms, pair_rows
from foedus.formation.network_terms import parse_term, parse_terms
from foedus.kernels import change_statistics as change


def square(n, *pairs):
    made = np.zeros((n, n), dtype=bool)
    for i, j in pairs:
        made[i, j] = made[j, i] = True
    return made


@pytest.fixture
def network():
    """Four states; D's power is unknown, and so is whether A and B fight."""
    fights = np.zeros((4, 4))
    fights[0, 1] = fights[1, 0] = np.nan
    fights[2, 3] = fights[3, 2] = 1.0
    return Network(
        1914,
        ("A", "B", "C", "D"),
        square(4, (0, 1), (1, 2)),
        square(4, (0, 1)),
        {"power": np.array([1.0, 3.0, 3.0, np.nan])},
        {"fights": fights},
    )


def test_every_term_by_name(network):
    expected = {
        "edges": change.edges(network.ties),
        "kstar(2)": change.two_stars(network.ties),
        "triangle": change.triangles(network.ties),
        "isolates": change.isolates(network.ties),
        "gwesp(0.5)": change.gwesp(network.ties, 0.5),
        "gwdegree(1)": change.gwdegree(network.ties, 1.0),
        "nodecov(power)": change.node_sum(network.nodes["power"]),
        "absdiff(power)": change.node_difference(network.nodes["power"]),
        "nodematch(power)": change.node_match(network.nodes["power"]),
        "edgecov(fights)": network.pairs["fights"],
        "memory(innovation)": change.memory(network.before, "innovation"),
        "timecov": 4 * change.edges(network.ties),
        "timecov(fights)": 4 * network.pairs["fights"],
    }
    for name, made in expected.items():
        term = parse_term(name)
        assert term.name == name
        assert term.change(network, 1910) == pytest.approx(made, nan_ok=True)


def test_rows_leave_out_what_is_unknown(network):
    rows = pair_rows([network], parse_terms(["edges", "nodecov(power)", "edgecov(fights)"]), origin=1913)
    assert (rows.i.tolist(), rows.j.tolist()) == ([0, 1], [2, 2])
    assert rows.x.tolist() == [[1, 4, 0], [1, 6, 0]]
    assert rows.y.tolist() == [0, 1]
    assert (rows.n_pairs, rows.year.tolist()) == (6, [1914, 1914])
    assert (network.n_pairs, network.n_ties) == (6, 2)


def test_terms_known_for_too_few_pairs_are_dropped_and_named(network):
    terms = parse_terms(["edges", "gwesp(0)", "nodecov(power)", "edgecov(fights)"])
    kept, dropped = known_terms([network], terms, 0.6)
    assert [t.name for t in kept] == ["edges", "gwesp(0)", "edgecov(fights)"]
    assert dropped == {"nodecov(power)": (1914, 0.5)}
    assert known_terms([network], terms, 0.5) == (terms, {})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "triangles",
        "kstar(3)",
        "gwesp",
        "gwesp(-1)",
        "gwesp(inf)",
        "memory(x)",
        "edges(2)",
        "nodecov",
        "edgecov()",
        "edges+gwesp(0)",
    ],
)
def test_terms_that_do_not_exist(text):
    with pytest.raises(ParameterError, match="terms"):
        parse_term(text)


@pytest.mark.parametrize("texts", [[], "edges", ["edges", "edges"]])
def test_lists_of_terms_that_are_none(texts):
    with pytest.raises(ParameterError, match="terms"):
        parse_terms(texts)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("edgecov(power)", "no such covariate"),
        ("nodecov(fights)", "no such covariate"),
        ("timecov(x)", "no such covariate"),
    ],
)
def test_covariates_that_are_not_there(network, name, text):
    with pytest.raises(DataError, match=text):
        parse_term(name).change(network)


def test_memory_needs_the_year_before():
    with pytest.raises(DataError, match="year before"):
        parse_term("memory(loss)").change(Network(1914, ("A", "B"), square(2)))


ONE_WAY = np.array([[False, True], [False, False]])


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"ids": ("A",), "ties": square(1)}, "at least two"),
        ({"ids": ("A", "A")}, "each once"),
        ({"ties": square(3)}, "shape"),
        ({"ties": np.zeros((2, 2))}, "float64"),
        ({"ties": ONE_WAY}, "not symmetric at A and B"),
        ({"ties": np.eye(2, dtype=bool)}, "with itself"),
        ({"before": ONE_WAY}, "not symmetric"),
        ({"nodes": {"x": np.zeros(3)}}, "Covariate x"),
        ({"nodes": {"x": np.array([0.0, np.inf])}}, "infinite"),
        ({"pairs": {"x": np.full((2, 2), -np.inf)}}, "infinite"),
        ({"pairs": {"x": np.array([[0.0, 1.0], [np.nan, 0.0]])}}, "x of 1914 is not symmetric"),
    ],
)
def test_networks_that_are_none(given, text):
    with pytest.raises(DataError, match=text):
        Network(1914, **({"ids": ("A", "B"), "ties": square(2)} | given))
