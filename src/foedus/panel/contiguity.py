"""Direct contiguity of each pair, and the number of neighbours of each state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.panel.panel import DYADIC, At, Panel, Rows, check_at, derived, need, state_columns, take, zero_inside

if TYPE_CHECKING:
    import os

    import polars as pl
    from narwhals.typing import IntoFrame

    from foedus.data.store import DataDir


def add_contiguity(
    frame: Panel | IntoFrame, *, at: At = "year", data_dir: DataDir | str | os.PathLike[str] | None = None
) -> Panel:
    """Return the panel with the class of contiguity of a pair, ``conttype``, or the neighbours of a state, ``land`` and ``sea``.

    1 is land, 2 to 5 up to 12, 24, 150, 400 miles of water, 0 not contiguous, null unknown.

    Parameters
    ----------
    frame : Panel or any frame
        Dyad-years or state-years with COW codes.
    at : {"year", "jan1"}
        The closest class in force on any day of the year, or that of 1 January. A record that says *none* earlier in a year hides nothing.
    data_dir : DataDir, str or Path, optional

    Raises
    ------
    DataError
        The frame holds other units, or has the columns.
    """
    check_at(at)
    panel = Panel.of(frame, data_dir)
    need(panel, "state_year", "leader_year", *DYADIC)
    years = derived(panel, ["cow_contdir"], _years, at)
    if panel.unit.kind in DYADIC:
        made = panel.origin(
            "cow_contdir",
            "1 land, 2 to 5 up to 12, 24, 150, 400 miles of water, 0 not contiguous",
            absent="not contiguous",
        )

        def build(rows: Rows) -> pl.DataFrame:
            found = rows.pairs(years, directed=False, what="Direct contiguity")
            return zero_inside(take(years, found, {"conttype": "conttype"}), rows.covered(made))

        return panel.add({"conttype": made}, build)
    text = {"land": "neighbours by land", "sea": "neighbours by up to 400 miles of water"}
    return state_columns(panel, "cow_contdir", text, _neighbours(years), absent="no neighbours", zero=True)


def _years(spells: pl.DataFrame, at: At) -> pl.DataFrame:
    """Return the class of each undirected pair by year."""
    import polars as pl

    start = pl.col("start").dt.year()
    since = pl.when((pl.col("start").dt.ordinal_day() == 1) | (at == "year")).then(start).otherwise(start + 1)
    return (
        spells.filter(pl.col("conttype") > 0)
        .with_columns(pl.int_ranges(since, pl.col("end").dt.year() + 1, dtype=pl.Int32).alias("year"))
        .explode("year", empty_as_null=False, keep_nulls=False)
        .group_by("ccode1", "ccode2", "year")
        .agg(pl.col("conttype").min())
    )


def _neighbours(years: pl.DataFrame) -> pl.DataFrame:
    """Return how many neighbours each state has by land and by water, by year."""
    import polars as pl

    both = pl.concat([years.select(pl.col(side).alias("ccode"), "year", "conttype") for side in ("ccode1", "ccode2")])
    land = pl.col("conttype") == 1
    return both.group_by("ccode", "year").agg(
        land.sum().cast(pl.Int32).alias("land"), (~land).sum().cast(pl.Int32).alias("sea")
    )
