"""Blocs and Alone in a browser: why an actor is where it is, and allies added one by one."""

import re

from playwright.sync_api import expect

from browser_steps import opened, settled, table


def test_why_is_asked_by_keyboard(page, studio):
    opened(page, studio, "blocs")
    expect(page.get_by_test_id("line-up").get_by_test_id("proved")).to_have_text("proved optimal")
    page.get_by_test_id("why").focus()
    page.keyboard.type("ital")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("why=ITA"))
    settled(page)
    expect(page.get_by_test_id("why-sentence")).to_contain_text("ITA falls to bloc")
    assert any(row["name"] == "GMY" for row in table(page, "why-figure"))


def test_another_what_if_is_another_line_up(page, studio):
    opened(page, studio, "blocs")
    before = page.get_by_test_id("fit").inner_text()
    page.get_by_test_id("system-what-if").select_option("no-entente-alignments")
    page.wait_for_url(re.compile("what_if=no-entente-alignments"))
    settled(page)
    assert page.get_by_test_id("fit").inner_text() != before
    page.go_back()
    settled(page)
    assert page.get_by_test_id("fit").inner_text() == before


def test_allies_are_added_one_by_one_and_removed(page, studio):
    opened(page, studio, "alone")
    for name, code in (("united k", "UKG"), ("fran", "FRN")):
        page.get_by_test_id("with").focus()
        page.keyboard.type(name)
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(f"with=.*{code}"))
    settled(page)
    steps = table(page, "adding")
    assert [row["added"] for row in steps] == ["unknown", "UKG", "FRN"]
    expect(page.get_by_test_id("answer-added")).to_contain_text(
        "With United Kingdom and France and nobody else: yes, safer than alone"
    )
    expect(page.get_by_test_id("answer-pledged")).to_contain_text("bound to it by such an attack or possibly so")
    page.get_by_role("button", name="Remove United Kingdom").click()
    page.wait_for_url(re.compile("with=FRN"))
    settled(page)
    assert [row["added"] for row in table(page, "adding")] == ["unknown", "FRN"]
    expect(page.get_by_test_id("bound-finding")).to_contain_text("United Kingdom")
