"""The user's scenario and what-if files: list, read, write, delete, never outside their folder; and what is wrong with a text in the making.

``NAME.toml`` is a scenario, ``NAME.what-if.toml`` a what-if. A writer says which state of the file it last saw, so that two tabs do not overwrite
each other. Computes nothing: `foedus.scenario` reads, checks and edits.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import threading
from typing import TYPE_CHECKING, Any, Literal

from foedus.errors import DataError, FoedusError, ScenarioError, parameter
from foedus.files import open_file
from foedus.studio.refusal import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from foedus.errors import Problem
    from foedus.studio.question import Desk
    from foedus.studio.systems import OfSystem

NAME = r"^[A-Za-z0-9][A-Za-z0-9_-]{0,79}(?:\.what-if)?\.toml$"
ENDING = ".what-if.toml"
BYTES = 1_000_000
"""Bytes of a scenario's text, ``WHAT_IF_BYTES`` the same of a what-if."""
WHAT_IF_BYTES = 64_000
FILES = 500
DEEP = 12
_writing = threading.Lock()
Kind = Literal["scenario", "what-if"]
Op = Literal["set", "add", "remove"]


def listed(folder: Path) -> list[dict[str, Any]]:
    """Return the user's files by name: kind, size, time of the last change and hash."""
    rows = []
    for path in sorted(folder.iterdir())[: 10 * FILES] if folder.is_dir() else []:
        if re.match(NAME, path.name) and path.is_file() and not path.is_symlink() and len(rows) < FILES:
            s = path.stat()
            try:
                changed = dt.datetime.fromtimestamp(s.st_mtime, dt.UTC).isoformat(timespec="seconds")
            except (ValueError, OverflowError):  # of a year that no date has
                changed = ""
            rows.append(
                {"name": path.name, "kind": kind_of(path.name), "bytes": s.st_size, "changed": changed} | _about(path)
            )
    return rows


def _about(path: Path) -> dict[str, str]:
    """Return the title of a what-if and the system it was written for, where it can be read."""
    from foedus.scenario.what_if_file import read_what_if

    if kind_of(path.name) == "scenario" or path.stat().st_size > WHAT_IF_BYTES:
        return {}
    try:
        found = read_what_if(path)
    except ScenarioError:
        return {}
    return {"title": found.title, "base": found.base}


def read(folder: Path, name: str) -> dict[str, Any]:
    """Return a file's text and the hash by which a writer says that it has seen it."""
    path = place(folder, name)
    if not path.is_file():
        raise RefusedError(404, f"there is no file {name}", "the list of files names those there are")
    try:
        with open_file(path, follow=False) as file:
            raw = file.read(BYTES + 1)
    except OSError as error:
        raise RefusedError(409, f"{name} cannot be read: {error.strerror}", "links are not followed") from None
    if len(raw) > BYTES:
        raise RefusedError(413, f"{name} is larger than {BYTES // 1000} kB", "edit it outside the studio")
    try:
        return {"name": name, "kind": kind_of(name), "text": raw.decode(), "hash": _hash(raw)}
    except UnicodeDecodeError:
        raise RefusedError(422, f"{name} is not UTF-8", "save the file as UTF-8") from None


def write(folder: Path, name: str, text: str, seen: str | None) -> dict[str, Any]:
    """Write a file whole; ``seen`` is the hash that the writer last read, None for a new file."""
    from foedus.scenario.files import write_beside

    path = place(folder, name)
    bounded(text, kind_of(name))
    with _writing:
        _unchanged(path, seen)
        if not path.exists() and sum(1 for _ in folder.glob("*.toml")) >= FILES:
            raise RefusedError(409, f"there are {FILES} files already", "delete one first")
        write_beside(path, text, follow=False)
    return {"name": name, "kind": kind_of(name), "hash": _hash(text.encode())}


def delete(folder: Path, name: str, seen: str | None) -> None:
    """Delete a file that the caller has seen as it is."""
    path = place(folder, name)
    with _writing:
        if not path.is_file():
            raise RefusedError(404, f"there is no file {name}")
        _unchanged(path, seen)
        path.unlink()


def _unchanged(path: Path, seen: str | None) -> None:
    """Refuse where a file is not as the caller last saw it."""
    now = _hash(path.read_bytes()) if path.is_file() else None
    if now != seen:
        what = "is there already" if seen is None else "is gone" if now is None else "was changed since it was read"
        raise RefusedError(409, f"{path.name} {what}", "read it again, or save under another name")


def place(folder: Path, name: str) -> Path:
    """Return the path of a file of the folder; a link is refused, and what is no name."""
    if not re.fullmatch(NAME, name) or "\n" in name:
        raise parameter("name", name[:100], "letters, digits, - and _ , ending in .toml or .what-if.toml")
    path = folder / name
    if path.is_symlink() or (path.exists() and not path.is_file()):
        raise RefusedError(409, f"{name} is no regular file", "links are not followed")
    return path


def kind_of(name: str) -> Kind:
    """Return what a file's name says that it holds."""
    return "what-if" if name.endswith(ENDING) else "scenario"


def kind_of_text(text: str) -> Kind:
    """Return whether a text is a scenario, which begins with its format, or a what-if."""
    return "scenario" if re.search(r"^[ \t\ufeff]*format[ \t]*=", text[:20_000], re.MULTILINE) else "what-if"


def bounded(text: str, kind: Kind) -> None:
    """Refuse a text that is too large or holds what no file may hold."""
    most = WHAT_IF_BYTES if kind == "what-if" else BYTES
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        raise RefusedError(422, "the text holds a character that no file can hold") from None
    if size > most:
        raise RefusedError(
            413, f"the text is larger than {most // 1000} kB", "a what-if holds edits only" if kind == "what-if" else ""
        )


def _hash(raw: bytes) -> str:
    """Return the hash of a file's content."""
    return hashlib.sha256(raw).hexdigest()


def changed(text: str, op: Op, path: str, value: Any) -> str:
    """Return a text after one edit; the result need not be sound."""
    from foedus.scenario import edit

    if op == "remove":
        return edit.remove_in(text, path)
    plain = _dated(value)
    if op == "set":
        return edit.set_in(text, path, plain)
    if not isinstance(plain, dict):
        raise parameter("value", type(value).__name__, "a table of keys and values")
    apart = "" if not text or text.endswith("\n\n") or "." in path else "\n" if text.endswith("\n") else "\n\n"
    return edit.add_in(text + apart, path, plain)


def _dated(value: Any, depth: int = 0) -> Any:
    """Return JSON's values with days as dates: ``{"date": "1914-07-28"}`` stands for one."""
    if depth > DEEP:
        raise parameter("value", "a deep one", f"at most {DEEP} levels")
    if isinstance(value, dict):
        if set(value) == {"date"} and isinstance(value["date"], str):
            return dt.date.fromisoformat(value["date"])
        return {k: _dated(v, depth + 1) for k, v in value.items()}
    return [_dated(v, depth + 1) for v in value] if isinstance(value, list) else value


def checked(text: str, base: OfSystem | None, desk: Desk) -> dict[str, Any]:
    """Return what is wrong with a text, what it holds as JSON, on which line, and what its form may name.

    Parameters
    ----------
    text : str
        A scenario, or a what-if of ``base``.
    base : OfSystem, optional
        What a what-if is asked of; without it only its shape is looked at.
    desk : Desk
        Whose files and data.
    """
    from foedus.scenario.check import check_text
    from foedus.scenario.lines import lines
    from foedus.scenario.what_if_file import check_what_if, parse_what_if
    from foedus.studio import systems

    kind = kind_of_text(text)
    bounded(text, kind)
    document = _document(text)
    found: dict[str, Any] = {
        "kind": kind, "document": document, "lines": {} if document is None else lines(text), "edits": [], "known": None
    }  # fmt: skip
    if kind == "scenario":
        return found | {"problems": _problems(check_text(text, "draft")), "known": _written(document or {})}
    meant = systems.before(base, desk) if base is not None else None
    on = None if meant is None else meant.scenario or meant.system
    date = base.date if base is not None and meant is not None and meant.scenario is not None else None
    problems = check_what_if(text, on, date=date)
    if not problems:
        found["edits"] = [e.describe() for e in parse_what_if(text).edits]
    return found | {"problems": _problems(problems), "known": None if meant is None else known(meant)}


def known(meant: Any) -> dict[str, Any]:
    """Return what a form may offer of a system: actors, pacts, ties, events, what-ifs."""
    whole = (meant.scenario.whole if meant.scenario is not None else None) or meant.system
    return {
        "actors": [{"id": a.id, "name": a.name} for a in whole.actors],
        "pacts": [{"id": p.id, "name": p.name, "kind": p.kind, "members": [m.actor for m in p.members]} for p in meant.system.pacts],
        "ties": [{"a": t.a, "b": t.b, "reason": t.reason} for t in meant.system.ties],
        "events": [{"id": e.id, "date": e.date, "note": e.note} for e in (meant.scenario.events if meant.scenario else ())],
        "sources": [s.id for s in meant.system.sources],
    }  # fmt: skip


def _written(document: dict[str, Any]) -> dict[str, Any]:
    """Return what the form of a scenario may name: what the text itself holds, as far as it can be read."""

    def rows(section: str) -> Iterable[dict[str, Any]]:
        found = document.get(section)
        return (r for r in found if isinstance(r, dict)) if isinstance(found, list) else ()

    def ids(section: str) -> list[dict[str, Any]]:
        return [
            {"id": r["id"], "name": str(r.get("name", r["id"]))} for r in rows(section) if isinstance(r.get("id"), str)
        ]

    return {
        "actors": ids("actor"),
        "pacts": [p | {"kind": "", "members": []} for p in ids("pact")],
        "ties": [],
        "events": [{"id": e["id"], "date": "", "note": ""} for e in ids("event")],
        "sources": [s["id"] for s in ids("source")],
    }


def _document(text: str) -> dict[str, Any] | None:
    """Return what a text holds, None where it is no TOML."""
    from foedus.scenario.guard import read_table

    try:
        return read_table(text, "draft")
    except ScenarioError:
        return None


def _problems(found: list[Problem]) -> list[dict[str, Any]]:
    """Return faults as the page reads them."""
    rows = []
    for p in found:
        what, _, expected = p.message.partition("; expected ")
        rows.append({"where": p.path, "what": what, "expected": expected, "hint": p.hint, "line": p.line})
    return rows


def draft(asked: OfSystem, desk: Desk) -> dict[str, Any]:
    """Return a scenario's text to start from: a bundled one or a file with its comments, a real date written out."""
    from foedus.scenario.read import bundled_names, bundled_text
    from foedus.scenario.write import to_toml
    from foedus.studio import systems

    if asked.date is None and asked.what_if is None and asked.actors is None:
        if asked.in_ in bundled_names():
            return {"text": bundled_text(asked.in_)}
        if asked.in_.startswith("file:"):
            return {"text": read(desk.scenarios, asked.in_.removeprefix("file:"))["text"]}
    return {"text": to_toml(systems.read(asked, desk))}


def what_if_draft(asked: OfSystem, desk: Desk) -> dict[str, Any]:
    """Return a what-if's text to start from: a named one of the scenario, a file, or one without edits."""
    from foedus.scenario import edit
    from foedus.scenario.guard import read_table
    from foedus.studio import systems

    name = asked.what_if
    if name and systems.WHAT_IF_FILE.match(name):
        return {"text": read(desk.scenarios, name.removeprefix("file:"))["text"]}
    table: dict[str, Any] = {"title": "My what-if"}
    if name:
        meant = systems.before(asked, desk)
        if meant.scenario is None or ":" in name:
            raise parameter("what_if", name, "a what-if of a scenario, or file:NAME.what-if.toml")
        meant.scenario.what_if(name)
        whole = read_table(draft(asked.model_copy(update={"what_if": None, "date": None}), desk)["text"], asked.in_)
        table = whole["what_if"][name]
    text = ""
    for key, value in {**table, "base": asked.in_}.items():
        text = text if key == "edits" else edit.set_in(text, key, value)
    text += "" if text.endswith("\n") else "\n"
    for one in table.get("edits", []):
        text = edit.add_in(text + "\n", "edits", one)
    return {"text": text}


def made(what: str, body: dict[str, Any], folder: Path, data_dir: Path | None) -> bytes:
    """Return what `worked` gives, encoded; runs in a worker, so that no text holds the server up."""
    from foedus.studio.question import Desk, encode

    return encode(worked(what, body, Desk(folder, data_dir)))


def worked(what: str, body: dict[str, Any], desk: Desk) -> dict[str, Any]:
    """Return a check, an edit or a draft as JSON's types."""
    from foedus.studio.systems import OfSystem

    base = OfSystem.model_validate(body["base"]) if body.get("base") else None
    if what == "draft":
        assert base is not None
        return what_if_draft(base, desk) if body["kind"] == "what-if" else draft(base, desk)
    text = body["text"]
    bounded(text, kind_of_text(text))
    if what == "check":
        return checked(text, base, desk)
    try:
        new = changed(text, body["op"], body["path"], body.get("value"))
    except (ValueError, TypeError, OverflowError) as error:
        if isinstance(error, FoedusError):
            raise
        raise DataError(f"The value cannot be written: {str(error)[:200]}") from error
    return {"text": new} | checked(new, base, desk)
