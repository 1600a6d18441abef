"""What-if in a browser: a change by form and by text, undone and redone, sent as a link, compared as A, B and difference."""

import re

from playwright.sync_api import expect

from browser_steps import focused, opened, settled, table, until

VALUE = "id => document.querySelector(`[data-testid=${id}]`).value"
HOLDS = "([id, part]) => document.querySelector(`[data-testid=${id}]`).value.includes(part)"


def text(page):
    return page.evaluate(VALUE, "what-if-toml")


def holds(page, part):
    until(page, HOLDS, ["what-if-toml", part])
    expect(page.get_by_test_id("what-if-state")).to_contain_text("no problems")
    settled(page)


def test_a_pact_is_voided_by_form_undone_redone_and_its_link_opens_it_in_a_new_browser(page, page_of, studio):
    opened(page, studio, "what-if")
    empty = text(page)
    page.get_by_test_id("what-if-void").fill("Franco-Russian")
    page.keyboard.press("Enter")
    holds(page, "void_pact")
    voided = text(page)
    expect(page.get_by_test_id("what-if-edit")).to_have_count(1)
    size = page.get_by_test_id("what-if-summary").inner_text()
    page.get_by_test_id("what-if-undo").click()
    until(page, "([id, was]) => document.querySelector(`[data-testid=${id}]`).value === was", ["what-if-toml", empty])
    expect(page.get_by_test_id("what-if-edit")).to_have_count(0)
    page.get_by_test_id("what-if-redo").click()
    holds(page, "void_pact")
    assert text(page) == voided
    page.wait_for_url(re.compile("draft="))
    there = page_of()
    there.goto(page.url)
    settled(there)
    holds(there, "void_pact")
    assert text(there) == voided
    assert there.get_by_test_id("what-if-summary").inner_text() == size
    assert table(there, "what-if-actors") == table(page, "what-if-actors")


def test_text_changes_the_form_and_faults_are_shown_at_their_line(page, studio):
    opened(page, studio, "what-if")
    page.get_by_test_id("what-if-new").click()
    settled(page)
    editor = page.get_by_test_id("what-if-toml")
    before = text(page)
    editor.fill(before + '\n[[edits]]\nop = "remove_actor"\nactor = "XYZ"\n')
    expect(page.get_by_test_id("what-if-problems").locator("li").first).to_contain_text("XYZ")
    expect(page.get_by_test_id("what-if-problems").get_by_role("button").first).to_contain_text("line")
    editor.fill(before + '\n[[edits]]\nop = "remove_actor"\nactor = "RUS"\n')
    holds(page, "RUS")
    expect(page.get_by_test_id("what-if-edit")).to_contain_text("leave an actor out")
    assert focused(page) == "what-if-toml"
