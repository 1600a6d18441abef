"""A signed network becomes a scenario file and comes back with the same signs; what is unknown stays unknown."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import foedus as fd
from foedus.blocs.graph import signed_graph
from foedus.errors import InvalidSystemError, ParameterError
from foedus.scenario.from_network import system_from_network
from foedus.scenario.read import parse_text
from foedus.scenario.write import to_toml

DAY = dt.date(1914, 1, 1)


def test_ties_actors_and_what_is_unknown():
    graph = signed_graph([("Côte d'Ivoire", "2", 1), ("2", "GMY", -0.5), ("x", "GMY", 1)])
    system = system_from_network(graph, date=DAY, positive="ideology")
    assert dict(zip([a.name for a in system.actors], system.ids, strict=True)) == {
        "2": "N2", "Côte d'Ivoire": "C_TE_D_IVOIR", "GMY": "GMY", "x": "X_1",
    }  # fmt: skip
    assert {(t.reason, t.strength.centre) for t in system.ties} == {("ideology", 1.0), ("rivalry", -0.5)}
    assert all(not a.capability and a.regime is None and a.place is None for a in system.actors)
    assert any("unknown" in limit for limit in system.limits)
    assert parse_text(to_toml(system), "x").system.hash == system.hash


@given(
    st.dictionaries(
        st.tuples(st.integers(0, 8), st.integers(0, 8)).filter(lambda p: p[0] < p[1]),
        st.sampled_from([-1, 1]),
        min_size=1,
    )
)
@settings(max_examples=30, deadline=None)
def test_signs_survive_the_file(ties):
    graph = signed_graph([(f"S{a}", f"S{b}", w) for (a, b), w in ties.items()])
    back = parse_text(to_toml(system_from_network(graph, date=DAY)), "x").system
    found = {(t.a, t.b): t.strength.centre for t in back.ties}
    assert found == {(graph.ids[i], graph.ids[j]): w for i, j, w in zip(graph.i, graph.j, graph.w, strict=True)}


def test_weights_beyond_one_need_a_word():
    graph = signed_graph([("AA", "BB", 4), ("BB", "CC", -2)])
    with pytest.raises(ParameterError, match="weights beyond 1"):
        system_from_network(graph, date=DAY)
    system = system_from_network(graph, date=DAY, scale=True)
    assert [t.strength.centre for t in system.ties] == [1.0, -0.5]
    assert "weights were divided by 4" in system.limits


def test_what_makes_no_system_is_refused():
    two = signed_graph([("AA", "BB", 1)])
    with pytest.raises(ParameterError, match="'negative'"):
        system_from_network(two, date=DAY, negative="hate")
    with pytest.raises(InvalidSystemError, match="both COTE"):
        system_from_network(signed_graph([("cote", "COTE", 1)]), date=DAY)
    with pytest.raises(InvalidSystemError, match="two actors"):
        system_from_network(signed_graph([], ids=["AA"]), date=DAY)


def test_a_network_can_be_lined_up():
    graph = signed_graph([("AA", "BB", 1), ("AA", "CC", -1), ("BB", "CC", -1)])
    blocs = system_from_network(graph, date=DAY).blocs(draws=10)
    assert {a: int(b) for a, b in zip(blocs.system.ids, blocs.two.label, strict=True)} in (
        {"AA": 0, "BB": 0, "CC": 1},
        {"AA": 1, "BB": 1, "CC": 0},
    )
    assert fd.partition(*graph.arrays).value == 0
