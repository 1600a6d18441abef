"""Portfolios by year by hand."""

from __future__ import annotations

import datetime as dt

import polars as pl

from foedus.panel.portfolios import formal_levels, members_by_year, portfolio_years

INT = pl.Int32


def test_formal_alliances_by_class_spell_and_member():
    rows = [
        (1, 2, dt.date(1900, 5, 1), dt.date(1902, 3, 1), True, False, False, False),
        (1, 20, dt.date(1901, 1, 1), None, False, True, False, False),
        (2, 2, dt.date(1901, 2, 1), None, False, False, True, False),
        (2, 40, dt.date(1903, 2, 1), None, False, False, False, True),
        (3, 2, dt.date(1900, 1, 1), None, False, False, False, False),
        (3, 40, dt.date(1900, 1, 1), None, False, False, False, False),
    ]
    names = ["version4id", "ccode", "entry", "exit", "defense", "neutrality", "nonaggression", "entente"]
    table = pl.DataFrame(rows, schema=names, orient="row").with_columns(pl.col("version4id", "ccode").cast(INT))
    found = formal_levels(table, 1904, "year").sort("ccode1", "ccode2", "year")
    assert found.select("ccode1", "ccode2", "year", "level").rows() == [
        (2, 20, 1901, 3), (2, 20, 1902, 3), (2, 40, 1903, 2), (2, 40, 1904, 2), (20, 2, 1901, 2), (20, 2, 1902, 2), (40, 2, 1903, 1), (40, 2, 1904, 1),
    ]  # fmt: skip
    later = formal_levels(table, 1904, "jan1").filter(pl.col("ccode1") == 2)
    assert later.select("ccode2", "year").sort("ccode2").rows() == [(20, 1902), (40, 1904)]


def test_members_and_their_portfolios():
    states = pl.DataFrame(
        {"ccode": [2, 20, 2], "start": [dt.date(1900, 6, 1), dt.date(1901, 1, 1), dt.date(1902, 7, 1)],
         "end": [dt.date(1901, 2, 1), dt.date(1902, 12, 31), dt.date(1902, 12, 31)]}, schema_overrides={"ccode": INT},
    )  # fmt: skip
    assert {y: c.tolist() for y, c in members_by_year(states).items()} == {1900: [2], 1901: [2, 20], 1902: [2, 20]}
    on_new_year = members_by_year(states, "jan1")
    assert {y: c.tolist() for y, c in on_new_year.items()} == {1901: [2, 20], 1902: [20]}
    ties = pl.DataFrame(
        {"ccode1": [2, 20, 2], "ccode2": [20, 99, 20], "year": [1901, 1901, 1901], "level": [1, 3, 2]},
        schema_overrides={"ccode1": INT, "ccode2": INT, "year": INT, "level": pl.Int8},
    )
    found = {p.year: p.levels.tolist() for p in portfolio_years(ties, members_by_year(states))}
    assert found == {1900: [[3]], 1901: [[3, 2], [2, 3]], 1902: [[3, 0], [0, 3]]}
