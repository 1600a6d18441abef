"""The audit of one system: against every coalition, with what is not known, and at its limits."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

import foedus as fd
from foedus.errors import ParameterError
from foedus.security.stability import stability, tied
from foedus.system.nouns import Actor, Member, Pact, Place, Pledge
from foedus.system.system import System
from foedus.system.values import Quantity
from vulnerability_twin import beating, changed, coalitions, sides, stable, vulnerable

DAY = dt.date(1910, 1, 1)


def world(strengths, pairs, **more):
    """Return a system of actors A, B, ... with these shares (None unknown), and a defence pact of each pair."""
    ids = [chr(65 + k) for k in range(len(strengths))]
    actors = tuple(
        Actor(
            i,
            f"State {i}",
            capability=(("cinc", Quantity.of(s)),) if s is not None else (),
            place=Place(i, 2.0 * k, 0.0),
        )
        for k, (i, s) in enumerate(zip(ids, strengths, strict=True))
    )
    pacts = tuple(
        Pact(f"{a}{b}", f"Pact {a}{b}", "treaty", (Member(a), Member(b)), (Pledge(a, "defense"), Pledge(b, "defense")), start=dt.date(1900, 1, 1))
        for a, b in pairs
    )  # fmt: skip
    return System("w", "World", DAY, actors, pacts, **more)


def plain(system, found):
    """Return strengths where each is and ties, as lists."""
    m = np.array([dict(a.capability)["cinc"].centre for a in system.actors])
    return np.tile(m / m.sum(), (len(m), 1)), found.ties


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.floats(0.01, 1), min_size=2, max_size=5),
    st.sets(st.tuples(st.sampled_from("ABCDE"), st.sampled_from("ABCDE"))),
    st.sampled_from([0.8, 1.0, 1.7, 3.0]),
)
def test_against_every_coalition(strengths, pairs, gamma):
    ids = "ABCDE"[: len(strengths)]
    system = world(strengths, {tuple(sorted(p)) for p in pairs if p[0] < p[1] and set(p) <= set(ids)})
    found = stability(system, gammas=[gamma], draws=2)
    v, g = plain(system, found)
    (verdict,) = found.verdicts
    n = len(v)
    assert (verdict.vulnerable == 1).tolist() == vulnerable(v, g, gamma)
    assert not (verdict.vulnerable == -1).any()
    assert (bool(verdict.s1), verdict.s2, verdict.s3) == stable(v, g, gamma)
    assert found.verdicts[0].stable == all(stable(v, g, gamma))
    for i in range(n):
        every = beating(v, g, i, gamma)
        both = [sides(v, g, i, c) for c in coalitions(n, g, i)]
        assert found.critical[0, i] == pytest.approx(max(a / d for a, d in both))
        strongest = found.coalition(found.ids[i])
        attack, defence = sides(v, g, i, frozenset(found.ids.index(x) for x in strongest))
        assert attack / defence == pytest.approx(found.critical[0, i])
        assert len(strongest) == found.size[i]
        assert bool(verdict.smallest[i]) == bool(every)
        if every:
            assert len(verdict.smallest[i]) == min(map(len, every))
        helpers = [
            k
            for k in range(n)
            if k != i and not g[i][k] and every and not vulnerable(v, changed(g, i, k, True), gamma)[i]
        ]
        assert verdict.protects[i] == len(helpers)
        if helpers:
            weakest = min(v[0][k] for k in helpers)
            k = int(verdict.protector[i])
            assert v[0][k] == weakest
            after, before = vulnerable(v, changed(g, i, k, True), gamma), vulnerable(v, g, gamma)
            assert verdict.endangers[i] == sum(a and not b for a, b in zip(after, before, strict=True))
        else:
            assert verdict.protector[i] == -1


def test_the_number_of_pairs_that_harm_and_ties_that_idle():
    """A and B allied, C and D apart: A-C would beat D, whom nobody could beat before."""
    system = world([0.3, 0.2, 0.25, 0.25], ["AB"])
    found = stability(system, gammas=[2.1], draws=2)
    v, g = plain(system, found)
    now = vulnerable(v, g, 2.1)
    pairs = [(i, k) for i in range(4) for k in range(i + 1, 4) if not g[i][k]]
    harmful = [
        p for p in pairs if any(a and not b for a, b in zip(vulnerable(v, changed(g, *p, True), 2.1), now, strict=True))
    ]
    (verdict,) = found.verdicts
    assert (verdict.adds, verdict.harmful, verdict.idle) == (5, len(harmful), 1)
    assert verdict.harmful > 0


def test_a_strength_that_is_not_known_is_not_zero():
    """B's strength is unknown: it may be as small as C's or as large as A's, and A's fate hangs on it."""
    found = stability(world([0.5, None, 0.2], ["BC"]), gammas=[1.0, 0.3, 2.0], draws=20)
    assert found.known.tolist() == [True, False, True]
    assert np.isnan(found.critical[:, 1]).all()
    at = {v.gamma: v.vulnerable.tolist() for v in found.verdicts}
    assert at[1.0][0] == -1
    assert at[0.3][0] == 1
    assert at[2.0][0] == 0
    assert [v.s1 for v in found.verdicts] == [None, False, None]
    row = found.table().filter(pl.col("actor") == "B").row(0, named=True)
    assert row["strength"] is row["critical_gamma"] is row["p_vulnerable"] is row["over_gamma"] is None
    assert found.summary()["unclear"].to_list() == [2, 0, 1]


def test_where_no_strength_is_known_nothing_is():
    found = stability(world([None, None, None], ["AB"]), draws=3)
    assert found.verdicts[0].s1 is None
    row = found.summary().row(0, named=True)
    assert row["known"] == 0
    assert row["vulnerable"] is row["share"] is row["stable"] is row["s2"] is row["share_allies_loyal"] is None
    assert found.to_dict()["summary"][0]["vulnerable_low"] is None


def test_zero_everywhere_is_no_known_strength():
    """Shares of nothing are not known, and a state without any among others who have some is the weakest."""
    assert not stability(world([0.0, 0.0], []), draws=2).known.any()
    found = stability(world([0.6, 0.0, 0.4], []), gammas=[1.0], draws=5)
    assert found.verdicts[0].vulnerable.tolist() == [0, 1, 1]


def test_all_allies_and_no_ties():
    """Methods 9: of three equals all allied any two beat the third at 1.5, nobody does at 2.1."""
    everybody = stability(world([1, 1, 1], ["AB", "AC", "BC"]), gammas=[1.5, 2.1], draws=5)
    assert [v.s1 for v in everybody.verdicts] == [False, True]
    assert everybody.verdicts[1].stable is False
    nobody = stability(world([1, 1, 1], []), gammas=[1.5, 2.1], draws=5)
    assert [(v.s1, v.s2, v.s3, v.stable) for v in nobody.verdicts] == [
        (True, False, True, False),
        (True, True, True, True),
    ]
    loyal = stability(world([1, 1, 1], ["AB", "AC", "BC"]), gammas=[0.1], draws=5, loyal=True)
    assert loyal.coalition("A") == ()
    assert (loyal.hub == -1).all()
    assert loyal.verdicts[0].s1


def test_loyal_allies_do_not_attack():
    found = stability(world([0.5, 0.3, 0.2], ["AB"]), gammas=[1.0], draws=5)
    loyal = stability(world([0.5, 0.3, 0.2], ["AB"]), gammas=[1.0], draws=5, loyal=True)
    assert found.coalition("B") == ("A",)
    assert loyal.coalition("B") == ("C",)
    assert found.spared.tolist() == pytest.approx(loyal.critical[0].tolist())
    assert loyal.coalition("C") == ("A", "B")
    assert loyal.table()["strongest"].to_list() == ["C", "C", "A B"]


def test_strength_that_reaches_is_no_more_than_strength():
    s = fd.load("europe-1914")
    far, full = stability(s, draws=20, reach=True, loyal=True), stability(s, draws=20, loyal=True)
    alone = [k for k in range(len(s.actors)) if not full.ties[k].any()]
    assert (far.critical[0, alone] <= full.critical[0, alone] + 1e-12).all()
    assert far.critical[0, s.index["USA"]] < full.critical[0, s.index["USA"]]


def test_a_pledge_of_one_or_of_both():
    one = Pact("AB", "AB", "treaty", (Member("A"), Member("B")), (Pledge("A", "defense"),), start=dt.date(1900, 1, 1))
    more = (
        replace(
            one,
            id="g",
            kind="guarantee",
            members=(Member("A"), Member("C")),
            pledges=(Pledge("A", "defense", to=("C",)),),
        ),
        replace(one, id="n", members=(Member("B"), Member("C")), pledges=(Pledge("B", "nonagg"),)),
        replace(one, id="self", members=(Member("A"),), pledges=(Pledge("A", "defense", to=("A",)),)),
    )
    system = world([1, 1, 1], []).with_(pacts=(one, *more))
    assert np.argwhere(tied(system)).tolist() == [[0, 1], [1, 0]]
    assert not tied(system, "both").any()
    assert stability(system, draws=2, pledged="both").ties.sum() == 0


def test_intervals_run_over_uncertain_strengths():
    actors = tuple(replace(a, capability=(("cinc", Quantity.of([0.2, 0.4])),)) for a in world([1, 1, 1], []).actors)
    system = world([1, 1, 1], []).with_(actors=actors)
    found = stability(system, gammas=[1.2], draws=200, seed=3)
    assert (found.critical[1] < found.critical[2]).all()
    assert (found.critical[1] <= found.critical[0]).all()
    assert ((found.verdicts[0].p > 0) & (found.verdicts[0].p < 1)).all()
    assert found.verdicts[0].number[0] < found.verdicts[0].number[1]
    again = stability(system, gammas=[1.2], draws=200, seed=3)
    assert again.to_dict() == found.to_dict()
    assert stability(system, gammas=[1.2], draws=200, seed=4).to_dict() != found.to_dict()


def test_what_is_shown():
    found = fd.stability(fd.load("europe-1914"), draws=20, gammas=(1, 2))
    assert found.table().height == 2 * len(found.ids)
    assert found.summary().height == 2
    told = found.to_dict()
    assert told["actors"][0]["date"] == "1914-07-28"
    assert told["standing"].startswith("exact")
    with pytest.raises(ParameterError, match="an id of this system"):
        found.coalition("XYZ")


def test_relabelling_changes_nothing():
    system = world([0.1, 0.4, 0.2, 0.3], ["AB", "BC"])
    turned = system.with_(actors=system.actors[::-1])
    one, two = (stability(s, draws=5).table().sort("gamma", "actor") for s in (system, turned))
    assert_frame_equal(one, two)


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"gammas": []}, "gamma"),
        ({"gammas": [0]}, "gamma"),
        ({"gammas": [float("nan")]}, "gamma"),
        ({"pledged": "any"}, "either or both"),
        ({"draws": 0}, "draws"),
    ],
)
def test_what_is_refused(change, match):
    with pytest.raises(ParameterError, match=match):
        stability(world([1, 1], []), **change)
