"""The account of one pact on small systems: signs, sums, who is listed, and what is refused."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from foedus.errors import InvalidSystemError, ParameterError
from foedus.security.account import p_larger, pact_account, parties
from foedus.security.hazard import threats
from foedus.system.nouns import Member, Pact, Pledge


@pytest.fixture
def account(quartet):
    return pact_account(quartet, "pact-first", draws=60, wars=400)


def test_the_net_is_aggravation_less_assurance(account):
    assert account.net.mean == pytest.approx(account.aggravation.mean - account.assurance.mean)
    assert account.assurance.mean == pytest.approx(-sum(e.beaten.mean for e in account.members))
    assert account.aggravation.mean == pytest.approx(
        sum(e.beaten.mean for e in account.effects if not e.member), abs=1e-4
    )
    assert 0 <= account.p_assures <= 1
    assert (account.draws, account.wars) == (60, 400)


def test_foes_lose_and_are_alarmed_in_order(account):
    assert {e.actor for e in account.members} == {"AA", "BB"}
    assert all(e.drawn_in.mean > 0 for e in account.members), (
        "its pledge draws a member into wars that begin between others"
    )
    foe = next(e for e in account.effects if e.actor == "CC")
    assert foe.prevails.mean < 0
    assert foe.wins.mean < 0
    assert foe.gap.mean > 0
    assert foe.alarm.mean == pytest.approx(foe.beaten.mean - foe.wins.mean)
    alarms = [e.alarm.mean for e in account.alarmed]
    assert alarms == sorted(alarms, reverse=True)
    assert all(e.prevails is None for e in account.members)


def test_every_interval_has_a_width(account):
    for e in (
        account.assurance,
        account.net,
        account.net_attacked,
        account.net_drawn_in,
        *(x.beaten for x in account.members),
    ):
        assert e.low < e.high


def test_rows_and_plain_form(account):
    table = account.table()
    assert table.height == len(account.effects)
    assert table["gap"].null_count() == 2
    plain = account.to_dict()
    assert plain["pact"] == "pact-first"
    assert plain["net_drawn_in"]["low"] < plain["net_drawn_in"]["high"]


def test_without_wars_nothing_is_said_of_being_drawn_in_and_threats_are_reused(quartet):
    world = threats(quartet, draws=30)
    told = []
    got = pact_account(quartet, "pact-first", wars=0, drawn_threats=world, progress=lambda *what: told.append(what))
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert len(told) == 3
    assert got.net_drawn_in is None
    assert got.draws == 30
    assert got.to_dict()["net_drawn_in"] is None
    assert got.table()["drawn_in"].null_count() == got.table().height


def test_the_one_to_whom_a_guarantee_is_owed_is_a_party(quartet):
    pact = Pact(
        "g", "G", "guarantee", (Member("AA"),), (Pledge("AA", "defense", to=("EE",)),), start=dt.date(1900, 1, 1)
    )
    system = quartet.with_(pacts=(*quartet.pacts, pact))
    assert parties(pact, system) == ("AA", "EE")
    got = pact_account(system, "g", draws=30, wars=0)
    assert next(e for e in got.effects if e.actor == "EE").beaten.mean < 0


def test_an_empty_pact_changes_nothing_and_no_side_is_larger(quartet):
    empty = Pact("talk", "Talk", "alignment", (Member("AA"), Member("EE")), start=dt.date(1900, 1, 1), strength=None)
    assert p_larger(np.zeros(3), np.zeros(3)) is None
    assert p_larger(np.array([1.0, 0.0, 2.0, 0.0]), np.array([0.0, 1.0, 2.0, 0.0])) == 0.5
    got = pact_account(quartet.with_(pacts=(*quartet.pacts, empty)), "talk", draws=10, wars=0)
    assert {e.actor for e in got.members} == {"AA", "EE"}


def test_what_cannot_be_accounted_for_is_refused(quartet):
    with pytest.raises(InvalidSystemError, match="Unknown pact"):
        pact_account(quartet, "nothing")
    later = replace(quartet.pacts[0], start=dt.date(1950, 1, 1))
    with pytest.raises(ParameterError, match="in force"):
        pact_account(quartet.with_(pacts=(later,)), later.id)
    for bad in ({"draws": 1}, {"wars": -1}):
        with pytest.raises(ParameterError, match="draws, wars"):
            pact_account(quartet, "pact-first", **bad)


def test_outsiders_whom_the_pact_does_not_touch_are_not_listed(quartet, monkeypatch):
    monkeypatch.setattr("foedus.security.account.TOUCHED", 1.0)
    got = pact_account(quartet, "pact-first", draws=10, wars=0)
    assert {e.actor for e in got.effects} == {"AA", "BB"}
    assert got.alarmed == ()
