"""Contributions, sets that hold a war, what one actor would have had to add, and where the fighting is."""

import datetime as dt
import json
from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest

from foedus.errors import ParameterError
from foedus.estimate.nested import Estimate
from foedus.scenario.read import load, load_scenario
from foedus.system.edits import ChangeTie, RemoveActor, VoidPact
from foedus.war import contributions as module
from foedus.war.contributions import contributions
from foedus.war.required import _crossing, required
from foedus.war.sets import Act, acts_of, cut_sets, holding_sets
from foedus.war.simulate import war
from foedus.war.worlds import Worlds

PACTS = ("Dual Alliance", "Franco-Russian Alliance", "Serbian-Montenegrin alliance")


@pytest.fixture(scope="module")
def july():
    return war(load("europe-1914"), "AUH", "SER", draws=400)


def test_a_world_is_the_war_of_the_edited_system(july):
    worlds = Worlds(july, [(RemoveActor("RUS"),), (VoidPact("Dual Alliance"),)], draws=400)
    both = worlds.at_war(frozenset({0, 1}))
    edited = war(VoidPact("Dual Alliance").apply(RemoveActor("RUS").apply(july.system)), "AUH", "SER", draws=400)
    for a in edited.system.ids:
        assert np.array_equal(both[:, july.system.index[a]], edited.side[:, edited.system.index[a]] > 0)
    assert not both[:, july.system.index["RUS"]].any()
    assert worlds.measure(frozenset({0, 1}), "size") == pytest.approx(edited.counts)
    assert worlds.measure(frozenset(), "general") == pytest.approx((july.share >= 0.5).astype(float))
    assert worlds.measure(frozenset(), "spread") == pytest.approx((july.counts > 2).astype(float))
    with pytest.raises(ParameterError, match="what"):
        worlds.measure(frozenset(), "deaths")
    with pytest.raises(ParameterError, match="draws"):
        Worlds(july, [], draws=0)


def test_exact_contributions_are_means_over_all_orders(july):
    edits = [VoidPact(p) for p in PACTS]
    got = contributions(july, edits, draws=400)
    worlds = Worlds(july, [(e,) for e in edits], draws=400)
    mean = dict.fromkeys(range(3), 0.0)
    for order in permutations(range(3)):
        for k, i in enumerate(order):
            before, after = (worlds.measure(frozenset(order[:m]), "size").mean() for m in (k, k + 1))
            mean[i] += (before - after) / 6
    assert {r.what: r.value.mean for r in got.rows} == pytest.approx({edits[i].describe(): v for i, v in mean.items()})
    assert sum(r.value.mean for r in got.rows) == pytest.approx(got.total.mean)
    assert got.orders is None
    assert got.worlds == 8
    assert all(r.order_error == 0 for r in got.rows)


def test_sampled_contributions_sum_to_the_whole_and_are_near_the_exact_ones(july, monkeypatch):
    edits = [VoidPact(p) for p in PACTS]
    exact = {r.what: r.value.mean for r in contributions(july, edits, draws=400).rows}
    monkeypatch.setattr(module, "EXACT", 2)
    seen = []
    got = contributions(july, edits, draws=400, orders=60, progress=seen.append)
    assert sum(r.value.mean for r in got.rows) == pytest.approx(got.total.mean)
    assert got.orders == 60
    assert seen[-1] == got.worlds
    for r in got.rows:
        assert abs(r.value.mean - exact[r.what]) <= 4 * r.order_error + 1e-9
    assert json.dumps(got.to_dict())
    with pytest.raises(ParameterError, match="orders"):
        contributions(july, edits, orders=1)


def test_without_a_list_the_busiest_are_weighed(july):
    got = contributions(july, draws=50, what="general")
    assert any(r.what == "leave out RUS" for r in got.rows)
    assert got.table().height == len(got.rows)


def test_a_set_that_holds_has_no_part_that_does(july):
    tried = [Act("void", p, (VoidPact(p),), 1.0) for p in PACTS]
    all_void = Worlds(july, [a.edits for a in tried], draws=400).measure(frozenset(range(3)), "size").mean()
    bound = 0.5 * (july.counts.mean() + all_void)
    found = holding_sets(july, tried, below=bound, what="size", size=3, draws=400)
    sets = [frozenset(a.what for a in h.acts) for h in found.holding]
    assert sets
    assert not any(a < b for a in sets for b in sets)
    for h in found.holding:
        assert h.value.mean <= found.below
        assert h.sure == (h.value.high <= found.below)
    assert [h.cost for h in found.holding] == sorted(h.cost for h in found.holding)
    local = holding_sets(july, [], below=1.0, draws=50)
    assert [h.acts for h in local.holding] == [()]
    assert json.dumps(found.to_dict())
    with pytest.raises(ParameterError, match="size"):
        cut_sets(july, below=0.1, size=0)


def test_acts_are_made_and_one_that_helps_the_target_widens_the_war(july):
    acts = {a.what: a for a in acts_of(july, costs={"deploy": 7.0})}
    assert acts["UKG deploys for SER"].cost == 7.0
    assert {a.kind for a in acts.values()} == {"stay out", "mediate", "guarantee", "deploy"}
    some = [acts["RUS stays out"], acts["UKG deploys for SER"], acts["UKG guarantees SER"]]
    seen = []
    found = holding_sets(july, some, below=0.4, size=2, draws=400, progress=seen.append)
    assert seen
    assert any(a.what == "UKG deploys for SER" and e.low > 0 for a, e in found.widening)
    assert not any(a.kind == "stay out" for a, _ in found.widening)
    again = acts_of(war(load("middle-east-2015"), "OPP", "SYR", draws=100))
    assert not any(a.what == "USA deploys for SYR" for a in again)


def test_open_help_weighs_more_than_deniable_help():
    system = load("middle-east-2019")
    tie = next(t for t in system.active_ties() if t.reason == "sponsorship" and {t.a, t.b} == {"IRN", "HEZB"})
    chances = {}
    for how in ("open", "deniable"):
        edited = ChangeTie(tie.a, tie.b, "sponsorship", tie.strength, openness=how).apply(system)
        chances[how] = war(edited, "ISR", "HEZB", draws=1000).p_join["IRN"][1].mean
    assert chances["open"] > chances["deniable"]


def test_what_iran_would_have_had_to_add_without_russia():
    system = load_scenario("middle-east-2015").at(dt.date(2015, 10, 2))
    seen = []
    got = required(system, "OPP", "SYR", "IRN", instead_of="RUS", steps=4, draws=1000, progress=seen.append)
    assert seen[-1] == 1
    assert got.with_help.mean > got.without.mean
    assert got.measured[-1].mean > got.measured[0].mean == got.without.mean
    assert got.factor is None or got.factor > 1
    assert 0 <= got.beyond < 1
    assert "IRN would have had to be" in str(got)
    assert json.dumps(got.to_dict())
    assert got.helps.mean == pytest.approx(got.with_help.mean - got.without.mean)
    told = str(replace(got, helps=Estimate(0.01, -0.02, 0.04, 0.0)))
    assert "what RUS's help changes, 0.01 [-0.02, 0.04], is not told from 0" in told
    assert "told from 0" not in str(replace(got, helps=Estimate(0.1, 0.02, 0.2, 0.0)))
    far = required(system, "OPP", "SYR", "HEZB", instead_of="IRN", goal="general", most=1.01, steps=2, draws=1000)
    assert far.goal == "general"
    some = required(system, "OPP", "SYR", "IRN", instead_of="RUS", goal="spread", steps=2, draws=500)
    assert some.with_help.mean > 0.5
    for options in ({"goal": "win"}, {"most": 1.0}, {"steps": 1}, {"instead_of": "IRN"}):
        with pytest.raises(ParameterError, match="goal"):
            required(system, "OPP", "SYR", "IRN", **({"instead_of": "RUS"} | options))


def test_where_a_curve_reaches_its_goal():
    factors = np.array([1.0, 10.0, 100.0])
    assert _crossing(factors, np.array([0.2, 0.4, 0.6]), 0.5) == pytest.approx(10**1.5)
    assert _crossing(factors, np.array([0.6, 0.4, 0.2]), 0.5) == pytest.approx(10**0.5)
    assert _crossing(factors, np.array([0.2, 0.4, 0.6]), 0.2) == 1.0
    assert _crossing(factors, np.array([0.2, 0.4, 0.6]), 0.9) == np.inf


def test_no_amount_in_range_is_said():
    system = load_scenario("middle-east-2015").at(dt.date(2015, 10, 2))
    got = required(system, "OPP", "SYR", "HEZB", instead_of="RUS", most=1.01, steps=2, draws=500)
    assert got.factor is None
    assert "no amount in range" in str(got)


def test_an_amount_that_is_enough_is_told_with_its_interval():
    system = load_scenario("middle-east-2015").at(dt.date(2015, 10, 2))
    got = required(system, "OPP", "SYR", "IRN", instead_of="HEZB", steps=4, draws=1000)
    assert 1 <= got.factor <= 20
    assert got.low is not None
    assert got.low <= got.factor
    assert f"IRN would have had to be {got.factor:.2g} times as strong [{got.low:.2g}, " in str(got)


def test_shares_of_the_fighting_sum_to_one(july):
    shares = july.territory()
    assert sum(e.mean for e in shares.values()) == pytest.approx(1.0)
    assert shares["SER"].mean > shares["BEL"].mean
    for e in shares.values():
        assert 0 <= e.low <= e.mean <= e.high <= 1
    alone = july.system.with_(borders=())
    assert war(alone, "AUH", "SER", draws=50).territory() == {}


def test_the_pacts_that_drew_in_most_are_tried():
    drawn = war(load("middle-east-2019"), "ISR", "IRN", draws=1000)
    found = cut_sets(drawn, below=0.0, what="spread", pacts=2, size=1, draws=200)
    assert found.holding == ()
    assert found.tried == 3
