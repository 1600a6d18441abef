import errno
import io
import json
import os
import subprocess
import sys
import tarfile
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from foedus import files
from foedus.data import changes
from foedus.data.fetch import Patience, choose, fetch, needed
from foedus.data.sources import SOURCES
from foedus.data.store import DataDir
from foedus.errors import DataError, ParameterError
from unit.data.misbehaving import IDS, content, install, spec, tarball, zipped

QUICK = Patience(tries=3, connect=1.0, read=0.4, pause=0.01, longest=2.0, largest=40 * 2**20)
ALL = [name for name in IDS if name != "fake_hand"]


@pytest.fixture
def get(tmp_path):
    """Fetch into a folder of this test; the terms are accepted and nothing is waited for."""

    def run(*names, **more):
        return fetch(names or None, **({"accept": True, "data_dir": tmp_path / "store", "patience": QUICK} | more))

    return run


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "store"


def holdings(folder):
    """Return the bytes of everything that a store holds."""
    if not folder.exists():
        return {}
    kept = [p for p in folder.rglob("*") if p.is_file() and p.name != "store.lock" and p.parent.name != "partial"]
    return {str(p.relative_to(folder)): p.read_bytes() for p in kept}


def half(folder):
    """Return the files that are neither held nor an unfinished download."""
    return [p.name for p in folder.rglob("*") if p.name.startswith("stage-") or p.suffix == ".tmp"]


def test_one_download_serves_all_members_of_an_archive(server, get, folder):
    told = []
    done = get(on_progress=lambda what, share: told.append((what, share)))
    assert (sorted(done.records), done.here, done.by_hand) == (sorted(ALL), (), ("fake_hand",))
    assert len(server.requests("/pack.tar.gz")) == 1
    data = DataDir(folder)
    for name in ALL:
        assert data.find(name).read_bytes() == content(name)
        assert data.find(name).parent == folder / "files"
        assert data.provenance(name).recognised
        assert data.kept_table(name) is not None
        frame = data.table(name)
        assert frame.schema == {"code": pl.Int32, "year": pl.Int32}
        assert data.scan(name).collect().equals(frame)
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1.0)
    assert [c.status for c in data.verify()] == ["ok"] * len(ALL)
    assert list((folder / "partial").iterdir()) == []
    rows = json.loads((folder / "store.json").read_text())["sources"]
    assert rows["fake_d"]["url"] == f"{server.url}/fake_d.csv"
    assert rows["fake_d"]["recognised"]
    assert rows["fake_d"]["when"].endswith("+00:00")
    assert rows["fake_d"]["size"] == len(content("fake_d"))


def test_what_is_here_is_not_fetched_again(server, get, folder):
    get()
    before, asked = holdings(folder), len(server.asked)
    again = get()
    assert sorted(again.here) == sorted(ALL)
    assert len(server.asked) == asked
    assert holdings(folder) == before
    (folder / "files" / "fake_d.csv").write_bytes(b"broken")
    assert [s.id for s in needed(data_dir=folder)] == ["fake_d"], "a file that is not as recorded is fetched anew"
    assert list(get().records) == ["fake_d"]
    kept = DataDir(folder).kept_table("fake_a")
    kept.write_bytes(b"broken")
    asked = len(server.asked)
    assert list(get().records) == ["fake_a"], "so is a table, from the file that is here"
    assert len(server.asked) == asked
    assert {k for k, v in holdings(folder).items() if v != before[k]} <= {"store.json"}


def test_the_users_own_file_of_another_version_stays(server, get, folder):
    folder.mkdir()
    (folder / "fake_d.csv").write_bytes(content("fake_d", rows=10))
    assert get("fake_d").here == ("fake_d",)
    assert server.asked == []


@pytest.mark.parametrize(
    ("plan", "resumed"),
    [
        (["drop"], True),
        (["drop", "error_500"], True),
        (["stall"], True),
        (["drop", "changed"], False),
        (["drop_untagged"], False),
        (["drop_chunked"], False),
        (["drop_weak"], False),
        (["busy_until_2020", "busy_with_noise"], False),
        (["drop", "other_range"], False),
        (["drop", "not_satisfiable"], False),
        (["wrong_start"], True),
        (["error_500", "error_500"], False),
        (["busy"], False),
        (["silent"], False),
        (["gzipped"], False),
        (["announces_more", "announces_more"], False),
    ],
)
@pytest.mark.parametrize("path", ["/fake_d.csv", "/pack.tar.gz"])
def test_a_download_survives(server, get, folder, path, plan, resumed):
    server.plan[path] = list(plan)
    get("fake_d", "fake_a", "fake_b")
    assert [c.status for c in DataDir(folder).verify()] == ["ok"] * 3
    assert half(folder) == []
    assert list((folder / "partial").iterdir()) == []
    used = [h for h in server.requests(path) if "Range" in h]
    assert bool(used) == (resumed or plan[-1] in {"changed", "other_range", "not_satisfiable", "drop_weak"})
    if plan == ["drop_weak"]:
        assert used[0]["If-Range"] == "Wed, 01 Jan 2020 00:00:00 GMT", (
            "a weak tag does not say that the bytes are the same"
        )
    if plan == ["wrong_start"]:
        assert "Range" not in server.requests(path)[-1], "a resumed file that is not the declared one is read anew"


def test_a_busy_server_is_given_the_time_that_it_asks_for(server, get, monkeypatch):
    slept = []
    monkeypatch.setattr("foedus.data.download.time.sleep", slept.append)
    server.plan["/fake_d.csv"] = ["busy", "error_500"]
    get("fake_d", patience=replace(QUICK, connect=30.0, read=30.0))  # a slow machine is no silent server
    assert slept[0] == 1.0
    assert 0.0 < slept[1] <= 0.02, "without its word, twice the pause at most"


def many(count):
    return tarball({f"data/{k}": b"" for k in range(count)})


def link(name, target, kind=tarfile.SYMTYPE):
    info = tarfile.TarInfo(f"package-1/{name}")
    info.type, info.linkname = kind, target
    return tarball({"data/fake_b.csv": content("fake_b"), "data/fake_c.csv": content("fake_c")}, extra=[(info, b"")])


def outside(name):
    info = tarfile.TarInfo(name)
    info.size = 4
    return tarball({f"data/{n}.csv": content(n) for n in IDS[:3]}, extra=[(info, b"evil")])


def twice():
    info = tarfile.TarInfo("package-1/data/fake_a.csv")
    info.size = 4
    return tarball({f"data/{n}.csv": content(n) for n in IDS[:3]}, extra=[(info, b"evil")])


GOOD = tarball({f"data/{n}.csv": content(n) for n in IDS[:3]})


@pytest.mark.parametrize(
    ("body", "words", "others"),
    [
        (GOOD[: len(GOOD) // 2], "Not a sound archive", False),
        (GOOD[:-9], "Not a sound archive", False),
        (GOOD[:-4] + b"abcd", "Not a sound archive", False),
        (b"", "Not a sound archive", False),
        (b"neither tar nor zip", "tar.gz, tar or zip", False),
        (b"PK\x03\x04 no zip", "Not a sound archive", False),
        (outside("../../evil.csv"), "a member named '../../evil.csv'", False),
        (outside("/etc/evil.csv"), "a member named '/etc/evil.csv'", False),
        (outside("package-1/..\\evil.csv"), "a member named", False),
        (link("data/fake_a.csv", "/etc/passwd"), "not a plain file", True),
        (link("data/fake_a.csv", "package-1/data/fake_b.csv", tarfile.LNKTYPE), "not a plain file", True),
        (link("data/fake_a.csv", "", tarfile.CHRTYPE), "not a plain file", True),
        (twice(), "in the archive twice", True),
        (tarball({f"data/{n}.csv": content(n) for n in IDS[1:3]}), "data/fake_a.csv is not in the archive", True),
        (tarball({f"data/{n}.csv": content(n) for n in IDS[:3]} | {"zeros": b"\0" * 70 * 2**20}), "bytes when unpacked", False),
        (tarball({"data/fake_a.csv": b"\0" * 2**22} | {f"data/{n}.csv": content(n) for n in IDS[1:3]}), "more than the", True),
        (many(20_100), "more than 20,000 members", False),
        (zipped({f"p/data/{n}.csv": content(n) for n in IDS[1:3]} | {"../data/x": b"1"}), "a member named '../data/x'", False),
        (tarball({"data/fake_a.csv": content("fake_b")} | {f"data/{n}.csv": content(n) for n in IDS[1:3]}), "not version 1.0: got", True),
    ],
    ids=lambda value: "bytes" if isinstance(value, bytes) else str(value),
)  # fmt: skip
def test_a_bad_archive_changes_nothing_and_leaves_the_others(server, get, folder, body, words, others):
    get("other_z")
    before = holdings(folder)
    server.files["/pack.tar.gz"] = body
    with pytest.raises(DataError, match="could not be fetched") as caught:
        get("fake_a")
    assert words in str(caught.value)
    assert caught.value.exit_code == 1
    assert holdings(folder) == before
    assert half(folder) == []
    with pytest.raises(DataError) as caught:
        get("fake")
    failed = [n for n in ("fake_a", "fake_b", "fake_c", "fake_d") if f"- {n}" in str(caught.value)]
    assert failed == (["fake_a"] if others else ["fake_a", "fake_b", "fake_c"])
    assert "fake_d" in DataDir(folder).records(), "the failure of one leaves the others"


@pytest.mark.parametrize(
    ("act", "words"),
    [
        ("gone", "HTTP 404"),
        ("page", "a web page came instead of the file"),
        ("disguised_page", "a web page came instead of the file"),
        ("error_500", "HTTP 500, after 3 attempts"),
        ("busy_for_an_hour", "asks to wait 3600 s"),
        ("silent", "did not answer in time, after 3 attempts"),
        ("stall", "did not answer in time, after 3 attempts"),
        ("drop_untagged", "after 3 attempts"),
        ("announces_more", "after 3 attempts"),
        ("endless", "more than the"),
        ("announces_too_much", "announces 1,000,000,000,000 bytes"),
        (lambda handler, body: handler.serve(body[::-1]), "expected"),
        (lambda handler, body: handler.serve(content("fake_d", rows=20)), "foedus data add fake_d FILE"),
    ],
    ids=lambda value: value if isinstance(value, str) else "other_bytes",
)
def test_a_bad_answer_changes_nothing_and_leaves_the_others(server, get, folder, act, words):
    get("other_z")
    before = holdings(folder)
    server.plan["/fake_d.csv"] = [act] * 9
    with pytest.raises(DataError, match="1 of 2 data sets could not be fetched") as caught:
        get("fake_d", "fake_a")
    assert words in str(caught.value)
    assert caught.value.exit_code == 1
    after = holdings(folder)
    assert {k for k in after if k not in before} == {"files/fake_a.csv", *(k for k in after if "/fake_a-" in k)}
    assert half(folder) == []
    server.plan.clear()
    assert list(get("fake_d").records) == ["fake_d"]


def test_a_mismatch_says_both_checksums(server, get):
    server.files["/fake_d.csv"] = b"other"
    with pytest.raises(
        DataError, match=r"got 5 bytes, sha256 d9298a10d1b0\.\.\.; expected [\d,]+ bytes, sha256 [0-9a-f]{12}"
    ):
        get("fake_d")


def test_what_a_process_that_died_had_unpacked_is_not_taken_for_a_file_that_is_here(server, get, folder, monkeypatch):
    class Died(BaseException):
        pass

    def die(*_):
        raise Died

    with monkeypatch.context() as patch:
        patch.setattr(changes.Changes, "put", die)
        patch.setattr(changes.Changes, "_clean", lambda _: None)
        with pytest.raises(Died):
            get()
    assert len(half(folder)) > 2
    assert DataDir(folder).find("fake_b") is None
    assert sorted(get().records) == sorted(ALL)


def test_a_redirection_is_followed(server, get):
    server.files["/moved.csv"] = content("fake_d")
    server.plan["/fake_d.csv"] = ["redirect"]
    assert list(get("fake_d").records) == ["fake_d"]


def test_the_next_address_is_tried(server, get, folder, monkeypatch):
    from foedus.data.spec import Route

    source = SOURCES["fake_d"]
    routes = (Route(f"{server.url}/old.csv"), Route("http://127.0.0.1:9/never"), Route(f"{server.url}/fake_d.csv"))
    monkeypatch.setitem(SOURCES.loaded, "fake_d", type(source)(spec("fake_d", routes), source.parse))
    assert get("fake_d").records["fake_d"].url == f"{server.url}/fake_d.csv"


def test_data_sets_may_share_one_file(server, get, folder, monkeypatch):
    source = SOURCES["fake_b"]
    shared = spec("fake_b", SOURCES["fake_a"].spec.routes, filename="fake_a.csv", sha256=SOURCES["fake_a"].spec.sha256)
    monkeypatch.setitem(SOURCES.loaded, "fake_b", type(source)(shared, source.parse))
    assert sorted(get("fake_a", "fake_b").records) == ["fake_a", "fake_b"]
    assert len(server.requests("/pack.tar.gz")) == 1
    other = folder.parent / "newer.csv"
    other.write_bytes(content("fake_a", rows=9))
    changes.add("fake_a", other, data_dir=folder)
    assert {n: r.recognised for n, r in DataDir(folder).records().items()} == {"fake_a": False, "fake_b": False}
    assert [c.status for c in DataDir(folder).verify()] == ["ok", "ok"]
    changes.remove("fake_a", data_dir=folder)
    assert list(DataDir(folder).records()) == ["fake_b"]
    assert DataDir(folder).table("fake_b").height == 9


def test_a_file_with_the_right_checksum_that_does_not_read_is_refused(server, get, folder, monkeypatch):
    source = SOURCES["fake_d"]

    def broken(path):
        raise DataError(f"no table in {path}")

    monkeypatch.setitem(SOURCES.loaded, "fake_d", type(source)(source.spec, broken))
    with pytest.raises(DataError, match=r"no table in http://127.*fake_d\.csv"):
        get("fake_d")
    assert list(holdings(folder)) == ["store.json"]
    assert DataDir(folder).records() == {}


def test_terms_must_be_accepted_before_anything_happens(server, get, folder):
    with pytest.raises(ParameterError, match="terms"):
        get("fake_d", accept=False)
    seen = []
    with pytest.raises(ParameterError, match="terms"):
        get("fake_d", "fake_a", accept=lambda wanted: seen.extend(s.id for s in wanted))
    assert seen == ["fake_d", "fake_a"]
    assert server.asked == []
    assert not folder.exists()


def test_names_are_ids_or_their_beginnings(server, get, folder):
    assert [s.id for s in choose(["fake"])] == list(IDS[:5])
    assert [s.id for s in choose(["other_z", "fake_a", "other"])] == ["other_z", "fake_a"]
    assert [s.id for s in choose()] == list(IDS)
    with pytest.raises(DataError, match=r"Unknown data set: got 'fake_e'[\s\S]*did you mean fake_"):
        get("fake_e")
    with pytest.raises(DataError, match="Unknown data set: got ''"):
        choose([""])
    with pytest.raises(DataError, match=r"Only you may download[\s\S]*fake_hand: its site asks for a name"):
        get("fake_d", "fake_hand")
    assert server.asked == []
    assert get("fake").by_hand == ("fake_hand",)


def test_stopping_keeps_the_beginning_for_the_next_time(server, get, folder):
    get("other_z")
    before = holdings(folder)

    def stop(*_):
        raise KeyboardInterrupt

    server.delay = 0.05
    with pytest.raises(KeyboardInterrupt):
        get("fake_d", on_progress=stop)
    server.delay = 0.0
    assert holdings(folder) == before
    (part,) = (folder / "partial").glob("*.part")
    begun = part.stat().st_size
    assert 0 < begun < len(content("fake_d"))
    get("fake_d")
    assert server.requests("/fake_d.csv")[-1]["Range"] == f"bytes={begun}-"
    assert [c.status for c in DataDir(folder).verify()] == ["ok", "ok"]


@pytest.mark.parametrize("call", ["fsync", "new_file", "append_file"])
def test_a_full_disk_is_one_error_and_no_half_file(server, get, folder, monkeypatch, call):
    get("other_z")
    before = holdings(folder)

    def full(*_, **__):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    if call == "fsync":
        monkeypatch.setattr(os, "fsync", full)
    else:

        class Full(io.BytesIO):
            write = full

        monkeypatch.setattr(files, call, lambda _: Full())
    with pytest.raises(DataError, match="Cannot write to the store of data: got No space left on device") as caught:
        get("fake_d")
    assert caught.value.exit_code == 1
    monkeypatch.undo()
    install(server.url, monkeypatch.setattr)
    assert holdings(folder) == before
    assert half(folder) == []
    get("fake_d")


LIMITED = """
import resource, sys
from unit.data.misbehaving import install
from foedus.data.fetch import fetch
from foedus.errors import DataError
install(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
try:
    fetch(["fake_d"], accept=True, data_dir=sys.argv[2])
except DataError as error:
    sys.exit(str(error).splitlines()[0])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no limits of the size of files")
def test_a_file_system_that_takes_no_more_is_one_error(server, folder):
    tests = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, server.url, str(folder)], capture_output=True, text=True, cwd=tests, check=False, timeout=60
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith("Cannot write to the store of data: got File too large")
    assert list(holdings(folder)) == ["store.json"]
    assert half(folder) == []
    assert list((folder / "partial").glob("*.part")) == []


HOLD = "import sys, filelock\nwith filelock.FileLock(sys.argv[1]):\n    print('held', flush=True)\n    sys.stdin.read()"


def test_another_process_that_changes_the_store_is_named_and_reading_goes_on(server, get, folder):
    get("fake_d")
    command = [sys.executable, "-c", HOLD, str(folder / "store.lock")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout.readline() == "held\n"
        for act in (lambda: get("fake_a"), lambda: changes.remove("fake_d", data_dir=folder)):
            with pytest.raises(DataError, match="Another process is changing the store") as caught:
                act()
            assert caught.value.exit_code == 1
        assert DataDir(folder).table("fake_d").height > 0
        holder.stdin.close()
    get("fake_a")


def test_a_folder_that_may_not_be_written_is_one_error(server, get, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match="Cannot write to the store"):
        get("fake_d", data_dir=tmp_path / "file" / "store")
    assert server.asked == []


def test_a_host_that_is_silent_is_not_asked_so_often_again(server, get):
    server.files["/fake_d.csv"] = content("fake_d")
    server.plan = {"/pack.tar.gz": ["error_500"] * 9, "/fake_d.csv": ["error_500"] * 9}
    with pytest.raises(DataError, match="4 of 4"):
        get("fake")
    assert len(server.requests("/pack.tar.gz")) == 3
    assert len(server.requests("/fake_d.csv")) == 1
