"""Wars, states at war and battle deaths by decade, with the pledges of the day and without them: deterrence and spread as two terms of one sum.

The rules are those of ``docs/decisions/0015-onset-with-expected-support.md``. For each year wars are simulated from first shots drawn in
proportion to their chance, on common random numbers with and without pledges; groups of draws share their coefficients and uncertain inputs, so
that every number has an interval. The model of onset counts pairs; a war of the list began between 1.4 pairs on average, by which expected onsets
are divided. Friendship is left as it is when pledges are void: what pacts do to friendship, and friendship to pacts, is not in it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.data.store import DataDir
from foedus.errors import parameter
from foedus.kernels.obligation import Pledges
from foedus.studies import joining_parts as of
from foedus.system.real import system as real_system
from foedus.war import size as sizes
from foedus.war.field import Theatre, ground, theatre
from foedus.war.onset import chances, shipped
from foedus.war.simulate import run
from foedus.war.support import expected_support, mean_ground, onset_terms

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    import polars as pl
    from numpy.typing import NDArray

    from foedus.system.system import System

GROUPS, INNER = 20, 50
"""Draws of coefficients and inputs, and wars to each, for every year; the second is the engine's."""
INPUT_DRAWS = 16
FIRST, LAST = 1816, 2007
TERMS = ("wars", "states", "deaths")
"""Wars begun, states in them (each war's belligerents), battle deaths."""


@dataclass(frozen=True)
class Decades:
    """The account.

    Attributes
    ----------
    first : int array, shape (D,)
        First year of each decade.
    years : int array, shape (D,)
        Years of it that the account covers.
    with_, without : dict of str to float array, shape (D, GROUPS)
        Expected totals by group of draws, of each of `TERMS`.
    deter, spread, rest : dict of str to float array, shape (D, GROUPS)
        The difference that pledges make, in three terms: through onset, size as without pledges; through size, onset as without; what is left.
    observed : dict of str to float array, shape (D,)
    """

    first: NDArray[np.int64]
    years: NDArray[np.int64]
    with_: dict[str, NDArray[np.float64]]
    without: dict[str, NDArray[np.float64]]
    deter: dict[str, NDArray[np.float64]]
    spread: dict[str, NDArray[np.float64]]
    rest: dict[str, NDArray[np.float64]]
    observed: dict[str, NDArray[np.float64]]
    seed: int

    def table(self, what: str = "states") -> pl.DataFrame:
        """Return one row a decade of one of `TERMS`: observed, with and without pledges and the three terms, each with a 90 % interval.

        Raises
        ------
        ParameterError
            None of `TERMS`.
        """
        import polars as pl

        if what not in TERMS:
            raise parameter("what", what, f"one of {', '.join(TERMS)}")
        columns: dict[str, Any] = {"decade": self.first, "years": self.years, "observed": self.observed[what]}
        for name, values in (
            ("with", self.with_),
            ("without", self.without),
            ("deter", self.deter),
            ("spread", self.spread),
            ("rest", self.rest),
        ):
            low, high = np.quantile(values[what], [0.05, 0.95], axis=1)
            columns |= {name: values[what].mean(axis=1), f"{name}_low": low, f"{name}_high": high}
        return pl.DataFrame(columns)

    def total(self, what: str) -> dict[str, tuple[float, float, float]]:
        """Return mean and 90 % interval of each number over all decades."""
        out = {}
        for name, values in (
            ("with", self.with_),
            ("without", self.without),
            ("deter", self.deter),
            ("spread", self.spread),
            ("rest", self.rest),
        ):
            every = values[what].sum(axis=0)
            low, high = np.quantile(every, [0.05, 0.95])
            out[name] = (float(every.mean()), float(low), float(high))
        return out

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON's own types."""
        return {
            "decades": {what: self.table(what).to_dicts() for what in TERMS}, "total": {what: self.total(what) for what in TERMS}, "groups": GROUPS,
            "wars_a_year": GROUPS * INNER, "seed": self.seed, "standing": "simulated",
        }  # fmt: skip


def decades(
    *, data_dir: DataDir | str | os.PathLike[str] | None = None, first: int = FIRST, last: int = LAST, step: int = 1, seed: int = 1, workers: int = 1,
    progress: Callable[[float], None] | None = None,
) -> Decades:  # fmt: skip
    """Return the account by decade; some minutes for all years.

    Parameters
    ----------
    data_dir : DataDir, str or Path, optional
    first, last : int
        Years, 1816 to 2007.
    step : int
        Every so many years are simulated, and stand for those up to the next.
    seed, workers : int
    progress : callable, optional
        Called with the share done.

    Raises
    ------
    ParameterError
        Years out of range or in the wrong order, or ``step`` below 1.
    """
    if not FIRST <= first <= last <= LAST or step < 1:
        raise parameter(
            "first, last, step",
            f"{first}, {last}, {step}",
            f"years from {FIRST} to {LAST} in order, and a step of at least 1",
        )
    folder = DataDir.of(data_dir)
    people, pairs = _population(folder), _pairs_of_a_war(folder)
    years = list(range(first, last + 1, step))
    worth = [min(step, last + 1 - y) for y in years]
    labels = sorted({y // 10 * 10 for y in range(first, last + 1)})
    sums = {(a, b): {t: np.zeros((len(labels), GROUPS)) for t in TERMS} for a in (True, False) for b in (True, False)}
    for done, (year, times) in enumerate(zip(years, worth, strict=True)):
        system = real_system(dt.date(year, 1, 1), data_dir=folder.path)
        for key, got in account(system, people.get(year, {}), seed=seed, workers=workers).items():
            for t in TERMS:
                for k in range(times):
                    sums[key][t][labels.index((year + k) // 10 * 10)] += got[t] / pairs
        if progress is not None:
            progress((done + 1) / len(years))
    both, none, onset, spread = sums[True, True], sums[False, False], sums[True, False], sums[False, True]
    deter = {t: onset[t] - none[t] for t in TERMS}
    wider = {t: spread[t] - none[t] for t in TERMS}
    rest = {t: both[t] - none[t] - deter[t] - wider[t] for t in TERMS}
    covered = np.array([sum(y // 10 * 10 == d for y in range(first, last + 1)) for d in labels])
    return Decades(
        np.array(labels), covered, both, none, deter, wider, rest, _observed(folder, labels, first, last), seed
    )


def account(
    system: System, people: dict[int, float], *, seed: int = 1, workers: int = 1
) -> dict[tuple[bool, bool], dict[str, NDArray[np.float64]]]:  # fmt: skip
    """Return the expected totals of one year, shape (GROUPS,) each, by whether pledges count in onset and whether they do in spread.

    Parameters
    ----------
    system : System
        Of real states.
    people : dict of int to float
        Population by Correlates of War code; the deaths of wars in which a state fights that is not in it are left out of the mean.
    seed, workers : int
    """
    year, n = system.date.year, len(system.actors)
    said = mean_ground(ground(system, seed=1, outer=INPUT_DRAWS))
    values = onset_terms(said, expected_support(said, year))
    fit = shipped("wars")
    drawn = fit.draw("onset", GROUPS, seed)
    coef = np.stack([drawn[t] for t in fit.terms], axis=1)
    off = ~np.eye(n, dtype=np.bool_)
    centre = chances(values, year, fit.coef) * off
    rng = np.random.default_rng([seed, year])
    shots = rng.choice(n * n, size=GROUPS * INNER, p=(centre / centre.sum()).ravel())
    a, b = shots // n, shots % n
    stage = theatre(system, seed=seed, outer=GROUPS)
    bare = Theatre(
        stage.field._replace(honour=stage.field.honour[:, :0], pledge_key=stage.field.pledge_key[:0]),
        _no_pledges(n),
        [],
    )
    living = np.array([people.get(x.cow or 0, np.nan) for x in system.actors])
    out: dict[tuple[bool, bool], dict[str, NDArray[np.float64]]] = {}
    for in_spread, world in ((True, stage), (False, bare)):
        side = run(world, a, b, seed=seed, workers=workers).side > 0
        counted = side.sum(axis=1).astype(np.float64)
        crowd = np.where(side, living, 0.0).sum(axis=1)
        known = ~np.isnan(crowd)
        dead = np.where(
            known, sizes.shipped().draw(np.where(known, crowd, 1e6), seed=seed, first=0, inner=INNER), np.nan
        )
        for in_onset in (True, False):
            weight, total = np.zeros(GROUPS * INNER), np.zeros(GROUPS)
            for g in range(GROUPS):
                p = chances(values, year, coef[g], pledges=in_onset) * off
                part = slice(g * INNER, (g + 1) * INNER)
                weight[part] = p[a[part], b[part]] / centre[a[part], b[part]]
                total[g] = p.sum()
            mean = {"wars": np.ones(len(a)), "states": counted, "deaths": dead}
            out[in_onset, in_spread] = {t: total * _weighted(v, weight) for t, v in mean.items()}
    return out


def _weighted(values: NDArray[np.float64], weight: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the weighted mean of each group over the draws whose value is known, shape (GROUPS,)."""
    v, w = values.reshape(GROUPS, INNER), weight.reshape(GROUPS, INNER)
    known = ~np.isnan(v)
    total = np.where(known, w, 0.0).sum(axis=1)
    return np.divide(np.where(known, v * w, 0.0).sum(axis=1), total, out=np.full(GROUPS, np.nan), where=total > 0)


def _no_pledges(n: int) -> Pledges:
    """Return no pledges among ``n`` actors."""
    empty, none = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.bool_)
    wide = np.zeros((0, n), dtype=np.bool_)
    return Pledges(empty, empty, empty, empty, wide, wide, empty, none, empty, none, none)


def _population(folder: DataDir) -> dict[int, dict[int, float]]:
    """Return the population of each state by year, of the year before (convention 4.13); for 1816 its own."""
    rows = folder.table("cow_nmc").select("year", "ccode", "tpop").drop_nulls().rows()
    out: dict[int, dict[int, float]] = {}
    for year, code, thousands in rows:
        if thousands > 0:
            for counts in (year, year + 1) if year == FIRST else (year + 1,):
                out.setdefault(counts, {})[code] = 1000.0 * thousands
    return out


def _pairs_of_a_war(folder: DataDir) -> float:
    """Return the mean number of pairs of opponents of a war's first day: what the model of onset counts as so many onsets is one war."""
    import polars as pl

    first = (
        of.participants(folder, "wars")
        .filter("original")
        .group_by("event")
        .agg(a=(pl.col("side") == 0).sum(), b=(pl.col("side") == 1).sum())
    )
    return float((first["a"] * first["b"]).mean())  # type: ignore[arg-type]


def _observed(folder: DataDir, labels: list[int], first: int, last: int) -> dict[str, NDArray[np.float64]]:
    """Return what happened in wars begun in the years of each decade; deaths by the published size of each war."""
    parts = of.participants(folder, "wars")
    began = dict(parts.group_by("event").agg(start="start").rows())
    out = {t: np.zeros(len(labels)) for t in TERMS}
    states = dict(parts.group_by("event").len().rows())
    dead = dict(folder.table("cow_war_sizes").select("warnum", "battle_deaths").rows())
    for number, days in began.items():
        year = min(days).year
        if first <= year <= last:
            k = labels.index(year // 10 * 10)
            out["wars"][k] += 1
            out["states"][k] += states[number]
            out["deaths"][k] += dead.get(number, np.nan)
    return out
