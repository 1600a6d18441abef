"""Panels in files: every format gives the same cells back, a failure leaves nothing."""

from __future__ import annotations

import datetime as dt
import json

import polars as pl
import pyreadstat
import pytest
import rdata

from foedus import panel as room
from foedus.errors import DataError, ParameterError
from foedus.panel import write as writing
from foedus.panel.panel import Origin, Panel
from foedus.panel.unit import state_year

FRAME = pl.DataFrame(
    {"ccode": [2, 20], "year": [1900, 1901], "share": [None, 1.5], "flag": [None, 1], "yes": [True, None], "name": ["Åland", None], "day": [dt.date(1900, 1, 1), None]},
    schema_overrides={"ccode": pl.Int32, "year": pl.Int32, "flag": pl.Int32},
)  # fmt: skip


@pytest.fixture
def panel():
    return Panel(
        FRAME,
        state_year("cow"),
        {"share": Origin("cow_nmc", "share of the system", 1816, 2022, "unknown", "7.0")},
    )


@pytest.mark.parametrize(
    ("suffix", "read"), [("parquet", pl.read_parquet), ("arrow", pl.read_ipc), ("feather", pl.read_ipc)]
)
@pytest.mark.parametrize("lazy", [False, True])
def test_binary_files_give_the_rows_back(panel, tmp_path, suffix, read, lazy):
    (panel.lazy() if lazy else panel).write(tmp_path / f"p.{suffix}")
    assert read(tmp_path / f"p.{suffix}").equals(FRAME)
    assert [p.name for p in tmp_path.iterdir()] == [f"p.{suffix}"]


def test_parquet_says_what_it_holds_and_what_to_cite(panel, tmp_path):
    panel.write(tmp_path / "p.parquet")
    said = pl.read_parquet_metadata(tmp_path / "p.parquet")
    assert json.loads(said["foedus.columns"])["share"]["what"] == "share of the system"
    assert said["foedus.unit"] == "state-years"
    assert "cow_nmc" in said["foedus.bibtex"]


def test_csv_has_empty_cells_for_what_is_missing(panel, tmp_path):
    panel.write(tmp_path / "p.csv")
    assert (tmp_path / "p.csv").read_text(encoding="utf-8").splitlines()[1] == "2,1900,,,true,Åland,1900-01-01"


def test_stata_has_labels_and_missing_values(panel, tmp_path):
    panel.write(tmp_path / "p.dta")
    frame, meta = pyreadstat.read_dta(str(tmp_path / "p.dta"), output_format="polars")
    assert meta.column_names_to_labels["share"] == "share of the system [cow_nmc 7.0]"
    assert frame["share"].to_list() == [None, 1.5]
    assert frame["flag"].to_list() == [None, 1]
    assert frame["day"].to_list() == [dt.date(1900, 1, 1), None]
    with pytest.raises(DataError, match="at most 32 characters"):
        panel.with_columns(pl.lit(1).alias("a" * 33)).write(tmp_path / "q.dta")


@pytest.mark.filterwarnings("ignore:Missing constructor for R class")
def test_r_has_its_own_missing_values_and_days(panel, tmp_path):
    panel.write(tmp_path / "p.rds")
    back = rdata.read_rds(tmp_path / "p.rds")
    assert list(back.columns) == FRAME.columns
    assert back["ccode"].tolist() == [2, 20]
    assert back["flag"].isna().tolist() == [True, False]
    assert back["yes"].tolist()[0] is True or bool(back["yes"].tolist()[0])
    assert back["yes"].isna().tolist() == [False, True]
    assert back["name"].tolist()[0] == "Åland"
    assert back["name"].isna().tolist() == [False, True]
    assert back["day"].tolist()[0] == (dt.date(1900, 1, 1) - dt.date(1970, 1, 1)).days
    parsed = rdata.parser.parse_file(tmp_path / "p.rds")
    day = parsed.object.value[FRAME.columns.index("day")]
    assert day.attributes.value[0].value[0].value == b"Date"
    with pytest.raises(DataError, match="cannot hold a column of this type"):
        panel.with_columns(pl.lit([1]).alias("list")).write(tmp_path / "q.rds")
    assert not (tmp_path / "q.rds").exists()


def test_a_file_that_cannot_be_written_leaves_the_old_one(panel, tmp_path, monkeypatch):
    target = tmp_path / "p.csv"
    target.write_text("old")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setitem(writing._WRITERS, ".csv", full)
    with pytest.raises(DataError, match="No space left on device"):
        panel.write(target)
    assert target.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["p.csv"]
    for wrong in (tmp_path / "p.xlsx", tmp_path / "none" / "p.csv"):
        with pytest.raises(ParameterError, match="'path' parameter"):
            panel.write(wrong)


@pytest.mark.realdata
@pytest.mark.parametrize("suffix", ["parquet", "csv"])
def test_blocks_give_the_same_file_as_the_whole(realdata_dir, tmp_path, monkeypatch, suffix):
    from foedus.panel import build as building

    options = {"start": 1900, "end": 1914, "data_dir": realdata_dir}
    whole = room.create_dyad_years(1900, 1914, data_dir=realdata_dir).pipe(room.add_nmc).pipe(room.add_atop_alliance)
    whole.write(tmp_path / f"whole.{suffix}")
    (folder := tmp_path / "blocks [1]*").mkdir()
    monkeypatch.setattr(building, "_BLOCK", 4_000)
    told = []
    empty = building.build(
        "dyad-year", ["nmc", "atop"], out=folder / f"blocks.{suffix}", on_block=lambda *x: told.append(x), **options
    )
    assert len(told) > 4
    assert told[-1][0] == told[-1][1]
    assert empty.height == 0
    read = pl.read_parquet if suffix == "parquet" else pl.read_csv
    assert read((folder / f"blocks.{suffix}").read_bytes()).equals(read(tmp_path / f"whole.{suffix}"))
    assert building.build("dyad-year", ["nmc", "atop"], **options).frame.equals(whole.frame)


def test_names_of_columns_on_the_command_line():
    from foedus.panel.build import adder, adders

    assert adder("nmc") is room.add_nmc
    assert adder("add_nmc") is room.add_nmc
    assert adder("atop") is room.add_atop_alliance
    assert adder("rivalries") is room.add_strategic_rivalries
    assert adders().keys() == {n[4:].replace("_", "-") for n in room.__all__ if n.startswith("add_")}
    with pytest.raises(ParameterError, match="'add' parameter: got 'gdpp'"):
        adder("gdpp")
    with pytest.raises(ParameterError, match="'add' parameter"):
        adder(" ")


def test_units_that_are_none_are_refused():
    from foedus.panel.build import build

    with pytest.raises(ParameterError, match="'unit' parameter"):
        build("year")
    with pytest.raises(ParameterError, match="has none"):
        build("state-year", relevant=True)
    with pytest.raises(ParameterError, match="who would be in office"):
        build("leader-year", carry_forward=True)


@pytest.mark.realdata
def test_members_are_carried_forward_where_that_is_asked_and_no_column_is(realdata_dir):
    from foedus.panel.build import build

    for unit, make in (("state-year", room.create_state_years), ("dyad-year", room.create_dyad_years)):
        built = build(unit, ["nmc"], start=2015, end=2023, carry_forward=True, data_dir=realdata_dir)
        assert built.frame.equals(make(2015, 2023, carry_forward=True, data_dir=realdata_dir).pipe(room.add_nmc).frame)
        last = built.frame.filter(year=2023)
        assert last.height > 0
        assert last[built.columns[-1]].null_count() == last.height
