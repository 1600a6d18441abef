"""The studio's page as it is committed: one script and one style sheet, small, nothing inline or from elsewhere, its licences told."""

import gzip
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "src" / "foedus" / "studio" / "page"
WEB = ROOT / "web"
LIMIT = 250_000


def bundled():
    """Name and licence of each npm package whose code is in the page."""
    found = re.findall(r"^(\S+) \d\S* \((.+)\)$", (PAGE / "licences.txt").read_text(encoding="utf-8"), re.MULTILINE)
    return dict(found)


def test_the_page_is_its_fixed_files():
    assert {"app.css", "app.js", "index.html", "licences.txt"} <= {p.name for p in PAGE.iterdir()}
    assert not list(PAGE.rglob("*.map"))


def test_script_and_style_are_small():
    packed = sum(len(gzip.compress((PAGE / name).read_bytes(), 9)) for name in ("app.js", "app.css"))
    assert packed < LIMIT


def test_nothing_is_inline_and_nothing_from_elsewhere():
    html = (PAGE / "index.html").read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|<style|\son\w+=", html)
    assert re.findall(r"<script[^>]*>(.*?)</script>", html, re.DOTALL) == [""]
    linked = re.findall(r'(?:src|href)="([^"]*)"', html)
    assert linked
    assert all(link.startswith(("./", "data:")) for link in linked)


def test_every_package_in_the_page_is_in_the_table_of_licences():
    text = (ROOT / "docs" / "licences.md").read_text(encoding="utf-8")
    section = text.partition("## In the studio's page")[2].partition("\n## ")[0]
    listed = dict(re.findall(r"^\| ([@\w/-]+) \| ([\w.-]+) \|", section, re.MULTILINE))
    assert bundled()
    assert listed == bundled()


def test_the_lock_names_no_registry_and_every_version_is_exact():
    lock = (WEB / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in lock
    needs = json.loads((WEB / "package.json").read_text(encoding="utf-8"))
    versions = {**needs["dependencies"], **needs["devDependencies"]}
    assert [name for name, version in versions.items() if not re.fullmatch(r"\d+\.\d+\.\d+", version)] == []


@pytest.mark.parametrize("path", sorted(WEB.glob("src/**/*.svelte")), ids=lambda p: p.name)
def test_no_markup_is_made_from_text_and_no_style_is_inline(path):
    source = path.read_text(encoding="utf-8")
    assert "{@html" not in source
    assert not re.search(r"\sstyle=", source)
