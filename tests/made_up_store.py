"""A folder of data sets with a few made-up rows: four states from 1900 to 1912, two treaties, a dispute, a war and a rivalry."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import polars as pl

from foedus.data.reading import conform, schema
from foedus.data.sources import SOURCES
from foedus.data.store import DataDir, Provenance
from foedus.errors import DataError, message

D = dt.date
UKG, FRN, GMY, RUS = 200, 220, 255, 365
SPELL = {"start": D(1816, 1, 1), "end": D(1912, 12, 31)}


def frame(table, rows):
    """Return rows as a table of that schema; a column that no row has is null, or 0 where nothing may be missing."""
    columns = schema(table)
    fill = {"int": 0, "float": 0.0, "str": "x", "date": D(1900, 1, 1), "bool": False}
    data = [{c.column: row.get(c.column, None if c.missing else fill[c.type]) for c in columns} for row in rows]
    types = {"int": pl.Int32, "float": pl.Float64, "str": pl.String, "date": pl.Date, "bool": pl.Boolean}
    return conform(pl.DataFrame(data, schema={c.column: types[c.type] for c in columns}), table)


def member(atop, code, entry, exit_=None, **flags):
    return {"atopid": atop, "member": code, "entry": entry, "exit": exit_, "specthrt": 0} | flags


ROWS = {
    "cow_states": [
        {"ccode": c, "stateabb": a, "statenme": n, **SPELL}
        for c, a, n in ((UKG, "UKG", "United Kingdom"), (FRN, "FRN", "France"), (GMY, "GMY", "Germany"), (RUS, "RUS", "Russia"))
    ],
    "cow_majors": [{"ccode": UKG, **SPELL}],
    "cow_nmc": [
        {"ccode": c, "year": y, "cinc": 0.1 + c / 10000, "milex": None if c == FRN else 5.0} for c in (UKG, FRN, GMY) for y in range(1900, 1913)
    ],
    "cow_contdir": [{"ccode1": FRN, "ccode2": GMY, "conttype": 1, "start": D(1900, 1, 1), "end": D(1912, 12, 31)}],
    "cow_capitals": [{"ccode": UKG, "capital": "London", "lat": 51.5, "lon": -0.1, **SPELL}],
    "atop5_1m": [
        member(1, FRN, D(1905, 1, 1), defense=1), member(1, RUS, D(1905, 1, 1), defense=1, consul=1, statthr1=GMY),
        member(2, UKG, D(1907, 3, 1), D(1909, 1, 1), consul=1), member(2, FRN, D(1907, 3, 1), D(1909, 1, 1), consul=1),
    ],
    "midb": [
        {"dispnum": 7, "ccode": FRN, "side": "A", "start": D(1909, 1, 1), "end": D(1909, 6, 15), "hostlev": 3, "fatality": 0, "originator": True},
        {"dispnum": 7, "ccode": GMY, "side": "B", "start": D(1909, 1, 1), "end": D(1909, 6, 15), "hostlev": 4, "fatality": 0, "originator": True},
        {"dispnum": 7, "ccode": RUS, "side": "A", "start": D(1909, 2, 1), "end": D(1909, 6, 15), "hostlev": 2, "fatality": 0},
    ],
    "tss_rivalries": [{"tssr_id": 1, "rivalry": "F-G", "ccode1": FRN, "ccode2": GMY, "start": 1756, "end": 1912}],
    "cow_wars": [
        {"warnum": 5, "name": "A War", "ccode": FRN, "side": "A", "start": D(1910, 2, 1), "end": D(1911, 3, 1)},
        {"warnum": 5, "name": "A War", "ccode": GMY, "side": "B", "start": D(1910, 2, 1), "end": D(1911, 3, 1)},
    ],
    "cw_gw_panel": [{"ccode": c, "gwcode": c + 1, "year": 1910} for c in (UKG, FRN)],
}  # fmt: skip
LAST = {
    "atop5_1m": 1912,
    "midb": 1912,
    "cow_wars": 1911,
    "tss_rivalries": 1912,
    "cow_nmc": 1912,
    "cow_contdir": 1912,
    "cow_states": 1912,
}


class Store(DataDir):
    """A folder whose tables are given as rows."""

    def __init__(self, path, rows=None):
        super().__init__(path)
        self.frames = {name: frame(name, own) for name, own in (ROWS if rows is None else rows).items()}
        for name in self.frames:
            (self.path / f"{name}.made-up").write_text("rows")

    def find(self, source_id):
        return self.path / f"{source_id}.made-up" if source_id in self.frames else None

    def require(self, *source_ids):
        absent = [s for s in source_ids if s not in self.frames]
        if absent:
            raise DataError(message(f"{len(absent)} data files are missing", got=", ".join(absent)))

    def table(self, source_id):
        self.require(source_id)
        return self.frames[source_id]

    def scan(self, source_id):
        return self.table(source_id).lazy()

    def provenance(self, source_id):
        self.require(source_id)
        last = LAST.get(source_id, 1912)
        spec = replace(SOURCES[source_id].spec, last_year=last)
        return Provenance(spec, self.find(source_id), "0" * 64, recognised=True, version="made up", last_year=last)


def at_hand(monkeypatch, path, rows=None):
    """Return a store that every reader finds, whatever folder is named."""
    store = Store(path, rows)
    monkeypatch.setattr(
        DataDir, "of", classmethod(lambda _, data_dir: data_dir if isinstance(data_dir, DataDir) else store)
    )
    return store
