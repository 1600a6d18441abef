"""Frames of real years on disk: one small file a year below the user's folder, readable while later ones are still being worked out.

They are kept by the state of the data files, the version of foedus and the first year of the span, since places and numbers of blocs follow
from the years before. Works out nothing itself; `foedus.blocs.frames` does.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
from typing import TYPE_CHECKING

from foedus.files import replace_file
from foedus.studio.question import encode

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from foedus.blocs.frames import Frame
    from foedus.data.store import DataDir

FORM = 1
"""Raised when what a frame holds, or how it is found, changes within a version."""
KEPT = 4
"""Keys whose frames stay on disk."""
FOLDER = "frames"


def key(data: DataDir) -> str:
    """Return a key of the data files behind a real system and of what reads them."""
    from foedus import __version__, params
    from foedus.system.tables import OPTIONAL, REQUIRED

    files = []
    for name in (*REQUIRED, *OPTIONAL):
        path = data.find(name)
        if path is not None:
            state = path.stat()
            files.append([name, str(path), state.st_mtime_ns, state.st_size])
    words = json.dumps([FORM, __version__, repr(params.load("ties")), files])
    return hashlib.sha256(words.encode()).hexdigest()[:24]


class Kept:
    """The frames of one state of the data, from one first year on.

    Parameters
    ----------
    folder : Path
        The user's folder.
    data : DataDir
    first : int
        First year of the span.
    """

    def __init__(self, folder: Path, data: DataDir, first: int) -> None:
        self.all = folder / FOLDER
        self.key = key(data)
        self.folder = self.all / self.key / str(first)

    def ready(self) -> list[int]:
        """Return the years whose frames are there."""
        if not self.folder.is_dir():
            return []
        return sorted(int(p.stem) for p in self.folder.glob("[0-9][0-9][0-9][0-9].json"))

    def write(self, frame: Frame) -> None:
        """Keep a frame, whole or not at all (convention 4.12)."""
        self.folder.mkdir(parents=True, exist_ok=True)
        replace_file(self.folder / f"{frame.date.year}.json", encode(frame.to_dict()))

    def read(self, years: Iterable[int]) -> dict[int, bytes]:
        """Return the frames of those years that are there, as JSON."""
        found = {}
        for year in years:
            with contextlib.suppress(FileNotFoundError):
                found[year] = (self.folder / f"{year}.json").read_bytes()
        return found

    def tidy(self) -> None:
        """Delete the frames of states of the data that were used longest ago."""
        others = [p for p in self.all.iterdir() if p.is_dir() and p.name != self.key] if self.all.is_dir() else []
        for path in sorted(others, key=lambda p: p.stat().st_mtime, reverse=True)[KEPT - 1 :]:
            shutil.rmtree(path, ignore_errors=True)
