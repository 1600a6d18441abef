"""Blocs in the studio: the page's numbers are those of the public API, of the copied Python and of the copied command."""

import pytest
from tests.unit.studio.asking import asked, commanded, ran

from foedus.errors import FoedusError
from foedus.studio.question import Desk

ASK = {"in": "europe-1914", "draws": 50, "why": "ITA"}


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    return asked("blocs", Desk(tmp_path_factory.mktemp("s")), **ASK)


def test_the_copied_python_gives_the_numbers_of_the_page(shown):
    space = ran(shown["python"])
    found, why = space["result"], space["why"]
    page = {a["actor"]: a["membership"] for a in shown["data"]["actors"]}
    assert page == pytest.approx(dict(zip(found.system.ids, found.membership.tolist(), strict=True)), rel=1e-9)
    assert shown["data"]["why"]["sentence"] == why.sentence()
    assert shown["data"]["frustrated"][0]["share"] == pytest.approx(abs(found.frustrated()[0][2]), rel=1e-9)


def test_the_copied_command_gives_the_numbers_of_the_page(shown, capsys):
    out = commanded(shown["cli"], capsys)
    for key in ("names", "two", "three", "free", "second_best", "balance", "fit", "doubtful"):
        assert out[key] == shown["data"][key], key
    assert out["why"]["by_reason"] == shown["data"]["why"]["by_reason"]


def test_a_membership_is_shown_with_the_interval_of_its_own_bloc(shown):
    rows = [a for a in shown["data"]["actors"] if a["bloc"]]
    assert rows
    assert all(a["low"] <= a["membership"] <= a["high"] for a in rows)


def test_frustrated_ties_carry_reasons_and_add_up_to_the_frustrated_share(shown):
    rows = shown["data"]["frustrated"]
    assert sum(r["share"] for r in rows) == pytest.approx(shown["data"]["two"]["frustrated_share"], rel=1e-6)
    assert all(r["by"] for r in rows)
    italy = next(r for r in rows if {r["a"], r["b"]} == {"GMY", "ITA"})
    assert italy["sign"] == 1
    assert "pact" in italy["by"]


def test_every_graphic_has_its_table_and_the_network_its_places(shown):
    assert {"actors", "membership", "frustrated", "numbers", "balance", "ties", "why"} == set(shown["tables"])
    stage = shown["data"]["stage"]
    assert len(stage["nodes"]) == len(shown["data"]["actors"]) == len(shown["data"]["two"]["label"])
    assert len(stage["ties"]) == len(shown["tables"]["ties"]["rows"])
    assert sorted(m for b in shown["data"]["blocs"] for m in b["members"]) == sorted(n["id"] for n in stage["nodes"])


def test_a_what_if_has_python_and_no_command(tmp_path):
    told = asked("blocs", Desk(tmp_path), **{"in": "europe-1914", "draws": 20, "what_if": "no-franco-russian-alliance"})
    assert told["cli"] is None
    assert "why" not in told["tables"]
    page = [a["membership"] for a in told["data"]["actors"]]
    assert page == pytest.approx(ran(told["python"])["result"].membership.tolist(), rel=1e-9)


def test_nobody_of_that_name_is_said(tmp_path):
    with pytest.raises(FoedusError, match="Atlantis"):
        asked("blocs", Desk(tmp_path), **(ASK | {"why": "Atlantis"}))
