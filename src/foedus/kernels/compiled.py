"""Where compiled kernels are kept: beside their source, else in the user's cache folder, else nowhere beyond this process.

Numba takes the first two by itself and refuses to compile at all where neither can be written: a package that root installed, run by a user whose
home is read-only or absent. Then a folder of this process takes them, which ends with it. A folder that others may write to is never taken:
whoever writes to it could have the program run code of theirs. Compiles nothing.
"""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path

NAME = "NUMBA_CACHE_DIR"


def settle(beside: Path | None = None) -> Path | None:
    """Name a folder of this process to numba where it has none to write to; return it.

    Parameters
    ----------
    beside : Path, optional
        Folder of the kernels; by default the one that this file is in.
    """
    if os.environ.get(NAME) or any(map(_writable, _places(beside or Path(__file__).parent))):
        return None
    try:
        folder = Path(tempfile.mkdtemp(prefix="foedus-compiled-"))
    except OSError:
        return None  # numba says so
    os.environ[NAME] = str(folder)  # workers of this process inherit it
    if (numba := sys.modules.get("numba")) is not None:
        numba.config.CACHE_DIR = str(folder)
    atexit.register(_remove, folder, os.getpid())
    return folder


def _places(beside: Path) -> list[Path]:
    """Return the folders that numba tries."""
    found = [beside / "__pycache__"]
    try:
        home = Path.home()
    except RuntimeError:
        return found
    caches = home / "Library" / "Caches" if sys.platform == "darwin" else home / ".cache"
    return [*found, Path(os.environ.get("XDG_CACHE_HOME") or caches) / "numba"]


def _writable(folder: Path) -> bool:
    """Return whether a folder is there or can be made, and written to."""
    try:
        above = next(p for p in (folder, *folder.parents) if p.exists())
    except OSError:
        return False
    return above.is_dir() and os.access(above, os.W_OK | os.X_OK)


def _remove(folder: Path, owner: int) -> None:
    """Delete the folder at the end of the process that made it, not of one forked from it."""
    if os.getpid() == owner:
        shutil.rmtree(folder, ignore_errors=True)
