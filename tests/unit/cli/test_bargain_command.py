"""`foedus bargain` and `foedus stance`: what they print and what they refuse."""

import json

import pytest

from foedus.cli import main

TABLE = "actor,position,capability,salience\nnorth,4,0.5,80\ncentre,7,0.1,40\nsouth,10,0.4,60\nwest,5,0.1,50\neast,6,0.1,50\nup,7,0.1,10\ndown,8,0.2,90\n"
LEB = ("stance", "LEB", "--in", "middle-east-2019", "--draws", "12")


@pytest.fixture
def run(capsys, monkeypatch):
    """Return a runner of the command line: (exit code, stdout in one line of words, stderr)."""
    monkeypatch.setenv("COLUMNS", "140")

    def call(*argv):
        code = 0
        try:
            main(list(argv))
        except SystemExit as stop:
            code = stop.code or 0
        out = capsys.readouterr()
        return code, out.out, out.err

    return call


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "issue.csv"
    path.write_text(TABLE, encoding="utf-8")
    return str(path)


def test_bargain_prints_rounds_and_forecasts(run, table):
    code, out, err = run("bargain", table, "--percent", "--draws", "84")
    text = " ".join(out.split())
    assert (code, err) == (0, "")
    assert "7 actors, reading: Q = 0.5" in text
    assert "Forecast over 84 readings of the model" in text
    assert "weighted mean of the first positions" in text
    assert "1 more actors in --json" in text
    assert "disputed" in text


def test_bargain_takes_one_reading_and_prints_json(run, table):
    code, out, _ = run("bargain", table, "--percent", "--view", "own", "--status-quo", "1", "--draws", "3", "--json")
    found = json.loads(out)
    assert code == 0
    assert found["reading"].startswith("Q = 1, risk challenged, view own")
    assert found["readings"] == []
    code, out, _ = run("bargain", table, "--percent", "--risk", "neutral", "--draws", "3")
    assert code == 0
    assert "readings of the model" not in out


@pytest.mark.parametrize(
    ("argv", "match"),
    [
        (("bargain", "TABLE"), "--percent"),
        (("bargain", "none.csv"), "Cannot read none.csv"),
        (("bargain", "TABLE", "--percent", "--view", "mine"), "mine"),
        (("bargain", "TABLE", "--percent", "--status-quo", "2"), "a chance from 0 to 1"),
        (("stance", "ISR", "--in", "middle-east-2019"), "ISR has no factions"),
        (("stance", "LEB", "--in", "middle-east-2019", "--shot", "ISR"), "--shot"),
        (("stance", "LEB", "--in", "middle-east-2019", "--toward", "LEB"), "other actors than LEB"),
    ],
)
def test_bad_input_is_refused_in_a_line(run, table, argv, match):
    code, out, err = run(*(table if a == "TABLE" else a for a in argv))
    assert code == 2
    assert match in err
    assert out == ""
    assert "Traceback" not in err


def test_stance_prints_ties_verdicts_and_factions(run):
    code, out, _ = run(*LEB, "--worlds", "2", "--wars", "50", "--shot", "ISR:HEZB")
    text = " ".join(out.split())
    assert code == 0
    for part in (
        "Lebanon (LEB) as of the start of 2019-03-18: 4 parts bargain", "Hezbollah", "none coded", "After an attack of Israel on Hezbollah, Lebanon is drawn into",
        "likeliest attacker", "Each faction", "march-8", "not settled", "plain mean of wishes",
    ):  # fmt: skip
        assert part in text


def test_stance_prints_json_and_can_leave_wars_out(run):
    code, out, _ = run(*LEB, "--worlds", "0", "--toward", "HEZB, SAU", "--view", "own", "--json")
    found = json.loads(out)
    assert code == 0
    assert [i["issue"] for i in found["issues"]] == ["HEZB", "SAU"]
    assert list(found["shares"]) == ["bloc"]
    assert found["standing"].startswith("simulated")
