"""Frames: the series' own line-ups and places, the reasons behind ties, who is at war, and dates in their order."""

import datetime as dt

import numpy as np
import pytest

import foedus as fd
from foedus.blocs.frames import frames, frames_over_years
from foedus.blocs.layout import layouts
from foedus.blocs.years import blocs_over, blocs_over_years
from foedus.errors import ParameterError
from foedus.system.nouns import REASONS, Tie
from foedus.system.propensity import propensity
from foedus.system.values import Quantity
from made_up_store import at_hand


@pytest.fixture
def store(monkeypatch, tmp_path):
    return at_hand(monkeypatch, tmp_path)


@pytest.fixture(scope="module")
def days():
    scenario = fd.load_scenario("europe-1872-1914")
    return [scenario.at(dt.date(year, 1, 1)) for year in (1880, 1895, 1908)]


def test_frames_are_the_series_and_its_layout(days):
    found, series = list(frames(days)), blocs_over(days)
    for frame, followed, place in zip(found, series.dates, layouts(series), strict=True):
        assert frame.date == followed.date
        assert frame.followed.bloc.tolist() == followed.bloc.tolist()
        assert (frame.followed.value, frame.followed.proved) == (followed.value, followed.proved)
        assert np.array_equal(frame.place, place)


def test_every_reason_of_a_tie_is_named(days):
    (frame,) = frames(days[:1])
    centre = propensity(days[0], seed=None)
    kept = np.flatnonzero(centre.weight[0] != 0)
    for k, at in enumerate(kept):
        wanted = {r for n, r in enumerate(REASONS) if centre.parts[0][n, at] != 0}
        assert {r for n, r in enumerate(REASONS) if frame.why[k] >> n & 1} == wanted


def test_the_dict_says_what_stands_against_the_line_up(quartet):
    (frame,) = frames([quartet])
    out = frame.to_dict()
    bloc = out["actors"]["bloc"]
    assert bloc[:2] == [bloc[0]] * 2
    assert bloc[2:4] == [bloc[2]] * 2 != bloc[:2]
    assert bloc[4] is None
    assert out["frustrated"] == 0
    ties = out["ties"]
    assert ties["against"] == [0] * 6
    assert max(map(abs, ties["w"])) == 1000
    assert [abs(w) for w in ties["w"]] == sorted((abs(w) for w in ties["w"]), reverse=True)
    ends = {frozenset((i, j)): w for i, j, w in zip(ties["i"], ties["j"], ties["w"], strict=True)}
    assert ends[frozenset((0, 1))] > 0 > ends[frozenset((0, 2))]
    assert {b["members"] for b in out["blocs"]} == {2}


def test_what_is_unknown_of_an_actor_is_none(quartet, make_actor):
    from dataclasses import replace

    nobody = replace(make_actor("FF", 0.1), capability=(), place=None)
    (frame,) = frames([quartet.with_(actors=(*quartet.actors, nobody))])
    actors = frame.to_dict()["actors"]
    assert [actors[c][-1] for c in ("size", "lon", "lat", "bloc")] == [None] * 4
    assert None not in actors["size"][:-1]


def test_who_has_a_war_going_on(quartet):
    war = Tie("AA", "CC", "war", Quantity.of(-0.9))
    beside = Tie("BB", "DD", "war", Quantity.of(0.5))
    (frame,) = frames([quartet.with_(ties=(*quartet.ties, war, beside))])
    assert frame.to_dict()["actors"]["at_war"] == [1, 0, 1, 0, 0]


def test_dates_come_in_their_order(quartet):
    with pytest.raises(ParameterError, match="a date after 1910-01-01"):
        list(frames([quartet, quartet]))


def test_years_are_those_of_the_series_and_come_one_by_one(store):
    told = []
    walk = frames_over_years(1908, 1912, progress=told.append)
    first = next(walk)
    assert (first.date.year, told) == (1908, [])
    found = [first, *walk]
    assert told == [0.2, 0.4, 0.6, 0.8, 1.0]
    series = blocs_over_years(1908, 1912, data_dir=store)
    for frame, followed in zip(found, series.dates, strict=True):
        assert frame.followed.bloc.tolist() == followed.bloc.tolist()
        assert frame.to_dict()["frustrated"] == pytest.approx(followed.value / (followed.moment.total or 1), abs=1e-15)
    at_war = {f.date.year: f.to_dict()["actors"]["at_war"] for f in found}
    assert at_war[1911] == [0, 1, 1, 0]
    assert at_war[1909] == [0, 0, 0, 0]
    assert at_war[1912] is None, "the list of wars ends in 1911: unknown, not peace"
