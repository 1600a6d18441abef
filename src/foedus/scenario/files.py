"""Writing a file whole or not at all: beside the target, then renamed over it (convention 4.12)."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

from foedus.scenario.findings import fault


def write_beside(path: str | Path, text: str) -> None:
    """Write ``text`` as UTF-8 so that ``path`` holds either what it held or all of it.

    A symbolic link keeps pointing where it did; the mode of an existing file is kept.

    Raises
    ------
    ScenarioError
        The folder is missing or not writable, or the disk is full; the file is as it was.
    """
    beside: Path | None = None
    try:
        target = Path(path).resolve()
        mode = target.stat().st_mode & 0o7777 if target.exists() else None
        beside = target.with_name(f".{target.name[:60]}.{secrets.token_hex(6)}.tmp")
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        with os.fdopen(handle, "wb") as stream:
            stream.write(text.encode())
            stream.flush()
            os.fsync(stream.fileno())
        if mode is not None:
            beside.chmod(mode)
        beside.replace(target)
    except (OSError, ValueError, RuntimeError) as error:
        if beside is not None:
            with contextlib.suppress(OSError):
                beside.unlink()
        raise fault(str(path), "file", f"cannot be written: {getattr(error, 'strerror', None) or error}") from error
