"""Similarity of all portfolios since 1816 beside plain Python on a slice, in the same run.

Needs the published data sets: FOEDUS_REALDATA names their folder. The plain twin takes every measure of the unweighted pairs of ten years, pair by
pair and state by state, tau-b by SciPy; the ratio printed is per pair and column.
"""

import os
import time
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import kendalltau

from foedus.data.store import DataDir
from foedus.kernels.similarity import MEASURES
from foedus.panel.portfolios import members_by_year, pledge_levels, portfolio_years
from foedus.power.similarity import similarity
from foedus.power.years import power_over_years

SLICE = range(1900, 1910)
SECONDS = 20.0


@pytest.fixture(scope="module")
def store():
    named = os.environ.get("FOEDUS_REALDATA")
    if not named:
        pytest.skip("needs the published data sets: FOEDUS_REALDATA is unset")
    return DataDir(Path(named))


def plain_pair(x, y):
    """Return every measure of one pair by its definition."""
    n = len(x)
    mine, theirs = ([v.count(k) / n for k in range(4)] for v in (x, y))
    pooled = [(p + q) / 2 for p, q in zip(mine, theirs, strict=True)]

    def corrected(p, q, gap):
        observed = sum(gap(a, b) for a, b in zip(x, y, strict=True)) / n
        expected = sum(p[a] * q[b] * gap(a, b) for a in range(4) for b in range(4))
        return 1 - observed / expected if expected > 1e-12 else float("nan")

    def quadratic(a, b):
        return ((a - b) / 3) ** 2

    def nominal(a, b):
        return float(a != b)

    s = 1 - 2 * sum(abs(a - b) / 3 for a, b in zip(x, y, strict=True)) / n
    expected = 1 - 2 * sum(mine[a] * theirs[b] * abs(a - b) / 3 for a in range(4) for b in range(4))
    return {
        "s_abs": s, "s_sq": 1 - 2 * sum(quadratic(a, b) for a, b in zip(x, y, strict=True)) / n, "kappa": corrected(mine, theirs, quadratic),
        "pi": corrected(pooled, pooled, quadratic), "tau_b": kendalltau(x, y).statistic, "s_excess": s - expected,
        "kappa_nominal": corrected(mine, theirs, nominal), "pi_nominal": corrected(pooled, pooled, nominal),
    }  # fmt: skip


def bench_similarity_of_all_pairs_and_years(benchmark, store):
    found = benchmark.pedantic(similarity, args=(1816, 2016), kwargs={"data_dir": store}, rounds=3, warmup_rounds=1)
    assert found.frame.height == 956_175
    columns = [m for m in found.measures if m.startswith("chiba_") and not m.endswith("_cinc")]
    assert columns == [f"chiba_{m}" for m in MEASURES]
    whole = benchmark.stats.stats.min / (found.frame.height * len(found.measures))
    ties = pledge_levels(store.table("atop5_1m"), 2018, "year", "chiba")
    members = {y: c for y, c in members_by_year(store.table("cow_states")).items() if y in SLICE}
    start, rows = time.perf_counter(), []
    for p in portfolio_years(ties, members):
        levels = p.levels.tolist()
        rows += [plain_pair(levels[i], levels[j]) for i in range(len(levels)) for j in range(i + 1, len(levels))]
    plain = (time.perf_counter() - start) / (len(rows) * len(MEASURES))
    ours = found.frame.filter(found.frame["year"].is_in(list(SLICE)))
    for m in MEASURES:
        mine = ours[f"chiba_{m}"].fill_null(float("nan")).to_numpy()
        assert np.allclose(mine, [r[m] for r in rows], atol=1e-9, equal_nan=True)
    benchmark.extra_info.update(ratio=plain / whole, columns=len(found.measures))
    print(f"\nsimilarity: {benchmark.stats.stats.min:.1f} s for {found.frame.height:,} pairs and years x {len(found.measures)} columns; "
          f"plain Python {plain / whole:,.0f} times slower a number ({len(rows):,} pairs)")  # fmt: skip
    assert benchmark.stats.stats.min < SECONDS


def bench_concentration_and_polarization_of_two_centuries(benchmark, store):
    found = benchmark.pedantic(
        power_over_years, args=(1816, 2016), kwargs={"data_dir": store}, rounds=3, warmup_rounds=1
    )
    assert found.frame.height == 201
