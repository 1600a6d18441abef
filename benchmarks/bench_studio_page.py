"""A change of year in the studio's page, in a real browser: from the key to the frame that shows it, at 195 states and 1,500 ties.

Needs the published data sets (FOEDUS_REALDATA names their folder), Playwright and a Chromium (the system's, or the one that CHROMIUM names). The
target is 50 ms for 95 of 100 changes. With motion reduced, so that all of the year is in one frame; a key is held for 60 ms, as a hand does. Measured
three ways: by the browser's Event Timing, from the key to the frame on the screen, drawing by the compositor and the wait for the screen included
(it rounds to 8 ms); by the page's own clock, to the first task after its paint; and as the time that the page's thread computes, which other work on
the machine lengthens least.
"""

import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

STEPS = 60
HELD_MS = 60
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
def page(studio):
    api = pytest.importorskip("playwright.sync_api")
    browser = (
        os.environ.get("CHROMIUM")
        or shutil.which("chromium")
        or shutil.which("chromium-browser")
        or shutil.which("google-chrome")
    )
    if not browser:
        pytest.skip("needs a Chromium")
    address, last = studio
    with api.sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
        page = chromium.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce").new_page()
        page.goto(f"{address}/?screen=world&year={last}")
        page.wait_for_selector("[data-testid=world-network] [role=option]")
        page.wait_for_load_state("networkidle")
        yield page
        chromium.close()


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
