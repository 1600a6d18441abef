"""A real Dask cluster of two workers on this machine loses one, and then its client: the run resumed has the bytes of a serial one."""

from __future__ import annotations

from sweep_cluster import lose_worker_and_client

import foedus as fd
from foedus.studies.sweep import sweep


def test_a_worker_and_the_client_are_killed(tmp_path):
    vary = [f"strengthen:{a}=0.5:2:5" for a in ("RUS", "GMY")]
    sweep(fd.load("europe-1914"), vary, draws=200, out=tmp_path / "serial")
    left, table = lose_worker_and_client(tmp_path, 5, 2)
    assert 6 <= left <= 13
    assert table == (tmp_path / "serial" / "sweep.parquet").read_bytes()
