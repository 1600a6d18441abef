"""Files are whole or absent, and nothing is written through a link, over a device or where somebody else has laid something."""

from __future__ import annotations

import errno
import os
import resource
import signal
import stat
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import polars as pl
import pytest

from foedus import files
from foedus.errors import DataError, ParameterError, ScenarioError
from foedus.panel.panel import Panel
from foedus.panel.table_files import write_table
from foedus.report.export import replace_file, write_tables
from foedus.scenario.files import write_beside
from foedus.studio.runs import write as write_run


def _beside(path, content=b"new"):
    with files.beside(path) as written:
        written.write_bytes(content)


WAYS = {
    "bytes": lambda p: files.replace_file(p, b"new"),
    "a program's own": _beside,
    "a table": lambda p: write_table(pl.DataFrame({"x": [1]}), p, "it"),
    "an export": lambda p: replace_file(p, b"new"),
    "a run's state": lambda p: write_run(p, {"x": 1}),
    "a scenario of the studio": lambda p: write_beside(p, "new", follow=False),
}


@pytest.fixture(params=WAYS.values(), ids=WAYS)
def write(request):
    return request.param


@pytest.fixture
def place(tmp_path):
    """A place for a file, with an ending that the table's way knows."""
    folder = tmp_path / "folder"
    folder.mkdir()
    return folder / "file.csv"


def left(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


def test_a_link_at_the_place_is_replaced_and_what_it_named_is_as_it_was(write, place, tmp_path):
    other = tmp_path / "precious"
    other.write_bytes(b"precious")
    place.symlink_to(other)
    write(place)
    assert other.read_bytes() == b"precious"
    assert stat.S_ISREG(place.lstat().st_mode)
    assert left(place.parent) == [place.name]


def test_a_link_to_nothing_makes_no_file_elsewhere(write, place, tmp_path):
    place.symlink_to(tmp_path / "absent")
    write(place)
    assert not (tmp_path / "absent").exists()
    assert place.is_file()


def test_the_other_name_of_a_file_keeps_its_content(write, place, tmp_path):
    other = tmp_path / "precious"
    other.write_bytes(b"precious")
    os.link(other, place)
    write(place)
    assert other.read_bytes() == b"precious"


@pytest.mark.parametrize("kind", ["folder", "pipe", "socket-like link"])
def test_what_is_no_file_is_left_alone(kind, write, place, tmp_path):
    if kind == "folder":
        place.mkdir()
    elif kind == "pipe":
        os.mkfifo(place)
    else:
        place.symlink_to("/dev/null")
        write(place)  # the link goes, the device stays
        assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)
        return
    before = place.lstat()
    with pytest.raises((OSError, DataError, ScenarioError), match="not a regular file"):
        write(place)
    assert place.lstat().st_ino == before.st_ino
    assert left(place.parent) == [place.name]


def test_a_device_is_not_replaced():
    with pytest.raises(OSError, match="not a regular file"):
        files.replace_file("/dev/null", b"x")
    assert stat.S_ISCHR(Path("/dev/null").lstat().st_mode)


def test_permissions_are_kept_and_new_ones_are_the_users(write, place):
    before = os.umask(0o077)
    try:
        write(place)
        assert stat.S_IMODE(place.stat().st_mode) == 0o600
        place.unlink()
        os.umask(0o000)
        write(place)
        assert stat.S_IMODE(place.stat().st_mode) == 0o666
        place.chmod(0o4640)
        write(place)
        assert stat.S_IMODE(place.stat().st_mode) == 0o640, (
            "who may read and write is kept, in whose name it runs is not"
        )
    finally:
        os.umask(before)


def test_the_longest_name_and_a_strange_one(tmp_path):
    for name in ("x" * 255, "ж" * 127, "a b\x1b[2J.csv", "-rf"):
        assert files.replace_file(tmp_path / name, b"1").read_bytes() == b"1"
        _beside(tmp_path / name, b"2")
        assert (tmp_path / name).read_bytes() == b"2"


@contextmanager
def no_room(room=0):
    """The system's own limit on the size of a file stands for a disk that is full in the middle of writing.

    No fixture: pytest says how a test ended before fixtures end, and its own words may go to a file.
    """
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, before)


@pytest.fixture
def old(place):
    place.write_bytes(b"old")
    return place


def test_a_full_disk_leaves_what_was_there(write, old):
    with pytest.raises((OSError, DataError, ScenarioError), match=r"file\.csv"), no_room():
        write(old)
    assert old.read_bytes() == b"old"
    assert left(old.parent) == [old.name]


@pytest.mark.parametrize("room", [0, 500])
@pytest.mark.parametrize("ending", [".parquet", ".csv", ".arrow", ".dta", ".rds"])
def test_a_full_disk_is_one_error_for_every_form_of_a_table(ending, room, old):
    """Libraries that write files have words of their own for it, or none at all."""
    path = old.with_suffix(ending)
    n = 5_000  # more than what libraries hold back before they write
    rows = pl.DataFrame({"ccode1": [2] * n, "ccode2": [20] * n, "year": range(n), "x": [f"{k**5:o}" for k in range(n)]})
    for write in (
        Panel.of(rows).write,
        *((lambda p: write_table(rows, p, "it"),) if ending in {".parquet", ".csv"} else ()),
    ):
        said = rf"(?s)Cannot write .*(File too large|No space left).*where: .*file{ending}"
        with pytest.raises(DataError, match=said) as found, no_room(room):
            write(path)
        assert found.value.exit_code == 1, "the work failed, the input was good"
        assert left(old.parent) == [old.name]


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO])
def test_a_disk_that_fails_when_it_is_flushed_leaves_what_was_there(code, write, place, monkeypatch):
    place.write_bytes(b"old")

    def refused(_handle):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(files.os, "fsync", refused)
    with pytest.raises((OSError, DataError, ScenarioError), match=os.strerror(code)):
        write(place)
    assert place.read_bytes() == b"old"
    assert left(place.parent) == [place.name]


def test_everything_is_on_the_disk_before_it_has_the_name(write, place, monkeypatch):
    steps = []
    real = os.fsync, Path.replace
    monkeypatch.setattr(files.os, "fsync", lambda h: (steps.append(stat.S_ISREG(os.fstat(h).st_mode)), real[0](h))[1])
    monkeypatch.setattr(Path, "replace", lambda a, b: (steps.append("rename"), real[1](a, b))[1])
    write(place)
    assert steps == [True, "rename", False]


WRITER = """
import sys; from pathlib import Path; from foedus import files
place, letter = Path(sys.argv[1]), sys.argv[2].encode()
print('ready', flush=True)
while True: files.replace_file(place, letter * 200_000)
"""


def test_two_writers_and_one_killed_leave_a_whole_file(tmp_path):
    place = tmp_path / "file"
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(place), x], stdout=subprocess.PIPE) for x in "ab"]
    try:
        for w in writers:
            assert w.stdout.readline() == b"ready\n"
        end, seen = time.monotonic() + 0.7, set()
        while time.monotonic() < end:
            if place.exists():
                content = place.read_bytes()
                assert len(content) == 200_000
                assert len(set(content)) == 1
                seen.add(content[:1])
        writers[0].kill()
        writers[0].wait()
        assert len(set(place.read_bytes())) == 1
        assert seen == {b"a", b"b"}
    finally:
        for w in writers:
            w.kill()
            w.wait()
            w.stdout.close()


def test_threads_do_not_see_each_others_permissions(tmp_path):
    """The umask is the process's: to look at it must not change it for a moment."""
    wrong, stop = [], threading.Event()

    def other():
        k = 0
        while not stop.is_set():
            path = tmp_path / f"other-{(k := k + 1)}"
            path.touch()
            if stat.S_IMODE(path.stat().st_mode) & 0o022:
                wrong.append(path)

    before = os.umask(0o022)
    thread = threading.Thread(target=other)
    thread.start()
    try:
        for k in range(60):
            _beside(tmp_path / f"mine-{k}")
    finally:
        stop.set()
        thread.join()
        os.umask(before)
    assert wrong == []


def test_only_a_file_of_ours_is_gone_on_with(tmp_path):
    other = tmp_path / "precious"
    other.write_bytes(b"precious")
    (tmp_path / "alone").write_bytes(b"alone")
    (tmp_path / "link").symlink_to(tmp_path / "alone")
    os.link(other, tmp_path / "hard")
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    for name in ("link", "hard", "pipe"):
        with pytest.raises(OSError):
            files.append_file(tmp_path / name)
    os.close(reader)
    with pytest.raises(OSError):
        files.flush(tmp_path / "link")
    assert other.read_bytes() == b"precious"
    for _ in range(2):
        with files.append_file(tmp_path / "mine") as file:
            file.write(b"x")
    assert (tmp_path / "mine").read_bytes() == b"xx"


def test_what_never_ends_is_not_read(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("/dev/zero")
    for name in ("pipe", "link"):
        with pytest.raises(OSError, match="not a regular file"):
            files.open_file(tmp_path / name)
    (tmp_path / "file").write_bytes(b"1")
    (tmp_path / "good").symlink_to(tmp_path / "file")
    with files.open_file(tmp_path / "good") as file:
        assert file.read() == b"1"
    with pytest.raises(OSError):
        files.open_file(tmp_path / "good", follow=False)


@pytest.mark.parametrize("kind", ["folder", "link"])
def test_what_a_program_wrote_is_a_file(kind, tmp_path):
    (tmp_path / "precious").write_bytes(b"precious")
    with pytest.raises(OSError, match="not a regular file"), files.beside(tmp_path / "file") as written:
        written.mkdir() if kind == "folder" else written.symlink_to(tmp_path / "precious")
    assert left(tmp_path) == ["precious"]


def test_nobody_knows_the_name_beside_a_file_before(tmp_path):
    assert len({files._beside(tmp_path / "file") for _ in range(50)}) == 50


def test_a_new_file_is_not_made_through_a_link(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "absent")
    with pytest.raises(FileExistsError):
        files.new_file(tmp_path / "link")


def test_tables_of_a_brief_do_not_follow_a_folder_that_was_laid(tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "pacts.csv").write_bytes(b"precious")
    (tmp_path / "brief-tables").symlink_to(elsewhere)
    with pytest.raises(ParameterError, match="no link"):
        write_tables(_NoFindings(), tmp_path / "brief-tables")
    assert left(elsewhere) == ["pacts.csv"]


class _NoFindings:
    """The link is refused before anything is made of findings."""

    def __getattr__(self, name):
        raise AssertionError(name)


def test_who_may_write_to_a_folder(tmp_path):
    assert not files.strangers_write(tmp_path)
    tmp_path.chmod(0o777)
    assert files.strangers_write(tmp_path)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root can give a folder to another user")
def test_a_folder_of_another_user(tmp_path):
    os.chown(tmp_path, 65534, 65534)
    assert files.strangers_write(tmp_path)
