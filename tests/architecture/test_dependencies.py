"""What foedus needs at run time is pinned, listed in docs/licences.md, and free of copyleft and non-commercial terms."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
COPYLEFT = re.compile(r"\b[AL]?GPL|General Public License|NonCommercial|-NC\b|Affero", re.IGNORECASE)


def pins() -> dict[str, str]:
    """Return the pinned versions by name."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").split()
    return {canonicalize_name(name): version for name, _, version in (line.partition("==") for line in lines)}


@cache
def needed(*extras: str) -> frozenset[str]:
    """Return the names of everything that is installed for foedus and ``extras``, without foedus itself."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lists = [project["dependencies"], *(project["optional-dependencies"][e] for e in extras)]
    todo = [(Requirement(r), "") for part in lists for r in part]
    found: set[str] = set()
    while todo:
        requirement, extra = todo.pop()
        name = canonicalize_name(requirement.name)
        if (requirement.marker and not requirement.marker.evaluate({"extra": extra})) or name == "foedus":
            continue
        try:
            requires = metadata.requires(name) or []
        except metadata.PackageNotFoundError:
            pytest.skip(f"{name} is not installed: make setup")
        new = {"", *requirement.extras} if name not in found else requirement.extras
        found.add(name)
        todo += [(Requirement(r), e) for r in requires for e in new]
    return frozenset(found)


@pytest.mark.parametrize("extras", [(), ("test",), ("dev",)])
def test_everything_needed_is_pinned(extras):
    assert needed(*extras) - set(pins()) == set()


def test_every_runtime_dependency_is_in_the_table_of_licences():
    page = (ROOT / "docs" / "licences.md").read_text(encoding="utf-8")
    runtime = page.partition("## At run time")[2].partition("\n## ")[0]
    listed = {canonicalize_name(n) for n in re.findall(r"^\| ([\w.-]+) \|", runtime, re.MULTILINE)} - {"package"}
    assert listed - needed() == set(), "listed but not needed"
    assert needed() - listed == set(), "needed but not listed"


def test_every_package_of_an_optional_extra_is_pinned_and_in_the_table_of_licences():
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    page = (ROOT / "docs" / "licences.md").read_text(encoding="utf-8")
    optional = page.partition("## In optional extras")[2].partition("\n## ")[0]
    listed = {canonicalize_name(n) for n in re.findall(r"^\| ([\w.-]+) \|", optional, re.MULTILINE)} - {"package"}
    asked = {canonicalize_name(Requirement(r).name) for e in ("export", "rustworkx") for r in extras[e]}
    assert asked - needed() == listed
    assert listed - set(pins()) == set()


def test_no_runtime_dependency_declares_copyleft():
    declared = {}
    for name in needed():
        about = metadata.metadata(name)
        words = [
            about.get("License-Expression") or "",
            *(c for c in about.get_all("Classifier") or [] if c.startswith("License")),
        ]
        declared[name] = " ".join(words) or (about.get("License") or "").partition("\n")[0]
    assert {n: w for n, w in declared.items() if not w or COPYLEFT.search(w)} == {}
