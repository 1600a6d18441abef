"""Changes of a store: a file put into it or taken out, by one process at a time, whole or not at all.

Everything is written beside its place, flushed and renamed. ``store.json`` says what is about to change before a file
takes its place and that it has changed after, so a process that dies in between leaves a store that reads as it was before
or as it is after. Downloads nothing.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import json
import secrets
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from foedus import files
from foedus.data import store
from foedus.data.sources import SOURCES
from foedus.data.store import FILES, JOURNAL, PARTIAL, TABLES, DataDir, Record
from foedus.errors import DataError, message, parameter

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Mapping
    from types import TracebackType

    import polars as pl

    from foedus.data.spec import SourceSpec


def add(
    source_id: str, path: str | os.PathLike[str], *, data_dir: DataDir | str | os.PathLike[str] | None = None
) -> Record:
    """Copy a file that the user has into the store, as the file of one data set.

    Parameters
    ----------
    source_id : str
    path : str or Path
        Not changed. Another file than the tested one is taken if it reads, and recorded as unrecognised.
    data_dir : str, Path or None
        The store; made if need be.

    Raises
    ------
    DataError
        Unknown data set, the file does not read as one, or the store cannot be changed; it is then as it was.
    ParameterError
        ``path`` is no file.
    """
    spec, source = declared(source_id), Path(path)
    if not source.is_file():
        raise parameter("path", str(path), "a file", f"{spec.filename}, from {spec.url}")
    with Changes(data_dir) as changes:
        staged = changes.stage(spec.filename)
        with writing(changes.folder), files.open_file(source) as given, files.new_file(staged) as copy:
            shutil.copyfileobj(given, copy)
        return changes.put(source_id, staged, str(source.resolve()))


def remove(source_id: str, *, data_dir: DataDir | str | os.PathLike[str] | None = None) -> Path:
    """Take the file of one data set and its table out of the store; return where the file was.

    Raises
    ------
    DataError
        Unknown data set, or it is not in the store: a file elsewhere below the folder is the user's own.
    """
    spec, data = declared(source_id), DataDir.of(data_dir)
    path = data.path / FILES / spec.filename
    if source_id not in data.records() and not (data.is_store and path.is_file()):
        elsewhere = data.find(source_id)
        got = f"only {elsewhere}, which is yours to delete" if elsewhere else "no file of it"
        raise DataError(message(f"{source_id} is not in the store", got=got, where=str(data.path)))
    with Changes(data) as changes:
        changes.remove(source_id)
    return path


def declared(source_id: str) -> SourceSpec:
    """Return the declaration of a data set, or raise DataError with names near the one given."""
    from difflib import get_close_matches

    if source_id in SOURCES:
        return SOURCES[source_id].spec
    near = [n for n in SOURCES if source_id in n][:5] or get_close_matches(source_id, SOURCES, 3)
    hint = f"did you mean {', '.join(near)}?" if near else "foedus data list shows all of them"
    raise DataError(message("Unknown data set", got=repr(source_id), hint=hint))


def failed(text: str) -> DataError:
    """Return an error about work that failed although the input was good: its exit code is 1."""
    error = DataError(text)
    error.exit_code = 1
    return error


@contextlib.contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Turn what the file system refuses into one DataError."""
    try:
        yield
    except OSError as error:
        raise failed(
            message(
                "Cannot write to the store of data",
                got=error.strerror or error,
                where=str(error.filename or folder),
                hint="make room or choose another folder with --data-dir; what was there is as it was",
            )
        ) from error


class Changes:
    """The right to change a store, which one process at a time has; a context manager.

    Parameters
    ----------
    data_dir : DataDir, str, Path or None
        The store; its folder is made if need be.

    Raises
    ------
    DataError
        Another process is changing the store, or it cannot be written.

    Notes
    -----
    What a process that died has left half-written is deleted on the way in; unfinished downloads are kept.
    """

    def __init__(self, data_dir: DataDir | str | os.PathLike[str] | None = None) -> None:
        from filelock import FileLock

        self.folder = folder_of(data_dir)
        self._lock = FileLock(self.folder / "store.lock", timeout=0)

    def __enter__(self) -> Changes:
        from filelock import Timeout

        with writing(self.folder):
            for name in (FILES, TABLES, PARTIAL):
                (self.folder / name).mkdir(parents=True, exist_ok=True)
            try:
                self._lock.acquire()
            except Timeout as error:
                hint = "wait until it is done, or end it; reading goes on meanwhile"
                text = message("Another process is changing the store of data", where=str(self.folder), hint=hint)
                raise failed(text) from error
        try:
            self._clean()
            self._settle()
            if not (
                self.folder / JOURNAL
            ).exists():  # first of all: it makes the folder a store, whose staged files are nobody's
                self._write({}, {})
        except BaseException:
            with contextlib.suppress(OSError):
                self._clean()
            self._lock.release()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(OSError):
            self._clean()
        self._lock.release()

    def stage(self, name: str) -> Path:
        """Return a path for a file on its way into the store; deleted at the end if it is still there."""
        return self.folder / PARTIAL / f"stage-{secrets.token_hex(6)}-{name}"

    def put(self, source_id: str, staged: Path, origin: str) -> Record:
        """Move a staged file into the store, with its parsed table, and those of other data sets that are read from the same file.

        Raises
        ------
        DataError
            It does not read as that data set, or the store cannot be written; the store is then as it was.
        """
        filename, checksum = SOURCES[source_id].spec.filename, store.sha256(staged)
        before = DataDir(self.folder).records()
        shared = [n for n, r in before.items() if r.filename == filename and r.sha256 != checksum and n != source_id]
        tables = {name: self.folder / TABLES / store.table_name(name, checksum) for name in (source_id, *shared)}
        new = [table for table in tables.values() if not table.exists()]
        try:
            records = {name: self._write_table(name, staged, origin, table) for name, table in tables.items()}
            self._write(store.journal(self.folder)[0], records)
            with writing(self.folder):
                files.flush(staged)
                files.rename(staged, self.folder / FILES / filename)
        except BaseException:
            if self._holds(filename) != checksum:
                for table in new:
                    table.unlink(missing_ok=True)
            raise
        with contextlib.suppress(OSError, DataError):  # the change holds; the next one tidies up
            self._settle()
            for name, table in tables.items():
                self._drop_tables(name, but=table)
        return records[source_id]

    def _write_table(self, source_id: str, staged: Path, origin: str, table: Path) -> Record:
        """Write the parsed table of a staged file and return the record of both."""
        spec, checksum = SOURCES[source_id].spec, store.sha256(staged)
        recognised = checksum == spec.sha256
        try:
            frame = store.parse(source_id, staged)
        except DataError as error:
            raise DataError(str(error).replace(str(staged), origin)) from error
        version = spec.version if recognised else f"unrecognised file (sha256 {checksum[:12]}...)"
        now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        with writing(self.folder):
            size, written = staged.stat().st_size, _keep_table(frame, table)
        return Record(spec.filename, checksum, size, version, recognised, now, origin, written)

    def remove(self, source_id: str) -> None:
        """Take the file of a data set and its tables out of the store."""
        filename = SOURCES[source_id].spec.filename
        others = [r.filename for n, r in DataDir(self.folder).records().items() if n != source_id]
        self._write(store.journal(self.folder)[0], {source_id: None})
        place, staged = self.folder / FILES / filename, self.stage(filename)
        with writing(self.folder):
            moved = filename not in others and place.exists()
            if moved:
                files.rename(place, staged)
            try:
                self._drop_tables(source_id)
            except OSError:
                if moved:
                    files.rename(staged, place)
                raise
        self._settle(gone=source_id)

    def _drop_tables(self, source_id: str, *, but: Path | None = None) -> None:
        """Delete the parsed tables of a data set."""
        for table in (self.folder / TABLES).glob(f"{source_id}-*.parquet"):
            if table != but:
                table.unlink()

    def _holds(self, filename: str) -> str:
        """Return the checksum of a file of the store, empty where it is not in place."""
        path = self.folder / FILES / filename
        return store.sha256(path) if path.is_file() else ""

    def _settle(self, gone: str = "") -> None:
        """Write down what holds, where a change was noted."""
        sources, pending = store.journal(self.folder)
        if pending:
            held = store.settled(self.folder, sources, pending)
            held.pop(gone, None)
            self._write(held, {})

    def _write(self, sources: Mapping[str, Record], pending: Mapping[str, Record | None]) -> None:
        """Replace the store's list: what it holds, and what is about to change."""
        rows = {name: asdict(record) for name, record in sorted(sources.items())}
        waiting = {name: record and asdict(record) for name, record in pending.items()}
        content = {"format": store.FORMAT, "sources": rows, "pending": waiting}
        beside = self.folder / PARTIAL / f"stage-{secrets.token_hex(6)}-{JOURNAL}"
        with writing(self.folder):
            with files.new_file(beside) as file:
                file.write((json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode())
            files.flush(beside)
            files.rename(beside, self.folder / JOURNAL)

    def _clean(self) -> None:
        """Delete what is half-written; only the process that changes the store writes such files."""
        for leftover in [*(self.folder / PARTIAL).glob("stage-*"), *(self.folder / TABLES).glob("*.tmp")]:
            leftover.unlink(missing_ok=True)


def folder_of(data_dir: DataDir | str | os.PathLike[str] | None) -> Path:
    """Return the folder that is meant; it need not exist."""
    if isinstance(data_dir, DataDir):
        return data_dir.path
    return Path(data_dir) if data_dir is not None else store.default_folder()


def _keep_table(frame: pl.DataFrame, target: Path) -> str:
    """Write a parsed table beside its place and rename it there; return its checksum."""
    beside = target.with_name(f"{target.name}.{secrets.token_hex(6)}.tmp")
    content = io.BytesIO()
    frame.write_parquet(content, compression="zstd")
    try:
        with files.new_file(beside) as file, content.getbuffer() as view:
            file.write(view)
        files.flush(beside)
        checksum = store.sha256(beside)
        files.rename(beside, target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    return checksum
