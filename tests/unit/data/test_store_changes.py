import json
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import polars as pl
import pytest

from foedus import files
from foedus.data import changes, store
from foedus.data.fetch import fetch
from foedus.data.query import query
from foedus.data.sources import SOURCES
from foedus.data.store import DataDir
from foedus.errors import DataError, ParameterError
from unit.data.misbehaving import IDS, Server, content, install, spec

GOT = [name for name in IDS if name != "fake_hand"]


@pytest.fixture(autouse=True)
def made_up(monkeypatch):
    install("http://127.0.0.1:9", monkeypatch.setattr)
    store._table.cache_clear()


@pytest.fixture
def file(tmp_path):
    """Write the file of a made-up data set outside the store and return its path."""

    def write(name, **more):
        path = tmp_path / "mine" / f"{name}-{len(more)}.csv"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content(name, **more))
        return path

    return write


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "store"


def state(folder):
    """Return what a store says of itself: checksum by data set, after everything in it was read and compared."""
    data = DataDir(folder)
    assert {c.id: (c.status, c.detail) for c in data.verify() if c.status != "ok"} == {}
    for name in data.records():
        store._table.cache_clear()
        assert data.table(name).height == len(data.find(name).read_bytes().splitlines()) - 1
    return {name: (record.sha256, record.table_sha256) for name, record in data.records().items()}


def test_a_file_is_added_read_described_and_removed(folder, file):
    record = changes.add("fake_hand", file("fake_hand"), data_dir=folder)
    assert (record.recognised, record.version) == (True, "1.0")
    assert record.url == str(file("fake_hand"))
    data = DataDir(folder)
    assert data.find("fake_hand") == folder / "files" / "fake_hand.csv"
    assert data.table("fake_hand").height == len(content("fake_hand").splitlines()) - 1
    assert [(c.id, c.status) for c in data.verify()] == [("fake_hand", "ok")]
    assert sorted(p.name for p in folder.iterdir()) == ["files", "partial", "store.json", "store.lock", "tables"]
    changes.remove("fake_hand", data_dir=folder)
    assert DataDir(folder).records() == {}
    assert [p for p in folder.rglob("*") if p.is_file() and p.name not in {"store.json", "store.lock"}] == []
    assert DataDir(folder).find("fake_hand") is None


def test_a_newer_file_is_recorded_as_unrecognised_and_its_table_replaces_the_old_one(folder, file):
    changes.add("fake_a", file("fake_a"), data_dir=folder)
    old = DataDir(folder).kept_table("fake_a")
    record = changes.add("fake_a", file("fake_a", rows=50, first=1830), data_dir=folder)
    assert not record.recognised
    assert record.version.startswith("unrecognised file (sha256 ")
    found = DataDir(folder).provenance("fake_a")
    assert (found.recognised, found.last_year) == (False, 1879)
    assert not old.exists()
    assert [p.name[:7] for p in (folder / "tables").iterdir()] == ["fake_a-"]
    assert len(state(folder)) == 1


@pytest.mark.parametrize("content_", [b"", b"no,table\n1,2\n", b"code,year\n0,1900\n", b"code,year\n1,then\n"])
def test_a_file_that_does_not_read_is_refused_and_the_store_is_as_it_was(folder, file, tmp_path, content_):
    changes.add("fake_a", file("fake_a"), data_dir=folder)
    before = {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    (tmp_path / "bad.csv").write_bytes(content_)
    with pytest.raises(DataError, match=r"bad\.csv"):
        changes.add("fake_a", tmp_path / "bad.csv", data_dir=folder)
    assert {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()} == before


def test_what_cannot_be_added_or_removed_is_named(folder, file, tmp_path):
    with pytest.raises(ParameterError, match=r"'path' parameter[\s\S]*fake_a\.csv, from https://example"):
        changes.add("fake_a", tmp_path, data_dir=folder)
    with pytest.raises(DataError, match="Unknown data set: got 'moon'"):
        changes.add("moon", file("fake_a"), data_dir=folder)
    tmp_path.joinpath("fake_b.csv").write_bytes(content("fake_b"))
    with pytest.raises(DataError, match=r"fake_b is not in the store: got only .*fake_b\.csv, which is yours"):
        changes.remove("fake_b", data_dir=tmp_path)
    assert not folder.exists()


def test_a_table_comes_from_the_store_and_a_broken_one_from_its_file(folder, file, monkeypatch):
    changes.add("fake_a", file("fake_a"), data_dir=folder)
    source = SOURCES["fake_a"]
    with monkeypatch.context() as patch:
        patch.setitem(SOURCES.loaded, "fake_a", type(source)(source.spec, lambda _: pytest.fail("parsed again")))
        frame = DataDir(folder).table("fake_a")
        assert DataDir(folder).scan("fake_a").filter(pl.col("year") == 1816).collect().height > 0
    kept = DataDir(folder).kept_table("fake_a")
    kept.write_bytes(b"PAR1 no")
    store._table.cache_clear()
    assert DataDir(folder).table("fake_a").equals(frame)
    assert DataDir(folder).scan("fake_a").collect().equals(frame)
    assert [(c.id, c.status) for c in DataDir(folder).verify()] == [("fake_a", "broken")]


def test_verify_finds_what_was_changed_is_missing_or_broken(folder, file):
    for name in GOT:
        changes.add(name, file(name), data_dir=folder)
    (folder / "files" / "fake_a.csv").write_bytes(content("fake_a", rows=5))
    (folder / "files" / "fake_b.csv").unlink()
    kept = DataDir(folder).kept_table("fake_c")
    pl.read_parquet(kept).with_columns(pl.col("code") + 1).write_parquet(kept)
    DataDir(folder).kept_table("fake_d").unlink()
    found = {c.id: c.status for c in DataDir(folder).verify()}
    assert found == {"fake_a": "changed", "fake_b": "missing", "fake_c": "broken", "fake_d": "ok", "other_z": "ok"}
    for name in ("fake_a", "fake_b", "fake_c"):
        changes.remove(name, data_dir=folder)
    assert sorted(state(folder)) == ["fake_d", "other_z"]


def test_a_plain_folder_is_verified_without_being_written(tmp_path):
    (tmp_path / "fake_a.csv").write_bytes(content("fake_a", rows=9))
    (tmp_path / "fake_b.csv").write_bytes(b"code\n")
    found = {c.id: c.status for c in DataDir(tmp_path).verify()}
    assert found == {"fake_a": "ok", "fake_b": "broken"}
    assert DataDir(tmp_path).scan("fake_a").collect().height == 9
    assert sorted(p.name for p in tmp_path.iterdir()) == ["fake_a.csv", "fake_b.csv"]


@pytest.mark.parametrize(
    "text", ["", "[]", '{"format": 1}', '{"format": 1, "sources": {"a": {}}, "pending": {}}', "\x00"]
)
def test_a_damaged_list_is_an_error_but_tables_still_read(folder, file, text):
    changes.add("fake_a", file("fake_a"), data_dir=folder)
    (folder / "store.json").write_text(text)
    assert DataDir(folder).table("fake_a").height > 0
    with pytest.raises(DataError, match=r"Cannot read the store's list[\s\S]*move store.json away"):
        DataDir(folder).verify()
    with pytest.raises(DataError, match="Cannot read the store's list"):
        changes.add("fake_b", file("fake_b"), data_dir=folder)


def test_a_list_of_another_version_is_refused(folder, file):
    changes.add("fake_a", file("fake_a"), data_dir=folder)
    path = folder / "store.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"format": 2}))
    with pytest.raises(DataError, match=r"Unknown format of a store: got 2; expected 1"):
        DataDir(folder).records()


def test_missing_data_sets_come_with_the_command_that_gets_them(tmp_path):
    with pytest.raises(DataError, match=r"hint: foedus data fetch fake_a; download by hand.*: fake_hand"):
        DataDir(tmp_path).require("fake_a", "fake_hand")


def test_sql_over_the_tables_at_hand(folder, file):
    for name in ("fake_a", "fake_b"):
        changes.add(name, file(name), data_dir=folder)
    got = query(
        "SELECT a.year, COUNT(*) AS n FROM fake_a AS a JOIN fake_b USING (year) WHERE a.year < 1818 GROUP BY a.year ORDER BY a.year",
        data_dir=folder,
    )
    years = pl.Series(DataDir(folder).table("fake_a")["year"])
    both = [years.eq(y).sum() ** 2 for y in (1816, 1817)]
    assert got.rows() == [(1816, both[0]), (1817, both[1])]
    for bad, kind, words in (
        ("DROP TABLE fake_a", ParameterError, "only reads"),
        ("SELECT 1; SELECT 2", ParameterError, "one"),
        ("SELECT nothing FROM fake_a", ParameterError, "nothing"),
        ("SELECT * FROM read_csv('https://example.org/x.csv')", ParameterError, "only reads"),
        ('SELECT "a--b" FROM "read_parquet" /* x */ (\'x\')', ParameterError, "only reads"),
        ("SELECT * FROM fake_d", DataError, "foedus data fetch fake_d"),
        ("SELECT * FROM fake_aa", DataError, "did you mean fake_a"),
    ):
        with pytest.raises(kind, match=words):
            query(bad, data_dir=folder)


class Died(BaseException):
    """Stands for the end of a process: from then on nothing that it would do is done."""


def die_at(monkeypatch, step):
    """Let every change of the file system from number ``step`` on not happen; return the count of those asked for."""
    counted = []

    def guard(real):
        def call(*args, **named):
            counted.append(real)
            if len(counted) > step:
                raise Died
            return real(*args, **named)

        return call

    monkeypatch.setattr(os, "fsync", guard(os.fsync))
    monkeypatch.setattr(files, "new_file", guard(files.new_file))
    for name in ("replace", "unlink"):
        monkeypatch.setattr(Path, name, guard(getattr(Path, name)))
    return counted


@pytest.mark.parametrize("change", ["add", "replace", "remove"])
def test_a_process_that_dies_at_any_step_leaves_the_store_before_or_after(tmp_path, file, monkeypatch, change):
    first, second = file("fake_a"), file("fake_a", rows=70)
    outcomes, step = [], 0
    while True:
        folder = tmp_path / f"store-{step}"
        changes.add("fake_b", file("fake_b"), data_dir=folder)
        if change != "add":
            changes.add("fake_a", first, data_dir=folder)
        before = state(folder)
        with monkeypatch.context() as patch:
            counted = die_at(patch, step)
            try:
                if change == "remove":
                    changes.remove("fake_a", data_dir=folder)
                else:
                    changes.add("fake_a", second, data_dir=folder)
            except Died:
                pass
            done = len(counted) <= step
        outcomes.append(state(folder) != before)
        changes.add("other_z", file("other_z"), data_dir=folder)
        assert (state(folder).keys() - {"other_z"} != before.keys() or change == "replace") == outcomes[
            -1
        ] or change == "replace"
        assert [p.name for p in folder.rglob("*") if p.name.startswith("stage-") or p.suffix == ".tmp"] == []
        if done:
            break
        step += 1
    assert outcomes[0] is False
    assert outcomes[-1] is True
    assert outcomes == sorted(outcomes), "once it holds, it holds"
    assert step > 5


FORKS = """
import os, sys, warnings
warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)  # since 3.12; Polars' threads have no lock to leave here
sys.path.insert(0, sys.argv[2])
import requests, polars, urllib3.exceptions, filelock, foedus.data.archives
from unit.data.misbehaving import install
from foedus.data.fetch import Patience, fetch
install(sys.argv[1])
patience = Patience(tries=3, connect=5.0, read=5.0, pause=0.01)
for line in sys.stdin:
    child = os.fork()
    if not child:
        try:
            fetch(accept=True, data_dir=line.strip(), patience=patience)
        except BaseException as error:
            sys.stderr.write(f"{type(error).__name__}: {error}\\n")
            os._exit(1)
        os._exit(0)
    print(child, flush=True)
    print(os.waitpid(child, 0)[1], flush=True)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_killed_at_200_moments_the_store_reads_and_the_last_fetch_completes_it(tmp_path, monkeypatch):
    server, rng = Server(delay=0.0002), random.Random(1)
    install(server.url, monkeypatch.setattr)
    fetch(accept=True, data_dir=tmp_path / "clean")
    clean = state(tmp_path / "clean")
    command = [sys.executable, "-c", FORKS, server.url, str(Path(__file__).parents[2])]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as forks:

        def run(folder, delay=None):
            forks.stdin.write(f"{folder}\n")
            forks.stdin.flush()
            child = int(forks.stdout.readline())
            if delay is not None:
                time.sleep(delay)
                with suppress(ProcessLookupError):
                    os.kill(child, signal.SIGKILL)
            return int(forks.stdout.readline())

        assert run(tmp_path / "warm") == 0
        start = time.perf_counter()
        assert run(tmp_path / "timed") == 0
        whole = time.perf_counter() - start
        killed, seen, number, folder = 0, set(), 0, tmp_path / "store-0"
        for _ in range(400):
            ended = run(folder, rng.uniform(0.0, 0.8 * whole))
            killed += ended == signal.SIGKILL
            assert ended in {0, signal.SIGKILL}
            held = state(folder) if folder.exists() else {}
            assert held.items() <= clean.items()
            seen.add(len(held))
            if len(held) == len(clean):
                number += 1
                folder = tmp_path / f"store-{number}"
            if killed == 200:
                break
        assert killed == 200
        assert run(folder) == 0
        assert state(folder) == clean
        for path in (p for name in ("files", "tables") for p in (folder / name).iterdir()):
            assert path.read_bytes() == (tmp_path / "clean" / path.relative_to(folder)).read_bytes()
        assert list((folder / "partial").iterdir()) == []
        assert len(seen) > 2, "some were killed between two data sets"
        forks.stdin.close()
        assert forks.stderr.read() == ""
    server.close()


def test_an_added_file_stands_before_others_of_its_name(folder, file, monkeypatch):
    folder.mkdir()
    (folder / "fake_a.csv").write_bytes(content("fake_a"))
    changes.add("fake_a", file("fake_a", rows=4), data_dir=folder)
    assert DataDir(folder).table("fake_a").height == 4
    source = SOURCES["fake_b"]
    monkeypatch.setitem(SOURCES.loaded, "fake_b", type(source)(spec("fake_b", (), filename="x.parquet"), source.parse))
    assert DataDir(folder).find("fake_b") is None, "the store's own tables are no data files"
