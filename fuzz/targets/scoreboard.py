"""A scoreboard: as it lies there, and with its chain made whole, so that what is in a line is reached."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from foedus.panel.read import read
from foedus.studies.scoreboard import FIRST, Scoreboard, _hash
from fuzz.contract import BrokenError, held, put
from fuzz.tables import forecast

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ROWS = forecast()
assert read


def one(data: bytes, folder: Path) -> None:
    board = Scoreboard(put(folder, "board.jsonl", data))
    put(folder, "a.parquet", ROWS)
    _asked(board)
    before, made = FIRST, []
    for line in data.split(b"\n"):
        try:
            body = json.loads(line)
            kind = body.get("kind", "forecast")
            said = {"before": before, "hash": _hash(before, kind, body), "kind": kind, "body": body}
            made.append(json.dumps(said))
            before = said["hash"]
        except (ValueError, AttributeError, RecursionError):
            continue
    board.path.write_text("\n".join(made) + "\n" if made else "", encoding="utf-8")
    _asked(board)


def _asked(board: Scoreboard) -> None:
    """Check, read, and add to it."""
    problems = held(board.check)
    entries = held(board.entries)
    if entries is None and problems == []:
        raise BrokenError("refused, and nothing wrong with it")
    for entry in entries or ():
        if isinstance(entry.body.get("rows"), dict):
            held(board.rows, entry)
    held(board.add, "score", {"of": "a"})


def seeds() -> Iterator[bytes]:
    import hashlib

    rows = {"file": "a.parquet", "sha256": hashlib.sha256(ROWS).hexdigest(), "n": 6}
    yield (
        json.dumps({"id": "a", "rows": rows}).encode()
        + b"\n"
        + json.dumps({"kind": "score", "of": "a"}).encode()
        + b"\n"
    )
    for body in (
        {"rows": {}},
        {"id": 1},
        {"id": "a\u2028b"},
        {"rows": {"file": "../x\0", "sha256": 1}},
        {"id": ["a"]},
        {"kind": {}},
        [],
        1,
        {"id": "\ud800"},
    ):
        yield json.dumps(body).encode() + b"\n"
    yield b"\n\n"
    yield b"[" * 3_000
    yield b'{"hash": 1, "kind": 1, "body": 1}\n'
    yield b'{"id": ' + b"9" * 5_000 + b"}\n"
    yield json.dumps(
        {"before": FIRST, "hash": _hash(FIRST, "forecast", {"id": "a"}), "kind": "forecast", "body": {"id": "a"}}
    ).encode()
