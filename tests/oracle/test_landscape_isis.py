"""Axelrod & Furnas 2016: eleven actors around ISIS, every configuration, from the files as the authors give them.

Their results table gives energy and ``s_i F_i`` of each actor ("Frustration"); rows of both runs are quoted here as they print them
(repository Landscape_Theory, results of 2016-02-20 and those with a weak Syria).
"""

import itertools

import numpy as np
import polars as pl
import pytest

import foedus as fd
from foedus.blocs.landscape_follow import follow

pytestmark = pytest.mark.realdata

ORDER = ("US", "Rus", "Syr", "Tur", "S.A.", "Iran", "ISIS", "Hez", "IqKrd", "Nursa", "Iraq")
STRONG = [
    (
        {"Tur", "ISIS", "Nursa"},
        -83_200,
        (-1900, -2200, -11500, -1500, -2100, -2400, -38000, -2200, -8800, -2100, -10500),
    ),
    ({"ISIS"}, -80_000, (-2000, -2000, -10000, -1000, -2000, -2000, -40000, -2000, -8000, -1000, -10000)),
    ({"US", "ISIS", "Nursa"}, -78_200, (0, -2200, -11000, -900, -2000, -2400, -37000, -2600, -8000, -2100, -10000)),
    ({"Nursa"}, -6_400, (-100, -100, -500, -100, -100, -200, -1000, -200, -400, -3200, -500)),
    ({"US", "Tur"}, -10_200, (-2300, -200, -1500, -2800, 100, -400, -3000, -400, 0, -200, 500)),
    ({"US", "Rus", "Iraq"}, -32_200, (-2500, -2100, 0, 100, 100, -1200, -14000, -400, 0, -700, -11500)),
]
WEAK = [
    ({"ISIS", "Nursa"}, -65_600, (-2100, -2100, -2100, -1100, -2100, -2200, -31000, -2200, -8400, -1800, -10500)),
    ({"ISIS"}, -64_000, (-2000, -2000, -2000, -1000, -2000, -2000, -32000, -2000, -8000, -1000, -10000)),
    ({"US", "ISIS", "Nursa"}, -60_600, (400, -2200, -2200, -900, -2000, -2400, -29000, -2600, -8000, -1700, -10000)),
    ({"Nursa"}, -5_600, (-100, -100, -100, -100, -100, -200, -1000, -200, -400, -2800, -500)),
    ({"US", "Tur"}, -7_800, (-1900, -200, -300, -2000, 100, -400, -3000, -400, 0, -200, 500)),
    ({"US", "Rus", "Iraq"}, -32_200, (-2100, -2500, 0, 100, 100, -1200, -14000, -400, 0, -700, -11500)),
]


@pytest.fixture(scope="module")
def case(realdata_dir):
    actors = pl.read_csv(realdata_dir / "landscape/Actor_data.csv")
    table = pl.read_csv(realdata_dir / "landscape/Pairwise_propensity_Feb_20.csv")
    p = table[:, 1:].cast(pl.Float64, strict=False).to_numpy() - 3.0
    return actors["strength"].to_numpy().astype(float), p, tuple(table.columns[1:])


def weak(case):
    size = case[0].copy()
    size[2] = 10
    return size


@pytest.mark.parametrize("weakened", [False, True])
def test_every_energy_and_frustration_follows_the_definition(case, weakened):
    size, p, names = case
    size = weak(case) if weakened else size
    land = fd.landscape(size, p, ids=names)
    assert land.energy.shape == (1024,)
    energies, shares = land.energies(range(1024)), land.weighted_frustration(range(1024))
    for position, sides in enumerate(itertools.product((0, 1), repeat=10)):
        side = (0, *sides[::-1])
        s_f = [sum(size[i] * size[j] * p[i, j] for j in range(11) if side[i] != side[j]) for i in range(11)]
        assert tuple(land.sides(position)) == side
        assert land.energy[position] == energies[position] == sum(s_f)
        assert shares[position].tolist() == s_f
        np.testing.assert_allclose(land.frustration(position)[0], np.array(s_f) / size, rtol=1e-15)


@pytest.mark.parametrize(("weakened", "rows"), [(False, STRONG), (True, WEAK)])
def test_published_rows_of_both_runs(case, weakened, rows):
    size, p, names = case
    assert names == ORDER
    land = fd.landscape(weak(case) if weakened else size, p, ids=names)
    for apart, energy, s_f in rows:
        position = land.position(apart)
        assert land.energy[position] == energy
        assert land.weighted_frustration(position)[0].tolist() == list(s_f)
    apart, energy, _ = rows[0]
    assert land.minima == (land.position(apart),)
    assert land.strict == (True,)
    assert (land.energy.min(), land.energy.max()) == (energy, 0)
    for dynamics in ("steepest", "first", "random"):
        assert land.basins_under(dynamics).size.tolist() == [1024]
    best = land.lowest()
    assert (best.position, best.energy, best.bound, best.proved) == (land.minima[0], energy, energy, True)


def test_turkey_leaves_isis_as_syria_weakens(case):
    """Sizes from Syria at 50 to Syria at 10: the first line-up vanishes on the way, Turkey being the one who leaves it."""
    size, p, names = case
    first, second = follow([size, weak(case)], p, ids=names)
    assert (first.leaves, first.falls_to, second.last) == ("Tur", second.position, 1)
    strength = 50 + (10 - 50) * first.gone
    at = size.copy()
    at[2] = strength
    assert fd.landscape(at, p).flip_costs(first.position)[0][3] == pytest.approx(0, abs=1e-9)
