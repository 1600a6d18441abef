"""The folder of a run: what was asked, one file for each finished chunk, and one table at the end.

Every file is written beside its place, flushed to the disk and renamed, so that whatever ends a run, what is there is whole (convention 4.12). A
chunk's file is named by its points, so that a run can be resumed with chunks of another size. One process at a time writes to a folder.
"""

from __future__ import annotations

import hashlib
import io
import json
import platform
import re
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from foedus import limits
from foedus.errors import ParameterError, WorkerError, message, parameter
from foedus.files import replace_file

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Sequence

    import polars as pl

FORMAT = 1
MANIFEST, TABLE, CHUNKS, LOCK = "run.json", "sweep.parquet", "chunks", ".lock"
LIBRARIES = ("numpy", "scipy", "numba", "polars", "highspy")
"""Libraries whose versions can change bits."""
STATE = ("state", "finished", "python", "machine")
"""Entries of a manifest that may differ between a run and its resumption."""
_CHUNK = re.compile(r"^points-(\d{7})-(\d{7})\.parquet$")


class Rows(NamedTuple):
    """What some points came to: estimates (P, K, 4) as mean, low, high, error, and values by draw of the inputs (P, K, G)."""

    estimate: NDArray[np.float64]
    by_draw: NDArray[np.float64]


def versions() -> dict[str, str]:
    """Return the versions of foedus and of what its numbers depend on."""
    from foedus import __version__

    return {"foedus": __version__} | {name: metadata.version(name) for name in LIBRARIES}


def digest(text: str) -> str:
    """Return a short checksum of a text."""
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


class Folder:
    """A run's folder, opened for writing by one process.

    Parameters
    ----------
    path : path
    asked : dict
        What the run is: two runs with the same are the same.
    resume : bool
        Go on from what is there; otherwise the folder must not hold a run.

    Raises
    ------
    ParameterError
        Another run is there, one that was not to be resumed, or none to resume; or another process writes to it.
    WorkerError
        It cannot be made or written.
    """

    def __init__(self, path: str | os.PathLike[str], asked: dict[str, Any], *, resume: bool) -> None:
        from filelock import FileLock, Timeout

        self.path, self.asked = Path(path), asked
        try:
            (self.path / CHUNKS).mkdir(parents=True, exist_ok=True)
            self.lock = FileLock(self.path / LOCK)
            self.lock.acquire(timeout=0)
        except Timeout:
            raise parameter("out", str(path), "a folder to which no other run writes") from None
        except OSError as error:
            raise _unkept(error, self.path) from error
        try:
            self._check(resume=resume)
            for left in (*self.path.glob(".*.tmp"), *(self.path / CHUNKS).glob(".*.tmp")):
                left.unlink(missing_ok=True)
        except BaseException:
            self.close()
            raise

    def _check(self, *, resume: bool) -> None:
        """Refuse a folder that holds another run, or a run that was not to be resumed."""
        there = read_manifest(self.path) if (self.path / MANIFEST).exists() else None
        if there is None:
            if resume and any((self.path / CHUNKS).iterdir()):
                raise parameter("resume", str(self.path), f"a folder with {MANIFEST}")
            return
        differs = [k for k in self.asked if k not in STATE and there.get(k) != self.asked[k]]
        if differs:
            told = "; ".join(f"{k}: {_brief(there.get(k))} there, {_brief(self.asked[k])} now" for k in differs)
            raise ParameterError(
                message(
                    "The folder holds another run",
                    got=told,
                    where=str(self.path),
                    hint="name a new folder, or ask for the same",
                )
            )
        if not resume:
            raise parameter("out", str(self.path), "a folder without this run", "resume it, or name a new folder")

    def close(self) -> None:
        """Let other processes write."""
        self.lock.release()

    def say(self, state: str, finished: int) -> None:
        """Write the manifest."""
        about = self.asked | {
            "state": state, "finished": finished, "python": platform.python_version(), "machine": platform.machine()
        }  # fmt: skip
        self._replace(
            self.path / MANIFEST, json.dumps(about, indent=1, sort_keys=True, ensure_ascii=False).encode() + b"\n"
        )

    def keep(self, first: int, rows: Rows) -> None:
        """Write a chunk of points that begins with ``first``."""
        import polars as pl

        n, k, g = rows.by_draw.shape
        frame = pl.DataFrame(
            {"estimate": rows.estimate.reshape(n, k * 4), "by_draw": rows.by_draw.reshape(n, k * g)},
            schema={"estimate": pl.Array(pl.Float64, k * 4), "by_draw": pl.Array(pl.Float64, k * g)},
        )
        self._replace(self.path / CHUNKS / f"points-{first:07d}-{first + n - 1:07d}.parquet", parquet(frame))

    def kept(self, shape: tuple[int, int], points: int) -> Iterator[tuple[int, Rows]]:
        """Yield the first point and the rows of every chunk that is there and whole; one that cannot be read is left out, to be run again."""
        import polars as pl

        k, g = shape
        types = {"estimate": pl.Array(pl.Float64, k * 4), "by_draw": pl.Array(pl.Float64, k * g)}
        for path in sorted((self.path / CHUNKS).iterdir()):
            if (found := _CHUNK.match(path.name)) is None:
                continue
            first, last = int(found[1]), int(found[2])
            try:
                if pl.scan_parquet(path, glob=False).collect_schema() != types or not first <= last < points:
                    continue
                frame = pl.read_parquet(path, glob=False)
                rows = Rows(
                    frame["estimate"].to_numpy().reshape(-1, k, 4), frame["by_draw"].to_numpy().reshape(-1, k, g)
                )
            except (OSError, ValueError, pl.exceptions.PolarsError, pl.exceptions.PanicException):
                continue
            if len(rows.estimate) == last - first + 1:
                yield first, rows

    def finish(self, table: pl.DataFrame) -> None:
        """Write the whole table."""
        self._replace(self.path / TABLE, parquet(table))

    def _replace(self, path: Path, content: bytes) -> None:
        """Write a file beside its place and rename it."""
        try:
            replace_file(path, content)
        except OSError as error:
            raise _unkept(error, path) from error


def parquet(table: pl.DataFrame) -> bytes:
    """Return a table as Parquet: the same bytes for the same rows."""
    buffer = io.BytesIO()
    table.rechunk().write_parquet(buffer, compression="zstd", compression_level=3, row_group_size=100_000)
    return buffer.getvalue()


def read_manifest(path: Path) -> dict[str, Any]:
    """Return what a folder says of its run.

    Raises
    ------
    ParameterError
        There is none, or it cannot be read.
    """
    try:
        found = limits.plain(limits.raw(path / MANIFEST))
    except (OSError, ValueError) as error:
        raise ParameterError(message("No run is kept there", got=str(error), where=str(path))) from error
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise ParameterError(message("No run of this format", got=str(path / MANIFEST), expected=f"format {FORMAT}"))
    return found


def missing(n_points: int, done: Sequence[tuple[int, int]], size: int) -> list[tuple[int, int]]:
    """Return the ranges (first, beyond) of at most ``size`` points that nothing done covers.

    Examples
    --------
    >>> missing(10, [(2, 5)], 3)
    [(0, 2), (5, 8), (8, 10)]
    """
    open_ = np.ones(n_points + 1, dtype=np.bool_)
    open_[-1] = False
    for first, beyond in done:
        open_[first:beyond] = False
    edges = np.flatnonzero(np.diff(np.concatenate([[False], open_]).astype(int)))
    return [
        (at, min(at + size, int(end)))
        for start, end in zip(edges[::2], edges[1::2], strict=True)
        for at in range(int(start), int(end), size)
    ]


def _brief(value: Any) -> str:
    """Return an entry of a manifest in a few words."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 120 else f"{text[:117]}..."


def _unkept(error: OSError, where: Path) -> WorkerError:
    """Return the error for what cannot be written."""
    return WorkerError(
        message("The run cannot be kept", got=error.strerror or str(error), where=str(where),
                hint="what was finished before is whole; make room and resume")
    )  # fmt: skip
