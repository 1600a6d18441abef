"""Exact blocs against the plain integer program, and the war engine against its plain twin, in the same run.

``make bench`` prints pytest-benchmark's table; each reference stands beside the case that it is a reference for, so the ratio is the quotient
of their medians.
"""

import highspy
import numpy as np
import pytest

from foedus.blocs.exact import partition
from foedus.kernels import cascade
from foedus.scenario.read import load
from foedus.system.propensity import propensity
from foedus.war.field import theatre

SCENARIOS = ("europe-1914", "middle-east-2019")


def plain_program(n, i, j, w):
    """Return the least frustration by the XOR integer program of Aref and others, without cuts or reductions."""
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", 1)
    x = [highs.addBinary() for _ in range(n)]
    f = [highs.addVariable(lb=0.0, ub=1.0) for _ in w]
    highs.addConstr(x[0] == 0)
    for e, (a, b, weight) in enumerate(zip(i.tolist(), j.tolist(), w.tolist(), strict=True)):
        if weight > 0:
            highs.addConstr(f[e] - x[a] + x[b] >= 0)
            highs.addConstr(f[e] + x[a] - x[b] >= 0)
        else:
            highs.addConstr(f[e] - x[a] - x[b] >= -1)
            highs.addConstr(f[e] + x[a] + x[b] >= 1)
    highs.minimize(highs.qsum(abs(weight) * var for weight, var in zip(w.tolist(), f, strict=True)))
    return highs.getInfo().objective_function_value


@pytest.fixture(params=SCENARIOS)
def graph(request):
    p = propensity(load(request.param), seed=None)
    return p.n, p.i, p.j, p.weight[0]


def bench_exact_blocs(benchmark, graph):
    found = benchmark(partition, *graph)
    assert found.proved


def bench_exact_blocs_reference_plain_program(benchmark, graph):
    value = benchmark.pedantic(plain_program, args=graph, rounds=3)
    assert value == pytest.approx(partition(*graph).value, rel=1e-4)


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
