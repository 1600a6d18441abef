"""Every compiled kernel against its plain twin, on random inputs that reach every branch."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foedus.kernels import cascade, cascade_clock, cascade_rates, cascade_reference, obligation, signed, streams


def random_pledges(rng, n, count):
    by = rng.integers(0, n, count)
    return obligation.Pledges(
        by, (by + rng.integers(1, n, count)) % n, rng.integers(0, 5, count), rng.integers(0, 3, count), rng.random((count, n)) < 0.4,
        rng.random((count, n)) < 0.1, rng.integers(0, 3, count) * (rng.random(count) < 0.3), rng.random(count) < 0.4, rng.integers(1, 3, count),
        rng.random(count) < 0.1, rng.random(count) < 0.1,
    )  # fmt: skip


def random_field(rng, n, count, outer=3):
    def normal(*shape):
        return rng.normal(size=(outer, *shape))

    theta = normal(len(cascade.RATE_TERMS)) * 0.7
    theta[:, 0] -= 6.0
    return cascade.Field(
        theta, rng.random((outer, count)) * 4, normal(7), normal(7), normal(5) - [5, 0, 0, 0, 0], normal(7), normal(3) * 0.5 - [5, 0, 0], normal(7),
        rng.random((outer, 9)) + 0.1, rng.random(outer), 1 + rng.random(outer), rng.random((outer, n)) + 0.01, normal(n, n), rng.random((outer, n, n)), rng.random((outer, n, n)),
        (rng.random(n) < 0.3).astype(float), streams.keys_of([str(x) for x in range(n)]),
        streams.keys_of([f"p{x}" for x in range(count)]) if count else np.zeros(0, dtype=np.uint64),
    )  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), n=st.integers(2, 7), count=st.integers(1, 12))
def test_clause_logic(seed, n, count):
    rng = np.random.default_rng(seed)
    pledges = random_pledges(rng, n, count)
    attack = rng.random((n, n)) < 0.2
    np.fill_diagonal(attack, False)
    for p in range(count):
        assert obligation.code(attack, np.arange(n), p, pledges) == obligation.code_reference(attack, p, pledges)


def test_clause_logic_reaches_every_code():
    rng, seen = np.random.default_rng(0), set()
    for _ in range(400):
        pledges, attack = random_pledges(rng, 5, 10), rng.random((5, 5)) < 0.15
        np.fill_diagonal(attack, False)
        codes = [obligation.code_reference(attack, p, pledges) for p in range(10)]
        order = rng.permutation(np.argwhere(attack)).tolist()
        seen |= {
            *codes,
            *(obligation.between(c, int(pledges.by[p]), int(pledges.to[p]), order) for p, c in enumerate(codes)),
        }
    assert seen == set(obligation.VERDICT_OF)


def test_inputs_are_read_no_further_than_the_last_actor():
    """Rows of what the kernel works on are longer than there are actors: what follows the last of the inputs is somebody else's memory."""
    field = random_field(np.random.default_rng(1), 5, 0)
    rows, turned = np.full((3, 5, cascade.LANES), 7.0), np.full(5, -1)
    cascade_rates.turn(2, 1, field.friend, field.near, field.reach, rows, turned)
    assert (rows[:, 2, :5] == [x[1, :, 2] for x in (field.friend, field.near, field.reach)]).all()
    assert (rows[:, 2, 5:] == 7.0).all()
    assert turned[2] == 1


def test_the_clock_goes_as_the_librarys_functions_do():
    """`cascade_clock.fast_exp` and `cascade_clock.fast_log` on the range of log-rates, and of forces down to the least that is kept."""
    eta, force = np.linspace(-600.0, 30.0, 701), np.logspace(-300, 300, 701)
    assert [cascade_clock.fast_exp(x) for x in eta] == pytest.approx(np.exp(eta), rel=1e-9)
    assert [cascade_clock.fast_log(x) for x in force] == pytest.approx(np.log(force), rel=1e-9, abs=1e-9)
    base, cuts = np.array([0.5, 0.0, 0.2]), np.array([0.0, 7.0, 30.0])
    for day, total in ((0.0, 0.0), (3.5, 1.75), (7.0, 3.5), (20.0, 3.5), (35.0, 4.5)):
        assert cascade_clock.sum_to(day, base, cuts) == pytest.approx(total)
    assert [cascade_clock.when_reached(t, base, cuts) for t in (1.75, 3.6)] == pytest.approx([3.5, 30.5])


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), n=st.integers(2, 9), count=st.integers(0, 15), mute=st.integers(-1, 1))
def test_spread_of_war(seed, n, count, mute):
    rng = np.random.default_rng(seed)
    pledges, field = random_pledges(rng, n, count), random_field(rng, n, count)
    attackers = rng.integers(0, n, 12)
    targets = (attackers + rng.integers(1, n, 12)) % n
    out = cascade.spread(np.uint64(5), 0, attackers, targets, 4, 365.0, field, pledges, mute)
    for d in range(12):
        plain = cascade_reference.spread_reference(
            5, d, int(attackers[d]), int(targets[d]), 4, 365.0, field, pledges, mute
        )
        for name, got, want in zip(plain._fields, out, plain, strict=True):
            assert got[d] == pytest.approx(want[0], rel=1e-5), name


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), n=st.integers(3, 9), count=st.integers(0, 15))
def test_spread_of_war_that_is_continued_afresh(seed, n, count):
    rng = np.random.default_rng(seed)
    pledges, field = random_pledges(rng, n, count), random_field(rng, n, count)
    attackers = np.repeat(rng.integers(0, n, 4), 3)
    targets = (attackers + 1) % n
    root = np.repeat(rng.integers(0, 40, 4), 3)
    levels = field.power.sum(axis=1).max() * np.array([0.3, 0.5, 0.6])
    branch = cascade.Branch(root, levels, rng.integers(0, 2**64, (12, 3), dtype=np.uint64), rng.random(12) + 0.5)
    out = cascade.spread(np.uint64(5), 0, attackers, targets, 4, 365.0, field, pledges, -1, branch)
    for d in range(12):
        one = cascade.Branch(root[d : d + 1], levels, branch.word[d : d + 1], branch.shared[d : d + 1])
        plain = cascade_reference.spread_reference(
            5, int(root[d]), int(attackers[d]), int(targets[d]), 4, 365.0, field, pledges, -1, one
        )
        for name, got, want in zip(plain._fields, out, plain, strict=True):
            assert got[d] == pytest.approx(want[0], rel=1e-5), name


def test_codes_if_attacked_is_the_single_attack_case():
    rng = np.random.default_rng(3)
    pledges = random_pledges(rng, 5, 20)
    table = obligation.codes_if_attacked(pledges, 5)
    for p in range(20):
        for e in set(range(5)) - {int(pledges.to[p])}:
            attack = np.zeros((5, 5), dtype=bool)
            attack[e, pledges.to[p]] = True
            assert table[p, e] == obligation.code_reference(attack, p, pledges)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), n=st.integers(2, 8))
def test_enumeration_and_common_enemy(seed, n):
    rng = np.random.default_rng(seed)
    i, j = np.triu_indices(n, 1)
    w = rng.normal(size=len(i)) * (rng.random(len(i)) < 0.8)
    matrix = np.zeros((n, n))
    matrix[i, j] = matrix[j, i] = w
    assert signed.enumerate_bipartitions(matrix) == pytest.approx(signed.enumerate_bipartitions_reference(matrix))
    hostility, power = np.maximum(rng.normal(size=(2, len(i))), 0), rng.random((2, n))
    got = signed.common_enemy(n, i.astype(np.int64), j.astype(np.int64), hostility, power)
    assert got == pytest.approx(signed.common_enemy_reference(n, i, j, hostility, power))


def test_codes_at_war_are_those_of_outsiders_pledged_to_belligerents():
    rng = np.random.default_rng(4)
    pledges = random_pledges(rng, 6, 30)
    attack = np.zeros((6, 6), dtype=bool)
    attack[0, 1] = attack[2, 0] = True
    here = np.array([1, 1, 1, 0, 0, 0], dtype=bool)
    found = obligation.codes_at_war(attack, np.array([0, 1, 2]), here, pledges)
    for p in range(30):
        owed = here[pledges.to[p]] and not here[pledges.by[p]]
        assert found[p] == (obligation.code_reference(attack, p, pledges) if owed else 0)
