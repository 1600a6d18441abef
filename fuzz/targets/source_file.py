"""The file of any data set of the field; the first byte says of which."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.sources import SOURCES
from foedus.data.store import parse
from fuzz.contract import held, put

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TEXT = tuple(name for name in SOURCES if PurePath(SOURCES[name].spec.filename).suffix not in {".rda", ".rds", ".xz"})

WATCHED = (reading, *(SOURCES[name] for name in TEXT))


def one(data: bytes, folder: Path) -> None:
    name = TEXT[data[0] % len(TEXT)] if data else TEXT[0]
    held(parse, name, put(folder, "x" + PurePath(SOURCES[name].spec.filename).suffix, data[1:]))


def seeds() -> Iterator[bytes]:
    wide = b",".join(b"c%d" % k for k in range(300))
    for k, name in enumerate(TEXT):
        columns = [c.encode() for c in _heads(name)]
        yield bytes([k]) + b",".join(columns) + b"\n" + b",".join([b"1"] * len(columns)) + b"\n"
    yield b"\0" + wide + b"\n" * 300


def _heads(name: str) -> list[str]:
    """Return the columns that the table has when it is read: close to those of the file."""
    from foedus.data.reading import schema

    return [c.source or c.column for c in schema(name)]
