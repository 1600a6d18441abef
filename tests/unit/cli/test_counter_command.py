"""``foedus counter-pacts``: what is printed, written and refused."""

import json
from dataclasses import replace

import pytest

from counter_twin import made_up
from foedus.cli import main
from foedus.formation.counter_events import Outsiders
from foedus.studies import counter_pacts as study
from foedus.studies import counter_sequence as steps
from foedus.studies.counter_pacts import answered, answers


@pytest.fixture(scope="module")
def history():
    return made_up(31, planted=0.3, states=20, pacts=20)[0]


@pytest.fixture
def made(monkeypatch, history):
    asked = []

    def run(**more):
        asked.append(more)
        base = {
            "within": 5,
            "pacts": "defense",
            "designs": ("permute", "matched"),
            "first": 1816,
            "last": 2018,
            "samples": 19,
            "draws": 30,
        }
        return answered(history, **(base | {k: v for k, v in more.items() if k not in ("data_dir", "progress")}))

    monkeypatch.setattr(study, "counter_pacts", run)
    monkeypatch.setenv("COLUMNS", "100")
    return asked


def run(capsys, *argv):
    code = 0
    try:
        main(["counter-pacts", *argv])
    except SystemExit as stop:
        code = stop.code or 0
    out, err = capsys.readouterr()
    return code, out, err


def test_eras_by_default(capsys, made):
    code, out, _ = run(capsys)
    assert code == 0
    for words in ("20 new pacts (defense)", "Did threat and power gap rise?", "against other dates, within 5", "against own shifts", "against peers, within 5",
                  "years before the pact", "With whom", "Redress", "All eras:", "A verdict needs both comparisons"):  # fmt: skip
        assert words in " ".join(out.split())
    assert max(map(len, out.splitlines())) <= 100
    assert made[0]["seed"] == 1


def test_years_one_null_and_files(capsys, made, tmp_path):
    figure, rows = tmp_path / "f.svg", tmp_path / "r.csv"
    code, out, _ = run(
        capsys,
        "--by",
        "years",
        "--null",
        "matched",
        "--within",
        "3",
        "--from",
        "1820",
        "--to",
        "1900",
        "--figure",
        str(figure),
        "--out",
        str(rows),
    )
    assert code == 0
    assert "10 y" in out
    assert "against other dates" not in out.split("points:")[0]
    assert made[0] | {"designs": ("matched",), "first": 1820, "last": 1900, "within": 3} == made[0]
    assert figure.read_text().startswith("<svg")
    assert "outsider" in rows.read_text().splitlines()[0]
    assert f"wrote {figure}" in out.replace("\n", "")


def test_json(capsys, made):
    told = json.loads(run(capsys, "--json", "--seed", "7", "--data-dir", "here")[1])
    assert (made[-1]["seed"], str(made[-1]["data_dir"])) == (7, "here")
    assert told["verdicts"]["all"]["answer"]
    assert told["comparisons"]


@pytest.mark.parametrize(
    ("argv", "words"),
    [(("--sequence", "--within", "3"), "--sequence takes"), (("--sequence", "--null", "both"), "--sequence takes"), (("--figure", "f.pdf"), ".svg"),
     (("--out", "rows.doc"), ".csv"), (("--out", "rows.json"), ".parquet, .csv."), (("--out", "no/rows.csv"), "in a folder that is there"), (("--pacts", "peace"), "peace")],
)  # fmt: skip
def test_what_is_refused(capsys, made, tmp_path, monkeypatch, argv, words):
    monkeypatch.chdir(tmp_path)
    code, _, err = run(capsys, *argv)
    assert code == 2
    assert words in err
    assert not made


def test_the_sequence(capsys, monkeypatch, history):
    monkeypatch.setenv("COLUMNS", "100")
    rows = answers(replace(history, gap_after=history.gap_before + 0.5), history.threatened & (history.pairs.pact == 0))
    rows = tuple(replace(r, rise=0.003) for r in rows)
    none = replace(rows[0], years=None, answer="", share=12.0, gap_before=None)
    late = replace(rows[0], years=40.0, answer="late", share=0.3)
    far = replace(rows[0], outsider="FAR", rise=0.0029)
    made = steps.Sequence((
        steps.Step("Dual", "1879-10-07", ("GMY", "AUH"), 1335, (*rows, none, late, far)), steps.Step("Entente", "1904-04-08", ("UKG", "FRN"), None, ()),
    ))  # fmt: skip
    monkeypatch.setattr(steps, "counter_sequence", lambda **more: made)
    code, out, _ = run(capsys, "--sequence")
    assert code == 0
    assert "12-fold" in out
    assert "No pledge in ATOP" in out
    assert "late" not in out
    assert "FAR" not in out
    assert "Left out: 1 with a rise below 0.003" in " ".join(out.split())
    assert "FAR" in {a["outsider"] for a in json.loads(run(capsys, "--sequence", "--json")[1])["steps"]}


def test_a_single_era_is_not_printed_twice(capsys, monkeypatch, history):
    found = answered(
        history, within=5, pacts="defense", designs=("matched",), samples=19, draws=30, seed=1, first=1816, last=2018
    )
    eras = [r for r in found.rises[:-1] if r.pacts]
    assert len(eras) > 1, "the made-up pacts should span eras"
    monkeypatch.setattr(
        study, "counter_pacts", lambda **_: replace(found, rises=(eras[0], replace(eras[0], era="all")))
    )
    monkeypatch.setenv("COLUMNS", "100")
    table = run(capsys)[1].split("Did threat and power gap rise?")[1].split("threatened: the pact adds")[0]
    assert eras[0].era in table
    assert "│ all " not in table
    monkeypatch.setattr(study, "counter_pacts", lambda **_: found)
    table = run(capsys)[1].split("Did threat and power gap rise?")[1].split("threatened: the pact adds")[0]
    assert "│ all " in table


def test_years_without_pacts_and_a_record_that_ends_first(capsys, monkeypatch, history):
    monkeypatch.setenv("COLUMNS", "100")
    none = replace(
        history, pacts=(), pairs=Outsiders(history.pairs.pact[:0], history.pairs.state[:0], history.pairs.day[:0], history.pairs.member[:0]),
        **{name: getattr(history, name)[:0] for name in ("rise", "before", "gap_before", "gap_after", "power", "major")},
    )  # fmt: skip
    for one in (none, replace(history, end=1)):
        found = answered(
            one,
            within=5,
            pacts="any",
            designs=("permute", "matched"),
            samples=19,
            draws=30,
            seed=1,
            first=1816,
            last=2018,
        )
        monkeypatch.setattr(study, "counter_pacts", lambda found=found, **_: found)
        code, out, _ = run(capsys)
        assert code == 0
        assert "unknown" in out
        assert "too few to say" in " ".join(out.split())
        assert json.loads(run(capsys, "--json")[1])["threatened"] == found.threatened
