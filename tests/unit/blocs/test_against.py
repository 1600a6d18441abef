"""Frustrated ties with their reasons, against the line-up they stand against."""

import numpy as np
import pytest

import foedus as fd
from foedus.blocs.against import against
from foedus.blocs.balance import count_triads
from foedus.blocs.balance_over_time import triads_over_years
from foedus.blocs.graph import signed_graph
from foedus.blocs.years import blocs_over
from foedus.system.nouns import REASONS, Actor, Tie
from foedus.system.system import System
from foedus.system.values import Quantity


@pytest.fixture(scope="module")
def found():
    return fd.load("europe-1914").blocs(draws=60)


def test_they_are_the_line_up_s_frustrated_ties(found):
    rows = against(found)
    plain = {frozenset((a, b)): s for a, b, s in found.frustrated()}
    assert {
        frozenset((a, b)): s * sign for a, b, sign, s in rows.select("a", "b", "sign", "share").rows()
    } == pytest.approx(plain)
    assert rows["share"].sum() == pytest.approx(found.two.value / found.total)


def test_the_interval_and_the_reasons_are_those_of_the_draws(found):
    row = next(r for r in against(found).to_dicts() if {r["a"], r["b"]} == {"GMY", "ITA"})
    ids, q, p = found.system.ids, found.sample, found.centre
    k = next(k for k in range(len(q.i)) if {ids[q.i[k]], ids[q.j[k]]} == {"GMY", "ITA"})
    e = next(k for k in range(len(p.i)) if {ids[p.i[k]], ids[p.j[k]]} == {"GMY", "ITA"})
    shares = q.weight[:, k] / np.abs(q.weight).sum(axis=1)
    assert (row["low"], row["high"]) == pytest.approx(tuple(np.quantile(shares, [0.05, 0.95])))
    assert row["frustrated"] == pytest.approx((shares > 0).mean())
    assert row["by"].split(", ")[0] == REASONS[int(np.argmax(p.parts[0, :, e]))]


def test_a_balanced_system_has_none():
    one = Quantity.of(0.9)
    actors = tuple(Actor(x, x) for x in "abc")
    ties = (
        Tie("a", "b", "interest", one),
        Tie("a", "c", "war", Quantity.of(-0.9)),
        Tie("b", "c", "war", Quantity.of(-0.9)),
    )
    s = System("x", "x", fd.load("europe-1914").date, actors, ties=ties)
    rows = against(s.blocs(draws=10))
    assert rows.height == 0
    assert "by" in rows.columns


def test_triads_of_a_series_are_those_of_each_date():
    scenario = fd.load_scenario("europe-1872-1914")
    series = blocs_over([scenario.at(scenario.system.date), scenario.at(fd.load("europe-1914").date)])
    rows = triads_over_years(series).to_dicts()
    for row, d in zip(rows, series.dates, strict=True):
        m = d.moment
        t = count_triads(signed_graph([(m.ids[a], m.ids[b], w) for a, b, w in zip(m.i, m.j, m.w, strict=True)]))
        assert row == {"date": d.date, "balanced": t.share, **t.by_type}
