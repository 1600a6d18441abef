"""The landscape of Axelrod and Bennett against the definition, configuration by configuration; degenerate input."""

import itertools

import numpy as np
import polars as pl
import pytest

import foedus as fd
from foedus.blocs.landscape import landscape
from foedus.blocs.landscape_input import Galam
from foedus.errors import ParameterError
from foedus.kernels import landscape_flood as flood


def actors(n, seed, whole=False):
    rng = np.random.default_rng(seed)
    size = rng.integers(1, 6, n).astype(float) if whole else rng.random(n) + 0.1
    upper = np.triu(rng.integers(-2, 3, (n, n)).astype(float) if whole else rng.normal(size=(n, n)), 1)
    return size, upper + upper.T


def galam(n, seed):
    rng = np.random.default_rng(seed)
    upper = np.triu(rng.normal(size=(n, n)), 1)
    return Galam(rng.integers(-1, 2, n), upper + upper.T, rng.normal(size=n))


def brute_minima(land, strict):
    """Return the positions that no single flip lowers, by the energies of all neighbours."""
    out, bits = [], len(land.energy).bit_length() - 1
    for c, e in enumerate(land.energy):
        around = [land.energy[c ^ (1 << b)] for b in range(bits)]
        around += [land.energy[c ^ (len(land.energy) - 1)]] if land.field is None else []
        if all((x > e + 1e-9) if strict else (x >= e - 1e-9) for x in around):
            out.append(c)
    return sorted(out, key=lambda c: (round(land.energy[c], 9), c))


def test_energy_counts_each_pair_twice_and_zero_means_all_together():
    size, p = np.array([1.0, 2.0, 3.0]), np.array([[0, 1, -1], [1, 0, 0.5], [-1, 0.5, 0]])
    land = landscape(size, p)
    for position in range(4):
        side = land.sides(position)
        apart = side[:, None] != side
        assert land.energy[position] == pytest.approx((np.outer(size, size) * p * apart).sum())
        np.testing.assert_allclose(land.frustration(position)[0], (size * p * apart).sum(axis=1), atol=1e-12)
    np.testing.assert_allclose(land.energies(range(4)), land.energy, atol=1e-12)
    np.testing.assert_allclose(land.weighted_frustration(range(4)).sum(axis=1), land.energy, atol=1e-12)
    assert land.energy[0] == 0


def test_flip_costs_are_differences_of_energies_and_actor_0_flips_into_the_complement():
    land = landscape(*actors(6, 1))
    for c in range(32):
        after = [land.energy[c ^ 31], *(land.energy[c ^ (1 << b)] for b in range(5))]
        np.testing.assert_allclose(land.flip_costs(c)[0], after - land.energy[c], atol=1e-9)


@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("fields", [False, True])
def test_minima_weak_and_strict_are_those_of_the_definition(whole, fields):
    for n, seed in itertools.product((1, 2, 5, 8), range(4)):
        size, p = actors(n, seed, whole)
        more = galam(n, seed) if fields else None
        land = landscape(size, p, galam=more)
        assert list(land.minima) == brute_minima(land, strict=False)
        strict = landscape(size, p, strict=True, galam=more)
        assert list(strict.minima) == brute_minima(land, strict=True)
        assert [m for m, s in zip(land.minima, land.strict, strict=True) if s] == list(strict.minima)


def test_galam_adds_global_alliances_and_fields_to_the_energy():
    size, p = actors(5, 3)
    more = galam(5, 3)
    land = landscape(size, p, galam=more)
    w = np.outer(size, size) * p + np.outer(more.belonging, more.belonging) * more.exchange
    np.fill_diagonal(w, 0.0)
    assert len(land.energy) == 32
    for c in range(32):
        side = land.sides(c)
        eta = 1 - 2 * side
        hamiltonian = -0.5 * eta @ w @ eta - more.field @ eta
        assert land.energy[c] == pytest.approx(hamiltonian + 0.5 * w.sum())
        assert land.weighted_frustration(c).sum() - more.field @ eta == pytest.approx(land.energy[c])
        after = [land.energy[c ^ (1 << b)] for b in range(5)]
        np.testing.assert_allclose(land.flip_costs(c)[0], after - land.energy[c], atol=1e-9)
    only = landscape(size, p, galam=Galam(field=[0.0] * 5))
    assert only.energy.min() == pytest.approx(landscape(size, p).energy.min())
    best = land.lowest()
    assert best.proved
    assert best.energy == pytest.approx(land.energy.min())
    assert land.position([land.ids[k] for k in np.flatnonzero(best.sides)]) == best.position == land.minima[0]


@pytest.mark.parametrize("fields", [False, True])
def test_basins_are_those_of_the_named_dynamics(fields):
    size, p = actors(7, 36)
    land = landscape(size, p, galam=galam(7, 1) if fields else None)

    def rest(c, choose):
        while (cost := land.flip_costs(c)[0]).min() < 0:
            k = choose(cost)
            eta = 1 - 2 * land.sides(c)
            eta[k] *= -1
            c = land.position([land.ids[i] for i in np.flatnonzero(eta != (1 if fields else eta[0]))])
        return c

    order = [3, 1, 6, 0, 2, 5, 4]
    rules = {"steepest": (None, np.argmin), "first": (order, lambda cost: next(k for k in order if cost[k] < 0))}
    for name, (asked, choose) in rules.items():
        ends = [rest(c, choose) for c in range(len(land.energy))]
        found = land.basins_under(name, order=asked)
        assert (found.dynamics, found.exact, found.minima) == (name, True, land.minima)
        assert found.size.tolist() == [ends.count(m) for m in land.minima]
    assert land.basins == tuple(land.basins_under("steepest").size)
    assert fields or len(land.basins) == 4
    exact = land.basins_under("random")
    assert exact.share.sum() == pytest.approx(1)
    for name in ("steepest", "first", "random"):
        exact = land.basins_under(name)
        some = land.basins_under(name, draws=60_000, seed=5)
        again = land.basins_under(name, draws=60_000, seed=5)
        assert (some.exact, some.draws, some.seed, some.minima) == (False, 60_000, 5, land.minima)
        np.testing.assert_array_equal(some.share, again.share)
        np.testing.assert_allclose(some.share, exact.share, atol=0.01)
        assert ((some.low < some.share) & (some.share < some.high)).all()


@pytest.mark.parametrize("fields", [False, True])
def test_barriers_are_the_least_highest_points_between_minima(fields):
    size, p = actors(8, 6)
    land = landscape(size, p, galam=Galam(field=0.05 * np.ones(8)) if fields else None)
    between = land.barriers()
    codes = np.array(land.minima)
    assert len(codes) > 1
    np.testing.assert_array_equal(between.energy, flood.flood_reference(land.energy, codes, not fields))
    np.testing.assert_array_equal(between.energy, land.energy[between.saddle])
    one = land.barrier(*land.minima[:2])
    assert (one.energy, one.exact) == (between.energy[0, 1], True)
    assert one.climb == pytest.approx(one.energy - land.energy[codes[0]])
    assert one.back == pytest.approx(one.energy - land.energy[codes[1]])
    bound, summit = landscape_way(land, *land.minima[:2])
    assert bound >= one.energy - 1e-9
    assert land.energies(summit)[0] == pytest.approx(bound)


def landscape_way(land, a, b):
    from foedus.blocs.landscape_barriers import way

    peak, summit = way(land.terrain, a, b, width=16)
    return peak - (0 if land.field is None else land.field.sum()), summit


def test_a_way_wide_enough_is_the_best_of_all_that_flip_each_once():
    land = landscape(*actors(6, 2))
    for a, b in [(0, 13), (5, 26), (7, 7)]:
        heights = []
        for goal in (b,):
            differ = [k for k in range(6) if land.sides(a)[k] != land.sides(goal)[k]]
            same = [k for k in range(6) if k not in differ]
            for flips in (differ, same):
                for turn in itertools.permutations(flips):
                    eta, height = 1 - 2 * land.sides(a), land.energy[a]
                    for k in turn:
                        eta[k] *= -1
                        apart = [str(i) for i in np.flatnonzero(eta != eta[0])]
                        height = max(height, land.energy[land.position(apart)])
                    heights.append(height)
        assert landscape_way(land, a, b)[0] == pytest.approx(min(heights))


def test_above_24_actors_minima_are_listed_and_energies_are_not():
    size, p = actors(26, 2)
    land = fd.landscape(size, p)
    assert (land.flip_costs(land.minima) >= 0).all()
    energies = land.energies(land.minima)
    assert (np.diff(energies) >= 0).all()
    for what in ("energy", "basins"):
        with pytest.raises(ParameterError, match="26 actors"):
            getattr(land, what)
    with pytest.raises(ParameterError, match="how many starts"):
        land.basins_under("steepest")
    with pytest.raises(ParameterError, match="upper bound"):
        land.barriers()
    sampled = land.basins_under("random", draws=300, seed=2)
    assert set(sampled.minima) <= set(land.minima)
    assert sampled.size.sum() == 300
    best = land.lowest(seconds=2)
    assert best.bound <= best.energy
    assert best.energy >= energies[0] - 1e-9
    if len(land.minima) > 1:
        bound = land.barrier(*land.minima[:2])
        assert not bound.exact
        assert bound.climb >= 0


def test_forty_actors_and_a_component_too_many():
    """Twenty pairs of friends: 2 ** 19 line-ups of the pairs are all minima; a chain of 41 is refused."""
    p = np.kron(np.eye(20), np.ones((2, 2)))
    pairs = landscape(np.ones(40), p)
    with pytest.raises(ParameterError, match="524,288"):
        _ = pairs.minima
    assert len(landscape(np.ones(8), p[:8, :8]).minima) == 8
    chain = np.diag(np.ones(40), 1)
    long = landscape(np.ones(41), chain + chain.T)
    with pytest.raises(ParameterError, match="41 actors held together"):
        _ = long.minima
    assert (long.lowest().position, long.lowest().proved) == (0, True)
    assert long.basins_under("random", draws=20, seed=1).size.sum() == 20


def test_all_zero_propensities_make_every_configuration_a_weak_minimum():
    land = landscape(np.ones(5), np.zeros((5, 5)))
    assert land.minima == tuple(range(16))
    assert not any(land.strict)
    assert land.plateau(3).positions == tuple(range(16))
    assert land.plateau(3).closed
    assert land.basins == (1,) * 16
    with pytest.raises(ParameterError, match="8,388,608"):
        _ = landscape(np.ones(24), np.zeros((24, 24))).minima
    assert landscape(np.ones(24), np.zeros((24, 24)), strict=True).minima == ()
    with pytest.raises(ParameterError, match="plateau of at most"):
        landscape(np.ones(15), np.zeros((15, 15))).plateau(0)
    ring = np.roll(np.eye(30), 1, axis=1)
    with pytest.raises(ParameterError, match="over 2"):
        _ = landscape(np.ones(30), ring + ring.T, limit=2).minima


def test_a_weak_minimum_from_which_free_moves_lead_down_lies_on_an_open_plateau():
    """A ring of four foes: two against two neighbours is stable in name only, for one may cross over at no cost, and then all settle crosswise."""
    p = np.zeros((4, 4))
    for a, b in [(0, 1), (1, 3), (3, 2), (2, 0)]:
        p[a, b] = p[b, a] = -1
    land = landscape(np.ones(4), p)
    assert (land.minima, land.strict) == ((3, 5, 6), (True, False, False))
    assert (land.plateau(3).positions, land.plateau(3).closed) == ((3,), True)
    assert (land.plateau(5).positions, land.plateau(5).closed) == ((1, 2, 4, 5, 6, 7), False)
    held = landscape(np.ones(4), p, galam=Galam(field=np.zeros(4)))
    assert held.plateau(held.position(["1", "2"])).closed
    for m in held.minima:
        found = held.plateau(m)
        assert found.closed == all((held.flip_costs(x) >= 0).all() for x in found.positions)


def test_one_actor_and_lone_actors():
    land = landscape([2.0], [[np.nan]])
    assert (land.energy.tolist(), land.minima, land.basins, land.barriers().energy.tolist()) == ([0], (0,), (1,), [[0]])
    assert landscape([2.0], [[0.0]], galam=Galam(field=[-3.0])).minima == (1,)
    both = landscape([1, 1, 1], [[0, 1, 0], [1, 0, 0], [0, 0, 0]])
    assert both.minima == (0, 2)


def test_names_positions_and_table():
    land = landscape([1, 1, 1], [[0, 1, -1], [1, 0, -1], [-1, -1, 0]], ids=["Ann", "Bob", "Eve"])
    assert land.position(["Ann", "Bob"]) == land.position(["Eve"]) == 2
    table = land.table()
    assert table.rows() == [(2, -4.0, True, ["Ann", "Bob"], ["Eve"])]
    many = landscape(np.ones(70), np.kron(np.eye(7), np.ones((10, 10))), limit=64)
    assert many.table()["position"].str.to_integer(dtype=pl.Int128).to_list() == list(many.minima)
    assert (len(many.minima), many.energies(many.minima).tolist()) == (64, [0.0] * 64)
    with pytest.raises(ParameterError, match="apart"):
        land.position(["Mallory"])
    with pytest.raises(ParameterError, match="position"):
        land.sides(4)


def test_a_system_brings_sizes_propensities_and_names():
    from foedus.system.propensity import propensity

    system = fd.load("europe-1914")
    land = landscape(system)
    centre = propensity(system, seed=None)
    assert land.ids == system.ids
    i, j = np.triu_indices(land.n, 1)
    weight = np.zeros((land.n, land.n))
    weight[centre.i, centre.j] = centre.weight[0]
    np.testing.assert_allclose(land.weight[i, j], weight[i, j], atol=1e-12)
    assert land.lowest().position == land.minima[0]
    with pytest.raises(ParameterError, match="beside a System"):
        landscape(system, np.zeros((2, 2)))
    with pytest.raises(ParameterError, match="ids"):
        landscape(system, ids=["a"])


EYE = np.zeros((2, 2))


@pytest.mark.parametrize(
    ("size", "p", "more", "match"),
    [
        ([1, 1], np.zeros((2, 3)), {}, "propensity"),
        ([1, 1], [[0.0, 1.0], [2.0, 0.0]], {}, "asymmetric"),
        ([1, 1], [[0.0, np.nan], [np.nan, 0.0]], {}, "nan between 0 and 1"),
        ([1, 1], [[0.0, np.inf], [np.inf, 0.0]], {}, "must be finite"),
        ([1, 1], [["x", "y"], ["y", "x"]], {}, "numbers"),
        ([1, 1], None, {}, "propensity"),
        ([], np.zeros((0, 0)), {}, "at least one actor"),
        ([1, 0], EYE, {}, "above 0"),
        ([1, -2], EYE, {}, "above 0"),
        ([1, np.nan], EYE, {}, "above 0"),
        ([1e200, 1e200], [[0, 1], [1, 0]], {}, "stay finite"),
        ([1, 1], EYE, {"ids": ["a", "a"]}, "different names"),
        ([1, 1], EYE, {"limit": 0}, "limit"),
        ([1, 1], EYE, {"galam": Galam([1, 2])}, "belonging"),
        ([1, 1], EYE, {"galam": Galam([1, 1], [[0, 1], [2, 0]])}, "exchange"),
        ([1, 1], EYE, {"galam": Galam(field=[1, np.nan])}, "field"),
    ],
)
def test_bad_input_is_refused(size, p, more, match):
    with pytest.raises(ParameterError, match=match):
        landscape(size, p, **more)


def test_bad_dynamics_orders_draws_and_widths_are_refused():
    land = landscape(*actors(4, 1))
    with pytest.raises(ParameterError, match="steepest, first, random"):
        land.basins_under("greedy")
    with pytest.raises(ParameterError, match="fixed order"):
        land.basins_under("steepest", order=[0, 1, 2, 3])
    with pytest.raises(ParameterError, match="each of 0 to 3"):
        land.basins_under("first", order=[0, 1, 2, 2])
    with pytest.raises(ParameterError, match="draws"):
        land.basins_under("random", draws=0)
    with pytest.raises(ParameterError, match="width"):
        landscape(*actors(26, 1)).barrier(0, 1, width=0)
    many = landscape(np.ones(13), np.zeros((13, 13)))
    with pytest.raises(ParameterError, match="list all barriers"):
        many.barriers()
