"""Files to strictly typed Polars frames: R tables, CSV, and the schema that each must conform to.

A column has one type, NaN is null, and a row that does not fit the schema is an error. Knows no data set by name.
"""

from __future__ import annotations

import csv
import io
import re
import threading
import warnings
from contextlib import contextmanager
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from foedus import limits
from foedus.data import r_tables
from foedus.errors import DataError, message
from foedus.extras import require

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import polars as pl


_one_reader = threading.RLock()


class Column(NamedTuple):
    """One row of a schema file."""

    column: str
    type: str
    unit: str
    range: str
    missing: str
    absence: str
    source: str


@cache
def schema(table: str) -> tuple[Column, ...]:
    """Return the declared columns of ``table`` in order."""
    text = (resources.files("foedus") / "schema" / f"{table}.csv").read_text(encoding="utf-8")
    return tuple(Column(**row) for row in csv.DictReader(text.splitlines()))


def conform(frame: pl.DataFrame, table: str) -> pl.DataFrame:
    """Return ``frame`` with the schema's columns and types only.

    Raises
    ------
    DataError
        A column is absent, holds a value that its type cannot, is null where nothing may be missing, or leaves its
        range.
    """
    import polars as pl

    types = {"int": pl.Int32, "float": pl.Float64, "str": pl.String, "date": pl.Date, "bool": pl.Boolean}
    columns = schema(table)
    absent = [c.column for c in columns if c.column not in frame.columns]
    if absent:
        raise DataError(
            message(f"Table {table} lacks columns", got=", ".join(frame.columns[:12]), expected=", ".join(absent))
        )
    out = frame.select(pl.col(c.column).cast(types[c.type], strict=True) for c in columns)
    for c in columns:
        _check_column(out, c, table)
    return out


def _check_column(frame: pl.DataFrame, column: Column, table: str) -> None:
    """Raise where a column holds a null or a number that its schema forbids."""
    values = frame.get_column(column.column)
    if not column.missing and values.null_count():
        raise DataError(
            message(f"Table {table}, column {column.column}", got=f"{values.null_count()} empty cells", expected="none")
        )
    if column.range and column.type in {"int", "float"} and len(values.drop_nulls()):
        low, high = (float(x) if x else None for x in column.range.split(".."))
        least, most = float(values.min()), float(values.max())  # type: ignore[arg-type]
        if (low is not None and least < low) or (high is not None and most > high):
            raise DataError(
                message(f"Table {table}, column {column.column}", got=f"{least:g} to {most:g}", expected=column.range)
            )


def rda(path: Path, table: str) -> pl.DataFrame:
    """Return one data frame of an ``.rda`` file; NaN becomes null."""
    content: Mapping[Any, Any]
    try:
        content = r_tables.data_frames(path)
    except r_tables.UnsupportedError:
        content = general(path, "rda")
    if table not in content:
        raise DataError(message(f"{path.name} lacks the table", got=", ".join(map(str, content)), expected=table))
    return _polars(content[table])


def rds(path: Path) -> pl.DataFrame:
    """Return the data frame of an ``.rds`` file; NaN becomes null."""
    try:
        return r_tables.data_frames(path)[""]
    except r_tables.UnsupportedError:
        return _polars(general(path, "rds"))


def general(path: Path, form: Literal["rda", "rds"]) -> Any:
    """Return what a file of R's holds, by the reader that knows every kind of object, within `foedus.limits`.

    Raises
    ------
    DataError
        It unpacks to more than it may, or describes more numbers than it may.
    """
    require(f"{path.name}, which holds more than a data frame,", "rdata")
    import rdata
    from rdata.parser import DEFAULT_ALTREP_MAP, _parser

    left = limits.DESCRIBED

    def bounded(make: Any) -> Any:
        def made(state: Any) -> Any:
            nonlocal left
            left -= int(state.value[0])
            if left < 0:
                raise DataError(limits.too_large(path, "a sequence that is too long", f"{limits.DESCRIBED:,} numbers"))
            return make(state)

        return made

    shorter = {k: bounded(f) if k.startswith(b"compact") else f for k, f in DEFAULT_ALTREP_MAP.items()}
    content = limits.unpacked(path)
    if content.startswith((b"\x1f\x8b", b"BZh", b"\xfd7zXZ")):
        raise DataError(message("A file that is packed twice", where=str(path)))
    with warnings.catch_warnings(), _without_code(_parser.Parser):
        warnings.simplefilter("ignore")
        read = rdata.read_rda if form == "rda" else rdata.read_rds
        return read(io.BytesIO(content), altrep_constructor_dict=shorter)


@contextmanager
def _without_code(reader: Any) -> Iterator[None]:
    """Let the general reader's class refuse compiled functions, for which it makes as much room as the file says; no table holds one."""

    def refused(*_: Any) -> Any:
        raise ValueError("a compiled function of R")

    with _one_reader:
        before, reader._parse_bytecode = reader._parse_bytecode, refused
        try:
            yield
        finally:
            reader._parse_bytecode = before


def _polars(frame: Any) -> pl.DataFrame:
    """Return a data frame as Polars'."""
    import numpy as np
    import polars as pl

    if isinstance(frame, pl.DataFrame):
        return frame
    columns: dict[str, pl.Series] = {}
    for name, values in frame.items():
        if values.dtype.kind in "iufb":
            columns[str(name)] = pl.Series(str(name), values.to_numpy(dtype=np.float64, na_value=np.nan)).fill_nan(None)
        else:
            plain = [None if absent else str(v) for v, absent in zip(values, values.isna(), strict=True)]
            columns[str(name)] = pl.Series(str(name), plain, dtype=pl.String)
    return pl.DataFrame(columns)


def days(*names: str) -> list[pl.Expr]:
    """Return expressions that turn R dates, days since 1970-01-01 as floats, into dates."""
    import polars as pl

    return [pl.col(n).floor().cast(pl.Int32).cast(pl.Date) for n in names]


def day(year: str, month: str, day_: str, *, last: bool) -> pl.Expr:
    """Return a date from three columns; an unknown day (null or below 1) is the first of its month, or the last."""
    import polars as pl

    known = pl.col(day_).cast(pl.Int32) >= 1
    first = pl.date(pl.col(year).cast(pl.Int32), pl.col(month).cast(pl.Int32), 1)
    exact = pl.date(
        pl.col(year).cast(pl.Int32),
        pl.col(month).cast(pl.Int32),
        pl.when(known).then(pl.col(day_).cast(pl.Int32)).otherwise(1),
    )
    return pl.when(known.fill_null(value=False)).then(exact).otherwise(first.dt.month_end() if last else first)


def text_csv(path: Path, *, bare_cr: bool = False) -> pl.DataFrame:
    """Return a CSV file with every cell as text; ``bare_cr`` for files whose lines end in a lone carriage return."""
    import polars as pl

    limits.check_csv(path)
    raw = path.read_bytes()
    if bare_cr:
        raw = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return pl.read_csv(raw, infer_schema=False, encoding="utf8-lossy")


def check_stata(path: Path) -> None:
    """Raise a DataError where the head of a Stata file promises more cells than the file has bytes.

    Stata does not pack: a cell takes at least a byte. The library that reads the file believes the head.
    """
    limits.check_table(path)
    with path.open("rb") as file:
        head = file.read(512)
    rows, columns = _promised(head)
    if rows * max(columns, 1) > path.stat().st_size:
        raise DataError(
            message(
                "A Stata file that is cut off or no Stata file", got=f"{rows:,} rows of {columns:,} columns in {path.stat().st_size:,} bytes",
                expected="at least a byte for each cell", where=str(path),
            )
        )  # fmt: skip


def _promised(head: bytes) -> tuple[int, int]:
    """Return how many rows and columns the head of a Stata file promises; nothing where it is none, which its reader says."""
    new = re.match(rb"<stata_dta><header><release>(\d{3})</release><byteorder>(LSF|MSF)</byteorder><K>", head)
    if new:
        order: Literal["little", "big"] = "little" if new[2] == b"LSF" else "big"
        wide, long = (4 if new[1] >= b"119" else 2), (4 if new[1] <= b"117" else 8)
        at = new.end() + wide + len(b"</K><N>")
        return int.from_bytes(head[at : at + long], order), int.from_bytes(head[new.end() : new.end() + wide], order)
    if len(head) > 10 and 102 <= head[0] <= 115:
        order = "little" if head[1] == 2 else "big"  # as the library takes it, whatever else the byte is
        return int.from_bytes(head[6:10], order), int.from_bytes(head[4:6], order)
    return 0, 0


def numbers(frame: pl.DataFrame, *names: str) -> list[pl.Expr]:
    """Return expressions that turn text into numbers, of ``names`` or of all columns; empty is null."""
    import polars as pl

    return [pl.col(n).str.strip_chars().replace("", None).cast(pl.Float64, strict=True) for n in names or frame.columns]


def without(frame: pl.DataFrame, *codes: int) -> pl.DataFrame:
    """Return the frame with null for these codes of a missing value, as numbers and as text."""
    import polars as pl

    number, text = pl.selectors.numeric(), pl.selectors.string()
    return frame.with_columns(number.replace(list(codes), None), text.replace([str(c) for c in codes], None))
