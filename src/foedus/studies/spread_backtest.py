"""The rates at which disputes and wars spread, forecast forward in time on the cases and against the baselines of decision 12.

For each year t the rates are fitted to what ended by then and forecast every round of the events that began in the five years after, from the first
day of the round; how long a round lasts is not known, so the chance is that over the mean length of such rounds until t. Builds no rows.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from foedus import executors
from foedus.estimate.rates import posterior
from foedus.studies.joining_backtest import FIRST_FIT, HORIZON, LAST_FIT, MODEL, Forecasts, backtest_joining, fit_until
from foedus.studies.spread_fit import fit_disputes, fit_wars, rates_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from foedus.executors import On
    from foedus.studies.joining_rows import Rows
    from foedus.studies.spread_rows import SpreadRows

YEARLY = 6
"""Rounds from this one on are years, and counted together."""


def backtest_spread(
    cases: Rows, rounds: SpreadRows, disputes: SpreadRows, wars: SpreadRows | None = None, *, counts: bool = False,
    progress: Callable[[float], None] | None = None, on: On = "local",
) -> Forecasts:  # fmt: skip
    """Return forecasts of every case of decision 12 by the rates, and by its baselines.

    Parameters
    ----------
    cases : Rows
        Of decision 12, of the source that is forecast.
    rounds : SpreadRows
        The same source, cut by rounds.
    disputes, wars : SpreadRows
        What is fitted to, cut by events; without ``wars`` the rates are those of disputes.
    counts : bool
        With the terms that count who has joined, as decision 14 was committed.
    progress : callable, optional
        Called with the share done.
    on : int, str or concurrent.futures.Executor
        Where the fits run, as `foedus.executors.run` has it; the result is the same anywhere.

    Returns
    -------
    Forecasts
        Of states that the system of the first day lacks the forecast is the base rate.

    Raises
    ------
    DataError
        Nobody had entered by the first year.
    """
    plain = backtest_joining(cases, on=on)
    chances = plain.p["base rate"].copy()
    place = {key: k for k, key in enumerate(zip(plain.rows.event, plain.rows.ccode, plain.rows.round, strict=True))}
    years = range(FIRST_FIT, LAST_FIT + 1, HORIZON)
    made = executors.in_order(_Fold(rounds, disputes, wars, counts), years, on=on, told=fit_until, progress=progress)
    for keys, p in made:
        for k, key in enumerate(keys):
            if key in place:
                chances[place[key]] = p[k]
    return replace(plain, p=plain.p | {MODEL: chances})


@dataclass(frozen=True)
class _Fold:
    """The forecasts of the five years after one, and of which rows they are: event, state and round."""

    rounds: SpreadRows
    disputes: SpreadRows
    wars: SpreadRows | None
    counts: bool

    def __call__(self, until: int) -> tuple[list[tuple[int, int, int]], NDArray[np.float64]]:
        begun = self.rounds.begun
        new = self.rounds.take((begun > until) & (begun <= until + HORIZON))
        if not len(new.y):
            return [], np.empty((0, 3))
        p = forecast(until, new, self.rounds, self.disputes, self.wars, counts=self.counts)
        return list(zip(new.event.tolist(), new.ccode.tolist(), new.round.tolist(), strict=True)), p


def forecast(
    until: int,
    new: SpreadRows,
    rounds: SpreadRows,
    disputes: SpreadRows,
    wars: SpreadRows | None,
    *,
    counts: bool = False,
) -> NDArray[np.float64]:
    """Return the chances of staying out, A and B of new rows, shape (n, 3), by rates fitted to what ended by a year."""
    first, war_mean = fit_disputes(disputes.take(disputes.closed <= until), counts=counts)
    model = first if wars is None else fit_wars(first, wars.take(wars.closed <= until), counts=counts)
    over = rounds.closed <= until
    keys, back = np.unique(np.stack([rounds.event, rounds.round])[:, over], axis=1, return_index=True)
    length, kind = rounds.days[over][back], np.minimum(keys[1], YEARLY)
    mean = np.array([length[kind == k].mean() if (kind == k).any() else length.mean() for k in range(YEARLY + 1)])
    rate = rates_of(model, new, war_mean)
    rate *= _shared(new, rate.sum(axis=1), model.dispersion)[:, None]
    total = rate.sum(axis=1)
    enters = -np.expm1(-total * mean[np.minimum(new.round, YEARLY)])
    return np.column_stack([1.0 - enters, enters[:, None] * rate / total[:, None]])


def _shared(new: SpreadRows, total: NDArray[np.float64], variance: float) -> NDArray[np.float64]:
    """Return the mean of the factor that the rates of each row's event share, given who had entered before the row's round."""
    _, event = np.unique(new.event, return_inverse=True)
    last = int(new.round.max()) + 1
    entries, expected = np.zeros((event.max() + 1, last + 1)), np.zeros((event.max() + 1, last + 1))
    np.add.at(entries, (event, new.round + 1), new.y > 0)
    np.add.at(expected, (event, new.round + 1), total * new.days)
    before = (event, new.round)
    return posterior(np.cumsum(entries, axis=1)[before], np.cumsum(expected, axis=1)[before], variance)
