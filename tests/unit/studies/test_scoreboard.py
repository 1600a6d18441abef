"""A scoreboard: what is added stays, and whatever is changed is named."""

import json
import multiprocessing
import os

import polars as pl
import pytest

from foedus.errors import DataError, ParameterError
from foedus.studies import scoreboard
from foedus.studies.scoreboard import FIRST, Scoreboard


@pytest.fixture
def board(tmp_path):
    made = Scoreboard(tmp_path / "deep" / "board.jsonl")
    made.add("forecast", {"id": "a", "p": 0.25}, pl.DataFrame({"p": [0.25, 0.5]}))
    made.add("forecast", {"id": "b", "p": 0.1})
    made.add("score", {"of": "a", "brier": 0.0625})
    return made


def test_lines_follow_from_each_other(board):
    assert board.check() == []
    entries = board.entries()
    assert [(e.line, e.kind) for e in entries] == [(1, "forecast"), (2, "forecast"), (3, "score")]
    assert entries[0].body["rows"]["n"] == 2
    assert board.rows(entries[0])["p"].to_list() == [0.25, 0.5]
    raw = [json.loads(line) for line in board.path.read_text().splitlines()]
    assert raw[0]["before"] == FIRST
    assert [r["before"] for r in raw[1:]] == [r["hash"] for r in raw[:-1]]


@pytest.mark.parametrize("line", [0, 1, 2])
def test_any_change_is_named(board, line):
    lines = board.path.read_text().splitlines()
    for new in (
        [
            *lines[:line],
            lines[line].replace("0.25", "0.75").replace("0.1", "0.9").replace("0.0625", "0.01"),
            *lines[line + 1 :],
        ],
        [*lines[:line], lines[0].replace('"a"', '"z"'), *lines[line:]],
        [*lines[:line], lines[line][:-5]],
    ):
        board.path.write_text("\n".join(new) + "\n")
        problems = board.check()
        assert [p.path for p in problems] == [f"line {line + 1}"]
        with pytest.raises(DataError, match=f"line {line + 1}"):
            board.add("forecast", {"id": "c"})
    board.path.write_text("\n".join([*lines[:1], *lines[2:]]) + "\n")
    assert [p.path for p in board.check()] == ["line 2"], "a line that was dropped breaks the next"


def test_rows_that_were_changed_or_lost_are_named(board):
    file = board.path.parent / "a.parquet"
    kept = file.read_bytes()
    pl.DataFrame({"p": [0.3, 0.5]}).write_parquet(file)
    assert "changed" in board.check()[0].message
    file.unlink()
    assert "not there" in board.check()[0].message
    file.write_bytes(kept)
    assert board.check() == []
    text = board.path.read_text().replace("a.parquet", "../a.parquet")
    board.path.write_text(text)
    assert board.check()


def test_what_does_not_belong_is_refused(board):
    with pytest.raises(ParameterError, match="kind"):
        board.add("guess", {"id": "c"})
    with pytest.raises(ParameterError, match="not on the board yet"):
        board.add("forecast", {"id": "a"})
    with pytest.raises(ParameterError, match="id of a forecast"):
        board.add("score", {"of": "nobody"})
    assert len(board.entries()) == 3


def test_files_that_cannot_be_used(board, tmp_path, monkeypatch):
    board.path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DataError, match="Cannot read"):
        board.check()
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match="Cannot write"):
        Scoreboard(tmp_path / "file" / "board.jsonl").add("forecast", {"id": "a"})
    from filelock import FileLock

    monkeypatch.setattr(scoreboard, "WAIT", 0.05)
    other = Scoreboard(tmp_path / "other.jsonl")
    with FileLock(f"{other.path}.lock"), pytest.raises(DataError, match="another process"):
        other.add("forecast", {"id": "a"})


def test_a_full_disk_a_link_and_a_last_line_without_its_end(board, tmp_path, monkeypatch):
    before = board.path.read_bytes()

    def full(_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(os, "fsync", full)
        with pytest.raises(DataError, match="Cannot write the scoreboard: got No space left"):
            board.add("forecast", {"id": "c"})
    assert board.path.read_bytes() == before
    board.path.write_bytes(before.removesuffix(b"\n"))
    board.add("forecast", {"id": "c"})
    assert board.path.read_bytes().startswith(before)
    link = Scoreboard(tmp_path / "link.jsonl")
    link.path.symlink_to(board.path)
    (tmp_path / "a.parquet").write_bytes((board.path.parent / "a.parquet").read_bytes())
    kept = board.path.read_bytes()
    link.add("forecast", {"id": "d"})
    assert board.path.read_bytes() == kept, "what a link names is as it was"
    assert len(link.entries()) == len(board.entries()) + 1
    (tmp_path / "a.parquet").unlink()
    os.mkfifo(tmp_path / "a.parquet")
    assert "are not there" in link.check()[0].message


def _add(path, name):
    Scoreboard(path).add("forecast", {"id": name})


def test_processes_that_write_at_once_lose_nothing(tmp_path):
    path = tmp_path / "board.jsonl"
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        pool.starmap(_add, [(path, str(k)) for k in range(8)])
    made = Scoreboard(path)
    assert made.check() == []
    assert sorted(e.body["id"] for e in made.entries()) == [str(k) for k in range(8)]
