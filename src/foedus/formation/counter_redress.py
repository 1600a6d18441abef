"""Do states sign when they are outweighed: each signatory's rank of imbalance, against other dates and against those who did not sign.

The first half of claim B; the rules are those of ``docs/decisions/0017-counter-alliances.md``. A rank is from 0 (nobody is less outweighed) to 1
among the states of 1 January. Says nothing of motives.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from foedus.formation.counter import DESIGNS, Row
from foedus.formation.counter_history import ALL, ERAS, era_of, year_of
from foedus.formation.counter_match import nearest
from foedus.formation.counter_stats import BOOTSTRAPS, effect, holm, p_of_orders, p_of_signs, two_way_weights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from foedus.formation.counter_history import History

MEASURES = ("own", "allied")
"""Threat over own capability, and over that with allies; the first decides."""


def imbalance_ranks(history: History, measure: str) -> NDArray[np.float64]:
    """Return each state's rank of imbalance among the states of each 1 January, shape (years, n), from 0 to 1, ties in the middle; NaN unknown."""
    from scipy.stats import rankdata

    base = history.powers if measure == "own" else history.defences
    ratio = np.divide(history.threats, base, out=np.full(base.shape, np.nan), where=base > 0)
    ranks = rankdata(ratio, axis=1, nan_policy="omit")
    count = (~np.isnan(ratio)).sum(axis=1, keepdims=True)
    return np.divide(ranks - 1, count - 1, out=np.full(base.shape, np.nan), where=(count > 1) & ~np.isnan(ratio))


def redress(
    history: History, *, days: NDArray[np.int64] | None, designs: Sequence[str] = DESIGNS, seed: int = 1, draws: int = BOOTSTRAPS
) -> tuple[Row, ...]:  # fmt: skip
    """Return by measure, design and era how signatories rank before they sign.

    Parameters
    ----------
    history : History
    days : int array, shape (samples, signings), or None
        Of `foedus.formation.counter.exchanged`; needed for ``permute``.
    designs : sequence of {"permute", "matched"}
    seed, draws : int
    """
    signing, state = np.nonzero(history.signings.gains)
    year = year_of(history.signings.day)[signing]
    inside = (year >= history.years[0]) & (year <= history.years[-1])
    signing, state, year = signing[inside], state[inside], year[inside]
    rows: list[Row] = []
    for measure in MEASURES:
        ranks = imbalance_ranks(history, measure)
        came = ranks[year - history.years[0], state]
        if "permute" in designs and days is not None:
            at = np.array([year_of(d) for d in np.unique(days)[:, None]])[:, 0]
            of = at[np.searchsorted(np.unique(days), days)][:, signing] - history.years[0]
            rows += _rows("permute", measure, came, ranks[of, state], state, year, seed, draws)
        if "matched" in designs:
            rows += _rows("matched", measure, came, _peers(history, ranks, state, year), state, year, seed, draws)
    return _corrected(rows)


def _peers(
    history: History, ranks: NDArray[np.float64], state: NDArray[np.int64], year: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the mean rank of the three nearest states that gained nothing in the year, shape (cases,); NaN without."""
    n = len(history.codes)
    first = history.past(np.array([dt.date(int(y), 1, 1).toordinal() for y in history.years], dtype=np.int64))
    gained = np.zeros(ranks.shape, dtype=np.bool_)
    gained[year - history.years[0], state] = True
    group = np.repeat(np.arange(len(history.years)), n)
    with np.errstate(divide="ignore"):
        size = np.log(history.powers.ravel())
    size[~np.isfinite(size) | np.isnan(ranks.ravel())] = np.nan
    who = np.tile(np.arange(n), len(history.years))
    rows, mates = nearest(
        group,
        gained.ravel(),
        ~gained.ravel(),
        size,
        first.ravel(),
        history.region[who],
        history.majors.ravel() > 0,
        who,
    )
    mean = np.full(gained.size, np.nan)
    mean[rows] = ranks.ravel()[mates].mean(axis=1)
    return mean.reshape(ranks.shape)[year - history.years[0], state]


def _rows(
    design: str, measure: str, came: NDArray[np.float64], null: NDArray[np.float64], state: NDArray[np.int64], year: NDArray[np.int64], seed: int,
    draws: int,
) -> list[Row]:  # fmt: skip
    """Return the comparisons of one design by era; ``null`` (cases,), or (samples, cases) of drawn orders."""
    known = ~np.isnan(came) & ~(np.isnan(null) if null.ndim == 1 else np.isnan(null).all(axis=0))
    expected = np.full(len(came), np.nan)
    expected[known] = null[known] if null.ndim == 1 else np.nanmean(null[:, known], axis=0)
    eras, out = era_of(year), []
    for k, name in enumerate([*(e for e, _ in ERAS), ALL]):
        some = known & ((eras == k) | (name == ALL))
        p = None
        if some.any():
            p = (
                p_of_signs(came[some] - expected[some], state[some], year[some], seed=seed)
                if null.ndim == 1
                else p_of_orders(float(came[some].mean()), np.nanmean(null[:, some], axis=1))
            )
        weights = two_way_weights(state[some], year[some], draws=draws, seed=seed)
        found = effect(came[some], expected[some], state[some], year[some], weights=weights, p=p)
        out.append(Row(design, measure, name, 0, found))
    return out


def _corrected(rows: list[Row]) -> tuple[Row, ...]:
    """Return the rows with p-values corrected over eras and designs, by measure."""
    out = list(rows)
    for measure in MEASURES:
        for whole in (True, False):
            family = [k for k, r in enumerate(rows) if r.outcome == measure and (r.era == ALL) == whole]
            for k, p in zip(family, holm([rows[k].effect.p for k in family]), strict=True):
                out[k] = replace(rows[k], effect=replace(rows[k].effect, p_holm=p))
    return tuple(out)
