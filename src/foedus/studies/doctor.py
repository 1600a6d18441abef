"""`doctor`: is this installation sound? Packages, extras, data, caches, folders; and a block for bug reports without private paths.

Beside `foedus.studies.warm`, as it looks across rooms: requirements of the package, the store of data, the compiled kernels. Reads only, except
that it tries whether folders can be written to (a file made and removed at once). Opens no connection, and repairs nothing.
"""

from __future__ import annotations

import locale
import os
import platform
import re
import sys
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from foedus.errors import DataError
from foedus.studies.doctor_folders import anyone_writes, compiled, fault, homes, in_use, written_to

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl

Level = Literal["ok", "note", "broken"]

_PATH = re.compile(r"(?<![\w.)<])(?:file://|[A-Za-z]:)?[\\/](?:[^\s\\/:*?\"<>|;,]+[\\/]?)+")
"""A path that begins a word, up to its first blank."""

EXTRAS = {
    "all": "everything that a user can ask for",
    "fit": "models estimated from rows by a formula (fit, crisis estimate, fall-of-war), statsmodels' results, scikit-learn's conventions",
    "testing": "foedus.testing: Hypothesis strategies for systems, for tests of your own",
    "files": "files of Stata and R, read and written",
    "export": "graphs of networkx, GraphML and GEXF files, NetCDF 4 with ArviZ's groups",
    "dask": "sweeps and other long work on a scheduler that you name (--on dask://HOST:PORT)",
    "rustworkx": "graphs of rustworkx",
    "docs": "the documentation as a site (make docs)",
    "test": "foedus's own tests",
    "fuzz": "coverage-guided fuzzing of the readers (make fuzz)",
    "dev": "type checks and style checks",
}
"""What each optional set of packages unlocks; one that is not named here is listed without a word on it."""

UNTRIED = {
    "Darwin": "the studio cannot hold its workers to a limit of memory here",
    "Windows": "the studio needs the subsystem for Linux (WSL)",
}
"""What is known of systems on which foedus was never run."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: its part, name, what was found, and whether that is ``ok``, a ``note`` or ``broken``.

    A note: something is missing that is optional. ``path`` is the folder meant, and the only field that names one on purpose.
    """

    part: str
    name: str
    found: str
    level: Level = "ok"
    hint: str = ""
    path: str = ""


@dataclass(frozen=True)
class Doctor:
    """Everything found; ``healthy`` unless something is broken."""

    findings: tuple[Finding, ...]

    @property
    def healthy(self) -> bool:
        """Whether nothing is broken."""
        return not self.broken

    @property
    def broken(self) -> tuple[Finding, ...]:
        """What is broken."""
        return tuple(f for f in self.findings if f.level == "broken")

    def table(self) -> pl.DataFrame:
        """Return one row a thing looked at."""
        import polars as pl

        fields = Finding.__slots__
        return pl.DataFrame(
            [{f: getattr(x, f) for f in fields} for x in self.findings], schema=dict.fromkeys(fields, pl.String)
        )

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON's own types."""
        return {
            "healthy": self.healthy,
            "findings": [{f: getattr(x, f) for f in Finding.__slots__} for x in self.findings],
        }

    def report(self) -> str:
        """Return a block for a bug report: no path below a home or temporary folder, no name of a user or machine.

        Each folder that foedus uses is named by what it is for. Read it before you send it.
        """
        lines = [f"{x.part} / {x.name}: {x.level}: {x.found}" for x in self.findings]
        return "\n".join(["foedus doctor report", *(private(line) for line in lines)]) + "\n"


def doctor(data_dir: str | os.PathLike[str] | None = None, *, verify: bool = False) -> Doctor:
    """Return whether this installation is sound.

    Parameters
    ----------
    data_dir : path, optional
        Folder with the data files (default: the folder that ``FOEDUS_DATA`` names, else the user's).
    verify : bool
        Also compare every data file with its checksum and read every table; takes seconds to a minute.

    Returns
    -------
    Doctor

    Notes
    -----
    Broken: a package that foedus needs is absent or older than it asks, a data file is damaged, the folder of data that was named is not there, or a
    folder that must be written to cannot be. A note: an optional package, no data yet, kernels that will be compiled when they are first used.

    Examples
    --------
    >>> from foedus.studies.doctor import doctor
    >>> [x.name for x in doctor().findings][:2]
    ['foedus', 'python']
    """
    return Doctor((*_machine(), *_packages(), *_data(data_dir, verify=verify), *_compiled(), *_written()))


def private(line: str) -> str:
    """Return a line without paths, and without the names of user, home and machine: folders in use whole, even with spaces in their names.

    Examples
    --------
    >>> private("in /data/someone/x.csv, file:///data/x")
    'in <path>, <path>'
    """
    for folder in sorted(in_use(), key=len, reverse=True):
        line = re.sub(rf"{re.escape(folder)}[^;,:'\"]*", "<path>", line)
    line = _PATH.sub("<path>", line)
    words = {
        *(home.name for home in homes()),
        platform.node(),
        os.environ.get("USER", ""),
        os.environ.get("USERNAME", ""),
        os.environ.get("LOGNAME", ""),
    }
    for word in sorted((w for w in words if len(w) > 1), key=len, reverse=True):
        line = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", "<private>", line)
    return "".join(c if c.isprintable() else "?" for c in line)


def _machine() -> Iterator[Finding]:
    """Yield versions, processor and language."""
    from foedus import __version__

    yield Finding("machine", "foedus", __version__)
    asked = _requires_python()
    old = asked is not None and sys.version_info[: len(asked)] < asked
    yield Finding(
        "machine", "python", f"{platform.python_implementation()} {platform.python_version()}", "broken" if old else "ok",
        f"foedus needs Python {'.'.join(map(str, asked or ()))} or later" if old else "",
    )  # fmt: skip
    system = platform.system()
    yield Finding(
        "machine", "system", f"{system} {platform.release()}, {platform.machine()}", "ok" if system == "Linux" else "note",
        "" if system == "Linux" else f"foedus was run on Linux only: {UNTRIED.get(system, 'here it is untried')}",
    )  # fmt: skip
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    yield Finding("machine", "processors", f"{os.cpu_count()} in the machine, {usable} for this program")
    encoding = sys.getfilesystemencoding()
    odd = encoding.casefold().replace("-", "") != "utf8"
    yield Finding(
        "machine", "language", f"{_language()}, files {encoding}, terminal {sys.stdout.encoding or 'unknown'}",
        "note" if odd else "ok", "names of states hold accents: set PYTHONUTF8=1" if odd else "",
    )  # fmt: skip


def _language() -> str:
    """Return the language and encoding of the system, as far as they are known."""
    try:
        return ".".join(x or "?" for x in locale.getlocale())
    except ValueError:
        return "unknown"


def _requires_python() -> tuple[int, ...] | None:
    """Return the least Python that the installed foedus asks for, None where it does not say."""
    try:
        found = re.search(r">=\s*(\d+(?:\.\d+)*)", str(metadata.metadata("foedus")["Requires-Python"]))
    except metadata.PackageNotFoundError:
        return None
    return tuple(int(x) for x in found[1].split(".")) if found else None


def _packages() -> Iterator[Finding]:
    """Yield each requirement of the installed foedus, then each extra."""
    asked = _asked()
    if asked is None:
        hint = "python -m pip install -e ."
        yield Finding("packages", "foedus", "not installed as a package: what it needs is not known", "note", hint)
        return
    core, extras = asked
    for text in core:
        found, good = _installed(text)
        hint = "" if good else f"python -m pip install '{text}'"
        yield Finding(
            "packages",
            _name(text),
            f"{found}; asked {text.removeprefix(_name(text)) or 'any'}",
            "ok" if good else "broken",
            hint,
        )
    for extra, texts in sorted(extras.items()):
        lacking = [t for t in texts if _name(t) != "foedus" and not _installed(t)[1]]
        opens = EXTRAS.get(extra, "more")
        if lacking:
            hint = f"python -m pip install 'foedus[{extra}]'"
            yield Finding("extras", extra, f"lacks {', '.join(lacking)}; would unlock: {opens}", "note", hint)
        else:
            yield Finding("extras", extra, f"installed: {opens}")


def _asked() -> tuple[list[str], dict[str, list[str]]] | None:
    """Return what foedus asks for and what each extra does: from ``pyproject.toml`` of a source tree, else as installed."""
    tree = Path(__file__).parents[3] / "pyproject.toml"
    if tree.is_file():
        import tomllib

        project = tomllib.loads(tree.read_text(encoding="utf-8")).get("project", {})
        if project.get("name") == "foedus":
            return project["dependencies"], project.get("optional-dependencies", {})
    try:
        lines = metadata.requires("foedus") or []
    except metadata.PackageNotFoundError:
        return None
    core: list[str] = []
    extras: dict[str, list[str]] = {}
    for line in lines:
        extra = re.search(r"""extra\s*==\s*['"]([^'"]+)['"]""", line)
        text = line.partition(";")[0].strip()
        if extra:
            extras.setdefault(extra[1], []).append(text)
        else:
            core.append(text)
    return core, extras


def _name(requirement: str) -> str:
    """Return the name of a requirement."""
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    return found[0] if found else requirement


def _installed(requirement: str) -> tuple[str, bool]:
    """Return the version of what is installed, and whether it is what is asked."""
    try:
        version = metadata.version(_name(requirement))
    except metadata.PackageNotFoundError:
        return "not installed", False
    try:
        from packaging.requirements import InvalidRequirement, Requirement
        from packaging.version import InvalidVersion, Version
    except ImportError:
        return f"{version} (cannot be compared: packaging is not installed)", True
    try:
        return version, Requirement(requirement).specifier.contains(Version(version), prereleases=True)
    except (InvalidRequirement, InvalidVersion):
        return f"{version} (cannot be compared)", True


def _data(data_dir: str | os.PathLike[str] | None, *, verify: bool) -> Iterator[Finding]:
    """Yield what there is of data, and whether it is sound."""
    from foedus.data.sources import SOURCES
    from foedus.data.store import DataDir, default_folder

    try:
        folder = Path(data_dir) if data_dir is not None else default_folder()
    except DataError as error:
        yield Finding("data", "store", _line(error), "broken", "set HOME, or FOEDUS_DATA to the folder of the data")
        return
    named = data_dir is not None or bool(os.environ.get("FOEDUS_DATA"))
    fetch = "foedus data fetch; bundled scenarios need none"
    if not folder.exists():
        yield Finding(
            "data",
            "store",
            f"no folder{' where one was named' if named else ' yet'}",
            "broken" if named else "note",
            fetch,
            str(folder),
        )
        return
    try:
        store = DataDir(folder)
        here = [name for name in SOURCES if store.find(name)]
        kind = "a store of foedus" if store.is_store else "a folder of files"
        yield Finding(
            "data",
            "store",
            f"{kind}: {len(here)} of {len(SOURCES)} data sets",
            "ok" if here else "note",
            "" if here else fetch,
            str(folder),
        )
        yield from _real_years(store)
        recorded = store.records()
    except DataError as error:
        yield Finding("data", "store", _line(error), "broken", "foedus data verify says more")
        return
    for name in [n for n in recorded if n not in here and n in SOURCES]:
        yield Finding("data", name, "recorded, and its file is gone", "broken", f"foedus data fetch {name}")
    if verify:
        yield from _verified(store)
    else:
        yield Finding("data", "checksums", "not compared; --verify compares and reads every table")


def _real_years(store: Any) -> Iterator[Finding]:
    """Yield for which years the real system can be made."""
    from foedus.data.sources import SOURCES
    from foedus.system.tables import OPTIONAL, REQUIRED

    absent = [name for name in REQUIRED if store.find(name) is None]
    if absent:
        hint = f"foedus data fetch {' '.join(absent)}"
        yield Finding(
            "data",
            "real years",
            f"none: {len(absent)} of {len(REQUIRED)} tables are missing ({', '.join(absent)})",
            "note",
            hint,
        )
        return
    specs = [SOURCES[n].spec for n in ("cow_states", "atop5_1m")]
    first = max(s.first_year for s in specs)
    last = SOURCES["atop5_1m"].spec.last_year + 1
    lacking = [name for name in OPTIONAL if store.find(name) is None]
    more = f"; without {', '.join(lacking)}" if lacking else ""
    yield Finding("data", "real years", f"{first} to 1 January {last}, by the declared versions{more}")


def _verified(store: Any) -> Iterator[Finding]:
    """Yield what is wrong of each data set, or that nothing is."""
    checks = store.verify()
    bad = [c for c in checks if c.status != "ok"]
    for check in bad:
        hint = f"foedus data fetch {check.id}, or foedus data add {check.id} FILE"
        yield Finding("data", check.id, f"{check.status}: {check.detail}", "broken", hint)
    unknown = sum("unrecognised" in c.detail for c in checks if c.status == "ok")
    more = f", {unknown} of them other files than the tested ones" if unknown else ""
    yield Finding("data", "checksums", f"{len(checks) - len(bad)} of {len(checks)} data sets are sound{more}")


def _compiled() -> Iterator[Finding]:
    """Yield how many kernels are compiled and kept."""
    kept, all_, stale = compiled()
    found = f"{kept} of {all_} files with kernels are compiled and kept" + (
        f", {stale} older than their source" if stale else ""
    )
    hint = "" if kept == all_ else "python -m foedus.studies.warm compiles what users run, once, in about a minute"
    yield Finding("kernels", "compiled", found, "ok" if kept == all_ else "note", hint)


def _written() -> Iterator[Finding]:
    """Yield whether the folders that are written to can be, and by whom."""
    for name, path, grave, hint in written_to():
        wrong = fault(path)
        level: Level = "ok" if not wrong else "broken" if grave else "note"
        if wrong or path is None:
            yield Finding("folders", name, wrong, level, hint, str(path or ""))
        elif anyone_writes(path):
            yield Finding(
                "folders",
                name,
                "other users can change what is in it",
                "note",
                "chmod o-w, or name a folder of your own",
                str(path),
            )
        else:
            there = "" if path.exists() else " (not there yet)"
            yield Finding("folders", name, f"can be written to{there}", path=str(path))


def _line(error: Exception) -> str:
    """Return an error on one line."""
    return "; ".join(str(error).splitlines())
