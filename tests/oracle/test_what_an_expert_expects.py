"""The list of docs/decisions/0001: written before the weights, held for the bundled systems and for real years."""

import datetime as dt

import pytest

import foedus as fd


def together(b, x, y):
    return b.together[b.system.index[b.system.actor(x).id], b.system.index[b.system.actor(y).id]]


@pytest.fixture(scope="module")
def middle_east():
    return fd.load("middle-east-2019").blocs(draws=1000)


def test_every_actor_of_the_essay_is_there(middle_east):
    names = [
        "SYR",
        "IRQ",
        "IRN",
        "LEB",
        "HEZB",
        "PMF",
        "ISIS",
        "HTS",
        "SNA",
        "ISR",
        "USA",
        "SAU",
        "KUW",
        "UAE",
        "OMA",
        "QAT",
        "BAH",
        "RUS",
        "TUR",
        "SDF",
        "YEM",
        "HOUTHI",
        "STC",
        "HAMAS",
        "PIJ",
        "PA",
        "EGY",
        "JOR",
    ]
    assert set(names) == set(middle_east.system.ids)


def test_the_core_around_iran(middle_east):
    assert middle_east.two.proved
    for member in ("SYR", "HEZB"):
        assert together(middle_east, "IRN", member) > 0.9
    for other in ("ISR", "USA", "SAU", "UAE", "BAH"):
        assert together(middle_east, "IRN", other) < 0.3
        label = middle_east.two.label
        assert label[middle_east.system.index["IRN"]] != label[middle_east.system.index[other]]


@pytest.mark.parametrize("actor", ["IRQ", "TUR", "QAT", "OMA", "LEB"])
def test_those_between_are_doubtful(middle_east, actor):
    assert middle_east.membership[middle_east.system.index[actor]] < 0.9


@pytest.mark.parametrize(
    ("actor", "reasons"),
    [
        ("SYR", {"pact", "interest"}),
        ("HEZB", {"sponsorship"}),
        ("ISR", {"rivalry"}),
        ("SAU", {"rivalry"}),
        ("TUR", {"rivalry"}),
        ("QAT", {"rivalry"}),
    ],
)
def test_reasons_read_true(middle_east, actor, reasons):
    assert reasons <= {row[0] for row in middle_east.why(actor).by_reason}


@pytest.fixture(
    params=["europe-1914", pytest.param("1914-07-28", marks=pytest.mark.realdata)],
    ids=["bundled", "data sets"],
    scope="module",
)
def july(request):
    if request.param == "europe-1914":
        return fd.load("europe-1914").blocs(draws=600)
    folder = request.getfixturevalue("realdata_dir")
    return fd.system("1914-07-28", data_dir=folder).blocs(draws=400)


def test_central_powers_and_entente(july):
    assert july.two.proved
    assert together(july, "GMY", "AUH") > 0.9
    for x, y in (("FRN", "RUS"), ("FRN", "UKG")):
        assert together(july, x, y) > 0.8
    assert together(july, "GMY", "FRN") < 0.1


@pytest.mark.parametrize("actor", ["ITA", "ROM"])
def test_italy_and_romania_are_doubtful(july, actor):
    assert july.membership[july.system.index[actor]] < 0.9


@pytest.mark.realdata
def test_the_cold_war_of_1962(realdata_dir):
    b = fd.system("1962", data_dir=realdata_dir).blocs(draws=150)
    assert b.two.proved
    assert together(b, "USA", "UKG") > 0.9
    assert together(b, "RUS", "POL") > 0.9
    assert together(b, "USA", "RUS") < 0.1


@pytest.mark.realdata
def test_no_cinc_value_is_bundled(realdata_dir):
    """Capability in bundled scenarios comes from open sources; none equals a published CINC value."""
    for name in ("europe-1914", "middle-east-2019", "middle-east-2015"):
        system = fd.load(name)
        cinc = {
            a.cow: dict(a.capability)["cinc"].centre
            for a in fd.system(min(system.date, dt.date(2019, 1, 1)), data_dir=realdata_dir).actors
            if dict(a.capability)
        }
        for actor in system.actors:
            parts = dict(actor.capability)
            assert "cinc" not in parts
            for q in parts.values():
                assert actor.cow not in cinc or abs(q.centre - cinc[actor.cow]) > 1e-6


def test_convention_13_a_later_date_applies_events_and_an_earlier_one_is_refused():
    before, after = fd.load("europe-1914"), fd.load("europe-1914", date=dt.date(1914, 8, 3))
    assert len(after.pacts) > len(before.pacts)
    with pytest.raises(fd.FoedusError, match="1914"):
        fd.load("europe-1914", date=dt.date(1913, 1, 1))
