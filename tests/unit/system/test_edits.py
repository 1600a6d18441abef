"""Edits: what each changes, what it leaves alone, and what it refuses."""

import dataclasses
import datetime as dt
import pickle

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foedus.errors import InvalidSystemError, ParameterError, UnknownStateError
from foedus.scenario.read import load
from foedus.system import edits
from foedus.system.intervention_edits import INTEREST_STRENGTH, WAR_STRENGTH
from foedus.system.nouns import Actor, Border, Faction, Flashpoint, Member, Pact, Pledge, Preference, Tie
from foedus.system.system import System
from foedus.system.values import Quantity
from foedus.testing.strategies import systems

DATE = dt.date(1914, 7, 28)


@pytest.fixture
def system():
    """Four actors, a treaty of three, a guarantee of an outsider, an alignment."""
    actors = (
        Actor(
            "GMY",
            "Germany",
            cow=255,
            aliases=("German Empire",),
            capability=(
                ("gdp", Quantity(200, 300)),
                ("personnel", Quantity.of({"mean": 8.0, "sd": 2.0}, bounds=(0, 1e6))),
            ),
        ),
        Actor("AUH", "Austria-Hungary", cow=300, capability=(("gdp", Quantity(100, 100)),), sources=("s",)),
        Actor("ITA", "Italy", cow=325, parent="GMY", factions=(Faction("f", "F", Quantity(0.5, 0.5), "AUH"),)),
        Actor("BEL", "Belgium", cow=211),
    )
    triple = Pact(
        "triple", "Triple Alliance", "treaty", (Member("GMY"), Member("AUH"), Member("ITA")),
        (Pledge("GMY", "defense"), Pledge("AUH", "defense", ("GMY", "ITA")), Pledge("ITA", "neutral", ("AUH",), targets=("BEL",))),
        start=dt.date(1882, 5, 20), atop=1350,
    )  # fmt: skip
    guarantee = Pact(
        "bel-1839", "Guarantee of Belgium", "guarantee", (Member("GMY"),), (Pledge("GMY", "defense", ("BEL",)),)
    )
    entente = Pact(
        "entente", "Entente Cordiale", "alignment", (Member("ITA"), Member("BEL")), strength=Quantity(0.4, 0.6)
    )
    ties = (
        Tie("GMY", "AUH", "interest", Quantity(0.5, 0.5)),
        Tie("AUH", "ITA", "territory", Quantity(-0.6, -0.4), sources=("s",)),
        Tie("GMY", "BEL", "sponsorship", Quantity(0.2, 0.2)),
    )
    return System(
        "s", "S", DATE, actors, (triple, guarantee, entente), ties, (Border("GMY", "BEL", "land"), Border("AUH", "ITA", "land")),
        flashpoints=(Flashpoint("GMY", "BEL"), Flashpoint("AUH", "ITA")),
    )  # fmt: skip


def test_every_edit_is_frozen_hashable_and_describes_itself(system):
    """Edits travel to worker processes and stand in reports."""
    all_edits = [
        edits.VoidPact("triple"), edits.AddPact(Pact("x", "X", "treaty", (Member("GMY"), Member("BEL")))), edits.AmendPact("triple", name="T"),
        edits.AddActor(Actor("SER", "Serbia")), edits.RemoveActor("ITA"), edits.Strengthen("GMY", 2), edits.Weaken("GMY", [0.1, 0.2]),
        edits.ChangeTie("GMY", "AUH", "interest", 0.1), edits.RemoveTie("GMY", "AUH", "interest"),
        edits.Intervene("GMY", "AUH", ["ITA"], 0.5), edits.Withdraw("GMY", "BEL"), edits.DropLayer("alignment"),
        edits.TakeStance("ITA", (Preference("AUH", Quantity(0.1, 0.2)),)),
    ]  # fmt: skip
    before = system.hash
    for edit in all_edits:
        assert isinstance(hash(edit), int)
        assert pickle.loads(pickle.dumps(edit)) == edit
        assert edit.describe()
        assert "\n" not in edit.describe()
        assert edit.apply(system).hash != before
        with pytest.raises((dataclasses.FrozenInstanceError, TypeError)):
            edit.pact = "other"
    assert system.hash == before


@pytest.mark.parametrize("name", ["triple", "Triple Alliance", "triple  ALLIANCE", 1350, "1350", "atop:1350"])
def test_a_pact_is_named_by_id_name_or_number(system, name):
    assert [p.id for p in system.edit().void(name).system.pacts] == ["bel-1839", "entente"]


def test_a_name_is_understood_whatever_its_dashes_and_accents(system):
    pact = Pact("x", "Austro–Sérbian Pact", "treaty", (Member("GMY"), Member("BEL")))
    assert len(system.edit().add_pact(pact).void("austro-serbian pact").system.pacts) == 3


def test_a_title_is_understood_without_its_bracket(system):
    long = Pact("fifth", "Rhine Alliance (fifth treaty, 5 December 1912)", "treaty", (Member("GMY"), Member("BEL")))
    held = system.edit().add_pact(long).system
    for name in ("Rhine Alliance", "rhine alliance (fifth treaty, 5 December 1912)", "FIFTH"):
        assert len(held.edit().void(name).system.pacts) == 3
    with pytest.raises(InvalidSystemError, match=r"Unknown pact: got 'Rhine'[\s\S]*in force in [a-z]+, by id: .*fifth"):
        held.edit().void("Rhine")


def test_an_unknown_pact_has_a_suggestion(system):
    with pytest.raises(InvalidSystemError, match=r"Unknown pact: got 'Tripel Aliance'[\s\S]*did you mean triple"):
        system.edit().void("Tripel Aliance")


def test_an_ambiguous_pact_lists_the_candidates(system):
    both = [Pact(f"x{i}", "Same", "treaty", (Member("GMY"), Member("BEL"))) for i in (1, 2)]
    two = system.edit().add_pact(both[0]).add_pact(both[1]).system
    with pytest.raises(InvalidSystemError, match="Ambiguous pact: got 'Same'; expected one of x1, x2"):
        two.edit().void("Same")


def test_of_two_pacts_of_one_name_the_one_in_force_is_meant(system):
    old = Pact("x1", "Same", "treaty", (Member("GMY"), Member("BEL")), end=dt.date(1900, 1, 1))
    new = Pact("x2", "Same", "treaty", (Member("GMY"), Member("BEL")))
    two = system.edit().add_pact(old).add_pact(new).void("Same").system
    assert [p.id for p in two.pacts][-1] == "x1"


def test_an_unknown_actor_has_a_suggestion(system):
    with pytest.raises(UnknownStateError, match=r"got 'Germny'[\s\S]*GMY"):
        system.edit().remove_actor("Germny")


def test_a_mutual_pact_by_name(system):
    """Every member pledges to every other; the source says that it is assumed."""
    edited = system.edit().add_pact("New Pact", ["Germany", "cow:211"], types=("defense", "consul")).system
    pact = edited.pacts[-1]
    assert (pact.id, pact.kind, [m.actor for m in pact.members]) == ("new-pact", "treaty", ["GMY", "BEL"])
    assert {(by.by, by.type, to) for p, by, to in edited.pledges() if p is pact} == {
        (a, t, b) for a, b in (("GMY", "BEL"), ("BEL", "GMY")) for t in ("defense", "consul")
    }
    assert pact.sources == ("assumption",)
    assert edited.sources[-1] is edits.ASSUMPTION


def test_a_pact_that_is_there_already_is_refused(system):
    with pytest.raises(InvalidSystemError, match="there already: got triple"):
        system.edit().add_pact(system.pacts[0])


def test_amendments(system):
    pledge = Pledge("Italy", "consul", ("Germany",), targets=("Belgium",))
    edited = system.edit().amend_pact("triple", name="Two", end=dt.date(1914, 1, 1), add_pledges=[pledge]).system
    pact = edited.pacts[0]
    assert (pact.name, pact.end, pact.pledges[-1]) == (
        "Two",
        dt.date(1914, 1, 1),
        Pledge("ITA", "consul", ("GMY",), targets=("BEL",)),
    )
    assert not pact.in_force(DATE)


def test_dropping_a_pledge_to_one_recipient_keeps_it_to_the_others(system):
    ref = edits.PledgeRef("GMY", "defense", ("ITA",))
    pledges = system.edit().amend_pact("triple", drop_pledges=[ref]).system.pacts[0].pledges
    assert pledges[0] == Pledge("GMY", "defense", ("AUH",))
    pledges = (
        system.edit().amend_pact("triple", drop_pledges=[edits.PledgeRef("AUH", "defense")]).system.pacts[0].pledges
    )
    assert [p.by for p in pledges] == ["GMY", "ITA"]


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({}, "changes nothing"),
        ({"drop_pledges": [edits.PledgeRef("GMY", "offense")]}, "No such pledge in triple: got offense by GMY"),
        ({"nmae": "x"}, "expected some of name, end"),
        ({"strength": 2}, "'strength' parameter"),
    ],
)
def test_amendments_that_are_refused(system, changes, text):
    with pytest.raises((InvalidSystemError, ParameterError), match=text):
        system.edit().amend_pact("triple", **changes)


def test_an_actor_and_its_borders_can_be_added(system):
    edited = system.edit().add_actor(Actor("SER", "Serbia", parent="AUH"), [Border("SER", "AUH", "land")]).system
    assert edited.ids[-1] == "SER"
    assert edited.borders[-1].a == "SER"
    with pytest.raises(InvalidSystemError, match="there already"):
        edited.edit().add_actor(Actor("SER", "Serbia"))
    with pytest.raises(UnknownStateError, match="NOBODY"):
        edited.edit().add_actor(Actor("MNG", "Montenegro", parent="NOBODY"))


def test_wishes_of_factions_name_actors_that_are_there(system):
    wish = Faction(
        "g",
        "G",
        Quantity(0.2, 0.2),
        None,
        stance=(Preference("BEL", Quantity(0.5, 0.5)), Preference("GMY", Quantity(0.1, 0.1))),
    )
    added = system.edit().add_actor(Actor("SER", "Serbia", factions=(wish,))).system
    left = added.edit().remove_actor("BEL").system.actor("SER").factions[0]
    assert [p.to for p in left.stance] == ["GMY"]
    with pytest.raises(UnknownStateError, match="Unknown actor"):
        system.edit().remove_actor("BEL").add_actor(Actor("SER", "Serbia", factions=(wish,)))


def test_a_stance_sets_ties_of_interest_and_quiets_the_factions(system):
    wish = (Preference("AUH", Quantity(0.2, 0.4)), Preference("BEL", Quantity(-0.3, -0.1)))
    edited = edits.TakeStance("Italy", wish).apply(system)
    ties = {(t.a, t.b): t for t in edited.ties if t.reason == "interest" and "ITA" in (t.a, t.b)}
    assert {k: t.strength for k, t in ties.items()} == {("ITA", "AUH"): wish[0].tie, ("ITA", "BEL"): wish[1].tie}
    assert all(t.sources == (edits.ASSUMPTION.id,) for t in ties.values())
    assert edited.actor("ITA").factions[0].leans is None
    assert edited.actor("ITA").factions[0].weight == system.actor("ITA").factions[0].weight
    assert [t for t in edited.ties if t.reason == "territory"] == [t for t in system.ties if t.reason == "territory"]


def test_removing_an_actor_removes_every_trace_but_conditions(system):
    edited = system.edit().remove_actor("Austria-Hungary").system
    assert edited.ids == ("GMY", "ITA", "BEL")
    triple = edited.pacts[0]
    assert [m.actor for m in triple.members] == ["GMY", "ITA"]
    assert [(p.by, p.to) for p in triple.pledges] == [("GMY", ())]  # owed to AUH alone: gone, not owed to all
    assert edited.actor("ITA").factions[0].leans is None
    assert [(t.a, t.b) for t in edited.ties] == [("GMY", "BEL")]
    assert len(edited.borders) == len(edited.flashpoints) == 1


def test_removing_the_object_of_a_guarantee_or_all_but_one_member_voids_the_pact(system):
    edited = system.edit().remove_actor("BEL").system
    assert [p.id for p in edited.pacts] == ["triple"]
    assert edited.pacts[0].pledges[2].targets == ("BEL",)  # the treaty's words stay; nobody meets them
    assert system.edit().remove_actor("GMY").system.actor("ITA").parent is None
    pair = system.edit().remove_actor("GMY").remove_actor("ITA").system
    assert pair.pacts == ()
    with pytest.raises(InvalidSystemError, match="two actors"):
        pair.edit().remove_actor("BEL")


def test_strength_is_multiplied_for_points_ranges_and_normals(system):
    stronger = dict(system.edit().strengthen("GMY", [2, 3]).system.actor("GMY").capability)
    assert (stronger["gdp"].low, stronger["gdp"].high) == (400, 900)
    assert stronger["personnel"].mean == 20.0
    assert stronger["personnel"].sd == pytest.approx(((2 * 2.5) ** 2 + (8**2 + 2**2) / 12) ** 0.5)
    half = dict(system.edit().weaken("GMY", 0.5).system.actor("GMY").capability)["personnel"]
    assert (half.mean, half.sd, half.low) == (4.0, 1.0, 0)
    assert system.edit().weaken("AUH", 0.5).system.actor("AUH").capability_sources == ("s", "assumption")


@pytest.mark.parametrize("factor", [0, -1, float("nan"), 1e9, "2", [2, 1], Quantity(-1, 1)])
def test_a_factor_out_of_range_is_refused(system, factor):
    with pytest.raises(ParameterError, match="factor"):
        system.edit().strengthen("GMY", factor)


def test_an_unknown_capability_cannot_be_multiplied(system):
    with pytest.raises(InvalidSystemError, match="no known capability"):
        system.edit().weaken("BEL", 0.5)


def test_a_tie_is_changed_or_added_and_symmetric_ties_have_no_direction(system):
    changed = system.edit().change_tie("ITA", "AUH", "territory", -0.1).system.ties
    assert changed[1] == dataclasses.replace(system.ties[1], strength=Quantity(-0.1, -0.1), sources=("s", "assumption"))
    added = system.edit().change_tie("ITA", "GMY", "rivalry", [-0.3, -0.2]).system.ties
    assert added[-1] == Tie("ITA", "GMY", "rivalry", Quantity(-0.3, -0.2), sources=("assumption",))


def test_several_ties_of_one_reason_become_one_and_an_ended_one_stays(system):
    ended = Tie("GMY", "AUH", "injury", Quantity(-1, -1), end=dt.date(1900, 1, 1))
    more = (
        Tie("GMY", "AUH", "injury", Quantity(-0.2, -0.2), note="1"),
        Tie("AUH", "GMY", "injury", Quantity(-0.3, -0.3), note="2"),
    )
    edited = system.with_(ties=(*system.ties, ended, *more)).edit().change_tie("GMY", "AUH", "injury", -0.9).system
    assert [(t.strength.low, t.note) for t in edited.ties if t.reason == "injury"] == [(-1, ""), (-0.9, "1")]


@pytest.mark.parametrize(
    ("reason", "strength"),
    [("war", 0.1), ("sponsorship", -0.1), ("interest", 1.1), ("common_enemy", 0.5), ("friendship", 0.5)],
)
def test_a_strength_against_its_reason_is_refused(system, reason, strength):
    with pytest.raises(ParameterError, match=r"strength|reason"):
        system.edit().change_tie("GMY", "AUH", reason, strength)


def test_a_tie_is_removed_in_its_direction(system):
    assert len(system.edit().remove_tie("GMY", "BEL", "sponsorship").system.ties) == 2
    assert len(system.edit().remove_tie("AUH", "GMY", "interest").system.ties) == 2
    with pytest.raises(InvalidSystemError, match=r"got BEL-GMY \(sponsorship\)[\s\S]*stand GMY-BEL \(sponsorship\)"):
        system.edit().remove_tie("BEL", "GMY", "sponsorship")


def test_an_intervention_is_a_pact_in_force_with_ties_where_none_are_coded(system):
    edited = system.edit().intervene("BEL", "AUH", ["Italy", "GMY"], [0.1, 0.2]).system
    pact = edited.active_pacts()[-1]
    assert (pact.id, pact.kind, pact.strength, pact.start) == (
        "intervention-bel-auh",
        "intervention",
        Quantity(0.1, 0.2),
        dt.date(1914, 7, 27),
    )
    assert pact.pledges == (Pledge("BEL", "defense", ("AUH",), targets=("ITA", "GMY")),)
    new = [(t.a, t.b, t.reason, t.strength) for t in edited.active_ties() if t not in system.ties]
    assert new == [
        ("BEL", "ITA", "war", WAR_STRENGTH),
        ("BEL", "GMY", "war", WAR_STRENGTH),
        ("BEL", "AUH", "interest", INTEREST_STRENGTH),
    ]
    again = system.edit().change_tie("GMY", "ITA", "war", -0.5).intervene("GMY", "AUH", "ITA", 0.3).system
    assert len(again.ties) == len(system.ties) + 1


@pytest.mark.parametrize(("behalf", "against"), [("BEL", ["BEL"]), ("GMY", ["ITA"]), ("AUH", ["GMY"]), ("AUH", [])])
def test_an_intervention_needs_three_parties(system, behalf, against):
    with pytest.raises(InvalidSystemError, match="needs an actor"):
        system.edit().intervene("GMY", behalf, against, 0.5)


def test_withdrawal_undoes_an_intervention(system):
    """Pacts and ties are as before; only the mark of an assumption stays among the sources."""
    back = system.edit().intervene("BEL", "AUH", ["ITA"], 0.5).withdraw("BEL").system
    assert (back.pacts, back.ties, back.actors) == (system.pacts, system.ties, system.actors)
    with pytest.raises(InvalidSystemError, match="intervenes for AUH already"):
        system.edit().intervene("BEL", "AUH", ["ITA"], 0.5).intervene("BEL", "AUH", ["ITA"], 0.5)


def test_withdrawal_for_one_ends_pledges_to_it_in_every_pact(system):
    edited = system.edit().withdraw("AUH", "GMY").system
    assert edited.pacts[0].pledges[1].to == ("ITA",)
    assert [p.id for p in system.edit().withdraw("GMY", "BEL").system.pacts] == ["triple", "entente"]
    with pytest.raises(InvalidSystemError, match="Nothing to withdraw from: got GMY"):
        system.edit().withdraw("GMY")


def test_a_layer_is_left_out_and_an_absent_one_is_an_error(system):
    edited = system.edit().drop_layer("guarantee").system
    assert [p.kind for p in edited.pacts] == ["treaty", "alignment"]
    with pytest.raises(InvalidSystemError, match="No pact of kind guarantee"):
        edited.edit().drop_layer("guarantee")
    with pytest.raises(ParameterError, match="one of alignment, guarantee, intervention"):
        system.edit().drop_layer("treaty")


def test_an_editor_is_a_chain(system):
    editor = system.edit()
    longer = editor.void("triple").remove_actor("BEL")
    assert editor.edits == ()
    assert editor.system is system
    assert longer.base is system
    assert longer.done() is longer.system
    assert longer.describe() == "void the pact triple; leave out BEL"
    assert edits.Editor(system, longer.edits).system.hash == longer.system.hash
    assert editor.describe() == "no edit"


def test_the_example_of_the_design_works():
    s = load("europe-1914")
    editor = s.edit().void("Franco-Russian Alliance")
    assert len(editor.system.pacts) == len(s.pacts) - 1
    assert len(editor.edits) == 1


SLOW = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@SLOW
@given(systems(), st.data())
def test_a_voided_pact_never_binds(system, data):
    """And nothing else changes."""
    for pact in system.pacts:
        edited = edits.VoidPact(pact.id).apply(system)
        assert pact.id not in {p.id for p, _, _ in edited.pledges()}
        assert edited == system.with_(pacts=edited.pacts)


@SLOW
@given(systems(most_actors=5))
def test_a_removed_actor_is_named_by_nothing_but_conditions(system):
    for actor in system.ids if len(system.ids) > 2 else ():
        edited = edits.RemoveActor(actor).apply(system)
        named = {x for t in edited.ties for x in (t.a, t.b)} | {m.actor for p in edited.pacts for m in p.members}
        named |= {x for p in edited.pacts for q in p.pledges for x in (q.by, *q.to)} | {
            x for b in edited.borders for x in (b.a, b.b)
        }
        named |= {a.parent for a in edited.actors} | {f.leans for a in edited.actors for f in a.factions}
        assert actor not in named
        assert {(p.id, to) for p, q, to in edited.pledges()} <= {(p.id, to) for p, q, to in system.pledges()}
