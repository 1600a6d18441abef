"""Who would come to whose help, by helper: against the kernel of sums, and the contest over who comes against every combination in plain Python."""

from itertools import product
from math import exp, expm1, log

import numpy as np
import pytest

from foedus.kernels import helpers as kernel
from foedus.war.field import ground, theatre
from foedus.war.support import centre, expected_support, mean_ground


def _alone(system, target):
    """Return the rates by the centre of the fit on mean inputs, with pledges and without, and the ground."""
    said, at = mean_ground(ground(system, seed=1, outer=4)), centre(system.date.year)
    n = len(system.actors)
    worth = at.bound + at.bound_size * np.log(said.partners)
    says = kernel.claims(target, n, said.pledges, np.arange(n))
    made = kernel.entry_rates(
        target, np.arange(n), at.theta[None], worth[None], np.full(1, 0.5), said.power[None], said.friend[None], said.near[None], said.reach[None], said.major,
        said.pledges.by, said.pledges.to, *says, np.zeros((1, 3, n)), np.arange(n),
    )  # fmt: skip
    return made, at.whole, said


@pytest.mark.parametrize("name", ["quartet", "europe-1914", "middle-east-2019"])
def test_summed_over_helpers_it_is_the_expected_support_of_the_fit(name, quartet):
    import foedus as fd

    system = quartet if name == "quartet" else fd.load(name)
    for target in range(0, len(system.actors), 5):
        made, whole, said = _alone(system, target)
        want = expected_support(said, system.date.year)
        for rates, attacked, attacker in zip(
            made, (want.attacked, want.plain_attacked), (want.attacker, want.plain_attacker), strict=True
        ):
            come = kernel.entry_chances(rates, np.full(1, whole), np.ones(1))[0].astype(np.float64)
            got = (come[:, 1] * said.power * said.reach.T).sum(axis=1)
            assert np.allclose(got, attacked[:, target], rtol=2e-5, atol=1e-9)
            got = (come[:, 0] * said.power * said.reach[:, target]).sum(axis=1)
            assert np.allclose(got, attacker[:, target], rtol=2e-5, atol=1e-9)


def _plain(rates, whole, factor, own, foe, strength, counted, named, named_foe, steep, ratio):
    """Return the chance to hold for the set of all named, by every combination of who comes."""
    total = 0.0
    for u in factor:
        enters = []
        for a, b in zip(*rates, strict=True):
            came = -expm1(-u * (a + b) * whole) / (a + b) if a + b else 0.0
            enters.append((came * a, came * b))
        base = own + sum(enters[k][1] * s for k, s in enumerate(strength) if counted[k] and k not in named)
        against = foe + sum(enters[k][0] * s for k, s in enumerate(strength) if k not in named_foe)
        for come in product((0, 1), repeat=len(named)):
            for join in product((0, 1), repeat=len(named_foe)):
                p, mine, theirs = 1.0, base, against
                for k, c in zip(named, come, strict=True):
                    p *= enters[k][1] if c else 1 - enters[k][1]
                    mine += c * strength[k]
                for k, c in zip(named_foe, join, strict=True):
                    p *= enters[k][0] if c else 1 - enters[k][0]
                    theirs += c * strength[k]
                won = 1 / (1 + exp(steep * log(theirs / mine))) if ratio else 1 / (1 + exp(steep * (theirs - mine)))
                total += p * won / len(factor)
    return total


@pytest.mark.parametrize("ratio", [True, False])
def test_holding_is_the_mean_over_every_combination_of_who_comes(ratio):
    rng = np.random.default_rng(3)
    n, named, foes = 6, [1, 4, 2], [3, 5]
    rates = rng.uniform(0.0, 0.02, (1, 1, 2, n)).astype(np.float32)
    whole, factor, strength = np.array([90.0]), np.array([0.1, 0.6, 2.3]), rng.uniform(0.01, 0.2, (1, n))
    counted = np.array([True, True, True, True, True, False])
    args = (np.array([0.05]), np.array([[0.11]]), strength, counted)
    steep = np.array([[1.3 if ratio else 9.0]])
    got = kernel.holds(rates, whole, factor, *args, np.array(named), np.array(foes), steep, ratio)[0, 0]
    for s in range(1 << len(named)):
        some = [k for b, k in enumerate(named) if s >> b & 1]
        others = counted & ~np.isin(np.arange(n), named)
        want = _plain(
            rates[0, 0].astype(float), 90.0, factor, 0.05, 0.11, strength[0], others, some, foes, steep[0, 0], ratio
        )
        assert got[s] == pytest.approx(want, rel=1e-9)


def test_contests_without_strength_have_their_limits():
    none = np.zeros((1, 1, 2, 1), dtype=np.float32)
    empty = np.array([], dtype=np.int64)

    def hold(own, foe, ratio=True):
        return kernel.holds(none, np.ones(1), np.ones(1), np.array([own]), np.array([[foe]]), np.zeros((1, 1)), np.ones(1, dtype=bool), empty,
                            empty, np.ones((1, 1)), ratio)[0, 0, 0]  # fmt: skip

    assert [hold(0.0, 0.0), hold(1.0, 0.0), hold(0.0, 1.0), hold(0.0, 0.0, False)] == [0.5, 1.0, 0.0, 0.5]
    assert hold(10.0, 6.0) == pytest.approx(0.625)
    assert hold(1.0, 3.0, False) == pytest.approx(1 / (1 + exp(2)))


def test_an_obligation_is_a_term_and_only_for_those_who_have_it(quartet):
    stage = theatre(quartet, seed=1, outer=3)
    k = quartet.index
    says, owes, stay = kernel.claims(k["AA"], 5, stage.pledges, np.arange(5))
    assert owes[k["CC"], 1, k["BB"]]
    assert owes[k["CC"], 0].sum() == 1, "the attacker's own ally is asked too"
    assert set(np.unique(says)) == {kernel.NONE, kernel.BINDS}
    assert not stay.any()
