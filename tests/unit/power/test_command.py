"""``foedus power`` and ``foedus similarity`` as a user meets them: over years of a made-up store, and of bundled systems."""

from __future__ import annotations

import json

import polars as pl
import pytest

from foedus.cli import main


def run(capsys, *argv):
    code = 0
    try:
        main(list(argv))
    except SystemExit as stop:
        code = stop.code or 0
    out = capsys.readouterr()
    return code, " ".join(out.out.split()), " ".join(out.err.split())


@pytest.fixture(autouse=True)
def _wide(monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")


def test_a_year(world, capsys, tmp_path):
    world()
    code, out, _ = run(capsys, "power", "--in", "1955", "--out", str(tmp_path / "rows.csv"))
    assert code == 0
    assert "1955 (calendar year), strength by cinc" in out
    assert "Great powers, strongest first: USA, RUS, UKG, FRN" in out
    assert "poles (10% of all capability) 3" in out
    assert "4 states with data (of 5)" in out
    assert "indices sum to" in out
    assert pl.read_csv(tmp_path / "rows.csv").height == 5
    _, out, _ = run(capsys, "power", "--in", "1956", "--at", "jan1")
    assert "1956 (1 January, series of the year before), strength by cinc" in out
    _, out, _ = run(capsys, "power", "--in", "1956", "--by", "tiv")
    assert "unknown" not in out.split("Great powers")[0]


def test_a_great_power_of_unknown_strength(world, capsys, codes):
    world(cow_nmc=world().table("cow_nmc").filter(pl.col("ccode") != codes.FRN))
    code, out, _ = run(capsys, "power", "--in", "1950")
    assert code == 0
    assert "Unknown: the strength of FRN; no figure without it." in out
    _, out, _ = run(capsys, "power", "--in", "1950:1951")
    assert "In 2 of 2 years the strength of a great power is unknown" in out


def test_a_range_of_years(world, capsys, tmp_path):
    world()
    target = tmp_path / "series.parquet"
    code, out, _ = run(capsys, "power", "--in", "1950:1956", "--by", "gdp", "--draws", "50", "--out", str(target))
    assert code == 0
    assert "FRN UKG USA | RUS" in out
    assert "Greatest changes of CON" in out
    assert pl.read_parquet(target).height == 7
    code, out, _ = run(capsys, "power", "--in", "1950:1956", "--json", "--at", "jan1")
    assert code == 0
    assert [r["year"] for r in json.loads(out)["rows"]] == list(range(1950, 1957))


@pytest.mark.parametrize(
    ("argv", "hint"),
    [
        (("power", "--in", "1950", "--toward", "USA"), "1950-01-01"), (("power", "--in", "1950", "--date", "1950-02-01"), "--date belong"),
        (("power", "--in", "europe-1914", "--by", "gdp"), "--by and --at are for years"), (("power", "--in", "1950", "--out", "x.xlsx"), "--out takes a file"),
        (("similarity", "FRN", "--in", "1950"), "Name two states"), (("similarity", "--in", "1950", "--measure", "love"), "'measure' parameter"),
        (("similarity", "--in", "1950", "--without", "alignment"), "--without belong"), (("similarity", "--in", "1950", "--ties", "love"), "'ties' parameter"),
        (("power", "--in", "middle-east-2019", "--toward", "ISR", "--arms", "air=much"), "NAME=WEIGHT"),
        (("power", "--in", "middle-east-2019", "--toward", "ISR", "--arms", "tanks=1"), "facts on air and missiles only"),
        (("power", "--in", "middle-east-2019", "--toward", "ISR", "--law", "linear"), "linear law has no default"),
        (("similarity", "NOBODY", "USA", "--in", "1950"), "Unknown actor"),
    ],
)  # fmt: skip
def test_what_does_not_go_together_is_said_with_exit_2(world, capsys, argv, hint):
    world()
    code, out, err = run(capsys, *argv)
    assert code == 2
    assert out == ""
    assert hint in err


def test_a_system(capsys, tmp_path):
    code, out, _ = run(capsys, "power", "--in", "europe-1914", "--draws", "50", "--out", str(tmp_path / "x.csv"))
    assert code == 0
    assert "France, Japan, Russia, United Kingdom | Austria-Hungary, Germany, Italy | United States" in out
    assert pl.read_csv(tmp_path / "x.csv").height == 16
    code, out, _ = run(capsys, "power", "--in", "europe-1914", "--draws", "50", "--json")
    assert json.loads(out)["by"] == "effective"


def test_what_arrives_at_an_actors_place(capsys, tmp_path):
    argv = ("power", "--in", "middle-east-2019", "--toward", "Israel", "--arms", "air=2,missiles=1", "--draws", "50")
    code, out, _ = run(capsys, *argv, "--out", str(tmp_path / "x.parquet"))
    assert code == 0
    assert "What arrives at Israel (0 km: land neighbours)" in out
    assert "weights of arms set by the user: air 2, missiles 1" in out
    assert pl.read_parquet(tmp_path / "x.parquet").columns[0] == "actor"
    _, out, _ = run(capsys, *argv, "--json")
    assert json.loads(out)["toward"] == "ISR"
    _, out, _ = run(capsys, "power", "--in", "europe-1914", "--toward", "FRN", "--arms", "air=1", "--draws", "20")
    assert "unknown arms" in out


def test_pairs_of_a_year_and_of_all(world, capsys, tmp_path):
    world()
    code, out, _ = run(capsys, "similarity", "--in", "1955", "--out", str(tmp_path / "x.csv"))
    assert code == 0
    assert "Great powers in 1955, chiba ties" in out
    assert "Most alike of 10 pairs by chiba_s_abs" in out
    assert pl.read_csv(tmp_path / "x.csv").height == 10
    code, out, _ = run(capsys, "similarity", "--in", "1950:1956", "--measure", "chiba_kappa")
    assert code == 0
    assert "chiba_kappa: 50 pairs and years" in out
    _, out, _ = run(capsys, "similarity", "--in", "1950:1951", "--json")
    assert json.loads(out)["rows"] == 12


def test_a_summary_without_great_powers(world, capsys, codes):
    world(cow_majors=world().table("cow_majors").filter(pl.col("ccode") == codes.USA))
    code, out, _ = run(capsys, "similarity", "--in", "1950:1951")
    assert code == 0
    assert "unknown" in out


def test_a_pair_over_years_by_name(world, capsys, codes):
    store = world()
    store.frames["cow_states"] = store.frames["cow_states"].sort("ccode")
    code, out, _ = run(capsys, "similarity", "GFR", "United States", "--in", "1950:1956", "--ties", "chiba,un")
    assert code == 0
    assert "GFR (cow:260) and USA (cow:2), chiba ties, year" in out
    assert "│ 1955 │" in out
    assert "│ 1954 │" not in out
    _, out, _ = run(capsys, "similarity", "USA", "RUS", "--in", "1950:1956", "--json")
    assert len(json.loads(out)["pairs"]) == 7


def test_pairs_of_a_system(capsys, tmp_path):
    code, out, _ = run(capsys, "similarity", "--in", "europe-1914", "--draws", "20", "--out", str(tmp_path / "x.csv"))
    assert code == 0
    assert "Germany – Austria-Hungary" in out
    assert pl.read_csv(tmp_path / "x.csv").height == 120
    _, out, _ = run(
        capsys, "similarity", "FRN", "GMY", "--in", "europe-1914", "--draws", "20", "--json", "--ties", "cow"
    )
    assert [(r["actor1"], r["actor2"]) for r in json.loads(out)["pairs"]] == [("GMY", "FRN")]
    _, out, _ = run(capsys, "similarity", "FRN", "GMY", "--in", "europe-1914", "--draws", "20")
    assert "Great powers" not in out.split("Pair")[0]
