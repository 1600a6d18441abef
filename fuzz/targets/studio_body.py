"""Bodies that the studio's page or anybody else may send: of each question, of checks, edits and drafts; the first byte says which."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from foedus.studio.guard import _unreadable
from foedus.studio.question import Desk
from foedus.studio.questions import HOME, question
from foedus.studio.refusal import RefusedError
from foedus.studio.routes.scenarios import Checked, Drafted, Edited, Written
from foedus.studio.scenarios import worked, write
from fuzz.contract import held
from fuzz.texts import SCENARIO, WHAT_IF

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BODIES: tuple[tuple[str, type[BaseModel]], ...] = (
    ("check", Checked), ("edit", Edited), ("draft", Drafted), ("write", Written), *((q, question(q).asked) for q in sorted(HOME)),
)  # fmt: skip


def one(data: bytes, folder: Path) -> None:
    what, model = BODIES[data[0] % len(BODIES)] if data else BODIES[0]
    if _unreadable(data[1:]) is not None:
        return
    try:
        body = model.model_validate(json.loads(data[1:])).model_dump(mode="json", by_alias=True)
    except (ValueError, ValidationError):
        return
    if what in HOME:
        return
    try:
        held(_done, what, body, folder)
    except RefusedError:
        return


def _done(what: str, body: dict[str, Any], folder: Path) -> None:
    """Do what a request asks for."""
    if what == "write":
        write(folder, "mine.toml", body["text"], body["seen"])
    elif what == "draft":
        worked("draft", {"base": {k: v for k, v in body.items() if k != "kind"}, "kind": body["kind"]}, Desk(folder))
    else:
        json.dumps(worked(what, body, Desk(folder)), default=str)


def seeds() -> Iterator[bytes]:
    for value in (
        "x",
        1,
        None,
        {"date": "1900-01-01"},
        {"date": "x"},
        [[1]],
        1e308,
        "\u202e",
        {"a": {"b": [None]}},
        -(2**70),
        True,
    ):
        body = {"text": SCENARIO, "op": "set", "path": "actor.AA.name", "value": value}
        yield b"\1" + json.dumps(body).encode()
    for k, bare in enumerate(
        (
            {"text": WHAT_IF, "base": {"in": "europe-1914"}}, {"text": "a = 1", "op": "add", "path": "x", "value": {}},
            {"in": "europe-1914", "what_if": "no-franco-russian-alliance", "kind": "what-if"}, {"text": "x", "seen": None},
        )
    ):  # fmt: skip
        yield bytes([k]) + json.dumps(bare).encode()
    for k in range(4, len(BODIES)):
        yield bytes([k]) + b'{"in": "middle-east-2019", "seed": 1, "draws": 100, "date": null, "year": 1914}'
    yield b"\0" + b"[" * 5_000
    yield b'\0{"text": "\\ud800"}'
    yield b'\0{"text": NaN}'
