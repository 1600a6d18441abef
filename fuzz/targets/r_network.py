"""Matrices and networks in R's files."""

from __future__ import annotations

import gzip
import lzma
import struct
from typing import TYPE_CHECKING

from foedus.blocs.matrix_files import read_matrix
from foedus.data import r_networks, r_tables
from fuzz import r_bytes as r
from fuzz.contract import held, put

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WATCHED = (r_networks, r_tables)


def one(data: bytes, folder: Path) -> None:
    path = put(folder, "net.rds", data)
    held(read_matrix, path)
    held(read_matrix, path, name="allies/2")


def seeds() -> Iterator[bytes]:
    cells = r.matrix([[0, 1, -1], [1, 0, 1], [-1, 1, 0]], ("A", "B", "C"))
    net = r.network(3, (1, 2, 1.0), (2, 3, -1.0))
    yield r.HEAD2 + cells
    yield r.HEAD3 + net
    yield r.saved(allies=r.plain(cells, net), other=cells)
    yield gzip.compress(r.HEAD3 + cells, mtime=0)
    yield lzma.compress(r.HEAD3 + net)
    yield r.HEAD2 + r.reals(1.0, flags=14 | 0x200) + r.attributes(dim=r.reals(float("nan"), 1e300))
    yield r.HEAD2 + r.network(1, (1, 9, float("inf")))
    yield r.HEAD2 + r.sequence(1e9)
    yield r.HEAD2 + struct.pack(">ii", 14, 2**31 - 1)
    yield r.HEAD2 + struct.pack(">ii", 19, 1) * 80
    yield gzip.compress(r.HEAD3 + bytes(200_000), mtime=0)
