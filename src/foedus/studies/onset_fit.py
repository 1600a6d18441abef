"""The onset of disputes and wars, fitted and forecast forward in time; written with its provenance.

``Path("src/foedus/params/onset_fitted.toml").write_text(toml(*fit_all(rows), versions(folder, INPUTS)))`` makes the shipped file again; `INPUTS` is
that of `foedus.studies.spread_fit`. The rules are those of ``docs/decisions/0015-onset-with-expected-support.md``. Builds no rows and writes no
file itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from foedus import executors
from foedus.estimate.calibration import Calibration, calibration
from foedus.estimate.prior_logit import PriorLogit, prior_logit
from foedus.estimate.resample import cluster_weights
from foedus.estimate.scores import auc_roc, average_precision, brier, log_score
from foedus.estimate.wilson import Z90
from foedus.studies.joining_backtest import fit_until
from foedus.studies.joining_fit import LICENCE
from foedus.studies.spread_fit import FIRST_SD, SECOND_SD, short
from foedus.war.onset import ONSET

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from foedus.executors import On
    from foedus.studies.onset_rows import OnsetRows

What = Literal["disputes", "wars"]
FIRST_FIT, LAST_FIT, HORIZON = 1870, 2005, 5
BASELINES = ("base rate", "last year", "peace years", "contiguity + alliance")
SCORES: dict[str, tuple[Callable[..., float], bool]] = {
    "average precision": (average_precision, True), "ROC area": (auc_roc, True), "Brier": (brier, False), "logarithm": (log_score, False),
}  # fmt: skip
"""Scores, and whether more is better."""


def design(rows: OnsetRows) -> NDArray[np.float64]:
    """Return the terms of the model, shape (n, len(ONSET))."""
    eras = [rows.year >= era for era in (1914, 1946, 1990)]
    return np.column_stack([np.ones(len(rows.year)), rows.x, *eras]).astype(np.float64)


def fit_disputes(rows: OnsetRows) -> PriorLogit:
    """Return the logit of disputes."""
    sd = [np.inf, *[FIRST_SD] * (len(ONSET) - 1)]
    return prior_logit(design(rows), rows.dispute, cluster=rows.pair, weight=rows.weight, sd=sd)


def fit_wars(rows: OnsetRows, disputes: PriorLogit) -> PriorLogit:
    """Return the logit of wars, with a prior centred on that of disputes; the doubt about its centre is carried through."""
    some = rows.take(~np.isnan(rows.war))
    sd = np.array([np.inf, *[SECOND_SD] * (len(ONSET) - 1)])
    fit = prior_logit(design(some), some.war, cluster=some.pair, weight=some.weight, mean=disputes.coef, sd=sd)
    through = fit.bread @ np.diag(sd**-2.0)
    return PriorLogit(fit.coef, fit.covariance + through @ disputes.covariance @ through.T, fit.bread)


def fit_all(rows: OnsetRows) -> tuple[PriorLogit, PriorLogit, dict[str, str]]:
    """Return the fits to disputes and to wars, and what each was made from."""
    disputes = fit_disputes(rows)
    about = {
        "disputes": f"{rows.dispute.sum()} onsets of GML disputes 1816-2010",
        "wars": f"{int((rows.war == 1).sum())} onsets of inter-state wars between pairs 1816-2007",
    }
    return disputes, fit_wars(rows, disputes), about


@dataclass(frozen=True)
class OnsetForecasts:
    """Pairs and years forecast by fits that had not seen their year: what happened, weights, pairs, and the chances by model and baseline."""

    y: NDArray[np.int64]
    weight: NDArray[np.float64]
    pair: NDArray[np.int32]
    year: NDArray[np.int32]
    p: dict[str, NDArray[np.float64]]


def backtest_onset(
    rows: OnsetRows, what: What = "disputes", *, progress: Callable[[float], None] | None = None, on: On = "local"
) -> OnsetForecasts:
    """Return forecasts of 1871 to 2010 (wars: to 2007) by fits to the years until 1870, 1875 and so on, and by every baseline.

    Parameters
    ----------
    rows : OnsetRows
    what : {"disputes", "wars"}
    progress : callable, optional
        Called with the share done.
    on : int, str or concurrent.futures.Executor
        Where the fits run, as `foedus.executors.run` has it; the result is the same anywhere.

    Raises
    ------
    DataError
        Nothing had begun by the first year.
    """
    known = rows.take(~np.isnan(rows.war)) if what == "wars" else rows
    y = known.war.astype(np.int64) if what == "wars" else known.dispute.astype(np.int64)
    years = range(FIRST_FIT, LAST_FIT + 1, HORIZON)
    found = executors.in_order(_Fold(known, y, what), years, on=on, told=fit_until, progress=progress)
    which = np.concatenate([new for new, _ in found])
    return OnsetForecasts(
        y[which], known.weight[which].astype(np.float64), known.pair[which], known.year[which],
        {name: np.concatenate([p[name] for _, p in found]) for name in ("model", *BASELINES)},
    )  # fmt: skip


@dataclass(frozen=True)
class _Fold:
    """Which rows the fit to one year forecasts, and their chances by the model and each baseline."""

    known: OnsetRows
    y: NDArray[np.int64]
    what: What

    def __call__(self, until: int) -> tuple[NDArray[np.int64], dict[str, NDArray[np.float64]]]:
        known, y = self.known, self.y
        seen, new = known.year <= until, np.flatnonzero((known.year > until) & (known.year <= until + HORIZON))
        part, later = known.take(seen), known.take(new)
        first = fit_disputes(part)
        model = first if self.what == "disputes" else fit_wars(part, first)
        w = part.weight.astype(np.float64)
        rate = float(w @ y[seen] / w.sum())
        cells = [
            (w[part.last == k] @ y[seen][part.last == k] + rate) / (w[part.last == k].sum() + 1) for k in (False, True)
        ]
        p = {
            "model": model.predict(design(later)),
            "base rate": np.full(len(new), rate),
            "last year": np.where(later.last, cells[1], cells[0]),
        }
        for name, of in (("peace years", _peace), ("contiguity + alliance", _plain)):
            x = of(part)
            sd = [np.inf, *[10.0] * (x.shape[1] - 1)]
            p[name] = prior_logit(x, y[seen], cluster=part.pair, weight=w, sd=sd).predict(of(later))
        return new, p


def _plain(rows: OnsetRows) -> NDArray[np.float64]:
    """Return a constant, the border, pledges, alliance and the two terms of strength."""
    x = rows.x
    return np.column_stack([np.ones(len(x)), x[:, 0], rows.pledged, rows.allied, x[:, 2], x[:, 3]]).astype(np.float64)


def _peace(rows: OnsetRows) -> NDArray[np.float64]:
    """Return a constant and the cubic of tens of peace years."""
    t = rows.peace.astype(np.float64) / 10.0
    return np.column_stack([np.ones(len(t)), t, t**2, t**3])


@dataclass(frozen=True)
class OnsetScore:
    """A score of the model with its 90 % interval, and its difference to each baseline: value, low, high, whether beaten."""

    score: str
    value: float
    low: float
    high: float
    against: dict[str, tuple[float, float, float, bool]]


def score_onset(made: OnsetForecasts, *, draws: int = 200, seed: int = 1) -> tuple[tuple[OnsetScore, ...], Calibration]:
    """Return every score, with intervals by resampling unordered pairs, and the calibration over pairs with a border or a great power.

    Parameters
    ----------
    made : OnsetForecasts
    draws, seed : int
    """
    weights = [made.weight, *(made.weight * w for w in cluster_weights(made.pair, draws, seed))]
    out = []
    for name, (function, more) in SCORES.items():
        table = {k: np.array([function(made.y, p, weight=w) for w in weights]) for k, p in made.p.items()}
        against = {}
        for baseline in BASELINES:
            gap = table["model"] - table[baseline]
            low, high = np.nanquantile(gap[1:], [0.05, 0.95])
            against[baseline] = (float(gap[0]), float(low), float(high), bool(low > 0 if more else high < 0))
        low, high = np.nanquantile(table["model"][1:], [0.05, 0.95])
        out.append(OnsetScore(name, float(table["model"][0]), float(low), float(high), against))
    near = made.weight == 1
    return tuple(out), calibration(made.y[near], made.p["model"][near], cluster=made.pair[near])


def toml(disputes: PriorLogit, wars: PriorLogit, about: dict[str, str], data: dict[str, str]) -> str:
    """Return the text of ``params/onset_fitted.toml``; ``about`` says what each of ``disputes`` and ``wars`` was fitted on."""
    import tomlkit

    method = (
        "logit of directed pairs by year with who would come to whose help; normal priors: disputes sd 1 around 0, wars sd 0.5 around the disputes' "
        "estimates; covariance by unordered pair; intervals hold 90 %"
    )
    plain: dict[str, Any] = {
        "meta": {
            "model": "onset_fitted",
            "status": "fitted",
            "method": method,
            "licence": LICENCE,
            "data": [f"{k} {v}" for k, v in data.items()],
        }
    }
    for name, fit in (("disputes", disputes), ("wars", wars)):
        error = np.sqrt(np.diag(fit.covariance))
        table: dict[str, Any] = {
            t: {"value": [short(c - Z90 * e), short(c + Z90 * e)], "source": f"foedus.studies.onset_fit on {about[name]}",
                "note": f"estimate {c:.3f}, standard error {e:.3f}"}
            for t, c, e in zip(ONSET, fit.coef, error, strict=True)
        }  # fmt: skip
        table["fit"] = {
            "terms": list(ONSET),
            "coef": [short(c) for c in fit.coef],
            "covariance": [[short(v) for v in row] for row in fit.covariance],
        }
        plain[name] = table
    head = "# Log-odds a year that one state begins a dispute or a war with another. Written by foedus.studies.onset_fit; not by hand.\n\n"
    return head + tomlkit.dumps(plain)
