"""Edits of actors: add one, leave one out, make one stronger or weaker."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from foedus.errors import InvalidSystemError, message, parameter
from foedus.system.assumed import coerce, sourced
from foedus.system.nouns import CAPABILITY_PARTS
from foedus.system.values import Quantity

if TYPE_CHECKING:
    from foedus.system.nouns import Actor, Border, Faction, Pact
    from foedus.system.system import System


@dataclass(frozen=True, slots=True)
class AddActor:
    """One more actor, with its borders; ties and pacts are added by edits of their own."""

    actor: Actor
    borders: tuple[Border, ...] = ()

    def apply(self, system: System) -> System:
        """Return the system with the actor at the end."""
        actor = self.actor
        if actor.id in system.index:
            raise InvalidSystemError(message("The actor is there already", got=actor.id))
        wanted = (p.to for f in actor.factions for p in f.stance)
        for other in (actor.parent, *(f.leans for f in actor.factions), *wanted):
            if other is not None and other != actor.id:
                system.actor(other)
        system, sources = sourced(system, actor.sources)
        return system.with_(
            actors=(*system.actors, replace(actor, sources=sources)), borders=(*system.borders, *self.borders)
        )

    def describe(self) -> str:
        """Return one neutral line."""
        return f"add the {self.actor.kind} {self.actor.name} ({self.actor.id})"


AMENDABLE = ("name", "major", "regime", "regime_label", "control", "note")
"""Fields of an actor that an amendment sets, beside its capability."""


@dataclass(frozen=True, slots=True)
class AmendActor:
    """Other facts of an actor: a new size after a war, another regime. What is None or not named stays as it is.

    ``capability`` holds (part, quantity); a part that is not named keeps its value.
    """

    actor: str
    capability: tuple[tuple[str, Quantity], ...] = ()
    sources: tuple[str, ...] = ()
    name: str | None = None
    major: bool | None = None
    regime: Quantity | None = None
    regime_label: str | None = None
    control: Quantity | None = None
    note: str | None = None

    def __post_init__(self) -> None:
        for share in ("regime", "control"):
            coerce(self, share, (0.0, 1.0))
        wrong = [part for part, _ in self.capability if part not in CAPABILITY_PARTS]
        if wrong:
            raise parameter("capability", wrong[0], f"parts out of {', '.join(CAPABILITY_PARTS)}")
        parts = tuple(sorted((part, Quantity.of(value)) for part, value in self.capability))
        object.__setattr__(self, "capability", parts)

    def apply(self, system: System) -> System:
        """Return the system with the actor amended; an amendment that changes nothing is an error."""
        old = system.actor(self.actor)
        changes = {k: v for k in AMENDABLE if (v := getattr(self, k)) is not None}
        if not changes and not self.capability:
            raise InvalidSystemError(
                message("The amendment changes nothing", got=old.id, hint=f"set capability, {', '.join(AMENDABLE)}")
            )
        if self.capability:
            system, sources = sourced(system, self.sources)
            parts = tuple(sorted((dict(old.capability) | dict(self.capability)).items()))
            changes |= {"capability": parts, "capability_sources": sources}
        else:
            system, sources = sourced(system, self.sources, old.sources)
            changes["sources"] = sources
        new = replace(old, **changes)
        return system.with_(actors=tuple(new if a is old else a for a in system.actors))

    def describe(self) -> str:
        """Return one neutral line."""
        parts = [f"{part} {value}" for part, value in self.capability]
        parts += ["note" if k == "note" else f"{k} {v}" for k in AMENDABLE if (v := getattr(self, k)) is not None]
        return f"amend {self.actor}: {', '.join(parts)}"


@dataclass(frozen=True, slots=True)
class RemoveActor:
    """The actor does not exist: its ties, borders, pledges and memberships go, and a pact that no longer binds two parties.

    Conditions of other pledges that name it as an adversary stay as they are and are never met.
    """

    actor: str

    def apply(self, system: System) -> System:
        """Return the system without the actor."""
        gone = system.actor(self.actor).id
        return system.with_(
            actors=tuple(_forgetting(a, gone) for a in system.actors if a.id != gone),
            pacts=tuple(p for old in system.pacts if (p := _without_member(old, gone)) is not None),
            ties=tuple(t for t in system.ties if gone not in {t.a, t.b}),
            borders=tuple(b for b in system.borders if gone not in {b.a, b.b}),
            flashpoints=tuple(f for f in system.flashpoints if gone not in {f.attacker, f.target}),
        )

    def describe(self) -> str:
        """Return one neutral line."""
        return f"leave out {self.actor}"


@dataclass(frozen=True, slots=True)
class _Scale:
    """An actor's capability, every known part of it, multiplied by ``factor``."""

    actor: str
    factor: Quantity
    sources: tuple[str, ...] = ()

    def apply(self, system: System) -> System:
        """Return the system with the actor's capability multiplied."""
        old = system.actor(self.actor)
        if not old.capability:
            raise InvalidSystemError(
                message(f"{old.id} has no known capability to multiply", hint="unknown is not zero: give it one first")
            )
        system, sources = sourced(system, self.sources, old.capability_sources or old.sources)
        parts = tuple((part, _times(value, self.factor)) for part, value in old.capability)
        new = replace(old, capability=parts, capability_sources=sources)
        return system.with_(actors=tuple(new if a is old else a for a in system.actors))

    def describe(self) -> str:
        """Return one neutral line."""
        return f"multiply the capability of {self.actor} by {self.factor}"


@dataclass(frozen=True, slots=True)
class Strengthen(_Scale):
    """An actor's capability multiplied by a factor above 0."""

    def __post_init__(self) -> None:
        coerce(self, "factor", (1e-6, 1000.0))


@dataclass(frozen=True, slots=True)
class Weaken(_Scale):
    """An actor's capability multiplied by a factor from 0 to 1."""

    def __post_init__(self) -> None:
        coerce(self, "factor", (0.0, 1.0))


def _times(value: Quantity, factor: Quantity) -> Quantity:
    """Return the product: ends multiplied for ranges, moments of independent factors if either is normal."""
    if value.mean is None and factor.mean is None:
        return Quantity(value.low * factor.low, value.high * factor.high)
    (m, s), (n, t) = _moments(value), _moments(factor)
    low, high = (value.low, value.high) if value.mean is not None else (0.0, float("inf"))
    return Quantity(low, high, m * n, ((s * n) ** 2 + (m * t) ** 2 + (s * t) ** 2) ** 0.5)


def _moments(value: Quantity) -> tuple[float, float]:
    """Return mean and standard deviation."""
    if value.mean is not None:
        return value.mean, value.sd or 0.0
    return value.centre, (value.high - value.low) / 12**0.5


def _forgetting(actor: Actor, gone: str) -> Actor:
    """Return an actor without reference to ``gone``."""
    if actor.parent == gone:
        actor = replace(actor, parent=None)
    if any(f.leans == gone or any(p.to == gone for p in f.stance) for f in actor.factions):
        actor = replace(actor, factions=tuple(_without_wish(f, gone) for f in actor.factions))
    return actor


def _without_wish(faction: Faction, gone: str) -> Faction:
    """Return a faction that neither leans to ``gone`` nor wants a tie with it."""
    leans = None if faction.leans == gone else faction.leans
    return replace(faction, leans=leans, stance=tuple(p for p in faction.stance if p.to != gone))


def _without_member(pact: Pact, gone: str) -> Pact | None:
    """Return the pact without ``gone``, or None if it no longer binds two parties."""
    members = tuple(m for m in pact.members if m.actor != gone)
    pledges = tuple(
        replace(p, to=tuple(x for x in p.to if x != gone)) if gone in p.to else p
        for p in pact.pledges
        if p.by != gone and p.to != (gone,)
    )
    if members == pact.members and pledges == pact.pledges:
        return pact
    owed = pact.kind in {"guarantee", "intervention"} and bool(pledges)
    emptied = pact.kind in {"guarantee", "intervention"} and pact.pledges and not pledges
    if emptied or (len({m.actor for m in members}) < 2 and not (owed and members)):
        return None
    return replace(pact, members=members, pledges=pledges)
