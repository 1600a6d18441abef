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
    assert "carried on to the end of 1915: 16 states, 40 futures, seed 1" in out
    assert "the last dispute of each pair is drawn: none is on record here" in out
    assert "no forecast" in out
    assert "Likeliest lost pacts" in out
    assert "GMY and RUS: chance" in out


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
    assert "GMY-ITA" in out


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
    assert "GMY-ITA" in out
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
