import dataclasses

import numpy as np
import pytest
from scipy.stats import binom, binomtest

from foedus.estimate.nested import Estimate, drawn, nested
from foedus.estimate.wilson import Z90


def test_interval_covers_input_uncertainty_not_chance_alone():
    rng = np.random.default_rng(0)
    p = rng.uniform(0.2, 0.8, 200)
    values = (rng.random((200, 50)) < p[:, None]).reshape(-1, 1)
    (e,) = nested(values, 50)
    assert e.mean == pytest.approx(0.5, abs=0.03)
    assert e.low == pytest.approx(0.23, abs=0.05)
    assert e.high == pytest.approx(0.77, abs=0.05)


def test_without_input_uncertainty_the_interval_is_that_of_simulation():
    rng = np.random.default_rng(1)
    (e,) = nested(rng.random((10_000, 1)) < 0.3, 50)
    assert e.high - e.low < 0.12
    assert e.mc_error == pytest.approx(np.sqrt(0.21 / 10_000), rel=0.05)


def test_never_a_zero_width_and_never_outside_the_unit():
    (e,) = nested(np.ones((500, 1)), 50)
    assert e.low < e.mean == e.high == 1
    (z,) = nested(np.zeros((500, 1)), 50)
    assert z.low == 0 < z.high


@pytest.mark.parametrize("hits", [0, 1, 3, 40, 199, 200])
def test_noise_alone_has_the_score_interval_of_scipy(hits):
    (e,) = nested((np.arange(200) < hits).astype(float)[:, None], 200)
    assert (e.low, e.high) == pytest.approx(tuple(binomtest(hits, 200).proportion_ci(0.9, "wilson")), abs=1e-12)


def test_what_hardly_ever_comes_is_covered_as_often_as_the_level_says():
    """On average over chances of 1 to 10 in 2,000, by the law of the number of hits; mean and normal quantile cover less."""
    hits = np.arange(40)
    ends = np.array([(e.low, e.high) for e in nested(np.arange(2000)[:, None] < hits, 2000)])
    normal = hits[:, None] / 2000 + Z90 * np.sqrt(np.maximum(hits, 1))[:, None] / 2000 * [-1, 1]

    def covered(ends):
        chances = np.linspace(5e-4, 5e-3, 200)[:, None]
        return (binom.pmf(hits, 2000, chances) * ((ends[:, 0] <= chances) & (chances <= ends[:, 1]))).sum(axis=1).mean()

    assert 0.895 < covered(ends) < 0.92
    assert covered(normal) < 0.88


def test_few_groups_fall_back_to_simulation_error_and_levels_widen():
    (a,) = nested(np.array([[0.0], [1.0]]), 50)
    assert 0 <= a.low < a.high <= 1
    values = np.random.default_rng(2).random((400, 1)) < 0.5
    narrow, wide = nested(values, 50, level=0.5)[0], nested(values, 50, level=0.99)[0]
    assert wide.low < narrow.low < narrow.high < wide.high


def test_numbers_beyond_the_unit_are_no_shares():
    for values in (np.tile([3.0, 5.0], 100), np.tile([-0.5, 0.5], 100), np.tile([0.5, 1.5], 100)):
        (e,) = nested(values[:, None], 50)
        assert e.low < values.mean() < e.high


def test_drawn_quantiles():
    e = drawn(np.linspace(0, 1, 1001))
    assert (e.mean, e.low, e.high) == pytest.approx((0.5, 0.05, 0.95))
    assert f"{e}" == "0.50 [0.05, 0.95]"
    assert e.to_dict()["mean"] == e.mean


def test_a_difference_that_happens_to_be_no_less_than_0_keeps_both_sides_of_its_interval():
    values = np.zeros((200, 1))
    values[7] = 1.0
    share, change = nested(values, 50)[0], nested(values, 50, shares=False)[0]
    assert 0.0 < share.low < share.mean
    assert change.low < 0.0 < change.high


def test_an_estimate_says_what_it_is_and_from_how_many_draws():
    simulated = nested(np.ones((500, 1)), 50, seed=7)[0]
    assert str(simulated) == "1.00 [0.99, 1.00] (90 %), simulated: 500 draws, seed 7"
    estimated = drawn(np.array([0.2, 0.4]), level=0.5)
    assert repr(estimated) == "<Estimate 0.30 [0.25, 0.35] (50 %), estimated: 2 draws>"
    bare = Estimate(3.0, 1.0, 5.0, 0.0)
    assert (str(bare), str(dataclasses.replace(bare, seed=1, draws=1))) == (
        "3.00 [1.00, 5.00], simulated",
        "3.00 [1.00, 5.00], simulated: 1 draw, seed 1",
    )
    assert bare == dataclasses.replace(bare, kind="estimated", draws=9, level=0.9), "how it was made is not compared"


@pytest.mark.parametrize(
    ("e", "text"),
    [
        (Estimate(0.421, 0.312, 0.553, 0.0), "0.42 [0.31, 0.55]"),
        (Estimate(0.00031, 0.00002, 0.0011, 0.0), "0.00031 [0.00002, 0.00110]"),
        (Estimate(-0.0000089, -0.0015, 0.0015, 0.0), "-0.00001 [-0.00150, 0.00150]"),
        (Estimate(0.001, -0.1, 0.1, 0.0), "0.00 [-0.10, 0.10]"),
        (Estimate(0.0, 0.0, 0.002, 0.0), "0.0000 [0.0000, 0.0020]"),
        (Estimate(0.0, 0.0, 0.0, 0.0), "0.00 [0.00, 0.00]"),
        (Estimate(float("nan"), float("nan"), float("nan"), 0.0), "nan [nan, nan]"),
    ],
)
def test_in_a_sentence_it_is_its_value_and_interval_and_never_rounds_to_nothing(e, text):
    assert f"{e}" == text
    assert f"{e:.3f}" == f"{e.mean:.3f} [{e.low:.3f}, {e.high:.3f}]"
