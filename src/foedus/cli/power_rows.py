"""What ``foedus power`` and ``foedus similarity`` share: numbers with their intervals, files of rows, options that go together."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from foedus.cli.common import bad_option, writable

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from foedus.cli.commands import Source

YEARS = re.compile(r"^\d{4}(:\d{4})?$")
"""A year, or a range of years."""
ROWS = 21
"""Rows of a series above which only every so many years are shown."""


def told(row: dict[str, Any], name: str) -> str:
    """Return a number of a row with its interval, if it has one."""
    if row.get(f"{name}_low") is None:
        return number(row.get(name))
    return f"{number(row[name])} [{number(row[f'{name}_low'])}, {number(row[f'{name}_high'])}]"


def number(value: float | None) -> str:
    """Return a number at three decimals, or that it is unknown."""
    return "unknown" if value is None else f"{value:.0f}" if isinstance(value, int) else f"{value:.3f}"


def target_of(out: Path | None) -> Path | None:
    """Return where rows go, checked before any work."""
    from foedus.panel.table_files import TABLES

    if out is not None and out.suffix not in TABLES:
        raise bad_option(f"--out takes a file that ends in {' or '.join(TABLES)}, got {out}", "--out rows.parquet")
    return None if out is None else writable(out, "--out")


def write(frame: pl.DataFrame, out: Path | None) -> None:
    """Write rows, if a file was asked for."""
    from foedus.panel.table_files import write_table

    if out is not None:
        write_table(frame, out, "the rows")


def only_years(source: Source) -> None:
    """Raise where an option is given that only a system has."""
    given = [
        n
        for n, v in (
            ("--date", source.date),
            ("--actors", source.actors),
            ("--tie-table", source.tie_table),
            ("--without", source.without),
        )
        if v
    ]
    if given:
        raise bad_option(f"{', '.join(given)} belong to one system, not to years", "--in 1914-01-01, or a scenario")
