"""SQL over the tables at hand: `query`. Reads the tables of a folder and nothing else; changes nothing and opens no connection."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

from foedus.data.sources import SOURCES
from foedus.data.store import DataDir
from foedus.errors import DataError, ParameterError, message

if TYPE_CHECKING:
    import os

    import polars as pl

_READS = re.compile(r"(?:read|scan)_\w+", re.IGNORECASE)
_STARTS = re.compile(r"[\s(]*(?:select|with|from|explain)\b", re.IGNORECASE)
_ABSENT = re.compile(r"relation '(.*?)' was not found")


def query(sql: str, *, data_dir: DataDir | str | os.PathLike[str] | None = None) -> pl.DataFrame:
    """Return the rows of one SQL query over the tables at hand, which are named by the ids of their data sets.

    Parameters
    ----------
    sql : str
        A SELECT in the SQL of Polars. Tables that it does not name are not read.
    data_dir : DataDir, str, Path or None

    Raises
    ------
    ParameterError
        Not one SELECT, or it reads a file or address, or Polars cannot run it.
    DataError
        It names a table that is not here.

    Examples
    --------
    >>> query("SELECT year, cinc FROM cow_nmc WHERE ccode = 2", data_dir="/data")  # doctest: +SKIP
    """
    import polars as pl

    data = DataDir.of(data_dir)
    if not _STARTS.match(sql) or _READS.search(sql):
        hint = "SELECT ccode, year, cinc FROM cow_nmc WHERE year = 1914; foedus data list shows the tables"
        raise ParameterError(
            message("A query only reads the tables at hand", got=sql[:200], expected="one SELECT", hint=hint)
        )
    named = [name for name in dict.fromkeys(re.findall(r"\w+", sql)) if name in SOURCES and data.find(name)]
    try:
        return pl.SQLContext({name: data.scan(name) for name in named}).execute(sql, eager=True)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        absent = _ABSENT.search(str(error))
        if absent and absent[1] in SOURCES:
            data.require(absent[1])
        if absent:
            near = get_close_matches(absent[1], [name for name in SOURCES if data.find(name)], 3)
            hint = f"did you mean {', '.join(near)}?" if near else "foedus data list shows the tables"
            raise DataError(message(f"No table {absent[1]}", where=str(data.path), hint=hint)) from error
        text = str(error).strip().partition("\n")[0]
        raise ParameterError(message("Cannot run the query", got=text[:300], where=sql[:200])) from error
