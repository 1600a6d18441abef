"""Time since the last event: counted over a panel's rows, or over the calendar from the history of disputes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from foedus.errors import DataError, message, parameter
from foedus.panel.panel import DYADIC, Origin, Panel, Rows, derived, need

if TYPE_CHECKING:
    import os

    import polars as pl
    from narwhals.typing import IntoFrame
    from numpy.typing import NDArray

    from foedus.data.store import DataDir

_HISTORY = {
    "gml": ("gml_dirdisp", "gmlmid_peace_years"),
    "cow": ("cow_mid_dirdisps", "cowmid_peace_years"),
    "war": ("cow_war_inter", "cowinter_peace_years"),
}


def add_spells(
    frame: Panel | IntoFrame, event: str | None = None, *, repeated: Literal["failure", "missing"] = "failure", gaps: bool = False,
    data_dir: DataDir | str | os.PathLike[str] | None = None,
) -> Panel:  # fmt: skip
    """Return the panel with how many of a unit's rows went by since its last event: ``gmlmidspell`` of ``gmlmidongoing``.

    The first row of a unit is 0, the row of an event keeps its count, the row after it is 0. The count follows the year, whatever the order of the
    rows. After a row whose event is unknown the count is unknown up to the row of the next event. Time before the first row is not known to the
    panel: the count of a unit without event is a lower bound.

    Parameters
    ----------
    frame : Panel or any frame
        Any unit with years.
    event : str, optional
        A column of 0 and 1; by default every column that ends in ``ongoing``, one count each. An onset column counts from the last onset, through
        the years in which a dispute goes on.
    repeated : {"failure", "missing"}
        Whether the later years of an event that goes on are events of their own, or null as no time at risk.
    gaps : bool
        Count calendar years that have no row too; by default rows are counted, as `filter_prd` leaves them.
    data_dir : DataDir, str or Path, optional

    Raises
    ------
    DataError
        No such column, other values than 0 and 1, or a unit with two rows in a year.
    ParameterError
        Another ``repeated``.

    References
    ----------
    [Beck1998]_
    """
    import polars as pl

    if repeated not in {"failure", "missing"}:
        raise parameter("repeated", repeated, "'failure' or 'missing'")
    panel = Panel.of(frame, data_dir)
    events = [event] if event is not None else [c for c in panel.columns if c.endswith("ongoing")]
    absent = [c for c in events if c not in panel.columns]
    if absent or not events:
        hint = "add_gml_mids(panel) or add_cow_wars(panel) adds one"
        raise DataError(
            message(
                "No column of events", got=", ".join(panel.columns[-8:]), expected=event or "one ending in ongoing", hint=hint
            )
        )  # fmt: skip
    told = {
        _name(c): Origin(panel.origins[c].source if c in panel.origins else "", f"rows since the last {c}")
        for c in events
    }

    def build(rows: Rows) -> pl.DataFrame:
        order, first, years = _by_unit(rows)
        out = {}
        for c in events:
            known = rows.frame[c].cast(pl.Int32)
            _check_flags(known, c)
            value = known.fill_null(-1).to_numpy()[order]
            counted = np.full(rows.height, np.nan)
            counted[order] = since_last(value, first, years if gaps else None, once=repeated == "missing")
            out[_name(c)] = pl.Series(counted).fill_nan(None).cast(pl.Int32)
        return pl.DataFrame(out)

    return panel.add(told, build, whole=True)


def _name(event: str) -> str:
    """Return the name of the count of an event."""
    for ending in ("ongoing", "onset"):
        if event.endswith(ending):
            return f"{event.removesuffix(ending)}{'onset' if ending == 'onset' else ''}spell"
    return f"{event}spell"


def _check_flags(column: pl.Series, name: str) -> None:
    """Raise unless the column holds 0 and 1."""
    if column.drop_nulls().is_in([0, 1]).all():
        return
    raise DataError(
        message(f"Column {name} holds no events", got=f"{column.min()} to {column.max()}", expected="0 and 1")
    )


def _by_unit(rows: Rows) -> tuple[NDArray[np.intp], NDArray[np.bool_], NDArray[np.int64]]:
    """Return the order of rows by unit and year, which of these are a unit's first, and their years."""
    import polars as pl

    who = [k for k in rows.unit.keys if k != rows.unit.time]
    codes = pl.struct(who) if len(who) > 1 else pl.col(who[0])
    unit = rows.frame.select(codes.rank("dense")).to_series().to_numpy()
    order = np.lexsort((rows.year, unit))
    unit, years = unit[order], rows.year[order]
    first = np.r_[True, unit[1:] != unit[:-1]] if len(unit) else np.zeros(0, dtype=bool)
    twice = np.flatnonzero(~first & np.r_[False, years[1:] == years[:-1]]) if len(unit) else first
    if len(twice):
        row = rows.frame.select(rows.unit.keys).row(int(order[twice[0]]))
        raise DataError(
            message("A unit has a year twice", got=str(row), expected=f"one row for each {', '.join(rows.unit.keys)}")
        )
    return order, first, years


def since_last(
    event: NDArray[np.int32], first: NDArray[np.bool_], years: NDArray[np.int64] | None = None, *, once: bool = False
) -> NDArray[np.float64]:
    """Return the rows, or years, between each row and its unit's last event before it; see `add_spells`.

    Parameters
    ----------
    event : numpy.ndarray
        1, 0, or -1 where unknown, by unit and time.
    first : numpy.ndarray of bool
        A unit's first row.
    years : numpy.ndarray, optional
        Count in years.
    once : bool
        NaN in the rows after the first of an event that goes on.
    """
    n = len(event)
    if not n:
        return np.zeros(0)
    place = np.arange(n)
    began = np.maximum.accumulate(np.where(first, place, 0))
    step = place if years is None else years

    def last_before(hit: NDArray[np.bool_]) -> NDArray[np.int64]:
        shifted = np.r_[-1, np.maximum.accumulate(np.where(hit, place, -1))[:-1]]
        return np.where(shifted >= began, shifted, -1)

    hit, lost = last_before(event == 1), last_before(event == -1)
    counted = np.where(hit >= 0, step - step[np.maximum(hit, 0)] - 1, step - step[began]).astype(float)
    # Unknown since the last event: the count is unknown too.
    counted[(lost >= 0) & (lost > hit)] = np.nan
    if once:
        counted[(event == 1) & ~first & np.r_[False, event[:-1] == 1]] = np.nan
    return counted


def add_peace_years(
    frame: Panel | IntoFrame, conflict: Literal["gml", "cow", "war"] = "gml", *, powers: int = 1,
    data_dir: DataDir | str | os.PathLike[str] | None = None,
) -> Panel:  # fmt: skip
    """Return the panel with the calendar years of peace between the two, from the history of disputes itself.

    ``gmlmid_peace_years`` is 0 in the year after a dispute, and in the first year in which both are members of the system; a year of dispute keeps
    its count. It depends on no other column and on no other row, so that it is the same before and after rows are dropped (`add_spells` counts the
    rows that are there). Null after the data's last year. Before 1816 nothing is known: the count of an old pair without dispute is a lower bound.

    Parameters
    ----------
    frame : Panel or any frame
        Dyad-years with COW codes.
    conflict : {"gml", "cow", "war"}
        GML disputes, disputes of the Correlates of War (``cowmid_peace_years``), or inter-state wars (``cowinter_peace_years``).
    powers : int
        With 3, the square and the cube too, as columns that end in 2 and 3 (units: tenths of years cubed are for the user to scale).
    data_dir : DataDir, str or Path, optional

    Raises
    ------
    DataError
        The frame holds no dyad-years, or has the columns.
    ParameterError
        Another ``conflict``, or ``powers`` outside 1 to 3.

    References
    ----------
    [CarterSignorino2010]_
    """
    import polars as pl

    if conflict not in _HISTORY:
        raise parameter("conflict", conflict, " or ".join(map(repr, _HISTORY)))
    if powers not in {1, 2, 3}:
        raise parameter("powers", powers, "1, 2 or 3")
    panel = Panel.of(frame, data_dir)
    need(panel, *DYADIC)
    source, name = _HISTORY[conflict]
    years = derived(panel, [source, "cow_states"], _peace)
    made = panel.origin(source, "calendar years since the last dispute of the two, or since both are members")
    told = {name: made} | {
        f"{name}{k}": Origin(source, f"{name} to the power of {k}", made.first_year, made.last_year)
        for k in range(2, powers + 1)
    }

    def build(rows: Rows) -> pl.DataFrame:
        low, high = np.minimum(rows.code("1"), rows.code("2")), np.maximum(rows.code("1"), rows.code("2"))
        pair = low * 1000 + high
        began = years["pair"].to_numpy() * 4096 + years["year"].to_numpy()
        at = np.searchsorted(began, pair * 4096 + rows.year, side="right") - 1
        found = (at >= 0) & rows.covered(made)
        at = np.maximum(at, 0)
        found &= years["pair"].to_numpy()[at] == pair
        count = np.where(found, rows.year - years["year"].to_numpy()[at], np.nan)
        return pl.DataFrame({c: count**k for k, c in enumerate(told, 1)}).with_columns(
            pl.all().fill_nan(None).cast(pl.Int32)
        )

    return panel.add(told, build)


def _peace(rows: pl.DataFrame, states: pl.DataFrame) -> pl.DataFrame:
    """Return the years from which each undirected pair, as one number, is counted: the first of both, and the one after each year of dispute."""
    import polars as pl

    low, high = pl.min_horizontal("ccode1", "ccode2"), pl.max_horizontal("ccode1", "ccode2")
    pair = (low.cast(pl.Int64) * 1000 + high).alias("pair")
    after = rows.select(pair, (pl.col("year") + 1).cast(pl.Int64).alias("year"))
    first = states.group_by("ccode").agg(pl.col("start").dt.year().min().cast(pl.Int64).alias("year"))
    born = first.join(first, how="cross", suffix="2").filter(pl.col("ccode") < pl.col("ccode2"))
    begun = born.select(
        (pl.col("ccode").cast(pl.Int64) * 1000 + pl.col("ccode2")).alias("pair"),
        pl.max_horizontal("year", "year2").alias("year"),
    )
    return pl.concat([after, begun]).unique().sort("pair", "year")
