"""``foedus fit`` on files: what it prints, what it writes, and what it refuses with exit 2 and without a traceback."""

import json

import numpy as np
import polars as pl
import pytest

from foedus.cli import main
from foedus.cli.fit import rare_events
from foedus.errors import ParameterError
from foedus.estimate.rare import RareEvents
from foedus.studies.fit import fit


def run(capsys, *argv):
    try:
        main(list(argv))
        code = 0
    except SystemExit as end:
        code = end.code
    out = capsys.readouterr()
    return code, out.out, out.err


@pytest.fixture
def file(tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "120")
    rng = np.random.default_rng(1)
    n = 700
    x = rng.normal(size=n)
    frame = pl.DataFrame(
        {"ccode1": rng.integers(1, 40, n), "ccode2": rng.integers(40, 80, n), "year": rng.integers(1900, 1990, n), "x": x,
         "y": (rng.random(n) < 1 / (1 + np.exp(3 - x))).astype(int), "apart": (np.arange(n) < 3).astype(int), "place": rng.choice(["a", "b"], n)}
    ).unique(["ccode1", "ccode2", "year"], maintain_order=True).with_columns(pl.when(pl.int_range(pl.len()) > 9).then("x").alias("x"))  # fmt: skip
    frame = frame.with_columns(y=pl.when(pl.col("apart") == 1).then(1).otherwise("y"))
    path = tmp_path / "rows.csv"
    frame.write_csv(path)
    return str(path)


def test_what_is_printed(capsys, file):
    code, out, err = run(capsys, "fit", "y ~ x + C(place)", "--data", file, "--errors", "cluster,dyadic")
    assert (code, err) == (0, "")
    found = fit("y ~ x + C(place)", pl.read_csv(file), errors=("cluster", "dyadic"))
    assert f"{found.model.n} undirected dyad-years 1900-1989; {found.model.events} events" in out
    assert f"Left out: 10 of {found.given} rows. x is missing in 10." in out
    assert f"by cluster: pair ({found.model.clusters})" in out
    for row in found.table().to_dicts():
        assert f"{row['estimate']:.4g}" in out
        assert f"{row['std_error_dyadic']:.4g}" in out
    assert f"{100 * found.changes[0].p_after:.4g}" in out
    assert "what the model says, not what a change would do" in " ".join(out.split())
    assert "x: a column of the rows given" in out


def test_files_and_json_hold_the_same(capsys, file, tmp_path):
    target = tmp_path / "fit.json"
    code, out, _ = run(capsys, "fit", "y ~ x", "--data", file, "--json", "--out", str(target))
    assert code == 0
    assert json.loads(out) == json.loads(target.read_text())
    assert json.loads(out)["standing"] == "estimated"
    _, out, _ = run(capsys, "fit", "y ~ x", "--data", file, "--out", str(tmp_path / "fit.csv"))
    assert out.rstrip().endswith("fit.csv")
    assert pl.read_csv(tmp_path / "fit.csv")["term"].to_list() == ["intercept", "x"]


def test_penalty_and_corrections_are_named(capsys, file):
    _, out, _ = run(capsys, "fit", "y ~ x + place", "--data", file, "--penalty", "firth", "--no-differences")
    assert "Firth's logit of y ~ x + place" in out
    assert "Penalised by Jeffreys' prior" in out
    assert "intervals and p by the profile of the likelihood" in " ".join(out.split())
    assert "First differences" not in out
    _, out, _ = run(capsys, "fit", "y ~ x", "--data", file, "--rare", "prior:0.004")
    assert (
        "Corrected for rare events: the constant by prior correction and coefficients for the bias of few events, events are 0.4 %"
        in " ".join(out.split())
    )
    _, out, _ = run(capsys, "fit", "y ~ x", "--data", file, "--rare", "weights:0.004", "--errors", "robust")
    assert "by weights of events and others" in out
    assert "robust to variance" in out
    _, out, _ = run(capsys, "fit", "y ~ x", "--data", file, "--errors", "bootstrap", "--draws", "30", "--seed", "4")
    assert "bootstrap of rows, 30 sets, seed 4" in out
    _, out, _ = run(capsys, "fit", "y ~ x", "--data", file, "--errors", "cluster", "--cluster", "pair,year")
    assert "by cluster: pair and year" in out


def test_few_events_are_said(capsys, file):
    _, out, _ = run(capsys, "fit", "apart ~ 1", "--data", file)
    assert "Few events: 3 of the rarer kind for 1 terms" in out


def test_the_same_seed_gives_the_same_bytes(capsys, file):
    argv = ("fit", "y ~ x", "--data", file, "--errors", "bootstrap", "--draws", "25", "--json", "--seed")
    assert run(capsys, *argv, "3") == run(capsys, *argv, "3") != run(capsys, *argv, "4")


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["y x"], "Cannot read the formula: got 'y x'"),
        (["y ~ z"], "The frame lacks columns of the formula: got z"),
        (["y ~ apart"], "Terms separate the classes, so that their log-odds have no finite estimate: got apart"),
        (["y ~ x + I(2 * x)"], "Terms are sums of each other: got x, I(2 * x)"),
        (["x ~ y"], "expected 0 and 1"),
        (["y ~ I(0 * year)"], "A term never differs from 0: got I(0 * year)"),
        (["y ~ np.exp(x * 900)"], "a value that is not finite"),
        (["y ~ I(x * 1e150)"], "Values too large or too small to square: got I(x * 1e+150)"),
        (["y ~ x", "--rare", "prior"], "expected bias, prior:SHARE or weights:SHARE"),
        (["y ~ x", "--rare", "bias:0.1"], "expected bias, prior:SHARE or weights:SHARE"),
        (["y ~ x", "--rare", "much:0.1"], "expected bias, prior:SHARE or weights:SHARE"),
        (["y ~ x", "--errors", "odd"], "The 'errors' parameter: got 'odd'"),
        (["y ~ x", "--missing", "raise"], "Missing values: got x in 10 of"),
        (["y ~ x", "--relevant"], "--data with --relevant"),
        (["y ~ x", "--panel", "dyad-year", "--from", "1900"], "--data with --panel, --from"),
        (["y ~ x", "--directed", "--undirected"], "--directed and --undirected exclude each other"),
        (["y ~ x", "--out", "fit.xlsx"], "a file that ends in .parquet, .csv, .json"),
        (["y ~ x", "--penalty", "ridge"], "firth"),
        (
            ["y ~ apart", "--penalty", "firth", "--errors", "cluster"],
            "Errors cluster where terms separate the classes: got apart",
        ),
        (["y ~ x", "--errors", "dyadic", "--level", "2"], "'level' parameter"),
    ],
)
def test_what_is_refused(capsys, file, argv, words):
    code, out, err = run(capsys, "fit", *argv, "--data", file)
    assert (code, out) == (2, "")
    assert words in " ".join(err.split())
    assert "Traceback" not in err


def test_a_frame_without_unit_has_no_pairs(capsys, file, tmp_path):
    path = tmp_path / "plain.parquet"
    pl.read_csv(file).select("x", "y").write_parquet(path)
    code, _, err = run(capsys, "fit", "y ~ x", "--data", str(path), "--errors", "dyadic")
    assert code == 2
    assert "labels of the two members of each pair" in err
    _, out, _ = run(capsys, "fit", "y ~ x", "--data", str(path))
    assert "standard errors: classical" in out
    code, _, err = run(capsys, "fit", "y ~ x", "--data", str(tmp_path / "none.csv"))
    assert (code, "No such file" in err) == (2, True)


def test_one_class_only(capsys, file, tmp_path):
    path = tmp_path / "one.csv"
    pl.read_csv(file).with_columns(y=0).write_csv(path)
    code, _, err = run(capsys, "fit", "y ~ x", "--data", str(path))
    assert (code, "A single class" in err) == (2, True)


def test_corrections_are_read():
    assert rare_events(None) is None
    assert rare_events("bias") == RareEvents("bias")
    assert rare_events("weights:0.01") == RareEvents("weights", 0.01)
    with pytest.raises(ParameterError, match="'--rare' parameter: got 'prior:x'"):
        rare_events("prior:x")
