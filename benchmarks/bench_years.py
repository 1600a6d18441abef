"""Two centuries of blocs: a build of each system, its propensities, its proof, and the whole on one process and on two.

Needs the published data sets: FOEDUS_REALDATA names their folder. The target for the whole is 60 s on two cores, for any one year 0.5 s. Reference
of the layout kernel is its plain twin in the same run.
"""

import datetime as dt
import os
from pathlib import Path

import numpy as np
import pytest

from foedus.blocs import layout
from foedus.blocs.moment import moment
from foedus.blocs.years import blocs_over_years
from foedus.kernels.layout import majorise, majorise_reference
from foedus.system.from_tables import build
from foedus.system.propensity import propensity
from foedus.system.tables import Tables

YEARS = (1816, 1870, 1914, 1950, 1985, 2016)


@pytest.fixture(scope="module")
def folder():
    named = os.environ.get("FOEDUS_REALDATA")
    if not named:
        pytest.skip("needs the published data sets: FOEDUS_REALDATA is unset")
    return Path(named)


@pytest.fixture(scope="module")
def tables(folder):
    return Tables.read(folder)


@pytest.mark.parametrize("year", YEARS)
def bench_system_of_a_year(benchmark, tables, year):
    assert len(benchmark(build, dt.date(year, 1, 1), tables).actors) > 20


@pytest.mark.parametrize("year", YEARS)
def bench_propensities_of_a_year(benchmark, tables, year):
    system = build(dt.date(year, 1, 1), tables)
    assert len(benchmark(propensity, system, seed=None).i)


@pytest.mark.parametrize("year", YEARS)
def bench_blocs_of_a_year(benchmark, tables, year):
    system = build(dt.date(year, 1, 1), tables)
    assert benchmark.pedantic(moment, args=(system,), rounds=3, warmup_rounds=1).proved


@pytest.mark.parametrize("workers", [1, 2])
def bench_two_centuries(benchmark, folder, workers):
    run = {"data_dir": folder, "workers": workers}
    assert benchmark.pedantic(blocs_over_years, args=(1816, 2016), kwargs=run, rounds=1).proved


@pytest.fixture(scope="module")
def crowd(tables):
    p = propensity(build(dt.date(1985, 1, 1), tables), seed=None)
    return layout._scattered(p.n, 1, 0), *layout._wishes(p.n, p.i, p.j, p.weight[0])


def bench_layout_sweeps(benchmark, crowd):
    place, target, weight = crowd
    benchmark(lambda: majorise(place.copy(), target, weight, 10, 0.0))


def bench_layout_sweeps_reference_plain_twin(benchmark, crowd):
    place, target, weight = crowd
    one, two = place.copy(), place.copy()
    benchmark.pedantic(lambda: majorise_reference(place.copy(), target, weight, 10, 0.0), rounds=2)
    majorise(one, target, weight, 10, 0.0)
    majorise_reference(two, target, weight, 10, 0.0)
    np.testing.assert_allclose(one, two, rtol=1e-6, atol=1e-9)
