"""A user's own rows in Stata's files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.panel.read import read
from fuzz.contract import held, put
from fuzz.tables import written

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def one(data: bytes, folder: Path) -> None:
    held(read, put(folder, "rows.dta", data))


def seeds() -> Iterator[bytes]:
    yield written(".dta")
    yield written(".dta")[:700]
    yield written(".dta").replace(b"<K>\x06\0", b"<K>\xff\x7f")
    # Version 114: a head that promises 1e9 rows of one byte.
    yield (
        b"r\x02\x01\x00\x01\x00\x00\xca\x9a;"
        + bytes(99)
        + b"\xfb"
        + b"x".ljust(33, b"\0")
        + bytes(2 + 49 + 33 + 81 + 5)
        + b"\1\2"
    )
