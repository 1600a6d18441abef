"""Scores of forecast pact ties, their calibration, and the model card.

Intervals are over resampled years: what one year does to many pairs counts as one. The rules were fixed in
``docs/decisions/0020-formation-of-pact-ties.md``. Fits nothing but the slope of calibration.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.errors import parameter
from foedus.estimate.calibration import Calibration
from foedus.estimate.card import Against, Coefficient, ModelCard, ScoreLine
from foedus.estimate.cluster_scores import SCORES, ClusterScores
from foedus.estimate.prior_logit import prior_logit
from foedus.estimate.rate_bins import RateBins, rate_bins
from foedus.estimate.resample import cluster_weights
from foedus.estimate.wilson import Z90
from foedus.studies.tie_backtest import BASELINES, MODEL
from foedus.studies.tie_fit import NAMES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from foedus.estimate.prior_logit import PriorLogit
    from foedus.formation.ties import Counting
    from foedus.studies.tie_backtest import TieForecasts
    from foedus.studies.tie_rows import TieRows

ERAS = ((1871, 1913), (1914, 1945), (1946, 1989), (1990, 2015))


@dataclass(frozen=True)
class TieScores:
    """Scores of forecasts: their lines and differences to every baseline, the calibration and its bins.

    ``events`` ties that began or ended, ``happened`` their weight, ``forecast`` that of the model, ``n`` pair-years.
    """

    cases: str
    counting: Counting
    events: int
    happened: float
    forecast: float
    n: int
    lines: tuple[ScoreLine, ...]
    against: tuple[Against, ...]
    calibration: Calibration | None
    bins: RateBins

    @property
    def lost(self) -> tuple[Against, ...]:
        """The differences in which the model does not beat a baseline."""
        return tuple(a for a in self.against if not a.beats)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON's own types."""
        from dataclasses import asdict

        plain = {k: getattr(self, k) for k in ("cases", "counting", "events", "happened", "forecast", "n")}
        bins = {k: v.tolist() for k, v in asdict(self.bins).items()}
        against = [asdict(a) | {"verdict": a.verdict} for a in self.against]
        made = self.calibration.to_dict() if self.calibration else None
        return plain | {
            "scores": [asdict(s) for s in self.lines],
            "against": against,
            "calibration": made,
            "bins": bins,
        }


def score_ties(
    made: TieForecasts, *, counting: Counting = "pairs", cases: str = "held out", draws: int = 200, seed: int = 1
) -> TieScores:
    """Return every score of the model with its 90 % interval over resampled years, and its difference to every baseline.

    Parameters
    ----------
    made : TieForecasts
    counting : {"pairs", "treaties"}
        The fits and the weights of cases.
    cases : str
        What the cases are called in the lines.
    draws, seed : int
        Of resampled years.

    Raises
    ------
    ParameterError
        A counting that was not forecast.
    """
    if counting not in made.p:
        raise parameter("counting", counting, f"one of {', '.join(made.p)}")
    weight = np.ones(len(made.y)) if counting == "pairs" else made.weight
    p = made.p[counting]
    summed = {name: ClusterScores(made.y, p[name], made.year, weight) for name in (MODEL, *BASELINES)}
    often = np.array(list(cluster_weights(summed[MODEL].labels, draws, seed)))
    whole = {name: one.at(np.ones((1, often.shape[1])))[0] for name, one in summed.items()}
    found = {name: one.at(often) for name, one in summed.items()}
    lines, differences = [], []
    for k, (name, more) in enumerate(SCORES.items()):
        lines.append(ScoreLine(name, cases, float(whole[MODEL][k]), *_ends(found[MODEL][:, k])))
        for b in BASELINES:
            gap = float(whole[MODEL][k] - whole[b][k])
            differences.append(Against(b, name, cases, more, gap, *_ends(found[MODEL][:, k] - found[b][:, k])))
    return TieScores(
        cases, counting, int(made.y.sum()), float(weight @ made.y), float(weight @ p[MODEL]), len(made.y), tuple(lines), tuple(differences),
        _calibration(made.y, p[MODEL], made.year, weight), rate_bins(made.y, p[MODEL], cluster=made.year, weight=weight, draws=draws, seed=seed),
    )  # fmt: skip


def _ends(found: NDArray[np.float64]) -> tuple[float, float]:
    """Return the 90 % interval of resampled scores, those that are undefined left out."""
    low, high = np.nanquantile(found, [0.05, 0.95])
    return float(low), float(high)


def _calibration(
    y: NDArray[np.int8], p: NDArray[np.float64], year: NDArray[np.int32], w: NDArray[np.float64]
) -> Calibration | None:
    """Return the calibration of weighted cases with errors by year; None where forecasts or outcomes are all alike."""
    if p.min() == p.max() or y.min() == y.max():
        return None
    x = np.column_stack([np.ones(len(p)), np.log(p / (1 - p))])
    fit = prior_logit(x, y, cluster=year, weight=w, sd=[np.inf, np.inf])
    half = Z90 * np.sqrt(np.diag(fit.covariance))
    low, high = fit.coef - half, fit.coef + half
    return Calibration(
        float(fit.coef[0]),
        float(fit.coef[1]),
        (float(low[0]), float(high[0])),
        (float(low[1]), float(high[1])),
        float(w @ p / (w @ y)),
        0.9,
    )


def card(rows: TieRows, fit: PriorLogit, scored: tuple[TieScores, ...], data: dict[str, str]) -> ModelCard:
    """Return the model card of the onset or of the end, of one counting.

    Parameters
    ----------
    rows : TieRows
    fit : PriorLogit
        To all of ``rows``.
    scored : tuple of TieScores
    data : dict of str to str
        Data sets and their versions.
    """
    error = np.sqrt(np.diag(fit.covariance))
    name, classes = {
        "form": ("onset of defence ties", ("no tie", "a tie begins")),
        "end": ("end of defence ties", ("goes on", "ends")),
    }[rows.what]
    coefficients = tuple(
        Coefficient(classes[1], t, float(c), float(e), float(c - Z90 * e), float(c + Z90 * e))
        for t, c, e in zip(NAMES[rows.what], fit.coef, error, strict=True)
    )
    notes = (
        "Pairs are taken one at a time, though a treaty of many members changes many of them in one year.",
        *map(_note, scored),
    )
    return ModelCard(
        name, f"y ~ {' + '.join(NAMES[rows.what][1:])}", "by year", classes, len(rows.y), int(rows.y.sum()), int(rows.year.min()),
        int(rows.year.max()), data, coefficients=coefficients, scores=tuple(line for s in scored for line in s.lines),
        against=tuple(a for s in scored for a in s.against),
        notes=notes,
    )  # fmt: skip


def _note(s: TieScores) -> str:
    """Return what one set of scores says of calibration and of the baselines that it does not beat."""
    c = s.calibration
    slope = "unknown" if c is None else f"{c.slope:.2f} [{c.slope_interval[0]:.2f}, {c.slope_interval[1]:.2f}]"
    lost = ", ".join(f"{a.baseline} in {a.score}" for a in s.lost) or "none"
    return (
        f"{s.cases}, by {s.counting}: {s.events:,} events in {s.n:,} pair-years, weight {s.happened:.0f}, forecast {s.forecast:.0f}; slope of "
        f"calibration {slope}; does not beat: {lost}."
    )
