"""The dated changes of a scenario: when pacts begin and end, members and actors come and go, ties and borders change, and events fall.

A change of a day shows in systems as of the next day (convention 4.13). Reads what the scenario holds; computes no line-up, see
`foedus.studies.sequence` for that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from foedus.errors import parameter

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator

    import polars as pl

    from foedus.scenario.scenario import Scenario
    from foedus.system.nouns import Pact
    from foedus.system.system import System

KINDS = ("event", "signed", "joined", "left", "ended", "entered", "gone", "tie", "tie ended", "border", "border ended")
"""Kinds of change, in the order of a day."""
PACTS = ("event", "signed", "joined", "left", "ended", "entered", "gone")
"""Those that are no tie and no border."""


@dataclass(frozen=True, slots=True)
class Dated:
    """A change of a day.

    Attributes
    ----------
    date : datetime.date
    kind : str
        One of `KINDS`.
    id : str
        Of the pact, actor or event; for ties and borders both ends and the reason or type.
    name : str
    who : tuple of str
        Ids of those it concerns, sorted.
    detail : str
        What changes, in a line.
    sources : tuple of str
        Ids; those of borders are their actors'.
    """

    date: dt.date
    kind: str
    id: str
    name: str
    who: tuple[str, ...]
    detail: str
    sources: tuple[str, ...]

    def to_dict(self) -> dict[str, str]:
        """Return the change as text, for a table."""
        return {
            "date": self.date.isoformat(), "kind": self.kind, "id": self.id, "name": self.name, "who": ", ".join(self.who),
            "detail": self.detail, "sources": ", ".join(self.sources),
        }  # fmt: skip


@dataclass(frozen=True)
class Timeline:
    """Dated changes of a scenario, by date, then in the order of `KINDS`."""

    scenario: str
    changes: tuple[Dated, ...]

    @property
    def dates(self) -> tuple[dt.date, ...]:
        """Days on which anything changes, each once."""
        return tuple(dict.fromkeys(c.date for c in self.changes))

    def on(self, date: dt.date) -> tuple[Dated, ...]:
        """Return the changes of one day."""
        return tuple(c for c in self.changes if c.date == date)

    def table(self) -> pl.DataFrame:
        """Return one row a change."""
        import polars as pl

        names = ("kind", "id", "name", "who", "detail", "sources")
        columns: dict[str, Any] = {n: [c.to_dict()[n] for c in self.changes] for n in names}
        schema = {"date": pl.Date, **dict.fromkeys(names, pl.String)}
        return pl.DataFrame({"date": [c.date for c in self.changes]} | columns, schema=schema)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON's own types."""
        return {"scenario": self.scenario, "changes": [c.to_dict() for c in self.changes]}


def timeline(
    scenario: Scenario, *, first: dt.date | None = None, last: dt.date | None = None, kinds: Iterable[str] = KINDS
) -> Timeline:
    """Return the dated changes of a scenario.

    Parameters
    ----------
    scenario : Scenario
    first, last : datetime.date, optional
        Days between which changes are wanted, both included; from the file's date to its last change, if not given.
    kinds : iterable of str
        Out of `KINDS`.

    Returns
    -------
    Timeline
        What was so before the file's date is no change. The changes of events stand as events, whatever they add.

    Raises
    ------
    ParameterError
        No such kind, or ``last`` before ``first``.

    Examples
    --------
    >>> from foedus.scenario.read import load_scenario
    >>> found = timeline(load_scenario("europe-1872-1914"), kinds=["signed"])
    >>> [(c.date.isoformat(), c.name) for c in found.changes if c.id == "dual-alliance"]
    [('1879-10-07', 'Dual Alliance')]
    """
    chosen = tuple(kinds)
    if wrong := [k for k in chosen if k not in KINDS]:
        raise parameter("kinds", wrong[0], f"some of {', '.join(KINDS)}")
    start = max(first or scenario.system.date, scenario.system.date)
    if last is not None and last < start:
        raise parameter("last day", str(last), f"{start} or later")
    whole = scenario.whole or scenario.system
    found = [
        c
        for c in (*_events(scenario), *_pacts(whole), *_actors(whole), *_ties(whole), *_borders(whole))
        if c.kind in chosen and start <= c.date and (last is None or c.date <= last)
    ]
    return Timeline(scenario.system.id, tuple(sorted(found, key=lambda c: (c.date, KINDS.index(c.kind)))))


def _events(scenario: Scenario) -> Iterator[Dated]:
    """Yield the events."""
    for e in scenario.events:
        what = "; ".join(x.describe() for x in e.edits)
        yield Dated(e.date, "event", e.id, e.note or e.id, (), what, e.sources)


def _pacts(system: System) -> Iterator[Dated]:
    """Yield when pacts begin and end, and who joins or leaves meanwhile."""
    for p in system.pacts:
        members = tuple(sorted({m.actor for m in p.members}))
        if p.start is not None:
            there = tuple(sorted({m.actor for m in p.members if m.entry is None or m.entry <= p.start}))
            yield Dated(p.start, "signed", p.id, p.name, there, _promises(p), p.sources)
        if p.end is not None:
            yield Dated(p.end, "ended", p.id, p.name, members, f"the {p.kind} ends", p.sources)
        for m in p.members:
            if m.entry is not None and (p.start is None or m.entry > p.start):
                yield Dated(m.entry, "joined", p.id, p.name, (m.actor,), f"{m.actor} joins", p.sources)
            if m.exit is not None and (p.end is None or m.exit < p.end):
                yield Dated(m.exit, "left", p.id, p.name, (m.actor,), f"{m.actor} leaves", p.sources)


def _promises(p: Pact) -> str:
    """Return what a pact promises, in ATOP's words."""
    if p.kind == "alignment":
        return "alignment, binds nobody"
    words = dict.fromkeys(q.type for q in p.pledges)
    return f"{p.kind}: {', '.join(words) or 'no pledge coded'}"


def _actors(system: System) -> Iterator[Dated]:
    """Yield who enters and who goes."""
    for a in system.actors:
        if a.entry is not None:
            yield Dated(a.entry, "entered", a.id, a.name, (a.id,), "enters the system", a.sources)
        if a.exit is not None:
            yield Dated(a.exit, "gone", a.id, a.name, (a.id,), "leaves the system", a.sources)


def _ties(system: System) -> Iterator[Dated]:
    """Yield when ties begin and end."""
    for t in system.ties:
        who, name = tuple(sorted((t.a, t.b))), f"{t.a}-{t.b} {t.reason} {t.strength}"
        key = f"{t.a}-{t.b} ({t.reason})"
        if t.start is not None:
            yield Dated(t.start, "tie", key, name, who, t.note, t.sources)
        if t.end is not None:
            yield Dated(t.end, "tie ended", key, name, who, t.note, t.sources)


def _borders(system: System) -> Iterator[Dated]:
    """Yield when borders begin and end."""
    for b in system.borders:
        who, name = tuple(sorted((b.a, b.b))), f"{b.a}-{b.b} {b.type}"
        if b.start is not None:
            yield Dated(b.start, "border", f"{b.a}-{b.b}", name, who, "border begins", ())
        if b.end is not None:
            yield Dated(b.end, "border ended", f"{b.a}-{b.b}", name, who, "border ends", ())
