"""The debate on deterrence and the fall of war on the published data: signs, directions and counts as they come out."""

from __future__ import annotations

import numpy as np
import pytest

from foedus.studies import peace_facts_ties as ties
from foedus.studies import peace_facts_wars as wars
from foedus.studies.debate_fit import Design, Pairs, fit
from foedus.studies.debate_plan import BOTH, JOHNSON, LEEDS, Plan
from foedus.studies.debate_rows import debate_rows
from foedus.studies.peace_facts import fall_of_war

pytestmark = pytest.mark.realdata


@pytest.fixture(scope="module")
def rows(realdata_dir):
    return debate_rows(data_dir=realdata_dir)


@pytest.fixture(scope="module")
def fits(rows):
    plan, pairs = Plan(1816, 2000), Pairs.of(rows)
    return {name: fit(rows, d, pairs=pairs) for name, d in plan.published().items()}


def test_the_rows(rows):
    assert int(rows.dispute.sum()) == 2149
    assert int(rows.relevant.sum()) == 184_184
    assert rows.left_out["years of a dispute that went on"] == 2870
    assert rows.weight[~(rows.relevant | rows.dispute)].min() == 20


def test_offence_and_neutrality_raise_initiation_as_published(fits):
    for name in (LEEDS, JOHNSON):
        for term in ("offence", "neutrality"):
            assert fits[name].interval(term)[1] > 0, (name, term)


def test_the_pact_of_the_target_is_not_shown_to_lower_it(fits):
    value, low, high = fits[LEEDS].interval("pact")
    assert value == pytest.approx(-0.110, abs=0.005)
    assert low < 0 < high
    value, low, high = fits[JOHNSON].interval("pact")
    assert value == pytest.approx(0.214, abs=0.005)
    assert low < 0 < high


def test_new_and_older_pacts_part_and_change_places_between_the_eras(fits):
    before, nuclear = fits[f"{BOTH}, to 1944"], fits[f"{BOTH}, from 1946"]
    assert before.interval("pact")[1] > 0
    assert before.interval("older")[2] < 0
    assert nuclear.interval("older")[1] > 0
    assert nuclear.coef[1] < nuclear.coef[2]


def test_thinning_changes_little(realdata_dir, rows):
    every = debate_rows(far_share=1, last=1950, data_dir=realdata_dir)
    some = debate_rows(last=1950, data_dir=realdata_dir)
    assert len(every.year) > 3 * len(some.year)
    one, two = (fit(r, Design(last=1944)).interval("pact") for r in (every, some))
    assert two[0] == pytest.approx(one[0], abs=(one[2] - one[1]) / 6)


@pytest.fixture(scope="module")
def facts(realdata_dir):
    return fall_of_war(data_dir=realdata_dir, draws=100)


def test_wars_per_pair_fell_under_every_rule(facts):
    ratio = np.array([r.ratio for r in facts.wars])
    assert len(ratio) == 736
    assert ratio.min() > 1
    assert np.median(ratio) == pytest.approx(4.6, abs=0.1)
    assert ratio.max() == pytest.approx(15.8, abs=0.1)
    main = {
        (r.source, r.pairs, r.count): r
        for r in facts.wars
        if r.window == wars.MAIN and r.system == "cow" and r.world_wars
    }
    assert main["COW wars", "war", "onsets"].n == (59, 34)
    assert main["COW wars", "war", "onsets"].ratio == pytest.approx(7.1, abs=0.05)
    assert main["COW wars", "first day", "war-years"].ratio == pytest.approx(5.9, abs=0.05)
    assert not any(all(r.meets) for r in facts.wars)


def test_allies_rose_and_ties_last(facts):
    by = {(c.what, c.kind, c.rule): c for c in facts.ties if c.window == ties.WINDOWS[0]}
    allies = by["allies of a state", "ATOP, defence", "mean over years"]
    assert allies.value == pytest.approx((1.87, 9.46), abs=0.01)
    assert allies.ratio_low > 2
    lasting = by["still there after 5 years", "ATOP, any pact", "of all ties"]
    assert lasting.value == pytest.approx((0.652, 0.964), abs=0.001)


def test_before_1914_pacts_grew_denser_and_rivalries_by_one_list_only(facts):
    by = {(d.kind, d.where): d for d in facts.before_1914}
    assert by["ATOP, any pact", "all states"].n[[0, -1]].tolist() == [9, 25]
    assert by["ATOP, any pact", "Europe"].slope[1] > 0
    assert by["rivalries, Peace Data", "Europe"].slope[1] > 0
    assert by["rivalries, Thompson", "all states"].n[[0, -1]].tolist() == [41, 39]
    assert by["rivalries, Thompson", "all states"].slope[1] < 0 < by["rivalries, Thompson", "all states"].slope[2]
