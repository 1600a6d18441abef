"""What foedus needs is pinned and installed as pinned; every licence is allowed where it stands, and docs/licences.md says which it is."""

from __future__ import annotations

import re
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from release import licences
from release.licences import Part

ROOT = Path(__file__).parents[2]
ONLY_ELSEWHERE = {"backports-tarfile", "colorama", "exceptiongroup", "tomli"}
"""Packages that only other systems or other versions of Python need."""


def pins() -> dict[str, str]:
    """Return the pinned versions by name."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").split()
    return {canonicalize_name(name): version for name, _, version in (line.partition("==") for line in lines)}


def table(heading: str) -> dict[str, tuple[str, ...]]:
    """Return the cells of a table of docs/licences.md by the package that each row is of."""
    page = (ROOT / "docs" / "licences.md").read_text(encoding="utf-8")
    part = page.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    rows = [tuple(c.strip() for c in line.strip("|").split("|")) for line in part.splitlines() if line.startswith("| ")]
    return {name: tuple(rest) for name, *rest in rows if name not in {"package", "npm package"}}


def every_extra() -> list[str]:
    """Return the extras of pyproject.toml that are installed here; those of users and of the tests always."""
    return [e for e in licences.project() if e not in {"dev", "docs", "fuzz"} or licences.there(e)]


@pytest.mark.parametrize("extra", sorted(licences.project()))
def test_everything_needed_is_pinned_and_installed_as_pinned(extra):
    if extra not in every_extra():
        pytest.skip(f"the extra {extra} is not installed")
    found = {name: metadata.version(name) for name in licences.needed(extra)}
    known = pins()
    assert {n: v for n, v in found.items() if known.get(n) != v} == {}


def test_every_requirement_admits_its_pin():
    known = pins()
    every = [Requirement(r) for rs in licences.project().values() for r in rs]
    wrong = [str(r) for r in every if r.name != "foedus" and not r.specifier.contains(known[canonicalize_name(r.name)])]
    assert wrong == []


def test_nothing_is_pinned_that_nothing_needs():
    if set(every_extra()) != set(licences.project()):
        pytest.skip("not every extra is installed")
    wanted = frozenset().union(*(licences.needed(e) for e in licences.project()))
    assert set(pins()) - wanted - ONLY_ELSEWHERE == set()


def test_what_other_pythons_need_is_pinned_too():
    """Markers are read as Python 3.12 and 3.13 would, of packages that are installed here."""
    missing = {}
    for version in ("3.12", "3.13"):
        environment = {**default_environment(), "python_version": version, "python_full_version": f"{version}.0"}
        for name in frozenset().union(*(licences.needed(e) for e in every_extra())):
            for text in metadata.requires(name) or []:
                requirement = Requirement(text)
                marker = requirement.marker
                if marker is None or (marker.evaluate({**environment, "extra": ""}) and "extra" not in str(marker)):
                    other = canonicalize_name(requirement.name)
                    if other not in pins():
                        missing.setdefault(version, set()).add(f"{name} needs {other}")
    assert missing == {}


def test_the_build_backend_is_pinned_to_one_version():
    build = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["build-system"]
    assert build["requires"] == [f"hatchling=={pins()['hatchling']}"]


def wanted_here(why: str) -> bool:
    """Return whether this Python needs what an older one does: ``..., before Python 3.12``."""
    bound = re.search(r", before Python 3\.(\d+)$", why)
    return bound is None or sys.version_info < (3, int(bound[1]))


def test_the_tables_of_licences_are_what_is_installed():
    users = licences.installed(work=False)
    core, optional = table("At run time"), table("In optional extras")
    optional = {n: row for n, row in optional.items() if wanted_here(row[-1])}
    assert {n: row[0] for n, row in core.items()} == {p.name: p.licence for p in users if not p.asked}
    assert {n: row[:2] for n, row in optional.items()} == {
        p.name: (p.licence, ", ".join(p.asked)) for p in users if p.asked
    }
    assert [n for n, row in {**core, **optional}.items() if not row[-1]] == [], "say what needs it"


def test_the_table_of_tools_has_those_of_the_tests():
    listed = {n: row[0] for n, row in table("For tests and checks only").items()}
    found = {p.name: p.licence for p in licences.installed(work=True)}
    tests = {p.name for p in licences.installed(work=True) if "test" in p.asked}
    assert {n: listed.get(n) for n in tests} == {n: found[n] for n in tests}
    assert {n: x for n, x in listed.items() if n in found and found[n] != x} == {}


def test_every_licence_is_allowed_where_it_stands():
    assert licences.faults() == []


def test_every_package_in_the_page_has_its_text_and_is_of_the_locked_version():
    text = licences.PAGE.read_text(encoding="utf-8")
    notices = dict(re.findall(r"^(\S+) \d\S* \([^\n]+\)\n\n(.*?)(?=\n\n-{20,}|\Z)", text, re.MULTILINE | re.DOTALL))
    assert set(notices) == {p.name for p in licences.in_page()}
    assert [n for n, words in notices.items() if "copyright" not in words.casefold()] == []
    locked = {(p.name, p.version): p.licence for p in licences.locked()}
    assert {p: locked.get((p.name, p.version)) for p in licences.in_page()} == {
        p: p.licence for p in licences.in_page()
    }


def test_code_that_a_package_carries_of_another_is_told_too():
    """The files of d3-array hold internmap, which the list of modules in a bundle does not show."""
    if "_intern" in (licences.PAGE.parent / "app.js").read_text(encoding="utf-8"):
        assert "internmap" in {p.name for p in licences.in_page()}, "make page"


@pytest.mark.parametrize(("declared", "licence"), [
    ({"license_expression": "MIT AND Zlib"}, "MIT AND Zlib"),
    ({"classifier": ["License :: OSI Approved :: MIT License"]}, "MIT"),
    ({"classifier": ["License :: OSI Approved :: BSD License"], "license": "BSD-2-Clause"}, "BSD-2-Clause"),
    ({"classifier": ["License :: OSI Approved :: BSD License"], "license": "BSD",
      "text": "Redistribution and use in source and binary forms, with or without"}, "BSD-2-Clause"),
    ({"classifier": ["License :: OSI Approved :: BSD License"]}, ""),
    ({"classifier": ["License :: OSI Approved :: GNU General Public License v3 (GPLv3)"], "license": "MIT"}, ""),
    ({"license": "Apache 2.0"}, "Apache-2.0"),
    ({"license": "see the file"}, ""),
    ({"text": "The MIT License (MIT)\n\nPermission is hereby granted, free of charge, to"}, "MIT"),
    ({}, ""),
])  # fmt: skip
def test_what_is_declared_is_read_and_the_rest_is_unknown(declared, licence):
    assert licences.spdx("some-package", declared) == licence


@pytest.mark.parametrize(("licence", "bad"), [
    ("MIT", set()),
    ("", {"unknown"}),
    ("GPL-3.0-only", {"GPL-3.0-only"}),
    ("LGPL-2.1-or-later AND MIT", {"LGPL-2.1-or-later"}),
    ("MIT OR GPL-3.0-only", set()),
    ("GPL-2.0-only OR Apache-2.0", set()),
    ("MIT AND (AGPL-3.0-only OR BSD-3-Clause)", set()),
    ("GPL-3.0-only WITH GCC-exception-3.1", {"GPL-3.0-only WITH GCC-exception-3.1"}),
    ("CC-BY-NC-4.0", {"CC-BY-NC-4.0"}),
    ("Apache-2.0 WITH LLVM-exception AND BSD-2-Clause", set()),
])  # fmt: skip
def test_copyleft_and_unknown_terms_are_refused(licence, bad):
    assert licences.refused(licence) == bad


def test_a_licence_that_is_not_allowed_is_told_with_the_package(monkeypatch):
    monkeypatch.setattr(licences, "in_page", lambda: [Part("some-page", "1.0", "AGPL-3.0-only", ())])
    assert "some-page 1.0: AGPL-3.0-only" in licences.faults()
