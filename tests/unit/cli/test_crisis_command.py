import json

import pytest

from foedus.cli import main


def run(capsys, *argv):
    code = 0
    try:
        main(["crisis", *argv])
    except SystemExit as stop:
        code = stop.code or 0
    out = capsys.readouterr()
    return code, " ".join(out.out.split()), out.err


def test_game_as_text_and_json(capsys):
    shot = ("game", "AUH", "SER", "--in", "europe-1914", "--draws", "10")
    code, text, _ = run(capsys, *shot)
    assert code == 0
    found = json.loads(run(capsys, *shot, "--json")[1])
    assert f": {found['outcome']}," in text
    assert "Solved from the last choice" in text
    neutral = json.loads(run(capsys, *shot, "--risk", "0", "--similarity", "s", "--json")[1])
    assert (neutral["a"]["r"], neutral["measure"]) == (1.0, "s_abs")


def test_signals_as_text_json_and_correspondence(capsys):
    assert "3 equilibria" in run(capsys, "signal")[1]
    assert "1 equilibrium" in run(capsys, "signal", "--w-b=-3.0")[1]
    assert len(json.loads(run(capsys, "signal", "--json")[1])["equilibria"]) == 3
    assert run(capsys, "signal", "--over", "w_b=-3.0:-2.8:3")[1].count("│ no │") == 2
    rows = json.loads(run(capsys, "signal", "--over", "w-b=-3:-2.9:2", "--json")[1])["rows"]
    assert [r["of"] for r in rows] == [1, 3, 3, 3]


def test_bargains(capsys):
    text = run(capsys, "bargain", "0.6", "--cost-a", "0.1", "--cost-b", "0:0.4", "--later", "0.3,0.2")[1]
    assert "demands 0.75 and risks war at 37.5 %" in text
    assert "war in period 1, by A's choice" in text
    assert "neither all nor nothing" in run(capsys, "bargain", "0.5", "--indivisible")[1]
    plain = json.loads(run(capsys, "bargain", "0.4", "--later", "0.7,0.9", "--json")[1])
    assert plain["demand"] is None
    assert (plain["shift"]["weaker"], plain["shift"]["p"][0]) == ("B", 0.6)
    assert "no war" in run(capsys, "bargain", "0.5", "--later", "0.5")[1]


@pytest.mark.parametrize(
    ("argv", "text"),
    [
        (("game", "AUH", "AUH", "--in", "europe-1914"), "another actor"),
        (("game", "AUH", "SER", "--in", "europe-1914", "--risk", "bold"), "--risk takes"),
        (("years", "--in", "last"), "--in takes"),
        (("years", "--in", "1816:1820", "--out", "ends.xls"), "--out takes"),
        (("years", "--in", "1700:1720", "--data-dir", "."), "1816-2010"),
        (("signal", "--over", "w_b=1"), "--over takes"),
        (("signal", "--over", "x=0:1:2"), "some of s_a"),
        (("bargain", "0.5", "--cost-b", "a"), "--cost-b takes"),
        (("bargain", "0.5", "--later", "a"), "--later takes"),
        (("bargain", "0.5", "--later", "0.4", "--discount", "1"), "below 1"),
        (("bargain", "1.5"), "chance between 0 and 1"),
    ],
)
def test_what_is_refused(capsys, argv, text):
    code, _, err = run(capsys, *argv)
    assert code == 2
    assert text in err
