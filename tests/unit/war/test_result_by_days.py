"""Chances to enter by class of days."""

import polars as pl
import pytest

import foedus as fd


def test_classes_share_out_the_chance_of_being_at_war_and_stop_at_the_horizon():
    w = fd.load("europe-1914").war("AUH", "SER", draws=300, seed=2, days=40)
    table = w.by_days()
    assert table["from_day"].unique().sort().to_list() == [0.0, 7.0, 30.0]
    assert table["to_day"].max() == 40.0
    total = dict(table.group_by("actor").agg(pl.col("p").sum()).iter_rows())
    assert total == pytest.approx({a: e.mean for a, e in w.p_war.items()})


def test_the_first_two_are_in_from_the_first_day():
    w = fd.load("europe-1914").war("AUH", "SER", draws=100, seed=2)
    first = {r["actor"]: r["p"] for r in w.by_days().to_dicts() if r["from_day"] == 0}
    assert first["AUH"] == first["SER"] == 1.0
