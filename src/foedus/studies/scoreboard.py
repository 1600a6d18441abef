"""A file of forecasts that were issued and of the scores they got later: lines are only ever added, and each carries the checksum of all before it.

A forecast that is written down before the event cannot be mended after it: whoever changes, drops or inserts a line breaks the chain from there on,
and `Scoreboard.check` names the line. The rows of a forecast, often thousands, lie beside the board in a Parquet file whose checksum the line
holds. The file proves order and integrity, not the time: for that, publish the last checksum. Computes no score.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from foedus import files, limits
from foedus.errors import DataError, Problem, message, parameter, unwritten

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import polars as pl

FIRST = "0" * 64
"""What the first line follows."""
KINDS = ("forecast", "score")
WAIT = 30.0
"""Seconds to wait for another process that writes."""


@dataclass(frozen=True)
class Entry:
    """A line: its number from 1, kind, content, and checksum."""

    line: int
    kind: str
    body: dict[str, Any]
    hash: str


@dataclass(frozen=True)
class Scoreboard:
    """A file of forecasts and scores.

    Attributes
    ----------
    path : Path
        ``.jsonl``; it need not be there yet.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> board = Scoreboard(Path(tempfile.mkdtemp()) / "board.jsonl")
    >>> board.add("forecast", {"id": "a", "what": "war"}).line, board.add("score", {"of": "a", "brier": 0.1}).line
    (1, 2)
    >>> board.check()
    []
    """

    path: Path

    def entries(self) -> list[Entry]:
        """Return all lines, checked.

        Raises
        ------
        DataError
            The chain is broken, a line is not what was written, or a file of rows was changed.
        """
        problems = self.check()
        if problems:
            first = problems[0]
            raise DataError(
                message(
                    "The scoreboard was changed", got=first.message, where=f"{self.path}, {first.path}", hint=first.hint
                )
            )
        return list(self._read())

    def check(self) -> list[Problem]:
        """Return what is wrong with the file: the first broken line, and every file of rows that is missing or changed."""
        before, out = FIRST, []
        for number, text in enumerate(self._lines(), 1):
            where = f"line {number}"
            try:
                raw = limits.plain(text)
                said, kind, body = raw["hash"], raw["kind"], raw["body"]
                follows = raw.get("before") == before and said == _hash(before, kind, body)
                whole = isinstance(body, dict) and (kind != "forecast" or isinstance(body.get("id"), str))
            except (ValueError, KeyError, TypeError, AttributeError):
                return [
                    *out,
                    Problem(
                        where,
                        "is not a whole line of a scoreboard",
                        "a line cut short, by a full disk or a crash, may be deleted",
                    ),
                ]
            if not whole:
                return [*out, Problem(where, "is no forecast with an id and no score", "compare with a copy")]
            if not follows:
                return [*out, Problem(where, "does not follow from the lines before it: a line was changed, dropped, inserted or moved",
                                      "compare with a copy")]  # fmt: skip
            before = said
            if isinstance(rows := body.get("rows"), dict):
                out += self._check_rows(where, rows)
        return out

    def _check_rows(self, where: str, rows: dict[str, Any]) -> list[Problem]:
        """Return what is wrong with the file of rows of a forecast."""
        name, said = rows.get("file"), rows.get("sha256")
        if not isinstance(name, str) or not isinstance(said, str):
            return [Problem(where, "does not say which rows it has", "compare with a copy")]
        file = self.path.parent / name
        try:
            there = file.parent == self.path.parent and file.is_file()
        except OSError:  # no file system takes such a name
            there = False
        if not there:
            return [Problem(where, f"its rows {name} are not there", "copy the file beside the scoreboard")]
        if _of_file(file) != said:
            return [Problem(where, f"its rows {name} were changed", "compare with a copy")]
        return []

    def add(self, kind: str, body: dict[str, Any], rows: pl.DataFrame | None = None) -> Entry:
        """Add a line, and the file of its rows.

        Parameters
        ----------
        kind : {"forecast", "score"}
        body : dict
            JSON's own types. A forecast has an ``id``, a score says ``of`` which.
        rows : polars.DataFrame, optional
            Written beside the board as ``id.parquet``.

        Raises
        ------
        ParameterError
            Another kind; an id that is there already, or a score of none.
        DataError
            The file is broken or cannot be written.
        """
        from filelock import FileLock, Timeout

        if kind not in KINDS:
            raise parameter("kind", kind, f"one of {', '.join(KINDS)}")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(f"{self.path}.lock", timeout=WAIT):
                return self._add(kind, dict(body), rows)
        except Timeout as error:
            raise DataError(
                message("The scoreboard is being written by another process", where=str(self.path), hint="try again")
            ) from error
        except OSError as error:
            raise unwritten("Cannot write the scoreboard", error, self.path) from error

    def _add(self, kind: str, body: dict[str, Any], rows: pl.DataFrame | None) -> Entry:
        """Add a line while no one else writes."""
        there = self.entries()
        ids = {e.body["id"] for e in there if e.kind == "forecast"}
        if kind == "forecast" and body.get("id") in ids:
            raise parameter("id", body["id"], "a forecast that is not on the board yet")
        if kind == "score" and body.get("of") not in ids:
            raise parameter("of", body.get("of"), "the id of a forecast on the board")
        if rows is not None:
            body["rows"] = self._keep(rows, f"{body['id']}.parquet")
        before = there[-1].hash if there else FIRST
        made = {"before": before, "hash": _hash(before, kind, body), "kind": kind, "body": body}
        line = f"{json.dumps(made, sort_keys=True, ensure_ascii=False)}\n".encode()
        held = limits.raw(self.path) if there else b""  # written anew, whole: a full disk would leave half a line
        files.replace_file(self.path, held + (b"" if not held or held.endswith(b"\n") else b"\n") + line)
        return Entry(len(there) + 1, kind, body, made["hash"])

    def _keep(self, rows: pl.DataFrame, name: str) -> dict[str, Any]:
        """Write the rows of a forecast; return what the line says of them."""
        from foedus.panel.table_files import write_table

        file = self.path.parent / name
        write_table(rows, file, "the rows of a forecast")
        return {"file": name, "sha256": _of_file(file), "n": rows.height}

    def rows(self, entry: Entry) -> pl.DataFrame:
        """Return the rows of a forecast; a DataError where they cannot be read."""
        from foedus.panel.read import read

        return read(self.path.parent / entry.body["rows"]["file"])

    def _lines(self) -> list[str]:
        """Return the lines of the file; none where it is not there."""
        try:
            there = self.path.exists()
        except (OSError, ValueError):
            there = True
        said = limits.text(self.path).removesuffix("\n") if there else ""
        return said.split("\n") if said else []

    def _read(self) -> Iterator[Entry]:
        """Yield the lines of a file that was checked."""
        for number, text in enumerate(self._lines(), 1):
            raw = json.loads(text)
            yield Entry(number, raw["kind"], raw["body"], raw["hash"])


def _hash(before: str, kind: str, body: dict[str, Any]) -> str:
    """Return the checksum of a line: of the one before, and of its content in one way of writing."""
    return _digest(json.dumps([before, kind, body], sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode())


def _of_file(path: Path) -> str:
    """Return the checksum of a file, however long, empty where it cannot be read."""
    try:
        with files.open_file(path) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _digest(content: bytes) -> str:
    """Return a SHA-256 checksum."""
    return hashlib.sha256(content).hexdigest()
