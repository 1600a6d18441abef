"""Counter-alliances of two centuries; the exchange of dates against its plain twin.

Needs the published data sets: FOEDUS_REALDATA names their folder. The target is 60 s for all defence pacts since 1816 on two cores.
"""

import os
import time
from pathlib import Path

import numpy as np
import pytest

from foedus.kernels.counter_dates import orders, orders_reference
from foedus.studies.counter_pacts import counter_pacts


def bench_two_centuries(benchmark):
    """All defence pacts, both nulls, 499 orders, 500 resampled sets."""
    named = os.environ.get("FOEDUS_REALDATA")
    if not named:
        pytest.skip("needs the published data sets: FOEDUS_REALDATA is unset")
    found = benchmark.pedantic(counter_pacts, kwargs={"data_dir": Path(named)}, rounds=1)
    seconds = benchmark.stats.stats.mean
    benchmark.extra_info |= {
        "threatened": found.threatened,
        "comparisons": found.table().height,
        "below 60 s": seconds < 60,
    }
    assert found.rises[-1].pacts == 256


def bench_exchange_of_dates(benchmark):
    """499 orders of 250 signings in seven spans; the ratio to the plain twin stands in the extra information."""
    block = np.sort(np.arange(250) % 7)
    may = np.random.default_rng(1).random((250, 250)) < 0.8
    np.fill_diagonal(may, val=True)
    orders(block, may, 1, 1, 1, 1)
    benchmark(lambda: orders(block, may, 1, 1, 499, 20))
    begin = time.perf_counter()
    plain = orders_reference(block, may, 1, 1, 1, 20)
    seconds = (time.perf_counter() - begin) * 499
    assert np.array_equal(plain, orders(block, may, 1, 1, 1, 20))
    benchmark.extra_info |= {"times faster": round(seconds / benchmark.stats.stats.mean)}
