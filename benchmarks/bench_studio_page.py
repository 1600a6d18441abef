"""The studio's page in a real browser: how soon it is there from the wheel, and how long a change of year takes.

First paint: the wheel is built and installed into a fresh environment, `foedus studio` started there with nothing named but a folder, and the page
opened by a browser that never saw it. Printed are the seconds from the command until the server listens, and in the page, by its own clock, those
until the first paint with content (target 1.5 s) and until the first figure. The first start, in which the kernels are compiled, stands apart.

A change of year: from the key to the frame that shows it, at 195 states and 1,500 ties.

Needs the published data sets (FOEDUS_REALDATA names their folder), Playwright and a Chromium (the system's, or the one that CHROMIUM names). The
target is 50 ms for 95 of 100 changes. With motion reduced, so that all of the year is in one frame; a key is held for 60 ms, as a hand does. Measured
three ways: by the browser's Event Timing, from the key to the frame on the screen, drawing by the compositor and the wait for the screen included
(it rounds to 8 ms); by the page's own clock, to the first task after its paint; and as the time that the page's thread computes, which other work on
the machine lengthens least.
"""

import contextlib
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import sysconfig
import time
import urllib.request
from pathlib import Path

import pytest

STEPS, OPENED = 60, 10
HELD_MS = 60
PAINT = 1.5
"""Aim for the first paint, in seconds."""
SEEN = """() => {
  window.seen = {};
  new PerformanceObserver(l => l.getEntriesByName('first-contentful-paint').forEach(e => { seen.paint = e.startTime; }))
    .observe({type: 'paint', buffered: true});
  new MutationObserver(() => { if (!seen.figure && document.querySelector('section.figure svg')) seen.figure = performance.now(); })
    .observe(document, {childList: true, subtree: true});
}"""
WATCH = """() => {
  window.shown = [];
  window.painted = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (entry.name === 'keydown') window.shown.push(entry.duration);
  }).observe({ type: 'event', durationThreshold: 16 });
  addEventListener('keydown', (event) => {
    requestAnimationFrame(() => {
      const after = new MessageChannel();
      after.port1.onmessage = () => window.painted.push(performance.now() - event.timeStamp);
      after.port2.postMessage(0);
    });
  }, true);
}"""


@pytest.fixture(scope="module")
def studio(tmp_path_factory):
    named = os.environ.get("FOEDUS_REALDATA")
    if not named:
        pytest.skip("needs the published data sets: FOEDUS_REALDATA is unset")
    folder = tmp_path_factory.mktemp("studio")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "foedus",
        "studio",
        "--port",
        str(port),
        "--folder",
        str(folder),
        "--data-dir",
        named,
    ]
    process = subprocess.Popen(command)
    try:
        address = f"http://127.0.0.1:{port}"
        for _ in range(100):
            try:
                urllib.request.urlopen(f"{address}/api/about")
                break
            except OSError:
                time.sleep(0.2)
        last = json.load(urllib.request.urlopen(f"{address}/api/world"))["dates"][-1][:4]
        # In this process, so that no time limit of a question ends it.
        from foedus.studio.question import Desk
        from foedus.studio.questions import question

        world = question("world")
        world.reply(world.asked.model_validate({"in": f"1816:{last}"}), Desk(folder / "scenarios", Path(named)))
        yield address, last
    finally:
        process.terminate()
        process.wait()


@pytest.fixture(scope="module")
def chromium():
    api = pytest.importorskip("playwright.sync_api")
    browser = (
        os.environ.get("CHROMIUM")
        or shutil.which("chromium")
        or shutil.which("chromium-browser")
        or shutil.which("google-chrome")
    )
    if not browser:
        pytest.skip("needs a Chromium")
    with api.sync_playwright() as play:
        made = play.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
        yield made
        made.close()


@pytest.fixture(scope="module")
def page(studio, chromium):
    address, last = studio
    page = chromium.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce").new_page()
    page.goto(f"{address}/?screen=world&year={last}")
    page.wait_for_selector("[data-testid=world-network] [role=option]")
    page.wait_for_load_state("networkidle")
    return page


def _step(page, k):
    """To and fro between years of 190 states and more."""
    page.keyboard.press("ArrowLeft" if k // 10 % 2 == 0 else "ArrowRight", delay=HELD_MS)
    page.wait_for_timeout(200 - HELD_MS)


def _spread(times):
    times = sorted(times)
    return {"p50_ms": statistics.median(times), "p95_ms": times[int(0.95 * len(times))], "max_ms": times[-1]}


def bench_change_of_year(benchmark, page):
    assert page.locator("[data-testid=world-network] [role=option]").count() > 190
    assert "1,500 of" in page.locator("[data-testid=figure-network]").inner_text()
    page.evaluate(WATCH)

    def steps():
        page.evaluate("window.shown = []; window.painted = []")
        for k in range(STEPS):
            _step(page, k)
        page.wait_for_timeout(500)
        # An event of under 16 ms has no entry; none is that short.
        return page.evaluate("window.shown"), page.evaluate("window.painted")

    shown, painted = benchmark.pedantic(steps, rounds=1)
    assert len(shown) == len(painted) == STEPS
    for name, times in (("to the frame on the screen", shown), ("to the first task after the paint", painted)):
        found = _spread(times)
        benchmark.extra_info[name] = found
        sys.stderr.write(f"\nchange of year, key {name}: {', '.join(f'{k} {v:.1f}' for k, v in found.items())}")
    sys.stderr.write(f" ({STEPS} changes; target p95 50 ms)\n")


def bench_work_of_a_change_of_year(benchmark, page):
    session, events, ended = page.context.new_cdp_session(page), [], []
    session.on("Tracing.dataCollected", lambda data: events.extend(data["value"]))
    session.on("Tracing.tracingComplete", lambda _: ended.append(True))

    def steps():
        session.send("Tracing.start", {"traceConfig": {"includedCategories": ["devtools.timeline", "cc"]}})
        for k in range(STEPS):
            _step(page, k)
        session.send("Tracing.end")
        while not ended:
            page.wait_for_timeout(50)
        return _worked(events)

    times = benchmark.pedantic(steps, rounds=1)
    found = _spread(times)
    benchmark.extra_info.update(found)
    sys.stderr.write(
        f"\nwork of a change of year: {', '.join(f'{k} {v:.1f}' for k, v in found.items())} ({len(times)} changes)\n"
    )


def _worked(events):
    """Return, for each key, the milliseconds that the page's thread computed for it and for the frame after it."""
    spans = sorted((e for e in events if e.get("ph") == "X" and "tdur" in e), key=lambda e: e["ts"])
    keys = [e for e in spans if e["name"] == "EventDispatch" and e["args"]["data"]["type"] == "keydown"]
    out = []
    for key in keys:
        frames = (
            e
            for e in spans
            if e["name"] == "ProxyMain::BeginMainFrame" and (e["tid"], e["pid"]) == (key["tid"], key["pid"])
        )
        after = next((e for e in frames if e["ts"] > key["ts"] and e["dur"] > 1000), None)
        if after is not None:
            out.append((key["tdur"] + after["tdur"]) / 1000)
    return out


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Give the `foedus` of a fresh environment: foedus from its wheel, what it needs from the environment of this process."""
    root, folder = Path(__file__).parents[1], tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=root,
        check=True,
        capture_output=True,
    )
    (wheel,) = folder.glob("*.whl")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder / "env")], check=True)
    python = folder / "env" / "bin" / "python"
    (site,) = (folder / "env" / "lib").glob("*/site-packages")
    pip = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        str(python),
        "install",
        "-q",
        "--no-deps",
        "--no-index",
        "--disable-pip-version-check",
    ]
    subprocess.run([*pip, str(wheel)], check=True)
    # A path is added, its own .pth files are not read: a foedus that is installed from its source there is not seen.
    (site / "needed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    found = subprocess.run(
        [python, "-c", "import foedus; print(foedus.__file__)"],
        env=_bare(),
        capture_output=True,
        text=True,
        check=True,
        cwd=folder,
    )
    assert found.stdout.startswith(str(site)), found.stdout
    return python.with_name("foedus")


def _bare():
    return {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "FOEDUS_DATA", "NUMBA_CACHE_DIR")}


def _taken(port):
    with socket.socket() as tried:
        tried.settimeout(0.2)
        return tried.connect_ex(("127.0.0.1", port)) == 0


@contextlib.contextmanager
def _started(command, folder):
    """Give the port of a studio and the seconds until it listened; on the usual port where it is free."""
    port, more = 8765, []
    if _taken(port):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        more = ["--port", str(port)]
    start = time.perf_counter()
    with subprocess.Popen(
        [command, "studio", "--folder", folder, *more], env=_bare(), cwd=folder, stderr=subprocess.DEVNULL
    ) as process:
        try:
            while not _taken(port):
                assert process.poll() is None
                time.sleep(0.005)
            yield port, time.perf_counter() - start
        finally:
            process.terminate()


def _opened(chromium, port):
    """Return the seconds until the first paint and until the first figure, in a browser that knows nothing of the page."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.add_init_script(f"({SEEN})()")
    page.goto(f"http://127.0.0.1:{port}/")
    page.wait_for_selector("section.figure svg", timeout=300_000)
    seen = page.evaluate("seen")
    context.close()
    return seen["paint"] / 1000, seen["figure"] / 1000


def bench_first_paint(benchmark, chromium, installed, tmp_path):
    rows = []

    def openings():
        for _ in range(OPENED + 1):
            with _started(installed, tmp_path) as (port, listens):
                rows.append((listens, *_opened(chromium, port), *_opened(chromium, port)))

    benchmark.pedantic(openings, rounds=1)
    names = ("listens", "paint", "figure", "paint again", "figure again")
    first, rest = rows[0], list(zip(*rows[1:], strict=True))
    sys.stderr.write(f"\nnew installation: {', '.join(f'{n} {t:.2f} s' for n, t in zip(names, first, strict=True))}\n")
    for name, times in zip(names, rest, strict=True):
        p50, p95 = statistics.median(times), sorted(times)[int(0.95 * len(times))]
        benchmark.extra_info[name] = f"p50 {p50:.2f} s, p95 {p95:.2f} s"
        sys.stderr.write(f"{name}: p50 {p50:.2f} s, p95 {p95:.2f} s ({OPENED} starts)\n")
    assert sorted(rest[1])[int(0.95 * OPENED)] < PAINT
