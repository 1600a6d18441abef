"""Rows of the detector: signings and pacts of a made-up list of members, and threats of a small system."""

import datetime as dt
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import polars as pl
import pytest

from counter_twin import WORDS, Made, members
from foedus.errors import ParameterError
from foedus.studies import counter_rows as module
from foedus.studies.counter_rows import Roll, counter_rows, new_pacts, signings_of

D = dt.date


@pytest.fixture
def roll():
    return Roll(Made())


def test_who_is_a_state_when(roll):
    assert roll.codes == (2, 20, 40, 41, 42)
    there = roll.on([D(1816, 1, 1), D(1905, 1, 1), D(2018, 6, 1)])
    assert there.sum(axis=0).tolist() == [4, 5, 4]
    assert (roll.region >= 0).all()


def test_a_signing_is_a_day_on_which_somebody_gains_a_tie(roll):
    found = signings_of(members(), ("defense",), roll)
    told = [
        (D.fromordinal(int(d)).year, int(a), [roll.codes[k] for k in np.flatnonzero(g)], [roll.codes[k] for k in np.flatnonzero(p)])
        for d, a, g, p in zip(found.day, found.atop, found.gains, found.party, strict=True)
    ]  # fmt: skip
    assert told == [
        (1820, 1, [2, 20], [2, 20]),
        (1825, 1, [40], [2, 20, 40]),
        (1828, 2, [2, 20, 41], [2, 20, 41]),
    ]  # the third with one state only; the fourth from before 1816; the fifth with nobody in the system
    assert found.may.all()
    early = signings_of(members(), WORDS, roll)
    assert [D.fromordinal(int(d)).year for d in early.day] == [
        1820,
        1825,
        1828,
    ]  # 1822 renews what 1820 tied, for everything that is promised


def test_nobody_signs_on_a_day_when_it_was_no_state():
    made = Made()
    more = pl.DataFrame(
        [(6, 0, 42, D(1905, 1, 1), None, 1), (6, 0, 20, D(1905, 1, 1), None, 1)],
        schema=members().columns[:6],
        orient="row",
    )
    rows = pl.concat(
        [members(), more.with_columns(pl.lit(0).alias(w) for w in WORDS[1:4]).with_columns(consul=pl.lit(1))]
    )
    found = signings_of(rows, ("defense",), Roll(made))
    assert found.may[-1].tolist() == [False, False, False, True]
    assert found.may[0].all()


def test_new_pacts_begin_with_the_first_promise(roll):
    got = new_pacts(Made(), ("defense",), roll, 1816, 2018)
    assert [(p.atop, p.name, p.day.year, [roll.codes[m] for m in p.members]) for p in got] == [
        (1, "ATOP 1", 1820, [2, 20]), (2, "Second", 1828, [2, 20, 41]),
    ]  # fmt: skip
    assert not new_pacts(Made(), ("offense",), roll, 1816, 2018)
    assert [p.atop for p in new_pacts(Made(), ("defense",), roll, 1821, 2018)] == [2]


def test_a_history_of_a_small_system(monkeypatch, quartet):
    codes = dict(zip(("AA", "BB", "CC", "DD"), (2, 20, 40, 41), strict=True))
    system = replace(
        quartet, actors=tuple(replace(a, cow=codes.get(a.id)) for a in quartet.actors), pacts=quartet.pacts[1:]
    )
    days = []

    def build(day, tables):
        days.append(day)
        return system

    monkeypatch.setattr(module, "build", build)
    monkeypatch.setattr(module, "Tables", Made)
    monkeypatch.setattr(module, "DataDir", SimpleNamespace(of=lambda path: path))
    told = []
    got = counter_rows(first=1816, last=1825, progress=told.append)
    assert told[-1] == 1.0
    assert days[0] == D(1820, 1, 1)
    assert len(days) == 1 + 203
    assert got.pacts == ((1, "ATOP 1"),)
    assert [got.names[s] for s in got.pairs.state] == ["S40", "S41"]
    assert (got.rise > 0).all()
    assert (got.gap_after > got.gap_before).all()
    assert got.threats.shape == (203, 5)
    assert np.isnan(got.threats[:, 4]).all()
    assert got.end == D(2018, 12, 31).toordinal()
    assert got.threatened.all()
    silent = counter_rows(first=1900, last=1910)
    assert silent.pairs.pact.shape == (0,)


@pytest.mark.parametrize(
    ("more", "words"),
    [({"first": 1815}, "1816 to 2018"), ({"last": 2019}, "1816 to 2018"), ({"first": 1900, "last": 1899}, "in order"), ({"pacts": "peace"}, "one of defense")],
)  # fmt: skip
def test_what_is_refused(more, words):
    with pytest.raises(ParameterError, match=words):
        counter_rows(**more)
