"""The application: routes behind the guard, one form for every error, and the page.

Puts together; what an address does stands in `routes`.
"""

from __future__ import annotations

import asyncio
import contextlib
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from starlette.exceptions import HTTPException

from foedus import __version__
from foedus.errors import FoedusError
from foedus.studio.guard import Guard
from foedus.studio.pool import Pool
from foedus.studio.question import encode
from foedus.studio.refusal import RefusedError
from foedus.studio.routes import ask, data, export, runs, scenarios, search, world
from foedus.studio.runs import Runs
from foedus.studio.static import Page

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from foedus.studio.settings import Settings


class Wrong(BaseModel):
    """What is wrong, where, what was expected, and a hint."""

    what: str
    where: str
    expected: str
    hint: str


class Refused(BaseModel):
    """The one form of every error."""

    error: Wrong


PAGE = Path(__file__).with_name("page")
ROUTERS = [ask.router, data.router, export.router, runs.router, scenarios.router, search.router, world.router]

REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"description": told, "model": Refused}
    for status, told in {
        400: "No request that can be read", 401: "Token missing or wrong", 403: "From another page", 404: "Not there", 405: "No such method",
        408: "The body did not come in time", 409: "Not now", 413: "Too large", 415: "No JSON", 421: "Another host name",
        422: "Bad input: what, where, expected, hint", 429: "Too many wait", 503: "A worker ended or took too long",
    }.items()
}  # fmt: skip


def create_app(settings: Settings) -> Any:
    """Return the studio as an ASGI application.

    Parameters
    ----------
    settings : Settings

    Returns
    -------
    ASGI application
        The FastAPI application inside its guard; ``.app`` is the inner one.
    """
    app = FastAPI(
        title="foedus studio",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        lifespan=_life,
        responses=REFUSALS,
        redirect_slashes=False,
        version=__version__,
    )
    app.state.settings = settings
    app.state.pool = Pool(settings)
    app.state.runs = Runs(settings)
    for router in ROUTERS:
        app.include_router(router)
    app.add_exception_handler(FoedusError, _foedus)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(ValidationError, _invalid)
    app.add_exception_handler(RefusedError, _refused)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RecursionError, _deep)
    app.add_exception_handler(Exception, _fault)
    if PAGE.is_dir():
        app.mount("/", Page(PAGE))
    return Guard(app, settings)


@asynccontextmanager
async def _life(app: FastAPI) -> AsyncIterator[None]:
    """Make the user's folders, and end the workers at the end."""
    settings: Settings = app.state.settings
    for folder in (settings.scenarios, settings.runs):
        folder.mkdir(parents=True, exist_ok=True)
    keeper = asyncio.create_task(_kept(app.state.runs))
    yield
    keeper.cancel()
    app.state.pool.close()


async def _kept(runs: Runs) -> None:
    """Let runs begin and end as long as the server is there; a folder that is full or gone for a while does not end that."""
    while True:
        with contextlib.suppress(OSError):
            await asyncio.to_thread(runs.tick)
        await asyncio.sleep(0.25)


def error(status: int, what: str, *, where: str = "", expected: str = "", hint: str = "") -> Response:
    """Return an error in the one form that the page reads."""
    body = {"error": {"what": what, "where": where, "expected": expected, "hint": hint}}
    return Response(encode(body), status_code=status, media_type="application/json")


async def _foedus(_: Request, exc: Exception) -> Response:
    """Return what foedus says of bad input."""
    first, *rest = str(exc).splitlines() or [""]
    hint = next((line.removeprefix("hint: ") for line in rest if line.startswith("hint: ")), "")
    return error(422, "\n".join([first, *(line for line in rest if not line.startswith("hint: "))]), hint=hint)


async def _invalid(_: Request, exc: Exception) -> Response:
    """Return the first fault of parameters that do not fit, and how many more there are."""
    faults = exc.errors() if isinstance(exc, RequestValidationError | ValidationError) else []
    first = faults[0] if faults else {"msg": str(exc), "loc": ()}
    more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
    return error(422, f"{first['msg']}{more}", where=".".join(str(x) for x in first["loc"] if x != "body"))


async def _refused(_: Request, exc: Exception) -> Response:
    """Return what is not there, not possible now, or too much."""
    assert isinstance(exc, RefusedError)
    return error(exc.status, str(exc), hint=exc.hint)


async def _deep(_: Request, _exc: Exception) -> Response:
    """Return that something is nested too deep."""
    return error(422, "nested too deep", hint="flatten it")


async def _fault(_: Request, exc: Exception) -> Response:
    """Return that the studio itself is at fault; the terminal has the trace."""
    what = f"the studio failed at this ({type(exc).__name__})"
    return error(500, what, hint="the terminal that runs the studio has more; please report it")


async def _http(_: Request, exc: Exception) -> Response:
    """Return what the framework refuses, in the same form."""
    assert isinstance(exc, HTTPException)
    return error(exc.status_code, str(exc.detail))
