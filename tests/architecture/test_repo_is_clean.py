"""Nothing is committed that belongs to others or to one machine."""

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
CORPUS = ROOT / "fuzz" / "corpus"
"""Inputs for fuzzing, made up by `fuzz.seeds` and changed by chance: any bytes."""

MACHINE_PATH = re.compile(r"(?<![\w.:/<>~$}-])/(?:tmp|home|root|srv|opt|Users)/[\w.]")
"""An absolute path of one machine; not a part of an address or of a relative path."""

REGISTRY = re.compile(
    r"(?:^|\s)--?(?:extra-index-url|index-url|find-links|trusted-host)\b|^\s*(?:index-url|extra-index-url|find-links|trusted-host)\s*="
)
"""An option that names a package registry."""


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
        if path.suffix in BINARY or path.is_relative_to(CORPUS) or path == Path(__file__).resolve():
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


def test_the_corpus_is_small():
    sizes = [p.stat().st_size for p in tracked() if p.is_relative_to(CORPUS)]
    assert sum(sizes) < 2_000_000
    assert max(sizes) <= 20_000


def test_no_paths_of_one_machine():
    assert lines_with(MACHINE_PATH) == []


def test_no_registry_hosts():
    assert lines_with(REGISTRY) == []


def test_constraints_are_plain_pins():
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert [p for p in pins if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", p)] == []
    assert pins == sorted(pins, key=str.casefold)


@pytest.mark.parametrize(
    ("pattern", "hits", "misses"),
    [
        (
            MACHINE_PATH,
            ['Path("/home/me/data")', "(/tmp/x)"],
            ["https://a.org/home/x", "../home/x", "net/home/x", "$HOME/tmp/x", "</home>"],
        ),
        (
            REGISTRY,
            ["pip install --index-url X", "index-url = X"],
            ["an index of balance", "the index-linked bond", "published on PyPI"],
        ),
    ],
)
def test_the_patterns_find_what_they_should(pattern, hits, misses):
    assert [t for t in hits if not pattern.search(t)] == []
    assert [t for t in misses if pattern.search(t)] == []
