"""A brief as one HTML file: nothing loaded from elsewhere, everything escaped, a policy that forbids the rest."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from foedus.report.brief import sections
from foedus.report.model import Figure, Note, Table
from foedus.report.page import asset, policy, style_sheet
from foedus.report.sections.basis import version
from foedus.report.words import day
from foedus.terminal import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markupsafe import Markup

    from foedus.report.model import Block, Cell
    from foedus.studies.brief import Findings


INTERVAL = re.compile(r" \[[^\[\]]{1,24}\]")


def write_html(findings: Findings, path: str | Path) -> Path:
    """Write a brief as one page.

    Parameters
    ----------
    findings : Findings
    path : str or Path
        Written beside and renamed (convention 4.12).

    Returns
    -------
    Path
    """
    from foedus.report.export import replace_file

    return replace_file(Path(path), to_html(findings).encode())


def to_html(findings: Findings) -> str:
    """Return the page."""
    from markupsafe import Markup

    from foedus.report.figures import draw
    from foedus.report.figures.template import environment

    parts = sections(findings)
    figures = [b for s in parts for b in s.blocks if isinstance(b, Figure)]
    css, js = style_sheet(), asset("brief.js")
    page = (
        environment()
        .get_template("brief.html.j2")
        .render(
            sections=parts,
            system=findings.system,
            date=day(findings.system.date),
            draws=f"{findings.draws:,}",
            seed=findings.seed,
            version=version(),
            drawing={b.id: Markup(draw(findings, b)) for b in figures},
            css=Markup(css),
            js=Markup(js),
            policy=policy(css, js),
            grouped=_grouped,
            cell_text=_cell,
            lead_of=_lead,
            classes_of=_classes,
            tight=_tight,
        )
    )
    return page.lstrip()


def _grouped(blocks: Sequence[Block]) -> Iterator[tuple[str, Any]]:
    """Yield blocks with their kind, items that follow each other as one list."""
    items: list[Note] = []
    for block in blocks:
        if isinstance(block, Note) and block.look == "item":
            items.append(block)
            continue
        if items:
            yield "list", items
            items = []
        yield ("table" if isinstance(block, Table) else "figure" if isinstance(block, Figure) else block.look), block
    if items:
        yield "list", items


def _cell(cell: Cell) -> Markup:
    """Return a cell with its interval in smaller type; an address becomes a link, if it is one of the web."""
    from markupsafe import Markup, escape

    text, note = visible(cell.text), visible(cell.note)
    if note.startswith(("https://", "http://")):
        return Markup('<a href="{}" rel="noopener noreferrer">{}</a>').format(note, text)
    return Markup('{} <span class="iv">{}</span>').format(text, note) if note else escape(text)


def _tight(text: str) -> str:
    """Return a sentence that breaks neither before a per cent sign nor inside an interval."""
    return INTERVAL.sub(lambda m: m[0].replace(" ", "\u00a0"), text.replace(" %", "\u00a0%"))


def _classes(table: Table) -> list[Markup]:
    """Return the class attribute of each column."""
    from markupsafe import Markup

    return [Markup(' class="n"') if c.number else Markup(' class="w"') if c.wide else Markup("") for c in table.columns]


def _lead(table: Table, k: int) -> str:
    """Return what a head that continues the one before it leaves out, for those who hear the table."""
    if not k or not table.columns[k].head[0].islower():
        return ""
    return next((c.head.split(":")[0] for c in reversed(table.columns[:k]) if ":" in c.head), "")
