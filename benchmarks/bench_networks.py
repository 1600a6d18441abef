"""Network models: resampled pseudo-likelihood fits on the reference networks, and Gibbs sampling against its plain twin.

Needs the published data sets for the first: FOEDUS_REALDATA names their folder. The target is 20 s on one core for 1,000 resampled fits.
"""

import os
import time
from pathlib import Path

import numpy as np
import pytest

from foedus.estimate import multinomial
from foedus.formation.network import pair_rows
from foedus.formation.network_terms import parse_terms
from foedus.formation.tergm import tergm
from foedus.kernels.network_gibbs import gibbs, gibbs_reference
from foedus.studies.network_rows import REFERENCE, REFERENCE_LAGGED, reference_networks


@pytest.mark.parametrize("terms", [REFERENCE, REFERENCE_LAGGED], ids=["static", "lagged"])
def bench_thousand_sets_of_years(benchmark, terms):
    """1,000 resampled sets; the ratio to Newton's method on all rows of each stands in the extra information."""
    named = os.environ.get("FOEDUS_REALDATA")
    if not named:
        pytest.skip("needs the published data sets: FOEDUS_REALDATA is unset")
    networks = reference_networks(data_dir=Path(named))
    fit = benchmark.pedantic(tergm, args=(networks, terms), rounds=1)
    seconds = benchmark.stats.stats.mean
    rows = pair_rows(networks, parse_terms(terms), origin=1980)
    begin = time.perf_counter()
    multinomial.maximise(rows.x, rows.y, 2, np.ones(len(rows.y)), fit.coef[None])
    alone = 1000 * (time.perf_counter() - begin)
    benchmark.extra_info |= {"below 20 s": seconds < 20, "times faster": round(alone / seconds, 1)}
    assert (fit.n, len(fit.resampled)) == (267_320, 1000)


def bench_gibbs(benchmark):
    """200 sweeps over 60 nodes; the ratio to the plain twin stands in the extra information."""
    rng = np.random.default_rng(1)
    ties = np.triu(rng.random((60, 60)) < 0.05, 1).astype(np.uint8)
    given = (
        ties + ties.T,
        np.full((60, 60), -3.5),
        ~np.eye(60, dtype=bool),
        np.array([3]),
        np.array([0.8]),
        np.zeros(1),
    )
    seed, key = np.uint64(1), np.uint64(2)
    gibbs(*given, 0, 1, 1, seed, key)
    benchmark(lambda: gibbs(*given, 0, 1, 200, seed, key))
    begin = time.perf_counter()
    plain = gibbs_reference(*given, 0, 1, 1, seed, key)
    seconds = (time.perf_counter() - begin) * 200
    assert np.array_equal(plain[0], gibbs(*given, 0, 1, 1, seed, key)[0])
    benchmark.extra_info |= {"times faster": round(seconds / benchmark.stats.stats.mean)}
