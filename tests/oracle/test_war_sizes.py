"""War sizes against Clauset 2018, and the shipped parameters against the wars they were fitted on."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from foedus import params
from foedus.data.store import DataDir
from foedus.estimate import powerlaw
from foedus.war import size

pytestmark = pytest.mark.realdata


@pytest.fixture(scope="module")
def wars(realdata_dir):
    return DataDir(realdata_dir).table("cow_war_sizes")


def test_the_published_tail(wars):
    deaths = wars["battle_deaths"].to_numpy()
    assert (len(deaths), deaths.min(), deaths.max()) == (95, 1_000, size.WORLD_WAR_II)
    assert (wars["start"].min(), wars["start"].max()) == (1823, 2003)
    fit = powerlaw.fit_power_law(deaths)
    assert (fit.x_min, fit.n_tail) == (7061, 51)
    assert fit.alpha == pytest.approx(1.52467, abs=5e-6)
    assert fit.std_error == pytest.approx(0.0735, abs=5e-5)


def test_a_distance_on_both_sides_picks_another_threshold(wars):
    fit = powerlaw.fit_power_law(wars["battle_deaths"].to_numpy(), kind="both")
    assert fit.x_min == 6525
    assert fit.alpha == pytest.approx(1.514, abs=5e-4)


def test_the_law_is_not_rejected_an_exponential_is(wars):
    deaths = wars["battle_deaths"].to_numpy()
    fit = powerlaw.fit_power_law(deaths)
    assert 0.5 < powerlaw.goodness(deaths, fit, draws=300, seed=1) < 0.95
    exponential, lognormal = powerlaw.alternatives(deaths, fit)
    assert exponential.p_value < 1e-4
    assert exponential.log_ratio > 0
    assert lognormal.p_value > 0.5  # these wars cannot tell the two apart


def test_doubt_and_the_chance_of_a_second_world_war(wars):
    made = size.fit_sizes(
        wars["battle_deaths"].to_numpy(), wars["start"].to_numpy(), cap=(0.028, 0.1), draws=1000, seed=1
    )
    assert np.quantile(made.alpha, [0.025, 0.975]) == pytest.approx([1.37, 1.76], abs=0.03)
    chance, expected = made.within(100)
    assert chance == pytest.approx(0.43, abs=0.02)
    assert 1 / made.per_year == pytest.approx(1.915, abs=5e-4)
    # Published .62 +- .01; ours .59 to .61 with any seed. The distance that picks thresholds moves it further than that:
    assert expected == pytest.approx(0.60, abs=0.015)
    by_both = powerlaw.resampled_fits(wars["battle_deaths"].to_numpy(), draws=500, seed=1, kind="both")
    other = np.mean([f.exceed(size.WORLD_WAR_II) for f in by_both]) * made.per_year * 100
    assert other > 0.62 > expected


def test_shipped_parameters_are_those_of_the_fit(wars):
    shipped = size.shipped()
    again = size.fit_sizes(
        wars["battle_deaths"].to_numpy(), wars["start"].to_numpy(), cap=shipped.cap, draws=200, seed=1
    )
    assert shipped.alpha == pytest.approx(again.alpha, abs=5.1e-5)
    assert shipped.x_min == pytest.approx(again.x_min, abs=0.51)
    assert shipped.tail == pytest.approx(again.tail, abs=5.1e-5)
    assert shipped.quantiles == pytest.approx(again.quantiles, rel=5.1e-3)
    assert shipped.per_year == pytest.approx(again.per_year)
    assert params.load("size").extra["meta.model"] == "size"


def test_the_lower_end_of_the_cap_is_the_largest_share_that_died(wars, realdata_dir):
    store = DataDir(realdata_dir)
    people = (
        store.table("cow_wars")
        .group_by("warnum", "ccode")
        .agg(pl.col("start").min().dt.year().alias("year"))
        .join(store.table("cow_nmc").select("ccode", "year", "tpop"), on=["ccode", "year"], how="left", validate="m:1")
        .group_by("warnum")
        .agg(pl.col("tpop").sum() * 1000, pl.col("tpop").null_count().alias("unknown"))
        .join(wars, on="warnum", validate="1:1")
    )
    assert people["unknown"].sum() == 0
    share = people["battle_deaths"] / people["tpop"]
    assert people["warnum"][share.arg_max()] == 49  # Lopez: Paraguay against Argentina and Brazil
    assert share.max() == pytest.approx(size.shipped().cap[0], abs=5e-4)
    assert (share > 0.01).sum() == 5
    assert share.median() == pytest.approx(1.6e-4, abs=2e-5)


def test_wars_drawn_for_the_same_belligerents_are_as_deadly_as_those_fought(wars, realdata_dir):
    """Half of all wars are deadlier than the median draw, a tenth than the ninth decile, within what 95 wars can show."""
    store = DataDir(realdata_dir)
    entries = store.table("cow_wars").group_by("warnum", "ccode").agg(pl.col("start").min().dt.year().alias("year"))
    people = (
        entries.join(store.table("cow_nmc").select("ccode", "year", "tpop"), on=["ccode", "year"], validate="m:1")
        .group_by("warnum").agg(pl.col("tpop").sum() * 1000.0).join(wars, on="warnum", validate="1:1").sort("warnum")
    )  # fmt: skip
    draws = np.stack([size.shipped().draw(people["tpop"].to_numpy(), seed=k) for k in range(400)])
    rank = (draws < people["battle_deaths"].to_numpy()).mean(axis=0)
    assert (rank > 0.5).mean() == pytest.approx(0.5, abs=0.12)
    assert (rank > 0.9).mean() == pytest.approx(0.1, abs=0.07)
