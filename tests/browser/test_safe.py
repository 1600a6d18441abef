"""What a browser must not do: act for strangers, run names as markup, ask anybody else; and what it says without the token."""

from importlib.resources import files

import pytest
from playwright.sync_api import expect

from browser_steps import SCREENS, settled

TOKEN = "a-token-of-more-than-sixteen"
NAME = "<img src=x onerror=alert(1)>"


def test_the_token_opens_the_studio_leaves_the_address_and_is_in_no_copied_link(page_of, context_of, studio_of):
    guarded = studio_of("--token", TOKEN)
    page = page_of()
    page.goto(f"{guarded.address}/?screen=escalation&in=europe-1914&draws=1000#token={TOKEN}")
    settled(page)
    expect(page.get_by_test_id("war-size-value")).to_be_visible()
    assert "token" not in page.url
    page.get_by_test_id("war-size").get_by_test_id("copy-link").click()
    assert TOKEN not in page.evaluate("() => navigator.clipboard.readText()")
    page.reload()
    settled(page)
    expect(page.get_by_test_id("war-size-value")).to_be_visible()
    for fragment in ("", "#token=a-token-that-is-not-the-one"):
        stranger = page_of(context_of(), but=("401",))
        stranger.goto(f"{guarded.address}/?screen=escalation&in=europe-1914{fragment}")
        expect(stranger.get_by_test_id("error").first).to_contain_text("the token is missing or wrong")
        expect(stranger.get_by_test_id("war-size-value")).to_have_count(0)


@pytest.fixture
def hostile(studio_of, tmp_path):
    """A studio whose user has a scenario with markup for names."""
    (tmp_path / "scenarios").mkdir()
    text = (files("foedus.scenario") / "bundled" / "europe-1914.toml").read_text()
    for plain in (
        "Germany",
        "Belgium",
        "Triple Alliance (fifth treaty, 5 December 1912)",
        "Europe on the eve of the July crisis",
    ):
        assert f'"{plain}"' in text
        text = text.replace(f'"{plain}"', f'"{NAME} {plain}"')
    (tmp_path / "scenarios" / "hostile.toml").write_text(text)
    return studio_of()


def test_names_of_a_scenario_are_words_on_every_screen(page, hostile):
    asked = []
    page.on("dialog", lambda d: asked.append(d.message))
    for screen, own in SCREENS.items():
        more = own.replace("in=europe-1914", "in=file:hostile.toml").replace(
            "over=europe-1872-1914&year=1914-07-13", "over=file:hostile.toml&state=GMY"
        )
        page.goto(f"{hostile.address}/?screen={screen}{more}")
        settled(page)
        assert page.locator("img, [onerror]").count() == 0, screen
        if more and screen != "models":
            assert NAME in page.get_by_test_id(f"screen-{screen}").inner_text() + page.content().replace(
                "&lt;", "<"
            ).replace("&gt;", ">"), screen
    assert asked == []


def test_a_foreign_page_cannot_ask_the_studio(page_of, context_of, studio):
    """The page of another origin, whose own policy forbids nothing, sends what needs no leave of the browser, and is shown nothing of the reply."""
    page = page_of(context_of(bypass_csp=True), but=("NotSameOrigin", "//localhost"))
    page.goto(studio.address.replace("127.0.0.1", "localhost"))
    settled(page)
    with page.expect_event("requestfailed", lambda r: r.url.endswith("/api/ask/blocs")) as waited:
        page.evaluate(
            "a => fetch(a, {method: 'POST', mode: 'no-cors', body: '{}'}).catch(() => null)",
            f"{studio.address}/api/ask/blocs",
        )
    assert "NotSameOrigin" in waited.value.failure
