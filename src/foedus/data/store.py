"""The user's folder of data files: found by name and checksum, parsed once, kept typed.

A file whose checksum is not the tested one is accepted, and what is made of it says so. Parsed tables are kept in
memory and, since R files are slow to read, as Parquet in the user's cache folder ($FOEDUS_CACHE, else
$XDG_CACHE_HOME/foedus, else ~/.cache/foedus).

A folder with a ``store.json`` is a store: ``files/`` holds what was fetched or added, ``tables/`` the parsed tables.
`foedus.data.changes` alone writes there. Changes nothing in the folder and downloads nothing.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from dataclasses import dataclass, fields
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from foedus import files, limits
from foedus.data.sources import SOURCES
from foedus.errors import DataError, MissingExtraError, message

if TYPE_CHECKING:
    from collections.abc import Iterable

    import polars as pl

    from foedus.data.spec import SourceSpec

_SEARCH_LIMIT = 64 * 2**20  # bytes; larger files are not read to look for a renamed one
_JOURNAL_LIMIT = 16 * 2**20
FORMAT = 1
JOURNAL = "store.json"
FILES, TABLES, PARTIAL = "files", "tables", "partial"


@dataclass(frozen=True, slots=True)
class Provenance:
    """Which file a table came from: its declared or unrecognised version, checksum and last year."""

    spec: SourceSpec
    path: Path
    sha256: str
    recognised: bool
    version: str
    last_year: int


@dataclass(frozen=True, slots=True)
class Record:
    """What a store knows of one of its files.

    Attributes
    ----------
    filename, sha256, size : str, str, int
    version : str
        As declared, or that the file is unrecognised.
    recognised : bool
        It is the tested file.
    when : str
        Time of the change, UTC.
    url : str
        Where it was fetched from, or the path it was added from.
    table_sha256 : str
        Checksum of the parsed table in ``tables/``.
    """

    filename: str
    sha256: str
    size: int
    version: str
    recognised: bool
    when: str
    url: str
    table_sha256: str


@dataclass(frozen=True, slots=True)
class Check:
    """What `DataDir.verify` found of one data set."""

    id: str
    status: Literal["ok", "changed", "missing", "broken"]
    detail: str


class DataDir:
    """Data files anywhere below one folder.

    Parameters
    ----------
    path : str, Path or None
        The folder; None is $FOEDUS_DATA, else $XDG_DATA_HOME/foedus, else ~/.local/share/foedus.

    Raises
    ------
    DataError
        The folder does not exist or cannot be listed.

    Examples
    --------
    >>> DataDir("/data").table("cow_nmc").columns[:2]  # doctest: +SKIP
    ['ccode', 'year']
    """

    def __init__(self, path: str | os.PathLike[str] | None = None) -> None:
        self.path = Path(path) if path is not None else default_folder()
        if not self.path.is_dir():
            hint = "foedus data fetch makes it; or pass the folder with the files as --data-dir (data_dir=), or set FOEDUS_DATA"
            raise DataError(message("No folder of data files", got=str(self.path), expected="a folder", hint=hint))
        self._found: dict[str, Path | None] = {}

    @classmethod
    def of(cls, data_dir: DataDir | str | os.PathLike[str] | None) -> DataDir:
        """Return ``data_dir`` itself, or the store of that folder."""
        return data_dir if isinstance(data_dir, DataDir) else cls(data_dir)

    @cached_property
    def index(self) -> dict[str, list[Path]]:
        """Files by lower-case name, shallowest first, in a stable order; without those that a store keeps for itself."""
        found: dict[str, list[Path]] = {}
        hidden = {TABLES, PARTIAL} if self.is_store else set()
        for folder, folders, names in os.walk(self.path):
            folders[:] = sorted(folders if Path(folder) != self.path else set(folders) - hidden)
            for name in names:
                found.setdefault(name.casefold(), []).append(Path(folder) / name)
        for paths in found.values():
            paths.sort(key=lambda p: (len(p.parts), str(p)))
        return found

    def find(self, source_id: str) -> Path | None:
        """Return the file of a data set, None where there is none.

        The store's own comes first. Of several others with its name the one with the tested checksum is taken, else the
        shallowest. A renamed file is found by checksum.
        """
        if source_id not in self._found:
            spec = _spec(source_id)
            own = self.path / FILES / spec.filename
            if self.is_store and own.is_file():
                self._found[source_id] = own
                return own
            named = [p for p in self.index.get(spec.filename.casefold(), []) if p.is_file()]
            tested = (p for p in named if sha256(p) == spec.sha256) if len(named) > 1 else iter(named)
            self._found[source_id] = next(tested, None) or (named[0] if named else self._renamed(spec))
        return self._found[source_id]

    def _renamed(self, spec: SourceSpec) -> Path | None:
        """Return a file of the same kind with the tested checksum under another name."""
        suffix = Path(spec.filename).suffix.casefold()
        for name in sorted(self.index):
            if name.endswith(suffix):
                for path in self.index[name]:
                    if path.is_file() and _size(path) <= _SEARCH_LIMIT and sha256(path) == spec.sha256:
                        return path
        return None

    def missing(self, source_ids: Iterable[str]) -> list[SourceSpec]:
        """Return the declarations of the data sets that are not here."""
        return [_spec(s) for s in source_ids if self.find(s) is None]

    def require(self, *source_ids: str) -> None:
        """Raise one DataError that lists every data set of ``source_ids`` that is not here, and where to get it."""
        absent = self.missing(source_ids)
        if absent:
            lines = "".join(f"\n  - {spec.how_to_get}" for spec in absent)
            by_hand = [spec.id for spec in absent if not spec.routes]
            names = " ".join(spec.id for spec in absent if spec.routes)
            hint = "; ".join([
                *([f"foedus data fetch {names}"] if names else []),
                *([f"download by hand, then foedus data add NAME PATH: {', '.join(by_hand)}"] if by_hand else []),
            ])  # fmt: skip
            raise DataError(
                message(
                    f"{len(absent)} of {len(source_ids)} data files are missing",
                    got=f"no{lines}",
                    where=str(self.path),
                    hint=hint,
                )
            )

    def table(self, source_id: str) -> pl.DataFrame:
        """Return the typed table of a data set.

        Raises
        ------
        DataError
            The file is missing, broken or lacks columns.
        """
        self.require(source_id)
        path = self.find(source_id)
        assert path is not None
        return _table(source_id, path, self.kept_table(source_id), *_stamp(path))

    def scan(self, source_id: str) -> pl.LazyFrame:
        """Return the typed table of a data set, read when it is collected and no further than needed.

        Raises
        ------
        DataError
            The file is missing, broken or lacks columns.
        """
        import polars as pl

        self.require(source_id)
        path = self.find(source_id)
        assert path is not None
        for kept in (self.kept_table(source_id), cache_folder() / table_name(source_id, sha256(path), digits=24)):
            if kept is not None:
                with contextlib.suppress(OSError, pl.exceptions.PolarsError):
                    lazy = pl.scan_parquet(kept, glob=False)
                    lazy.collect_schema()
                    return lazy
        return self.table(source_id).lazy()

    @property
    def is_store(self) -> bool:
        """Whether the folder is one that `foedus.data.changes` writes."""
        return (self.path / JOURNAL).is_file()

    def records(self) -> dict[str, Record]:
        """Return what the store knows of its files, by data set; nothing for a plain folder."""
        return settled(self.path, *journal(self.path))

    def kept_table(self, source_id: str) -> Path | None:
        """Return where the store keeps the parsed table of the file that is here now, None where it does not."""
        path = self.find(source_id)
        if path is None or not self.is_store:
            return None
        kept = self.path / TABLES / table_name(source_id, sha256(path))
        return kept if kept.is_file() else None

    def verify(self) -> list[Check]:
        """Return, for each data set that is or should be here, whether its file is the recorded one and its table reads.

        ``changed``: the file is not the one recorded. ``missing``: recorded, and not here. ``broken``: the file or its
        table does not read, or does not conform to its schema.
        """
        records = self.records()
        return [
            self._check(name, records.get(name)) for name in SOURCES if name in records or self.find(name) is not None
        ]

    def _check(self, source_id: str, record: Record | None) -> Check:
        """Return what is found of one data set."""
        path = self.find(source_id)
        if path is None or (record and path != self.path / FILES / record.filename):
            return Check(source_id, "missing", f"recorded, and no {FILES}/{record.filename if record else ''}")
        checksum = ""
        try:
            checksum = sha256(path)
            if record and checksum != record.sha256:
                return Check(
                    source_id, "changed", f"sha256 {checksum[:12]}... is not the recorded {record.sha256[:12]}..."
                )
            kept = self.kept_table(source_id)
            if kept is None:
                self.table(source_id)
            else:
                _check_table(source_id, kept, record)
        except DataError as error:
            return Check(source_id, "broken", str(error).splitlines()[0])
        except MissingExtraError as error:
            unread = str(error).splitlines()[0]
            if checksum == _spec(source_id).sha256:
                return Check(source_id, "ok", f"the tested file by its checksum, not read: {unread}")
            return Check(source_id, "broken", f"unrecognised file, not read: {unread}")
        known = checksum == _spec(source_id).sha256
        return Check(source_id, "ok", "the tested file" if known else "unrecognised file, reads and conforms")

    def provenance(self, source_id: str) -> Provenance:
        """Return which file the table comes from; its last year is read from the data where the version is unknown."""
        self.require(source_id)
        path, spec = self.find(source_id), _spec(source_id)
        assert path is not None
        checksum = sha256(path)
        if checksum == spec.sha256:
            return Provenance(spec, path, checksum, recognised=True, version=spec.version, last_year=spec.last_year)
        version = f"unrecognised file (sha256 {checksum[:12]}...)"
        return Provenance(
            spec, path, checksum, recognised=False, version=version, last_year=_last_year(self.table(source_id), spec)
        )


def default_folder() -> Path:
    """Return the folder that is read where none is named.

    Raises
    ------
    DataError
        None is named, and the user has no home folder.
    """
    named = os.environ.get("FOEDUS_DATA")
    if named:
        return Path(named)
    try:
        return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "foedus"
    except RuntimeError as error:
        hint = "set HOME, or name the folder: --data-dir (data_dir=), or FOEDUS_DATA"
        raise DataError(message("No folder of data files", got="a user without a home folder", hint=hint)) from error


def cache_folder() -> Path:
    """Return the folder of parsed tables; it need not exist."""
    named = os.environ.get("FOEDUS_CACHE")
    if named:
        return Path(named)
    try:
        return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "foedus"
    except RuntimeError:
        return Path(os.devnull) / "foedus"  # nothing is kept: a folder that all may write to would be no place for it


def sha256(path: Path) -> str:
    """Return the checksum of a file, computed once per state of the file."""
    return _sha256(path, *_stamp(path))


@lru_cache(maxsize=1024)
def _sha256(path: Path, modified: tuple[int, int, int], size: int) -> str:
    """Return the checksum of a file of that state and size."""
    try:
        with files.open_file(path) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise DataError(message("Cannot read a data file", got=str(error), where=str(path))) from error


def _spec(source_id: str) -> SourceSpec:
    """Return the declaration of a data set."""
    if source_id not in SOURCES:
        raise DataError(message("Unknown data set", got=repr(source_id), expected=f"one of {', '.join(SOURCES)}"))
    return SOURCES[source_id].spec


def _stamp(path: Path) -> tuple[tuple[int, int, int], int]:
    """Return what tells one state of a file from another, even where the clock went back or its time was set; and its size."""
    try:
        status = path.stat()
    except OSError as error:
        raise DataError(message("Cannot read a data file", got=str(error), where=str(path))) from error
    return (status.st_mtime_ns, status.st_ctime_ns, status.st_ino), status.st_size


def _size(path: Path) -> int:
    """Return the size of a file; more than the limit where it cannot be read."""
    try:
        return path.stat().st_size
    except OSError:
        return _SEARCH_LIMIT + 1


@lru_cache(maxsize=64)
def _table(source_id: str, path: Path, kept: Path | None, modified: tuple[int, int, int], size: int) -> pl.DataFrame:
    """Return a parsed table from the store, from the cache folder, or from its file."""
    import polars as pl

    cached = cache_folder() / table_name(source_id, sha256(path), digits=24)
    for table in (kept, cached):
        if table is not None:
            with contextlib.suppress(OSError, pl.exceptions.PolarsError):
                return pl.read_parquet(table, glob=False)
    frame = parse(source_id, path)
    _keep(frame, cached)
    return frame


def parse(source_id: str, path: Path) -> pl.DataFrame:
    """Return the typed table of one file.

    Raises
    ------
    DataError
        It cannot be read, lacks columns or does not conform to its schema.
    MissingExtraError
        What reads this kind of file is not installed.
    """
    import polars as pl

    source = SOURCES[source_id]
    try:
        return source.parse(path)
    except DataError as error:
        raise DataError(f"{error}\nwhere: {path}") from error
    except MissingExtraError:
        raise
    except (Exception, pl.exceptions.PanicException) as error:
        hint = f"expected {source.spec.how_to_get}"
        raise DataError(
            message("Cannot read a data file", got=f"{type(error).__name__}: {error}"[:300], where=str(path), hint=hint)
        ) from error


def table_name(source_id: str, checksum: str, *, digits: int = 12) -> str:
    """Return the file name of a parsed table: it changes with the file, its parser and its schema."""
    return f"{source_id}-{checksum[:digits]}-p{_spec(source_id).parser}-{_schema_key(source_id)}.parquet"


def journal(folder: Path) -> tuple[dict[str, Record], dict[str, Record | None]]:
    """Return the records of a store, and those of changes that may not have come to their end: None is a removal.

    Raises
    ------
    DataError
        ``store.json`` is damaged or of another format.
    """
    path = folder / JOURNAL
    try:
        content = limits.plain(limits.raw(path, _JOURNAL_LIMIT))
        found = content["format"]
        if found == FORMAT:
            sources = {name: _record(row) for name, row in content["sources"].items()}
            return sources, {name: row and _record(row) for name, row in content["pending"].items()}
    except FileNotFoundError:
        return {}, {}
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        hint = "the files still read; move store.json away and add them again with foedus data add"
        got = f"{type(error).__name__}: {error}"
        raise DataError(message("Cannot read the store's list", got=got, where=str(path), hint=hint)) from error
    hint = "another version of foedus wrote it"
    raise DataError(message("Unknown format of a store", got=found, expected=FORMAT, where=str(path), hint=hint))


def settled(folder: Path, sources: dict[str, Record], pending: dict[str, Record | None]) -> dict[str, Record]:
    """Return the records that hold: a change that did not come to its end counts if its file is in place."""
    out = dict(sources)
    for name, record in pending.items():
        if record is None:
            before = sources.get(name)
            if before is None or not (folder / FILES / before.filename).exists():
                out.pop(name, None)
        else:
            path = folder / FILES / record.filename
            if path.is_file() and sha256(path) == record.sha256:
                out[name] = record
    return out


def _record(row: dict[str, Any]) -> Record:
    """Return a record as read from JSON."""
    return Record(**{field.name: row[field.name] for field in fields(Record)})


def _check_table(source_id: str, kept: Path, record: Record | None) -> None:
    """Raise DataError where a table of the store is not the one that was written, does not read or does not conform."""
    import polars as pl

    from foedus.data.reading import conform

    if record and sha256(kept) != record.table_sha256:
        raise DataError(message("A parsed table was changed", where=str(kept)))
    try:
        frame = pl.read_parquet(kept, glob=False)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise DataError(message("Cannot read a parsed table", got=str(error)[:200], where=str(kept))) from error
    if conform(frame, source_id).schema != frame.schema:
        raise DataError(message("A parsed table has other types than its schema", where=str(kept)))


def _schema_key(source_id: str) -> str:
    """Return a short key of the schema, so that a changed schema makes cached tables void."""
    from foedus.data.reading import schema

    return hashlib.sha256(repr(schema(source_id)).encode()).hexdigest()[:8]


def _keep(frame: pl.DataFrame, target: Path) -> None:
    """Write a parsed table for the next time; a folder that cannot be written is let be."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with files.beside(target) as beside:
            frame.write_parquet(beside)
    except OSError:
        return


def _last_year(frame: pl.DataFrame, spec: SourceSpec) -> int:
    """Return the greatest year in the columns that the declaration names."""
    years = []
    for column in spec.year_columns:
        values = frame.get_column(column)
        years.append((values.dt.year() if values.dtype.is_temporal() else values).max())
    known = [int(y) for y in years if y is not None]  # type: ignore[arg-type]
    return max(known) if known else spec.last_year
