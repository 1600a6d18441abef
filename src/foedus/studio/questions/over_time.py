"""Balance and polarity over time: of a scenario through the days on which it changes, or of the real years."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import Field

from foedus.errors import parameter
from foedus.studio import systems
from foedus.studio.question import Answer, Column, Question, Shown, uncertain

if TYPE_CHECKING:
    from foedus.blocs.series import BlocYears
    from foedus.studies.sequence import Sequence
    from foedus.studio.question import Desk

SPAN = r"\d{4}:\d{4}"
NOTES = (
    "Frustrated: share of tie weight against the best line-up into two blocs. Balanced: share of triads with an even number of hostile ties. The "
    "two can disagree, and which of them a theory speaks of differs.",
    "What changes on a day of the model is what was coded for that day; that it happened because of what stood before does not follow.",
)
YEARS = (
    "Values hold at the start of each year. Ties rest on one table of weights for all years, so a trend in them is a trend of the coded facts.",
    "Without draws the numbers of real years are those at the centre of every uncertain number, and carry no interval.",
)
COLUMNS = (
    Column("frustrated", "tie weight against the line-up", "share"), Column("balanced", "balanced triads", "share"),
    Column("polarization", "polarization"), Column("concentration", "great powers' CON"), Column("poles", "poles", "count"),
)  # fmt: skip


class AskedOverTime(systems.Asked):
    """Parameters of a series: a scenario of dated facts, or a span of real years."""

    in_: str = Field(
        alias="in", pattern=rf"(?:^{SPAN}$)|(?:{systems.NAME})", description="europe-1872-1914, or 1816:2016 as a run"
    )
    step: int = Field(1, ge=1, le=50, description="Years from one year to the next; of a scenario every day of change")
    draws: int = Field(20, ge=2, le=1000, description="Draws behind the intervals of a scenario")
    seed: int = Field(1, ge=0, lt=2**32)


def _spanned(asked: AskedOverTime) -> tuple[int, int] | None:
    """Return the first and last year, None of a scenario."""
    first, _, last = asked.in_.partition(":")
    return (int(first), int(last)) if first.isdigit() and last.isdigit() else None


def _answer(asked: AskedOverTime, desk: Desk) -> Answer:
    """Return the series as the page reads it."""
    span = _spanned(asked)
    if span is not None:
        return _years(asked, span, desk)
    if systems.YEAR.match(asked.in_):
        raise parameter("in", asked.in_, "a scenario with dated changes, or a span of years such as 1872:1914")
    from foedus.studies.sequence import sequence

    meant = systems.before(systems.OfSystem.model_validate({"in": asked.in_}), desk)
    if meant.scenario is None:
        raise parameter("in", asked.in_, "a scenario with dated changes")
    found = sequence(
        meant.scenario, draws=asked.draws, seed=asked.seed, progress=lambda share: desk.tell(share, "days of change")
    )
    points = _points(found)
    tables = {
        "series": Shown("Balance after each day of change", found.table(), COLUMNS),
        "places": Shown("Who stood where", found.places()),
    }
    return Answer(
        "derived", {"mode": "scenario", "points": points, "names": found.names}, tables, system=meant.system,
        proved=all(s.proved for s in found.steps), seed=found.seed, draws=found.draws, notes=NOTES,
    )  # fmt: skip


def _points(found: Sequence) -> list[dict[str, Any]]:
    """Return each day of change with what stood after it."""
    return [
        {"date": s.date, "proved": s.proved, "frustrated_centre": s.frustrated_centre[1], "frustrated": uncertain(s.frustrated.after),
         "frustrated_change": uncertain(s.frustrated.change), "balanced": uncertain(s.triads.after) if s.triads else None,
         "gap": uncertain(s.gap.after), "triads": s.by_type[1], "moved": list(s.moved), "drifted": list(s.drifted),
         "blocs": [[p.actor for p in s.bloc(b)] for b in "AB"],
         "events": [{"kind": c.kind, "name": c.name, "who": list(c.who), "detail": c.detail} for c in s.changes]}
        for s in found.steps
    ]  # fmt: skip


def _years(asked: AskedOverTime, span: tuple[int, int], desk: Desk) -> Answer:
    """Return the series of real years."""
    from foedus.blocs.balance_over_time import triads_over_years
    from foedus.blocs.years import blocs_over_years

    if span[1] < span[0]:
        raise parameter("in", asked.in_, "a span whose end is not before its start")
    found = blocs_over_years(
        *span, step=asked.step, data_dir=desk.data_dir, workers=1, progress=lambda share: desk.tell(share, "years")
    )
    frame = found.polarity().join(triads_over_years(found), on="date", maintain_order="left")
    moves: dict[Any, list[dict[str, Any]]] = {}
    for m in _told(found):
        moves.setdefault(m["date"], []).append(
            {"kind": "moved", "name": m["name"], "who": [m["actor"]], "detail": m["detail"]}
        )
    points = [row | {"events": moves.get(row["date"], [])} for row in frame.to_dicts()]
    sources = [
        {"key": s["id"], "text": s["title"], "version": s["version"]} for s in found.to_dict()["sources"]
    ]  # fmt: skip
    tables = {
        "series": Shown("Balance and polarity, one row a date", frame, COLUMNS),
        "moves": Shown("Moves from bloc to bloc", found.moves()),
    }
    return Answer(
        "derived", {"mode": "years", "points": points, "names": {}}, tables, proved=found.proved, notes=(*NOTES, *YEARS), sources=sources
    )  # fmt: skip


def _told(found: BlocYears) -> list[dict[str, Any]]:
    """Return the moves of great powers between blocs."""
    from foedus.blocs.series import letter

    return [
        {"date": m.date, "name": m.name, "actor": m.actor, "detail": f"{letter(m.before or 0)} to {letter(m.after or 0)}"}
        for m in found.changes() if m.change == "moved" and m.major
    ]  # fmt: skip


def _python(asked: AskedOverTime) -> str:
    """Return the same as a program."""
    span = _spanned(asked)
    if span is not None:
        lines = ["import foedus as fd", "from foedus.blocs.balance_over_time import triads_over_years", "",
                 f"result = fd.blocs_over_years({span[0]}, {span[1]}, step={asked.step})",
                 "triads = triads_over_years(result)", "print(result.polarity())", "print(triads)"]  # fmt: skip
        return "\n".join(lines)
    name = asked.in_.removeprefix("file:")
    return "\n".join([
        "import foedus as fd", "", f"result = fd.sequence(fd.load_scenario({name!r}), draws={asked.draws}, seed={asked.seed})",
        "print(result.table())",
    ])  # fmt: skip


def _cli(asked: AskedOverTime) -> str | None:
    """Return the same as a command; of real years less the triads."""
    name = asked.in_.removeprefix("file:")
    if _spanned(asked):
        return f"foedus blocs --in {name} --step {asked.step}"
    return f"foedus sequence --in {name} --draws {asked.draws} --seed {asked.seed}"


BLOCS_OVER_TIME = Question(
    "blocs-over-time", "Balance and polarity over time", AskedOverTime, _answer, _python, _cli
)  # fmt: skip
