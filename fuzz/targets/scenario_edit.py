"""One edit of a scenario's text: set, add or remove, by a path; the input is the path, the value as JSON, and the text, apart by NUL."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from foedus.scenario.edit import add_in, remove_in, set_in
from fuzz.contract import held
from fuzz.texts import SCENARIO

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def one(data: bytes, folder: Path) -> None:
    path, value, text = ([x.decode("utf-8", "replace") for x in data.split(b"\0", 2)] + ["", "", ""])[:3]
    text = text or SCENARIO
    try:
        plain = json.loads(value)
    except (ValueError, RecursionError):
        plain = value
    held(set_in, text, path, plain)
    held(remove_in, text, path)
    if isinstance(plain, dict):
        held(add_in, text, path, plain)


def seeds() -> Iterator[bytes]:
    for path, value in (
        ("actor.AA.name", '"Alef"'), ("actor.AA.capability.gdp", "[1, 2]"), ("scenario.limits.0", '"x"'), ("actor", '{"id": "EE", "name": "E"}'),
        ("what_if.new", '{"title": "x", "edits": []}'), ("actor.AA.name", '"\\u202e\\u0000"'), ("tie.0.strength", "1e400"), ("actor.99.name", "null"),
        ("actor." * 50, "1"), ("", ""), ("a.b.c.d", '{"x": {"y": {"z": [[[]]]}}}'), ('actor."A.A".x', "NaN"), ("pact.ab.members.0.actor", '"ZZ"'),
        ("format", "9" * 5_000), ("source.book.title", "true"),
    ):  # fmt: skip
        yield f"{path}\0{value}\0".encode()
    yield b"x\0" + b"[" * 2_000
    yield "a.b\0 1\0a = { b = 1 } # ש\r\n[c]\n".encode()
