"""Wars and ties by rule of counting, on a made-up store and against plain counts."""

from __future__ import annotations

import datetime as dt
import json

import numpy as np
import polars as pl
import pytest

from foedus.errors import ParameterError
from foedus.studies import peace_facts_ties as ties
from foedus.studies import peace_facts_wars as wars
from foedus.studies.peace_facts import fall_of_war
from unit.studies.made_store import INT, frame, store


@pytest.fixture
def folder(monkeypatch):
    from foedus.data.store import DataDir

    monkeypatch.setattr(DataDir, "of", classmethod(lambda _, x: x))
    return store()


@pytest.mark.parametrize("source", list(wars.LISTS))
def test_who_fought_whom(folder, source):
    found = wars.fought(folder, source)
    assert {k: v.height for k, v in found.items()} == {"war": 2, "first day": 2, "across": 3, "list": 3}
    counted = {(w, c): sorted(wars.yearly(found[w], c)[1].tolist()) for w in wars.PAIRS for c in wars.COUNTS}
    assert counted["war", "onsets"] == [1914, 1955]
    assert counted["across", "onsets"] == [1914, 1914, 1955]
    assert counted["war", "war-years"] == [1914, 1915, 1916, 1955]
    assert counted["first day", "war-years"] == [1914, 1915, 1916, 1955]
    assert counted["list", "onsets"] == [1914, 1914, 1955]


def test_rates_are_counts_over_pairs(folder):
    found = fall_of_war(data_dir=folder, draws=100)
    by_rule = {(r.source, r.pairs, r.count, r.system, r.world_wars, r.window): r for r in found.wars}
    one = by_rule["COW wars", "across", "onsets", "cow", True, wars.MAIN]
    assert one.n == (2, 1)
    assert one.rate == pytest.approx((2 / (130 * 10), 1 / (51 * 10)))
    assert one.ratio == pytest.approx(one.rate[0] / one.rate[1])
    smaller = by_rule["COW wars", "across", "onsets", "gw", True, wars.MAIN]
    assert smaller.rate == pytest.approx((2 / (130 * 6), 1 / (51 * 6)))
    without = by_rule["COW wars", "across", "onsets", "cow", False, wars.MAIN]
    assert without.n == (0, 1)
    assert without.ratio == 0.0
    assert one.by_wars[1] == np.inf  # a resampled list may hold no war after 1950
    assert not any(one.meets)
    assert len(by_rule) == len(found.wars) == found.table().height
    assert not any(r.window[3] > 2003 for r in found.wars if r.source == "COW wars")
    ratios = found.ratios()
    assert ratios["every rule"][0] == 0.0
    assert ratios["world wars: counted"][0] > 0
    text = json.dumps(found.to_dict(), allow_nan=False)
    assert json.loads(text)["wars"][0]["high_by_wars"] is None


def test_published_digits_are_recognised():
    rule = ("COW wars", "war", "onsets", "cow", True, wars.MAIN)
    one = wars.Rate(*rule, (1, 1), (0.0005649, 0.0000451), 12.5, (1, 2), (1, 2))
    assert one.meets == (True, True)
    assert wars.Rate(*rule, (1, 1), (0.00055, 0.00006), 9.2, (1, 2), (1, 2)).meets == (False, False)


def test_resampled_wars_and_years_by_hand():
    assert wars.times_drawn(1, 3, 1).tolist() == [[1.0]] * 3
    drawn = wars.times_drawn(4, 200, 1)
    assert (drawn.sum(axis=1) == 4).all()
    war, year = np.arange(40), np.r_[np.full(30, 1900), np.full(10, 1960)]
    spans = wars._spans(war, year, wars.MAIN, 400, 1)
    assert spans.n == (30, 10)
    rate = wars._rate(("x", "war", "onsets", "cow", True, wars.MAIN), spans, dict.fromkeys(range(1816, 2010), 100))
    ratio = (30 / 130) / (10 / 51)
    assert rate.ratio == pytest.approx(ratio)
    assert rate.by_wars[0] < ratio < rate.by_wars[1]
    # all of a window's wars in one year: resampling years leaves it with none, one or several times as many
    assert rate.by_years[0] == 0.0
    assert rate.by_years[1] == np.inf


def test_allies_and_survival_by_hand(folder):
    changes, absent = ties.changes(folder, draws=100)
    assert absent == ("COW, formal alliance",)
    by = {(c.what, c.kind, c.rule, c.window): c for c in changes}
    one = by["allies of a state", "ATOP, any pact", "mean over years", ties.WINDOWS[0]]
    # 1891-1949: one tie, 2/5 of an ally a state; 1903-1912 a second
    assert one.value[0] == pytest.approx((59 + 10) * 0.4 / 130)
    assert one.value[1] == pytest.approx(0.4)
    assert one.ratio == pytest.approx(one.value[1] / one.value[0])
    still = by["still there after 5 years", "ATOP, defence", "of all ties", ties.WINDOWS[0]]
    assert still.value[0] == pytest.approx(
        (59 + 5) / (59 + 10)
    )  # the second tie is there five years on in five of its ten years
    assert still.value[1] == 1.0
    assert still.low[0] <= still.value[0] <= still.high[0]


def test_formal_alliances_where_they_are_at_hand(folder):
    formal = frame(
        {"version4id": INT, "ccode": INT, "entry": pl.Date, "exit": pl.Date, "defense": pl.Boolean, "neutrality": pl.Boolean,
         "nonaggression": pl.Boolean, "entente": pl.Boolean},
        *((1, c, dt.date(1850, 1, 1), None, True, False, False, False) for c in (200, 220)),
    )  # fmt: skip
    changes, absent = ties.changes(store(cow_alliances=formal), draws=100)
    assert absent == ()
    one = next(
        c
        for c in changes
        if c.kind == "COW, formal alliance" and c.rule == "mean over years" and c.window == ties.WINDOWS[0]
    )
    assert one.value == pytest.approx((100 * 0.4 / 130, 0.4))


def test_densities_and_their_trend(folder):
    found = {(d.kind, d.where): d for d in ties.densities(folder)}
    assert len(found) == 8
    thompson = found["rivalries, Thompson", "all states"]
    assert thompson.n.tolist() == [1] * 5 + [2] * 9
    assert thompson.pairs.tolist() == [10] * 14
    assert thompson.slope[0] > 0
    peace = found["rivalries, Peace Data", "Europe"]
    assert peace.n.tolist() == [1] * 6 + [2] * 8
    assert peace.share[0] == pytest.approx(10.0)
    slope, low, high = ties.trend(np.array([1.0, 3.0, 2.0, 5.0, 4.0, 6.0]), np.arange(1900, 1906))
    assert slope == pytest.approx(np.polyfit(np.arange(6), [1, 3, 2, 5, 4, 6], 1)[0])
    assert low < slope < high


def test_too_few_draws_are_refused():
    with pytest.raises(ParameterError, match="draws"):
        fall_of_war(data_dir="nowhere", draws=99)
