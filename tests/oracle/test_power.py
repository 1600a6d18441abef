"""Capability, similarity and concentration on the published data: printed numbers, and plain loops on slices of them."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from scipy.stats import kendalltau

from foedus import panel
from foedus.data.store import DataDir
from foedus.kernels.shares import composite_shares
from foedus.power.capability import capability
from foedus.power.measures import PARTS, national
from foedus.power.similarity import similarity
from foedus.power.years import power_over_years

pytestmark = pytest.mark.realdata
CHIBA = {"nonagg": 1, "consul": 2, "neutral": 2, "offense": 3, "defense": 3}


@pytest.fixture(scope="module")
def store(realdata_dir):
    return DataDir(realdata_dir)


@pytest.fixture(scope="module")
def index(store):
    return capability(1816, 2022, data_dir=store).frame


def test_the_index_is_the_published_one_in_every_row(store, index):
    """National Material Capabilities 7.0: 17,121 rows to 2.4e-8; Germany and the Soviet Union in 1938 to the digits printed."""
    both = index.join(
        store.table("cow_nmc").select("ccode", "year", pl.col("cinc").alias("published")), on=["ccode", "year"]
    )
    known = both.filter(pl.col("published").is_not_null())
    assert known.height == 17_121
    assert (known["cinc"] - known["published"]).abs().max() < 2.5e-8
    year = dict(index.filter(pl.col("year") == 1938).select("ccode", "cinc").iter_rows())
    assert (year[255], year[365]) == pytest.approx((0.15422215, 0.16435921), abs=2.5e-8)


def test_missing_components_are_left_out_and_not_zero(store, index):
    sums = index.group_by("year").agg(pl.col("cinc").sum()).sort("year")
    assert sums["cinc"].min() == pytest.approx(1.0, abs=1e-6)
    assert sums.filter(pl.col("year") == 1860)["cinc"][0] == pytest.approx(1.0747, abs=5e-5)
    assert sums["cinc"].max() == pytest.approx(1.0747, abs=5e-5)
    code, year, parts = national(store)
    worst = 0.0
    for y in np.unique(year).tolist():
        here = parts[year == y]
        filled = composite_shares(np.nan_to_num(here))
        with np.errstate(invalid="ignore"):
            worst = max(
                worst, np.nanmax(np.abs(np.where(np.isfinite(filled), filled, np.nan) - composite_shares(here)))
            )
    assert worst == pytest.approx(0.058, abs=5e-4)
    assert len(code) == len(index)
    assert parts.shape[1] == len(PARTS)


def test_weights_are_renormalised_in_1860_and_every_measure_is_that_of_plain_loops(store):
    """Portfolios of 1860 from the member file, pair by pair."""
    who = sorted(r["ccode"] for r in store.table("cow_states").to_dicts() if r["start"].year <= 1860 <= r["end"].year)
    level = {a: {b: 3 * (a == b) for b in who} for a in who}
    spells = [
        s
        for s in store.table("atop5_1m").to_dicts()
        if s["entry"].year <= 1860 <= (s["exit"].year if s["exit"] else 9999)
    ]
    for mine in spells:
        for theirs in spells:
            a, b = mine["member"], theirs["member"]
            if (
                a != b
                and a in level
                and b in level
                and (mine["atopid"], mine["phase"]) == (theirs["atopid"], theirs["phase"])
            ):
                first, last = (
                    max(mine["entry"], theirs["entry"]),
                    min(e for e in (mine["exit"], theirs["exit"], mine["entry"].replace(year=9999)) if e),
                )
                if first <= last and first.year <= 1860 <= last.year:
                    level[a][b] = level[b][a] = max(level[a][b], *(k * mine[p] for p, k in CHIBA.items()))
    known = {r["ccode"]: r["cinc"] for r in store.table("cow_nmc").to_dicts() if r["year"] == 1860}
    weight = [known.get(k) or 0.0 for k in who]
    assert sum(weight) == pytest.approx(1.0747, abs=5e-5)
    found = similarity(1860, ties=["chiba"], data_dir=store).frame
    assert found.height == len(who) * (len(who) - 1) // 2
    for r in found.to_dicts():
        x, y = ([level[r[c]][k] for k in who] for c in ("ccode1", "ccode2"))
        gap = [abs(p - q) / 3 for p, q in zip(x, y, strict=True)]
        assert r["chiba_s_abs"] == pytest.approx(1 - 2 * sum(gap) / len(gap), abs=1e-12)
        heavy = sum(w * g for w, g in zip(weight, gap, strict=True)) / sum(weight)
        assert r["chiba_s_abs_cinc"] == pytest.approx(1 - 2 * heavy, abs=1e-9)
        tau = kendalltau(x, y).statistic
        assert r["chiba_tau_b"] is None if np.isnan(tau) else r["chiba_tau_b"] == pytest.approx(tau, abs=1e-9)


def test_cow_order_columns_are_those_of_the_panel(store):
    pairs = similarity(1999, 2001, ties=["pledge"], measures=["kappa", "pi"], data_dir=store).frame
    keys = pairs.select("ccode1", "ccode2", "year")
    pledged = panel.add_pledge_similarity(keys, measures=["kappa"], data_dir=store)
    weighed = panel.add_pledge_similarity(keys, measures=["pi"], weights="cinc", data_dir=store)
    assert pairs["pledge_kappa"].to_list() == pledged["pledge_kappa"].to_list()
    assert pairs["pledge_pi_cinc"].to_list() == weighed["pledge_pi"].to_list()


def test_great_powers_and_their_pact_blocs_are_those_of_any_history(store):
    frame = power_over_years(1816, 2016, data_dir=store).frame
    told = {r["year"]: r for r in frame.to_dicts()}
    assert frame.height == 201
    assert told[1913]["blocs"] == "FRN JPN RUS UKG | AUH GMY ITA | USA"
    assert told[1942]["blocs"] == "RUS UKG USA | GMY ITA JPN"
    assert told[1955]["blocs"] == "FRN UKG USA | CHN RUS"
    assert told[1914]["majors"].split()[:2] == ["USA", "GMY"]
    # CON rises in every published version from the thirties to 1946, and the world wars' ends are its steps.
    assert told[1946]["con"] > told[1913]["con"] > 0.2
    assert told[1955]["polarization"] > told[1913]["polarization"] > told[1876]["polarization"]
    assert frame["con"].null_count() == 0
    assert frame["con"].is_between(0, 1).all()


def test_arms_and_product_measure_different_things(store):
    """A great producer of arms takes few from abroad, and two sources of product agree within their uncertainty."""
    found = capability(2010, measures=("gdp", "gdp_head", "tiv"), data_dir=store)
    usa = found.frame.filter(pl.col("ccode") == 2).row(0, named=True)
    india = found.frame.filter(pl.col("ccode") == 750).row(0, named=True)
    assert india["tiv"] > usa["tiv"]
    assert usa["gdp"] > india["gdp"]
    assert usa["gdp_low"] < usa["gdp_head"] < usa["gdp_high"]
    assert "0.9% of all deliveries went to no member" in found.notes[2]
    germany = capability(1970, measures=("tiv",), data_dir=store).frame.filter(pl.col("ccode") == 260)["tiv"][0]
    assert germany > 0.02
