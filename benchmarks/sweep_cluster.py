"""A sweep on a Dask cluster of two workers that loses a worker, its client and its scheduler, against an undisturbed serial run.

    python benchmarks/sweep_cluster.py            # 10,000 runs; needs the extra dask

`lose_worker_and_client` and `lose_scheduler` return what happened; each needs the extra dask. Everything is on 127.0.0.1.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PATIENCE = 300.0


def command(out: Path, side: int, *more: str) -> list[str]:
    """Return a sweep of ``side`` squared points."""
    vary = [f"strengthen:{a}=0.5:2:{side}" for a in ("RUS", "GMY")]
    asked = [x for v in vary for x in ("--vary", v)]
    return [
        sys.executable,
        "-m",
        "foedus",
        "sweep",
        "europe-1914",
        *asked,
        "--draws",
        "200",
        "--out",
        str(out),
        "--json",
        *more,
    ]


def serial(out: Path, side: int) -> bytes:
    """Return the table of an undisturbed run in one process."""
    subprocess.run(command(out, side), check=True, stdout=subprocess.DEVNULL, timeout=PATIENCE)
    return (out / "sweep.parquet").read_bytes()


@contextmanager
def cluster(folder: Path) -> Iterator[tuple[str, subprocess.Popen[bytes], list[subprocess.Popen[bytes]]]]:
    """Start a scheduler and two workers; gives the address for ``--on`` and the processes."""
    folder.mkdir()
    file, started = folder / "scheduler.json", []

    def start(module: str, *options: str) -> subprocess.Popen[bytes]:
        with (folder / f"{len(started)}.log").open("wb") as log:
            one = subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.dask_{module}", "--scheduler-file", str(file), "--no-dashboard", *options],
                stdout=log, stderr=log, cwd=folder,
            )  # fmt: skip
        started.append(one)
        return one

    try:
        scheduler = start("scheduler", "--host", "127.0.0.1", "--port", "0")
        until(file.exists)
        workers = [start("worker", "--nthreads", "1", "--no-nanny", "--local-directory", str(folder)) for _ in range(2)]
        yield json.loads(file.read_text())["address"].replace("tcp://", "dask://"), scheduler, workers
    finally:
        for one in reversed(started):
            one.kill()
            one.wait()


def until(done: Callable[[], bool], worker: subprocess.Popen[bytes] | None = None) -> None:
    """Wait for something that a process does."""
    begun = time.monotonic()
    while not done():
        if time.monotonic() - begun > PATIENCE or (worker is not None and worker.poll() not in {None, 0}):
            raise TimeoutError
        time.sleep(0.02)


def chunks(out: Path) -> int:
    """Return the number of finished chunks."""
    return len(list((out / "chunks").glob("points-*.parquet")))


def lose_worker_and_client(folder: Path, side: int, chunk: int) -> tuple[int, bytes]:
    """Kill a worker a quarter through and the client half through, resume with other chunks; return chunks left by the client, and the table."""
    out, n = folder / "dask", -(-side * side // chunk)
    with cluster(folder / "first") as (address, _, workers):
        client = subprocess.Popen(command(out, side, "--on", address, "--chunk", str(chunk)), stdout=subprocess.DEVNULL)
        until(lambda: chunks(out) >= n // 4, client)
        os.kill(workers[0].pid, signal.SIGKILL)
        until(lambda: chunks(out) >= n // 2, client)
        client.kill()
        client.wait()
        left = chunks(out)
        subprocess.run(
            command(out, side, "--on", address, "--chunk", str(chunk + 3), "--resume"), check=True, stdout=subprocess.DEVNULL, timeout=PATIENCE
        )  # fmt: skip
    return left, (out / "sweep.parquet").read_bytes()


def lose_scheduler(folder: Path, side: int, chunk: int) -> tuple[int, str, int, bytes]:
    """Kill the scheduler a quarter through and finish here; return the client's exit code and message, chunks left by it, and the table."""
    out, n = folder / "lost", -(-side * side // chunk)
    with cluster(folder / "second") as (address, scheduler, _):
        client = subprocess.Popen(
            command(out, side, "--on", address, "--chunk", str(chunk)),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        until(lambda: chunks(out) >= n // 4, client)
        os.kill(scheduler.pid, signal.SIGKILL)
        told = client.communicate(timeout=PATIENCE)[1].decode()
        left = chunks(out)
    subprocess.run(command(out, side, "--resume"), check=True, stdout=subprocess.DEVNULL, timeout=PATIENCE)
    return client.returncode, told, left, (out / "sweep.parquet").read_bytes()


def main() -> None:
    """Run both with 10,000 points."""
    with tempfile.TemporaryDirectory() as name:
        folder, clock = Path(name), time.monotonic
        begun = clock()
        whole = serial(folder / "serial", 100)
        print(f"serial: 10,000 runs in {clock() - begun:.0f} s, {len(whole):,} bytes")
        begun = clock()
        left, table = lose_worker_and_client(folder, 100, 100)
        print(
            f"two Dask workers, one killed, client killed with {left} of 100 chunks kept, resumed: {clock() - begun:.0f} s, same: {table == whole}"
        )
        begun = clock()
        code, told, left, table = lose_scheduler(folder, 100, 100)
        print(
            f"scheduler killed: exit {code} with {left} of 100 chunks kept, finished here: {clock() - begun:.0f} s, same: {table == whole}"
        )
        print(told)


if __name__ == "__main__":
    main()
