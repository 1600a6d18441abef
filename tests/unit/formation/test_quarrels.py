"""Terms of quarrels by hand, and the fits that come with foedus."""

from __future__ import annotations

import numpy as np
import pytest

from foedus.errors import ParameterError
from foedus.formation.quarrels import ATTACKER, QUARREL, STATE_TERMS, attacker_terms, quarrel_terms, shipped


def hand():
    """Return four states: A and B great and hostile, C allied to A and to B, D alone."""
    allied = np.zeros((4, 4), dtype=bool)
    for i, j in ((0, 2), (1, 2)):
        allied[i, j] = allied[j, i] = True
    age = np.full((4, 4), np.inf)
    age[0, 1] = age[1, 0] = 4.0
    age[0, 3] = age[3, 0] = 80.0
    land = np.zeros((4, 4), dtype=bool)
    land[0, 1] = land[1, 0] = True
    return quarrel_terms(
        log_share=np.log([0.4, 0.3, 0.2, 0.1]), regime=np.array([0.9, 0.2, 0.5, 0.5]), km=np.full((4, 4), 50.0), land=land,
        major=np.array([True, True, False, False]), allied=allied, dispute_age=age,
    )  # fmt: skip


def test_terms_by_hand():
    got = dict(zip(STATE_TERMS, hand()[0], strict=True))
    assert got["land"] == 1
    assert got["ln_km"] == pytest.approx(np.log(0.1))
    assert (got["major_one"], got["major_both"]) == (0, 1)
    assert got["parity"] == pytest.approx(np.log(0.75))
    assert got["size"] == pytest.approx(np.log(0.4))
    assert got["regime_weaker"] == pytest.approx(0.2)
    assert got["regime_gap"] == pytest.approx(0.7)
    assert got["common_allies"] == pytest.approx(np.log(2))
    assert got["allied_parity"] == pytest.approx(np.log(0.5 / 0.6) - np.log(0.75))
    assert (got["peace"], got["peace_2"], got["never"]) == (pytest.approx(0.4), pytest.approx(0.16), 0)
    old = dict(zip(STATE_TERMS, hand()[2], strict=True))
    assert (old["peace"], old["never"], old["major_one"]) == (5.0, 0.0, 1.0)
    friends = dict(zip(STATE_TERMS, hand()[1], strict=True))
    assert (friends["allied"], friends["never"]) == (1.0, 1.0)
    assert friends["allied_parity"] == pytest.approx(np.log(0.4 / 0.5) - np.log(0.5))


def test_who_begins_turns_with_the_pair():
    share, major, regime = np.log([0.6, 0.4]), np.array([True, False]), np.array([0.2, 0.7])
    one, two = (attacker_terms(share, major, regime, np.array([a]), np.array([b])) for a, b in ((0, 1), (1, 0)))
    assert one == pytest.approx(-two)
    assert one[0] == pytest.approx([np.log(1.5), 1.0, -0.5])


@pytest.mark.parametrize(("what", "terms"), [("disputes", QUARREL), ("wars", QUARREL), ("attacker", ATTACKER)])
def test_shipped_fits_have_their_terms(what, terms):
    fit = shipped(what)
    assert fit.terms == terms
    assert np.linalg.eigvalsh(fit.covariance).min() > 0


def test_peace_lowers_the_chance_of_both():
    for what in ("disputes", "wars"):
        coef = dict(zip(QUARREL, shipped(what).coef, strict=True))
        at = [
            sum(coef[f"peace{s}"] * (t / 10) ** k for k, s in ((1, ""), (2, "_2"), (3, "_3"))) for t in (0, 5, 10, 20)
        ]
        assert at[0] > at[1] > at[2] > at[3]


def test_another_fit_is_refused():
    with pytest.raises(ParameterError, match="disputes, wars or attacker"):
        shipped("peace")
