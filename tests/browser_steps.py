"""What the browser tests share: screens and their addresses, waiting without sleeping, the copied Python run, files saved.

The page's content policy forbids evaluation, so `wait_for_function` polls nothing there: `until` asks from outside instead.
"""

from __future__ import annotations

import re
import time

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
    page.get_by_test_id(figure).get_by_test_id(button).click()
    return until(page, "() => navigator.clipboard.readText()")


def ran(page, figure):
    """Return the names that the copied Python leaves behind: it is run as it stands."""
    space = {}
    exec(copied(page, figure), space)
    return space


def table(page, figure):
    """Return the rows of a figure's table as texts, by heading; the figure is a drawing again afterwards."""
    box = page.get_by_test_id(figure)
    box.get_by_test_id("as-table").click()
    rows = box.get_by_test_id("table").last.evaluate(
        "t => [...t.rows].map(r => [...r.cells].map(c => c.innerText.replace(/[▲▼]|\\u00a0\\([^)]*\\)/g, '').trim()))"
    )
    box.get_by_test_id("as-table").click()
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def saved(page, figure, kind):
    """Return the bytes of the file as which a figure is saved."""
    with page.expect_download() as waited:
        page.get_by_test_id(figure).get_by_test_id("export").select_option(kind)
    return waited.value.path().read_bytes()


def value(text):
    """Return the first number in a text, a percentage as a share."""
    return numbers(text)[0] / (100 if "%" in text else 1)


def numbers(text):
    """Return the numbers in a text, signs, percent and thousands understood."""
    return [float(n.replace(",", "").replace("−", "-")) for n in re.findall(r"[-−]?\d[\d,]*\.?\d*(?:e[-+]\d+)?", text)]
