"""The tables of a scenario file, format 1: what may stand where.

Strict: an unknown key is an error, a value is not converted. What needs two tables at once (references, cycles, dates in order) stands in
``checks``; the edits of events and what-ifs stand in ``ops``. Field descriptions are the format's reference and go into the JSON Schema.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from foedus.scenario.fields import (
    ActorId,
    ActorIds,
    Cinc,
    Code,
    Day,
    FactionId,
    Gdp,
    Latitude,
    Longitude,
    Name,
    PactId,
    Personnel,
    Population,
    Share,
    SourceId,
    SourceIds,
    Strength,
    Text,
    Url,
    Words,
    Year,
)  # fmt: skip
from foedus.scenario.limits import COUNTS, MAX_ITEMS
from foedus.system import nouns

Religion = Annotated[str, Words(nouns.RELIGIONS)]
Region = Annotated[str, Words(nouns.REGIONS)]
PledgeType = Annotated[str, Words(nouns.PLEDGE_TYPES)]
PactKind = Annotated[str, Words(nouns.PACT_KINDS)]
Openness = Annotated[str, Words(("open", "acknowledged", "deniable", "alleged"))]
Reason = Annotated[str, Words(nouns.WRITABLE_REASONS)]


class Table(BaseModel):
    """Base of every table: no unknown key, no conversion."""

    model_config = ConfigDict(extra="forbid", strict=True, arbitrary_types_allowed=True, hide_input_in_errors=True)


class SourceTable(Table):
    """Where facts come from. ``version``, ``sha256`` and ``last_year`` are for data sets."""

    id: SourceId
    title: Name
    publisher: Text = ""
    url: Url = ""
    year: Year | None = None
    licence: Annotated[Text, Field(description="Terms under which numbers taken from it may be passed on")] = ""
    note: Text = ""
    version: Text = ""
    sha256: Annotated[str, Field(pattern=r"^[0-9A-Za-z:;, _-]{0,200}$")] = ""
    last_year: Year | None = None


class PlaceTable(Table):
    """Where an actor is centred, degrees north and east."""

    name: Name
    lat: Latitude
    lon: Longitude


class CapabilityTable(Table):
    """What an actor has; a part left out is unknown, not zero. Sources default to the actor's."""

    gdp: Gdp | None = None
    population: Population | None = None
    personnel: Personnel | None = None
    cinc: Cinc | None = None
    sources: SourceIds = []


class PreferenceTable(Table):
    """The tie that a faction wants its actor to have with another actor."""

    to: ActorId
    tie: Strength


class FactionTable(Table):
    """A weighted part of an actor. Sources default to the actor's."""

    id: FactionId
    name: Name
    weight: Annotated[Share, Field(description="share of the actor's decision; shares need not sum to 1")]
    leans: ActorId | None = None
    salience: Annotated[
        Share | None, Field(description="share of its weight that it spends on questions of other actors")
    ] = None
    stance: Annotated[list[PreferenceTable], Field(max_length=COUNTS["stance"])] = []
    sources: SourceIds = []


class ActorTable(Table):
    """A state, an armed group or a faction. A field left out is unknown, not zero."""

    id: ActorId
    name: Name
    kind: Literal["state", "group", "faction"]
    aliases: Annotated[list[Name], Field(max_length=MAX_ITEMS)] = []
    cow: Code | None = None
    gw: Code | None = None
    region: Region | None = None
    major: bool = False
    parent: Annotated[ActorId | None, Field(description="the state in whose territory it mainly sits")] = None
    nuclear: Literal["none", "latent", "weapons", "unknown"] = "unknown"
    nuclear_note: Text = ""
    regime: Annotated[Share | None, Field(description="0 closed autocracy to 1 electoral democracy")] = None
    regime_label: Text = ""
    ideology: Text = ""
    religion_majority: Religion | None = None
    religion_ruling: Religion | None = None
    control: Annotated[
        Share | None, Field(description="share of its own territory that it holds; 1 for a state if left out")
    ] = None
    air: Annotated[Share | None, Field(description="quality of its air arm, judged")] = None
    missiles: Annotated[Share | None, Field(description="quality of its missile arm, judged")] = None
    sources: SourceIds = []
    note: Text = ""
    entry: Annotated[Day | None, Field(description="left out of systems up to this day")] = None
    exit: Annotated[Day | None, Field(description="left out of systems after this day")] = None
    place: PlaceTable | None = None
    capability: CapabilityTable | None = None
    faction: Annotated[list[FactionTable], Field(max_length=COUNTS["faction"])] = []


class BorderTable(Table):
    """Direct contiguity, once per pair at any time."""

    a: ActorId
    b: ActorId
    type: Annotated[str, Words(nouns.BORDER_TYPES)]
    start: Day | None = None
    end: Day | None = None


class TieTable(Table):
    """A reason to be together (+) or apart (-). For sponsorship ``a`` sponsors ``b``; for fear ``a`` fears ``b``."""

    a: ActorId
    b: ActorId
    reason: Reason
    strength: Strength
    openness: Openness = "open"
    start: Day | None = None
    end: Day | None = None
    sources: SourceIds = []
    note: Text = ""


class MemberTable(Table):
    """A member with dates of its own; a plain id stands for one without."""

    actor: ActorId
    from_: Annotated[Day | None, Field(alias="from")] = None
    until: Day | None = None


def _member(raw: Any) -> Any:
    """Return a plain id as a table."""
    return {"actor": raw} if isinstance(raw, str) else raw


MemberItem = Annotated[
    MemberTable, BeforeValidator(_member, json_schema_input_type=ActorId | MemberTable)
]  # fmt: skip


class PledgeTable(Table):
    """A directed promise. ``targets`` or ``region`` left out means any; an empty list means that the text names some which are not known here."""

    by: ActorId
    to: Annotated[ActorIds, Field(description="left out: all other members")] = []
    type: PledgeType
    targets: ActorIds | None = None
    not_targets: ActorIds = []
    region: Annotated[list[Region], Field(max_length=len(nouns.REGIONS))] | None = None
    unprovoked: bool = False
    min_attackers: Annotated[int, Field(ge=1, le=100)] = 1
    conflict: Text = ""
    unclear: Text = ""
    article: Text = ""
    variables: Annotated[Text, Field(description="the data set's variables that state this pledge")] = ""
    disputed: Text = ""
    sources: Annotated[SourceIds, Field(description="left out: the pact's")] = []


class PactTable(Table):
    """A treaty, guarantee, alignment or intervention. ``strength`` is for alignments and interventions only."""

    id: PactId
    name: Name
    kind: PactKind
    start: Day | None = None
    end: Day | None = None
    members: Annotated[list[MemberItem], Field(min_length=1, max_length=COUNTS["member"])]
    strength: Share | None = None
    atop: Code | None = None
    size: Annotated[
        Code | None, Field(description="members of the pact in the world, where the file does not hold them all")
    ] = None
    sources: SourceIds = []
    note: Text = ""
    pledge: Annotated[list[PledgeTable], Field(max_length=COUNTS["pledge"])] = []


class FlashpointTable(Table):
    """A plausible first shot."""

    attacker: ActorId
    target: ActorId
    note: Text = ""
    sources: SourceIds = []


class HeaderTable(Table):
    """The keys above the first table.

    ``unsourced = true`` permits facts without sources (systems made by programs); ``outside`` lists ids that pledges name although they are no
    actors here.
    """

    format: Literal[1]
    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,79}$")]
    title: Name
    date: Annotated[Day, Field(description="the system is as of the start of this day")]
    until: Annotated[
        Day | None, Field(description="the last day as of which the file may be read; left out: no end")
    ] = None
    summary: Text = ""
    limits: Annotated[list[Text], Field(max_length=MAX_ITEMS)] = []
    unsourced: bool = False
    outside: Annotated[list[ActorId], Field(max_length=COUNTS["outside"])] = []
