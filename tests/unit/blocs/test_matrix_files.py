"""Signed matrices in files: what R writes is read, what contradicts itself is refused with its place."""

from __future__ import annotations

import pytest

from foedus.blocs.graph import signed_graph
from foedus.blocs.matrix_files import read_matrix
from foedus.errors import DataError


def test_what_r_writes_is_read(tmp_path):
    path = tmp_path / "m.csv"
    path.write_text('\ufeff"","AUH","GMY","FRN"\n"AUH",NA,1,-1\n"GMY",1,0,0\n"FRN",-1,0,\n', encoding="utf-8")
    names, matrix = read_matrix(path)
    assert signed_graph(matrix, ids=names).table().rows() == [("AUH", "GMY", 1.0), ("AUH", "FRN", -1.0)]


def test_columns_in_another_order_are_put_in_that_of_the_rows(tmp_path):
    path = tmp_path / "m.csv"
    path.write_text(",B,A\nA,1,0\nB,0,1\n")
    assert read_matrix(path) == (("A", "B"), pytest.approx(read_matrix(path)[1]))
    assert read_matrix(path)[1].tolist() == [[0, 1], [1, 0]]


@pytest.mark.parametrize(("text", "said"), [
    ("", "0 rows"), (",A,B\n", "1 rows"), (",A,B\nA,0,1\n", "different names"), (",A,B\nA,0,1\nC,1,0\n", "B, C"), (",A,A\nA,0,1\nA,1,0\n", "'A' twice"),
    (",A,B\nA,0\nB,1,0\n", "row 2 of 2 cells"), (",A,B\nA,0,x\nB,1,0\n", "'x' in row A"), (",A,B\nA,0,NA\nB,1,0\n", "no number between A and B"),
    (",A,B\nA,0,inf\nB,1,0\n", "no number between A and B"), ('"a', "CSV"),
])  # fmt: skip
def test_what_is_no_matrix_is_refused(tmp_path, text, said):
    path = tmp_path / "m.csv"
    path.write_text(text)
    with pytest.raises(DataError, match=said):
        read_matrix(path)


def test_other_files_are_refused(tmp_path):
    (tmp_path / "m.xlsx").write_bytes(b"PK")
    (tmp_path / "m.csv").write_bytes(b"\xff\xfe\x00")
    for name, said in (("m.xlsx", "Unknown kind"), ("none.csv", "No such file"), ("m.csv", "UTF-8")):
        with pytest.raises(DataError, match=said):
            read_matrix(tmp_path / name)
    (tmp_path / "m.rds").write_bytes(b"no")
    with pytest.raises(DataError, match="R file"):
        read_matrix(tmp_path / "m.rds")
