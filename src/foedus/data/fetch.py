"""Published files from their publishers into the store; with `foedus.data.download` the only part of foedus that opens a connection.

A file counts as fetched when its checksum is the declared one. An address that many data sets share is read once; an interrupted
download goes on where it stopped. Passes nothing on and asks nobody but the addresses that the data sets declare.
"""

from __future__ import annotations

import contextlib
import hashlib
import shutil
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from foedus import files
from foedus.data import archives, store
from foedus.data.changes import Changes, declared, failed, folder_of, writing
from foedus.data.download import Patience, Refused, Silent, download, drop
from foedus.data.sources import SOURCES
from foedus.data.store import PARTIAL, DataDir, Record
from foedus.errors import DataError, MissingExtraError, ParameterError, message

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    import requests

    from foedus.data.spec import Route, SourceSpec

_MARGIN = 2**20  # bytes that a file may have above its declared size before its download is stopped
_DOWNLOADING = 0.7  # share of the work of a data set that its download is


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a call of `fetch` did: records of the files that it got, names of those that were here, data sets to get by hand."""

    records: dict[str, Record]
    here: tuple[str, ...]
    by_hand: tuple[str, ...]


def choose(names: Iterable[str] | None = None) -> list[SourceSpec]:
    """Return the data sets that are meant: ids or beginnings of ids (``cow``, ``mid``); all of them without a name.

    Raises
    ------
    DataError
        A name that no data set has or begins with.
    """
    if names is None:
        return [SOURCES[name].spec for name in SOURCES]
    found: dict[str, SourceSpec] = {}
    for name in names:
        group = [name] if name in SOURCES else [s for s in SOURCES if name and s.startswith(name)]
        found |= {s: SOURCES[s].spec for s in group} or {name: declared(name)}
    return list(found.values())


def needed(
    names: Iterable[str] | None = None, *, data_dir: DataDir | str | os.PathLike[str] | None = None
) -> list[SourceSpec]:
    """Return the data sets that `fetch` would download: those with an address that are not here, or not as recorded.

    Raises
    ------
    DataError
        Unknown names, or a named data set that only the user may download.
    """
    names = None if names is None else list(names)
    chosen = choose(names)
    by_hand = [spec for spec in chosen if not spec.routes and names and spec.id in names]
    if by_hand:
        lines = "".join(
            f"\n  - {spec.id}: {spec.by_hand or 'take it from its publisher'} ({spec.url})" for spec in by_hand
        )
        hint = f"foedus data add {by_hand[0].id} FILE, once you have its file"
        raise DataError(message("Only you may download these", got=f"no address{lines}", hint=hint))
    folder = folder_of(data_dir)
    data = DataDir(folder) if folder.is_dir() else None
    return [s for s in chosen if s.routes and not (data and _is_here(data, s))]


def fetch(
    names: Iterable[str] | None = None, *, accept: Callable[[Sequence[SourceSpec]], bool] | bool = False,
    data_dir: DataDir | str | os.PathLike[str] | None = None, on_progress: Callable[[str, float], None] | None = None,
    session: requests.Session | None = None, patience: Patience | None = None,
) -> Fetched:  # fmt: skip
    """Download data sets from their publishers into the store.

    Parameters
    ----------
    names : iterable of str, optional
        Ids, or beginnings of ids; all that can be fetched without one. What is here already stays.
    accept : callable or bool
        Whether the user accepts the terms (``licence``) of the data sets: True, or a function that is given those to be
        downloaded and says so.
    data_dir : str, Path or None
        The store; made if need be.
    on_progress : callable, optional
        Is told what is being done and the share of the work that is done.
    session : requests.Session, optional
        Connections to use.
    patience : Patience, optional

    Returns
    -------
    Fetched

    Raises
    ------
    ParameterError
        The terms were not accepted; nothing was downloaded.
    DataError
        Unknown names, or a named data set that only the user may download; or, at the end and with every one listed, data
        sets that no address gave. Those that were got are in the store.
    """
    names = None if names is None else list(names)
    chosen = choose(names)
    hand = [spec for spec in chosen if not spec.routes]
    wanted = needed(names, data_dir=data_dir)
    here = tuple(s.id for s in chosen if s.routes and s not in wanted)
    if not wanted:
        return Fetched({}, here, tuple(s.id for s in hand))
    if not (accept(wanted) if callable(accept) else accept):
        hint = "read them in foedus data fetch, which asks, or pass --accept-terms (accept=True)"
        raise ParameterError(message("The terms of the data sets were not accepted", got="no download", hint=hint))
    records: dict[str, Record] = {}
    faults: dict[str, list[str]] = {}
    with Changes(data_dir) as changes, _session(session) as opened:
        courier = _Courier(changes, opened, patience or Patience(), _Meter(wanted, on_progress))
        for spec in wanted:
            with writing(changes.folder):
                got = courier.fetch(spec)
            if isinstance(got, Record):
                records[spec.id] = got
            else:
                faults[spec.id] = got
    if faults:
        raise _none_gave(faults, len(wanted))
    return Fetched(records, here, tuple(s.id for s in hand))


@dataclass
class _Meter:
    """Adds up what is done, in bytes of the data sets."""

    wanted: Sequence[SourceSpec]
    tell: Callable[[str, float], None] | None
    done: dict[str, float] = field(default_factory=dict)

    def downloading(self, url: str, share: float) -> None:
        """Say that a share of an address is here: it counts for the data sets whose first address it is."""
        for spec in self.wanted:
            if spec.routes[0].url == url:
                self._count(spec, _DOWNLOADING * share)
        self._say(url.rpartition("/")[2])

    def finished(self, spec: SourceSpec) -> None:
        """Say that a data set is in the store, or given up."""
        self._count(spec, 1.0)
        self._say(spec.id)

    def _count(self, spec: SourceSpec, share: float) -> None:
        self.done[spec.id] = max(self.done.get(spec.id, 0.0), share * (spec.size or _MARGIN))

    def _say(self, label: str) -> None:
        if self.tell:
            self.tell(label, sum(self.done.values()) / sum(spec.size or _MARGIN for spec in self.wanted))


@dataclass
class _Courier:
    """Gets files to the store's staging place and remembers what each address gave."""

    changes: Changes
    session: requests.Session
    patience: Patience
    meter: _Meter
    got: dict[str, Path | Refused] = field(default_factory=dict)
    unpacked: dict[str, dict[str, Path | Refused]] = field(default_factory=dict)
    resumed: set[str] = field(default_factory=set)
    finished: set[str] = field(default_factory=set)
    silent: set[str] = field(default_factory=set)
    """Hosts that did not answer all the attempts for one address; others of theirs are tried once."""

    def fetch(self, spec: SourceSpec) -> Record | list[str]:
        """Return the record of a data set that is now in the store, or why each address failed."""
        faults = []
        for route in spec.routes:
            try:
                record = self._by(route, spec)
            except (Refused, DataError, MissingExtraError) as error:
                if isinstance(error, DataError) and error.exit_code == 1:
                    raise
                faults.append(f"{route.url}: {str(error).splitlines()[0].rstrip('.')}")
            else:
                break
        else:
            record = None
        self.finished.add(spec.id)
        self.meter.finished(spec)
        return record or faults

    def _by(self, route: Route, spec: SourceSpec) -> Record:
        """Return the record of a data set got by one route; an interrupted download that turns out bad is begun anew once."""
        own = self.changes.folder / store.FILES / spec.filename
        if own.is_file() and spec.sha256 == store.sha256(own):  # another data set is read from the same file
            path = self.changes.stage(spec.filename)
            with files.open_file(own) as given, files.new_file(path) as copy:
                shutil.copyfileobj(given, copy)
            return self.changes.put(spec.id, path, route.url)
        try:
            path = self._checked(route, spec)
        except Refused:
            if route.url not in self.resumed:
                raise
            self._forget(route.url)
            path = self._checked(route, spec)
        return self.changes.put(spec.id, path, route.url)

    def _checked(self, route: Route, spec: SourceSpec) -> Path:
        """Return the staged file of a data set, which is the declared one."""
        path = self._member(route, spec) if route.member else self._file(route.url, self._limit(spec), spec.filename)
        checksum, size = store.sha256(path), path.stat().st_size
        if spec.sha256 and checksum != spec.sha256:
            got, expected = (
                f"{size:,} bytes, sha256 {checksum[:12]}...",
                f"{spec.size:,} bytes, sha256 {spec.sha256[:12]}...",
            )
            raise Refused(
                f"not version {spec.version}: got {got}; expected {expected}; if the publisher has a newer file, download it "
                f"and run foedus data add {spec.id} FILE"
            )
        return path

    def _limit(self, spec: SourceSpec) -> int:
        """Return the bytes that the file of a data set may have before its download is stopped."""
        return 2 * spec.size + _MARGIN if spec.size else self.patience.largest

    def _member(self, route: Route, spec: SourceSpec) -> Path:
        """Return a staged file of an archive; all that are wanted of it are taken at once."""
        if route.url not in self.unpacked:
            archive = self._file(route.url, self.patience.largest, "archive")
            wanted = {
                r.member: archives.Wanted(self.changes.stage(s.filename), self._limit(s))
                for s in self.meter.wanted if s.id not in self.finished for r in s.routes if r.url == route.url and r.member
            }  # fmt: skip
            try:
                faults = archives.take(archive, wanted)
            except DataError as error:
                refused = Refused(str(error).splitlines()[0])
                self.got[route.url] = refused
                archive.unlink(missing_ok=True)
                raise refused from error
            self.unpacked[route.url] = {
                m: Refused(f"{m} {faults[m]}") if m in faults else w.target for m, w in wanted.items()
            }
        found = self.unpacked[route.url][route.member]
        if isinstance(found, Refused):
            raise found
        return found

    def _forget(self, url: str) -> None:
        """Let an address be read anew."""
        self.resumed.discard(url)
        self.got.pop(url, None)
        self.unpacked.pop(url, None)

    def _file(self, url: str, limit: int, name: str) -> Path:
        """Return the staged file of an address; it is read once."""
        if url not in self.got:
            try:
                self.got[url] = self._download(url, limit, name)
            except Refused as error:
                self.got[url] = error
        found = self.got[url]
        if isinstance(found, Refused):
            raise found
        return found

    def _download(self, url: str, limit: int, name: str) -> Path:
        """Return the staged file of an address after as many attempts as patience allows."""
        part = self.changes.folder / PARTIAL / f"{hashlib.sha256(url.encode()).hexdigest()[:32]}.part"
        host, patience = urlsplit(url).netloc, self.patience
        if host in self.silent:
            patience = replace(patience, tries=1)
        try:
            if download(
                self.session, url, part, limit=limit, patience=patience, tell=partial(self.meter.downloading, url)
            ):
                self.resumed.add(url)
        except Silent:
            self.silent.add(host)
            raise
        staged = self.changes.stage(name)
        part.replace(staged)
        drop(part)
        return staged


@contextlib.contextmanager
def _session(session: requests.Session | None) -> Any:
    """Yield the session given, or one of our own, which is closed."""
    if session is not None:
        yield session
        return
    import requests

    with requests.Session() as own:
        yield own


def _is_here(data: DataDir, spec: SourceSpec) -> bool:
    """Return whether a data set need not be fetched: its file is the declared or recorded one, or the user's own."""
    path = data.find(spec.id)
    if path is None:
        return False
    record = data.records().get(spec.id)
    if record is None or path.parent != data.path / store.FILES:
        return True
    kept = data.kept_table(spec.id)
    if record.recognised and kept is not None and store.sha256(kept) != record.table_sha256:
        return False
    return store.sha256(path) in {record.sha256, spec.sha256}


def _none_gave(faults: dict[str, list[str]], asked: int) -> DataError:
    """Return the error that lists what could not be fetched."""
    lines = "".join(f"\n  - {name}" + "".join(f"\n      {fault}" for fault in tried) for name, tried in faults.items())
    hint = "any others are in the store; run it again, or download by hand and run foedus data add NAME FILE"
    return failed(message(f"{len(faults)} of {asked} data sets could not be fetched{lines}", hint=hint))
