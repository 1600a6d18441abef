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


def test_it_holds_the_notices_of_the_npm_packages_in_the_page(names):
    assert "foedus/studio/page/licences.txt" in names
    assert [n for n in names if n.endswith("dist-info/licenses/src/foedus/studio/page/licences.txt")]


def test_it_holds_the_built_page_and_none_of_its_source(names):
    page = {PurePosixPath(n).name for n in names if n.startswith("foedus/studio/page/")}
    assert page == {p.name for p in (PACKAGE / "studio" / "page").iterdir()}
    assert {"app.css", "app.js", "index.html"} <= page
    assert [n for n in names if PurePosixPath(n).suffix in {".svelte", ".ts", ".map"} or "node_modules" in n] == []


def test_every_file_of_the_package_is_in_it_and_no_test(names):
    """Whoever adds a kind of file adds it here, on purpose."""
    kinds = {".css", ".csv", ".html", ".j2", ".js", ".py", ".toml", ".txt", ".typed"}
    here = {
        f"foedus/{p.relative_to(PACKAGE).as_posix()}"
        for p in PACKAGE.rglob("*")
        if p.is_file() and "__pycache__" not in p.parts
    }
    assert {n for n in names if n.startswith("foedus/")} == here
    assert {PurePosixPath(n).suffix for n in here} <= kinds
    assert [n for n in here if PurePosixPath(n).name.startswith(("test_", "conftest"))] == []


def test_type_checkers_are_told_that_it_is_typed(names):
    assert "foedus/py.typed" in names
