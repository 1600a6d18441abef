"""The edit of a divided actor's stance: what its factions agreed on stands in its ties, and they no longer pull one by one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from foedus.errors import parameter
from foedus.system.tie_edits import ChangeTie

if TYPE_CHECKING:
    from foedus.system.nouns import Preference
    from foedus.system.system import System


@dataclass(frozen=True, slots=True)
class TakeStance:
    """An actor's ties of interest have the strengths given; its factions lean to nobody any more, because their pull is in those ties.

    Ties of other reasons (territory, injury, pacts, ...) stay: what parties agree on at home undoes no occupation and no treaty.
    """

    actor: str
    ties: tuple[Preference, ...]
    sources: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        named = [t.to for t in self.ties]
        if len(set(named)) < len(named):
            raise parameter("ties", named, "each other actor once")

    def apply(self, system: System) -> System:
        """Return the system with the actor's stance."""
        me = system.actor(self.actor)
        for wish in self.ties:
            system = ChangeTie(me.id, wish.to, "interest", wish.tie, sources=self.sources).apply(system)
        quiet = replace(me, factions=tuple(replace(f, leans=None) for f in me.factions))
        return system.with_(actors=tuple(quiet if a.id == me.id else a for a in system.actors))

    def describe(self) -> str:
        """Return one neutral line."""
        return f"set the stance of {self.actor}: " + ", ".join(f"{t.to} {t.tie}" for t in self.ties)
