"""`foedus evolve`: what it prints, another fork, folders, what it refuses."""

import json

import pytest

from foedus.cli import main

HERE = ("--in", "europe-1914", "--years", "2", "--draws", "40")


@pytest.fixture
def run(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "120")

    def ran(*argv):
        code = 0
        try:
            main(["evolve", *argv])
        except SystemExit as stop:
            code = stop.code or 0
        out = capsys.readouterr()
        return code, " ".join(out.out.split()), out.err

    return ran


def test_futures_are_told_with_what_they_are_not(run):
    code, out, _ = run(*HERE, "--pair", "GMY:RUS")
    assert code == 0
    assert "carried on to the end of 1915: 16 actors, 40 futures, seed 1" in out
    assert "the last dispute of each pair is drawn: none is on record here" in out
    assert "no forecast" in out
    assert "Likeliest lost pacts" in out
    assert "Germany and Russia: chance" in out


def test_a_share_of_no_triads_is_no_number():
    from foedus.cli.evolve import _span

    none = {"balance": float("nan"), "balance_low": float("nan"), "balance_high": float("nan")}
    assert _span(none, "balance", 0, 100) == "none closed"


def test_one_future_is_told_by_year(run):
    code, out, _ = run(*HERE, "--future", "3")
    assert code == 0
    assert "Future 3 of 40, one among many: 1914:" in out
    code, out, _ = run(*HERE, "--future", "3", "--json")
    assert all(set(e) == {"year", "what", "a", "b"} for e in json.loads(out)["future"])


def test_groups_are_carried_on_by_analogy_and_that_is_said(run):
    code, out, _ = run("--in", "middle-east-2015", "--years", "1", "--draws", "10")
    assert code == 0
    assert "are no states: the fits know states only" in out


def test_json_holds_pairs_and_the_other_fork(run):
    code, out, _ = run(*HERE, "--pair", "GMY:AUH", "--what-if", "void:dual-alliance", "--json")
    assert code == 0
    plain = json.loads(out)
    assert plain["evolution"]["draws"] == 40
    assert plain["pairs"][0]["years"][-1]["p_allied"] > 0.5
    assert plain["against"]["standing"] == "simulated, paired"


def test_voided_pacts_are_set_beside_the_fork(run):
    code, out, _ = run(*HERE, "--void", "triple-alliance")
    assert code == 0
    assert "Pairs with a defence pact at the fork: 10; in the other 8" in out
    assert "Germany – Italy" in out


def test_a_what_if_of_the_scenario_without_pledges_leaves_pacts_as_they_were(run):
    code, out, _ = run(*HERE, "--what-if", "no-entente-alignments")
    assert code == 0
    assert "the same: the edit leaves who is allied as it was" in out


def test_a_run_is_kept_resumed_and_set_against_another(run, tmp_path):
    assert run(*HERE, "--save", str(tmp_path / "a"), "--what-if", "void:triple-alliance")[0] == 0
    assert (tmp_path / "a" / "what-if" / "years.parquet").exists()
    code, first, _ = run(*HERE, "--save", str(tmp_path / "a"), "--resume")
    assert code == 0
    code, out, _ = run(*HERE, "--against", str(tmp_path / "a" / "what-if"))
    assert code == 0
    assert "Germany – Italy" in out
    assert first.split("Each cell")[0] == out.split("Each cell")[0]


def test_a_stopped_run_says_how_to_go_on(run, tmp_path, monkeypatch):
    import foedus.formation.evolve as running

    def stop(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(running, "part", stop)
    code, _, err = run(*HERE, "--save", str(tmp_path / "a"))
    assert code == 130
    assert "--resume goes on" in err
    code, _, err = run(*HERE)
    assert code == 130
    assert "--resume" not in err


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (("--what-if", "void:dual-alliance", "--void", "triple-alliance"), "do not go together"),
        (("--years", "99"), "years"),
        (("--resume",), "resume"),
        (("--forward",), "range of years"),
        (("--pair", "GMY"), "--pair"),
        (("--pair", "GMY:XYZ"), "XYZ"),
        (("--void", "no such pact"), "Unknown pact"),
        (("--against", "/nowhere/at/all"), "No futures are kept there"),
    ],
)
def test_bad_input_is_refused(run, argv, words):
    code, out, err = run(*HERE, *argv)
    assert code == 2 if "nowhere" not in " ".join(argv) else code in (1, 2)
    assert words in err
    assert not out or "GMY:XYZ" in argv


def test_a_range_of_years_is_the_check_and_takes_no_fork(run, monkeypatch, tmp_path):
    import numpy as np

    from foedus.studies import evolve_check
    from foedus.studies.evolve_check import MEASURES, Check, Window

    asked = {}

    def check(**options):
        asked.update(options)
        draws = {m: np.arange(20.0) for m in MEASURES}
        windows = [
            Window(y, 10, 40, draws, dict.fromkeys(MEASURES, 5.0), dict.fromkeys(MEASURES, 4.0))
            for y in options["starts"]
        ]
        return Check(tuple(windows), 1, options["forward"])

    monkeypatch.setattr(evolve_check, "evolve_check", check)
    code, out, _ = run("--in", "1846:1900", "--figure", str(tmp_path / "check.svg"))
    assert code == 0
    assert asked["starts"] == (1846, 1856, 1866, 1876, 1886, 1896)
    assert "1846-1855" in out
    assert "In sample" in out
    assert (tmp_path / "check.svg").read_text().startswith("<svg")
    code, out, _ = run("--in", "1846:1900", "--forward", "--json")
    assert asked["starts"] == (1866, 1876, 1886, 1896)
    assert json.loads(out)["scores"][0]["inside_90"] == 1.0
    code, _, err = run("--in", "1846:1900", "--void", "x", "--years", "5")
    assert code == 2
    assert "--void, --years of a range of years" in err
