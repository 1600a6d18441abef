"""Strategic rivalries of each pair."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.panel.panel import DYADIC, At, Panel, Rows, check_at, derived, need, state_columns, take, zero_inside

if TYPE_CHECKING:
    import os

    import polars as pl
    from narwhals.typing import IntoFrame

    from foedus.data.store import DataDir

TYPES = {
    "spatial": "territory", "positional": "influence and status", "ideological": "ideas and regimes", "interventionary": "intervention",
}  # fmt: skip


def add_strategic_rivalries(
    frame: Panel | IntoFrame, *, at: At = "year", data_dir: DataDir | str | os.PathLike[str] | None = None
) -> Panel:
    """Return the panel with ``rivalry``, 1 if a strategic rivalry is in force, and the four columns of what it is over.

    These are ``spatial, positional, ideological, interventionary``; 0 if none, null outside the data's years. Of states their numbers:
    ``n_rivalries, n_spatial, n_positional, n_ideological, n_interventionary``.

    Parameters
    ----------
    frame : Panel or any frame
        Dyad-years or state-years with COW codes.
    at : {"year", "jan1"}
        Any year from the first to the last, or begun in an earlier year and not ended in one.
    data_dir : DataDir, str or Path, optional

    Raises
    ------
    DataError
        The frame holds other units, or has the columns.
    """
    check_at(at)
    panel = Panel.of(frame, data_dir)
    need(panel, "state_year", *DYADIC)
    years = derived(panel, ["tss_rivalries"], _years, at)
    if panel.unit.kind == "state_year":
        counts = {"n_rivalries": "strategic rivalries of the state"}
        counts |= {f"n_{t}": f"of these over {text}" for t, text in TYPES.items()}
        return state_columns(panel, "tss_rivalries", counts, _numbers(years), absent="no rivalry", zero=True)
    made = {"rivalry": panel.origin("tss_rivalries", "1 in a strategic rivalry", absent="no rivalry")}
    made |= {
        t: panel.origin("tss_rivalries", f"1 in a rivalry over {text}", absent="no rivalry")
        for t, text in TYPES.items()
    }

    def build(rows: Rows) -> pl.DataFrame:
        found = rows.pairs(years, directed=False, what="Strategic rivalries")
        return zero_inside(take(years, found, {c: c for c in made}), rows.covered(made["rivalry"]))

    return panel.add(made, build)


def _years(spells: pl.DataFrame, at: At) -> pl.DataFrame:
    """Return the rivalries of each undirected pair by year, with what they are over."""
    import polars as pl

    since = pl.col("start") + (1 if at == "jan1" else 0)
    return (
        spells.with_columns(pl.int_ranges(since, pl.col("end") + 1, dtype=pl.Int32).alias("year"))
        .explode("year", empty_as_null=False, keep_nulls=False)
        .group_by("ccode1", "ccode2", "year")
        .agg(pl.lit(1, dtype=pl.Int32).first().alias("rivalry"), *(pl.col(t).cast(pl.Int32).max() for t in TYPES))
    )


def _numbers(years: pl.DataFrame) -> pl.DataFrame:
    """Return how many rivalries each state has, by year and by what they are over."""
    import polars as pl

    both = pl.concat(
        [years.rename({side: "ccode"}).drop(other) for side, other in (("ccode1", "ccode2"), ("ccode2", "ccode1"))]
    )
    return both.group_by("ccode", "year").agg(
        pl.col("rivalry").sum().alias("n_rivalries"), *(pl.col(t).sum().alias(f"n_{t}") for t in TYPES)
    )
