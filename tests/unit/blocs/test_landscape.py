import numpy as np
import pytest

from foedus.blocs.landscape import landscape
from foedus.errors import ParameterError


def test_energy_counts_each_pair_twice_and_zero_means_all_together():
    size, p = np.array([1.0, 2.0, 3.0]), np.array([[0, 1, -1], [1, 0, 0.5], [-1, 0.5, 0]])
    land = landscape(size, p)
    for position in range(4):
        side = land.sides(position)
        apart = side[:, None] != side
        assert land.energy[position] == pytest.approx((np.outer(size, size) * p * apart).sum())
    assert land.energy[0] == 0


def test_minima_cannot_be_improved_by_one_actor_and_basins_cover_everything():
    rng = np.random.default_rng(4)
    p = rng.normal(size=(8, 8))
    p = p + p.T
    land = landscape(rng.random(8) + 0.1, p)
    assert sum(land.basins) == len(land.energy)
    assert land.energy[land.minima[0]] == land.energy.min()
    for m in land.minima:
        for v in range(8):
            side = land.sides(m)
            side[v] = 1 - side[v]
            side = side ^ side[0]
            assert land.energy[int((side[1:] << np.arange(7)).sum())] >= land.energy[m] - 1e-9


@pytest.mark.parametrize("p", [np.zeros((2, 3)), np.array([[0.0, 1.0], [2.0, 0.0]]), np.zeros((25, 25))])
def test_bad_propensities_are_refused(p):
    with pytest.raises(ParameterError, match="propensity"):
        landscape(np.ones(len(p)), p)
