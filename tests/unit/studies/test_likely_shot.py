"""The first shot of a brief: the first flashpoint of two without a treaty with each other."""

from __future__ import annotations

import datetime as dt

import pytest

import foedus as fd
from foedus.errors import ParameterError, UnknownStateError
from foedus.security.hazard import threats
from foedus.studies.first_shot import QUARRELS, first_shot, likely_shot, shot_of_both


@pytest.mark.parametrize("name", ["europe-1914", "middle-east-2015", "middle-east-2019"])
def test_the_first_flashpoint_where_no_treaty_stands_in_the_way(name):
    first = fd.load(name).flashpoints[0]
    assert likely_shot(fd.load(name)) == (first.attacker, first.target, first.note)


def test_allies_of_the_day_do_not_open_the_brief():
    """The Austro-Serbian alliance is in force in 1894 and lapsed by 1896."""
    shot = likely_shot(fd.load("europe-1872-1914", date=dt.date(1894, 1, 5)))
    assert shot[:2] == ("GMY", "FRN")
    assert "; passed over: AUH on SER, tied by " in shot[2]
    assert "alliance" in shot[2].lower()
    assert likely_shot(fd.load("europe-1872-1914", date=dt.date(1896, 1, 1)))[:2] == ("AUH", "SER")


def test_a_guarantee_and_an_alignment_do_not_count():
    """Germany on Belgium: guaranteed in 1839; the United Kingdom on France: aligned in 1904."""
    system = fd.load("europe-1872-1914", date=dt.date(1914, 7, 28))
    for pair in (("GMY", "BEL"), ("UKG", "FRN")):
        some = tuple(f for f in system.flashpoints if (f.attacker, f.target) == pair)
        assert likely_shot(system.with_(flashpoints=some))[:2] == pair


def test_where_all_are_tied_the_first_stands_and_it_is_said():
    system = fd.load("europe-1872-1914", date=dt.date(1894, 1, 5))
    shot = likely_shot(system.with_(flashpoints=system.flashpoints[:1]))
    assert shot[:2] == ("AUH", "SER")
    assert "; although tied by " in shot[2]


def test_without_a_flashpoint_the_likeliest_of_those_with_a_quarrel():
    """The chance a year is that of the threats; only pairs that a quarrel stands between count, where there are any."""
    system = fd.load("europe-1914").with_(flashpoints=())
    world = threats(system, draws=2)
    a, b, why = first_shot(system, world=world)
    chance = world.matrix
    quarrels = {(t.a, t.b) for t in system.active_ties() if t.reason in QUARRELS}
    pairs = [(system.index[x], system.index[y]) for p in quarrels for x, y in (p, p[::-1])]
    assert chance[system.index[a], system.index[b]] == max(chance[i, j] for i, j in pairs)
    assert "quarrel on record" in why
    a, b, why = first_shot(system.with_(ties=()), world=world)
    assert chance[system.index[a], system.index[b]] == chance.max()
    assert why.startswith("no quarrel is on record")


def test_a_first_shot_that_only_one_system_could_have_is_passed_over():
    system = fd.load("europe-1914")
    assert shot_of_both(system, system)[:2] == ("AUH", "SER")
    assert shot_of_both(system, system.edit().remove_actor("AUH").system)[:2] == ("GMY", "BEL")
    with pytest.raises(UnknownStateError, match="AUH"):
        shot_of_both(system, system.edit().remove_actor("AUH").system, ("AUH", "SER"))
    with pytest.raises(ParameterError, match="no flashpoint of europe-1914 is between actors of middle-east-2019 too"):
        shot_of_both(system, fd.load("middle-east-2019"))
