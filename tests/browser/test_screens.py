"""Every screen: it opens without an error, nothing that axe knows is wrong with it, and it looks as it looked."""

import pytest

SCREENS = {
    "world": "&in=europe-1872-1914", "blocs": "&in=europe-1914", "alone": "&in=europe-1914", "escalation": "&in=europe-1914&draws=1000",
    "what-if": "&in=europe-1914", "pact": "&in=europe-1914", "years": "&in=europe-1914", "models": "", "data": "", "runs": "",
}  # fmt: skip
QUIET = "!document.querySelector('[data-testid=loading], [aria-busy=true]') && document.querySelector('h1')"


def opened(page, studio, screen):
    page.goto(f"{studio.address}/?screen={screen}{SCREENS[screen]}")
    page.wait_for_function(QUIET)
    page.wait_for_load_state("networkidle")
    page.wait_for_function(QUIET)
    return page


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("colour", ["light", "dark"])
def test_axe_finds_nothing(page_of, studio, screen, colour):
    from axe_playwright_python.sync_playwright import Axe

    page = opened(page_of(color_scheme=colour), studio, screen)
    found = Axe().run(page).response["violations"]
    told = [f"{v['id']} ({v['impact']}): {v['help']}: {[n['html'][:160] for n in v['nodes'][:3]]}" for v in found]
    assert told == []


@pytest.mark.parametrize("screen", SCREENS)
def test_nothing_leaves_a_narrow_page(page_of, studio, screen):
    page = opened(page_of(width=390, height=844), studio, screen)
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390
