"""Poles, concentration and polarization against numbers worked out by hand, and modularity against its definition."""

import numpy as np
import pytest

from foedus.blocs.polarity import esteban_ray, modularity, polarity

TIE_I, TIE_J = np.array([0, 2, 0, 1]), np.array([1, 3, 2, 3])
W = np.array([2.0, 1.0, -3.0, -1.0])
BLOC = np.array([0, 0, 1, 1])


def test_poles_of_a_system_of_two_giants():
    power = np.array([0.5, 0.3, 0.12, 0.08])
    found = polarity(power, np.array([True, True, True, False]), TIE_I, TIE_J, W, BLOC)
    assert found.poles == (0, 1, 2)
    assert found.top_two == pytest.approx(0.8 / 0.92)
    assert found.bipolar is True
    assert found.bloc_share == pytest.approx({0: 0.8, 1: 0.2})
    assert found.bloc_poles == 2
    s = np.array([0.5, 0.3, 0.12]) / 0.92
    assert found.concentration == pytest.approx(np.sqrt(((s**2).sum() - 1 / 3) / (2 / 3)))


def test_four_equal_powers_are_not_bipolar_and_one_power_has_no_polarity():
    quarter = np.full(4, 0.25)
    assert polarity(quarter, np.ones(4, dtype=bool), TIE_I, TIE_J, W, BLOC).bipolar is False
    alone = polarity(quarter, np.array([True, False, False, False]), TIE_I, TIE_J, W, BLOC)
    assert (alone.top_two, alone.bipolar, alone.concentration) == (None, None, None)


def test_polarization_grows_with_equality_and_enmity():
    even, odd = np.full(4, 0.25), np.array([0.4, 0.4, 0.1, 0.1])
    assert esteban_ray(even, TIE_I, TIE_J, W, BLOC) == pytest.approx(1.0)
    assert 0 < esteban_ray(odd, TIE_I, TIE_J, W, BLOC) < 1
    mixed = np.array([2.0, 1.0, -3.0, 1.0])
    assert esteban_ray(even, TIE_I, TIE_J, mixed, BLOC) == pytest.approx(0.75)
    assert esteban_ray(even, TIE_I, TIE_J, W, np.zeros(4, dtype=int)) == 0.0
    assert esteban_ray(even, TIE_I, TIE_J, W, np.full(4, -1)) == 0.0


def test_polarization_by_its_sum_for_three_blocs_and_one_outside():
    power = np.array([0.3, 0.2, 0.4, 0.1])
    bloc = np.array([0, 1, 2, -1])
    i, j, w = np.array([0, 0, 1, 0]), np.array([1, 2, 2, 3]), np.array([-1.0, 1.0, -2.0, -5.0])
    s, d = power[:3] / 0.9, {(0, 1): 1.0, (0, 2): 0.0, (1, 2): 1.0}
    by_hand = 2**2.3 * sum((s[a] ** 2.3 * s[b] + s[b] ** 2.3 * s[a]) * x for (a, b), x in d.items())
    assert esteban_ray(power, i, j, w, bloc) == pytest.approx(by_hand)


@pytest.mark.parametrize("seed", range(4))
def test_modularity_is_its_double_sum(seed):
    rng = np.random.default_rng(seed)
    n = 7
    i, j = np.triu_indices(n, 1)
    w = rng.normal(size=len(i)) * (rng.random(len(i)) < 0.7)
    bloc = rng.integers(-1, 3, n)
    own = np.where(bloc < 0, 100 + np.arange(n), bloc)
    a = np.zeros((n, n))
    a[i, j] = a[j, i] = w
    plus, minus = np.maximum(a, 0), np.maximum(-a, 0)
    total = 0.0
    for x in range(n):
        for y in range(n):
            if own[x] == own[y]:
                total += (
                    a[x, y] - plus[x].sum() * plus[y].sum() / plus.sum() + minus[x].sum() * minus[y].sum() / minus.sum()
                )
    assert modularity(n, i, j, w, bloc) == pytest.approx(total / np.abs(a).sum())


def test_modularity_without_ties_or_with_friends_only():
    nothing = np.zeros(0, dtype=int)
    assert modularity(3, nothing, nothing, np.zeros(0), np.array([-1, -1, -1])) == 0.0
    assert modularity(2, np.array([0]), np.array([1]), np.array([1.0]), np.array([0, 0])) == 0.0
