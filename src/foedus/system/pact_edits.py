"""Edits of pacts: void one, add one, amend one, leave out a layer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from foedus.errors import InvalidSystemError, message, parameter
from foedus.system.assumed import coerce, sourced
from foedus.system.lookup import find_pact, owed_to

if TYPE_CHECKING:
    import datetime as dt

    from foedus.system.nouns import Pact, Pledge, PledgeType
    from foedus.system.system import System
    from foedus.system.values import Quantity

LAYERS = ("alignment", "guarantee", "intervention")


@dataclass(frozen=True, slots=True)
class VoidPact:
    """The pact does not exist; ``pact`` is its id, unique name or ATOP number."""

    pact: str | int

    def apply(self, system: System) -> System:
        """Return the system without the pact."""
        void = find_pact(system, self.pact).id
        return system.with_(pacts=tuple(p for p in system.pacts if p.id != void))

    def describe(self) -> str:
        """Return one neutral line."""
        return f"void the pact {self.pact}"


@dataclass(frozen=True, slots=True)
class AddPact:
    """One more pact; without a ``start`` it is in force."""

    pact: Pact

    def apply(self, system: System) -> System:
        """Return the system with the pact, its actors resolved to ids."""
        pact = self.pact
        if any(p.id == pact.id for p in system.pacts):
            raise InvalidSystemError(
                message("The pact is there already", got=pact.id, hint="choose another id, or use amend_pact")
            )
        system, sources = sourced(system, pact.sources)
        members = tuple(replace(m, actor=system.actor(m.actor).id) for m in pact.members)
        pledges = tuple(_resolved(system, p) for p in pact.pledges)
        return system.with_(pacts=(*system.pacts, replace(pact, members=members, pledges=pledges, sources=sources)))

    def describe(self) -> str:
        """Return one neutral line."""
        return f"add the {self.pact.kind} {self.pact.name} ({', '.join(dict.fromkeys(m.actor for m in self.pact.members))})"


@dataclass(frozen=True, slots=True)
class PledgeRef:
    """Which pledges of a pact are meant: all of ``by`` of that type, or only those owed to ``to``."""

    by: str
    type: PledgeType
    to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AmendPact:
    """Other words in a pact: a name, an end, a strength, more pledges, fewer pledges."""

    pact: str | int
    name: str | None = None
    end: dt.date | None = None
    strength: Quantity | None = None
    add_pledges: tuple[Pledge, ...] = ()
    drop_pledges: tuple[PledgeRef, ...] = ()
    sources: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        coerce(self, "strength", (0.0, 1.0))

    def apply(self, system: System) -> System:
        """Return the system with the pact amended; a pledge to drop that is not there is an error."""
        old = find_pact(system, self.pact)
        pledges = old.pledges
        for ref in self.drop_pledges:
            pledges = _drop(system, old, pledges, ref)
        changes = {k: v for k in ("name", "end", "strength") if (v := getattr(self, k)) is not None}
        if not changes and pledges == old.pledges and not self.add_pledges:
            raise InvalidSystemError(
                message("The amendment changes nothing", got=old.id, hint="set name, end or strength, or name pledges")
            )
        system, sources = sourced(system, self.sources, old.sources)
        added = tuple(_resolved(system, p) for p in self.add_pledges)
        new = replace(old, pledges=(*pledges, *added), sources=sources, **changes)
        return system.with_(pacts=tuple(new if p is old else p for p in system.pacts))

    def describe(self) -> str:
        """Return one neutral line."""
        parts = [f"{k} {v}" for k in ("name", "end", "strength") if (v := getattr(self, k)) is not None]
        parts += [f"add {p.type} by {p.by}" for p in self.add_pledges] + [
            f"drop {p.type} by {p.by}" for p in self.drop_pledges
        ]
        return f"amend the pact {self.pact}: {', '.join(parts)}"


@dataclass(frozen=True, slots=True)
class DropLayer:
    """No pact of one kind: alignments, guarantees or interventions."""

    kind: str

    def __post_init__(self) -> None:
        if self.kind not in LAYERS:
            raise parameter("kind", self.kind, f"one of {', '.join(LAYERS)}")

    def apply(self, system: System) -> System:
        """Return the system without pacts of that kind; an absent layer is an error, because dropping it would compare nothing."""
        kept = tuple(p for p in system.pacts if p.kind != self.kind)
        if len(kept) == len(system.pacts):
            there = ", ".join(sorted({p.kind for p in kept})) or "no pact at all"
            raise InvalidSystemError(
                message(f"No pact of kind {self.kind} in {system.id}", hint=f"this system holds: {there}")
            )
        return system.with_(pacts=kept)

    def describe(self) -> str:
        """Return one neutral line."""
        return f"leave out every {self.kind}"


def _resolved(system: System, pledge: Pledge) -> Pledge:
    """Return a pledge with every actor as an id."""
    to, targets, others = (
        None if x is None else tuple(system.actor(q).id for q in x)
        for x in (pledge.to, pledge.targets, pledge.not_targets)
    )
    return replace(pledge, by=system.actor(pledge.by).id, to=to or (), targets=targets, not_targets=others or ())


def _drop(system: System, pact: Pact, pledges: tuple[Pledge, ...], ref: PledgeRef) -> tuple[Pledge, ...]:
    """Return the pledges without those that ``ref`` means; none meant is an error."""
    by, to = system.actor(ref.by).id, {system.actor(x).id for x in ref.to}
    out: list[Pledge] = []
    for pledge in pledges:
        owed = owed_to(system, pact, pledge)
        if pledge.by != by or pledge.type != ref.type or (to and not to & set(owed)):
            out.append(pledge)
        elif to and (rest := tuple(x for x in owed if x not in to)):
            out.append(replace(pledge, to=rest))
    if tuple(out) == pledges:
        there = ", ".join(sorted({f"{p.type} by {p.by}" for p in pledges})) or "none"
        raise InvalidSystemError(
            message(f"No such pledge in {pact.id}", got=f"{ref.type} by {by}", hint=f"its pledges: {there}")
        )
    return tuple(out)
