"""The user's folder of data files: found by name and checksum, parsed once, kept typed.

A file whose checksum is not the tested one is accepted, and what is made of it says so. Parsed tables are kept in
memory and, since R files are slow to read, as Parquet in the user's cache folder ($FOEDUS_CACHE, else
$XDG_CACHE_HOME/foedus, else ~/.cache/foedus). Downloads nothing.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from foedus.data.sources import SOURCES
from foedus.errors import DataError, message

if TYPE_CHECKING:
    from collections.abc import Iterable

    import polars as pl

    from foedus.data.spec import SourceSpec

_SEARCH_LIMIT = 64 * 2**20  # bytes; larger files are not read to look for a renamed one


@dataclass(frozen=True, slots=True)
class Provenance:
    """Which file a table came from: its declared or unrecognised version, checksum and last year."""

    spec: SourceSpec
    path: Path
    sha256: str
    recognised: bool
    version: str
    last_year: int


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
            hint = "pass the folder with the downloaded files as --data-dir (data_dir=), or set FOEDUS_DATA"
            raise DataError(message("No folder of data files", got=str(self.path), expected="a folder", hint=hint))
        self._found: dict[str, Path | None] = {}

    @classmethod
    def of(cls, data_dir: DataDir | str | os.PathLike[str] | None) -> DataDir:
        """Return ``data_dir`` itself, or the store of that folder."""
        return data_dir if isinstance(data_dir, DataDir) else cls(data_dir)

    @cached_property
    def index(self) -> dict[str, list[Path]]:
        """Files by lower-case name, shallowest first, in a stable order."""
        found: dict[str, list[Path]] = {}
        for folder, folders, names in os.walk(self.path):
            folders.sort()
            for name in names:
                found.setdefault(name.casefold(), []).append(Path(folder) / name)
        for paths in found.values():
            paths.sort(key=lambda p: (len(p.parts), str(p)))
        return found

    def find(self, source_id: str) -> Path | None:
        """Return the file of a data set, None where there is none.

        Of several with its name the one with the tested checksum is taken, else the shallowest. A renamed file is
        found by checksum.
        """
        if source_id not in self._found:
            spec = _spec(source_id)
            named = self.index.get(spec.filename.casefold(), [])
            tested = (p for p in named if sha256(p) == spec.sha256) if len(named) > 1 else iter(named)
            self._found[source_id] = next(tested, None) or (named[0] if named else self._renamed(spec))
        return self._found[source_id]

    def _renamed(self, spec: SourceSpec) -> Path | None:
        """Return a file of the same kind with the tested checksum under another name."""
        suffix = Path(spec.filename).suffix.casefold()
        for name in sorted(self.index):
            if name.endswith(suffix):
                for path in self.index[name]:
                    if _size(path) <= _SEARCH_LIMIT and sha256(path) == spec.sha256:
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
            hint = "download them from their publishers into that folder; foedus may not pass them on"
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
        return _table(source_id, path, *_stamp(path))

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
    """Return the folder that is read where none is named."""
    named = os.environ.get("FOEDUS_DATA")
    if named:
        return Path(named)
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "foedus"


def cache_folder() -> Path:
    """Return the folder of parsed tables; it need not exist."""
    named = os.environ.get("FOEDUS_CACHE")
    if named:
        return Path(named)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "foedus"


def sha256(path: Path) -> str:
    """Return the checksum of a file, computed once per state of the file."""
    return _sha256(path, *_stamp(path))


@lru_cache(maxsize=1024)
def _sha256(path: Path, modified: int, size: int) -> str:
    """Return the checksum of a file of that time and size."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise DataError(message("Cannot read a data file", got=str(error), where=str(path))) from error


def _spec(source_id: str) -> SourceSpec:
    """Return the declaration of a data set."""
    if source_id not in SOURCES:
        raise DataError(message("Unknown data set", got=repr(source_id), expected=f"one of {', '.join(SOURCES)}"))
    return SOURCES[source_id].spec


def _stamp(path: Path) -> tuple[int, int]:
    """Return time of change and size of a file."""
    try:
        status = path.stat()
    except OSError as error:
        raise DataError(message("Cannot read a data file", got=str(error), where=str(path))) from error
    return status.st_mtime_ns, status.st_size


def _size(path: Path) -> int:
    """Return the size of a file; more than the limit where it cannot be read."""
    try:
        return path.stat().st_size
    except OSError:
        return _SEARCH_LIMIT + 1


@lru_cache(maxsize=64)
def _table(source_id: str, path: Path, modified: int, size: int) -> pl.DataFrame:
    """Return a parsed table from the cache folder, or from its file."""
    import polars as pl

    source = SOURCES[source_id]
    cached = cache_folder() / f"{source_id}-{sha256(path)[:24]}-p{source.spec.parser}-{_schema_key(source_id)}.parquet"
    try:
        return pl.read_parquet(cached)
    except (OSError, pl.exceptions.PolarsError):
        pass
    try:
        frame = source.parse(path)
    except DataError as error:
        raise DataError(f"{error}\nwhere: {path}") from error
    except Exception as error:
        hint = f"expected {source.spec.how_to_get}"
        raise DataError(
            message("Cannot read a data file", got=f"{type(error).__name__}: {error}"[:300], where=str(path), hint=hint)
        ) from error
    _keep(frame, cached)
    return frame


def _schema_key(source_id: str) -> str:
    """Return a short key of the schema, so that a changed schema makes cached tables void."""
    from foedus.data.reading import schema

    return hashlib.sha256(repr(schema(source_id)).encode()).hexdigest()[:8]


def _keep(frame: pl.DataFrame, target: Path) -> None:
    """Write a parsed table beside its place and rename it there; a folder that cannot be written is let be."""
    beside = target.with_suffix(f".{os.getpid()}.tmp")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        frame.write_parquet(beside)
        beside.replace(target)
    except OSError:
        with contextlib.suppress(OSError):
            beside.unlink()


def _last_year(frame: pl.DataFrame, spec: SourceSpec) -> int:
    """Return the greatest year in the columns that the declaration names."""
    years = []
    for column in spec.year_columns:
        values = frame.get_column(column)
        years.append((values.dt.year() if values.dtype.is_temporal() else values).max())
    known = [int(y) for y in years if y is not None]  # type: ignore[arg-type]
    return max(known) if known else spec.last_year
