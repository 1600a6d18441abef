"""The tables at hand, cell by cell: rows by typed filters, what is known of which year, and whether an absent value is 0 or missing.

Every answer on rows is one SELECT that `foedus.data.query` runs, and carries it. Decides nothing about absence: each data set declares what it means
(convention 4.1), and this reads it out.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from foedus.data.query import query
from foedus.data.reading import schema
from foedus.data.sources import SOURCES
from foedus.data.store import DataDir
from foedus.errors import DataError, message, parameter

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence

    import polars as pl

    from foedus.data.reading import Column

Verdict = Literal["observed", "zero by the source's rule", "missing"]
OPS = ("=", "!=", "<", "<=", ">", ">=", "contains", "known", "missing")
SPELLS = (("start", "end"), ("entry", "exit"), ("begin", "end"))
"""Columns between which a table of spells holds."""
MOST = 500
KEYS = (
    "year", "ccode", "ccode1", "ccode2", "gwcode", "gwcode1", "gwcode2", "dispnum", "warnum", "atopid", "phase", "member", "tssr_id",
    "code", "fid", "leaderid", "obsid", "conflict_id", "start",
)  # fmt: skip
"""Columns by which rows are told apart, where a table has them."""
NO_UNIT = (
    "not in the", "no pair of states", "no such state", "no member of the system", "no state of that list", "no independent state", "no actor of",
    "no group of", "not a state", "no relationship", "no rating", "no delivery known", "absent from",
)  # fmt: skip
"""Beginnings of declarations by which an absent row is neither a zero nor an unknown number: there is nothing to have a value."""


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition on a column; ``op`` is one of `OPS`, and ``value`` is not read by ``known`` and ``missing``."""

    column: str
    op: str
    value: object = None


@dataclass(frozen=True)
class Rows:
    """Some rows of a table.

    Attributes
    ----------
    frame : polars.DataFrame
    total : int
        Rows that fit the filters.
    sql : str
        The SELECT that gives ``frame``.
    """

    frame: pl.DataFrame
    total: int
    sql: str


@dataclass(frozen=True, slots=True)
class Cell:
    """Whether a cell is observed, zero by rule, or missing.

    Attributes
    ----------
    verdict : str
    values : tuple
        Of the rows that were found, at most twelve.
    rows : int
    why : str
    meaning : str
        Unit and range of the column, as the schema says.
    sql : str
        The SELECT behind it.
    """

    verdict: Verdict
    values: tuple[object, ...]
    rows: int
    why: str
    meaning: str
    sql: str


def columns_of(table: str) -> tuple[Column, ...]:
    """Return the declared columns of a data set.

    Raises
    ------
    DataError
        There is no data set of that name.
    """
    if table not in SOURCES:
        raise DataError(message("Unknown data set", got=repr(table), expected="one that foedus data list shows"))
    return schema(table)


def keys_of(table: str) -> tuple[str, ...]:
    """Return the columns by which a table's rows are told apart, in the table's order."""
    return tuple(c.column for c in columns_of(table) if c.column in KEYS)


def rows(
    table: str,
    *,
    columns: Sequence[str] = (),
    filters: Sequence[Filter] = (),
    order: str | None = None,
    down: bool = False,
    limit: int = 100,
    offset: int = 0,
    data_dir: DataDir | str | os.PathLike[str] | None = None,
) -> Rows:
    """Return rows of a table by typed filters.

    Parameters
    ----------
    table : str
        A data set.
    columns : sequence of str
        All without it.
    filters : sequence of Filter
        All must hold.
    order : str, optional
        Column to sort by; ``down`` sorts it from the greatest.
    limit, offset : int
        At most 500 rows, from the ``offset``-th on.
    data_dir : DataDir, str, Path or None

    Raises
    ------
    DataError
        The table is not at hand.
    ParameterError
        A column that the table lacks, a condition that does not fit its type, or a limit out of range.

    Examples
    --------
    >>> rows("cow_nmc", filters=[Filter("year", "=", 1914)], order="cinc", down=True, data_dir="/data").total  # doctest: +SKIP
    47
    """
    data = DataDir.of(data_dir)
    sql = select(table, columns=columns, filters=filters, order=order, down=down, limit=limit, offset=offset)
    data.require(table)
    total = query(f"SELECT COUNT(*) AS n FROM {table}{_where(table, filters)}", data_dir=data).item()
    return Rows(query(sql, data_dir=data), int(total), sql)


def select(
    table: str, *, columns: Sequence[str] = (), filters: Sequence[Filter] = (), order: str | None = None, down: bool = False, limit: int = 100,
    offset: int = 0,
) -> str:  # fmt: skip
    """Return the SELECT of `rows`; arguments and errors are its own.

    Examples
    --------
    >>> select("cow_nmc", columns=["cinc"], filters=[Filter("year", "=", 1914)], limit=5)
    'SELECT "cinc" FROM cow_nmc WHERE "year" = 1914 LIMIT 5 OFFSET 0'
    """
    if not 0 < limit <= MOST or offset < 0:
        raise parameter("limit", limit, f"1 to {MOST} rows, from an offset of 0 on")
    known = {c.column: c for c in columns_of(table)}
    chosen = [_column(known, c, table) for c in columns] or list(known)
    sort = f' ORDER BY "{_column(known, order, table)}"{" DESC" if down else ""}' if order else ""
    return f"SELECT {', '.join(_quoted(c) for c in chosen)} FROM {table}{_where(table, filters)}{sort} LIMIT {limit} OFFSET {offset}"


def _where(table: str, filters: Sequence[Filter]) -> str:
    """Return filters as a clause."""
    known = {c.column: c for c in columns_of(table)}
    return " WHERE " + " AND ".join(_condition(known, f, table) for f in filters) if filters else ""


def cell(
    table: str, column: str, key: Mapping[str, object], *, data_dir: DataDir | str | os.PathLike[str] | None = None
) -> Cell:  # fmt: skip
    """Return whether a cell is observed, zero by the source's rule, or missing, and why.

    Parameters
    ----------
    table, column : str
    key : mapping of str to object
        Values of columns by which the row is told apart, such as ``{"ccode1": 2, "ccode2": 20, "year": 2015}``. In a table of spells a ``year``
        means those that touch it.
    data_dir : DataDir, str, Path or None

    Raises
    ------
    DataError
        The table is not at hand.
    ParameterError
        A column that the table lacks, a value that does not fit, or no key.

    Examples
    --------
    >>> cell("cow_nmc", "cinc", {"ccode": 255, "year": 2050}, data_dir="/data").verdict  # doctest: +SKIP
    'missing'
    """
    known = {c.column: c for c in columns_of(table)}
    about = known[_column(known, column, table)]
    if not key:
        raise parameter(
            "key", "nothing", f"a value of one column or more of {', '.join(keys_of(table)) or ', '.join(known)}"
        )
    data = DataDir.of(data_dir)
    data.require(table)
    found = rows(table, columns=[column], filters=_filters(known, key), limit=MOST, data_dir=data)
    values = found.frame[column].to_list()
    meaning = "; ".join(x for x in (about.unit, f"range {about.range}" if about.range else "") if x)
    verdict, why = _verdict(table, values, about, key, data)
    return Cell(verdict, tuple(values[:12]), found.total, why, meaning, found.sql)


def _filters(known: Mapping[str, Column], key: Mapping[str, object]) -> list[Filter]:
    """Return a key as filters; the year of a table of spells as the days that it touches."""
    spell = next(((a, b) for a, b in SPELLS if a in known and b in known), None)
    if "lower of the two" in getattr(known.get("ccode1"), "unit", "") and {"ccode1", "ccode2"} <= set(key):
        low, high = sorted(key[c] for c in ("ccode1", "ccode2"))  # type: ignore[type-var]
        key = {**key, "ccode1": low, "ccode2": high}
    out = [Filter(c, "=", v) for c, v in key.items() if c != "year" or c in known or spell is None]
    if "year" in known or "year" not in key or spell is None:
        return out
    year = _year_of(key)
    if year is None:
        raise parameter("key", str(key["year"])[:40], "a year")
    first, last = (f"{year}-01-01", f"{year}-12-31") if known[spell[0]].type == "date" else (year, year)
    return [*out, Filter(spell[0], "<=", last), Filter(spell[1], "touches", first)]


def _verdict(
    table: str, values: list[Any], column: Column, key: Mapping[str, object], data: DataDir
) -> tuple[Verdict, str]:
    """Return the verdict on a cell, and why."""
    found = data.provenance(table)
    spec, last = found.spec, found.last_year
    covers = f"{spec.title} {found.version} covers {spec.first_year} to {last}"
    year = _year_of(key)
    if any(v is not None for v in values):
        return "observed", f"{spec.title} {found.version} has a record of it"
    if values:
        text = column.absence or column.missing or "unknown"
        known = "unknown" not in text and text != "null"
        return (
            "observed" if known else "missing"
        ), f"there is a record, and its {column.column} is empty, which means: {text if known else 'unknown'}"
    if year is not None and not spec.first_year <= year <= last:
        return "missing", f"{covers}: outside these years nothing is known, so it is no zero"
    if (absent := _no_member(key, year, data)) is not None:
        return "missing", absent
    if spec.absence.startswith("unknown"):
        return "missing", f"{covers}; no record inside them means: {spec.absence}"
    if spec.absence.startswith(NO_UNIT):
        return "missing", f"{covers}; no record inside them means: {spec.absence}. There is nothing to have a value"
    if year is None:
        return (
            "missing",
            f"{covers}; no record inside these years would mean: {spec.absence}. The key names no year, so it cannot be said",
        )
    return "zero by the source's rule", f"{covers}; no record inside these years means: {spec.absence}"


def _year_of(key: Mapping[str, object]) -> int | None:
    """Return the year that a key names, None where it names none."""
    for name in ("year", "start", "entry"):
        text = str(key.get(name, ""))[:4]
        if text.isdigit():
            return int(text)
    return None


def _no_member(key: Mapping[str, object], year: int | None, data: DataDir) -> str | None:
    """Return that a state of the key was no member of the system in the year, None where it was, or where nobody can say."""
    import polars as pl

    codes = [int(str(v)) for c, v in key.items() if c.startswith("ccode") and str(v).isdigit()]
    if year is None or not codes or not data.find("cow_states") or year > data.provenance("cow_states").last_year:
        return None
    days = (dt.date(year, 1, 1), dt.date(year, 12, 31))
    here = data.table("cow_states").filter((pl.col("start") <= days[1]) & (pl.col("end") >= days[0]))["ccode"]
    gone = [c for c in codes if c not in set(here)]
    if not gone:
        return None
    return f"{', '.join(f'cow:{c}' for c in gone)} was no member of the Correlates of War state system in {year}: there is nothing to have a value"


def known_by_year(table: str, *, data_dir: DataDir | str | os.PathLike[str] | None = None) -> pl.DataFrame:
    """Return one row a year: rows of the table in it, and the known cells among them; empty where the table has no years.

    A table of spells counts a row in every year that it touches.
    """
    import polars as pl

    data = DataDir.of(data_dir)
    lazy = data.scan(table)
    names = lazy.collect_schema().names()
    known = pl.sum_horizontal([pl.col(c).is_not_null().cast(pl.UInt32) for c in names])
    typed = {"year": pl.Int32, "rows": pl.UInt32, "known": pl.UInt32}
    if "year" in names:
        out = lazy.select(pl.col("year").cast(pl.Int32), known.alias("known"))
        return (
            out.group_by("year")
            .agg(pl.len().alias("rows"), pl.col("known").sum())
            .drop_nulls("year")
            .sort("year")
            .select(*typed)
            .cast(pl.Schema(typed))
            .collect()
        )
    spec = SOURCES[table].spec
    begin, end = next(((a, b) for a, b in SPELLS if a in names and b in names), ("", ""))
    if not begin:
        return pl.DataFrame(schema=typed)
    spells = lazy.select(
        _year(lazy, begin).alias("first"), _year(lazy, end).alias("last"), known.alias("known")
    ).collect()
    last = data.provenance(table).last_year
    spells = spells.with_columns(
        pl.col("first").clip(lower_bound=spec.first_year), pl.col("last").fill_null(last).clip(upper_bound=last)
    ).filter(pl.col("first") <= pl.col("last"))  # fmt: skip
    years = spells.with_columns(pl.int_ranges("first", pl.col("last") + 1).alias("year")).explode("year")
    out = years.group_by("year").agg(pl.len().alias("rows"), pl.col("known").sum()).sort("year")
    return out.select(*typed).cast(pl.Schema(typed))


def _year(lazy: pl.LazyFrame, column: str) -> pl.Expr:
    """Return the year of a column of years or days."""
    import polars as pl

    kind = lazy.collect_schema()[column]
    return (pl.col(column).dt.year() if kind.is_temporal() else pl.col(column)).cast(pl.Int32)


def _column(known: Mapping[str, Column], name: str, table: str) -> str:
    """Return the name of a column that the table has."""
    if name not in known:
        raise parameter("column", str(name)[:80], f"one of {', '.join(known)}", f"a column of {table}")
    return name


def _condition(known: Mapping[str, Column], f: Filter, table: str) -> str:
    """Return a filter as SQL."""
    column = known[_column(known, f.column, table)]
    name = _quoted(column.column)
    if f.op in ("known", "missing"):
        return f"{name} IS {'NOT ' if f.op == 'known' else ''}NULL"
    if f.op == "contains":
        if column.type != "str":
            raise parameter("filters", f"{f.column} contains", "a column of text", f"{f.column} holds {column.type}")
        return f"STRPOS(LOWER({name}), {_text(str(f.value).lower())}) > 0"
    if f.op == "touches":
        return f"({name} IS NULL OR {name} >= {_literal(column, f.value)})"
    if f.op not in OPS:
        raise parameter("filters", str(f.op)[:40], f"one of {', '.join(OPS)}")
    return f"{name} {f.op} {_literal(column, f.value)}"


def _literal(column: Column, value: object) -> str:
    """Return a value as SQL writes it, of the column's own type."""
    bad = parameter("filters", str(value)[:80], {"int": "a whole number", "float": "a number", "date": "a day such as 1914-07-28",
                    "bool": "true or false"}.get(column.type, "text"), f"{column.column} holds {column.type}")  # fmt: skip
    try:
        if column.type == "str":
            return _text(str(value))
        if column.type == "date":
            return f"DATE '{dt.date.fromisoformat(str(value)).isoformat()}'"
        if column.type == "bool":
            return {"true": "TRUE", "false": "FALSE", "1": "TRUE", "0": "FALSE"}[str(value).lower()]
        number = float(str(value))
    except (ValueError, KeyError):
        raise bad from None
    if number - number != 0 or (column.type == "int" and number != int(number)):
        raise bad
    return str(int(number)) if column.type == "int" else repr(number)


def _text(value: str) -> str:
    """Return text between quotation marks."""
    return "'" + value.replace("'", "''") + "'"


def _quoted(name: str) -> str:
    """Return a column's name between quotation marks: some are words of SQL."""
    return f'"{name}"'
