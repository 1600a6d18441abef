"""`System`: a frozen snapshot of an alliance system as of the start of a day.

Holds the nouns, looks actors up, hashes itself by content. Computes nothing: covariates, propensities and analyses take a
`System` and live in their own rooms (``verbs.py`` delegates to them).
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import difflib
import hashlib
import json
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from foedus.errors import InvalidSystemError, ambiguous_state, unknown_state
from foedus.system.nouns import Actor, Border, Flashpoint, Pact, Pledge, Source, Tie
from foedus.system.values import Quantity
from foedus.system.verbs import Verbs

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class System(Verbs):
    """Actors, pacts, ties and borders as of the start of ``date`` (convention 4.13).

    Attributes
    ----------
    id, title : str
        Short name and heading.
    date : datetime.date
        Only pacts signed before this day and ties begun before it count; later ones may be held but are not in force.
    actors, pacts, ties, borders, sources, flashpoints : tuple
        The nouns. Arrays of every analysis are aligned on ``actors``.
    summary : str
        What this system is, in a sentence or two.
    limits : tuple of str
        What this system does not hold or what is disputed in it; shown in every report.

    Raises
    ------
    InvalidSystemError
        Duplicate ids, or a pact, tie or border that names an actor which is not there.

    Examples
    --------
    >>> import foedus as fd
    >>> s = fd.load("europe-1914")
    >>> s.actor("Germany").id
    'GMY'
    """

    id: str
    title: str
    date: dt.date
    actors: tuple[Actor, ...]
    pacts: tuple[Pact, ...] = ()
    ties: tuple[Tie, ...] = ()
    borders: tuple[Border, ...] = ()
    sources: tuple[Source, ...] = ()
    flashpoints: tuple[Flashpoint, ...] = ()
    summary: str = ""
    limits: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        problems = list(self.problems())
        if problems:
            raise InvalidSystemError("; ".join(problems[:8]))

    def problems(self) -> Iterator[str]:
        """Yield every contradiction between the nouns."""
        known = set()
        for actor in self.actors:
            if actor.id in known:
                yield f"actor {actor.id} stands twice"
            known.add(actor.id)
        if len(self.actors) < 2:
            yield f"a system needs two actors; got {len(self.actors)}"
        pact_ids = [p.id for p in self.pacts]
        for pact_id in sorted(
            {p for p in pact_ids if pact_ids.count(p) > 1} if len(set(pact_ids)) < len(pact_ids) else ()
        ):
            yield f"pact {pact_id} stands twice"
        for pact in self.pacts:
            for name in {m.actor for m in pact.members} | {p.by for p in pact.pledges}:
                if name not in known:
                    yield f"pact {pact.id} names {name}, which is no actor here"
            if pact.kind == "alignment" and pact.pledges:
                yield f"pact {pact.id} is an alignment and cannot carry pledges"
        for tie in self.ties:
            if tie.a == tie.b or tie.a not in known or tie.b not in known:
                yield f"tie {tie.a}-{tie.b} ({tie.reason}) needs two different actors of this system"
        for border in self.borders:
            if border.a == border.b or border.a not in known or border.b not in known:
                yield f"border {border.a}-{border.b} needs two different actors of this system"

    @cached_property
    def index(self) -> dict[str, int]:
        """Position of each actor id in ``actors``."""
        return {a.id: i for i, a in enumerate(self.actors)}

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """Actor ids in order."""
        return tuple(a.id for a in self.actors)

    def actor(self, query: str) -> Actor:
        """Return the one actor that an id, name, alias or code means (convention 4.15).

        Parameters
        ----------
        query : str
            ``SER``, ``Serbia``, an alias, ``cow:345``, ``gw:340`` or a bare COW code.

        Raises
        ------
        UnknownStateError
            Nobody, or more than one, bears it; lists the candidates.
        """
        if query in self.index:
            return self.actors[self.index[query]]
        want = query.strip().casefold()
        hits = [a for a in self.actors if want in _spellings(a)]
        if len(hits) == 1:
            return hits[0]
        if hits:
            raise ambiguous_state(query, self.date, [f"{a.id} ({a.name})" for a in hits])
        names = {s: a for a in self.actors for s in _spellings(a) if ":" not in s}
        near = difflib.get_close_matches(want, list(names), n=3, cutoff=0.6)
        raise unknown_state(query, self.date, dict.fromkeys(f"{names[n].id} ({names[n].name})" for n in near))

    def label(self, actor: str) -> str:
        """Return the name of the actor of an id, with the id where that does not abbreviate it; an id that nobody bears as it is."""
        return self.actors[self.index[actor]].label if actor in self.index else actor

    def active_pacts(self) -> tuple[Pact, ...]:
        """Pacts in force as of the start of the date, with at least one active member or guarantor."""
        return tuple(p for p in self.pacts if p.in_force(self.date) and p.active_members(self.date))

    def active_ties(self) -> tuple[Tie, ...]:
        """Ties in force as of the start of the date."""
        return tuple(t for t in self.ties if t.in_force(self.date))

    def pledges(self) -> Iterator[tuple[Pact, Pledge, str]]:
        """Yield (pact, pledge, recipient) for every pledge owed as of the start of the date."""
        for pact in self.active_pacts():
            members = set(pact.active_members(self.date))
            for pledge in pact.pledges:
                if pledge.by not in members:
                    continue
                for recipient in pact.recipients(pledge, self.date):
                    if recipient != pledge.by and recipient in self.index:
                        yield pact, pledge, recipient

    def sponsors(self, actor: str) -> tuple[str, ...]:
        """Ids of those who sponsor ``actor`` as of the date."""
        return tuple(t.a for t in self.active_ties() if t.reason == "sponsorship" and t.b == actor)

    def to_dict(self) -> dict[str, Any]:
        """Return a plain form that JSON can hold; equal systems give equal forms."""
        return _plain(self)

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the content, hexadecimal."""
        text = json.dumps(self.to_dict(), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def with_(self, **changes: Any) -> System:
        """Return a copy with some fields replaced."""
        return replace(self, **changes)


_EMPTY_IS_UNKNOWN = {"targets", "region"}
"""Fields in which an empty tuple says that names are given but not known, and None that there is no such condition."""


def _spellings(actor: Actor) -> set[str]:
    """Return every case-folded spelling that means this actor."""
    spellings = {actor.id.casefold(), actor.name.casefold(), *(a.casefold() for a in actor.aliases)}
    if actor.cow is not None:
        spellings |= {f"cow:{actor.cow}", str(actor.cow)}
    if actor.gw is not None:
        spellings.add(f"gw:{actor.gw}")
    return spellings


def _plain(value: Any) -> Any:
    """Return dataclasses, tuples, quantities and dates as JSON's own types, empty fields left out."""
    if isinstance(value, Quantity):
        return value.to_plain()
    if isinstance(value, dt.date):
        return value.isoformat()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        pairs = ((f.name, getattr(value, f.name)) for f in dataclasses.fields(value))
        return {k: _plain(v) for k, v in pairs if v is not None and (v != () or k in _EMPTY_IS_UNKNOWN)}
    if isinstance(value, tuple | list):
        return [_plain(v) for v in value]
    return value
