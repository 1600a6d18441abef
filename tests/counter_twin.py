"""Histories made up for the counter-alliance detector, with planted answers or none, and a plain count of what it computes."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl

from foedus.data import own
from foedus.formation.counter_events import OUTCOMES, Outsiders, Signings
from foedus.formation.counter_history import History
from foedus.formation.record import DAYS_A_YEAR

FIRST, LAST = 1816, 1914
START = dt.date(FIRST, 1, 1).toordinal()
END = dt.date(LAST, 12, 31).toordinal()


def made_up(
    seed: int, *, planted: float = 0.0, states: int = 40, pacts: int = 40, threatened: int = 4, bursts: float = 0.0
) -> tuple[History, float]:
    """Return a history, and how many of the threatened outsiders gain a pact within five years only by the answer planted for them, as a share.

    States differ in how often they sign, years in how much is signed, hostility lasts, and some treaties have many parties; with the chance
    ``planted`` a threatened outsider signs with somebody else within four years, by which only it gains; with the chance ``bursts`` a signing is
    followed by another of the same parties within two years.
    """
    rng = np.random.default_rng(seed)
    often, power = rng.gamma(2.0, 0.5, states), rng.lognormal(0, 1, states)
    power /= power.sum()
    wave = rng.gamma(2.0, 0.5, LAST - FIRST + 1)
    days, parties, gainers, whose = [], [], [], []
    for k, busy in enumerate(wave):
        for _ in range(rng.poisson(1.2 * busy)):
            size = 2 if rng.random() < 0.8 else min(int(rng.integers(3, 8)), states)
            parties.append(rng.choice(states, size=size, replace=False, p=often / often.sum()))
            gainers.append(parties[-1])
            days.append(int(START + DAYS_A_YEAR * (k + rng.random())))
            whose.append(-1)
    for k in np.flatnonzero(rng.random(len(days)) < bursts).tolist():
        days.append(int(days[k] + 1 + rng.random() * 2 * DAYS_A_YEAR))
        parties.append(parties[k])
        gainers.append(gainers[k])
        whose.append(-1)
    member, at, rows = np.zeros((pacts, states), dtype=bool), np.sort(rng.integers(START, END, pacts)), []
    hostile = rng.random((states, states))
    for p in range(pacts):
        who = rng.choice(states, size=2, replace=False)
        member[p, who] = True
        foes = np.argsort(np.where(member[p], 9.0, hostile[who].sum(axis=0)))[:threatened]
        rows += [(p, s, s in foes) for s in range(states) if not member[p, s]]
    pact, state, foe = (np.array(c) for c in zip(*rows, strict=True))
    for k, (p, s, hit) in enumerate(rows):
        if hit and rng.random() < planted:
            others = [o for o in range(states) if o != s and not member[p, o]]
            days.append(int(at[p] + 1 + rng.random() * 4 * DAYS_A_YEAR))
            parties.append(np.array([s, rng.choice(others)]))
            gainers.append(np.array([s]))
            whose.append(k)
    signings, order = _signings(days, parties, gainers, states)
    made = _history(Outsiders(pact, state, at, member), signings, foe, power)
    some = [k for k in np.flatnonzero(foe) if at[pact[k]] + 5 * DAYS_A_YEAR <= END]
    label = np.array(whose)[order]
    gain = [_within(made, k, label) for k in some]
    return made, float(np.mean([a - b for a, b in gain]))


def _within(history: History, row: int, whose: np.ndarray) -> tuple[bool, bool]:
    """Return whether a pair's outsider gains a counter-pact within five years, with the answer planted for it and without."""
    pairs, sign = history.pairs, history.signings
    found = [False, False]
    for e in np.flatnonzero(sign.gains[:, pairs.state[row]]):
        apart = (sign.day[e] - pairs.day[pairs.pact[row]]) / DAYS_A_YEAR
        if 0 < apart <= 5 and not (sign.party[e] & pairs.member[pairs.pact[row]]).any():
            found[0] = True
            found[1] |= bool(whose[e] != row)
    return found[0], found[1]


def _signings(
    days: list[int], parties: list[np.ndarray], gainers: list[np.ndarray], states: int
) -> tuple[Signings, np.ndarray]:
    """Return signings by day, and which of those given each is."""
    order = np.argsort(days, kind="stable")
    party, gains = np.zeros((len(days), states), dtype=bool), np.zeros((len(days), states), dtype=bool)
    for row, k in enumerate(order):
        party[row, parties[k]] = True
        gains[row, gainers[k]] = True
    may = np.ones((len(days), len(days)), dtype=bool)
    return Signings(np.array(days)[order], np.arange(len(days)), gains, party, may), order


def _history(pairs: Outsiders, signings: Signings, foe: np.ndarray, power: np.ndarray) -> History:
    """Return a history in which every state exists throughout."""
    states, years = len(power), np.arange(FIRST, LAST + 1)
    own = power[pairs.state]
    grid = np.tile(power, (len(years), 1))
    zero = np.zeros(len(own))
    return History(
        tuple(range(states)), tuple(f"S{k}" for k in range(states)), tuple((k, f"pact {k}") for k in range(len(pairs.day))), pairs, signings,
        np.where(foe, 0.5 * own, 0.0), zero, zero, zero, own, np.zeros(len(own), dtype=bool), np.arange(states) % 3, years,
        grid * np.random.default_rng(5).random(grid.shape), grid, grid, np.zeros(grid.shape), END,
    )  # fmt: skip


def twin_first(history: History, day: np.ndarray | None = None, *, back: bool = False) -> list[list[float]]:
    """Return the years to the first gain by outcome, pair by pair and signing by signing."""
    out = []
    sign, pairs = history.signings, history.pairs
    day = sign.day if day is None else day
    for pact, state in zip(pairs.pact, pairs.state, strict=True):
        best = [np.inf] * len(OUTCOMES)
        for e in range(len(day)):
            apart = (int(day[e]) - int(pairs.day[pact])) / DAYS_A_YEAR * (-1 if back else 1)
            if apart <= 0 or not sign.gains[e, state]:
                continue
            meets = any(sign.party[e, m] and pairs.member[pact, m] for m in range(len(history.codes)))
            for k in (1 if meets else 0, 2):
                best[k] = min(best[k], apart)
        out.append(best)
    return out


def twin_peers(history: History, row: int) -> list[int]:
    """Return the three nearest of the least threatened outsiders of a pair's pact, by the rule as written."""
    pairs = history.pairs
    size = np.log(history.power)
    past = []
    for pact, state in zip(pairs.pact, pairs.state, strict=True):
        at = int(pairs.day[pact])
        gains = [
            e for e in range(len(history.signings.day))
            if at - 10 * DAYS_A_YEAR <= history.signings.day[e] < at and history.signings.gains[e, state]
        ]  # fmt: skip
        years = [
            y for y in range(dt.date.fromordinal(at).year - 9, dt.date.fromordinal(at).year + 1) if FIRST <= y <= LAST
        ]
        past.append(len(gains) / len(years))
    past = np.array(past)
    found = []
    for k in range(len(pairs.pact)):
        if pairs.pact[k] != pairs.pact[row] or not history.calm[k]:
            continue
        far = abs(size[k] - size[row]) / size.std() + abs(past[k] - past[row]) / past.std()
        far += history.region[pairs.state[k]] != history.region[pairs.state[row]]
        far += 2 * (history.major[k] != history.major[row])
        found.append((round(float(far), 9), int(pairs.state[k]), k))
    return [k for *_, k in sorted(found)[:3]]


D = dt.date
WORDS = ("defense", "offense", "neutral", "nonagg", "consul")
ROWS = [
    # alliance, phase, member, entry, exit, defence
    (1, 0, 2, D(1820, 1, 1), D(1830, 1, 1), 1), (1, 0, 20, D(1820, 1, 1), D(1830, 1, 1), 1), (1, 0, 40, D(1825, 1, 1), D(1830, 1, 1), 0),
    (2, 1, 2, D(1822, 1, 1), D(1840, 1, 1), 0), (2, 1, 20, D(1822, 1, 1), D(1840, 1, 1), 0), (2, 2, 2, D(1828, 1, 1), D(1840, 1, 1), 1),
    (2, 2, 20, D(1828, 1, 1), D(1840, 1, 1), 1), (2, 2, 41, D(1828, 1, 1), D(1840, 1, 1), 1),
    (3, 0, 2, D(1833, 1, 1), None, 1), (3, 0, 42, D(1833, 1, 1), None, 1), (4, 0, 41, D(1810, 1, 1), None, 1), (4, 0, 40, D(1810, 1, 1), None, 1),
    (5, 0, 2, D(1835, 1, 1), D(1836, 1, 1), 1), (5, 0, 9999, D(1835, 1, 1), D(1836, 1, 1), 1),
]  # fmt: skip


def members():
    """Return the made-up list of members."""
    frame = pl.DataFrame(ROWS, schema=["atopid", "phase", "member", "entry", "exit", "defense"], orient="row")
    return frame.with_columns(pl.lit(0).alias(w) for w in WORDS[1:4]).with_columns(consul=pl.lit(1))


class Made:
    """Five made-up alliances of five states, as the tables of a data folder."""

    treaties = own.parse({"name": [{"atop": 2, "name": "Second"}]}, "here")

    def __init__(self):
        codes = [2, 20, 40, 41]
        self.frames = {
            "atop5_1m": members(),
            "cow_states": pl.DataFrame(
                [*((c, f"S{c}", D(1816, 1, 1), D(2016, 12, 31)) for c in codes), (42, "S42", D(1900, 1, 1), D(1910, 1, 1))],
                schema=["ccode", "stateabb", "start", "end"], orient="row",
            ),
        }  # fmt: skip

    def __getitem__(self, source):
        return self.frames[source]

    def last_year(self, source):
        return 2018

    @classmethod
    def read(cls, folder):
        return cls()
