"""Polarization and the best line-up against plain loops."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foedus.kernels.polarization import ALPHA, alike_polarization, best_blocs, esteban_ray, line_ups, modularity


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 5), st.integers(0, 10**6))
def test_both_forms_are_their_sums(n, seed):
    rng = np.random.default_rng(seed)
    s = rng.dirichlet(np.ones(n))
    d = rng.random((n, n))
    d = (d + d.T) / 2
    np.fill_diagonal(d, 0)
    plain = 2 ** (1 + ALPHA) * sum(s[a] ** (1 + ALPHA) * s[b] * d[a, b] for a in range(n) for b in range(n))
    assert esteban_ray(s, d) == pytest.approx(plain)
    alike = sum(
        s[a] * s[b] * d[a, b] * sum(s[k] * (1 - d[a, k]) for k in range(n)) ** ALPHA for a in range(n) for b in range(n)
    )
    assert alike_polarization(s[None], d) == pytest.approx([2 ** (1 + ALPHA) * alike])


@given(st.integers(2, 6), st.integers(0, 10**6))
def test_groups_that_are_wholly_alike_inside_count_as_one(n, seed):
    rng = np.random.default_rng(seed)
    s, group = rng.dirichlet(np.ones(n)), rng.integers(0, 2, n)
    d = (group[:, None] != group).astype(float)
    whole = np.array([s[group == 0].sum(), s[group == 1].sum()])
    assert alike_polarization(s[None], d)[0] == pytest.approx(esteban_ray(whole, np.array([[0.0, 1.0], [1.0, 0.0]])))


def test_nobody_apart_is_no_polarization_and_two_equal_camps_are_one():
    assert alike_polarization(np.array([[0.2, 0.8]]), np.zeros((2, 2))).tolist() == [0.0]
    assert alike_polarization(np.array([[0.5, 0.5]]), 1 - np.eye(2)) == pytest.approx([1.0])


@pytest.mark.parametrize(("n", "bell"), [(0, 1), (1, 1), (2, 2), (3, 5), (4, 15), (5, 52), (8, 4140)])
def test_every_line_up_is_there_once(n, bell):
    rows = line_ups(n)
    assert rows.shape == (bell, n)
    assert len({tuple(r) for r in rows.tolist()}) == bell
    for r in rows.tolist():
        assert all(r[k] <= max(r[:k], default=-1) + 1 for k in range(n))


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 6), st.integers(0, 10**6))
def test_the_best_line_up_is_that_of_a_plain_search(n, seed):
    rng = np.random.default_rng(seed)
    w = np.triu(rng.integers(0, 4, (n, n)) * (rng.random((n, n)) < 0.5), 1).astype(float)
    i, j = np.nonzero(w)
    bloc, value = best_blocs(w + w.T + 3 * np.eye(n))
    every = [modularity(n, i, j, w[i, j], r.astype(int)) for r in line_ups(n)]
    assert value == pytest.approx(max(every), abs=1e-12) if len(i) else value == 0.0
    assert modularity(n, i, j, w[i, j], bloc) == pytest.approx(value, abs=1e-12)
    alone = w.sum(axis=0) + w.sum(axis=1) == 0
    assert all((bloc == bloc[k]).sum() == 1 for k in np.flatnonzero(alone))
