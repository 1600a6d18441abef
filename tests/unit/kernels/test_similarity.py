"""Similarity of portfolios against a plain twin, SciPy's tau-b and the published pair of 1914."""

from __future__ import annotations

import csv

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.stats import kendalltau

from foedus.kernels import similarity


def plain(x, y, w, name, top):
    """Return a measure of one pair by its definition, one third state after the other; None where it is undefined."""
    both = [(a, b, c) for a, b, c in zip(x, y, w, strict=True) if a >= 0 and b >= 0]
    total = sum(c for *_, c in both)
    if total <= 0:
        return None

    def gap(a, b):
        return (
            float(a != b)
            if name.endswith("nominal")
            else (abs(a - b) / top) ** (1 if name in {"s_abs", "s_excess"} else 2)
        )

    observed = sum(c * gap(a, b) for a, b, c in both) / total
    if name in {"s_abs", "s_sq"}:
        return 1 - 2 * observed
    mine = [sum(c for a, _, c in both if a == level) / total for level in range(top + 1)]
    theirs = [sum(c for _, b, c in both if b == level) / total for level in range(top + 1)]
    if name in {"pi", "pi_nominal"}:
        mine = theirs = [(p + q) / 2 for p, q in zip(mine, theirs, strict=True)]
    expected = sum(p * q * gap(i, j) for i, p in enumerate(mine) for j, q in enumerate(theirs))
    if name == "s_excess":
        return (1 - 2 * observed) - (1 - 2 * expected)
    return None if expected <= 1e-12 else 1 - observed / expected


PORTFOLIOS = hnp.arrays(np.int64, st.tuples(st.integers(1, 5), st.integers(1, 8)), elements=st.integers(-1, 3))


@settings(max_examples=150, deadline=None)
@given(PORTFOLIOS, st.booleans(), st.sampled_from([m for m in similarity.MEASURES if m != "tau_b"]))
def test_every_measure_is_its_definition(levels, weighted, name):
    weights = np.arange(1.0, levels.shape[1] + 1) if weighted else None
    found = similarity.measure(similarity.contingency(levels, 4, weights), name)
    w = np.ones(levels.shape[1]) if weights is None else weights
    for i in range(len(levels)):
        for j in range(len(levels)):
            expected = plain(levels[i].tolist(), levels[j].tolist(), w.tolist(), name, 3)
            assert np.isnan(found[i, j]) if expected is None else found[i, j] == pytest.approx(expected, abs=1e-9)


@settings(max_examples=150, deadline=None)
@given(hnp.arrays(np.int64, st.tuples(st.integers(2, 4), st.integers(2, 9)), elements=st.integers(0, 3)))
def test_tau_b_is_scipys(levels):
    found = similarity.tau_b(similarity.contingency(levels, 4))
    for i in range(len(levels)):
        for j in range(len(levels)):
            if len(set(levels[i])) == 1 or len(set(levels[j])) == 1:
                assert np.isnan(found[i, j])
            else:
                assert found[i, j] == pytest.approx(kendalltau(levels[i], levels[j]).statistic, abs=1e-9)


def test_a_state_is_like_itself_and_the_measures_do_not_ask_who_is_first():
    levels = np.array([[3, 1, 0, 2], [0, 3, 3, 1], [1, 1, 0, 3]])
    table = similarity.contingency(levels, 4)
    for name in similarity.MEASURES:
        found = similarity.measure(table, name)
        assert name == "s_excess" or np.allclose(np.diag(found), 1)
        assert np.allclose(found, found.T)


@settings(max_examples=60, deadline=None)
@given(PORTFOLIOS, st.booleans())
def test_some_pairs_are_the_same_as_all(levels, weighted):
    weights = np.arange(1.0, levels.shape[1] + 1) if weighted else None
    one, two = np.triu_indices(len(levels))
    whole = similarity.contingency(levels, 4, weights)
    assert np.array_equal(
        similarity.contingency(levels, 4, weights, pairs=(one, two)), whole[:, :, one, two], equal_nan=True
    )


def test_s_without_the_agreement_that_idleness_gives():
    """Two states with one ally each of ten others, not the same: S is high, and no higher than chance would have it."""
    x, y = np.zeros((2, 10), dtype=int)
    x[0] = y[1] = 3
    table = similarity.contingency(np.array([x, y]), 4)
    assert similarity.s_score(table)[0, 1] == pytest.approx(0.6)
    # Chance: distance 3 of 3 with 2 x .1 x .9 = .18, so S of .64.
    assert similarity.s_excess(table)[0, 1] == pytest.approx(0.6 - 0.64)


def test_unknown_name_of_distance_is_an_error():
    with pytest.raises(KeyError, match="cubic"):
        similarity.distances(4, "cubic")


@pytest.mark.realdata
def test_germany_and_russia_in_1914(realdata_dir):
    """Signorino & Ritter 1999, table 6."""
    text = (realdata_dir / "alliances1914" / "alliances1914.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    levels = np.array([[int(float(r[c])) for r in rows] for c in ("GMY", "RUS")])
    table = similarity.contingency(levels, 4)
    assert len(rows) == 20
    assert similarity.s_score(table)[0, 1] == pytest.approx(0.4)
    assert similarity.s_score(table, "squared")[0, 1] == pytest.approx(0.444444, abs=1e-6)
    assert similarity.tau_b(table)[0, 1] == pytest.approx(0.03031695, abs=1e-8)
