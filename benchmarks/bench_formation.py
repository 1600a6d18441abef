"""The fits of pact ties, rows included: about a million pair-years 1816-2015. The target is a minute on two cores.

Needs the published data sets: FOEDUS_REALDATA names their folder. Beside it, in the same run, one row of terms at a time by plain loops.
"""

import os
import time
from pathlib import Path

import numpy as np
import pytest

from foedus.formation.ties import tie_terms
from foedus.studies.tie_fit import fit_all
from foedus.studies.tie_rows import tie_rows


def bench_rows_and_fits(benchmark):
    named = os.environ.get("FOEDUS_REALDATA")
    if not named:
        pytest.skip("needs the published data sets: FOEDUS_REALDATA is unset")

    def whole():
        rows = tie_rows(data_dir=Path(named))
        return rows, fit_all(*rows)

    rows, fits = benchmark.pedantic(whole, rounds=1)
    assert len(rows[0].y) + len(rows[1].y) == 917_300
    assert set(fits) == {"form", "end"}


def plain_shared(allied):
    """Return ln(1 + common allies) of all pairs, by loops."""
    n = len(allied)
    return np.array(
        [np.log1p(sum(allied[i, k] and allied[j, k] for k in range(n))) for i in range(n) for j in range(i + 1, n)]
    )


def bench_terms_of_150_states_beside_plain_loops(benchmark):
    rng, n = np.random.default_rng(1), 150
    both = np.triu(rng.random((n, n)) < 0.1, 1)
    allied = both | both.T
    world = {
        "capability": rng.random(n), "regime": rng.random(n), "distance_km": np.full((n, n), 1000.0), "land": allied, "major": rng.random(n) < 0.1,
        "allied": allied, "dispute_age": np.full((n, n), np.inf), "tie_age": np.full((n, n), np.inf), "year": 1990,
    }  # fmt: skip
    start = time.perf_counter()
    expected = plain_shared(allied)
    plain = time.perf_counter() - start
    form, _ = benchmark(tie_terms, **world)
    assert np.allclose(form[:, 13], expected, atol=1e-5)
    ratio = plain / benchmark.stats.stats.median
    print(f"\n  plain loops for one of the terms take {ratio:.0f} times as long as all of them")
    benchmark.extra_info.update(ratio=ratio)
