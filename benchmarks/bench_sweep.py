"""Sweeps: overhead of a point against a bare loop over the same wars in the same run, and how a sweep scales over processes.

The loop edits the system and simulates, nothing else. Ratios of times on one machine; ``sweep_cluster.py`` loses workers of a Dask cluster.
"""

import time

import pytest

import foedus as fd

SIDE, DRAWS = 10, 500
VARY = [f"strengthen:{a}=0.5:2:{SIDE}" for a in ("RUS", "GMY")]
AIM_OVERHEAD = 2.5


def looped(s, points, draws):
    """Return the seconds of the bare loop."""
    begun = time.perf_counter()
    for rus, gmy in points:
        s.edit().strengthen("RUS", rus).strengthen("GMY", gmy).system.war("AUH", "SER", draws=draws, seed=1, keep=1)
    return time.perf_counter() - begun


@pytest.mark.parametrize("kept", [False, True])
def bench_overhead_of_a_point(benchmark, kept, tmp_path):
    s, n = fd.load("europe-1914"), [0]
    points = fd.sweep(s, VARY, draws=DRAWS).points

    def run():
        n[0] += 1
        return fd.sweep(s, VARY, draws=DRAWS, out=tmp_path / str(n[0]) if kept else None)

    loop = min(looped(s, points, DRAWS) for _ in range(3))
    benchmark.pedantic(run, rounds=3)
    best = benchmark.stats.stats.min
    each = 1e3 / len(points)
    benchmark.extra_info |= {
        "loop_ms_a_point": round(loop * each, 2), "sweep_ms_a_point": round(best * each, 2), "ratio": round(best / loop, 2), "aim": AIM_OVERHEAD
    }  # fmt: skip
    assert best < AIM_OVERHEAD * loop


@pytest.mark.parametrize("processes", [1, 2])
def bench_scaling_over_processes(benchmark, processes):
    s, draws = fd.load("europe-1914"), 10_000
    points = fd.sweep(s, VARY, draws=DRAWS).points
    loop = looped(s, points, draws)
    benchmark.pedantic(lambda: fd.sweep(s, VARY, draws=draws, on=processes), rounds=1)
    benchmark.extra_info |= {
        "loop_seconds": round(loop, 1),
        "times_as_fast_as_the_loop": round(loop / benchmark.stats.stats.min, 2),
    }
