import datetime as dt
import itertools

import pytest

from foedus.data import names
from foedus.system.nouns import REGIONS


@pytest.mark.parametrize(
    ("text", "normal"),
    [("PRUSSIA", "prussia"), ("The Gambia", "gambia"), ("Österreich-Ungarn", "osterreich ungarn"), ("U.S.A.", "usa"),
     ("Côte d'Ivoire", "cote divoire"), ("Antigua & Barbuda", "antigua and barbuda"), ("the", "the")],
)  # fmt: skip
def test_names_are_compared_without_case_accents_and_punctuation(text, normal):
    assert names.normal(text) == normal


@pytest.mark.parametrize(
    ("code", "year", "name"),
    [(255, 1860, "Prussia"), (255, 1914, "Germany"), (345, 1914, "Serbia"), (345, 1950, "Yugoslavia"), (345, 2010, "Serbia"),
     (640, 1914, "Ottoman Empire"), (365, 1950, "Soviet Union"), (325, 1850, "Sardinia"), (800, 1930, "Siam")],
)  # fmt: skip
def test_the_usual_name_follows_the_date(code, year, name):
    assert names.of(code).on(dt.date(year, 1, 1), "?") == name


def test_a_code_without_a_dated_name_keeps_the_listed_one():
    assert names.of(210).on(dt.date(1914, 1, 1), "Netherlands") == "Netherlands"
    assert names.of(999).spellings() == ()


def test_dated_names_are_in_order_and_kin_are_known_codes():
    table = names.table()
    for entry in table.values():
        days = [day for _, day in entry.called]
        assert days == sorted(days)
        assert set(entry.kin) <= set(table)
        assert entry.cow not in entry.kin


def test_no_two_codes_share_an_iso_code():
    codes = [n.iso3 for n in names.table().values() if n.iso3]
    assert len(codes) == len(set(codes))


def test_every_code_has_a_region_of_the_ten():
    assert {names.region(code) for code in names.table()} == set(REGIONS)
    found = {code: names.region(code) for code in (2, 70, 255, 365, 640, 651, 625, 626, 700, 703, 710, 775, 816, 920)}
    assert found == {
        2: "North America", 70: "Latin America", 255: "Europe", 365: "Europe", 640: "Middle East", 651: "Middle East",
        625: "North Africa", 626: "Sub-Saharan Africa", 700: "South Asia", 703: "Central Asia", 710: "East Asia",
        775: "East Asia", 816: "East Asia", 920: "Oceania",
    }  # fmt: skip


def test_blocks_of_regions_leave_no_code_with_two_meanings_by_accident():
    blocks = sorted((b["first"], b["last"]) for b in names._blocks())
    for (_, last), (first, end) in itertools.pairwise(blocks):
        assert first > last or end <= last, "a block may only stand apart from or inside another"
