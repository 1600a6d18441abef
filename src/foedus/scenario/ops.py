"""The edits of a scenario file (``op = ...``), events and what-ifs, and the file as a whole.

Each op mirrors one edit of `foedus.system.edits`; ``sources`` is optional everywhere: an event's edits take the event's sources, a
what-if's are marked as assumed.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from foedus.scenario.fields import (
    ActorId,
    ActorIds,
    Day,
    Factor,
    Name,
    PactId,
    ScenarioId,
    Share,
    SourceIds,
    Strength,
    Text,
)
from foedus.scenario.limits import COUNTS, MAX_ITEMS
from foedus.scenario.model import (
    ActorTable,
    BorderTable,
    CapabilityTable,
    FlashpointTable,
    HeaderTable,
    Openness,
    PactTable,
    PledgeTable,
    PledgeType,
    Reason,
    SourceTable,
    Table,
    TieTable,
)  # fmt: skip


class OpTable(Table):
    """Base of every op."""

    sources: SourceIds = []


class VoidPactOp(OpTable):
    """The pact does not exist."""

    op: Literal["void_pact"]
    pact: PactId


class AddPactOp(OpTable):
    """One more pact."""

    op: Literal["add_pact"]
    pact: PactTable


class AmendSetTable(Table):
    """Fields of a pact that an amendment sets."""

    name: Name | None = None
    end: Day | None = None
    strength: Share | None = None


class PledgeRefTable(Table):
    """Which pledges an amendment drops."""

    by: ActorId
    to: ActorIds = []
    type: PledgeType


class AmendPactOp(OpTable):
    """Other words in a pact."""

    op: Literal["amend_pact"]
    pact: PactId
    set: AmendSetTable | None = None
    add_pledges: Annotated[list[PledgeTable], Field(max_length=MAX_ITEMS)] = []
    drop_pledges: Annotated[list[PledgeRefTable], Field(max_length=MAX_ITEMS)] = []


class AddActorOp(OpTable):
    """One more actor, with its borders."""

    op: Literal["add_actor"]
    actor: ActorTable
    borders: Annotated[list[BorderTable], Field(max_length=MAX_ITEMS)] = []


class AmendActorSetTable(Table):
    """Fields of an actor that change; those left out stay as they are."""

    name: Name | None = None
    major: bool | None = None
    regime: Share | None = None
    regime_label: Text | None = None
    control: Share | None = None
    note: Text | None = None
    capability: CapabilityTable | None = None


class AmendActorOp(OpTable):
    """Other facts of an actor from then on."""

    op: Literal["amend_actor"]
    actor: ActorId
    set: AmendActorSetTable


class RemoveActorOp(OpTable):
    """The actor does not exist."""

    op: Literal["remove_actor"]
    actor: ActorId


class StrengthenOp(OpTable):
    """Capability multiplied by a factor above 0."""

    op: Literal["strengthen"]
    actor: ActorId
    factor: Factor


class WeakenOp(OpTable):
    """Capability multiplied by a factor from 0 to 1."""

    op: Literal["weaken"]
    actor: ActorId
    factor: Share


class ChangeTieOp(OpTable):
    """Set the strength of a tie, adding it where absent."""

    op: Literal["change_tie"]
    a: ActorId
    b: ActorId
    reason: Reason
    strength: Strength
    openness: Openness | None = None
    note: Text = ""


class RemoveTieOp(OpTable):
    """No tie of that reason."""

    op: Literal["remove_tie"]
    a: ActorId
    b: ActorId
    reason: Reason


class InterveneOp(OpTable):
    """An actor fights on behalf of another with a share of its capability."""

    op: Literal["intervene"]
    actor: ActorId
    behalf: ActorId
    against: Annotated[list[ActorId], Field(min_length=1, max_length=MAX_ITEMS)]
    effort: Share
    note: Text = ""


class WithdrawOp(OpTable):
    """An actor ends its interventions, and its pledges to ``behalf``."""

    op: Literal["withdraw"]
    actor: ActorId
    behalf: ActorId | None = None


class DropLayerOp(OpTable):
    """No pact of one kind."""

    op: Literal["drop_layer"]
    kind: Literal["alignment", "guarantee", "intervention"]


Op = Annotated[
    VoidPactOp | AddPactOp | AmendPactOp | AddActorOp | AmendActorOp | RemoveActorOp | StrengthenOp | WeakenOp | ChangeTieOp | RemoveTieOp
    | InterveneOp | WithdrawOp | DropLayerOp,
    Field(discriminator="op"),
]  # fmt: skip
Ops = Annotated[list[Op], Field(max_length=COUNTS["edits"])]


class EventTable(Table):
    """A dated change; applied when the scenario is asked for a later date."""

    id: ScenarioId
    date: Day
    note: Text = ""
    sources: SourceIds = []
    edits: Annotated[Ops, Field(min_length=1)]


class WhatIfTable(Table):
    """A named comparison: the system at ``date`` with its events, against one without ``skip_events`` and with ``edits``."""

    title: Name
    note: Text = ""
    edits: Ops = []
    date: Day | None = None
    skip_events: Annotated[list[ScenarioId], Field(max_length=COUNTS["event"])] = []


class WhatIfFileTable(WhatIfTable):
    """A what-if in a file of its own: what would stand below ``[what_if.NAME]`` of a scenario."""

    base: Annotated[Text, Field(description="the scenario or date that it was written for")] = ""


SECTIONS: dict[str, type[Table]] = {
    "source": SourceTable, "actor": ActorTable, "border": BorderTable, "tie": TieTable, "pact": PactTable, "event": EventTable,
    "flashpoint": FlashpointTable,
}  # fmt: skip


class ScenarioTable(HeaderTable):
    """A whole scenario file."""

    source: Annotated[list[SourceTable], Field(max_length=COUNTS["source"])] = []
    actor: Annotated[list[ActorTable], Field(min_length=2, max_length=COUNTS["actor"])]
    border: Annotated[list[BorderTable], Field(max_length=COUNTS["border"])] = []
    tie: Annotated[list[TieTable], Field(max_length=COUNTS["tie"])] = []
    pact: Annotated[list[PactTable], Field(max_length=COUNTS["pact"])] = []
    event: Annotated[list[EventTable], Field(max_length=COUNTS["event"])] = []
    flashpoint: Annotated[list[FlashpointTable], Field(max_length=COUNTS["flashpoint"])] = []
    what_if: Annotated[dict[ScenarioId, WhatIfTable], Field(max_length=COUNTS["what_if"])] = {}
