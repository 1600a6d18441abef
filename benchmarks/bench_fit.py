"""A formation model of a million pairs by year, by the command itself, and its fit against statsmodels' in the same run.

Needs the published data sets: FOEDUS_REALDATA names their folder.
"""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from foedus.estimate.logit import logit_arrays

FORMULA = "pact_onset ~ lag(cinc_ratio) + lag(rivalry) + contiguous + major + cubic(peace_years) + log(distance + 1)"
RUN = (
    "import re, sys; from pathlib import Path; from foedus.cli import main\n"
    "try: main(sys.argv[1:])\n"
    "except SystemExit as end: assert not end.code, end.code\n"
    "finally: sys.stderr.write(re.search(r'VmHWM:\\s*(\\d+)', Path('/proc/self/status').read_text())[1])"
)


@pytest.fixture(scope="module")
def folder():
    named = os.environ.get("FOEDUS_REALDATA")
    if not named:
        pytest.skip("needs the published data sets: FOEDUS_REALDATA is unset")
    return Path(named)


@pytest.fixture(scope="module")
def rows():
    """Return a million rows with a rare event and eight terms."""
    rng = np.random.default_rng(1)
    x = np.column_stack([np.ones(1_000_000), rng.normal(size=(1_000_000, 7))])
    y = (rng.random(1_000_000) < 1 / (1 + np.exp(5 - x[:, 1:4].sum(axis=1) / 2))).astype(int)
    return x, y


def bench_formation_since_1816_by_the_command(benchmark, folder):
    """Build, fit, cluster, first differences: everything that the command does, in a process of its own."""

    def run():
        argv = ["fit", FORMULA, "--errors", "cluster,dyadic", "--json", "--data-dir", str(folder)]
        done = subprocess.run([sys.executable, "-c", RUN, *argv], check=True, capture_output=True, text=True)
        return json.loads(done.stdout), int(re.findall(r"\d+", done.stderr)[-1]) // 1024

    out, peak = benchmark.pedantic(run, rounds=1, warmup_rounds=1)
    benchmark.extra_info.update(given=out["given"], fitted=out["n"], events=out["events"], peak_mib=peak)
    print(f"\n{out['given']:,} rows, {out['n']:,} fitted, {out['events']:,} events, peak {peak} MiB")
    assert out["given"] > 950_000
    assert benchmark.stats.stats.max < 60


def bench_a_million_rows_against_statsmodels(benchmark, rows):
    from statsmodels.discrete.discrete_model import Logit

    x, y = rows
    fit = benchmark.pedantic(logit_arrays, args=(x, y), kwargs={"errors": "robust"}, rounds=3, warmup_rounds=1)
    start = time.perf_counter()
    theirs = Logit(y, x).fit(disp=0, cov_type="HC0")
    reference = time.perf_counter() - start
    assert fit.coef[0] == pytest.approx(theirs.params, abs=1e-6)
    assert fit.standard_errors()[0] == pytest.approx(theirs.bse, rel=1e-4)
    ratio = reference / benchmark.stats.stats.min
    benchmark.extra_info["statsmodels_over_ours"] = ratio
    print(f"\nstatsmodels {reference:.2f} s, ours {benchmark.stats.stats.min:.2f} s: {ratio:.1f} times")


def bench_a_million_rows_with_firths_penalty(benchmark, rows):
    x, y = rows
    fit = benchmark.pedantic(logit_arrays, args=(x, y), kwargs={"penalty": "firth"}, rounds=1, warmup_rounds=0)
    assert fit.converged
