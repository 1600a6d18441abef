"""The wheel holds what foedus needs at run time and no data of others."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import zipfile
from pathlib import Path, PurePosixPath

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "foedus"
DATA_OF_OTHERS = {".dta", ".npz", ".parquet", ".rda", ".rdata", ".rds", ".sav", ".xz"}
SHIPPED = {
    "params": "*.toml",
    "schema": "*.csv",
    "data/own": "*.toml",
    "scenario/bundled": "*.toml",
    "report/templates": "*",
}
"""Folders whose files must travel with the code."""


@pytest.fixture(scope="module")
def names(tmp_path_factory) -> list[str]:
    """Return the names of the files in a fresh wheel."""
    if importlib.util.find_spec("hatchling") is None:
        pytest.skip("needs hatchling: pip install -c constraints.txt -e '.[test]'")
    folder = tmp_path_factory.mktemp("wheel")
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        str(ROOT),
        "--no-deps",
        "--no-build-isolation",
        "--no-index",
        "-q",
        "-w",
        str(folder),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    (wheel,) = folder.glob("foedus-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def test_it_is_pure_python(names):
    assert not [n for n in names if PurePosixPath(n).suffix in {".so", ".pyc", ".nbi", ".nbc"}]


@pytest.mark.parametrize(("folder", "pattern"), SHIPPED.items())
def test_it_holds_what_the_code_reads(names, folder, pattern):
    wanted = {f"foedus/{p.relative_to(PACKAGE).as_posix()}" for p in (PACKAGE / folder).glob(pattern) if p.is_file()}
    assert wanted
    assert wanted - set(names) == set()


def test_it_holds_no_data_of_others(names):
    assert [n for n in names if PurePosixPath(n).suffix.casefold() in DATA_OF_OTHERS] == []
    assert [n for n in names if n.endswith(".csv") and not n.startswith("foedus/schema/")] == []


def test_it_holds_the_licence_and_nothing_beside_the_package(names):
    assert [n for n in names if n.endswith("licenses/LICENSE")]
    assert {PurePosixPath(n).parts[0].partition("-")[0] for n in names} == {"foedus"}
