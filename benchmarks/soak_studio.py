"""The studio asked for minutes by a mixed client: what it holds, memory, files, threads, processes, must not grow.

``python benchmarks/soak_studio.py 10`` asks for ten minutes and prints a table; ``make test`` runs the same for a few seconds. Clients read, ask what
no answer is held for, start, cancel and delete runs, save and delete scenarios, export, follow a run and hang up, send half a request, and ask for
what is refused. The answers that the server holds are kept to 2 MB here, so that memory that they take is not taken for a leak. Needs /proc.
"""

import asyncio
import contextlib
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench_studio import READS, Client

CODE = """
import sys, pathlib, foedus as fd, foedus.studio.pool as pool
pool.KEPT = 2_000_000
fd.serve(port=0, folder=pathlib.Path(sys.argv[1]), ready=lambda a: print(a, flush=True))
"""
SHOT = {"in": "europe-1914", "attacker": "AUH", "target": "SER"}
TABLE = {"title": "t", "columns": [{"name": "a", "label": "a", "unit": "", "type": "int"}], "rows": [[1], [None]]}
PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="80" height="60"><circle cx="30" cy="30" r="9" fill="#333"/></svg>'
)
REFUSED = [
    ("GET", "/%2e%2e/secret", None, {404}), ("GET", "/api/scenarios/..%2fsecret.toml", None, {404, 422}),
    ("POST", "/api/ask/nothing", {}, {404, 422}),
    ("POST", "/api/ask/war", {"in": "europe-1914", "attacker": "AUH", "target": "AUH"}, {422}), ("GET", "/api/runs/none", None, {422}),
    ("POST", "/api/ask/blocs", {"in": "europe-1914", "draws": -1}, {422}),
]  # fmt: skip


async def reader(client, rng, _):
    """Read what is held."""
    method, path, body = rng.choice(READS)
    return (await client.ask(method, path, body))[0] == 200


async def asker(client, rng, _):
    """Ask what no answer is held for."""
    seed = rng.randrange(2**31)
    name, params = rng.choice([
        ("blocs", {"in": "europe-1914", "draws": 20}), ("war", SHOT | {"draws": 50}), ("bound", SHOT),
        ("ally", {"in": "europe-1914", "actor": "BEL", "draws": 10, "wars": 0}),
    ])  # fmt: skip
    return (await client.ask("POST", f"/api/ask/{name}", params | ({} if name == "bound" else {"seed": seed})))[
        0
    ] == 200


async def runner(client, rng, port):
    """Start a run, follow it and hang up, cancel it or let it end, delete it."""
    long = rng.random() < 0.5
    params = SHOT | {"draws": 400_000 if long else 100, "seed": rng.randrange(2**31)}
    status, body = await client.ask("POST", "/api/runs", {"question": "war", "params": params})
    if status == 429:
        return True
    name = json.loads(body)["id"]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET /api/runs/{name}/events HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\n\r\n".encode())
    await reader.readline()
    writer.close()
    if long:
        await client.ask("POST", f"/api/runs/{name}/cancel", {})
    while json.loads((await client.ask("GET", f"/api/runs/{name}"))[1])["state"] in ("queued", "running"):
        await asyncio.sleep(0.2)
    return (await client.ask("DELETE", f"/api/runs/{name}"))[0] == 204


async def writer(client, rng, _):
    """Save a scenario and delete it, and export a table and a drawing."""
    name = f"soak-{rng.randrange(10**9)}.toml"
    status, body = await client.ask("POST", "/api/scenarios/draft", {"in": "europe-1914", "kind": "scenario"})
    text = json.loads(body)["text"]
    put, body = await client.ask("PUT", f"/api/scenarios/{name}", {"text": text, "seen": None})
    gone, _ = await client.ask("DELETE", f"/api/scenarios/{name}?seen={json.loads(body)['hash']}")
    made = []
    for form, more in (
        ("csv", {"table": TABLE}),
        ("parquet", {"table": TABLE}),
        ("pdf", {"svg": PICTURE}),
        ("png", {"svg": PICTURE}),
    ):
        asked = {"format": form, "name": "soak", "citation": "c", "sources": [], **more}
        made.append((await client.ask("POST", "/api/export", asked))[0])
    return (
        (status, put, gone, *made) == (200, put, gone, 200, 200, 200, 200) and put in (200, 201) and gone in (200, 204)
    )


async def nuisance(client, rng, port):
    """Ask for what is refused, and send half a request and hang up."""
    _, half = await asyncio.open_connection("127.0.0.1", port)
    half.write(
        f"POST /api/ask/blocs HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{{".encode()
    )
    await half.drain()
    half.close()
    method, path, body, told = rng.choice(REFUSED)
    return (await client.ask(method, path, body))[0] in told


CLIENTS = (reader, reader, reader, asker, asker, runner, writer, nuisance)


async def warmed(port):
    """Have both workers answer every question before anything is measured: on a new installation they compile for it."""

    async def one(k):
        client, rng = Client(port), random.Random(k)
        for _ in range(6):
            assert await asker(client, rng, port)
        client.close()

    await asyncio.gather(*(one(k) for k in range(4)))


async def asked(port, seconds, rest, each):
    """Let every client ask until the end; return how often each did, and what went wrong."""
    end, count, wrong = time.monotonic() + seconds, {}, []

    async def go(kind, k):
        client, rng = Client(port), random.Random(k)
        while time.monotonic() < end:
            if not await kind(client, rng, port):
                wrong.append(kind.__name__)
            count[kind.__name__] = count.get(kind.__name__, 0) + 1
            await asyncio.sleep(rng.expovariate(1 / rest))
        client.close()

    async def watch():
        while time.monotonic() < end:
            await asyncio.sleep(min(5.0, seconds / 12))
            await asyncio.to_thread(each)

    await asyncio.gather(watch(), *(go(kind, k) for k, kind in enumerate(CLIENTS)))
    return count, wrong


def held(pid, folder):
    """Return what a server and its workers hold now; processes of runs, which come and go, apart."""
    one = Path(f"/proc/{pid}")
    workers = [w for w in _children(pid) if b"spawn_main" in _read(Path(f"/proc/{w}/cmdline"))]
    return {
        "server MB": _rss(one), "workers MB": sum(_rss(Path(f"/proc/{w}")) for w in workers), "workers": len(workers),
        "files": len(list((one / "fd").iterdir())), "threads": len(list((one / "task").iterdir())),
        "worker files": sum(len(list(Path(f"/proc/{w}/fd").iterdir())) for w in workers),
        "temp": sum(1 for _ in (folder / "tmp").rglob("*")), "saved": sum(1 for p in (folder / "studio").rglob("*") if p.is_file()),
    }  # fmt: skip


def _read(path):
    with contextlib.suppress(OSError):
        return path.read_bytes()
    return b""


def _rss(process):
    lines = _read(process / "status").decode().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024


def _children(pid):
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        parts = _read(stat).decode(errors="replace").rpartition(")")[2].split()
        if parts and parts[0] != "Z" and int(parts[1]) == pid:
            found.append(stat.parent.name)
    return found


def _driven(work):
    """Return what a coroutine gives, also where this thread has a loop already, as beside a browser."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


def soak(seconds, folder, *, rest=0.2):
    """Ask a studio of its own; return samples of what it held, from first to last, and the last once nobody asks; how often who asked; and faults."""
    (folder / "tmp").mkdir()
    env = os.environ | {"TMPDIR": str(folder / "tmp"), "OPENBLAS_NUM_THREADS": "1"}
    with subprocess.Popen(
        [sys.executable, "-c", CODE, str(folder / "studio")], stdout=subprocess.PIPE, text=True, env=env
    ) as server:
        try:
            assert server.stdout
            port = int(server.stdout.readline().rstrip("/\n").rpartition(":")[2])
            samples = []
            _driven(warmed(port))
            _driven(asked(port, min(seconds / 3, 60), rest, lambda: None))
            count, wrong = _driven(asked(port, seconds, rest, lambda: samples.append(held(server.pid, folder))))
            for _ in range(40):
                last = held(server.pid, folder)
                if last["files"] <= min(s["files"] for s in samples) and not last["temp"]:
                    break
                time.sleep(0.25)
        finally:
            server.terminate()
    return samples, last, count, wrong


def main():
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else 10.0
    with tempfile.TemporaryDirectory() as folder:
        samples, last, count, wrong = soak(minutes * 60, Path(folder))
    third = max(1, len(samples) // 3)
    print(
        f"{minutes:g} minutes: {', '.join(f'{n} {k}' for k, n in count.items())}; wrong: {dict(Counter(wrong)) or 'none'}"
    )
    print(f"{'':14}{'first third':>12}{'last third':>12}{'most':>10}{'at rest':>10}")
    for name in last:
        first, late = (statistics.median(s[name] for s in part) for part in (samples[:third], samples[-third:]))
        print(f"{name:14}{first:12.1f}{late:12.1f}{max(s[name] for s in samples):10.1f}{last[name]:10.1f}")


if __name__ == "__main__":
    main()
