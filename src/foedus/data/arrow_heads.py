"""What an Arrow file will take in memory, counted from its heads before anything is unpacked.

A column that is not packed takes what it weighs, but packed buffers say in their first eight bytes to how many they unpack, and a column without
values says only how many it stands for. The foot names the blocks of rows, each block's head its columns' lengths and buffers: these are read, and
nothing else. Names as in the format's description of Flatbuffers: a table's fields by number, found through its list of offsets.

Reads no value and unpacks nothing.
"""

from __future__ import annotations

import mmap
import struct
from typing import TYPE_CHECKING

from foedus import files, limits
from foedus.data.parquet_pages import check_room, unsound

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MARK = b"ARROW1"
BLOCKS = 200_000
"""Blocks of rows, columns and buffers of a file, each."""


def check_arrow(path: Path) -> None:
    """Refuse an Arrow file that would take far more memory than its bytes warrant.

    Parameters
    ----------
    path : Path

    Raises
    ------
    DataError
        More values or bytes than `foedus.data.parquet_pages.room`, or heads that cannot be read.
    OSError
        It cannot be read.
    """
    limits.check_table(path)
    with files.open_file(path) as file:
        try:
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
                size = len(data)
                values, unpacked = _counted(data)
        except (ValueError, IndexError, struct.error) as fault:
            raise unsound(path, fault) from fault
    check_room(path, values, unpacked, size)


def _counted(data: mmap.mmap) -> tuple[int, int]:
    """Return how many values the columns of a file hold, those of lists counted, and to how many bytes its buffers unpack."""
    size = len(data)
    foot = int.from_bytes(data[-10:-6], "little")
    if size < 20 or data[:6] != MARK or data[-6:] != MARK or foot > size - 20:
        raise ValueError("no foot of Arrow at its end")
    start = size - 10 - foot
    root = start + _number(data, start, "<I")
    values = unpacked = parts = 0
    for vector in (2, 3):
        for block in _items(data, root, vector, 24):
            for many, room in _batch(data, block):
                parts += 1
                values += many
                unpacked += room
                if parts > BLOCKS:
                    raise ValueError(f"more than {BLOCKS:,} columns in all blocks of rows")
    return values, unpacked


def _batch(data: mmap.mmap, block: int) -> Iterator[tuple[int, int]]:
    """Yield the number of values of each column of a block of rows, and the unpacked size of each of its buffers."""
    at, head = _number(data, block, "<q"), _number(data, block + 8, "<i")
    body = at + head
    at += 8 if data[at : at + 4] == b"\xff\xff\xff\xff" else 4
    said = at + _number(data, at, "<I")
    batch = _table(data, said, 2)
    if batch and data[_field(data, said, 1) or 0] == 2:  # different values of a column, with the batch that holds them
        batch = _table(data, batch, 1)
    if not batch:
        return
    for node in _items(data, batch, 1, 16):
        yield _number(data, node, "<q"), 0
    packed = _field(data, batch, 3)
    for buffer in _items(data, batch, 2, 16):
        start, size = body + _number(data, buffer, "<q"), _number(data, buffer + 8, "<q")
        if start + size > len(data):
            raise ValueError("a buffer that ends outside its file")
        plain = _number(data, start, "<q", least=-1) if packed and size else -1
        yield 0, size if plain < 0 else plain


def _number(data: mmap.mmap, at: int, kind: str, least: int = 0) -> int:
    """Return a number that counts something or says where it stands."""
    (found,) = struct.unpack_from(kind, data, at)
    if found < least or at < 0:
        raise ValueError(f"a count of {found}")
    return found


def _field(data: mmap.mmap, table: int, number: int) -> int:
    """Return where a field of a table stands, 0 where it is left out."""
    offsets = table - struct.unpack_from("<i", data, table)[0]
    if offsets < 0 or 4 + 2 * number >= _number(data, offsets, "<H"):
        return 0
    found = _number(data, offsets + 4 + 2 * number, "<H")
    return table + found if found else 0


def _table(data: mmap.mmap, table: int, number: int) -> int:
    """Return where the table stands that a field of a table leads to, 0 where it is left out."""
    at = _field(data, table, number)
    return at + _number(data, at, "<I") if at else 0


def _items(data: mmap.mmap, table: int, number: int, width: int) -> range:
    """Return where the items of a vector of structures stand."""
    vector = _table(data, table, number)
    if not vector:
        return range(0)
    many = _number(data, vector, "<I")
    if many > min(BLOCKS, (len(data) - vector) // width):
        raise ValueError(f"a list of {many:,} in a file of {len(data):,} bytes")
    return range(vector + 4, vector + 4 + many * width, width)
