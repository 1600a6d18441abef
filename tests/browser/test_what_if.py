"""What-if in a browser: a change by form and by text, undone and redone, sent as a link, compared as A, B and difference."""

import re

import pytest
from playwright.sync_api import expect

from browser_steps import focused, opened, ran, settled, table, until, value

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


def test_text_changes_the_form_faults_are_shown_at_their_line_and_the_copied_python_agrees(page, studio):
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
    result = {m["quantity"]: m for m in ran(page, "what-if-size")["result"].table().to_dicts() if not m.get("actor")}
    rows = {row["quantity"]: row for row in table(page, "what-if-size")}
    for name, meant in result.items():
        for heading, field in (("A", "first"), ("B", "second"), ("B less A", "change")):
            shown = rows[name][heading]
            assert (
                (shown == "unknown")
                if meant[field] is None
                else (value(shown) == pytest.approx(meant[field], rel=6e-3))
            ), (name, field)
    drawn = page.get_by_test_id("what-if-shares").locator("[aria-label^='anybody joins']").get_attribute("aria-label")
    assert (
        f"B {result['anybody joins']['second'] * 100:.3g} %" in drawn
        or f"B {result['anybody joins']['second'] * 100:.0f} %" in drawn
    )
    assert value(drawn.split("difference ")[1]) == pytest.approx(result["anybody joins"]["change"] * 100, abs=0.6)
