"""``/api/world``: what the time line needs at once, frames by year as they are ready, and the borders of all dates."""

from __future__ import annotations

import contextlib
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from foedus.errors import DataError, FoedusError, parameter
from foedus.studio.question import Answer, Desk, encode
from foedus.studio.questions import question
from foedus.studio.questions.world import NOTES, SPAN, days_of, sources, span
from foedus.system.nouns import REASONS

if TYPE_CHECKING:
    import datetime as dt

    from foedus.data.store import DataDir

router = APIRouter(prefix="/api/world", tags=["world"])
FIRST = 1816
MOST = 60
"""Years of frames in one reply."""
Named = Annotated[str, Query(alias="in", max_length=100)]


def desk_of(request: Request) -> Desk:
    """Return the desk of the studio's own process, for what is read and not worked out."""
    s = request.app.state.settings
    return Desk(s.scenarios, s.data_dir)


def store(desk: Desk) -> DataDir | None:
    """Return the data files at hand, None where there are none to make a real system of."""
    from foedus.data.store import DataDir

    return None if missing_data(desk) else DataDir.of(desk.data_dir)


def missing_data(desk: Desk) -> list[str]:
    """Return the data sets that a real system needs and that are not at hand."""
    from foedus.data.store import DataDir
    from foedus.system.tables import REQUIRED

    try:
        return [spec.id for spec in DataDir.of(desk.data_dir).missing(REQUIRED)]
    except DataError:
        return list(REQUIRED)


@router.get("")
def world(request: Request, in_: Named = "real") -> Response:
    """Return the dates of a world, which frames are ready, the wars and the coverage of each year, and how to cite it."""
    desk = desk_of(request)
    if in_ == "real" or span(in_):
        return _json(_real(in_, desk) | {"reasons": REASONS})
    return _json(_scenario(in_, desk) | {"reasons": REASONS})


@router.get("/frames")
def frames(
    request: Request, in_: Annotated[str, Query(alias="in", pattern=SPAN)], first: Annotated[int, Query(alias="from", ge=0, le=9999)],
    last: Annotated[int, Query(alias="to", ge=0, le=9999)],
) -> Response:  # fmt: skip
    """Return the frames of a span that are ready between two years."""
    data, years = store(desk_of(request)), span(in_)
    if data is None or years is None or last - first >= MOST:
        raise parameter("to", last, f"at most {MOST} years of a span of real years, with the data sets at hand")
    from foedus.studio.frames import Kept

    found = Kept(desk_of(request).scenarios.parent, data, years[0]).read(range(first, last + 1))
    body = b",".join(b'"%d":%s' % (year, text) for year, text in found.items())
    return Response(b'{"frames":{' + body + b"}}", media_type="application/json")


@router.get("/borders")
def shapes(request: Request) -> Response:
    """Return the historical borders of all dates as a TopoJSON, from the user's own file; null where it is not at hand."""
    from foedus.data.borders import SOURCE

    data = store(desk_of(request))
    if data is None or data.find(SOURCE) is None:
        return _json({"topology": None, "source": None})
    found = data.provenance(SOURCE)
    spec = found.spec
    cited = {"key": SOURCE, "text": f"{spec.title}. {spec.citation} Terms: {spec.licence}", "version": found.version}
    about = {"first": spec.first_year, "last": found.last_year, "source": cited}
    return Response(_topology(str(data.path), encode(about)), media_type="application/json")


@lru_cache(maxsize=2)
def _topology(folder: str, about: bytes) -> bytes:
    """Return the borders of a folder as JSON, worked out once."""
    from foedus.data.borders import borders

    return b'{"topology":' + encode(borders(folder)) + b"," + about[1:]


def _real(name: str, desk: Desk) -> dict[str, Any]:
    """Return the head of the real years."""
    data = store(desk)
    if data is None:
        from foedus.data.sources import SOURCES
        from foedus.system.tables import REQUIRED

        titles = [SOURCES[s].spec.title for s in REQUIRED]
        return {
            "in": name,
            "kind": "real",
            "here": False,
            "needs": titles,
            "fetch": f"foedus data fetch {' '.join(REQUIRED)} --accept-terms",
        }
    from foedus.data.borders import SOURCE
    from foedus.data.war_years import covered, wars
    from foedus.studio.frames import Kept
    from foedus.system.tables import OPTIONAL, REQUIRED

    strip = covered(data, (*REQUIRED, *OPTIONAL, SOURCE))
    first, last = span(name) or covered_years(desk) or (FIRST, FIRST)
    name = f"{first}:{last}"
    known = {
        c: (abb, name) for c, abb, name in data.table("cow_states").select("ccode", "stateabb", "statenme").iter_rows()
    }
    fought = [
        w.to_dict() | {side: [_named(c, w.start, known) for c in getattr(w, side)] for side in "ab"} for w in wars(data)
    ]
    return {
        "in": name, "kind": "real", "here": True, "dates": [f"{y}-01-01" for y in range(first, last + 1)], "strip": strip, "wars": fought,
        "wars_known": next(([r["first"], r["last"]] for r in strip if r["id"] == "cow_wars" and r["here"]), None),
        "ready": Kept(desk.scenarios.parent, data, first).ready(), "events": [], "envelope": _envelope(name, desk, sources(data)),
    }  # fmt: skip


def _named(code: int, day: dt.date, known: dict[int, tuple[str, str]]) -> str:
    """Return what a state was called on a day, with its abbreviation where that does not abbreviate the name."""
    from foedus.data import names

    abb, name = known.get(code, (str(code), str(code)))
    return names.labelled(abb, names.of(code).on(day, name))


def covered_years(desk: Desk) -> tuple[int, int] | None:
    """Return the first and last year of which a real system can be made; None without the data sets."""
    from foedus.data.war_years import covered

    data = store(desk)
    with contextlib.suppress(FoedusError):  # a file that cannot be read covers nothing that can be told
        last = data and covered(data, ("atop5_1m",))[0]["last"]
        return (FIRST, last + 1) if last else None
    return None


def _scenario(name: str, desk: Desk) -> dict[str, Any]:
    """Return the head of a scenario or of one date."""
    from foedus.studio import systems

    one = systems.OfSystem.model_validate({"in": name})
    if systems.YEAR.match(name):
        return {"in": name, "kind": "date", "here": store(desk) is not None, "dates": [name if len(name) > 4 else f"{name}-01-01"],
                "strip": [], "wars": [], "wars_known": None, "ready": [], "events": []}  # fmt: skip
    meant = systems.before(one, desk)
    days = days_of(meant.scenario)
    return {
        "in": name, "kind": "scenario", "here": True, "title": meant.system.title, "dates": [d.isoformat() for d in days], "strip": [], "wars": [],
        "wars_known": None, "ready": [], "events": [],
    }  # fmt: skip


def _envelope(name: str, desk: Desk, cited: list[dict[str, str]]) -> dict[str, Any]:
    """Return what stands round every figure of the real years: how to get the same, and how to cite it."""
    q = question("world")
    return q.envelope(q.asked.model_validate({"in": name}), Answer("derived", {}, {}, notes=NOTES, sources=cited))


def _json(value: Any) -> Response:
    return Response(encode(value), media_type="application/json")
