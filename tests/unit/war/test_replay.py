import json

import numpy as np
import pytest

from foedus.errors import ParameterError
from foedus.kernels import cascade
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
        entries = {e.actor: (k, e) for k, r in enumerate(told.rounds, start=1) for e in r}
        assert set(entries) == {a for a, k in zip(ids, july.entered[d], strict=True) if k > 0}
        for actor, (step, e) in entries.items():
            x = july.system.index[actor]
            assert (step, e.side) == (july.entered[d, x], " AB"[july.side[d, x]])
            assert e.cause == CAUSES[july.cause[d, x]]
            assert e.through == (ids[july.through[d, x]] if july.through[d, x] >= 0 else None)
            assert 0 < e.number < e.chance <= 1


def test_terms_sum_to_the_log_odds(july):
    seen = 0
    for d in range(20):
        for e in (e for r in replay(july, d).rounds for e in r):
            total, rest = np.exp(sum(e.terms.values())), 1 / e.chance
            seen += 1
            # chance = odds / (1 + odds + odds of the other side), so the other side's odds are what is left and not below 0
            assert total * rest - 1 - total >= -1e-9
            assert max(("pledge", "attraction", "hostility", "proximity"), key=lambda t: e.terms.get(t, 0)) == e.cause
            assert ("pledge" in e.terms) == bool(e.pledges)
    assert seen > 20


def test_a_pledge_is_named_and_a_bound_ally_that_stays_out_too(quartet):
    w = war(quartet, "AA", "CC", draws=200)
    d = quartet.index["DD"]
    came = next(k for k in range(200) if w.cause[k, d] == 1)
    out = next(k for k in range(200) if w.side[k, d] == 0)
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
        for one in cascade.rounds(july.seed, d, *shot, july.inner, stage.field, stage.pledges):
            if one.side[july.system.index["GMY"]] == 0:
                aided = (one.side == 2).sum() > 1
                helped, alone = helped + aided, alone + (not aided)
                assert aided or not one.binding[dual].any()
    assert helped > 10
    assert alone >= 100
    russian = july.system.index["RUS"]
    drawn = [d for d in range(200) if july.side[d, russian] == 2 and july.cause[d, july.system.index["GMY"]] == 1]
    entry = next(e for r in replay(july, drawn[0]).rounds[1:] for e in r if e.actor == "GMY")
    assert "defense of AUH (Dual Alliance)" in entry.pledges
