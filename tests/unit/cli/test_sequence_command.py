"""``foedus sequence`` as a user meets it."""

import json
import re

import pytest

from foedus.cli import main
from foedus.studies import sequence as study

FEW = ("--from", "1890-06-01", "--to", "1890-12-31", "--draws", "4")


def run(capsys, *argv):
    code = 0
    try:
        main(["sequence", *argv])
    except SystemExit as stop:
        code = stop.code or 0
    out = capsys.readouterr()
    return code, " ".join(out.out.split()), out.err


def test_the_steps_of_a_year(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "140")
    code, out, _ = run(capsys, *FEW)
    assert code == 0
    assert "2 days on which it changes, 1890-06-18 to 1890-11-29" in out
    assert "Reinsurance Treaty ends" in out
    assert "Every line-up into two blocs is proved" in out
    assert "Nobody changes bloc" in out
    assert re.search(r"\b[A-Z][a-z]+ [\d.]+ to [\d.]+", out)


def test_moves_members_and_entries_are_told(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "140")
    _, out, _ = run(capsys, "--from", "1878-07-13", "--to", "1878-07-13", "--draws", "4")
    assert "Serbia enters" in out
    assert "on the day" in out
    assert "?" in out
    _, out, _ = run(capsys, "--from", "1888-05-15", "--to", "1888-05-15", "--draws", "4")
    assert "ITA joins" in out
    _, out, _ = run(capsys, "--from", "1886-12-01", "--to", "1887-02-12", "--draws", "4", "--every")
    assert "First Mediterranean agreement" in out


def test_a_drift_is_told(capsys):
    _, out, _ = run(capsys, "--from", "1883-10-30", "--to", "1887-02-12", "--draws", "4")
    assert "since the step before, by ties that are no step, Serbia" in out


def test_a_line_up_that_is_not_proved_is_told(capsys, monkeypatch):
    from dataclasses import replace

    def loose(*args, **options):
        found = walk(*args, **options)
        return replace(found, steps=tuple(replace(s, proved=False, triads=None) for s in found.steps))

    walk = study.sequence
    monkeypatch.setattr(study, "sequence", loose)
    _, out, _ = run(capsys, *FEW)
    assert "2 of 2 steps rest on a line-up that is not proved, 1890-06-18 the first" in out
    assert "unknown" in out


def test_json_layers_and_figure(capsys, tmp_path):
    figure = tmp_path / "s.svg"
    code, out, _ = run(capsys, *FEW, "--json", "--without", "alignment, guarantee", "--figure", str(figure))
    assert code == 0
    found = json.loads(out)
    assert [s["date"] for s in found["steps"]] == ["1890-06-18", "1890-11-29"]
    assert figure.read_text().startswith("<svg")
    rows = tmp_path / "rows.csv"
    _, out, _ = run(capsys, *FEW, "--figure", str(figure), "--out", str(rows))
    assert str(rows) in out.replace(" ", "")
    assert rows.read_text().startswith("date,actor,bloc")


def test_six_powers(capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("COLUMNS", "140")
    code, out, _ = run(capsys, "--six-powers", "--draws", "20")
    assert code == 0
    assert "the published drawing has 0 ties against two blocs" in out
    assert "UKG-ITA friends (published foes)" in out
    assert "20 of 20" in out
    code, out, _ = run(capsys, "--six-powers", "--draws", "20", "--json", "--figure", str(tmp_path / "six.svg"))
    assert len(json.loads(out)["rows"]) == 30
    assert (tmp_path / "six.svg").read_text().startswith("<svg")
    _, out, _ = run(capsys, "--six-powers", "--draws", "4", "--figure", str(tmp_path / "six.svg"))
    assert "six.svg" in out.replace(" ", "")


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        (("--six-powers", "--from", "1890"), "six fixed dates"),
        (("--draws", "1"), "at least 2"),
        (("--six-powers", "--draws", "1"), "at least 2"),
        (("--in", "europe-1913"), "did you mean 'europe-1914'"),
        (("--figure", "x.pdf"), "ends in .svg"),
        (("--out", "x.txt"), ".parquet"),
        (("--from", "1895-05-01", "--to", "1895-05-02"), "a change between the two days"),
        (("--without", "treaty"), "one of alignment"),
    ],
)
def test_refusals(capsys, argv, told):
    code, _, err = run(capsys, *argv)
    assert code == 2
    assert told in " ".join(err.split())
    assert "Traceback" not in err
