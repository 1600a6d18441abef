"""A small data folder in memory: six states, a few treaties and disputes whose answers are known."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import polars as pl

DAY = dt.date
OPEN = None
STATES = {
    2: (1816, 2016),
    200: (1816, 2016),
    220: (1816, 2016),
    255: (1816, 2016),
    300: (1816, 1918),
    365: (1830, 2016),
}


def member(atopid, phase, state, entry, exit_, *, defense=1, consul=0, termmode=0, term=0):
    """Return one row of ATOP's member file."""
    return {
        "atopid": atopid, "phase": phase, "member": state, "entry": entry, "exit": exit_, "defense": defense, "offense": 0, "neutral": 0, "nonagg": 0,
        "consul": consul, "termmode": termmode, "term": term,
    }  # fmt: skip


def treaty(atopid, states, entry, exit_, *, phase=0, **more):
    """Return the rows of one phase of a treaty."""
    return [member(atopid, phase, s, entry, exit_, **more) for s in states]


TREATIES = [
    # 255-300: two phases with a day between, then violated
    *treaty(1, (255, 300), DAY(1820, 5, 1), DAY(1825, 5, 1), phase=1, termmode=2, term=3),
    *treaty(1, (255, 300), DAY(1825, 5, 2), DAY(1833, 3, 3), phase=2, termmode=3, term=2),
    # the same pair again, forty years on, ends with the loss of one
    member(2, 0, 255, DAY(1873, 1, 1), DAY(1918, 11, 11), termmode=3, term=1),
    member(2, 0, 300, DAY(1873, 1, 1), DAY(1918, 11, 11), termmode=4, term=0),
    # four founders at once, one of whom leaves
    *treaty(3, (2, 200, 220), DAY(1949, 4, 4), OPEN),
    member(3, 0, 365, DAY(1949, 4, 4), DAY(1960, 6, 1), termmode=3, term=0),
    # consultation only
    *treaty(4, (200, 365), DAY(1907, 8, 31), DAY(1912, 1, 1), defense=0, consul=1, term=1),
    # one owes defence, the other nothing; it expires
    member(5, 0, 200, DAY(1839, 4, 19), DAY(1845, 4, 19), term=1),
    member(5, 0, 2, DAY(1839, 4, 19), DAY(1845, 4, 19), defense=0, term=1),
    # a later member of treaty 3 with a state that is nobody here
    member(3, 0, 999, DAY(1950, 1, 1), OPEN),
]
DISPUTES = [
    (10, 220, True, DAY(1870, 7, 19), DAY(1871, 5, 10)), (10, 255, False, DAY(1870, 7, 19), DAY(1871, 5, 10)),
    (10, 300, False, DAY(1871, 6, 1), DAY(1871, 7, 1)),  # after the other side had left: no dispute of 220 and 300
    (11, 200, True, DAY(1950, 3, 1), DAY(1950, 4, 1)), (11, 365, False, DAY(1950, 3, 2), DAY(1950, 4, 1)), (11, 2, True, DAY(1950, 3, 1), DAY(1950, 4, 1)),
]  # fmt: skip


class Store:
    """As much of a data folder as ties need."""

    def __init__(self, *, treaties=(), disputes=(), last=2014):
        span = {
            "start": [DAY(a, 1, 1) for a, _ in STATES.values()],
            "end": [DAY(b, 12, 31) for _, b in STATES.values()],
        }
        years = list(range(1816, 2017))
        grid = [(c, y) for c, (a, b) in STATES.items() for y in years if a <= y <= b]
        names = ("dispnum", "ccode", "side", "start", "end")
        self.tables = {
            "atop5_1m": pl.DataFrame([*TREATIES, *treaties]),
            "midb": pl.DataFrame([*DISPUTES, *disputes], schema=names, orient="row"),
            "cow_states": pl.DataFrame({"ccode": list(STATES), **span}),
            "cow_majors": pl.DataFrame({"ccode": [200, 255], "start": [DAY(1816, 1, 1)] * 2, "end": [DAY(2016, 12, 31)] * 2}),
            "cow_contdir": pl.DataFrame({"ccode1": [220, 255, 2], "ccode2": [255, 300, 20], "conttype": [1, 1, 1], "start": [DAY(1816, 1, 1)] * 3,
                                         "end": [DAY(2016, 12, 31)] * 3}),
            "cow_capitals": pl.DataFrame({"ccode": [*STATES, 999], "lat": [39.0, 51.5, 48.9, 52.5, 48.2, 55.8, 0.0],
                                          "lon": [-77.0, 0.0, 2.3, 13.4, 16.4, 37.6, 0.0], "start": [DAY(1816, 1, 1)] * 7, "end": [DAY(2016, 12, 31)] * 7}),
            "cow_nmc": pl.DataFrame({"ccode": [c for c, _ in grid], "year": [y for _, y in grid], "cinc": [0.02 + c / 4000 for c, _ in grid]}),
            "cw_democracy": pl.DataFrame({"ccode": [c for c, _ in grid if c != 365], "year": [y for c, y in grid if c != 365],
                                          "polyarchy": [(c % 7) / 10 for c, _ in grid if c != 365]}),
        }  # fmt: skip
        self.last = {"midb": last}

    def table(self, name):
        return self.tables[name]

    def provenance(self, name):
        return SimpleNamespace(last_year=self.last.get(name, 2018), version="1")
