"""Do states sign when outweighed: ranks by hand, and histories in which they do or do not."""

from dataclasses import replace

import numpy as np
import pytest

from counter_twin import FIRST, made_up
from foedus.formation.counter import exchanged
from foedus.formation.counter_history import year_of
from foedus.formation.counter_redress import imbalance_ranks, redress


def whole(rows, measure="own"):
    return {r.design: r.effect for r in rows if r.era == "all" and r.outcome == measure}


def test_ranks_by_hand():
    history, _ = made_up(1, states=4, pacts=3)
    grid = np.tile([1.0, 2.0, 4.0, 4.0], (len(history.years), 1))
    powers = np.ones(grid.shape)
    powers[1, 0] = np.nan
    powers[2, :3] = np.nan
    powers[3, 1] = 0.0
    allies = np.ones(grid.shape) * [8, 4, 2, 1]
    by_hand = replace(history, threats=grid, powers=powers, defences=allies)
    ranks = imbalance_ranks(by_hand, "own")
    assert ranks[0].tolist() == pytest.approx([0, 1 / 3, 2.5 / 3, 2.5 / 3])
    assert ranks[1, 1:].tolist() == pytest.approx([0, 0.75, 0.75])
    assert np.isnan(ranks[1, 0])
    assert np.isnan(ranks[2]).all()
    assert np.isnan(ranks[3, 1])
    assert imbalance_ranks(by_hand, "allied")[0].tolist() == pytest.approx([0, 1 / 3, 2 / 3, 1])


def test_states_that_sign_when_outweighed_are_found():
    history, _ = made_up(21)
    threats = history.threats.copy()
    signing, state = np.nonzero(history.signings.gains)
    threats[year_of(history.signings.day)[signing] - FIRST, state] += 5 * history.powers[0, state]
    rows = redress(replace(history, threats=threats), days=exchanged(history, samples=49, seed=1), draws=100)
    found = whole(rows)
    for name in ("permute", "matched"):
        assert found[name].side == 1
        assert found[name].p_holm <= 0.05
    assert found["permute"].cases == len(signing)
    assert {r.era for r in rows if r.effect.cases == 0} == {"1919-1939", "1946-1989", "1990-", "world wars"}


def test_where_threat_has_nothing_to_do_with_it_nothing_is_found():
    sides = []
    for seed in range(8):
        history, _ = made_up(40 + seed)
        shuffled = replace(history, threats=np.random.default_rng(seed).random(history.threats.shape) * history.powers)
        rows = redress(shuffled, days=exchanged(history, samples=49, seed=seed), draws=100, seed=seed)
        sides += [found.side for found in whole(rows).values()]
    assert sum(s != 0 for s in sides) <= 5  # of 16 intervals of 90 %: more has a chance of 0.3 %


def test_one_design_alone():
    history, _ = made_up(2, states=8, pacts=4)
    assert {r.design for r in redress(history, days=None)} == {"matched"}
    assert {r.design for r in redress(history, days=exchanged(history, samples=19), designs=("permute",))} == {
        "permute"
    }
