"""What a pact changes, against sums written out pair by pair, and the pairs that it leaves alone."""

from types import SimpleNamespace

import numpy as np
import pytest

from foedus.errors import ParameterError
from foedus.security.effects import INNER, changes, drawn_into
from foedus.security.hazard import first_shots, threats
from foedus.security.ledger import alone_or_together
from foedus.system.edits import RemoveActor, VoidPact

DRAWS = 12


@pytest.fixture
def arms(quartet):
    return threats(VoidPact("pact-first").apply(quartet), draws=DRAWS), threats(quartet, draws=DRAWS), (0, 1)


def test_against_sums_written_out(arms):
    before, after, members = arms
    got, n = changes(before, after, members), 5
    few = {id(w): w.limited(members) for w in (before, after)}
    for d in range(DRAWS):
        for i in range(n):
            totals = []
            for world in (before, after):
                if i in members:
                    pairs = [(j, world.hazard(i)[d, j], 1 - world.hold(i)[d, j]) for j in range(n) if j != i]
                else:
                    part = few[id(world)]
                    pairs = [(j, part.hazard(i)[d, k], 1 - part.hold(i)[d, k]) for k, j in enumerate(members)]
                against = [(world.hazard(m)[d, i], 1 - world.hold(m)[d, i], world.defence(m)[d, i] / world.offence[d, i, m])
                           for m in members if m != i]  # fmt: skip
                totals.append(
                    (sum(h for _, h, _ in pairs), sum(h * x for _, h, x in pairs), sum(h * x for h, x, _ in against),
                     np.mean([x for _, x, _ in against]), np.mean([np.log(s) for *_, s in against]))
                )  # fmt: skip
            want = [b - a for a, b in zip(*totals, strict=True)]
            have = [got.attacked[d, i], got.beaten[d, i], got.wins[d, i], got.prevails[d, i], got.gap[d, i]]
            if i in members:
                want[2:] = [0, 0, 0]
            assert have == pytest.approx(want, abs=1e-9), (d, i)
    assert got.alarm == pytest.approx(got.beaten - got.wins)


def test_threats_limited_to_some_attackers_are_those_of_all(arms):
    _, after, _ = arms
    few = after.limited([1, 0])
    for k in range(2, 5):
        np.testing.assert_allclose(few.hazard(k), after.hazard(k)[:, [1, 0]], rtol=1e-6)
        # Which helper of the attacker is counted in every combination depends on who attacks: a second-order difference.
        np.testing.assert_allclose(few.hold(k), after.hold(k)[:, [1, 0]], atol=5e-3)
    assert not few.hazard(1)[:, 0].any(), "nobody attacks itself"


def test_threats_about_some_pairs_are_those_of_all(quartet):
    whole, part = (threats(quartet, draws=DRAWS) for _ in range(2))
    part = part.about([0])
    assert part.pairs.sum() == 9
    assert part.about([1]) is part
    np.testing.assert_allclose(part.hazard(0), whole.hazard(0), rtol=1e-9)
    np.testing.assert_allclose(part.limited([0]).hazard(2), whole.hazard(2)[:, [0]], rtol=1e-6)
    whole.matrix  # noqa: B018 - once all pairs are known there is nothing to leave out
    assert whole.about([0]) is whole


def test_pairs_without_a_member_are_the_same_with_and_without_the_pact(arms):
    before, after, members = arms
    for k in range(2, 5):
        others = [j for j in range(5) if j not in (*members, k)]
        np.testing.assert_allclose(before.hazard(k)[:, others], after.hazard(k)[:, others], atol=1e-12)
        np.testing.assert_allclose(before.hold(k)[:, others], after.hold(k)[:, others], atol=1e-12)


def test_the_same_system_twice_changes_nothing(quartet):
    world = threats(quartet, draws=DRAWS)
    got = changes(world, world, [0])
    assert not any(np.any(x) for x in (got.attacked, got.beaten, got.wins, got.prevails, got.gap))
    without, with_ = drawn_into(world, world, wars=60, seed=1)
    np.testing.assert_array_equal(without, with_)
    assert len(with_) == 2 * INNER


def test_wars_drawn_into_are_weighted_to_the_chance_of_each_arm(arms):
    before, after, _ = arms
    without, with_ = drawn_into(before, after, wars=4000, seed=3)
    assert (with_ >= 0).all()
    # The weights of all shots add up to all attacks a year, so nobody can be drawn into more wars than there are.
    assert with_.mean(axis=0).max() < after.matrix.sum() * 1.1
    ally = after.system.index["BB"]
    assert with_[:, ally].mean() > without[:, ally].mean(), "its pledge draws the ally in"
    again = drawn_into(before, after, wars=4000, seed=3, workers=2)
    np.testing.assert_array_equal(with_, again[1])


def test_everybody_who_joins_every_war_is_drawn_into_all_that_begin_between_others(monkeypatch):
    chances = (
        np.array([[0.0, 0.4, 0.1], [0.0, 0.0, 0.05], [0.0, 0.3, 0.0]]),
        np.array([[0.0, 0.0, 0.2], [0.6, 0.0, 0.1], [0.0, 0.0, 0.0]]),
    )
    worlds = [
        SimpleNamespace(system=SimpleNamespace(actors=[0, 1, 2], ids=("A", "B", "C")), matrix=m, stage=None)
        for m in chances
    ]
    monkeypatch.setattr(
        "foedus.security.effects.run", lambda _, a, *__, **___: SimpleNamespace(side=np.ones((len(a), 3)))
    )
    got = drawn_into(*worlds, wars=40_000, seed=1)
    for m, arm in zip(chances, got, strict=True):
        others = [sum(m[x, y] for x in range(3) for y in range(3) if k not in (x, y)) for k in range(3)]
        assert arm.mean(axis=0) == pytest.approx(others, rel=0.05)


def test_where_nobody_attacks_nobody_is_drawn_in():
    still = SimpleNamespace(system=SimpleNamespace(actors=[1, 2]), matrix=np.zeros((2, 2)))
    assert not drawn_into(still, still, wars=1, seed=1)[0].any()


def test_no_members_and_other_actors_are_refused(quartet):
    world = threats(quartet, draws=DRAWS)
    with pytest.raises(ParameterError, match="members"):
        changes(world, world, [])
    smaller = threats(RemoveActor("EE").apply(quartet), draws=DRAWS)
    with pytest.raises(ParameterError, match="same actors"):
        changes(smaller, world, [0])


def test_first_shots_are_drawn_in_proportion_and_by_id():
    chance = np.array([[0.0, 1, 2], [3, 0, 0], [0, 4, 0]])
    u = (np.arange(1000) + 0.5) / 1000
    a, b = first_shots(chance, ("B", "A", "C"), u)
    assert np.array_equal(np.histogram2d(a, b, bins=np.arange(4))[0], 100 * chance)
    order = [2, 0, 1]
    turned = first_shots(chance[np.ix_(order, order)], ("C", "B", "A"), u)
    assert np.array_equal(np.take(order, turned), np.array([a, b]))


def test_the_order_of_actors_changes_no_war_that_draws_in(quartet):
    other = quartet.with_(actors=quartet.actors[::-1])
    found, turned = (alone_or_together(s, "BB", draws=DRAWS, wars=400).entrapped for s in (quartet, other))
    assert found == turned
