"""A system as flat tables: the twin of what its nouns say, one by one."""

from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np
import pytest

from foedus.system.edge_rows import actor_rows, fact_rows, signed_rows
from foedus.system.nouns import Member, Pact, Pledge, Tie
from foedus.system.propensity import propensity
from foedus.system.values import Quantity


def test_signed_rows_are_propensities_with_their_draws(quartet):
    rows = signed_rows(quartet, draws=50, seed=4)
    centre, sample = propensity(quartet, seed=None), propensity(quartet, seed=4, n_draws=50)
    expected = []
    for k in range(len(centre.i)):
        if centre.total[0, k] != 0:
            pair = np.flatnonzero((sample.i == centre.i[k]) & (sample.j == centre.j[k]))[0]
            drawn = sample.total[:, pair]
            ids = quartet.ids[centre.i[k]], quartet.ids[centre.j[k]]
            expected.append(
                (*ids, centre.total[0, k], np.quantile(drawn, 0.05), np.quantile(drawn, 0.95), (drawn > 0).mean())
            )
    assert rows.select("a", "b", "propensity", "low", "high", "p_positive").rows() == expected
    assert set(rows.filter(a="AA", b="BB")["sign"]) == {1}
    assert set(rows.filter(a="AA", b="CC")["sign"]) == {-1}


def test_a_system_without_ties_has_tables_without_rows(quartet):
    bare = dataclasses.replace(quartet, ties=(), pacts=(), borders=())
    assert signed_rows(bare, draws=5).height == 0
    assert fact_rows(bare).height == 0
    assert signed_rows(bare, draws=5).columns == signed_rows(quartet, draws=5).columns
    assert actor_rows(bare)["regime"].to_list() == [None] * 5


def test_facts_are_pledges_alignments_and_ties_in_force(quartet):
    day = dt.date(1905, 5, 5)
    loose = Pact("entente", "Entente", "alignment", (Member("AA"), Member("CC", entry=day), Member("EE")), start=dt.date(1904, 1, 1),
                 end=dt.date(1920, 1, 1), strength=Quantity.of([0.2, 0.4]))  # fmt: skip
    guard = Pact(
        "guard",
        "Guarantee",
        "guarantee",
        (Member("DD"),),
        (Pledge("DD", "defense", to=("EE",)),),
        start=dt.date(1839, 4, 19),
    )
    fear = Tie("AA", "DD", "fear", Quantity(-1, 0, -0.3, 0.1), openness="alleged", start=day)
    late = Tie("AA", "EE", "war", Quantity.of(-1), start=dt.date(1915, 1, 1))
    system = dataclasses.replace(quartet, pacts=(*quartet.pacts, loose, guard), ties=(fear, late))
    rows = fact_rows(system).select("layer", "what", "a", "b", "symmetric", "start", "end").rows()
    both = [("AA", "BB"), ("BB", "AA"), ("CC", "DD"), ("DD", "CC")]
    assert sorted(rows) == sorted([
        *(("treaty", "defense", a, b, False, dt.date(1900, 1, 1), None) for a, b in both),
        ("alignment", "alignment", "AA", "CC", True, day, dt.date(1920, 1, 1)),
        ("alignment", "alignment", "AA", "EE", True, dt.date(1904, 1, 1), dt.date(1920, 1, 1)),
        ("alignment", "alignment", "CC", "EE", True, day, dt.date(1920, 1, 1)),
        ("guarantee", "defense", "DD", "EE", False, dt.date(1839, 4, 19), None),
        ("tie", "fear", "AA", "DD", False, day, None),
    ])  # fmt: skip
    strengths = fact_rows(system).select("what", "strength", "low", "high").unique().sort("what").rows()
    assert strengths[0][1:] == pytest.approx((0.3, 0.2, 0.4))
    assert strengths[2][1:] == pytest.approx((-0.3, -0.3 - 0.1 * 1.6448536, -0.3 + 0.1 * 1.6448536))
    assert strengths[1][1:] == (None, None, None)
