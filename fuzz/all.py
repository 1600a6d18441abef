"""Fuzz every target for its share of the minutes: ``python -m fuzz.all [MINUTES [TARGET ...]]``; ``make fuzz`` calls it.

New inputs that reach new code are merged into the corpus at the end, the smallest that do; inputs that break the contract go to ``crashes/`` and
make the exit code 1. A target goes on after a crash as long as its time lasts.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

from fuzz.seeds import CORPUS, write
from fuzz.targets import names

HERE = Path(__file__).parent
WORK, CRASHES = HERE / "tried", HERE / "crashes"
SECONDS, MEGABYTES, LONGEST = 10, 2_048, 4_096
"""For one input: its time, memory with what the libraries take, and bytes."""
KEPT, LARGEST = 40, 2_048
"""Inputs of a target that the corpus gets from a run, and bytes of one; seeds and crashes that were mended come on top."""


def main() -> int:
    """Return 1 where an input broke the contract."""
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    chosen = sys.argv[2:] or list(names())
    write()
    CRASHES.mkdir(exist_ok=True)
    bad = 0
    print(f"{len(chosen)} targets, {60 * minutes / len(chosen):.0f} s each")
    for name in chosen:
        runs, edges, crashes = _fuzzed(name, 60 * minutes / len(chosen))
        bad += crashes
        print(
            f"{name:14} {runs:9,} runs, {edges:5,} edges, {crashes} crashes, {_merged(name)} new inputs kept",
            flush=True,
        )
    return 1 if bad else 0


def _fuzzed(name: str, seconds: float) -> tuple[int, int, int]:
    """Return how often a target was run, the edges of code that were reached, and the crashes."""
    work = WORK / name
    work.mkdir(parents=True, exist_ok=True)
    end, runs, edges, crashes = time.monotonic() + seconds, 0, 0, 0
    while (left := end - time.monotonic()) >= 1 and crashes < 5:
        said = _run(
            name, f"-max_total_time={left:.0f}", f"-timeout={SECONDS}", f"-rss_limit_mb={MEGABYTES}", f"-max_len={LONGEST}", "-print_final_stats=1",
            f"-artifact_prefix={CRASHES}/{name}-", str(work), str(CORPUS / name),
        )  # fmt: skip
        runs += max((int(x) for x in re.findall(r"^#(\d+)", said.stderr, re.MULTILINE)), default=0)
        edges = max([edges, *(int(x) for x in re.findall(r"cov: (\d+)", said.stderr))])
        if said.returncode:
            crashes += 1
            (CRASHES / f"{name}-{crashes}.log").write_text(said.stderr[-20_000:], encoding="utf-8")
    return runs, edges, crashes


def _merged(name: str) -> int:
    """Return how many inputs of a run were added to the corpus: small ones that reach what it does not."""
    best = WORK / f"{name}.merged"
    shutil.rmtree(best, ignore_errors=True)
    shutil.copytree(CORPUS / name, best)
    _run(name, "-merge=1", f"-timeout={SECONDS}", f"-rss_limit_mb={MEGABYTES}", str(best), str(WORK / name))
    there = {p.name for p in (CORPUS / name).iterdir()}
    new = sorted(
        (p for p in best.iterdir() if p.name not in there and p.stat().st_size <= LARGEST),
        key=lambda p: p.stat().st_size,
    )
    for path in new[: max(0, KEPT - len(there))]:
        data = path.read_bytes()
        (CORPUS / name / hashlib.sha1(data, usedforsecurity=False).hexdigest()).write_bytes(data)
    shutil.rmtree(best)
    return len(new[: max(0, KEPT - len(there))])


def _run(name: str, *options: str) -> subprocess.CompletedProcess[str]:
    """Run the fuzzer of one target."""
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE.parent), os.environ.get("PYTHONPATH", "")]), "OPENBLAS_NUM_THREADS": "1",
           "POLARS_MAX_THREADS": "1", "FOEDUS_DATA": str(WORK / "none"), "FOEDUS_CACHE": str(WORK / "cache")}  # fmt: skip
    command = [sys.executable, "-m", "fuzz.run", name, *options]
    return subprocess.run(
        command, cwd=HERE.parent, env=env, capture_output=True, text=True, errors="replace", check=False
    )


if __name__ == "__main__":
    sys.exit(main())
