"""`foedus validate` as one HTML file: every row with its source, kind, tolerance, verdict, reason and command; nothing loaded from elsewhere.

Formats what `foedus.studies.validate` found; computes nothing.
"""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from foedus.report.page import policy, style_sheet
from foedus.studies.validate_spec import BASES

if TYPE_CHECKING:
    from foedus.studies.validate import Judged, Validation

AGREE = ("equal", "same sign", "as published")
"""Verdicts that need no reason."""


def tally(found: Validation) -> str:
    """Return how many rows of each kind have each verdict, as a sentence."""
    parts = [f"{kind}: {', '.join(f'{n} {v}' for v, n in counts.items())}" for kind, counts in found.counts().items()]
    return f"{len(found.rows)} rows. {'; '.join(parts)}."


def closing(found: Validation) -> str:
    """Return what speaks against the program, or that nothing does."""
    if found.failed:
        return f"Differ or fail: {', '.join(r.row.id for r in found.failed)}."
    return "No row of kind number differs and none failed." if found.ran else "No row was run."


def tolerance(row: Judged) -> str:
    """Return what counts as agreement with a row, in words."""
    spec = row.row
    if spec.unreachable:
        return "cannot be run"
    if spec.kind in {"sign", "direction"}:
        level = row.found.level if row.found is not None else 0.95
        return f"{100 * level:.0f} % interval against {spec.null:g}"
    if not spec.tolerance:
        return "digits printed"
    return f"digits printed, or within {'; '.join(f'{t:g}' for t in spec.tolerance)}"


def markdown(found: Validation) -> str:
    """Return every row as tables in Markdown, one a result, and the data that were read: what the documentation shows."""
    out = []
    for group, some in groupby(found.rows, key=lambda r: r.row.group):
        of = list(some)
        out.append(f"### {group}. {of[0].row.title}\n\n{of[0].row.source}.\n")
        out += [
            "| row | what | published | agreement | ours | verdict |",
            "|---|---|---|---|---|---|",
            *map(markdown_row, of),
        ]
        reasons = [f"- {r.row.id}: {_cell(r.why)}." for r in of if r.why and r.verdict not in AGREE]
        out += ["", *reasons, ""] if reasons else [""]
    read = "; ".join(f"{name} {version}" for name, version in found.versions.items())
    return "\n".join([*out, f"Data: {read or 'none'}.", ""])


def markdown_row(row: Judged) -> str:
    """Return one row of a table in Markdown; a star marks what is from memory."""
    spec = row.row
    star = "\\*" if spec.basis == "memory" else ""
    kind = f"{spec.kind}: {tolerance(row)}"
    cells = (spec.id, spec.claim, "; ".join(spec.published) + star, kind, "; ".join(row.ours) or "none", row.word)
    return f"| {' | '.join(_cell(c) for c in cells)} |"


def _cell(text: str) -> str:
    """Return a text that cannot end its cell."""
    return text.rstrip(".").replace("|", "\\|")


def to_html(found: Validation) -> str:
    """Return the page."""
    from markupsafe import Markup

    from foedus.report.figures.template import environment

    css = style_sheet()
    groups = [(g, list(rows)) for g, rows in groupby(found.rows, key=lambda r: r.row.group)]
    page = environment().get_template("validation.html.j2").render(
        groups=groups, found=found, tally=tally(found), closing=closing(found), tolerance=tolerance, bases=BASES, css=Markup(css),
        policy=policy(css), minutes=f"{found.seconds / 60:.1f}",
    )  # fmt: skip
    return page.lstrip()


def write_html(found: Validation, path: str | Path) -> Path:
    """Write the page, beside and renamed (convention 4.12)."""
    from foedus.report.export import replace_file

    return replace_file(Path(path), to_html(found).encode())
