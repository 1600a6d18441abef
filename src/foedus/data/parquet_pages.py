"""What a Parquet file will take in memory, counted from its heads before anything is unpacked.

The foot of a file says how many rows and bytes it holds, and may lie; what a reader makes room for is said by the head of each page. So both are
read: the foot, and every page's head in the order in which a reader meets them, which costs a few microseconds a page and no memory. Values are
counted, not rows alone: one row may hold a list of a thousand million. Names as in the format's own description [Parquet]_: Thrift's compact
protocol, fields by number.

Reads no value and unpacks nothing: pages whose packed bytes are damaged are left to the reader, which finds out within the room they promised.
"""

from __future__ import annotations

import mmap
from typing import TYPE_CHECKING, Any

from foedus import files, limits
from foedus.errors import DataError, message

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import polars as pl

PACKED = 200
"""Cells, and bytes, of a packed table for each byte of its file: a column of one value takes next to none."""
LISTED = 64
"""Values of an array of a fixed length that is an element of a list: how many elements are missing, no head says."""
FOOT = 4 * limits.MIB
"""Bytes of a foot."""
HEAD = limits.MIB
"""Bytes of a page's head; what it says of the least and greatest value may be long texts."""
PAGES = 200_000
"""Pages of a file, in all columns and groups of rows."""
STRUCTURES = 500_000
"""Structures in a foot."""
LEVELS = 32
"""Levels of nesting of a column, and of a structure in a head."""
_DICTIONARY, _FIXED, _PREFIXED = 2, 7, 7
"""A page of different values; a column of texts of one length; texts that repeat the start of the one before, without end."""
_END, _TRUE, _FALSE, _BYTE, _DOUBLE, _TEXT, _LIST, _SET, _MAP, _STRUCT = 0, 1, 2, 3, 7, 8, 9, 10, 11, 12


def check_parquet(path: Path) -> None:
    """Refuse a Parquet file that would take far more memory than its bytes warrant.

    Parameters
    ----------
    path : Path

    Raises
    ------
    DataError
        More cells or bytes than `room`, or heads that contradict each other or cannot be read.
    OSError
        It cannot be read.
    """
    limits.check_table(path)
    with files.open_file(path) as file:
        try:
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
                size = len(data)
                foot = _foot(data)
                rows, columns = _shape(foot)
                limits.check_cells(path, rows, columns, held=PACKED * size)
                values, unpacked = _counted(data, foot)
        except (ValueError, IndexError, TypeError, KeyError, AttributeError) as fault:
            raise unsound(path, fault) from fault
    check_room(path, values, unpacked, size)


def unsound(path: Path, fault: Exception) -> DataError:
    """Return what is said of a file whose heads contradict each other (a ValueError says how) or cannot be read."""
    got = str(fault) if isinstance(fault, ValueError) else "heads that cannot be read"
    return DataError(
        message(f"Cannot read {path.name} as {path.suffix}", got=got, expected="a sound file", where=str(path))
    )


def check_room(path: Path, cells: int, unpacked: int, size: int) -> None:
    """Raise a DataError where a packed table of ``size`` bytes holds more cells, or unpacks to more bytes, than such a file may."""
    limits.check_values(path, cells, held=PACKED * size)
    if unpacked > (most := room(size)):
        raise DataError(
            limits.too_large(path, f"{unpacked:,} bytes when unpacked", f"at most {most:,} of a file of {size:,}")
        )


def check_wide(path: Path, table: pl.LazyFrame) -> None:
    """Raise a DataError where columns of arrays of a fixed length take too many cells: a missing array takes as many as one that is there."""
    import polars as pl

    kinds = table.collect_schema().values()
    rows = table.select(pl.len()).collect().item()
    cells = rows * sum(_width(kind) for kind in kinds)
    limits.check_values(path, cells, held=PACKED * path.stat().st_size)


def _width(kind: Any) -> int:
    """Return how many values a cell of a type takes at least."""
    import polars as pl

    if isinstance(kind, pl.Array):
        return kind.size * _width(kind.inner)
    if isinstance(kind, pl.List):
        if (inner := _width(kind.inner)) > LISTED and _fixed(kind.inner):
            raise DataError(message("A table with arrays of a fixed length inside lists", got=f"{inner:,} values for each element of a list",
                                    expected=f"at most {LISTED}", hint="write them as lists of lists"))  # fmt: skip
        return inner
    return sum(_width(field.dtype) for field in kind.fields) if isinstance(kind, pl.Struct) else 1


def _fixed(kind: Any) -> bool:
    """Return whether a type holds arrays of a fixed length."""
    import polars as pl

    if isinstance(kind, pl.Array):
        return True
    if isinstance(kind, pl.List):
        return _fixed(kind.inner)
    return isinstance(kind, pl.Struct) and any(_fixed(field.dtype) for field in kind.fields)


def room(size: int) -> int:
    """Return the bytes to which a packed table of ``size`` bytes may unpack."""
    return min(limits.UNPACKED + PACKED * size, 8 * limits.CELLS)


def _foot(data: mmap.mmap) -> dict[int, Any]:
    """Return what stands at a file's end."""
    size = int.from_bytes(data[-8:-4], "little")
    if len(data) < 12 or data[:4] != b"PAR1" or data[-4:] != b"PAR1" or size > len(data) - 12:
        raise ValueError("no foot of Parquet at its end")
    if size > FOOT:
        raise ValueError(f"a foot of {size:,} bytes; at most {FOOT:,}")
    return _Reader(data[len(data) - 8 - size : len(data) - 8]).structure()


def _shape(foot: dict[int, Any]) -> tuple[int, int]:
    """Return how many rows and columns a foot promises: columns of values, of which a nested one has several."""
    open_, leaves = [1], 0
    for element in foot[2]:
        while open_ and not open_[-1]:
            open_.pop()
        if not open_:
            raise ValueError("columns that belong to none")
        open_[-1] -= 1
        children = _whole(element.get(5, 0))
        leaves += not children
        open_.append(children)
        if len(open_) > LEVELS:
            raise ValueError(f"columns nested deeper than {LEVELS} levels")
    rows = max(_whole(foot[3]), sum(_whole(group[3]) for group in foot.get(4, [])))
    return rows, max(leaves, _whole(foot[2][0].get(5, 0)))


def _counted(data: mmap.mmap, foot: dict[int, Any]) -> tuple[int, int]:
    """Return how many values the pages of a file hold, and to how many bytes they unpack."""
    widest = max(_whole(element.get(2, 0)) for element in foot[2])
    values = unpacked = pages = 0
    for chunk in (chunk for group in foot.get(4, []) for chunk in group[1]):
        if 1 in chunk or 8 in chunk:
            raise ValueError("columns that are locked or lie in other files")
        meta = chunk[3]
        said, held = _whole(meta[5]), 0
        for number, size, kind in _pages(data, meta):
            pages += 1
            held += number if kind != _DICTIONARY else 0
            values += number
            unpacked += size
            if pages > PAGES:
                raise ValueError(f"more than {PAGES:,} pages")
        if held < said:
            raise ValueError(f"a column of {said:,} values whose pages hold {held:,}")
        unpacked += widest * held if meta[1] == _FIXED else 0
    return values, unpacked


def _pages(data: mmap.mmap, meta: dict[int, Any]) -> Iterator[tuple[int, int, int]]:
    """Yield the number of values, the unpacked size and the kind of each page that a reader of a column meets."""
    at = _whole(meta[11] if 11 in meta else meta[9])
    end = at + _whole(meta[7])
    if end > len(data):
        raise ValueError("a column that ends outside its file")
    while at < end:
        reader = _Reader(data[at : min(end, at + 512)])
        try:
            head = reader.structure()
        except IndexError:
            reader = _Reader(data[at : min(end, at + HEAD)])
            head = reader.structure()
        about = head.get({0: 5, 2: 7, 3: 8}.get(head[1], 0), {1: 0})
        if about.get(4 if head[1] == 3 else 2) == _PREFIXED:
            raise ValueError("texts that repeat the start of the one before (DELTA_BYTE_ARRAY); write them plain")
        yield _whole(about[1]), _whole(head[2]), head[1]
        at += reader.at + _whole(head[3])


def _whole(value: Any) -> int:
    """Return a number that counts something."""
    if not isinstance(value, int) or value < 0:
        raise ValueError(f"a count of {str(value)[:40]}")
    return value


class _Reader:
    """Reads Thrift's compact protocol out of some bytes; an IndexError where they end too soon."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at, self.left = data, 0, STRUCTURES

    def structure(self, level: int = 0) -> dict[int, Any]:
        """Return the fields of a structure by their numbers."""
        self.left -= 1
        if level > LEVELS or not self.left:
            raise ValueError(f"heads nested deeper than {LEVELS} levels, or with more than {STRUCTURES:,} structures")
        out: dict[int, Any] = {}
        number = 0
        while (kind := self._byte()) != _END:
            number = number + (kind >> 4) if kind >> 4 else self._signed()
            out[number] = kind & 15 == _TRUE if kind & 15 in (_TRUE, _FALSE) else self._value(kind & 15, level)
        return out

    def _value(self, kind: int, level: int) -> Any:
        """Return one value."""
        if kind in (4, 5, 6):
            return self._signed()
        if kind in (_TRUE, _FALSE, _BYTE):
            return self._byte()
        if kind == _DOUBLE:
            return self._taken(8)
        if kind == _TEXT:
            return self._taken(self._unsigned())
        if kind == _STRUCT:
            return self.structure(level + 1)
        if level > LEVELS or kind not in (_LIST, _SET, _MAP):
            raise ValueError(f"a value of kind {kind}")
        return self._map(level + 1) if kind == _MAP else self._list(level + 1)

    def _list(self, level: int) -> list[Any]:
        """Return the values of a list or set."""
        head = self._byte()
        number = head >> 4 if head >> 4 < 15 else self._unsigned()
        self._check_left(number)
        return [self._value(head & 15, level) for _ in range(number)]

    def _map(self, level: int) -> list[Any]:
        """Return keys and values of a map by turns."""
        number = self._unsigned()
        self._check_left(2 * number)
        kinds = self._byte() if number else 0
        return [self._value(k, level) for _ in range(number) for k in (kinds >> 4, kinds & 15)]

    def _check_left(self, number: int) -> None:
        """Raise where less than a byte is left for each of some values."""
        if number > len(self.data) - self.at:
            raise IndexError(number)

    def _byte(self) -> int:
        self.at += 1
        return self.data[self.at - 1]

    def _taken(self, size: int) -> bytes:
        self._check_left(size)
        self.at += size
        return self.data[self.at - size : self.at]

    def _signed(self) -> int:
        found = self._unsigned()
        return (found >> 1) ^ -(found & 1)

    def _unsigned(self) -> int:
        out = shift = 0
        while (byte := self._byte()) >= 128:
            out |= (byte & 127) << shift
            shift += 7
            if shift > 63:
                raise ValueError("a number of more than 64 bits")
        return out | byte << shift
