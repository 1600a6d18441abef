"""Files of results: each format reads back, and a failure leaves what was there before and nothing beside it."""

import json

import polars as pl
import pytest

from foedus.errors import DataError, ParameterError
from foedus.panel.table_files import write_table

TABLE = pl.DataFrame({"a": [1, 2], "b": ["x", "y"]})


def test_every_format_reads_back(tmp_path):
    for name, read in (("t.parquet", pl.read_parquet), ("t.CSV", pl.read_csv)):
        write_table(TABLE, tmp_path / name, "the rows")
        assert read(tmp_path / name).equals(TABLE)
    write_table(TABLE, tmp_path / "t.json", "the rows", plain={"rows": TABLE.to_dicts()})
    assert json.loads((tmp_path / "t.json").read_text(encoding="utf-8")) == {"rows": TABLE.to_dicts()}


def test_a_failure_leaves_what_was_there(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("before", encoding="utf-8")
    with pytest.raises(Exception, match="nested"):
        write_table(pl.DataFrame({"a": [[1]]}), path, "the rows")
    with pytest.raises(ParameterError, match=r"ends in \.parquet, \.csv\."):
        write_table(TABLE, tmp_path / "t.json", "the rows")
    with pytest.raises(DataError, match="Cannot write the rows"):
        write_table(TABLE, tmp_path / "no" / "t.csv", "the rows")
    assert path.read_text(encoding="utf-8") == "before"
    assert [p.name for p in tmp_path.iterdir()] == ["t.csv"]
