import numpy as np
import pytest
from scipy.stats import binom

from foedus.errors import DataError, ParameterError
from foedus.estimate.calibration import calibration, reliability


def drawn(n=20_000, seed=0, slope=1.0, shift=0.0):
    rng = np.random.default_rng(seed)
    eta = rng.normal(-2, 1.2, n)
    y = (rng.random(n) < 1 / (1 + np.exp(-(shift + slope * eta)))).astype(int)
    return y, 1 / (1 + np.exp(-eta))


@pytest.mark.parametrize(("slope", "shift"), [(1.0, 0.0), (0.5, 0.0), (1.6, 0.4)])
def test_finds_the_slope_that_was_put_in(slope, shift):
    made = calibration(*drawn(slope=slope, shift=shift), level=0.99)
    assert made.slope_interval[0] < slope < made.slope_interval[1]
    assert made.intercept_interval[0] < shift < made.intercept_interval[1]
    assert made.to_dict()["slope"] == made.slope


def test_ratio_and_clusters():
    y, p = drawn(n=400)
    once = calibration(y, p)
    assert once.ratio == pytest.approx(p.sum() / y.sum())
    copied = calibration(np.repeat(y, 9), np.repeat(p, 9), cluster=np.repeat(np.arange(400), 9))
    naive = calibration(np.repeat(y, 9), np.repeat(p, 9))
    width = once.slope_interval[1] - once.slope_interval[0]
    assert copied.slope == pytest.approx(once.slope)
    assert copied.slope_interval[1] - copied.slope_interval[0] == pytest.approx(width, rel=0.15)
    assert naive.slope_interval[1] - naive.slope_interval[0] == pytest.approx(width / 3, rel=1e-6)


def test_bins_hold_every_case_once_and_equal_forecasts_together():
    y, p = drawn(n=1000)
    p = np.round(p, 2).clip(0.01, 0.99)
    for spacing in ("quantile", "log"):
        made = reliability(y, p, bins=12, spacing=spacing)
        assert made.n.sum() == 1000
        assert made.events.sum() == y.sum()
        assert (made.n > 0).all()
        assert (made.low[1:] > made.high[:-1]).all()
        for k in range(len(made.n)):
            here = (p >= made.low[k]) & (p <= made.high[k])
            assert (made.n[k], made.events[k]) == (here.sum(), y[here].sum())
            assert made.forecast[k] == pytest.approx(p[here].mean())
            assert made.rate[k] == pytest.approx(y[here].mean())
    assert made.table().height == len(made.n)


def test_log_bins_part_rare_forecasts():
    p = np.geomspace(1e-5, 0.5, 1001)
    y = np.zeros(1001)
    made = reliability(y, p, bins=5, spacing="log")
    assert made.high[:-1] == pytest.approx(np.geomspace(1e-5, 0.5, 6)[1:-1], rel=0.03)
    assert np.ptp(made.n) <= 3
    assert reliability([0, 1, 0], [0.0, 0.5, 0.0], bins=3, spacing="log").n.tolist() == [2, 1]


def test_bands_hold_what_a_calibrated_forecast_does():
    y, p = drawn(n=50_000, seed=3)
    made = reliability(y, p, bins=100, level=0.9)
    assert made.outside <= 18  # of 100 bins, 10 are expected
    assert reliability(y, np.clip(1.6 * p, 0, 0.999), bins=100).outside > 40
    assert made.band_low == pytest.approx(binom.ppf(0.05, made.n, made.forecast) / made.n)
    wide = reliability(y, p, bins=100, level=0.99)
    assert (wide.band_low <= made.band_low).all()


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: calibration([0, 1], [0.0, 0.5]), ParameterError, "'p' parameter"),
        (lambda: calibration([0, 1], [0.5, 0.5]), ParameterError, "'p' parameter"),
        (lambda: calibration([0, 0], [0.4, 0.5]), DataError, "A class without rows"),
        (lambda: calibration([0, 1], [0.4, 0.5]), DataError, "separate"),
        (lambda: reliability([0], [0.1], bins=0), ParameterError, "bins"),
        (lambda: reliability([0], [0.1], level=1), ParameterError, "level"),
        (lambda: reliability([0], [0.1], spacing="even"), ParameterError, "'spacing' parameter"),
        (lambda: reliability([0], [0.0], spacing="log"), ParameterError, "no forecast above 0"),
    ],
)
def test_refusals(call, error, words):
    with pytest.raises(error, match=words):
        call()
