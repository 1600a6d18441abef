"""Wars as spans with their sides, and what the data sets cover."""

from foedus.data.war_years import covered, wars
from made_up_store import FRN, GMY, RUS, Store


def spell(code, side, first, last, war=9):
    return {"warnum": war, "name": "Long War", "ccode": code, "side": side, "start": first, "end": last}


def test_a_war_spans_all_spells_and_lists_each_side_once(tmp_path):
    import datetime as dt

    d = dt.date
    rows = [spell(FRN, "A", d(1900, 5, 1), d(1901, 1, 1)), spell(GMY, "B", d(1900, 5, 1), d(1902, 1, 1)),
            spell(FRN, "A", d(1901, 6, 1), d(1903, 1, 1)), spell(RUS, "B", d(1899, 1, 1), d(1899, 2, 1), war=8)]  # fmt: skip
    early, late = wars(Store(tmp_path, {"cow_wars": rows}))
    assert (early.number, late.number) == (8, 9)
    assert (late.a, late.b) == ((FRN,), (GMY,))
    assert late.to_dict()["start"] == "1900-05-01"
    assert late.to_dict()["end"] == "1903-01-01"


def test_without_the_list_no_war_is_told(tmp_path):
    assert wars(Store(tmp_path, {"cow_states": []})) == ()


def test_coverage_of_what_is_not_here_is_unknown(tmp_path):
    here, gone = covered(Store(tmp_path, {"cow_wars": []}), ("cow_wars", "cow_nmc"))
    assert (here["here"], here["last"]) == (True, 1911)
    assert (gone["here"], gone["first"], gone["last"]) == (False, None, None)
