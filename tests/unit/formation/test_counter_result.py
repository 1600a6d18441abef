"""The record of what was found: its views and verdicts."""

import json

import pytest

from foedus.errors import ParameterError
from foedus.formation.counter import Row
from foedus.formation.counter_result import Answered, CounterPacts, Rises
from foedus.formation.counter_stats import Effect


def made(permute=(0.05, 0.15, 0.01), matched=(0.02, 0.2, 0.02), *, designs=("permute", "matched"), cases=9):
    def one(design, outcome, within):
        low, high, p = {"permute": permute, "matched": matched}[design]
        return Row(design, outcome, "all", within, Effect(cases, 3, 4, 0.3, 0.2, 0.1, low, high, 1.5, 1.1, 2.0, p, p))

    rows = tuple(one(d, o, 5) for d in designs for o in ("counter", "either"))
    ranks = tuple(one(d, "own", 0) for d in designs)
    answers = (
        Answered(
            1385, "Alliance", "1893-12-27", "GMY", 0.1, 0.9, -0.7, None, 20.6, "1914-08-02 ATOP 2005 with TUR", ""
        ),
        Answered(1, "Other", "1990-01-01", "AAA", 0.1, None, None, None, None, "", ""),
    )
    rises = (Rises("all", 3, 40, 0.1, 0.6, 9, 2, 0.4, 0.3),)
    return CounterPacts(
        "defense",
        1816,
        2018,
        5,
        rows,
        ranks,
        rises,
        (("a rise of 5%", rows[0]),),
        answers,
        {"size": 0.1},
        9,
        9,
        99,
        50,
        1,
        "2018-12-31",
    )


@pytest.mark.parametrize(
    ("more", "answer", "redress"),
    [
        ({}, "answered more", "more outweighed"),
        ({"permute": (-0.2, -0.1, 0.01), "matched": (-0.2, -0.1, 0.01)}, "answered less", "less outweighed"),
        ({"matched": (-0.02, 0.2, 0.01)}, "no clear effect", "no clear effect"),
        ({"matched": (0.02, 0.2, 0.06)}, "no clear effect", "no clear effect"),
        ({"matched": (-0.2, -0.1, 0.01)}, "no clear effect", "no clear effect"),
        ({"matched": (None, None, 0.01)}, "too few to say", "too few to say"),
        ({"cases": 0}, "too few to say", "too few to say"),
        ({"designs": ("permute",)}, "one design only", "one design only"),
    ],
)  # fmt: skip
def test_a_verdict_needs_both_designs(more, answer, redress):
    found = made(**more)
    assert found.verdict() == answer
    assert found.verdict(of="redress") == redress


def test_views():
    found = made()
    assert found.table().height == 6
    assert found.answers_table()["years"].to_list() == [20.6, None]
    assert found.rises_table()["threatened"].to_list() == [9]
    assert found.sensitivity_table().columns[0] == "threatened"
    assert found.row("permute").effect.cases == 9
    told = json.loads(json.dumps(found.to_dict()))
    assert told["verdicts"]["all"] == {"answer": "answered more", "redress": "more outweighed"}
    assert told["verdicts"]["1990-"]["answer"] == "one design only"
    assert "ATOP" in told["standing"]


def test_what_was_not_compared_is_refused():
    with pytest.raises(ParameterError, match="a comparison that was made"):
        made().row("permute", within=7)
    with pytest.raises(ParameterError, match="answer or redress"):
        made().verdict(of="other")
    with pytest.raises(ParameterError, match="an era of the table"):
        made().verdict("1800s")
