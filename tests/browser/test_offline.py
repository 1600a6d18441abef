"""No network: the browser of every test finds no host but this machine, every screen is there and answered, and the built wheel is all it takes."""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Error, expect

from browser_steps import SCREENS, opened

ROOT = Path(__file__).parents[2]


def test_every_screen_is_answered_without_a_network(page, page_of, context_of, studio):
    """`page` fails where a request goes elsewhere or has no answer."""
    asked = []
    page.on("request", lambda r: asked.append((r.resource_type, r.url)))
    for screen in SCREENS:
        opened(page, studio, screen)
        expect(page.get_by_test_id("error")).to_have_count(0)
        if screen not in ("runs",):
            expect(page.locator("section.figure").first).to_be_visible()
    assert {kind for kind, _ in asked} == {"document", "script", "stylesheet", "fetch"}
    assert all(url.startswith(studio.address) for _, url in asked)
    assert page.evaluate("() => document.fonts.size") == 0
    for name in ("", "app.js", "app.css"):
        reply = page.request.get(f"{studio.address}/{name}")
        assert "sourceMappingURL" not in reply.text()
        assert "sourcemap" not in reply.headers
        assert "default-src 'none'" in reply.headers["content-security-policy"]
    assert page.request.get(f"{studio.address}/app.js.map").status == 404
    other = page_of(context_of(), but=("localhost",))
    with pytest.raises(Error, match="ERR_NAME_NOT_RESOLVED"):
        other.goto(studio.address.replace("127.0.0.1", "other.localhost"))


@pytest.fixture
def wheel(tmp_path):
    """What the built wheel holds, in a folder of its own. The kernels that are compiled for the source serve it, as its files are the same."""
    pytest.importorskip("hatchling")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    (built,) = tmp_path.glob("foedus-*.whl")
    folder = tmp_path / "site"
    with zipfile.ZipFile(built) as archive:
        archive.extractall(folder)
    for file in folder.rglob("*.py"):
        source = ROOT / "src" / file.relative_to(folder)
        assert file.read_bytes() == source.read_bytes()
        os.utime(file, ns=(source.stat().st_atime_ns, source.stat().st_mtime_ns))
    for compiled in (ROOT / "src" / "foedus").rglob("*.nb[ci]"):
        here = folder / compiled.relative_to(ROOT / "src")
        here.parent.mkdir(exist_ok=True)
        shutil.copy2(compiled, here)
    return folder


def test_the_built_wheel_is_enough_and_opens_on_the_scenario_of_the_demo(page, studio_of, wheel, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(wheel))
    code = "import foedus; print(foedus.__file__)"
    found = subprocess.run([sys.executable, "-c", code], cwd=wheel.parent, capture_output=True, text=True, check=True)
    assert found.stdout.startswith(str(wheel))
    demo = re.search(r"^demo:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(), re.MULTILINE)[1]
    assert re.search(r"foedus studio'$", demo)
    (scenario,) = re.findall(r"foedus brief --in (\S+)", demo)
    studio = studio_of(opens=None)
    page.goto(studio.address)
    expect(page.get_by_test_id("screen-world")).to_be_visible()
    expect(page.get_by_test_id("world-over")).to_have_value(scenario)
    expect(page.get_by_test_id("figure-network").locator("[role=option]").first).to_be_visible()
    page.get_by_test_id("nav-blocs").click()
    expect(page.get_by_test_id("system")).to_have_value(scenario)
    expect(page.get_by_test_id("line-up").get_by_test_id("proved")).to_have_text("proved optimal")
