"""Strength by each measure against plain Python; what is missing stays missing, what is uncertain has an interval."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foedus.errors import CoverageError, ParameterError
from foedus.power.capability import _interval, capability, capability_of
from foedus.power.measures import PARTS, deliveries, lognormal, product


def plain_cinc(rows):
    """Return the index of each state: the mean of the shares that exist."""
    out = {}
    for r in rows:
        shares = []
        for part in PARTS:
            if r[part] is not None:
                shares.append(r[part] / sum(o[part] for o in rows if o[part] is not None))
        out[r["ccode"]] = sum(shares) / len(shares) if shares else None
    return out


def test_the_index_is_the_mean_of_the_parts_that_exist(world, codes):
    store = world()
    found = capability(1955, data_dir=store)
    expected = plain_cinc([r for r in store.table("cow_nmc").to_dicts() if r["year"] == 1955])
    for r in found.table().to_dicts():
        assert r["cinc"] == (None if expected[r["ccode"]] is None else pytest.approx(expected[r["ccode"]]))
    france = found.frame.filter(pl.col("ccode") == codes.FRN).row(0, named=True)
    assert (france["milex"], france["upop"], france["n_parts"]) == (pytest.approx(0.1), None, 5)
    assert found.frame["cinc"].sum() > 1
    assert found.coverage().to_dicts() == [{"measure": "cinc", "known": 4, "of": 5, "first": 1955, "last": 1955}]
    assert found.names[codes.GFR] == "GFR"


def test_new_years_day_takes_the_series_of_the_year_before(world, codes):
    store = world()
    changed = store.table("cow_nmc").with_columns(
        pl.when(pl.col("year") == 1950).then(1.0).otherwise("milex").alias("milex")
    )
    found = capability(1951, at="jan1", data_dir=world(cow_nmc=changed)).frame
    assert found["year"].to_list() == [1951] * 4
    assert found.filter(pl.col("ccode") == codes.USA)["milex"].to_list() == pytest.approx([0.25])


def test_product_has_the_sources_uncertainty(world, codes):
    found = capability(1955, 1955, measures=("gdp", "gdp_head", "net"), draws=2000, data_dir=world())
    rows = {r["ccode"]: r for r in found.frame.to_dicts()}
    # 100, 40, 40 and 80 of 260; 100, 40, 40 and 80 by heads; 1000, 320, 320 and 320 of 1960.
    usa = rows[codes.USA]
    assert usa["gdp"] == pytest.approx(100 / 260, abs=0.02)
    assert usa["gdp_head"] == pytest.approx(100 / 260, abs=0.01)
    assert usa["net"] == pytest.approx(1000 / 1960, abs=0.02)
    assert usa["gdp_high"] - usa["gdp_low"] > 2 * (usa["gdp_head_high"] - usa["gdp_head_low"]) > 0
    assert usa["gdp_low"] < usa["gdp"] < usa["gdp_high"]
    assert rows[codes.GFR]["gdp"] is None
    again = capability(1950, 1956, measures=("gdp",), draws=2000, data_dir=world()).frame
    same = again.filter((pl.col("year") == 1955) & (pl.col("ccode") == codes.USA)).row(0, named=True)
    assert (same["gdp"], same["gdp_low"]) == (usa["gdp"], usa["gdp_low"])


@settings(max_examples=40, deadline=None)
@given(st.floats(0.1, 1e6), st.floats(0.0, 2.0))
def test_log_normal_has_the_mean_and_the_deviation_asked_for(mean, relative):
    u = (np.arange(20_000) + 0.5)[:, None] / 20_000
    x = lognormal(np.array([mean]), np.array([relative * mean]), u)
    assert x.mean() == pytest.approx(mean, rel=0.02)
    assert (x > 0).all()
    assert np.median(x) == pytest.approx(mean / np.sqrt(1 + relative**2), rel=1e-3)


def test_unknown_product_is_unknown(world):
    values = product(world().table("cw_gdppop"), "gdp", draws=3, seed=1)
    assert np.isnan(values.draws[:, -1]).all()
    assert np.isfinite(values.draws[:, :-1]).all()


def test_deliveries_are_added_up_over_the_window_and_a_state_keeps_those_under_its_old_code(world, codes):
    store = world()
    values, lost = deliveries(store.table("sipri_tiv"), store.table("cow_states"), window=2)
    got = {(int(c), int(y)): v for c, y, v in zip(values.ccode, values.year, values.draws[0], strict=True)}
    assert min(y for _, y in got) == 1951
    assert (got[codes.FRN, 1951], got[codes.FRN, 1952], got[codes.FRN, 1953]) == (30.0, 20.0, 0.0)
    assert (got[codes.GFR, 1955], got[codes.GFR, 1956], got[codes.UKG, 1956]) == (6.0, 11.0, 30.0)
    assert lost == pytest.approx(4 / 75)
    merged = store.table("cow_states").with_columns(
        pl.when(pl.col("ccode") == codes.GFR).then(255).otherwise("ccode").cast(pl.Int32).alias("ccode")
    )
    after = pl.concat([store.table("cow_states"), merged.filter(pl.col("ccode") == 255)])
    values, _ = deliveries(store.table("sipri_tiv").filter(pl.col("importer") == "Germany"), after, window=1)
    got = {(int(c), int(y)): v for c, y, v in zip(values.ccode, values.year, values.draws[0], strict=True)}
    assert got[255, 1956] == 5.0


def test_arms_are_shares_of_all_delivered_to_members(world, codes):
    found = capability(1956, measures=("tiv", "cinc"), window=2, data_dir=world())
    rows = {r["ccode"]: r for r in found.frame.to_dicts()}
    assert (rows[codes.UKG]["tiv"], rows[codes.GFR]["tiv"], rows[codes.USA]["tiv"]) == pytest.approx(
        (30 / 41, 11 / 41, 0.0)
    )
    assert "5.3% of all deliveries went to no member" in found.notes[0]
    assert found.to_dict()["measures"] == ["tiv", "cinc"]
    # No window fits before 1951: unknown, not nothing.
    early = capability(1950, measures=("cinc", "tiv"), window=2, data_dir=world()).frame
    assert early["tiv"].null_count() == early.height
    nothing = world().table("sipri_tiv").with_columns(pl.lit(0.0).alias("tiv"))
    with pytest.raises(CoverageError, match="unknown in all of these years"):
        capability(1950, measures=("tiv",), window=2, data_dir=world())
    assert (
        capability(1956, measures=("tiv",), data_dir=world(sipri_tiv=nothing), window=1).frame["tiv"].null_count() == 5
    )


@pytest.mark.parametrize(
    ("more", "text"),
    [
        ({"measures": ("love",)}, "measures"), ({"measures": ()}, "measures"), ({"measures": "cinc"}, "measures"), ({"window": 0}, "window"),
        ({"draws": True}, "draws"), ({"at": "noon"}, "at"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(world, more, text):
    with pytest.raises(ParameterError, match=text):
        capability(1950, data_dir=world(), **more)


def test_intervals_hold_nine_tenths_of_the_draws():
    ends = _interval("x", np.arange(101.0)[:, None] * [1, 2])
    assert {k: v.tolist() for k, v in ends.items()} == {
        "x_low": pytest.approx([5, 10]),
        "x_high": pytest.approx([95, 190]),
    }


def test_a_system_has_shares_of_its_own_actors_with_intervals(quartet):
    found = capability_of(quartet, draws=20)
    rows = {r["actor"]: r for r in found.frame.to_dicts()}
    assert rows["AA"]["effective"] == pytest.approx(0.3)
    assert rows["AA"]["cinc_low"] == rows["AA"]["cinc_high"] == pytest.approx(0.3)
    assert found.coverage().to_dicts() == [{"measure": m, "known": 5, "of": 5} for m in ("effective", "cinc")]
    with pytest.raises(ParameterError, match="draws"):
        capability_of(quartet, draws=1)
