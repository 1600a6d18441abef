"""`load`: a bundled name or a file becomes a `System`; `load_scenario` keeps its events and what-ifs.

A file is read whole or not at all: every fault is reported at once, with its path, what was got and what was expected.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from foedus.errors import InvalidSystemError
from foedus.scenario import build
from foedus.scenario.checks import check_all
from foedus.scenario.draft import Draft, draft
from foedus.scenario.findings import Findings, show
from foedus.scenario.guard import read_table, read_text
from foedus.scenario.scenario import Event, Scenario, WhatIf
from foedus.scenario.trial import try_all
from foedus.system.presence import present
from foedus.system.system import System

if TYPE_CHECKING:
    import datetime as dt


def load(name_or_path: str | Path, *, date: dt.date | None = None) -> System:
    """Return the system of a bundled scenario or of a file, as of its own date or a later one.

    Parameters
    ----------
    name_or_path : str or Path
        A bundled name such as ``europe-1914``, or the path of a TOML file. A bundled name wins over a file of that name.
    date : datetime.date, optional
        As of the start of this day: events dated before it are applied.

    Raises
    ------
    ScenarioError
        Not there, or not sound; ``problems`` lists every fault.
    CoverageError
        ``date`` before the scenario's own, or after the day until which it may be read.

    Examples
    --------
    >>> load("europe-1914").actor("Serbia").id
    'SER'
    """
    scenario = load_scenario(name_or_path)
    return scenario.system if date is None else scenario.at(date)


def load_scenario(name_or_path: str | Path) -> Scenario:
    """Return a bundled scenario or that of a file; `load` gives its system.

    Parameters
    ----------
    name_or_path : str or Path
        Name of a bundled scenario, or path of a TOML file.

    Returns
    -------
    Scenario
        With its what-ifs, flashpoints and sources.

    Raises
    ------
    ScenarioError
        Neither of the two, or a file that cannot be read whole.

    Examples
    --------
    >>> load_scenario("europe-1914").system.id
    'europe-1914'
    """
    if isinstance(name_or_path, str):
        if name_or_path in bundled_names():
            return _bundled(name_or_path)
        if not name_or_path.endswith(".toml") and not _exists(name_or_path):
            findings = Findings(show(name_or_path))
            known = bundled_names()
            hint = findings.near(name_or_path, known) or "a file is named by its path, as in ./mine.toml"
            findings.add(
                "file", f"neither a file nor a bundled scenario; expected one of {', '.join(known)}, or a path", hint
            )
            raise findings.error()
    path = Path(name_or_path)
    return parse_text(read_text(path), str(path))


def bundled_names() -> tuple[str, ...]:
    """Return the names of the bundled scenarios, sorted."""
    files = resources.files("foedus.scenario.bundled").iterdir()
    return tuple(sorted(f.name.removesuffix(".toml") for f in files if f.name.endswith(".toml")))


def bundled_text(name: str) -> str:
    """Return the text of a bundled scenario, comments and all."""
    return (resources.files("foedus.scenario.bundled") / f"{name}.toml").read_text(encoding="utf-8")


def parse_text(text: str, origin: str) -> Scenario:
    """Return the scenario that ``text`` writes.

    Parameters
    ----------
    text : str
        TOML, format 1.
    origin : str
        Where the text comes from, for messages.

    Raises
    ------
    ScenarioError
        Every fault of the text, with its path.
    """
    data = read_table(text, origin)
    findings = Findings(origin)
    tables = draft(data, findings)
    check_all(tables, findings)
    findings.raise_any()
    scenario = _scenario(tables, origin, hashlib.sha256(text.encode()).hexdigest(), findings)
    try_all(scenario, {t.id: i for i, t in tables.items["event"]}, findings)
    findings.raise_any()
    return scenario


@lru_cache(maxsize=16)
def _bundled(name: str) -> Scenario:
    """Return a bundled scenario, read once."""
    return parse_text(bundled_text(name), name)


def _scenario(tables: Draft, origin: str, text_hash: str, findings: Findings) -> Scenario:
    """Return the scenario of sound tables."""
    header = tables.header
    if header is None:
        raise findings.error()
    try:
        system = System(
            header.id, header.title, header.date, tuple(map(build.actor, tables.tables("actor"))), tuple(map(build.pact, tables.tables("pact"))),
            tuple(map(build.tie, tables.tables("tie"))), tuple(map(build.border, tables.tables("border"))),
            tuple(map(build.source, tables.tables("source"))), tuple(map(build.flashpoint, tables.tables("flashpoint"))),
            header.summary, tuple(header.limits),
        )  # fmt: skip
    except InvalidSystemError as error:
        findings.add("file", str(error))
        raise findings.error() from error
    events = [
        Event(t.id, t.date, build.all_edits(t.edits, tuple(t.sources), t.date), t.note, tuple(t.sources))
        for t in tables.tables("event")
    ]
    what_ifs = (
        WhatIf(name, t.title, t.note, build.all_edits(t.edits), t.date, tuple(t.skip_events))
        for name, t in tables.what_ifs
    )
    there = present(system)
    whole = None if there is system else system
    return Scenario(
        there, tuple(sorted(events, key=lambda e: e.date)), tuple(what_ifs), origin, text_hash, whole, header.until
    )


def _exists(name: str) -> bool:
    """Whether ``name`` is a path to something."""
    try:
        return Path(name).exists()
    except (OSError, ValueError):
        return False
