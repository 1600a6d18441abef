"""Forecasts on the published data sets: made, kept, scored; the record beside a plain count; what lies ahead changes nothing."""

from __future__ import annotations

import datetime as dt
import json

import numpy as np
import polars as pl
import pytest

import foedus as fd
from foedus.cli import main
from foedus.data.store import DataDir
from foedus.errors import CoverageError, ParameterError
from foedus.studies.forecast import COUNTS, TARGETS, forecast
from foedus.studies.forecast_record import happened
from foedus.studies.forecast_scores import score_forecast

pytestmark = pytest.mark.realdata


@pytest.fixture(scope="module")
def record(realdata_dir):
    return happened(DataDir(realdata_dir))


@pytest.fixture(scope="module")
def made(realdata_dir):
    return forecast(fd.system("1975-01-01", data_dir=realdata_dir), years=2, draws=100, data_dir=realdata_dir)


def test_the_record_is_what_the_tables_say(record, realdata_dir):
    wars = DataDir(realdata_dir).table("cow_wars")
    begun = (
        wars.group_by("warnum").agg(pl.col("start").min().dt.year().alias("year")).filter(pl.col("year") == 1973).height
    )
    assert record.count("wars", 1973) == begun == 1
    at = {c: k for k, c in enumerate(record.codes.tolist())}
    met = record.between("wars", 1973, 1973)
    assert met[at[651], at[666]]
    assert met[at[666], at[652]]
    assert not met[at[651], at[652]], "allies do not meet"
    assert record.members(1990)[at[265]]
    assert not record.members(1991)[at[265]], "the German Democratic Republic ended in 1990"
    assert record.members(2018)[at[2]], "the list of states ends in 2016; who is on it then is taken to stay"
    nato = record.outcome("pact forms", 1997, 1)  # the protocols of accession were signed in December 1997
    assert nato[at[290], at[200]]
    assert not record.outcome("pact forms", 1998, 1)[at[290], at[200]]
    korea = record.outcome("enters a war", 1950, 1)
    assert korea[at[2], at[2]]
    assert not korea[at[731], at[731]], "North Korea began it"
    assert (
        record.outcome("pact called on", 1914, 1)[at[200], at[211]]
        == record.ties.at(record.codes, dt.date(1914, 8, 4))[0][at[200], at[211]]
    )
    called, kept = (record.outcome(t, 1939, 1) for t in ("pact called on", "pact kept"))
    assert called[at[220], at[290]]
    assert kept[at[220], at[290]], "France came to Poland's side"
    assert not (kept & ~called).any()
    came, risk, recent = record.year("dispute", 1973, 5)
    assert risk[at[651], at[666]] or risk[at[666], at[651]]
    assert recent[at[651], at[666]]
    assert came.sum() > 0


def test_rows_hold_every_pair_at_risk_and_chances(made):
    n = len(made.evolution.system.actors)
    pairs = n * (n - 1) // 2
    for h in (1, 2):
        some = made.pairs.filter(pl.col("horizon") == h)
        tied = some.filter(pl.col("target") == "pact ends").height
        assert some.filter(pl.col("target") == "pact forms").height == pairs - tied
        assert some.filter(pl.col("target") == "war").height == pairs
        assert some.filter(pl.col("target") == "pact kept").height == tied
        assert some.filter(pl.col("target") == "enters a war").height == n
        p = {t: some.filter(pl.col("target") == t)["p"].to_numpy() for t in ("pact called on", "pact kept")}
        assert (p["pact kept"] <= p["pact called on"]).all(), "only who is called on can keep"
    p = made.pairs.select("p", "p_base", "p_last").to_numpy()
    assert ((p > 0) & (p < 1)).all()
    assert set(made.counts["target"]) == set(COUNTS)
    top = made.table("dispute", top=5)
    assert ((top["low"] <= top["p"] + 0.01) & (top["p"] - 0.01 <= top["high"])).all()
    assert made.to_dict()["in_sample"] is True
    with pytest.raises(ParameterError, match="target"):
        made.table("peace")
    with pytest.raises(ParameterError, match="horizon"):
        made.table(horizon=9)


def test_the_same_forecast_has_the_same_id_on_any_number_of_threads(made, realdata_dir):
    again = forecast(
        fd.system("1975-01-01", data_dir=realdata_dir), years=2, draws=100, data_dir=realdata_dir, workers=2
    )
    assert again.id == made.id
    assert again.pairs.equals(made.pairs)


def test_scores_are_those_of_a_plain_count(made, record):
    found = score_forecast(made.rows(), dt.date(1975, 1, 1), record)
    assert found.waiting == ()
    some = made.pairs.filter((pl.col("target") == "dispute") & (pl.col("horizon") == 2))
    at = {c: k for k, c in enumerate(record.codes.tolist())}
    came, stays = record.between("disputes", 1975, 1976), record.members(1977)
    y, p = [], []
    for a, b, chance in some.select("a", "b", "p").rows():
        if stays[at[a]] and stays[at[b]]:
            y.append(float(came[at[a], at[b]]))
            p.append(chance)
    row = found.pairs.row(
        by_predicate=(pl.col("target") == "dispute") & (pl.col("horizon") == 2) & (pl.col("by") == "model"), named=True
    )
    assert (row["n"], row["events"]) == (len(y), sum(y))
    assert row["brier"] == pytest.approx(np.mean((np.array(p) - y) ** 2))
    assert row["log"] == pytest.approx(-np.mean(np.log(np.where(np.array(y) == 1, p, 1 - np.array(p)))))
    best = found.pairs.filter((pl.col("target") == "dispute") & (pl.col("horizon") == 2)).sort(
        "precision", descending=True
    )
    assert best["by"][0] == "model"
    assert set(found.counts["by"]) == {"model", "ten years before"}


def test_what_is_not_on_record_waits(realdata_dir, record):
    late = forecast(fd.system("2016-01-01", data_dir=realdata_dir), years=4, draws=20, data_dir=realdata_dir)
    found = score_forecast(late.rows(), dt.date(2016, 1, 1), record)
    assert ("war", 1) in found.waiting
    assert ("pact forms", 4) in found.waiting
    assert set(found.pairs["target"]) == {"pact forms", "pact ends"}
    assert (found.pairs["n"] > 0).all()
    assert late.about["before_until"]["war"] == 2007
    assert late.about["in_sample"] is True
    assert set(late.pairs["target"]) == set(TARGETS)


@pytest.mark.parametrize("which", ["europe-1914", "1914-07-28", "1820"])
def test_what_cannot_be_scored_is_refused(which, realdata_dir):
    system = fd.load(which) if which.startswith("europe") else fd.system(which, data_dir=realdata_dir)
    with pytest.raises(CoverageError, match=r"forecast|ten years"):
        forecast(system, years=1, draws=10, data_dir=realdata_dir)


def run(capsys, *argv):
    code = 0
    try:
        main(list(argv))
    except SystemExit as stop:
        code = stop.code or 0
    return code, " ".join(capsys.readouterr().out.split())


def test_the_commands(realdata_dir, tmp_path, capsys):
    data, board = ("--data-dir", str(realdata_dir)), str(tmp_path / "board.jsonl")
    shot = ("forecast", "--in", "1975", "--years", "2", "--draws", "40", *data)
    code, text = run(capsys, *shot, "--board", board, "--top", "2", "--out", str(tmp_path / "pairs.csv"))
    assert code == 0
    assert "in sample" in text
    assert "Pairs that meet in a war" in text
    assert "written as line 1" in text
    assert pl.read_csv(tmp_path / "pairs.csv").height > 10_000
    assert json.loads(run(capsys, *shot, "--json")[1])["draws"] == 40
    assert run(capsys, *shot, "--board", board)[0] == 2, "the same forecast is not issued twice"
    assert run(capsys, "scoreboard", board)[1].count("not yet") == 1
    scored = run(capsys, "scoreboard", board, "--score", *data)[1]
    assert "log score (less is better)" in scored
    assert len(json.loads(run(capsys, "scoreboard", board, "--score", "--json", *data)[1])["entries"]) == 2, (
        "scored once by the same data"
    )
    assert "each as it was written" in run(capsys, "scoreboard", board, "--check")[1]
    (tmp_path / "board.jsonl").write_text(
        (tmp_path / "board.jsonl").read_text().replace('"draws": 40', '"draws": 4000')
    )
    code, text = run(capsys, "scoreboard", board, "--check")
    assert (code, "line 1" in text) == (1, True)
    assert json.loads(run(capsys, "scoreboard", board, "--check", "--json")[1])["problems"][0]["where"] == "line 1"
    assert run(capsys, "scoreboard", board)[0] == 2
    assert run(capsys, "scoreboard", str(tmp_path / "none.jsonl"))[0] == 2
