"""A user's own parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.params import load_file
from fuzz.contract import held, put

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def one(data: bytes, folder: Path) -> None:
    found = held(load_file, put(folder, "mine.toml", data))
    if found is not None:
        for name in found.table:
            held(found.draws, name, 1, 4)


def seeds() -> Iterator[bytes]:
    yield b'[meta]\nmodel = "ties"\nstatus = "assumed"\n[rivalry]\nvalue = [-1.0, -0.5]\nsource = "x"\n[a.b]\nvalue = 2\n'
    for value in (
        b"nan",
        b"1e400",
        b"9" * 500,
        b"[2, 1]",
        b"[1, 2, 3]",
        b"true",
        b'"x"',
        b"1900-01-01",
        b"{ value = 1 }",
        b"[" * 900,
    ):
        yield b"[x]\nvalue = " + value + b"\n"
    yield b"meta = 1\n"
    yield b"[x]\nvalue = 1\nstatus = 1\nsource = []\n"
    yield b"a." * 3_000 + b"b = 1\n"
    yield b'\xef\xbb\xbf"\\u202e\\u0000" = { value = 1 }\r\n'
