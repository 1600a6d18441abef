"""Data in a browser: what is covered, rows with filters, 0 or missing, and what is said where no data are."""

import pytest
from playwright.sync_api import expect

from browser_steps import ran, settled, table


def test_without_data_the_screen_says_how_to_get_them(page, studio):
    page.goto(f"{studio.address}/?screen=data")
    settled(page)
    assert "foedus data fetch" in page.get_by_test_id("nodata").inner_text()
    sets = table(page, "figure-coverage")
    assert len(sets) > 20
    assert "not here" in sets[0].values()


def cell(page, table_name, column, key):
    page.get_by_test_id("data-table").select_option(table_name)
    settled(page)
    page.get_by_test_id("cell-column").select_option(column)
    for name, value in key.items():
        page.get_by_test_id(f"cell-key-{name}").fill(str(value))
    page.get_by_test_id("cell-ask").click()
    settled(page)
    return page.get_by_test_id("cell-verdict").inner_text().lower(), page.get_by_test_id("cell-why").inner_text()


@pytest.fixture
def three_sets(tmp_path, realdata_dir):
    """A data folder with three of the data sets: reading all of them for the first time takes longer than a quick question may."""
    from foedus.data.store import DataDir

    folder = tmp_path / "data"
    for name in ("cow_nmc", "cow_contdir", "cow_states"):
        found = DataDir(realdata_dir).find(name)
        here = folder / found.relative_to(realdata_dir)
        here.parent.mkdir(parents=True, exist_ok=True)
        here.symlink_to(found)
    return folder


@pytest.mark.realdata
def test_rows_are_filtered_and_a_cell_is_observed_zero_by_rule_or_missing(page, studio_of, three_sets, monkeypatch):
    monkeypatch.setenv("FOEDUS_DATA", str(three_sets))  # for the copied Python
    studio = studio_of(data=three_sets)
    page.goto(f"{studio.address}/?screen=data&table=cow_nmc")
    settled(page)
    whole = page.get_by_test_id("rows-range").inner_text()
    for column, value in (("year", "1914"), ("ccode", "255")):
        page.get_by_test_id("filter-column").select_option(column)
        page.get_by_test_id("filter-value").fill(value)
        page.get_by_test_id("filter-add").click()
        settled(page)
    expect(page.get_by_test_id("rows-range")).to_have_text("1 to 1 of 1 row")
    assert "of 1 row" not in whole
    assert "where=" in page.url
    page.get_by_test_id("figure-rows").get_by_role("button", name="Open", exact=True).click()
    settled(page)
    assert page.get_by_test_id("cell-verdict").inner_text().lower() == "observed"
    rows = ran(page, "figure-rows")["result"]
    assert rows.frame["year"].to_list() == [1914]
    verdict, why = cell(page, "cow_nmc", "cinc", {"ccode": 255, "year": 2050})
    assert verdict == "missing", why
    verdict, why = cell(page, "cow_contdir", "conttype", {"ccode1": 2, "ccode2": 255, "year": 1905})
    assert "zero" in verdict, why
