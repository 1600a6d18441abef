"""Bins of forecasts against counts made one by one."""

import numpy as np
import pytest

from foedus.errors import ParameterError
from foedus.estimate.rate_bins import rate_bins


def test_bins_are_weighted_counts_and_their_intervals_hold_the_rate():
    rng = np.random.default_rng(1)
    p = np.concatenate([[0.0], np.exp(rng.uniform(np.log(1e-4), np.log(0.6), 3000))])
    y, w, year = (rng.random(3001) < p).astype(int), rng.uniform(0.5, 2, 3001), rng.integers(0, 40, 3001)
    made = rate_bins(y, p, cluster=year, weight=w, bins=5, draws=300)
    edges = np.geomspace(p[p > 0].min(), p.max(), 6)
    for k in range(5):
        inside = (p > edges[k] if k else p >= 0) & (p <= edges[k + 1] * (1 + 1e-12))
        assert made.n[k] == inside.sum()
        assert made.rate[k] == pytest.approx((w * y)[inside].sum() / w[inside].sum())
        assert made.forecast[k] == pytest.approx((w * p)[inside].sum() / w[inside].sum())
        assert made.low[k] <= made.rate[k] <= made.high[k]
    assert ((made.low <= made.forecast) & (made.forecast <= made.high)).sum() >= 4
    assert made.n.sum() == 3001


def test_a_bin_in_which_nothing_came_has_an_upper_end():
    made = rate_bins([0] * 50 + [1], [0.01] * 50 + [0.9], cluster=np.arange(51), bins=2, draws=50)
    assert made.rate[0] == made.low[0] == 0
    assert made.high[0] == pytest.approx(1 - 0.05 ** (1 / 50))


def test_what_has_no_bins_is_refused():
    for p, bins in (([0.0, 0.0], 3), ([0.1, 0.2], 0)):
        with pytest.raises(ParameterError, match="bins"):
            rate_bins([0, 1], p, cluster=[1, 2], bins=bins)
