"""``/api/search``: states, pacts, years and dates by what is typed."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from foedus.errors import FoedusError
from foedus.studio import systems
from foedus.studio.question import Desk, encode
from foedus.studio.routes.data import data_stamp
from foedus.studio.routes.world import FIRST, desk_of, store

if TYPE_CHECKING:
    from foedus.data.store import DataDir

router = APIRouter(prefix="/api", tags=["search"])
DAY = re.compile(r"^\d{4}(-\d{2}-\d{2})?$")
MOST = 14


@router.get("/search")
def search(
    request: Request, q: Annotated[str, Query(max_length=100)], in_: Annotated[str | None, Query(alias="in", max_length=100)] = None
) -> Response:  # fmt: skip
    """Return what the words may mean: a year or date, then who and what fits best, in the system at hand and in all real years."""
    desk, words = desk_of(request), q.strip()
    if not words:
        return _json([])
    data = store(desk)
    found = [*_in_system(words, in_, desk), *_real(words, data)]
    ranked = sorted(found, key=lambda f: (f["rank"], f["kind"] != "actor"))[:MOST]
    return _json([*_years(words, data), *ranked])


def _years(words: str, data: DataDir | None) -> list[dict[str, Any]]:
    """Return the year or date that was typed, if the data reach it."""
    if data is None or not DAY.match(words):
        return []
    last = data.provenance("atop5_1m").last_year + 1
    return (
        [{"kind": "year", "id": words, "label": words, "detail": "the state system", "over": "real"}]
        if FIRST <= int(words[:4]) <= last
        else []
    )


def _in_system(words: str, name: str | None, desk: Desk) -> list[dict[str, Any]]:
    """Return the actors and pacts of a scenario that fit; of none where it is a real date or cannot be read."""
    from foedus.data.find import rank

    if not name or systems.YEAR.match(name):
        return []
    ranked = [(rank(words, list(names)), row) for names, row in _named(name, systems.stamp(name, desk.scenarios), desk)]
    return [row | {"rank": fits, "over": name} for fits, row in ranked if fits is not None]


@lru_cache(maxsize=16)
def _named(name: str, _stamp: str, desk: Desk) -> list[tuple[tuple[str, ...], dict[str, Any]]]:
    """Return the names of each actor and pact of a scenario, with how it is shown; read once in each state of its file."""
    try:
        meant = systems.before(systems.OfSystem.model_validate({"in": name}), desk)
    except (FoedusError, ValueError):
        return []
    whole, title = meant.scenario.whole or meant.system, meant.system.title
    actors = [
        ((a.id, a.name, *a.aliases, *([f"cow:{a.cow}"] * (a.cow is not None)), *([f"gw:{a.gw}"] * (a.gw is not None))),
         {"kind": "actor", "id": a.id, "label": a.name, "detail": f"{a.id}, {title}"})
        for a in whole.actors
    ]  # fmt: skip
    pacts = [
        ((p.id, p.name), {"kind": "pact", "id": p.id, "label": p.name, "detail": title, "first": p.start.isoformat() if p.start else None})
        for p in whole.pacts
    ]  # fmt: skip
    return [*actors, *pacts]


def _real(words: str, data: DataDir | None) -> list[dict[str, Any]]:
    """Return the states and treaties of all real years that fit."""
    return list(_in_data(words, str(data.path), data_stamp(data.path))) if data is not None else []


@lru_cache(maxsize=512)
def _in_data(words: str, folder: str, _stamp: str) -> tuple[dict[str, Any], ...]:
    """Return the same of a folder in one state: letters are typed again and again."""
    from foedus.data.find import find

    rows = [f.to_dict() | {"over": "real"} for f in find(words, data_dir=folder)]
    return tuple(row | {"kind": "actor"} if row["kind"] == "state" else row for row in rows)


def _json(value: Any) -> Response:
    return Response(encode(value), media_type="application/json")
