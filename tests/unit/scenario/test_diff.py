"""Differences: empty for the same nouns, and every edit shows as what it is."""

import datetime as dt

from hypothesis import HealthCheck, given, settings

from foedus.scenario.diff import diff
from foedus.scenario.read import load
from foedus.system.edits import PledgeRef
from foedus.system.nouns import Actor
from foedus.testing.strategies import systems


def test_a_system_does_not_differ_from_itself():
    s = load("europe-1914")
    assert diff(s, load("europe-1914")) == []
    assert (
        diff(s, s.with_(ties=s.ties[::-1], actors=s.actors[::-1], borders=s.borders[::-1], pacts=s.pacts[::-1])) == []
    )


def test_each_edit_shows_with_field_and_values():
    s = load("europe-1914")
    edited = (
        s.edit().void("belgium-1839").strengthen("SER", 2).change_tie("AUH", "SER", "rivalry", -1).remove_actor("PRT" if "PRT" in s.index else "POR")
        .add_actor(Actor("NEW", "New")).done().with_(date=dt.date(1914, 8, 1))
    )  # fmt: skip
    changes = diff(s, edited)
    lines = [str(c) for c in changes]
    assert "changed system europe-1914: date 1914-07-28 -> 1914-08-01" in lines
    assert "removed pact belgium-1839" in lines
    assert "added actor NEW" in lines
    assert any(x.startswith("removed actor P") for x in lines)
    assert any(x.startswith("changed actor SER: capability (") or "changed actor SER: capability " in x for x in lines)
    assert "added source assumption" in lines
    tie = next(c for c in changes if c.noun == "tie" and c.kind == "changed" and c.field == "strength")
    assert tie.id == "AUH-SER (rivalry)"
    assert str(tie.new) == "-1"
    assert tie.to_dict()["new"] == "-1"
    assert next(c for c in changes if c.kind == "removed").old.id


def test_pledges_are_compared_one_by_one():
    s = load("europe-1914")
    pact = next(p for p in s.pacts if p.id == "franco-russian-alliance")
    by = pact.pledges[0].by
    edited = s.edit().amend_pact(pact.id, drop_pledges=[PledgeRef(by, pact.pledges[0].type)]).done()
    changes = [c for c in diff(s, edited) if c.noun == "pledge"]
    assert changes
    assert {c.kind for c in changes} == {"removed"}
    assert all(c.id.startswith(f"{pact.id}: ") for c in changes)


SLOW = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@SLOW
@given(systems(), systems())
def test_two_systems_that_differ_have_a_difference_each_way(a, b):
    there, back = diff(a, b), diff(b, a)
    assert bool(there) == bool(back)
    assert (there == []) <= ({x.id for x in a.actors} == {x.id for x in b.actors})
    swap = {"added": "removed", "removed": "added", "changed": "changed"}
    assert sorted((swap[c.kind], c.noun, c.id, c.field) for c in there if c.noun != "system") == sorted(
        (c.kind, c.noun, c.id, c.field) for c in back if c.noun != "system"
    )
    assert diff(a, a) == []
    assert all(str(c) and c.to_dict() for c in there)
