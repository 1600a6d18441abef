"""`system`: the real system of a date, from the data folder at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from pathlib import Path

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
        Folder with the published files, searched at any depth; by default the folder that ``FOEDUS_DATA`` names, else the one that
        ``foedus data fetch`` fills.
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
        No such folder, or files missing from it.
    UnknownStateError
        A name in ``actors`` that is no member on that date.
    """
    from foedus.data.store import DataDir
    from foedus.system.dates import parse_date
    from foedus.system.from_tables import from_tables

    return from_tables(parse_date(str(date)), DataDir.of(data_dir).path, actors=actors, table=table)
