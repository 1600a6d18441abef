"""International crises of states and pairs (International Crisis Behavior)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.panel.panel import Panel, Rows, derived, need, state_columns, take, zero_inside

if TYPE_CHECKING:
    import os

    import polars as pl
    from narwhals.typing import IntoFrame

    from foedus.data.store import DataDir

_STATE = {
    "icbcrisis": "1 if the state is in a foreign policy crisis", "icbonset": "1 if one begins for it", "n_crises": "crises it is in",
    "icbviolence": "gravest violence in managing one: 1 none, 2 minor clashes, 3 serious clashes, 4 war",
}  # fmt: skip
_PAIR = {
    "icbcrisis": "1 if both are actors in the same international crisis", "icbthreat12": "1 if state 1 is coded as the source of a threat to state 2",
    "icbthreat21": "1 if state 2 is coded as the source of a threat to state 1",
}  # fmt: skip


def add_icb(frame: Panel | IntoFrame, *, data_dir: DataDir | str | os.PathLike[str] | None = None) -> Panel:
    """Return the panel with international crises, 1918-2018.

    Of states ``icbcrisis, icbonset, n_crises, icbviolence``; of pairs ``icbcrisis``, 1 if both are actors in one crisis, which does not make them
    opponents, and ``icbthreat12, icbthreat21``: who is coded as the source of the threat to whom. 0 where there is none (violence is null then),
    null outside the data's years.

    Parameters
    ----------
    frame : Panel or any frame
        State-years or dyad-years with COW codes.
    data_dir : DataDir, str or Path, optional

    Raises
    ------
    DataError
        The frame holds other units, or has the columns.

    References
    ----------
    [Brecher1997]_
    """
    import polars as pl

    panel = Panel.of(frame, data_dir)
    need(panel, "state_year", "dyad_year")
    if panel.unit.kind == "state_year":
        table = derived(panel, ["icb_actors"], _by_state)
        counted = {c: text for c, text in _STATE.items() if c != "icbviolence"}
        grown = state_columns(panel, "icb_actors", counted, table, absent="no foreign policy crisis", zero=True)
        return state_columns(
            grown, "icb_actors", {"icbviolence": _STATE["icbviolence"]}, table, absent="no foreign policy crisis"
        )
    together, threats = derived(panel, ["icb_actors"], _together), derived(panel, ["icb_actors"], _threats)
    told = {c: panel.origin("icb_actors", text, absent="no crisis of both") for c, text in _PAIR.items()}

    def build(rows: Rows) -> pl.DataFrame:
        parts = [
            take(together, rows.pairs(together, directed=False, what="icb_actors"), {"icbcrisis": "icbcrisis"}),
            take(threats, rows.pairs(threats, directed=True, what="icb_actors"), {"icbthreat12": "threat"}),
            take(threats, rows.pairs(threats, directed=True, swap=True, what="icb_actors"), {"icbthreat21": "threat"}),
        ]
        return zero_inside(pl.concat(parts, how="horizontal"), rows.covered(told["icbcrisis"]))

    return panel.add(told, build)


def _years(actors: pl.DataFrame) -> pl.DataFrame:
    """Return one row per actor of a crisis and year, from its trigger to its end; a crisis without known end counts in its first year."""
    import polars as pl

    start = pl.col("start").dt.year()
    last = pl.max_horizontal(pl.col("end").dt.year().fill_null(start), start)
    return actors.with_columns(pl.int_ranges(start, last + 1, dtype=pl.Int32).alias("year")).explode(
        "year", empty_as_null=False, keep_nulls=False
    )


def _by_state(actors: pl.DataFrame) -> pl.DataFrame:
    """Return the crises of each state by year."""
    import polars as pl

    return _years(actors).drop_nulls("ccode").group_by("ccode", "year").agg(
        pl.lit(1, dtype=pl.Int32).first().alias("icbcrisis"),
        (pl.col("start").dt.year() == pl.col("year")).any().cast(pl.Int32).alias("icbonset"),
        pl.col("crisno").n_unique().cast(pl.Int32).alias("n_crises"), pl.col("sevvio").max().alias("icbviolence"),
    )  # fmt: skip


def _together(actors: pl.DataFrame) -> pl.DataFrame:
    """Return the undirected pairs that are actors in one crisis, by year."""
    import polars as pl

    rows = _years(actors).drop_nulls("ccode").select("crisno", "ccode", "year").unique()
    both = rows.join(rows, on=["crisno", "year"], suffix="2", validate="m:m").filter(pl.col("ccode") < pl.col("ccode2"))
    return (
        both.select(pl.col("ccode").alias("ccode1"), "ccode2", "year")
        .unique()
        .with_columns(pl.lit(1, dtype=pl.Int32).alias("icbcrisis"))
    )


def _threats(actors: pl.DataFrame) -> pl.DataFrame:
    """Return who is coded as the source of the threat to whom, by year; codes that stand for no single state are left out."""
    import polars as pl

    rows = (
        _years(actors)
        .drop_nulls(["ccode", "southv"])
        .filter((pl.col("southv") < 990) & (pl.col("southv") != pl.col("ccode")))
    )
    pairs = rows.select(pl.col("southv").alias("ccode1"), pl.col("ccode").alias("ccode2"), "year").unique()
    return pairs.with_columns(pl.lit(1, dtype=pl.Int32).alias("threat"))
