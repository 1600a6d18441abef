"""What the browser tests share: screens and their addresses, waiting without sleeping, the copied Python run, files saved.

The page's content policy forbids evaluation, so `wait_for_function` polls nothing there: `until` asks from outside instead.
"""

from __future__ import annotations

import math
import os
import re
import subprocess
import sys
import time
from pathlib import Path

from foedus.report.words import Names

SCREENS = {
    "world": "&over=europe-1872-1914&year=1914-07-13", "blocs": "&in=europe-1914", "alone": "&in=europe-1914&actor=BEL&against=GMY",
    "escalation": "&in=europe-1914&draws=1000", "what-if": "&in=europe-1914&draws=200", "pact": "&in=europe-1914", "years": "&in=europe-1914",
    "models": "&in=europe-1914", "data": "", "runs": "",
}  # fmt: skip
"""Every screen, with an address that gives it something to show."""

PATIENCE = 150_000
"""Milliseconds to wait for what the page shows: the machine may be busy."""

BUSY = (
    "() => Boolean(document.querySelector('[data-testid=loading], [aria-busy=true]') || !document.querySelector('h1'))"
)


def until(page, script, argument=None, patience=PATIENCE):
    """Return what a script gives as soon as it is true."""
    end = time.monotonic() + patience / 1000
    while not (found := page.evaluate(script, argument)):
        if time.monotonic() > end:
            raise TimeoutError(f"{script} is not true after {patience / 1000:.0f} s")
        page.wait_for_timeout(20)
    return found


def settled(page):
    """Return the page once it waits for nothing: no request under way, nothing that says it is loading."""
    end, quiet = time.monotonic() + PATIENCE / 1000, 0
    while quiet < 4:
        quiet = quiet + 1 if not page.under_way and not page.evaluate(BUSY) else 0
        if time.monotonic() > end:
            raise TimeoutError(f"the page still waits: {sorted(r.url for r in page.under_way)}")
        page.wait_for_timeout(25)
    return page


def opened(page, studio, screen, more=""):
    """Return a page that shows a screen, settled."""
    page.goto(f"{studio.address}/?screen={screen}{SCREENS[screen]}{more}")
    return settled(page)


def focused(page):
    """Return what has the focus, as its test id, id or tag with text."""
    return page.evaluate(
        "() => { const e = document.activeElement; return e.dataset.testid || e.id || `${e.tagName} ${e.innerText ?? ''}`.trim() }"
    )


def copied(page, figure, button="copy-python"):
    """Return what a figure's button puts on the clipboard."""
    page.evaluate("() => navigator.clipboard.writeText('')")
    page.get_by_test_id(figure).first.get_by_test_id(button).click()
    return until(page, "() => navigator.clipboard.readText()")


class Copies:
    """What the figures of a page copy. Commands are started at once, so that they and the browser work beside each other; a Python text is run once."""

    def __init__(self, page, **env):
        self.page, self._left, self._said = page, {}, {}
        ids = page.locator("section.figure").evaluate_all("l => l.map(e => e.dataset.testid)")
        self.python = {name: copied(page, name) for name in ids}
        offered = page.locator("section.figure:has([data-testid=copy-cli])").evaluate_all(
            "l => l.map(e => e.dataset.testid)"
        )
        self.cli = {name: copied(page, name, "copy-cli") for name in dict.fromkeys(offered)}
        self._started = {line: pasted(line, **env) for line in dict.fromkeys(self.cli.values())}

    def left(self, figure):
        """Return the names that a figure's Python leaves behind: it is run as it stands."""
        text = self.python[figure]
        if text not in self._left:
            self._left[text] = space = {}
            exec(text, space)
        return self._left[text]

    def said(self, figure, system=None):
        """Return what a figure's command printed, and its tables, with ids for the names of a system's actors if one is given."""
        line = self.cli[figure]
        if line not in self._said:
            self._said[line] = printed(self._started[line])
        out, tables = self._said[line]
        return (out, tables) if system is None else (out, [coded(rows, system) for rows in tables])

    def all_held(self):
        """Hold that nothing is offered for copying that was not run."""
        for line, process in self._started.items():
            if line not in self._said:
                process.communicate(timeout=PATIENCE / 1000)
        assert set(self._left) == set(self.python.values())
        assert set(self._said) == set(self.cli.values())


def ran(page, figure):
    """Return the names that the copied Python leaves behind: it is run as it stands."""
    space = {}
    exec(copied(page, figure), space)
    return space


def table(page, figure):
    """Return the rows of a figure's table as texts, by heading; a figure that was a drawing is one again afterwards."""
    box = page.get_by_test_id(figure).first
    turn = box.get_by_test_id("as-table")
    drawn = turn.count() == 1
    if drawn:
        turn.click()
    rows = box.get_by_test_id("table").last.evaluate(
        "t => [...t.rows].map(r => [...r.cells].map(c => c.innerText.replace(/[▲▼]|\\u00a0\\([^)]*\\)/g, '').trim()))"
    )
    if drawn:
        turn.click()
    assert len(set(rows[0])) == len(rows[0])
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def saved(page, figure, kind):
    """Return the bytes of the file as which a figure is saved."""
    with page.expect_download() as waited:
        page.get_by_test_id(figure).get_by_test_id("export").select_option(kind)
    return waited.value.path().read_bytes()


NUMBER = r"([<>]?)([-−]?)(\d[\d,]*)(?:\.(\d+))?(?:e([-−+]?\d+))?"


def value(text):
    """Return the first number in a text, a percentage as a share."""
    return numbers(text)[0] / (100 if "%" in text else 1)


def numbers(text):
    """Return the numbers in a text, signs, powers and thousands understood."""
    return [(low + high) / 2 for low, high in _ends(text)]


def spans(text):
    """Return between what each number of a text lies, given how it is rounded, percentages as shares; "<0.1" is 0 to 0.1, ">99" 99 to 100."""
    return [(low / 100, high / 100) if "%" in text else (low, high) for low, high in _ends(text, rounded=True)]


def _ends(text, *, rounded=False):
    for bound, sign, whole, part, power in re.findall(NUMBER, text):
        scale = 10.0 ** int((power or "0").replace("−", "-"))
        size = float(f"{whole.replace(',', '')}.{part or 0}") * scale * (-1 if sign else 1)
        half = 0.5 * 10.0 ** -len(part) * scale * 1.001 if rounded else 0.0
        beyond = {"<": (min(0.0, size), max(0.0, size)), ">": (size, 100.0)}
        yield beyond[bound] if bound and rounded else (size - half, size + half)


def alike(shown, meant):
    """Return whether a cell of the page's table says a value: to three figures, unknown for none."""
    if meant is None or (isinstance(meant, float) and math.isnan(meant)):
        return shown == "unknown"
    if isinstance(meant, bool):
        return shown == ("yes" if meant else "no")
    if isinstance(meant, int | float):
        return abs(value(shown) - meant) <= 6e-3 * abs(meant) + 1e-12
    return shown.split() == str(meant).split()


def coded(rows, system):
    """Return the rows of a table, of a page or printed, with the ids of actors where its words hold their names."""
    said = Names(system)
    names = sorted(
        ((name, a) for a in system.ids for name in (system.label(a), said.told(a))), key=lambda n: -len(n[0])
    )
    shown = re.compile("|".join(re.escape(name) for name, _ in names))
    return [{head: shown.sub(lambda m: dict(names)[m[0]], text) for head, text in row.items()} for row in rows]


def named(frame, system):
    """Return a frame with the names of actors where its words hold their ids, as the page writes them."""
    import polars as pl

    ids = dict.fromkeys(system.ids)
    said = re.compile(rf"\b({'|'.join(map(re.escape, ids))})\b")
    return frame.with_columns(
        pl.col(pl.String).map_elements(lambda text: said.sub(lambda m: system.label(m[0]), text), pl.String)
    )


def same(shown, frame):
    """Hold the rows of a page's table against a frame, cell by cell."""
    assert len(shown) == min(frame.height, 100)
    for row, meant in zip(shown, frame.rows(), strict=False):
        for (head, text), cell in zip(row.items(), meant, strict=True):
            assert alike(text, cell), (head, text, cell)


def told(printed, *shown, times=1):
    """Hold the numbers that a command prints against those that the page shows, as far as both write them out."""
    pairs = list(zip(spans(printed), (spans(text)[0] for text in shown), strict=True))
    assert all(a[0] <= b[1] * times and b[0] * times <= a[1] for a, b in pairs), (printed, shown)


def pasted(line, **more):
    """Start a copied command as a shell runs it; its output is wide, so that no cell is broken."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    env = {k: v for k, v in os.environ.items() if k != "FOEDUS_DATA"} | {"PATH": path, "COLUMNS": "400"} | more
    return subprocess.Popen(line, shell=True, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def printed(process):
    """Return what a command printed, and its tables, each as its rows by heading."""
    out, wrong = process.communicate(timeout=PATIENCE / 1000)
    assert process.returncode == 0, wrong
    tables = []
    for line in out.splitlines():
        cells = [cell.strip() for cell in re.split("[┃│]", line)[1:-1]]
        if line.startswith("┃"):
            tables.append((cells, []))
        elif line.startswith("│"):
            tables[-1][1].append(cells)
    return out, [[dict(zip(heads, row, strict=True)) for row in rows] for heads, rows in tables]
