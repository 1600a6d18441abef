"""`Scenario`: a system with the dated events that follow it and the what-ifs to ask of it.

Applies events and what-ifs; reads no files (``read`` does) and computes no comparison (``compare`` does).
"""

from __future__ import annotations

import datetime as dt
import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from foedus.errors import CoverageError, message, parameter
from foedus.system.edits import apply_all
from foedus.system.presence import present

if TYPE_CHECKING:
    from collections.abc import Iterable

    from foedus.system.edits import Edit
    from foedus.system.system import System


@dataclass(frozen=True, slots=True)
class Event:
    """A dated change of the system."""

    id: str
    date: dt.date
    edits: tuple[Edit, ...]
    note: str = ""
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WhatIf:
    """A named comparison; ``date`` None means the scenario's own.

    ``base`` is what a what-if of a file of its own was written for; empty in a scenario.
    """

    name: str
    title: str
    note: str = ""
    edits: tuple[Edit, ...] = ()
    date: dt.date | None = None
    skip_events: tuple[str, ...] = ()
    base: str = ""

    def describe(self) -> str:
        """Return the differences in one line."""
        return "; ".join([f"without the event {e}" for e in self.skip_events] + [e.describe() for e in self.edits])

    def on(self, system: System) -> System:
        """Return a system after this what-if.

        Raises
        ------
        ParameterError
            It names a date or events, which a system does not have; `Scenario.what_if` takes it then.
        """
        if self.skip_events or self.date not in (None, system.date):
            raise parameter(
                "what_if",
                self.name,
                "one without events and a date of its own",
                "those belong to a scenario: use Scenario.what_if",
            )
        return apply_all(system, self.edits)


@dataclass(frozen=True)
class Scenario:
    """What a scenario file holds.

    Attributes
    ----------
    system : System
        As of the file's date, before any event: who is there on that day.
    events : tuple of Event
        By date, then in the file's order.
    what_ifs : tuple of WhatIf
        In the file's order.
    origin : str
        Bundled name or path.
    text_hash : str
        SHA-256 of the file's text, hexadecimal.
    whole : System or None
        With the actors and borders that come later or are gone; None where nobody comes or goes.
    until : datetime.date or None
        The last day as of which the file may be read; None where it sets no end.

    Examples
    --------
    >>> from foedus.scenario.read import load_scenario
    >>> s = load_scenario("europe-1914")
    >>> base, edited, about = s.what_if("no-franco-russian-alliance")
    >>> len(base.pacts) - len(edited.pacts)
    2
    """

    system: System
    events: tuple[Event, ...]
    what_ifs: tuple[WhatIf, ...]
    origin: str
    text_hash: str
    whole: System | None = None
    until: dt.date | None = None

    def at(self, date: dt.date) -> System:
        """Return the system as of the start of ``date``: events before that day are applied (convention 4.13).

        Raises
        ------
        CoverageError
            Before the file's own date, or after ``until``; what a file says holds between the two.
        """
        return self._arm(date, ())

    def what_if(self, name: str | WhatIf, *, date: dt.date | None = None) -> tuple[System, System, WhatIf]:
        """Return both arms of a what-if, at ``date``, else at its own date, else at the file's.

        ``name`` is one of the scenario's, or a `WhatIf` that was read from elsewhere.

        Raises
        ------
        ParameterError
            No what-if of that name; lists those there are. Or an event that is none of the scenario's.
        """
        found = name if isinstance(name, WhatIf) else self._named(name)
        known = {e.id for e in self.events}
        if absent := [e for e in found.skip_events if e not in known]:
            near = difflib.get_close_matches(absent[0], known, n=3, cutoff=0.4)
            raise parameter(
                "skip_events",
                absent[0],
                f"an event of {self.system.id}",
                f"did you mean {', '.join(near)}?" if near else "",
            )
        day = date or found.date or self.system.date
        return self._arm(day, ()), apply_all(self._arm(day, found.skip_events), found.edits), found

    def _named(self, name: str) -> WhatIf:
        """Return the what-if of a name."""
        names = [w.name for w in self.what_ifs]
        if name not in names:
            near = difflib.get_close_matches(str(name)[:80], names, n=3, cutoff=0.4) or names[:8]
            hint = f"did you mean {', '.join(near)}?" if near else "this scenario has no what-if"
            raise parameter("what_if", str(name)[:80], f"a what-if of {self.system.id}", hint)
        return self.what_ifs[names.index(name)]

    def _arm(self, date: dt.date, skip: Iterable[str]) -> System:
        """Return the system as of ``date`` without the events in ``skip``."""
        day = date.date() if isinstance(date, dt.datetime) else date
        if day < self.system.date:
            expected = f"{self.system.date} or later"
            raise CoverageError(
                message(
                    f"{self.system.id} begins later",
                    got=day,
                    expected=expected,
                    hint="use a scenario of an earlier date",
                )
            )
        if self.until is not None and day > self.until:
            raise CoverageError(
                message(
                    f"{self.system.id} ends earlier",
                    got=day,
                    expected=f"{self.system.date} to {self.until}",
                    where="the file's date and until",
                    hint="what holds after that day is not in the file: use a scenario or a date from data sets, as in --in 1950",
                )
            )
        left_out = set(skip)
        whole = after_events(
            self.whole or self.system, (e for e in self.events if e.date < day and e.id not in left_out)
        )
        return present(whole.with_(date=day))


def after_events(system: System, events: Iterable[Event]) -> System:
    """Return ``system`` after each event, as of the start of the day after the last."""
    for event in events:
        system = after_event(system, event)
    return system


def after_event(system: System, event: Event) -> System:
    """Return ``system`` after one event, as of the start of the following day."""
    return apply_all(system.with_(date=event.date + dt.timedelta(days=1)), event.edits)
