import dataclasses
import datetime as dt

import numpy as np
import pytest

from foedus.errors import ParameterError
from foedus.estimate.nested import nested
from foedus.kernels.cascade import CAUSES
from foedus.scenario.read import load
from foedus.system.edits import VoidPact
from foedus.system.nouns import Member, Pact, Pledge
from foedus.war.contributions import contributions
from foedus.war.firebreaks import firebreaks
from foedus.war.result import CAUSE_WORDS
from foedus.war.simulate import war


def test_a_bound_ally_comes_and_a_stranger_hardly_ever(quartet):
    w = war(quartet, "AA", "CC", draws=20_000)
    chances = {a: w.p_war[a].mean for a in quartet.ids}
    assert chances["AA"] == chances["CC"] == 1
    assert [(e.mean, e.low, e.high) for e in (w.p_war["AA"], *w.p_join["CC"])] == [(1, 1, 1), (0, 0, 0), (1, 1, 1)]
    assert w.p_join["DD"][1].mean > 3 * w.p_join["DD"][0].mean
    assert chances["DD"] > 3 * chances["EE"]
    assert w.reasons("DD").get("pledge", 0) > 0


def test_one_or_two_workers_give_the_same_bytes(quartet):
    a, b = (war(quartet, "AA", "CC", draws=1600, workers=k) for k in (1, 2))
    for name in ("side", "entered", "cause", "through", "won", "day", "left", "ended"):
        assert np.array_equal(getattr(a, name), getattr(b, name))


def test_more_draws_keep_the_first_ones(quartet):
    few, many = war(quartet, "AA", "CC", draws=100), war(quartet, "AA", "CC", draws=200)
    assert np.array_equal(few.power, many.power[: len(few.power)])
    assert np.array_equal(few.side, many.side[:100])


def test_voiding_a_pact_never_binds_and_leaves_the_rest_of_chance_alone(quartet):
    before = war(quartet, "AA", "CC", draws=2000)
    after = war(VoidPact("pact-second").apply(quartet), "AA", "CC", draws=2000)
    assert not (after.cause[:, quartet.index["DD"]] == 1).any()
    assert after.p_war["DD"].mean < before.p_war["DD"].mean
    assert before.p_war["EE"].mean == pytest.approx(after.p_war["EE"].mean, abs=0.03)


def test_shares_chains_and_fronts_are_consistent(quartet):
    w = war(quartet, "AA", "CC", draws=1000)
    assert sum(w.size_distribution().values()) == pytest.approx(1)
    assert ((w.side > 0) == (w.entered >= 0)).all()
    assert (w.share <= 1 + 1e-9).all()
    for (chain, share), (same, e) in zip(w.chains(), w.chain_chances(), strict=True):
        assert (chain[0], chain, share) == ("AA > CC", same, e.mean)
        assert 0 <= e.low < share < e.high <= 1
    assert w.fronts()[0][:2] == ("AA", "CC")
    assert w.fronts()[0][2].mean == 1
    assert w.at_home()["AA"].mean == 1
    for a, e in w.p_war.items():
        assert 0 <= e.low <= e.mean <= e.high <= 1
        assert e.low < e.high or a in (w.attacker, w.target)
    plain = w.to_dict()
    assert plain["standing"] == "simulated"
    assert plain["draws"] == 1000


def test_the_interval_of_a_chain_and_of_a_size_is_that_of_the_wars_that_hold_it(quartet):
    w = war(quartet, "AA", "CC", draws=1000)
    d = quartet.index["DD"]
    alone = {}
    for k in range(w.kept):  # DD on CC's account, and nobody after it
        if w.entered[k, d] > 0 and d not in w.through[k][w.entered[k] > 0] and w.through[k, d] == quartet.index["CC"]:
            alone.setdefault(w.cause[k, d], []).append(k)
    wars = max(alone.values(), key=len)
    (mine,) = (
        e for chain, e in w.chain_chances(50) if chain[1:] == (f"DD ({CAUSE_WORDS[CAUSES[w.cause[wars[0], d]]]} CC)",)
    )
    assert mine.to_dict() == pytest.approx(nested(np.isin(np.arange(w.kept), wars)[:, None], w.inner)[0].to_dict())
    sizes = w.size_chances()
    assert {n: e.mean for n, e in sizes.items()} == w.size_distribution()
    assert sizes[2].to_dict() == pytest.approx(nested((w.counts == 2)[:, None], w.inner)[0].to_dict())
    fewer = war(quartet, "AA", "CC", draws=1000, keep=200).size_chances()
    assert all(e.low <= e.mean <= e.high and fewer[n].mean == e.mean for n, e in sizes.items())


def test_spread_without_borders_has_no_front(quartet):
    w = war(quartet.with_(borders=()), "AA", "CC", draws=100)
    assert w.fronts() == []


def test_a_neutrality_pledge_keeps_out(quartet):
    pledge = (Pledge("DD", "neutral", to=("AA",)),)
    pact = Pact("n", "Neutrality", "treaty", (Member("DD"), Member("AA")), pledge, start=dt.date(1900, 1, 1))
    free = war(quartet.with_(pacts=()), "AA", "CC", draws=3000)
    held = war(quartet.with_(pacts=(pact,)), "AA", "CC", draws=3000)
    assert held.p_join["DD"][1].mean < free.p_join["DD"][1].mean


def test_progress_reaches_the_end(quartet):
    seen = []
    war(quartet, "AA", "CC", draws=1500, progress=seen.append)
    assert seen[-1] == 1
    assert seen == sorted(seen)


@pytest.mark.parametrize(
    ("pair", "options", "match"),
    [
        (("AA", "AA"), {}, "another actor"),
        (("AA", "CC"), {"draws": 0}, "draws"),
        (("AA", "CC"), {"workers": 0}, "workers"),
        (("AA", "CC"), {"keep": 0}, "keep"),
        (("AA", "CC"), {"days": 0}, "days"),
    ],
)
def test_bad_arguments(quartet, pair, options, match):
    with pytest.raises(ParameterError, match=match):
        war(quartet, *pair, **options)


def test_firebreaks_rank_by_reduction(quartet):
    found = firebreaks(war(quartet, "AA", "CC", draws=1000), draws=500)
    assert found
    assert [f.size.mean for f in found] == sorted(f.size.mean for f in found)
    assert any("Pact of second" in f.what and f.size.mean < 0 for f in found)
    abstaining = {f.what.split()[0] for f in found if f.what.endswith("stays out")}
    assert not abstaining & {"AA", "CC"}


def test_a_change_that_moves_nothing_is_known_to_either_side_of_nothing(quartet):
    idle = Pact(
        "idle",
        "A later pact",
        "treaty",
        (Member("CC"), Member("EE")),
        (Pledge("EE", "defense"),),
        start=dt.date(1950, 1, 1),
    )
    w = war(quartet.with_(pacts=(*quartet.pacts, idle)), "AA", "CC", draws=200)
    (row,) = contributions(w, [VoidPact("idle")], what="spread", draws=200).rows
    assert row.value.mean == 0
    assert row.value.low == -row.value.high < 0


def test_other_actors_inputs_do_not_move(quartet):
    a = war(quartet, "AA", "CC", draws=500)
    without = quartet.with_(actors=quartet.actors[:4])
    b = war(without, "AA", "CC", draws=500)
    agree = (a.side[:, 3] > 0) == (b.side[:, 3] > 0)
    assert agree.mean() > 0.95


def test_an_entry_that_no_reason_explains_ends_its_chain(quartet):
    w = war(quartet, "AA", "CC", draws=50)
    side, entered, cause, through = (getattr(w, name).copy() for name in ("side", "entered", "cause", "through"))
    side[:, 4], entered[:, 4], cause[:, 4], through[:, 4] = 1, 1, 5, -1
    counts = w.tally.cause.copy()
    counts[4] = [0, 0, 0, 0, 0, 50, 0]
    lone = dataclasses.replace(
        w, side=side, entered=entered, cause=cause, through=through, tally=w.tally._replace(cause=counts)
    )
    assert any(chain[1:] == ("EE (no coded reason)",) for chain, _ in lone.chains(50))
    assert lone.reasons("EE") == {"unexplained": 1.0}


def test_the_order_in_which_a_system_lists_its_actors_changes_nothing():
    """Neither who enters and when, nor of equally near belligerents the one on whose account: that is the most powerful."""
    one = load("europe-1914")
    other = one.with_(actors=one.actors[::-1])
    found, turned = (war(s, "AUH", "SER", draws=1000, seed=1) for s in (one, other))
    place = np.array([other.index[a] for a in one.ids])
    back = np.append([one.index[a] for a in other.ids], -1)
    for name in ("side", "entered", "cause", "day", "left"):
        assert np.array_equal(getattr(turned, name)[:, place], getattr(found, name)), name
    assert np.array_equal(back[turned.through[:, place]], found.through)
