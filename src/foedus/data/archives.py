"""Named files out of a downloaded archive, tar (also gzipped) or zip, without trust in it.

Only the files asked for are read, as streams, and written to paths that the caller names: no name of the archive ever
becomes a path. An archive that holds an unsafe path, that is cut off or that unpacks to far more than it weighs is refused whole.
"""

from __future__ import annotations

import gzip
import lzma
import stat
import tarfile
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, cast

from foedus import files
from foedus.errors import DataError, message

if TYPE_CHECKING:
    from collections.abc import Mapping

_BLOCK = 1 << 16
_DAMAGED = (
    EOFError,
    gzip.BadGzipFile,
    zlib.error,
    tarfile.TarError,
    zipfile.BadZipFile,
    NotImplementedError,
    RuntimeError,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much an archive may hold: members, bytes when unpacked, and how many times its own size that may be."""

    members: int = 20_000
    unpacked: int = 2**30
    ratio: int = 200
    small: int = 64 * 2**20
    """Bytes that any archive may unpack to, whatever its ratio."""

    def total(self, packed: int) -> int:
        """Return the bytes to which an archive of this size may unpack."""
        return min(self.unpacked, max(self.small, self.ratio * packed))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Where a file of an archive is to be written, and how many bytes it may have."""

    target: Path
    limit: int


def take(archive: Path, wanted: Mapping[str, Wanted], *, limits: Limits | None = None) -> dict[str, str]:
    """Write the files asked for to their targets and return, by name, why others were not.

    Parameters
    ----------
    archive : Path
        A tar file, gzipped or not, or a zip file; its content says which.
    wanted : dict of str to Wanted
        By path in the archive, with or without its top folder: ``data/x.rda`` also is ``package/data/x.rda``.
    limits : Limits, optional

    Returns
    -------
    dict of str to str
        Faults: not in the archive, there twice, a link, larger than its limit. Their targets do not exist.

    Raises
    ------
    DataError
        No archive, damaged or cut off, unsafe paths, too many members or too many bytes. No target exists then.
    OSError
        A target cannot be written.
    """
    limits = limits or Limits()
    try:
        faults = _open(archive, wanted, limits)
    except DataError:
        _discard(wanted)
        raise
    except _DAMAGED as error:
        _discard(wanted)
        raise _refusal(archive, f"{type(error).__name__}: {error}", "a whole archive") from error
    except BaseException:
        _discard(wanted)
        raise
    _discard({name: wanted[name] for name in faults})
    return faults


def _open(archive: Path, wanted: Mapping[str, Wanted], limits: Limits) -> dict[str, str]:
    """Return the faults of the members of an archive of any kind."""
    with files.open_file(archive) as file:
        head = file.read(512)
        file.seek(0)
        if head[:2] == b"PK":
            return _from_zip(file, archive, wanted, limits)
        if head[:2] == b"\x1f\x8b":
            with gzip.GzipFile(fileobj=file) as plain:
                return _from_tar(cast("IO[bytes]", plain), archive, wanted, limits)
        if head[257:262] == b"ustar":
            return _from_tar(file, archive, wanted, limits)
    raise _refusal(archive, f"a file that begins with {head[:16]!r}", "a tar.gz, tar or zip archive")


class _Counted:
    """A stream that refuses to give more than a number of bytes."""

    def __init__(self, stream: IO[bytes], archive: Path, limit: int) -> None:
        self.stream, self.archive, self.limit, self.given = stream, archive, limit, 0

    def read(self, size: int) -> bytes:
        """Return the next bytes, at most ``size``."""
        block = self.stream.read(size)
        self.given += len(block)
        if self.given > self.limit:
            raise _refusal(self.archive, f"more than {self.limit:,} bytes when unpacked", "an archive without a bomb")
        return block


def _from_tar(stream: IO[bytes], archive: Path, wanted: Mapping[str, Wanted], limits: Limits) -> dict[str, str]:
    """Return the faults of the members of a tar stream; it is read to its end, so that its checksum is compared."""
    counted = _Counted(stream, archive, limits.total(archive.stat().st_size))
    found: dict[str, str] = {}
    with tarfile.open(fileobj=cast("IO[bytes]", counted), mode="r|") as tar:
        for number, member in enumerate(tar, 1):
            name = _asked(member.name, wanted, archive)
            _check_number(number, archive, limits)
            if name is None:
                continue
            content = tar.extractfile(member) if member.isreg() and not member.issparse() else None
            found[name] = _one(found, name, wanted[name], content, member.size)
    while counted.read(_BLOCK):
        pass
    return _faults(found, wanted)


def _from_zip(file: IO[bytes], archive: Path, wanted: Mapping[str, Wanted], limits: Limits) -> dict[str, str]:
    """Return the faults of the members of a zip file."""
    found: dict[str, str] = {}
    with zipfile.ZipFile(file) as packed:
        members = packed.infolist()
        _check_number(len(members), archive, limits)
        left = limits.total(archive.stat().st_size)
        for member in members:
            name = _asked(member.filename, wanted, archive)
            if name is None or member.is_dir():
                continue
            left -= member.file_size
            if left < 0:
                raise _refusal(archive, "far more bytes when unpacked than it weighs", "an archive without a bomb")
            kind = stat.S_IFMT(member.external_attr >> 16)
            if kind not in {0, stat.S_IFREG} or member.flag_bits & 1:
                found[name] = _one(found, name, wanted[name], None, member.file_size)
                continue
            with _opened(packed, member) as content:
                found[name] = _one(found, name, wanted[name], content, member.file_size)
    return _faults(found, wanted)


def _one(found: Mapping[str, str], name: str, wanted: Wanted, content: IO[bytes] | None, size: int) -> str:
    """Write one member to its target; return its fault, empty if it has none."""
    if name in found:
        return "is in the archive twice"
    if content is None:
        return "is a link, a device or locked in the archive, not a plain file"
    if size > wanted.limit:
        return f"has {size:,} bytes in the archive, more than the {wanted.limit:,} that it may have"
    with files.new_file(wanted.target) as out:
        while block := _next(content):
            out.write(block)
    return ""


def _opened(packed: zipfile.ZipFile, member: zipfile.ZipInfo) -> IO[bytes]:
    """Return a member to read; where the archive says that it lies outside the archive, it is damaged."""
    try:
        return packed.open(member)
    except OSError as error:
        raise EOFError(str(error)) from error


def _next(content: IO[bytes]) -> bytes:
    """Return the next bytes of a member; what its packing is damaged by says the same for each kind of packing."""
    try:
        return content.read(_BLOCK)
    except (OSError, lzma.LZMAError) as error:
        raise EOFError(str(error)) from error


def _asked(path: str, wanted: Mapping[str, Wanted], archive: Path) -> str | None:
    """Return under which name a member is asked for, None if it is not.

    Raises
    ------
    DataError
        Its path leads out of the folder where the archive would be unpacked.
    """
    parts = PurePosixPath(path.replace("\\", "/")).parts
    if ".." in parts or "\0" in path or (parts and (parts[0] == "/" or parts[0].endswith(":"))):
        raise _refusal(archive, f"a member named {path[:80]!r}", "paths below the archive's own folder")
    for name in ("/".join(parts), "/".join(parts[1:])):
        if name in wanted and parts[0] != "__MACOSX":
            return name
    return None


def _check_number(number: int, archive: Path, limits: Limits) -> None:
    """Raise where an archive has too many members."""
    if number > limits.members:
        raise _refusal(archive, f"more than {limits.members:,} members", "a few files")


def _faults(found: Mapping[str, str], wanted: Mapping[str, Wanted]) -> dict[str, str]:
    """Return why members were not written."""
    return {name: fault for name in wanted if (fault := found.get(name, "is not in the archive"))}


def _discard(wanted: Mapping[str, Wanted]) -> None:
    """Delete what was written of members that are refused."""
    for one in wanted.values():
        one.target.unlink(missing_ok=True)


def _refusal(archive: Path, got: str, expected: str) -> DataError:
    """Return the error for an archive that is refused whole."""
    return DataError(message("Not a sound archive", got=got[:200], expected=expected, where=archive.name))
