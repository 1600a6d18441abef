"""How much a file that foedus is given may hold, in one place, and the readers that hold to it.

What a file weighs says little of what it costs: packed files unpack to a thousand times their size, a table's head may promise more rows than
memory has room for. A reader asks here before it makes room. What a scenario file may hold is in `foedus.scenario.limits`, an archive in
`foedus.data.archives`, a request to the studio in `foedus.studio.guard`. Parses nothing.
"""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
import math
import os
import re
import tomllib
import zipfile
import zlib
from typing import IO, TYPE_CHECKING, Any

from foedus import files
from foedus.errors import DataError, FoedusError, ParameterError, message

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from numpy.typing import NDArray

MIB = 1 << 20
TEXT = 64 * MIB
"""Bytes of a file of text that is read whole: JSON, Pajek, a matrix, a scoreboard."""
SMALL = MIB // 4
"""Bytes of a file of parameters, of a model card or of a table of actors."""
UNPACKED = 256 * MIB
"""Bytes to which a packed file (gzip, bzip2, xz; a member of a NumPy archive) may unpack; the largest table of the field has 194 million."""
TABLE = 2_048 * MIB
"""Bytes of a file of rows."""
SPARE = 2_000_000
"""Cells that a table may have beyond what its bytes can hold."""
CELLS = 400_000_000
"""Cells of a table."""
NODES = 1_000_000
"""Actors of a signed graph; of a matrix `MATRIX`."""
MATRIX = 5_000
ISSUE = 500
"""Actors of a table on one issue."""
DESCRIBED = 20_000_000
"""Numbers that an R file may describe without holding them (``1:n``)."""
DEEP = 100
"""Levels of nesting of JSON."""

SEED = 2**63 - 1
"""The last seed; the first is 0."""
DRAWS = 10_000_000
"""Draws, wars or samples of one call."""

_OPENERS = ((b"\x1f\x8b", gzip.open), (b"BZh", bz2.open), (b"\xfd7zXZ\x00", lzma.open))
_DOTTED = re.compile(r"""(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){40}""")
DAMAGED = (OSError, EOFError, lzma.LZMAError, zlib.error, ValueError, OverflowError)
"""What the openers raise for a packed file that is not sound."""


def raw(path: str | os.PathLike[str], most: int = TEXT, *, follow: bool = True) -> bytes:
    """Return the bytes of a file, as `foedus.files.open_file` opens it; a ValueError where it has more than ``most``."""
    with files.open_file(path, follow=follow) as file:
        return _bounded(file, most)


def content(path: str | os.PathLike[str], most: int = TEXT, *, error: type[FoedusError] = DataError) -> bytes:
    """Return the bytes of a file.

    Parameters
    ----------
    path : path
    most : int
        Bytes that it may have.
    error : type of FoedusError
        What is raised.

    Raises
    ------
    FoedusError
        Of the kind named: more bytes than that, or a file that cannot be read.
    """
    try:
        return raw(path, most)
    except (OSError, ValueError) as fault:
        got = getattr(fault, "strerror", None) or str(fault)
        raise error(message(f"Cannot read {path}", got=got)) from fault


def text(path: str | os.PathLike[str], most: int = TEXT, *, error: type[FoedusError] = DataError) -> str:
    """Return a file's text, UTF-8 with or without a mark of byte order; raises as `content`, and for another encoding."""
    try:
        return content(path, most, error=error).decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise error(message(f"Cannot read {path}", got=f"no UTF-8 at byte {fault.start}", expected="UTF-8")) from fault


def unpacked(path: Path, most: int = UNPACKED) -> bytes:
    """Return the content of a file that may be packed with gzip, bzip2 or xz.

    Raises
    ------
    OSError, EOFError, lzma.LZMAError, zlib.error, ValueError
        `DAMAGED`: it cannot be read, or unpacks to more than ``most`` bytes.
    """
    with path.open("rb") as file:
        start = file.read(6)
    opener = next((o for magic, o in _OPENERS if start.startswith(magic)), open)
    with opener(path, "rb") as file:
        return _bounded(file, most)


def _bounded(file: IO[bytes] | Any, most: int) -> bytes:
    """Return what a stream gives, read by pieces so that nothing larger than the bound is ever held."""
    parts, left = [], most + 1
    while left > 0 and (part := file.read(min(left, MIB))):
        parts.append(part)
        left -= len(part)
    if left <= 0:
        raise ValueError(f"more than {most:,} bytes; at most that are read")
    return b"".join(parts)


def plain(said: bytes | str) -> Any:
    """Return what JSON says.

    Raises
    ------
    ValueError
        It is no JSON, nested deeper than `DEEP`, or holds a number that Python does not take.
    """
    try:
        found = json.loads(said)
    except RecursionError:
        raise ValueError("nested too deep") from None
    level = [found]
    for _ in range(DEEP):
        level = [v for x in level if isinstance(x, dict | list) for v in (x.values() if isinstance(x, dict) else x)]
        if not level:
            return found
    raise ValueError("nested too deep")


def toml(text: str) -> dict[str, Any]:
    """Return what TOML says, of a text that is small.

    Raises
    ------
    ValueError
        It is no TOML, nested too deep, or holds a number or date that Python does not take, or a key of very many parts.
    """
    if _DOTTED.search(text):
        raise ValueError("a key of more than 40 parts")
    try:
        return tomllib.loads(text.removeprefix("\ufeff"))
    except RecursionError:
        raise ValueError("nested too deep") from None
    except ArithmeticError as fault:
        raise ValueError(str(fault)) from fault


def check_table(path: Path) -> None:
    """Raise a DataError where a file of rows is larger than `TABLE`, an OSError where it is not there."""
    size = path.stat().st_size
    if size > TABLE:
        raise DataError(too_large(path, f"{size:,} bytes", f"at most {TABLE:,}"))


def check_cells(path: object, rows: int, columns: int, *, held: int) -> None:
    """Raise a DataError where a table promises more cells than ``held``, what its bytes can hold, or than `CELLS`."""
    if rows * columns > min(held + SPARE, CELLS):
        hint = "a cut or damaged file, or one with a very long line of names; split larger tables"
        raise DataError(
            message(
                "A table with more cells than its file can hold", got=f"{rows:,} rows of {columns:,} columns",
                expected=f"at most {min(held + SPARE, CELLS):,} cells", where=str(path), hint=hint,
            )
        )  # fmt: skip


def check_values(path: object, values: int, *, held: int) -> None:
    """Raise a DataError where the columns of a table hold more values, those of lists counted, than ``held`` or than `CELLS`."""
    if values > (most := min(held + SPARE, CELLS)):
        hint = "split larger tables; a column of lists may be what takes the room"
        raise DataError(
            message("A table with more values than its file can hold", got=f"{values:,}", expected=f"at most {most:,}", where=str(path), hint=hint)
        )  # fmt: skip


def check_csv(path: Path) -> None:
    """Raise a DataError where a CSV file is larger than `TABLE`, or its lines are so short that filling them up would take all memory."""
    check_table(path)
    rows, size, first = 0, 0, b""
    with path.open("rb") as file:
        while part := file.read(4 * MIB):
            first = first or part.partition(b"\n")[0]
            rows += part.count(b"\n")
            size += len(part)
    columns = 1 + max(first.count(mark) for mark in (b",", b";", b"\t"))
    check_cells(path, rows, columns, held=size)


def arrays(path: Path, names: Iterable[str], most: int = UNPACKED) -> dict[str, NDArray[Any]]:
    """Return arrays of a NumPy archive by name, read only once their heads and sizes are known to agree.

    Raises
    ------
    ValueError
        It is no archive of plain arrays, lacks one, or they are larger than ``most`` bytes.
    OSError
        It cannot be read.
    """
    import numpy as np
    from numpy.lib import format as form

    out, left = {}, most
    try:
        with zipfile.ZipFile(path) as packed:
            for name in names:
                member = packed.getinfo(f"{name}.npy")
                with packed.open(member) as file:
                    version = form.read_magic(file)
                    head = form.read_array_header_1_0 if version == (1, 0) else form.read_array_header_2_0
                    shape, _, kind = head(file)
                size = math.prod(shape) * kind.itemsize
                left -= size
                if kind.hasobject or size > member.file_size or left < 0:
                    raise ValueError(f"{name} of {' x '.join(map(str, shape)) or 'one'} {kind} cannot be read")  # noqa: TRY301
                with packed.open(member) as file:
                    out[name] = np.asarray(form.read_array(file, allow_pickle=False))
    except OSError:
        raise
    except Exception as fault:  # zip, its codecs and the heads of arrays have a dozen errors of their own
        raise ValueError(str(fault) or type(fault).__name__) from fault
    return out


def check_number(name: str, value: int, least: int, most: int) -> None:
    """Raise a ParameterError where a whole number lies outside its range."""
    if not least <= value <= most:
        got = str(value) if abs(value) < 10**30 else "a number of very many digits"
        raise ParameterError(message(f"The '{name}' parameter", got=got, expected=f"{least:,} to {most:,}"))


def check_path(name: str, path: Path) -> None:
    """Raise a ParameterError where no file system could hold a path: a NUL, half a character, a name or a path that is too long."""
    try:
        sizes = [len(os.fsencode(part)) for part in path.parts]
    except UnicodeEncodeError:
        sizes = [256]
    if "\0" in str(path) or max(sizes, default=0) > 255 or sum(sizes) > 4_000:
        option, got = f"--{name.strip('_').replace('_', '-')}", repr(str(path)[:80])
        raise ParameterError(
            message(f"The '{option}' parameter", got=got, expected="a path: no NUL, names of at most 255 bytes")
        )


def too_large(path: object, got: str, expected: str) -> str:
    """Return the message for a file that is larger than it may be."""
    return message("A file that is too large", got=got, expected=expected, where=str(path))
