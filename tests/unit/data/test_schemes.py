"""Who is who in every scheme, by hand; every disagreement of the lists has a reason; each state of the lists is found by its own code."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from foedus.data.disagreements import disagreements
from foedus.data.own import schemes
from foedus.data.states import who
from foedus.data.store import DataDir
from foedus.errors import UnknownStateError

CASES = [
    # query, date, scheme and code, gw or cow, iso, vdem, ucdp
    ("PRUSSIA", 1860, 255, 255, "DEU", 77, 255), ("vdem:77", 1985, 260, 260, None, 77, 260), ("vdem:77", 1995, 255, 260, "DEU", 77, 260),
    ("vdem:137", 1985, 265, 265, None, 137, 265), ("vdem:373", 1850, 325, 325, "ITA", 373, 325), ("vdem:82", 1900, 325, 325, "ITA", 82, 325),
    ("iso:YEM", 2000, 679, 678, "YEM", 14, 678), ("vdem:23", 1980, 680, 680, None, 23, 680), ("cow:345", 1985, 345, 345, "SRB", 198, 345),
    ("Serbia", 2010, 345, 340, "SRB", 198, 345), ("Serbia", 1900, 345, 340, "SRB", 198, 340), ("cow:970", 2005, 970, 971, "NRU", None, 971),
    ("Kiribati", 2005, 946, 970, "KIR", None, 970), ("South Korea", 1960, 732, 732, "KOR", 42, 732), ("North Vietnam", 1965, 816, 816, "VNM", 34, 816),
    ("South Vietnam", 1965, 817, 817, None, 35, 817), ("Türkiye", 1900, 640, 640, "TUR", 99, 640), ("USSR", 1950, 365, 365, "RUS", 11, 365),
    ("Österreich-Ungarn", 1900, 300, 300, None, 144, 300), ("iso:CZE", 2000, 316, 316, "CZE", 157, 316), ("Tanganyika", 1962, 510, 510, "TZA", 47, 510),
]  # fmt: skip


@pytest.mark.realdata
@pytest.mark.parametrize(("query", "year", "cow", "gw", "iso", "vdem", "ucdp"), CASES)
def test_states_by_hand_in_every_scheme(query, year, cow, gw, iso, vdem, ucdp, realdata_dir):
    (found,) = who(query, year, realdata_dir)
    assert (found.code, found.other_code, found.iso3, found.vdem, found.ucdp) == (cow, gw, iso, vdem, ucdp)


@pytest.mark.realdata
@pytest.mark.parametrize(
    ("query", "year", "gw"),
    [
        ("ucdp:345", 2014, 340),
        ("ucdp:345", 1999, 345),
        ("ucdp:678", 2015, 678),
        ("gw:970", 2005, 970),
        ("gw:711", 1930, 711),
    ],
)
def test_codes_of_ucdp_are_those_of_gleditsch_and_ward_but_for_serbia(query, year, gw, realdata_dir):
    (found,) = who(query, year, realdata_dir)
    assert (found.scheme, found.code) == ("gw", gw)


@pytest.mark.realdata
def test_what_became_of_a_state_is_said(realdata_dir):
    assert "unite on 22 May 1990" in who("cow:678", 1980, realdata_dir)[0].note
    assert "stays 260 for Gleditsch and Ward" in who("Germany", 1995, realdata_dir)[0].note
    assert who("cow:2", 1980, realdata_dir)[0].note == ""
    with pytest.raises(UnknownStateError, match="No member"):
        who("vdem:137", 1995, realdata_dir)


@pytest.mark.realdata
def test_every_disagreement_has_a_reason_and_every_reason_a_disagreement(realdata_dir):
    found = disagreements(data_dir=realdata_dir)
    assert found.filter(pl.col("reason").is_null()).is_empty()
    pairs = set(found.filter(kind="code").select("ccode", "gwcode").rows())
    assert pairs == {(255, 260), (345, 340), (679, 678), (946, 970), (947, 973), (955, 972), (970, 971)}
    table = schemes.schemes()
    assert {(e["cow"], e["gw"]) for e in table["code"]} == pairs
    for kind, code in (("only_gw", "gwcode"), ("only_cow", "ccode")):
        rows = set(found.filter(kind=kind).select(code, "first_year", "last_year").rows())
        told = {(e["code"], e["first"], e["last"]) for e in table[kind]}
        unused = {t for t in told if not any(r[0] == t[0] and t[1] <= r[1] and r[2] <= t[2] for r in rows)}
        assert unused == set(), kind
    fifty = disagreements(1950, data_dir=realdata_dir)
    assert fifty.filter(kind="only_gw", gwcode=740).height == 1
    assert fifty.filter((pl.col("first_year") > 1950) | (pl.col("last_year") < 1950)).is_empty()


@pytest.mark.realdata
def test_every_state_of_the_lists_is_found_by_its_own_code(realdata_dir):
    store = DataDir(realdata_dir)
    for scheme, table, code in (("cow", "cow_states", "ccode"), ("gw", "gw_system", "gwcode")):
        for row in store.table(table).iter_rows(named=True):
            for day in (row["start"], row["end"]):
                (found,) = who(f"{scheme}:{row[code]}", day, store)
                assert (found.scheme, found.code) == (scheme, row[code])
                assert found.start <= day <= found.end


def test_codes_of_other_schemes_are_each_said_once():
    table = schemes.schemes()
    assert len(table["vdem"]) > 190
    assert all(isinstance(v, int) for v in table["vdem"].values())
    assert "325" not in table["vdem"]
    dated = [e for e in table["vdem_dated"] if e["cow"] == 325]
    assert [e["until"] for e in dated] == sorted(e["until"] for e in dated)
    assert schemes.ucdp(340, dt.date(2006, 6, 4)) == 340
    assert schemes.ucdp(340, dt.date(2006, 6, 5)) == 345
    assert schemes.gw_of_ucdp(345, dt.date(2020, 1, 1)) == 340
    assert schemes.cow_of_vdem(144) == {300, 305}
    codes = [c for e in table["succession"] for c in e["codes"]]
    assert len(codes) == len(set(codes))
