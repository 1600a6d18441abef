"""Alone or together in the studio: ledger, allies one by one, and what each pact obliges."""

import pytest
from tests.unit.studio.asking import asked, commanded, ran

from foedus.errors import ParameterError
from foedus.studio.question import Desk

ASK = {
    "in": "europe-1914",
    "actor": "BEL",
    "against": ["GMY"],
    "allies": ["UKG", "FRN"],
    "draws": 40,
    "wars": 200,
    "seed": 2,
}
SHOT = {"in": "europe-1914", "attacker": "RUS", "target": "AUH", "after": [["AUH", "SER"]]}


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    return asked("ally", Desk(tmp_path_factory.mktemp("s")), **ASK)


def test_the_copied_python_gives_the_numbers_of_the_page(shown):
    space = ran(shown["python"])
    ledger, added, worth = space["result"], space["added"], space["worth"]
    data = shown["data"]
    assert data["holds"]["together"]["mean"] == pytest.approx(ledger.holds[1].mean, rel=1e-9)
    assert data["entrapped"]["difference"]["high"] == pytest.approx(ledger.drawn_in.high, rel=1e-9)
    assert [s["holds"]["low"] for s in data["steps"]] == pytest.approx([r.holds.low for r in added.rungs], rel=1e-9)
    assert [m["shapley"]["mean"] for m in data["coalition"]["members"]] == pytest.approx(
        [m.shapley.mean for m in worth.members], rel=1e-9
    )


def test_the_answers_are_those_of_the_ledger_and_of_the_allies_named(shown):
    space = ran(shown["python"])
    for name, s in (
        ("pledged", space["result"].pledged),
        ("spared", space["result"].spared),
        ("added", space["added"].spared),
    ):
        got = shown["data"][name]
        assert (got["answer"], got["helpers"]) == (s.answer, None if s.helpers is None else list(s.helpers))
        assert (got["surely"], got["spares"]["low"]) == pytest.approx((s.surely, s.spares.low), rel=1e-9)


def test_the_copied_command_gives_the_numbers_of_the_page(shown, capsys):
    out = commanded(shown["cli"], capsys)
    assert out["beaten"]["alone"]["high"] == shown["data"]["beaten"]["alone"]["high"]
    assert out["adds_most"] == shown["data"]["adds_most"]
    steps = shown["tables"]["steps"]
    names = [c["name"] for c in steps["columns"]]
    assert [[s[n] for n in names] for s in out["added"]["steps"]] == steps["rows"]


def test_the_first_step_is_the_actor_alone_and_every_number_has_its_interval(shown):
    first = shown["data"]["steps"][0]
    for name in ("attacked", "holds", "holds_difference", "beaten"):
        assert first[name] == shown["data"][name]["alone"]
    for step in shown["data"]["steps"][1:]:
        assert step["adds"]["low"] <= step["adds"]["mean"] <= step["adds"]["high"]
    assert (shown["kind"], shown["seed"], shown["draws"]) == ("estimated", 2, 40)


def test_nobody_added_and_no_wars_leave_those_parts_unknown(tmp_path):
    told = asked("ally", Desk(tmp_path), **{"in": "europe-1914", "actor": "SER", "draws": 20, "wars": 0})
    assert told["data"]["entrapped"] is None
    assert told["data"]["coalition"] is None
    assert told["data"]["added"] is None
    assert [s["added"] for s in told["data"]["steps"]] == [None]
    assert "added" not in ran(told["python"])


def test_a_threat_is_no_ally(tmp_path):
    with pytest.raises(ParameterError, match="neither BEL nor a threat"):
        asked("ally", Desk(tmp_path), **(ASK | {"allies": ["GMY"]}))


def test_obligations_are_those_of_python_and_of_the_command(tmp_path, capsys):
    told = asked("bound", Desk(tmp_path), **SHOT)
    out = commanded(told["cli"], capsys)
    bare = [{k: v for k, v in row.items() if k != "pact_id"} for row in told["data"]["obligations"]]
    assert bare == out["obligations"] == ran(told["python"])["result"].table().to_dicts()
    assert told["data"]["by_actor"]["GMY"]["verdict"] == "bound"
    assert told["data"]["by_actor"]["ITA"]["verdict"] == "released"


def test_obligations_are_told_by_name(tmp_path):
    rows = asked("bound", Desk(tmp_path), **SHOT)["tables"]["obligations"]
    names = [c["name"] for c in rows["columns"]]
    told = [dict(zip(names, row, strict=True)) for row in rows["rows"]]
    assert {"Germany", "Italy"} <= {r["actor"] for r in told}
    assert any("Austria-Hungary attacked first" in r["reason"] for r in told)
    assert not any(code in r["reason"].split() for r in told for code in ("AUH", "SER", "RUS"))


def test_without_threats_the_attacks_that_are_counted_are_said_and_who_helps_against_each(tmp_path):
    data = asked("ally", Desk(tmp_path), **{"in": "europe-1914", "actor": "ITA", "draws": 20, "wars": 0})["data"]
    assert data["chosen"] is False
    assert len(data["against"]) > 1
    for t in data["threats"]:
        assert t["helped_by"] not in (None, t["actor"])
        assert t["help"]["low"] <= t["help"]["mean"] <= t["help"]["high"]
    assert asked("ally", Desk(tmp_path), **(ASK | {"wars": 0, "allies": []}))["data"]["chosen"] is True


def test_an_attack_on_another_day_or_after_a_what_if_has_python_only(tmp_path):
    told = asked("bound", Desk(tmp_path), **SHOT, as_of="1880-01-01", where="Europe")
    assert told["cli"] is None
    assert told["system"]["date"] == "1880-01-01"
    assert told["data"]["obligations"] != asked("bound", Desk(tmp_path), **SHOT)["data"]["obligations"]
    assert len(ran(told["python"])["result"].rows) == len(told["data"]["obligations"])
    assert asked("bound", Desk(tmp_path), **SHOT, what_if="no-franco-russian-alliance")["cli"] is None
