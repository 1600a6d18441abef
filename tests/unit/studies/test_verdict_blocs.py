"""Claim A on scores by hand."""

import datetime as dt
from types import SimpleNamespace

import numpy as np
import pytest

import foedus as fd
from foedus.studies import verdict_blocs as module
from foedus.studies.verdict_blocs import chosen, counted, is_great, pacts_and_quarrels, ratio, rule_cells, share_cells
from verdict_bench import ByHand, run


def war(name, year, agree, scored, decided=None, rule=0, mean=0.5):
    return SimpleNamespace(
        name=name, date=dt.date(year, 1, 1), agree=agree, scored=scored, decided=scored if decided is None else decided, right=lambda _: rule,
        shares=np.array([mean, mean]),
    )  # fmt: skip


WARS = (war("One", 1850, 0, 2), war("Two", 1880, 2, 2, 2, 1), war("World War I", 1914, 8, 10, 9, 4, 0.25), war("Small", 1930, 1, 2, 1), war("Late", 1991, 3, 4, 3, 4), war("Later", 2003, 0, 1))  # fmt: skip


def test_ratios_over_resampled_wars():
    top, bottom = np.array([1.0, 0.0, 3.0]), np.array([2.0, 1.0, 3.0])
    mean, low, high = ratio(top, bottom, 1)
    assert mean == pytest.approx(4 / 6)
    assert 0 <= low < mean < high <= 1
    assert ratio(top, bottom, 1) == (mean, low, high)
    assert np.isnan(ratio(top[:1], bottom[:1], 1)).all()
    assert np.isnan(ratio(top * 0, bottom * 0, 1)).all()


def test_ways_of_counting():
    assert [x.tolist() for x in counted(WARS[:3], "centre of ties")] == [[0, 2, 8], [2, 2, 10]]
    assert [x.tolist() for x in counted(WARS[:3], "mean of draws")] == [[1.0, 1.0, 2.5], [2, 2, 10]]
    assert [x.tolist() for x in counted(WARS[:3], "of the decided")] == [[0, 2, 8], [2, 2, 9]]


def test_eras_and_the_world_wars():
    assert [w.name for w in chosen(WARS, "1900-1945", "in")] == ["World War I", "Small"]
    assert [w.name for w in chosen(WARS, "1900-1945", "out")] == ["Small"]
    assert is_great(war("WorldWarII", 1939, 0, 1))
    assert not is_great(WARS[0])


def test_cells_of_both_parts():
    shares = {tuple(dict(c.choices).values())[1:]: c for c in share_cells(WARS, "COW", "all", 1)}
    assert len(shares) == 18
    assert shares["all", "in", "all", "centre of ties"].estimate == pytest.approx(14 / 21)
    assert shares["all", "out", "all", "centre of ties"].estimate == pytest.approx(6 / 11)
    assert (
        shares["1900-1945", "out", "all", "centre of ties"].missing
        == "too little to estimate from (2 belligerents of 1 wars)"
    )
    rule = {tuple(dict(c.choices).values())[1:]: c for c in rule_cells(WARS, "COW", "all", 1)}
    assert len(rule) == 6
    assert rule["all", "in", "all"].estimate == pytest.approx((0 + 1 + 4 + 1 - 1 + 0) / 21)


def test_ties_of_interest_and_belief_fall_away():
    system = fd.load("europe-1914")
    bare = pacts_and_quarrels(system)
    assert {t.reason for t in bare.ties} <= {"rivalry", "war", "injury", "territory"}
    assert len(bare.ties) < len(system.ties)
    assert all(a.regime is None and a.religion_ruling is None for a in bare.actors)
    assert bare.pacts == system.pacts


@pytest.mark.parametrize("thorough", [False, True])
def test_jobs_share_the_scores(tmp_path, monkeypatch, thorough):
    asked = []

    def made(store, *, source, draws, seed, checks, edit):
        asked.append((source, draws, edit))
        return SimpleNamespace(wars=WARS)

    monkeypatch.setattr(module, "blocs_against_wars", made)
    bench = ByHand(tmp_path, dict.fromkeys(module.SOURCES), thorough=thorough)
    assert sum(len(v) for v in run(module.SHARES, bench).values()) == 72
    assert sum(len(v) for v in run(module.RULE, bench).values()) == 24
    draws = 100 if thorough else 20
    assert asked == [(s, draws, e) for s in ("cow", "iwd") for e in (None, pacts_and_quarrels)]
    gone = run(module.RULE, ByHand(tmp_path))
    assert all(c.missing.startswith("not at hand") for v in gone.values() for c in v)
    assert sum(len(v) for v in gone.values()) == 24
