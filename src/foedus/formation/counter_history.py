"""The record that the counter-alliance detector works on, and who in it is threatened by which pact.

Thresholds are those of ``docs/decisions/0017-counter-alliances.md``, written before the first result. Compares nothing.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from foedus.formation.record import DAYS_A_YEAR

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from foedus.formation.counter_events import Outsiders, Signings

ERAS: tuple[tuple[str, tuple[tuple[int, int], ...]], ...] = (
    ("1816-1870", ((1816, 1870),)), ("1871-1914", ((1871, 1914),)), ("1919-1939", ((1919, 1939),)), ("1946-1989", ((1946, 1989),)),
    ("1990-", ((1990, 9999),)), ("world wars", ((1915, 1918), (1940, 1945))),
)  # fmt: skip
"""Eras of signature; the years of the two world wars stand by themselves."""
ALL = "all"
THREATENED = 0.1
"""A pact threatens an outsider if it adds at least so much of its own capability, and of the threat that it was under, to the threat to it."""
CALM = 0.01
"""An outsider for whom a pact adds less than so much of both is one of the least threatened."""
PAST = 10
"""Years before a pact over which a state's own rate of gains is taken."""
_STARTS = np.array(sorted(a for _, spans in ERAS for a, _ in spans))


@dataclass(frozen=True)
class History:
    """Pacts, outsiders, signings and yearly states of the world: n states, K pacts, P pairs of pact and outsider, Y years.

    Attributes
    ----------
    codes, names : tuples, length n
    pacts : tuple of (int, str), length K
        Number and name.
    pairs : Outsiders
    signings : Signings
        Every one that could be an answer.
    rise, before, gap_before, gap_after : float arrays, shape (P,)
        As of `foedus.formation.counter_threat.Rise`.
    power : float array, shape (P,)
        The outsider's capability, a share of all; NaN unknown.
    major : bool array, shape (P,)
    region : int array, shape (n,)
        Label; -1 unknown, which is like no other.
    years : int array, shape (Y,)
        Consecutive.
    threats, powers, defences, majors : float arrays, shape (Y, n)
        Of 1 January: expected threat, capability alone and with allies, whether a great power; NaN where it is no state.
    end : int
        Ordinal of the last day of the record of signings.
    """

    codes: tuple[int, ...]
    names: tuple[str, ...]
    pacts: tuple[tuple[int, str], ...]
    pairs: Outsiders
    signings: Signings
    rise: NDArray[np.float64]
    before: NDArray[np.float64]
    gap_before: NDArray[np.float64]
    gap_after: NDArray[np.float64]
    power: NDArray[np.float64]
    major: NDArray[np.bool_]
    region: NDArray[np.int64]
    years: NDArray[np.int64]
    threats: NDArray[np.float64]
    powers: NDArray[np.float64]
    defences: NDArray[np.float64]
    majors: NDArray[np.float64]
    end: int

    @cached_property
    def threatened(self) -> NDArray[np.bool_]:
        """Which pairs are of a threatened outsider, shape (P,)."""
        return (
            (self.rise > 0)
            & (self.rise >= THREATENED * self.power)
            & (self.rise >= THREATENED * self.before)
            & (self.power > 0)
        )

    @cached_property
    def calm(self) -> NDArray[np.bool_]:
        """Which pairs are of one of the least threatened outsiders, shape (P,)."""
        return (self.rise <= CALM * self.power) & (self.rise <= CALM * self.before) & (self.power > 0)

    @cached_property
    def year(self) -> NDArray[np.int64]:
        """Year of each pact, shape (K,)."""
        return year_of(self.pairs.day)

    def known(self, within: float, *, back: bool = False) -> NDArray[np.bool_]:
        """Return for which pacts the record holds so many years after the signature (or before it), shape (K,)."""
        if back:
            return self.pairs.day - within * DAYS_A_YEAR >= dt.date(int(self.years[0]), 1, 1).toordinal()
        return self.pairs.day + within * DAYS_A_YEAR <= self.end

    def spans(self) -> tuple[tuple[NDArray[np.int64], NDArray[np.int64]], NDArray[np.int64]]:
        """Return by state and span of years its first day and its number of days, shape (n, spans) each, and the span of each signing, shape (E,).

        By the years on whose first day it was a state, and from its first gain where that was earlier; a gap within a span counts as membership.
        """
        label, own = span_of(year_of(self.signings.day)), span_of(self.years)
        last = int(own.max(initial=0)) + 1
        shape = (len(self.codes), max(last, int(label.max(initial=0)) + 1))
        start, end = np.full(shape, np.iinfo(np.int64).max), np.zeros(shape, dtype=np.int64)
        for k, year in enumerate(self.years.tolist()):
            there = ~np.isnan(self.powers[k])
            first, final = dt.date(year, 1, 1).toordinal(), dt.date(year, 12, 31).toordinal()
            start[there, own[k]] = np.minimum(start[there, own[k]], first)
            end[there, own[k]] = np.maximum(end[there, own[k]], final)
        signing, state = np.nonzero(self.signings.gains)
        np.minimum.at(start, (state, label[signing]), self.signings.day[signing])
        np.maximum.at(end, (state, label[signing]), self.signings.day[signing])
        return (start, np.where(end > 0, end - start + 1, 0)), label

    def past(self, day: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return each state's gains a year over the `PAST` years before each day, of the years in which it was one, shape (days, n)."""
        total = np.concatenate([np.zeros((1, len(self.codes))), np.cumsum(self.signings.gains, axis=0)])
        upto = np.searchsorted(self.signings.day, day, side="left")
        since = np.searchsorted(self.signings.day, day - PAST * DAYS_A_YEAR, side="left")
        there = np.concatenate([np.zeros((1, len(self.codes))), np.cumsum(~np.isnan(self.powers), axis=0)])
        at = np.clip(year_of(day) - self.years[0] + 1, 0, len(self.years))
        years = there[at] - there[np.maximum(at - PAST, 0)]
        return (total[upto] - total[since]) / np.maximum(years, 1)


def year_of(day: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the years of ordinal days."""
    return np.array([dt.date.fromordinal(int(d)).year for d in day], dtype=np.int64)


def era_of(year: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the position in `ERAS` of each year from 1816."""
    out = np.full(len(year), -1, dtype=np.int64)
    for k, (_, spans) in enumerate(ERAS):
        for a, b in spans:
            out[(year >= a) & (year <= b)] = k
    return out


def span_of(year: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return a label of the span of years within which dates are exchanged: the eras, each world war by itself."""
    return np.searchsorted(_STARTS, year, side="right")
