"""The specification curve: what it draws, and the files it writes."""

import pytest

from foedus.errors import ParameterError
from foedus.report.figures.verdict import chart, write
from foedus.studies.verdict import Cell, Question, judge

MORE = Question("own", "More?", "difference", primary=(("a", "x"), ("b", "p")))


@pytest.fixture
def verdict():
    cells = [
        Cell.of({"a": a, "b": b}, (m, m - 0.5, m + 0.5))
        for a, b, m in (("x", "p", 1.0), ("x", "q", 0.8), ("y", "p", -0.7), ("y", "q", 0.1))
    ]
    return judge([*cells, Cell.without({"a": "z", "b": "p"}, "gone")], MORE)


def values(part):
    return [row for layer in part["layer"] for row in layer["data"].get("values", [])]


def test_cells_stand_in_order_with_their_answer_and_choices(verdict):
    (curve,) = chart([verdict]).to_dict()["vconcat"]
    above, below = curve["vconcat"]
    rows = {r["cell"]: r for r in values(above) if "estimate" in r}
    assert [rows[k]["estimate"] for k in range(4)] == [-0.7, 0.1, 0.8, 1.0]
    assert [rows[k]["says"] for k in range(4)] == ["no", "open", "yes", "yes"]
    assert [rows[k]["primary"] for k in range(4)] == [False, False, False, True]
    marks = below["data"]["values"]
    assert {(m["cell"], m["option"]) for m in marks} >= {(0, "a: y"), (0, "b: p"), (3, "a: x")}
    assert below["encoding"]["y"]["sort"][:2] == ["a: x", "a: y"]  # the choice that moves most comes first
    assert curve["title"]["text"] == "own More?  flips"
    assert curve["title"]["subtitle"][0].endswith("ring: primary cell; 1 cell without an estimate not drawn")
    (whole,) = chart([judge(verdict.known, MORE)]).to_dict()["vconcat"]
    assert whole["title"]["subtitle"][0].endswith("ring: primary cell")


def test_a_verdict_without_known_cells_is_an_empty_curve():
    empty = judge([Cell.without({"a": "z"}, "gone")], MORE)
    (curve,) = chart([empty]).to_dict()["vconcat"]
    assert [r for r in values(curve["vconcat"][0]) if "estimate" in r] == []


@pytest.mark.parametrize(("name", "head"), [("a.svg", b"<svg"), ("a.html", b"<!DOCTYPE html>")])
def test_files_stand_alone(verdict, tmp_path, name, head):
    write([verdict, verdict], tmp_path / name)
    assert (tmp_path / name).read_bytes()[:20].lstrip().startswith(head)
    assert [p.name for p in tmp_path.iterdir()] == [name]


def test_an_ending_that_says_nothing_is_refused(verdict, tmp_path):
    with pytest.raises(ParameterError, match=r"svg, \.png, \.html"):
        write([verdict], tmp_path / "a.txt")
