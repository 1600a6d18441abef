"""The proof that nothing separates the classes never speaks where the linear program finds something that does."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foedus.estimate import multinomial


@given(seed=st.integers(0, 10_000), n=st.integers(6, 30), classes=st.integers(2, 3), weighted=st.booleans())
@settings(max_examples=40, deadline=None)
def test_a_proof_is_true(seed, n, classes, weighted):
    rng = np.random.default_rng(seed)
    x = np.column_stack([np.ones(n), rng.integers(0, 3, n), rng.normal(size=n)])
    y = rng.integers(0, classes, n)
    weight = rng.integers(1, 4, n).astype(float) if weighted else None
    found = multinomial.maximise(x, y, classes, weight)
    if multinomial.proved_finite(x, y, found, weight):
        assert not multinomial.separating(x, y, classes).any()


def test_it_speaks_where_there_is_plenty_of_overlap():
    rng = np.random.default_rng(1)
    x = np.column_stack([np.ones(500), rng.normal(size=500), 1000 * rng.random(500)])
    for classes in (2, 3):
        y = rng.integers(0, classes, 500)
        assert multinomial.proved_finite(x, y, multinomial.maximise(x, y, classes))


@pytest.mark.parametrize("column", [np.arange(8) >= 4, np.zeros(8)])
def test_it_is_silent_of_separation_and_of_empty_columns(column):
    x, y = np.column_stack([np.ones(8), column]).astype(float), (np.arange(8) >= 4).astype(np.int64)
    assert not multinomial.proved_finite(x, y, multinomial.maximise(x, y, 2))
