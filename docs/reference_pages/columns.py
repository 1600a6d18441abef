"""Pages of tables and their columns, from ``src/foedus/schema/results.csv``: the one place where a column's type, unit and meaning are told.

`told` finds the declaration of a column; `faults` says what a table holds that was not declared, or as another type. A ``*`` in a name stands
for anything: columns that are named after what was asked for.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, NamedTuple

from reference_pages.markdown import cell, code, page, table

if TYPE_CHECKING:
    import polars as pl

KINDS = {
    "text": r"String|Categorical.*|Enum.*",
    "integer": r"U?Int\d+",
    "number": r"Float\d+|U?Int\d+",
    "boolean": r"Boolean",
    "date": r"Date",
    "any": r".*",
    "list of text": r"List\(String\)",
    "list of integer": r"List\(U?Int\d+\)",
    "list of number": r"List\(Float\d+\)",
}
"""Types of a declaration by the Polars types that they allow; a column without any value may be of none."""
ENDS = ("_low", "_high")
ROOMS = {
    "blocs": "Blocs and signed networks", "data": "Data", "estimate": "Models", "formation": "Formation", "obligations": "Obligations",
    "panel": "Panels",
    "power": "Power", "scenario": "Scenarios", "security": "Security", "studies": "Studies", "war": "War",
}  # fmt: skip


class Column(NamedTuple):
    """One column; ``interval`` is the level of the interval that its ``_low`` and ``_high`` hold, empty where there are none."""

    table: str
    column: str
    type: str
    unit: str
    interval: str
    meaning: str

    @property
    def names(self) -> tuple[str, ...]:
        """The columns that this line declares."""
        return (self.column, *(self.column + end for end in ENDS)) if self.interval else (self.column,)


@cache
def declared() -> dict[str, tuple[Column, ...]]:
    """Return the columns of each table; a table is the method that gives it, without ``foedus.``."""
    text = (resources.files("foedus") / "schema" / "results.csv").read_text(encoding="utf-8")
    found: dict[str, list[Column]] = {}
    for row in csv.DictReader(text.splitlines()):
        found.setdefault(row["table"], []).append(Column(**row))
    return {name: tuple(columns) for name, columns in found.items()}


@cache
def told(name: str, column: str) -> Column | None:
    """Return the declaration of a column of a table; a whole name goes before one with a ``*``."""
    lines = declared().get(name, ())
    plain = next((c for c in lines if column in c.names), None)
    if plain is not None:
        return plain
    fits = (c for c in lines if "*" in c.column)
    return next((c for c in fits if re.fullmatch(re.escape(c.column).replace(r"\*", ".*"), column)), None)


def faults(name: str, frame: pl.DataFrame) -> list[str]:
    """Return what of a table is not as it was declared."""
    wrong = []
    for column, kind in frame.schema.items():
        line = told(name, column)
        if line is None:
            wrong.append(f"{name}: no line for column {column!r} ({kind})")
        elif (
            str(kind) != "Null"
            and frame[column].null_count() < frame.height
            and not re.fullmatch(KINDS[line.type], str(kind))
        ):
            wrong.append(f"{name}: column {column!r} is {kind}, declared {line.type}")
    return wrong


def _room(name: str, tables: list[str]) -> str:
    """Return the page of the tables of one room."""
    lines: list[str] = []
    for one in tables:
        lines += [f"## {one.partition('.')[2]}()", ""]
        rows = []
        for c in declared()[one]:
            names = ", ".join(code(n) for n in c.names)
            rows.append(
                (
                    names,
                    c.type,
                    cell(c.unit),
                    cell(c.meaning) + (f"; {cell(c.interval)} interval" if c.interval else ""),
                )
            )
        lines += table(("column", "type", "unit", "meaning"), rows)
    return page(f"Tables: {ROOMS[name]}", *lines)


def pages() -> dict[str, str]:
    """Return the pages by path."""
    rooms: dict[str, list[str]] = {}
    for name in declared():
        rooms.setdefault(name.partition(".")[0], []).append(name)
    rows = [
        (f"[`{one.rsplit('.', 2)[1]}.{one.rsplit('.', 1)[1]}()`]({room}.md)", cell(", ".join(c.column for c in declared()[one])))
        for room, tables in rooms.items() for one in tables
    ]  # fmt: skip
    index = page(
        "Tables and their columns",
        "Every analysis returns a record, and its `.table()` (and the other methods below) a table. The same names stand in what `--out` writes. "
        "A missing cell is unknown, never zero. Where a column `x` has an interval, `x_low` and `x_high` hold its ends. "
        "Columns of data sets are on [their own pages](../../reference/data/index.md); for other programs see "
        "[Tables for users of R, Stata and spreadsheets](../../reference/columns.md).",
        "",
        *table(("table", "columns"), rows),
        "```{toctree}", ":hidden:", "", *rooms, "```", "",
    )  # fmt: skip
    return {"columns/index.md": index} | {f"columns/{room}.md": _room(room, tables) for room, tables in rooms.items()}
