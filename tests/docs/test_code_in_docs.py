"""Code in the documentation runs: Python blocks of a page one after another, `$ foedus` lines of its console blocks, examples in docstrings.

A block or page opts out with an HTML comment on the line before: ``<!-- not run: REASON -->``.
"""

from __future__ import annotations

import doctest
import functools
import importlib
import os
import pkgutil
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import foedus
from taught import TAUGHT, typed

ROOT = Path(__file__).parents[2]
PAGES = [
    # Those that teach run from top to bottom: test_taught_pages.py.
    *sorted(
        p for p in (ROOT / "docs").rglob("*.md") if p not in TAUGHT and ROOT / "docs" / "generated" not in p.parents
    ),
    *(p for n in ("README.md", "CONTRIBUTING.md") if (p := ROOT / n).is_file()),
]
FENCE = re.compile(r"(?P<before>[^\n]*\n)?^```(?P<kind>\w+)[^\n]*\n(?P<code>.*?)^```", re.MULTILINE | re.DOTALL)
OPTIONS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS


def blocks(page: Path, kind: str) -> list[tuple[int, str]]:
    """Return (first line, text) of the blocks of one kind that are to be run."""
    text = page.read_text(encoding="utf-8")
    found = [m for m in FENCE.finditer(text) if m["kind"] == kind and "<!-- not run:" not in (m["before"] or "")]
    return [(text.count("\n", 0, m.start("code")) + 1, m["code"]) for m in found]


def relative(page: Path) -> str:
    """Return a page's path for test names."""
    return page.relative_to(ROOT).as_posix()


def modules() -> list[str]:
    """Return the names of foedus's modules; those that are programs are left out."""
    found = pkgutil.walk_packages(foedus.__path__, "foedus.")
    return [m.name for m in found if not m.name.endswith("__main__")]


def commands() -> list[tuple[str, int, str]]:
    """Return (page, line, command) of every ``$ foedus ...`` line."""
    return [
        (relative(page), start + k, line.removeprefix("$ "))
        for page in PAGES
        for start, code in blocks(page, "console")
        for k, line in enumerate(code.splitlines())
        if line.startswith("$ foedus ")
    ]


@pytest.mark.parametrize("page", [p for p in PAGES if blocks(p, "python")], ids=relative)
def test_python_of_a_page_runs(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {"__name__": "__page__"}
    for line, code in blocks(page, "python"):
        if ">>>" in code:
            test = doctest.DocTestParser().get_doctest(code, names, relative(page), str(page), line - 1)
            result = doctest.DocTestRunner(optionflags=OPTIONS).run(test, clear_globs=False)
            names.update(test.globs)
            assert result.failed == 0, f"{relative(page)}:{line}"
        else:
            exec(compile("\n" * (line - 1) + code, str(page), "exec"), names)


def name(command: str) -> str:
    """Return the name of a command, with the second word where there are commands below it."""
    words = shlex.split(command)[1:]
    return " ".join(words[: 2 if words[0] in {"crisis", "data", "scenario"} else 1])


@functools.cache
def alone() -> set[str]:
    """Return one line of each command, without data sets where there is one: it runs in a fresh Python, where nothing is imported yet."""
    lines = sorted((c for _, _, c in commands()), key=lambda c: "DATA" in c)
    return set({name(c): c for c in reversed(lines)}.values())


@pytest.mark.parametrize(("page", "line", "command"), commands())
def test_command_of_a_page_runs(page, line, command, tmp_path, monkeypatch):
    data = os.environ.get("FOEDUS_REALDATA", "")
    if "DATA" in command and not data:
        pytest.skip("needs the published data sets: FOEDUS_REALDATA is unset")
    arguments = [data if a == "DATA" else a for a in shlex.split(command, comments=True)[1:]]
    if command not in alone():
        monkeypatch.chdir(tmp_path)
        typed(shlex.join(["$", "foedus", *arguments]))
        return
    done = subprocess.run(
        [sys.executable, "-m", "foedus", *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        timeout=120,
    )
    assert done.returncode == 0, f"{page}:{line}: {done.stderr}"


def test_each_command_of_the_pages_also_runs_in_a_fresh_python():
    lines = [c for _, _, c in commands()]
    assert sorted(map(name, alone())) == sorted(set(map(name, lines)))
    assert set(lines) - alone(), "the others run in this process"


SHOWN = re.compile(r"`(?P<command>foedus [^`\n]+)`[^`\n]*:\n\n```text\n(?P<lines>.*?)^```", re.MULTILINE | re.DOTALL)
"""A command at the end of a sentence, and what it is said to print; `...` stands for what is left out."""


@pytest.mark.parametrize(
    ("command", "lines"), [(m["command"], m["lines"]) for m in SHOWN.finditer((ROOT / "README.md").read_text("utf-8"))]
)
def test_what_the_readme_shows_is_what_is_printed(command, lines, tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "foedus", *shlex.split(command)[1:]],
        capture_output=True, text=True, check=True, cwd=tmp_path, timeout=120, env=os.environ | {"COLUMNS": "80"},
    )  # fmt: skip
    printed = " ".join(done.stdout.split())
    for shown in " ".join(lines.split()).split("..."):
        assert shown.strip() in printed


def test_the_readme_shows_output():
    assert len(SHOWN.findall((ROOT / "README.md").read_text("utf-8"))) >= 2


@pytest.mark.parametrize("name", modules())
def test_examples_of_a_module_run(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert doctest.testmod(importlib.import_module(name), optionflags=OPTIONS).failed == 0
