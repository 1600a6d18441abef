"""Groups of k states by year: a multilateral alliance is one decision of all its members, not one of each pair."""

from __future__ import annotations

import math
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from foedus.data.store import DataDir
from foedus.errors import DataError, message, parameter
from foedus.panel.alliances import PLEDGES
from foedus.panel.create import create_state_years
from foedus.panel.panel import Origin, Panel
from foedus.panel.unit import Unit

if TYPE_CHECKING:
    import os

    import polars as pl
    from numpy.typing import NDArray

_MOST = 12


def create_kads(
    k: int, start: int | None = None, end: int | None = None, *, n_per_year: int = 1000, seed: int, pledge: str | None = None,
    data_dir: DataDir | str | os.PathLike[str] | None = None,
) -> Panel:  # fmt: skip
    """Return groups of ``k`` states by year: all that signed an ATOP alliance of exactly these founders, and a random sample of the others.

    Parameters
    ----------
    k : int
        States in a group, 2 to 12.
    start, end : int, optional
        First and last year; by default all that both the list of states and ATOP cover.
    n_per_year : int
        Groups that signed none to draw in each year; all where there are no more.
    seed : int
        Of the draw; each year has its own stream, so that a year's sample does not hang on the others.
    pledge : {"defense", "offense", "neutral", "nonagg", "consul"}, optional
        Only alliances in whose first phase some founder pledges this; by default all.
    data_dir : DataDir, str or Path, optional

    Returns
    -------
    Panel
        ``ccode1, ..., ccodek`` in ascending order, ``year, formed, weight``. ``weight`` is the number of groups that a row stands for: 1 for those
        that formed and, for the others, groups that did not form over those drawn: the weights of a year add up to all its groups. The ``add_``
        functions about states give each of the k its columns.

    Raises
    ------
    ParameterError
        ``k`` or ``n_per_year`` out of range, another ``pledge``.

    Notes
    -----
    Founders are the states with a member's row in the alliance's first phase that begins on its first day. Sampling the groups without an alliance,
    with weights, follows [Poast2010]_.

    Examples
    --------
    >>> create_kads(3, 1900, 1914, n_per_year=100, seed=1).pipe(add_nmc)  # doctest: +SKIP
    """
    import polars as pl

    if not 2 <= k <= _MOST:
        raise parameter("k", k, f"2 to {_MOST}")
    if n_per_year < 1:
        raise parameter("n_per_year", n_per_year, "a number from 1")
    if pledge is not None and pledge not in PLEDGES:
        raise parameter("pledge", pledge, f"one of {', '.join(PLEDGES)}")
    store = DataDir.of(data_dir)
    treaties = store.provenance("atop5_1m")
    first = max(start if start is not None else 1816, 1816)
    states = create_state_years(
        first,
        end if end is not None else min(treaties.last_year, store.provenance("cow_states").last_year),
        data_dir=store,
    )
    founders = founders_of(store.table("atop5_1m"), k, pledge)
    parts = []
    for (year,), block in states.frame.group_by("year", maintain_order=False):
        codes = np.sort(block["ccode"].to_numpy())
        signed = founders.get(int(year), np.empty((0, k), dtype=np.int64))
        signed = signed[np.isin(signed, codes).all(axis=1)]
        parts.append(_year(int(year), codes, signed, k, n_per_year, seed))
    if not parts:
        raise DataError(message("No years", got=f"{start} to {end}"))
    keys = [f"ccode{i + 1}" for i in range(k)]
    frame = pl.concat(parts).sort("year", *keys)
    unit = Unit("kad_year", "cow", (*keys, "year"), tuple(str(i + 1) for i in range(k)))
    listed, pact = (
        Panel(frame, unit, {}, store).origin(
            "cow_states", "code of a state, from the list of who is one and when", absent="no member of the system"
        ),
        "atop5_1m",
    )
    told = dict.fromkeys(keys, listed) | {
        "formed": Origin(
            pact, "1 if they founded an alliance of just these states", treaties.spec.first_year, treaties.last_year, "no alliance", treaties.version
        ),
        "weight": Origin("", "groups that the row stands for"),
    }  # fmt: skip
    return Panel(frame, unit, told, store)


def founders_of(members: pl.DataFrame, k: int, pledge: str | None = None) -> dict[int, NDArray[np.int64]]:
    """Return the groups of k states that founded an alliance, by year, each in ascending order; of those with a pledge, if one is named."""
    import polars as pl

    groups = founders(members, pledge).filter(pl.col("member").list.len() == k).select("year", "member").unique()
    return {int(y[0]): np.array(block["member"].to_list(), dtype=np.int64) for y, block in groups.group_by("year")}


def founders(members: pl.DataFrame, pledge: str | None = None) -> pl.DataFrame:
    """Return ``atopid, year, member`` of every alliance: the year of its first day and the list of its founders, ascending."""
    import polars as pl

    first = members.filter(pl.col("entry") == pl.col("entry").min().over("atopid"))
    if pledge is not None:
        first = first.filter((pl.col(pledge) == 1).any().over("atopid"))
    return (
        first.group_by("atopid", pl.col("entry").dt.year().alias("year"))
        .agg(pl.col("member").unique().sort())
        .sort("year", "atopid")
    )


def _year(
    year: int, codes: NDArray[np.int64], signed: NDArray[np.int64], k: int, wanted: int, seed: int
) -> pl.DataFrame:
    """Return the groups of one year: those that formed and a sample of the others."""
    import polars as pl

    total = math.comb(len(codes), k)
    others = total - len(signed)
    taken = {tuple(row) for row in signed.tolist()}
    rng = np.random.default_rng([seed, year])
    drawn: list[tuple[int, ...]] = []
    if others <= wanted:
        drawn = [g for g in combinations(codes.tolist(), k) if g not in taken]
    while len(drawn) < min(wanted, others):
        picks = np.sort(codes[rng.permuted(np.tile(np.arange(len(codes)), (wanted, 1)), axis=1)[:, :k]], axis=1)
        for group in map(tuple, picks.tolist()):
            if group not in taken and len(drawn) < wanted:
                taken.add(group)
                drawn.append(group)
    groups = np.array([*map(tuple, signed.tolist()), *drawn], dtype=np.int32).reshape(-1, k)
    weight = np.r_[np.ones(len(signed)), np.full(len(drawn), others / max(len(drawn), 1))]
    columns = {f"ccode{i + 1}": groups[:, i] for i in range(k)}
    formed = np.r_[np.ones(len(signed), dtype=np.int32), np.zeros(len(drawn), dtype=np.int32)]
    return pl.DataFrame(
        {**columns, "year": np.full(len(groups), year, dtype=np.int32), "formed": formed, "weight": weight}
    )
