"""What trade changes in the audit: against every coalition, with what is not known, and against the small networks with shared spoils."""

from __future__ import annotations

import datetime as dt
import json

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import foedus as fd
from foedus.errors import CoverageError, ParameterError
from foedus.kernels import vulnerability as kernel
from foedus.security.trade_stability import Trade, trade_of, trade_stability
from foedus.system.nouns import Actor, Member, Pact, Pledge
from foedus.system.system import System
from foedus.system.values import Quantity
from vulnerability_twin import beating, changed, vulnerable

INF = float("inf")
DAY = dt.date(1910, 1, 1)


def world(strengths, pairs):
    """Return a system of actors A, B, ... with these shares (None unknown), and a defence pact of each pair."""
    ids = "ABCDE"[: len(strengths)]
    actors = tuple(
        Actor(i, f"State {i}", capability=(("cinc", Quantity.of(s)),) if s is not None else ())
        for i, s in zip(ids, strengths, strict=True)
    )
    both = [(a, b, (Pledge(a, "defense"), Pledge(b, "defense"))) for a, b in pairs]
    pacts = tuple(
        Pact(f"{a}{b}", f"Pact {a}{b}", "treaty", (Member(a), Member(b)), p, start=dt.date(1900, 1, 1))
        for a, b, p in both
    )
    return System("w", "World", DAY, actors, pacts)


def plain_prize(v, g, loss, gamma):
    """Return the least prize at which each is beaten, by going through every coalition that beats it."""
    n = len(v)
    out = []
    for i in range(n):
        prizes = [max((loss[i][c] for c in c_set if g[i][c]), default=0.0) for c_set in beating(v, g, i, gamma)]
        out.append(min(prizes, default=INF))
    return out


def network(n, bits):
    """Return a network from one bit a pair."""
    g = np.zeros((n, n), dtype=bool)
    i, j = np.triu_indices(n, 1)
    g[i, j] = g[j, i] = bits[: len(i)]
    return g


cases = st.integers(1, 5).flatmap(
    lambda n: st.tuples(
        st.lists(st.lists(st.sampled_from([0.0, 0.1, 0.3, 1.0, 2.5]), min_size=n, max_size=n), min_size=n, max_size=n),
        st.lists(st.booleans(), min_size=10, max_size=10),
        st.lists(st.lists(st.sampled_from([0.0, 0.01, 0.2, 0.7, INF]), min_size=n, max_size=n), min_size=n, max_size=n),
        st.sampled_from([0.8, 1.3, 2.0, 3.0]),
    )
)


@settings(max_examples=150, deadline=None)
@given(cases)
def test_against_every_coalition(case):
    strengths, bits, losses, gamma = case
    v, loss = np.array(strengths), np.array(losses)
    g = network(len(v), bits)
    found = kernel.spoils(v, v, g, loss, gamma)
    assert found.tolist() == plain_prize(v.tolist(), g.tolist(), loss.tolist(), gamma)
    assert (
        np.isfinite(kernel.spoils(v, v, g, np.where(np.isinf(loss), 9.0, loss), gamma)) == vulnerable(v, g, gamma)
    ).all()
    stacked = kernel.spoils(np.stack([v, 2 * v]), np.stack([v, 2 * v]), g, loss, gamma)
    assert (stacked == found).all()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from([0.5, 1.0, 2.0, 4.0]), min_size=2, max_size=4),
    st.lists(st.sampled_from([0.0, 0.1, 0.4]), min_size=6, max_size=6),
    st.sampled_from([0.05, 0.3, 1.0]),
    st.sampled_from([0.9, 1.5, 2.2]),
)
def test_shared_spoils_make_no_more_vulnerable(strengths, flows, prize, gamma):
    """Who is vulnerable on the small networks, whose attackers share the prize by strength, is so here, where each looks to all of it."""
    m = np.array(strengths)
    n = len(m)
    trade = np.zeros((n, n))
    trade[np.triu_indices(n, 1)] = flows[: n * (n - 1) // 2]
    trade += trade.T
    shared = kernel.vulnerable_in_all(m, gamma, np.full(n, prize), trade)
    for k, g in enumerate(kernel.networks(n)):
        v = np.tile(m, (n, 1))
        whole = kernel.spoils(v, v, g, trade, gamma) <= prize
        assert (whole | ~shared[k]).all()


def even(n, flow, total):
    """Return known trade."""
    return Trade(1909, np.stack([flow, flow]), np.stack([total, total]))


def test_a_big_ally_is_held_back_by_trade():
    """B could be beaten by its ally A alone; a third of B's trade is with A."""
    system = world([8, 2], [("A", "B")])
    flow = np.array([[0.0, 3.0], [3.0, 0.0]])
    found = trade_stability(system, trade=even(2, flow, np.array([100.0, 9.0])), gammas=[1.5], draws=5)
    p = found.at(1.5)
    assert p.protected.tolist() == [0, 1]
    assert p.spoils[:, 1] == pytest.approx([1 / 3, 1 / 3])
    assert p.spoils[:, 0].tolist() == [INF, INF]
    assert p.p.tolist() == [0, 1]
    (tie,) = found.ties
    assert (tie.end_a, tie.end_b, tie.kept) == ("idle", "lost anyway", "trade")
    assert tie.worth == pytest.approx((0.03, 0.03))
    assert found.summary().row(0, named=True) == {
        "gamma": 1.5, "known": 2, "vulnerable": 1, "protected": 1, "unknown": 0, "ties": 1, "by_need": 0, "by_trade": 1, "by_nothing": 0,
        "tie_unknown": 0, "saves_an_end": 0,
    }  # fmt: skip
    none = trade_stability(system, trade=even(2, 0 * flow, np.array([100.0, 9.0])), gammas=[1.5], draws=5)
    assert none.at(1.5).protected.tolist() == [0, 0]
    assert none.ties[0].kept == "nothing"


def test_what_is_not_known_is_not_zero():
    system = world([8, 2, None], [("A", "B"), ("B", "C")])
    flow = np.stack([np.zeros((3, 3)), np.full((3, 3), INF)])
    found = trade_stability(
        system, trade=Trade(1909, flow, np.stack([np.zeros(3), np.full(3, INF)])), gammas=[1.5], draws=5
    )
    p = found.at(1.5)
    assert p.protected.tolist() == [0, -1, -1]  # whatever C is, it and B are no match for A
    assert p.spoils[0, 1] == 0
    assert p.spoils[1, 1] == INF
    assert np.isnan(p.spoils[:, 2]).all()
    assert [t.kept for t in found.ties] == ["unknown", "unknown"]
    assert found.ties[1].end_b == "unknown"
    table = found.table()
    assert table["protected"].to_list() == [False, None, None]
    assert table["spoils_least"].to_list()[2] is None
    told = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert told["actors"][1]["spoils_most"] is None
    assert told["ties"][0]["flow_complete"] is False
    half = Trade(1909, np.stack([np.ones((3, 3)), np.full((3, 3), INF)]), np.stack([np.full(3, 4.0), np.full(3, 4.0)]))
    found = trade_stability(system, trade=half, gammas=[1.5], draws=5)
    assert found.ties[0].kept == "trade"
    assert found.at(1.5).spoils[:, 1].tolist() == [0.25, INF]


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.floats(0.01, 1), min_size=2, max_size=5),
    st.sets(st.tuples(st.sampled_from("ABCDE"), st.sampled_from("ABCDE"))),
    st.lists(st.sampled_from([0.0, 0.5, 2.0]), min_size=10, max_size=10),
    st.sampled_from([0.8, 1.3, 2.0]),
)
def test_why_ties_are_kept_against_deletion(strengths, pairs, flows, gamma):
    """(S3) by deleting each tie and trying every coalition; trade decides only where it fails."""
    ids = "ABCDE"[: len(strengths)]
    system = world(strengths, {tuple(sorted(p)) for p in pairs if p[0] < p[1] and set(p) <= set(ids)})
    n = len(ids)
    flow = np.zeros((n, n))
    flow[np.triu_indices(n, 1)] = flows[: n * (n - 1) // 2]
    flow += flow.T
    found = trade_stability(system, trade=even(n, flow, np.full(n, 10.0)), gammas=[gamma], draws=2)
    m = found.base.strength
    v, g = np.tile(m, (n, 1)), found.base.ties
    now = vulnerable(v, g, gamma)
    for t in found.ties:
        i, k = ids.index(t.a), ids.index(t.b)
        without = vulnerable(v, changed(g, i, k, False), gamma)
        for x, said in ((i, t.end_a), (k, t.end_b)):
            assert said == ("idle" if not without[x] else "lost anyway" if now[x] else "saved")
        assert t.kept == ("need" if without[i] and without[k] else "trade" if flow[i, k] > 0 else "nothing")
    assert sum(t.kept != "need" for t in found.ties) == found.base.verdicts[0].idle


@pytest.mark.parametrize(
    ("trade", "words"),
    [
        (Trade(1909, np.zeros((2, 3, 3)), np.zeros((2, 2))), r"flows \(2, 2, 2\)"),
        (Trade(1909, np.full((2, 2, 2), np.nan), np.ones((2, 2))), "at least 0"),
        (Trade(1909, np.stack([np.ones((2, 2)), np.zeros((2, 2))]), np.ones((2, 2))), "no less at most"),
        (Trade(1909, np.stack([np.triu(np.ones((2, 2)))] * 2), np.ones((2, 2))), "both directions"),
    ],
)
def test_trade_that_is_refused(trade, words):
    with pytest.raises(ParameterError, match=words):
        trade_stability(world([1, 2], [("A", "B")]), trade=trade, gammas=[1.5], draws=2)


def test_no_such_gamma():
    found = trade_stability(world([1, 2], []), trade=even(2, np.zeros((2, 2)), np.ones(2)), gammas=[1.5], draws=2)
    with pytest.raises(ParameterError, match=r"one of 1\.5"):
        found.at(2)
    assert found.tie_table().height == 0


class Store:
    """A folder with two tables and their coverage."""

    def __init__(self, pairs, totals):
        self.tables = {"cow_trade_dyads": pairs, "cow_trade_sy": totals}

    def require(self, *sources):
        assert set(sources) == set(self.tables)

    def table(self, source):
        return self.tables[source]

    def provenance(self, source):
        from foedus.data.sources.cow_trade_dyads import SPEC
        from foedus.data.store import Provenance

        return Provenance(SPEC, None, "0" * 64, True, "4.0", 2014)


def test_reading_leaves_holes_open(monkeypatch):
    """A pair with one direction unknown is known in part, a pair without a row not at all; other years and states are not read."""
    system = fd.load("europe-1914")
    a, b, c = (next(x.cow for x in system.actors if x.id == i) for i in ("GMY", "AUH", "ITA"))
    pairs = pl.DataFrame(
        [(a, b, 1913, 2.0, 3.0), (b, a, 1913, 3.0, 2.0), (a, c, 1913, 1.0, None), (c, a, 1913, None, 1.0), (a, b, 1912, 9.0, 9.0), (a, 999, 1913, 9.0, 9.0)],
        schema=["ccode1", "ccode2", "year", "imports", "imports_back"], orient="row",
    )  # fmt: skip
    totals = pl.DataFrame(
        [(a, 1913, 20.0, 30.0), (b, 1913, 8.0, None), (999, 1913, 1.0, 1.0)],
        schema=["ccode", "year", "imports", "exports"],
        orient="row",
    )
    monkeypatch.setattr("foedus.security.trade_stability.DataDir.of", lambda _: Store(pairs, totals))
    trade = trade_of(system)
    i, j, k = (system.index[x] for x in ("GMY", "AUH", "ITA"))
    assert trade.flow[:, i, j].tolist() == trade.flow[:, j, i].tolist() == [5, 5]
    assert trade.flow[:, i, k].tolist() == trade.flow[:, k, i].tolist() == [1, INF]
    assert trade.flow[:, j, k].tolist() == [0, INF]
    assert trade.total[:, [i, j, k]].T.tolist() == [[50, 50], [8, INF], [0, INF]]
    share = trade.share()
    assert share[:, i, j].tolist() == [0.1, 0.1]
    assert share[:, j, i].tolist() == [0, 0.625]
    assert share[:, k, i].tolist() == [0, INF]
    found = trade_stability(system, draws=2, gammas=[1.5])
    assert [s.id for s in found.sources] == ["cow-trade-dyads"] * 2
    with pytest.raises(CoverageError, match="1870 to 2014"):
        trade_of(fd.load("middle-east-2019"))
