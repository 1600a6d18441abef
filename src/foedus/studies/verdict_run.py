"""Running claims: their cells by job, in threads, kept by cell in a folder so that a stopped run goes on.

A job computes some cells from data that they share. Its result depends on data, parameters, version, seed and its own choices alone, never on other
jobs or on the number of threads; a digest of these is the name of its file. Judges nothing; see `foedus.studies.verdict`.
"""

from __future__ import annotations

import hashlib
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from foedus import executors, files, limits
from foedus.data.sources import SOURCES
from foedus.data.store import DataDir
from foedus.errors import DataError, ParameterError, message, parameter
from foedus.studies.verdict import Cell, Question, Verdict, judge
from foedus.system.tables import OPTIONAL, REQUIRED

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from foedus.executors import On

FORMAT = 1
WHOLE = (*REQUIRED, *OPTIONAL)
"""Data sets from which real systems are built."""
_NUMBERS = ("estimate", "low", "high")


class Bench:
    """What the jobs of a run share: the data folder if there is one, seed, thoroughness, and tables that are made once.

    Parameters
    ----------
    data_dir : DataDir, str or Path, optional
    seed : int
    thorough : bool
    """

    def __init__(
        self, data_dir: DataDir | str | os.PathLike[str] | None = None, *, seed: int = 1, thorough: bool = False
    ) -> None:
        self.seed, self.thorough = seed, thorough
        try:
            self.folder: DataDir | None = DataDir.of(data_dir)
        except DataError:
            if data_dir is not None:
                raise
            self.folder = None
        self._kept: dict[Any, Any] = {}
        self._lock = threading.RLock()

    @property
    def store(self) -> DataDir:
        """The data folder.

        Raises
        ------
        DataError
            There is none.
        """
        return self.folder if self.folder is not None else DataDir.of(None)

    def lacks(self, *sources: str) -> str:
        """Return which of some data sets are not at hand and how to get them, empty if all are."""
        if self.folder is None:
            return f"not at hand: no folder with data ({', '.join(sources)}); foedus data fetch, or --data-dir"
        absent = self.folder.missing(sources)
        if not absent:
            return ""
        ways = "; ".join(f"{s.title} {s.version}: {s.by_hand or f'foedus data fetch {s.id}'}" for s in absent)
        return f"not at hand: {ways}"

    def once(self, key: Any, make: Callable[[], Any]) -> Any:
        """Return what ``make`` returns, made once for a key."""
        with self._lock:
            if key not in self._kept:
                self._kept[key] = make()
            return self._kept[key]


@dataclass(frozen=True)
class Job:
    """Some cells that are computed together: a key within its part, and what returns them."""

    key: tuple[str, ...]
    run: Callable[[], list[Cell]]


@dataclass(frozen=True)
class Part:
    """One question of a claim with its choices.

    ``choices`` are told to readers; ``jobs`` plans the work on a bench; ``sources`` are the data sets read, whose versions are said and whose
    checksums name kept cells.
    """

    question: Question
    choices: Mapping[str, tuple[str, ...]]
    jobs: Callable[[Bench], list[Job]]
    sources: tuple[str, ...] = ()


def run_parts(
    parts: Sequence[Part], bench: Bench, *, workers: int = 1, save: Path | None = None, progress: Callable[..., None] | None = None,
    on: On | None = None,
) -> tuple[Verdict, ...]:  # fmt: skip
    """Return the verdict of each part.

    Parameters
    ----------
    parts : sequence of Part
    bench : Bench
    workers : int
        Threads; the result is the same for any number.
    save : Path, optional
        Folder that keeps the cells of every finished job; what is there already is not computed again.
    progress : callable, optional
        Called with what is done and the share done.
    on : int, str or concurrent.futures.Executor, optional
        Processes or machines instead of threads, as `foedus.executors.run` has it, for parts that come with foedus.

    Raises
    ------
    ParameterError
        ``workers`` below 1, or a kept file that cannot be read as cells.
    DataError
        No cell of any part is at hand.
    """
    if workers < 1:
        raise parameter("workers", workers, "an integer of at least 1")
    if on is not None:
        executors.check(on)
    if save is not None:
        _folder(save)
    planned = [(part, job) for part in parts for job in part.jobs(bench)]
    found: dict[int, list[Cell]] = {}

    def have(k: int, cells: list[Cell]) -> None:
        found[k] = cells
        if progress is not None:
            progress(_told(planned[k])[:60], len(found) / len(planned))

    for k, (part, job) in enumerate(planned):
        if (cells := _kept(part, job, bench, save)) is not None:
            have(k, cells)
    todo = [k for k in range(len(planned)) if k not in found]
    threads = ThreadPoolExecutor(workers) if on is None else None
    task = _Elsewhere(None if bench.folder is None else str(bench.folder.path), bench.seed, bench.thorough)
    items: list[Any] = [planned[k] if threads else (planned[k][0].question.id, planned[k][1].key) for k in todo]
    try:
        with closing(
            executors.run(_here if threads else task, items, on=threads or on or "local", told=_told)
        ) as results:
            for number, cells in results:
                part, job = planned[todo[number]]
                _keep(part, job, bench, save, cells)
                have(todo[number], cells)
    finally:
        if threads is not None:
            threads.shutdown(wait=True, cancel_futures=True)
    out = []
    for part in parts:
        cells = [c for k, (p, _) in enumerate(planned) if p is part for c in found[k]]
        out.append(
            judge(cells, part.question, seed=bench.seed, thorough=bench.thorough, versions=_versions(part, bench))
        )
    if not any(v.known for v in out):
        raise DataError(
            message(
                "No cell of these claims is at hand",
                got=out[0].cells[0].missing,
                expected="the data sets that they are asked of",
            )
        )
    return tuple(out)


def _folder(save: Path) -> None:
    """Make the folder that keeps cells, before any work is done."""
    try:
        save.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise parameter("save", str(save), "a folder that is there or can be made") from error


def _here(each: tuple[Part, Job]) -> list[Cell]:
    """Return the cells of a job in this process."""
    return each[1].run()


def _told(each: tuple[Any, Any]) -> str:
    """Return what a message calls a job."""
    part, job = each
    return f"{part} {' '.join(job)}" if isinstance(part, str) else f"{part.question.id} {' '.join(job.key)}"


@dataclass(frozen=True)
class _Elsewhere:
    """What is done for a job in another process: its claim is planned there, and the job found by its key."""

    folder: str | None
    seed: int
    thorough: bool

    def __call__(self, each: tuple[str, tuple[str, ...]]) -> list[Cell]:
        """Return the cells of the job of a part with a key."""
        from foedus.studies.verdict_claims import PARTS

        part = next(p for p in PARTS if p.question.id == each[0])
        job = next(j for j in part.jobs(_bench(self.folder, self.seed, thorough=self.thorough)) if j.key == each[1])
        return job.run()


@lru_cache(maxsize=1)
def _bench(folder: str | None, seed: int, *, thorough: bool) -> Bench:
    """Return the bench of this process, whose tables are read once."""
    return Bench(folder, seed=seed, thorough=thorough)


def _path(part: Part, job: Job, bench: Bench, save: Path) -> Path:
    """Return the file of a job's cells."""
    return save / f"{part.question.id}-{_digest(part, job, bench)}.json"


def _kept(part: Part, job: Job, bench: Bench, save: Path | None) -> list[Cell] | None:
    """Return the cells of a job that its file keeps, None if there is none."""
    return _read(path) if save is not None and (path := _path(part, job, bench, save)).exists() else None


def _keep(part: Part, job: Job, bench: Bench, save: Path | None, cells: list[Cell]) -> None:
    """Write the cells of a job."""
    if save is None:
        return
    whole = {"format": FORMAT, "job": list(job.key), "cells": [c.to_dict() for c in cells]}
    files.replace_file(_path(part, job, bench, save), json.dumps(whole, indent=1).encode())


def _read(path: Path) -> list[Cell]:
    """Return the cells of a file."""
    try:
        raw = limits.plain(limits.raw(path))
        return [Cell(**{**c, "choices": tuple(c["choices"].items())}) for c in raw["cells"]]
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        hint = "delete the file: its cells are then computed again"
        raise ParameterError(message(f"Cannot read {path} as cells of a verdict", got=str(error), hint=hint)) from error


def _digest(part: Part, job: Job, bench: Bench) -> str:
    """Return a digest of what a job's cells depend on."""
    from foedus import __version__

    files = [] if bench.folder is None else [
        (s, None if bench.folder.missing([s]) else bench.folder.provenance(s).sha256) for s in sorted(part.sources)
    ]  # fmt: skip
    shipped = bench.once("shipped", shipped_digest)
    about = (FORMAT, __version__, part.question.id, job.key, files, shipped, bench.seed, bench.thorough)
    return hashlib.blake2b(repr(about).encode(), digest_size=8).hexdigest()


def shipped_digest() -> str:
    """Return a digest of the parameters, tables and scenarios that come with the program."""
    out = hashlib.blake2b(digest_size=16)
    for room in ("foedus.params", "foedus.data.own", "foedus.scenario.bundled"):
        for f in sorted(resources.files(room).iterdir(), key=lambda f: f.name):
            if f.name.endswith((".toml", ".csv")):
                out.update(f.name.encode())
                out.update(f.read_bytes())
    return out.hexdigest()


def _versions(part: Part, bench: Bench) -> dict[str, str]:
    """Return the data sets that a part reads, with their versions or that they are not at hand."""
    out = {}
    for s in part.sources:
        there = bench.folder is not None and not bench.folder.missing([s])
        out[s] = bench.store.provenance(s).version if there else f"{SOURCES[s].spec.version}, not at hand"
    return out


def read_cells(path: Path) -> list[Cell]:
    """Return the cells of a user's CSV table.

    Parameters
    ----------
    path : Path
        Columns ``estimate``, ``low`` and ``high``, and for each choice a column; a row without the three numbers is a missing cell.

    Raises
    ------
    ParameterError
        The file cannot be read so, or a row is no cell.
    """
    import polars as pl

    try:
        limits.check_csv(path)
        table = pl.read_csv(path, infer_schema=False, glob=False)
    except (OSError, UnicodeDecodeError, pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        raise ParameterError(
            message(f"Cannot read {path} as a table of cells", got=str(error).splitlines()[0], expected="a CSV file")
        ) from error
    lacking = [c for c in _NUMBERS if c not in table.columns]
    if lacking:
        raise ParameterError(
            message(
                f"{path} lacks columns", got=", ".join(table.columns), expected=f"{', '.join(_NUMBERS)} and the choices"
            )
        )
    out = []
    for k, row in enumerate(table.iter_rows(named=True), 2):
        choices = {c: v if v is not None else "" for c, v in row.items() if c not in _NUMBERS}
        texts = [row[c] for c in _NUMBERS]
        if not any(texts):
            out.append(Cell.without(choices, "no numbers in the table"))
            continue
        try:
            out.append(_known(choices, texts))
        except ValueError as error:
            if isinstance(error, ParameterError):
                raise
            raise ParameterError(
                message(f"{path}, line {k}", got=", ".join(map(str, texts)), expected="three numbers, or none of them")
            ) from error
    return out


def _known(choices: Mapping[str, str], texts: Sequence[str | None]) -> Cell:
    """Return the cell of a row of a user's table."""
    estimate, low, high = (float(t or "none") for t in texts)
    return Cell(tuple(choices.items()), estimate, low, high)
