import csv
import gc
import json
import math

import polars as pl
import pytest

from foedus.report import export, frames, kept, write_brief, write_tables


def test_everything_lies_beside_the_page(findings, tmp_path):
    written = write_brief(findings, tmp_path / "out" / "brief.html")
    assert written[0] == tmp_path / "out" / "brief.html"
    assert written[1] == tmp_path / "out" / "brief-tables" / "findings.json"
    assert sorted(p.stem for p in written[2:]) == sorted(frames.NAMES)
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["brief-tables", "brief.html"]
    assert sorted((tmp_path / "out" / "brief-tables").iterdir()) == sorted(written[1:])


def test_bytes_are_the_same_twice(findings, tmp_path):
    first, second = (write_tables(findings, tmp_path / name) for name in ("a", "b"))
    assert [p.read_bytes() for p in first] == [p.read_bytes() for p in second]


def test_json_is_sorted_rounded_and_complete(findings):
    text = export.to_json(findings)
    data = json.loads(text, parse_constant=pytest.fail)
    assert list(data) == sorted(data)
    assert data["war"]["draws"] == findings.draws
    assert all(len(repr(v).replace("-", "").replace(".", "").split("e")[0].lstrip("0")) <= 10 for v in _floats(data))


def _floats(value):
    if isinstance(value, float):
        yield value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _floats(item)


def test_what_is_no_number_is_null():
    assert export._rounded({"a": [math.nan, math.inf, 1 / 3]}) == {"a": [None, None, 0.3333333333]}


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1+1", "-1-1", "@SUM(A1)", " =1", "\t=1", "\r@x", "\n-x", "\tx", "\rx", "＝1", "'=1"]
)
def test_cells_that_a_spreadsheet_would_run_are_made_text(cell):
    text = export.to_csv(pl.DataFrame({"cell": [cell, "plain", None], "number": [-1.0, 2.0, None]}))
    rows = list(csv.reader(text.splitlines(keepends=True)))
    assert rows[1] == [f"'{cell}", "-1.0"]
    assert rows[2] == ["plain", "2.0"]


def test_hostile_names_stay_in_their_cells(hostile, texts, tmp_path):
    write_tables(hostile, tmp_path / "t")
    with (tmp_path / "t" / "actors.csv").open(newline="", encoding="utf-8") as file:
        names = [row["name"] for row in csv.DictReader(file)]
    assert names == [a.name if a.name != texts["formula"] else f"'{a.name}" for a in hostile.system.actors]
    for path in (tmp_path / "t").glob("*.csv"):
        with path.open(newline="", encoding="utf-8") as file:
            head, *rows = csv.reader(file)
        assert all(len(row) == len(head) for row in rows)


def test_the_line_up_is_that_of_the_result(findings):
    assert frames.frames(findings)["blocs"].equals(findings.blocs.table())


def test_numbers_in_the_tables_are_those_of_the_findings(findings):
    ledger = {row["actor"]: row for row in frames.frames(findings)["ledger"].to_dicts()}
    for x in findings.ledgers:
        assert ledger[x.actor]["beaten_together"] == x.beaten[1].mean
        assert ledger[x.actor]["fall_low"] == x.safer.low


def test_nothing_is_half_written(findings, tmp_path, monkeypatch):
    folder = tmp_path / "t"
    write_tables(findings, folder)
    before = {p.name: p.read_bytes() for p in folder.iterdir()}

    def broken(frame):
        raise OSError("disk full")

    monkeypatch.setattr(export, "to_csv", broken)
    with pytest.raises(OSError, match="disk full"):
        write_tables(findings, folder)
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == before
    assert [p.name for p in tmp_path.iterdir()] == ["t"]


def test_a_page_that_cannot_be_written_leaves_the_old_one(tmp_path, monkeypatch):
    path = export.replace_file(tmp_path / "a.html", b"old")

    def broken(a, b):
        raise OSError("no rename")

    monkeypatch.setattr(export.os, "replace", broken)
    with pytest.raises(OSError, match="no rename"):
        export.replace_file(path, b"new")
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.html"]


def test_tables_of_an_earlier_brief_go_and_other_files_stay(findings, bare, tmp_path):
    write_tables(findings, tmp_path / "t")
    (tmp_path / "t" / "mine.txt").write_text("x")
    write_tables(bare, tmp_path / "t")
    left = {p.name for p in (tmp_path / "t").iterdir()}
    assert "what-if.csv" not in left
    assert {"mine.txt", "findings.json", "war.csv"} <= left


def test_what_is_kept_goes_with_the_findings():
    class Held:
        pass

    held = Held()
    assert kept.kept(held, "x", list) is kept.kept(held, "x", list)
    key = id(held)
    del held
    gc.collect()
    assert key not in kept._ROOMS
