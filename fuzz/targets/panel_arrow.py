"""A user's own rows in Arrow's file form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.panel.read import read
from fuzz.contract import held, put
from fuzz.tables import arrow

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def one(data: bytes, folder: Path) -> None:
    held(read, put(folder, "rows.arrow", data))


def seeds() -> Iterator[bytes]:
    yield arrow()
    yield arrow(compression="zstd")
    yield arrow(compression="lz4")
    yield b"ARROW1\0\0" + b"\xff" * 16 + b"\x10\0\0\0ARROW1"
