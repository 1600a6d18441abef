"""``/api/scenarios``: the user's files, and help with a text in the making."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from foedus.studio import scenarios
from foedus.studio.question import encode
from foedus.studio.systems import Asked, OfSystem

router = APIRouter(prefix="/api/scenarios", tags=["scenarios"])
Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Text = Annotated[str, Field(max_length=scenarios.BYTES)]


class Written(Asked):
    """A file's new text, and which state of it the writer last saw."""

    text: Text
    seen: Hash | None = Field(None, description="Hash of the file as last read; null for a new file")


class Checked(Asked):
    """A text in the making, and for a what-if what it is asked of."""

    text: Text
    base: OfSystem | None = None


class Edited(Checked):
    """One edit of a text."""

    op: scenarios.Op
    path: str = Field(min_length=1, max_length=300)
    value: Any = None


class Drafted(OfSystem):
    """What to start a text from."""

    kind: scenarios.Kind = "scenario"


@router.get("")
def every(request: Request) -> Response:
    """Return the user's files."""
    return _json({"scenarios": scenarios.listed(request.app.state.settings.scenarios)})


@router.get("/schema")
def schema() -> Response:
    """Return the JSON Schemas of a scenario and of a what-if: what may stand where."""
    from foedus.scenario.schema import json_schema, what_if_schema

    return _json({"scenario": json_schema(), "what-if": what_if_schema()})


@router.post("/check")
async def check(request: Request, body: Checked) -> Response:
    """Return every fault of a text with path and line, what it holds, and what its form may name."""
    return await _work(request, "check", body.model_dump(mode="json", by_alias=True))


@router.post("/edit")
async def edit(request: Request, body: Edited) -> Response:
    """Return a text after one edit, comments and layout kept, with its faults."""
    return await _work(request, "edit", body.model_dump(mode="json", by_alias=True))


@router.post("/draft")
async def draft(request: Request, body: Drafted) -> Response:
    """Return a text to start from: a scenario written out, or one of its what-ifs."""
    base = body.model_dump(mode="json", by_alias=True, exclude={"kind"})
    return await _work(request, "draft", {"base": base, "kind": body.kind})


@router.get("/{name}")
def one(request: Request, name: str) -> Response:
    """Return a file's text and hash."""
    return _json(scenarios.read(request.app.state.settings.scenarios, name))


@router.put("/{name}")
def put(request: Request, name: str, body: Written) -> Response:
    """Write a file, unless somebody else has changed it."""
    return _json(scenarios.write(request.app.state.settings.scenarios, name, body.text, body.seen))


@router.delete("/{name}")
def delete(request: Request, name: str, seen: Annotated[Hash, Query()]) -> Response:
    """Delete a file, unless somebody else has changed it."""
    scenarios.delete(request.app.state.settings.scenarios, name, seen)
    return Response(status_code=204)


async def _work(request: Request, what: str, body: dict[str, Any]) -> Response:
    """Return what a worker makes of a text."""
    s = request.app.state.settings
    made = await request.app.state.pool.call(scenarios.made, what, body, s.scenarios, s.data_dir)
    return Response(made, media_type="application/json")


def _json(value: Any) -> Response:
    return Response(encode(value), media_type="application/json")
