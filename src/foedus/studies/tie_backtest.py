"""Onset and end of pact ties forecast forward in time, and scored against honest baselines.

For each year t the models are fitted to the rows until t and forecast those of the five years after, each from what was known on its own 1 January.
The rules were fixed in ``docs/decisions/0020-formation-of-pact-ties.md`` before the first score. Builds no rows and scores nothing itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from foedus import executors
from foedus.errors import DataError, message
from foedus.estimate.prior_logit import prior_logit
from foedus.estimate.splits import Split, time_forward
from foedus.studies.tie_fit import design, field_design, fit_ties, row_weight

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from foedus.executors import On
    from foedus.formation.ties import Counting, What
    from foedus.studies.tie_rows import TieRows

FIRST_FIT, LAST_FIT, HORIZON = 1870, 2010, 5
MODEL = "model"
BASELINES = ("base rate", "last year", "own rate", "field")
COUNTINGS: tuple[Counting, ...] = ("pairs", "treaties")


@dataclass(frozen=True)
class TieForecasts:
    """Pair-years that were forecast by fits that had not seen their year.

    ``y`` (n,) what happened; ``year``; ``weight`` 1/m for the m pairs that one treaty changed in a year, else 1; ``p`` by counting the chances by the
    model and by each baseline, all fitted to rows that were counted so.
    """

    what: What
    y: NDArray[np.int8]
    year: NDArray[np.int32]
    weight: NDArray[np.float64]
    p: dict[Counting, dict[str, NDArray[np.float64]]]

    def since(self, first: int, last: int) -> TieForecasts:
        """Return the forecasts of some years."""
        inside = (self.year >= first) & (self.year <= last)
        p = {counting: {k: v[inside] for k, v in made.items()} for counting, made in self.p.items()}
        return replace(self, y=self.y[inside], year=self.year[inside], weight=self.weight[inside], p=p)


def backtest_ties(
    rows: TieRows, *, countings: tuple[Counting, ...] = COUNTINGS, first: int = FIRST_FIT, last: int = LAST_FIT, horizon: int = HORIZON,
    progress: Callable[[float], None] | None = None, on: On = "local",
) -> TieForecasts:  # fmt: skip
    """Return forecasts of ``first + 1`` to ``last + horizon`` by the model and every baseline.

    Parameters
    ----------
    rows : TieRows
    countings : tuple of {"pairs", "treaties"}
        Each pair-year once, or the m pairs that one treaty changed in a year 1/m each.
    first, last : int
        First and last year that is fitted to.
    horizon : int
        Years that are forecast by one fit.
    progress : callable, optional
        Called with the share done.
    on : int, str or concurrent.futures.Executor
        Where the fits run, as `foedus.executors.run` has it; the result is the same anywhere.

    Raises
    ------
    DataError
        No tie had begun or ended by ``first``, or no year to forecast.
    """
    splits = list(time_forward(rows.year, first=first, last=last, horizon=horizon))
    if not splits:
        raise DataError(
            message(
                "No year to forecast",
                got=f"rows {rows.year.min()} to {rows.year.max()}",
                expected=f"some after {first}",
            )
        )
    made = executors.in_order(
        _Fold(rows, countings), splits, on=on, told=lambda s: f"the fit to {s.label}", progress=progress
    )
    which = np.concatenate([split.test for split in splits])
    p: dict[Counting, dict[str, NDArray[np.float64]]] = {
        c: {k: np.concatenate([m[c][k] for m in made]) for k in made[0][c]} for c in countings
    }
    return TieForecasts(rows.what, rows.y[which], rows.year[which], row_weight(rows.take(which), "treaties"), p)


@dataclass(frozen=True)
class _Fold:
    """The chances by one fit, of each counting."""

    rows: TieRows
    countings: tuple[Counting, ...]

    def __call__(self, split: Split) -> dict[Counting, dict[str, NDArray[np.float64]]]:
        seen, new = self.rows.take(split.train), self.rows.take(split.test)
        return {c: _forecast(seen, new, row_weight(seen, c)) for c in self.countings}


def _forecast(seen: TieRows, new: TieRows, w: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    """Return the chances for new rows by the model and each baseline, fitted to seen rows of weights ``w``."""
    whole = float(w @ seen.y / w.sum())
    n, k = (np.bincount(seen.recent, v, minlength=3) for v in (w, w * seen.y))
    out = {
        MODEL: fit_ties(seen, weight=w).predict(design(new)), "base rate": np.full(len(new.y), whole),
        "last year": ((k + whole) / (n + 1))[new.recent],
    }  # fmt: skip
    for name, old, now in (("own rate", _own(seen), _own(new)), ("field", field_design(seen), field_design(new))):
        sd = [np.inf, *[10.0] * (old.shape[1] - 1)]
        out[name] = prior_logit(old, seen.y, cluster=seen.year, weight=w, sd=sd).predict(now)
    return out


def _own(rows: TieRows) -> NDArray[np.float64]:
    """Return a constant and the sum of ln of both states' rates, near 0."""
    return np.column_stack([np.ones(len(rows.own)), rows.own.astype(np.float64) + 10.0])
