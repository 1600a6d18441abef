"""A small made-up store: five states from 1900 to 1960, their pacts, disputes and wars, for studies that read the store."""

from __future__ import annotations

import datetime as dt

import polars as pl

from foedus.data.sources import SOURCES

INT = pl.Int32
STATES = (200, 220, 255, 300, 640)
FIRST, LAST = dt.date(1816, 1, 1), dt.date(2016, 12, 31)


class Store:
    """Stands for a DataDir: a few rows per table."""

    def __init__(self, **frames):
        self.frames = frames

    def table(self, name):
        from foedus.errors import DataError

        if name not in self.frames:
            raise DataError(f"{name} is missing")
        return self.frames[name]

    def provenance(self, name):
        from foedus.data.store import Provenance

        spec = SOURCES[name].spec
        return Provenance(spec, None, spec.sha256, recognised=True, version=spec.version, last_year=spec.last_year)


def frame(schema, *rows):
    return pl.DataFrame(list(rows), schema=schema, orient="row")


def states():
    """Return lists of states, borders, capitals, capability, regime and rivalries."""
    years = range(1816, 2017)
    spell = {"stateabb": pl.String, "statenme": pl.String, "start": pl.Date, "end": pl.Date}
    every = [(c, f"S{c}", f"State {c}", FIRST, LAST) for c in STATES]
    flags = dict.fromkeys(("positional", "spatial", "ideological", "interventionary"), pl.Boolean)
    return {
        "cow_states": frame({"ccode": INT, **spell}, *every),
        "gw_system": frame({"gwcode": INT, **spell, "microstate": pl.Boolean}, *((*e, False) for e in every[:4])),
        "cow_contdir": frame({"ccode1": INT, "ccode2": INT, "conttype": INT, "start": pl.Date, "end": pl.Date}, (220, 255, 1, FIRST, LAST), (255, 220, 1, FIRST, LAST)),
        "cow_majors": frame({"ccode": INT, "start": pl.Date, "end": pl.Date}, (200, FIRST, LAST)),
        "cow_capitals": frame(
            {"ccode": INT, "capital": pl.String, "lat": pl.Float64, "lon": pl.Float64, "start": pl.Date, "end": pl.Date},
            *((c, f"C{c}", 40.0 + k, 2.0 * k, FIRST, LAST) for k, c in enumerate(STATES)),
        ),
        "cow_nmc": frame({"ccode": INT, "year": INT, "cinc": pl.Float64}, *((c, y, 0.1 * (k + 1)) for k, c in enumerate(STATES) for y in years)),
        "cw_democracy": frame(
            {"ccode": INT, "year": INT, "euds": pl.Float64, "aeuds": pl.Float64, "polity2": pl.Float64, "polyarchy": pl.Float64},
            *((c, y, 0.0, 1.0 if c < 250 else -1.0, None, None) for c in STATES[:4] for y in years),
        ),
        "tss_rivalries": frame(
            {"tssr_id": INT, "rivalry": pl.String, "ccode1": INT, "ccode2": INT, "start": INT, "end": INT, **flags},
            (1, "a", 220, 255, 1870, 1955, True, True, False, False), (2, "b", 255, 300, 1905, 1940, True, False, False, False),
        ),
    }  # fmt: skip


def pacts():
    """Return ATOP's members: 220-300 from 1891 against 255 only; 255-640 from 1903 without a name, to 1912."""
    columns = ("defense", "offense", "neutral", "nonagg", "consul", "specthrt")
    schema = {"atopid": INT, "phase": INT, "member": INT, "entry": pl.Date, "exit": pl.Date, **dict.fromkeys(columns, INT), "statthr1": INT, "statthr2": INT}  # fmt: skip
    first, second = (dt.date(1891, 8, 1), None), (dt.date(1903, 3, 1), dt.date(1912, 6, 1))
    return {
        "atop5_1m": frame(
            schema, *((1, 0, m, *first, 1, 0, 0, 0, 1, 1, 255, None) for m in (220, 300)),
            *((2, 0, m, *second, 1, 1, 1, 0, 0, 0, None, None) for m in (255, 640)),
        )
    }  # fmt: skip


def conflicts():
    """Return disputes and wars: 255 attacks 220 in 1914 and 300 joins it; 220 attacks 640 in 1955."""
    pair = {"dispnum": INT, "ccode1": INT, "ccode2": INT, "year": INT}
    flags = dict.fromkeys(("on", "new", "sidea1", "sidea2", "orig1", "orig2"), pl.Boolean)
    levels = {"hostlev1": INT, "hostlev2": INT}

    def both(number, a, b, year, new, *, joiner=False, level=5):
        one = (number, a, b, year, True, new, True, False, True, not joiner, level, level)
        return one, (number, b, a, year, True, new, False, True, not joiner, True, level, level)

    rows = [
        *both(1, 255, 220, 1914, True), *both(1, 255, 220, 1915, False), *both(1, 255, 300, 1914, True, joiner=True),
        *both(2, 220, 640, 1955, True), *both(3, 255, 220, 1905, True, level=3), *both(4, 200, 255, 1938, True, level=4),
    ]  # fmt: skip
    disputes = frame({**pair, **flags, **levels}, *rows)
    wars = {
        "warnum": INT, "name": pl.String, "ccode": INT, "side": pl.String, "start": pl.Date, "end": pl.Date, "state_name": pl.String,
        "initiator": pl.Boolean,
    }  # fmt: skip
    great, small = (dt.date(1914, 8, 1), dt.date(1916, 3, 1)), (dt.date(1955, 2, 1), dt.date(1955, 4, 1))
    late = (dt.date(1914, 9, 1), great[1])
    parts = {"dispnum": INT, "ccode": INT, **dict.fromkeys(("styear", "stmon", "dummy_stday", "endyear", "endmon", "dummy_endday"), INT), "sidea": pl.Boolean, "orig": pl.Boolean}  # fmt: skip
    spans = {1: (1914, 8, 1, 1916, 3, 1), 2: (1955, 2, 1, 1955, 4, 1)}
    who = [
        (1, 255, True, True),
        (1, 220, False, True),
        (1, 300, False, False),
        (2, 220, True, True),
        (2, 640, False, True),
    ]
    dyads = {"warnum": INT, "ccode1": INT, "ccode2": INT, "start": pl.Date, "end": pl.Date}
    iwd = {
        "larger_war_id": INT, "larger_war_name": pl.String, "war_id": INT, "war_name": pl.String, "year": INT, "attacker": INT, "target": INT,
        "joiner": pl.Boolean, "start": pl.Date, "end": pl.Date, "start2": pl.Date, "end2": pl.Date, "adversaries": pl.String, "allies": pl.String,
        "attacker_name": pl.String, "target_name": pl.String,
    }  # fmt: skip
    return {
        "gml_dirdisp": disputes.rename({"on": "midongoing", "new": "midonset"}),
        "cow_mid_dirdisps": disputes.rename({"on": "dispongoing", "new": "disponset"}),
        "gml_mid_disps": frame({"dispnum": INT, "hostlev": INT}, (1, 5), (2, 5), (3, 3), (4, 4)),
        "gml_part": frame(parts, *((n, c, *spans[n], a, o) for n, c, a, o in who)),
        "midb": frame(
            {"dispnum": INT, "ccode": INT, "start": pl.Date, "end": pl.Date, "side": pl.String, "originator": pl.Boolean, "hostlev": INT},
            *((n, c, dt.date(*spans[n][:3]), dt.date(*spans[n][3:]), "A" if a else "B", o, 5) for n, c, a, o in who),
        ),
        "cow_wars": frame(
            wars, (106, "W", 255, "A", *great, "Germany", True), (106, "W", 220, "B", *great, "France", False),
            (106, "W", 300, "B", *late, "Austria", False), (155, "V", 220, "A", *small, "France", True), (155, "V", 640, "B", *small, "Turkey", False),
        ),
        "cow_dyadic_war": frame(
            dyads, (106, 220, 255, *great), (106, 255, 220, *great), (106, 255, 300, *late), (106, 300, 255, *late), (155, 220, 640, *small),
            (155, 640, 220, *small),
        ),
        "iwd": frame(
            iwd, (38, "W", 1, "W", 1914, 255, 220, False, *great, None, None, None, None, "Germany", "France"),
            (38, "W", 2, "W2", 1914, 255, 300, True, *late, None, None, None, None, "Germany", "Austria"),
            (70, "V", 3, "V", 1955, 220, 640, False, *small, None, None, None, None, "France", "Turkey"),
        ),
        "peacedata_spells": frame(
            {"ccode1": INT, "ccode2": INT, "start": pl.Date, "end": pl.Date, "day_missing": pl.Boolean, "level": pl.Float64},
            (220, 255, dt.date(1900, 1, 1), dt.date(1944, 12, 31), False, 0.0), (255, 300, dt.date(1906, 1, 1), dt.date(1944, 12, 31), False, 0.25),
        ),
    }  # fmt: skip


def store(**more):
    """Return the whole store."""
    return Store(**(states() | pacts() | conflicts() | more))
