"""Joining forecast forward in time and scored against honest baselines.

For each year t the model is fitted to rounds that ended by then and forecasts every round of the disputes that began in the five years after, each
with what was known on its first day. The rules were fixed in ``docs/decisions/0012-who-joins.md`` before the first score. Builds no rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from foedus import executors
from foedus.estimate.calibration import Calibration, calibration
from foedus.estimate.card import Against, ScoreLine
from foedus.estimate.resample import cluster_weights
from foedus.estimate.scores import auc_roc, average_precision, brier, ends_of_ties, log_score
from foedus.war.features import CONTIGUITY_ALLIANCE, CORE
from foedus.war.joining import fit_joining

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from foedus.executors import On
    from foedus.studies.joining_rows import Rows

FIRST_FIT, LAST_FIT, HORIZON = 1870, 2005, 5
ERAS = ((1871, 1913), (1914, 1945), (1946, 1989), (1990, 2010))
MODEL = "model"
BASELINES = ("base rate", "contiguity + alliance", "Siverson-Starr", "last year")
SCORES: dict[str, tuple[Callable[..., float], bool]] = {
    "average precision": (average_precision, True), "ROC area": (auc_roc, True), "Brier": (brier, False), "logarithm": (log_score, False),
}  # fmt: skip
"""Scores, and whether more is better."""
AIM = 2.0
SLOPE = (0.8, 1.25)
Event = Literal["enters", "enters on a side"]


@dataclass(frozen=True)
class Forecasts:
    """Rounds that were forecast by a model that had seen nothing of their dispute.

    Attributes
    ----------
    rows : Rows
    p : dict of str to float64 array, shape (n, 3)
        Chances of staying out, A and B, of the model and of each baseline.
    """

    rows: Rows
    p: dict[str, NDArray[np.float64]]

    def since(self, first: int, last: int) -> Forecasts:
        """Return the forecasts for disputes that began in some years."""
        inside = (self.rows.begun >= first) & (self.rows.begun <= last)
        return Forecasts(self.rows.take(inside), {k: v[inside] for k, v in self.p.items()})

    def cases(self, name: str, event: Event) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.int32]]:
        """Return what happened, the chance of it, and the dispute, of each case of an event."""
        p, y, label = self.p[name], self.rows.y, self.rows.event
        if event == "enters":
            return (y > 0).astype(np.int64), p[:, 1] + p[:, 2], label
        return np.concatenate([y == 1, y == 2]).astype(np.int64), np.concatenate([p[:, 1], p[:, 2]]), np.tile(label, 2)


def backtest_joining(
    rows: Rows,
    *,
    terms: tuple[str, ...] | None = None,
    first: int = FIRST_FIT,
    last: int = LAST_FIT,
    horizon: int = HORIZON,
    on: On = "local",
) -> Forecasts:
    """Return forecasts of every dispute that began in ``first + 1`` to ``last + horizon``.

    Parameters
    ----------
    rows : Rows
    terms : tuple of str, optional
        By default the core specification, as far as the rows have it.
    first, last : int
        First and last year that is fitted to.
    horizon : int
        Years whose disputes are forecast by one fit.
    on : int, str or concurrent.futures.Executor
        Where the fits run, as `foedus.executors.run` has it; the result is the same anywhere.

    Raises
    ------
    DataError
        Nobody had entered by ``first``.
    """
    named = tuple(t for t in CORE if t in rows.terms) if terms is None else terms
    years = range(first, last + 1, horizon)
    found = executors.in_order(_Fold(rows, named, horizon), years, on=on, told=fit_until)
    which = np.concatenate([new for new, _ in found])
    made = [p for _, p in found if p]
    return Forecasts(rows.take(which), {name: np.concatenate([m[name] for m in made]) for name in (MODEL, *BASELINES)})


def fit_until(year: int) -> str:
    """Return what a message calls a fit."""
    return f"the fit to {year}"


@dataclass(frozen=True)
class _Fold:
    """Which rows one fit forecasts, and how; no chances where there are none."""

    rows: Rows
    terms: tuple[str, ...]
    horizon: int

    def __call__(self, until: int) -> tuple[NDArray[np.int64], dict[str, NDArray[np.float64]]]:
        rows = self.rows
        new = np.flatnonzero((rows.begun > until) & (rows.begun <= until + self.horizon))
        seen = rows.take((rows.closed <= until) & (rows.weight > 0))
        return new, _forecast(seen, rows.take(new), self.terms) if len(new) else {}


def _forecast(seen: Rows, new: Rows, terms: tuple[str, ...]) -> dict[str, NDArray[np.float64]]:
    """Return the chances for new rows by the model and by each baseline, fitted to seen rows."""
    out = {}
    for name, spec in ((MODEL, terms), ("contiguity + alliance", CONTIGUITY_ALLIANCE)):
        fit = fit_joining(seen.columns(spec), seen.y, terms=spec, cluster=seen.event, weight=seen.weight)
        out[name] = fit.predict(new.columns(spec))
    side = np.array([seen.weight @ (seen.y == s) for s in (1, 2)]) / seen.weight.sum()
    out["base rate"] = np.tile([1 - side.sum(), *side], (len(new.y), 1))
    out["Siverson-Starr"] = _cells(seen, seen.border * 2 + seen.pledge, new.border * 2 + new.pledge)
    out["last year"] = _cells(seen, seen.joiner.astype(np.int64), new.joiner.astype(np.int64))
    return out


def _cells(seen: Rows, old: NDArray[np.int64], new: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the rate of entering in each new row's cell, half to each side."""
    entered = seen.y > 0
    rate = float(seen.weight @ entered / seen.weight.sum())
    n, k = (np.bincount(old, w, minlength=4) for w in (seen.weight, seen.weight * entered))
    half = ((k + rate) / (n + 1))[new] / 2
    return np.column_stack([1 - 2 * half, half, half])


@dataclass(frozen=True)
class Verdict:
    """Whether the aim is met: the ratio of areas under precision-recall, and the slope of calibration in its range."""

    area: float
    baseline: float
    calibration: Calibration

    @property
    def ratio(self) -> float:
        """Area of the model over that of contiguity + alliance."""
        return self.area / self.baseline

    @property
    def met(self) -> bool:
        """Whether both parts of the aim are met, by the values."""
        return self.ratio >= AIM and SLOPE[0] <= self.calibration.slope <= SLOPE[1]


def verdict(made: Forecasts) -> Verdict:
    """Return whether forecasts meet the aim for entering at all."""
    y, p, cluster = made.cases(MODEL, "enters")
    base = made.cases("contiguity + alliance", "enters")[1]
    return Verdict(average_precision(y, p), average_precision(y, base), calibration(y, p, cluster=cluster))


def score(
    made: Forecasts,
    cases: str,
    *,
    event: Event = "enters",
    draws: int = 300,
    seed: int = 1,
    scores: tuple[str, ...] = tuple(SCORES),
) -> tuple[tuple[ScoreLine, ...], tuple[Against, ...]]:
    """Return every score of the model with its 90 % interval over disputes, and its difference to every baseline.

    Parameters
    ----------
    made : Forecasts
    cases : str
        What the cases are called in the lines.
    event : {"enters", "enters on a side"}
    draws, seed : int
        Of resampled disputes.
    scores : tuple of str
        Some of `SCORES`.

    Returns
    -------
    lines of scores, lines of differences
    """
    y, _, cluster = made.cases(MODEL, event)
    ranked = {name: _Ranked(y, made.cases(name, event)[1]) for name in (MODEL, *BASELINES)}
    whole = {name: one.scores(np.ones(len(y)), scores) for name, one in ranked.items()}
    drawn = {name: np.empty((draws, len(scores))) for name in ranked}
    for k, w in enumerate(cluster_weights(cluster, draws, seed)):
        for name, one in ranked.items():
            drawn[name][k] = one.scores(w, scores)
    lines, differences = [], []
    for k, name in enumerate(scores):
        lines.append(ScoreLine(name, cases, whole[MODEL][k], *_interval(drawn[MODEL][:, k])))
        for baseline in BASELINES:
            ends = _interval(drawn[MODEL][:, k] - drawn[baseline][:, k])
            differences.append(
                Against(baseline, name, cases, SCORES[name][1], whole[MODEL][k] - whole[baseline][k], *ends)
            )
    return tuple(lines), tuple(differences)


def ratio_interval(made: Forecasts, *, draws: int = 300, seed: int = 1) -> tuple[float, float]:
    """Return the 90 % interval, over resampled disputes, of the ratio of areas under precision-recall that `Verdict` has."""
    y, p, cluster = made.cases(MODEL, "enters")
    model, base = _Ranked(y, p), _Ranked(y, made.cases("contiguity + alliance", "enters")[1])
    found = [
        model.scores(w, ("average precision",))[0] / base.scores(w, ("average precision",))[0]
        for w in cluster_weights(cluster, draws, seed)
    ]
    return _interval(np.array(found))


class _Ranked:
    """Cases in order of the forecast, so that resampled sets are scored without sorting again; a twin of `foedus.estimate.scores`."""

    def __init__(self, y: NDArray[np.int64], p: NDArray[np.float64]) -> None:
        self.order = np.argsort(-p, kind="stable")
        self.y, self.p = y[self.order].astype(np.float64), p[self.order]
        self.last = ends_of_ties(self.p)
        came = np.where(self.y == 1, self.p, 1 - self.p)
        with np.errstate(divide="ignore"):
            self.loss = {"Brier": (self.p - self.y) ** 2, "logarithm": -np.log(came)}

    def scores(self, weight: NDArray[np.float64], names: tuple[str, ...]) -> list[float]:
        """Return scores of weighted cases, in the order of ``names``; areas are NaN if all came out alike."""
        w = weight[self.order]
        called = np.cumsum(w)[self.last]
        hit = np.cumsum(w * self.y)[self.last]
        total, quiet = hit[-1], called[-1] - hit[-1]
        gained = np.diff(hit, prepend=0.0)
        found = {name: float(w @ loss / w.sum()) for name, loss in self.loss.items() if name in names}
        precision = hit / np.maximum(called, 1.0)
        found["average precision"] = float(gained @ precision / total) if total else float("nan")
        wide = np.diff(called - hit, prepend=0.0)
        found["ROC area"] = float(wide @ (hit - 0.5 * gained) / (total * quiet)) if total and quiet else float("nan")
        return [found[name] for name in names]


def _interval(found: NDArray[np.float64]) -> tuple[float, float]:
    """Return the 90 % interval of resampled scores, those that are undefined left out."""
    low, high = np.nanquantile(found, [0.05, 0.95])
    return float(low), float(high)
