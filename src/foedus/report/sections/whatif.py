"""Section 7 (claim E): what an edit changes, on common random numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.report.model import Cell, Column, Note, Section, Table
from foedus.report.sections import figures
from foedus.report.sections.standing import models
from foedus.report.words import bracket, counted, listed, percent, points, signed, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from foedus.report.model import Block
    from foedus.report.words import Names
    from foedus.scenario.compare import Difference
    from foedus.studies.brief import Findings

QUESTION = "What would a change do?"


def section(f: Findings, names: Names) -> Section:
    """Return the section."""
    if f.what_if is None:
        return Section("what-if", 7, QUESTION, "What if", "simulated", (Note("No change was asked for."),))
    name, title, note, c = f.what_if
    settled = [quantity(d, names) for d in (*c.rows, *c.actors) if d.change and (d.change.low > 0 or d.change.high < 0)]
    blocks: list[Block] = [Note(f"{title} ({name}). {note}".strip())]
    blocks += [Note(f"Edit: {e}.", "item") for e in c.edits]
    blocks += [
        Note(f"Changes with an interval clear of zero: {listed(settled, 10)}.", "item"),
        _table(f, names, "what-if-system", "The whole system", c.rows),
        figures.what_if(f),
        _table(f, names, "what-if-actors", "Each actor, the largest change first", c.actors),
        Note(f"{c.note[0].upper()}{c.note[1:]}.", "remark"),
    ]
    standing = f"simulated: {counted(c.draws, 'war')} in each arm on common random numbers; second system less first"
    return Section("what-if", 7, QUESTION, "What if", standing, tuple(blocks))


def quantity(d: Difference, names: Names) -> str:
    """Return what differs, with the actor's name for its id."""
    actor = d.quantity.removesuffix(" at war")
    return f"{names.full(actor)} at war" if actor != d.quantity and actor in names else d.quantity


def is_share(d: Difference) -> bool:
    """Return whether a difference is one of shares, shown as per cent."""
    return d.quantity != "number of belligerents"


def _table(f: Findings, names: Names, key: str, caption: str, differences: Sequence[Difference]) -> Table:
    """Return one row a difference."""
    rows = []
    for d in differences:
        form, change = (percent, points) if is_share(d) else ("{:.1f}".format, signed)
        unit = "%" if is_share(d) else "count"
        pair = [Cell("absent") if v is None else Cell(form(v), v) for v in (d.first, d.second)]
        cell = (
            Cell(change(d.change.mean), d.change.mean, bracket(d.change.low, d.change.high, change))
            if d.change
            else Cell("–")
        )
        rows.append((text(quantity(d, names)), text(unit), *pair, cell))
    columns = (
        Column("Quantity", wide=True),
        Column("Unit", rank=2),
        Column("As it is", number=True),
        Column("Changed", number=True),
        Column("Difference [90 %]", number=True),
    )
    return Table(key, caption, columns, tuple(rows), "simulated", models(f, "spread", "joining"), "what-if.csv", top=12)
