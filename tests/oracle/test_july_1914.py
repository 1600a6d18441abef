"""July and August 1914, pledge by pledge, from the bundled scenario and from the data sets."""

import datetime as dt

import pytest

import foedus as fd


def bundled(_):
    return lambda date: fd.load("europe-1914", date=date)


def real(folder):
    return lambda date: fd.system(date, data_dir=folder)


@pytest.fixture(params=[bundled, pytest.param(real, marks=pytest.mark.realdata)], ids=["bundled", "data sets"])
def at(request):
    folder = request.getfixturevalue("realdata_dir") if request.param is real else None
    return request.param(folder)


def test_austria_attacks_serbia(at):
    s = at(dt.date(1914, 7, 28))
    b = s.bound("AUH", "Serbia")
    assert b.verdict("MNG", "Serbia") == "bound"
    for ally in ("ITA", "ROM"):
        assert b.verdict(ally, "AUH", pledge="defense") == "released"
    assert b.verdict("GMY", "AUH", pledge="defense") in {"released", "not triggered"}
    assert b.verdict("GRC", "Serbia", pledge="defense") == "not triggered"
    assert b.verdict("RUS", "Serbia") is None
    assert not any(r.actor == "TUR" for r in b.rows)


def test_russia_comes_in(at):
    b = at(dt.date(1914, 7, 30)).bound("RUS", "AUH", prior=[("AUH", "Serbia")])
    assert b.verdict("GMY", "AUH", pledge="defense") == "bound"
    assert next(r for r in b.rows if r.verdict == "bound" and r.actor == "GMY").pact.startswith("Dual Alliance")
    for ally in ("ITA", "ROM"):
        assert b.verdict(ally, "AUH", pledge="defense") == "released"
    assert b.verdict("FRN", "RUS", pledge="defense") in {"not triggered", "released"}


def test_germany_attacks_russia_and_france(at):
    s = at(dt.date(1914, 8, 1))
    assert s.bound("GMY", "RUS").verdict("FRN", "RUS", pledge="defense") == "bound"
    assert s.bound("GMY", "FRN").verdict("RUS", "FRN", pledge="defense") == "bound"
    assert s.bound("GMY", "FRN").verdict("UKG", "FRN") == "not triggered"


def test_belgium_is_guaranteed_by_1839_and_by_nobody_else(at):
    b = at(dt.date(1914, 8, 3)).bound("GMY", "BEL")
    for guarantor in ("UKG", "FRN", "RUS", "AUH", "GMY"):
        assert b.verdict(guarantor, "BEL") == "bound"
    assert {r.kind for r in b.rows if r.ally == "BEL" and r.verdict == "bound"} == {"guarantee"}
    assert "breach" in next(r for r in b.rows if r.actor == "GMY" and r.ally == "BEL").reason


def test_the_guarantee_is_a_layer_that_switches_off(at):
    s = at(dt.date(1914, 8, 3)).edit().drop_layer("guarantee").system
    assert s.bound("GMY", "BEL").verdict("UKG", "BEL") is None


def test_japan_is_not_bound_in_europe(at):
    assert at(dt.date(1914, 8, 4)).bound("GMY", "UKG").verdict("JPN", "UKG", pledge="defense") == "not triggered"


@pytest.mark.parametrize(("day", "there"), [(2, False), (3, True)])
def test_the_ottoman_treaty_holds_only_after_its_day(at, day, there):
    b = at(dt.date(1914, 8, day)).bound("RUS", "GMY")
    assert any(r.actor in {"TUR", "OTM"} for r in b.rows) is there
