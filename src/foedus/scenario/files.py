"""Writing a file whole or not at all: beside the target, then renamed over it (convention 4.12)."""

from __future__ import annotations

from pathlib import Path

from foedus.files import replace_file
from foedus.scenario.findings import fault


def write_beside(path: str | Path, text: str, *, follow: bool = True) -> None:
    """Write ``text`` as UTF-8 so that ``path`` holds either what it held or all of it.

    A symbolic link keeps pointing where it did, or with ``follow=False`` is replaced; the mode of an existing file is kept.

    Raises
    ------
    ScenarioError
        The folder is missing or not writable, or the disk is full; the file is as it was.
    """
    try:
        replace_file(Path(path).resolve() if follow else Path(path), text.encode())
    except (OSError, ValueError, RuntimeError) as error:
        refused = fault(str(path), "file", f"cannot be written: {getattr(error, 'strerror', None) or error}")
        refused.exit_code = 1
        raise refused from error
