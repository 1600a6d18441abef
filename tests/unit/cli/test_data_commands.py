import io
import json
import socket
from types import SimpleNamespace

import polars as pl
import pytest

from foedus.cli import DATA_COMMANDS, main
from foedus.cli.data import _bytes, _columns
from foedus.data import store
from foedus.data.store import DataDir
from unit.data.misbehaving import Server, content, install


def run(capsys, *argv):
    code = 0
    try:
        main(["data", *argv])
    except SystemExit as stop:
        code = stop.code or 0
    out = capsys.readouterr()
    return code, out.out, out.err


class Terminal(io.StringIO):
    """Stands for a keyboard."""

    def isatty(self):
        return True


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Name an empty folder that the commands use, with made-up data sets whose addresses nobody serves."""
    install("http://127.0.0.1:9", monkeypatch.setattr)
    store._table.cache_clear()
    (tmp_path / "data").mkdir()
    monkeypatch.setenv("FOEDUS_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "160")
    return tmp_path / "data"


@pytest.fixture
def server(folder, monkeypatch):
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    one = Server()
    install(one.url, monkeypatch.setattr)
    yield one
    one.close()


@pytest.fixture
def offline(monkeypatch):
    """Fail on any connection."""
    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("opened a connection"))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: pytest.fail("looked up a host"))


def mine(tmp_path, name, **more):
    path = tmp_path / f"mine-{name}.csv"
    path.write_bytes(content(name, **more))
    return path


@pytest.mark.parametrize("command", DATA_COMMANDS)
def test_every_command_has_help_and_is_documented(capsys, command):
    from pathlib import Path

    code, out, _ = run(capsys, command, "--help")
    assert code == 0
    assert f"data {command}" in out
    assert f"`foedus data {command}" in Path(__file__).parents[3].joinpath("docs/reference/cli.md").read_text(
        encoding="utf-8"
    )


def test_terms_are_shown_and_must_be_accepted(capsys, server, folder, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    code, out, err = run(capsys, "fetch", "fake_d")
    assert (code, out) == (2, "")
    assert "Nobody: free" in err
    assert "--accept-terms" in err
    monkeypatch.setattr("sys.stdin", Terminal("\n"))
    code, _, err = run(capsys, "fetch", "fake_d")
    assert code == 2
    assert "download 1 data sets" in err
    assert server.asked == []
    assert list(folder.iterdir()) == []
    monkeypatch.setattr("sys.stdin", Terminal("y\n"))
    code, out, err = run(capsys, "fetch", "fake_d")
    assert code == 0
    assert "fetched 1 data sets" in out
    assert "Nobody: free" in err


def test_fetch_all_then_nothing(capsys, server, folder):
    code, out, _ = run(capsys, "fetch", "--all", "--accept-terms")
    assert code == 0
    assert "fetched 5 data sets" in out
    assert "By hand only: fake_hand" in out
    asked = len(server.asked)
    code, out, err = run(capsys, "fetch")
    assert (code, err) == (0, ""), "with nothing to fetch there is nothing to accept"
    assert "fetched 0 data sets" in out
    assert len(server.asked) == asked


def test_a_failure_is_exit_one_and_the_rest_is_there(capsys, server, folder):
    server.plan["/fake_d.csv"] = ["gone"]
    code, _, err = run(capsys, "fetch", "fake", "--accept-terms")
    assert code == 1
    assert "1 of 4 data sets could not be fetched" in err
    assert "HTTP 404" in err
    assert sorted(DataDir(folder).records()) == ["fake_a", "fake_b", "fake_c"]


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (("fetch", "moon"), "Unknown data set: got 'moon'"),
        (("fetch", "fake_hand"), "its site asks for a name"),
        (("fetch", "fake_a", "--all"), "--all and NAME"),
        (("add", "moon", "x.csv"), "Unknown data set"),
        (("add", "fake_a", "none.csv"), "expected a file"),
        (("remove", "fake_a"), "fake_a is not in the store"),
        (("coverage", "fake_a"), "foedus data fetch fake_a"),
        (("coverage", "moon"), "Unknown data set"),
        (("where", "fake_a"), "foedus data fetch fake_a"),
        (("cite",), "name one"),
        (("cite", "moon"), "Unknown data set"),
        (("query", "SELECT * FROM fake_a"), "foedus data fetch fake_a"),
        (("query", "selekt"), "one SELECT"),
        (("query", "SELECT nothing FROM"), "Cannot run the query"),
        (("query", "SELECT 1", "--out", "x.xlsx"), "--out"),
        (("query", "SELECT 1", "--out", "x.csv", "--json"), "--json and --out"),
        (("verify", "--data-dir", "nowhere"), "No folder of data files"),
        (("list", "--data-dir", "nowhere"), "No folder of data files"),
        (("nonsense",), "nonsense"),
    ],
)
def test_bad_input_is_one_message_and_exit_two(capsys, folder, offline, monkeypatch, tmp_path, argv, words):
    monkeypatch.chdir(tmp_path)
    code, out, err = run(capsys, *argv)
    assert code == 2
    assert words in err
    assert "Traceback" not in err + out
    assert list(folder.iterdir()) == []


def test_only_fetch_opens_a_connection(capsys, folder, offline, tmp_path):
    for argv in (
        ("list",), ("add", "fake_a", str(mine(tmp_path, "fake_a"))), ("verify",), ("coverage",), ("coverage", "fake_a"), ("cite",), ("where",),
        ("where", "fake_a"), ("query", "SELECT COUNT(*) FROM fake_a"), ("remove", "fake_a"), ("fetch", "--help"),
    ):  # fmt: skip
        assert run(capsys, *argv)[0] == 0, argv


def test_the_list_says_what_is_here(capsys, folder, tmp_path):
    run(capsys, "add", "fake_a", str(mine(tmp_path, "fake_a")))
    run(capsys, "add", "fake_b", str(mine(tmp_path, "fake_b", rows=5)))
    code, out, _ = run(capsys, "list", "--json")
    rows = {row["id"]: row for row in json.loads(out)["data"]}
    assert code == 0
    assert {name: row["status"] for name, row in rows.items()} == {
        "fake_a": "here", "fake_b": "unrecognised", "fake_c": "not here", "fake_d": "not here", "fake_hand": "by hand only", "other_z": "not here",
    }  # fmt: skip
    assert rows["fake_a"]["size"] == len(content("fake_a"))
    assert rows["fake_b"]["size"] == len(content("fake_b", rows=5))
    code, out, _ = run(capsys, "list")
    assert "6 data sets, 2 of them in" in out.replace("\n", " ")
    assert "by hand only" in out


def test_the_list_is_there_before_the_folder_is(capsys, folder):
    folder.rmdir()
    code, out, _ = run(capsys, "list", "--json")
    assert code == 0
    assert {row["status"] for row in json.loads(out)["data"]} == {"not here", "by hand only"}
    assert not folder.exists()


def test_adding_another_version_says_so_and_citing_too(capsys, folder, tmp_path):
    code, out, _ = run(capsys, "add", "fake_a", str(mine(tmp_path, "fake_a", rows=5)))
    assert code == 0
    assert "unrecognised" in out
    code, out, _ = run(capsys, "cite")
    assert out.startswith("% fake_a: the file here is unrecognised")
    assert "@misc{fake_a," in out
    code, out, _ = run(capsys, "cite", "fake_b", "other")
    assert "@misc{fake_b," in out
    assert "@misc{other_z," in out
    assert "unrecognised" not in out


def test_verify_is_exit_one_when_something_is_wrong(capsys, folder, tmp_path):
    run(capsys, "add", "fake_a", str(mine(tmp_path, "fake_a")))
    assert run(capsys, "verify")[0] == 0
    (folder / "files" / "fake_a.csv").write_bytes(b"x")
    code, out, _ = run(capsys, "verify", "--json")
    assert code == 1
    assert [(row["id"], row["status"]) for row in json.loads(out)["data"]] == [("fake_a", "changed")]
    code, out, _ = run(capsys, "verify")
    assert code == 1
    assert "foedus data fetch fake_a" in out


def test_coverage_counts_known_and_missing_cells(capsys, folder, tmp_path):
    run(capsys, "add", "fake_a", str(mine(tmp_path, "fake_a")))
    rows = json.loads(run(capsys, "coverage", "--json")[1])["data"]
    assert rows == [
        {"id": "fake_a", "units": "rows", "years": "1816-2015", "absence": "unknown", "rows": 2500, "version": "1.0"}
    ]
    columns = json.loads(run(capsys, "coverage", "fake_a", "--json")[1])["columns"]
    assert [(c["column"], c["known"], c["missing"]) for c in columns] == [("code", 2500, 0), ("year", 2500, 0)]
    assert "Columns of fake_a" in run(capsys, "coverage", "fake_a")[1]
    holes = SimpleNamespace(
        table=lambda _: pl.DataFrame({"code": [5, None, None, 7], "year": [1816, 1817, None, 1819]})
    )
    found = _columns("fake_a", holes)
    assert found.select("column", "known", "missing").rows() == [("code", 2, 2), ("year", 3, 1)]


def test_the_folder_that_is_named_is_the_one_that_every_command_uses(capsys, server, folder, tmp_path):
    named = tmp_path / "named"
    at = ("--data-dir", str(named))
    assert run(capsys, "fetch", "fake_a", "--accept-terms", *at)[0] == 0
    assert run(capsys, "add", "fake_b", str(mine(tmp_path, "fake_b")), *at)[0] == 0
    both = ["fake_a", "fake_b"]
    listed = json.loads(run(capsys, "list", "--json", *at)[1])
    assert (listed["folder"], [r["id"] for r in listed["data"] if r["status"] == "here"]) == (str(named), both)
    for command in ("verify", "coverage"):
        assert [r["id"] for r in json.loads(run(capsys, command, "--json", *at)[1])["data"]] == both
    assert run(capsys, "where", "fake_a", *at)[1] == f"{named / 'files' / 'fake_a.csv'}\n"
    assert json.loads(run(capsys, "query", "SELECT COUNT(*) AS n FROM fake_a", "--json", *at)[1])["rows"] == [
        {"n": 2500}
    ]
    assert all(name in run(capsys, "cite", *at)[1] for name in both)
    assert run(capsys, "remove", "fake_a", *at)[0] == 0
    assert list(folder.iterdir()) == []


def test_sizes_in_words():
    assert [_bytes(n) for n in (0, 1, 1_500, 999_999, 1_000_000, 12_345_678)] == [
        "unknown",
        "1 kB",
        "2 kB",
        "1000 kB",
        "1.0 MB",
        "12.3 MB",
    ]


def test_where_prints_a_path_and_nothing_else(capsys, folder, tmp_path):
    run(capsys, "add", "fake_a", str(mine(tmp_path, "fake_a")))
    assert run(capsys, "where")[1] == f"{folder}\n"
    assert run(capsys, "where", "fake_a")[1] == f"{folder / 'files' / 'fake_a.csv'}\n"


def test_a_query_is_printed_or_written_whole(capsys, folder, tmp_path):
    run(capsys, "add", "fake_a", str(mine(tmp_path, "fake_a")))
    sql = "SELECT year, COUNT(*) AS n FROM fake_a GROUP BY year ORDER BY year"
    first = json.loads(run(capsys, "query", sql, "--json")[1])["rows"][0]
    assert first == {"year": 1816, "n": 13}
    assert "200 rows" in run(capsys, "query", sql)[1]
    for name in ("out.csv", "out.parquet"):
        code, out, _ = run(capsys, "query", sql, "--out", str(tmp_path / name))
        assert (code, "200 rows" in out) == (0, True)
    read = pl.read_parquet(tmp_path / "out.parquet")
    assert read.height == 200
    assert pl.read_csv(tmp_path / "out.csv", schema=read.schema).equals(read)
    assert not list(tmp_path.glob(".out*"))
