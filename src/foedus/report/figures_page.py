"""Chosen figures as one HTML file: nothing loaded from elsewhere, everything escaped, a policy that forbids the rest.

Formats what it is given; drawings must have been read strictly before (`studio.exports.svg` does).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

ROWS = 200
"""Rows of a table that a page shows."""


@dataclass(frozen=True)
class Chosen:
    """One figure of a report.

    Attributes
    ----------
    title, kind, citation, python, cli
        What it is called, whether it is observed, derived, estimated or simulated, how to cite it, and how to have it again.
    drawing
        SVG that holds shapes and words only, empty where there is none.
    columns, rows
        The table, empty where there is none; an uncertain cell is a dict of mean, low and high.
    notes, sources
        What it cannot say, and what it rests on.
    """

    title: str
    kind: str
    citation: str
    python: str
    cli: str = ""
    drawing: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Any, ...], ...] = ()
    notes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


def figures_page(title: str, figures: Sequence[Chosen], *, day: dt.date | None = None) -> str:
    """Return a page of figures.

    Parameters
    ----------
    title : str
    figures : sequence of Chosen
    day : datetime.date, optional
        Printed as the day on which it was made; today, if not given.

    Returns
    -------
    str
        HTML.

    Examples
    --------
    >>> page = figures_page("July <1914>", [Chosen("Blocs", "derived", "foedus", "import foedus")])
    >>> "July &lt;1914&gt;" in page
    True
    """
    from markupsafe import Markup

    from foedus.report.figures.template import environment
    from foedus.report.page import policy, style_sheet
    from foedus.report.sections.basis import version

    css = style_sheet()
    shown = [
        {
            "title": f.title, "kind": f.kind, "citation": f.citation, "python": f.python, "cli": f.cli, "notes": f.notes, "sources": f.sources,
            "drawing": Markup(f.drawing), "table": _table(f),
        }
        for f in figures
    ]  # fmt: skip
    page = environment().get_template("figures.html.j2")
    made = (day or dt.datetime.now(dt.UTC).date()).isoformat()
    return page.render(
        title=title, figures=shown, version=version(), made=made, css=Markup(css), policy=policy(css)
    ).lstrip()


def _table(f: Chosen) -> dict[str, Any] | None:
    """Return a table as words."""
    if not f.columns:
        return None
    return {
        "columns": f.columns,
        "rows": [[_words(c) for c in r] for r in f.rows[:ROWS]],
        "left": max(0, len(f.rows) - ROWS),
    }


def _words(cell: Any) -> str:
    """Return a cell's text; what is not known says so."""
    if cell is None:
        return "unknown"
    if isinstance(cell, dict):
        mean, low, high = (cell.get(k) for k in ("mean", "low", "high"))
        return "unknown" if mean is None else f"{_words(mean)} ({_words(low)} to {_words(high)})"
    return f"{cell:.4g}" if isinstance(cell, float) else str(cell)
