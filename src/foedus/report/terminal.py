"""A brief in a terminal, through rich: the sections of `foedus.report.brief` in 80 to 160 columns.

Nothing depends on colour. Every piece of text goes out as `rich.text.Text`, which parses no markup, so that a name
cannot style or hide anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.report.brief import sections
from foedus.report.model import Figure, Note, Table
from foedus.report.words import day

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from foedus.report.model import Block, Cell, Section
    from foedus.studies.brief import Findings

WIDEST, MEASURE = 160, 110
"""Columns of a print at most, and of its running text."""
NARROW, WIDE = 12, 22
"""Least columns that a column of text, and one that takes what is left, can do with."""
GAP = 2


def print_brief(findings: Findings, console: Console | None = None) -> None:
    """Print a brief.

    Parameters
    ----------
    findings : Findings
    console : rich.console.Console, optional
        By default one on standard output.
    """
    from rich.rule import Rule
    from rich.text import Text

    from foedus.terminal import console as opened

    out = console or opened(highlight=False)
    width = min(out.width, WIDEST)
    s = findings.system

    def put(item: RenderableType = "") -> None:
        out.print(item, width=width, highlight=False, markup=False, emoji=False)

    put(Text(s.title, style="bold"))
    put(Text(f"{s.id}, as of the start of {day(s.date)}", style="dim"))
    for section in sections(findings):
        put()
        put(Rule(Text(f"{section.number}  {section.question}", style="bold"), align="left", characters="─"))
        put(Text(_standing(section), style="dim"))
        after_table = False
        for block in section.blocks:
            shown = _shown(block, width)
            if shown and after_table and isinstance(block, Note) and block.look != "head":
                put()
            for item in shown:
                put(item)
            after_table = isinstance(block, Table) if shown else after_table


def _standing(section: Section) -> str:
    """Return the standing of a section as a line."""
    return f"{section.standing[0].upper()}{section.standing[1:]}."


def _shown(block: Block, width: int) -> list[RenderableType]:
    """Return what is printed for one block; figures and folded tables are for the page."""
    from rich.padding import Padding
    from rich.text import Text

    if isinstance(block, Figure) or (isinstance(block, Table) and block.folded):
        return []
    if isinstance(block, Note):
        return _note(block, width)
    parts: list[RenderableType] = [Text(""), Text(block.caption, style="bold")]
    if not block.rows:
        return [*parts, Padding(Text(block.empty), (0, 0, 0, 2))]
    parts.append(_table(block, width))
    left = len(block.rows) - block.top
    if left > 0:
        where = f" in {block.file}" if block.file else ""
        parts.append(Padding(Text(f"… and {left:,} more{where}", style="dim"), (0, 0, 0, 2)))
    return parts


def _note(note: Note, width: int) -> list[RenderableType]:
    """Return a subheading, a paragraph, an item with a hanging indent, or a remark."""
    from rich.padding import Padding
    from rich.table import Table as Grid
    from rich.text import Text

    if note.look == "head":
        return [Text(""), Text(note.text, style="bold")]
    if note.look == "item":
        grid = Grid.grid(padding=(0, 1, 0, 0))
        grid.width = min(width, MEASURE)
        grid.add_column(width=1)
        grid.add_column(ratio=1, overflow="fold")
        grid.add_row(Text("·"), Text(_tight(note.text)))
        return [grid]
    style = "dim italic" if note.look == "remark" else ""
    return [Padding(Text(_tight(note.text), style=style, overflow="fold"), (0, max(0, width - MEASURE), 0, 0))]


def _tight(text: str) -> str:
    """Return a sentence with the per cent sign close to its number: a terminal would break the line between them."""
    return text.replace(" %", "%")


def _table(table: Table, width: int) -> RenderableType:
    """Return a table cut to its first rows and to the columns that fit."""
    from rich import box
    from rich.table import Table as Grid
    from rich.text import Text

    rows = table.rows[: table.top]
    fixed = {k: _number_width(table, k, rows) for k, c in enumerate(table.columns) if c.number}
    chosen = _columns(table, fixed, width)
    grid = Grid(
        box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1), header_style="none", collapse_padding=True
    )
    for k in chosen:
        column = table.columns[k]
        grid.add_column(
            Text(_head(table, k, chosen)),
            justify="right" if column.number else "left",
            vertical="top",
            width=fixed.get(k),
            max_width=None if column.wide or column.number else max(NARROW, width // 3),
            overflow="fold",
        )
    for row in rows:
        grid.add_row(*(_cell(row[k]) for k in chosen))
    return grid


def _number_width(table: Table, k: int, rows: tuple[tuple[Cell, ...], ...]) -> int:
    """Return the width of a column of numbers: its longest cell, or the longest word of its head."""
    head = _head(table, k, [*range(len(table.columns))])
    words = max(len(w) for w in head.split())
    return max(words, min(len(head), NARROW), *(len(str(row[k])) for row in rows))


def _columns(table: Table, fixed: dict[int, int], width: int) -> list[int]:
    """Return the positions of the columns that fit, the least needed left out first."""
    chosen: list[int] = []
    for rank in (3, 2, 1):
        chosen = [k for k, c in enumerate(table.columns) if c.rank <= rank]
        need = sum(fixed.get(k, WIDE if table.columns[k].wide else NARROW) + GAP for k in chosen)
        if need <= width:
            return chosen
    return chosen


def _head(table: Table, k: int, chosen: list[int]) -> str:
    """Return a column's head; a continued one repeats its lead where the column before it is left out."""
    head = table.columns[k].head
    if k and head[0].islower() and (k - 1 not in chosen):
        lead = next((c.head.split(":")[0] for c in reversed(table.columns[:k]) if ":" in c.head), "")
        return f"{lead}: {head}" if lead else head
    return head


def _cell(cell: Cell) -> RenderableType:
    """Return a cell, its interval behind the number."""
    from rich.text import Text

    out = Text(cell.text)
    if cell.note and not cell.note.startswith("http"):
        out.append(f" {cell.note}", style="dim")
    return out
