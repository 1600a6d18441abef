"""Battle deaths given who fights: the wars on record as rows, and forecasts of wars not seen.

The rules are those of ``docs/decisions/0024-deaths-given-who-fights.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.data.store import DataDir
from foedus.errors import parameter
from foedus.estimate.ensembles import crps_ensemble
from foedus.estimate.resample import ScoreInterval, bootstrap
from foedus.estimate.wilson import Z90
from foedus.war import deaths as model
from foedus.war import size as one_law

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    import polars as pl
    from numpy.typing import NDArray

STARTS = tuple(range(1870, 2000, 5))
AHEAD = 5
DRAWS = 1_000
BASELINES = ("one for all", "power law with cut", "earlier wars")


@dataclass(frozen=True)
class War:
    """Wars, w of them in order of their year: ``number``, ``name``, ``year``, ``deaths``, ``values`` (w, len(TERMS)), ``population`` persons."""

    number: NDArray[np.int64]
    name: tuple[str, ...]
    year: NDArray[np.int64]
    deaths: NDArray[np.float64]
    values: NDArray[np.float64]
    population: NDArray[np.float64]
    left_out: tuple[str, ...]

    def take(self, which: NDArray[np.bool_]) -> War:
        """Return some wars."""
        at = np.flatnonzero(which)
        return War(
            self.number[at],
            tuple(self.name[k] for k in at),
            self.year[at],
            self.deaths[at],
            self.values[at],
            self.population[at],
            (),
        )


def war_rows(data_dir: DataDir | str | os.PathLike[str] | None = None) -> War:
    """Return the inter-state wars on record with their deaths; those with a side of unknown capability are named in ``left_out``."""
    import polars as pl

    folder = DataDir.of(data_dir)
    sizes = {
        n: (float(d), int(y))
        for n, d, y in folder.table("cow_war_sizes").select("warnum", "battle_deaths", "start").rows()
    }
    nmc = folder.table("cow_nmc").select("ccode", "year", "cinc", "tpop")
    majors = folder.table("cow_majors").select("ccode", "start", "end").rows()
    parts = folder.table("cow_wars").group_by("warnum", "ccode", maintain_order=True).agg(
        pl.col("side").first(), pl.col("name").first(), pl.col("start").min()
    )  # fmt: skip
    rows, out = [], []
    for (number,), some in parts.sort("warnum", "ccode").group_by("warnum", maintain_order=True):
        if number not in sizes:
            continue
        dead, year = sizes[number]
        known = nmc.filter(pl.col("year") == max(year - 1, 1816))
        joined = some.join(known, on="ccode", how="left", validate="m:1")
        name = some["name"][0]
        share, people = (joined[c].cast(pl.Float64).to_numpy() for c in ("cinc", "tpop"))
        day = some["start"].to_numpy()
        great = [
            any(c == m and a <= d.item() <= b for m, a, b in majors)
            for c, d in zip(some["ccode"], day.astype("datetime64[D]"), strict=True)
        ]
        side = np.where(some["side"].to_numpy() == "A", 1, 2)
        values = model.death_terms(side[None], share, great, year)[0]
        if np.isnan(values).any() or not np.nansum(people):
            out.append(f"{name} ({year})")
            continue
        rows.append((number, name, year, dead, values, float(np.nansum(people)) * 1_000))
    rows.sort(key=lambda r: (r[2], r[0]))
    number, name, year, dead, values, people = zip(*rows, strict=True)
    return War(np.array(number), name, np.array(year), np.array(dead), np.array(values), np.array(people), tuple(out))


def cap() -> tuple[float, float]:
    """Return the share of the population that the dead cannot exceed."""
    return one_law.shipped().cap


@dataclass(frozen=True)
class SizeScores:
    """Scores of forecasts of wars not seen; estimated, intervals by resampling wars.

    Attributes
    ----------
    wars : int
    crps, log : dict of str to ScoreInterval
        Of the model and of the baselines; CRPS of log10 deaths, log score of the density of ln deaths.
    against_crps, against_log : dict of str to ScoreInterval
        Model less baseline; less is better.
    inside : tuple of float
        Share of wars in the 50 % and in the 90 % interval of their forecast.
    rows : polars.DataFrame
        ``war, year, deaths, low, median, high`` of every forecast (5, 50 and 95 %).
    fit : Deaths
        The model fitted to all wars.
    draws, seed : int
        Resampled sets of wars behind the intervals.
    """

    wars: int
    crps: dict[str, ScoreInterval]
    log: dict[str, ScoreInterval]
    against_crps: dict[str, ScoreInterval]
    against_log: dict[str, ScoreInterval]
    inside: tuple[float, float]
    rows: pl.DataFrame
    fit: model.Deaths
    draws: int
    seed: int

    @property
    def kept(self) -> bool:
        """Whether the model beats one law for all in CRPS, so that simulations use it."""
        return self.against_crps["one for all"].high < 0

    def coefficients(self) -> pl.DataFrame:
        """Return ``term, estimate, low, high`` of the fit to all wars, 90 %; of terms in standard deviations."""
        import polars as pl

        half = Z90 * np.sqrt(np.diag(self.fit.covariance))
        names = ["constant", *model.TERMS]
        return pl.DataFrame(
            {"term": names, "estimate": self.fit.coef, "low": self.fit.coef - half, "high": self.fit.coef + half}
        )

    def to_dict(self) -> dict[str, Any]:
        """Return a plain form."""

        def plain(found: dict[str, ScoreInterval]) -> dict[str, list[float]]:
            return {k: [v.value, v.low, v.high] for k, v in found.items()}

        return {
            "wars": self.wars, "crps": plain(self.crps), "log": plain(self.log), "against_crps": plain(self.against_crps),
            "against_log": plain(self.against_log), "inside": list(self.inside), "kept": self.kept,
            "coefficients": self.coefficients().to_dicts(), "rows": self.rows.to_dicts(),
            "draws": self.draws, "seed": self.seed, "standing": "estimated",
        }  # fmt: skip


def backtest_size(
    rows: War, *, draws: int = 300, seed: int = 1, progress: Callable[[float], None] | None = None
) -> SizeScores:
    """Return the scores of forecasts of wars not seen.

    Parameters
    ----------
    rows : War
    draws : int
        Resampled sets of wars, for the intervals.
    seed : int
    progress : callable, optional
        Called with the share done.

    Raises
    ------
    ParameterError
        No war after a start with ten wars before it.
    """
    import polars as pl

    crps: dict[str, list[NDArray[np.float64]]] = {k: [] for k in ("model", *BASELINES)}
    logs: dict[str, list[NDArray[np.float64]]] = {k: [] for k in ("model", BASELINES[0])}
    seen, quantiles = [], []
    for k, start in enumerate(STARTS):
        old, new = rows.take(rows.year <= start), rows.take((rows.year > start) & (rows.year <= start + AHEAD))
        if len(old.year) >= 10 and len(new.year):
            made, logarithms = _forecast(old, new, seed)
            y = np.log10(new.deaths)
            for name, dead in made.items():
                crps[name].append(crps_ensemble(y, np.log10(dead)))
            for name, found in logarithms.items():
                logs[name].append(found)
            seen.append(new)
            quantiles.append(np.quantile(made["model"], [0.05, 0.25, 0.5, 0.75, 0.95], axis=1))
        if progress is not None:
            progress((k + 1) / len(STARTS))
    if not seen:
        raise parameter("rows", f"{len(rows.year)} wars", "wars after a start with ten wars before it")
    score, density = ({name: np.concatenate(v) for name, v in table.items()} for table in (crps, logs))
    cut = np.concatenate(quantiles, axis=1)
    dead = np.concatenate([s.deaths for s in seen])
    table = pl.DataFrame({
        "war": [n for s in seen for n in s.name], "year": np.concatenate([s.year for s in seen]), "deaths": dead,
        "low": cut[0], "median": cut[2], "high": cut[4],
    })  # fmt: skip
    inside = tuple(float(((cut[a] <= dead) & (dead <= cut[b])).mean()) for a, b in ((1, 3), (0, 4)))

    def mean(found: NDArray[np.float64]) -> ScoreInterval:
        return bootstrap(_mean, np.zeros(len(found)), found, cluster=np.arange(len(found)), draws=draws, seed=seed)

    def gap(table: dict[str, NDArray[np.float64]], name: str) -> ScoreInterval:
        return mean(table["model"] - table[name])

    return SizeScores(
        len(dead), {k: mean(v) for k, v in score.items()}, {k: mean(v) for k, v in density.items()}, {k: gap(score, k) for k in BASELINES},
        {BASELINES[0]: gap(density, BASELINES[0])}, (inside[0], inside[1]), table,
        model.fit_deaths(rows.values, rows.deaths, cap()), draws, seed,
    )  # fmt: skip


def _mean(y: Any, p: Any, weight: Any = None) -> float:
    """Return the weighted mean of ``p``."""
    return float(np.average(p, weights=weight))


def _forecast(old: War, new: War, seed: int) -> tuple[dict[str, NDArray[np.float64]], dict[str, NDArray[np.float64]]]:
    """Return draws of the deaths of each new war, shape (w, DRAWS), of all; and minus the log density of ln deaths of those that have one."""
    limits = cap()
    fits = {
        name: model.fit_deaths(old.values, old.deaths, limits, terms=name == "model")
        for name in ("model", "one for all")
    }
    law = one_law.fit_sizes(old.deaths, old.year, cap=limits, seed=seed)
    draws: dict[str, list[NDArray[np.float64]]] = {k: [] for k in ("model", *BASELINES)}
    logs: dict[str, list[float]] = {k: [] for k in fits}
    for k in range(len(new.year)):
        people = np.full(DRAWS, new.population[k])
        for name, fit in fits.items():
            draws[name].append(fit.draw(np.repeat(new.values[[k]], DRAWS, axis=0), people, seed=seed))
            logs[name].append(_log_density(fit, new.values[[k]], new.deaths[k], seed))
        draws["power law with cut"].append(law.draw(people, seed=seed))
        draws["earlier wars"].append(np.resize(old.deaths, (DRAWS // len(old.deaths) + 1) * len(old.deaths)))
    longest = {name: min(len(d) for d in found) for name, found in draws.items()}
    return {n: np.array([d[: longest[n]] for d in found]) for n, found in draws.items()}, {
        n: np.array(v) for n, v in logs.items()
    }


def _log_density(fit: model.Deaths, values: NDArray[np.float64], dead: float, seed: int) -> float:
    """Return minus the log of the density of ln deaths, averaged over the doubt of the coefficients; the cut is left aside."""
    mean = np.exp(fit.columns(values) @ fit.drawn(DRAWS, seed).T)[0]
    return float(-np.log(np.mean(np.exp(-np.log(dead / model.LEAST) / mean) / mean)))
