"""Effects of a sweep against hand cases, a plain decomposition of variance, and the analytic indices of Ishigami's function."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foedus.errors import ParameterError
from foedus.studies.sweep_design import points_of
from foedus.studies.sweep_effects import effects, straight
from foedus.studies.sweep_keys import Vary

THREE = [Vary("a", 0, 1, 2), Vary("b", 0, 1, 3), Vary("c", 0, 1, 4)]


def found(points, design, y, shape=(), by_draw=None, *, chance=False, least=0.0):
    """Return effects by key."""
    keys = [f"k{j}" for j in range(points.shape[1])]
    by_draw = np.repeat(y[:, None], 5, axis=1) if by_draw is None else by_draw
    got = effects(keys, "y", points, design, y, by_draw, shape, chance=chance, least=least, seed=1)
    return {e.key: e for e in got}, got


def test_a_grid_by_hand():
    points = points_of(THREE[:2], [False, False], "grid")
    y = 2 * points[:, 0] + points[:, 0] * (points[:, 1] == 0.5)
    by_key, order = found(points, "grid", y, (2, 3))
    # Values are 0, 0, 0, 2, 3, 2: variance 53/36, means of a 0 and 7/3, of b 1, 1.5 and 1.
    assert by_key["k0"].change.mean == pytest.approx(7 / 3)
    assert by_key["k1"].change.mean == 0.0
    assert by_key["k0"].first.mean == pytest.approx((49 / 36) / (53 / 36))
    assert by_key["k1"].first.mean == pytest.approx((1 / 18) / (53 / 36))
    assert by_key["k1"].total.mean == pytest.approx(1 - by_key["k0"].first.mean)
    assert [e.key for e in order] == ["k0", "k1"]
    assert straight(points, y) == pytest.approx(49 / 53)


def plain_shares(levels, y):
    """Return first and total shares with loops over the cells."""
    cells = list(itertools.product(*map(range, levels)))
    value = dict(zip(cells, y, strict=True))

    def variance(rows):
        mean = sum(rows) / len(rows)
        return sum((r - mean) ** 2 for r in rows) / len(rows)

    def of(group):
        means = {}
        for c in cells:
            means.setdefault(tuple(c[k] for k in group), []).append(value[c])
        return variance([sum(v) / len(v) for v in means.values()])

    d, whole = range(len(levels)), variance(list(value.values()))
    return [of((k,)) / whole for k in d], [1 - of(tuple(x for x in d if x != k)) / whole for k in d]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.floats(-5, 5).map(lambda x: round(x, 3)), min_size=24, max_size=24))
def test_a_grid_against_a_plain_decomposition(values):
    y = np.array(values)
    points = points_of(THREE, [False] * 3, "grid")
    by_key, _ = found(points, "grid", y, (2, 3, 4))
    if np.ptp(y) < 1e-9:
        assert all(e.first is None and e.total is None for e in by_key.values())
        return
    first, total = plain_shares((2, 3, 4), values)
    assert [by_key[f"k{k}"].first.mean for k in range(3)] == pytest.approx(first, abs=1e-9)
    assert [by_key[f"k{k}"].total.mean for k in range(3)] == pytest.approx(total, abs=1e-9)


def test_ishigami():
    a, b = 7.0, 0.1
    points = points_of([Vary(k, -np.pi, np.pi) for k in "abc"], [False] * 3, "sobol", size=1024, seed=3)
    x, y, z = points.T
    by_key, order = found(points, "sobol", np.sin(x) + a * np.sin(y) ** 2 + b * z**4 * np.sin(x))
    v1, v2, v13 = 0.5 * (1 + b * np.pi**4 / 5) ** 2, a**2 / 8, b**2 * np.pi**8 * (1 / 18 - 1 / 50)
    whole = v1 + v2 + v13
    for k, (first, total) in enumerate([(v1, v1 + v13), (v2, v2), (0, v13)]):
        e = by_key[f"k{k}"]
        assert e.first.mean == pytest.approx(first / whole, abs=0.03)
        assert e.total.mean == pytest.approx(total / whole, abs=0.03)
        assert e.first.low <= first / whole <= e.first.high
        assert e.total.low <= e.total.mean <= e.total.high
        assert e.total.high - e.total.low > 0.01
    assert order[0].key == "k0"


def test_one_key_has_all_of_the_variance():
    points = points_of([Vary("a", 0, 1)], [False], "sobol", size=64)
    by_key, _ = found(points, "sobol", points[:, 0])
    assert found(points, "sobol", points[:, 0])[0] == by_key
    assert by_key["k0"].first.mean == pytest.approx(1, abs=0.05)
    assert by_key["k0"].total.mean == pytest.approx(1, abs=0.05)


def test_a_change_has_the_interval_of_its_draws():
    points = points_of([Vary("a", 0, 2, 3)], [False], "grid")
    slope = np.linspace(-1, 3, 41)
    by_draw = points * slope / 2
    by_key, _ = found(points, "grid", by_draw.mean(axis=1), (3,), by_draw)
    change = by_key["k0"].change
    assert change.mean == pytest.approx(1.0)
    assert (change.low, change.high) == pytest.approx(tuple(np.quantile(slope, [0.05, 0.95])))
    assert change.mc_error == pytest.approx(slope.std(ddof=1) / np.sqrt(41))
    narrow, _ = found(points, "grid", by_draw.mean(axis=1), (3,), by_draw, chance=True)
    assert narrow["k0"].change.high == pytest.approx(1 + 1.6448536 * slope.std(ddof=1) / np.sqrt(41))


def test_what_does_not_vary_has_no_shares_and_is_not_known_better_than_a_draw():
    points = points_of(THREE[:2], [False, False], "grid")
    by_key, _ = found(points, "grid", np.full(6, 0.25), (2, 3), least=0.01)
    assert all(e.first is None and e.total is None for e in by_key.values())
    assert by_key["k0"].change.mean == 0.0
    assert by_key["k0"].change.low == pytest.approx(-0.016448536)
    assert straight(points, np.full(6, 0.25)) is None


def test_points_without_the_quantity_are_left_out_and_there_are_no_shares():
    points = points_of(THREE[:2], [False, False], "grid")
    y = points[:, 1].copy()
    y[:3] = np.nan
    by_key, _ = found(points, "grid", y, (2, 3))
    assert by_key["k1"].change.mean == pytest.approx(1.0)
    assert by_key["k1"].total is None
    gone, _ = found(points, "grid", np.full(6, np.nan), (2, 3))
    assert gone["k0"].change is None
    assert gone["k0"].size == -1.0
    assert straight(points, np.full(6, np.nan)) is None


def test_a_latin_hypercube_is_one_and_has_no_shares():
    points = points_of([Vary("a", 0, 1), Vary("b", 2, 4)], [False, False], "lhs", size=20, seed=5)
    assert [sorted((points[:, k] - low) / span * 20 // 1) for k, low, span in ((0, 0, 1), (1, 2, 2))] == [
        list(range(20))
    ] * 2
    by_key, order = found(points, "lhs", points @ np.array([1.0, -3.0]))
    assert by_key["k1"].change.mean == pytest.approx(-6 * np.ptp(points[:, 1]) / 2)
    assert order[0].key == "k1"
    assert order[0].total is None


def test_sobol_points_are_saltellis_samples():
    points = points_of([Vary("a", 0, 1), Vary("b", 0, 1)], [False, True], "sobol", size=8, seed=2).reshape(4, 8, 2)
    a, b, first, second = points
    assert (first == np.stack([b[:, 0], a[:, 1]], axis=1)).all()
    assert (second == np.stack([a[:, 0], b[:, 1]], axis=1)).all()
    assert set(points[..., 1].ravel()) == {0.0, 1.0}


@pytest.mark.parametrize(
    ("design", "size", "varied", "words"),
    [
        ("square", None, THREE, "one of grid, lhs, sobol"), ("grid", 5, THREE, "none with a grid"), ("grid", None, [Vary("a", 0, 1)], "levels for a grid"),
        ("grid", None, [Vary(k, 0, 1, 999) for k in "abc"], "at most 1,000,000"), ("lhs", 1, THREE, "from 2"), ("sobol", 12, THREE, "power of 2"),
        ("sobol", 2**19, THREE, "at most 1,000,000 runs"),
    ],
)  # fmt: skip
def test_designs_that_cannot_be(design, size, varied, words):
    with pytest.raises(ParameterError, match=words):
        points_of(varied, [False] * len(varied), design, size=size)
