"""A user's own rows in Parquet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.panel.read import read
from fuzz.contract import held, put
from fuzz.tables import parquet

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def one(data: bytes, folder: Path) -> None:
    held(read, put(folder, "rows.parquet", data))


def seeds() -> Iterator[bytes]:
    yield parquet()
    yield parquet(compression="uncompressed")
    yield parquet(compression="gzip", row_group_size=2)
    yield b"PAR1" + bytes(20) + b"PAR1"
