import datetime as dt

import pytest

from foedus.data.membership import gw_codes, members
from foedus.data.states import who
from foedus.data.store import DataDir
from foedus.errors import CoverageError, DataError, UnknownStateError

pytestmark = pytest.mark.realdata


@pytest.fixture(scope="module")
def data(realdata_dir):
    return DataDir(realdata_dir)


@pytest.mark.parametrize(
    ("query", "date", "code", "abb", "name"),
    [
        ("PRUSSIA", 1860, 255, "GMY", "Prussia"),
        ("Ottoman Empire", 1900, 640, "TUR", "Ottoman Empire"),
        ("Persia", "1914-07-28", 630, "IRN", "Persia"),
        ("Siam", 1930, 800, "THI", "Siam"),
        ("burma", 1960, 775, "MYA", "Burma"),
        ("Piedmont", 1850, 325, "ITA", "Sardinia"),
        ("Sardinia", 1850, 325, "ITA", "Sardinia"),
        ("Soviet Union", 1950, 365, "RUS", "Soviet Union"),
        ("Serbia", "1914-07-28", 345, "YUG", "Serbia"),
        ("SER", "1914-07-28", 345, "YUG", "Serbia"),
        ("yug", "1914-07-28", 345, "YUG", "Serbia"),
        ("cow:345", 1914, 345, "YUG", "Serbia"),
        ("345", 1914, 345, "YUG", "Serbia"),
        (345, 1914, 345, "YUG", "Serbia"),
        ("Österreich-Ungarn", 1900, 300, "AUH", "Austria-Hungary"),
        ("OSTERREICH UNGARN", 1900, 300, "AUH", "Austria-Hungary"),
        ("Austria", 1866, 300, "AUH", "Austria"),
        ("Austria", 1930, 305, "AUS", "Austria"),
        ("Türkiye", 2010, 640, "TUR", "Turkey"),
        ("North Macedonia", 2010, 343, "MAC", "Macedonia"),
        ("GBR", 1914, 200, "UKG", "United Kingdom"),
        ("iso:DEU", 2010, 255, "GMY", "Germany"),
        ("Yemen", 2010, 679, "YEM", "Yemen"),
    ],
)
def test_a_state_is_understood_by_any_name_it_bears(data, query, date, code, abb, name):
    (match,) = who(query, date, data)
    assert (match.scheme, match.code, match.abb, match.name, match.exact) == ("cow", code, abb, name, True)
    assert match.start <= match.end


def test_a_gleditsch_ward_code_is_answered_in_its_own_scheme(data):
    (match,) = who("gw:340", "1914-07-28", data)
    assert (match.scheme, match.code, match.other_scheme, match.other_code) == ("gw", 340, "cow", 345)
    (match,) = who("cow:345", "1914-07-28", data)
    assert (match.other_scheme, match.other_code) == ("gw", 340)
    assert str(match) == "YUG Serbia (cow:345, gw:340, iso:SRB, vdem:198, ucdp:340; member 1878-07-13 to 1941-04-20)"


def test_a_match_is_plain_for_json(data):
    match = who("Serbia", "1914-07-28", data)[0].to_dict()
    assert match == {
        "query": "Serbia", "scheme": "cow", "code": 345, "abb": "YUG", "name": "Serbia", "start": "1878-07-13", "end": "1941-04-20",
        "other_scheme": "gw", "other_code": 340, "exact": True, "iso3": "SRB", "vdem": 198, "ucdp": 340, "note": match["note"],
    }  # fmt: skip
    assert who("France", 2010, data)[0].to_dict()["end"] is None, "a member to the end of the list"


def test_codes_that_differ_between_the_lists_are_kept_apart(data):
    assert who("gw:260", 2000, data)[0].other_code == 255
    assert gw_codes(dt.date(2000, 1, 1), data)[679] == 678
    assert who("cow:970", 2005, data)[0].name == "Nauru"
    with pytest.raises(UnknownStateError, match="gw:255"):
        who("gw:255", 2000, data)


def test_a_small_typing_error_is_read_and_marked(data):
    (match,) = who("Germny", 1900, data)
    assert (match.code, match.exact) == (255, False)


@pytest.mark.parametrize(
    ("query", "date"), [("Germany", 1965), ("Korea", 1960), ("Vietnam", 1960), ("Yemen", 1970), ("Congo", 1970)]
)
def test_an_ambiguous_name_lists_the_candidates_and_picks_none(data, query, date):
    with pytest.raises(UnknownStateError, match=r"Ambiguous actor.*cow:\d+.*cow:\d+"):
        who(query, date, data)


def test_a_code_that_is_no_member_on_the_date_says_when_it_was_and_who_was_then(data):
    with pytest.raises(UnknownStateError) as caught:
        who("260", "1914-07-28", data)
    text = str(caught.value)
    for part in ("German Federal Republic", "1955-05-05 to 1990-10-02", "1914-07-28", "cow:255", "gw:NNN"):
        assert part in text


def test_a_state_of_the_other_list_only_is_pointed_to(data):
    with pytest.raises(UnknownStateError, match=r"2006-06-12 to 2016-12-31.*\n.*gw:341"):
        who("Montenegro", "1914-07-28", data)


def test_an_unknown_name_names_the_nearest(data):
    with pytest.raises(UnknownStateError, match=r"'Atlantis'.*\n.*did you mean"):
        who("Atlantis", 1970, data)


@pytest.mark.parametrize("query", ["", "   ", "x" * 5000, "cow:", "gw:999", "999", "\x00", "🐘"])
def test_odd_input_is_an_error_that_is_meant(data, query):
    with pytest.raises(UnknownStateError):
        who(query, 1914, data)


def test_membership_is_that_of_the_list_and_then_of_the_capability_series(data):
    assert members(dt.date(1914, 7, 28), data).height == 45
    later = members(dt.date(2019, 3, 18), data)
    assert later.height == 195
    for day in (dt.date(1815, 12, 31), dt.date(2024, 1, 1)):
        with pytest.raises(CoverageError, match="expected a day from 1816-01-01 to 2016-12-31"):
            members(day, data)


def test_every_code_in_our_table_of_names_is_a_code_of_the_list(data):
    from foedus.data import names

    assert set(names.table()) == set(data.table("cow_states")["ccode"])


def test_without_the_membership_list_it_says_what_is_missing(tmp_path):
    with pytest.raises(DataError, match="State System Membership"):
        who("France", 1914, tmp_path)
