"""The question ``system``: what a scenario holds, with its uncertainty and its unknowns."""

import pytest
from tests.unit.studio.asking import asked, ran

import foedus as fd
from foedus.studio.question import Desk
from foedus.studio.questions.system import spread
from foedus.system.values import Quantity


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    return asked("system", Desk(tmp_path_factory.mktemp("s")), **{"in": "middle-east-2019", "draws": 50})


def test_it_holds_every_noun_of_the_system(shown):
    s, data = fd.load("middle-east-2019"), shown["data"]
    assert [a["id"] for a in data["actors"]] == list(s.ids)
    assert [(p["id"], p["members"]) for p in data["pacts"]] == [(p.id, list(p.active_members(s.date))) for p in s.pacts]
    assert len(data["ties"]) == len(s.ties) == len(shown["tables"]["ties"]["rows"])
    assert sum(len(p["pledges"]) for p in data["pacts"]) == len(shown["tables"]["pledges"]["rows"])
    assert [w["id"] for w in data["what_ifs"]] == [w.name for w in fd.load_scenario("middle-east-2019").what_ifs]
    assert data["limits"] == list(s.limits)


def test_the_copied_python_gives_the_numbers_of_the_page(shown):
    space = ran(shown["python"])
    page = [a["capability"]["low"] for a in shown["data"]["actors"]]
    assert page == pytest.approx(space["strength"]["effective_low"].to_list(), rel=1e-9)
    assert len(space["result"]["pacts"]) == len(shown["data"]["pacts"])


def test_a_number_is_a_point_a_range_or_unknown():
    assert spread(None) is None
    assert spread(Quantity.of(0.5)) == 0.5
    assert spread(Quantity.of([0.2, 0.4])) == {"mean": pytest.approx(0.3), "low": 0.2, "high": 0.4}
    normal = spread(Quantity.of({"mean": 0.0, "sd": 1.0}))
    assert normal == {
        "mean": 0.0,
        "low": pytest.approx(-1.6448536, rel=1e-6),
        "high": pytest.approx(1.6448536, rel=1e-6),
    }


def test_conditions_of_a_pledge_are_told(shown):
    names = [c["name"] for c in shown["tables"]["pledges"]["columns"]]
    rows = [dict(zip(names, r, strict=True)) for r in shown["tables"]["pledges"]["rows"]]
    told = {
        r["conditions"]
        for r in rows
        if (r["by"], r["to"], r["type"]) == ("USA", "TUR", "defense") and "5 and 6" in r["article"]
    }
    assert told == {"only in Europe, Middle East"}


def test_a_what_if_takes_its_pact_away(tmp_path):
    base = asked("system", Desk(tmp_path), **{"in": "europe-1914", "draws": 10})
    told = asked("system", Desk(tmp_path), **{"in": "europe-1914", "draws": 10, "what_if": "void:dual-alliance"})
    assert {p["id"] for p in base["data"]["pacts"]} - {p["id"] for p in told["data"]["pacts"]} == {"dual-alliance"}
    assert len(ran(told["python"])["s"].pacts) == len(told["data"]["pacts"])
