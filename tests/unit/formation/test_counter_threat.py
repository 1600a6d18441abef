"""Threat and gap of outsiders: by hand, against a plain count, and on degenerate worlds."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import foedus as fd
from foedus.errors import ParameterError
from foedus.formation.counter_threat import Danger, danger, pact_rise


def world(power, exposure, allied=(), reach=None):
    n = len(power)
    power, ties = np.array(power, dtype=float), np.eye(n, dtype=bool)
    for a, b in allied:
        ties[a, b] = ties[b, a] = True
    sent = power[:, None] * (np.ones((n, n)) if reach is None else reach)
    np.fill_diagonal(sent, power)
    return Danger(power, sent, np.where(ties, 0.0, np.array(exposure, dtype=float)), ties)


def plain_threat(w, o, members=()):
    """Threat to o: every other one that is no ally, with its allies and fellow members, but for o's own allies."""
    total = 0.0
    for j in range(len(w.power)):
        helpers = {a for a in range(len(w.power)) if w.allied[j, a] or (j in members and a in members)}
        total += w.exposure[j, o] * sum(w.sent[a, o] for a in helpers if not w.allied[a, o])
    return total


def test_two_hostile_neighbours_who_ally_by_hand():
    hostile = np.zeros((3, 3))
    hostile[0, 2], hostile[1, 2] = 0.5, 0.25
    w = world([0.4, 0.4, 0.2], hostile)
    assert w.threat[2] == pytest.approx(0.5 * 0.4 + 0.25 * 0.4)
    found = pact_rise(w, [0, 1])
    assert found.rise[2] == pytest.approx(0.75 * 0.4)
    assert found.before[2] == pytest.approx(0.3)
    assert found.gap_before[2] == pytest.approx(np.log(2))
    assert found.gap_after[2] == pytest.approx(np.log(4))
    assert np.isnan(found.rise[:2]).all()


def test_those_who_were_allies_already_add_nothing():
    hostile = np.zeros((3, 3))
    hostile[0, 2] = 1.0
    assert pact_rise(world([0.4, 0.4, 0.2], hostile, [(0, 1)]), [0, 1]).rise[2] == 0


def test_an_outsiders_own_allies_are_no_threat_and_stand_with_it():
    hostile = np.ones((4, 4)) - np.eye(4)
    w = world([0.25] * 4, hostile, [(1, 3)])
    found = pact_rise(w, [0, 1])
    assert found.rise[3] == 0
    assert found.gap_after[3] == pytest.approx(np.log(0.25 / 0.5))
    assert w.defence[3] == pytest.approx(0.5)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(3, 7))
def test_the_rise_is_the_difference_of_two_plain_counts(seed, n):
    rng = np.random.default_rng(seed)
    pairs = [(a, b) for a in range(n) for b in range(a) if rng.random() < 0.25]
    w = world(rng.random(n), rng.random((n, n)) * (rng.random((n, n)) < 0.6), pairs, rng.random((n, n)))
    members = sorted(rng.choice(n, size=int(rng.integers(2, n)), replace=False).tolist())
    found = pact_rise(w, members)
    for o in range(n):
        if o in members:
            assert np.isnan(found.rise[o])
            continue
        assert found.before[o] == pytest.approx(plain_threat(w, o))
        assert found.rise[o] == pytest.approx(plain_threat(w, o, members) - plain_threat(w, o), abs=1e-12)
        assert found.rise[o] >= -1e-12
        if not np.isnan(found.gap_before[o]):
            assert found.gap_after[o] >= found.gap_before[o] - 1e-12


def test_without_any_capability_gaps_are_unknown_and_threats_nothing():
    hostile = np.ones((3, 3)) - np.eye(3)
    found = pact_rise(world([0.0, 0.0, 0.0], hostile), [0, 1])
    assert found.rise[2] == 0
    assert np.isnan(found.gap_before[2])
    friends = pact_rise(world([0.4, 0.3, 0.3], hostile, [(0, 2), (1, 2)]), [0, 1])
    assert np.isnan(friends.gap_after[2])


@pytest.mark.parametrize("members", [[], [1], [0, 0], [-1, 0], [0, 9]])
def test_too_few_members_or_none_are_refused(members):
    with pytest.raises(ParameterError, match="at least two different positions"):
        pact_rise(world([0.5, 0.3, 0.2], np.zeros((3, 3))), members)


def test_a_scenario_is_seen_as_the_ledger_ranks(quartet):
    w = danger(quartet, draws=4)
    assert w.power.sum() == pytest.approx(1)
    aa, bb, cc, ee = (quartet.index[x] for x in ("AA", "BB", "CC", "EE"))
    assert w.allied[aa, bb]
    assert w.exposure[aa, bb] == 0
    assert w.exposure[cc, aa] > 0
    assert w.threat[ee] == 0
    assert w.against[cc, aa] > w.sent[cc, aa]
    europe = fd.load("europe-1914")
    seen = [danger(europe, seed=seed) for seed in (1, 2, 3, 4)]
    assert all(w.threat[europe.index["SER"]] > w.threat[europe.index["GRC"]] for w in seen)
    for a, b in combinations(seen, 2):  # at most 0.06 when it was written, 0.24 over eight draws
        assert np.abs(a.threat - b.threat).sum() < 0.1 * a.threat.sum()
