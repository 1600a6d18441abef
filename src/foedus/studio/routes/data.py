"""``/api/data``: coverage, rows and cells of the tables at hand, asked in the warm workers like every question."""

from __future__ import annotations

import hashlib
from typing import Annotated, Any

from fastapi import APIRouter, Body, Request, Response

from foedus.errors import DataError
from foedus.studio.questions import question

router = APIRouter(prefix="/api/data", tags=["data"])


@router.get("/coverage")
async def coverage(request: Request) -> Response:
    """Return every data set, and the known cells of each year of those at hand."""
    return await _asked(request, "coverage", {})


@router.post("/rows")
async def rows(request: Request, asked: Annotated[dict[str, Any], Body()]) -> Response:
    """Return rows of a table by typed filters."""
    return await _asked(request, "rows", asked)


@router.post("/cell")
async def cell(request: Request, asked: Annotated[dict[str, Any], Body()]) -> Response:
    """Return whether a cell is observed, zero by rule, or missing."""
    return await _asked(request, "cell", asked)


async def _asked(request: Request, name: str, asked: dict[str, Any]) -> Response:
    """Return the answer to one of the questions on data."""
    state = request.app.state
    checked = question(name).asked.model_validate(asked).model_dump(mode="json", by_alias=True)
    answer = await state.pool.ask(name, checked, stamp=data_stamp(state.settings.data_dir))
    return Response(answer, media_type="application/json")


def data_stamp(folder: Any) -> str:
    """Return the state of the folder of data, so that an answer from before a change is not shown."""
    from foedus.data.store import DataDir

    try:
        paths = [p for same in DataDir.of(folder).index.values() for p in same]
        states = [(str(p), s.st_mtime_ns, s.st_size) for p in sorted(paths) if (s := p.stat())]
    except (DataError, OSError):
        return "none"
    return hashlib.sha256(repr(states).encode()).hexdigest()[:16]
