"""Keys of a sweep: each is understood, does what the edit of that name does, and what is none is told with those that there are."""

from __future__ import annotations

import pytest

import foedus as fd
from foedus import params
from foedus.errors import ParameterError
from foedus.scenario.read import load_scenario
from foedus.studies import sweep_keys
from foedus.studies.sweep_keys import Vary, edited, handles, keys_of, tables_with
from foedus.system import edits

READ = {("joining", "contest.decisiveness"): (0.7, 1.6), ("joining", "debt"): (-2.0, -1.0), ("joining", "bias"): (-1.0, 1.0),
        ("joining", "level"): (0.0, 1.0), ("joining", "drop"): (-1.0, 0.0)}  # fmt: skip


@pytest.fixture(scope="module")
def europe():
    return load_scenario("europe-1914")


@pytest.fixture(scope="module")
def east():
    return load_scenario("middle-east-2019")


def one(key, scenario, low=0.0, high=1.0):
    """Return what a key means."""
    return handles([Vary(key, low, high)], scenario.system, scenario, READ)[0]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("a=0:1", Vary("a", 0, 1)), ("tie[A-B:war].strength=-1:-0.5:3", Vary("tie[A-B:war].strength", -1, -0.5, 3)),
        ("x.y:z = 1e-3:2:2", Vary("x.y:z", 0.001, 2, 2)),
    ],
)  # fmt: skip
def test_what_is_varied_is_read(text, meant):
    assert Vary.of(text) == meant
    assert Vary.of(meant) is meant
    assert Vary.of(str(meant)) == meant


@pytest.mark.parametrize(
    "text", ["", "a", "a=1", "=0:1", "a=1:0", "a=0:0:3", "a=0:nan", "a=0:inf:2", "a=0:1:1", "a=0:1:2:3", "a=0:1:x"]
)
def test_what_is_not_of_the_form_is_refused(text):
    with pytest.raises(ParameterError, match="vary"):
        Vary.of(text)


@pytest.mark.parametrize(
    ("key", "name", "value", "edit"),
    [
        ("strengthen:Russia", "strengthen:RUS", 2.0, edits.Strengthen("RUS", 2.0)), ("weaken:RUS", "weaken:RUS", 0.5, edits.Weaken("RUS", 0.5)),
        ("actor[Germany].regime", "actor[GMY].regime", 0.9, edits.AmendActor("GMY", regime=0.9)),
        ("actor[TUR].control", "actor[TUR].control", 0.9, edits.AmendActor("TUR", control=0.9)),
        ("actor[RUS].capability.gdp", "actor[RUS].capability.gdp", 0.9, edits.AmendActor("RUS", (("gdp", 0.9),))),
        ("pact[entente-cordiale].strength", "pact[entente-cordiale].strength", 0.9, edits.AmendPact("entente-cordiale", strength=0.9)),
        ("void:Dual Alliance", "void:dual-alliance", 1.0, edits.VoidPact("dual-alliance")), ("remove:ITA", "remove:ITA", 1.0, edits.RemoveActor("ITA")),
        ("drop:alignment", "drop:alignment", 1.0, edits.DropLayer("alignment")),
    ],
)  # fmt: skip
def test_a_key_does_what_its_edit_does(europe, key, name, value, edit):
    handle = one(key, europe, 0.5 if name.startswith("strengthen") else 0.0)
    assert handle.name == name
    assert edited(europe.system, [handle], [value]).hash == edit.apply(europe.system).hash
    if handle.switch:
        assert edited(europe.system, [handle], [0.0]) is europe.system


def test_a_tie_is_found_in_either_order(europe):
    tie = next(t for t in europe.system.active_ties() if t.reason == "rivalry")
    handle = one(f"tie[{tie.b}-{tie.a}:rivalry].strength", europe, -1.0, -0.1)
    assert handle.name == f"tie[{tie.a}-{tie.b}:rivalry].strength"
    changed = edited(europe.system, [handle], [-0.3])
    assert changed.hash == edits.ChangeTie(tie.a, tie.b, "rivalry", -0.3).apply(europe.system).hash
    with pytest.raises(ParameterError, match=r"within \[-1, 0\]"):
        one(handle.name, europe, -0.5, 0.5)


def test_a_faction_weighs_what_it_is_set_to_and_is_marked_as_assumed(europe):
    changed = edited(europe.system, [one("actor[ITA].faction[ita-neutralists].weight", europe)], [0.125])
    faction = next(f for f in changed.actor("ITA").factions if f.id == "ita-neutralists")
    assert (faction.weight.low, faction.weight.high) == (0.125, 0.125)
    assert edits.ASSUMPTION.id in faction.sources
    assert edits.ASSUMPTION in changed.sources


def test_what_ifs_and_withdrawals_are_switches(europe, east):
    plain = next(w for w in europe.what_ifs if not w.skip_events and w.date is None)
    handle = one(f"what-if:{plain.name}", europe)
    assert edited(europe.system, [handle], [1.0]).hash == europe.what_if(plain.name)[1].hash
    pact = next(p for p in east.system.active_pacts() if p.kind == "intervention")
    who = pact.pledges[0].by
    assert edited(east.system, [one(f"withdraw:{who}", east)], [1]).hash == edits.Withdraw(who).apply(east.system).hash


def test_facts_come_before_switches_whatever_the_order(europe):
    pair = handles([Vary("remove:ITA", 0, 1), Vary("strengthen:ITA", 1, 2)], europe.system, europe, READ)
    assert (
        edited(europe.system, pair, [1.0, 2.0]).hash
        == edits.RemoveActor("ITA").apply(edits.Strengthen("ITA", 2.0).apply(europe.system)).hash
    )


def test_parameters_are_set_at_a_point_and_stay_on_their_side_of_zero(europe):
    handle = one("joining.contest.decisiveness", europe, 0.5, 3)
    tables = tables_with([handle, one("remove:ITA", europe)], [2.5, 1.0], {})
    assert tables["joining"]["contest.decisiveness"].low == tables["joining"]["contest.decisiveness"].high == 2.5
    own = params.load("joining").having({"contest.steepness": 9.0})
    assert tables_with([handle], [2.5], {"joining": own})["joining"]["contest.steepness"].centre == 9.0
    for key, low, high in (("contest.decisiveness", 0, 1), ("debt", -1, 0), ("level", -0.1, 1), ("drop", -1, 0.1)):
        with pytest.raises(ParameterError, match="a range within"):
            one(f"joining.{key}", europe, low, high)
    assert one("joining.bias", europe, -5, 5).kind == "param"


@pytest.mark.parametrize(
    "key",
    ["", "strengthen:Narnia", "actor[ITA].ideology", "actor[ITA].control", "actor[ITA].capability.cinc", "actor[ITA].faction[nobody].weight",
     "actor[ITA].faction[ita-neutralists].salience", "tie[ITA-FRN:war].strength", "tie[ITA:rivalry].strength", "tie[ITA-FRN:rivalry].openness",
     "pact[dual-alliance].strength", "void:nothing", "drop:guarantees", "withdraw:POR", "joining.contest.nothing", "what-if:nothing",
     "what-if:no-entente-alignments:x", "flashpoint[0].note"],
)  # fmt: skip
def test_what_is_no_key_is_told_with_those_that_there_are(europe, key):
    with pytest.raises(ParameterError, match="Unknown key") as found:
        one(key, europe)
    text = str(found.value)
    assert "strengthen:GMY" in text
    assert "joining.contest.decisiveness" in text
    assert "--keys lists them all" in text


def test_an_actor_without_capability_cannot_be_scaled(europe):
    nothing = europe.system.with_(
        actors=tuple(fd.Actor(a.id, a.name) if a.id == "ITA" else a for a in europe.system.actors)
    )
    with pytest.raises(ParameterError, match="no known capability"):
        handles([Vary("strengthen:ITA", 1, 2)], nothing, None, {})
    assert "strengthen:ITA" not in keys_of(nothing)


def test_a_key_is_named_once_and_a_switch_is_off_or_on(europe):
    with pytest.raises(ParameterError, match="named twice"):
        handles([Vary("strengthen:RUS", 1, 2), Vary("strengthen:Russia", 1, 3)], europe.system, europe, READ)
    for wrong in (Vary("remove:ITA", 0, 1, 3), Vary("remove:ITA", 0, 0.5)):
        with pytest.raises(ParameterError, match="off \\(0\\) or on \\(1\\)"):
            handles([wrong], europe.system, europe, READ)
    with pytest.raises(ParameterError, match="at least one KEY"):
        handles([], europe.system, europe, READ)


def test_a_what_if_that_leaves_out_events_is_no_switch():
    scenario = load_scenario("middle-east-2015")
    skipping = next(w for w in scenario.what_ifs if w.skip_events)
    with pytest.raises(ParameterError, match="foedus compare"):
        handles([Vary(f"what-if:{skipping.name}", 0, 1)], scenario.system, scenario, {})


@pytest.mark.parametrize("name", ["europe-1914", "middle-east-2019", "middle-east-2015"])
def test_every_key_that_is_listed_is_one(name):
    scenario = load_scenario(name)
    for key in keys_of(scenario.system, scenario, READ):
        assert sweep_keys._handle(key, scenario.system, scenario, READ).name == key
