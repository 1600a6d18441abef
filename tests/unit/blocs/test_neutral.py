"""Neutrals at a price: against enumeration, and the extremes that follow from the formula."""

import itertools

import numpy as np
import pytest

from foedus.blocs.exact import partition
from foedus.blocs.neutral import NEUTRAL, _Program, align
from foedus.errors import ParameterError

NONE = np.zeros(0, dtype=np.int64)


def price_of(i, j, w, label, price):
    a, b = label[i], label[j]
    out = (a == NEUTRAL) | (b == NEUTRAL)
    return price * np.abs(w)[out].sum() + np.abs(w)[~out & ((w > 0) != (a == b))].sum()


def graph(rng, n):
    i, j = np.triu_indices(n, 1)
    return i, j, rng.integers(-5, 6, len(i)).astype(float)


@pytest.mark.parametrize("price", [0.0, 0.1, 0.25, 1 / 3, 0.45, 0.5, 0.7, 1.0])
def test_equals_enumeration(price):
    rng = np.random.default_rng(2)
    for _ in range(6):
        n = int(rng.integers(2, 7))
        i, j, w = graph(rng, n)
        found = align(n, i, j, w, price=price)
        best = min(price_of(i, j, w, np.array(x), found.price) for x in itertools.product((0, 1, NEUTRAL), repeat=n))
        assert found.proved
        assert found.value == pytest.approx(best)
        assert price_of(i, j, w, found.label, found.price) == pytest.approx(best)


def test_at_nothing_all_stand_aside_and_from_one_half_on_nobody_needs_to():
    rng = np.random.default_rng(3)
    i, j, w = graph(rng, 9)
    two = partition(9, i, j, w).value
    assert align(9, i, j, w, price=0.0).value == 0
    assert align(9, i, j, w, price=0.5).value == align(9, i, j, w, price=0.8).value == two
    values = [align(9, i, j, w, price=p).value for p in (0.1, 0.2, 0.3, 0.4)]
    assert values == sorted(values)
    for p, value in zip((0.1, 0.2, 0.3, 0.4), values, strict=True):
        assert 2 * p * two - 1e-9 <= value <= min(two, p * np.abs(w).sum()) + 1e-9


def test_one_torn_between_two_camps_stands_aside_alone():
    i = np.array([0, 2, 0, 0, 1, 1, 0, 1, 2, 3])
    j = np.array([1, 3, 2, 3, 2, 3, 4, 4, 4, 4])
    w = np.array([9.0, 9, -9, -9, -9, -9, 2, 2, 2, 2])
    assert align(5, i, j, w, price=0.49).neutral == (4,)
    assert align(5, i, j, w, price=0.51).neutral == ()


def test_no_ties_and_bad_input():
    assert align(3, NONE, NONE, np.zeros(0), price=0.2).label.tolist() == [0, 0, 0]
    with pytest.raises(ParameterError, match="'price' parameter"):
        align(2, np.array([0]), np.array([1]), np.array([1.0]), price=1.2)
    with pytest.raises(ParameterError, match="two different nodes"):
        align(2, np.array([0]), np.array([0]), np.array([1.0]), price=0.2)


def test_out_of_time_and_interrupted_keep_a_bound(monkeypatch):
    rng = np.random.default_rng(4)
    i, j = np.triu_indices(30, 1)
    w = rng.choice([-1.0, 1.0], len(i))
    late = align(30, i, j, w, price=0.3, seconds=0.0)
    assert not late.proved
    assert 0 <= late.bound < late.value
    monkeypatch.setattr("foedus.blocs.neutral.partition", lambda *a, **k: partition(*a, seconds=0.0))
    stopped = align(30, i, j, w, price=0.3, seconds=1.0)
    assert not stopped.proved

    def stop(self, x):
        raise KeyboardInterrupt

    monkeypatch.setattr(_Program, "_round", stop)
    assert not align(30, i, j, w, price=0.3, seconds=5.0).proved


def test_a_solver_that_stops_early_proves_nothing_more(monkeypatch):
    original = _Program._model

    def stopped(self):
        highs = original(self)
        highs.setOptionValue("presolve", "off")
        highs.setOptionValue("simplex_iteration_limit", 0)
        return highs

    monkeypatch.setattr(_Program, "_model", stopped)
    rng = np.random.default_rng(4)
    i, j = np.triu_indices(12, 1)
    found = align(12, i, j, rng.choice([-1.0, 1.0], len(i)), price=0.3)
    assert not found.proved
    assert found.bound < found.value
