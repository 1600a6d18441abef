"""A user's own rows in CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.panel.read import read
from fuzz.contract import held, put

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def one(data: bytes, folder: Path) -> None:
    held(read, put(folder, "rows.csv", data))


def seeds() -> Iterator[bytes]:
    yield b"ccode1,ccode2,year,war\n200,220,1900,0\n200,220,1901,NA\n"
    yield b"a;b\n1;2\n"
    yield b"a,a\n1,2\n"
    yield b"a,b\n1\n1,2,3\n"
    yield "\ufeffa,e\u0301\n.,NaN\n9999999999999999999999999,1e400\n".encode()
    yield b"x\n" + b"\n" * 50
    yield b",".join(b"c%d" % k for k in range(2_000)) + b"\n" + b"1\n" * 200
    yield b""
