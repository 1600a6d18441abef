"""The debate on deterrence: every combination of its choices fitted on two centuries of pairs."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from foedus.studies.debate import debate


def bench_every_design(benchmark):
    """All 192 combinations, the published designs and their variants, in under a minute."""
    named = os.environ.get("FOEDUS_REALDATA")
    if not named:
        pytest.skip("needs the published data sets: FOEDUS_REALDATA is unset")
    found = benchmark.pedantic(debate, kwargs={"data_dir": Path(named)}, rounds=1)
    seconds = benchmark.stats.stats.mean
    benchmark.extra_info |= {"rows": found.n, "designs": len(found.universes), "below 60 s": seconds < 60}
    assert len(found.universes) == 192
