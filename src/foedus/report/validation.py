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
    if spec.kind in {"sign", "direction"}:
        return f"95 % interval against {spec.null:g}"
    if not spec.tolerance:
        return "digits printed"
    return f"digits printed, or within {'; '.join(f'{t:g}' for t in spec.tolerance)}"


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
