import numpy as np

from foedus.kernels import streams


def test_compiled_twin_gives_the_same_bits():
    keys = streams.keys_of(["a", "b", "tie:AA:BB:war"])
    plain = streams.uniforms_reference(42, keys, np.arange(20), 3)
    compiled = [[streams.uniform(np.uint64(42), k, np.uint64(d), np.uint64(3)) for k in keys] for d in range(20)]
    assert np.array_equal(plain, np.array(compiled))


def test_a_number_keeps_its_draws_whatever_else_is_drawn():
    alone = streams.uniforms(1, streams.keys_of(["x"]), 10)[:, 0]
    among = streams.uniforms(1, streams.keys_of(["w", "x", "y"]), 10)[:, 1]
    assert np.array_equal(alone, among)
    assert np.array_equal(alone[4:], streams.uniforms(1, streams.keys_of(["x"]), 6, first=4)[:, 0])


def test_uniform_by_moments_and_independent_across_keys_draws_counters_and_seeds():
    u = streams.uniforms(7, streams.keys_of([str(k) for k in range(200)]), 500)
    assert 0 < u.min() < 1e-3
    assert 1 - 1e-3 < u.max() < 1
    assert abs(u.mean() - 0.5) < 0.003
    assert abs(u.var() - 1 / 12) < 0.002
    counts = np.histogram(u, bins=50, range=(0, 1))[0]
    assert ((counts - u.size / 50) ** 2 / (u.size / 50)).sum() < 100  # chi-square, 49 degrees of freedom
    for other in (
        streams.uniforms(8, streams.keys_of(["0"]), 500),
        streams.uniforms(7, streams.keys_of(["0"]), 500, counter=1),
    ):
        assert abs(np.corrcoef(u[:, 0], other[:, 0])[0, 1]) < 0.15
    assert abs(np.corrcoef(u[:-1, 0], u[1:, 0])[0, 1]) < 0.15
    assert abs(np.corrcoef(u[:, 0], u[:, 1])[0, 1]) < 0.15
