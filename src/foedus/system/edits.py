"""Typed edits: what a counterfactual changes in a `System`, each a frozen record with ``apply`` and ``describe``.

An edit names actors as `System.actor` understands them and pacts by id, name or ATOP number. What an edit adds without a source is marked
with the source `ASSUMPTION`, so that no invented fact passes for an observed one. Each kind of edit has a file of its own; `Editor` chains them.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import cached_property, reduce
from typing import TYPE_CHECKING, Any

from foedus.errors import parameter
from foedus.system.actor_edits import AMENDABLE, AddActor, AmendActor, RemoveActor, Strengthen, Weaken
from foedus.system.assumed import ASSUMPTION, Edit
from foedus.system.intervention_edits import Intervene, Withdraw
from foedus.system.lookup import slug
from foedus.system.nouns import Member, Pact, Pledge
from foedus.system.pact_edits import AddPact, AmendPact, DropLayer, PledgeRef, VoidPact
from foedus.system.stance_edits import TakeStance
from foedus.system.tie_edits import ChangeTie, RemoveTie

if TYPE_CHECKING:
    from foedus.system.nouns import Actor, Border, PactKind, PledgeType
    from foedus.system.system import System

__all__ = [
    "AMENDABLE", "ASSUMPTION", "AddActor", "AddPact", "AmendActor", "AmendPact", "ChangeTie", "DropLayer", "Edit", "Editor", "Intervene",
    "PledgeRef", "RemoveActor", "RemoveTie", "Strengthen", "TakeStance", "VoidPact", "Weaken", "Withdraw", "apply_all",
]  # fmt: skip


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
        self,
        pact: Pact | str,
        members: tuple[str, ...] | list[str] = (),
        *,
        types: tuple[PledgeType, ...] = ("defense",),
        kind: PactKind = "treaty",
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
        given: dict[str, Any] = {k: tuple(v) if k.endswith(("pledges", "sources")) else v for k, v in changes.items()}
        return self.then(AmendPact(pact, **given))

    def drop_layer(self, kind: str) -> Editor:
        """Leave out every alignment, guarantee or intervention; see `DropLayer`."""
        return self.then(DropLayer(kind))

    def add_actor(self, actor: Actor, borders: tuple[Border, ...] = ()) -> Editor:
        """Add an actor; see `AddActor`."""
        return self.then(AddActor(actor, tuple(borders)))

    def amend_actor(self, actor: str, *, capability: Any = (), **changes: Any) -> Editor:
        """Set facts of an actor: ``capability`` as a mapping of parts, and fields such as ``regime``; see `AmendActor`."""
        if unknown := sorted(set(changes) - set(AMENDABLE)):
            raise parameter("changes", unknown, f"some of {', '.join(AMENDABLE)}")
        return self.then(AmendActor(actor, tuple(dict(capability).items()), **changes))

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
