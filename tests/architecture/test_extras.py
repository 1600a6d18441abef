"""An optional package is asked for before it is imported, its table is that of pyproject.toml, and where none is installed every command says what to do."""

from __future__ import annotations

import ast
import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import core_only
from foedus import extras
from foedus.cli import COMMANDS, CRISIS_COMMANDS, DATA_COMMANDS, SCENARIO_COMMANDS
from foedus.errors import MissingExtraError

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "foedus"
ASKS = {"require", "optional"}
IMPORT = re.compile(rf"^\s*(?:import|from) .*\b(?:{'|'.join(extras.EXTRA_OF)})\b", re.MULTILINE)
CALLED_BY_IT = {"_r_frame", "_r_column"}
"""Functions that the optional package itself calls: it is there."""


def unasked(text: str) -> list[tuple[int, str]]:
    """Return imports of optional modules that nothing stands before: no call of `require` in the same function, no ``try`` around."""
    found: list[tuple[int, str]] = []

    def walk(node: ast.AST, asked: frozenset[str], caught: bool) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test):
                continue
            if isinstance(child, ast.FunctionDef) and child.name in CALLED_BY_IT:
                continue
            inside = asked
            if isinstance(child, ast.FunctionDef | ast.Module):
                calls = (c for c in ast.walk(child) if isinstance(c, ast.Call) and isinstance(c.func, ast.Name))
                words = (a.value for c in calls if c.func.id in ASKS for a in c.args[1 if c.func.id == "require" else 0 :]
                         if isinstance(a, ast.Constant))  # fmt: skip
                inside = asked | {str(w).partition(".")[0] for w in words}
            names = []
            if isinstance(child, ast.Import):
                names = [a.name for a in child.names]
            elif isinstance(child, ast.ImportFrom) and child.module and not child.level:
                names = [child.module]
            tops = {n.partition(".")[0] for n in names} & set(extras.EXTRA_OF)
            found.extend((child.lineno, t) for t in sorted(tops) if t not in asked and not caught)
            guarded = isinstance(child, ast.Try) and "missing" in {
                c.func.id for h in child.handlers for c in ast.walk(h) if isinstance(c, ast.Call) and isinstance(c.func, ast.Name)
            }  # fmt: skip
            walk(child, inside, caught or guarded)

    walk(ast.parse(text), frozenset(), False)
    return found


def test_no_optional_package_is_imported_unasked():
    broken = {
        str(p.relative_to(SOURCE)): found
        for p in SOURCE.rglob("*.py")
        if IMPORT.search(text := p.read_text("utf-8")) and (found := unasked(text))
    }
    assert broken == {}


@pytest.mark.parametrize(("text", "hits"), [
    ("import pandas", ["pandas"]),
    ("def f():\n    from statsmodels.api import OLS", ["statsmodels"]),
    ("def f():\n    require('A fit', 'pandas')\n    import pandas, formulaic", ["formulaic"]),
    ("def f():\n    require('A fit', 'pandas')\ndef g():\n    import pandas", ["pandas"]),
    ("try:\n    import pandas\nexcept ImportError:\n    pass", ["pandas"]),
    ("try:\n    import pandas\nexcept ImportError as e:\n    raise missing('pandas', 'It') from e", []),
    ("if TYPE_CHECKING:\n    import pandas", []),
    ("def f():\n    require('A fit', 'statsmodels')\n    import statsmodels.api as sm", []),
])  # fmt: skip
def test_the_reader_of_imports_finds_what_it_should(text, hits):
    assert [t for _, t in unasked(text)] == hits


def declared() -> dict[str, list[str]]:
    """Return the extras of pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]


def test_each_optional_module_comes_with_the_extra_that_is_named():
    users = {
        e: {canonicalize_name(Requirement(r).name) for r in rs}
        for e, rs in declared().items()
        if e not in {"all", "dev", "docs", "fuzz", "test"}
    }
    distributions = {m: {canonicalize_name(d) for d in ds} for m, ds in metadata.packages_distributions().items()}
    brought = {"dask": "dask"}  # through distributed, and never alone
    for module, extra in extras.EXTRA_OF.items():
        if module in distributions:
            assert brought.get(module) == extra or distributions[module] & users[extra], module
    named = {p for e, ps in users.items() for p in ps}
    modules = {d for m in extras.EXTRA_OF for d in distributions.get(m, {canonicalize_name(m)})}
    assert named - modules == set(), "an extra brings a package that foedus.extras does not know"


def test_all_brings_every_extra_that_users_have():
    (text,) = declared()["all"]
    assert Requirement(text).extras == set(declared()) - {"all", "dev", "test"} - BUILD


BUILD = {"docs", "fuzz", "release"}
"""Extras of those who work on foedus, as test and dev are."""


def test_a_module_that_no_extra_brings_is_nobodys():
    assert extras.unmet(ModuleNotFoundError("x", name="numpy.core")) is None
    assert extras.unmet(ImportError("x")) is None
    lacking = extras.unmet(ModuleNotFoundError("x", name="sklearn.base"))
    assert "scikit-learn" in str(lacking)
    assert "foedus[fit]" in str(lacking)


def test_every_command_is_called():
    group = {"scenario": SCENARIO_COMMANDS, "crisis": CRISIS_COMMANDS, "data": DATA_COMMANDS}
    every = {(c,) for c in COMMANDS} | {(g, c) for g, cs in group.items() for c in cs}
    lines = [shlex.split(line) for line, _ in core_only.CALLS]
    assert {tuple(w[:2]) if w[0] in group else (w[0],) for w in lines} == every


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """Return what each call did where no extra is installed and no data are there."""
    folder = tmp_path_factory.mktemp("core-only")
    lines = [line for line, _ in core_only.CALLS if line.split()[0] not in core_only.SLOW]
    done = subprocess.run(
        [sys.executable, str(ROOT / "tests" / "core_only.py")], input=json.dumps(lines), capture_output=True, text=True, check=False, cwd=folder,
        timeout=600, env={**os.environ, "FOEDUS_DATA": str(folder), "HOME": str(folder), "PYTHONPATH": str(ROOT / "src")},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def told(ran):
    """Return what each call did."""
    return ran["calls"]


def test_where_no_extra_is_installed_each_command_works_or_says_which_to_install(told):
    calls = ((line, extra) for line, extra in core_only.CALLS if line in told)
    assert {line: bad for line, extra in calls if (bad := core_only.fault(line, extra, told[line]))} == {}


@pytest.mark.parametrize(("extra", "code", "err", "good"), [
    (None, 0, "", True),
    (None, 2, "A formula needs formulaic\nhint: python -m pip install 'foedus[fit]'\n", False),
    ("fit", 2, "A formula needs formulaic\nhint: python -m pip install 'foedus[fit]'\n", True),
    ("fit", 0, "", False),
    ("fit", 2, "hint: python -m pip install 'foedus[files]'\n", False),
    ("fit", 99, "Traceback (most recent call last):\nImportError: x\nhint: python -m pip install 'foedus[fit]'", False),
    (None, 2, "1 of 1 data files are missing: got no", True),
    (None, 1, "something else", False),
])  # fmt: skip
def test_what_a_call_did_is_judged(extra, code, err, good):
    assert (core_only.fault("fit x", extra, {"code": code, "out": "", "err": err}) == "") is good


def test_a_brief_is_whole_without_any_extra(told):
    did = told["brief --in middle-east-2019 --draws 200"]
    assert did["code"] == 0
    assert "Blocs" in did["out"]


def test_every_module_and_public_name_can_be_imported_or_says_which_extra_it_needs(ran):
    fit = ("foedus.estimate.classifier", "foedus.estimate.strategic_model", "LogitClassifier", "StrategicModel")
    asked = {n: re.findall(r"foedus\[(\w+)\]", text) for n, text in ran["modules"].items()}
    assert asked == {**{key: ["fit"] for key in fit}, "foedus.testing.strategies": ["testing"]}


def test_a_hidden_module_that_is_loaded_is_an_error():
    with pytest.raises(RuntimeError, match="loaded already: json"):
        core_only.hide(["json"])


def test_an_optional_module_that_is_there_is_returned():
    assert extras.optional("json", "It") is json
    with pytest.raises(MissingExtraError, match="It needs networkx, which is not installed; expected the extra export"):
        raise extras.missing("networkx.algorithms", "It")
