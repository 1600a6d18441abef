"""Rows by typed filters, known cells by year, and 0 or missing: every verdict by a case whose answer the declarations give."""

import polars as pl
import pytest

from foedus.data.cells import Filter, cell, columns_of, keys_of, known_by_year, rows, select
from foedus.errors import DataError, ParameterError
from made_up_store import FRN, GMY, ROWS, RUS, UKG, Store


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path)


def test_filters_order_and_pages(store):
    found = rows("cow_nmc", columns=["year", "cinc"], filters=[Filter("ccode", "=", GMY), Filter("year", ">=", 1903)], order="year",
                 down=True, limit=2, offset=1, data_dir=store)  # fmt: skip
    assert found.total == 10
    assert found.frame["year"].to_list() == [1911, 1910]
    want = (
        store.table("cow_nmc")
        .filter((pl.col("ccode") == GMY) & (pl.col("year") >= 1903))
        .sort("year", descending=True)
        .select("year", "cinc")[1:3]
    )
    assert found.frame.equals(want)


@pytest.mark.parametrize(
    ("filters", "total"),
    [([Filter("name", "contains", "a w")], 2), ([Filter("name", "contains", "'")], 0), ([Filter("start", "<", "1910-02-02")], 2),
     ([Filter("initiator", "=", False)], 2), ([Filter("initiator", "=", "true")], 0), ([Filter("outcome", "missing")], 2),
     ([Filter("outcome", "known")], 0), ([Filter("side", "!=", "A")], 1)],
)  # fmt: skip
def test_each_kind_of_condition(store, filters, total):
    assert rows("cow_wars", filters=filters, data_dir=store).total == total


@pytest.mark.parametrize(
    ("asked", "said"),
    [({"filters": [Filter("year", "=", "x")]}, "a whole number"), ({"filters": [Filter("year", "=", 1.5)]}, "a whole number"),
     ({"filters": [Filter("cinc", "=", "nan")]}, "a number"), ({"filters": [Filter("cinc", "contains", "x")]}, "a column of text"),
     ({"filters": [Filter("nope", "=", 1)]}, "one of ccode"), ({"filters": [Filter("year", "; DROP", 1)]}, "one of ="),
     ({"columns": ["nope"]}, "one of ccode"), ({"order": "nope"}, "one of ccode"), ({"limit": 0}, "1 to 500"), ({"limit": 501}, "1 to 500"),
     ({"offset": -1}, "1 to 500")],
)  # fmt: skip
def test_what_does_not_fit_is_refused(store, asked, said):
    with pytest.raises(ParameterError, match=said):
        rows("cow_nmc", data_dir=store, **asked)


@pytest.mark.parametrize(
    ("column", "value", "said"), [("start", "soon", "a day"), ("initiator", "maybe", "true or false")]
)
def test_days_and_truths_are_read_strictly(store, column, value, said):
    with pytest.raises(ParameterError, match=said):
        rows("cow_wars", filters=[Filter(column, "=", value)], data_dir=store)


def test_a_quotation_mark_stays_inside_its_text():
    sql = select("cow_wars", filters=[Filter("name", "=", "x' OR '1'='1")])
    assert "\"name\" = 'x'' OR ''1''=''1'" in sql


def test_unknown_and_absent_tables(store):
    with pytest.raises(DataError, match="Unknown data set"):
        columns_of("nope")
    with pytest.raises(DataError, match="missing"):
        rows("archigos", data_dir=store)
    assert keys_of("cow_nmc") == ("ccode", "year")


@pytest.mark.parametrize(
    ("table", "column", "key", "verdict", "why"),
    [
        ("cow_nmc", "cinc", {"ccode": FRN, "year": 1910}, "observed", "has a record"),
        ("cow_nmc", "milex", {"ccode": FRN, "year": 1910}, "missing", "its milex is empty, which means: unknown"),
        ("cow_nmc", "cinc", {"ccode": FRN, "year": 1950}, "missing", "outside these years nothing is known, so it is no zero"),
        ("cow_nmc", "cinc", {"ccode": RUS, "year": 1910}, "missing", "no record inside them means: unknown"),
        ("cow_nmc", "cinc", {"ccode": 2, "year": 1910}, "missing", "cow:2 was no member"),
        ("cow_contdir", "conttype", {"ccode1": FRN, "ccode2": GMY, "year": 1905}, "observed", "has a record"),
        ("cow_contdir", "conttype", {"ccode1": GMY, "ccode2": FRN, "year": 1905}, "observed", "has a record"),
        ("cow_contdir", "conttype", {"ccode1": UKG, "ccode2": FRN, "year": 1905}, "zero by the source's rule", "no record inside these years means: not"),
        ("cow_contdir", "conttype", {"ccode1": UKG, "ccode2": FRN}, "missing", "names no year"),
        ("atop5_1m", "exit", {"atopid": 1, "member": FRN}, "observed", "which means: in force"),
        ("atop5_1m", "defense", {"member": UKG, "year": 1908}, "observed", "has a record"),
        ("atop5_1m", "defense", {"member": UKG, "year": 1910}, "zero by the source's rule", "means: no alliance"),
        ("tss_rivalries", "spatial", {"ccode1": GMY, "ccode2": FRN, "year": "1911"}, "observed", "has a record"),
        ("cow_states", "statenme", {"ccode": 999, "year": 2000}, "missing", "outside these years"),
    ],
)  # fmt: skip
def test_zero_or_missing(store, table, column, key, verdict, why):
    found = cell(table, column, key, data_dir=store)
    assert found.verdict == verdict
    assert why in found.why


def test_a_row_that_cannot_be_is_neither_zero_nor_unknown(tmp_path):
    store = Store(tmp_path, ROWS | {"cshapes_cow": []})
    found = cell("cshapes_cow", "area", {"code": 5, "start": "1900-01-01"}, data_dir=store)
    assert found.verdict == "missing"
    assert "There is nothing to have a value" in found.why


def test_a_cell_needs_a_key_and_a_year_is_a_year(store):
    with pytest.raises(ParameterError, match="a value of one column or more of ccode, year"):
        cell("cow_nmc", "cinc", {}, data_dir=store)
    with pytest.raises(ParameterError, match="a year"):
        cell("cow_contdir", "conttype", {"year": "soon"}, data_dir=store)


def test_known_cells_of_a_yearly_table(store):
    by_year = known_by_year("cow_nmc", data_dir=store)
    table = store.table("cow_nmc")
    for year, n, known in by_year.iter_rows():
        own = table.filter(pl.col("year") == year)
        assert n == own.height
        assert known == sum(v is not None for row in own.iter_rows() for v in row)
    assert by_year["year"].to_list() == list(range(1900, 1913))


def test_a_table_of_spells_counts_in_every_year_that_it_touches(store):
    by_year = {y: n for y, n, _ in known_by_year("atop5_1m", data_dir=store).iter_rows()}
    assert by_year[1905] == 2
    assert by_year[1908] == 4
    assert by_year[1910] == 2
    assert max(by_year) == 1912, "what is in force counts to the last year of the data"
    assert {y for y, *_ in known_by_year("tss_rivalries", data_dir=store).iter_rows()} >= {1816, 1900, 1912}


def test_a_table_without_years_has_none(tmp_path):
    assert known_by_year("tribes", data_dir=Store(tmp_path, {"tribes": []})).height == 0
