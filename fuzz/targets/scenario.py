"""Scenario files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.scenario.check import check
from foedus.scenario.read import load_scenario
from foedus.scenario.write import to_toml
from fuzz.contract import BrokenError, held, put
from fuzz.texts import SCENARIO, SPOILT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def one(data: bytes, folder: Path) -> None:
    path = put(folder, "mine.toml", data)
    found = held(load_scenario, path)
    problems = check(path)
    if (found is None) != bool(problems):
        raise BrokenError("what is checked and what is read disagree")
    if found is not None:
        held(to_toml, found.system)


def seeds() -> Iterator[bytes]:
    yield SCENARIO.encode()
    yield SCENARIO.replace("\n", "\r\n").encode("utf-8-sig")
    for old, new in SPOILT:
        yield SCENARIO.replace(old, new, 1).encode("utf-8", "surrogatepass")
    yield b"a=" + b"[" * 2_000
    yield b"a.b.c.d.e.f = 1\n" * 200
    yield b"\0"
