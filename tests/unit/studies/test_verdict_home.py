"""Claim J on conflicts by hand."""

import datetime as dt

import numpy as np
import polars as pl
import pytest

from foedus.studies import verdict_home as module
from foedus.studies.verdict_home import fighters, home_cell
from verdict_bench import ByHand, run

MAJORS = pl.DataFrame(
    {"ccode": [2, 255], "start": [dt.date(1898, 8, 13), dt.date(1991, 12, 11)], "end": [dt.date(2016, 12, 31)] * 2}
)
CODES = pl.DataFrame([(c, g, y) for y in range(1946, 2017) for c, g in ((2, 2), (255, 260), (700, 700), (645, 645), (630, 630))], schema=["ccode", "gwcode", "year"], orient="row")  # fmt: skip


def conflict(number, year, a, b, where, *, a2=None, b2=None, kind=3, intensity=1):
    return {"conflict_id": number, "year": year, "gw_a": a, "gw_a_2nd": a2, "gw_b": b, "gw_b_2nd": b2, "gw_location": where, "type": kind, "intensity": intensity}  # fmt: skip


CONFLICTS = pl.DataFrame([
    conflict(1, 2003, "2, 260", "645", "645", kind=2, intensity=2), conflict(2, 2005, "700", None, "700", a2="2, 260, 9999", kind=4),
    conflict(3, 1980, "645", "630", "630, 645", kind=2, intensity=2), conflict(4, 1985, "630", None, "630"), conflict(5, 2018, "2", None, "2"),
    conflict(6, 1990, "2", None, None), conflict(7, 1991, "2", None, "2"), conflict(8, 1992, "700", None, "645", kind=2),
], infer_schema_length=None)  # fmt: skip


def test_who_fights_where_and_who_is_a_great_power():
    rows = fighters(CONFLICTS, MAJORS, CODES).sort("conflict_id")
    told = [(r["conflict_id"], r["outside"], r["great"]) for r in rows.to_dicts()]
    assert sorted(told) == [
        (1, False, False), (1, True, True), (1, True, True), (2, False, False), (2, True, True), (2, True, True),
        (3, False, False), (3, False, False), (4, False, False), (7, False, True), (8, True, False),
    ]  # fmt: skip
    # 2018 is after the list of great powers, so that nobody is known to be one; the sixth has no location; 9999 is no code.


def test_the_gap_of_shares_and_its_interval():
    rows = pl.DataFrame({"conflict_id": np.repeat(np.arange(30), 4), "year": 1970, "type": 2, "intensity": 2, "outside": [True, True, False, False] * 15 + [True, False, False, True] * 15, "great": [True, True, False, False] * 30})  # fmt: skip
    choices = {"conflicts": "all", "deaths": "from 1,000 deaths a year", "years": "1946-89"}
    made = home_cell(rows, choices, 1)
    assert made.estimate == pytest.approx(0.75 - 0.25)
    assert made.low < made.estimate < made.high
    assert made.rests_on == "60 state-years of great powers and 60 of others in 30 conflicts"
    assert home_cell(rows, choices | {"years": "1990-"}, 1).missing.startswith("nobody to compare")
    assert (
        home_cell(rows, choices | {"conflicts": "between states or with foreign troops"}, 1).estimate == made.estimate
    )


def test_the_job(tmp_path):
    tables = {"ucdp_conflicts": CONFLICTS, "cow_majors": MAJORS, "cw_gw_panel": CODES}
    found = run(module.AWAY, ByHand(tmp_path, tables))["all conflicts",]
    assert len(found) == 12
    assert dict(found[0].choices) == {"conflicts": "all", "deaths": "from 25 deaths a year", "years": "1946-"}
    assert found[0].estimate == pytest.approx(4 / 5 - 1 / 6)
    assert found[4].missing == "nobody to compare (0 state-years of great powers and 2 of others in 1 conflicts)"
    gone = run(module.AWAY, ByHand(tmp_path))["all conflicts",]
    assert {c.missing for c in gone} == {"not at hand: ucdp_conflicts, cow_majors, cw_gw_panel"}
