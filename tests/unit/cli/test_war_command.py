import datetime as dt
import json
import os
import signal
import sys
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

import foedus as fd
from foedus.cli import main, war
from foedus.cli.basis import at_war
from foedus.system.nouns import Tie
from foedus.system.values import Quantity

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
