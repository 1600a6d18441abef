"""Bundled systems and real years: any number of blocs, three, every best line-up and the next best, all proved and checked."""

import numpy as np
import pytest

import foedus as fd
from foedus.blocs.clustering import cluster, coarse_weights
from foedus.blocs.cycle_proof import check_cycles
from foedus.blocs.exact import partition
from foedus.blocs.optima import optima
from foedus.blocs.result import heard
from foedus.system.propensity import propensity


def graph(system):
    p = propensity(system, seed=None)
    return p.n, p.i, p.j, heard(p.weight[0])


def settled(n, i, j, w):
    """Check everything on one graph; return (two, three, free) values as shares of weight."""
    two, three, free = partition(n, i, j, w), cluster(n, i, j, w, k=3), cluster(n, i, j, w)
    assert two.proved
    assert three.proved
    assert free.proved
    assert three.label.max() <= 2
    slack = 1e-5 * np.abs(w).sum()
    assert free.value - slack <= three.value <= two.value + slack
    if free.cycles is not None:
        units, unit = coarse_weights(w)
        live = units != 0
        assert check_cycles(n, i[live], j[live], units[live], free.cycles) * unit == pytest.approx(free.value)
    best = optima(n, i, j, w, two)
    assert best.proved
    assert best.counted
    assert best.gap > 0 or best.count > 1
    return free.cycles is not None


@pytest.mark.parametrize("name", ["europe-1914", "middle-east-2015", "middle-east-2019"])
def test_bundled_systems_are_settled(name):
    assert settled(*graph(fd.load(name)))


@pytest.mark.realdata
@pytest.mark.parametrize("year", [1854, 1914, 1933, 1978, 2010])
def test_real_years_are_settled(year, realdata_dir):
    settled(*graph(fd.system(year, data_dir=realdata_dir)))
