"""``/api/runs``: start, follow, cancel, resume and delete runs, and read their answers."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import FileResponse, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from foedus.studio.question import encode
from foedus.studio.questions import question
from foedus.studio.runs import ENDED, Runs

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

router = APIRouter(prefix="/api/runs", tags=["runs"])
PACE, HEARTBEAT = 0.25, 10.0
"""Seconds between two looks at a run, and between two signs of life to who follows it."""
Id = Annotated[str, Path(pattern=r"^[0-9]{8}-[0-9]{6}-[0-9a-f]{6}$")]


class Start(BaseModel):
    """A question to work out as a run."""

    model_config = ConfigDict(extra="forbid")
    question: str = Field(max_length=80)
    params: dict[str, Any]
    title: str | None = Field(None, max_length=200)


def _runs(request: Request) -> Runs:
    return request.app.state.runs


def _json(value: Any, status: int = 200) -> Response:
    return Response(encode(value), status_code=status, media_type="application/json")


@router.get("")
def listed(request: Request) -> Response:
    """Return every run, the newest first."""
    return _json({"runs": _runs(request).listed()})


@router.post("", status_code=201)
def start(request: Request, asked: Start) -> Response:
    """Start a run."""
    q = question(asked.question)
    params = q.asked.model_validate(asked.params).model_dump(mode="json", by_alias=True)
    return _json(_runs(request).start(asked.question, params, asked.title or q.title), 201)


@router.get("/{name}")
def one(request: Request, name: Id) -> Response:
    """Return a run."""
    return _json(_runs(request).get(name))


@router.get("/{name}/answer")
def answer(request: Request, name: Id) -> FileResponse:
    """Return what a run found, in the page's form."""
    return FileResponse(_runs(request).answer(name), media_type="application/json")


@router.post("/{name}/cancel")
def cancel(request: Request, name: Id) -> Response:
    """Cancel a run that waits or goes on."""
    return _json(_runs(request).cancel(name))


@router.post("/{name}/resume")
def resume(request: Request, name: Id) -> Response:
    """Let a run go on that ended early."""
    return _json(_runs(request).resume(name))


@router.delete("/{name}", status_code=204)
def remove(request: Request, name: Id) -> Response:
    """Delete a run that has ended."""
    _runs(request).remove(name)
    return Response(status_code=204)


@router.get("/{name}/events", response_class=StreamingResponse)
async def events(request: Request, name: Id) -> StreamingResponse:
    """Follow a run: an event whenever it moves, until it ends."""
    runs = _runs(request)
    first = await asyncio.to_thread(runs.get, name)

    async def told() -> AsyncIterator[bytes]:
        now, silent = first, 0.0
        yield _event(now)
        while now["state"] not in ENDED and not await request.is_disconnected():
            await asyncio.sleep(PACE)
            silent += PACE
            before, now = now, await asyncio.to_thread(runs.get, name)
            if _moved(before, now):
                silent = 0.0
                yield _event(now)
            elif silent >= HEARTBEAT:
                silent = 0.0
                yield b": still there\n\n"

    return StreamingResponse(told(), media_type="text/event-stream", headers={"cache-control": "no-store"})


def _moved(before: dict[str, Any], now: dict[str, Any]) -> bool:
    """Return whether a run stands elsewhere; the time that is left alone is no move."""
    return any(before[k] != now[k] for k in ("state", "progress", "text", "message"))


def _event(run: dict[str, Any]) -> bytes:
    name = {"done": "done", "failed": "failed"}.get(run["state"], "progress")
    return f"event: {name}\ndata: ".encode() + encode(run) + b"\n\n"
