"""Dossiers: what the system and the data at hand hold of one state, one pair of states, or one pact, as tables with their sources.

Gathers and names; decides nothing. What a real system holds is as of its date (convention 4.13); the tables of the published records run on past
it, say so, and are empty tables where a list is at hand and has no record, absent where the list is not at hand.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from foedus.errors import DataError, parameter
from foedus.studies import dossier_records as records
from foedus.system.nouns import REASONS
from foedus.system.propensity import propensity

if TYPE_CHECKING:
    import os

    import polars as pl

    from foedus.data.store import DataDir
    from foedus.system.nouns import Actor, Pact, Pledge
    from foedus.system.system import System

WORDS = {
    "defense": "defence",
    "offense": "offence",
    "neutral": "neutrality",
    "nonagg": "non-aggression",
    "consul": "consultation",
}


@dataclass(frozen=True)
class Section:
    """One table of a dossier.

    Attributes
    ----------
    name, title
        How it is addressed and called.
    frame : polars.DataFrame
    kind : str
        ``observed`` or ``derived``.
    source : str
        Id of the data set; empty where the system itself says it, row by row.
    note : str
        What its rows do not say.
    """

    name: str
    title: str
    frame: pl.DataFrame
    kind: str = "observed"
    source: str = ""
    note: str = ""


@dataclass(frozen=True)
class Dossier:
    """What is known of a state, a pair or a pact.

    Attributes
    ----------
    kind : str
        ``state``, ``pair`` or ``pact``.
    ids : tuple of str
    title : str
    facts : tuple of (str, str)
        Label and value; an unknown value reads ``unknown``.
    sections : tuple of Section
    """

    kind: str
    ids: tuple[str, ...]
    title: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...] = field(default=())

    def table(self, name: str) -> pl.DataFrame:
        """Return the table of a section.

        Raises
        ------
        ParameterError
            There is no such section here.
        """
        for section in self.sections:
            if section.name == name:
                return section.frame
        raise parameter("section", name, f"one of {', '.join(s.name for s in self.sections)}")

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON's own types."""
        sections = [
            {"name": s.name, "title": s.title, "kind": s.kind, "source": s.source, "note": s.note, "rows": s.frame.height} for s in self.sections
        ]  # fmt: skip
        return {
            "kind": self.kind,
            "ids": list(self.ids),
            "title": self.title,
            "facts": [list(f) for f in self.facts],
            "sections": sections,
        }


def dossier(
    system: System, *ids: str, pact: str | None = None, data_dir: str | os.PathLike[str] | None = None
) -> Dossier:
    """Return the dossier of a state, of a pair of states, or of a pact.

    Parameters
    ----------
    system : System
    *ids : str
        One state or two, by any name, abbreviation or code (convention 4.15).
    pact : str, optional
        Id of a pact of the system, instead of states.
    data_dir : path, optional
        Folder with the published files, for the records of real states; what is not at hand is left out.

    Raises
    ------
    UnknownStateError
        Nobody of that name.
    ParameterError
        No such pact, or neither one pact nor one or two states.

    Examples
    --------
    >>> import foedus as fd
    >>> d = dossier(fd.load("europe-1914"), "GMY", "AUH")
    >>> d.title, "pledges" in [s.name for s in d.sections]
    ('Germany and Austria-Hungary', True)
    """
    data = _at_hand(data_dir)
    if pact is not None and not ids:
        return _pact(system, pact, data)
    actors = [system.actor(i) for i in ids]
    if len(actors) == 1 and pact is None:
        return _state(system, actors[0], data)
    if len(actors) == 2 and pact is None and actors[0].id != actors[1].id:
        return _pair(system, actors[0], actors[1], data)
    raise parameter("ids", ", ".join(ids) or "none", "one state, two different states, or pact=ID")


def _at_hand(data_dir: str | os.PathLike[str] | None) -> DataDir | None:
    """Return the data files, None where there is no folder."""
    from foedus.data.store import DataDir

    try:
        return DataDir.of(data_dir)
    except DataError:
        return None


def _state(system: System, a: Actor, data: DataDir | None) -> Dossier:
    """Return the dossier of one state."""
    mine = [p for p in system.active_pacts() if a.id in p.active_members(system.date)]
    facts = [
        ("Codes", ", ".join(x for x in (a.id, f"cow:{a.cow}" if a.cow else "", f"gw:{a.gw}" if a.gw else "") if x)),
        ("Also called", ", ".join(a.aliases) or "no other name here"), ("Kind", a.kind), ("Region", a.region or "unknown"),
        ("Great power", "yes" if a.major else "no"),
        ("Capability", "; ".join(f"{name} {q}" for name, q in a.capability) or "unknown"),
        ("Regime (0 closed autocracy, 1 electoral democracy)", a.regime_label or (str(a.regime) if a.regime is not None else "unknown")),
        ("Religion of the majority", a.religion_majority or "unknown"), ("Nuclear weapons", a.nuclear), ("Note", a.note or "none"),
    ]  # fmt: skip
    sections = [
        _ties(system, a.id, None),
        Section("pacts", "Pacts in force", _pact_rows(system, mine, a.id)),
        Section("pledges", "What it owes and is owed", _pledge_rows(system, lambda by, to: a.id in (by, to))),
    ]
    if data is not None and a.cow is not None:
        sections += records.of_state(data, a.cow)
    return Dossier("state", (a.id,), a.name, tuple(facts), tuple(sections))


def _pair(system: System, a: Actor, b: Actor, data: DataDir | None) -> Dossier:
    """Return the dossier of two states."""
    both = {a.id, b.id}
    touch = [x.type for x in system.borders if {x.a, x.b} == both and x.there(system.date)]
    shared = [p for p in system.active_pacts() if both <= set(p.active_members(system.date))]
    facts = [("Contiguity", ", ".join(touch) or "none known"), ("Pacts of both", str(len(shared)))]
    sections = [
        _ties(system, a.id, b.id),
        Section("stated", "Ties that the sources state", _stated(system, both)),
        Section("pacts", "Pacts of both", _pact_rows(system, shared, a.id)),
        Section("pledges", "Pledges between them", _pledge_rows(system, lambda by, to: {by, to} == both)),
    ]
    if data is not None and a.cow is not None and b.cow is not None:
        sections += records.of_pair(data, a.cow, b.cow)
    return Dossier("pair", (a.id, b.id), f"{a.name} and {b.name}", tuple(facts), tuple(sections))


def _pact(system: System, name: str, data: DataDir | None) -> Dossier:
    """Return the dossier of one pact."""
    found = next((p for p in system.pacts if name in (p.id, p.name)), None)
    if found is None:
        raise parameter("pact", name, f"the id of a pact of {system.title}", "the question 'system' lists them")
    p = found
    import polars as pl

    facts = [
        ("Kind", p.kind), ("Signed", str(p.start or "unknown")), ("Ended", str(p.end) if p.end else "not as of the date"),
        ("In force", "yes" if p.in_force(system.date) else "no"), ("Number in ATOP", str(p.atop) if p.atop else "none"), ("Note", p.note or "none"),
    ]  # fmt: skip
    names = {a.id: a.name for a in system.actors}
    there = p.active_members(system.date)
    rows = [(m.actor, names[m.actor], m.entry or p.start, m.exit or p.end, m.actor in there) for m in p.members]
    schema = {"actor": pl.String, "name": pl.String, "entry": pl.Date, "exit": pl.Date, "member_on_date": pl.Boolean}
    sections = [
        Section(
            "members",
            "Members",
            pl.DataFrame(rows, schema=schema, orient="row"),
            note="an end after the system's date is not in it",
        ),
        Section("pledges", "Who promises what to whom", _promised(p)),
    ]
    if data is not None and p.atop is not None:
        sections += records.of_pact(data, p.atop)
    return Dossier("pact", (p.id,), p.name, tuple(facts), tuple(sections))


def _ties(system: System, a: str, b: str | None) -> Section:
    """Return the weighted ties of an actor, to all or to one, by reason."""
    import polars as pl

    centre = propensity(system, seed=None)
    k, names = system.index[a], {x.id: x.name for x in system.actors}
    rows = []
    for at in range(len(centre.i)):
        ends = (int(centre.i[at]), int(centre.j[at]))
        if k not in ends or centre.weight[0][at] == 0:
            continue
        other = system.ids[ends[0] + ends[1] - k]
        if b is None or other == b:
            parts = {r: float(centre.parts[0][n, at]) for n, r in enumerate(REASONS)}
            rows.append((other, names[other], float(centre.total[0][at]), float(centre.weight[0][at]), *parts.values()))
    head = {"with": pl.String, "name": pl.String, "propensity": pl.Float64, "weight": pl.Float64}
    frame = pl.DataFrame(rows, schema=head | dict.fromkeys(REASONS, pl.Float64), orient="row")
    used = [r for r in REASONS if frame.height and (frame[r] != 0).any()]
    note = "propensity is the weighted sum over the reasons, at the centre of every uncertain number; the weight also counts both sizes"
    shown = frame.select(*head, *used).sort(pl.col("weight").abs(), descending=True)
    return Section("ties", "Ties by reason", shown, "derived", note=note)


def _stated(system: System, both: set[str]) -> pl.DataFrame:
    """Return the ties that sources state between two actors."""
    import polars as pl

    rows = [
        (t.a, t.b, t.reason, str(t.strength), t.openness, t.start, t.end, t.note, ", ".join(t.sources))
        for t in system.active_ties()
        if {t.a, t.b} == both
    ]
    schema = {
        "a": pl.String, "b": pl.String, "reason": pl.String, "strength": pl.String, "openness": pl.String, "start": pl.Date, "end": pl.Date,
        "note": pl.String, "sources": pl.String,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def _pact_rows(system: System, pacts: list[Pact], actor: str) -> pl.DataFrame:
    """Return one row a pact."""
    import polars as pl

    rows = []
    for p in pacts:
        own = dict.fromkeys(WORDS[q.type] for q in p.pledges if q.by == actor)
        others = [m for m in p.active_members(system.date) if m != actor]
        rows.append(
            (p.id, p.name, p.kind, p.start, ", ".join(own) or "nothing coded", ", ".join(others), ", ".join(p.sources))
        )
    names = ("pact", "name", "kind", "signed", "promises", "with", "sources")
    schema = {n: pl.Date if n == "signed" else pl.String for n in names}
    return pl.DataFrame(rows, schema=schema, orient="row").sort("signed", "pact", nulls_last=True)


def _pledge_rows(system: System, wanted: Any) -> pl.DataFrame:
    """Return one row a pledge and recipient."""
    import polars as pl

    rows = [
        (q.by, to, WORDS[q.type], conditions(q), p.name, p.id, q.article, q.variables)
        for p, q, to in system.pledges()
        if wanted(q.by, to)
    ]
    names = ("by", "to", "promise", "conditions", "pact_name", "pact", "article", "variables")
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row").unique(maintain_order=True)


def _promised(p: Pact) -> pl.DataFrame:
    """Return one row a pledge of a pact."""
    import polars as pl

    rows = [
        (
            q.by,
            ", ".join(q.to) or "all other members",
            WORDS[q.type],
            conditions(q),
            q.article,
            q.variables,
            ", ".join(q.sources),
        )
        for q in p.pledges
    ]
    names = ("by", "to", "promise", "conditions", "article", "variables", "sources")
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")


def conditions(q: Pledge) -> str:
    """Return the conditions of a pledge as words.

    Examples
    --------
    >>> from foedus.system.nouns import Pledge
    >>> conditions(Pledge("A", "defense", targets=("B",), unprovoked=True))
    'against B; only if attacked without provocation'
    """
    said = []
    if q.targets is not None:
        said.append(
            f"against {', '.join(q.targets)}"
            if q.targets
            else "against adversaries that the text names and the data do not"
        )
    if q.not_targets:
        said.append(f"not against {', '.join(q.not_targets)}")
    if q.region is not None:
        said.append(f"in {', '.join(q.region)}" if q.region else "in a region that the text names and the data do not")
    said += ["only if attacked without provocation"] if q.unprovoked else []
    said += [f"by {q.min_attackers} attackers or more"] if q.min_attackers > 1 else []
    said += [
        x
        for x in (
            q.conflict,
            f"unclear: {q.unclear}" if q.unclear else "",
            f"disputed: {q.disputed}" if q.disputed else "",
        )
        if x
    ]
    return "; ".join(said) or "none coded"
