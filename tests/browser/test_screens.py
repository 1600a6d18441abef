"""Every screen, on one load each: no error, nothing that axe knows is wrong, nothing wider than a phone, and it looks as it looked.

`FOEDUS_UPDATE_GOLDENS=1` writes the goldens anew; look at them before you commit them.
"""

from pathlib import Path

import pytest

from browser_steps import SCREENS, opened, settled
from pictures import held

GOLDENS = Path(__file__).parent / "goldens"
WIDTHS = {1440: 900, 390: 844}


def shot(page):
    page.mouse.move(0, 0)
    page.evaluate("() => { scrollTo(0, 0); document.activeElement?.blur() }")
    return page.screenshot(full_page=True, animations="disabled", caret="hide")


COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
"""What axe finds in one pair of colours and not in another; all else is alike in both."""


def faults(page, colour="light"):
    from axe_playwright_python.sync_playwright import Axe

    options = {"resultTypes": ["violations"]} | ({} if colour == "light" else COLOURS)
    found = Axe().run(page, options=options).response["violations"]
    return [f"{v['id']} ({v['impact']}): {v['help']}: {[n['html'][:160] for n in v['nodes'][:3]]}" for v in found]


@pytest.mark.parametrize("screen", SCREENS)
def test_a_screen_has_no_fault_and_looks_as_it_looked(page, studio, screen):
    opened(page, studio, screen)
    wrong = []
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        for colour in ("light", "dark"):
            page.emulate_media(color_scheme=colour)
            settled(page)
            assert page.evaluate("() => document.documentElement.scrollWidth") <= width
            wrong += faults(page, colour)
            like = held(shot(page), GOLDENS / f"{screen}-{width}-{colour}.png")
            wrong += [] if like.alike else [f"{screen} at {width} in {colour} looks different: {like}"]
    assert wrong == []


@pytest.mark.parametrize("width", WIDTHS)
def test_another_font_looks_alike_and_a_page_without_one_figure_does_not(page, studio, width):
    opened(page, studio, "blocs")
    page.set_viewport_size({"width": width, "height": WIDTHS[width]})
    settled(page)
    golden = GOLDENS / f"blocs-{width}-light.png"
    page.evaluate("() => { document.body.style.fontFamily = 'serif' }")
    assert held(shot(page), golden, write=False).alike
    page.evaluate("() => { document.body.style.fontFamily = '' }")
    figures = page.locator("section.figure")
    for k in range(figures.count()):
        figures.nth(k).evaluate("e => { e.style.display = 'none' }")
        assert not held(shot(page), golden, write=False).alike, k
        figures.nth(k).evaluate("e => { e.style.display = '' }")
