"""The five minutes of the tour, walked: what `docs/how-to/studio-tour.md` says can be done is done, and its pictures look as they looked.

`FOEDUS_UPDATE_GOLDENS=1` takes the pictures anew.
"""

import re
from pathlib import Path

from playwright.sync_api import expect

from browser_steps import opened, settled
from pictures import held

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "studio-tour.md"


def taken(page, name, top=None):
    """Hold what is on the screen against a picture of the tour."""
    settled(page)
    page.mouse.move(0, 0)
    if top:
        page.get_by_test_id(top).evaluate("e => window.scrollTo(0, e.getBoundingClientRect().top + scrollY - 12)")
    like = held(
        page.screenshot(animations="disabled", caret="hide"), PAGE.parent / "pictures" / f"tour-{name}.png", shrink=2
    )
    assert like.alike, f"{name}: {like}"


def test_the_tour(page, studio):
    page.set_viewport_size({"width": 1280, "height": 860})
    opened(page, studio, "world")
    page.get_by_test_id("node-GMY").click()
    expect(page.get_by_test_id("dossier")).to_contain_text("Germany")
    taken(page, "world")

    page.get_by_test_id("nav-blocs").click()
    settled(page)
    page.get_by_test_id("why").fill("ital")
    page.keyboard.press("Enter")
    share = re.search(r"UKG in (\d+)% of draws", page.get_by_test_id("why-sentence").inner_text())
    assert 70 <= int(share[1]) <= 90
    taken(page, "blocs", "why-figure")

    opened(page, studio, "alone", "&with=UKG,FRN")
    taken(page, "alone", "ledger")

    opened(page, studio, "escalation")
    taken(page, "escalation", "war-size")

    opened(page, studio, "what-if")
    page.get_by_role("button", name="Without the Franco-Russian Alliance", exact=True).click()
    expect(page.get_by_test_id("what-if-toml")).to_have_value(re.compile("void_pact"))
    settled(page)
    taken(page, "what-if", "what-if-form")
    names = set(re.findall(r"pictures/(tour-[a-z-]+\.png)", PAGE.read_text()))
    assert names == {p.name for p in (PAGE.parent / "pictures").glob("*.png")}
