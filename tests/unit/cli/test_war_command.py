import datetime as dt
import json
import os
import signal
import sys
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

import foedus as fd
from foedus.cli import main, war
from foedus.cli.basis import at_war
from foedus.cli.war import _day
from foedus.estimate.nested import Estimate
from foedus.system.nouns import Tie
from foedus.system.values import Quantity
from foedus.war.rare import Rare

SHOT = ("war", "AUH", "SER", "--in", "europe-1914")


def run(capsys, *argv):
    code = 0
    try:
        main(list(argv))
    except SystemExit as stop:
        code = stop.code or 0
    out = capsys.readouterr()
    return code, out.out, out.err


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM], ids=lambda s: s.name)
def test_a_stopped_run_says_so_and_goes_on(asked, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    whole = run(capsys, *SHOT, "--draws", "12500", "--json")
    assert whole[0] == 0
    assert json.loads(whole[1])["date"] == "1914-07-28"
    assert not list(tmp_path.iterdir())

    @contextmanager
    def impatient(*_, **__):
        yield lambda share: os.kill(os.getpid(), asked) if 0.3 < share < 0.5 else None

    with monkeypatch.context() as patch:
        patch.setattr(war, "progress", impatient)
        code, out, err = run(capsys, *SHOT, "--draws", "12500", "--workers", "1")
    assert code == 128 + asked
    assert "of 12500 wars (stopped)" in " ".join(out.split())
    file = Path("foedus-war-europe-1914-AUH-SER.run")
    assert f"--resume {file}" in err
    assert [p.name for p in tmp_path.iterdir()] == [file.name]
    assert run(capsys, *SHOT, "--draws", "12500", "--json", "--resume", str(file)) == whole


def test_many_wars_name_the_ones_that_chains_are_of(capsys, monkeypatch):
    monkeypatch.setattr(war, "KEPT", 100)
    assert "Chains (of the first 100 wars)" in run(capsys, *SHOT, "--draws", "200")[1]


def test_replay_as_text_and_json(capsys):
    for which in ("7", "median", "worst"):
        code, text, _ = run(capsys, *SHOT, "--draws", "200", "--replay", which)
        assert code == 0
        told = json.loads(run(capsys, *SHOT, "--draws", "200", "--replay", which, "--json")[1])
        assert f"War {told['draw']}, {told['belligerents']} belligerents" in text
        assert sum(len(r) for r in told["rounds"]) == told["belligerents"] - 2
        if which == "7":
            assert told["draw"] == 7


@pytest.mark.parametrize("which", ["200", "-1", "best", "²", ""])
def test_no_such_replay_is_refused_before_any_work(capsys, monkeypatch, which):
    monkeypatch.setattr("foedus.war.simulate.war", lambda *_, **__: pytest.fail("worked before looking"))
    code, _, err = run(capsys, *SHOT, "--draws", "200", "--replay", which)
    assert code == 2
    assert err.count("hint") == 1


def test_a_file_that_is_no_run_is_refused(capsys, tmp_path):
    for file in (tmp_path / "absent.run", tmp_path):
        code, _, err = run(capsys, *SHOT, "--draws", "200", "--resume", str(file))
        assert code == 2
        assert str(file) in err


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="needs a folder that may not be written to")
def test_a_folder_that_may_not_be_written_to_does_not_stop_a_war(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    tmp_path.chmod(0o500)
    assert run(capsys, *SHOT, "--draws", "200")[0] == 0


def test_a_replay_without_the_list_of_wars_says_so(capsys, tmp_path):
    shot = (*SHOT, "--draws", "200", "--replay", "7")
    for folder in (tmp_path, tmp_path / "absent"):
        code, text, _ = run(capsys, *shot, "--data-dir", str(folder))
        assert code == 0
        assert "History: not at hand" in text
        note = json.loads(run(capsys, *shot, "--json", "--data-dir", str(folder))[1])["history"]
        assert note["note"].startswith("not at hand")


def test_a_war_that_goes_on_is_told_and_what_the_answer_rests_on(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    code, text, _ = run(capsys, *SHOT, "--draws", "50")
    flat = " ".join(text.split())
    assert code == 0
    assert "at war already" not in flat
    assert "Sources: " in flat
    assert "limits that it states" in flat
    system = fd.load("europe-1914")
    going = Tie("SER", "AUH", "war", Quantity(-1.0, -0.8), start=dt.date(1914, 7, 20), note="A war.")
    at_war(system.with_(ties=(*system.ties, going)), "AUH", "SER")
    flat = " ".join(capsys.readouterr().out.split())
    assert flat.startswith("Note: Austria-Hungary and Serbia are at war already (A war), which")
    assert flat.endswith("as of the start of 1914-07-20 they are not.")
    at_war(system.with_(ties=(replace(going, b="RUS"),)), "AUH", "SER")
    flat = " ".join(capsys.readouterr().out.split())
    assert (
        flat
        == "Note: at war with one of the two already, and yet outsiders here until they enter this war: Russia with Serbia."
    )
    at_war(system.with_(ties=(replace(going, start=None, note=""),)), "AUH", "SER")
    assert capsys.readouterr().out.rstrip().endswith("draw others in.")


def test_a_rare_war_is_asked_as_told_and_its_chance_and_error_are_per_cent(capsys, monkeypatch):
    asked = {}

    def found(system, a, b, **more):
        asked.update(more)
        chance = Estimate(0.013, 0.01, 0.02, 0.0004, draws=2_000, level=0.9)
        return Rare(
            system,
            a,
            b,
            more["share"],
            chance,
            {a: 1.0},
            (0.5,),
            (3,),
            1_000,
            2_000,
            25,
            4.0,
            more["days"],
            more["seed"],
        )

    monkeypatch.setattr("foedus.war.rare.rare_war", found)
    options = {"rare": "0.95", "draws": "50", "days": "30", "seed": "7", "workers": "2"}
    code, out, _ = run(capsys, *SHOT, *(x for name, value in options.items() for x in (f"--{name}", value)))
    text = " ".join(out.split())
    assert code == 0
    assert asked == {"share": 0.95, "draws": 50, "seed": 7, "workers": 2, "days": 30.0}
    assert "actors with 95 % of all capability at war: 1.3 % [1.0, 2.0], error of simulation 0.04 %" in text
    assert "2000 wars from 1000 first shots, continued afresh at 50 % (3 times)" in text


def test_a_day_of_entry_has_the_date_so_many_days_after_the_first_shot():
    result = SimpleNamespace(system=SimpleNamespace(date=dt.date(1914, 7, 28)))
    assert [_day(result, day) for day in (None, 0.0, 3.0, 34.0)] == [
        "",
        "0 (28 Jul 1914)",
        "3 (31 Jul 1914)",
        "34 (31 Aug 1914)",
    ]
