"""Claim F on pacts by hand."""

import datetime as dt
from types import SimpleNamespace

import numpy as np
import polars as pl
import pytest

import foedus as fd
from foedus.errors import CoverageError, InvalidSystemError
from foedus.security.account import pact_account
from foedus.studies import verdict_pacts as module
from foedus.studies.pact_aftermath import NULLS, OUTCOMES, Aftermath
from foedus.studies.verdict_pacts import account_cell, followed_cells, labels, near_great
from foedus.system.signed import Signed
from verdict_bench import ByHand, run

D = dt.date


def signed(atop, year, members=(220, 365)):
    return Signed(atop, 0, f"Pact {atop}", D(year, 6, 1), members, (), ("defense",))


def test_labels_of_a_pact():
    majors = [(220, D(1816, 1, 1), D(1940, 6, 22)), (300, D(1816, 1, 1), D(1918, 11, 3))]
    assert labels(signed(1, 1893), majors) == {
        "pact": "ATOP:1",
        "era": "1816-1913",
        "members": "two",
        "great power": "among them",
    }
    assert labels(signed(2, 1950, (1, 2, 220)), majors) == {
        "pact": "ATOP:2",
        "era": "1946-1989",
        "members": "three or more",
        "great power": "none",
    }


def test_the_account_of_one_pact_is_assurance_less_aggravation(monkeypatch):
    system = fd.load("europe-1914")
    monkeypatch.setattr(module, "signed_system", lambda one, tables: system)
    one = SimpleNamespace(pact="franco-russian-alliance", name="Alliance", date=D(1893, 12, 27))
    made = account_cell(one, {"pact": "x"}, None, 1)
    account = pact_account(system, "franco-russian-alliance", draws=20, seed=1, wars=0)
    assert made.estimate == pytest.approx(1000 * (account.assurance.mean - account.aggravation.mean))
    assert made.low < made.estimate < made.high
    for error, words in (
        (InvalidSystemError("x"), "fewer than two signatories"),
        (CoverageError("ends in 2000\nhint"), "no account: ends in 2000"),
    ):
        monkeypatch.setattr(module, "signed_system", lambda one, tables, e=error: (_ for _ in ()).throw(e))
        assert words in account_cell(one, {"pact": "x"}, None, 1).missing


def test_jobs_of_the_account_take_every_tenth_and_the_triple_alliance(tmp_path, monkeypatch):
    pacts = [signed(k, 1850 + k) for k in range(25)] + [signed(1350, 1882, (255, 300, 325))]
    monkeypatch.setattr(module.Tables, "read", classmethod(lambda cls, store: "tables"))
    monkeypatch.setattr(module, "defence_pacts", lambda tables: pacts)
    monkeypatch.setattr(
        module, "account_cell", lambda one, choices, tables, seed: module.Cell.of(choices, (1.0, 0.5, 2.0), tables)
    )
    here = dict.fromkeys(module.REQUIRED) | {
        "cow_majors": pl.DataFrame(schema={"ccode": pl.Int32, "start": pl.Date, "end": pl.Date})
    }
    found = run(module.ACCOUNT, ByHand(tmp_path, here))
    assert [k[0] for k in found] == ["ATOP:0", "ATOP:10", "ATOP:20", "ATOP:1350"]
    assert found["ATOP:1350",][0].rests_on == "tables"
    assert len(run(module.ACCOUNT, ByHand(tmp_path, here, thorough=True))) == 10
    (gone,) = run(module.ACCOUNT, ByHand(tmp_path))["none",]
    assert gone.missing.startswith("not at hand")


def after(value):
    row = np.full(len(OUTCOMES), value)
    return Aftermath(row, row, {n: row * (k + 1) for k, n in enumerate(NULLS)}, 2, 2)


def test_what_followed_by_null_era_and_great_wars():
    scored = [(1850, after(0.1)), (1880, after(0.3)), (1912, after(-0.2)), (1960, after(0.4)), (1970, after(0.2))]
    cells = {tuple(dict(c.choices).values()): c for c in followed_cells(scored, 1)}
    assert cells["change", "all", "in", "pact"].estimate == pytest.approx(0.16)
    assert cells["matched", "all", "in", "year"].estimate == pytest.approx(0.48)
    assert cells["change", "all", "out", "pact"].estimate == pytest.approx(0.25)
    assert cells["change", "1816-1913", "out", "pact"].rests_on == "2 pacts"
    assert cells["change", "1914-1945", "in", "pact"].missing == "no pact"
    assert ("change", "1990-2018", "out", "pact") not in cells
    assert near_great(1909, 5)
    assert not near_great(1908, 5)


def test_the_job_of_what_followed(tmp_path, monkeypatch):
    monkeypatch.setattr(module.Tables, "read", classmethod(lambda cls, store: "tables"))
    monkeypatch.setattr(module.Record, "read", classmethod(lambda cls, store: "record"))
    monkeypatch.setattr(module, "defence_pacts", lambda tables: [signed(k, 1950 + k) for k in range(6)])
    monkeypatch.setattr(
        module,
        "aftermath",
        lambda record, members, date: None if date.year == 1950 else after(0.1 * (date.year - 1950)),
    )
    found = run(module.FOLLOWED, ByHand(tmp_path, dict.fromkeys((*module.RECORD, *module.REQUIRED))))["all pacts",]
    made = {tuple(dict(c.choices).values()): c for c in found}["change", "all", "in", "pact"]
    assert (made.estimate, made.rests_on) == (pytest.approx(0.3), "5 pacts")
    gone = run(module.FOLLOWED, ByHand(tmp_path))["all pacts",]
    assert len(gone) == len(found)
    assert {c.missing[:11] for c in gone} == {"not at hand"}
