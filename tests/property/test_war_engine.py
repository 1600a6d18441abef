"""What must hold of every war that the engine draws, whatever the system."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chain_twin import chances
from foedus.kernels import cascade, cascade_reference
from foedus.kernels.obligation import DEFENSE, OFFENSE, Pledges, code_reference
from war_twin import System, instance, laid, relabelled

SEEDS = st.integers(0, 2**20)
ACTORS, DRAWS = 14, 100


def small(seed, count=40, **options):
    return instance(ACTORS, count, **({"constant": -8.0} | options), outer=2, seed=seed)


def shots(seed, n=ACTORS, draws=DRAWS):
    rng = np.random.default_rng(seed)
    a = rng.integers(0, n, draws)
    return a, (a + rng.integers(1, n, draws)) % n


def spread(field, pledges, seed, mute=-1):
    return cascade.spread(np.uint64(seed), 0, *shots(seed, len(field.major)), 50, 365.0, field, pledges, mute)


def subset(field, pledges, keep):
    fewer = field._replace(honour=field.honour[:, keep], pledge_key=field.pledge_key[keep])
    return laid(fewer), Pledges(*(x[keep] for x in pledges))


@pytest.mark.parametrize("constant", [-9.0, -7.5])
def test_the_networkx_twin_and_the_plain_twin_give_the_same_wars(constant):
    field, pledges = instance(40, 500, constant=constant, outer=2, seed=3)
    a, b = shots(5, 40, 100)
    found = cascade.Spread(*cascade.spread(np.uint64(9), 0, a, b, 50, 365.0, field, pledges, -1))
    systems = [System(field, pledges, o) for o in (0, 1)]
    joined = gone = over = attacked = 0
    for d in (*range(8), *range(50, 58)):
        side, day, cause, through, left, ended, won = systems[d // 50].war(9, d, int(a[d]), int(b[d]))
        plain = cascade_reference.spread_reference(9, d, int(a[d]), int(b[d]), 50, 365.0, field, pledges)
        joined, gone, over, attacked = (
            joined + len(side) - 2,
            gone + len(left),
            over + (ended >= 0),
            attacked + (found.cause[d] == 6).sum(),
        )
        for x in range(40):
            assert (found.side[d, x], found.cause[d, x], found.through[d, x]) == (
                side.get(x, 0),
                cause.get(x, -1),
                through.get(x, -1),
            )
            assert found.day[d, x] == pytest.approx(day.get(x, -1), rel=1e-5)
            assert found.left[d, x] == pytest.approx(left.get(x, -1), rel=1e-5)
            stage = -1 if x not in day else 0 if day[x] == 0 else sum(day[x] >= c for c in cascade.CUTS)
            assert found.entered[d, x] == stage
        assert found.ended[d] == pytest.approx(ended, rel=1e-5)
        assert found.won[d] == won
        for name, one, other in zip(cascade.Spread._fields, found, plain, strict=True):
            assert one[d] == pytest.approx(other[0], rel=1e-5), name
    assert min(joined, over, attacked) > 0
    assert gone > 0 or constant < -8


@settings(max_examples=8, deadline=None)
@given(SEEDS)
def test_relabelling_leaves_the_draws_identical(seed):
    field, pledges = small(seed)
    order = np.random.default_rng(seed).permutation(ACTORS)
    a, b = shots(seed)
    place = np.argsort(order)
    before = cascade.spread(np.uint64(seed), 0, a, b, 50, 365.0, field, pledges, -1)
    after = cascade.spread(np.uint64(seed), 0, place[a], place[b], 50, 365.0, *relabelled(field, pledges, order), -1)
    for k in (0, 1, 2, 6):
        assert np.array_equal(before[k][:, order], after[k])
    assert before[5][:, order] == pytest.approx(after[5], rel=1e-5)
    through = before[3][:, order]
    assert np.array_equal(np.where(through >= 0, place[through], -1), after[3])
    assert np.array_equal(before[4], after[4])


@settings(max_examples=8, deadline=None)
@given(SEEDS)
def test_hazards_of_zero_spread_nothing(seed):
    field, pledges = small(seed)
    theta = np.zeros_like(field.theta)
    theta[:, 0] = -np.inf
    side = spread(field._replace(theta=theta, honour=np.zeros_like(field.honour)), pledges, seed)[0]
    assert ((side > 0).sum(axis=1) == 2).all()


@settings(max_examples=8, deadline=None)
@given(SEEDS)
def test_only_pledged_states_join_when_nothing_else_moves_them(seed):
    field, pledges = small(seed)
    theta = np.zeros_like(field.theta)
    theta[:, 0] = -50.0
    front = np.zeros_like(field.front)
    front[:, 0] = -50.0
    only = field._replace(theta=theta, honour=field.honour + 46.0, front=front)
    side, entered, cause, through, _, day, _, _ = spread(only, pledges, seed)
    owed = {
        (int(x), int(y))
        for x, y, k in zip(pledges.by, pledges.to, pledges.kind, strict=True)
        if k in {DEFENSE, OFFENSE}
    }
    draws, joiners = np.nonzero(entered > 0)
    assert (cause[draws, joiners] == 1).all()
    for d, x in zip(draws, joiners, strict=True):
        ally = int(through[d, x])
        assert (int(x), ally) in owed
        assert side[d, x] == side[d, ally]
        assert day[d, ally] < day[d, x]


@settings(max_examples=8, deadline=None)
@given(SEEDS)
def test_a_voided_pledge_never_binds(seed):
    field, pledges = small(seed)
    mine = pledges.by == 0
    side, _, cause, through, *_ = spread(*subset(field, pledges, ~mine), seed)
    assert not (cause[:, 0] == 1).any()
    muted = spread(field, pledges, seed, mute=0)
    for x, y in zip((side, cause, through), (muted[0], muted[2], muted[3]), strict=True):
        assert np.array_equal(x, y)


@settings(max_examples=20, deadline=None)
@given(SEEDS)
def test_for_one_attack_a_defence_pledge_to_the_target_adds_no_obligation_against_it(seed):
    field, pledges = small(seed, count=20)
    (a, *_), (b, *_) = shots(seed)
    attack = np.zeros((ACTORS, ACTORS), dtype=bool)
    attack[a, b] = True
    for p in range(20):
        shielding = pledges.by[p] != a and pledges.kind[p] == DEFENSE and pledges.to[p] == b
        if shielding:
            side = np.zeros(ACTORS, dtype=np.int8)
            side[a], side[b] = 1, 2
            without = np.arange(20) != p
            binds = [code_reference(attack, q, pledges) == 1 and side[pledges.to[q]] == 1 for q in range(20)]
            fewer = subset(field, pledges, without)[1]
            assert sum(binds) == sum(
                code_reference(attack, q, fewer) == 1 and side[fewer.to[q]] == 1 for q in range(19)
            )
    to_target = pledges._replace(
        kind=np.zeros(20, dtype=np.int64),
        to=np.full(20, b),
        by=np.setdiff1d(np.arange(ACTORS), [b])[np.arange(20) % 13],
    )
    first = next(cascade_reference.moments(seed, 0, int(a), int(b), 50, 365.0, field, to_target))
    assert (first.terms[-1, 1] == 0).all()
    assert not first.claims.stay.any()


@settings(max_examples=8, deadline=None)
@given(SEEDS)
def test_a_reason_more_never_puts_off_the_entry_that_comes_first(seed):
    field, pledges = small(seed, constant=-9.0)
    keen = field._replace(theta=field.theta + np.where(np.arange(len(cascade.RATE_TERMS)) == 0, 0.7, 0.0))
    before, after = (spread(f, pledges, seed) for f in (field, keen))
    first = np.where(before[5] > 0, before[5], np.inf).min(axis=1)
    assert (np.where(after[5] > 0, after[5], np.inf).min(axis=1) <= first * (1 + 1e-6)).all()


@settings(max_examples=10, deadline=None)
@given(SEEDS)
def test_entries_come_in_the_order_of_their_causes(seed):
    field, pledges = small(seed)
    a, b = shots(seed)
    for d in range(3):
        told = list(cascade_reference.moments(seed, d, int(a[d]), int(b[d]), 50, 365.0, field, pledges))
        assert [m.day for m in told] == sorted(m.day for m in told)
        assert told[-1].what in {"end", "horizon"}
        for m in told:
            if m.what == "entry":
                assert m.side[m.actor] == 0
                assert m.through < 0 or m.here[m.through]


@settings(max_examples=10, deadline=None)
@given(SEEDS, st.integers(1, 49))
def test_a_draw_does_not_depend_on_the_batch_it_is_in(seed, cut):
    field, pledges = small(seed)
    a, b = shots(seed)
    whole = cascade.spread(np.uint64(seed), 0, a, b, 50, 365.0, field, pledges, -1)
    parts = [
        cascade.spread(np.uint64(seed), k, a[k:e], b[k:e], 50, 365.0, field, pledges, -1)
        for k, e in ((0, cut), (cut, DRAWS))
    ]
    for x, *y in zip(whole, *parts, strict=True):
        assert np.array_equal(x, np.concatenate(y))


@pytest.mark.parametrize(("n", "days", "seed"), [(3, 365.0, 3), (3, 30.0, 7), (4, 4.0, 2), (4, 30.0, 4), (4, 365.0, 6)])
def test_drawn_chances_are_those_of_the_markov_chain(n, days, seed):
    """No random number is shared: a stream used twice would show."""
    field, pledges = instance(n, 6, constant=-6.5, outer=1, seed=seed)
    often = np.array([2.0, 0.0, 0.0, 0.0, 0.0])
    field = field._replace(frailty=np.array([[0.3, 1.7]]), leave=field.leave + often, end=field.end + often[:3] / 2)
    entered, left, over, won = chances(field, pledges, days)
    draws = 20_000
    first, second = np.zeros(draws, dtype=np.int64), np.ones(draws, dtype=np.int64)
    wars = cascade.Spread(*cascade.spread(np.uint64(seed), 0, first, second, 50, days, field, pledges, -1))
    seen = [(wars.side == 1).mean(axis=0), (wars.side == 2).mean(axis=0), (wars.left >= 0).mean(axis=0)]
    exact = np.concatenate([*entered, left, [over, won]]).clip(0, 1)
    error = np.sqrt(exact * (1 - exact) / draws) + 1e-4
    assert (np.abs(np.concatenate([*seen, [(wars.ended >= 0).mean(), wars.won.mean()]]) - exact) < 4.5 * error).all()
