"""`foedus export` writes and says what; `foedus scenario new` begins from a network of one's own; what cannot be is exit 2 with one message."""

from __future__ import annotations

import subprocess
import sys

import networkx as nx
import polars as pl
import pytest

from foedus.blocs.graph import signed_graph
from foedus.cli import main
from foedus.scenario.read import load


@pytest.fixture
def run(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")

    def call(*arguments):
        try:
            main(list(arguments))
            code = 0
        except SystemExit as stop:
            code = stop.code or 0
        out = capsys.readouterr()
        return code, out.out, out.err

    return call


def test_each_form_is_written(run, tmp_path):
    for name, options in (
        ("a.graphml", []), ("a.gexf", ["--of", "facts"]), ("a.net", []), ("a.csv", ["--of", "matrix"]), ("w.nc", ["--of", "war:AUH:SER"]),
        ("g.efg", ["--of", "crisis:GMY:FRN"]), ("b.feather", ["--of", "blocs"]),
    ):  # fmt: skip
        code, out, err = run("export", "--in", "europe-1914", "-o", name, "--draws", "100", *options)
        assert (code, err) == (0, "")
        assert f"wrote {name}" in out
        assert "terms of its sources" in out
    assert len(nx.read_graphml(tmp_path / "a.graphml")) == 16
    assert pl.read_ipc(tmp_path / "b.feather").height == 16
    assert signed_graph(tmp_path / "a.net").m == 73


@pytest.mark.parametrize(("options", "said"), [
    (["-o", "x.txt"], "ends in .graphml"), (["-o", "none/x.csv"], "folder that is there"), (["-o", "x.csv", "--of", "pacts"], "--of takes"),
    (["-o", "x.csv", "--of", "war"], "--of takes"), (["-o", "x.csv", "--of", "signed:A"], "--of takes"), (["-o", "x.csv", "--of", "war:AUH"], "ATTACKER:TARGET"),
    (["-o", "x.nc"], "draws are of a result"), (["-o", "x.csv", "--of", "war:AUH:XYZ"], "Unknown actor"),
])  # fmt: skip
def test_what_cannot_be_is_said(run, tmp_path, options, said):
    code, out, err = run("export", "--in", "europe-1914", *options)
    assert (code, out) == (2, "")
    assert said in err
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_not_overwritten_unasked(run, tmp_path):
    (tmp_path / "x.csv").write_text("mine")
    assert run("export", "--in", "europe-1914", "-o", "x.csv")[0] == 2
    assert (tmp_path / "x.csv").read_text() == "mine"
    assert run("export", "--in", "europe-1914", "-o", "x.csv", "--of", "actors", "--force")[0] == 0


def test_a_range_is_facts_of_the_whole_system(run, monkeypatch):
    from foedus.system import from_tables

    for option in (["--of", "actors"], ["--actors", "GMY,FRN"]):
        assert run("export", "--in", "1913:1914", "-o", "x.gexf", *option)[0] == 2
    monkeypatch.setattr(from_tables, "over_dates", lambda days, _: (load("europe-1914").with_(date=d) for d in days))
    assert run("export", "--in", "1913:1914", "-o", "x.gexf")[0] == 0
    assert nx.read_gexf("x.gexf").nodes["GMY"]["spells"] == [("1913-01-01", "1914-01-01")]


def test_a_network_of_ones_own_becomes_a_scenario(run, tmp_path):
    run("export", "--in", "europe-1914", "-o", "m.csv", "--of", "matrix")
    code, out, _ = run("scenario", "new", "--from-matrix", "m.csv", "-o", "mine.toml", "--date", "1914-07-28")
    assert code == 0
    assert "16 actors, 0 pacts, 73 ties" in out
    assert "Unknown: capability" in out
    back = {frozenset((t.a, t.b)): t.strength.centre for t in load("mine.toml").ties}
    ours = signed_graph(load("europe-1914"), weights="sign")
    assert back == {frozenset((ours.ids[i], ours.ids[j])): w for i, j, w in zip(ours.i, ours.j, ours.w, strict=True)}
    (tmp_path / "e.csv").write_text("from,to,sign\nAthens,Sparta,-1\nSparta,Corinth,1\nCorinth,Sparta,-1\n")
    assert run("scenario", "new", "--from-edges", "e.csv", "-o", "e.toml", "--date", "1900")[0] == 2
    assert (
        run(
            "scenario",
            "new",
            "--from-edges",
            "e.csv",
            "-o",
            "e.toml",
            "--date",
            "1900",
            "--directed",
            "lower",
            "--negative",
            "war",
        )[0]
        == 0
    )
    assert {t.reason for t in load("e.toml").ties} == {"war"}


@pytest.mark.parametrize(("options", "said"), [
    ([], "got 0"), (["--from", "europe-1914", "--from-edges", "e.csv"], "got 2"), (["--from-edges", "e.csv"], "has no date"),
    (["--from-edges", "e.csv", "--date", "1900", "--object", "x"], "--object goes with"), (["--from-edges", "none.csv", "--date", "1900"], "No such file"),
    (["--from-edges", "e.csv", "--date", "1900", "--actors", "A"], "go with --from"), (["--from-matrix", "e.csv", "--date", "1900"], "rows"),
])  # fmt: skip
def test_what_makes_no_scenario_is_said(run, tmp_path, options, said):
    (tmp_path / "e.csv").write_text("from,to,sign\nA,B,-1\n")
    code, _, err = run("scenario", "new", "-o", "x.toml", *options)
    assert code == 2
    assert said in err
    assert not (tmp_path / "x.toml").exists()


def test_doctor_says_what_is_here_and_leaves_with_the_right_code(run, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("FOEDUS_DATA", raising=False)
    code, out, _ = run("doctor")
    assert code == 0
    assert "Nothing is broken." in out
    assert "ok   numpy: " in out
    code, out, _ = run("doctor", "--data-dir", "none", "--json")
    assert code == 1
    assert '"healthy": false' in out
    code, out, _ = run("doctor", "--data-dir", "none", "--report")
    assert code == 1
    assert str(tmp_path) not in out
    assert "1 broken: store" in run("doctor", "--data-dir", "none")[1]
    assert run("doctor", "--report", "--json")[0] == 2


def test_doctor_needs_no_package_that_it_reports_on(tmp_path):
    """With every heavy package absent it still says which are missing."""
    code = (
        "import sys\n"
        "for name in ('rich', 'polars', 'numpy', 'numba', 'packaging', 'pandas'): sys.modules[name] = None\n"
        "sys.argv = ['foedus', 'doctor']\n"
        "from foedus.studies.doctor import doctor\n"
        "from foedus.cli.doctor import _told\n"
        "sys.stdout.write(_told(doctor()))"
    )
    env = {"HOME": str(tmp_path), "PYTHONPATH": ":".join(sys.path), "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60, env=env
    )
    assert done.stderr == ""
    assert "packaging is not installed" in done.stdout
