import datetime as dt
import os
from pathlib import Path

import polars as pl
import pytest

from foedus.data import store
from foedus.data.reading import conform, schema
from foedus.data.sources import SOURCES
from foedus.data.store import DataDir
from foedus.errors import DataError

MIDB = (
    "dispnum,stabb,ccode,stday,stmon,styear,endday,endmon,endyear,sidea,revstate,revtype1,revtype2,fatality,fatalpre,"
    "hiact,hostlev,orig,version\n"
    '2,"UKG",200,-9,7,1902,24,1,1903,0,1,1,-9,0,0,0,1,1,5\n'
    '2,"USA",2,1,7,1902,-9,2,1903,1,1,1,-9,-9,0,7,3,1,5\n'
)
WARS = (
    "WarNum,WarName,ccode,StateName,Side,StartMonth1,StartDay1,StartYear1,EndMonth1,EndDay1,EndYear1,StartMonth2,StartDay2,"
    "StartYear2,EndMonth2,EndDay2,EndYear2,TransFrom,WhereFought,Initiator,Outcome,TransTo,BatDeath\r"
    "1,A War,220,France,1,4,7,1823,11,13,1823,-8,-8,-8,-8,-8,-8,503,2,1,1,-8,400\r"
    "1,A War,230,Spain,2,4,-9,1823,11,13,1823,2,1,1825,2,5,1825,503,2,2,2,-8,-9\r"
)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "MIDB 5.0.csv").write_text(MIDB)
    return tmp_path


def test_a_file_is_found_anywhere_below_the_folder_whatever_the_case_of_its_name(folder):
    (folder / "a" / "b" / "MIDB 5.0.csv").rename(folder / "a" / "midb 5.0.CSV")
    assert DataDir(folder).find("midb") == folder / "a" / "midb 5.0.CSV"


def test_an_unknown_version_is_read_and_named_as_such(folder):
    found = DataDir(folder).provenance("midb")
    assert not found.recognised
    assert found.version.startswith("unrecognised file (sha256 ")
    assert found.last_year == 1903, "the last year is then that of the data"


def test_a_known_version_keeps_its_declaration_and_is_found_under_another_name(folder, monkeypatch):
    file = folder / "a" / "b" / "MIDB 5.0.csv"
    source = SOURCES["midb"]
    known = {f: getattr(source.spec, f) for f in source.spec.__slots__} | {"sha256": store.sha256(file)}
    monkeypatch.setitem(SOURCES.loaded, "midb", type(source)(type(source.spec)(**known), source.parse))
    file.rename(folder / "renamed.csv")
    found = DataDir(folder).provenance("midb")
    assert (found.recognised, found.version, found.last_year, found.path.name) == (True, "5.0", 2014, "renamed.csv")


def test_of_two_files_with_the_name_the_shallower_is_read(folder):
    (folder / "MIDB 5.0.csv").write_text(MIDB)
    assert DataDir(folder).find("midb") == folder / "MIDB 5.0.csv"


def test_missing_days_widen_a_participation_and_are_marked(folder):
    table = DataDir(folder).table("midb")
    rows = table.select("ccode", "start", "end", "day_missing", "side", "fatality").rows()
    assert rows == [
        (2, dt.date(1902, 7, 1), dt.date(1903, 2, 28), True, "A", None),
        (200, dt.date(1902, 7, 1), dt.date(1903, 1, 24), True, "B", 0),
    ]


def test_bare_carriage_returns_and_second_spells_are_read(tmp_path):
    (tmp_path / "Inter-StateWarData_v4.0.csv").write_bytes(WARS.encode())
    table = DataDir(tmp_path).table("cow_wars")
    assert table.select("ccode", "start").rows() == [
        (220, dt.date(1823, 4, 7)), (230, dt.date(1823, 4, 30)), (230, dt.date(1825, 2, 1)),
    ]  # fmt: skip


def test_all_missing_files_are_listed_at_once_with_publisher_and_place(tmp_path):
    with pytest.raises(DataError, match="2 of 2 data files are missing") as caught:
        DataDir(tmp_path).require("cow_nmc", "atop5_1m")
    text = str(caught.value)
    for part in (
        "cow_nmc.rda",
        "National Material Capabilities 7.0",
        "Correlates of War",
        "atop5_1m.csv",
        "atopdata.org",
        str(tmp_path),
    ):
        assert part in text


def test_no_folder_is_a_data_error_that_says_what_to_do(tmp_path):
    with pytest.raises(DataError, match=r"No folder of data files.*\n.*--data-dir"):
        DataDir(tmp_path / "none")


def test_an_unknown_data_set_is_refused(tmp_path):
    with pytest.raises(DataError, match="Unknown data set: got 'cow_moon'"):
        DataDir(tmp_path).table("cow_moon")


@pytest.mark.parametrize("name", sorted({s.spec.id for s in SOURCES.values()}))
@pytest.mark.parametrize("content", [b"", b"\x00\x1f\x8b\xff not a table", b"a,b\n1,2\n", b"RDX3\nA\n"])
def test_a_broken_file_is_a_data_error_never_a_traceback(tmp_path, name, content):
    path = tmp_path / SOURCES[name].spec.filename
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"where: .*" + path.name.replace(".", r"\.")):
        DataDir(tmp_path).table(name)


def test_a_row_with_a_word_for_a_number_is_a_data_error(folder):
    (folder / "a" / "b" / "MIDB 5.0.csv").write_text(MIDB.replace("1902,24", "then,24"))
    with pytest.raises(DataError, match="Cannot read a data file"):
        DataDir(folder).table("midb")


def test_a_parsed_table_is_kept_and_read_back_without_its_parser(folder, monkeypatch, tmp_path):
    cache = tmp_path / "kept"
    monkeypatch.setenv("FOEDUS_CACHE", str(cache))
    store._table.cache_clear()
    first = DataDir(folder).table("midb")
    assert [p.suffix for p in cache.iterdir()] == [".parquet"], "written beside and renamed: nothing else is left"
    source = SOURCES["midb"]
    monkeypatch.setitem(SOURCES.loaded, "midb", type(source)(source.spec, lambda _: pytest.fail("parsed again")))
    store._table.cache_clear()
    assert DataDir(folder).table("midb").equals(first)


def test_a_broken_kept_table_is_parsed_again(folder, monkeypatch, tmp_path):
    cache = tmp_path / "kept"
    monkeypatch.setenv("FOEDUS_CACHE", str(cache))
    store._table.cache_clear()
    first = DataDir(folder).table("midb")
    for path in cache.iterdir():
        path.write_bytes(b"PAR1 no")
    store._table.cache_clear()
    assert DataDir(folder).table("midb").equals(first)


def test_a_cache_that_cannot_be_written_is_let_be(folder, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("FOEDUS_CACHE", str(tmp_path / "file"))
    store._table.cache_clear()
    assert DataDir(folder).table("midb").height == 2


def test_a_changed_file_is_read_anew(folder):
    path = folder / "a" / "b" / "MIDB 5.0.csv"
    data = DataDir(folder)
    assert data.table("midb").height == 2
    path.write_text(MIDB + '3,"YUG",345,2,5,1913,25,10,1913,0,0,0,-9,0,0,0,1,1,5\n')
    os.utime(path, ns=(1, 1))
    assert data.table("midb").height == 3


def test_folders_come_from_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("FOEDUS_DATA", str(tmp_path))
    monkeypatch.setenv("FOEDUS_CACHE", str(tmp_path / "c"))
    assert DataDir().path == tmp_path
    assert store.cache_folder() == tmp_path / "c"
    monkeypatch.delenv("FOEDUS_DATA")
    monkeypatch.delenv("FOEDUS_CACHE")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "d"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "e"))
    assert store.default_folder() == tmp_path / "d" / "foedus"
    assert store.cache_folder() == tmp_path / "e" / "foedus"


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_every_declaration_is_whole_and_has_a_schema(name):
    spec = SOURCES[name].spec
    assert spec.id == name
    for field in ("title", "publisher", "url", "version", "filename", "licence", "citation", "absence"):
        assert getattr(spec, field), field
    assert len(spec.sha256) == (64 if spec.size else 0), "a file that nobody could test has neither checksum nor size"
    assert spec.first_year <= spec.last_year
    columns = schema(name)
    assert len({c.column for c in columns}) == len(columns)
    assert {c.type for c in columns} <= {"int", "float", "str", "date", "bool"}
    assert set(spec.year_columns) <= {c.column for c in columns}
    assert all(c.source for c in columns)


def test_a_table_conforms_to_its_schema_or_is_refused():
    good = pl.DataFrame({"ccode": [2.0], "gwcode": [2.0], "year": [1914.0], "more": ["x"]})
    assert conform(good, "cw_gw_panel").schema == {"ccode": pl.Int32, "gwcode": pl.Int32, "year": pl.Int32}
    with pytest.raises(DataError, match="lacks columns"):
        conform(good.drop("year"), "cw_gw_panel")
    with pytest.raises(DataError, match="1 empty cells; expected none"):
        conform(good.with_columns(pl.lit(None, dtype=pl.Float64).alias("year")), "cw_gw_panel")
    with pytest.raises(DataError, match=r"got 2 to 2; expected 1816\.\."):
        conform(good.with_columns(pl.lit(2.0).alias("year")), "cw_gw_panel")


@pytest.mark.realdata
@pytest.mark.parametrize("name", sorted(n for n in SOURCES if SOURCES[n].spec.size))
def test_the_tested_versions_parse_to_their_schema_and_last_year(realdata_dir, name):
    data = DataDir(realdata_dir)
    found = data.provenance(name)
    assert found.recognised, f"{found.path} is not the tested version"
    table = data.table(name)
    assert table.height > 0
    assert store._last_year(table, found.spec) <= found.last_year
    assert isinstance(found.path, Path)


@pytest.mark.realdata
def test_the_numbers_of_the_published_tables(realdata_dir):
    data = DataDir(realdata_dir)
    nmc = data.table("cow_nmc").filter(pl.col("year") == 1938)
    assert nmc.height
    cinc = dict(nmc.select("ccode", "cinc").iter_rows())
    assert cinc[255] == pytest.approx(0.15422215, abs=1e-8)
    assert cinc[365] == pytest.approx(0.16435921, abs=1e-8)
    triple = data.table("atop5_1m").filter((pl.col("atopid") == 1350) & (pl.col("phase") == 4)).sort("member")
    assert triple["exit"].to_list() == [dt.date(1918, 11, 3), dt.date(1918, 11, 3), dt.date(1915, 5, 23)]
    assert data.table("atop5_1m")["exit"].null_count() == 1146
    assert data.table("cow_contdir").filter(pl.col("ccode1") >= pl.col("ccode2")).height == 0
