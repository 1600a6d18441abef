"""What states have to arm with: product, people, military expenditure, and the largest share of product that states bear for arms.

From the published data sets for a real date, from the actors' own numbers for a scenario. Yearly series are those of the year before and end where
they end (conventions 4.1, 4.13 and 4.14): past that a number is unknown. Judges nobody, see `foedus.security.weak_and_rich`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from foedus import params as parameters
from foedus.data.store import DataDir
from foedus.errors import CoverageError, message
from foedus.kernels import streams
from foedus.system import covariates
from foedus.system.nouns import Border

if TYPE_CHECKING:
    import os

    from numpy.typing import NDArray

    from foedus.system.system import System

SEA_KM = 39.0
"""Least distance, km, up to which two states are neighbours across water: 24 miles."""
NEAR_YEARS = 15
"""Years from 2011 within which the shipped range of military shares is not called that of another time."""
FEWEST = 10
"""States with both numbers below which the field's largest share is not taken from a year."""


@dataclass(frozen=True, eq=False)
class Means:
    """Numbers by draw and actor; NaN where unknown.

    Attributes
    ----------
    gdp, per_head : float64 array, shape (draws, n)
        Billions of dollars, and dollars a head.
    people : float64 array, shape (n,)
        Millions.
    spending : float64 array, shape (draws, n)
        Military expenditure a year, billions.
    affordable : float64 array, shape (draws,)
        Largest share of product that is borne for arms.
    basis : str
        Where they come from.
    limits : tuple of str
    """

    gdp: NDArray[np.float64]
    per_head: NDArray[np.float64]
    people: NDArray[np.float64]
    spending: NDArray[np.float64]
    affordable: NDArray[np.float64]
    basis: str
    limits: tuple[str, ...] = ()


def of_scenario(system: System, *, draws: int, seed: int) -> Means:
    """Return the means of a system whose actors carry their own product and people; expenditure is a share within the field's range.

    Parameters
    ----------
    system : System
    draws, seed : int
    """
    told = [dict(a.capability) for a in system.actors]
    gdp = covariates.draw([t.get("gdp") for t in told], [f"capability:{i}:gdp" for i in system.ids], seed, draws)
    heads = covariates.draw(
        [t.get("population") for t in told], [f"capability:{i}:population" for i in system.ids], seed, draws
    )
    gdp, heads = np.where(gdp > 0, gdp, np.nan), np.where(heads > 0, heads, np.nan)
    burden = parameters.load("burden")
    any_ = burden["share.any"]
    u = streams.uniforms(seed, streams.keys_of([f"burden:{i}" for i in system.ids]), draws)
    share = any_.low * (any_.high / any_.low) ** u
    known = np.isfinite(heads).all(axis=0)
    people = np.where(known, np.where(known, heads, 0.0).mean(axis=0), np.nan)
    return Means(
        gdp, 1000.0 * gdp / heads, people, gdp * share, burden.draws("share.affordable", seed, draws),
        "product and people of the scenario; military expenditure unknown there, drawn as a share of product from the field's range of 2009 to 2013",
        () if abs(system.date.year - 2011) <= NEAR_YEARS else (f"the range of military shares is that of 2009 to 2013, not of {system.date.year}",),
    )  # fmt: skip


def of_store(
    system: System, data_dir: DataDir | str | os.PathLike[str] | None = None, *, draws: int, seed: int
) -> Means:
    """Return the means of a real system, from the series of the year before its date.

    Parameters
    ----------
    system : System
        Its actors have Correlates of War codes.
    data_dir : DataDir, str or Path, optional
    draws, seed : int

    Raises
    ------
    CoverageError
        The year before is past the last year of product, or before its first; says which series ends when.
    DataError
        Data are missing.
    """
    import polars as pl

    store, year = DataDir.of(data_dir), system.date.year - 1
    store.require("cow_nmc", "cw_gdppop")
    ends = {s: store.provenance(s).last_year for s in ("cow_nmc", "cw_gdppop")}
    told = f"military expenditure (cow_nmc) ends in {ends['cow_nmc']}, product and people (cw_gdppop) in {ends['cw_gdppop']}"
    rows = (
        store.table("cw_gdppop").filter(pl.col("year") == year)
        .join(store.table("cow_nmc").filter(pl.col("year") == year).select("ccode", "milex"), on="ccode", how="left", validate="1:1")
        .with_columns((pl.col("milex") / (1000 * pl.col("mrgdppc") * pl.col("pwtpop"))).alias("share"))
    )  # fmt: skip
    shares = rows["share"].drop_nulls().drop_nans().to_numpy()
    if len(shares) < FEWEST:
        raise CoverageError(
            message(f"Product and military expenditure of {year} are not known", got=f"{len(shares)} states with both",
                    expected=f"{FEWEST} or more; {told}", hint="take another date, or a scenario whose actors carry gdp and population")
        )  # fmt: skip
    by_code = {r["ccode"]: r for r in rows.to_dicts()}
    here = [by_code.get(a.cow or -1, {}) for a in system.actors]

    def column(name: str) -> NDArray[np.float64]:
        return np.array([np.nan if (x := r.get(name)) is None else x for r in here], dtype=np.float64)

    per_head = _lognormal(column("mrgdppc"), column("sd_mrgdppc"), [f"gdp:{i}" for i in system.ids], seed, draws)
    people = column("pwtpop")
    low, high = np.quantile(shares, 0.95), shares.max()
    u = streams.uniforms(seed, streams.keys_of(["burden:affordable"]), draws)[:, 0]
    lacking = int(np.isnan(column("milex")).sum())
    limits = (
        told,
        f"the largest share of product that states bear for arms is that of the field in {year}, from the 95th of a hundred of {len(shares)} states "
        f"to the largest: {low:.2%} to {high:.2%}, money of {year} (pounds before 1914) over dollars of 2011, a unit that cancels in comparisons",
        *([f"military expenditure of {year} is unknown for {lacking} of {len(here)} states"] if lacking else []),
    )  # fmt: skip
    return Means(
        per_head * people / 1000.0, per_head, people, np.broadcast_to(column("milex") / 1e6, per_head.shape), low + (high - low) * u,
        f"National Material Capabilities and simulated product and people, both of {year}", limits,
    )  # fmt: skip


def neighbours(system: System, data_dir: DataDir | str | os.PathLike[str] | None = None) -> System:
    """Return the system with borders, where it has none, from the least distances between states of the year before.

    Touching counts as a border by land, up to 24 miles as one by water. The system itself where it has borders, no distances are at hand, or
    they end before.
    """
    import polars as pl

    if system.borders:
        return system
    store, year = DataDir.of(data_dir), system.date.year - 1
    if store.find("cow_mindist") is None:
        return system
    ids = {a.cow: a.id for a in system.actors if a.cow is not None}
    rows = store.table("cow_mindist").filter(
        (pl.col("year") == year)
        & (pl.col("mindist") <= SEA_KM)
        & pl.col("ccode1").is_in(list(ids))
        & pl.col("ccode2").is_in(list(ids))
    )
    if not rows.height:
        return system
    found = tuple(
        Border(ids[a], ids[b], "land" if km <= 0 else "sea24")
        for a, b, km in rows.select("ccode1", "ccode2", "mindist").sort("ccode1", "ccode2").iter_rows()
    )
    kept = [x for x in system.limits if not x.startswith("borders are unknown")]
    told = f"borders from least distances between states of {year} (cow_mindist), since the list of borders has ended"
    return system.with_(borders=found, limits=(*kept, told))


def _lognormal(
    mean: NDArray[np.float64], sd: NDArray[np.float64], keys: list[str], seed: int, draws: int
) -> NDArray[np.float64]:
    """Return draws of positive numbers of that mean and standard deviation, shape (draws, n); NaN where the mean is unknown or not positive."""
    from scipy.special import ndtri

    with np.errstate(invalid="ignore"):
        good = np.where(mean > 0, mean, np.nan)
        spread = np.sqrt(np.log1p((np.where(np.isfinite(sd), sd, 0.0) / good) ** 2))
    u = streams.uniforms(seed, streams.keys_of(keys), draws)
    return np.exp(np.log(good) - 0.5 * spread**2 + spread * ndtri(u))
