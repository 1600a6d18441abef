"""The interaction game of all directed pairs: two centuries, and one year beside plain loops in the same run.

Needs the published data sets: FOEDUS_REALDATA names their folder. The target for the two centuries is a minute on two cores.
"""

import os
import time
from pathlib import Path

import numpy as np
import pytest

from foedus.kernels.portfolios import alike
from foedus.kernels.prevail import chances
from foedus.studies.crisis_years import crisis_years

N = 40


@pytest.fixture(scope="module")
def folder():
    named = os.environ.get("FOEDUS_REALDATA")
    if not named:
        pytest.skip("needs the published data sets: FOEDUS_REALDATA is unset")
    return Path(named)


@pytest.mark.parametrize("workers", [1, 2])
def bench_two_centuries(benchmark, folder, workers):
    found = benchmark.pedantic(crisis_years, args=(1816, 2010, folder), kwargs={"workers": workers}, rounds=1)
    assert found.frame.height == 1_685_370


def plain_chances(k, s, r):
    n = len(r)
    out = np.full((n, n), np.nan)
    for i in range(n):
        for j in range(n):
            if i == j:
                continue
            plus = total = 0.0
            for x in range(n):
                lam = s[x, j] if x in (i, j) else max(s[x, i], s[x, j])
                d = k[x, i] - k[x, j]
                w = lam * d * np.exp(r[i] * d)
                plus, total = plus + max(w, 0.0), total + abs(w)
            out[i, j] = plus / total
    return out


def bench_chances_of_40_states_beside_plain_loops(benchmark):
    rng = np.random.default_rng(1)
    levels = np.triu(rng.choice([0, 0, 0, 1, 2, 3], size=(N, N)), 1)
    levels = levels + levels.T + 3 * np.eye(N, dtype=int)
    k, s, r = alike(levels), rng.uniform(0.001, 0.1, (N, N)), rng.uniform(-1, 1, N)
    chances(k, s, r)
    start = time.perf_counter()
    expected = plain_chances(k, s, r)
    plain = time.perf_counter() - start
    found = benchmark(chances, k, s, r)
    assert np.allclose(found[0], expected, equal_nan=True)
    ratio = plain / benchmark.stats.stats.median
    print(f"\n  plain loops take {ratio:.0f} times as long")
    benchmark.extra_info.update(ratio=ratio)
