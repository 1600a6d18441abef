"""From validated tables to the nouns and edits of `foedus.system`.

One function per table, named after the noun it returns. Checks nothing: what is wrong with a file was found before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from foedus.scenario import ops
from foedus.system import edits, nouns
from foedus.system.lookup import strength_bounds
from foedus.system.values import Quantity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from foedus.scenario import model

Sources = tuple[str, ...]


def source(t: model.SourceTable) -> nouns.Source:
    """Return the source."""
    return nouns.Source(**t.model_dump())


def actor(t: model.ActorTable, sources: Sources = ()) -> nouns.Actor:
    """Return the actor; ``sources`` stand in where the table names none."""
    parts = t.capability
    capability = sorted((k, v) for k in nouns.CAPABILITY_PARTS if parts and (v := getattr(parts, k)) is not None)
    place = nouns.Place(t.place.name, t.place.lat, t.place.lon) if t.place else None
    factions = tuple(faction(f) for f in t.faction)
    return nouns.Actor(
        t.id, t.name, t.kind, tuple(t.aliases), t.cow, t.gw, t.region or "", t.major, t.parent, t.nuclear, t.nuclear_note, t.regime, t.regime_label,
        t.ideology, t.religion_majority, t.religion_ruling, t.control, t.air, t.missiles, tuple(capability), tuple(parts.sources if parts else ()),
        place, factions, tuple(t.sources) or sources, t.note, t.entry, t.exit,
    )  # fmt: skip


def faction(t: model.FactionTable) -> nouns.Faction:
    """Return the faction."""
    stance = tuple(nouns.Preference(p.to, p.tie) for p in t.stance)
    return nouns.Faction(t.id, t.name, t.weight, t.leans, tuple(t.sources), t.salience, stance)


def border(t: model.BorderTable) -> nouns.Border:
    """Return the border."""
    return nouns.Border(t.a, t.b, _word(t.type), t.start, t.end)


def tie(t: model.TieTable) -> nouns.Tie:
    """Return the tie."""
    strength = signed(t.strength, t.reason)
    return nouns.Tie(t.a, t.b, t.reason, strength, _word(t.openness), t.start, t.end, tuple(t.sources), t.note)


def signed(strength: Quantity, reason: str) -> Quantity:
    """Return a strength whose normal is cut to the sign of its reason."""
    low, high = strength_bounds(reason)
    return strength if strength.mean is None else Quantity(low, high, strength.mean, strength.sd)


def pledge(t: model.PledgeTable) -> nouns.Pledge:
    """Return the pledge."""
    return nouns.Pledge(
        t.by, _word(t.type), tuple(t.to), None if t.targets is None else tuple(t.targets), tuple(t.not_targets),
        None if t.region is None else tuple(t.region), t.unprovoked, t.min_attackers, t.conflict, t.unclear, t.article, t.variables, t.disputed,
        tuple(t.sources),
    )  # fmt: skip


def pact(t: model.PactTable, sources: Sources = ()) -> nouns.Pact:
    """Return the pact; ``sources`` stand in where the table names none."""
    members = tuple(nouns.Member(m.actor, m.from_, m.until) for m in t.members)
    return nouns.Pact(
        t.id, t.name, _word(t.kind), members, tuple(pledge(p) for p in t.pledge), t.start, t.end, t.strength, t.atop,
        tuple(t.sources) or sources, t.note, t.size,
    )  # fmt: skip


def flashpoint(t: model.FlashpointTable) -> nouns.Flashpoint:
    """Return the flashpoint."""
    return nouns.Flashpoint(t.attacker, t.target, t.note, tuple(t.sources))


def all_edits(tables: Iterable[Any], sources: Sources = (), date: dt.date | None = None) -> tuple[edits.Edit, ...]:
    """Return the edits of an event (with its sources and date) or of a what-if (with none)."""
    return tuple(edit(t, tuple(t.sources) or sources, date) for t in tables)


def edit(t: Any, sources: Sources, date: dt.date | None) -> edits.Edit:
    """Return the edit that an op writes."""
    match t:
        case ops.VoidPactOp():
            return edits.VoidPact(t.pact)
        case ops.AddPactOp():
            return edits.AddPact(pact(t.pact, sources))
        case ops.AmendPactOp():
            drop = tuple(edits.PledgeRef(r.by, _word(r.type), tuple(r.to)) for r in t.drop_pledges)
            set_ = t.set or ops.AmendSetTable()
            return edits.AmendPact(
                t.pact, set_.name, set_.end, set_.strength, tuple(pledge(p) for p in t.add_pledges), drop, sources
            )
        case ops.AddActorOp():
            return edits.AddActor(actor(t.actor, sources), tuple(border(b) for b in t.borders))
        case ops.AmendActorOp():
            parts = t.set.capability
            known = () if parts is None else ((k, getattr(parts, k)) for k in nouns.CAPABILITY_PARTS)
            plain = {k: v for k in edits.AMENDABLE if (v := getattr(t.set, k)) is not None}
            return edits.AmendActor(
                t.actor,
                tuple((k, v) for k, v in known if v is not None),
                tuple((parts and parts.sources) or sources),
                **plain,
            )
        case ops.RemoveActorOp():
            return edits.RemoveActor(t.actor)
        case ops.StrengthenOp() | ops.WeakenOp():
            kind = edits.Strengthen if isinstance(t, ops.StrengthenOp) else edits.Weaken
            return kind(t.actor, t.factor, sources)
        case ops.ChangeTieOp():
            openness = None if t.openness is None else _word(t.openness)
            return edits.ChangeTie(t.a, t.b, t.reason, signed(t.strength, t.reason), openness, date, sources, t.note)
        case ops.RemoveTieOp():
            return edits.RemoveTie(t.a, t.b, t.reason)
        case ops.InterveneOp():
            return edits.Intervene(t.actor, t.behalf, tuple(t.against), t.effort, sources, t.note)
        case ops.WithdrawOp():
            return edits.Withdraw(t.actor, t.behalf)
        case ops.DropLayerOp():
            return edits.DropLayer(t.kind)
        case _:
            raise TypeError(type(t).__name__)


def _word(word: str) -> Any:
    """Return a validated word as the literal type that the nouns declare."""
    return word
