import json

import numpy as np
import pytest

from foedus.errors import ParameterError
from foedus.kernels import cascade, cascade_reference
from foedus.kernels.cascade import CAUSES
from foedus.scenario.read import load
from foedus.war.field import theatre
from foedus.war.replay import replay
from foedus.war.simulate import war


@pytest.fixture(scope="module")
def july():
    return war(load("europe-1914"), "AUH", "SER", draws=1000)


def test_a_replay_tells_the_war_that_was_drawn(july):
    ids = july.system.ids
    for d in (0, 7, 512, 999):
        told = replay(july, d)
        assert told.attacker_prevails == bool(july.won[d])
        assert told.size == july.counts[d]
        entries = {e.actor: e for r in told.rounds for e in r}
        assert set(entries) == {a for a, k in zip(ids, july.entered[d], strict=True) if k > 0}
        assert [e.day for r in told.rounds for e in r] == sorted(e.day for r in told.rounds for e in r)
        for group in told.rounds:
            assert len({july.entered[d, july.system.index[e.actor]] for e in group}) == 1
        for actor, e in entries.items():
            x = july.system.index[actor]
            assert e.side == " AB"[july.side[d, x]]
            assert e.day == pytest.approx(july.day[d, x], rel=1e-5)
            assert e.cause == CAUSES[july.cause[d, x]]
            assert e.through == (ids[july.through[d, x]] if july.through[d, x] >= 0 else None)
        assert dict(told.left) == pytest.approx(
            {ids[x]: july.left[d, x] for x in np.flatnonzero(july.left[d] >= 0)}, rel=1e-5
        )
        assert (told.ended is None) == (july.ended[d] < 0)


def test_terms_sum_to_the_log_rate(july):
    stage, seen = theatre(july.system, seed=july.seed, outer=len(july.power)), 0
    for d in range(20):
        for e in (e for r in replay(july, d).rounds for e in r):
            base = stage.field.base[d // july.inner, np.searchsorted(cascade.CUTS, e.day, side="right") - 1]
            factor = cascade_reference.shared_factor(july.seed, d, july.inner, stage.field)
            assert e.rate == pytest.approx(factor * np.exp(sum(e.terms.values()) + base))
            near = max(e.terms.get("proximity", 0), e.terms.get("near_own", 0))
            reasons = {t: e.terms.get(t, 0) for t in ("pledge", "attraction", "hostility")} | {"proximity": near}
            assert e.cause in (max(reasons, key=lambda t: reasons[t]), "attacked")
            assert ("pledge" in e.terms) == bool(e.pledges)
            seen += 1
    assert seen > 20


def test_the_kind_of_a_link_is_told():
    w = war(load("middle-east-2019"), "ISR", "IRN", draws=100)
    assert w.link("HEZB", "attraction", "IRN") == "sponsored"
    assert w.link("IRN", "attraction", "HEZB") == "sponsorship"
    assert w.link("SYR", "attraction", "IRN") == "alignment"
    assert w.link("IRN", "attraction", "QAT") == "attraction"
    assert w.link("IRN", "pledge", "SYR") == "pledge"
    assert w.link("IRN", "unexplained", None) == "unexplained"


def test_a_war_that_ends_says_so_and_one_that_does_not_too(july):
    over = next(d for d in range(1000) if july.ended[d] >= 0 and (july.left[d] >= 0).any())
    assert "The war ends; side" in str(replay(july, over))
    assert "makes a separate peace" in str(replay(july, over))
    lasting = next(d for d in range(1000) if july.ended[d] < 0)
    assert "Not over by the horizon" in str(replay(july, lasting))


def test_a_pledge_is_named_and_a_bound_ally_that_stays_out_too(quartet):
    w = war(quartet, "AA", "CC", draws=20_000)  # what DD owes weighs most in one war of several hundred
    d = quartet.index["DD"]
    came = next(k for k in range(20_000) if w.cause[k, d] == 1)
    out = next(k for k in range(20_000) if w.side[k, d] == 0)
    entry = next(e for r in replay(w, came).rounds for e in r if e.actor == "DD")
    assert entry.pledges == ("defense of CC (Pact of second)",)
    assert "DD joins side B: pledge to CC" in str(entry)
    assert ("DD", ("defense of CC (Pact of second)",)) in replay(w, out).bound_but_out
    assert "DD is bound and stays out: defense of CC (Pact of second)" in str(replay(w, out))


def test_median_and_worst_stand_for_the_wars_that_they_name(july):
    sizes = july.counts
    median, worst = replay(july), replay(july, "worst")
    assert median.size == int(np.median(sizes))
    assert median.share == (sizes == median.size).mean()
    least = int(worst.stands_for.split("with ")[1].split()[0])
    assert worst.size >= least
    assert (sizes >= least).mean() >= 0.05 > (sizes >= least + 1).mean()
    assert worst.share == (sizes >= least).mean()
    for told, chosen in ((median, sizes == median.size), (worst, sizes >= least)):
        share = [(july.side[chosen] == k).mean(axis=0) for k in (0, 1, 2)]
        scores = [sum(share[k][x] for x, k in enumerate(s)) for s in july.side[chosen][:64]]
        assert sum(share[k][x] for x, k in enumerate(july.side[told.draw])) >= max(scores) - 1e-9
        for actor, (a, b) in told.chances.items():
            x = july.system.index[actor]
            assert (a, b) == (share[1][x], share[2][x])


def test_a_replay_does_not_need_the_draw_to_be_kept(july):
    few = war(july.system, "AUH", "SER", draws=1000, keep=10)
    assert replay(few, 700) == replay(july, 700)
    assert replay(few, "worst") == replay(july, "worst")


def test_text_and_json_hold_the_same_war(july):
    told = replay(july, "worst")
    text, plain = str(told), json.loads(json.dumps(told.to_dict()))
    assert plain["draw"] == told.draw
    assert [len(r) for r in plain["rounds"]] == [len(r) for r in told.rounds]
    for entries in told.rounds:
        for e in entries:
            assert f"{e.actor} joins side {e.side}" in text
    assert f"the most typical of {told.stands_for}" in text
    assert "most typical" not in str(replay(july, 0))


@pytest.mark.parametrize("which", [-1, 1000, "best", None])
def test_no_such_draw(july, which):
    with pytest.raises(ParameterError, match="999"):
        replay(july, which)


def test_who_helps_the_target_may_bind_others_against_it_in_a_later_round(july):
    """In July 1914 the Dual Alliance does not bind Germany while Austria-Hungary alone attacks; it does once someone comes to Serbia's help."""
    stage = theatre(july.system, seed=july.seed, outer=len(july.power))
    dual = [
        p for p, (pact, g, ally) in enumerate(stage.nouns) if (pact.name, g.by, ally) == ("Dual Alliance", "GMY", "AUH")
    ]
    shot = (july.system.index["AUH"], july.system.index["SER"])
    helped = alone = 0
    for d in range(100):
        for one in cascade_reference.moments(july.seed, d, *shot, july.inner, july.days, stage.field, stage.pledges):
            if one.side[july.system.index["GMY"]] == 0:
                aided = (one.side == 2).sum() > 1
                helped, alone = helped + aided, alone + (not aided)
                assert aided or not one.claims.binding[dual].any()
    assert helped > 10
    assert alone >= 100
    bound = (
        e
        for d in range(1000)
        if july.side[d, july.system.index["GMY"]] == 1
        for r in replay(july, d).rounds
        for e in r
        if e.actor == "GMY" and e.pledges
    )
    assert any("defense of AUH (Dual Alliance)" in e.pledges for e in bound)
