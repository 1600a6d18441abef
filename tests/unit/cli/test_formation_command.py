"""``foedus formation`` and ``foedus backtest pacts``: what they print and what they refuse."""

from __future__ import annotations

import json

import numpy as np
import pytest

from foedus.cli import main
from foedus.data.store import DataDir
from foedus.scenario.read import bundled_text
from foedus.studies import tie_rows
from unit.formation.small_store import Store
from unit.studies.test_ties import made_rows


def run(capsys, *argv):
    code = 0
    try:
        main([*argv])
    except SystemExit as stop:
        code = stop.code or 0
    out = capsys.readouterr()
    return code, " ".join(out.out.split()), out.err


@pytest.fixture(autouse=True)
def _store(monkeypatch):
    monkeypatch.setattr(DataDir, "of", classmethod(lambda cls, folder: Store()))
    monkeypatch.setattr(
        tie_rows, "tie_rows", lambda *, data_dir, progress: (made_rows(n=3000), made_rows("end", n=3000, seed=1))
    )


ASK = ("formation", "--in", "europe-1914", "--draws", "8")


def test_the_likeliest_pairs_with_their_reasons(capsys):
    code, out, _ = run(capsys, *ASK, "--top", "4")
    assert code == 0
    assert "1914-07-28: chance that a defence tie begins within a year, counting treaties [90 %]" in out
    assert "│ 4 │" in out
    assert "│ 5 │" not in out
    assert "treaties that make ties a year. 8 draws, seed 1; estimated." in out
    assert "not the whole system of its date" in out


def test_one_pair_with_every_reason_and_its_rank(capsys):
    code, out, _ = run(capsys, *ASK, "--pair", "Serbia:BUL", "--counting", "pairs")
    assert code == 0
    assert "Serbia – Bulgaria, 1914-07-28:" in out
    assert "counting pairs; rank" in out
    assert "land border" in out
    every = json.loads(run(capsys, *ASK, "--counting", "pairs", "--json")[1])["pairs"]
    (mine,) = (r["chance"] for r in every if {r["a"], r["b"]} == {"SER", "BUL"})
    higher = sum(r["chance"] > mine for r in every)
    assert f"counting pairs; rank {higher + 1} of {len(every)}." in " ".join(out.split())


def test_a_pair_that_is_not_at_risk_is_told_what_to_ask(capsys):
    code, _, err = run(capsys, *ASK, "--pair", "FRN:RUS")
    assert code == 2
    assert "FRN and RUS are tied" in err
    assert "--end" in err
    code, out, _ = run(capsys, *ASK, "--pair", "FRN:RUS", "--end")
    assert code == 0
    assert "that a defence tie ends" in out
    code, _, err = run(capsys, *ASK, "--pair", "SER:BUL", "--end")
    assert code == 2
    assert "are not tied" in err


def test_ends_and_json(capsys):
    code, out, _ = run(capsys, *ASK, "--end")
    assert code == 0
    assert "treaties whose ties end a year" in out
    _, out, _ = run(capsys, *ASK, "--end", "--counting", "pairs", "--top", "1")
    assert "pairs whose ties end a year" in out
    code, out, err = run(capsys, *ASK, "--json")
    plain = json.loads(out)
    assert (code, err) == (0, "")
    assert plain["draws"] == 8
    assert len(plain["pairs"]) > 50


@pytest.mark.parametrize(("extra", "message"), [
    (("--top", "0"), "--top"), (("--draws", "1"), "draws"), (("--pair", "SER"), "such as GMY:RUS"), (("--pair", "SER:Serbia"), "twice in --pair"), (("--pair", "SER:NOBODY"), "NOBODY"),
])  # fmt: skip
def test_bad_input_is_exit_2(capsys, extra, message):
    code, _, err = run(capsys, *ASK, *extra)
    assert code == 2
    assert message in err
    assert "Traceback" not in err


def test_a_date_after_the_record_is_exit_2(capsys):
    code, _, err = run(capsys, "formation", "--in", "middle-east-2019")
    assert code == 2
    assert "2015-12-31" in err


def test_backtest_prints_scores_by_era_and_where_it_loses(capsys, tmp_path):
    figure = tmp_path / "calibration.svg"
    code, out, _ = run(capsys, "backtest", "pacts", "--draws", "20", "--figure", str(figure))
    assert code == 0
    assert "onset of defence ties, counting treaties, 1871 to 2015" in out
    assert "slope of calibration" in out
    for era in ("1871-2015", "1871-1913", "1914-1945", "1946-1989", "1990-2015"):
        assert era in out
    assert "The model does not beat a baseline in" in out
    assert figure.read_text(encoding="utf-8").startswith("<svg")


def test_backtest_of_ends_as_json(capsys):
    code, out, _ = run(capsys, "backtest", "pacts", "--target", "end", "--counting", "pairs", "--draws", "20", "--json")
    plain = json.loads(out)
    assert code == 0
    assert (plain["target"], plain["counting"]) == ("end", "pairs")
    assert [e["cases"] for e in plain["eras"]] == ["1871-1913", "1914-1945", "1946-1989", "1990-2015"]
    assert np.isfinite(plain["all"]["calibration"]["slope"])


def test_a_model_that_wins_everywhere_says_so(capsys, monkeypatch):
    from foedus.studies.tie_scores import TieScores

    monkeypatch.setattr(TieScores, "lost", property(lambda self: ()))
    _, out, _ = run(capsys, "backtest", "pacts", "--draws", "20")
    assert "It beats every baseline in every score over all years." in out


@pytest.mark.parametrize(
    ("extra", "message"),
    [
        (("--draws", "3"), "--draws"),
        (("--figure", "a.doc"), "--figure"),
        (("--target", "begin"), "target"),
        (("--on", "there"), "processes:N"),
    ],
)
def test_backtest_refuses(capsys, extra, message):
    code, _, err = run(capsys, "backtest", "pacts", *extra)
    assert code == 2
    assert message in err


def test_a_state_is_named_as_on_the_date(capsys, tmp_path):
    path = tmp_path / "old.toml"
    path.write_text(bundled_text("europe-1914").replace('name = "Serbia"', 'name = "Kingdom of Old"'), encoding="utf-8")
    out = run(capsys, "formation", "--in", str(path), "--draws", "8", "--pair", "SER:BUL")[1]
    assert "Kingdom of Old (SER) – Bulgaria, 1914-07-28:" in out
    assert "Kingdom of Old (SER)" in run(capsys, "formation", "--in", str(path), "--draws", "8", "--top", "200")[1]
