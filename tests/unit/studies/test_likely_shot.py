"""The first shot of a brief: the first flashpoint of two without a treaty with each other."""

from __future__ import annotations

import datetime as dt

import pytest

import foedus as fd
from foedus.studies.first_shot import likely_shot


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
