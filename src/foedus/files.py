"""The one place that writes files: whole or not at all, and never through a link that somebody else has laid.

A file is written under a name of its own beside its place, flushed to the disk, and takes its place in one step (convention 4.12). So whatever ends
the program, the place holds what it held or all of the new; two programs that write it do not mix; a full disk costs nothing that was there. A
symbolic link at the place is replaced, not followed; a hard link's other names keep what they held; a folder, a pipe or a device is refused.

What it cannot hold off: whoever may write to the folder may change the file afterwards. Reads nothing but what a caller gives it to check.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
import shutil
import stat
import tempfile
from pathlib import Path
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import BufferedReader

_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)
_NONBLOCK = getattr(os, "O_NONBLOCK", 0)
_BINARY = getattr(os, "O_BINARY", 0)
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NOFOLLOW | _BINARY
_SAID = re.compile(r"\(os error (\d{1,4})\)")
"""How libraries written in Rust end the system's errors."""
_STEM = 40
"""Characters of a name that the name beside it repeats: file systems take 255 bytes, and a character may be four."""


def replace_file(path: str | os.PathLike[str], content: bytes | memoryview) -> Path:
    """Write a file so that its place holds what it held or all of the new content.

    Parameters
    ----------
    path : str or Path
        In a folder that is there. A file keeps its permissions; a new one gets those that the user's umask leaves.
    content : bytes

    Returns
    -------
    Path

    Raises
    ------
    OSError
        It cannot be written, or something else than a file is there; what was there is as it was.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     replace_file(Path(folder) / "a.txt", b"whole").read_bytes()
    b'whole'
    """
    target = Path(path)
    mode = _mode(target)
    beside = _beside(target)
    try:
        with new_file(beside) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        _settle(beside, target, mode)
    except BaseException as fault:
        _name(fault, target)
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        raise
    return target


@contextlib.contextmanager
def beside(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Yield a path for a program that writes files itself; what it wrote takes its place if all goes well.

    Parameters
    ----------
    path : str or Path
        In a folder that is there. The path that is yielded has the same name, in a folder that is the user's alone.

    Raises
    ------
    OSError
        As `replace_file`.
    """
    target = Path(path)
    mode = _mode(target)
    folder = Path(tempfile.mkdtemp(prefix=f".{target.name[:_STEM]}-", dir=target.parent))
    try:
        written = folder / target.name
        yield written
        if not stat.S_ISREG(written.lstat().st_mode):
            raise _not_a_file(written)  # noqa: TRY301
        flush(written)
        written.chmod(mode if mode is not None else 0o666 & ~_umask(folder))
        rename(written, target)
    except Exception as fault:
        refused = _of_system(fault, target)
        if refused is not None:
            raise refused from fault
        _name(fault, target)
        raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def new_file(path: Path) -> IO[bytes]:
    """Open a file that must not be there yet, not even as a link."""
    return os.fdopen(os.open(path, _NEW, 0o666), "wb")


def append_file(path: Path) -> IO[bytes]:
    """Open a file of ours to go on with it; made if need be.

    Raises
    ------
    OSError
        It is a link, has another name too, or is no file: what is written could go somewhere else.
    """
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | _NOFOLLOW | _NONBLOCK | _BINARY, 0o666)
    found = os.fstat(handle)
    if not stat.S_ISREG(found.st_mode) or found.st_nlink > 1:
        os.close(handle)
        raise _not_a_file(path)
    return os.fdopen(handle, "ab")


def open_file(path: str | os.PathLike[str], *, follow: bool = True) -> BufferedReader:
    """Open a file for reading; a pipe or a device, which would never end, is refused.

    Parameters
    ----------
    path : str or Path
    follow : bool
        Whether a link to a file is followed.

    Raises
    ------
    OSError
        It cannot be read, or is no file.
    """
    handle = os.open(path, os.O_RDONLY | _NONBLOCK | _BINARY | (0 if follow else _NOFOLLOW))
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise _not_a_file(Path(path))
    return os.fdopen(handle, "rb")


def flush(path: Path) -> None:
    """Wait until the bytes of a file are on the disk."""
    handle = os.open(path, os.O_RDWR | _NOFOLLOW)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def rename(beside: Path, target: Path) -> None:
    """Rename a file over another, and wait until its folder says so."""
    beside.replace(target)
    if os.name == "posix":
        with contextlib.suppress(OSError):  # some file systems keep folders on the disk without being asked
            handle = os.open(target.parent, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


def strangers_write(path: Path) -> bool:
    """Return whether everybody on the machine may put files into a folder, or it belongs to another user than root and oneself."""
    if os.name != "posix":
        return False
    found = path.stat()
    return bool(found.st_mode & stat.S_IWOTH) or found.st_uid not in {0, os.geteuid()}


def _name(fault: BaseException, target: Path) -> None:
    """Let an error of the file system name the file that was asked for: that of a full disk names none."""
    if isinstance(fault, OSError) and fault.errno is not None and fault.filename is None:
        fault.filename = str(target)


def _of_system(fault: Exception, target: Path) -> OSError | None:
    """Return what the file system said where a library that writes files passes it on in words of its own, None for any other error."""
    if getattr(fault, "errno", None) is not None or type(fault).__module__.startswith(
        "foedus."
    ):  # says which file by itself
        return None
    found = _SAID.search(str(fault))
    return OSError(int(found[1]), os.strerror(int(found[1])), str(target)) if found else None


def _beside(target: Path) -> Path:
    """Return a name beside a file that nobody can know before."""
    return target.with_name(f".{target.name[:_STEM]}.{secrets.token_hex(6)}.tmp")


def _mode(target: Path) -> int | None:
    """Return the permissions of the file that is there, None where none is; refuse what is no file."""
    try:
        found = target.lstat()
    except FileNotFoundError:
        return None
    if stat.S_ISLNK(found.st_mode):
        return None
    if not stat.S_ISREG(found.st_mode):
        raise _not_a_file(target)
    return stat.S_IMODE(found.st_mode) & 0o777


def _settle(beside: Path, target: Path, mode: int | None) -> None:
    """Let a file that is written take its place."""
    if mode is not None:
        beside.chmod(mode)
    rename(beside, target)


def _umask(folder: Path) -> int:
    """Return the permissions that new files do not get, without changing them for a moment: other threads write files too."""
    probe = folder / ".permissions"
    new_file(probe).close()
    found = stat.S_IMODE(probe.stat().st_mode)
    probe.unlink()
    return 0o666 & ~found


def _not_a_file(path: Path) -> OSError:
    """Return the error for what is no regular file, or not only ours."""
    kind = errno.EISDIR if path.is_dir() else errno.EINVAL
    return OSError(kind, "not a regular file of its own (a folder, link, pipe or device is left alone)", str(path))
