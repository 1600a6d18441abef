import pytest

from foedus.errors import ParameterError
from foedus.scenario.compare import compare
from foedus.system.edits import VoidPact


def test_the_same_system_differs_by_nothing(quartet):
    c = compare(quartet, quartet, attacker="AA", target="CC", draws=500)
    for d in (*c.rows, *c.actors):
        assert d.change.mean == 0
        assert d.first == d.second


def test_an_edit_shows_with_its_interval(quartet):
    c = compare(quartet, quartet.edit().void("Pact of second"), attacker="AA", target="CC", draws=2000)
    assert c.edits
    size = c.rows[0]
    assert size.change.mean == pytest.approx(size.second - size.first)
    assert size.change.high < 0
    assert c.actors[0].quantity == "DD at war"
    assert c.table().height == len(c.rows) + len(c.actors)
    assert c.to_dict()["of"] == "war"


def test_actors_that_one_arm_lacks_have_no_difference(quartet):
    smaller = quartet.with_(actors=quartet.actors[:4])
    c = compare(quartet, smaller, attacker="AA", target="CC", draws=200)
    assert next(d for d in c.actors if d.quantity == "EE at war").change is None
    assert c.note.endswith("shares of it do not compare")
    back = compare(smaller, quartet, attacker="AA", target="CC", draws=200)
    assert next(d for d in back.actors if d.quantity == "EE at war").first is None


def test_blocs_and_security(quartet):
    other = VoidPact("pact-first").apply(quartet)
    b = compare(quartet, other, of="blocs", draws=60)
    assert {frozenset(d.quantity.split(" with ")) for d in b.actors} >= {
        frozenset(["AA", "BB"]),
        frozenset(["CC", "DD"]),
    }
    s = compare(quartet, other, of="security", draws=100)
    assert s.actors[0].change.mean > 0
    only = compare(quartet, other, of="security", actor="BB", draws=60)
    assert [d.quantity for d in only.actors] == ["BB attacked and beaten, a year"]


@pytest.mark.parametrize(
    ("options", "match"), [({"of": "weather"}, "war, blocs or security"), ({"of": "war"}, "attacker and a target")]
)
def test_bad_arguments(quartet, options, match):
    with pytest.raises(ParameterError, match=match):
        compare(quartet, quartet, **options)
