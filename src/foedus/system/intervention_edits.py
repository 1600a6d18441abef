"""Edits of interventions: an actor fights on behalf of another, or withdraws."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from foedus.errors import InvalidSystemError, message
from foedus.system.assumed import coerce, sourced
from foedus.system.lookup import find_ties, owed_to, slug
from foedus.system.nouns import Member, Pact, Pledge, Tie
from foedus.system.values import Quantity

if TYPE_CHECKING:
    from foedus.system.system import System

WAR_STRENGTH = Quantity(-0.9, -0.6)  # assumed: an intervener and those it fights, where no war tie is coded
INTEREST_STRENGTH = Quantity(0.5, 0.8)  # assumed: an intervener and the one it helps, where no interest is coded


@dataclass(frozen=True, slots=True)
class Intervene:
    """An actor fights on behalf of another, against named ones, with a share ``effort`` of its capability.

    It becomes a pact of kind ``intervention`` in force since the day before the system's date, with a defence pledge. Where none is in force,
    ties of war to those it fights and of interest to the one it helps are added with it.
    """

    actor: str
    behalf: str
    against: tuple[str, ...]
    effort: Quantity
    sources: tuple[str, ...] = ()
    note: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "against", (self.against,) if isinstance(self.against, str) else tuple(self.against))
        coerce(self, "effort", (0.0, 1.0))

    def apply(self, system: System) -> System:
        """Return the system with the intervention."""
        actor, behalf = system.actor(self.actor).id, system.actor(self.behalf).id
        against = tuple(dict.fromkeys(system.actor(x).id for x in self.against))
        if not against or len({actor, behalf, *against}) < 2 + len(against):
            got = f"{actor} for {behalf} against {', '.join(against) or 'nobody'}"
            raise InvalidSystemError(
                message("An intervention needs an actor, another one and those it fights", got=got)
            )
        pact_id = slug(f"intervention-{actor}-{behalf}")
        if any(p.id == pact_id for p in system.pacts):
            hint = "withdraw it first, or use amend_pact to change its strength"
            raise InvalidSystemError(message(f"{actor} intervenes for {behalf} already", got=pact_id, hint=hint))
        system, sources = sourced(system, self.sources)
        since = system.date - dt.timedelta(days=1)
        pledge = Pledge(actor, "defense", (behalf,), targets=against)
        name = f"Intervention of {system.actor(actor).name[:120]} for {system.actor(behalf).name[:120]}"
        pact = Pact(
            pact_id, name, "intervention",
            (Member(actor), Member(behalf)), (pledge,), since, strength=self.effort, sources=sources, note=self.note,
        )  # fmt: skip
        wanted = [(x, "war", WAR_STRENGTH) for x in against] + [(behalf, "interest", INTEREST_STRENGTH)]
        ties = [
            Tie(actor, other, reason, strength, start=since, sources=sources, note=_mark(pact_id))
            for other, reason, strength in wanted
            if not any(t.in_force(system.date) for t in find_ties(system, actor, other, reason))
        ]
        return system.with_(pacts=(*system.pacts, pact), ties=(*system.ties, *ties))

    def describe(self) -> str:
        """Return one neutral line."""
        return f"{self.actor} intervenes for {self.behalf} against {', '.join(self.against)} with {self.effort} of its capability"


@dataclass(frozen=True, slots=True)
class Withdraw:
    """An actor ends its interventions (for ``behalf`` if given) and, if ``behalf`` is given, every pledge it owes to it.

    Ties that came with such an intervention through `Intervene` end with it; coded ties stay.
    """

    actor: str
    behalf: str | None = None

    def apply(self, system: System) -> System:
        """Return the system after the withdrawal; nothing to withdraw from is an error."""
        actor = system.actor(self.actor).id
        behalf = None if self.behalf is None else system.actor(self.behalf).id
        pacts: list[Pact] = []
        marks: set[str] = set()
        for pact in system.pacts:
            pledges = _after_withdrawal(system, pact, actor, behalf)
            if pledges == pact.pledges:
                pacts.append(pact)
                continue
            if pledges:
                members = tuple(
                    m for m in pact.members if pact.kind != "intervention" or _still_party(m.actor, actor, pledges)
                )
                pacts.append(replace(pact, pledges=pledges, members=members))
            if pact.kind == "intervention":
                marks.add(_mark(pact.id))
        if tuple(pacts) == system.pacts:
            got = actor if behalf is None else f"{actor} for {behalf}"
            raise InvalidSystemError(
                message(
                    "Nothing to withdraw from", got=got, hint="no intervention or pledge of that direction is there"
                )
            )
        ties = tuple(t for t in system.ties if not (t.note in marks and actor in {t.a, t.b}))
        return system.with_(pacts=tuple(pacts), ties=ties)

    def describe(self) -> str:
        """Return one neutral line."""
        return f"{self.actor} withdraws" + (f" its help to {self.behalf}" if self.behalf else " from its interventions")


def _mark(pact_id: str) -> str:
    """Return the note by which a tie added with an intervention is known."""
    return f"Assumed with {pact_id}."


def _after_withdrawal(system: System, pact: Pact, actor: str, behalf: str | None) -> tuple[Pledge, ...]:
    """Return the pledges of a pact that are left when ``actor`` withdraws."""
    if behalf is None and pact.kind != "intervention":
        return pact.pledges
    out: list[Pledge] = []
    for pledge in pact.pledges:
        owed = owed_to(system, pact, pledge)
        if pledge.by != actor or (behalf is not None and behalf not in owed):
            out.append(pledge)
        elif behalf is not None and (rest := tuple(x for x in owed if x != behalf)):
            out.append(replace(pledge, to=rest))
    return tuple(out)


def _still_party(member: str, actor: str, pledges: tuple[Pledge, ...]) -> bool:
    """Whether a member of an intervention is still one when ``actor`` has withdrawn."""
    return member != actor or any(p.by == actor or actor in p.to for p in pledges)
