"""Where compiled kernels are kept where nothing can be written, and by whom they may be written."""

import os
import stat
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from foedus.kernels import compiled


@pytest.fixture
def bare(tmp_path, monkeypatch):
    """A package and a home; returns the folder of the package."""
    monkeypatch.delenv(compiled.NAME, raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setitem(sys.modules, "numba", SimpleNamespace(config=SimpleNamespace(CACHE_DIR="")))
    (tmp_path / "home").mkdir()
    (tmp_path / "package" / "__pycache__").mkdir(parents=True)
    return tmp_path / "package"


@pytest.fixture
def refused(monkeypatch):
    """Let the system say of some folders that they cannot be written to, to root too."""
    closed = []
    real = os.access
    monkeypatch.setattr(
        os, "access", lambda p, mode: not any(Path(p).is_relative_to(c) for c in closed) and real(p, mode)
    )
    return closed


def test_kernels_lie_beside_their_source_or_in_the_cache(bare, refused):
    assert compiled.settle(bare) is None
    refused.append(bare)
    assert compiled.settle(bare) is None
    assert compiled.NAME not in os.environ


def test_where_neither_can_be_written_a_folder_of_this_process_takes_them(bare, refused, monkeypatch, tmp_path):
    refused += [bare, tmp_path / "home"]
    ends = []
    monkeypatch.setattr(compiled.atexit, "register", lambda *call: ends.append(call))
    folder = compiled.settle(bare)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert os.environ[compiled.NAME] == str(folder) == sys.modules["numba"].config.CACHE_DIR
    monkeypatch.delenv(compiled.NAME)
    ((remove, *given),) = ends
    remove(given[0], given[1] + 1)
    assert folder.exists(), "a process forked from ours leaves it"
    remove(*given)
    assert not folder.exists()


def test_a_user_without_a_home_or_with_a_file_for_one(bare, refused, monkeypatch, tmp_path):
    refused.append(bare)
    monkeypatch.setattr(compiled.atexit, "register", lambda *_: None)

    def nobody(*_):
        raise RuntimeError("Could not determine home directory.")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "home", nobody)
        assert compiled.settle(bare).is_dir()
    monkeypatch.delenv(compiled.NAME)
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert compiled.settle(bare).is_dir()


def test_a_folder_that_the_user_names_is_left(bare, refused, monkeypatch, tmp_path):
    refused += [bare, tmp_path / "home"]
    monkeypatch.setenv(compiled.NAME, "named")
    assert compiled.settle(bare) is None


def test_without_any_folder_numba_speaks_for_itself(bare, refused, monkeypatch, tmp_path):
    refused += [bare, tmp_path / "home"]

    def none(**_):
        raise FileNotFoundError

    monkeypatch.setattr(compiled.tempfile, "mkdtemp", none)
    assert compiled.settle(bare) is None

    def closed(_):
        raise PermissionError

    monkeypatch.setattr(Path, "exists", closed)
    assert not compiled._writable(tmp_path)


PROBE = """
import os, sys
from pathlib import Path
real = os.access
os.access = lambda p, mode: real(p, mode) and not (mode & os.W_OK and '/proc' not in str(p))
import foedus.kernels.streams
from numba.core.caching import CacheImpl
print(os.environ['NUMBA_CACHE_DIR'])
"""


def test_a_kernel_module_loads_there_and_nothing_is_left():
    env = {k: v for k, v in os.environ.items() if k != compiled.NAME}
    said = subprocess.run(
        [sys.executable, "-c", PROBE], env=env, capture_output=True, text=True, check=True
    ).stdout.strip()
    assert "foedus-compiled-" in said
    assert not Path(said).exists()
