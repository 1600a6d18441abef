"""The war engine against its plain twin in the same run: the ratio is the quotient of their medians, per draw."""

import numpy as np
import pytest

from foedus.kernels import cascade
from foedus.scenario.read import load
from foedus.war.field import theatre


@pytest.fixture
def stage():
    return theatre(load("europe-1914"), seed=1, outer=20)


def bench_war_compiled_1000_draws(benchmark, stage):
    a, b = np.full(1000, 1), np.full(1000, 6)
    benchmark(cascade.spread, np.uint64(1), 0, a, b, 50, stage.field, stage.pledges, -1)


def bench_war_reference_plain_twin_50_draws(benchmark, stage):
    def run():
        return [cascade.spread_reference(1, d, 1, 6, 50, stage.field, stage.pledges) for d in range(50)]

    wars = benchmark.pedantic(run, rounds=2)
    compiled = cascade.spread(np.uint64(1), 0, np.full(50, 1), np.full(50, 6), 50, stage.field, stage.pledges, -1)
    assert all(np.array_equal(w.side, compiled[0][d]) for d, w in enumerate(wars))
