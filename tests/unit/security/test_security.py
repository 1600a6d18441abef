import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

import foedus as fd
from foedus.errors import ParameterError
from foedus.security.account import pact_account
from foedus.security.hazard import threats
from foedus.security.ledger import alone_or_together
from foedus.system.system import System
from foedus.war.onset import chances


def test_an_ally_helps_to_hold_and_its_worth_is_what_is_lost_without_it(quartet):
    ledger = alone_or_together(quartet, "AA", against="CC", draws=200, wars=0)
    assert ledger.holds[1].mean > ledger.holds[0].mean
    assert ledger.beaten[1].mean < ledger.beaten[0].mean
    assert ledger.safer.mean == pytest.approx(ledger.beaten[0].mean - ledger.beaten[1].mean)
    ally = ledger.allies[0]
    assert ally.actor == ledger.adds_most == "BB"
    assert ledger.holds[0].mean < ally.hold_only.mean <= ledger.holds[1].mean
    assert ledger.holds[0].mean <= ally.hold_without.mean < ledger.holds[1].mean
    assert ally.adds.mean == pytest.approx(ledger.holds[1].mean - ally.hold_without.mean)
    assert ally.owes == ("defense (Pact of first)",)
    assert ledger.entrapped is None


def test_who_helps_most_is_said_for_each_attack_and_never_the_attacker_itself(quartet):
    foes = ["CC", "BB"]
    whole = alone_or_together(quartet, "AA", against=foes, draws=60, wars=0)
    for t in whole.threats:
        by_itself = alone_or_together(quartet, "AA", against=t.actor, draws=60, wars=0)
        best = max((a for a in by_itself.allies if a.actor != t.actor), key=lambda a: a.adds.mean)
        # Which helpers are counted exactly, and which by the strength expected of them, depends on the attackers asked about.
        assert (t.helped_by, t.help.mean) == (best.actor, pytest.approx(best.adds.mean, rel=0.05))
        assert t.helped_by != t.actor
        row = next(r for r in whole.table().to_dicts() if r["threat"] == t.actor)
        assert row["helped_by"] == t.helped_by
        assert row["help_low"] < row["help"] < row["help_high"]


def test_own_pledges_raise_the_chance_to_be_drawn_in(quartet):
    ledger = alone_or_together(quartet, "BB", draws=200, wars=3000)
    without, with_ = ledger.entrapped
    assert with_.mean > without.mean
    lonely = alone_or_together(quartet, "EE", draws=100, wars=500)
    assert lonely.entrapped[0].mean == lonely.entrapped[1].mean
    assert lonely.drawn_in.low < 0 < lonely.drawn_in.high, "a difference, which wars that are all alike do not sign"
    assert not any(a.linked for a in lonely.allies)
    assert lonely.holds[0].mean < lonely.holds[1].mean, "who promised nothing may come too"


def test_hazards_are_chances_and_enemies_come_first(quartet):
    world = threats(quartet, draws=100)
    assert (world.matrix.diagonal() == 0).all()
    assert (world.matrix >= 0).all()
    assert (world.matrix < 1).all()
    a, b, c = (quartet.index[x] for x in ("AA", "BB", "CC"))
    assert world.matrix[c, a] > world.matrix[b, a]


def test_every_interval_has_a_width(quartet):
    ledger = alone_or_together(quartet, "AA", draws=100, wars=200)
    for pair in (ledger.attacked, ledger.holds, ledger.beaten, ledger.entrapped):
        for e in pair:
            assert e.low < e.high


def test_against_itself_is_refused(quartet):
    with pytest.raises(ParameterError, match="itself"):
        alone_or_together(quartet, "AA", against=["AA"])


def test_an_ally_does_not_help_against_itself(quartet):
    ledger = alone_or_together(quartet, "AA", against=["BB"], draws=60, wars=0)
    assert not any(a.linked or a.actor == "BB" for a in ledger.allies)
    assert ledger.threats[0].attack_alone.mean > 0


def test_tables_and_plain_form(quartet):
    ledger = alone_or_together(quartet, "AA", draws=60, wars=100)
    assert ledger.table().height == len(ledger.threats)
    assert ledger.ally_table().height == len(ledger.allies)
    assert ledger.to_dict()["standing"].startswith("derived")


def test_someone_else_than_the_ally_of_the_attacker_comes():
    """Austria-Hungary guaranteed Belgium in 1839 and is Germany's ally: it is far likelier beside Germany than beside Belgium, Britain the reverse."""
    system = fd.load("europe-1914")
    x = alone_or_together(system, "BEL", against="GMY", draws=60, wars=0)
    ally = {a.actor: a for a in x.allies}
    assert ally["AUH"].linked
    assert ally["AUH"].joins_foe.mean > 2 * ally["AUH"].comes.mean
    for friend in ("UKG", "FRN"):
        assert ally[friend].comes.mean > 3 * ally["AUH"].comes.mean
        assert ally[friend].joins_foe.mean < 0.2 * ally[friend].comes.mean
    assert "GMY" not in ally


def test_holding_never_falls_with_one_more_helper(quartet):
    world = threats(quartet, draws=50)
    me, foe = quartet.index["AA"], [quartet.index["CC"]]
    named = [quartet.index[x] for x in ("BB", "DD", "EE")]
    table = world.hold_sets(me, named, others=np.zeros(5, dtype=bool), against=foe)
    for code in range(8):
        for b in range(3):
            assert (table[:, :, code | 1 << b] >= table[:, :, code] - 1e-12).all()
    assert table[:, :, 0] == pytest.approx(world.hold(me, allies=(), against=foe))
    assert table[:, :, 1] == pytest.approx(world.hold(me, allies=[named[0]], against=foe))


def test_the_mean_hazard_keeps_the_level_of_the_fit():
    world = threats(fd.load("europe-1914"), draws=300)
    for name in ("BEL", "SER", "FRN"):
        k = world.system.index[name]
        got, want = world.hazard(k).mean(axis=0), world.matrix[:, k]
        strong = want > 1e-4
        assert got[strong] == pytest.approx(want[strong], rel=0.35)


def test_the_price_of_an_ally_is_the_wars_that_the_clause_binds_to(quartet):
    world = threats(quartet, draws=30)
    a, b, e = (quartet.index[x] for x in ("AA", "BB", "EE"))
    got = world.bound_wars(a, b)
    unclear = tuple(replace(g, unclear="the text is disputed") for g in quartet.pacts[0].pledges)
    doubt = threats(quartet.with_(pacts=(replace(quartet.pacts[0], pledges=unclear), *quartet.pacts[1:])), draws=30)
    keep = np.ones(5)
    keep[[a, b]] = 0
    for w, binds in ((world, 1.0), (doubt, doubt.stage.field.undetermined)):
        attack = np.stack([chances(w._means[:, b], quartet.date.year, c) for c in w.coef["wars"]])
        entered = (attack * w.comes(b)[:, :, 1, a].astype(float) * keep).sum(axis=1)
        assert w.bound_wars(a, b) == pytest.approx(entered * binds, rel=1e-5)
    assert not world.bound_wars(a, e).any()
    x = alone_or_together(quartet, "AA", against="CC", draws=30, wars=0)
    ally = next(k for k in x.allies if k.actor == "BB")
    assert ally.bound.mean == pytest.approx(got.mean(), rel=0.2)
    assert x.adds_most_for_its_price == "BB"
    assert ally.honoured.low < ally.honoured.high
    others = [k for k in x.allies if not k.linked]
    assert others
    assert all(k.bound is None and k.per_bound is None and k.honoured is None for k in others)


def test_sets_of_helpers_say_why_and_smaller_ones_do_not_reach(quartet):
    x = alone_or_together(quartet, "AA", against="CC", draws=60, wars=0)
    for one in x.sets:
        assert (one.holds.mean > 0.5) == (one.why == "reaches a half")
    weak = alone_or_together(quartet, "EE", against="CC", draws=60, wars=0)
    assert {s.why for s in weak.sets} == {"best of its size"}
    assert [len(s.members) for s in weak.sets] == sorted(len(s.members) for s in weak.sets)
    sure = alone_or_together(quartet, "AA", against="EE", draws=60, wars=0)
    assert sure.sets[0].members == ()


def test_one_likelier_to_join_the_foe_adds_most_only_where_there_is_nobody_else():
    from foedus.estimate.nested import Estimate
    from foedus.security.ledger import Ally, _most

    def ally(name, comes, joins, adds, *, linked=False):
        c, j, a = (Estimate(x, x, x, 0.0) for x in (comes, joins, adds))
        return Ally(name, c, j, a, a, a, linked, None, None, None, ())

    turning, loyal = ally("AA", 0.1, 0.2, 0.05), ally("BB", 0.2, 0.1, 0.02)
    assert (turning.turns, loyal.turns) == (True, False)
    assert _most((turning, loyal)) is loyal
    assert _most((turning,)) is turning
    assert _most((ally("AA", 0.1, 0.2, 0.05, linked=True), loyal)).actor == "AA"
    assert _most(()) is None


def test_a_threat_is_no_helper_unless_it_has_an_obligation(quartet, monkeypatch):
    monkeypatch.setattr("foedus.security.alliances.HALF", 2.0)
    x = alone_or_together(quartet, "AA", against=["CC", "DD"], draws=30, wars=0)
    named = {m for s in x.sets for m in s.members}
    assert "BB" in named
    assert not {"CC", "DD"} & named
    assert named <= {a.actor for a in x.allies if a.linked or not a.turns}
    both = alone_or_together(quartet, "AA", against=["CC", "BB"], draws=30, wars=0)
    assert "BB" in {m for s in both.sets for m in s.members}


def test_threats_are_ranked_by_the_product_of_their_parts(quartet):
    x = alone_or_together(quartet, "AA", draws=60, wars=0)
    products = [t.product.mean for t in x.threats]
    assert products == sorted(products, reverse=True)
    worst = x.threats[0]
    assert worst.actor == "CC"
    assert worst.record == 0.25
    assert worst.proximity.mean == 1.0
    assert worst.dispute_together.mean > worst.attack_together.mean
    assert 0 <= x.dependence.low <= x.dependence.mean <= 1


def test_the_burden_of_an_alliance_is_the_equilibrium_of_its_members(quartet):
    x = alone_or_together(quartet, "AA", against="CC", draws=60, wars=0)
    assert [b.actor for b in x.burden] == ["AA", "BB"]
    assert x.burden[0].gives.mean > x.burden[1].gives.mean
    assert sum(b.gives.mean for b in x.burden) == pytest.approx(1)
    assert x.burden[0].resources == "capability"
    assert alone_or_together(quartet, "EE", draws=20, wars=0).burden == ()
    assert alone_or_together(quartet, "AA", against="BB", draws=20, wars=0).burden == ()


def test_a_brief_ledger_leaves_out_what_takes_long(quartet):
    x = alone_or_together(quartet, "AA", draws=20, wars=0, brief=True)
    assert x.sets == x.nuclear == x.burden == ()
    assert [a.actor for a in x.allies] == ["BB"]


def test_nobody_has_any_strength(make_actor):
    system = System("none", "None", dt.date(1910, 1, 1), (make_actor("AA", 0.0), make_actor("BB", 0.0, lat=9.0)))
    x = alone_or_together(system, "AA", draws=20, wars=50)
    assert x.holds[0].mean == pytest.approx(x.holds[1].mean)
    assert 0.5 <= x.holds[0].mean < 0.7, "equal but for the distance that the attacker has to go"
    assert 0 < x.attacked[0].mean < 1
    assert x.allies == ()
    assert x.dependence is None


def test_against_nobody_is_refused(quartet):
    with pytest.raises(ParameterError, match="at least one actor"):
        alone_or_together(quartet, "AA", against=[], draws=10, wars=0)


@pytest.mark.parametrize(("option", "value"), [("draws", 1), ("draws", -3), ("draws", True), ("wars", -1)])
def test_counts_that_cannot_be_are_refused(quartet, option, value):
    with pytest.raises(ParameterError, match=option):
        alone_or_together(quartet, "AA", **({"draws": 10, "wars": 0} | {option: value}))


def test_the_base_is_the_log_odds_if_nobody_would_help(quartet):
    world = threats(quartet, draws=10)
    alone = world.hazard(0, allies=())[:, 1:]
    assert np.log(alone / (1 - alone)) == pytest.approx(world.base(0)[:, 1:])


def test_helpers_are_a_mapping_of_those_with_an_obligation(quartet):
    world = threats(quartet, draws=10)
    k = quartet.index
    assert len(world.helpers) == 4
    assert (k["AA"], k["EE"]) not in world.helpers
    with pytest.raises(KeyError):
        world.helpers[k["AA"], k["EE"]]
    for (i, h), come in world.helpers.items():
        assert come == pytest.approx(world.comes(i)[:, :, 1, h])
    full = world.defence(k["AA"])
    assert (full > world.defence(k["AA"], allies=())).all(axis=0)[k["CC"]]
    assert world.offence[:, :, k["AA"]] == pytest.approx(world.against(k["AA"]))


def test_a_pact_reassures_members_and_alarms_their_foes(quartet):
    account = pact_account(quartet, "Pact of first", draws=200)
    effect = {e.actor: e for e in account.effects}
    assert effect["AA"].member
    assert effect["AA"].beaten.mean < 0
    assert effect["CC"].prevails.mean < 0
    assert effect["AA"].prevails is None
    assert account.table()["member"].to_list() == sorted(account.table()["member"].to_list(), reverse=True)
    assert account.to_dict()["pact"] == "pact-first"
