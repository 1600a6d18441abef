"""Cells and what is judged of them."""

import json
import math
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.errors import ParameterError
from foedus.studies.verdict import Cell, Question, judge

MORE = Question("own", "More?", "difference")


def cell(value, half=0.1, **choices):
    return Cell.of(choices, (value, value - half, value + half))


def grid(effects, half=0.1):
    """Return cells of two choices, a and b, with the values given by pair."""
    return [cell(v, half, a=a, b=b) for (a, b), v in effects.items()]


FOUR = {("x", "p"): 1.0, ("x", "q"): 0.9, ("y", "p"): -0.8, ("y", "q"): 0.05}


def test_word_sides_span_and_movers():
    v = judge(grid(FOUR), MORE)
    assert (v.word, v.side, v.yes, v.no, v.open) == ("flips", "", 2, 1, 1)
    assert (v.median, v.least, v.most) == (pytest.approx(0.475), -0.8, 1.0)
    assert [e.choice for e in v.effects] == ["a", "b"]
    assert v.effects[0].options == (("x", pytest.approx(0.95)), ("y", pytest.approx(-0.375)))
    assert v.effects[0].turns == (2, 2, 1)
    assert v.effects[1].turns == (2, 1, 0)
    assert [v.said(c) for c in v.cells] == ["no", "open", "yes", "yes"]


def test_what_speaks_most_against_is_the_gap_else_the_reach():
    against = judge(grid(FOUR), MORE).contrary
    assert dict(against.choices) == {"a": "y", "b": "p"}
    reach = judge([cell(1.0, 0.1, a="x"), cell(0.9, 1.5, a="y"), cell(0.8, 0.2, a="z")], MORE)
    assert dict(reach.contrary.choices) == {"a": "y"}
    turned = judge(
        [cell(-1.0, a="x"), cell(-0.9, 1.5, a="y"), cell(-0.8, a="z")], Question("own", "Less?", "q", 0.0, "lower")
    )
    assert (turned.word, dict(turned.contrary.choices)) == ("mixed", {"a": "y"})
    assert judge([cell(1.0, a="x"), cell(-1.0, a="y")], MORE).contrary is None


def test_missing_cells_are_listed_and_not_counted():
    gone = Cell.without({"b": "q", "a": "z"}, "not at hand")
    v = judge([*grid(FOUR), gone], MORE)
    assert (len(v.known), v.missing[0].missing, v.said(v.missing[0])) == (4, "not at hand", "unknown")
    assert v.word == judge(grid(FOUR), MORE).word
    assert v.cells[-1].choices == (("a", "z"), ("b", "q"))
    alone = judge([gone], MORE)
    assert (alone.word, alone.median, alone.effects, alone.contrary) == ("no word", None, (), None)
    assert math.isnan(alone.joint)


def test_the_primary_cell_is_found_whatever_its_order():
    named = Question("own", "More?", "q", primary=(("b", "q"), ("a", "x")))
    assert judge(grid(FOUR), named).primary.estimate == 0.9
    assert judge(grid(FOUR), Question("own", "More?", "q", primary=(("a", "x"),))).primary is None


def test_a_label_moves_nothing():
    cells = [cell(0.1 * k, a=f"pact {k}", b="old" if k < 3 else "new") for k in range(6)]
    v = judge(cells, MORE)
    assert [e.choice for e in v.effects] == ["b"]
    assert v.effects[0].turns.pairs == 0
    assert judge([cell(1.0, a="x"), cell(0.9, a="y")], MORE).effects == ()


def test_no_share_where_estimates_do_not_vary():
    v = judge(grid(dict.fromkeys(FOUR, 0.5)), MORE)
    assert (v.word, v.side) == ("agree", "yes")
    assert all(math.isnan(e.share) for e in v.effects)


@given(st.lists(st.floats(-3, 3), min_size=6, max_size=6), st.floats(0.01, 2), st.integers(0, 10**6))
def test_the_order_of_cells_and_of_choices_does_not_count(values, half, seed):
    pairs = [(a, b) for a in "xyz" for b in "pq"]
    cells = grid(dict(zip(pairs, values, strict=True)), half)
    mixed = cells.copy()
    random.Random(seed).shuffle(mixed)
    turned = [Cell(tuple(reversed(c.choices)), c.estimate, c.low, c.high) for c in mixed]
    one, two = judge(cells, MORE), judge(turned, MORE)
    assert (one.word, one.side, one.yes, one.no, one.open, one.median) == (
        two.word,
        two.side,
        two.yes,
        two.no,
        two.open,
        two.median,
    )
    assert sorted((e.choice, e.turns) for e in one.effects) == sorted((e.choice, e.turns) for e in two.effects)
    assert one.joint == pytest.approx(two.joint, nan_ok=True, abs=1e-6)


def test_table_and_dict():
    v = judge([*grid(FOUR), Cell.without({"a": "z", "b": "p"}, "gone")], MORE, seed=3, versions={"atop5_1m": "5.1"})
    assert v.table().columns == ["a", "b", "estimate", "low", "high", "says", "rests_on", "missing"]
    assert v.table()["estimate"].to_list() == [-0.8, 0.05, 0.9, 1.0, None]
    plain = json.loads(json.dumps(v.to_dict()))
    assert (plain["word"], plain["cells_missing"], plain["seed"], plain["primary"]) == ("flips", 1, 3, None)
    assert plain["contrary"]["choices"] == {"a": "y", "b": "p"}
    assert plain["cells"][0]["says"] == "no"
    assert plain["effects"][0] | {} == {"choice": "a", "share": v.effects[0].share, "options": dict(v.effects[0].options), "pairs": 2, "changed": 2, "flipped": 1}  # fmt: skip


def test_a_number_that_is_none_makes_a_missing_cell():
    made = Cell.of({"a": "x"}, (0.1, float("nan"), 0.2), "3 wars")
    assert (made.known, made.missing) == (False, "too little to estimate from (3 wars)")
    assert Cell.of({"a": "x"}, (np.inf, 0, 1)).missing == "too little to estimate from"
    assert Cell.of({"a": "x"}, (1.0, 1.0, 1.0)).missing == "no spread to take an interval from"


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: Cell((("a", "x"),), 0.0, 1.0, -1.0), "cannot be judged.*low at most high"),
        (lambda: Cell((("a", "x"),), float("nan"), 0.0, 1.0), "cannot be judged"),
        (lambda: Cell((("a", "x"),), None, None, None), "cannot be judged"),
        (lambda: Cell((("a", "x"),), 0.0, 0.0, 0.0, missing="why"), "cannot be judged"),
        (lambda: Cell((("a", "x"), ("a", "y")), 0.0, 0.0, 0.0), "takes a choice twice"),
        (lambda: judge([], MORE), "at least one cell"),
        (lambda: judge([cell(0, a="x"), cell(0, b="x")], MORE), "the choices a in every cell"),
        (lambda: judge([cell(0, a="x"), cell(1, a="x")], MORE), "a: x twice"),
    ],
)
def test_refusals(call, words):
    with pytest.raises(ParameterError, match=words):
        call()


def test_cells_without_choices_are_told_so():
    assert Cell((), 0.0, -1.0, 1.0).told() == "without choices"
