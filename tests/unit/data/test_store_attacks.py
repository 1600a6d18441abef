"""A store in which somebody else has laid links, pipes and files of other names: nothing outside it changes, and nothing waits for ever."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from foedus.cli import main
from foedus.data import changes, store
from foedus.data.archives import Wanted, take
from foedus.data.fetch import Patience, fetch
from foedus.data.store import DataDir
from foedus.errors import DataError, FoedusError
from foedus.studies.doctor import doctor
from powerless import needs_permissions, powerless
from unit.data.misbehaving import content, tarball

QUICK = Patience(tries=1, connect=1.0, read=1.0, pause=0.01)
PRECIOUS = b"precious"


@pytest.fixture
def folder(tmp_path):
    """A store that is there already, and empty."""
    (tmp_path / "store").mkdir()
    with changes.Changes(tmp_path / "store"):
        pass
    return tmp_path / "store"


@pytest.fixture
def precious(tmp_path):
    """A file of the user's that is no business of the store."""
    path = tmp_path / "precious"
    path.write_bytes(PRECIOUS)
    return path


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_bytes(content("fake_hand"))
    return path


@contextmanager
def within(seconds: float):
    """Fail where a block waits for ever: the wait itself is broken by a signal of the clock."""
    begun = time.monotonic()
    yield
    assert time.monotonic() - begun < seconds


@pytest.mark.parametrize("kind", ["link", "dangling", "hard"])
@pytest.mark.parametrize("place", ["part", "tag"])
def test_a_download_is_not_written_through_what_was_laid_at_its_beginning(
    kind, place, server, folder, precious, tmp_path
):
    """The name of an unfinished download can be known before: whoever may write to the store can lay something there."""
    url = f"{server.url}/fake_d.csv"
    part = folder / "partial" / f"{hashlib.sha256(url.encode()).hexdigest()[:32]}.part"
    at = part if place == "part" else part.with_suffix(".tag")
    other = part.with_suffix(".tag") if place == "part" else part
    if kind == "link":
        at.symlink_to(precious)
    elif kind == "dangling":
        at.symlink_to(tmp_path / "absent")
    else:
        os.link(precious, at)
    other.write_bytes(b'"tag"' if other.suffix == ".tag" else b"x")
    for _ in range(2):  # at the latest the second finds the place clean
        try:
            fetch(["fake_d"], accept=True, data_dir=folder, patience=QUICK)
        except FoedusError:
            continue
        break
    assert precious.read_bytes() == PRECIOUS
    assert not (tmp_path / "absent").exists()
    assert DataDir(folder).table("fake_d").height > 0


@pytest.mark.parametrize("kind", ["link", "dangling", "hard", "pipe", "folder", "zero"])
def test_what_was_laid_where_a_file_is_put(kind, server, folder, precious, file, tmp_path):
    at = folder / "files" / store._spec("fake_hand").filename
    made = {
        "link": lambda: at.symlink_to(precious), "dangling": lambda: at.symlink_to(tmp_path / "absent"), "hard": lambda: os.link(precious, at),
        "pipe": lambda: os.mkfifo(at), "folder": at.mkdir, "zero": lambda: at.symlink_to("/dev/zero"),
    }  # fmt: skip
    made[kind]()
    with within(20):
        try:
            changes.add("fake_hand", file, data_dir=folder)
        except DataError as error:
            assert kind == "folder"
            assert "Cannot write to the store" in str(error)  # noqa: PT017
        else:
            assert DataDir(folder).table("fake_hand").height > 0
            assert not at.is_symlink()
    assert precious.read_bytes() == PRECIOUS
    assert not (tmp_path / "absent").exists()


@pytest.mark.parametrize("kind", ["pipe", "zero", "random"])
def test_files_that_never_end_are_not_read(kind, server, tmp_path):
    """In a plain folder of files, and as the file to add."""
    plain = tmp_path / "plain"
    plain.mkdir()
    at = plain / store._spec("fake_hand").filename
    os.mkfifo(at) if kind == "pipe" else at.symlink_to(f"/dev/{'u' * (kind == 'random')}{kind}")
    (plain / f"renamed{at.suffix}").symlink_to(at)
    with within(20):
        assert DataDir(plain).find("fake_hand") is None
        with pytest.raises(FoedusError):
            changes.add("fake_hand", at, data_dir=tmp_path / "store")
        with pytest.raises(DataError):
            store.sha256(at)
        doctor(plain)


@pytest.mark.parametrize("kind", ["pipe", "zero", "folder", "huge", "loop"])
def test_a_list_that_is_no_list(kind, server, folder, file):
    at = folder / "store.json"
    at.unlink()
    if kind == "pipe":
        os.mkfifo(at)
    elif kind == "folder":
        at.mkdir()
    elif kind == "huge":
        with at.open("wb") as out:
            out.truncate(2**40)
    else:
        at.symlink_to("/dev/zero" if kind == "zero" else at)
    with within(20):
        with pytest.raises(DataError):
            changes.add("fake_hand", file, data_dir=folder)
        with pytest.raises(DataError):
            DataDir(folder).records()


@pytest.mark.parametrize("kind", ["link", "pipe", "folder"])
def test_a_lock_that_is_no_lock(kind, server, folder, precious, file):
    at = folder / "store.lock"
    at.unlink(missing_ok=True)
    {"link": lambda: at.symlink_to(precious), "pipe": lambda: os.mkfifo(at), "folder": at.mkdir}[kind]()
    with within(20):
        try:
            changes.add("fake_hand", file, data_dir=folder)
        except DataError as error:
            assert error.exit_code == 1  # noqa: PT017
        assert precious.read_bytes() == PRECIOUS


def test_links_that_lead_out_are_not_tidied_away_with_what_they_name(server, folder, precious, tmp_path, file):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "stage-x").write_bytes(PRECIOUS)
    (folder / "partial" / "stage-link").symlink_to(precious)
    (folder / "tables" / "fake_hand-x.parquet").symlink_to(precious)
    (folder / "tables" / "x.tmp").symlink_to(outside / "stage-x")
    changes.add("fake_hand", file, data_dir=folder)
    changes.remove("fake_hand", data_dir=folder)
    assert precious.read_bytes() == PRECIOUS
    assert (outside / "stage-x").read_bytes() == PRECIOUS
    assert sorted(p.name for p in (folder / "tables").iterdir()) == []


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "cow_nmc/../x", "..", "a\0b", "cow_nmc\n", "*", "fake_hand.csv"]
)
@pytest.mark.parametrize("verb", ["add", "remove", "where", "fetch", "cite", "coverage", "query"])
def test_a_name_of_a_data_set_is_never_a_path(name, verb, server, folder, file, capsys):
    words = {
        "add": ["add", name, str(file)],
        "where": ["where", name],
        "query": ["query", f'SELECT * FROM "{name}"'],
    }.get(verb, [verb, name])
    if name.startswith("*") and verb == "query":
        return
    with pytest.raises(SystemExit) as ended:
        main(["data", *words, "--data-dir", str(folder)])
    assert ended.value.code == 2
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize("filename", ["../../escaped.csv", "/etc/escaped.csv", "..", ""])
def test_a_list_that_names_files_outside_is_not_believed(filename, server, folder, precious, tmp_path, file):
    """``store.json`` may have been written by somebody else: its names of files only say what the store should hold."""
    record = changes.add("fake_hand", file, data_dir=folder)
    rows = json.loads((folder / "store.json").read_text())
    rows["sources"]["fake_hand"]["filename"] = filename
    (folder / "store.json").write_text(json.dumps(rows))
    assert {c.status for c in DataDir(folder).verify()} <= {"missing", "ok", "changed"}
    changes.remove("fake_hand", data_dir=folder)
    assert precious.read_bytes() == PRECIOUS
    assert file.read_bytes()
    assert record.filename != filename


def test_members_of_an_archive_are_not_written_through_a_link(tmp_path, precious):
    (tmp_path / "a.tar.gz").write_bytes(tarball({"x.csv": b"new"}))
    (tmp_path / "out").symlink_to(precious)
    with pytest.raises(OSError, match="exists"):
        take(tmp_path / "a.tar.gz", {"x.csv": Wanted(tmp_path / "out", 100)})
    assert precious.read_bytes() == PRECIOUS


def test_a_table_of_the_cache_is_not_written_through_a_link(server, folder, file, tmp_path, precious, monkeypatch):
    monkeypatch.setenv("FOEDUS_CACHE", str(tmp_path / "cache"))
    plain = tmp_path / "plain"
    plain.mkdir()
    at = plain / store._spec("fake_hand").filename
    at.write_bytes(content("fake_hand"))
    cached = tmp_path / "cache" / store.table_name("fake_hand", store.sha256(at), digits=24)
    cached.parent.mkdir()
    cached.symlink_to(precious)
    store._table.cache_clear()
    assert DataDir(plain).table("fake_hand").height > 0
    assert precious.read_bytes() == PRECIOUS
    assert not cached.is_symlink()


def test_the_doctor_says_that_strangers_can_write(server, folder, monkeypatch, tmp_path):
    monkeypatch.setenv("FOEDUS_DATA", str(folder))
    monkeypatch.setenv("FOEDUS_CACHE", str(tmp_path / "cache"))
    (tmp_path / "cache").mkdir()
    assert not [f for f in doctor().findings if "other users" in f.found]
    folder.chmod(0o777)
    (tmp_path / "cache").chmod(0o777)
    assert {f.name for f in doctor().findings if "other users" in f.found} == {"data", "cache of tables"}


OTHER = """
import sys
sys.path[:0] = [sys.argv[1], sys.argv[1] + "/guard"]
from unit.data.misbehaving import install
from foedus.data import changes
from foedus.data.store import DataDir
from foedus.errors import DataError
install("http://127.0.0.1:9")
print(DataDir(sys.argv[2]).table("fake_hand").height > 0)
for change in (lambda: changes.remove("fake_hand", data_dir=sys.argv[2]), lambda: changes.add("fake_a", sys.argv[3], data_dir=sys.argv[2])):
    try:
        change()
    except DataError as error:
        print(error.exit_code, str(error).splitlines()[0])
"""


@needs_permissions
@pytest.mark.parametrize("closed", ["", "files", "tables", "partial"])
def test_a_store_of_another_user_or_partly_closed_reads_and_is_not_changed(closed, server, folder, file, tmp_path):
    changes.add("fake_hand", file, data_dir=folder)
    before, records = _held(folder), DataDir(folder).records()
    path = _made(tmp_path, "fake_a")
    for each in (folder, *folder.rglob("*")) if not closed else [folder / closed]:
        if os.geteuid() == 0:
            os.chown(each, 65534, 65534)
        each.chmod(0o555 if each.is_dir() else 0o444)
    env = os.environ | {"FOEDUS_CACHE": str(tmp_path / "cache")}
    call = [sys.executable, "-c", OTHER, str(Path(__file__).parents[2]), str(folder), str(path)]
    run = subprocess.run(call, capture_output=True, text=True, check=False, env=env, preexec_fn=powerless)
    for each in (folder, *folder.rglob("*")):
        if each.is_dir():
            each.chmod(0o755)
    assert run.stderr == ""
    readable, *said = run.stdout.splitlines()
    assert readable == "True"
    assert set(said) == {"1 Cannot write to the store of data: got Permission denied."}
    assert (_held(folder), DataDir(folder).records()) == (before, records)


def _held(folder):
    """Return the bytes of what a store holds; its list may say what was about to change."""
    return {p: p.read_bytes() for name in ("files", "tables", "partial") for p in (folder / name).iterdir()}


CHANGER = """
import os, sys
sys.path[:0] = [sys.argv[1], sys.argv[1] + "/guard"]
from unit.data.misbehaving import install
from foedus.data import changes
from foedus.errors import DataError
install("http://127.0.0.1:9")
name, path, folder, times = sys.argv[2], sys.argv[3], sys.argv[4], int(sys.argv[5])
print("ready", flush=True)
sys.stdin.readline()
done = busy = 0
while done < times:
    try:
        changes.add(name, path, data_dir=folder)
        if done < times - 1:
            changes.remove(name, data_dir=folder)
        done += 1
    except DataError as error:
        if "Another process" not in str(error):
            raise
        busy += 1
print(done, busy, flush=True)
"""


def test_processes_that_change_one_store_at_once_and_one_that_is_killed(server, folder, tmp_path):
    """Each goes on until it had its turns; the killed one's lock ends with it, and what the others finished is there."""
    names = ["fake_a", "fake_b", "fake_hand"]
    started = []
    for name, times in zip(names, (10_000, 6, 6), strict=True):
        path = tmp_path / f"{name}.csv"
        path.write_bytes(content(name))
        call = [sys.executable, "-c", CHANGER, str(Path(__file__).parents[2]), name, str(path), str(folder), str(times)]
        started.append(subprocess.Popen(call, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
    try:
        for one in started:
            assert one.stdout.readline() == "ready\n"
        for one in started:
            one.stdin.write("\n")
            one.stdin.flush()
        stop = threading.Timer(0.6, started[0].kill)
        stop.start()
        said = [one.stdout.readline().split() for one in started[1:]]
        assert [s[0] for s in said] == ["6", "6"]
        stop.join()
        assert started[0].wait(20) == -9
    finally:
        for one in started:
            one.kill()
            one.wait()
            one.stdin.close()
            one.stdout.close()
    changes.add("other_z", _made(tmp_path, "other_z"), data_dir=folder)
    data = DataDir(folder)
    assert {c.status for c in data.verify()} == {"ok"}
    assert {"fake_b", "fake_hand", "other_z"} <= set(data.records())
    assert list((folder / "partial").iterdir()) == []
    assert not [p for p in folder.rglob("*") if p.suffix == ".tmp"]


def _made(folder, name):
    path = folder / f"{name}.csv"
    path.write_bytes(content(name))
    return path


def test_a_file_that_is_replaced_with_its_time_set_back_is_read_anew(server, tmp_path):
    """Same name, size and time: a clock that went back, or somebody who set it."""
    plain = tmp_path / "plain"
    plain.mkdir()
    at = plain / store._spec("fake_hand").filename
    at.write_bytes(content("fake_hand"))
    os.utime(at, (1e9, 1e9))
    before, table = store.sha256(at), DataDir(plain).table("fake_hand")
    at.write_bytes(content("fake_hand").replace(b"1916", b"1816"))
    os.utime(at, (1e9, 1e9))
    assert store.sha256(at) != before
    assert not DataDir(plain).table("fake_hand").equals(table)
