"""The data at hand: what covers which year, rows of any table, and whether a cell is observed, zero by rule, or missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from foedus.studio.question import Answer, Question, Shown
from foedus.studio.systems import Asked

if TYPE_CHECKING:
    import polars as pl

    from foedus.data.store import DataDir
    from foedus.studio.question import Desk

Scalar = str | int | float | bool
NAME = r"^[a-z0-9_]{1,60}$"


class AskedCoverage(Asked):
    """Parameters of the coverage of all data sets: none."""


class Condition(Asked):
    """One filter."""

    column: str = Field(pattern=NAME)
    op: Literal["=", "!=", "<", "<=", ">", ">=", "contains", "known", "missing"]
    value: Scalar | None = None


class AskedRows(Asked):
    """Parameters of some rows of a table."""

    table: str = Field(pattern=NAME)
    columns: tuple[str, ...] = Field((), max_length=200)
    filters: tuple[Condition, ...] = Field((), max_length=20)
    order: str | None = Field(None, pattern=NAME)
    down: bool = False
    limit: int = Field(100, ge=1, le=500)
    offset: int = Field(0, ge=0, le=100_000_000)


class AskedCell(Asked):
    """Parameters of one cell."""

    table: str = Field(pattern=NAME)
    column: str = Field(pattern=NAME)
    key: dict[str, Scalar] = Field(min_length=1, max_length=8)


def _coverage(_: AskedCoverage, desk: Desk) -> Answer:
    """Return every data set, and of those at hand the known cells of each year."""
    import polars as pl

    from foedus.data.cells import known_by_year
    from foedus.data.sources import SOURCES
    from foedus.data.store import DataDir
    from foedus.errors import DataError
    from foedus.system.tables import REQUIRED

    try:
        data = DataDir.of(desk.data_dir)
    except DataError:
        data = None
    sets, years = [], []
    for k, (name, source) in enumerate(SOURCES.items()):
        here = data is not None and data.find(name) is not None
        row = _about(source.spec, data if here else None)
        if data is not None and here:
            frame = known_by_year(name, data_dir=data)
            width = len(data.scan(name).collect_schema().names())
            row |= {"rows": data.scan(name).select(pl.len()).collect().item(), "columns": width}
            row["by_year"] = [[y, n, known / (n * width) if n else None] for y, n, known in frame.iter_rows()]
            years += [(name, y, n, known) for y, n, known in frame.iter_rows()]
        sets.append(row)
        desk.tell((k + 1) / len(SOURCES), name)
    head = ("id", "title", "version", "years", "status", "rows", "absence", "licence")
    listed = pl.DataFrame([{h: row[h] for h in head} for row in sets], infer_schema_length=None)
    schema = {"table": pl.String, "year": pl.Int64, "rows": pl.Int64, "known_cells": pl.Int64}
    tables = {
        "sets": Shown("Data sets", listed),
        "years": Shown("Rows and known cells by year", pl.DataFrame(years, schema=schema, orient="row")),
    }
    notes = (
        "Outside the years that a data set covers everything is unknown, never zero; inside them an absent row means what the set declares.",
    )
    return Answer(
        "observed",
        {"folder": data is not None, "sets": sets, "fetch": f"foedus data fetch {' '.join(REQUIRED)} --accept-terms"},
        tables,
        notes=notes,
    )


def _about(spec: Any, data: DataDir | None) -> dict[str, Any]:
    """Return what is said of a data set."""
    found = data.provenance(spec.id) if data is not None else None
    status = "not here" if found is None else "here" if found.recognised else "unrecognised file"
    last = found.last_year if found is not None else spec.last_year
    return {
        "id": spec.id, "title": spec.title, "version": found.version if found is not None else spec.version, "publisher": spec.publisher,
        "url": spec.url, "years": f"{spec.first_year}-{last}", "first": spec.first_year, "last": last, "units": spec.units,
        "absence": spec.absence, "licence": spec.licence, "citation": spec.citation, "bibtex": spec.bibtex or f"% {spec.citation}",
        "status": status, "need": _need(spec.id), "rows": None, "columns": None,
        "get": f"foedus data fetch {spec.id}" if spec.routes else f"foedus data add {spec.id} FILE", "by_year": [],
    }  # fmt: skip


def _need(name: str) -> str:
    """Return whether real years need a data set."""
    from foedus.system.tables import OPTIONAL, REQUIRED

    return (
        "every real year needs it" if name in REQUIRED else f"without it, {OPTIONAL[name]}" if name in OPTIONAL else ""
    )


def _described(table: str) -> list[dict[str, str]]:
    """Return the columns of a table with what its schema says of them."""
    from foedus.data.cells import columns_of

    return [c._asdict() for c in columns_of(table)]


def _source(table: str, data: DataDir) -> list[dict[str, str]]:
    """Return how a table is cited."""
    found = data.provenance(table)
    return [
        {
            "key": table,
            "text": f"{found.spec.title}. {found.spec.citation} Terms: {found.spec.licence}",
            "version": found.version,
        }
    ]


def _rows(asked: AskedRows, desk: Desk) -> Answer:
    """Return rows of a table."""
    from foedus.data.cells import keys_of
    from foedus.data.store import DataDir

    data = DataDir.of(desk.data_dir)
    found = _found(asked, data)
    about = {
        "table": asked.table, "total": found.total, "offset": asked.offset, "columns": _described(asked.table), "keys": list(keys_of(asked.table)),
        "sql": found.sql,
    }  # fmt: skip
    return Answer("observed", about, {"rows": Shown(asked.table, found.frame)}, sources=_source(asked.table, data))


def _found(asked: AskedRows, data: DataDir | None) -> Any:
    """Return the rows that are asked for."""
    from foedus.data.cells import rows

    return rows(asked.table, columns=asked.columns, filters=_filters(asked), order=asked.order, down=asked.down, limit=asked.limit,
                offset=asked.offset, data_dir=data)  # fmt: skip


def _cell(asked: AskedCell, desk: Desk) -> Answer:
    """Return whether a cell is observed, zero by rule, or missing."""
    from foedus.data.cells import cell
    from foedus.data.store import DataDir

    data = DataDir.of(desk.data_dir)
    found = cell(asked.table, asked.column, asked.key, data_dir=data)
    about = {
        "verdict": found.verdict, "values": [v if isinstance(v, int | float | bool) or v is None else str(v) for v in found.values],
        "rows": found.rows, "why": found.why, "meaning": found.meaning, "sql": found.sql,
        "column": next(c for c in _described(asked.table) if c["column"] == asked.column),
    }  # fmt: skip
    kind = "observed" if found.verdict == "observed" else "derived"
    return Answer(kind, about, {"cell": Shown("The cell", _told(about))}, sources=_source(asked.table, data))


def _told(about: dict[str, Any]) -> pl.DataFrame:
    """Return the verdict as one row."""
    import polars as pl

    values = ", ".join("empty" if v is None else str(v) for v in about["values"])
    return pl.DataFrame(
        {"verdict": [about["verdict"]], "value": [values or None], "why": [about["why"]], "records": [about["rows"]]}
    )


def _coverage_python(_: AskedCoverage) -> str:
    """Return the same as a program."""
    return "\n".join([
        "from foedus.data.cells import known_by_year", "from foedus.data.sources import SOURCES", "from foedus.data.store import DataDir", "",
        "data = DataDir()", "result = {name: known_by_year(name, data_dir=data) for name in SOURCES if data.find(name)}", "print(result)",
    ])  # fmt: skip


def _rows_python(asked: AskedRows) -> str:
    """Return the same as a program."""
    filters = ", ".join(f"Filter({f.column!r}, {f.op!r}, {f.value!r})" for f in asked.filters)
    words = [f"{asked.table!r}", f"columns={list(asked.columns)!r}" if asked.columns else "", f"filters=[{filters}]" if filters else "",
             f"order={asked.order!r}, down={asked.down}" if asked.order else "", f"limit={asked.limit}, offset={asked.offset}"]  # fmt: skip
    return "\n".join(
        [
            "from foedus.data.cells import Filter, rows",
            "",
            f"result = rows({', '.join(w for w in words if w)})",
            "print(result.frame)",
        ]
    )


def _rows_cli(asked: AskedRows) -> str | None:
    """Return the same as a command: its SELECT."""
    import shlex

    from foedus.data.cells import select

    sql = select(
        asked.table, columns=asked.columns, filters=_filters(asked), order=asked.order, down=asked.down, limit=asked.limit, offset=asked.offset
    )  # fmt: skip
    return shlex.join(["foedus", "data", "query", sql])


def _filters(asked: AskedRows) -> list[Any]:
    """Return the filters of rows."""
    from foedus.data.cells import Filter

    return [Filter(f.column, f.op, f.value) for f in asked.filters]


def _cell_python(asked: AskedCell) -> str:
    """Return the same as a program."""
    return "\n".join([
        "from foedus.data.cells import cell", "", f"result = cell({asked.table!r}, {asked.column!r}, {asked.key!r})",
        "print(result.verdict, result.values, result.why)",
    ])  # fmt: skip


def _none(_: Asked) -> str | None:
    """Return None: no command answers it."""
    return None


COVERAGE = Question(
    "coverage", "What the data cover", AskedCoverage, _coverage, _coverage_python, lambda _: "foedus data coverage"
)
ROWS = Question("rows", "Rows of a table", AskedRows, _rows, _rows_python, _rows_cli)
CELL = Question("cell", "0 or missing?", AskedCell, _cell, _cell_python, _none)
