"""The audit over years, on made-up tables of four states."""

from __future__ import annotations

import datetime as dt
import json
from concurrent.futures import ThreadPoolExecutor

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from foedus.data.reading import conform, schema
from foedus.errors import CoverageError, DataError, ParameterError
from foedus.security.stability import stability
from foedus.security.stability_years import stability_over_years
from foedus.system.from_tables import build
from foedus.system.nouns import Source
from foedus.system.tables import REQUIRED, Tables

D = dt.date
UKG, FRN, GMY, RUS = 200, 220, 255, 365


def frame(table, rows):
    """Return rows as a table of that schema; a column that no row has is null, or filled where nothing may be missing."""
    columns = schema(table)
    fill = {"int": 0, "float": 0.0, "str": "x", "date": D(1900, 1, 1), "bool": False}
    types = {"int": pl.Int32, "float": pl.Float64, "str": pl.String, "date": pl.Date, "bool": pl.Boolean}
    data = [{c.column: row.get(c.column, None if c.missing else fill[c.type]) for c in columns} for row in rows]
    return conform(pl.DataFrame(data, schema={c.column: types[c.type] for c in columns}), table)


@pytest.fixture
def tables(monkeypatch, tmp_path):
    """Read made-up tables: France and Russia allied from 1905, France alone bound to the United Kingdom in 1907."""
    spell = {"start": D(1816, 1, 1), "end": D(1912, 12, 31)}
    rows = {
        "cow_states": [{"ccode": c, "stateabb": a, "statenme": n, **spell} for c, a, n in
                       ((UKG, "UKG", "United Kingdom"), (FRN, "FRN", "France"), (GMY, "GMY", "Germany"), (RUS, "RUS", "Russia"))],
        "cow_majors": [{"ccode": UKG, **spell}],
        "cow_nmc": [{"ccode": c, "year": y, "cinc": 0.1 + c / 10000} for c in (UKG, FRN, GMY) for y in range(1900, 1913)],
        "cow_contdir": [{"ccode1": FRN, "ccode2": GMY, "conttype": 1, "start": D(1900, 1, 1), "end": D(1912, 12, 31)}],
        "cow_capitals": [{"ccode": c, "capital": "x", "lat": 50.0, "lon": c / 50, **spell} for c in (UKG, FRN, GMY, RUS)],
        "atop5_1m": [{"atopid": a, "member": c, "phase": 0, "entry": e, "exit": x, "specthrt": 0, "defense": d} for a, c, e, x, d in
                     ((1, FRN, D(1905, 1, 1), None, 1), (1, RUS, D(1905, 1, 1), None, 1),
                      (2, FRN, D(1907, 5, 1), D(1909, 6, 1), 1), (2, UKG, D(1907, 5, 1), D(1909, 6, 1), 0))],
        "midb": [],
    }  # fmt: skip
    sources = {
        s: Source(s.replace("_", "-"), s, version="made up", last_year=1915 if s == "atop5_1m" else 1912)
        for s in REQUIRED
    }
    made = Tables({s: frame(s, rows[s]) for s in REQUIRED}, sources, None)
    monkeypatch.setattr("foedus.system.tables.Tables.read", lambda _=None: made)
    return made


def test_the_same_years_anywhere(tables, tmp_path):
    alone = stability_over_years(1904, 1909, draws=4)
    with ThreadPoolExecutor(2) as pool:
        assert stability_over_years(1904, 1909, draws=4, workers=pool).table().equals(alone.table())
    assert stability_over_years(1904, 1909, draws=4, data_dir=tmp_path).table().equals(alone.table())
    with pytest.raises(ParameterError, match="'workers'"):
        stability_over_years(1904, 1909, workers="nowhere")


def test_ties_of_each_year_and_what_is_not_known(tables):
    found = stability_over_years(1899, 1912, draws=4, gammas=[1.0])
    assert [d.ties.sum() // 2 for d in found.dates] == [0] * 7 + [1] * 2 + [2, 2] + [1] * 3
    assert found.at(1905).ties.sum() == 0
    assert found.at(1906).ties.sum() == 2
    assert not found.at(1899).known.any()
    assert found.at(1910).known.tolist() == [True, True, True, False]
    assert found.summary()["vulnerable"].null_count() == 2
    assert found.summary()["known"].to_list()[2:] == [3] * 12
    assert stability_over_years(1908, 1908, draws=2, pledged="both").dates[0].ties.sum() == 2


def test_a_year_is_the_audit_of_its_system(tables):
    for kind in ({}, {"reach": True}, {"loyal": True}):
        over = stability_over_years(1908, 1910, draws=6, **kind).at(1908)
        system = build(D(1908, 1, 1), tables)
        one = stability(system, draws=6, **kind)
        assert over.ids == one.ids
        assert_frame_equal(over.table(), one.table())


def test_steps_progress_and_sources(tables):
    told = []
    found = stability_over_years(1904, 1910, step=3, draws=2, reach=True, progress=told.append)
    assert [d.date.year for d in found.dates] == [1904, 1907, 1910]
    assert told == pytest.approx([1 / 3, 2 / 3, 1])
    assert {s["id"] for s in found.to_dict()["sources"]} == {
        "cow-states",
        "cow-nmc",
        "atop5-1m",
        "cow-contdir",
        "cow-capitals",
        "cow-majors",
    }
    with pytest.raises(ParameterError, match="1904 to 1910"):
        found.at(1905)


@pytest.mark.parametrize("suffix", [".parquet", ".csv", ".json"])
def test_files(tables, tmp_path, suffix):
    found = stability_over_years(1908, 1909, draws=2)
    path = tmp_path / f"rows{suffix}"
    found.write(path)
    rows = found.table().height
    assert {".parquet": lambda: pl.read_parquet(path).height, ".csv": lambda: pl.read_csv(path).height,
            ".json": lambda: len(json.loads(path.read_text())["rows"])}[suffix]() == rows == 2 * 4 * 4  # fmt: skip
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_files_that_cannot_be_written(tables, tmp_path):
    found = stability_over_years(1908, 1908, draws=2)
    with pytest.raises(ParameterError, match="ends in"):
        found.write(tmp_path / "rows.txt")
    with pytest.raises(DataError, match="Cannot write"):
        found.write(tmp_path / "no" / "rows.csv")


@pytest.mark.parametrize(
    ("arguments", "error", "match"),
    [
        ((1910, 1908), ParameterError, "in order"),
        ((1815, 1820), CoverageError, "1816 to 1916"),
        ((1910, 1917), CoverageError, "1816 to 1916"),
    ],
)
def test_what_is_refused(tables, arguments, error, match):
    with pytest.raises(error, match=match):
        stability_over_years(*arguments)


def test_a_step_and_draws_that_are_refused(tables):
    with pytest.raises(ParameterError, match="step of at least 1"):
        stability_over_years(1908, 1909, step=0)
    with pytest.raises(ParameterError, match="draws"):
        stability_over_years(1908, 1909, draws=0)
