"""Triads, switching and blockmodels against their plain twins."""

import numpy as np
import pytest

from foedus.kernels import blockcost, rewire, signed, triads


def random_graph(seed, n, density=0.5, weights=(-3, -2, -1, 1, 2, 3)):
    rng = np.random.default_rng(seed)
    i, j = np.triu_indices(n, 1)
    there = rng.random(len(i)) < density
    return n, i[there], j[there], rng.choice(weights, int(there.sum())).astype(np.float64)


@pytest.mark.parametrize("seed", range(8))
def test_triads_agree_with_traces(seed):
    graph = random_graph(seed, [0, 1, 2, 3, 8, 15, 30, 60][seed], density=[0.5, 1.0, 0.2][seed % 3])
    compiled, plain = triads.triads(*graph), triads.triads_reference(*graph)
    assert all(np.array_equal(a, b) for a, b in zip(compiled, plain, strict=True))
    assert list(signed.triads(*graph).values()) == compiled[0].tolist()


@pytest.mark.parametrize("seed", range(6))
def test_switching_agrees_with_its_twin_and_keeps_both_degrees(seed):
    n, i, j, w = random_graph(seed, [0, 2, 5, 10, 20, 40][seed], density=0.4)
    a, b, made = rewire.switch(n, i, j, w, 400, np.uint64(seed), np.uint64(3))
    c, d, plain = rewire.switch_reference(i, j, w, 400, seed, 3)
    assert made == plain
    assert np.array_equal(a, c)
    assert np.array_equal(b, d)
    assert (a < b).all()
    assert len(set(zip(a.tolist(), b.tolist(), strict=True))) == len(i)
    for sign in (w > 0, w < 0):
        before, after = (np.bincount(np.concatenate(x), minlength=n) for x in ((i[sign], j[sign]), (a[sign], b[sign])))
        assert np.array_equal(before, after)


def test_switching_reaches_every_graph_of_the_same_degrees_equally_often():
    """Two positive ties on four nodes of degree one: three graphs, each a third."""
    i, j, w = np.array([0, 2]), np.array([1, 3]), np.ones(2)
    seen = [
        tuple(
            sorted(
                zip(*(x.tolist() for x in rewire.switch(4, i, j, w, 20, np.uint64(1), np.uint64(d))[:2]), strict=True)
            )
        )
        for d in range(900)
    ]
    counts = sorted(seen.count(x) for x in set(seen))
    assert len(counts) == 3
    assert min(counts) > 240


@pytest.mark.parametrize("seed", range(40))
def test_blockmodels_agree_with_trying_all_labels(seed):
    n, i, j, w = random_graph(seed, 1 + seed % 6, density=0.8)
    k, (a, b), relaxed = 1 + seed % 3, [(1, 1), (1, 3), (7, 2)][seed % 3], seed % 4 != 0
    units = w.astype(np.int64)
    matrix = np.zeros((n, n), dtype=np.int64)
    matrix[i, j] = matrix[j, i] = units
    label, cost = blockcost.search(*signed.csr(n, i, j), units, k, a, b, relaxed, 5, np.uint64(seed))
    best = blockcost.exact_reference(n, i, j, units, k, a=a, b=b, relaxed=relaxed)
    assert cost == blockcost.cost_reference(i, j, units, label, k, a=a, b=b, relaxed=relaxed) >= best
    found, none = np.zeros(n, dtype=np.int64), np.zeros(n + 1, dtype=np.int64)
    known = blockcost.cost_reference(i, j, units, found, k, a=a, b=b, relaxed=relaxed)
    value, steps = blockcost.exact(matrix, 0, none, known, found, k, a, b, relaxed, 10**6)
    assert value == blockcost.cost_reference(i, j, units, found, k, a=a, b=b, relaxed=relaxed) == best
    assert steps <= 10**6


def test_exact_blockmodel_gives_up_at_its_limit():
    n, i, j, w = random_graph(1, 12, density=1.0)
    matrix = np.zeros((n, n), dtype=np.int64)
    matrix[i, j] = matrix[j, i] = w
    label, none = np.zeros(n, dtype=np.int64), np.zeros(n + 1, dtype=np.int64)
    assert blockcost.exact(matrix, 0, none, 10**6, label, 3, 1, 1, True, 50)[1] == 51
