"""Joining by border and pact, on the published data: what it rises from and to, and whether the two add."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from foedus.data.store import DataDir
from foedus.studies.diffusion import WAR, cells, diffusion, joining_rows

pytestmark = pytest.mark.realdata


@pytest.fixture(scope="module")
def war(realdata_dir):
    return diffusion(realdata_dir, draws=200)


@pytest.fixture(scope="module")
def rows(realdata_dir):
    return joining_rows(DataDir(realdata_dir))


def test_disputes_that_reach_war(war):
    # Outside: Canada in a dispute that began in 1917 and Ethiopia in the Second World War, both members only later.
    assert (war.disputes, war.joiners, war.outside) == (95, 225, 2)
    assert [(c.border, c.ally, c.n, c.joined) for c in war.cells] == [
        (False, False, 6831, 91), (False, True, 470, 36), (True, False, 474, 38), (True, True, 165, 60)
    ]  # fmt: skip
    assert [round(c.rate, 4) for c in war.cells] == [0.0133, 0.0766, 0.0802, 0.3636]
    assert war.cells[0].high < war.cells[1].low < war.cells[1].high < war.cells[3].low
    assert set(war.sources) >= {"gml_part", "atop5_1m", "cow_contdir"}


def test_on_the_logit_scale_the_two_add_where_a_dispute_reaches_war(war):
    estimate, low, high = war.interaction
    assert estimate == pytest.approx(0.065, abs=5e-4)
    assert war.interaction_error == pytest.approx(0.407, abs=5e-4)
    assert low < 0 < high
    odds = [np.log(c.rate / (1 - c.rate)) for c in war.cells]
    assert odds[3] - odds[2] - odds[1] + odds[0] == pytest.approx(estimate, abs=1e-8)


def test_over_all_disputes_both_count_for_less_than_their_sum(realdata_dir):
    every = diffusion(realdata_dir, which="all", draws=20)
    assert (every.disputes, every.joiners, every.outside) == (2174, 555, 2)
    assert [c.n for c in every.cells] == [222_926, 21_318, 9_794, 5_062]
    assert [round(c.rate, 5) for c in every.cells] == [0.00093, 0.00554, 0.0096, 0.02687]
    assert every.interaction[0] == pytest.approx(-0.743, abs=5e-4)
    assert every.interaction[2] < 0


def test_pacts_that_the_dispute_called_forth_change_little(realdata_dir):
    whole_year = diffusion(realdata_dir, at="year", draws=20)
    assert [round(c.rate, 4) for c in whole_year.cells] == [0.0127, 0.0736, 0.0725, 0.3799]
    assert whole_year.interaction[1] < 0 < whole_year.interaction[2]


def test_who_could_join_is_who_was_in_the_system_and_did_not_begin_it(rows, realdata_dir):
    store = DataDir(realdata_dir)
    part = store.table("gml_part")
    begun = part.filter("orig").select("dispnum", "ccode").unique()
    assert rows.join(begun, on=["dispnum", "ccode"]).is_empty()
    assert rows.select(pl.struct("dispnum", "ccode").is_duplicated().any()).item() is False
    # One war counted by hand: 1914 (dispute 257), Austria-Hungary and Serbia began it.
    great = rows.filter(dispnum=257)
    assert great["year"].unique().to_list() == [1914]
    assert not great["ccode"].is_in([300, 345]).any()
    joined = set(great.filter(joined=1)["ccode"])
    assert {365, 255, 220, 200, 211} <= joined
    assert great.filter(pl.col("ccode") == 255).select("border", "ally").row(0) == (1, 1)
    assert great.filter(pl.col("ccode") == 200).select("border", "ally").row(0) == (0, 0)


def test_a_model_that_gives_each_cell_its_rate_makes_the_same_table(war, rows):
    rates = {(c.border, c.ally): c.rate for c in war.cells}
    fought = rows.filter(hostlev=WAR)
    chance = [rates[bool(b), bool(a)] for b, a in fought.select("border", "ally").rows()]
    modelled = cells(fought["border"], fought["ally"], chance, fought["dispnum"], draws=20)
    assert [c.rate for c in modelled] == pytest.approx([c.rate for c in war.cells])
