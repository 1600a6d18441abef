"""Imports go down the levels of the house only (the levels are drawn in ``levels.py`` beside this file)."""

from __future__ import annotations

from pathlib import Path

import pytest

from architecture.levels import LEVEL, broken, imports, unknown_rooms

ROOT = Path(__file__).parents[2] / "src" / "foedus"


def test_imports_go_down_the_levels():
    assert broken(ROOT) == []


def test_every_room_has_a_level():
    assert unknown_rooms(ROOT) == []


def test_the_checker_reads_the_whole_package():
    seen = list(imports(ROOT))
    assert len({i.file for i in seen}) > 30
    assert any(i.put_off for i in seen)
    assert {i.target for i in seen} <= set(LEVEL)


@pytest.fixture
def house(tmp_path):
    """Return a writer of small packages: path to source; gives the folder to check."""

    def build(files: dict[str, str]) -> Path:
        for name, text in {
            "errors.py": "",
            "data/__init__.py": "",
            "system/system.py": "",
            "war/result.py": "",
            **files,
        }.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return tmp_path

    return build


GUARDED = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from foedus.war.result import War\n"


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("war/field.py", "from foedus.system.system import System"),
        ("war/field.py", "from foedus import params, errors"),
        ("war/field.py", "import numpy as np\nimport foedus.system.system"),
        ("war/result.py", "from foedus.war.field import theatre"),
        ("war/rules/odds.py", "from .. import field"),
        ("params/__init__.py", "from foedus.kernels import streams\nfrom foedus.errors import message"),
        ("system/verbs.py", "def war():\n    from foedus.war.simulate import war\n    return war"),
        ("system/verbs.py", GUARDED),
        ("__init__.py", "from foedus.war.result import War"),
        ("cli/__init__.py", "from foedus import load"),
        ("report/basis.py", "from foedus import __version__"),
        ("testing/systems.py", "from foedus.scenario import read"),
    ],
)
def test_imports_that_are_right(house, file, source):
    assert broken(house({file: source})) == []


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("system/system.py", "from foedus.war.result import War"),
        ("system/system.py", "import foedus.war.result"),
        ("system/system.py", "from foedus import war"),
        ("system/system.py", "from foedus import load"),
        ("system/system.py", "from ..war import result"),
        ("system/system.py", "def f():\n    from foedus.war.result import War\n    return War"),
        ("system/system.py", GUARDED),
        ("system/system.py", "import importlib\nimportlib.import_module('foedus.war.result')"),
        ("system/verbs.py", "from foedus.war.result import War"),
        ("data/spec.py", "from foedus.system.system import System"),
        ("system/covariates.py", "from foedus.estimate.nested import nested"),
        ("power/shares.py", "from foedus.obligations.bound import bound"),
        ("kernels/cascade.py", "from foedus.params import load"),
        ("errors.py", "from foedus.kernels import streams"),
        ("report/brief.py", "from foedus.testing import strategies"),
        ("war/field.py", "from foedus.helpers import clip"),
    ],
)
def test_imports_that_are_turned_round(house, file, source):
    found = broken(house({file: source}))
    assert len(found) == 1
    assert found[0].startswith(f"{Path(file)}:")


def test_a_room_without_a_level_is_found(house):
    assert unknown_rooms(house({"utils/__init__.py": "", "helpers.py": ""})) == ["helpers", "utils"]
