"""Portfolios by year: the level of each member's tie to each other one, from pledges of ATOP or from the classes of COW's formal alliances.

Two orders of what a tie is worth are in use. COW's puts neutrality and non-aggression above an entente; that of Chiba and others
[Chiba2015]_ puts consultation with neutrality and non-aggression alone below both. Of the two directions of a pledge the greater counts, and a
state has the greatest level with itself. All members of the system in the year are third states. Computes no measure.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from foedus.panel.alliances import directed_years

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl

    from foedus.panel.panel import At

Order = Literal["cow", "chiba"]
TOP = 3
"""The greatest level of an alliance, and a state's own with itself."""
ORDERS: dict[str, dict[str, int]] = {
    "cow": {"consul": 1, "nonagg": 2, "neutral": 2, "offense": 3, "defense": 3},
    "chiba": {"nonagg": 1, "consul": 2, "neutral": 2, "offense": 3, "defense": 3},
}
"""Level of each kind of pledge."""
COW_CLASSES = {"entente": 1, "nonaggression": 2, "neutrality": 2, "defense": 3}
"""Level of each class of COW's formal alliances."""


class Portfolios(NamedTuple):
    """Portfolios of one year: codes of its members, ascending, shape (n,), and the levels of their ties, int8, shape (n, n)."""

    year: int
    codes: NDArray[np.int64]
    levels: NDArray[np.int8]


def pledge_levels(members: pl.DataFrame, last_year: int, at: At, order: Order) -> pl.DataFrame:
    """Return the level of what each state owes each other one by year: ``ccode1, ccode2, year, level``, rows without a pledge left out.

    Parameters
    ----------
    members : polars.DataFrame
        ATOP's member file.
    last_year : int
        Of the file; pledges in force at its end run to the end of that year.
    at : {"year", "jan1"}
    order : {"cow", "chiba"}
    """
    import polars as pl

    level = pl.max_horizontal(*(pl.col(p) * k for p, k in ORDERS[order].items())).cast(pl.Int8).alias("level")
    owed = directed_years(members, last_year, at).select("ccode1", "ccode2", "year", level)
    return owed.filter(pl.col("level") > 0)


def formal_levels(alliances: pl.DataFrame, last_year: int, at: At) -> pl.DataFrame:
    """Return the level of each tie of COW's formal alliances by year, as of `pledge_levels`.

    Parameters
    ----------
    alliances : polars.DataFrame
        The file by member: one row a membership and type.
    last_year : int
        Memberships without an end run to the end of that year.
    at : {"year", "jan1"}
    """
    import polars as pl

    level = pl.max_horizontal(*(pl.col(c).cast(pl.Int8) * k for c, k in COW_CLASSES.items()))
    last = pl.col("exit").fill_null(dt.date(last_year, 12, 31))
    spells = alliances.select("version4id", "ccode", "entry", last.alias("exit"), level.alias("level"))
    others = spells.select("version4id", pl.col("ccode").alias("ccode2"), "entry", "exit")
    pairs = spells.join(others, on="version4id", validate="m:m", suffix="2").filter(pl.col("ccode") != pl.col("ccode2"))
    first, until = pl.max_horizontal("entry", "entry2"), pl.min_horizontal("exit", "exit2")
    since = first.dt.year() + (1 if at == "jan1" else 0)
    return (
        pairs.filter(first <= until)
        .with_columns(pl.int_ranges(since, until.dt.year() + 1, dtype=pl.Int32).alias("year"))
        .explode("year", empty_as_null=False)
        .group_by(pl.col("ccode").alias("ccode1"), "ccode2", "year")
        .agg(pl.col("level").max())
        .filter(pl.col("level") > 0)
    )


def members_by_year(states: pl.DataFrame, at: At = "year") -> dict[int, NDArray[np.int64]]:
    """Return the codes of the members of each year, ascending: on any day of it, or on 1 January."""
    import polars as pl

    start = pl.col("start")
    early = (start.dt.ordinal_day() == 1) | (at == "year")
    since = pl.when(early).then(start.dt.year()).otherwise(start.dt.year() + 1)
    years = pl.int_ranges(since, pl.col("end").dt.year() + 1, dtype=pl.Int32).alias("year")
    present = states.select("ccode", years).explode("year", empty_as_null=False, keep_nulls=False).unique()
    return {
        int(year): block["ccode"].to_numpy().astype(np.int64)
        for (year,), block in present.sort("year", "ccode").group_by("year", maintain_order=True)
    }


def portfolio_years(ties: pl.DataFrame, members: dict[int, NDArray[np.int64]]) -> Iterator[Portfolios]:
    """Yield the portfolios of each year in which there are members, in order; a tie with somebody who is no member is left out.

    Parameters
    ----------
    ties : polars.DataFrame
        ``ccode1, ccode2, year, level``; one direction is enough.
    members : dict of int to int64 array
        Of `members_by_year`.
    """
    by_year = {int(y[0]): block for y, block in ties.group_by("year")}
    for year, codes in members.items():
        levels = np.zeros((len(codes), len(codes)), dtype=np.int8)
        np.fill_diagonal(levels, TOP)
        found = by_year.get(year)
        if found is not None:
            one, two = (np.searchsorted(codes, found[c].to_numpy()) for c in ("ccode1", "ccode2"))
            one, two = np.minimum(one, len(codes) - 1), np.minimum(two, len(codes) - 1)
            here = (codes[one] == found["ccode1"].to_numpy()) & (codes[two] == found["ccode2"].to_numpy())
            np.maximum.at(levels, (one[here], two[here]), found["level"].to_numpy()[here])
            levels = np.maximum(levels, levels.T)
        yield Portfolios(year, codes, levels)
