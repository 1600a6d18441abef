"""Concentration by hand, and what holds for any strengths."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.errors import ParameterError
from foedus.kernels import shares
from foedus.power.concentration import concentration, p_win

STRENGTHS = st.lists(st.floats(0, 1e9), min_size=2, max_size=9).filter(lambda x: sum(x) > 1e-6)


@pytest.mark.parametrize(
    ("values", "con", "n_eff"),
    [
        ((1, 1, 1, 1), 0.0, 4.0),
        ((7, 0, 0), 1.0, 1.0),
        ((0.5, 0.5, 0, 0), 0.577350, 2.0),
        ((6, 3, 1), 0.435890, 1 / 0.46),
    ],
)
def test_hand_cases(values, con, n_eff):
    found = concentration(values)
    assert (found.con, found.n_eff, found.herfindahl) == pytest.approx((con, n_eff, 1 / n_eff), abs=1e-6)


def test_parity_and_ratio():
    found = concentration([6, 3, 1])
    assert (found.n, found.top, found.parity, found.ratio) == (
        3,
        pytest.approx(0.6),
        pytest.approx(0.5),
        pytest.approx(6.0),
    )
    assert concentration([1, 0]).ratio is None
    assert found.to_dict()["n"] == 3


def test_of_one_actor_con_and_parity_are_undefined():
    found = concentration([0.2])
    assert (found.con, found.parity, found.herfindahl, found.top) == (None, None, 1.0, 1.0)


@given(STRENGTHS, st.floats(0.01, 100))
def test_scale_and_order_do_not_matter_and_con_lies_between_its_ends(values, factor):
    found, other = concentration(values), concentration([v * factor for v in reversed(values)])
    assert other.con == pytest.approx(found.con, abs=1e-6)
    assert 0 <= found.con <= 1 + 1e-12
    assert 1 - 1e-9 <= found.n_eff <= found.n + 1e-9
    share = np.array(values) / sum(values)
    assert found.herfindahl == pytest.approx(sum(s * s for s in share.tolist()))


@pytest.mark.parametrize("values", [[], [[1.0, 2.0]], [np.nan, 1.0], [-1.0, 2.0], [0.0, 0.0], [np.inf, 1.0]])
def test_what_has_no_concentration_is_refused(values):
    with pytest.raises(ParameterError, match="strengths"):
        concentration(values)


def test_many_draws_at_once_and_nobody():
    draws = np.array([[0.5, 0.5, 0.0, 0.0], [1.0, 1.0, 1.0, 1.0], [0.0, 0.0, 0.0, 0.0]])
    assert shares.concentrations(draws) == pytest.approx([0.577350, 0.0, np.nan], abs=1e-6, nan_ok=True)
    assert np.isnan(shares.concentrations(np.ones((2, 1)))).all()


def test_the_naive_chance_is_the_share_of_two():
    assert p_win(3, 1) == pytest.approx(0.75)
    with pytest.raises(ParameterError, match="strengths"):
        p_win(0, 0)
