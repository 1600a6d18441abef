"""The studio without a mouse: every screen is reached, everything on it can be, and one sees where one is."""

import pytest
from playwright.sync_api import expect

from browser_steps import SCREENS, focused, opened, settled

SEEN = """() => {
  const e = document.activeElement;
  if (e === document.body) return null;
  const probe = document.body.appendChild(document.createElement('i'));
  probe.style.color = 'var(--accent)';
  const accent = getComputedStyle(probe).color;
  probe.remove();
  const drawn = s => (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2) || s.stroke === accent;
  const svg = e instanceof SVGElement ? [...e.querySelectorAll('*')] : [];
  const marks = [e, ...svg, ...(e.closest('.editor') ? [e.closest('.editor')] : [])];
  const box = e.getBoundingClientRect();
  e.dataset.walked = '1';
  return {
    what: e.dataset.testid || e.id || e.outerHTML.slice(0, 120),
    seen: e.type === 'date' || marks.some(m => drawn(getComputedStyle(m))), // the browser marks the part of a date
    there: box.width > 0 && box.height > 0,
  };
}"""
LEFT = """() => [...document.querySelectorAll('main :is(a[href], button, input, select, textarea, summary, [tabindex="0"])')]
  .filter(e => !e.disabled && !e.closest('[hidden], fieldset:disabled') && !e.dataset.walked && e.checkVisibility({visibilityProperty: true}))
  .filter(e => !(e.closest('details:not([open])') && e.tagName !== 'SUMMARY'))
  .map(e => e.dataset.testid || e.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize("screen", SCREENS)
def test_tab_reaches_everything_on_a_screen_and_shows_where_it_is(page, studio, screen):
    opened(page, studio, screen)
    stops, unseen = 0, []
    page.keyboard.press("Tab")
    assert focused(page).startswith("BUTTON Skip")
    page.keyboard.press("Enter")
    while stops < 250:
        page.keyboard.press("Tab")
        at = page.evaluate(SEEN)
        for _ in range(20):
            if at is None or (at["seen"] and at["there"]):
                break
            page.wait_for_timeout(50)
            at = page.evaluate(SEEN)
        if at is None:
            break
        stops += 1
        if not (at["seen"] and at["there"]):
            unseen.append(at)
    assert unseen == []
    assert page.evaluate(LEFT) == []
    assert stops >= 1


def test_keys_go_to_every_screen_and_help_lists_them(page, studio):
    opened(page, studio, "data")
    page.keyboard.press("?")
    shown = page.get_by_test_id("help-dialog")
    expect(shown).to_be_visible()
    keys = shown.inner_text()
    page.keyboard.press("Escape")
    expect(shown).to_be_hidden()
    for screen in SCREENS:
        link = page.get_by_test_id(f"nav-{screen}")
        assert link.inner_text() in keys
        link.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_test_id(f"screen-{screen}")).to_be_visible()
        expect(link).to_have_attribute("aria-current", "page")
    page.keyboard.press("g")
    page.keyboard.press("b")
    expect(page.get_by_test_id("screen-blocs")).to_be_visible()
    assert "foedus studio" in page.title()
    settled(page)


def test_arrows_walk_the_network_and_enter_chooses(page, studio):
    opened(page, studio, "world")
    first = page.get_by_test_id("world-network").locator("[role=option][tabindex='0']")
    first.focus()
    begun = focused(page)
    page.keyboard.press("ArrowRight")
    assert focused(page) != begun
    assert focused(page).startswith("node-")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id(focused(page))).to_have_attribute("aria-selected", "true")
    settled(page)
    page.keyboard.press("Escape")
    expect(page.locator("[aria-selected=true][data-testid^=node-]")).to_have_count(0)
