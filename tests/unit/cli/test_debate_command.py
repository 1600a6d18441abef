"""`foedus debate` and `foedus fall-of-war`: what they print, what they draw and what they refuse."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from foedus.cli import main
from foedus.studies import debate as study
from foedus.studies import peace_facts
from foedus.studies.debate_plan import BOTH, LEEDS
from unit.studies.made_store import store
from unit.studies.test_debate import FINAL, FIRST, made_rows


def run(capsys, *argv):
    code = 0
    try:
        main(list(argv))
    except SystemExit as stop:
        code = stop.code or 0
    out = capsys.readouterr()
    return code, out.out, out.err


@pytest.fixture(autouse=True)
def wide(monkeypatch, tmp_path):
    monkeypatch.setenv("COLUMNS", "170")
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="module")
def found():
    rows = made_rows(0.9, -1.6, new_after=-0.8, old_after=0.8)
    return study.debated(replace(rows, war=np.zeros(len(rows.year), dtype=bool)), FIRST, FINAL, draws=50)


@pytest.fixture
def debated(monkeypatch, found):
    """Replace the study of the store by one of made-up rows; keeps what it was asked for."""
    asked = {}

    def instead(**more):
        asked.update(more)
        more["progress"](1.0)
        return found

    monkeypatch.setattr(study, "debate", instead)
    return asked


def test_the_choice_is_named_with_its_interval(capsys, debated, found):
    code, out, err = run(capsys, "debate", "--from", "1930", "--to", "1961", "--data", "gml", "--draws", "50")
    assert (code, err) == (0, "")
    assert (debated["first"], debated["last"], debated["draws"], debated["data"]) == (1930, 1961, 50, "gml")
    way = found.ways[-1]
    step = next(s for s in way.steps if s.choice == "pact")
    assert "The choice that goes furthest towards it: which pacts of the target (in force to new)" in out
    assert f"{step.effect[0]:+.2f} [{step.effect[1]:+.2f}, {step.effect[2]:+.2f}]" in out
    assert f"{BOTH}, to 1944: a new pact less an older one" in out
    assert "Both ends are below 0: no sign to flip." in out or "Both ends are above 0: no sign to flip." in out or out.count("The sign differs") > 1  # fmt: skip
    assert "no finite estimate" in out
    assert "3 distance unknown" in out
    assert LEEDS in out
    assert "These are associations" in out


def test_ends_of_one_sign_say_so(capsys, monkeypatch, debated, found):
    calm = study.debated(made_rows(-1.2, -1.2, seed=1), FIRST, FINAL, draws=20)
    monkeypatch.setattr(study, "debate", lambda **_: calm)
    assert run(capsys, "debate")[1].count("Both ends are below 0: no sign to flip.") == 3


def test_json_and_the_figure(capsys, debated, found, tmp_path):
    code, out, _ = run(capsys, "debate", "--json", "--figure", "curve.svg")
    assert code == 0
    assert len(json.loads(out)["multiverse"]) == 192
    drawn = (tmp_path / "curve.svg").read_text(encoding="utf-8")
    assert "which pacts of the target: new" in drawn
    assert "192 designs" in drawn
    code, _, err = run(capsys, "debate", "--figure", "curve.pdf")
    assert code == 2
    assert ".svg" in err


@pytest.fixture
def facts(monkeypatch):
    from foedus.data.store import DataDir

    monkeypatch.setattr(DataDir, "of", classmethod(lambda _, x: x))
    made = peace_facts.fall_of_war(data_dir=store(), draws=100)
    monkeypatch.setattr(peace_facts, "fall_of_war", lambda **_: made)
    return made


def test_wars_and_allies_by_rule(capsys, facts):
    code, out, err = run(capsys, "fall-of-war")
    assert (code, err) == (0, "")
    assert "COW wars: first day, onsets" in out
    assert "published 56 and 5 per 100,000" in out
    assert "met in some windows by: no rule." in out
    assert f"Both at once: 0 of {len(facts.wars)} combinations." in out
    assert "Not at hand: COW, formal alliance" in out
    assert "rivalries, Peace Data" in out
    assert "1816-1944, 1946-2000" in out  # among the spreads of the ratio
    assert "two windows cannot tell these apart" in out
    every = run(capsys, "fall-of-war", "--every")[1]
    assert "COW wars: first day, onsets, gw, 1816-1944, 1946-2000" in every
    assert len(every) > 3 * len(out)
    assert len(json.loads(run(capsys, "fall-of-war", "--json")[1])["wars"]) == len(facts.wars)
