"""Who joins a dispute: states that border one of those who began it, states allied to one, both, or neither [SiversonStarr1990]_.

The design is theirs, the data are later: GML disputes 1816-2010, defence pacts of ATOP, borders on land. Every member of the system that did not
begin a dispute could have joined it, on either side. Counts and compares; the joining model is in `foedus.war`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from foedus import panel
from foedus.data.store import DataDir
from foedus.errors import ParameterError, message, parameter
from foedus.estimate.logit import logit
from foedus.estimate.resample import cluster_weights

if TYPE_CHECKING:
    import os

    import polars as pl
    from numpy.typing import ArrayLike, NDArray

    from foedus.panel.panel import At

WAR = 5
"""Hostility at which a dispute is a war."""
SOURCES = ("gml_part", "gml_mid_disps", "cow_contdir", "atop5_1m", "cow_states")
Which = Literal["all", "war"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the table: chances to join, how many were taken, the rate and its interval."""

    border: bool
    ally: bool
    n: int
    joined: float
    rate: float
    low: float
    high: float


@dataclass(frozen=True)
class Diffusion:
    """The table, and whether border and pact add on the logit scale.

    Attributes
    ----------
    cells : tuple of Cell
        Neither, pact, border, both.
    interaction : (float, float, float)
        What both add to the log-odds beyond the sum of each: estimate and interval.
    interaction_error : float
        Its standard error, by dispute.
    disputes, joiners : int
    outside : int
        Joiners that became members of the system after the year in which the dispute began, and are not counted.
    level : float
        Coverage of all intervals.
    which, at : str
        Disputes that count, and the day as of which borders and pacts do.
    sources : dict of str to str
        Data sets and versions.
    """

    cells: tuple[Cell, ...]
    interaction: tuple[float, float, float]
    interaction_error: float
    disputes: int
    joiners: int
    outside: int
    level: float
    which: str
    at: str
    sources: dict[str, str]

    def table(self) -> pl.DataFrame:
        """Return one row per cell."""
        import polars as pl

        return pl.DataFrame([{name: getattr(c, name) for name in Cell.__slots__} for c in self.cells])

    def to_dict(self) -> dict[str, Any]:
        """Return a plain form."""
        return {
            "cells": self.table().rows(named=True), "interaction": list(self.interaction), "interaction_error": self.interaction_error,
            "disputes": self.disputes, "joiners": self.joiners, "outside": self.outside, "level": self.level, "which": self.which, "at": self.at,
            "sources": self.sources,
        }  # fmt: skip


def diffusion(
    data_dir: DataDir | str | os.PathLike[str] | None = None, *, which: Which = "war", at: At = "jan1", level: float = 0.9, draws: int = 500,
    seed: int = 1,
) -> Diffusion:  # fmt: skip
    """Return the table of joining by border and pact, from the data.

    Parameters
    ----------
    data_dir : DataDir, str or Path, optional
        Folder with the published files.
    which : {"war", "all"}
        Disputes that reach war, or all.
    at : {"jan1", "year"}
        Borders and pacts as of 1 January of the year in which the dispute begins, or of any of its days: then pacts count that it called forth.
    level : float
        Coverage of intervals: resampled disputes for rates, errors by dispute for the interaction.
    draws, seed : int
        Of the resampled disputes.

    Raises
    ------
    DataError
        A published file is not there.
    ParameterError
        An argument outside its range.
    """
    if which not in {"all", "war"}:
        raise parameter("which", which, "'war' or 'all'")
    store = DataDir.of(data_dir)
    every = joining_rows(store, at=at)
    rows = every if which == "all" else every.filter(hostlev=WAR)
    found = cells(rows["border"], rows["ally"], rows["joined"], rows["dispnum"], level=level, draws=draws, seed=seed)
    fit = logit("joined ~ border * ally", rows, errors="cluster", cluster="dispnum")
    at_term = fit.terms.index("border:ally")
    low, high = fit.interval(level=level)[:, 0, at_term]
    counted = int(rows["joined"].sum())
    return Diffusion(
        found, (float(fit.coef[0, at_term]), float(low), float(high)), float(fit.standard_errors()[0, at_term]), rows["dispnum"].n_unique(),
        counted, _joiners(store, rows["dispnum"]) - counted, level, which, at, {s: store.provenance(s).version for s in SOURCES},
    )  # fmt: skip


def cells(
    border: ArrayLike,
    ally: ArrayLike,
    joined: ArrayLike,
    dispute: ArrayLike,
    *,
    level: float = 0.9,
    draws: int = 500,
    seed: int = 1,
) -> tuple[Cell, ...]:
    """Return the four cells of any rows; with a model's chances for ``joined``, its own table.

    Parameters
    ----------
    border, ally : bool or 0/1 arrays, shape (n,)
    joined : array, shape (n,)
        0 or 1, or a chance.
    dispute : array, shape (n,)
        Label of the dispute of each row; intervals resample disputes.
    level, draws, seed
        As of `diffusion`.

    Raises
    ------
    ParameterError
        A cell without rows, fewer than two disputes, or an argument outside its range.

    Examples
    --------
    >>> made = cells([0, 0, 0, 1, 1, 1], [0, 0, 1, 0, 1, 1], [0, 1, 0, 1, 1, 1], [1, 2, 1, 2, 1, 2], draws=50)
    >>> [(c.border, c.ally, c.n, c.rate) for c in made]
    [(False, False, 2, 0.5), (False, True, 1, 0.0), (True, False, 1, 1.0), (True, True, 2, 1.0)]
    """
    if draws < 2 or not 0 < level < 1:
        raise parameter("draws, level", (draws, level), "at least 2 draws and a level between 0 and 1")
    which = 2 * np.asarray(border, dtype=np.int64) + np.asarray(ally, dtype=np.int64)
    took = np.asarray(joined, dtype=np.float64)
    n, sums = np.bincount(which, minlength=4), np.bincount(which, took, minlength=4)
    if not (n > 0).all():
        raise ParameterError(message("A cell of border and pact", got="no row", expected="rows in each of the four"))
    rates = np.array([_rates(which, took, w) for w in cluster_weights(np.asarray(dispute), draws, seed)])
    low, high = np.nanquantile(rates, [0.5 - level / 2, 0.5 + level / 2], axis=0)
    return tuple(
        Cell(k >= 2, k % 2 == 1, int(n[k]), float(sums[k]), float(sums[k] / n[k]), float(low[k]), float(high[k])) for k in range(4)
    )  # fmt: skip


def joining_rows(store: DataDir, *, at: At = "jan1") -> pl.DataFrame:
    """Return one row for each dispute and each member of the system in its first year that did not begin it.

    Columns: ``dispnum, ccode, year, hostlev``, and as 0 and 1 ``border`` (on land, with any state that was there on the first day), ``ally`` (a
    defence pact with any of them, owed by either) and ``joined`` (on either side, then or in a later year).
    """
    import polars as pl

    disputes = store.table("gml_mid_disps").select("dispnum", pl.col("styear").cast(pl.Int32).alias("year"), "hostlev")
    first, last = (int(f(disputes["year"].to_numpy())) for f in (np.min, np.max))
    states = panel.create_state_years(first, last, data_dir=store).frame.select("ccode", "year")
    there = _there(store)
    began = there.filter("orig").select("dispnum", "ccode")
    joined = there.filter(~pl.col("orig")).select("dispnum", "ccode", pl.lit(1).alias("joined"))
    tied = (
        disputes.join(began, on="dispnum", validate="1:m")
        .join(_ties(store, first, last, at), on=["ccode", "year"])
        .group_by("dispnum", pl.col("other").alias("ccode"))
        .agg(pl.col("border", "ally").max())
    )
    return (
        disputes.join(states, on="year").join(began, on=["dispnum", "ccode"], how="anti")
        .join(tied, on=["dispnum", "ccode"], how="left", validate="1:1").join(joined, on=["dispnum", "ccode"], how="left", validate="1:1")
        .with_columns(pl.col("border", "ally", "joined").fill_null(0).cast(pl.Int32))
        .select("dispnum", "ccode", "year", "hostlev", "border", "ally", "joined").sort("dispnum", "ccode")
    )  # fmt: skip


def _there(store: DataDir) -> pl.DataFrame:
    """Return who took part in each dispute, and whether from the first day in any spell."""
    import polars as pl

    return store.table("gml_part").group_by("dispnum", "ccode").agg(pl.col("orig").any())


def _joiners(store: DataDir, disputes: pl.Series) -> int:
    """Return how many states joined these disputes, members of the system or not."""
    import polars as pl

    return _there(store).filter(~pl.col("orig") & pl.col("dispnum").is_in(disputes.unique().to_list())).height


def _ties(store: DataDir, first: int, last: int, at: At) -> pl.DataFrame:
    """Return ordered pairs and years with a border on land or a defence pact: ``ccode, other, year, border, ally``."""
    import polars as pl

    pairs = panel.create_dyad_years(first, last, directed=False, data_dir=store)
    known = pairs.pipe(panel.add_contiguity, at=at).pipe(panel.add_atop_alliance, at=at).frame
    flagged = known.select(
        "ccode1", "ccode2", "year", (pl.col("conttype") == 1).cast(pl.Int32).fill_null(0).alias("border"),
        pl.max_horizontal("defense12", "defense21").fill_null(0).cast(pl.Int32).alias("ally"),
    ).filter((pl.col("border") == 1) | (pl.col("ally") == 1))  # fmt: skip
    turned = (
        flagged.select(pl.col(one).alias("ccode"), pl.col(two).alias("other"), "year", "border", "ally")
        for one, two in (("ccode1", "ccode2"), ("ccode2", "ccode1"))
    )
    return pl.concat(turned)


def _rates(which: NDArray[np.int64], took: NDArray[np.float64], weight: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the rate of each cell among weighted rows, NaN where none is left."""
    n = np.bincount(which, weight, minlength=4)
    return np.divide(np.bincount(which, weight * took, minlength=4), n, out=np.full(4, np.nan), where=n > 0)
