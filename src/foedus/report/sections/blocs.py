"""Section 2 (claim A): two blocs, how surely, why, and what stands against that line-up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from foedus.report.kept import line_up, whys
from foedus.report.model import Cell, Column, Note, Section, Table
from foedus.report.sections import figures
from foedus.report.sections.standing import models
from foedus.report.words import bracket, counted, listed, number, percent, plain, signed, text

if TYPE_CHECKING:
    from foedus.blocs.result import Why
    from foedus.report.model import Block
    from foedus.report.words import Names
    from foedus.studies.brief import Findings

LEADING, LISTED = 6, 24
"""Leading actors whose place is explained, and members listed by name in a sentence."""


def section(f: Findings, names: Names) -> Section:
    """Return the section."""
    b, found = f.blocs, whys(f)
    blocks: list[Block] = []
    if b.total == 0:
        blocks.append(Note("No two actors are joined by a tie, so there are no blocs."))
    else:
        blocks += [Note(line, "item") for line in [*_blocs(f, names), *_other_line_ups(f, names)]]
        blocks += [figures.network(f, names), figures.membership(f), _table(f, names), figures.reasons(f)]
        blocks.append(Note("Why: the doubtful and the leading", "head"))
        blocks += [Note(sentence(found[a], names), "item") for a in _explained(f)]
        blocks += [
            _reasons(f, names),
            Note("Balance", "head"),
            Note(_balance(f)),
            _frustrated(f, names),
            Note(_search(f), "remark"),
        ]
    standing = (
        f"derived: solved at the centre of every uncertain number; shares over {counted(b.draws, 'draw')} of them"
    )
    return Section(
        "blocs", 2, "Which blocs form, who is in which, how surely, and why?", "Blocs", standing, tuple(blocks)
    )


def _blocs(f: Findings, names: Names) -> list[str]:
    """Return who is in which bloc, who stands between and who has no tie."""
    b = f.blocs
    sure = dict(zip(b.system.ids, b.membership, strict=True))
    lines, apart = [], set(b.apart)
    power = dict(zip(b.system.ids, b.centre.power[0], strict=True))
    for label in (0, 1):
        members = [a for a in b.members(label) if a not in apart]
        if len(members) > LISTED:
            members.sort(key=lambda a: -power[a])
        named = listed([f"{names.full(a)} {percent(float(sure[a]))} %" for a in members], LISTED)
        lines.append(
            f"Bloc of {names.full(b.names[label])}, {counted(len(members), 'member')} (share of draws in it): {named}."
        )
    between = [a for a in b.doubtful if a not in apart]
    if between:
        lines.append(
            f"Between the blocs (in its bloc in less than 90 % of draws): {listed(names.all(between), LISTED)}."
        )
    if apart:
        lines.append(
            "Apart, placed by enmity alone with next to no friend in either bloc: "
            f"{listed(names.all(b.apart), LISTED)}."
        )
    if b.unattached:
        lines.append(f"Unattached, without any tie: {listed(names.all(b.unattached), LISTED)}.")
    return lines


def _other_line_ups(f: Findings, names: Names) -> list[str]:
    """Return what is proved, what is second best, and whether another number of blocs fits better."""
    b = f.blocs
    gap = 100 * (b.two.value - b.two.bound) / b.total
    proof = "proved best" if b.two.proved else f"best found; the proved bound lies {gap:.1f} % of tie weight below it"
    lines = [
        f"{b.fit()[0].upper()}{b.fit()[1:]}. Two blocs: {proof}; three: {_proof(b.three.proved)}; any number: "
        f"{_proof(b.free.proved)}."
    ]
    movers = listed(names.all(b.system.ids[k] for k in b.second.movers), LISTED)
    how = "" if b.second.proved else " at most (not proved)"
    best = (
        counted(b.second.optima, "line-up reaches", "line-ups reach")
        if b.second.optima
        else "at least two line-ups reach"
    )
    lines.append(
        f"Second best: {movers} on the other side, for {plain(100 * b.second.gap / b.total)} % of tie weight more{how}; "
        f"{best} the optimum."
    )
    return lines


def _proof(proved: bool) -> str:
    """Return the badge of a line-up."""
    return "proved best" if proved else "best found, not proved"


def _explained(f: Findings) -> list[str]:
    """Return the doubtful and the leading actors, without repetition."""
    b, power = f.blocs, f.blocs.centre.power[0]
    unattached = set(b.unattached)
    ranked = [b.system.ids[k] for k in np.argsort(-power, kind="stable")]
    leading = [a for a in ranked if a not in unattached][:LEADING]
    doubtful = [a for a in ranked if a in set(b.doubtful)][:LEADING]
    return list(dict.fromkeys([*doubtful, *(n for n in b.names if n in b.system.index), *leading]))


def sentence(why: Why, names: Names) -> str:
    """Return what holds an actor in its bloc, with intervals, and its heaviest partners."""

    def told(rows: list[tuple[str, float, float, float]]) -> str:
        return ", ".join(f"{r.replace('_', ' ')} {signed(v)} {bracket(low, high, signed)}" for r, v, low, high in rows)

    held = [r for r in why.by_reason if r[1] > 0.02][:3]
    torn = [r for r in why.by_reason if r[1] < -0.02][:2]
    line = f"{names.full(why.actor)}: with the bloc of {names.full(why.bloc)} in {percent(why.membership)} % of draws"
    line += f"; held by {told(held)}" if held else "; nothing coded holds it there"
    line += f"; pulled away by {told(torn)}" if torn else ""
    with_whom = [f"{names.full(a)} {signed(v)} ({main.replace('_', ' ')})" for a, v, _, _, main in why.by_actor[:3]]
    return f"{line}. Heaviest partners: {listed(with_whom)}."


def _table(f: Findings, names: Names) -> Table:
    """Return one row an actor, surest and most capable first within a bloc."""
    b = f.blocs
    rows = []
    for row in line_up(f):
        share = None if row["membership"] is None else Cell(percent(row["membership"]), row["membership"])
        bloc = names.full(row["bloc"]) if row["standing"] in {"member", "between"} else "neither"
        rows.append(
            (
                names.cell(row["actor"]),
                text(bloc),
                share or Cell("–"),
                text(row["standing"]),
                text(row["held_by"].replace("_", " ")),
                text(row["pulled_away_by"].replace("_", " ")),
            )
        )
    order = {names.full(b.names[0]): 0, names.full(b.names[1]): 1}
    power = dict(zip((names.tagged(a) for a in b.system.ids), b.centre.power[0], strict=True))
    rows.sort(key=lambda r: (order.get(r[1].text, 2), -power[r[0].text]))
    columns = (
        Column("Actor"),
        Column("Bloc of"),
        Column("In it, % of draws", number=True),
        Column("Standing"),
        Column("Held by", rank=2, wide=True),
        Column("Pulled away by", rank=2),
    )
    return Table(
        "blocs-table",
        "Line-up, the most capable first",
        columns,
        tuple(rows),
        "derived",
        models(f, "ties"),
        "blocs.csv",
        top=30,
    )


def _reasons(f: Findings, names: Names) -> Table:
    """Return every pull of every actor by reason."""
    rows = tuple(
        (names.cell(a), text(r.replace("_", " ")), Cell(signed(v), v, bracket(low, high, signed)))
        for a, why in whys(f).items()
        for r, v, low, high in why.by_reason
    )
    columns = (
        Column("Actor"),
        Column("Reason"),
        Column("Pull towards its bloc, share of all pulls [90 %]", number=True),
    )
    return Table(
        "reasons-table",
        "What pulls each actor, by reason",
        columns,
        rows,
        "derived",
        models(f, "ties"),
        "reasons.csv",
        folded=True,
    )


def _balance(f: Findings) -> str:
    """Return how balanced the signs are."""
    x = f.blocs.balance
    kinds = ", ".join(f"{n} {k.replace('-', '−')}" for k, n in x.triads.items())
    line = f"{counted(x.ties, 'tie')}, {x.negative} negative"
    line += (
        f"; triads {kinds}, {percent(x.triad_share)} % of them balanced" if x.triad_share is not None else "; no triads"
    )
    proof = "proved fewest" if x.frustration_proved else "fewest found"
    line += f"; {counted(x.frustration, 'tie')} against two blocs ({proof})"
    return line + (f", normalised balance {x.normalised:.2f} (1 is perfect)." if x.normalised is not None else ".")


def _frustrated(f: Findings, names: Names) -> Table:
    """Return the ties that stand against the line-up."""
    rows = tuple(
        (
            names.cell(a),
            names.cell(b),
            text("friendly, across the blocs" if share > 0 else "hostile, inside one bloc"),
            number(abs(share), lambda x: f"{100 * x:.2f}"),
        )
        for a, b, share in f.blocs.frustrated()
    )
    columns = (Column("Actor"), Column("Actor"), Column("Tie", wide=True), Column("% of all tie weight", number=True))
    return Table(
        "frustrated",
        "The evidence against the line-up: heaviest ties that it leaves frustrated",
        columns,
        rows,
        "derived",
        models(f, "ties"),
        "frustrated.csv",
        top=8,
        empty="No tie stands against the line-up.",
    )


def _search(f: Findings) -> str:
    """Return how far the search in each draw can be trusted, and what the strengths are."""
    b = f.blocs
    return (
        f"In each draw the line-up is searched, not proved; of {b.checked} draws also solved exactly, the search had "
        f"found the optimum in {b.agreed}. "
        "Membership says how far the coded ties and their assumed weights settle an actor's place, not how it will act."
    )
