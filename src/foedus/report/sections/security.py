"""Section 4 (claim C): the ledger of having allies, gains and costs side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.report.model import Cell, Column, Note, Section, Table
from foedus.report.sections import figures
from foedus.report.sections.standing import models
from foedus.report.words import (
    chance,
    clipped,
    counted,
    estimate,
    listed,
    percent,
    phrase,
    points,
    text,
    thousand,
    thousand_signed,
)

if TYPE_CHECKING:
    from foedus.report.model import Block
    from foedus.report.words import Names
    from foedus.security.ledger import Ally, Ledger
    from foedus.studies.brief import Findings


def section(f: Findings, names: Names) -> Section:
    """Return the section."""
    blocks: list[Block] = []
    total = len(f.system.actors)
    if len(f.ledgers) < total:
        blocks.append(
            Note(
                f"{len(f.ledgers)} of {total} actors have a ledger: great powers, the first two belligerents and those "
                "most often at war."
            )
        )
    blocks += [Note(line, "item") for line in _summary(f, names)]
    blocks += [figures.ledger(f), _gains(f, names), _costs(f, names), _allies(f, names), _threats(f, names)]
    blocks.append(
        Note(
            "Chances a year come from an onset fitted to 1816-2007: they compare, and do not forecast a date. Who holds is "
            "an assumed contest over who comes. Alone leaves out everybody's help, promised or not; together counts "
            "everybody by the chance that it comes. Adds most: the one who is missed most if it alone stays out while all "
            "others may come, and how many points of the chance to hold are lost then.",
            "remark",
        )
    )
    standing = "derived: attacks and helpers by fitted models, holding by an assumed contest; the chance to be drawn into wars elsewhere is simulated"
    return Section(
        "security",
        4,
        "Is each actor safer with its allies than alone, and at what price?",
        "Alone or together",
        standing,
        tuple(blocks),
    )


def _summary(f: Findings, names: Names) -> list[str]:
    """Return for whom the interval settles the sign, and the greatest gain and cost."""
    falls = [x for x in f.ledgers if x.safer.low > 0]
    rises = [x for x in f.ledgers if x.safer.high < 0]
    open_ = [x for x in f.ledgers if x.safer.low <= 0 <= x.safer.high]
    lines = [
        f"Chance to be attacked and beaten, together against alone: lower for {counted(len(falls), 'actor')}, "
        f"higher for {len(rises)}, "
        f"not settled by the interval for {len(open_)}."
    ]
    if falls:
        most = max(falls, key=lambda x: x.safer.mean)
        lines.append(f"Largest fall: {names.full(most.actor)}, by {phrase(most.safer, thousand)} in 1,000 a year.")
    if rises:
        lines.append(f"Higher together: {listed(names.all(x.actor for x in rises))}.")
    paid = [x for x in f.ledgers if x.entrapped]
    if paid:
        cost = max(paid, key=lambda x: x.entrapped[1].mean - x.entrapped[0].mean if x.entrapped else 0.0)
        without, with_ = cost.entrapped or (None, None)
        if without and with_:
            lines.append(
                f"Widest gap in the chance to be drawn into a war that begins elsewhere: {names.full(cost.actor)}, "
                f"{chance(without)} without its own pledges and {chance(with_)} with "
                "them."
            )
    return lines


def _best(ledger: Ledger) -> Ally | None:
    """Return the ally that adds most."""
    return next((a for a in ledger.allies if a.actor == ledger.adds_most), None)


def owed(ally: Ally, most: int = 1000) -> str:
    """Return what an ally is owed, pact by pact, names of pacts cut to ``most`` characters."""
    pacts: dict[str, list[str]] = {}
    for pledge in ally.owes:
        kind, _, pact = pledge.partition(" (")
        pacts.setdefault(pact.removesuffix(")"), []).append(kind)
    return (
        "; ".join(f"{', '.join(kinds)} ({clipped(pact, most)})" for pact, kinds in sorted(pacts.items()))
        or "nothing coded"
    )


def _gains(f: Findings, names: Names) -> Table:
    """Return what alliances give."""
    rows = []
    for x in f.ledgers:
        ally = _best(x)
        adds = (
            Cell(
                names.full(ally.actor),
                ally.adds.mean,
                f"{points(ally.adds.mean)} [{points(ally.adds.low)}, {points(ally.adds.high)}]",
            )
            if ally
            else Cell("no ally", None)
        )
        rows.append(
            (
                names.cell(x.actor),
                *(estimate(e, thousand) for e in x.attacked),
                *(estimate(e, percent) for e in x.holds),
                *(estimate(e, thousand) for e in x.beaten),
                estimate(x.safer, thousand_signed),
                adds,
            )
        )
    rows.sort(key=lambda r: -(r[5].sort or 0))
    columns = (
        Column("Actor"),
        Column("Attacked, in 1,000 a year: alone", number=True, rank=3),
        Column("together", number=True, rank=3),
        Column("Holds if attacked, %: alone", number=True, rank=2),
        Column("together", number=True, rank=2),
        Column("Beaten, in 1,000 a year: alone", number=True),
        Column("together", number=True),
        Column("fall", number=True, rank=2),
        Column("Adds most, points of holding"),
    )
    return Table(
        "ledger",
        "Gains: attacked, holding and beaten, alone and together [90 %]",
        columns,
        tuple(rows),
        "derived",
        models(f, "onset_fitted", "spread", "joining"),
        "ledger.csv",
        top=30,
    )


def _costs(f: Findings, names: Names) -> Table:
    """Return what alliances cost."""
    rows = []
    for x in f.ledgers:
        ally = _best(x)
        owes = owed(ally, 40) if ally else "–"
        others = sum(1 for a in x.allies if a.owes and a is not ally)
        pair = [estimate(e, percent) for e in x.entrapped] if x.entrapped else [Cell("–"), Cell("–")]
        rows.append((names.cell(x.actor), *pair, text(owes), Cell(str(others), others)))
    rows.sort(key=lambda r: -(r[2].sort or 0))
    columns = (
        Column("Actor"),
        Column("Drawn into wars elsewhere, %: without its pledges", number=True),
        Column("with them", number=True),
        Column("Owes the ally that adds most", wide=True),
        Column("Owes others", number=True, rank=2),
    )
    return Table(
        "entrapment",
        "Costs: drawn into wars that begin elsewhere, and what is owed",
        columns,
        tuple(rows),
        "simulated",
        models(f, "onset_fitted", "spread", "joining"),
        "ledger.csv",
        top=30,
    )


def _allies(f: Findings, names: Names) -> Table:
    """Return every ally of every ledger."""
    rows = tuple(
        (
            names.cell(x.actor),
            names.cell(a.actor),
            estimate(a.comes, percent),
            estimate(a.hold_only, percent),
            estimate(a.hold_without, percent),
            estimate(a.adds, points),
            text(owed(a)),
        )
        for x in f.ledgers
        for a in x.allies
    )
    columns = (
        Column("Actor"),
        Column("Helper"),
        Column("Comes, %", number=True),
        Column("Holds with it alone, %", number=True),
        Column("Holds without it, %", number=True),
        Column("Adds, points", number=True),
        Column("Is owed", wide=True),
    )
    return Table(
        "allies",
        "Every helper: its chance to come, what it adds, what it is owed",
        columns,
        rows,
        "derived",
        models(f, "onset_fitted", "spread", "joining"),
        "allies.csv",
        folded=True,
        empty="Nobody has a helper.",
    )


def _threats(f: Findings, names: Names) -> Table:
    """Return every threat of every ledger."""
    rows = tuple(
        (
            names.cell(x.actor),
            names.cell(t.actor),
            estimate(t.attack_alone, thousand),
            estimate(t.attack_together, thousand),
            estimate(t.hold_alone, percent),
            estimate(t.hold_together, percent),
        )
        for x in f.ledgers
        for t in x.threats
    )
    columns = (
        Column("Actor"),
        Column("Threat"),
        Column("Attacks, in 1,000 a year: alone", number=True),
        Column("together", number=True),
        Column("Holds, %: alone", number=True),
        Column("together", number=True),
    )
    return Table(
        "threats",
        "Every threat considered",
        columns,
        rows,
        "derived",
        models(f, "onset_fitted", "spread", "joining"),
        "threats.csv",
        folded=True,
    )
