"""Rows of the debate on a made-up store."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from foedus.errors import ParameterError
from foedus.studies.debate import debate
from foedus.studies.debate_rows import debate_rows, initiations
from unit.studies.made_store import store


@pytest.fixture
def folder(monkeypatch):
    from foedus.data.store import DataDir

    monkeypatch.setattr(DataDir, "of", classmethod(lambda _, x: x))
    return store()


def row(rows, i, j, year):
    (k,) = np.flatnonzero((rows.challenger == i) & (rows.target == j) & (rows.year == year))
    return k


@pytest.mark.parametrize("data", ["gml", "cow"])
def test_what_a_row_says(folder, data):
    rows = debate_rows(data=data, first=1900, last=1950, far_share=1, data_dir=folder)
    attack = row(rows, 255, 220, 1914)
    assert (rows.dispute[attack], rows.force[attack], rows.war[attack], rows.relevant[attack]) == (
        True,
        True,
        True,
        True,
    )
    assert not rows.dispute[row(rows, 220, 255, 1914)]
    assert not rows.dispute[row(rows, 255, 300, 1914)]  # a joiner did not begin it
    assert (rows.dispute[row(rows, 200, 255, 1938)], rows.war[row(rows, 200, 255, 1938)]) == (True, False)
    assert not rows.force[row(rows, 255, 220, 1905)]
    assert not ((rows.year == 1915) & (rows.challenger == 255) & (rows.target == 220)).any()  # the dispute went on
    assert rows.left_out["years of a dispute that went on"] == 2
    assert (
        rows.left_out["regime unknown"] > 0
    )  # nothing is known of 640: out with a democracy, not both democratic with any other
    assert set(rows.challenger[rows.target == 640].tolist()) == {255, 300}
    assert rows.rivalry[attack]
    assert rows.share[attack] == pytest.approx(0.3 / 0.5)
    assert rows.democratic[row(rows, 200, 220, 1920)] == 1
    assert rows.peace[attack] == 1914 - 1905 - 1
    assert (rows.weight == 1).all()
    assert rows.data == data


def test_pledges_of_outside_states(folder):
    rows = debate_rows(first=1900, last=1950, far_share=1, data_dir=folder)
    assert rows.pact[row(rows, 255, 220, 1914)]  # 300 would help against 255
    assert not rows.pact[row(rows, 200, 220, 1914)]  # but not against 200
    assert not rows.pact[row(rows, 300, 220, 1914)]
    assert rows.pact[row(rows, 220, 255, 1904)]
    assert rows.new[row(rows, 220, 255, 1908)]
    assert not rows.new[row(rows, 220, 255, 1909)]
    assert rows.around[row(rows, 220, 255, 1900)]
    assert not rows.pact[row(rows, 220, 255, 1913)]
    assert (rows.offence[row(rows, 255, 220, 1904)], rows.backing[row(rows, 255, 220, 1904)]) == (True, True)
    assert rows.neutrality[row(rows, 255, 220, 1904)]


def test_pairs_that_are_not_relevant_are_thinned_and_weigh_so_much(folder):
    every = debate_rows(first=1900, last=1950, far_share=1, data_dir=folder)
    some = debate_rows(first=1900, last=1950, far_share=5, data_dir=folder)
    sure = some.relevant | some.dispute
    assert (some.weight == np.where(sure, 1, 5)).all()
    assert sure.sum() == (every.relevant | every.dispute).sum()
    assert 0 < (~sure).sum() < (~(every.relevant | every.dispute)).sum() / 2


def test_initiations_by_hand():
    table = store().table("gml_dirdisp")
    began, going = initiations(table, "midongoing", "midonset")
    assert sorted(began.select("ccode1", "ccode2", "year", "force", "war").rows()) == [
        (200, 255, 1938, True, False), (220, 640, 1955, True, True), (255, 220, 1905, False, False), (255, 220, 1914, True, True),
    ]  # fmt: skip
    assert sorted(going.drop("going").rows()) == [(220, 255, 1915), (255, 220, 1915)]
    assert going.schema["going"] == pl.Boolean


@pytest.mark.parametrize(
    ("more", "what"), [({"data": "mid"}, "data"), ({"first": 1950, "last": 1940}, "first, last"), ({"last": 2014}, "first, last"), ({"far_share": 0}, "far_share")]
)  # fmt: skip
def test_arguments_out_of_range_are_refused(more, what):
    with pytest.raises(ParameterError, match=what):
        debate_rows(**more, data_dir="nowhere")


def test_the_study_reads_the_store(folder, monkeypatch):
    from foedus.studies import debate as study

    asked = {}
    monkeypatch.setattr(
        study, "debated", lambda rows, *years, **more: asked.update(n=len(rows.year), years=years, **more)
    )
    debate(first=1900, last=1950, data_dir=folder, draws=7, seed=3)
    assert asked["years"] == (1900, 1950)
    assert (asked["draws"], asked["seed"]) == (7, 3)
    assert asked["n"] > 100
