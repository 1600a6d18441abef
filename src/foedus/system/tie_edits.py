"""Edits of ties: change one, remove one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from foedus.errors import InvalidSystemError, message, parameter
from foedus.system.assumed import coerce, sourced
from foedus.system.lookup import find_ties, strength_bounds
from foedus.system.nouns import WRITABLE_REASONS, Tie

if TYPE_CHECKING:
    import datetime as dt

    from foedus.system.nouns import Openness
    from foedus.system.system import System
    from foedus.system.values import Quantity


@dataclass(frozen=True, slots=True)
class ChangeTie:
    """The tie of one reason between two actors has another strength; it is added where absent.

    Where several ties of that reason are coded for the pair, one of the new strength takes their place.
    """

    a: str
    b: str
    reason: str
    strength: Quantity
    openness: Openness | None = None
    start: dt.date | None = None
    sources: tuple[str, ...] = ()
    note: str = ""

    def __post_init__(self) -> None:
        _check_reason(self.reason)
        coerce(self, "strength", strength_bounds(self.reason))

    def apply(self, system: System) -> System:
        """Return the system with the tie, in force on the system's date."""
        a, b = system.actor(self.a).id, system.actor(self.b).id
        old = find_ties(system, a, b, self.reason)
        current = [t for t in old if t.in_force(system.date)]
        system, sources = sourced(system, self.sources, current[0].sources if current else ())
        start = self.start if self.start is not None and self.start < system.date else None
        base = current[0] if current else Tie(a, b, self.reason, self.strength, start=start, note=self.note)
        new = replace(
            base,
            strength=self.strength,
            sources=sources,
            openness=self.openness or base.openness,
            note=self.note or base.note,
        )
        replaced = {id(t) for t in current}
        ties = [new if t is base else t for t in system.ties if t is base or id(t) not in replaced]
        if not current:
            ties.append(new)
        return system.with_(ties=tuple(ties))

    def describe(self) -> str:
        """Return one neutral line."""
        return f"set the tie {self.a}-{self.b} ({self.reason}) to {self.strength}"


@dataclass(frozen=True, slots=True)
class RemoveTie:
    """No tie of one reason between two actors; for ``sponsorship`` and ``fear`` the direction counts."""

    a: str
    b: str
    reason: str

    def __post_init__(self) -> None:
        _check_reason(self.reason)

    def apply(self, system: System) -> System:
        """Return the system without the tie; an absent one is an error."""
        a, b = system.actor(self.a).id, system.actor(self.b).id
        old = find_ties(system, a, b, self.reason)
        if not old:
            there = sorted({f"{t.a}-{t.b} ({t.reason})" for t in system.ties if {t.a, t.b} == {a, b}})
            hint = f"between the two stand {', '.join(there)}" if there else "no tie is coded between the two"
            raise InvalidSystemError(message("Unknown tie", got=f"{a}-{b} ({self.reason})", hint=hint))
        gone = {id(t) for t in old}
        return system.with_(ties=tuple(t for t in system.ties if id(t) not in gone))

    def describe(self) -> str:
        """Return one neutral line."""
        return f"remove the tie {self.a}-{self.b} ({self.reason})"


def _check_reason(reason: str) -> None:
    """Raise unless a tie of that reason can be written."""
    if reason not in WRITABLE_REASONS:
        raise parameter("reason", reason, f"one of {', '.join(WRITABLE_REASONS)}")
