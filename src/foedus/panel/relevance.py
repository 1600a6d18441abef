"""Major powers, and the pairs that are politically relevant: contiguous, or with a major power."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from foedus.errors import CoverageError, message, parameter
from foedus.panel.contiguity import add_contiguity
from foedus.panel.panel import DYADIC, At, Origin, Panel, Rows, check_at, derived, need, state_columns

if TYPE_CHECKING:
    import os

    import polars as pl
    from narwhals.typing import IntoFrame

    from foedus.data.store import DataDir


def add_cow_majors(
    frame: Panel | IntoFrame, *, at: At = "year", data_dir: DataDir | str | os.PathLike[str] | None = None
) -> Panel:
    """Return the panel with ``cowmaj``, 1 if a state is a major power; 0 if not, null after 2016.

    Parameters
    ----------
    frame : Panel or any frame
        State-years, dyad-years or leader-years with COW codes.
    at : {"year", "jan1"}
        On any day of the year, or on 1 January.
    data_dir : DataDir, str or Path, optional

    Raises
    ------
    DataError
        The frame has no COW codes, or has the columns.
    """
    check_at(at)
    panel = Panel.of(frame, data_dir)
    years = derived(panel, ["cow_majors"], _years, at)
    return state_columns(
        panel, "cow_majors", {"cowmaj": "1 if a major power"}, years, absent="no major power", zero=True
    )


def _years(spells: pl.DataFrame, at: At) -> pl.DataFrame:
    """Return the years in which each state is a major power."""
    import polars as pl

    start = pl.col("start")
    since = pl.when((start.dt.ordinal_day() == 1) | (at == "year")).then(start.dt.year()).otherwise(start.dt.year() + 1)
    return (
        spells.select("ccode", pl.int_ranges(since, pl.col("end").dt.year() + 1, dtype=pl.Int32).alias("year"))
        .explode("year", empty_as_null=False, keep_nulls=False)
        .unique()
        .with_columns(pl.lit(1, dtype=pl.Int32).alias("cowmaj"))
    )


def filter_prd(
    frame: Panel | IntoFrame, *, at: At = "year", unknown: Literal["raise", "drop"] = "raise",
    data_dir: DataDir | str | os.PathLike[str] | None = None,
) -> Panel:  # fmt: skip
    """Return the politically relevant pairs: contiguous by land or across up to 400 miles of water, or at least one a major power.

    Adds what it looks at, ``conttype, cowmaj1, cowmaj2``, where they are not there yet, and ``prd``, 1 in all rows.

    Parameters
    ----------
    frame : Panel or any frame
        Dyad-years with COW codes.
    at : {"year", "jan1"}
        As of `add_contiguity` and `add_cow_majors`.
    unknown : {"raise", "drop"}
        What to do with years in which contiguity or the list of major powers is not known, as after 2016.
    data_dir : DataDir, str or Path, optional

    Raises
    ------
    CoverageError
        The panel has such years, and ``unknown`` is ``"raise"``.
    DataError
        The frame holds no dyad-years.
    """
    import polars as pl

    if unknown not in {"raise", "drop"}:
        raise parameter("unknown", unknown, "'raise' or 'drop'")
    panel = Panel.of(frame, data_dir)
    need(panel, *DYADIC)
    if "conttype" not in panel.columns:
        panel = add_contiguity(panel, at=at)
    if not {"cowmaj1", "cowmaj2"} <= set(panel.columns):
        panel = add_cow_majors(panel.drop(*(c for c in ("cowmaj1", "cowmaj2") if c in panel.columns)), at=at)
    if unknown == "raise":
        _check_years(panel)
    near, major = pl.col("conttype") >= 1, (pl.col("cowmaj1") == 1) | (pl.col("cowmaj2") == 1)
    relevant = panel.filter((near | major).fill_null(value=False))
    if "prd" in panel.columns:
        return relevant
    told = Origin("", "1 if politically relevant")

    def build(rows: Rows) -> pl.DataFrame:
        return pl.DataFrame({"prd": pl.repeat(1, rows.height, dtype=pl.Int32, eager=True)})

    return relevant.add({"prd": told}, build)


def _check_years(panel: Panel) -> None:
    """Raise where the panel has years that contiguity or the list of major powers does not cover."""
    import polars as pl

    origins = [panel.origins[c] for c in ("conttype", "cowmaj1", "cowmaj2") if c in panel.origins]
    first = max((o.first_year for o in origins), default=0)
    last = min((o.last_year for o in origins), default=9999)
    span = panel.data.lazy().select(pl.col("year").min().alias("low"), pl.col("year").max().alias("high")).collect()
    low, high = span.row(0)
    if low is not None and (low < first or high > last):
        hint = f"end the panel at {last}, or drop the pairs of such years with unknown='drop'"
        raise CoverageError(
            message("Who is politically relevant", got=f"years {low}-{high}", expected=f"{first}-{last}", hint=hint)
        )
