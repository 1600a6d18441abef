"""Section 1: the system in one paragraph, the findings in a line each, and who is in it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from foedus.report.model import Cell, Column, Note, Section, Table
from foedus.report.sections.standing import scenario
from foedus.report.sections.war import firebreak_text
from foedus.report.words import (
    KINDS,
    PLURALS,
    chance,
    counted,
    day,
    listed,
    number,
    percent,
    phrase,
    plain,
    signed,
    text,
)

if TYPE_CHECKING:
    from foedus.report.model import Block
    from foedus.report.words import Names
    from foedus.studies.brief import Findings

PACT_WORDS = {"treaty": "treaty", "guarantee": "guarantee", "alignment": "alignment", "intervention": "intervention"}
PACT_PLURALS = {"treaty": "treaties"}


def section(f: Findings, names: Names) -> Section:
    """Return the section."""
    s = f.system
    blocks: list[Block] = [Note(s.summary)] if s.summary else []
    blocks += [Note(_counts(f)), *(Note(line, "item") for line in in_short(f, names)), _actors(f, names)]
    if any(a.factions for a in s.actors):
        blocks.append(_factions(f, names))
    return Section("system", 1, "What is this system?", "System", "observed", tuple(blocks))


def _counts(f: Findings) -> str:
    """Return what the system holds, in a sentence."""
    s = f.system
    kinds = Counter(a.kind for a in s.actors)
    who = listed(counted(kinds[k], KINDS[k], PLURALS[k]) for k in KINDS if kinds[k])
    pacts = Counter(p.kind for p in s.active_pacts())
    held = listed(counted(pacts[k], PACT_WORDS[k], PACT_PLURALS.get(k, "")) for k in PACT_WORDS if pacts[k])
    pledges, ties = sum(1 for _ in s.pledges()), len(s.active_ties())
    return (
        f"As of the start of {day(s.date)}: {who}. In force: {held} with {counted(pledges, 'pledge')} owed; "
        f"{counted(ties, 'stated tie')}, {counted(len(s.borders), 'border')}."
    )


def in_short(f: Findings, names: Names) -> list[str]:
    """Return the main findings, one line each, every one with its interval or its proof."""
    b, w = f.blocs, f.war
    lines = []
    if b.total:
        apart = set(b.apart)
        sizes = [len([a for a in b.members(k) if a not in apart]) for k in (0, 1)]
        doubtful = sum(a not in apart for a in b.doubtful)
        between = f"; {doubtful} of them in doubt" if doubtful else ""
        between += f"; {len(apart)} apart, placed by enmity alone" if apart else ""
        lines.append(
            f"Blocs: around {names.full(b.names[0])} ({sizes[0]}) and {names.full(b.names[1])} ({sizes[1]}){between}; "
            f"{b.fit()}."
        )
    lines.append(
        f"War: after an attack of {names.full(w.attacker)} on {names.full(w.target)}, {phrase(w.size, plain)} "
        "belligerents on average; "
        f"half of the system's capability is at war in {chance(w.p_general)} of simulated wars."
    )
    if f.firebreaks:
        first = f.firebreaks[0]
        sure = "the interval excludes no change" if first.size.high < 0 else "the interval includes no change"
        what = firebreak_text(first.what, names)
        lines.append(
            f"Firebreak: of {len(f.firebreaks)} tried, “{what}” changes the number of other belligerents most, "
            f"by {phrase(first.size, signed)}; {sure}."
        )
    if f.what_if and f.what_if[3].rows and (change := f.what_if[3].rows[0].change):
        lines.append(f"What if “{f.what_if[1]}”: {f.what_if[3].rows[0].quantity} {phrase(change, signed)}.")
    return lines


def _actors(f: Findings, names: Names) -> Table:
    """Return the table of actors."""
    s, power = f.system, f.blocs.centre.power[0]
    rows = tuple(
        (
            text(names.whole(a.id)),
            text(a.id),
            text(KINDS[a.kind]),
            number(float(power[k]), percent),
            Cell("yes" if a.major else "", int(a.major)),
            text("" if a.nuclear == "none" else a.nuclear),
            _quantity(a.regime),
            text(a.regime_label or "–"),
            text(a.religion_ruling or "–"),
            _quantity(a.control),
        )
        for k, a in enumerate(s.actors)
    )
    columns = (
        Column("Actor", wide=True),
        Column("Id"),
        Column("Kind"),
        Column("Capability, % of the system", number=True),
        Column("Great power"),
        Column("Nuclear"),
        Column("Regime, 0 closed to 1 electoral", number=True),
        Column("Regime in words", wide=True),
        Column("Ruling confession"),
        Column("Control of territory", number=True),
    )
    return Table(
        "actors",
        "Actors (capability is derived from its parts at the centre of their ranges)",
        columns,
        rows,
        "observed",
        scenario(f),
        "actors.csv",
        folded=True,
    )


def _quantity(q: object) -> Cell:
    """Return an uncertain number, unknown where None."""
    return Cell("unknown", None) if q is None else Cell(str(q), getattr(q, "centre", None))


def _factions(f: Findings, names: Names) -> Table:
    """Return the table of factions inside actors."""
    rows = tuple(
        (names.cell(a.id), text(x.name), _quantity(x.weight), text(names.full(x.leans) if x.leans else "–"))
        for a in f.system.actors
        for x in a.factions
    )
    columns = (Column("Actor"), Column("Faction", wide=True), Column("Weight", number=True), Column("Leans to"))
    return Table(
        "factions", "Factions inside actors", columns, rows, "observed", scenario(f), "factions.csv", folded=True
    )
