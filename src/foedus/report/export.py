"""Tables of a brief as CSV and everything as one JSON file.

Stable bytes, nothing half-written, no cell that a spreadsheet would run.
"""

from __future__ import annotations

import json
import math
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from foedus import files
from foedus.errors import parameter
from foedus.spreadsheet import harmless

if TYPE_CHECKING:
    import polars as pl

    from foedus.studies.brief import Findings

DIGITS = 10


def write_brief(findings: Findings, path: str | Path) -> list[Path]:
    """Write the page, and every table beside it in a folder named after it.

    Parameters
    ----------
    findings : Findings
    path : str or Path
        Of the HTML file; the tables go to ``<stem>-tables/``.

    Returns
    -------
    list of Path
        Everything written, the page first.
    """
    from foedus.report.html import write_html

    page = Path(path)
    return [write_html(findings, page), *write_tables(findings, page.with_name(f"{page.stem}-tables"))]


def write_tables(findings: Findings, folder: str | Path) -> list[Path]:
    """Write every table as CSV and the findings as JSON.

    Parameters
    ----------
    findings : Findings
    folder : str or Path
        Made where it is absent; no symbolic link. Tables of ours that an earlier brief left there and this one lacks are removed;
        other files stay.

    Returns
    -------
    list of Path
        ``findings.json`` first, then the tables by name.

    Notes
    -----
    Floats carry ten significant digits. A text cell that begins like a formula gets an apostrophe in front.
    """
    from foedus.report.frames import NAMES, frames

    folder = Path(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    if folder.is_symlink():
        raise parameter(
            "tables", str(folder), "a folder of its own, no link: whoever laid it chooses what is overwritten"
        )
    tables = frames(findings)
    content = {"findings.json": to_json(findings).encode()}
    content |= {f"{name}.csv": to_csv(frame).encode() for name, frame in sorted(tables.items())}
    beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        for name, data in content.items():
            (beside / name).write_bytes(data)
            files.flush(beside / name)
        folder.mkdir(exist_ok=True)
        for name in content:
            os.replace(beside / name, folder / name)  # noqa: PTH105 - atomic on every platform
        for name in NAMES:
            if name not in tables:
                (folder / f"{name}.csv").unlink(missing_ok=True)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return [folder / name for name in content]


def replace_file(path: Path, data: bytes) -> Path:
    """Write ``data`` to ``path`` whole or not at all (convention 4.12), in a folder that is made where it is absent."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return files.replace_file(path, data)


def to_json(findings: Findings) -> str:
    """Return the findings as JSON: keys sorted, floats in ten significant digits, what is no number as null."""
    return (
        json.dumps(_rounded(findings.to_dict()), sort_keys=True, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    )


def to_csv(frame: pl.DataFrame) -> str:
    """Return a table as CSV, with text cells that begin like a formula made harmless."""
    import polars as pl

    real = [pl.col(c).fill_nan(None).round_sig_figs(DIGITS) for c, kind in frame.schema.items() if kind == pl.Float64]
    return harmless(frame.with_columns(*real)).write_csv()


def _rounded(value: Any) -> Any:
    """Return a plain form with floats rounded."""
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}") if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(k): _rounded(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(v) for v in value]
    return value
