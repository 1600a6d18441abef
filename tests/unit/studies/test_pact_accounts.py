"""Two centuries of pacts on a small scale: the loop on a scenario, files of stopped runs, and the summaries on rows by hand."""

import datetime as dt
import json
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import polars as pl
import pytest

import foedus as fd
from foedus.errors import CoverageError, ParameterError
from foedus.studies import pact_accounts as module
from foedus.studies.pact_accounts import PactAccounts, PactRow, pact_accounts
from foedus.studies.pact_aftermath import NULLS, OUTCOMES, Aftermath
from foedus.system.signed import Signed

D = dt.date
ENTRIES = pl.DataFrame(
    {"atopid": [1], "phase": [0], "member": [220], "entry": [D(1890, 1, 1)], "defense": [1], "consul": [0]}
)


def signed(atop, year, members=(220, 365)):
    return Signed(atop, 0, f"Pact {atop}", D(year, 6, 1), members, (), ("defense",))


class Store:
    def provenance(self, source):
        return SimpleNamespace(sha256=source)


class Made:
    def __init__(self):
        self.frames = {"atop5_1m": ENTRIES}

    def __getitem__(self, source):
        return self.frames[source]

    def last_year(self, source):
        return 2018


@pytest.fixture
def made(monkeypatch):
    """Four pacts of 1893 to 1896: two that are in the scenario under two numbers, one of no states, and one past the data."""
    system = fd.load("europe-1914")
    pact = next(p for p in system.pacts if p.id == "franco-russian-alliance")
    others = tuple(p for p in system.pacts if p is not pact)
    record = module.Record(
        np.array([(0, 220, 255, 0), (0, 255, 220, 1)]), np.array([D(1896, 1, 1).toordinal()] * 2),
        tuple((c, D(1816, 1, 1), D(1920, 1, 1)) for c in (220, 255, 300, 365)), (), {}, D(1816, 1, 1), D(1910, 12, 31),
    )  # fmt: skip
    calls = []

    def system_of(one, tables):
        calls.append(one.atop)
        if one.atop == 14:
            raise CoverageError("the data end")
        return (
            system.with_(pacts=(*others, replace(pact, id=one.pact))) if one.atop < 13 else system.with_(pacts=others)
        )

    asked = [signed(11, 1893), signed(12, 1894), signed(13, 1895), signed(14, 1896)]
    monkeypatch.setattr(
        module, "defence_pacts", lambda tables, first, last: [s for s in asked if first <= s.date.year <= last]
    )
    monkeypatch.setattr(module, "signed_system", system_of)
    monkeypatch.setattr(module.Tables, "read", classmethod(lambda cls, store: Made()))
    monkeypatch.setattr(module.Record, "read", classmethod(lambda cls, store: record))
    monkeypatch.setattr(module.DataDir, "of", classmethod(lambda cls, folder: Store()))
    return calls


def test_each_pact_is_accounted_for_or_left_out_with_the_reason(made):
    told = []
    got = pact_accounts(draws=6, progress=told.append)
    assert [r.signed.atop for r in got.rows] == [11, 12]
    assert got.left_out == (("ATOP:13", "fewer than two signatories are states here"), ("ATOP:14", "the data end"))
    assert told == [0.25, 0.5, 0.75, 1.0]
    first = got.rows[0]
    assert first.name == "Franco-Russian Alliance"
    assert first.members == (220, 365)
    assert first.alarmed[0][2] > 0
    assert first.after.against["change"][OUTCOMES.index("attacked")] == pytest.approx(0.1)
    np.testing.assert_array_equal(first.assurance, got.rows[1].assurance)
    table = got.table()
    assert table["pact"].to_list() == ["ATOP:11", "ATOP:12"]
    assert table["assurance"][0] == pytest.approx(first.assurance.mean())
    assert json.dumps(got.to_dict(), default=str)


def test_years_and_draws_out_of_range_are_refused(made):
    for bad in ({"first": 1815}, {"first": 1900, "last": 1890}, {"last": 2019}, {"draws": 1}):
        with pytest.raises(ParameterError, match="first, last, draws"):
            pact_accounts(**bad)


def test_a_stopped_run_goes_on_to_the_same_numbers(made, tmp_path, monkeypatch):
    whole = pact_accounts(draws=6).to_dict()
    file = tmp_path / "pacts.run"
    real = module._account

    def stops(one, *args, **more):
        if one.atop == 12:
            raise KeyboardInterrupt
        return real(one, *args, **more)

    monkeypatch.setattr(module, "_account", stops)
    with pytest.raises(KeyboardInterrupt):
        pact_accounts(draws=6, save=file)
    assert len(file.read_text().splitlines()) == 2
    assert [p.name for p in tmp_path.iterdir()] == ["pacts.run"]
    monkeypatch.setattr(module, "_account", real)
    made.clear()
    assert pact_accounts(draws=6, resume=file).to_dict() == whole
    assert 11 not in made, "what the file holds is not computed again"
    with pytest.raises(ParameterError, match="other inputs"):
        pact_accounts(draws=7, resume=file)


def test_stopped_before_anything_is_done_nothing_is_left(made, tmp_path, monkeypatch):
    def stops(*args, **more):
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "_account", stops)
    with pytest.raises(KeyboardInterrupt):
        pact_accounts(draws=6, save=tmp_path / "pacts.run")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ["", "not json\n", '{"format": 1}\n[1]\n'])
def test_a_file_of_something_else_is_refused(made, tmp_path, text):
    file = tmp_path / "x.run"
    file.write_text(text)
    with pytest.raises(ParameterError, match=r"Cannot read|other inputs"):
        pact_accounts(draws=6, resume=file)
    with pytest.raises(ParameterError, match="Cannot read"):
        pact_accounts(draws=6, resume=tmp_path / "absent.run")


def row(atop, year, fall, rise, attacked=0.0, followed=None, answered=(0.0, 0.5, 0.1, 0.2)):
    after = None
    if followed is not None:
        flat = np.full(len(OUTCOMES), followed)
        after = Aftermath(flat, 2 * flat, dict.fromkeys(NULLS, flat), 2, 2)
    return PactRow(
        signed(atop, year), f"Pact {atop}", (220, 365), np.full(4, fall), np.full(4, rise), np.full(4, attacked), (("AAA", 1, 0.1),), after,
        {"defence": answered, "consultation": (None, 0.5, None, 0.2)},
    )  # fmt: skip


ROWS = (
    row(1, 1850, 2.0, 1.0, -3.0, 0.1), row(2, 1860, 1.0, 3.0, -2.0, 0.3), row(3, 1860, 0.0, 0.0, -1.0, 0.2, (0.0, 0.0, 0.0, 0.0)),
    row(4, 1950, 1.0, 1.0, 0.0, None),
)  # fmt: skip
ACCOUNTS = PactAccounts(ROWS, (("ATOP:9", "why"),), 4, 1)


def test_verdicts():
    assert [r.verdict for r in ROWS] == ["assures more", "alarms more", "neither", "unsure"]
    assert [r.p_assures for r in ROWS] == [1.0, 0.0, None, 0.5]


def test_eras_are_means_a_pact_and_counts():
    eras = ACCOUNTS.eras()
    assert eras["era"].to_list() == ["1816-1913", "1946-1989", "all"]
    assert eras["pacts"].to_list() == [3, 1, 4]
    assert eras["assurance"].to_list() == [1.0, 1.0, 1.0]
    assert eras["net"][0] == pytest.approx(4 / 3 - 1)
    assert (
        eras.row(0, named=True)["assures_more"]
        == eras.row(0, named=True)["alarms_more"]
        == eras.row(0, named=True)["neither"]
        == 1
    )


def test_what_followed_is_a_mean_over_pacts_with_the_interval_of_pacts_or_years():
    by_pact, by_year = ACCOUNTS.followed(), ACCOUNTS.followed(by="year")
    assert by_pact["era"].unique(maintain_order=True).to_list() == ["1816-1913", "all"]
    first = by_pact.row(0, named=True)
    assert first["matched"] == pytest.approx(0.2)
    assert (first["before"], first["after"]) == pytest.approx((0.2, 0.4))
    assert first["matched_pacts"] == 3
    assert first["matched_low"] < 0.2 < first["matched_high"]
    assert by_year.row(0, named=True)["matched_low"] == pytest.approx(0.1)
    with pytest.raises(ParameterError, match="pact or year"):
        ACCOUNTS.followed(by="state")


def test_the_rank_correlation():
    rank, low, high, n = ACCOUNTS.agreement()
    assert rank == pytest.approx(0.5)
    assert low <= rank <= high
    assert n == 3
    few = PactAccounts(ROWS[:2], (), 4, 1)
    assert np.isnan(few.agreement()[0])
    level = PactAccounts(tuple(row(k, 1850, 1, 1, 0.0, 0.1) for k in range(4)), (), 4, 1)
    assert np.isnan(level.agreement()[0])
    assert level.to_dict()["agreement"]["rank"] is None


def test_answers_are_differences_in_differences_and_unknown_ones_count_nowhere():
    got = {(r["era"], r["kind"]): r for r in ACCOUNTS.answers().to_dicts()}
    first = got["1816-1913", "defence"]
    assert first["pacts"] == 3
    assert first["more"] == pytest.approx((0.4 + 0.4 + 0.0) / 3)
    assert first["alarmed_after"] == pytest.approx(1 / 3)
    unknown = got["all", "consultation"]
    assert (unknown["pacts"], unknown["more"], unknown["alarmed_before"]) == (0, None, None)


def test_the_table_leaves_unknown_what_has_no_aftermath():
    table = ACCOUNTS.table()
    assert table["matched_any"].to_list() == [0.1, 0.3, 0.2, None]
    assert ACCOUNTS.to_dict()["left_out"] == [{"pact": "ATOP:9", "why": "why"}]
