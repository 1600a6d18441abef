"""Claim B on a history by hand."""

import datetime as dt

import numpy as np
import polars as pl
import pytest

from foedus.studies import verdict_answers as module
from foedus.studies.pact_answers import Entries
from foedus.studies.verdict_answers import New, answer_cells, as_members, contrast, new_pacts, rivals
from verdict_bench import ByHand, run

D = dt.date


def members(*rows):
    return pl.DataFrame(
        [{"atopid": a, "phase": p, "member": m, "entry": D(y, 6, 1), "defense": d, "consul": c} for a, p, m, y, d, c in rows], infer_schema_length=None
    )  # fmt: skip


# 1: a pact of 2 and 20 in 1900. Rivals of 2: 100 and 110. 100 answers with 130 in 1903; 110 had one in 1897 (with 140) and none after.
HISTORY = members(
    (1, 0, 2, 1900, 1, 0), (1, 0, 20, 1900, 1, 0), (2, 0, 100, 1903, 1, 0), (2, 0, 130, 1903, 1, 0), (3, 0, 110, 1897, 1, 0), (3, 0, 140, 1897, 1, 0),
    (4, 0, 100, 1904, 0, 1), (4, 0, 150, 1904, 0, 1), (5, 1, 2, 1910, 0, 1), (5, 1, 30, 1910, 0, 1), (5, 2, 2, 1912, 1, 0), (5, 2, 30, 1912, 1, 0),
    (5, 2, 40, 1914, 1, 0), (6, 0, 60, 1920, 1, 0),
)  # fmt: skip
STATES = [(c, D(1816, 1, 1), D(2016, 12, 31)) for c in (2, 20, 30, 40, 60, 100, 110, 130, 140, 150)] + [
    (160, D(1899, 1, 1), D(1990, 1, 1))
]
THOMPSON = pl.DataFrame(
    {"ccode1": [2, 2, 20], "ccode2": [100, 110, 130], "start": [1880, 1890, 1900], "end": [1950, 1900, 1901]}
)


def test_new_pacts_are_at_the_first_phase_with_defence():
    found = [(p.number, p.day.year, sorted(p.members)) for p in new_pacts(HISTORY)]
    assert found == [(3, 1897, [110, 140]), (1, 1900, [2, 20]), (2, 1903, [100, 130]), (5, 1912, [2, 30])]


def test_rivals_of_a_day():
    of = rivals(THOMPSON, "Thompson")
    assert of(D(1900, 6, 1)) == {2: {100, 110}, 100: {2}, 110: {2}}  # begun in an earlier year, not ended in one
    assert of(D(1901, 6, 1)) == {2: {100}, 100: {2}, 20: {130}, 130: {20}}
    peace = pl.DataFrame({"ccode1": [2, 2, 2], "ccode2": [100, 110, 130], "start": [D(1899, 1, 1)] * 3, "end": [D(1910, 1, 1), D(1900, 5, 1), D(1910, 1, 1)], "level": [0.0, 0.25, 0.5]})  # fmt: skip
    assert rivals(peace, "Peace Data")(D(1900, 6, 1)) == {2: {100}, 100: {2}}


def test_a_contrast_by_hand():
    pact, foes = New(1, D(1900, 6, 1), (2, 20)), rivals(THOMPSON, "Thompson")(D(1900, 6, 1))
    entries = Entries(HISTORY, 2018)
    # Outsiders there from 1895 to 1905: 30, 40, 60, 100, 110, 130, 140, 150 (160 began in 1899). Rivals 100, 110: before 1/2, after 1/2.
    # Others 30, 40, 60, 130, 140, 150: before 140, after 130.
    change, after = contrast(pact, STATES, foes, entries, 5, ("defence",))
    assert change == pytest.approx(0)
    assert after == pytest.approx(1 / 2 - 1 / 6)
    wider = contrast(pact, STATES, foes, entries, 5, ("defence", "consultation"))
    assert wider == pytest.approx((0 - (2 / 6 - 1 / 6), 1 / 2 - 2 / 6))
    short = contrast(pact, STATES, foes, entries, 3, ("defence",))
    assert short[1] == pytest.approx(1 / 2 - 1 / 6)  # to 1 June 1903, the day of signature among it
    assert np.isnan(contrast(pact, STATES, {}, entries, 5, ("defence",))).all()
    assert np.isnan(contrast(pact, STATES, foes, Entries(HISTORY, 1904), 5, ("defence",))).all()
    assert np.isnan(contrast(New(1, D(1818, 1, 1), (2, 20)), STATES, foes, entries, 5, ("defence",))).all()


def test_cells_take_eras_and_leave_out_the_great_wars():
    values = {(5, "defence"): [(1850, (0.2, 0.4)), (1880, (0.0, 0.0)), (1911, (0.5, 1.0)), (1925, (-0.5, -1.0))]}
    cells = {tuple(dict(c.choices).values())[2:]: c for c in answer_cells("ATOP", "Thompson", 1, values)}
    assert cells["5", "defence", "all", "in", "change"].estimate == pytest.approx(0.05)
    assert cells["5", "defence", "all", "in", "years after alone"].estimate == pytest.approx(0.1)
    assert cells["5", "defence", "all", "out", "change"].estimate == pytest.approx(-0.1)  # 1911 + 5 touches the war
    assert cells["5", "defence", "1816-1913", "out", "change"].rests_on == "2 pacts, resampled by year"
    assert cells["5", "defence", "1914-1945", "in", "change"].missing.startswith("too little")
    assert cells["3", "defence", "all", "in", "change"].missing.startswith("no pact")
    assert ("5", "defence", "1990-2018", "out", "change") not in cells


def test_jobs_read_either_list(tmp_path):
    cow = pl.DataFrame({
        "version4id": HISTORY["atopid"], "ccode": HISTORY["member"], "entry": HISTORY["entry"], "defense": HISTORY["defense"] == 1,
        "entente": HISTORY["consul"] == 1,
    })  # fmt: skip
    renamed = as_members(cow)
    assert renamed.columns == ["atopid", "phase", "member", "entry", "defense", "consul"]
    assert [p.number for p in new_pacts(renamed.filter(pl.col("atopid") != 5))] == [3, 1, 2]
    tables = {"atop5_1m": HISTORY, "cow_alliances": cow, "tss_rivalries": THOMPSON, "cow_states": pl.DataFrame(STATES, schema=["ccode", "start", "end"], orient="row")}  # fmt: skip
    found = run(module.ANSWERS, ByHand(tmp_path, tables))
    assert sum(c.known for c in found["ATOP", "Thompson"]) == sum(c.known for c in found["COW alliances", "Thompson"])
    assert all(c.missing == "not at hand: peacedata_spells" for c in found["ATOP", "Peace Data"])
    assert [c.to_dict()["choices"] for c in found["ATOP", "Peace Data"]] != []
