"""Data frames of R's ``.rda`` and ``.rds`` files, straight into Polars.

R's serialization (the binary XDR format, versions 2 and 3) as *R Internals*, section 1.8, describes it, and only what data frames hold: vectors,
factors, names and attributes. Whatever else a file holds raises `UnsupportedError`, and `foedus.data.reading` takes the general reader then. That one
makes an object of each string, ten to fifty times slower on large tables.
"""

from __future__ import annotations

from struct import Struct
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from foedus import limits

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl
    from numpy.typing import NDArray

_INT, _PAIR = Struct(">i"), Struct(">ii")
_NIL, _SYMBOL, _LIST, _CHAR, _LOGICAL, _INTEGER, _REAL, _STRING, _VECTOR = 0, 1, 2, 9, 10, 13, 14, 16, 19
_POINTER = 22  # into the memory of the R that wrote; readr leaves one in the attributes of what it read
_REFERENCE, _NIL_VALUE, _ALTERNATIVE = 255, 254, 238
_NO_INTEGER = -(2**31)
_LATIN1 = 1 << 2
_DEEPEST = 60


class UnsupportedError(Exception):
    """The file holds what no data frame needs."""


class Value(NamedTuple):
    """A vector and its attributes."""

    data: Any
    attributes: dict[str, Any]


def data_frames(path: Path) -> dict[str, pl.DataFrame]:
    """Return the data frames of a file by name: of an ``.rds`` file, which names none, under the empty name.

    Numbers, truth values and dates (days since 1970-01-01) are floats, factors are their labels; NA and NaN are null.

    Parameters
    ----------
    path : Path

    Returns
    -------
    dict of str to polars.DataFrame

    Raises
    ------
    UnsupportedError
        The file is in another format, or holds anything but data frames of plain columns.
    EOFError, OSError, lzma.LZMAError, zlib.error, ValueError
        It is damaged, or unpacks to more than `foedus.limits.UNPACKED` bytes.
    """
    found = values(path)
    named = found if isinstance(found, dict) else {"": found}
    return {name: _frame(value) for name, value in named.items()}


def values(path: Path) -> Any:
    """Return what a file holds: a dict by name of an ``.rda`` file, the one value of an ``.rds`` file; raises as `data_frames`."""
    return _Reader(limits.unpacked(path)).whole()


class _Reader:
    """Reads values one after the other."""

    def __init__(self, content: bytes) -> None:
        self.content, self.at = content, 0
        self.symbols: list[str] = []
        self.depth = self.described = 0

    def whole(self) -> Any:
        """Return the one value of the file; a dict where it is a list with names, as of ``.rda``."""
        named = self.content[:5] in {b"RDX2\n", b"RDX3\n"}
        self.at = 5 if named else 0
        if self.content[self.at : self.at + 2] != b"X\n":
            raise UnsupportedError
        self.at += 2
        version = self.integer()
        self.at += 8  # the version of R that wrote, and the least that reads
        if version == 3:
            length = self.integer()
            self.need(length)
            self.at += length  # name of the native encoding
        elif version != 2:
            raise UnsupportedError
        value = self.value()
        if named and not isinstance(value, dict):
            raise UnsupportedError
        return value

    def integer(self) -> int:
        """Return the next number."""
        self.need(4)
        (number,) = _INT.unpack_from(self.content, self.at)
        self.at += 4
        return number

    def need(self, size: int) -> None:
        """Raise unless so many bytes are left."""
        if size < 0 or self.at + size > len(self.content):
            raise EOFError("the file ends early")

    def value(self) -> Any:
        """Return the next value: None, text of a symbol, a dict of a pairlist, or a `Value`."""
        flags = self.integer()
        kind, has_attributes = flags & 0xFF, bool(flags & 0x200)
        if kind in {_NIL_VALUE, _NIL}:
            return None
        if kind == _REFERENCE:
            at = flags >> 8 or self.integer()
            if not 1 <= at <= len(self.symbols):
                raise UnsupportedError
            return self.symbols[at - 1]
        if kind == _SYMBOL:
            self.symbols.append(self.strings(1)[0] or "")
            return self.symbols[-1]
        self.depth += 1
        if self.depth > _DEEPEST:
            raise UnsupportedError
        value = self.pairs(flags) if kind == _LIST else self.other(kind)
        self.depth -= 1
        if kind == _LIST:
            return value
        more = self.value() if has_attributes else None
        if more is not None and not isinstance(more, dict):
            raise UnsupportedError
        return (
            Value(value.data, {**value.attributes, **(more or {})})
            if isinstance(value, Value)
            else Value(value, more or {})
        )

    def other(self, kind: int) -> Any:
        """Return a vector without its attributes."""
        if kind == _ALTERNATIVE:
            return self.alternative()
        if kind == _POINTER:
            self.symbols.append("")  # counts among what may be referred to
            for _ in range(2):
                self.value()
            return None
        if kind not in {_LOGICAL, _INTEGER, _REAL, _STRING, _VECTOR}:
            raise UnsupportedError
        length = self.integer()
        if kind == _STRING:
            return self.strings(length)
        if kind == _VECTOR:
            self.need(4 * length)
            return [self.value() for _ in range(length)]
        return self.numbers(length, whole=kind != _REAL)

    def pairs(self, flags: int) -> dict[str, Any]:
        """Return a pairlist by its tags; one without a tag is named by its place."""
        out: dict[str, Any] = {}
        while True:
            if flags & 0x200:
                self.value()
            tag = self.value() if flags & 0x400 else str(len(out))
            out[str(tag)] = self.value()
            flags = self.integer()
            if flags & 0xFF in {_NIL_VALUE, _NIL}:
                return out
            if flags & 0xFF != _LIST:
                raise UnsupportedError

    def numbers(self, length: int, *, whole: bool) -> NDArray[np.float64]:
        """Return numbers as floats, NaN where they are NA."""
        size = length * (4 if whole else 8)
        self.need(size)
        raw = np.frombuffer(self.content, ">i4" if whole else ">f8", length, self.at)
        self.at += size
        out = raw.astype(np.float64)
        if whole:
            out[raw == _NO_INTEGER] = np.nan
        return out

    def strings(self, length: int) -> list[str | None]:
        """Return texts, None where they are NA; equal ones are one object."""
        content, at, unpack = self.content, self.at, _PAIR.unpack_from
        self.need(8 * length)
        out: list[str | None] = [None] * length
        known: dict[tuple[int, bytes], str] = {}
        end = len(content)
        for i in range(length):
            if at + 8 > end:
                raise EOFError("the file ends early")
            flags, size = unpack(content, at)
            if flags & 0x2FF != _CHAR:
                raise UnsupportedError
            at += 8
            if size == -1:
                continue
            if size < 0 or at + size > end:
                raise EOFError("the file ends early")
            latin = flags >> 12 & _LATIN1
            key = latin, content[at : at + size]
            at += size
            text = known.get(key)
            if text is None:
                text = known[key] = key[1].decode("latin-1" if latin else "utf-8")
            out[i] = text
        self.at = at
        return out

    def alternative(self) -> Any:
        """Return a vector that R writes in a shorter form: a sequence, or another vector in a wrapper."""
        info, state, attributes = self.value(), self.value(), self.value()
        if attributes is not None and not isinstance(attributes, dict):
            raise UnsupportedError
        name = next(iter(info.values()), "") if isinstance(info, dict) else ""
        name = name if isinstance(name, str) else ""
        held = state.data if isinstance(state, Value) else None
        if name in {"compact_intseq", "compact_realseq"} and isinstance(held, np.ndarray) and len(held) == 3:
            length, first, step = held
            if not (length >= 0 and self.described + length <= limits.DESCRIBED):
                raise EOFError(f"a sequence of {length:,.0f} numbers")
            self.described += int(length)
            return Value(first + step * np.arange(length), attributes or {})
        inner = next(iter(state.values() if isinstance(state, dict) else held if isinstance(held, list) else ()), None)
        if name.startswith("wrap_") and isinstance(inner, Value):
            return Value(inner.data, {**inner.attributes, **(attributes or {})})
        raise UnsupportedError


def _frame(value: Any) -> pl.DataFrame:
    """Return a data frame as Polars'."""
    import polars as pl

    if not isinstance(value, Value) or "data.frame" not in texts(value, "class") or not isinstance(value.data, list):
        raise UnsupportedError
    names = texts(value, "names")
    if len(names) != len(value.data):
        raise UnsupportedError
    return pl.DataFrame([_column(name, column) for name, column in zip(names, value.data, strict=True)])


def _column(name: str, column: Any) -> pl.Series:
    """Return one column."""
    import polars as pl

    if not isinstance(column, Value) or column.data is None or texts(column, "dim"):
        raise UnsupportedError
    kinds = texts(column, "class")
    if "integer64" in kinds:
        raise UnsupportedError
    if isinstance(column.data, np.ndarray):
        if "factor" in kinds:
            labels = pl.Series([None, *texts(column, "levels")], dtype=pl.String)
            return labels.gather(np.nan_to_num(column.data).astype(np.uint32)).alias(name)
        return pl.Series(name, column.data).fill_nan(None)
    if any(isinstance(v, Value | dict) for v in column.data[:1]):
        raise UnsupportedError
    return pl.Series(name, column.data, dtype=pl.String)


def texts(value: Value, attribute: str) -> list[str]:
    """Return an attribute that is a vector, as texts; empty where there is none."""
    found = value.attributes.get(attribute)
    return [str(t) for t in found.data] if isinstance(found, Value) and not isinstance(found.data, Value) else []
