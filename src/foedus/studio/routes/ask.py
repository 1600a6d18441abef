"""``/api/about``, ``/api/systems``, ``/api/ask``: what can be asked, and asking it."""

from __future__ import annotations

import platform
from typing import Annotated, Any

from fastapi import APIRouter, Body, Request, Response

from foedus.studio import systems
from foedus.studio.question import Desk, encode
from foedus.studio.questions import HOME, question
from foedus.studio.routes.world import covered_years, desk_of, missing_data

router = APIRouter(prefix="/api", tags=["questions"])


@router.get("/about")
def about(request: Request) -> Response:
    """Return the versions, what data are at hand, what can be asked and what it may cost."""
    from foedus import __version__

    s = request.app.state.settings
    desk = desk_of(request)
    missing, years = missing_data(desk), covered_years(desk)
    return _json({
        "version": __version__, "python": platform.python_version(), "opens": s.opens, "questions": sorted(HOME),
        "store": {
            "here": not missing, "missing": missing, "first": years and f"{years[0]}-01-01", "last": years and f"{years[1]}-01-01",
        },
        "limits": {"seconds": s.seconds, "run_seconds": s.run_seconds, "queued": s.queued, "body": s.body, "workers": s.workers},
    })  # fmt: skip


@router.get("/systems")
def all_systems(request: Request) -> Response:
    """Return every system that can be asked about."""
    s = request.app.state.settings
    return _json({"systems": systems.listed(Desk(s.scenarios, s.data_dir))})


@router.post("/ask/{name}")
async def ask(request: Request, name: str, asked: Annotated[dict[str, Any], Body()]) -> Response:
    """Return the answer to a question, worked out in a worker process."""
    q = question(name)
    checked = q.asked.model_validate(asked).model_dump(mode="json", by_alias=True)
    folder = request.app.state.settings.scenarios
    stamp = "|".join(systems.stamp(asked.get(key), folder) for key in ("in", "what_if", "other"))
    return Response(await request.app.state.pool.ask(name, checked, stamp=stamp), media_type="application/json")


def _json(value: Any) -> Response:
    return Response(encode(value), media_type="application/json")
