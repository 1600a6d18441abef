import json

import numpy as np
import pandas as pd
import polars as pl
import pyreadstat
import pytest

from foedus.cli import main


def run(capsys, *argv):
    code = 0
    try:
        main(["crisis", "estimate", *argv])
    except SystemExit as stop:
        code = stop.code or 0
    out = capsys.readouterr()
    return code, " ".join(out.out.split()), out.err


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("rows")
    rng = np.random.default_rng(1)
    z = rng.normal(size=400)
    p4 = 0.5 + 0.4 * np.tanh(z)
    end = np.where(rng.random(400) < 1 - p4, np.where(rng.random(400) < p4, 4, 3), 1)
    rows = pl.DataFrame(
        {
            "end": end,
            "z": z,
            "offer": np.clip(5 + rng.normal(size=400), 0, 10),
            "yes": (rng.random(400) < 0.7).astype(int),
        }
    )
    rows = rows.with_columns(name=pl.col("end").replace_strict({1: "stays", 3: "yields", 4: "resists"}))
    rows.write_csv(folder / "rows.csv")
    rows.write_parquet(folder / "rows.parquet")
    pyreadstat.write_dta(pd.DataFrame({c: rows[c].to_numpy() for c in ("end", "z")}), str(folder / "rows.dta"))
    (folder / "broken.parquet").write_text("no")
    return folder


def test_the_same_numbers_from_any_file(files, capsys):
    found = [json.loads(run(capsys, "end ~ 0 | 1 | 1 | z", "--data", str(files / f"rows.{kind}"), "--starts", "2", "--json")[1])
             for kind in ("csv", "parquet", "dta")]  # fmt: skip
    assert found[0] == found[1] == found[2]
    code, text, _ = run(
        capsys,
        "name ~ 0 | 1 | 1 | z",
        "--data",
        str(files / "rows.csv"),
        "--ends",
        "stays,yields,resists",
        "--starts",
        "2",
    )
    assert code == 0
    assert f"log-likelihood {found[0]['log_likelihood']:.4f}" in text
    assert "egame12, probit, agent errors: 400 rows (stays" in text
    assert "not proved the highest" in text
    assert "estimated; starts drawn with seed 1" in text
    assert (found[0]["seed"], found[0]["draws"]) == (1, None)
    assert found[0]["standing"].startswith("estimated; ")
    same = json.loads(
        run(
            capsys,
            "end ~ 0 | 1 | 1 | z",
            "--data",
            str(files / "rows.csv"),
            "--ends",
            "1,3,4",
            "--starts",
            "2",
            "--json",
        )[1]
    )
    assert same == found[0]


def test_the_ultimatum_game(files, capsys):
    shot = ("offer ~ z | 1", "--data", str(files / "rows.csv"), "--game", "ultimatum")
    code, text, _ = run(capsys, *shot, "--size", "10", "--accepted", "yes", "--errors", "robust")
    assert code == 0
    assert "ultimatum game for 10: 400 offers" in text
    assert "answers not known" in run(capsys, *shot, "--size", "10")[1]
    assert json.loads(run(capsys, *shot, "--size", "10", "--accepted", "yes", "--json")[1])["game"] == "ultimatum"
    plain = json.loads(run(capsys, *shot, "--size", "10", "--seed", "7", "--json")[1])
    assert (plain["seed"], plain["draws"], plain["standing"][:9]) == (7, None, "estimated")
    assert run(capsys, *shot)[0] == 2
    assert run(capsys, *shot, "--size", "10", "--errors", "cluster")[0] == 2


@pytest.mark.parametrize(
    ("data", "extra", "match"),
    [
        ("missing.csv", (), "No such file"),
        ("broken.parquet", (), "Cannot read broken.parquet"),
        ("rows.txt", (), "a file that ends in .parquet"),
        ("rows.csv", ("--ends", "a,b,c"), "whole numbers"),
        ("rows.csv", ("--game", "egame122"), "for each utility"),
    ],
)
def test_bad_input_is_one_message(files, capsys, data, extra, match):
    code, out, err = run(capsys, "end ~ 0 | 1 | 1 | z", "--data", str(files / data), *extra)
    assert (code, out) == (2, "")
    assert match in err
    assert "Traceback" not in err


def test_the_bootstrap_says_its_draws(files, capsys):
    asked = (
        "end ~ 0 | 1 | 1 | z",
        "--data",
        str(files / "rows.csv"),
        "--errors",
        "bootstrap",
        "--draws",
        "5",
        "--starts",
        "1",
        "--seed",
        "3",
    )
    assert "seed 3; 5 draws of the bootstrap" in run(capsys, *asked)[1]
    plain = json.loads(run(capsys, *asked, "--json")[1])
    assert (plain["draws"], plain["seed"]) == (5, 3)
