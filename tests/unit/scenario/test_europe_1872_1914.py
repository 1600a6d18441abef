"""The bundled years 1872 to 1914: who is there, which clauses bind on which day, and what a reader of the period expects of the blocs."""

import datetime as dt
import re

import numpy as np
import pytest

import foedus as fd
from foedus.blocs.moment import moment
from foedus.scenario.read import bundled_text, load_scenario
from foedus.scenario.timeline import timeline
from foedus.studies.sequence_states import densities

SCENARIO = load_scenario("europe-1872-1914")
POWERS = ("GMY", "AUH", "ITA", "FRN", "RUS", "UKG")


def at(day):
    return SCENARIO.at(dt.date.fromisoformat(day))


def verdicts(day, attacker, target):
    return {(r.actor, r.pledge, r.verdict) for r in fd.bound(at(day), attacker, target).rows}


def sides(day):
    found = moment(at(day))
    assert found.proved
    first = found.label[found.ids.index("GMY")]
    return {a: bool(found.label[k] == first) for k, a in enumerate(found.ids) if found.label[k] >= 0}


def test_who_is_there():
    assert len(at("1878-07-13").actors) == 12
    assert set(at("1878-07-14").ids) - set(at("1878-07-13").ids) == {"SER", "ROM", "MNG", "BUL"}
    assert {a.id for a in at("1894-01-05").actors if a.major} == set(POWERS)
    assert {a.id for a in at("1914-07-28").actors if a.major} == {*POWERS, "JPN", "USA"}


def test_every_fact_has_a_source_and_no_strength_is_a_point():
    whole = SCENARIO.whole
    known = {s.id for s in whole.sources}
    for fact in (*whole.actors, *whole.ties, *whole.pacts):
        assert fact.sources
        assert set(fact.sources) <= known
    assert all(t.strength.low < t.strength.high for t in whole.ties)
    assert all(t.note for t in whole.ties)
    assert all(q.low < q.high for a in whole.actors for _, q in a.capability)
    assert all(p.strength.low < p.strength.high for p in whole.pacts if p.kind == "alignment")
    used = {
        s for f in (*whole.actors, *whole.ties, *whole.pacts, *whole.flashpoints, *SCENARIO.events) for s in f.sources
    }
    used |= {s for a in whole.actors for s in a.capability_sources}
    assert known == used
    assert not re.search(r"^cinc\b", bundled_text("europe-1872-1914"), re.MULTILINE)


@pytest.mark.parametrize(
    ("day", "attacker", "target", "owed"),
    [
        ("1894-01-04", "GMY", "FRN", set()),
        ("1894-01-05", "GMY", "FRN", {("RUS", "defense")}),
        ("1881-01-01", "RUS", "AUH", {("GMY", "defense")}),
        ("1888-06-01", "RUS", "AUH", {("GMY", "defense"), ("ROM", "defense")}),
        ("1883-01-01", "FRN", "ITA", {("GMY", "defense"), ("AUH", "defense")}),
        ("1883-01-01", "FRN", "GMY", {("ITA", "defense")}),
        ("1879-10-07", "RUS", "AUH", set()),
        ("1907-09-01", "GMY", "FRN", {("RUS", "defense")}),
        ("1874-01-01", "FRN", "GMY", {("RUS", "defense")}),
        ("1912-10-01", "TUR", "BUL", {("SER", "defense"), ("GRC", "defense")}),
    ],
)
def test_clauses_bind_on_their_days(day, attacker, target, owed):
    assert {(by, kind) for by, kind, v in verdicts(day, attacker, target) if v == "bound"} == owed


def test_the_reinsurance_treaty_excepts_two_attacks():
    assert ("RUS", "neutral", "not triggered") in verdicts("1888-01-01", "GMY", "FRN")
    assert ("RUS", "neutral", "stay out") in verdicts("1888-01-01", "UKG", "GMY")
    assert not [v for v in verdicts("1890-06-19", "UKG", "GMY") if v[0] == "RUS"]


def test_an_alignment_binds_nobody_and_each_layer_can_be_switched_off():
    july = at("1914-07-28")
    entente = next(p for p in july.active_pacts() if p.id == "entente-cordiale")
    assert (entente.kind, entente.pledges) == ("alignment", ())
    assert not [v for v in verdicts("1907-09-01", "GMY", "FRN") if v[0] == "UKG" and v[2] == "bound"]
    for name, kind in (("no-alignments", "alignment"), ("no-guarantees", "guarantee")):
        base, other, _ = SCENARIO.what_if(name)
        assert {p.kind for p in base.pacts} - {p.kind for p in other.pacts} == {kind}
        assert densities(base)["rival"] == densities(other)["rival"]


@pytest.mark.parametrize("name", [w.name for w in SCENARIO.what_ifs])
def test_every_what_if_changes_what_is_in_force(name):
    base, other, about = SCENARIO.what_if(name)
    before, after = ({p.id for p in s.active_pacts()} for s in (base, other))
    assert before != after, about.title


def test_the_agreement_of_1905_was_never_in_force():
    pact = next(p for p in SCENARIO.whole.pacts if p.id == "bjorko")
    assert (pact.kind, pact.pledges) == ("alignment", ())
    assert {v for v in verdicts("1905-08-01", "UKG", "GMY") if v[0] == "RUS"} == {("RUS", "none", "not triggered")}


# ------------------------------------------------------------------ what a reader expects (compare decision 1)


@pytest.mark.parametrize(
    ("day", "with_germany", "against"),
    [
        ("1873-10-23", "AUH RUS", "FRN"),
        ("1882-05-21", "AUH ITA", "FRN"),
        ("1894-01-05", "AUH ITA", "FRN RUS"),
        ("1907-09-01", "AUH", "FRN RUS UKG"),
        ("1912-10-18", "AUH TUR", "FRN RUS UKG SER BUL GRC MNG"),
        ("1914-07-28", "AUH TUR BUL", "FRN RUS UKG SER"),
    ],
)
def test_blocs_read_true(day, with_germany, against):
    found = sides(day)
    assert [found[a] for a in with_germany.split()] == [True] * len(with_germany.split())
    assert [found[a] for a in against.split()] == [False] * len(against.split())


def test_july_1914_agrees_with_the_file_of_that_day():
    """Same powers, same sides; Romania and Italy are doubtful in both."""
    here, there = at("1914-07-28"), fd.load("europe-1914")
    first, second = moment(here), moment(there)
    same = [(a, bool(first.label[k] == first.label[first.ids.index("GMY")]), bool(second.label[second.ids.index(a)] == second.label[second.ids.index("GMY")]))
            for k, a in enumerate(first.ids)]  # fmt: skip
    assert {a for a, x, y in same if x != y} <= {"ROM", "ITA"}
    assert {p.id for p in here.active_pacts() if p.kind != "alignment"} >= {
        p.id for p in there.active_pacts() if p.kind != "alignment"
    }
    for a in ("GMY", "FRN", "RUS", "SER", "UKG"):
        assert here.actor(a).capability == there.actor(a).capability


def test_doubt_is_kept_where_the_period_was_doubtful():
    """Russia between its treaties with Germany and its quarrels with Austria-Hungary and Britain, until the lapse of 1890."""
    doubtful = moment(at("1882-05-21"), draws=40)
    settled = moment(at("1890-06-19"), draws=40)
    assert doubtful.membership[doubtful.ids.index("RUS")] < 0.8
    assert settled.membership[settled.ids.index("RUS")] > 0.85


def test_row_16_pledges_grew_and_rivalries_did_not():
    """Results table 16 (Vasquez and others 2011), from the scenario only: the density of pledges and alignments rose, that of rivalries stayed."""
    first, last = densities(at("1900-01-01")), densities(at("1913-01-01"))
    assert last["pledged"] > first["pledged"]
    assert last["aligned"] > first["aligned"]
    assert abs(last["rival"] - first["rival"]) < 0.02


def test_the_dates_that_the_period_is_told_by_are_in_the_timeline():
    named = {c.id: c.date.isoformat() for c in timeline(SCENARIO, kinds=["signed"]).changes}
    assert named["dual-alliance"] == "1879-10-07"
    assert named["triple-alliance"] == "1882-05-20"
    assert named["entente-cordiale"] == "1904-04-08"
    assert named["anglo-russian-convention"] == "1907-08-31"
    ended = {c.id: c.date.isoformat() for c in timeline(SCENARIO, kinds=["ended"]).changes}
    assert ended["reinsurance"] == "1890-06-18"


def test_shares_of_power_move_as_told():
    """Germany overtakes France and, without the empires, the United Kingdom; Russia loses weight after 1905."""

    def power(day, a):
        m = moment(at(day))
        return m.power[m.ids.index(a)]

    assert power("1873-01-01", "FRN") / power("1873-01-01", "GMY") > power("1913-01-01", "FRN") / power(
        "1913-01-01", "GMY"
    )
    assert power("1905-09-06", "RUS") < power("1905-09-05", "RUS")
    assert np.isclose(moment(at("1880-06-01")).power.sum(), 1.0)
