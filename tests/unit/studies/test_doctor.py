"""`doctor` on healthy and broken installations: each fault is made, found, and private paths stay out of the report."""

from __future__ import annotations

import errno
import getpass
import os
import platform
import tempfile
from importlib import metadata
from pathlib import Path

import pytest

from foedus.studies import doctor as module
from foedus.studies import doctor_folders as folders
from foedus.studies.doctor import Finding, doctor, private


def one(found, part, name):
    (hit,) = [x for x in found.findings if (x.part, x.name) == (part, name)]
    return hit


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """Return a home of its own, without any data."""
    folder = tmp_path / "jane-doe-home"
    folder.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    for name in ("FOEDUS_DATA", "FOEDUS_CACHE", "XDG_DATA_HOME", "XDG_CACHE_HOME", "NUMBA_CACHE_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return folder


def test_a_new_installation_is_healthy_and_says_what_is_not_there_yet():
    found = doctor()
    assert found.healthy
    assert one(found, "data", "store").level == "note"
    assert one(found, "packages", "numpy").found.startswith(metadata.version("numpy"))
    assert one(found, "folders", "cache of tables").found.endswith("(not there yet)")
    assert found.to_dict()["healthy"] is True
    assert found.table().height == len(found.findings)


def test_every_requirement_and_extra_is_looked_at():
    core, extras = module._asked()
    names = {x.name for x in doctor().findings if x.part == "packages"}
    assert names == {module._name(r) for r in core}
    assert {x.name for x in doctor().findings if x.part == "extras"} == set(extras)
    assert set(module.EXTRAS) >= set(extras), "say what each extra unlocks"


def test_without_a_source_tree_the_installed_package_says_what_it_needs(monkeypatch):
    monkeypatch.setattr(module, "__file__", "/nowhere/a/b/c.py")
    lines = ["numpy>=2", "nosuch>=1; python_version > '3'", 'networkx>=3.4; extra == "export"']
    monkeypatch.setattr(metadata, "requires", lambda _: lines)
    assert module._asked() == (["numpy>=2", "nosuch>=1"], {"export": ["networkx>=3.4"]})
    monkeypatch.setattr(metadata, "requires", gone)
    monkeypatch.setattr(metadata, "metadata", gone)
    assert module._asked() is None
    assert [x.level for x in module._packages()] == ["note"]
    assert next(x for x in module._machine() if x.name == "python").level == "ok"


def gone(name):
    raise metadata.PackageNotFoundError(name)


@pytest.mark.parametrize(("missing", "level", "healthy"), [("networkx", "note", True), ("polars", "broken", False)])
def test_a_missing_package_is_a_note_if_optional_and_broken_if_not(monkeypatch, missing, level, healthy):
    real = metadata.version
    monkeypatch.setattr(metadata, "version", lambda name: gone(name) if name == missing else real(name))
    found = doctor()
    assert found.healthy is healthy
    hit = one(found, "extras", "export") if healthy else one(found, "packages", missing)
    assert hit.level == level
    assert "pip install" in hit.hint
    assert missing in hit.found + hit.name


def test_a_package_that_is_too_old_is_broken(monkeypatch):
    real = metadata.version
    monkeypatch.setattr(metadata, "version", lambda name: "1.0" if name == "numpy" else real(name))
    assert [x.name for x in doctor().broken] == ["numpy"]
    monkeypatch.setattr(metadata, "version", lambda name: "not a version" if name == "numpy" else real(name))
    assert "cannot be compared" in one(doctor(), "packages", "numpy").found


def test_without_packaging_nothing_is_compared(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "packaging.requirements", None)
    assert "packaging is not installed" in one(doctor(), "packages", "numpy").found


def test_an_old_python_and_an_odd_encoding(monkeypatch):
    monkeypatch.setattr(module, "_requires_python", lambda: (99, 0))
    monkeypatch.setattr(module.sys, "getfilesystemencoding", lambda: "ascii")
    found = doctor()
    assert [x.name for x in found.broken] == ["python"]
    assert one(found, "machine", "language").level == "note"


@pytest.mark.parametrize(
    ("system", "words"), [("Windows", "WSL"), ("Darwin", "limit of memory"), ("Plan 9", "untried")]
)
def test_a_system_that_foedus_was_never_run_on_is_said(monkeypatch, system, words):
    monkeypatch.setattr(module.platform, "system", lambda: system)
    found = one(doctor(), "machine", "system")
    assert found.level == "note"
    assert "Linux only" in found.hint
    assert words in found.hint


def test_a_folder_of_data_that_was_named_must_be_there(tmp_path, monkeypatch):
    assert [x.name for x in doctor(tmp_path / "none").broken] == ["store"]
    monkeypatch.setenv("FOEDUS_DATA", str(tmp_path / "none"))
    assert [x.name for x in doctor().broken] == ["store"]
    (tmp_path / "file").write_text("x")
    assert [x.name for x in doctor(tmp_path / "file").broken] == ["store"]


def test_a_damaged_file_and_a_damaged_store_are_found(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "cow_states.rda").write_bytes(b"RDX3 not really")
    found = doctor(folder)
    assert found.healthy, "checksums are compared on --verify only"
    assert "tables are missing" in one(found, "data", "real years").found
    found = doctor(folder, verify=True)
    assert [x.name for x in found.broken] == ["cow_states"]
    assert "0 of 1" in one(found, "data", "checksums").found
    (folder / "store.json").write_text("{ damaged")
    assert [x.name for x in doctor(folder).broken] == ["store"]


def test_a_recorded_file_that_is_gone_is_broken(tmp_path, monkeypatch):
    from foedus.data.store import DataDir

    monkeypatch.setattr(DataDir, "records", lambda _: {"cow_states": None, "not-of-this-version": None})
    assert [x.name for x in doctor(tmp_path).broken] == ["cow_states"]


def test_whole_data_say_the_years(tmp_path, monkeypatch):
    from foedus.data.store import Check, DataDir
    from foedus.system.tables import REQUIRED

    monkeypatch.setattr(DataDir, "find", lambda _, name: Path(name) if name in REQUIRED else None)
    monkeypatch.setattr(
        DataDir, "verify", lambda _: [Check("cow_states", "ok", "unrecognised file, reads and conforms")]
    )
    found = doctor(tmp_path, verify=True)
    assert one(found, "data", "real years").found.startswith("1816 to 1 January 20")
    assert "1 of them other files" in one(found, "data", "checksums").found


def test_a_home_that_cannot_be_written_to(home, monkeypatch):
    real = tempfile.TemporaryFile

    def refused(*rest, **options):
        if Path(options["dir"]).is_relative_to(home):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        return real(*rest, **options)

    monkeypatch.setattr(folders.tempfile, "TemporaryFile", refused)
    found = doctor()
    assert found.healthy
    assert {x.name for x in found.findings if "cannot be written" in x.found} == {"cache of tables", "data"}
    assert "FOEDUS_CACHE" in one(found, "folders", "cache of tables").hint
    monkeypatch.setattr(folders.tempfile, "gettempdir", lambda: str(home))
    assert [x.name for x in doctor().broken] == ["temporary files"]


def test_kernels_kept_stale_and_absent(tmp_path, monkeypatch):
    room = tmp_path / "pkg" / "kernels"
    (room / "__pycache__").mkdir(parents=True)
    for name in ("fresh", "stale", "absent"):
        (room / f"{name}.py").write_text("@njit(cache=True)\ndef f(): ...\n")
    (room / "plain.py").write_text("x = 1\n")
    for name, when in (("fresh", 2e9), ("stale", 1e9)):
        index = room / "__pycache__" / f"{name}.f-1.py311.nbi"
        index.touch()
        os.utime(index, (when, when))
    monkeypatch.setattr(folders, "__file__", str(tmp_path / "pkg" / "studies" / "doctor.py"))
    (kept,) = module._compiled()
    assert kept.found == "1 of 3 files with kernels are compiled and kept, 1 older than their source"
    named = tmp_path / "named" / "kernels_abc"
    named.mkdir(parents=True)
    (named / "absent.f-1.py311.nbi").touch()
    os.utime(named / "absent.f-1.py311.nbi", (2e9, 2e9))
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(named.parent))
    assert next(module._compiled()).found.startswith("2 of 3")


def test_the_report_holds_no_path_and_no_name(tmp_path, home, monkeypatch):
    monkeypatch.setenv("USER", "jane-doe")
    spaced = home / "my secret data"
    spaced.mkdir()
    (spaced / "store.json").write_text("{ damaged")
    monkeypatch.setenv("FOEDUS_DATA", str(spaced))
    text = doctor().report()
    assert "store: broken" in text
    for secret in (
        str(tmp_path),
        str(home),
        home.name,
        "jane-doe",
        "my secret data",
        "secret",
        platform.node() or "\0",
    ):
        assert secret not in text
    assert "packages / numpy: ok" in text
    assert str(spaced) in {x.path for x in doctor().findings}


def test_private_words(monkeypatch):
    monkeypatch.setenv("USER", getpass.getuser())
    assert private("D:\\Jane\\x.csv and /data/x; 3/4") == "<path> and <path>; 3/4"
    assert private("a\x1b[2J") == "a?[2J"
    assert private(Finding("a", "b", "asked >=6").found) == "asked >=6"
