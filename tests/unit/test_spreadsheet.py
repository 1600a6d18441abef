"""No cell of a CSV file is a formula to a spreadsheet, numbers stay numbers, and our readers give back what was written."""

from __future__ import annotations

import csv
import re

import polars as pl
import pytest
from hypothesis import given as each
from hypothesis import settings
from hypothesis import strategies as st

from foedus.blocs.graph_sources import _csv as read_edges
from foedus.blocs.matrix_files import read_matrix
from foedus.cli.data import _write as write_query
from foedus.panel.read import read
from foedus.panel.table_files import write_table
from foedus.panel.write import write, write_blocks
from foedus.report.export import to_csv
from foedus.spreadsheet import given, given_text, harmless

BAD = [
    "=1+1",
    "+A1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\tx",
    "\rx",
    " =cmd|'/c calc'!A0",
    '=HYPERLINK("http://evil.example")',
    "＝1",
    "＠x",
    "\n=1",
    "-",
    "'=1",
    "''=1",
    "＋1",
    "－1",
    "\nx",
    *(f"{blank}=1" for blank in "\x0b\x0c\x85\u00a0\u2000\u2005\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"),
]
GOOD = ["Ruritania", "'Abd al-Karim", "a=b", "1-2", "", "-7", "+7", "-7.5", "-1e-9", ".5", "−3"]
NAMES = st.text(
    st.sampled_from("=+-@\t\r\n' ab1,\";＝") | st.characters(codec="utf-8", exclude_characters="\x00"), max_size=8
)


def begins(cell: str) -> bool:
    """Whether a spreadsheet may run a cell: the plain rule, written again without the pattern."""
    if re.fullmatch(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?", cell):
        return False
    return cell[:1] in ("\t", "\r", "\n") or cell.lstrip()[:1] in tuple("=+-@＝＋－＠")


@pytest.mark.parametrize("cell", BAD)
def test_what_begins_as_a_formula_is_marked(cell):
    (made,) = harmless(pl.DataFrame({"x": [cell]}))["x"]
    assert made == f"'{cell}"
    assert given_text(made) == cell


@pytest.mark.parametrize("cell", GOOD)
def test_other_text_and_plain_numbers_stay(cell):
    assert harmless(pl.DataFrame({"x": [cell]}))["x"].to_list() == [cell]


@settings(deadline=None)
@each(st.lists(NAMES | st.none(), max_size=5), NAMES)
def test_what_is_written_comes_back(cells, head):
    frame = pl.DataFrame({head: cells}, schema={head: pl.String})
    made = harmless(frame)
    assert not [c for c in (*made.columns, *made[made.columns[0]].drop_nulls()) if begins(c)]
    assert given(made).equals(frame)
    assert given(made).columns == frame.columns
    assert [given_text(c) for c in made[made.columns[0]].drop_nulls()] == [c for c in cells if c is not None]


def test_numbers_and_lists_of_words_are_untouched():
    frame = pl.DataFrame({"a": [-1, 2], "b": [-0.5, None], "c": pl.Series(["=x", "y"], dtype=pl.Categorical)})
    assert harmless(frame).rows() == [(-1, -0.5, "'=x"), (2, None, "y")]
    assert harmless(frame.lazy()).collect().rows() == harmless(frame).rows()
    fixed = pl.DataFrame({"-7": pl.Series(["=x"], dtype=pl.Enum(["=x"])), "-x": [1]})
    assert harmless(fixed).to_dict(as_series=False) == {"-7": ["'=x"], "'-x": [1]}


FRAME = pl.DataFrame({"name": ["=1+1", "x"], "=head": [-1, -2]})


@pytest.mark.parametrize("way", ["table", "panel", "blocks", "query", "brief"])
def test_every_csv_that_is_written_is_held(way, tmp_path, monkeypatch):
    path = tmp_path / "t.csv"
    if way == "table":
        write_table(FRAME, path, "it")
    elif way == "query":
        write_query(FRAME, path)
    elif way == "brief":
        path.write_text(to_csv(FRAME), encoding="utf-8")
    else:
        from foedus.panel import write as module

        panel = type("P", (), {"data": FRAME, "frame": FRAME, "clear": FRAME.clear})()
        monkeypatch.setattr(module, "replace", lambda last, **_: last)
        write(panel, path) if way == "panel" else write_blocks([panel, panel], path)
    with path.open(newline="", encoding="utf-8") as file:
        head, *rows = csv.reader(file)
    assert head == ["name", "'=head"]
    assert rows[:2] == [["'=1+1", "-1"], ["x", "-2"]]
    assert read(path)["name"].to_list()[:2] == ["=1+1", "x"]
    assert read(path).columns == FRAME.columns


def test_readers_of_networks_give_names_back(tmp_path):
    edges = pl.DataFrame({"from": ["=a", "-b"], "to": ["-b", "c"], "sign": [1, -1]})
    write_table(edges, tmp_path / "e.csv", "edges")
    assert read_edges(tmp_path / "e.csv")["from"].to_list() == ["=a", "-b"]
    write_table(pl.DataFrame({"id": ["=a", "-b"], "=a": [0, -1], "-b": [-1, 0]}), tmp_path / "m.csv", "matrix")
    assert read_matrix(tmp_path / "m.csv")[0] == ("=a", "-b")
