"""Section 3: what an attack demands of everyone who has pledged something to the belligerents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.report.model import Cell, Column, Note, Section, Table
from foedus.report.sections.standing import scenario
from foedus.report.words import counted, listed, text

if TYPE_CHECKING:
    from foedus.obligations.bound import Obligation
    from foedus.report.model import Block
    from foedus.report.words import Names
    from foedus.studies.brief import Findings

VERDICTS = ("bound", "stay out", "undetermined", "released", "not triggered")


def section(f: Findings, names: Names) -> Section:
    """Return the section."""
    b = f.bound
    attacker, target = names.full(b.attacker), names.full(b.target)
    blocks: list[Block] = [Note(f"First shot: attack of {attacker} on {target} ({f.flashpoint[2].rstrip('.')}).")]
    if b.rows:
        by_actor = b.by_actor()
        for verdict in VERDICTS:
            who = [
                names.full(a) + (" (a breach)" if row.breach else "")
                for a, row in by_actor.items()
                if row.verdict == verdict
            ]
            if who:
                blocks.append(Note(f"{verdict[0].upper()}{verdict[1:]}: {listed(who, 20)}.", "item"))
        blocks.append(
            _table(f, names, "obligations", "Most demanding obligation of each actor", list(by_actor.values()))
        )
        if len(b.rows) > len(by_actor):
            caption = f"Every pledge owed to a belligerent, {counted(len(b.rows), 'row')}"
            blocks.append(_table(f, names, "obligations-all", caption, list(b.rows), folded=True))
    else:
        blocks.append(Note(f"No pledge in force is owed to {attacker} or {target}."))
    blocks.append(
        Note(
            "A verdict is the clause as written, applied to this attack only; whether a bound ally honours it is a "
            "question for "
            "section 5, and who else is bound once a third party has joined is followed there day by day.",
            "remark",
        )
    )
    question = f"Who is bound by an attack of {attacker} on {target}?"
    return Section("obligations", 3, question, "Obligations", "derived: from the coded clauses, by rule", tuple(blocks))


def _table(f: Findings, names: Names, key: str, caption: str, rows: list[Obligation], *, folded: bool = False) -> Table:
    """Return one row an obligation."""

    def row(r: Obligation) -> tuple[Cell, ...]:
        verdict = Cell(r.verdict, VERDICTS.index(r.verdict))
        cells = (
            names.cell(r.actor),
            verdict,
            names.cell(r.ally),
            text(f"{r.pact}: {r.pledge if r.pledge != 'none' else 'no pledge'}"),
            text(names.within(r.reason)),
            text(r.article or "–"),
        )
        return (*cells, text(r.disputed or "–")) if disputed else cells

    disputed = any(r.disputed for r in rows)
    columns = (
        Column("Actor"),
        Column("Verdict"),
        Column("Owed to"),
        Column("Pact and pledge", wide=True),
        Column("Why", wide=True),
        Column("Clause", rank=3, wide=True),
        *([Column("Disputed", rank=9, wide=True)] if disputed else []),
    )
    return Table(
        key,
        caption,
        columns,
        tuple(row(r) for r in rows),
        "derived",
        scenario(f),
        "obligations.csv",
        top=20,
        folded=folded,
    )
