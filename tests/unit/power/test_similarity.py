"""Similarity of portfolios over years against plain Python, the panel's own columns and hand cases."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from scipy.stats import kendalltau

from foedus import panel
from foedus.errors import CoverageError, ParameterError
from foedus.kernels import similarity as kernel
from foedus.power.similarity import similarity, years_of

CHIBA = {"nonagg": 1, "consul": 2, "neutral": 2, "offense": 3, "defense": 3}


def plain_portfolios(store, year):
    """Return the portfolios of a year by looping over states, pacts and members, in Chiba's order."""
    who = sorted(r["ccode"] for r in store.table("cow_states").to_dicts() if r["start"].year <= year <= r["end"].year)
    spells = store.table("atop5_1m").to_dicts()
    out = {a: dict.fromkeys(who, 0) for a in who}
    for a in who:
        out[a][a] = 3
        for mine in (s for s in spells if s["member"] == a):
            for theirs in (
                s for s in spells if s["atopid"] == mine["atopid"] and s["member"] in who and s["member"] != a
            ):
                ends = [s["exit"].year for s in (mine, theirs) if s["exit"]]
                if max(mine["entry"], theirs["entry"]).year <= year <= min([9999, *ends]):
                    level = max(k for p, k in CHIBA.items() if mine[p])
                    b = theirs["member"]
                    out[a][b] = max(out[a][b], level)
                    out[b][a] = max(out[b][a], level)
    return who, out


@pytest.mark.parametrize("year", range(1950, 1957))
def test_all_pairs_of_a_year_are_those_of_plain_loops(world, year):
    store = world()
    who, ties = plain_portfolios(store, year)
    known = {r["ccode"]: r["cinc"] for r in store.table("cow_nmc").to_dicts() if r["year"] == year and r["cinc"]}
    found = similarity(year, ties=["chiba"], data_dir=store).frame
    assert [(r["ccode1"], r["ccode2"]) for r in found.to_dicts()] == [(a, b) for a in who for b in who if a < b]
    for r in found.to_dicts():
        x, y = ([ties[r[c]][k] for k in who] for c in ("ccode1", "ccode2"))
        gap = [abs(a - b) / 3 for a, b in zip(x, y, strict=True)]
        assert r["chiba_s_abs"] == pytest.approx(1 - 2 * sum(gap) / len(who))
        assert r["chiba_s_sq"] == pytest.approx(1 - 2 * sum(g * g for g in gap) / len(who))
        weight = [known.get(k, 0.0) for k in who]
        heavy = sum(g * w for g, w in zip(gap, weight, strict=True)) / sum(weight)
        assert r["chiba_s_abs_cinc"] == pytest.approx(1 - 2 * heavy)
        tau = kendalltau(x, y).statistic
        assert r["chiba_tau_b"] is None if np.isnan(tau) else r["chiba_tau_b"] == pytest.approx(tau)
        expected = sum(abs(a - b) / 3 for a in x for b in y) / len(who) ** 2
        assert r["chiba_s_excess"] == pytest.approx(r["chiba_s_abs"] - (1 - 2 * expected))


def test_the_panel_and_the_room_agree(world, codes):
    store = world()
    ours = similarity(1950, 1956, ties=["pledge"], data_dir=store).frame
    theirs = panel.add_pledge_similarity(
        ours.select("ccode1", "ccode2", "year"), measures=["s_abs", "s_sq", "kappa", "pi", "tau_b"], data_dir=store
    )
    for m in ("s_abs", "s_sq", "kappa", "pi", "tau_b"):
        assert ours[f"pledge_{m}"].to_list() == theirs[f"pledge_{m}"].to_list()
    voted = similarity(1951, ties=["un"], measures=["s_abs"], weights=["cinc"], data_dir=store)
    assert voted.measures == ("un_s_abs",)  # votes have no weights
    pair = voted.pair(codes.RUS, codes.USA)
    assert pair["un_s_abs"].to_list() == pytest.approx([1 - 2 * 0.75])
    assert voted.pair(codes.UKG, codes.USA)["un_s_abs"].to_list() == [None]


def test_cow_alliances_are_used_where_they_are_there_and_each_owes_its_own_class(world, codes):
    store = world()
    found = similarity(1950, 1952, measures=["s_abs"], weights=["equal"], data_dir=store)
    assert found.measures == ("chiba_s_abs", "pledge_s_abs", "cow_s_abs")
    # Their pact is defence for one and entente for the other: the greater counts, so 3 to each other and 0 to the rest. Without it they differ by
    # 3 on each other, two of four.
    assert found.pair(codes.FRN, codes.RUS)["cow_s_abs"].to_list() == pytest.approx([1.0, 1.0, 0.0])
    assert "cow_s_abs" not in similarity(1950, data_dir=world(cow_alliances=None)).measures


def test_the_two_orders_differ_where_consultation_and_non_aggression_do(world, codes):
    found = similarity(1952, measures=["s_abs"], data_dir=world())
    # France owes Russia non-aggression: 1 of 3 by Chiba's order, 2 of 3 by COW's; Britain consultation, 2 and 1.
    a, b = (found.pair(codes.FRN, codes.RUS)[f"{t}_s_abs"][0] for t in ("chiba", "pledge"))
    assert (a, b) == pytest.approx((1 - 2 * (3 + 1 + 2 + 2) / 12, 1 - 2 * (3 + 2 + 1 + 1) / 12))


def test_on_new_years_day_ties_are_older_and_so_are_the_weights(world, codes):
    store = world(cow_nmc=world().table("cow_nmc").filter(pl.col("year") != 1950))
    found = similarity(1951, 1952, ties=["chiba"], measures=["s_abs", "pi"], at="jan1", data_dir=store)
    year = similarity(1951, 1952, ties=["chiba"], measures=["s_abs", "pi"], data_dir=store)
    # Pact 2 begins in June 1951, and 1950 has no capabilities.
    assert found.pair(codes.FRN, codes.RUS)["chiba_s_abs"][0] != year.pair(codes.FRN, codes.RUS)["chiba_s_abs"][0]
    assert found.frame.filter(pl.col("year") == 1951)["chiba_s_abs_cinc"].null_count() == 6
    assert found.frame.filter(pl.col("year") == 1952)["chiba_s_abs_cinc"].null_count() == 0
    assert similarity(1950, ties=["chiba"], at="jan1", data_dir=world()).frame.height == 6


def test_outside_a_sources_years_is_unknown_and_a_year_without_votes_too(world):
    found = similarity(1953, ties=["un", "chiba"], measures=["s_abs"], data_dir=world())
    assert found.frame["un_s_abs"].null_count() == 6
    assert found.frame["chiba_s_abs"].null_count() == 0
    old = world().table("cow_states").with_columns(pl.lit(1816).cast(pl.Int32).alias("x")).drop("x")
    early = world(cow_states=old.with_columns((pl.col("start") - pl.duration(days=365 * 10)).alias("start")))
    with pytest.raises(CoverageError, match="un 1946-2019"):
        similarity(1941, ties=["un"], data_dir=early)


@pytest.mark.parametrize(
    ("arguments", "more", "text"),
    [
        ((1950,), {"ties": ["love"]}, "'ties' parameter: got 'love'"),
        ((1950,), {"measures": []}, "'measures' parameter: got 'none'"),
        ((1950,), {"measures": "s_abs"}, "'measures' parameter: got 's_abs'"),
        ((1950,), {"weights": ["gold"]}, "'weights' parameter"),
        ((1950,), {"at": "noon"}, "at"),
        ((1956, 1950), {}, "a last year not before the first"),
        (("1950:1951:1952",), {}, "a year or two"),
        (("MCML",), {}, "a year or two"),
    ],
)
def test_what_makes_no_sense_is_refused(world, arguments, more, text):
    with pytest.raises(ParameterError, match=text):
        similarity(*arguments, data_dir=world(), **more)


def test_years_without_members_are_not_covered(world):
    with pytest.raises(CoverageError, match="expected 1950-1956"):
        similarity(1949, 1956, data_dir=world())
    assert years_of("1950:1956", None) == (1950, 1956)


def test_the_result_tells_pairs_extremes_and_the_summary(world, codes, tmp_path):
    found = similarity("1950:1956", ties=["chiba"], data_dir=world())
    assert found.table() is found.frame
    assert found.years == (1950, 1956)
    with pytest.raises(CoverageError, match=r"GFR \(260\) and USA \(2\)"):
        similarity(1950, data_dir=world()).pair(codes.GFR, codes.USA)
    most, least = found.extremes(1950, "chiba_s_abs", top=2)
    assert most["pair"][0] == "USA - UKG"
    assert least["pair"].to_list() == ["USA - RUS", "UKG - RUS"]
    assert found.of_majors(1955)["pair"].to_list() == ["USA - UKG", "USA - FRN", "USA - RUS", "UKG - FRN", "UKG - RUS", "FRN - RUS"]  # fmt: skip
    row = found.summary("chiba_s_abs").row(0, named=True)
    values = sorted(found.frame.filter(pl.col("year") == 1950)["chiba_s_abs"].to_list())
    assert (row["pairs"], row["mean"], row["q50"], row["at_one"]) == pytest.approx(
        (6, np.mean(values), np.median(values), 0.5)
    )
    assert row["majors"] == pytest.approx(row["mean"])
    with pytest.raises(ParameterError, match="measure"):
        found.summary("love")
    for name in ("rows.parquet", "rows.csv"):
        found.write(tmp_path / name)
    assert pl.read_parquet(tmp_path / "rows.parquet").equals(found.frame)
    assert pl.read_csv(tmp_path / "rows.csv").height == found.frame.height
    with pytest.raises(ParameterError, match=r"\.parquet, \.csv"):
        found.write(tmp_path / "rows.xlsx")
    told = found.to_dict()
    assert set(told["summary"]) == set(found.measures)
    assert len(similarity(1950, ties=["chiba"], data_dir=world()).to_dict()["pairs"]) == 6


def test_one_member_alone_has_no_pairs(world):
    lonely = world(cow_states=world().table("cow_states").head(1), cow_majors=world().table("cow_majors").head(1))
    found = similarity(1950, ties=["chiba", "un"], data_dir=lonely)
    assert found.frame.height == 0
    assert found.to_dict()["pairs"] == []
    assert set(kernel.MEASURES) <= {m.removeprefix("chiba_") for m in found.measures}
