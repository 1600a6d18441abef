"""A great war drawn beside what happened: every state and pair with its interval, what happened filled."""

import datetime as dt

import polars as pl
import pytest

import foedus as fd
from foedus.errors import ParameterError
from foedus.report.figures.great_war import STATES, chart, write
from foedus.studies.great_wars import GreatWar, Happened, score
from foedus.war.simulate import war


@pytest.fixture(scope="module")
def found():
    system = fd.load("europe-1914")
    drawn = war(system, "AUH", "SER", draws=200, seed=1)
    entered = {"GMY": (1, 4), "RUS": (2, 9), "JPN": (2, 26)}
    what = Happened("1914", system, "AUH", "SER", dt.date(1918, 11, 11), entered)
    return GreatWar(what, (score(what, drawn, "year's end", 156.0, 0.02),), ())


def points(panel, key):
    """Return the marks of a panel: what each stands for, whether it is filled, and its values."""
    return {
        (r["actor"], r["side"]): (layer["mark"].get("filled"), r)
        for layer in panel["layer"] if layer["mark"]["type"] == key for r in layer["data"]["values"]
    }  # fmt: skip


def test_states_and_pairs_are_those_of_the_score(found):
    (row,) = chart([found]).to_dict()["vconcat"]
    states, pairs = row["hconcat"]
    marks = points(states, "point")
    assert len(marks) == 2 * STATES
    assert {k for k, (filled, _) in marks.items() if filled} == {
        ("Germany", "side A"),
        ("Russia", "side B"),
        ("Japan", "side B"),
    }
    for r in found.scores[0].states.filter(pl.col("happened") == "B").rows(named=True):
        at = marks[found.what.system.actor(r["actor"]).name, "side B"][1]
        assert (at["p"], at["low"], at["high"]) == tuple(100 * r[f"{k}_side_b"] for k in ("p", "low", "high"))
    marks = points(pairs, "point")
    table = found.scores[0].pairs
    assert {k[0] for k in marks} == {
        " – ".join(found.what.system.actor(x).name for x in both) for both in table.select("a", "b").rows()
    }
    assert {k[0] for k, (filled, _) in marks.items() if filled} == {
        "Austria-Hungary – Russia", "Austria-Hungary – Japan", "Germany – Serbia", "Germany – Russia", "Germany – Japan"
    }  # fmt: skip
    assert points(pairs, "rule").keys() == marks.keys()
    assert "rates fitted without it" in row["title"]


def test_it_is_written_as_its_ending_says(found, tmp_path):
    write([found], tmp_path / "w.svg")
    assert (tmp_path / "w.svg").read_text(encoding="utf-8").startswith("<svg")
    with pytest.raises(ParameterError, match="svg"):
        write([found], tmp_path / "w.pdf")
