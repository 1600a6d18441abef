"""What a few letters may mean, on made-up rows."""

import pytest

from foedus.data import find as looked
from foedus.data.find import find, rank
from made_up_store import ROWS, Store


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("France", "FRN"), ("fran", "FRN"), ("FRN", "FRN"), ("cow:220", "FRN"), ("220", "FRN"), ("gw:221", "FRN"), ("iso:FRA", "FRN"),
     ("PRUSSIA", "GMY"), ("britain", "UKG"), ("tsarist", "RUS")],
)  # fmt: skip
def test_a_state_is_found_by_any_name_and_code(store, text, wanted):
    assert find(text, data_dir=store)[0].id == wanted


def test_the_very_word_comes_first(store):
    ranks = [f.rank for f in find("russia", data_dir=store)]
    assert ranks == sorted(ranks)
    assert find("russia", data_dir=store)[0].to_dict() | {"detail": ""} == {
        "kind": "state", "id": "RUS", "label": "Russia", "detail": "", "rank": 0, "first": "1816-01-01", "last": "1912-12-31",
    }  # fmt: skip


def test_treaties_are_found_by_number_and_name_with_their_days(store):
    (one,) = find("ATOP 2", data_dir=store)
    assert (one.id, str(one.first), str(one.last)) == ("atop-2", "1907-03-01", "1909-01-01")
    (open_,) = find("atop-1", data_dir=store)
    assert open_.last is None
    assert "the end of the data" in open_.detail
    assert "belgium-1839" in [f.id for f in find("guarantee of belg", data_dir=store)]


def test_nothing_fits_nothing(store):
    assert find("zzzz", data_dir=store) == ()
    assert find("  ", data_dir=store) == ()
    assert rank("an", ["Finland"]) is None, "two letters inside a word are no match"


def test_a_treaty_of_several_phases_is_called_by_its_phase(tmp_path):
    rows = ROWS | {"atop5_1m": [r | {"phase": 3} for r in ROWS["atop5_1m"]]}
    (one,) = find("atop-2-3", data_dir=Store(tmp_path, rows))
    assert one.label == "ATOP 2, phase 3"


def test_without_treaties_states_are_still_found(tmp_path, monkeypatch):
    monkeypatch.setattr(looked.own, "treaties", lambda: None)
    store = Store(tmp_path, {"cow_states": ROWS["cow_states"]})
    assert [f.id for f in find("germany", data_dir=store)] == ["GMY"]
    assert [f.id for f in find("atop 1", data_dir=Store(tmp_path, ROWS))] == ["atop-1"]
