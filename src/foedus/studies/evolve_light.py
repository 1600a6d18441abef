"""The light model of quarrels that futures are carried on with against the full model of onset, both forward in time on the same directed pairs.

The rows, windows and scores are those of ``docs/decisions/0015-onset-with-expected-support.md``, less pairs that are at war with each other on
1 January. Builds no rows.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from foedus.estimate.resample import cluster_weights
from foedus.studies.evolve_fit import design, fit_attacker, fit_disputes, fit_wars
from foedus.studies.onset_fit import FIRST_FIT, HORIZON, LAST_FIT, SCORES, OnsetForecasts, backtest_onset

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from foedus.studies.evolve_rows import AttackerRows, QuarrelRows
    from foedus.studies.onset_fit import What
    from foedus.studies.onset_rows import OnsetRows


@dataclass(frozen=True)
class LightScore:
    """One score of both models: ``light``, ``full``, and light less full with its 90 % interval by resampled pairs; ``more`` says which is better."""

    score: str
    more: bool
    light: float
    full: float
    gap: float
    low: float
    high: float

    @property
    def verdict(self) -> str:
        """Which is better, if the whole interval says so."""
        if self.low <= 0 <= self.high:
            return "even"
        return "light" if (self.low > 0) == self.more else "full"


def light_forecasts(
    rows: OnsetRows,
    pairs: QuarrelRows,
    shots: AttackerRows,
    codes: Callable[[int], tuple[NDArray[np.int64], NDArray[np.float64]]],
    what: What,
) -> OnsetForecasts:
    """Return the forecasts of `foedus.studies.onset_fit.backtest_onset` with those of the light model beside them, as ``light``.

    Parameters
    ----------
    rows : OnsetRows
    pairs, shots : QuarrelRows, AttackerRows
        Of `foedus.studies.evolve_rows.quarrel_rows`.
    codes : callable
        Gives the Correlates of War codes of the states of a year and, for each, log share, great power and regime, shape (n, 3).
    what : {"disputes", "wars"}
    """
    known = rows.take(~np.isnan(rows.war)) if what == "wars" else rows
    made = backtest_onset(rows, what)
    which = np.concatenate(
        [
            np.flatnonzero((known.year > t) & (known.year <= t + HORIZON))
            for t in range(FIRST_FIT, LAST_FIT + 1, HORIZON)
        ]
    )
    some = known.take(which)
    at = {
        key: k for k, key in enumerate(zip(pairs.year.tolist(), pairs.low.tolist(), pairs.high.tolist(), strict=True))
    }
    low, high = np.minimum(some.attacker, some.attacked), np.maximum(some.attacker, some.attacked)
    found = np.array([at.get(key, -1) for key in zip(some.year.tolist(), low.tolist(), high.tolist(), strict=True)])
    light = np.full(len(which), np.nan)
    for t in range(FIRST_FIT, LAST_FIT + 1, HORIZON):
        now = (some.year > t) & (some.year <= t + HORIZON) & (found >= 0)
        if now.any():
            light[now] = _chances(pairs, shots, codes, what, t, found[now], some.take(now))
    keep = np.isfinite(light)
    return replace(
        made, y=made.y[keep], weight=made.weight[keep], pair=made.pair[keep], year=made.year[keep],
        p={name: p[keep] for name, p in made.p.items()} | {"light": light[keep]},
    )  # fmt: skip


def _chances(
    pairs: QuarrelRows, shots: AttackerRows, codes: Callable[[int], tuple[NDArray[np.int64], NDArray[np.float64]]], what: What, until: int,
    found: NDArray[np.int64], some: OnsetRows,
) -> NDArray[np.float64]:  # fmt: skip
    """Return the chances of directed pairs by fits to the years until one: that of the pair times that of who begins."""
    seen = pairs.take(pairs.year <= until)
    disputes = fit_disputes(seen)
    model = disputes if what == "disputes" else fit_wars(seen, disputes)
    first = fit_attacker(shots.take(shots.year <= until))
    begins = np.zeros(len(found))
    for year in np.unique(some.year).tolist():
        here = some.year == year
        code, values = codes(year)
        i, j = np.searchsorted(code, some.attacker[here]), np.searchsorted(code, some.attacked[here])
        begins[here] = first.predict(values[i] - values[j])
    return model.predict(design(pairs.take(found))) * begins


def score_light(made: OnsetForecasts, *, draws: int = 200, seed: int = 1) -> tuple[LightScore, ...]:
    """Return every score of both models, with intervals of the difference by resampling unordered pairs."""
    weights = [made.weight, *(made.weight * w for w in cluster_weights(made.pair, draws, seed))]
    out = []
    for name, (function, more) in SCORES.items():
        light, full = (np.array([function(made.y, made.p[m], weight=w) for w in weights]) for m in ("light", "model"))
        low, high = np.nanquantile(light[1:] - full[1:], [0.05, 0.95])
        out.append(
            LightScore(name, more, float(light[0]), float(full[0]), float(light[0] - full[0]), float(low), float(high))
        )
    return tuple(out)
