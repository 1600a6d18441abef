"""The war engine against what one would write with networkx, on the same random numbers and with the same answers, in one run.

``make bench`` prints pytest-benchmark's table; `ratio` is the time of the twin a draw over that of the engine a draw, the least of each, on one core.
200 actors, 3,000 pledges; 13 others join on average, or most do.
"""

import os
import time
from pathlib import Path

import numpy as np
import pytest

from foedus.kernels import cascade
from foedus.scenario.read import load
from foedus.system.real import system
from foedus.war.simulate import war
from war_twin import FEW, MOST, System, instance

DRAWS = 2_000
TWIN = {"few": 20, "most": 3}
AIM = {"few": 100, "most": 40}


def shots(draws, n=200):
    rng = np.random.default_rng(0)
    a = rng.integers(0, n, draws)
    return a, (a + rng.integers(1, n, draws)) % n


def by_twin(system, a, b, draws):
    return [system.war(1, d, int(a[d]), int(b[d])) for d in range(draws)]


@pytest.mark.parametrize(("joiners", "constant"), [("few", FEW), ("most", MOST)])
def bench_war_of_200_actors(benchmark, joiners, constant):
    field, pledges = instance(200, 3000, constant=constant)
    a, b = shots(DRAWS)

    def run():
        return cascade.spread(np.uint64(1), 0, a, b, 50, 365.0, field, pledges, -1)

    found = run()
    benchmark.pedantic(run, rounds=5)
    twin, draws, seconds = System(field, pledges, 0), TWIN[joiners], []
    for _ in range(2):
        start = time.perf_counter()
        wars = by_twin(twin, a, b, draws)
        seconds.append((time.perf_counter() - start) / draws)
    for d, (side, day, _, _, _, _, won) in enumerate(wars):
        assert {x: int(found[0][d, x]) for x in np.flatnonzero(found[0][d])} == side
        assert all(found[5][d, x] == pytest.approx(t, rel=1e-5) for x, t in day.items())
        assert found[4][d] == won
    # the twin's draws are not the average of the engine's: both are timed on the same ones for the ratio
    few = tuple(x[:draws] for x in (a, b))
    same = []
    for _ in range(20):
        start = time.perf_counter()
        cascade.spread(np.uint64(1), 0, *few, 50, 365.0, field, pledges, -1)
        same.append((time.perf_counter() - start) / draws)
    ratio = min(seconds) / min(same)
    joined = float((found[0] > 0).sum(axis=1).mean() - 2)
    benchmark.extra_info |= {"joiners": joined, "twin_ms_a_draw": 1e3 * min(seconds), "ratio": ratio}
    print(
        f"\n{joined:.0f} of 200 join: engine {1e6 * min(same):.0f} µs a draw, twin {1e3 * min(seconds):.1f} ms, ratio {ratio:.0f}"
    )
    assert ratio >= AIM[joiners]


def bench_war_of_july_1914_a_million_draws(benchmark):
    """Needs the published data sets, else takes the bundled scenario."""
    folder = os.environ.get("FOEDUS_REALDATA")
    real = system("1914-07-28", data_dir=Path(folder)) if folder else load("europe-1914")
    war(real, "AUH", "SER", draws=100)
    found = benchmark.pedantic(
        war, args=(real, "AUH", "SER"), kwargs={"draws": 1_000_000, "workers": 2, "keep": 10_000}, rounds=2
    )
    assert found.draws == 1_000_000
