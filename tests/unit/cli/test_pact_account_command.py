"""``foedus pact-account``: one pact of a scenario, a treaty at its signature, all of them, and what is refused."""

import datetime as dt
import json
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

import foedus as fd
from foedus.cli import main
from foedus.data.store import DataDir
from foedus.errors import ParameterError
from foedus.studies import pact_accounts as study
from foedus.studies.pact_accounts import PactAccounts, PactRow
from foedus.studies.pact_aftermath import NULLS, OUTCOMES, Aftermath
from foedus.studies.pact_answers import Answer, Answers
from foedus.system import signed as signatures
from foedus.system.signed import Signed
from foedus.system.tables import Tables

FEW = ("--draws", "12", "--wars", "50")
TREATY = Signed(
    1385, 0, "Franco-Russian Alliance", dt.date(1893, 12, 27), (220, 365), (200,), ("defense",), "a note", ("x",)
)


def run(capsys, *argv):
    code = 0
    try:
        main(["pact-account", *argv])
    except SystemExit as stop:
        code = stop.code or 0
    out = capsys.readouterr()
    return code, " ".join(out.out.split()), out.err


@pytest.fixture
def signed(monkeypatch):
    """The scenario in place of the real system of the day after the signature."""
    system = fd.load("europe-1914")
    pacts = tuple(replace(p, id="atop-1385") if p.id == "franco-russian-alliance" else p for p in system.pacts)
    treaty, answered = [TREATY], Answers(
        (Answer("GMY", None, True, joined=True, entries=("1", "2", "3", "4")), Answer("AUH", False, False, joined=False, entries=())),
        {"defence": 0.1, "consultation": None}, 7, 5,
    )  # fmt: skip
    monkeypatch.setattr(DataDir, "of", classmethod(lambda cls, folder: None))
    monkeypatch.setattr(Tables, "read", classmethod(lambda cls, store: SimpleNamespace()))
    monkeypatch.setattr(signatures, "find_signed", lambda pact, tables: treaty[0])
    monkeypatch.setattr(signatures, "signed_system", lambda one, tables, table: system.with_(pacts=pacts))
    monkeypatch.setattr("foedus.studies.pact_answers.answers", lambda *args, years: replace(answered, years=years))
    return treaty


def test_a_pact_of_a_scenario(capsys, tmp_path):
    figure = tmp_path / "pact.svg"
    code, out, _ = run(capsys, "franco-russian-alliance", "--in", "europe-1914", *FEW, "--figure", str(figure))
    assert code == 0
    assert "Members" in out
    assert "beats a member" in out
    assert "of 12 draws" in out
    assert "outsiders that this rise is the sum of, the most changed first" in out
    assert "attacked less and also attacks less" in out
    assert "Rivals' record" not in out
    assert figure.read_text().startswith("<svg")
    code, out, _ = run(capsys, "franco-russian-alliance", "--in", "europe-1914", *FEW, "--json")
    assert json.loads(out)["pact"] == "franco-russian-alliance"


def test_a_treaty_at_its_signature_with_the_record_of_rivals(capsys, signed):
    code, out, _ = run(capsys, "Franco-Russian Alliance", *FEW, "--years", "7")
    assert code == 0
    assert "ATOP 1385, signed 1893-12-27 by France, Russia; promises defense" in out
    assert "Later members of this phase are not in it: United Kingdom" in out
    assert "Note: a note." in out
    assert "within 7 years" in out
    assert "joined this pact; 1; 2; 3; 1 more" in out
    assert "defence 10 %, consultation unknown" in out
    code, out, _ = run(capsys, "1385", *FEW, "--json")
    found = json.loads(out)
    assert found["treaty"]["atop"] == 1385
    assert found["answers"]["outsiders"][0]["defence_pact"] is None


def test_a_treaty_without_a_promise_to_fight_says_so_and_one_of_no_states_is_refused(capsys, signed):
    signed[0] = replace(TREATY, promises=("consul",), note="", later=())
    _, out, _ = run(capsys, "x", "--draws", "12", "--wars", "0")
    assert "ATOP codes no promise to fight" in out
    assert "not simulated" in out
    signed[0] = replace(TREATY, atop=9999)
    code, _, err = run(capsys, "x", *FEW)
    assert code == 2
    assert "fewer than two signatories" in err


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        ((), "takes one pact, or --all"),
        (("NATO", "--all"), "takes one pact, or --all"),
        (("--all", "--in", "europe-1914"), "--all takes --data-dir"),
        (("--all", "--figure", "x.svg"), "--all takes --data-dir"),
        (("--all", "--wars", "9"), "--all takes --data-dir"),
        (("NATO", "--first", "1900"), "belong to --all"),
        (("franco-russian-alliance", "--in", "europe-1914", "--years", "3"), "--years is for treaties"),
        (("NATO", "--date", "1950-01-01"), "need --in"),
        (("NATO", "--figure", "x.pdf"), ".svg, .png, .html"),
    ],
)
def test_what_does_not_go_together_is_refused(capsys, argv, words):
    code, _, err = run(capsys, *argv)
    assert code == 2
    assert words in " ".join(err.split())
    assert "Traceback" not in err


def accounts(n=4):
    rows = []
    for k in range(n):
        flat = np.full(len(OUTCOMES), 0.1 * k)
        after = Aftermath(flat, flat, dict.fromkeys(NULLS, flat), 2, 2)
        rows.append(
            PactRow(
                replace(TREATY, atop=1400 + k), "ATOP 1400 (A, B)" if k else "A pact with quite a long name which goes on (A)", (220, 365),
                np.array([0.001 * k, 0.002]), np.array([0.001, 0.001]), np.array([0.1, 0.2]) * k, (("GMY", 255, 0.1),), after,
                {"defence": (0.0, 0.5, 0.1, 0.2), "consultation": (None, None, None, None)},
            )
        )  # fmt: skip
    return PactAccounts(tuple(rows), (("ATOP:1", "why"),), 2, 1)


def test_all_pacts(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    asked = {}
    monkeypatch.setattr(study, "pact_accounts", lambda **more: asked.update(more) or accounts())
    code, out, _ = run(capsys, "--all", "--first", "1890")
    assert code == 0
    assert (asked["first"], asked["last"], asked["draws"]) == (1890, 2018, 20)
    for words in (
        "Which is larger",
        "Assure most",
        "Alarm most",
        "Attacked: outsiders began it",
        "Answers",
        "over 4 pacts",
        "when danger is expected",
    ):
        assert words in out
    assert "unknown" in out
    code, out, _ = run(capsys, "--all", "--json")
    assert len(json.loads(out)["pacts"]) == 4


def test_few_pacts_and_none(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(study, "pact_accounts", lambda **more: accounts(2))
    assert "too few pacts (2)" in run(capsys, "--all")[1]
    monkeypatch.setattr(study, "pact_accounts", lambda **more: accounts(0))
    assert run(capsys, "--all")[1].startswith("0 ATOP pacts")


def test_ctrl_c_says_how_to_go_on(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)

    def stopped(**more):
        if more["first"] == 1900:
            more["save"].write_text("x")
        raise KeyboardInterrupt

    monkeypatch.setattr(study, "pact_accounts", stopped)
    code, _, err = run(capsys, "--all")
    assert code == 130
    assert "before the first account" in err
    code, _, err = run(capsys, "--all", "--first", "1900")
    assert code == 130
    assert "--resume foedus-pact-accounts.run goes on" in err


def test_an_account_is_asked_with_ones_own_table_and_numbers(capsys, monkeypatch):
    asked = {}

    def account(system, pact, progress, **more):
        asked.update(more, pact=pact, system=system.id)
        progress("told to whom it is given", 0.5)
        raise ParameterError("enough")

    monkeypatch.setattr("foedus.security.account.pact_account", account)
    monkeypatch.setattr("foedus.cli.pact_account.tie_table", str)
    code, _, err = run(
        capsys,
        "franco-russian-alliance",
        "--in",
        "europe-1914",
        "--tie-table",
        "mine.toml",
        *FEW,
        "--seed",
        "7",
        "--workers",
        "2",
    )
    assert (code, err) == (2, "enough\n")
    told = {"draws": 12, "wars": 50, "seed": 7, "workers": 2, "table": "mine.toml"}
    assert asked == told | {"pact": "franco-russian-alliance", "system": "europe-1914"}
