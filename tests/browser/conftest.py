"""A studio of its own and a real browser for each test process; where there is no Chromium the tests skip and say so, on CI they fail."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from browser_steps import PATIENCE

if TYPE_CHECKING:
    from pathlib import Path

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync", "--font-render-hinting=none", "--force-color-profile=srgb",
             "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
             "--proxy-server=127.0.0.1:9", "--proxy-bypass-list=127.0.0.1;localhost"]  # fmt: skip
"""The last three hold the browser to this machine: no name is found, and whatever is no address of this machine goes to a port that is closed."""


@dataclass(frozen=True)
class Studio:
    """A running server: its address, its folder and its process."""

    address: str
    folder: Path
    process: subprocess.Popen


def start(folder: Path, *more: str, data: Path | None = None, opens: str | None = "europe-1914") -> Studio:
    """Return a studio on a free port; it opens on its own scenario where none is named."""
    env = {k: v for k, v in os.environ.items() if k != "FOEDUS_DATA"} | {"OPENBLAS_NUM_THREADS": "1"}
    given = [*(["--in", opens] if opens else []), *(["--data-dir", str(data)] if data else [])]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "foedus", "studio", "--port", str(port), "--folder", str(folder), *given, *more],
        env=env, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the studio ended with {process.returncode}")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return Studio(f"http://127.0.0.1:{port}", folder, process)
        time.sleep(0.1)
    process.kill()
    raise RuntimeError("the studio did not listen within a minute")


def stop(studio: Studio) -> None:
    studio.process.terminate()
    studio.process.wait(20)


@pytest.fixture(scope="session")
def studio(tmp_path_factory):
    """A studio without data sets, on the bundled scenarios. Whoever starts runs or saves files takes one of their own: its pictures stay the same."""
    made = start(tmp_path_factory.mktemp("studio"))
    yield made
    stop(made)


@pytest.fixture
def studio_of(tmp_path):
    """Start studios of one's own: with a token, or on a folder that holds something."""
    made = []

    def begun(*more, **given):
        made.append(start(tmp_path, *more, **given))
        return made[-1]

    yield begun
    for one in made:
        stop(one)


@pytest.fixture(scope="session")
def studio_with_data(tmp_path_factory, realdata_dir):
    """A studio on the published data sets."""
    made = start(tmp_path_factory.mktemp("studio"), data=realdata_dir, opens="1914-07-28")
    yield made
    stop(made)


@pytest.fixture(scope="session")
def browser():
    """The system's Chromium."""
    path = (
        os.environ.get("FOEDUS_CHROMIUM")
        or shutil.which("chromium")
        or shutil.which("chromium-browser")
        or shutil.which("google-chrome")
    )
    if not path:
        reason = "needs Chromium: install it, or name it in FOEDUS_CHROMIUM"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)

    with sync_playwright() as play:
        made = play.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield made
        made.close()


@pytest.fixture
def context_of(browser):
    """Open contexts of any size and colours; each is a browser that knows nothing of the others."""
    made = []

    def opened(width=1440, height=900, **options):
        context = browser.new_context(
            viewport={"width": width, "height": height},
            reduced_motion="reduce",
            accept_downloads=True,
            locale="en-GB",
            timezone_id="UTC",
            **options,
        )
        context.set_default_timeout(PATIENCE)
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        made.append(context)
        return context

    yield opened
    for context in made:
        context.close()


@pytest.fixture
def page_of(context_of):
    """Open pages whose errors, of script, of the network and of the content policy, fail the test, those apart that it names."""
    wrong = []

    def opened(context=None, but=(), **options):
        page = (context or context_of(**options)).new_page()
        page.under_way = set()
        page.on("request", lambda r: None if r.url.endswith("/events") else page.under_way.add(r))
        for ended in ("requestfinished", "requestfailed"):
            page.on(ended, lambda r: page.under_way.remove(r) if r in page.under_way else None)
        page.on(
            "console",
            lambda m: (
                wrong.append(m.text) if m.type in ("error", "warning") and not any(b in m.text for b in but) else None
            ),
        )
        page.on("pageerror", lambda e: wrong.append(str(e)))
        page.on(
            "request",
            lambda r: (
                None
                if r.url.startswith(("http://127.0.0.1", "blob:", "data:")) or any(b in r.url for b in but)
                else wrong.append(f"asks {r.url}")
            ),
        )
        return page

    yield opened
    assert wrong == []


@pytest.fixture
def page(page_of):
    """A wide page in light colours."""
    return page_of()
