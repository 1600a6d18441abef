"""Propensities by arrays against the same pair by pair, and parts that cancel."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from foedus.scenario.read import load
from foedus.system.nouns import REASONS, Member, Pact, Pledge
from foedus.system.propensity import Propensity, _strongest_pacts, propensity
from foedus.testing.strategies import systems


def strongest_reference(system):
    """Return {(i, j, kind): (others, pact)} pledge by pledge: the first of the pacts of that kind with fewest other members."""
    out = {}

    def add(a, b, kind, others, pact):
        key = (min(a, b), max(a, b), kind)
        if key not in out or others < out[key][0]:
            out[key] = (others, pact.id)

    members = {p.id: p.active_members(system.date) for p in system.active_pacts()}
    others = {p.id: max(1, (p.size or len(members[p.id])) - 1) for p in system.active_pacts()}
    for pact, pledge, to in system.pledges():
        kind, many = (pledge.type, others[pact.id]) if pact.kind == "treaty" else (pact.kind, 1)
        add(system.index[pledge.by], system.index[to], kind, many, pact)
    for pact in system.active_pacts():
        if pact.kind == "alignment":
            inside = sorted({system.index[m] for m in members[pact.id]})
            for x, a in enumerate(inside):
                for b in inside[x + 1 :]:
                    add(a, b, "alignment", others[pact.id], pact)
    return out


def by_arrays(system):
    active = system.active_pacts()
    return {
        (int(i), int(j), kind): (int(many), active[k].id)
        for kind, joined in _strongest_pacts(system, active).items()
        for i, j, many, k in zip(joined.i, joined.j, joined.others, joined.pact, strict=True)
    }


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(systems(most_actors=4))
def test_the_strongest_pacts_of_any_system(system):
    assert by_arrays(system) == strongest_reference(system)


@pytest.mark.parametrize("name", ["europe-1914", "middle-east-2015", "middle-east-2019"])
def test_the_strongest_pacts_of_the_bundled_systems(name):
    found = by_arrays(load(name))
    assert found == strongest_reference(load(name))
    assert len(found) > 10


def test_the_smaller_pact_counts_and_of_two_alike_the_first(quartet):
    def pact(name, *members):
        return Pact(
            name,
            name,
            "treaty",
            tuple(map(Member, members)),
            tuple(Pledge(m, "defense") for m in members),
            dt.date(1900, 1, 1),
        )

    system = quartet.with_(pacts=(pact("wide", "AA", "BB", "CC"), pact("one", "AA", "BB"), pact("two", "AA", "BB")))
    found = by_arrays(system)
    assert found[0, 1, "defense"] == (1, "one")
    assert found[0, 2, "defense"] == (2, "wide")


def test_a_stated_regime_tie_replaces_the_derived_one(quartet):
    from dataclasses import replace

    from foedus.system.nouns import Tie
    from foedus.system.values import Quantity

    actors = tuple(replace(a, regime=Quantity.of(0.5), religion_ruling="sunni") for a in quartet.actors)
    plain = quartet.with_(actors=actors)
    stated = plain.with_(ties=(*plain.ties, Tie("AA", "BB", "regime", Quantity.of(-0.4))))
    column = REASONS.index("regime")
    derived, coded = propensity(plain, seed=None), propensity(stated, seed=None)
    pair = int(np.flatnonzero((derived.i == 0) & (derived.j == 1))[0])
    assert derived.parts[0, column, pair] > 0 > coded.parts[0, column, pair]
    rest = np.arange(len(derived.i)) != pair
    assert np.array_equal(derived.parts[:, column, rest], coded.parts[:, column, rest])
    assert derived.parts[0, REASONS.index("religion"), pair] > 0


def test_parts_that_cancel_leave_no_tie_of_rounding():
    parts = np.zeros((1, len(REASONS), 2))
    parts[0, :3, 0] = 0.1, 0.2, -0.3
    parts[0, :2, 1] = 0.1, 1e-9
    one = np.ones((1, 2))
    p = Propensity(
        3, np.array([0, 0]), np.array([1, 2]), parts, np.zeros((1, 2)), np.zeros((1, 2)), np.ones((1, 3)), one
    )
    assert parts[0, :, 0].sum() != 0
    assert p.total[0].tolist() == [0.0, 0.1 + 1e-9]
    assert p.weight[0, 0] == 0.0


@pytest.mark.parametrize("what", ["actors", "ties", "pacts", "ends"])
@pytest.mark.parametrize("name", ["europe-1914", "middle-east-2015"])
def test_the_order_of_a_list_changes_no_draw(name, what):
    """Neither that of actors, ties or pacts, nor which of a tie's two ends is written first."""
    one = load(name)
    if what == "ends":
        ties = (t if t.reason in ("fear", "sponsorship") else replace(t, a=t.b, b=t.a) for t in one.ties)
        other = one.with_(ties=tuple(ties))
    else:
        other = one.with_(**{what: getattr(one, what)[::-1]})
    place = [other.index[a] for a in one.ids]
    found, turned = (propensity(s, seed=2, n_draws=4) for s in (one, other))
    for draw in range(4):
        assert turned.matrix(draw)[np.ix_(place, place)] == pytest.approx(found.matrix(draw), abs=1e-12)
