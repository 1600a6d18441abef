"""Files for other programs read back as the same nodes, signs and days, whatever the names hold; each says what it is."""

from __future__ import annotations

import dataclasses
import datetime as dt
import importlib
import io
import itertools
import json
import re
import types
from xml.etree import ElementTree as ET

import networkx as nx
import numpy as np
import polars as pl
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

import foedus as fd
from foedus.blocs import pajek
from foedus.blocs.graph import signed_graph
from foedus.errors import InvalidSystemError, MissingExtraError, ParameterError
from foedus.kernels.crisis_game import NODES, OUTCOMES
from foedus.report import interchange
from foedus.report.interchange import about, draws, efg, files, network
from foedus.system.nouns import Actor, Member, Pact, Tie
from foedus.system.system import System
from foedus.system.values import Quantity

EVIL = [
    '=cmd|"/c calc"!A1',
    "</data><evil a='1'>&amp;",
    "\x1b[2J\x1b]0;owned\x07",
    "\u202egpj.exe",
    "@SUM(1)",
    'a\\b"c',
    "*Edges",
    "% note",
]


def named(names, date=dt.date(1914, 1, 1)):
    """Return a system whose actors bear these ids and names, each pair of neighbours with a tie, signs in turn."""
    ties = tuple(
        Tie(
            a,
            b,
            "rivalry" if k % 2 else "interest",
            Quantity.of([-0.9, -0.5] if k % 2 else 0.5),
            start=dt.date(1900, 1, 2),
            sources=("=1+1",),
        )
        for k, (a, b) in enumerate(itertools.pairwise(names))
    )
    pact = Pact(
        "p",
        names[0],
        "alignment",
        (Member(names[0], entry=dt.date(1905, 1, 1)), Member(names[1])),
        start=dt.date(1904, 4, 8),
    )
    return System("evil", names[-1], date, tuple(Actor(n, n) for n in names), (pact,), ties)


@pytest.fixture(scope="module")
def europe():
    return fd.load("europe-1914")


def signs(graph):
    return {frozenset((a, b)): d["sign"] for a, b, d in graph.edges(data=True)}


def test_the_signed_network_is_the_signed_graph_with_intervals(europe):
    graph = interchange.to_networkx(europe, draws=60, seed=2)
    ours = signed_graph(europe, weights="sign")
    assert list(graph) == list(europe.ids)
    assert signs(graph) == {
        frozenset((ours.ids[i], ours.ids[j])): w for i, j, w in zip(ours.i, ours.j, ours.w, strict=True)
    }
    for *_, d in graph.edges(data=True):
        assert d["low"] < d["high"]
        assert 0 <= d["p_positive"] <= 1
        parts = [v for k, v in d.items() if k not in {"sign", "weight", "low", "high", "p_positive", "weight_by_size"}]
        assert np.isclose(sum(parts), d["weight"])
    assert graph.graph["draws"] == "60"
    assert "gw" in graph.nodes["GMY"]
    assert None not in {v for *_, d in graph.nodes(data=True) for v in d.values()}


@pytest.mark.parametrize("of", ["signed", "facts"])
@pytest.mark.parametrize("names", [["AA", "BB", "CC"], EVIL])
def test_graphml_and_gexf_read_back(of, names):
    graph = interchange.to_networkx(named(names), of=of, draws=4)
    assert len(graph) == len(names)
    texts = {"graphml": files.to_graphml(graph), "gexf": files.to_gexf(graph)}
    again = {
        "graphml": nx.parse_graphml(texts["graphml"], force_multigraph=of == "facts"),
        "gexf": nx.read_gexf(io.BytesIO(texts["gexf"].encode())),
    }
    for kind, back in again.items():
        assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202e]", texts[kind])
        assert set(back) == set(graph)
        assert [back.nodes[n]["label"] for n in graph] == [graph.nodes[n]["label"] for n in graph]
        assert signs(back) == signs(graph)
        rows = sorted((a, b, str(d.get("start")), d.get("what")) for a, b, d in back.edges(data=True))
        if of == "facts":
            assert rows == sorted((a, b, str(d.get("start")), d.get("what")) for a, b, d in graph.edges(data=True))
    assert again["graphml"].graph["foedus_version"] == fd.__version__
    meta = ET.fromstring(texts["gexf"])[0]
    assert [c.tag.rpartition("}")[2] for c in meta] == ["creator", "description"]
    assert "date: 1914-01-01" in meta[1].text
    assert "lastmodified" not in texts["gexf"]


def test_an_entry_after_the_signature_is_the_start_and_a_tie_without_direction_says_so():
    rows = [d for *_, d in interchange.to_networkx(named(["AA", "BB", "CC"]), of="facts").edges(data=True)]
    assert [(d["layer"], d["what"], d["start"], d["symmetric"]) for d in rows] == [
        ("alignment", "alignment", "1905-01-01", True), ("tie", "interest", "1900-01-02", True), ("tie", "rivalry", "1900-01-02", True),
    ]  # fmt: skip


def test_pajek_reads_back_with_our_reader_and_networkx(tmp_path, europe):
    for system in (europe, named(EVIL)):
        graph = interchange.to_networkx(system, draws=2)
        (path,) = interchange.export(system, tmp_path / "x.net", draws=2)
        ours = signed_graph(path)
        assert set(ours.ids) == {about.one_line(n) for n in graph}
        assert (ours.n, ours.m, ours.negative) == (
            len(graph),
            graph.number_of_edges(),
            sum(s < 0 for s in signs(graph).values()),
        )
        theirs = nx.parse_pajek(path.read_text())
        assert set(theirs) == set(ours.ids)
        assert {frozenset(e[:2]): e[2]["weight"] for e in theirs.edges(data=True)} == {
            frozenset(map(about.one_line, pair)): s for pair, s in signs(graph).items()
        }
        assert "% foedus_version" in path.read_text()


@given(st.lists(st.text(min_size=1, max_size=8), min_size=2, max_size=5, unique=True))
@settings(max_examples=40, deadline=None)
def test_any_names_are_written_safely_or_refused(names):
    system = named(names)
    try:
        graph = interchange.to_networkx(system, draws=2)
    except InvalidSystemError:
        assert len({about.clean(n) for n in names}) < len(names)
        return
    back = nx.parse_graphml(files.to_graphml(graph))
    plain = {n.replace("\r\n", "\n").replace("\r", "\n") for n in graph}
    assert {n.replace("\r\n", "\n").replace("\r", "\n") for n in back} == plain or any(
        c in "".join(names) for c in "\t\n\r"
    )
    ET.fromstring(files.to_gexf(graph))
    try:
        text = files.to_pajek(graph)
    except InvalidSystemError:
        assert len({about.one_line(n) for n in graph}) < len(names)
        return
    assert len(pajek._Reader("x").read(text)[0]) == len(names)


def test_ids_that_no_file_can_tell_apart_are_refused():
    with pytest.raises(InvalidSystemError, match="one id in the file"):
        interchange.to_networkx(named(["A\x00", "A\x01"]), draws=2)
    with pytest.raises(InvalidSystemError, match="Pajek"):
        files.to_pajek(interchange.to_networkx(named(["A\tB", "A B"]), draws=2))


def walk():
    """Return three systems: CC is gone in the second, the tie of AA and BB weakens, that of BB and CC comes back."""
    base = named(["AA", "BB", "CC"], dt.date(1910, 1, 1))
    without = dataclasses.replace(base, date=dt.date(1911, 1, 1), actors=base.actors[:2], ties=base.ties[:1])
    weaker = dataclasses.replace(base.ties[0], strength=Quantity.of(0.25))
    renamed = (dataclasses.replace(base.actors[0], name="Alpha"), *base.actors[1:])
    return [
        base,
        without,
        dataclasses.replace(base, date=dt.date(1912, 1, 1), actors=renamed, ties=(weaker, base.ties[1])),
    ]


def test_a_walk_gives_spells_of_nodes_and_edges(tmp_path):
    (path,) = interchange.export(walk(), tmp_path / "all.gexf")
    back = nx.read_gexf(path)
    whole, gap = [("1910-01-01", "1912-01-01")], [("1910-01-01", "1910-01-01"), ("1912-01-01", "1912-01-01")]
    assert {n: d["spells"] for n, d in back.nodes(data=True)} == {"AA": whole, "BB": whole, "CC": gap}
    assert back.nodes["AA"]["names"] == "AA | Alpha"
    edges = {(a, b, d["what"]): d for a, b, d in back.edges(data=True)}
    assert edges["AA", "BB", "interest"]["spells"] == whole
    assert edges["AA", "BB", "interest"]["strength"] == [
        (0.5, "1910-01-01", "1911-01-01"),
        (0.25, "1912-01-01", "1912-01-01"),
    ]
    assert edges["BB", "CC", "rivalry"]["spells"] == gap
    assert edges["BB", "CC", "rivalry"]["began"] == "1900-01-02"
    assert 'mode="dynamic"' in path.read_text()
    assert 'timeformat="date"' in path.read_text()
    frame = pl.read_csv(interchange.export(walk(), tmp_path / "all.csv")[0])
    assert frame.group_by("date").len().sort("date")["len"].to_list() == [3, 2, 3]
    for bad in ([], walk()[::-1], walk()[:1] * 2):
        with pytest.raises(ParameterError, match="order of their dates"):
            interchange.over_time(bad)
    with pytest.raises(ParameterError, match="one or more"):
        interchange.export([], tmp_path / "x.csv")
    with pytest.raises(ParameterError, match=r"\.gexf, or a table"):
        interchange.export(walk(), tmp_path / "x.graphml")


def test_a_fact_that_stands_twice_on_a_date_counts_once():
    one = named(["AA", "BB", "CC"])
    twice = dataclasses.replace(one, ties=(*one.ties, one.ties[0]))
    assert interchange.over_time([twice]).number_of_edges() == interchange.over_time([one]).number_of_edges()


@pytest.mark.parametrize("ending", [".csv", ".feather", ".arrow", ".parquet"])
def test_tables_carry_their_origin_and_no_formula(tmp_path, ending):
    system = named(EVIL)
    path, *beside = interchange.export(system, tmp_path / f"t{ending}", of="facts")
    frame = {".csv": pl.read_csv, ".parquet": pl.read_parquet}.get(ending, pl.read_ipc)(path)
    assert frame["sign"].to_list() == [1, 1, -1, 1, -1, 1, -1, 1]
    text = "\n".join(str(x) for x in frame["a"])
    assert "\x1b" not in text
    assert "\u202e" not in text
    if ending == ".csv":
        assert frame["a"][0].startswith("'=")
        assert frame["sources"][1] == "'=1+1"
    else:
        assert frame["start"].to_list()[0] == dt.date(1905, 1, 1)
    said = pl.read_parquet_metadata(path) if ending == ".parquet" else json.loads(beside[0].read_text())
    assert said["foedus_version"] == fd.__version__
    assert said["date"] == "1914-01-01"
    assert (len(beside) == 0) is (ending == ".parquet")


def test_a_matrix_of_signs_is_that_of_the_graph(tmp_path, europe):
    path, _ = interchange.export(europe, tmp_path / "m.csv", of="matrix")
    frame = pl.read_csv(path)
    assert frame["id"].to_list() == frame.columns[1:] == list(europe.ids)
    assert (frame.drop("id").to_numpy() == signed_graph(europe, weights="sign").matrix()).all()
    actors = pl.read_csv(interchange.export(europe, tmp_path / "a.csv", of="actors")[0])
    assert actors.filter(id="SER")["control"].to_list() == [None]
    assert pl.read_csv(interchange.export(europe, tmp_path / "s.csv", draws=4)[0]).height == 73


def ends_of_efg(text):
    """Return (payoffs by the path of answers, movers by path) of a file of Gambit, read by the format's own rules."""
    tokens = re.findall(r'"(?:[^"\\]|\\.)*"|[{}]|[^\s{}",]+', text)
    assert tokens[:3] == ["EFG", "2", "R"]
    body = iter(tokens[tokens.index("}") + 2 :])
    pay, moves = {}, {}

    def node(path):
        kind = next(body)
        next(body)  # its name
        if kind == "t":
            number, name = next(body), next(body).strip('"')
            assert (next(body), int(number)) == ("{", OUTCOMES.index(name) + 1)
            pay[path] = (name, (float(next(body)), float(next(body))))
            assert next(body) == "}"
            return
        moves[path] = (int(next(body)), int(next(body)), next(body).strip('"'))
        assert [next(body) for _ in range(5)] == ["{", '"yes"', '"no"', "}", "0"]
        node((*path, "yes"))
        node((*path, "no"))

    node(())
    assert next(body, None) is None
    return pay, moves


def test_the_file_for_gambit_holds_the_whole_game(europe):
    game = fd.crisis(europe, "AUH", "SER", draws=2)
    pay, moves = ends_of_efg(efg.to_efg(game))

    def follow(at, path):
        if at < 0:
            name = OUTCOMES[-1 - at]
            assert pay.pop(path) == (name, tuple(game.worth[-1 - at].tolist()))
            return
        player, _, label = moves[path]
        assert (player, label) == (NODES[at].mover + 1, f"{at}: {NODES[at].question}")
        follow(NODES[at].yes, (*path, "yes"))
        follow(NODES[at].no, (*path, "no"))

    pairs = [m[:2] for m in moves.values()]
    labels = [(m[0], m[2]) for m in moves.values()]
    assert len(set(pairs)) == len(set(labels)) == len(pairs) == 12
    follow(1, ())
    assert pay == {}
    assert solved(efg.to_efg(game)) == game.outcome


def solved(text):
    """Return where play goes by the file alone, ties broken as the game breaks them."""
    pay, moves = ends_of_efg(text)

    def value(path):
        if path in pay:
            return pay[path]
        yes, no = value((*path, "yes")), value((*path, "no"))
        k = moves[path][0] - 1
        return yes if yes[1][k] - no[1][k] >= -1e-12 else no

    return value(())[0]


def test_names_cannot_leave_their_quotes_in_a_file_for_gambit(europe):
    evil = dataclasses.replace(europe, id='x" { "C" }\n\x1b')
    text = efg.to_efg(fd.crisis(evil, "AUH", "SER", draws=2))
    assert "\x1b" not in text
    assert len(ends_of_efg(text)[0]) == 13


@pytest.fixture(scope="module")
def war(europe):
    return europe.war("AUH", "SER", draws=100, seed=3)


def test_draws_of_a_war_read_back(tmp_path, war):
    (path,) = interchange.export(war, tmp_path / "w.nc")
    with xr.open_dataset(path) as back:
        assert dict(back.sizes) == {"chain": 1, "draw": 100, "actor": 16}
        assert back["actor"].values.tolist() == list(war.system.ids)
        assert (back["side"].values[0] == war.side).all()
        assert (np.isnan(back["day"].values[0]) == (war.day < 0)).all()
        assert (np.isnan(back["ended"].values[0]) == np.isnan(back["attacker_prevails"].values[0])).all()
        assert back["belligerents"].values.mean() == pytest.approx(war.size.mean)
        assert back.attrs["attacker"] == "AUH"
        assert back.attrs["foedus_version"] == fd.__version__
        assert back.attrs["seed"] in {"3", 3}
    assert path.read_bytes() == draws.to_netcdf(war)
    assert pl.read_csv(interchange.export(war, tmp_path / "w.csv")[0]).height == 16


def test_draws_of_blocs_read_back(tmp_path, quartet):
    blocs = quartet.blocs(draws=20, seed=1)
    (path,) = interchange.export(blocs, tmp_path / "b.nc")
    with xr.open_dataset(path) as back:
        assert (back["propensity"].values[0] == blocs.sample.total).all()
        assert back["pair"].values.tolist()[0] == "AA:BB"
        assert np.isnan(back["membership"].values[-1]), "EE knows nobody: unknown, not 0"


def test_netcdf_4_has_the_groups_of_arviz(tmp_path, quartet):
    blocs = quartet.blocs(draws=20, seed=1)
    if importlib.util.find_spec("h5netcdf") is None:
        with pytest.raises(MissingExtraError, match=r"foedus\[export\]"):
            interchange.export(blocs, tmp_path / "b.nc4")
        return
    (path,) = interchange.export(blocs, tmp_path / "b.nc4")
    with xr.open_datatree(path, engine="h5netcdf") as tree:
        assert set(tree.children) == {"posterior", "constant_data"}
        assert tree["posterior"]["propensity"].dims == ("chain", "draw", "pair")


def test_what_does_not_go_together_is_said(tmp_path, europe, quartet, war):
    cases = [
        (europe, "x.txt", {}, "a file that ends in .graphml"),
        (europe, "x.efg", {}, "draws are of a result"),
        (europe, "x.net", {"of": "facts"}, "one sign a pair"),
        (europe, "x.gexf", {"of": "actors"}, "'signed' or 'facts'"),
        (europe, "x.csv", {"of": "pacts"}, "signed, facts, actors, matrix"),
        (europe, "x.csv", {"draws": 1}, "at least 2"),
        (war, "x.gexf", {}, "goes with War"),
        (fd.crisis(europe, "AUH", "SER", draws=2), "x.net", {}, "goes with Crisis"),
        (fd.crisis(europe, "AUH", "SER", draws=2), "x.nc", {}, "goes with Crisis"),
        ("text", "x.nc", {}, "Blocs or War"),
    ]
    for what, name, options, said in cases:
        with pytest.raises(ParameterError, match=re.escape(said)):
            interchange.export(what, tmp_path / name, **options)
    assert list(tmp_path.iterdir()) == []
    assert interchange.export(fd.crisis(europe, "AUH", "SER", draws=2), tmp_path / "g.EFG")[0].name == "g.EFG"


@pytest.mark.parametrize(("module", "name", "call"), [
    ("networkx", "export", interchange.to_networkx),
    ("networkx", "export", lambda s: interchange.over_time([s])),
    ("rustworkx", "rustworkx", interchange.to_rustworkx),
    ("xarray", "export", lambda s: draws.to_xarray(s.blocs(draws=4))),
])  # fmt: skip
def test_a_missing_package_names_its_extra(monkeypatch, quartet, module, name, call):
    real = importlib.import_module

    def absent(wanted, *rest):
        if wanted == module:
            raise ImportError(wanted)
        return real(wanted, *rest)

    monkeypatch.setattr(importlib, "import_module", absent)
    with pytest.raises(MissingExtraError, match=re.escape(f"pip install 'foedus[{name}]'")):
        call(quartet)


class Rust:
    """Stands for a graph of rustworkx: what is asked of it, and no more."""

    def __init__(self, **options):
        self.options, self.nodes, self.edges = options, [], []

    def add_nodes_from(self, nodes):
        self.nodes += nodes
        return range(len(self.nodes))

    def add_edges_from(self, edges):
        self.edges += edges


@pytest.mark.parametrize("of", ["signed", "facts"])
def test_rustworkx_has_the_same_nodes_and_edges(monkeypatch, quartet, of):
    if importlib.util.find_spec("rustworkx") is None:
        monkeypatch.setattr(network, "optional", lambda *_: types.SimpleNamespace(PyGraph=Rust, PyDiGraph=Rust))
        graph = interchange.to_rustworkx(quartet, of=of, draws=4)
        nodes, edges = graph.nodes, graph.edges
    else:
        graph = interchange.to_rustworkx(quartet, of=of, draws=4)
        nodes, edges = graph.nodes(), [(a, b, d) for a, b, d in graph.weighted_edge_list()]
    monkeypatch.undo()
    twin = interchange.to_networkx(quartet, of=of, draws=4)
    assert [n.pop("id") for n in nodes] == list(twin)
    assert nodes == [d for _, d in twin.nodes(data=True)]
    ids = list(twin)
    key = lambda e: (e[0], e[1], e[2]["sign"], str(e[2].get("what")))  # noqa: E731
    assert sorted(((ids[a], ids[b], d) for a, b, d in edges), key=key) == sorted(twin.edges(data=True), key=key)
