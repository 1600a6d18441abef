"""States and pairs of states by year and by day, from the two lists of states."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np

from foedus.data.store import DataDir
from foedus.errors import CoverageError, message, parameter
from foedus.panel import unit as units
from foedus.panel.panel import Panel
from foedus.panel.unit import CODE, SchemeName

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    import polars as pl
    from numpy.typing import NDArray

_LIST = {"cow": "cow_states", "gw": "gw_system"}
_FIRST = 1816


def create_state_years(
    start: int | None = None,
    end: int | None = None,
    *,
    system: SchemeName = "cow",
    carry_forward: bool = False,
    data_dir: DataDir | str | os.PathLike[str] | None = None,
) -> Panel:
    """Return one row per state and year: a state is in a year if it was a member on any day of it.

    Parameters
    ----------
    start, end : int, optional
        First and last year; by default all years from 1816 that the list covers.
    system : {"cow", "gw"}
        Correlates of War or Gleditsch-Ward.
    carry_forward : bool
        Count the members of the list's last day as members of later years too.
    data_dir : DataDir, str or Path, optional
        Folder with the data files.

    Returns
    -------
    Panel
        ``ccode, stateabb, statenme, year`` (``gwcode`` for Gleditsch-Ward, and ``microstate``), sorted by code and year.

    Raises
    ------
    CoverageError
        Years outside the list.

    Examples
    --------
    >>> create_state_years(1914, 1914).height  # doctest: +SKIP
    45
    """
    import polars as pl

    spells, first, last, store = _members(system, start, end, carry_forward=carry_forward, data_dir=data_dir)
    code = CODE[system]
    extra = ["stateabb", "statenme", *(["microstate"] if system == "gw" else [])]
    frame = (
        spells.select(code, *extra, pl.int_ranges(
            pl.max_horizontal(pl.col("start").dt.year(), first), pl.min_horizontal(pl.col("end").dt.year(), last) + 1, dtype=pl.Int32).alias("year"))
        .explode("year", empty_as_null=False, keep_nulls=False)
        .unique([code, "year"], keep="first", maintain_order=True)
        .sort(code, "year")
    )  # fmt: skip
    panel = Panel(frame, units.state_year(system), {}, store)
    return _with_origins(panel, [c for c in frame.columns if c != "year"], system)


def create_dyad_years(
    start: int | None = None,
    end: int | None = None,
    *,
    directed: bool = True,
    system: SchemeName = "cow",
    carry_forward: bool = False,
    first_states: Sequence[int] | None = None,
    data_dir: DataDir | str | os.PathLike[str] | None = None,
) -> Panel:
    """Return one row per pair of states and year: a pair is in a year if both were members on at least one same day of it.

    Parameters
    ----------
    start, end : int, optional
        First and last year; by default all years from 1816 that the list covers.
    directed : bool
        Both orders of each pair; otherwise ``ccode1 < ccode2`` (convention 4.4).
    system : {"cow", "gw"}
        Correlates of War or Gleditsch-Ward.
    carry_forward : bool
        Count the members of the list's last day as members of later years too.
    first_states : sequence of int, optional
        Only pairs whose first state has one of these codes.
    data_dir : DataDir, str or Path, optional
        Folder with the data files.

    Returns
    -------
    Panel
        ``ccode1, ccode2, year`` (``gwcode1, gwcode2`` for Gleditsch-Ward, with ``microstate1, microstate2``), int32, sorted by these.

    Raises
    ------
    CoverageError
        Years outside the list.

    Examples
    --------
    >>> create_dyad_years(1914, 1914, directed=False).height  # doctest: +SKIP
    990
    """
    import polars as pl

    spells, first, last, store = _members(system, start, end, carry_forward=carry_forward, data_dir=data_dir)
    code = CODE[system]
    codes = np.unique(spells[code].to_numpy())
    opened, closed = _days_in_year(spells, codes, first, last, code)
    present = np.any(closed >= opened, axis=-1)
    n, years = present.shape
    wanted = np.arange(n) if first_states is None else np.flatnonzero(np.isin(codes, list(first_states)))
    together = present[wanted][:, None, :] & present[None, :, :]
    together &= (~np.eye(n, dtype=bool) if directed else np.triu(np.ones((n, n), dtype=bool), 1))[wanted][:, :, None]
    _drop_who_never_met(together, wanted, opened, closed)
    pair, year = np.divmod(np.flatnonzero(together), years)
    one, two = np.divmod(pair, n)
    one = wanted[one]
    as_code = codes.astype(np.int32)
    columns = {f"{code}1": as_code[one], f"{code}2": as_code[two], "year": (year + first).astype(np.int32)}
    if system == "gw":
        small = np.isin(codes, spells.filter("microstate")[code].to_numpy())
        columns |= {"microstate1": small[one], "microstate2": small[two]}
    panel = Panel(pl.DataFrame(columns), units.dyad_year(system, directed=directed), {}, store)
    return _with_origins(panel, [c for c in columns if c != "year"], system)


def create_state_days(
    start: dt.date,
    end: dt.date,
    *,
    system: SchemeName = "cow",
    data_dir: DataDir | str | os.PathLike[str] | None = None,
) -> Panel:
    """Return one row per state and day of membership.

    Parameters
    ----------
    start, end : datetime.date
        First and last day. Two centuries are six million rows: name the days that you need.
    system : {"cow", "gw"}
    data_dir : DataDir, str or Path, optional

    Returns
    -------
    Panel
        ``ccode, stateabb, statenme, date`` (``gwcode`` for Gleditsch-Ward), sorted by code and day.

    Raises
    ------
    CoverageError
        Days outside the list.
    """
    import polars as pl

    if start > end:
        raise parameter("start", start, f"a day up to end={end}")
    spells, _, _, store = _members(system, start.year, end.year, carry_forward=False, data_dir=data_dir)
    code = CODE[system]
    frame = (
        spells.filter((pl.col("start") <= end) & (pl.col("end") >= start))
        .select(code, "stateabb", "statenme", pl.date_ranges(
            pl.max_horizontal("start", pl.lit(start)), pl.min_horizontal("end", pl.lit(end))).alias("date"))
        .explode("date", empty_as_null=False, keep_nulls=False)
        .sort(code, "date")
    )  # fmt: skip
    panel = Panel(frame, units.state_day(system), {}, store)
    return _with_origins(panel, [c for c in frame.columns if c != "date"], system)


def _with_origins(panel: Panel, columns: list[str], system: SchemeName) -> Panel:
    """Return the panel with its keys' origin: the list of states."""
    origin = panel.origin(
        _LIST[system], "code of a state, from the list of who is one and when", absent="no member of the system"
    )
    panel.__dict__["origins"] = dict.fromkeys(columns, origin)
    return panel


def _members(
    system: SchemeName,
    start: int | None,
    end: int | None,
    *,
    carry_forward: bool,
    data_dir: DataDir | str | os.PathLike[str] | None,
) -> tuple[pl.DataFrame, int, int, DataDir]:
    """Return the spells of membership that touch the years asked for, those years, and the store."""
    import polars as pl

    units.check_system(system)
    store = DataDir.of(data_dir)
    source = store.provenance(_LIST[system])
    spells, limit = store.table(_LIST[system]), source.last_year
    first = _FIRST if start is None else start
    last = limit if end is None else end
    if first > last:
        raise parameter("start", first, f"a year up to end={last}")
    if first < _FIRST or (last > limit and not carry_forward):
        hint = f"end at {limit}; carry_forward=True (--carry-forward) keeps the members of that year"
        raise CoverageError(
            message(
                f"The list of states ({source.spec.title})",
                got=f"years {first}-{last}",
                expected=f"{_FIRST}-{limit}",
                hint=hint,
            )
        )
    if last > limit:
        still = pl.col("end") == spells["end"].max()
        spells = spells.with_columns(pl.when(still).then(pl.date(last, 12, 31)).otherwise("end").alias("end"))
    inside = (pl.col("start").dt.year() <= last) & (pl.col("end").dt.year() >= first)
    return spells.filter(inside).sort(CODE[system], "start"), first, last, store


def _days_in_year(
    spells: pl.DataFrame, codes: NDArray[np.int64], first: int, last: int, code: str
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return first and last day of each spell by state and year, shape (states, years, spells), days since 1970; none where last < first."""
    starts = np.array([(dt.date(y, 1, 1) - dt.date(1970, 1, 1)).days for y in range(first, last + 2)], dtype=np.int32)
    at = np.searchsorted(codes, spells[code].to_numpy())
    # The spells of a state are told apart by their number within the state.
    number = np.arange(len(at)) - np.searchsorted(at, at)
    width = int(number.max()) + 1 if len(number) else 1
    opened = np.ones((len(codes), last - first + 1, width), dtype=np.int32)
    closed = np.zeros_like(opened)
    one, end = (spells[c].to_physical().to_numpy().astype(np.int32) for c in ("start", "end"))
    opened[at, :, number] = np.maximum(one[:, None], starts[None, :-1])
    closed[at, :, number] = np.minimum(end[:, None], starts[None, 1:] - 1)
    return opened, closed


def _drop_who_never_met(
    together: NDArray[np.bool_], wanted: NDArray[np.intp], opened: NDArray[np.int32], closed: NDArray[np.int32]
) -> None:
    """Clear, in place, the pairs of a year in which no day saw both as members; rows of ``together`` are the states ``wanted``."""
    inside = closed >= opened
    whole = np.any(inside & (closed - opened >= 364), axis=-1)
    row_of = np.full(len(whole), -1)
    row_of[wanted] = np.arange(len(wanted))
    for state, year in zip(*np.nonzero(inside.any(axis=-1) & ~whole), strict=True):
        meet = np.zeros(len(whole), dtype=bool)
        for k in np.flatnonzero(inside[state, year]):
            shared = np.maximum(opened[:, year], opened[state, year, k]) <= np.minimum(
                closed[:, year], closed[state, year, k]
            )
            meet |= (shared & inside[:, year]).any(axis=-1)
        if row_of[state] >= 0:
            together[row_of[state], :, year] &= meet
        together[:, state, year] &= meet[wanted]
