"""`foedus network-fit`: what it prints and what it refuses."""

from __future__ import annotations

import json

import numpy as np
import pytest

from foedus.cli import main
from foedus.formation.network import Network


def run(capsys, *argv):
    code = 0
    try:
        main(["network-fit", *argv])
    except SystemExit as stop:
        code = stop.code or 0
    out = capsys.readouterr()
    return code, out.out, out.err


@pytest.fixture(autouse=True)
def wide(monkeypatch, tmp_path):
    monkeypatch.setenv("COLUMNS", "160")
    monkeypatch.chdir(tmp_path)


def made(first, last, names, pairs):
    """Return small networks in which some ties go and come, with these covariates; the last is unknown."""
    rng = np.random.default_rng(2)
    ties, out = np.triu(rng.random((12, 12)) < 0.3, 1), []
    for year in range(first, last + 1):
        before = ties
        ties = np.triu(np.where(rng.random((12, 12)) < 0.5, before, rng.random((12, 12)) < 0.3), 1)
        squares = {name: np.triu(rng.normal(size=(12, 12)), 1) for name in pairs}
        known = {name: s + s.T for name, s in squares.items()}
        if "religion" in known:
            known["religion"] = np.full((12, 12), np.nan)
        nodes = {name: rng.normal(size=12) for name in names}
        out.append(Network(year, tuple(map(str, range(12))), ties | ties.T, before | before.T, nodes, known))
    return tuple(out)


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Replace the networks of the store."""
    monkeypatch.setattr(
        "foedus.studies.network_rows.reference_networks",
        lambda *, absent, data_dir: made(1981, 2000, ("polity", "cinc"), ("border", "dispute", "shared_before")),
    )
    monkeypatch.setattr(
        "foedus.studies.network_rows.pact_networks",
        lambda first, last, *, data_dir=None: made(
            first,
            last,
            ("threat", "log_cinc", "democracy"),
            ("land", "log_distance", "rivalry", "common_enemy", "religion"),
        ),
    )


def test_the_reference_fit(capsys):
    code, out, _ = run(capsys, "--draws", "40", "--lagged")
    assert code == 0
    assert "1,320 pair-years" in out
    assert "memory(autoregression)" in out
    assert "40 resampled sets of 20 years (seed 1)" in out
    assert "Goodness" not in out


def test_own_networks_drop_what_is_unknown_and_resample_blocks(capsys):
    code, out, _ = run(capsys, "--data", "atop", "--from", "1946", "--to", "1965", "--draws", "30", "--block", "2")
    assert code == 0
    assert "edgecov(religion) is dropped: known for 0% of the pairs of 1946" in out
    assert "20 years in blocks of 2" in out


def test_goodness_of_fit_and_its_chart(capsys, tmp_path):
    code, out, _ = run(
        capsys, "--terms", "edges,gwesp(0)", "--draws", "20", "--gof", "--samples", "5", "--figure", "fit.svg"
    )
    assert code == 0
    assert "Goodness of fit: 5 networks a year" in out
    assert "Degenerate in no year" in out
    assert (tmp_path / "fit.svg").read_text(encoding="utf-8").startswith("<svg")


def test_json(capsys):
    argv = ("--terms", "edges,gwesp(0)", "--lagged", "--draws", "20", "--gof", "--samples", "4", "--json")
    code, out, _ = run(capsys, *argv)
    found = json.loads(out)
    assert (code, found["data"], found["n"], found["dropped"]) == (0, "tergm", 1320, {})
    assert [c["term"] for c in found["coefficients"]] == ["edges", "gwesp(0)", "memory(autoregression)"]
    assert len(found["goodness"]["years"]) == 20
    assert run(capsys, *argv)[1] == out


def test_years_not_seen(capsys, monkeypatch):
    from foedus.studies import network_backtest as study

    few = study.forecast_networks(
        made(1900, 1912, (), ()), 1905, terms=["edges", "gwesp(0)", "memory(autoregression)"], independent=["edges", "memory(autoregression)"]
    )  # fmt: skip
    monkeypatch.setattr(study, "backtest_networks", lambda **_: few)
    code, out, _ = run(capsys, "--data", "atop", "--held-out", "--draws", "30")
    assert code == 0
    assert "462 pair-years not seen, 1906-1912" in out
    for title in study.CASES.values():
        assert title in out
    assert "does not beat" in out
    code, out, _ = run(capsys, "--data", "atop", "--held-out", "--draws", "30", "--json")
    assert json.loads(out)["n"] == 462


def test_a_degenerate_model_is_said_to_be(capsys, monkeypatch):
    from dataclasses import replace

    from foedus.formation import tergm as module

    plain = module.tergm

    def empty(*args, **kw):
        fit = plain(*args, **kw)
        return replace(fit, coef=np.array([-9.0, 0.0]))

    monkeypatch.setattr(module, "tergm", empty)
    code, out, _ = run(capsys, "--terms", "edges,gwesp(0)", "--draws", "20", "--gof", "--samples", "4")
    assert code == 0
    assert "Degenerate in 20 of 20 years: 1981," in out
    assert "nearly empty" in out


@pytest.mark.parametrize(
    ("argv", "text"),
    [
        (("--figure", "a.svg"), "--gof"), (("--data", "atop", "--absent", "zero"), "--absent"), (("--draws", "5"), "--draws"), (("--held-out",), "--held-out"),
        (("--data", "atop", "--held-out", "--lagged"), "--held-out"), (("--from", "1970"), "1981-2000"), (("--from", "1990", "--to", "1990"), "1981-2000"),
        (("--data", "atop", "--to", "2020"), "1817-2016"), (("--terms", "edges,stars"), "terms"), (("--terms", "edges,nodecov(gold)"), "no such covariate"),
        (("--gof", "--figure", "a.txt"), "--figure"), (("--block", "11"), "block"), (("--gof", "--samples", "0", "--draws", "20"), "samples"),
    ],
)  # fmt: skip
def test_what_is_refused(capsys, argv, text):
    code, out, err = run(capsys, *argv)
    assert code == 2
    assert out == ""
    assert text in err
