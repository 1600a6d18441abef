"""`system`: the real system of a date, from the data folder at hand."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from foedus.errors import DataError, message

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from foedus.params import Params
    from foedus.system.system import System


def system(
    date: str | int | dt.date, *, data_dir: str | Path | None = None, actors: Sequence[str] | None = None, table: Params | None = None
) -> System:  # fmt: skip
    """Return the state system as of the start of a date.

    Parameters
    ----------
    date : str, int or datetime.date
        ``"1914-07-28"``, or a year, which means 1 January.
    data_dir : path, optional
        Folder with the published files, searched at any depth; by default the folder that ``FOEDUS_DATA`` names.
    actors : sequence of str, optional
        Only these states.
    table : Params, optional
        Replaces ``params/ties.toml``.

    Returns
    -------
    System

    Raises
    ------
    DataError
        No folder given, or files missing from it.
    UnknownStateError
        A name in ``actors`` that is no member on that date.
    """
    from foedus.system.dates import parse_date
    from foedus.system.from_tables import from_tables

    folder = data_dir or os.environ.get("FOEDUS_DATA")
    if not folder:
        raise DataError(message("A real year needs the field's data sets", got="no folder", expected="a folder with them",
                                hint="pass --data-dir (data_dir=) or set FOEDUS_DATA; DATA_LICENSES.md lists the files"))  # fmt: skip
    return from_tables(parse_date(str(date)), Path(folder), actors=actors, table=table)
