"""The world over time: frames of real years, of the days of a scenario, or of one date."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

from pydantic import Field

from foedus.errors import parameter
from foedus.studio import systems
from foedus.studio.question import Answer, Column, Question, Shown, source_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from foedus.blocs.frames import Frame
    from foedus.scenario.scenario import Scenario
    from foedus.studio.question import Desk

SPAN = r"^\d{4}:\d{4}$"
DAY = dt.timedelta(days=1)
NOTES = (
    "Near means friendly and far means hostile, weighted by strength; direction on the plane means nothing.",
    "A line-up of two blocs is proved to be the best of its date; whether the world was bipolar is another question (see the poles).",
    "Blocs keep their colour where most of their members, weighted by capability, stay.",
)
COLUMNS = (
    Column("frustrated", "tie weight against the line-up", "%"), Column("bound", "no line-up can go below", "%"),
    Column("first", "first bloc, its hub"), Column("second", "second bloc, its hub"),
)  # fmt: skip


class AskedWorld(systems.Asked):
    """Parameters of frames: a span of real years, a scenario, or one date."""

    in_: str = Field(
        alias="in", pattern=rf"(?:{SPAN})|(?:{systems.NAME})", description="1816:2019, a scenario, a year or a date"
    )
    date: dt.date | None = Field(None, description="Only this day of a scenario")
    what_if: str | None = Field(None, max_length=200, description="With a date or a scenario of one date")


def span(text: str) -> tuple[int, int] | None:
    """Return the first and last year of a span, None where a text is none."""
    first, _, last = text.partition(":")
    return (int(first), int(last)) if first.isdigit() and last.isdigit() else None


def days_of(scenario: Scenario) -> tuple[dt.date, ...]:
    """Return the days on which a scenario differs from the day before: a change of a day shows as of the next (convention 4.13)."""
    from foedus.scenario.timeline import timeline

    first, last = scenario.system.date, scenario.until
    after = {d + DAY for d in timeline(scenario).dates}
    return (first, *sorted(d for d in after if d > first and (last is None or d <= last)))


def _answer(asked: AskedWorld, desk: Desk) -> Answer:
    """Return the frames as the page reads them."""
    years = span(asked.in_)
    if years is not None:
        return _years(years, desk)
    one = systems.OfSystem.model_validate({"in": asked.in_, "date": asked.date, "what_if": asked.what_if})
    from foedus.blocs.frames import frames, frames_over_years

    if systems.YEAR.match(asked.in_) and not asked.what_if:
        day = str(asked.date or asked.in_)
        found = list(frames_over_years(day, day, data_dir=desk.data_dir))
        system, events = systems.read(one, desk), []
    else:
        meant = systems.before(one, desk)
        if asked.date or asked.what_if or meant.scenario is None:
            system, events = systems.read(one, desk), []
            found = list(frames([system]))
        else:
            system, scenario = meant.system, meant.scenario
            days = days_of(scenario)
            found = list(_told((scenario.at(d) for d in days), len(days), desk))
            events = _events(scenario)
    data = {"frames": [f.to_dict() for f in found], "events": events}
    return Answer(
        "derived", data, {"years": _table([f.to_dict() for f in found])}, system=system,
        proved=all(f.followed.proved for f in found), notes=NOTES,
    )  # fmt: skip


def _told(found: Iterator[Any], n: int, desk: Desk) -> Iterator[Frame]:
    """Yield frames, and say how far it is."""
    from foedus.blocs.frames import frames

    for k, frame in enumerate(frames(found)):
        desk.tell((k + 1) / n, frame.date.isoformat())
        yield frame


def _events(scenario: Scenario) -> list[dict[str, str]]:
    """Return the dated changes of a scenario that are no tie and no border."""
    from foedus.scenario.timeline import PACTS, timeline

    return [c.to_dict() for c in timeline(scenario, kinds=PACTS).changes]


def _years(years: tuple[int, int], desk: Desk) -> Answer:
    """Work out, or read back, the frames of real years; they stay on disk, a file a year."""
    from foedus.blocs.frames import frames_over_years
    from foedus.data.store import DataDir
    from foedus.studio.frames import Kept

    first, last = years
    if last < first:
        raise parameter("in", f"{first}:{last}", "a span whose end is not before its start")
    data = DataDir.of(desk.data_dir)
    kept = Kept(desk.scenarios.parent, data, first)
    wanted = range(first, last + 1)
    if not set(wanted) <= set(kept.ready()):
        kept.tidy()
        for k, frame in enumerate(frames_over_years(first, last, data_dir=data.path)):
            kept.write(frame)
            desk.tell((k + 1) / len(wanted), str(frame.date.year))
    found = [json.loads(text) for text in kept.read(wanted).values()]
    return Answer(
        "derived", {"first": first, "last": last, "years": [f["year"] for f in found]}, {"years": _table(found)},
        proved=all(f["proved"] for f in found), notes=NOTES, sources=sources(data, {s for f in found for s in f["sources"]}),
    )  # fmt: skip


def sources(data: Any, ids: set[str] | None = None) -> list[dict[str, str]]:
    """Return the data sets behind real systems as the page cites them."""
    from foedus.system.tables import OPTIONAL, REQUIRED, source_of

    here = [s for s in (*REQUIRED, *OPTIONAL) if data.find(s)]
    found = [source_of(data.provenance(s)) for s in here]
    return [source_line(s) for s in found if ids is None or s.id in ids]


def _table(found: Sequence[dict[str, Any]]) -> Shown:
    """Return one row a frame."""
    import polars as pl

    rows = [
        {"date": dt.date.fromisoformat(f["date"]), "actors": len(f["actors"]["id"]), "ties": len(f["ties"]["i"]), "frustrated": f["frustrated"],
         "bound": f["bound"], "proved": f["proved"], **{n: _bloc(f, k) for k, n in enumerate(("first", "second"))}}
        for f in found
    ]  # fmt: skip
    return Shown("The line-up of each date", pl.DataFrame(rows, infer_schema_length=None), COLUMNS)


def _bloc(f: dict[str, Any], k: int) -> str | None:
    """Return the letter and the hub of a frame's bloc."""
    return f"{f['blocs'][k]['label']} ({f['blocs'][k]['hub']})" if len(f["blocs"]) > k else None


def _python(asked: AskedWorld) -> str:
    """Return the same as a program."""
    years = span(asked.in_)
    shown = "print([(f.date.year, f.followed.proved, f.to_dict()['frustrated']) for f in result])"
    if years is not None:
        return "\n".join(
            ["import foedus as fd", "", f"result = list(fd.frames_over_years({years[0]}, {years[1]}))", shown]
        )
    one = systems.OfSystem.model_validate({"in": asked.in_, "date": asked.date, "what_if": asked.what_if})
    if systems.YEAR.match(asked.in_) and not asked.what_if:
        day = str(asked.date or asked.in_)
        return "\n".join(["import foedus as fd", "", f"result = list(fd.frames_over_years({day!r}, {day!r}))", shown])
    if asked.date or asked.what_if:
        return "\n".join([*systems.python(one), "result = list(fd.frames([s]))", shown])
    name = asked.in_.removeprefix("file:")
    return "\n".join([
        "import datetime as dt", "", "import foedus as fd", "", f"scenario = fd.load_scenario({name!r})", "first = scenario.system.date",
        "after = {d + dt.timedelta(days=1) for d in fd.timeline(scenario).dates}",
        "days = [first, *sorted(d for d in after if d > first and (scenario.until is None or d <= scenario.until))]",
        "result = list(fd.frames(scenario.at(d) for d in days))", shown,
    ])  # fmt: skip


def _cli(asked: AskedWorld) -> str | None:
    """Return a command that gives the same line-ups and shares; places on the plane are in Python only."""
    if span(asked.in_) is None:
        return None
    return f"foedus blocs --in {asked.in_} --json"


WORLD = Question("world", "Who lines up with whom over time", AskedWorld, _answer, _python, _cli)
