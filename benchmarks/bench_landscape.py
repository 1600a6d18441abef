"""Every local minimum of dense random landscapes, by search and by plain enumeration in Gray order, in the same run.

``make bench`` prints pytest-benchmark's table; the reference stands beside what it is a reference for, at sizes that it can reach.
"""

import numpy as np
import pytest

import foedus as fd
from foedus.kernels import minima

KINDS = ("normal", "uniform")


def dense(n, kind, seed=1):
    rng = np.random.default_rng(seed)
    upper = np.triu(rng.normal(size=(n, n)) if kind == "normal" else rng.uniform(-1, 1, size=(n, n)), 1)
    return upper + upper.T


def listed(p):
    return fd.landscape(np.ones(len(p)), p).minima


def enumerated(p):
    out = np.zeros(1_000_000, dtype=np.int64)
    return out[: minima.enumerate_content(p, -1e-12 * np.abs(p).sum(axis=1), out)]


@pytest.fixture(autouse=True)
def _compiled():
    listed(dense(18, "normal"))
    enumerated(dense(5, "normal"))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("n", "rounds"), [(17, 20), (24, 20), (30, 5), (40, 1)])
def bench_minima(benchmark, n, rounds, kind):
    p = dense(n, kind)
    found = benchmark.pedantic(listed, args=(p,), rounds=rounds)
    assert (fd.landscape(np.ones(n), p).flip_costs(found) > 0).all()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("n", [17, 24])
def bench_minima_reference_gray_order(benchmark, n, kind):
    p = dense(n, kind)
    found = benchmark.pedantic(enumerated, args=(p,), rounds=3)
    assert sorted(found.tolist()) == sorted(listed(p))


@pytest.mark.parametrize("dynamics", ["steepest", "first", "random"])
def bench_basins_of_22_actors(benchmark, dynamics):
    land = fd.landscape(np.ones(22), dense(22, "normal"))
    found = benchmark.pedantic(land.basins_under, args=(dynamics,), rounds=1)
    assert found.share.sum() == pytest.approx(1)


def bench_barriers_of_22_actors(benchmark):
    land = fd.landscape(np.ones(22), dense(22, "normal"))
    assert land.energy.shape == (1 << 21,)
    found = benchmark.pedantic(land.barriers, rounds=1)
    assert (found.energy >= found.energy.diagonal()[:, None]).all()
