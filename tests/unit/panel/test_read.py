"""Files that `foedus.panel.write` wrote come back, and what cannot be read is said."""

import polars as pl
import pytest

from foedus.errors import DataError, ParameterError
from foedus.panel.panel import Panel
from foedus.panel.read import read

ROWS = pl.DataFrame({"ccode1": [2, 2], "ccode2": [20, 40], "year": [1950, 1951], "x": [0.5, None], "y": [1, 0]})


@pytest.mark.parametrize("suffix", [".parquet", ".csv", ".arrow", ".feather", ".dta", ".rds"])
def test_what_was_written_comes_back(tmp_path, suffix):
    path = tmp_path / f"rows [1]*{suffix}"
    Panel.of(ROWS).write(path)
    found = read(path)
    assert found.columns == ROWS.columns
    assert found.fill_nan(None).cast(dict(ROWS.schema)).rows() == ROWS.rows()


def test_points_and_na_are_missing(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text("a,b,c\n1,NA,x\n.,2.5,\n")
    assert read(path).rows() == [(1, None, "x"), (None, 2.5, None)]


def test_what_cannot_be_read_is_said(tmp_path):
    with pytest.raises(ParameterError, match=r"a file that ends in .parquet, .arrow"):
        read(tmp_path / "rows.xlsx")
    with pytest.raises(DataError, match="No such file"):
        read(tmp_path / "rows.csv")
    for suffix in (".parquet", ".arrow", ".dta", ".rds"):
        path = tmp_path / f"broken{suffix}"
        path.write_text("this is no table")
        with pytest.raises(DataError, match=f"Cannot read broken{suffix} as {suffix}"):
            read(path)
