"""Typed edits: what a counterfactual changes in a `System`, each a frozen record with ``apply`` and ``describe``.

An edit names actors as `System.actor` understands them and pacts by id, name or ATOP number. What an edit adds without a source is marked
with the source `ASSUMPTION`, so that no invented fact passes for an observed one. Reads no files and compares nothing.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from typing import TYPE_CHECKING, Any, Protocol

from foedus.errors import InvalidSystemError, ParameterError, message, parameter
from foedus.system.lookup import find_pact, find_ties, slug, strength_bounds
from foedus.system.nouns import WRITABLE_REASONS, Member, Pact, Pledge, Source, Tie
from foedus.system.values import Quantity

if TYPE_CHECKING:
    from foedus.system.nouns import Actor, Border, Openness, PactKind, PledgeType
    from foedus.system.system import System

ASSUMPTION = Source("assumption", "Assumed in an edit, not observed")
WAR_STRENGTH = Quantity(-0.9, -0.6)  # assumed: an intervener and those it fights, where no war tie is coded
INTEREST_STRENGTH = Quantity(0.5, 0.8)  # assumed: an intervener and the one it helps, where no interest is coded
LAYERS = ("alignment", "guarantee", "intervention")


class Edit(Protocol):
    """What every edit can do."""

    def apply(self, system: System) -> System:
        """Return the edited system; the one given stays as it is."""
        ...

    def describe(self) -> str:
        """Return one neutral line."""
        ...


# ---- pacts -------------------------------------------------------------------------------------------------------------------


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
            raise InvalidSystemError(message("The pact is there already", got=pact.id, hint="choose another id, or use amend_pact"))
        system, sources = _sourced(system, pact.sources)
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
        _coerce(self, "strength", (0.0, 1.0))

    def apply(self, system: System) -> System:
        """Return the system with the pact amended; a pledge to drop that is not there is an error."""
        old = find_pact(system, self.pact)
        pledges = old.pledges
        for ref in self.drop_pledges:
            pledges = _drop(system, old, pledges, ref)
        changes = {k: v for k in ("name", "end", "strength") if (v := getattr(self, k)) is not None}
        if not changes and pledges == old.pledges and not self.add_pledges:
            raise InvalidSystemError(message("The amendment changes nothing", got=old.id, hint="set name, end or strength, or name pledges"))
        system, sources = _sourced(system, self.sources, old.sources)
        added = tuple(_resolved(system, p) for p in self.add_pledges)
        new = replace(old, pledges=(*pledges, *added), sources=sources, **changes)
        return _with_pacts(system, {old.id: new})

    def describe(self) -> str:
        """Return one neutral line."""
        parts = [f"{k} {v}" for k in ("name", "end", "strength") if (v := getattr(self, k)) is not None]
        parts += [f"add {p.type} by {p.by}" for p in self.add_pledges] + [f"drop {p.type} by {p.by}" for p in self.drop_pledges]
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
            raise InvalidSystemError(message(f"No pact of kind {self.kind} in {system.id}", hint=f"this system holds: {there}"))
        return system.with_(pacts=kept)

    def describe(self) -> str:
        """Return one neutral line."""
        return f"leave out every {self.kind}"


# ---- actors ------------------------------------------------------------------------------------------------------------------


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
        for other in (actor.parent, *(f.leans for f in actor.factions)):
            if other is not None and other != actor.id:
                system.actor(other)
        system, sources = _sourced(system, actor.sources)
        return system.with_(actors=(*system.actors, replace(actor, sources=sources)), borders=(*system.borders, *self.borders))

    def describe(self) -> str:
        """Return one neutral line."""
        return f"add the {self.actor.kind} {self.actor.name} ({self.actor.id})"


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
            raise InvalidSystemError(message(f"{old.id} has no known capability to multiply", hint="unknown is not zero: give it one first"))
        system, sources = _sourced(system, self.sources, old.capability_sources or old.sources)
        parts = tuple((part, _times(value, self.factor)) for part, value in old.capability)
        return _with_actor(system, replace(old, capability=parts, capability_sources=sources))

    def describe(self) -> str:
        """Return one neutral line."""
        return f"multiply the capability of {self.actor} by {self.factor}"


@dataclass(frozen=True, slots=True)
class Strengthen(_Scale):
    """An actor's capability multiplied by a factor above 0."""

    def __post_init__(self) -> None:
        _coerce(self, "factor", (1e-6, 1000.0))


@dataclass(frozen=True, slots=True)
class Weaken(_Scale):
    """An actor's capability multiplied by a factor from 0 to 1."""

    def __post_init__(self) -> None:
        _coerce(self, "factor", (0.0, 1.0))


# ---- ties --------------------------------------------------------------------------------------------------------------------


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
        _coerce(self, "strength", strength_bounds(self.reason))

    def apply(self, system: System) -> System:
        """Return the system with the tie, in force on the system's date."""
        a, b = system.actor(self.a).id, system.actor(self.b).id
        old = find_ties(system, a, b, self.reason)
        current = [t for t in old if t.in_force(system.date)]
        system, sources = _sourced(system, self.sources, current[0].sources if current else ())
        start = self.start if self.start is not None and self.start < system.date else None
        base = current[0] if current else Tie(a, b, self.reason, self.strength, start=start, note=self.note)
        new = replace(base, strength=self.strength, sources=sources, openness=self.openness or base.openness, note=self.note or base.note)
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


# ---- interventions -----------------------------------------------------------------------------------------------------------


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
        _coerce(self, "effort", (0.0, 1.0))

    def apply(self, system: System) -> System:
        """Return the system with the intervention."""
        actor, behalf = system.actor(self.actor).id, system.actor(self.behalf).id
        against = tuple(dict.fromkeys(system.actor(x).id for x in self.against))
        if not against or len({actor, behalf, *against}) < 2 + len(against):
            got = f"{actor} for {behalf} against {', '.join(against) or 'nobody'}"
            raise InvalidSystemError(message("An intervention needs an actor, another one and those it fights", got=got))
        pact_id = slug(f"intervention-{actor}-{behalf}")
        if any(p.id == pact_id for p in system.pacts):
            hint = "withdraw it first, or use amend_pact to change its strength"
            raise InvalidSystemError(message(f"{actor} intervenes for {behalf} already", got=pact_id, hint=hint))
        system, sources = _sourced(system, self.sources)
        since = system.date - dt.timedelta(days=1)
        pledge = Pledge(actor, "defense", (behalf,), targets=against)
        pact = Pact(
            pact_id, f"Intervention of {system.actor(actor).name} for {system.actor(behalf).name}", "intervention",
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
                members = tuple(m for m in pact.members if pact.kind != "intervention" or _still_party(m.actor, actor, pledges))
                pacts.append(replace(pact, pledges=pledges, members=members))
            if pact.kind == "intervention":
                marks.add(_mark(pact.id))
        if tuple(pacts) == system.pacts:
            got = actor if behalf is None else f"{actor} for {behalf}"
            raise InvalidSystemError(message("Nothing to withdraw from", got=got, hint="no intervention or pledge of that direction is there"))
        ties = tuple(t for t in system.ties if not (t.note in marks and actor in {t.a, t.b}))
        return system.with_(pacts=tuple(pacts), ties=ties)

    def describe(self) -> str:
        """Return one neutral line."""
        return f"{self.actor} withdraws" + (f" its help to {self.behalf}" if self.behalf else " from its interventions")


# ---- a chain of edits --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Editor:
    """A system, edits and the edited system; every method returns a new Editor.

    Attributes
    ----------
    base : System
        What is edited.
    edits : tuple of Edit
        In the order in which they are applied.
    system : System
        The edited system.

    Examples
    --------
    >>> import foedus as fd
    >>> s = fd.load("europe-1914")
    >>> s.edit().void("Franco-Russian Alliance").remove_actor("ITA").describe()
    'void the pact Franco-Russian Alliance; leave out ITA'
    """

    base: System
    edits: tuple[Edit, ...] = ()

    @cached_property
    def system(self) -> System:
        """The edited system."""
        return apply_all(self.base, self.edits)

    def done(self) -> System:
        """Return the edited system."""
        return self.system

    def then(self, edit: Edit) -> Editor:
        """Return this chain with one more edit; it is applied at once, so that a mistake shows where it is made."""
        longer = Editor(self.base, (*self.edits, edit))
        longer.__dict__["system"] = edit.apply(self.system)
        return longer

    def describe(self) -> str:
        """Return the edits in one line."""
        return "; ".join(e.describe() for e in self.edits) or "no edit"

    def void(self, pact: str | int) -> Editor:
        """Void a pact; see `VoidPact`."""
        return self.then(VoidPact(pact))

    def add_pact(
        self, pact: Pact | str, members: tuple[str, ...] | list[str] = (), *, types: tuple[PledgeType, ...] = ("defense",), kind: PactKind = "treaty"
    ) -> Editor:
        """Add a pact, or one of that name in which every member pledges ``types`` to every other; see `AddPact`."""
        if isinstance(pact, Pact):
            return self.then(AddPact(pact))
        ids = tuple(self.system.actor(m).id for m in members)
        pledges = tuple(Pledge(m, t) for m in ids for t in types) if kind != "alignment" else ()
        return self.then(AddPact(Pact(slug(pact), pact, kind, tuple(Member(m) for m in ids), pledges)))

    def amend_pact(self, pact: str | int, **changes: Any) -> Editor:
        """Amend a pact: ``name``, ``end``, ``strength``, ``add_pledges``, ``drop_pledges``; see `AmendPact`."""
        known = [f.name for f in dataclasses.fields(AmendPact)][1:]
        if unknown := sorted(set(changes) - set(known)):
            raise parameter("changes", unknown, f"some of {', '.join(known)}")
        return self.then(AmendPact(pact, **{k: tuple(v) if isinstance(v, list) and k != "strength" else v for k, v in changes.items()}))

    def drop_layer(self, kind: str) -> Editor:
        """Leave out every alignment, guarantee or intervention; see `DropLayer`."""
        return self.then(DropLayer(kind))

    def add_actor(self, actor: Actor, borders: tuple[Border, ...] = ()) -> Editor:
        """Add an actor; see `AddActor`."""
        return self.then(AddActor(actor, tuple(borders)))

    def remove_actor(self, actor: str) -> Editor:
        """Leave an actor out; see `RemoveActor`."""
        return self.then(RemoveActor(actor))

    def strengthen(self, actor: str, factor: Any) -> Editor:
        """Multiply an actor's capability; see `Strengthen`."""
        return self.then(Strengthen(actor, factor))

    def weaken(self, actor: str, factor: Any) -> Editor:
        """Multiply an actor's capability by a factor from 0 to 1; see `Weaken`."""
        return self.then(Weaken(actor, factor))

    def change_tie(self, a: str, b: str, reason: str, strength: Any) -> Editor:
        """Set the strength of a tie, adding it where absent; see `ChangeTie`."""
        return self.then(ChangeTie(a, b, reason, strength))

    def remove_tie(self, a: str, b: str, reason: str) -> Editor:
        """Remove a tie; see `RemoveTie`."""
        return self.then(RemoveTie(a, b, reason))

    def intervene(self, actor: str, behalf: str, against: tuple[str, ...] | list[str] | str, effort: Any) -> Editor:
        """Let an actor fight on behalf of another; see `Intervene`."""
        return self.then(Intervene(actor, behalf, against, effort))  # type: ignore[arg-type]

    def withdraw(self, actor: str, behalf: str | None = None) -> Editor:
        """End an actor's interventions and its pledges to ``behalf``; see `Withdraw`."""
        return self.then(Withdraw(actor, behalf))


def apply_all(system: System, edits: tuple[Edit, ...]) -> System:
    """Return ``system`` after every edit, in order."""
    return reduce(lambda s, edit: edit.apply(s), edits, system)


# ---- helpers -----------------------------------------------------------------------------------------------------------------


def _coerce(record: Any, field: str, bounds: tuple[float, float]) -> None:
    """Set a field of a frozen record to the quantity that it writes. Modified in place."""
    raw = getattr(record, field)
    if raw is None:
        return
    try:
        value = Quantity.of(raw, bounds=bounds)
    except ParameterError as error:
        raise ParameterError(f"The '{field}' parameter: {error}") from error
    inside = bounds[0] <= value.mean <= bounds[1] if value.mean is not None else bounds[0] <= value.low <= value.high <= bounds[1]
    if not inside:
        raise parameter(field, str(value), f"within [{bounds[0]:g}, {bounds[1]:g}]")
    object.__setattr__(record, field, value)


def _check_reason(reason: str) -> None:
    """Raise unless a tie of that reason can be written."""
    if reason not in WRITABLE_REASONS:
        raise parameter("reason", reason, f"one of {', '.join(WRITABLE_REASONS)}")


def _sourced(system: System, sources: tuple[str, ...], before: tuple[str, ...] = ()) -> tuple[System, tuple[str, ...]]:
    """Return the system and the sources of an edited fact, those ``before`` kept; `ASSUMPTION` where the edit names none."""
    new = sources or (ASSUMPTION.id,)
    if not sources and all(s.id != ASSUMPTION.id for s in system.sources):
        system = system.with_(sources=(*system.sources, ASSUMPTION))
    return system, tuple(dict.fromkeys((*before, *new)))


def _with_pacts(system: System, new: dict[str, Pact]) -> System:
    """Return the system with pacts replaced by id."""
    return system.with_(pacts=tuple(new.get(p.id, p) for p in system.pacts))


def _with_actor(system: System, new: Actor) -> System:
    """Return the system with one actor replaced."""
    return system.with_(actors=tuple(new if a.id == new.id else a for a in system.actors))


def _resolved(system: System, pledge: Pledge) -> Pledge:
    """Return a pledge with every actor as an id."""
    to, targets, others = (None if x is None else tuple(system.actor(q).id for q in x) for x in (pledge.to, pledge.targets, pledge.not_targets))
    return replace(pledge, by=system.actor(pledge.by).id, to=to or (), targets=targets, not_targets=others or ())


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


def _mark(pact_id: str) -> str:
    """Return the note by which a tie added with an intervention is known."""
    return f"Assumed with {pact_id}."


def _forgetting(actor: Actor, gone: str) -> Actor:
    """Return an actor without reference to ``gone``."""
    if actor.parent == gone:
        actor = replace(actor, parent=None)
    if any(f.leans == gone for f in actor.factions):
        actor = replace(actor, factions=tuple(replace(f, leans=None) if f.leans == gone else f for f in actor.factions))
    return actor


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


def _owed_to(system: System, pact: Pact, pledge: Pledge) -> tuple[str, ...]:
    """Return to whom a pledge is owed, whatever the date."""
    return pledge.to or tuple(dict.fromkeys(m.actor for m in pact.members if m.actor != pledge.by and m.actor in system.index))


def _drop(system: System, pact: Pact, pledges: tuple[Pledge, ...], ref: PledgeRef) -> tuple[Pledge, ...]:
    """Return the pledges without those that ``ref`` means; none meant is an error."""
    by, to = system.actor(ref.by).id, {system.actor(x).id for x in ref.to}
    out: list[Pledge] = []
    for pledge in pledges:
        owed = _owed_to(system, pact, pledge)
        if pledge.by != by or pledge.type != ref.type or (to and not to & set(owed)):
            out.append(pledge)
        elif to and (rest := tuple(x for x in owed if x not in to)):
            out.append(replace(pledge, to=rest))
    if tuple(out) == pledges:
        there = ", ".join(sorted({f"{p.type} by {p.by}" for p in pledges})) or "none"
        raise InvalidSystemError(message(f"No such pledge in {pact.id}", got=f"{ref.type} by {by}", hint=f"its pledges: {there}"))
    return tuple(out)


def _after_withdrawal(system: System, pact: Pact, actor: str, behalf: str | None) -> tuple[Pledge, ...]:
    """Return the pledges of a pact that are left when ``actor`` withdraws."""
    if behalf is None and pact.kind != "intervention":
        return pact.pledges
    out: list[Pledge] = []
    for pledge in pact.pledges:
        owed = _owed_to(system, pact, pledge)
        if pledge.by != actor or (behalf is not None and behalf not in owed):
            out.append(pledge)
        elif behalf is not None and (rest := tuple(x for x in owed if x != behalf)):
            out.append(replace(pledge, to=rest))
    return tuple(out)


def _still_party(member: str, actor: str, pledges: tuple[Pledge, ...]) -> bool:
    """Whether a member of an intervention is still one when ``actor`` has withdrawn."""
    return member != actor or any(p.by == actor or actor in p.to for p in pledges)
