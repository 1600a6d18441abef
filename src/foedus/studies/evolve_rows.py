"""Rows of the processes that carry a system from year to year: pairs by year, strengths by year, regimes by year.

The rules are those of ``docs/decisions/0021-years-forward.md``. Values of pairs come from the system of 1 January by the code that futures set out
from (`foedus.formation.fork`), at the centres of uncertain inputs. Fits nothing.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np

from foedus.data.store import DataDir
from foedus.formation.fork import HOSTILE, fork
from foedus.formation.quarrels import ATTACKER, attacker_terms, quarrel_terms
from foedus.studies import joining_parts as of
from foedus.system import covariates
from foedus.system.real import system as real_system

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    import polars as pl
    from numpy.typing import NDArray

    from foedus.system.system import System

FIRST, LAST, WARS_LAST = 1817, 2010, 2007
"""Years of the rows: strengths are those of the year before, and their record begins in 1816."""


@dataclass(frozen=True)
class QuarrelRows:
    """Pairs by year, n of them, those at war with each other on 1 January left out.

    ``x`` (n, len(STATE_TERMS)); ``dispute``, ``war`` how many of either began between the two in the year: each counts 1 in all, shared between the
    pairs of opponents of its first day (war NaN after 2007); ``year``; ``low``, ``high`` codes; ``hostile`` whether a tie tells of a quarrel.
    """

    x: NDArray[np.float32]
    dispute: NDArray[np.float32]
    war: NDArray[np.float32]
    year: NDArray[np.int32]
    low: NDArray[np.int32]
    high: NDArray[np.int32]
    hostile: NDArray[np.bool_]

    @property
    def pair(self) -> NDArray[np.int32]:
        """Label of the pair."""
        return self.low * 1000 + self.high

    def take(self, which: NDArray[np.int64] | NDArray[np.bool_]) -> QuarrelRows:
        """Return some rows."""
        return replace(self, **{f.name: getattr(self, f.name)[which] for f in fields(self)})


@dataclass(frozen=True)
class AttackerRows:
    """First days of disputes and wars: ``x`` (m, len(ATTACKER)) of who began against the other, ``weight`` one in all each, ``pair``, ``year``."""

    x: NDArray[np.float64]
    weight: NDArray[np.float64]
    pair: NDArray[np.int32]
    year: NDArray[np.int32]

    def take(self, which: NDArray[np.bool_]) -> AttackerRows:
        """Return some rows."""
        return replace(self, **{f.name: getattr(self, f.name)[which] for f in fields(self)})


def quarrel_rows(
    *, data_dir: DataDir | str | os.PathLike[str] | None = None, first: int = FIRST, last: int = LAST, progress: Callable[[float], None] | None = None
) -> tuple[QuarrelRows, AttackerRows]:  # fmt: skip
    """Return the rows of some years; half a minute for all of them.

    Parameters
    ----------
    data_dir : DataDir, str or Path, optional
    first, last : int
    progress : callable, optional
        Called with the share done.

    Raises
    ------
    DataError
        Data sets that are not there.

    References
    ----------
    [Gibler2016]_, [Sarkees2010]_
    """
    folder = DataDir.of(data_dir)
    begun = {kind: onsets(folder, kind) for kind in ("disputes", "wars")}
    pairs: list[tuple[NDArray, ...]] = []
    shots: list[tuple[NDArray, ...]] = []
    for year in range(first, last + 1):
        system = real_system(dt.date(year, 1, 1), data_dir=folder.path)
        a, b = _year(system, folder, begun)
        pairs.append(a)
        shots.append(b)
        if progress is not None:
            progress((year - first + 1) / (last - first + 1))
    return (
        QuarrelRows(*(np.concatenate(c) for c in zip(*pairs, strict=True))),
        AttackerRows(*(np.concatenate(c) for c in zip(*shots, strict=True))),
    )


def onsets(folder: DataDir, source: of.Source) -> list[tuple[int, int, int, float]]:
    """Return attacker, attacked, year and share of each pair of opponents of the first day of each event; shares of one event sum to 1."""
    import polars as pl

    parts = of.participants(folder, source).filter("original")
    both = parts.join(parts, on="event").filter((pl.col("side") == 0) & (pl.col("side_right") == 1))
    shared = both.with_columns(share=1.0 / pl.len().over("event"))
    return [(a, b, day.year, s) for a, b, day, s in shared.select("ccode", "ccode_right", "start", "share").rows()]


def _year(
    system: System, folder: DataDir, begun: dict[str, list[tuple[int, int, int, float]]]
) -> tuple[tuple[NDArray, ...], tuple[NDArray, ...]]:
    """Return the columns of one year: of pairs, and of first days."""
    at, year = fork(system, seed=None, data_dir=folder), system.date.year
    n = len(at.ids)
    i, j = np.triu_indices(n, 1)
    x = quarrel_terms(
        log_share=at.log_share[0], regime=at.regime[0], km=at.km[0], land=at.land, major=at.major, allied=at.allied, dispute_age=at.dispute_age[0]
    )  # fmt: skip
    codes = np.array([a.cow for a in system.actors], dtype=np.int32)
    place = {int(c): k for k, c in enumerate(codes)}
    came = {kind: np.zeros((n, n)) for kind in begun}
    shots: list[tuple[int, int, float]] = []
    for kind, table in begun.items():
        for a, b, when, share in table:
            if when == year and a in place and b in place and a != b:
                p, q = place[a], place[b]
                came[kind][min(p, q), max(p, q)] += share
                shots.append((p, q, share))
    keep = ~at.at_war[i, j]
    hostile = np.any([covariates.reason_matrix(system, r) for r in HOSTILE], axis=0)[i, j]
    low, high = np.minimum(codes[i], codes[j]), np.maximum(codes[i], codes[j])
    war = came["wars"][i, j] if year <= WARS_LAST else np.full(len(i), np.nan)
    who, whom = (np.array([s[k] for s in shots], dtype=np.int64) for k in (0, 1))
    first = attacker_terms(at.log_share[0], at.major, at.regime[0], who, whom).reshape(-1, len(ATTACKER))
    label = np.minimum(codes[who], codes[whom]) * 1000 + np.maximum(codes[who], codes[whom])
    rows = (
        x[keep].astype(np.float32), np.minimum(came["disputes"][i, j], 1.0)[keep].astype(np.float32), np.minimum(war, 1.0)[keep].astype(np.float32),
        np.full(int(keep.sum()), year, dtype=np.int32), low[keep], high[keep], hostile[keep],
    )  # fmt: skip
    return rows, (first, np.array([s[2] for s in shots]), label, np.full(len(shots), year, dtype=np.int32))


def strengths(folder: DataDir) -> pl.DataFrame:
    """Return ``ccode, year, share, next``: the share of capability of every state, and a year later, of those that stay in the record."""
    import polars as pl

    table = folder.table("cow_nmc").select("ccode", "year", "cinc").filter(pl.col("cinc") > 0)
    later = table.select("ccode", pl.col("year") - 1, next="cinc")
    both = table.join(later, on=["ccode", "year"], validate="1:1")
    total = pl.col("cinc").sum().over("year"), pl.col("next").sum().over("year")
    return (
        both.with_columns(share=pl.col("cinc") / total[0], next=pl.col("next") / total[1])
        .select("ccode", "year", "share", "next")
        .sort("year", "ccode")
    )


def regimes(folder: DataDir) -> pl.DataFrame:
    """Return ``ccode, year, regime, next``: the score of every state that is one, and a year later."""
    import polars as pl

    members = folder.table("cow_states")
    table = folder.table("cw_democracy").select("ccode", "year", regime="polyarchy").drop_nulls()
    later = table.select("ccode", pl.col("year") - 1, next="regime")
    both = table.join(later, on=["ccode", "year"], validate="1:1").filter(
        pl.col("ccode").is_in(members["ccode"].unique().to_list())
    )
    return both.filter(pl.col("year") >= FIRST).sort("year", "ccode")
