"""A user's own rows in R's files."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import rdata

from foedus.data import reading
from foedus.panel.read import read
from fuzz import r_bytes as r
from fuzz.contract import held, put
from fuzz.tables import written

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WATCHED = (rdata, reading)


def one(data: bytes, folder: Path) -> None:
    held(read, put(folder, "rows.rds", data))


def seeds() -> Iterator[bytes]:
    yield written(".rds")
    yield gzip.decompress(written(".rds"))
    yield (
        r.HEAD3
        + r.plain(r.reals(1, 2), flags=19 | 0x300)
        + r.attributes(names=r.strings("a"), **{"class": r.strings("data.frame"), "row.names": r.whole(-(2**31), -2)})
    )
    yield r.HEAD2 + r.matrix([[0, 1], [1, 0]], ("A", "B"))
    yield r.HEAD2 + r.sequence(1e12)
    yield gzip.compress(r.HEAD3 + bytes(100_000), mtime=0)
