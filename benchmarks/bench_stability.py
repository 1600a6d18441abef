"""The stability audit of two centuries, and of one year against its plain twin, which walks over the same sums state by state.

Needs the published data sets: FOEDUS_REALDATA names their folder. The target is 60 s for 1816 to 2016 on two cores.
"""

import os
import time
from pathlib import Path

import numpy as np
import pytest

from foedus.kernels import vulnerability as kernel
from foedus.security.stability_years import stability_over_years


@pytest.fixture(scope="module")
def folder():
    named = os.environ.get("FOEDUS_REALDATA")
    if not named:
        pytest.skip("needs the published data sets: FOEDUS_REALDATA is unset")
    return Path(named)


def plain_ratios(m, g):
    """Return the critical gamma of each, by sets and sums: the strongest coalition round a hub is the hub with all its allies."""
    n = len(m)
    allies = [{k for k in range(n) if g[i][k]} for i in range(n)]
    out = []
    for i in range(n):
        best = 0.0
        for hub in range(n):
            if hub != i:
                c = (allies[hub] | {hub}) - {i}
                best = max(best, sum(m[k] for k in c) / (m[i] + sum(m[k] for k in allies[i] - c)))
        out.append(best)
    return out


def bench_two_centuries(benchmark, folder):
    """1816 to 2016, four gammas, 50 draws a year, every coalition, protector and condition."""
    found = benchmark.pedantic(stability_over_years, (1816, 2016), {"data_dir": folder}, rounds=1)
    seconds = benchmark.stats.stats.mean
    benchmark.extra_info |= {"years": len(found.dates), "rows": found.table().height, "below 60 s": seconds < 60}
    assert len(found.dates) == 201


def bench_two_centuries_reach_and_loyal(benchmark, folder):
    """The same, strength as far as it reaches and no attack on an ally."""
    benchmark.pedantic(stability_over_years, (1816, 2016), {"data_dir": folder, "reach": True, "loyal": True}, rounds=1)


@pytest.mark.parametrize("year", [1914, 1990])
def bench_critical_gamma_against_its_plain_twin(benchmark, folder, year):
    """Critical gamma of every state of one year; the ratio to the plain twin stands in the extra information."""
    one = stability_over_years(year, year, draws=1, gammas=[1.0], data_dir=folder).dates[0]
    within = np.ix_(one.known, one.known)
    m, g = one.strength[one.known], one.ties[within]
    v = np.tile(m, (len(m), 1))
    found = benchmark(lambda: kernel.ratio(kernel.odds(v, g)))
    begin = time.perf_counter()
    plain = plain_ratios(m.tolist(), g.tolist())
    seconds = time.perf_counter() - begin
    assert found == pytest.approx(plain)
    benchmark.extra_info |= {
        "states": len(m),
        "plain seconds": round(seconds, 3),
        "times faster": round(seconds / benchmark.stats.stats.mean),
    }
