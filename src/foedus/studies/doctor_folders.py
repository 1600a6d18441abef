"""The folders that foedus reads and writes, as `foedus.studies.doctor` looks at them: any of them can be absent, full, read-only or another's.

Changes nothing: a file that is made to see whether one can be is gone at once.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from foedus.data.store import cache_folder, default_folder
from foedus.errors import DataError
from foedus.files import strangers_write

if TYPE_CHECKING:
    from collections.abc import Callable


def homes() -> list[Path]:
    """Return the user's home folder; nothing where none is known."""
    return _there(Path.home)


def in_use() -> set[str]:
    """Return the folders in use that are more than a root."""
    found = [*homes(), *_there(Path.cwd), *_there(cache_folder), *_there(default_folder), *_there(_temporary)]
    return {str(p) for p in found if len(p.parts) > 1}


def written_to() -> list[tuple[str, Path | None, bool, str]]:
    """Return the folders that are written to: name, path, whether foedus needs it, and what to do where it cannot be."""
    slow = "tables of R files are read anew each time; set FOEDUS_CACHE to a folder that can be written to"
    fetch = "foedus data fetch needs it: set FOEDUS_DATA to a folder that can be written to"
    elsewhere = "files are written where you name them: another folder, then"
    return [
        ("cache of tables", _first(cache_folder), False, slow),
        ("data", _first(default_folder), False, fetch),
        ("temporary files", _first(_temporary), True, "set TMPDIR to a folder that can be written to"),
        ("present folder", _first(Path.cwd), False, elsewhere),
    ]


def fault(path: Path | None) -> str:
    """Return why a folder, or the nearest one above that is there, cannot be written to; empty where it can."""
    if path is None:
        return "there is none"
    try:
        with tempfile.TemporaryFile(prefix=".foedus-doctor-", dir=_nearest(path)):
            return ""
    except OSError as error:
        return f"cannot be written to ({error.strerror or type(error).__name__})"


def anyone_writes(path: Path) -> bool:
    """Return whether others may put files into a folder that is there and is not made for that."""
    try:
        return path.is_dir() and path != _first(_temporary) and strangers_write(path)
    except OSError:
        return False


def compiled() -> tuple[int, int, int]:
    """Return how many files with kernels have what is compiled of them kept, how many there are, and how many of those kept are stale."""
    sources = [p for p in sorted(Path(__file__).parents[1].rglob("*.py")) if "@njit(" in p.read_text(encoding="utf-8")]
    kept, stale = 0, 0
    for path in sources:
        indexes = [i for place in _caches(path) for i in place.glob(f"{path.stem}.*.nbi")]
        fresh = any(i.stat().st_mtime >= path.stat().st_mtime for i in indexes)
        kept += fresh
        stale += bool(indexes) and not fresh
    return kept, len(sources), stale


def _caches(source: Path) -> list[Path]:
    """Return the folders in which Numba may keep what it compiled of a file."""
    cache = os.environ.get("XDG_CACHE_HOME")
    named = os.environ.get("NUMBA_CACHE_DIR")
    roots = [Path(named)] if named else []
    roots += [home / "numba" for home in ([Path(cache)] if cache else [h / ".cache" for h in homes()])]
    below = [
        p for root in roots if root.is_dir() for p in root.iterdir() if p.name.startswith(f"{source.parent.name}_")
    ]
    return [source.parent / "__pycache__", *below]


def _nearest(path: Path) -> Path:
    """Return a folder, or the nearest one above that is there."""
    return next((p for p in (path, *path.parents) if p.exists()), path)


def _temporary() -> Path:
    return Path(tempfile.gettempdir())


def _first(where: Callable[[], Path]) -> Path | None:
    """Return a folder; None where the system knows none."""
    return next(iter(_there(where)), None)


def _there(where: Callable[[], Path]) -> list[Path]:
    """Return a folder as a list, empty where the system knows none."""
    try:
        return [where()]
    except (OSError, RuntimeError, DataError):
        return []
