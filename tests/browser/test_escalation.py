"""Escalation in a browser: the spark, a run that is cancelled, resumed, reloaded and seen in two tabs, and a war step by step."""

import re

from playwright.sync_api import expect

from browser_steps import settled

SHOT = "/?screen=escalation&in=europe-1914&attacker=AUH&target=SER&draws=1000"


def number(text):
    return float(re.search(r"[\d.]+", text)[0])


def size(page):
    return page.get_by_test_id("war-size-value").inner_text()


def test_another_spark_is_another_war_and_its_address_opens_it_in_a_new_browser(page, page_of, studio):
    page.goto(studio.address + SHOT)
    size(page)
    page.get_by_test_id("war-spark").nth(1).click()
    page.wait_for_url(re.compile("attacker=GMY"))
    page.get_by_test_id("war-draws").select_option("1000")
    expect(page.get_by_test_id("war-actors")).to_contain_text("Germany")
    settled(page)
    there = page_of()
    there.goto(page.url)
    assert size(there) == size(page)


def test_a_war_is_played_step_by_step_with_the_keyboard(page, studio):
    page.goto(f"{studio.address}{SHOT}&which=worst")
    steps = page.get_by_test_id("replay-steps").locator("li")
    steps.nth(3).wait_for()
    whole = steps.count()
    slider = page.get_by_test_id("replay-step")
    slider.focus()
    page.keyboard.press("Home")
    expect(steps).to_have_count(2)
    page.keyboard.press("ArrowRight")
    expect(steps).to_have_count(3)
    assert "step=2" in page.url
    page.keyboard.press("End")
    expect(steps).to_have_count(whole)
    joined = [t for t in steps.all_inner_texts() if " joins side " in t]
    assert number(page.get_by_test_id("replay-figure").locator("p").first.inner_text()) == 2 + len(joined)


def test_playing_stops_at_the_end(page, studio):
    page.goto(f"{studio.address}{SHOT}&which=median")
    play = page.get_by_test_id("replay-play")
    steps = page.get_by_test_id("replay-steps").locator("li")
    steps.nth(1).wait_for()
    whole = steps.count()
    play.click()
    assert play.inner_text() == "Pause"
    expect(play).to_have_text("Play")
    assert steps.count() == whole


def test_whoever_attacks_itself_is_not_asked(page, studio):
    page.goto(f"{studio.address}/?screen=escalation&in=europe-1914&attacker=AUH&target=AUH")
    assert page.get_by_test_id("empty").inner_text() == "Choose who attacks whom."


def test_a_run_is_cancelled_and_goes_on_after_a_reload_and_in_a_second_tab(page_of, context_of, studio_of):
    studio = studio_of()
    context = context_of()
    page, other = page_of(context), page_of(context)
    page.goto(f"{studio.address}{SHOT.replace('draws=1000', 'draws=400000')}&seed=11")
    page.get_by_test_id("run-start").click()
    page.get_by_test_id("run-progress").wait_for()
    page.get_by_test_id("run-cancel").click()
    page.get_by_test_id("run-resume").wait_for()
    page.reload()
    page.get_by_test_id("run-resume").click()
    page.get_by_test_id("run-progress").wait_for()
    other.goto(page.url)
    page.reload()
    page.get_by_test_id("war-size-value").wait_for(timeout=120_000)
    other.get_by_test_id("war-size-value").wait_for(timeout=120_000)
    assert size(page) == size(other)
