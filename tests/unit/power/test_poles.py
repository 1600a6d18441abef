"""Poles and polarization by hand, and the limits."""

from __future__ import annotations

import numpy as np
import pytest

from foedus.errors import ParameterError
from foedus.power.poles import bipolar, pact_blocs, polarity, poles_of

APART = 3 * np.eye(4, dtype=np.int8)


def test_poles_have_a_tenth_of_all_and_two_hold_half():
    assert poles_of([0.05, 0.5, 0.45]) == (1, 2)
    assert poles_of([1.0] * 20) == ()
    assert poles_of([1.0] * 10) == tuple(range(10))
    assert poles_of([3, 1], threshold=0.5) == (0,)
    assert (bipolar([1, 1, 1, 1]), bipolar([3, 2, 1, 1]), bipolar([1.0])) == (False, True, None)
    for threshold in (0, 1.5, True, "x"):
        with pytest.raises(ParameterError, match="pole"):
            poles_of([1, 2], threshold=threshold)


def test_blocs_of_pledges():
    levels = APART.copy()
    levels[0, 2] = levels[2, 0] = 3
    levels[1, 3] = levels[3, 1] = 1
    bloc, value = pact_blocs(levels)
    assert bloc.tolist() == [0, 1, 0, 1]
    # Inside both, 1 less (6 / 8) ** 2 + (2 / 8) ** 2.
    assert value == pytest.approx(1 - 0.75**2 - 0.25**2)
    many, unsought = pact_blocs(3 * np.eye(11, dtype=np.int8))
    assert set(many.tolist()) == {-1}
    assert np.isnan(unsought)


def test_two_camps_by_hand():
    """Four equal powers in two pairs, nobody else: unlike on all four, so at distance 1 and wholly polarised."""
    levels = APART.copy()
    for a, b in ((0, 1), (2, 3)):
        levels[a, b] = levels[b, a] = 3
    found = polarity(np.full((1, 4), 0.25), np.arange(4), levels)
    assert found.polarization == pytest.approx([1.0])
    assert (found.poles[0], found.bloc_poles[0], found.top_two[0], found.bloc_top_two[0]) == (4, 2, 0.5, 1.0)
    assert (found.con[0], found.n_eff[0], found.parity[0], found.modularity) == pytest.approx((0.0, 4.0, 1.0, 0.5))
    row = found.row()
    assert "con_low" not in row
    assert row["poles"] == 4
    assert isinstance(row["poles"], int)


def test_all_allies_are_not_polarised():
    found = polarity(np.full((1, 4), 0.25), np.arange(4), np.full((4, 4), 3, dtype=np.int8))
    assert found.polarization == pytest.approx([0.0])
    assert (found.modularity, found.bloc.tolist(), found.row()["bloc_top_two"]) == (0.0, [0, 0, 0, 0], None)


def test_great_powers_among_others_and_draws():
    power = np.array([[0.3, 0.2, 0.5, np.nan], [0.2, 0.3, 0.5, np.nan]])
    row = polarity(power, np.array([0, 1]), APART, threshold=0.25).row()
    assert (row["poles"], row["poles_low"], row["top_two"]) == (1.0, 1.0, 1.0)
    assert row["con"] == pytest.approx(0.2)
    assert row["con_low"] == pytest.approx(0.2)
    assert row["parity"] == pytest.approx(2 / 3)


def test_one_great_power_or_none_leaves_the_undefined_unknown():
    one = polarity(np.full((1, 4), 0.25), np.array([2]), APART).row()
    assert (one["con"], one["top_two"], one["parity"], one["n_eff"], one["polarization"]) == (
        None,
        None,
        None,
        1.0,
        0.0,
    )
    none = polarity(np.full((1, 4), 0.25), np.array([], dtype=int), APART).row()
    assert (none["top"], none["n_eff"], none["polarization"], none["poles"]) == (None, None, None, 0)
    assert polarity(np.full((1, 11), 1.0), np.arange(11), 3 * np.eye(11, dtype=np.int8)).row()["modularity"] is None
