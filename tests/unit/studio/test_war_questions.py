"""Escalation in the studio: the page's numbers are those of the public API, of the copied Python and of the copied command."""

import pytest
from tests.unit.studio.asking import asked, commanded, ran

from foedus.studio.question import Desk

SHOT = {"in": "europe-1914", "attacker": "AUH", "target": "SER", "draws": 400, "seed": 3}


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    return asked("war", Desk(tmp_path_factory.mktemp("s")), **SHOT)


def test_the_copied_python_gives_the_numbers_of_the_page(shown):
    w = ran(shown["python"])["result"]
    assert shown["data"]["size"]["mean"] == pytest.approx(w.size.mean, rel=1e-9)
    page = {a["id"]: a["p_war"] for a in shown["data"]["actors"]}
    for actor, e in w.p_war.items():
        assert page[actor] == pytest.approx({"mean": e.mean, "low": e.low, "high": e.high}, rel=1e-9)


def test_the_copied_command_gives_the_numbers_of_the_page(shown, capsys):
    out = commanded(shown["cli"], capsys)
    assert out["size"]["mean"] == shown["data"]["size"]["mean"]
    assert out["p_general"]["high"] == shown["data"]["p_general"]["high"]
    assert [c["chain"] for c in out["chains"]] == [c["chain"] for c in shown["data"]["chains"][: len(out["chains"])]]


def test_every_figure_says_how_it_was_made(shown):
    assert (shown["kind"], shown["seed"], shown["draws"]) == ("simulated", 3, 400)
    assert "400 draws, seed 3" in shown["citation"]
    assert {"actors", "by_days", "sizes", "chains", "fronts"} == set(shown["tables"])
    assert sum(s["share"]["mean"] for s in shown["data"]["sizes"]) == pytest.approx(1)


def test_shares_of_chains_and_of_sizes_have_their_intervals_as_the_command_prints_them(shown, capsys):
    out = commanded(shown["cli"], capsys)
    chains = shown["data"]["chains"]
    assert all(c["share"]["low"] < c["share"]["mean"] < c["share"]["high"] for c in chains)
    assert [c["low"] for c in out["chains"]] == [c["share"]["low"] for c in chains[: len(out["chains"])]]
    assert {str(s["belligerents"]): s["share"]["high"] for s in shown["data"]["sizes"]} == {
        n: e["high"] for n, e in out["size_chances"].items()
    }
    assert [c["name"] for c in shown["tables"]["chains"]["columns"]] == ["chain", "share", "low", "high"]
    assert not any(row[0].startswith("AUH") for row in shown["tables"]["chains"]["rows"])
    assert any("Russia (ties to Serbia)" in row[0] for row in shown["tables"]["chains"]["rows"])


def test_chances_by_days_add_up_to_the_chance_of_being_at_war(shown):
    total = {}
    for row in shown["data"]["by_days"]:
        total[row["actor"]] = total.get(row["actor"], 0.0) + row["p"]
    assert total == pytest.approx({a["id"]: a["p_war"]["mean"] for a in shown["data"]["actors"]})


def test_a_what_if_moves_the_war_and_has_no_command(desk):
    told = asked("war", desk, **SHOT, what_if="no-franco-russian-alliance")
    assert told["cli"] is None
    assert ran(told["python"])["result"].size.mean == pytest.approx(told["data"]["size"]["mean"], rel=1e-9)


def test_a_replay_tells_the_steps_in_order_and_a_list_that_is_not_at_hand_is_said(desk):
    told = asked("replay", desk, **SHOT, which="worst")
    steps = told["data"]["steps"]
    assert [s["day"] for s in steps] == sorted(s["day"] for s in steps)
    assert [s["what"] for s in steps[:2]] == ["attacks", "is attacked"]
    assert "foedus data fetch" in told["data"]["history"]["note"]
    assert {s["history"] for s in steps} == {""}
    joined = [s for s in steps if s["what"] == "joins"]
    entries = [e for r in ran(told["python"])["told"].rounds for e in r]
    assert [s["chance"] for s in joined] == pytest.approx([e.chance for e in entries], rel=1e-9)
    for s, e in zip(joined, entries, strict=True):
        assert {w["term"] for w in s["weighed"]} == {k for k, v in e.terms.items() if abs(v) >= 0.05}
        assert all(w["what"] and w["what"] != w["term"] for w in s["weighed"])
        assert "log-rate" not in s["why"]
    assert "defense of Serbia (Serbian-Montenegrin alliance)" in str(
        told
    ) or "of Austria-Hungary (Dual Alliance)" in str(told)
    assert ran(told["python"])["told"].draw == told["data"]["draw"]


def test_progress_is_told(tmp_path):
    heard = []
    asked("war", Desk(tmp_path, tell=lambda share, text: heard.append((share, text))), **SHOT)
    assert heard[-1][0] == 1
    assert "of 400 wars" in heard[-1][1]


@pytest.mark.realdata
def test_the_course_on_record_is_marked(realdata_dir, tmp_path):
    told = asked("replay", Desk(tmp_path, realdata_dir), **SHOT, which="worst")
    assert "World War I" in told["data"]["history"]["war"]
    assert any(s["history"] for s in told["data"]["steps"])
