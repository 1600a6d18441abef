"""What `import foedus` and `foedus --help` load and how long they take: heavy libraries wait until an analysis needs them."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import time

import pytest

HEAVY = (
    "altair",
    "fastapi",
    "formulaic",
    "highspy",
    "jinja2",
    "numba",
    "pandas",
    "polars",
    "pyarrow",
    "pydantic",
    "rdata",
    "scipy.optimize",
    "sklearn",
    "statsmodels",
    "vl_convert",
    "xarray",
)
"""Modules that must not be loaded before an analysis asks for them."""

HELP = "import sys; sys.argv = ['foedus', '--help']; import foedus.cli; foedus.cli.main()"
needs_cli = pytest.mark.skipif(importlib.util.find_spec("foedus.cli") is None, reason="foedus.cli is not written yet")


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Return a finished Python process."""
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=True, timeout=60)


def loaded_after(code: str) -> set[str]:
    """Return the modules that are loaded when ``code`` has run or has left by ``SystemExit``."""
    listing = (
        "import sys\ntry:\n    exec({!r})\nexcept SystemExit:\n    pass\nsys.stderr.write('\\n'.join(sys.modules))"
    )
    return set(run("-c", listing.format(code)).stderr.split())


def best_time(limit: float, *arguments: str) -> float:
    """Return the shortest wall time in seconds of five fresh processes, or of up to twenty while a busy machine keeps them over ``limit``.

    One process more goes before them and fills the caches of compiled files.
    """
    run(*arguments)
    times: list[float] = []
    while len(times) < 5 or (min(times) >= limit and len(times) < 20):
        start = time.perf_counter()
        run(*arguments)
        times.append(time.perf_counter() - start)
    return min(times)


def test_import_loads_nothing_heavy():
    assert loaded_after("import foedus") & set(HEAVY) == set()


def test_import_is_fast():
    assert best_time(0.5, "-c", "import foedus") < 0.5


@needs_cli
def test_help_loads_nothing_heavy():
    assert loaded_after(HELP) & set(HEAVY) == set()


@needs_cli
def test_help_is_fast():
    assert best_time(0.3, "-m", "foedus", "--help") < 0.3


def test_the_probe_sees_what_is_loaded():
    assert "polars" in loaded_after("import polars; raise SystemExit")
