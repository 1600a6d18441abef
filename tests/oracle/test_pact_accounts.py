"""Pacts of the record: what their names mean, their accounts at the signature, and two decades of them."""

import datetime as dt

import polars as pl
import pytest

from foedus.data.store import DataDir
from foedus.security.account import pact_account
from foedus.studies.pact_accounts import pact_accounts
from foedus.studies.pact_aftermath import Record
from foedus.studies.pact_answers import answers
from foedus.system.signed import defence_pacts, find_signed, signed_system
from foedus.system.tables import Tables

pytestmark = pytest.mark.realdata
D = dt.date


@pytest.fixture(scope="module")
def tables(realdata_dir):
    return Tables.read(DataDir(realdata_dir))


@pytest.mark.parametrize(
    ("name", "atop", "date", "members", "promises"),
    [
        ("Triple Alliance", 1350, D(1882, 5, 20), {255, 300, 325}, ("defense", "neutral", "consul")),
        ("Franco-Russian Alliance", 1385, D(1893, 12, 27), {220, 365}, ("defense",)),
        ("Baghdad Pact", 3275, D(1955, 2, 24), {640, 645}, ("nonagg", "consul")),
        (
            "NATO",
            3180,
            D(1949, 4, 4),
            {2, 20, 200, 210, 211, 212, 220, 235, 325, 385, 390, 395},
            ("defense", "nonagg", "consul"),
        ),
        ("Dual Alliance", 1335, D(1879, 10, 7), {255, 300}, ("defense", "neutral")),
        (
            "Warsaw Pact",
            3285,
            D(1955, 5, 14),
            {265, 290, 310, 315, 339, 355, 360, 365},
            ("defense", "nonagg", "consul"),
        ),
    ],
)
def test_names_mean_the_treaties_that_historians_mean(tables, name, atop, date, members, promises):
    got = find_signed(name, tables)
    assert (got.atop, got.date, set(got.members), got.promises) == (atop, date, members, promises)
    assert find_signed(f"ATOP:{atop}", tables) == got


def test_every_name_of_our_table_means_an_alliance_of_atop(tables):
    assert tables.treaties is not None
    for name in tables.treaties.names:
        assert find_signed(name.atop, tables).atop == name.atop


def test_the_number_of_defence_pacts(tables):
    pacts = defence_pacts(tables)
    assert len(pacts) == 273
    rows = tables["atop5_1m"].filter(pl.col("defense") == 1)
    assert {p.atop for p in pacts} <= set(rows["atopid"].to_list())
    assert (pacts[0].date.year, pacts[-1].date.year) == (1816, 2010)


def test_the_triple_alliance_reassures_italy_and_france_is_the_outsider(tables):
    signed = find_signed("ATOP:1350", tables)
    system = signed_system(signed, tables)
    assert system.date == D(1882, 5, 21)
    account = pact_account(system, signed.pact, draws=20, wars=0)
    assert {e.actor for e in account.members} == {"GMY", "AUH", "ITA"}
    assert account.members[0].actor == "ITA"
    assert account.members[0].beaten.mean < 0
    first = account.alarmed[0]
    assert first.actor == "FRN"
    assert first.prevails.mean < 0
    assert first.gap.mean > 0
    record = answers(signed, account, tables)
    assert record.rows[0].actor == "FRN"
    assert record.rows[0].defence is False
    later = answers(signed, account, tables, years=12)
    assert later.rows[0].defence
    assert any("1893-12-27 Franco-Russian Alliance" in e for e in later.rows[0].entries)


def test_the_baghdad_pact_promises_nobody_to_fight_and_strengthens_nobody(tables):
    signed = find_signed("Baghdad Pact", tables)
    account = pact_account(signed_system(signed, tables), signed.pact, draws=20, wars=0)
    assert {e.actor for e in account.members} == {"TUR", "IRQ"}
    assert not any(p.type in {"defense", "offense"} for p in account.pact.pledges)
    assert all(abs(e.gap.mean) < 0.05 for e in account.effects if e.gap)


def test_the_record_counts_disputes_as_the_published_file_does(realdata_dir):
    store = DataDir(realdata_dir)
    record = Record.read(store)
    # Germany, originator of disputes begun in 1905 to 1914, counted from the participants themselves.
    part = store.table("gml_part").filter(pl.col("orig"))
    began = part.group_by("dispnum").agg(day=pl.date("styear", "stmon", "dummy_stday").min())
    mine = (
        part.filter(pl.col("ccode") == 255)
        .join(began, on="dispnum")
        .filter(pl.col("day").dt.year().is_between(1905, 1914))
    )
    got = record.rates(set(), D(1905, 1, 1), D(1915, 1, 1))[255]
    assert got[0] * 10 == pytest.approx(mine["dispnum"].n_unique())
    assert got[2] * 10 == pytest.approx(mine.filter(~pl.col("sidea"))["dispnum"].n_unique())


def test_two_decades(realdata_dir):
    got = pact_accounts(data_dir=realdata_dir, first=1879, last=1894, draws=8)
    assert [r.signed.atop for r in got.rows] == [1335, 1350, 1355, 1358, 1362, 1385, 1390]
    assert got.left_out == ()
    europe = [r for r in got.rows if r.signed.atop in {1335, 1350, 1355, 1385}]
    assert all(r.after is not None and r.after.members == len(r.members) for r in europe)
    followed = got.followed().filter(pl.col("era") == "all", pl.col("disputes") == "attacked").row(0, named=True)
    assert followed["change"] == pytest.approx(followed["after"] - followed["before"])
    assert got.answers().height == 4
