"""Section 5 (claims D, E, I, J): who joins, how large, along which chains, where it would be fought, firebreaks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from foedus.report.kept import chains, fronts
from foedus.report.model import Cell, Column, Note, Section, Table
from foedus.report.sections import figures
from foedus.report.sections.standing import models
from foedus.report.words import chance, counted, estimate, listed, number, percent, phrase, plain, points, signed, text

if TYPE_CHECKING:
    from foedus.report.model import Block
    from foedus.report.words import Names
    from foedus.studies.brief import Findings

STEP = re.compile(
    r"(?P<who>\S+) \((?P<why>pledge to|alignment with|sponsorship of|sponsored by|ties to|enmity with|border with or nearness to|attacked by)"
    r"(?: (?P<whom>\S+))?\)"
)
CAUSES = {
    "flashpoint": "first shot",
    "attraction": "ties",
    "hostility": "enmity",
    "proximity": "nearness",
    "attacked": "attacked",
    "unexplained": "no coded reason",
}


def section(f: Findings, names: Names) -> Section:
    """Return the section."""
    w = f.war
    attacker, target = names.full(w.attacker), names.full(w.target)
    blocks: list[Block] = [Note(line, "item") for line in _summary(f, names)]
    blocks += [
        figures.joining(f, names),
        _table(f, names),
        figures.sizes(f),
        _sizes(f),
        _chains(f, names),
        figures.theatre(f),
        _fronts(f, names),
    ]
    if any(a.kind != "state" for a in f.system.actors):
        blocks.append(_groups(f, names))
    blocks.append(_firebreaks(f, names))
    blocks.append(
        Note(
            f"Within {w.days:g} days of the first shot, at rates fitted to disputes and wars since 1816. Not modelled: war plans, "
            "invasion routes, changing sides.",
            "remark",
        )
    )
    question = f"How far would a war spread from an attack of {attacker} on {target}, and where would it be fought?"
    standing = f"simulated: {counted(w.draws, 'war')}, {w.inner} to each draw of the uncertain inputs"
    return Section("war", 5, question, "War", standing, tuple(blocks))


def _summary(f: Findings, names: Names) -> list[str]:
    """Return size, spread and outcome with intervals, and the likeliest on each side."""
    w = f.war
    sides = []
    for side, leader in ((0, w.attacker), (1, w.target)):
        rows = sorted(
            ((a, e[side]) for a, e in w.p_join.items() if a != leader and e[side].mean >= 0.1), key=lambda r: -r[1].mean
        )
        who = listed(
            [f"{names.full(a)} {chance(e)}" for a, e in rows],
            8,
            none="nobody in a tenth of the wars or more",
        )
        sides.append(f"With {names.full(leader)} most often: {who}.")
    return [
        f"Anybody joins the first two in {chance(w.p_spread)} of the simulated wars; belligerents on "
        f"average {phrase(w.size, plain)}; "
        f"half of the system's capability at war in {chance(w.p_general)}.",
        f"The war is over within {w.days:g} days in {chance(w.p_over)}; the attacker's side prevails, or would, in "
        f"{chance(w.p_attacker_prevails)}.",
        *sides,
    ]


def _table(f: Findings, names: Names) -> Table:
    """Return one row an actor: side, day, what weighed most, front at its border."""
    w, home = f.war, f.war.at_home()
    rows = []
    for row in w.table().to_dicts():
        a, why = row["actor"], w.reasons(row["actor"])
        by_assumption = a in (w.attacker, w.target)
        chances = (
            number(e.mean, percent) if by_assumption else estimate(e, percent) for e in (*w.p_join[a], w.p_war[a])
        )
        mainly = max(why, key=lambda k: why[k]) if why else ""
        told = (
            f"{CAUSES.get(mainly, mainly)} {percent(why[mainly])} %"
            if mainly
            else ("first shot" if by_assumption else "–")
        )
        rows.append(
            (
                names.cell(a),
                *chances,
                number(row["day"], lambda x: f"{x:.0f}"),
                text(told),
                estimate(home[a], percent),
            )
        )
    columns = (
        Column("Actor"),
        Column(f"With {names.short(w.attacker)}, %", number=True),
        Column(f"With {names.short(w.target)}, %", number=True),
        Column("At war, %", number=True, rank=2),
        Column("Day", number=True, rank=2),
        Column("Mainly for, % of entries"),
        Column("Front at its land border, %", number=True, rank=3),
    )
    return Table(
        "war-table",
        "Who is at war, on which side [90 %], on which day of entry (median), and what weighed most",
        columns,
        tuple(rows),
        "simulated",
        models(f, "spread", "joining", "ties"),
        "war.csv",
        top=24,
    )


def _sizes(f: Findings) -> Table:
    """Return the distribution of size."""
    rows = tuple((Cell(str(n), n), number(share, percent)) for n, share in f.war.size_distribution().items())
    columns = (Column("Belligerents", number=True), Column("% of wars", number=True))
    return Table(
        "sizes",
        "Number of belligerents",
        columns,
        rows,
        "simulated",
        models(f, "spread", "joining"),
        "war-sizes.csv",
        folded=True,
    )


def chain_text(chain: tuple[str, ...], names: Names) -> str:
    """Return a chain with names for ids."""
    attacker, _, target = chain[0].partition(" > ")
    steps = [f"attack of {names.full(attacker)} on {names.full(target)}"]
    for step in chain[1:]:
        m = STEP.fullmatch(step)
        whom = f" {names.full(m['whom'])}" if m and m["whom"] else ""
        steps.append(
            f"{names.full(m['who'])} ({m['why']}{whom})"
            if m
            else names.full(step.split(" (")[0]) + step[len(step.split(" (")[0]) :]
        )
    return " → ".join(steps)


def _chains(f: Findings, names: Names) -> Table:
    """Return the commonest chains."""
    rows = tuple((text(chain_text(chain, names)), number(share, percent)) for chain, share in chains(f))
    columns = (Column("Chain: each entry on account of the one before", wide=True), Column("% of wars", number=True))
    return Table(
        "chains",
        "Commonest chains from the first shot to an entry",
        columns,
        rows,
        "simulated",
        models(f, "spread", "joining"),
        "war-chains.csv",
        top=8,
        empty="Nobody joins.",
    )


def _fronts(f: Findings, names: Names) -> Table:
    """Return where the war would be fought."""
    rows = tuple((names.cell(a), names.cell(b), estimate(e, percent)) for a, b, e in fronts(f))
    columns = (Column("Border of", wide=True), Column("with", wide=True), Column("% of wars [90 %]", number=True))
    return Table(
        "fronts",
        "Where it would be fought: land borders along which opposed belligerents meet",
        columns,
        rows,
        "simulated",
        models(f, "spread", "joining"),
        "war-fronts.csv",
        top=10,
        empty="No two opposed belligerents share a land border.",
    )


def _groups(f: Findings, names: Names) -> Table:
    """Return the armed groups, with their sponsors and how openly they act."""
    s, w = f.system, f.war
    rows = []
    for a in s.actors:
        if a.kind == "state":
            continue
        ties = sorted((t for t in s.active_ties() if t.reason == "sponsorship" and t.b == a.id), key=lambda t: t.a)
        side_a, side_b = w.p_join[a.id]
        by = "; ".join(f"{names.full(t.a)} ({t.openness})" for t in ties)
        rows.append((names.cell(a.id), text(by or "none coded"), estimate(side_a, percent), estimate(side_b, percent)))
    rows.sort(key=lambda r: -max(float(r[2].sort or 0), float(r[3].sort or 0)))
    columns = (
        Column("Group"),
        Column("Sponsors (how openly)", wide=True),
        Column(f"With {names.short(w.attacker)}, %", number=True),
        Column(f"With {names.short(w.target)}, %", number=True),
    )
    return Table(
        "groups",
        "Armed groups: sponsors (observed) and the side they join (simulated)",
        columns,
        tuple(rows),
        "simulated",
        models(f, "spread", "joining", "ties"),
        "war.csv",
        top=20,
    )


def firebreak_text(what: str, names: Names) -> str:
    """Return a firebreak with the actor's name for its id."""
    actor = what.removesuffix(" stays out")
    return f"{names.full(actor)} stays out" if actor != what else what


def _firebreaks(f: Findings, names: Names) -> Table:
    """Return the single changes tried."""
    rows = tuple(
        (text(firebreak_text(x.what, names)), estimate(x.size, signed), estimate(x.general, points))
        for x in f.firebreaks
    )
    columns = (
        Column("Change", wide=True),
        Column("Other belligerents [90 %]", number=True),
        Column("Half of capability at war, points [90 %]", number=True),
    )
    return Table(
        "firebreaks",
        "Firebreaks: single changes tried, on the same random numbers",
        columns,
        rows,
        "simulated",
        models(f, "spread", "joining"),
        "firebreaks.csv",
        empty="No pact and no actor drew anybody in.",
    )
