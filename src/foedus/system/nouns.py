"""The nouns of an alliance system: Actor, Faction, Pledge, Pact, Tie, Border, Source.

Frozen records without behaviour beyond what follows from their own fields; `System` relates them.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal

from foedus.data.names import labelled
from foedus.system.values import Quantity

Kind = Literal["state", "group", "faction"]
Nuclear = Literal["none", "latent", "weapons", "unknown"]
Openness = Literal["open", "acknowledged", "deniable", "alleged"]
PledgeType = Literal["defense", "offense", "neutral", "nonagg", "consul"]
PactKind = Literal["treaty", "guarantee", "alignment", "intervention"]
BorderType = Literal["land", "sea12", "sea24", "sea150", "sea400"]

REASONS = (
    "pact", "ideology", "regime", "religion", "ethnicity", "territory", "injury", "interest", "sponsorship",
    "rivalry", "war", "fear", "common_enemy", "faction",
)  # fmt: skip
WRITABLE_REASONS = tuple(r for r in REASONS if r not in {"pact", "common_enemy", "faction"})
PLEDGE_TYPES: tuple[PledgeType, ...] = ("defense", "offense", "neutral", "nonagg", "consul")
PACT_KINDS: tuple[PactKind, ...] = ("treaty", "guarantee", "alignment", "intervention")
BORDER_TYPES: tuple[BorderType, ...] = ("land", "sea12", "sea24", "sea150", "sea400")
REGIONS = (
    "Europe", "Middle East", "North Africa", "Sub-Saharan Africa", "Central Asia", "South Asia", "East Asia", "Oceania",
    "North America", "Latin America",
)  # fmt: skip
RELIGIONS = (
    "catholic", "protestant", "orthodox", "christian", "sunni", "shia", "alawi", "ibadi", "zaydi", "muslim", "jewish",
    "buddhist", "shinto", "hindu", "syncretic", "animist", "mixed", "none",
)  # fmt: skip
CAPABILITY_PARTS = ("gdp", "population", "personnel", "cinc")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact comes from.

    ``licence`` is the terms under which numbers may be passed on; ``version``, ``sha256`` and ``last_year`` are set for data sets.
    """

    id: str
    title: str
    publisher: str = ""
    url: str = ""
    year: int | None = None
    licence: str = ""
    note: str = ""
    version: str = ""
    sha256: str = ""
    last_year: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A named point in degrees, north and east positive."""

    name: str
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Preference:
    """The tie, from -1 to 1, that a faction wants its actor to have with the actor ``to``."""

    to: str
    tie: Quantity


@dataclass(frozen=True, slots=True)
class Faction:
    """A weighted part of an actor; ``leans`` is the id of the actor it leans to.

    ``salience`` is how much of its weight it spends on questions of other actors, from 0 to 1 (None is unknown); ``stance`` holds the ties that it is
    known to want. Both matter to bargaining inside the actor only.
    """

    id: str
    name: str
    weight: Quantity
    leans: str | None = None
    sources: tuple[str, ...] = ()
    salience: Quantity | None = None
    stance: tuple[Preference, ...] = ()


@dataclass(frozen=True, slots=True)
class Actor:
    """A state, an armed group or a faction.

    A field that is None is unknown, never zero. ``regime`` runs from 0 (closed autocracy) to 1 (electoral democracy); ``control``
    is the share of its own territory that it holds; ``capability`` maps a part (``gdp`` billion international dollars,
    ``population`` millions, ``personnel`` thousands, or ``cinc`` share) to a quantity, as sorted pairs. ``entry`` and ``exit`` bound the days on
    which it is there, for files that span years.
    """

    id: str
    name: str
    kind: Kind = "state"
    aliases: tuple[str, ...] = ()
    cow: int | None = None
    gw: int | None = None
    region: str = ""
    major: bool = False
    parent: str | None = None
    nuclear: Nuclear = "unknown"
    nuclear_note: str = ""
    regime: Quantity | None = None
    regime_label: str = ""
    ideology: str = ""
    religion_majority: str | None = None
    religion_ruling: str | None = None
    control: Quantity | None = None
    air: Quantity | None = None
    missiles: Quantity | None = None
    capability: tuple[tuple[str, Quantity], ...] = ()
    capability_sources: tuple[str, ...] = ()
    place: Place | None = None
    factions: tuple[Faction, ...] = ()
    sources: tuple[str, ...] = ()
    note: str = ""
    entry: dt.date | None = None
    exit: dt.date | None = None

    @property
    def label(self) -> str:
        """Name of its time, with the id after it where that does not abbreviate the name: ``Serbia (YUG)``."""
        return labelled(self.id, self.name)

    def there(self, date: dt.date) -> bool:
        """Whether it came before ``date`` and has not gone by then."""
        return _within(self.entry, self.exit, date)


@dataclass(frozen=True, slots=True)
class Pledge:
    """A directed promise of one of ATOP's five types, with the conditions under which it is owed.

    ``to`` empty means all other members of the pact. ``targets`` None means any attacker; an empty tuple means that the text
    names adversaries which are not known here. ``region`` likewise. ``unclear`` states a condition that the text leaves open.
    """

    by: str
    type: PledgeType
    to: tuple[str, ...] = ()
    targets: tuple[str, ...] | None = None
    not_targets: tuple[str, ...] = ()
    region: tuple[str, ...] | None = None
    unprovoked: bool = False
    min_attackers: int = 1
    conflict: str = ""
    unclear: str = ""
    article: str = ""
    variables: str = ""
    disputed: str = ""
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Member:
    """Membership of one actor in a pact, with its own dates where they differ from the pact's."""

    actor: str
    entry: dt.date | None = None
    exit: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Pact:
    """A treaty, guarantee, alignment or intervention; an alignment has no pledges and binds nobody (convention: design 3).

    ``size`` is how many members the pact has in the world, where this system does not hold them all.
    """

    id: str
    name: str
    kind: PactKind
    members: tuple[Member, ...]
    pledges: tuple[Pledge, ...] = ()
    start: dt.date | None = None
    end: dt.date | None = None
    strength: Quantity | None = None
    atop: int | None = None
    sources: tuple[str, ...] = ()
    note: str = ""
    size: int | None = None

    def in_force(self, date: dt.date) -> bool:
        """Whether it was signed before ``date`` and has not ended by then (convention 4.13)."""
        return _within(self.start, self.end, date)

    def active_members(self, date: dt.date) -> tuple[str, ...]:
        """Ids of those who are members as of the start of ``date``."""
        return tuple(m.actor for m in self.members if _within(m.entry or self.start, m.exit or self.end, date))

    def recipients(self, pledge: Pledge, date: dt.date) -> tuple[str, ...]:
        """Ids of those to whom ``pledge`` is owed as of the start of ``date``."""
        return pledge.to or tuple(m for m in self.active_members(date) if m != pledge.by)


@dataclass(frozen=True, slots=True)
class Tie:
    """A reason for two actors to be together (+) or apart (-).

    For ``sponsorship`` ``a`` is the sponsor, for ``fear`` ``a`` fears ``b``; the other reasons are symmetric.
    """

    a: str
    b: str
    reason: str
    strength: Quantity
    openness: Openness = "open"
    start: dt.date | None = None
    end: dt.date | None = None
    sources: tuple[str, ...] = ()
    note: str = ""

    def in_force(self, date: dt.date) -> bool:
        """Whether it began before ``date`` and has not ended by then."""
        return _within(self.start, self.end, date)


@dataclass(frozen=True, slots=True)
class Border:
    """Direct contiguity in the Correlates of War classes (land, or up to 12, 24, 150, 400 miles of water)."""

    a: str
    b: str
    type: BorderType
    start: dt.date | None = None
    end: dt.date | None = None

    def there(self, date: dt.date) -> bool:
        """Whether it came to be before ``date`` and has not gone by then."""
        return _within(self.start, self.end, date)


@dataclass(frozen=True, slots=True)
class Flashpoint:
    """A plausible first shot."""

    attacker: str
    target: str
    note: str = ""
    sources: tuple[str, ...] = field(default=())


def _within(start: dt.date | None, end: dt.date | None, date: dt.date) -> bool:
    """Whether ``start < date`` and ``date <= end``, open where None: what ended on a day held at its start."""
    return (start is None or start < date) and (end is None or date <= end)
