"""Similarity of pledges in one system by hand."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from foedus.errors import ParameterError
from foedus.power.similarity_of import levels_of, similarity_of
from foedus.system.values import Quantity


def test_pledges_by_hand(quartet):
    assert levels_of(quartet).tolist() == [
        [3, 3, 0, 0, 0],
        [3, 3, 0, 0, 0],
        [0, 0, 3, 3, 0],
        [0, 0, 3, 3, 0],
        [0, 0, 0, 0, 3],
    ]
    found = similarity_of(quartet, draws=5)
    rows = {(r["actor1"], r["actor2"]): r for r in found.table().to_dicts()}
    assert rows["AA", "BB"]["s_abs"] == 1.0
    assert rows["AA", "CC"]["s_abs"] == pytest.approx(1 - 2 * 4 / 5)
    assert rows["AA", "CC"]["s_abs_weighted"] == pytest.approx(1 - 2 * 0.95)
    assert rows["AA", "EE"]["s_abs_weighted"] == pytest.approx(1 - 2 * 0.55)
    assert found.to_dict()["order"] == "chiba"


def test_uncertain_capability_gives_the_weighted_s_an_interval(quartet):
    wide = dataclasses.replace(quartet.actors[0], capability=(("cinc", Quantity.of([0.1, 0.5])),))
    row = similarity_of(dataclasses.replace(quartet, actors=(wide, *quartet.actors[1:])), draws=200).frame.row(
        3, named=True
    )
    assert (row["actor1"], row["actor2"]) == ("AA", "EE")
    assert row["s_abs_weighted_low"] < row["s_abs_weighted"] < row["s_abs_weighted_high"]
    assert row["s_abs"] == pytest.approx(1 - 2 * 3 / 5)


def test_what_makes_no_sense_is_refused(quartet):
    with pytest.raises(ParameterError, match="order"):
        similarity_of(quartet, order="love")
    with pytest.raises(ParameterError, match="draws"):
        similarity_of(quartet, draws=0)
    assert np.isfinite(similarity_of(quartet, draws=2).frame["s_excess"].to_numpy()).all()
