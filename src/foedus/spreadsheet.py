"""The one place that keeps a spreadsheet from running what stands in a CSV file: text that begins as a formula gets an apostrophe in front.

Names come from files that strangers write, and a spreadsheet runs a cell that begins with ``=``, ``+``, ``-`` or ``@`` (or a tab or line break before
its text), whatever the quotes. A number is no formula: columns of numbers, and text that is a plain number, stay as they are. `given` takes the
apostrophe away again, and our readers of CSV do, so that a name comes back as it was.

Does not know the spreadsheet's language: where a semicolon parts cells, a file with commas is to be imported, not opened.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import polars as pl

    Table = TypeVar("Table", pl.DataFrame, pl.LazyFrame)

_BLANK = "[ \\t\\r\\n\\x0b\\x0c\\x85\u00a0\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]"
_START = rf"{_BLANK}*[=+\-@＝＋－＠]|[\t\r\n]"
FORMULA = rf"^'*(?:{_START})"
"""How a cell begins that a spreadsheet may run; one that has an apostrophe already gets one more, so that it can be taken away."""
NUMBER = r"^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$"
_MARKED = rf"^'('*(?:{_START}))"


def harmless(table: Table) -> Table:
    r"""Return a table whose text, and whose names of columns, no spreadsheet takes for a formula.

    Examples
    --------
    >>> import polars as pl
    >>> harmless(pl.DataFrame({"name": ["=1+1", "-7", "Ruritania"], "x": [-1, 2, 3]})).rows()
    [("'=1+1", -1), ('-7', 2), ('Ruritania', 3)]
    """
    import polars as pl

    schema = table.collect_schema()
    text = [c for c, kind in schema.items() if kind in (pl.String, pl.Categorical, pl.Enum)]
    marked = [
        pl.when(pl.col(c).cast(pl.String).str.contains(FORMULA) & ~pl.col(c).cast(pl.String).str.contains(NUMBER))
        .then(pl.lit("'") + pl.col(c).cast(pl.String))
        .otherwise(pl.col(c).cast(pl.String))
        .alias(c)
        for c in text
    ]
    names = pl.Series(schema.names(), dtype=pl.String)
    bad = names.filter(names.str.contains(FORMULA) & ~names.str.contains(NUMBER))
    return table.with_columns(marked).rename({name: f"'{name}" for name in bad})


def given(table: pl.DataFrame) -> pl.DataFrame:
    r"""Return a table as it was before `harmless`.

    Examples
    --------
    >>> import polars as pl
    >>> given(harmless(pl.DataFrame({"name": ["=1", "'=1", "'Abd", "\tx"]})))["name"].to_list()
    ['=1', "'=1", "'Abd", '\tx']
    """
    import polars as pl

    names = pl.Series(table.columns, dtype=pl.String)
    plain = dict(zip(table.columns, names.str.replace(_MARKED, "$1"), strict=True))
    return table.with_columns(pl.col(pl.String).str.replace(_MARKED, "$1")).rename(plain)


def given_text(cell: str) -> str:
    """Return one cell as it was."""
    import re

    return re.sub(_MARKED, r"\1", cell)
