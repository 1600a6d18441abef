"""The studio under load: a real server in a process of its own, 200 clients that read, ask and start runs for a minute, on the cores of this machine.

``make bench`` prints pytest-benchmark's table with, beside, requests, errors and the percentiles of reads in milliseconds. A client rests half
a second on average between two requests, as a busy reader does; ``FOEDUS_BENCH_REST=0`` lets none of them rest. Reads are the page, the lists and
answers that are held; asks are questions that a worker must answer first. Clients and server share the machine.
"""

import asyncio
import contextlib
import json
import os
import random
import subprocess
import sys
import time

import numpy as np

CLIENTS, SECONDS = 200, float(os.environ.get("FOEDUS_BENCH_SECONDS", "60"))
REST = float(os.environ.get("FOEDUS_BENCH_REST", "0.5"))
RUNNERS = 10
"""Clients that start runs, each after its last one has ended."""
P95 = 200.0
"""Aim for reads, in milliseconds."""
READS = [
    ("GET", "/", None), ("GET", "/app.css", None), ("GET", "/api/about", None), ("GET", "/api/systems", None), ("GET", "/api/runs", None),
    ("GET", "/api/scenarios", None), ("GET", "/api/search?q=ser&in=europe-1914", None),
    ("POST", "/api/ask/blocs", {"in": "europe-1914", "draws": 50}), ("POST", "/api/ask/blocs", {"in": "middle-east-2019", "draws": 50}),
    ("POST", "/api/ask/system", {"in": "europe-1914"}),
]  # fmt: skip
SHOT = {"in": "europe-1914", "attacker": "AUH", "target": "SER", "draws": 100}


class Client:
    """One connection that is kept, as a browser keeps it."""

    def __init__(self, port):
        self.port = port
        self.pair = None

    async def ask(self, method, path, body=None):
        """Return status and body."""
        text = json.dumps(body).encode() if body is not None else b""
        head = f"{method} {path} HTTP/1.1\r\nhost: 127.0.0.1:{self.port}\r\n"
        if body is not None:
            head += f"content-type: application/json\r\ncontent-length: {len(text)}\r\n"
        for last in (False, True):
            fresh = self.pair is None
            try:
                if fresh:
                    self.pair = await asyncio.open_connection("127.0.0.1", self.port)
                reader, writer = self.pair
                writer.write(head.encode() + b"\r\n" + text)
                return await self._reply(reader)
            except (asyncio.IncompleteReadError, ConnectionError):
                self.close()
                if last or fresh:
                    raise
        raise AssertionError

    def close(self):
        """End the connection."""
        if self.pair is not None:
            self.pair[1].close()
        self.pair = None

    async def _reply(self, reader):
        lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower().split("\r\n")
        head = dict(line.split(": ", 1) for line in lines[1:] if line)
        length = int(head.get("content-length", 0))
        body = await reader.readexactly(length) if length else b""
        if head.get("connection") == "close":
            self.close()
        return int(lines[0].split()[1]), body


async def reads(port, end, rng, seen):
    """Read until the end, resting between."""
    client = Client(port)
    await asyncio.sleep(rng.random() * REST)
    while time.perf_counter() < end:
        method, path, body = rng.choice(READS)
        start = time.perf_counter()
        status, _ = await client.ask(method, path, body)
        seen.append((time.perf_counter() - start, status))
        await asyncio.sleep(rng.expovariate(1 / REST) if REST else 0)
    client.close()


async def asks(port, end, rng, asked, ran):
    """Ask what no answer is held for, and start runs, until the end."""
    client = Client(port)
    while time.perf_counter() < end:
        start = time.perf_counter()
        status, _ = await client.ask(
            "POST", "/api/ask/blocs", {"in": "europe-1914", "draws": 20, "seed": rng.randrange(2**31)}
        )
        asked.append((time.perf_counter() - start, status))
        status, body = await client.ask(
            "POST", "/api/runs", {"question": "war", "params": SHOT | {"seed": rng.randrange(2**31)}}
        )
        if status == 201:
            ran.append((await _followed(client, json.loads(body)["id"], end), 201))
        else:
            ran.append((0.0, status))
        await asyncio.sleep(rng.random())
    client.close()


async def _followed(client, name, end):
    """Return the seconds until a run was done, read and deleted; one that is not when all ends is left."""
    start = time.perf_counter()
    while time.perf_counter() < end:
        _, body = await client.ask("GET", f"/api/runs/{name}")
        state = json.loads(body)["state"]
        if state == "done":
            status, _ = await client.ask("GET", f"/api/runs/{name}/answer")
            deleted, _ = await client.ask("DELETE", f"/api/runs/{name}")
            assert (status, deleted) == (200, 204)
            break
        assert state in ("queued", "running")
        await asyncio.sleep(0.5)
    return time.perf_counter() - start


async def load(port, clients=CLIENTS, seconds=SECONDS):
    """Return the times and states of reads, asks and runs."""
    warm = Client(port)
    for method, path, body in READS:
        status, _ = await warm.ask(method, path, body)
        assert status == 200, path
    warm.close()
    seen, asked, ran = [], [], []
    end = time.perf_counter() + seconds
    runners = min(RUNNERS, clients // 4)
    await asyncio.gather(
        *(reads(port, end, random.Random(k), seen) for k in range(clients - runners)),
        *(asks(port, end, random.Random(1000 + k), asked, ran) for k in range(runners)),
    )
    return seen, asked, ran


@contextlib.contextmanager
def studio(folder):
    """Give the port of a studio in a process of its own."""
    code = "import sys, foedus as fd; fd.serve(port=0, folder=__import__('pathlib').Path(sys.argv[1]), ready=lambda a: print(a, flush=True))"
    with subprocess.Popen([sys.executable, "-c", code, str(folder)], stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout
            yield int(server.stdout.readline().rstrip("/\n").rpartition(":")[2])
        finally:
            server.terminate()


def bench_200_clients(benchmark, tmp_path):
    with studio(tmp_path) as port:
        seen, asked, ran = benchmark.pedantic(lambda: asyncio.run(load(port)), rounds=1)
    shares = {f"read p{q}": f"{np.percentile([t for t, _ in seen], q) * 1000:.0f} ms" for q in (50, 95, 99)}
    wrong = [s for _, s in (*seen, *asked, *ran) if s not in (200, 201)]
    benchmark.extra_info |= shares | {
        "reads": len(seen), "reads a second": round(len(seen) / SECONDS), "asks": len(asked), "runs": len(ran), "errors": len(wrong),
        "ask p95": f"{np.percentile([t for t, _ in asked], 95):.1f} s",
    }  # fmt: skip
    sys.stderr.write(f"{benchmark.extra_info}\n")
    assert wrong == []
    assert np.percentile([t for t, _ in seen], 95) * 1000 < P95
