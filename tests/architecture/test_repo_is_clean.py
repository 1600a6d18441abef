"""Nothing is committed that belongs to others, to one machine or to one workplace."""

from __future__ import annotations

import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

DATA_OF_OTHERS = {".dta", ".feather", ".npz", ".parquet", ".rda", ".rdata", ".rds", ".sav", ".xlsx", ".xz"}
LOCK_FILES = {"uv.lock", "poetry.lock", "Pipfile.lock", "pdm.lock"}
BINARY = {".gif", ".ico", ".jpg", ".png", ".woff2"}

MACHINE_PATH = re.compile(r"(?<![\w.:/<>~$}-])/(?:work|tmp|home|root|Users)/[\w.]")
"""An absolute path of one machine; not a part of an address or of a relative path."""

REGISTRY = re.compile(
    r"(?:^|\s)--?(?:extra-index-url|index-url|find-links|trusted-host)\b|^\s*(?:index-url|extra-index-url|find-links|trusted-host)\s*="
    r"|\bfiles\.pythonhosted\.|\bpypi\.(?:org|python)\b|\bregistry\.(?:npmjs|yarnpkg)\."
)
"""A package registry's address, or an option that names one."""

WORKPLACE = re.compile(
    r"\b(?:previous|next|coding|developer'?s|CEO'?s) session\b|\b(?:AI|LLM|coding|language[- ]model) (?:agent|assistant|session)s?\b"
    r"|\bsub-?agents?\b|\blanguage model\b|\bthe (?:CEO|workplace)\b",
    re.IGNORECASE,
)
"""Talk about how the text came about rather than about foedus."""


@cache
def tracked() -> tuple[Path, ...]:
    """Return the tracked files that are there."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("needs a git checkout")
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return tuple(p for name in done.stdout.split("\0") if name and (p := ROOT / name).is_file())


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    """Return every line of a tracked text file that ``pattern`` matches, with its place; this file, which holds the examples, apart."""
    found = []
    for path in tracked():
        if path.suffix in BINARY or path == Path(__file__).resolve():
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if pattern.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:120]}")
    return found


def test_no_data_of_others():
    assert [p.name for p in tracked() if p.suffix.casefold() in DATA_OF_OTHERS] == []


def test_no_lock_files():
    assert [p.name for p in tracked() if p.name in LOCK_FILES] == []


def test_no_large_files():
    assert [(p.name, p.stat().st_size) for p in tracked() if p.stat().st_size > 1_000_000] == []


def test_no_paths_of_one_machine():
    assert lines_with(MACHINE_PATH) == []


def test_no_registry_hosts():
    assert lines_with(REGISTRY) == []


def test_no_talk_of_a_workplace():
    assert lines_with(WORKPLACE) == []


def test_constraints_are_plain_pins():
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert [p for p in pins if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", p)] == []
    assert pins == sorted(pins, key=str.casefold)


@pytest.mark.parametrize(
    ("pattern", "hits", "misses"),
    [
        (
            MACHINE_PATH,
            ["see /work/main/x.py", 'Path("/home/me/data")', "(/tmp/x)"],
            ["https://a.org/home/x", "../work/x", "net/work/x", "$HOME/tmp/x", "</work>"],
        ),
        (
            REGISTRY,
            ["pip install --index-url X", "index-url = X", "https://pypi.org/simple", "https://registry.npmjs.org/x"],
            ["an index of balance", "the index-linked bond", "published on PyPI"],
        ),
        (
            WORKPLACE,
            ["left to the next session", "written by an AI assistant", "a coding agent", "a subagent"],
            [
                'scope="session"',
                "agent-based model",
                "the Assistant Secretary",
                "agents of the state",
                "session of the Council",
            ],
        ),
    ],
)
def test_the_patterns_find_what_they_should(pattern, hits, misses):
    assert [t for t in hits if not pattern.search(t)] == []
    assert [t for t in misses if pattern.search(t)] == []
