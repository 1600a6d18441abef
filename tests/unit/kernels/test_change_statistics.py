"""Each change statistic is what the statistic is with the tie less what it is without, by brute force on random graphs."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foedus.kernels import change_statistics as change


@st.composite
def graphs(draw):
    """Return a symmetric matrix of ties of up to six nodes."""
    n = draw(st.integers(2, 6))
    made = np.zeros((n, n), dtype=np.bool_)
    for i, j in combinations(range(n), 2):
        made[i, j] = made[j, i] = draw(st.booleans())
    return made


def shared(y, i, j):
    return sum(1 for k in range(len(y)) if y[i, k] and y[k, j])


def pairs(y):
    return [(i, j) for i, j in combinations(range(len(y)), 2) if y[i, j]]


def degrees(y):
    return [int(row.sum()) for row in y]


STATISTICS = {
    "edges": (lambda y: len(pairs(y)), change.edges),
    "kstar(2)": (lambda y: sum(d * (d - 1) / 2 for d in degrees(y)), change.two_stars),
    "triangle": (
        lambda y: sum(y[a, b] and y[b, c] and y[a, c] for a, b, c in combinations(range(len(y)), 3)),
        change.triangles,
    ),
    "isolates": (lambda y: degrees(y).count(0), change.isolates),
    "gwesp(0)": (lambda y: sum(shared(y, i, j) > 0 for i, j in pairs(y)), lambda y: change.gwesp(y, 0.0)),
    "gwdegree(0)": (lambda y: sum(d > 0 for d in degrees(y)), lambda y: change.gwdegree(y, 0.0)),
}
for decay in (0.3, 1.2):
    q = 1 - np.exp(-decay)
    STATISTICS[f"gwesp({decay})"] = (
        lambda y, a=decay, q=q: np.exp(a) * sum(1 - q ** shared(y, i, j) for i, j in pairs(y)),
        lambda y, a=decay: change.gwesp(y, a),
    )
    STATISTICS[f"gwdegree({decay})"] = (
        lambda y, a=decay, q=q: np.exp(a) * sum(1 - q**d for d in degrees(y)),
        lambda y, a=decay: change.gwdegree(y, a),
    )


@pytest.mark.parametrize("name", STATISTICS)
@given(y=graphs())
@settings(max_examples=12, deadline=None)
def test_change_is_with_less_without(name, y):
    statistic, fast = STATISTICS[name]
    found = fast(y)
    for i, j in combinations(range(len(y)), 2):
        with_, without = y.copy(), y.copy()
        with_[i, j] = with_[j, i] = True
        without[i, j] = without[j, i] = False
        expected = statistic(with_) - statistic(without)
        assert found[i, j] == pytest.approx(expected, abs=1e-9)
        assert found[j, i] == pytest.approx(expected, abs=1e-9)


MEMORY = {
    "stability": lambda y, was: sum(y[i, j] == was[i, j] for i, j in combinations(range(len(y)), 2)),
    "autoregression": lambda y, was: sum(y[i, j] and was[i, j] for i, j in combinations(range(len(y)), 2)),
    "loss": lambda y, was: sum(was[i, j] and not y[i, j] for i, j in combinations(range(len(y)), 2)),
    "innovation": lambda y, was: sum(y[i, j] and not was[i, j] for i, j in combinations(range(len(y)), 2)),
}


@pytest.mark.parametrize("kind", MEMORY)
@given(was=graphs())
@settings(max_examples=8, deadline=None)
def test_memory_is_with_less_without(kind, was):
    found = change.memory(was, kind)
    for i, j in combinations(range(len(was)), 2):
        with_, without = was.copy(), was.copy()
        with_[i, j] = with_[j, i] = True
        without[i, j] = without[j, i] = False
        assert found[i, j] == int(MEMORY[kind](with_, was)) - int(MEMORY[kind](without, was))


def test_covariates_of_nodes_stay_unknown_where_they_are():
    x = np.array([1.0, 4.0, np.nan])
    assert change.node_sum(x)[0, 1] == 5
    assert change.node_difference(x)[1, 0] == 3
    assert change.node_match(x)[0, 1] == 0
    assert change.node_match(np.array([2.0, 2.0]))[0, 1] == 1
    for made in (change.node_sum(x), change.node_difference(x), change.node_match(x)):
        assert np.isnan(made[0, 2])
        assert np.isnan(made[2, 1])


def test_gwesp_of_a_closing_tie_by_hand():
    """Two nodes with one common partner: the tie has it, and each tie to the partner gains its first."""
    y = np.zeros((3, 3), dtype=np.bool_)
    y[0, 2] = y[2, 0] = y[1, 2] = y[2, 1] = True
    assert change.gwesp(y, 0.0)[0, 1] == 3
    y[0, 1] = y[1, 0] = True
    assert change.gwesp(y, 0.0)[0, 1] == 3
