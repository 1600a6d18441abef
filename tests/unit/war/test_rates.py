import numpy as np

from foedus.kernels.cascade import CUTS, RATE_TERMS
from foedus.war.rates import BOUND, ENTRY, Fitted, frailty, shipped


def test_draws_spread_by_the_covariance_and_begin_alike():
    fit = Fitted(("a", "b"), np.array([1.0, -2.0]), np.array([[0.25, 0.1], [0.1, 1.0]]))
    many, few = fit.draw("x", 4000, 1), fit.draw("x", 100, 1)
    assert np.array_equal(many["a"][:100], few["a"])
    both = np.stack([many["a"], many["b"]])
    np.testing.assert_allclose(both.mean(axis=1), [1, -2], atol=0.05)
    np.testing.assert_allclose(np.cov(both), fit.covariance, atol=0.08)


def test_eras_and_ages_of_pledges_are_folded_in():
    rates, year = shipped(), {}
    for y in (1900, 1913, 1914, 1945, 1946, 1989, 1990):
        year[y] = rates.draw(50, 1, y)
    entry = rates.entry.draw("spread", 50, 1)
    for first in (1914, 1946, 1990):
        step = year[first].theta[:, 0] - year[first - 1].theta[:, 0]
        np.testing.assert_allclose(step, entry[f"since_{first}"], err_msg=f"{first} is of the later era")
    np.testing.assert_allclose(year[1946].bound[:, 0] - year[1945].bound[:, 0], entry["bound_since_1946"])
    assert np.array_equal(year[1913].theta, year[1900].theta)
    assert year[1900].theta.shape == (50, len(RATE_TERMS))
    assert (year[1900].base[:, 0] == 0).all()
    assert year[1900].base.shape == year[1900].leave_base.shape == year[1900].end_base.shape == (50, len(CUTS))


def test_what_ships_reads_as_it_should():
    coef = dict(zip(ENTRY, shipped().entry.coef, strict=True))
    assert set(BOUND) < set(coef)
    assert coef["attraction"] > coef["hostility"] > 0
    assert coef["bound"] > 0
    assert coef["stay_out"] < 0
    assert coef["day_730"] < coef["day_30"] < 0


def test_the_factor_that_a_war_s_rates_share_has_mean_one_and_the_variance_asked_for():
    for variance in (0.5, 3.8):
        values = frailty(variance)
        assert abs(values.mean() - 1) < 1e-12
        assert abs(values.var() / variance - 1) < 0.05
        assert (np.diff(values) > 0).all()
    assert (frailty(0.0) == 1).all()
