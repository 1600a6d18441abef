"""Futures from each decade's start against what happened: where the record lies in what was simulated.

The windows, measures and scores are those of ``docs/decisions/0021-years-forward.md``. In sample: coefficients were fitted on all years, those of the
windows too. A system is counted among the states of the fork that are still states when the window ends.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.data.store import DataDir
from foedus.errors import parameter
from foedus.estimate.ensembles import crps_ensemble
from foedus.formation.evolve import evolve
from foedus.formation.fork import Fork, fork
from foedus.formation.quarrels import ATTACKER, QUARREL
from foedus.formation.stage import Models
from foedus.formation.ties import END, FORM
from foedus.kernels import futures
from foedus.studies.evolve_fit import design, fit_attacker, fit_disputes, fit_wars, year_variance
from foedus.studies.evolve_rows import LAST as DISPUTES_LAST
from foedus.studies.evolve_rows import WARS_LAST, onsets, quarrel_rows
from foedus.studies.tie_fit import design as tie_design
from foedus.studies.tie_fit import fit_ties
from foedus.studies.tie_rows import tie_rows
from foedus.system.real import system as real_system
from foedus.war.rates import Fitted

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    import polars as pl
    from numpy.typing import NDArray

    from foedus.formation.evolution import Evolution

STARTS = (1817, *range(1826, 2007, 10))
"""First years of the windows: strengths are known from 1816 on, so that the first begins in 1817 and is a year shorter."""
FORWARD_FROM = 1866
"""First window that is forecast by fits to the years before it."""
DRAWS = 500
MEASURES = ("pacts_per_state", "density", "balance", "disputes", "wars")
LEVELS = (0.5, 0.9)
BASELINES = ("no change", "climatology")


@dataclass(frozen=True)
class Window:
    """One window: simulated values of each measure, the record's, and those of the baselines; NaN or empty where not known."""

    first: int
    years: int
    states: int
    draws: dict[str, NDArray[np.float64]]
    observed: dict[str, float]
    no_change: dict[str, float]


@dataclass(frozen=True)
class Check:
    """All windows."""

    windows: tuple[Window, ...]
    seed: int
    forward: bool = False

    def table(self) -> pl.DataFrame:
        """Return one row per window and measure: where half and nine tenths of the futures lie, the record, and its place in them.

        ``place`` is the share of futures below the record, those equal to it half; ``inside_90`` whether it lies within nine tenths of them.
        """
        import polars as pl

        rows = []
        for w in self.windows:
            for name in MEASURES:
                x, y = w.draws[name], w.observed[name]
                if not len(x) or np.isnan(y):
                    continue
                low, q1, mid, q3, high = np.quantile(x, [0.05, 0.25, 0.5, 0.75, 0.95])
                place = float((x < y).mean() + 0.5 * (x == y).mean())
                rows.append({
                    "window": f"{w.first}-{w.first + w.years - 1}", "states": w.states, "measure": name, "observed": y, "median": mid, "low_50": q1,
                    "high_50": q3, "low_90": low, "high_90": high, "place": place, "inside_50": bool(q1 <= y <= q3),
                    "inside_90": bool(low <= y <= high), "no_change": w.no_change[name],
                })  # fmt: skip
        return pl.DataFrame(rows)

    def scores(self) -> pl.DataFrame:
        """Return one row per measure: windows, share inside half and nine tenths, CRPS of the futures and of both baselines on the same windows.

        Climatology needs earlier windows: it is scored from the fourth window on, beside the futures on the same ones (``crps_later``).
        """
        import polars as pl

        rows = []
        for name in MEASURES:
            known = [w for w in self.windows if len(w.draws[name]) and not np.isnan(w.observed[name])]
            table = self.table().filter(pl.col("measure") == name)
            if not known:
                continue
            both = [w for w in known if not np.isnan(w.no_change[name])]
            later = known[3:]
            past = [[v.observed[name] for v in known[: k + 3]] for k in range(len(later))]
            rows.append({
                "measure": name, "windows": len(known), "inside_50": table["inside_50"].mean(), "inside_90": table["inside_90"].mean(),
                "crps": _crps(both, name), "no_change": _mean([abs(w.observed[name] - w.no_change[name]) for w in both]),
                "crps_later": _crps(later, name),
                "climatology": _mean([float(crps_ensemble([w.observed[name]], [p])[0]) for w, p in zip(later, past, strict=True)]),
            })  # fmt: skip
        return pl.DataFrame(rows)

    def outside(self) -> list[str]:
        """Return each window and measure whose record lies outside nine tenths of the futures."""
        return [
            f"{r['window']} {r['measure']}: {r['observed']:.3g}, simulated {r['median']:.3g} [{r['low_90']:.3g}, {r['high_90']:.3g}]"
            for r in self.table().to_dicts() if not r["inside_90"]
        ]  # fmt: skip

    def to_dict(self) -> dict[str, Any]:
        """Return a plain form."""
        return {
            "windows": self.table().to_dicts(), "scores": self.scores().to_dicts(), "outside": self.outside(), "seed": self.seed,
            "standing": "simulated; pacts and quarrels by fits to the years before each window" if self.forward
            else "simulated; in sample: coefficients fitted on all years",
        }  # fmt: skip


def evolve_check(
    *, data_dir: DataDir | str | os.PathLike[str] | None = None, starts: tuple[int, ...] = STARTS, draws: int = DRAWS, seed: int = 1,
    workers: int = 1, forward: bool = False, progress: Callable[[float], None] | None = None,
) -> Check:  # fmt: skip
    """Return the check; some minutes for all windows.

    Parameters
    ----------
    data_dir : DataDir, str or Path, optional
    starts : tuple of int
        First years of the windows.
    draws, seed, workers : int
        Of `foedus.formation.evolve.evolve`.
    forward : bool
        Each window by models of pacts and quarrels fitted to the years before it; from `FORWARD_FROM` on.
    progress : callable, optional
        Called with the share done.

    Raises
    ------
    ParameterError
        No first year, or one outside 1817 to 2006; forward, outside 1866 to 2006.
    """
    if forward and starts is STARTS:
        starts = tuple(y for y in STARTS if y >= FORWARD_FROM)
    earliest = FORWARD_FROM if forward else STARTS[0]
    if not starts or min(starts) < earliest or max(starts) > STARTS[-1]:
        raise parameter("starts", starts, f"first years from {earliest} to {STARTS[-1]}")
    folder = DataDir.of(data_dir)
    models = models_before(folder) if forward else None
    begun = {kind: onsets(folder, kind) for kind in ("disputes", "wars")}
    found = []
    for done, first in enumerate(starts):
        years = 9 if first == STARTS[0] else 10
        system = real_system(dt.date(first, 1, 1), data_dir=folder.path)
        run = evolve(
            system,
            years=years,
            draws=draws,
            seed=seed,
            workers=workers,
            data_dir=folder,
            models=models(first) if models else None,
        )
        found.append(_window(run, folder, begun))
        if progress is not None:
            progress((done + 1) / len(starts))
    return Check(tuple(found), seed, forward)


def models_before(folder: DataDir) -> Callable[[int], Models]:
    """Return a function that fits the models of pacts and quarrels to the years before one."""
    pairs, shots = quarrel_rows(data_dir=folder)
    ties = tie_rows(data_dir=folder)

    def fitted(first: int) -> Models:
        some, begun = pairs.take(pairs.year < first), shots.take(shots.year < first)
        disputes = fit_disputes(some)
        known = [rows.take(rows.year < first) for rows in ties]
        fits = [fit_ties(rows) for rows in known]
        shocks = [
            year_variance(rows.year, rows.y, fit.predict(tie_design(rows)))
            for rows, fit in zip(known, fits, strict=True)
        ]
        shocks.append(year_variance(some.year, some.dispute, disputes.predict(design(some))))
        terms = (FORM, END, QUARREL, QUARREL, ATTACKER)
        every = (*fits, disputes, fit_wars(some, disputes), fit_attacker(begun))
        form, end, quarrels, wars, attacker = (
            Fitted(t, f.coef, f.covariance) for t, f in zip(terms, every, strict=True)
        )
        return Models(form, end, quarrels, wars, attacker, (shocks[0], shocks[1], shocks[2]))

    return fitted


def standing(at: Fork, keep: NDArray[np.int64]) -> dict[str, float]:
    """Return pacts per state, density and balance of some states of a fork, counted as futures are; balance only where disputes are on record."""
    grid, n = np.ix_(keep, keep), len(keep)
    allied, ages = at.allied[grid][None], at.dispute_age[0][grid][None]
    none = np.zeros_like(allied)
    triads, degree = np.zeros((1, 2), dtype=np.int64), np.zeros((1, n), dtype=np.int16)
    scratch = np.zeros((3, n * (n - 1) // 2), dtype=np.uint8)
    futures.stand(allied, ages, none, none, triads, degree, *scratch)
    known = triads[0, 1] > 0 and at.history == "recorded"
    balance = float(triads[0, 0] / triads[0, 1]) if known else float("nan")
    return {"pacts_per_state": float(degree.mean()), "density": float(degree.mean() / (n - 1)), "balance": balance}


def counted(begun: list[tuple[int, int, int, float]], codes: set[int], first: int, last: int) -> float:
    """Return how many events began in some years between two states of a set, each once, an event between others too in part."""
    return sum(share for a, b, year, share in begun if first <= year <= last and a in codes and b in codes)


def _window(run: Evolution, folder: DataDir, begun: dict[str, list[tuple[int, int, int, float]]]) -> Window:
    """Return one window."""
    first, last = run.calendar[0], run.calendar[-1]
    after = real_system(dt.date(last + 1, 1, 1), data_dir=folder.path)
    still = {a.cow for a in after.actors}
    keep = np.array([k for k, a in enumerate(run.system.actors) if a.cow in still], dtype=np.int64)
    place = {a.cow: k for k, a in enumerate(after.actors)}
    then = standing(fork(after, seed=None, data_dir=folder), np.array([place[run.system.actors[k].cow] for k in keep]))
    before = standing(fork(run.system, seed=None, data_dir=folder), np.arange(len(run.system.actors)))
    everybody = {a.cow or 0 for a in run.system.actors}
    lasts = {"disputes": DISPUTES_LAST, "wars": WARS_LAST}
    draws: dict[str, NDArray[np.float64]] = {}
    for name in ("pacts_per_state", "density", "balance"):
        x = run.measure(name)[:, -1]
        draws[name] = x[np.isfinite(x)]
    for name, final in lasts.items():
        covered = max(0, min(last, final) - first + 1)
        draws[name] = run.measure(name)[:, 1 : covered + 1].sum(axis=1) if covered else np.empty(0)
        then[name] = counted(begun[name], everybody, first, min(last, final)) if covered else float("nan")
        before[name] = (
            counted(begun[name], everybody, first - covered, first - 1)
            if covered and first - covered >= STARTS[0]
            else float("nan")
        )
    return Window(first, run.years, len(keep), draws, then, before)


def _crps(windows: list[Window], name: str) -> float:
    """Return the mean continuous ranked probability score of the futures."""
    return _mean([float(crps_ensemble([w.observed[name]], [w.draws[name]])[0]) for w in windows])


def _mean(values: list[float]) -> float:
    """Return the mean, NaN of nothing."""
    return float(np.mean(values)) if values else float("nan")
