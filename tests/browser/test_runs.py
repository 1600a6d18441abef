"""Runs in a browser: cancelled, gone on with, compared, deleted, and figures made into a report."""

import re

from playwright.sync_api import expect

from browser_steps import opened, settled

WAR = "/?screen=escalation&in=europe-1914&attacker=AUH&target=SER"


def begun(page, studio, draws, seed):
    page.goto(f"{studio.address}{WAR}&draws={draws}&seed={seed}")
    page.get_by_test_id("run-start").click()
    page.wait_for_url(re.compile("run="))
    return re.search(r"run=([^&]+)", page.url)[1]


def test_runs_are_cancelled_gone_on_with_compared_and_deleted(page, studio_of):
    studio = studio_of()
    for seed in (1, 2):
        begun(page, studio, 20_000, seed)
        expect(page.get_by_test_id("war-size-value")).to_be_visible()
    begun(page, studio, 1_000_000, 3)
    page.goto(f"{studio.address}/?screen=runs")
    long = page.get_by_test_id("run").filter(has=page.get_by_test_id("run-cancel"))
    long.get_by_test_id("run-cancel").click()
    cancelled = page.locator("[data-testid=run][data-state=cancelled]")
    expect(cancelled).to_have_count(1)
    cancelled.get_by_test_id("run-resume").click()
    expect(page.locator("[data-testid=run][data-state=running], [data-testid=run][data-state=queued]")).to_have_count(1)
    page.get_by_test_id("run-cancel").click()
    expect(cancelled).to_have_count(1)
    cancelled.get_by_test_id("run-delete").click()
    cancelled.get_by_test_id("run-delete").click()
    expect(page.get_by_test_id("run")).to_have_count(2)
    for box in page.get_by_test_id("run-compare").all():
        box.check()
    table = page.get_by_test_id("run-comparison").locator("tbody tr")
    expect(table.first).to_be_visible()
    page.reload()
    expect(table.first).to_be_visible()
    rows = [row.locator("td").all_inner_texts() for row in table.all()]
    assert any(a != b and d not in ("0", "unknown") for a, b, d in rows)
    settled(page)


def test_figures_of_several_screens_become_a_report(page, studio):
    opened(page, studio, "blocs")
    page.get_by_test_id("membership").get_by_test_id("add-to-report").click()
    page.get_by_test_id("nav-escalation").click()
    page.get_by_test_id("war-size").get_by_test_id("add-to-report").click()
    page.get_by_test_id("nav-runs").click()
    expect(page.get_by_test_id("report-figures").locator("li")).to_have_count(2)
    page.get_by_test_id("report-title").fill("July <b>1914</b>")
    with page.expect_download() as waited:
        page.get_by_test_id("report-make").click()
    text = waited.value.path().read_text()
    assert "July &lt;b&gt;1914&lt;/b&gt;" in text
    assert "How surely each is in its bloc" in text
    assert text.count("<svg") >= 1
    assert "<script" not in text
    assert "import foedus as fd" in text
    page.get_by_test_id("report-clear").click()
    expect(page.get_by_test_id("report-figures")).to_have_count(0)
