"""What the studio holds does not grow while it is asked; `benchmarks/soak_studio.py` does the same for minutes."""

from pathlib import Path

import pytest
from soak_studio import CLIENTS, soak

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc")


def test_memory_files_threads_and_workers_stay(tmp_path):
    samples, last, count, wrong = soak(4, tmp_path, rest=0.1)
    assert wrong == []
    assert set(count) == {kind.__name__ for kind in CLIENTS}
    half = len(samples) // 2
    early, late = ({k: max(s[k] for s in part) for k in last} for part in (samples[:half], samples[half:]))
    assert late["server MB"] < early["server MB"] + 25
    assert late["workers MB"] < early["workers MB"] + 120
    assert late["workers"] == last["workers"] == 2
    assert last["files"] <= min(s["files"] for s in samples)
    assert last["threads"] <= early["threads"] + 2
    assert late["worker files"] <= early["worker files"]
    assert last["temp"] == 0
    assert last["saved"] <= 1 + 3 * 2  # the lock, and at most runs that were going on when the clients left
