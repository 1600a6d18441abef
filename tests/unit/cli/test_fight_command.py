"""`foedus fight`: what it prints, what a what-if does, what it refuses."""

import json

import numpy as np
import pytest

from foedus.cli import main
from foedus.security.fighting import FightingNetwork, fighting_equilibrium
from foedus.security.fighting_worlds import Ranged
from foedus.studies.congo import Congo, Rank, Removal
from foedus.studies.congo_estimate import Spillovers

HERE = ("--in", "middle-east-2015", "--draws", "40")


@pytest.fixture
def run(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "140")

    def ran(*argv):
        code = 0
        try:
            main(["fight", *argv])
        except SystemExit as stop:
            code = stop.code or 0
        out = capsys.readouterr()
        return code, out.out, out.err

    return ran


def test_a_war_says_that_it_is_an_extrapolation_and_who_is_left_out(run):
    code, out, _ = run(*HERE)
    assert code == 0
    assert "beta and gamma were estimated on 80 armed groups of the Second Congo War" in " ".join(out.split())
    assert "Not counted, joined to this war by one enemy alone: Iraq" in out
    assert "Another war: Israel, Hamas, Palestinian Islamic Jihad (--around ISR)" in out
    assert "sponsors that do not fight: Qatar" in out
    assert "without Islamic State" in out
    assert "All efforts together cost" in out


def test_json_holds_every_change(run):
    code, out, _ = run(*HERE, "--json", "--pairs", "0")
    assert code == 0
    plain = json.loads(out)
    assert plain["key"] == "ISIS"
    assert {e["kind"] for e in plain["effects"]} == {"remove", "pacify", "embargo"}
    assert plain["actors"][0]["effort_share_low"] < plain["actors"][0]["effort_share_high"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("no-russian-intervention", "no longer fight: Russia"),
        ("remove:ISIS", "no longer fight: Islamic State, "),
        ("pacify:SYR:OPP", "peace between Syria (government) and "),
        ("embargo:ISIS", "arms embargo on Islamic State"),
        ("embargo:ISIS:1.02", "arms embargo on Islamic State"),
    ],
)
def test_what_if(run, name, words):
    code, out, _ = run(*HERE, "--what-if", name)
    assert code == 0
    assert words in out
    assert "all fighting −" in out
    code, out, _ = run(*HERE, "--what-if", name, "--json")
    assert json.loads(out)["what_if"] == name


def test_a_later_date_brings_new_fighters(run):
    code, out, _ = run(*HERE, "--date", "2015-10-02", "--what-if", "withdraw:RUS")
    assert code == 0
    assert "10 actors" in out
    one, two = json.loads(run("--in", "middle-east-2015", "--draws", "40", "--actors", "SYR,OPP", "--json")[1])[
        "actors"
    ]
    assert {one["actor"], two["actor"]} == {"SYR", "OPP"}


def test_what_counts_as_help_is_a_choice(run):
    assert "No help among them is counted" in run(*HERE, "--help-by", "offense")[1]
    both = [
        json.loads(run(*HERE, "--json", "--help-by", kinds)[1]) for kinds in ("sponsorship", "sponsorship,interest")
    ]
    assert sum(a["allies"] for a in both[0]["actors"]) < sum(a["allies"] for a in both[1]["actors"])
    code, _, err = run(*HERE, "--help-by", "love")
    assert code == 2
    assert "expected some of sponsorship" in err


def test_a_change_without_equilibrium_and_draws_without_are_said(run, tmp_path):
    code, out, _ = run(*HERE, "--whole")
    assert code == 0
    assert "have no equilibrium of this kind" in out


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        ((), "takes a system or the Congo case"),
        (("--in", "middle-east-2015", "--congo"), "takes a system or the Congo case"),
        (("--congo", "--around", "X"), "holds all of its groups"),
        ((*HERE, "--what-if", "pacify:SYR"), "--what-if takes pacify:ACTOR:ACTOR"),
        ((*HERE, "--what-if", "embargo:SYR:much"), "--what-if takes pacify:ACTOR:ACTOR"),
        ((*HERE, "--what-if", "embargo:NOBODY"), "Unknown actor"),
        ((*HERE, "--what-if", "pacify:SYR:RUS"), "hold no such name"),
        (("--in", "europe-1914"), "No war is coded as in progress"),
        (("--in", "middle-east-2015", "--draws", "3"), "at least 20"),
    ],
)
def test_bad_input_is_exit_2_without_a_traceback(run, argv, words):
    code, out, err = run(*argv)
    assert (code, out) == (2, "")
    assert words in err


def test_the_congo_case(run, monkeypatch):
    base = fighting_equilibrium(
        FightingNetwork.of([[0, 1, 1], [1, 0, 0], [1, 0, 0]], ["AA", "BB", "CC"]), beta=0.95, gamma=0.0
    )
    r = Ranged(-0.1, -0.2, 0.05)
    made = Congo(
        Spillovers(0.114, 0.083, 0.043, 0.021, 0.5, 1040, 80), base, np.array([3.0, 2.0, 1.0]), 1e-5, (Rank("efforts", r, "the network"),),
        (Removal("peace between AA and BB", r, r, 0.0), Removal("without AA", r, r, 0.3)), ((1.0, -0.1), (4.0, 0.05)), 0.2, 20, 1, ("congo_groups 2017",),
    )  # fmt: skip
    monkeypatch.setattr("foedus.studies.congo.congo", lambda *_, **__: made)
    code, out, _ = run("--congo")
    assert code == 0
    for words in (
        "published .114 and .083",
        "no effort at the estimate: AA",
        "−0.10 [−0.20, 0.05]",
        "without AA all fighting changes by −10.0 % at 1, +5.0 % at 4",
    ):
        assert words in " ".join(out.split())
    code, out, _ = run("--congo", "--json")
    assert json.loads(out)["idle"] == ["AA"]
