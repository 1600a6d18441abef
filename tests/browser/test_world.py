"""The world in a browser: dates by slider, keys and play, what is chosen lit on map and network, search, dossiers."""

import re

import pytest
from playwright.sync_api import expect

from browser_steps import focused, opened, settled, table, until

YEAR = "() => document.querySelector('[data-testid=world-year]').innerText"


def year(page):
    return page.get_by_test_id("world-year").inner_text()


def names(page):
    return page.get_by_test_id("figure-network").locator("[role=option]").evaluate_all("l => l.map(e => e.dataset.id)")


def test_slider_buttons_and_keys_go_from_date_to_date(page, studio):
    opened(page, studio, "world")
    whole = int(page.get_by_test_id("world-slider").get_attribute("max"))
    page.get_by_test_id("world-first").click()
    assert year(page) == "1872-01-01"
    expect(page.get_by_test_id("world-summary")).to_contain_text("1872-01-01")
    page.get_by_test_id("world-slider").focus()
    for key, place in (
        ("ArrowRight", 1),
        ("PageUp", 11),
        ("PageDown", 1),
        ("ArrowLeft", 0),
        ("End", whole),
        ("Home", 0),
    ):
        page.keyboard.press(key)
        expect(page.get_by_test_id("world-slider")).to_have_value(str(place))
    page.get_by_test_id("world-slider").fill(str(whole // 2))
    shown = year(page)
    expect(page.get_by_test_id("world-summary")).to_contain_text(shown)
    page.wait_for_url(re.compile(f"year={shown}"))
    assert shown in page.get_by_test_id("world-slider").get_attribute("aria-valuetext")
    page.reload()
    settled(page)
    assert year(page) == shown


def test_playing_goes_on_by_itself_and_stops_when_told(page, studio):
    page.goto(f"{studio.address}/?screen=world&over=europe-1872-1914&year=1872-01-01&speed=10")
    settled(page)
    page.get_by_test_id("screen-world").focus()
    page.keyboard.press(" ")
    expect(page.get_by_test_id("world-play")).to_have_text("Stop")
    until(page, "() => Number(document.querySelector('[data-testid=world-slider]').value) >= 3")
    page.keyboard.press(" ")
    expect(page.get_by_test_id("world-play")).to_have_text("Play")
    page.get_by_test_id("world-last").click()
    page.get_by_test_id("world-back").click()
    page.get_by_test_id("world-play").click()
    expect(page.get_by_test_id("world-play")).to_have_text("Play")
    assert year(page) == "1914-07-13"


def test_what_is_chosen_in_the_network_is_lit_on_the_map_and_has_a_dossier(page, studio):
    opened(page, studio, "world")
    spot = page.get_by_test_id("place-GMY").locator("circle").last
    plain = spot.get_attribute("stroke")
    page.get_by_test_id("node-GMY").hover()
    expect(spot).not_to_have_attribute("stroke", plain)
    page.get_by_test_id("node-GMY").click()
    page.wait_for_url(re.compile("state=GMY"))
    dossier = page.get_by_test_id("dossier")
    expect(dossier.get_by_role("heading", level=2).first).to_have_text("Germany")
    expect(spot).not_to_have_attribute("stroke", plain)
    settled(page)
    page.get_by_test_id("dossier-pacts").click()
    assert "Dual Alliance" in " ".join(v for row in table(page, "figure-dossier") for v in row.values())
    page.get_by_test_id("place-AUH").click(modifiers=["Shift"])
    page.wait_for_url(re.compile("state=GMY,AUH"))
    expect(page.get_by_test_id("node-AUH")).to_have_attribute("aria-selected", "true")
    expect(dossier.get_by_role("heading", level=2).first).to_contain_text("Austria-Hungary")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("node-AUH")).to_have_attribute("aria-selected", "false")
    assert "state=" not in page.url


def test_a_pact_is_found_by_its_name_with_the_keyboard(page, studio):
    page.goto(f"{studio.address}/?screen=data&in=europe-1872-1914")
    settled(page)
    page.keyboard.press("/")
    assert focused(page) == "search"
    page.keyboard.type("triple all", delay=10)
    expect(page.get_by_role("listbox").get_by_role("option").first).to_contain_text("Triple Alliance")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("screen=world.*pact=triple-alliance"))
    expect(page.get_by_test_id("dossier").get_by_role("heading", level=2).first).to_contain_text("Triple Alliance")
    settled(page)
    assert year(page) >= "1882-05-21"
    page.go_back()
    expect(page.get_by_test_id("screen-data")).to_be_visible()


@pytest.mark.realdata
def test_the_real_world_of_1914_has_the_states_and_the_war_of_that_year(page, studio_with_data):
    page.goto(f"{studio_with_data.address}/?screen=world&year=1914")
    settled(page)
    expect(page.get_by_test_id("world-summary")).to_have_text(re.compile(r"^1914: 4\d states, 1\d\d ties"))
    expect(page.get_by_test_id("world-wars")).to_contain_text("World War I")
    assert {"GMY", "AUH", "RUS", "FRN", "UKG", "TUR", "BEL"} <= set(names(page))
    assert page.get_by_test_id("world-map").locator("[data-testid^=shape-]").count() > 30
    page.get_by_test_id("world-slider").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_test_id("world-summary")).to_contain_text("1915:")
