"""Pages taken apart: prose, blocks that run, blocks that show what was printed; and a line of a console block, run here."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
TAUGHT = sorted(
    p
    for p in (
        *(ROOT / "docs").glob("start.md"),
        *(ROOT / "docs").glob("tutorials/*.md"),
        *(ROOT / "docs").glob("gallery/*.md"),
    )
    if p.name != "index.md"
)
FENCE = re.compile(r"^[ ]*```(?P<kind>\w*)[^\n]*\n(?P<code>.*?)^[ ]*```[ ]*$", re.MULTILINE | re.DOTALL)
INTERVAL = r"(?: ?\[[^\[\]\n]{1,24}\d\])"
NUMBER = re.compile(
    rf"[+−<]?(?:\d[\d,]*\.\d+|\d[\d,]*)(?: ?%){INTERVAL}?|[+−<]?\d[\d,]*\.\d+{INTERVAL}?|[+−]?\d[\d,]*{INTERVAL}|\*\*[+−]?\d[\d,]*\*\*"
)
"""A percentage, a decimal or an interval, or an integer in bold."""
PLAIN = ("90 %", "90% ")
"""What every page may say: the cover of all intervals."""


@dataclass(frozen=True)
class Part:
    """A piece of a page; ``before`` is the line before a block."""

    kind: str
    text: str
    line: int
    before: str = ""

    @property
    def skipped(self) -> bool:
        return "<!-- not run:" in self.before


def relative(page: Path) -> str:
    """Return a page's path for test names."""
    return page.relative_to(ROOT).as_posix()


def parts(page: Path) -> list[Part]:
    """Return the pieces of a page in order."""
    text = page.read_text(encoding="utf-8")
    found, at = [], 0
    for m in FENCE.finditer(text):
        prose = text[at : m.start()]
        found.append(Part("prose", prose, text.count("\n", 0, at) + 1))
        before = prose.rstrip("\n").rpartition("\n")[2].strip()
        found.append(Part(m["kind"], m["code"], text.count("\n", 0, m.start("code")) + 1, before))
        at = m.end()
    return [*found, Part("prose", text[at:], text.count("\n", 0, at) + 1)]


def said(prose: str) -> list[str]:
    """Return the numbers that a piece of prose states and that must have been printed."""
    quoted = {n.strip() for m in re.findall(r"<!-- quoted: (.*?) -->", prose) for n in m.split("; ")}
    text = re.sub(r"<!--.*?-->|`[^`\n]+`|\]\([^)]*\)|<[^>\n]*>(?=\s|$)", " ", prose, flags=re.DOTALL)
    text = " ".join(text.split())
    found = [m[0].strip("*").strip().rstrip(",") for m in NUMBER.finditer(text)]
    return [n for n in found if n not in quoted and n not in PLAIN and n != "90 %"]


def typed(line: str) -> str:
    """Run a line ``$ foedus ...`` in this process and return what it printed; one that ends in `# exit 2` must end so."""
    from foedus.cli import main

    wanted = int(m[1]) if (m := re.search(r"# exit (\d)\s*$", line)) else 0
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main(shlex.split(line, comments=True)[2:])
            code = 0
        except SystemExit as done:
            code = int(done.code or 0)
    assert code == wanted, f"{line}: exit {code}\n{err.getvalue()[-2000:]}"
    return out.getvalue() + (err.getvalue() if wanted else "")
