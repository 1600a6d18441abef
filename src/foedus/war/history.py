"""The course that a war took, beside one simulated war: which of its steps happened, who of history is missing, and who never joined.

Days of history count from its own first day. Reads no data and says nothing about how likely the course was; that is `foedus.studies.great_wars`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Standing = Literal["same side", "other side", "same side, later", "other side, later", "never", "unknown"]
NO_WAR = "no war on record begins with this attack"


@dataclass(frozen=True, slots=True)
class Entrance:
    """When a state entered a war on record, on which side (``A`` is that of the attack), and until when it fought; days from the first."""

    side: str
    day: int
    until: int


@dataclass(frozen=True)
class History:
    """A war on record, or why there is none.

    Attributes
    ----------
    war : str
        Its name and number; empty where there is none.
    source : str
        The list that it stands in, with its version.
    start, end : datetime.date or None
        First and last day.
    actors : mapping of str to Entrance
        The system's actors that took part, the first two among them.
    absent : tuple of str
        Participants that the system lacks.
    unlisted : tuple of str
        The system's actors that the list could not name, since it does not count them as states on the first day.
    note : str
        Why there is none; empty where there is one.
    """

    war: str = ""
    source: str = ""
    start: dt.date | None = None
    end: dt.date | None = None
    actors: Mapping[str, Entrance] | None = None
    absent: tuple[str, ...] = ()
    unlisted: tuple[str, ...] = ()
    note: str = ""

    @classmethod
    def none(cls, why: str) -> History:
        """Return that there is no history, and why."""
        return cls(note=why)


@dataclass(frozen=True, slots=True)
class Mark:
    """Whether one actor's entry happened.

    ``standing`` compares the sides; ``later`` is after the last day that was drawn. ``side``, ``day`` and ``until`` are those of history, None
    for an actor that took no part (``never``) or that the list could not name (``unknown``).
    """

    actor: str
    standing: Standing
    side: str | None = None
    day: int | None = None
    until: int | None = None


@dataclass(frozen=True, slots=True)
class Absence:
    """An actor that joined in history, its side and day, and not in the simulated war."""

    actor: str
    side: str
    day: int


@dataclass(frozen=True)
class Marked:
    """One simulated war beside the course on record, a count and no estimate.

    Attributes
    ----------
    history : History
    days : float
        Days of the simulated war; what history has after them is not counted as missing.
    marks : dict of str to Mark
        For each actor that joined in the simulated war.
    missing : tuple of Absence
        Actors that joined in history within these days and not in the simulated war, in order of the day.
    later : tuple of Absence
        Actors that joined in history after these days and not in the simulated war, in order of the day.
    """

    history: History
    days: float
    marks: dict[str, Mark]
    missing: tuple[Absence, ...]
    later: tuple[Absence, ...]

    @property
    def same(self) -> int:
        """Number of those who joined in history within the days and joined the same side in the simulated war."""
        return self._count("same side")

    @property
    def other(self) -> int:
        """Number of those who joined in history within the days and joined the other side in the simulated war."""
        return self._count("other side")

    @property
    def never(self) -> int:
        """Number of those who joined in the simulated war and by the list had not joined in history within the days."""
        return len(self.marks) - self.same - self.other - self.unknown

    @property
    def unknown(self) -> int:
        """Number of those who joined in the simulated war and are no states of the list."""
        return self._count("unknown")

    @property
    def joiners(self) -> int:
        """Number of the system's actors that joined in history within the days."""
        return self.same + self.other + len(self.missing)

    @property
    def share(self) -> float | None:
        """Share of the historical joiners that are in the simulated war on the same side; None where nobody joined."""
        return self.same / self.joiners if self.joiners else None

    def _count(self, standing: str) -> int:
        return sum(m.standing == standing for m in self.marks.values())

    def of_entry(self, actor: str) -> str:
        """Return what history says of an actor's entry, with a semicolon before it; nothing where there is no history."""
        if not self.history.war:
            return ""
        mark = self.marks[actor]
        if mark.day is None:
            return self._absence(actor)
        when = self._when(mark.day) + (", after the days drawn" if mark.standing.endswith("later") else "")
        return f"; history: {'too' if mark.standing.startswith('same') else f'on side {mark.side}'}, on {when}"

    def _absence(self, actor: str) -> str:
        """Return what the list's silence about an actor means."""
        return (
            "; history: not known, no state of the list"
            if actor in self.history.unlisted
            else "; history: did not enter"
        )

    def of_leaving(self, actor: str) -> str:
        """Return until when history has an actor that leaves in the simulated war."""
        one = (self.history.actors or {}).get(actor)
        if not self.history.war:
            return ""
        return f"; history: fought until {self._when(one.until)}" if one else self._absence(actor)

    def of_end(self) -> str:
        """Return when history has the war's end."""
        h = self.history
        return f"; history: on {self._when((h.end - h.start).days)}" if h.start and h.end else ""

    def _when(self, day: int) -> str:
        assert self.history.start is not None
        return f"day {day} ({self.history.start + dt.timedelta(days=day)})"

    def lines(self) -> list[str]:
        """Return the summary: who of history is missing, and the counts; or that there is no history."""
        h = self.history
        if not h.war:
            return [f"History: {h.note}"]
        out = [f"  {m.actor} joined side {m.side} on {self._when(m.day)} in history and is not in this war"
               for m in self.missing]  # fmt: skip
        if self.later:
            out.append(
                "  Joined in history after the days drawn: "
                + ", ".join(f"{m.actor} ({m.side}, day {m.day})" for m in self.later)
            )
        if h.absent:
            out.append(f"  In history and not in the system: {', '.join(h.absent)}")
        out.append(f"History: {h.war}, from {h.start} ({h.source}). {self._counts()}")
        return out

    def _counts(self) -> str:
        """Return the counts in words."""
        within = f"in its first {self.days:g} days"
        extra = (
            f"{self.never} of the {len(self.marks)} who join in this war did not by then"
            if self.marks
            else "nobody joins in this war"
        )
        extra += f", and of {self.unknown} it is not known" if self.unknown else ""
        if self.share is None:
            return f"None of the system's other actors joined {within}; {extra}"
        return (
            f"Of {self.joiners} actors that joined {within}, {self.same} are in this war on the same side ({100 * self.share:.0f} %), "
            f"{self.other} on the other, {len(self.missing)} not at all; {extra}"
        )

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON's own types; ``note`` alone where there is no history."""
        h = self.history
        if not h.war:
            return {"note": h.note}
        return {
            "war": h.war, "source": h.source, "start": str(h.start), "end": str(h.end), "days": self.days,
            "absent": list(h.absent), "unlisted": list(h.unlisted),
            "actors": {a: asdict(e) for a, e in (h.actors or {}).items()}, "marks": {a: asdict(m) for a, m in self.marks.items()},
            "missing": [asdict(m) for m in self.missing], "later": [asdict(m) for m in self.later],
            "joiners": self.joiners, "same_side": self.same, "other_side": self.other, "never": self.never, "unknown": self.unknown,
            "share": self.share,
        }  # fmt: skip


def beside(history: History, first: Sequence[str], joined: Mapping[str, str], days: float) -> Marked:
    """Return one simulated war beside the course on record.

    Parameters
    ----------
    history : History
    first : sequence of str
        The attacker and the target of the simulated war, which join nothing.
    joined : mapping of str to str
        Side ``A`` or ``B`` of each actor that joined in the simulated war.
    days : float
        The days that were drawn.

    Examples
    --------
    >>> then = {"A": Entrance("A", 0, 9), "B": Entrance("B", 0, 9), "C": Entrance("B", 3, 9), "D": Entrance("A", 40, 50)}
    >>> told = History("A war", "a list", dt.date(1900, 1, 1), dt.date(1900, 2, 20), then)
    >>> found = beside(told, ("A", "B"), {"C": "A", "E": "B"}, days=30)
    >>> {a: m.standing for a, m in found.marks.items()}, found.share, [m.actor for m in found.later]
    ({'C': 'other side', 'E': 'never'}, 0.0, ['D'])
    """
    actors = history.actors or {}
    rest = sorted((e.day, a) for a, e in actors.items() if a not in first and a not in joined)
    marks = {a: _mark(a, actors.get(a), side, days, history.unlisted) for a, side in joined.items()}
    out = [Absence(a, actors[a].side, actors[a].day) for _, a in rest]
    return Marked(history, days, marks, tuple(x for x in out if x.day <= days), tuple(x for x in out if x.day > days))


def _mark(actor: str, one: Entrance | None, side: str, days: float, unlisted: tuple[str, ...]) -> Mark:
    """Return the mark of an actor that joined a side in the simulated war."""
    if one is None:
        return Mark(actor, "unknown" if actor in unlisted else "never")
    same, late = one.side == side, one.day > days
    standing: Standing = (
        ("same side, later" if late else "same side") if same else ("other side, later" if late else "other side")
    )
    return Mark(actor, standing, one.side, one.day, one.until)
