"""Five states from 1950 to 1956 in made-up tables: four great powers and one newcomer, some numbers missing."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import polars as pl
import pytest

from foedus.data import store
from foedus.data.sources import SOURCES
from foedus.data.store import Provenance

USA, UKG, FRN, GFR, RUS = 2, 200, 220, 260, 365
YEARS = range(1950, 1957)
DAY = dt.date


class Made:
    """Stands for a DataDir: a few rows a table; a table that is not given is not there."""

    def __init__(self, frames):
        self.frames = frames

    def table(self, name):
        return self.frames[name]

    def missing(self, names):
        return [n for n in names if n not in self.frames]

    def find(self, name):
        return name if name in self.frames else None

    def require(self, *names):
        assert not self.missing(names), names

    def provenance(self, name):
        spec = SOURCES[name].spec
        return Provenance(spec, None, spec.sha256, recognised=True, version=spec.version, last_year=spec.last_year)


def ints(frame):
    """Return a table with the integers of the store's."""
    return frame.with_columns(pl.col(pl.Int64).cast(pl.Int32))


def states():
    rows = [("USA", USA, "United States of America", DAY(1816, 1, 1)), ("UKG", UKG, "United Kingdom", DAY(1816, 1, 1)), ("FRN", FRN, "France", DAY(1816, 1, 1)),
            ("GFR", GFR, "German Federal Republic", DAY(1955, 5, 5)), ("RUS", RUS, "Russia", DAY(1816, 1, 1))]  # fmt: skip
    return ints(
        pl.DataFrame(
            [(*r[:3], max(r[3], DAY(1950, 1, 1)), DAY(1956, 12, 31)) for r in rows],
            schema=["stateabb", "ccode", "statenme", "start", "end"],
            orient="row",
        )
    )


def capabilities():
    parts = {USA: (40.0, 30.0, 50.0, 60.0, 15.0, 20.0), UKG: (10.0, 10.0, 20.0, 20.0, 5.0, 10.0), FRN: (10.0, 10.0, 10.0, 10.0, 5.0, None),
             RUS: (40.0, 50.0, 20.0, 10.0, 25.0, 10.0), GFR: (None, None, None, None, None, None)}  # fmt: skip
    names = ["milex", "milper", "irst", "pec", "tpop", "upop"]
    rows = []
    for year in YEARS:
        for code, values in parts.items():
            if code != GFR or year >= 1955:
                cinc = None if code == GFR else 0.25
                rows.append({"ccode": code, "year": year} | dict(zip(names, values, strict=True)) | {"cinc": cinc})
    return ints(pl.DataFrame(rows, infer_schema_length=None))


def product():
    rows = [{"ccode": c, "year": y, "mrgdppc": h, "sd_mrgdppc": 0.1 * h, "pwtrgdp": g, "sd_pwtrgdp": 0.4 * g, "pwtpop": p, "sd_pwtpop": 0.05 * p}
            for y in YEARS for c, h, g, p in ((USA, 10.0, 100.0, 10.0), (UKG, 8.0, 40.0, 5.0), (FRN, 8.0, 40.0, 5.0), (RUS, 4.0, 80.0, 20.0))]  # fmt: skip
    rows.append({"ccode": GFR, "year": 1955, **dict.fromkeys(list(rows[0])[2:])})
    return ints(pl.DataFrame(rows, infer_schema_length=None))


def pledges():
    base = {"phase": 0, "defense": 0, "offense": 0, "neutral": 0, "nonagg": 0, "consul": 0}
    pacts = [
        (1, (USA, UKG, FRN), DAY(1950, 1, 1), None, {"defense": 1, "consul": 1}),
        (2, (FRN, RUS), DAY(1951, 6, 1), DAY(1953, 2, 1), {"nonagg": 1}),
        (3, (UKG, RUS), DAY(1952, 1, 1), None, {"consul": 1}),
        (4, (USA, GFR), DAY(1955, 6, 1), None, {"offense": 1}),
    ]
    rows = [base | {"atopid": n, "member": m, "entry": first, "exit": last} | owed for n, who, first, last, owed in pacts for m in who]  # fmt: skip
    return ints(
        pl.DataFrame(rows, infer_schema_length=None, schema_overrides={"exit": pl.Date}).with_columns(
            pl.col("atopid").cast(pl.Int64)
        )
    )


def alliances():
    rows = [{"version4id": 7, "ccode": c, "entry": DAY(1950, 5, 1), "exit": last, "defense": c == FRN, "neutrality": False, "nonaggression": False, "entente": True}
            for c, last in ((FRN, None), (RUS, DAY(1951, 5, 1)))]  # fmt: skip
    return ints(pl.DataFrame(rows))


def deliveries():
    rows = [(1950, "United States", "France", 10.0), (1951, "United States", "France", 20.0), (1955, "France", "Germany", 6.0),
            (1955, "France", "Atlantis", 4.0), (1956, "United States", "United Kingdom", 30.0), (1956, "France", "Germany", 5.0)]  # fmt: skip
    return ints(pl.DataFrame(rows, schema=["year", "exporter", "importer", "tiv"], orient="row"))


def votes():
    cast = [(1, "United States", "yes"), (1, "Russia", "no"), (1, "France", "yes"), (2, "United States", "yes"), (2, "Russia", "abstain"), (3, "Russia", "yes")]  # fmt: skip
    calls = pl.DataFrame({"rcid": [1, 2, 3], "date": [DAY(1951, 10, 1), DAY(1951, 10, 2), DAY(1952, 10, 2)]})
    return pl.DataFrame(cast, schema=["rcid", "country", "vote"], orient="row"), calls


def majors():
    rows = [(c, DAY(1950, 1, 1), DAY(1956, 12, 31)) for c in (USA, UKG, FRN, RUS)]
    return ints(pl.DataFrame(rows, schema=["ccode", "start", "end"], orient="row"))


@pytest.fixture
def world(monkeypatch):
    """Return a maker of the store, which takes tables to replace (None to leave one out)."""
    cast, calls = votes()
    frames = {
        "cow_states": states(), "cow_nmc": capabilities(), "cw_gdppop": product(), "atop5_1m": pledges(), "cow_alliances": alliances(),
        "sipri_tiv": deliveries(), "un_votes": cast, "un_roll_calls": calls, "cow_majors": majors(),
    }  # fmt: skip

    def make(**changed):
        monkeypatch.setattr(store.DataDir, "of", classmethod(lambda _, x: x if isinstance(x, Made) else made))
        made = Made({k: v for k, v in (frames | changed).items() if v is not None})
        return made

    return make


@pytest.fixture
def codes():
    return SimpleNamespace(USA=USA, UKG=UKG, FRN=FRN, GFR=GFR, RUS=RUS)
