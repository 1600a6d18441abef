"""Where the lists of states disagree, computed from the lists at hand, and why: reasons from our own table ``own/schemes.toml``."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from foedus.data.own.schemes import schemes
from foedus.data.store import DataDir

if TYPE_CHECKING:
    import os

    import polars as pl

COLUMNS = ("kind", "ccode", "gwcode", "name", "first_year", "last_year", "cow", "gw", "reason")


def disagreements(year: int | None = None, *, data_dir: DataDir | str | os.PathLike[str] | None = None) -> pl.DataFrame:
    """Return every disagreement between the Correlates of War list and that of Gleditsch and Ward, each with its reason.

    Parameters
    ----------
    year : int, optional
        Only those that bear on this year.
    data_dir : DataDir, str or Path, optional

    Returns
    -------
    polars.DataFrame
        ``kind`` is ``code`` (one state, two codes), ``only_cow``, ``only_gw`` (years in which only one list has the state), ``first_day`` or
        ``last_day`` (both have the state in the year and date it differently). ``cow`` and ``gw`` are the days. ``reason`` is null where our
        table has none.

    Raises
    ------
    DataError
        One of the lists is not at hand.
    """
    import polars as pl

    store = DataDir.of(data_dir)
    store.require("cow_states", "gw_system", "cw_gw_panel", "gw_cw_panel")
    found = _all(store)
    return found if year is None else found.filter((pl.col("first_year") <= year) & (pl.col("last_year") >= year))


def _all(store: DataDir) -> pl.DataFrame:
    """Return the whole table."""
    import polars as pl

    cow, gw = store.table("cow_states"), store.table("gw_system")
    last = min(int(cow["end"].dt.year().max()), int(gw["end"].dt.year().max()))  # type: ignore[arg-type]
    panels = [
        store.table(t).drop_nulls(["gwcode", "ccode"]).select("gwcode", "ccode", "year")
        for t in ("cw_gw_panel", "gw_cw_panel")
    ]
    same = pl.concat(panels).unique().filter(pl.col("year") <= last)
    parts = [
        _codes(same, cow), _alone(cow, same, "ccode", last), _alone(gw, same, "gwcode", last), _days(cow, gw, same, "start"),
        _days(cow, gw, same, "end"),
    ]  # fmt: skip
    table = pl.concat(parts, how="diagonal_relaxed")
    small = set(gw.filter("microstate")["gwcode"])
    reasons = [_reason(row, small) for row in table.iter_rows(named=True)]
    return (
        table.with_columns(pl.Series("reason", reasons, dtype=pl.String))
        .select(COLUMNS)
        .sort("first_year", "kind", "ccode", "gwcode")
    )


def _codes(same: pl.DataFrame, cow: pl.DataFrame) -> pl.DataFrame:
    """Return the states that bear different codes, with the years in which they do, each run of years a row."""
    import polars as pl

    names = cow.select("ccode", "statenme").unique("ccode", keep="last", maintain_order=True)
    runs = _runs(same.filter(pl.col("gwcode") != pl.col("ccode")), ["ccode", "gwcode"])
    return (
        runs.join(names, on="ccode", how="left", validate="m:1")
        .with_columns(pl.lit("code").alias("kind"))
        .rename({"statenme": "name"})
    )


def _alone(states: pl.DataFrame, same: pl.DataFrame, code: str, last: int) -> pl.DataFrame:
    """Return the years in which only this list has a state."""
    import polars as pl

    end = pl.min_horizontal(pl.col("end").dt.year(), pl.lit(last))
    years = states.select(
        code, "statenme", pl.int_ranges(pl.col("start").dt.year(), end + 1, dtype=pl.Int32).alias("year")
    ).explode("year", empty_as_null=False, keep_nulls=False)
    names = years.select(code, pl.col("statenme").alias("name")).unique(code, keep="first", maintain_order=True)
    alone = years.select(code, "year").unique().join(same, on=[code, "year"], how="anti")
    kind = "only_cow" if code == "ccode" else "only_gw"
    return (
        _runs(alone, [code]).join(names, on=code, how="left", validate="m:1").with_columns(pl.lit(kind).alias("kind"))
    )


def _runs(years: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Return unbroken runs of years of each key."""
    import polars as pl

    run = (pl.col("year") - pl.col("year").rank("ordinal").over(keys)).alias("run")
    return (
        years.unique([*keys, "year"]).sort(*keys, "year").with_columns(run).group_by(*keys, "run", maintain_order=True)
        .agg(pl.col("year").min().alias("first_year"), pl.col("year").max().alias("last_year")).drop("run")
    )  # fmt: skip


def _days(cow: pl.DataFrame, gw: pl.DataFrame, same: pl.DataFrame, which: str) -> pl.DataFrame:
    """Return the spells that begin, or end, in the same year in both lists and on different days."""
    import polars as pl

    pairs = same.select("ccode", "gwcode").unique()
    ours = cow.select(
        "ccode",
        pl.col("statenme").alias("name"),
        pl.col(which).alias("cow"),
        pl.col(which).dt.year().alias("first_year"),
    )
    theirs = gw.select("gwcode", pl.col(which).alias("gw"), pl.col(which).dt.year().alias("first_year"))
    final = (
        (pl.col("cow") == cow[which].max()) & (pl.col("gw") == gw[which].max())
        if which == "end"
        else pl.lit(value=False)
    )
    both = ours.join(pairs, on="ccode", validate="m:m").join(theirs, on=["gwcode", "first_year"], validate="m:m")
    kind = "first_day" if which == "start" else "last_day"
    different = both.filter((pl.col("cow") != pl.col("gw")) & ~final)
    return different.with_columns(pl.col("first_year").alias("last_year"), pl.lit(kind).alias("kind"))


def _reason(row: dict[str, Any], small: set[int]) -> str | None:
    """Return why the lists disagree in one row, None where nobody has said so."""
    table, kind = schemes(), row["kind"]
    if kind == "code":
        return _codes_of().get((row["ccode"], row["gwcode"]))
    if kind in {"first_day", "last_day"}:
        return table["rules"]["day"]
    code = row["ccode"] if kind == "only_cow" else row["gwcode"]
    for entry in table[kind]:
        if entry["code"] == code and entry["first"] <= row["first_year"] and row["last_year"] <= entry["last"]:
            return entry["why"]
    if kind == "only_gw" and code in small:
        return table["rules"]["microstate"]
    return table["rules"]["before_1920"] if kind == "only_gw" and row["last_year"] < 1920 else None


@cache
def _codes_of() -> dict[tuple[int, int], str]:
    """Return the reasons for different codes by both codes."""
    return {(e["cow"], e["gw"]): e["why"] for e in schemes()["code"]}
