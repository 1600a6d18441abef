"""What must hold of every war that the engine draws, whatever the system."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foedus.kernels import cascade
from foedus.kernels.obligation import DEFENSE, OFFENSE, Pledges, code_reference
from war_twin import System, instance, relabelled

SEEDS = st.integers(0, 2**20)
ACTORS, DRAWS = 14, 100


def small(seed, count=40, **options):
    return instance(ACTORS, count, **({"reliability": 0.0, "constant": -4.0} | options), outer=2, seed=seed)


def shots(seed, n=ACTORS, draws=DRAWS):
    rng = np.random.default_rng(seed)
    a = rng.integers(0, n, draws)
    return a, (a + rng.integers(1, n, draws)) % n


def spread(field, pledges, seed, mute=-1):
    return cascade.spread(np.uint64(seed), 0, *shots(seed, len(field.major)), 50, field, pledges, mute)


def subset(field, pledges, keep):
    return field._replace(honour=field.honour[:, keep], pledge_key=field.pledge_key[keep]), Pledges(
        *(x[keep] for x in pledges)
    )


@pytest.mark.parametrize("reliability", [-2.8, -1.0])
def test_the_networkx_twin_gives_the_same_wars(reliability):
    field, pledges = instance(40, 500, reliability=reliability, outer=2, seed=3)
    a, b = shots(5, 40, 100)
    found = cascade.spread(np.uint64(9), 0, a, b, 50, field, pledges, -1)
    systems = [System(field, pledges, o) for o in (0, 1)]
    joined = 0
    for d in (*range(25), *range(50, 75)):
        side, entered, cause, through, won = systems[d // 50].war(9, d, int(a[d]), int(b[d]))
        joined += len(side) - 2
        for x in range(40):
            got = tuple(int(y[d, x]) for y in found[:4])
            assert got == (side.get(x, 0), entered.get(x, -1), cause.get(x, -1), through.get(x, -1))
        assert found[4][d] == won
    assert joined > 50


@settings(max_examples=20, deadline=None)
@given(SEEDS)
def test_relabelling_leaves_the_draws_identical(seed):
    field, pledges = small(seed)
    order = np.random.default_rng(seed).permutation(ACTORS)
    a, b = shots(seed)
    place = np.argsort(order)
    before = cascade.spread(np.uint64(seed), 0, a, b, 50, field, pledges, -1)
    after = cascade.spread(np.uint64(seed), 0, place[a], place[b], 50, *relabelled(field, pledges, order), -1)
    for x, y in zip(before[:3], after[:3], strict=True):
        assert np.array_equal(x[:, order], y)
    through = before[3][:, order]
    assert np.array_equal(np.where(through >= 0, place[through], -1), after[3])
    assert np.array_equal(before[4], after[4])


@settings(max_examples=20, deadline=None)
@given(SEEDS)
def test_hazards_of_zero_spread_nothing(seed):
    field, pledges = small(seed)
    theta = field.theta.copy()
    theta[:, :9] = 0.0
    theta[:, 0] = -np.inf
    side = spread(field._replace(theta=theta, honour=np.zeros_like(field.honour)), pledges, seed)[0]
    assert ((side > 0).sum(axis=1) == 2).all()


@settings(max_examples=20, deadline=None)
@given(SEEDS)
def test_only_pledged_states_join_when_nothing_else_moves_them(seed):
    field, pledges = small(seed)
    theta = field.theta.copy()
    theta[:, :9] = 0.0
    theta[:, 0] = -50.0
    only = field._replace(theta=theta, honour=field.honour - field.theta[:, :1] + 50.0)
    side, entered, cause, through, _ = spread(only, pledges, seed)
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
        assert entered[d, ally] < entered[d, x]


@settings(max_examples=20, deadline=None)
@given(SEEDS)
def test_a_voided_pledge_never_binds(seed):
    field, pledges = small(seed)
    mine = pledges.by == 0
    side, _, cause, through, _ = spread(*subset(field, pledges, ~mine), seed)
    assert not (cause[:, 0] == 1).any()
    muted = spread(field, pledges, seed, mute=0)
    for x, y in zip((side, cause, through), (muted[0], muted[2], muted[3]), strict=True):
        assert np.array_equal(x, y)


@settings(max_examples=50, deadline=None)
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
    first = next(cascade.rounds(seed, 0, int(a), int(b), 50, field, to_target))
    assert (first.terms["pledge"][1] == 0).all()
    assert not first.terms["stay_out"].any()


@settings(max_examples=20, deadline=None)
@given(SEEDS)
def test_chances_are_chances_and_terms_their_log_odds(seed):
    field, pledges = small(seed)
    a, b = shots(seed)
    for d in range(3):
        for one in cascade.rounds(seed, d, int(a[d]), int(b[d]), 50, field, pledges):
            assert ((one.chance >= 0) & (one.chance <= 1)).all()
            assert (one.chance[1] + one.chance[2] <= 1).all()
            assert not one.joins[one.side > 0].any()


@settings(max_examples=10, deadline=None)
@given(SEEDS, st.integers(1, 49))
def test_a_draw_does_not_depend_on_the_batch_it_is_in(seed, cut):
    field, pledges = small(seed)
    a, b = shots(seed)
    whole = cascade.spread(np.uint64(seed), 0, a, b, 50, field, pledges, -1)
    parts = [
        cascade.spread(np.uint64(seed), k, a[k:e], b[k:e], 50, field, pledges, -1) for k, e in ((0, cut), (cut, DRAWS))
    ]
    for x, *y in zip(whole, *parts, strict=True):
        assert np.array_equal(x, np.concatenate(y))
