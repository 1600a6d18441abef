"""Rows of the rates and scores of the great wars, on hand-made wars."""

import datetime as dt

import numpy as np
import polars as pl
import pytest

from foedus.errors import ParameterError
from foedus.kernels.cascade import RATE_TERMS
from foedus.scenario.read import load, load_scenario
from foedus.studies import great_wars, spread_fit
from foedus.studies.spread_rows import TERMS, Participant, SpreadRows, interval, marks
from foedus.war.field import ground
from foedus.war.rates import ENTRY
from foedus.war.simulate import war


@pytest.fixture(scope="module")
def europe():
    system = load("europe-1914")
    said = ground(system, seed=1, outer=4)
    mean = {name: getattr(said, name).mean(axis=0) for name in ("power", "friend", "near", "reach")}
    return system, type(said)(**mean, major=said.major, partners=said.partners, pledges=said.pledges, nouns=said.nouns)


def at(system, *told):
    return [Participant(system.index[a], side, start, end, start == 0) for a, side, start, end in told]


def column(x, name):
    return x[:, :, TERMS.index(name)]


def test_who_helps_the_target_binds_the_attacker_s_ally(europe):
    system, said = europe
    alone = at(system, ("AUH", 1, 0, 400), ("SER", 2, 0, 400), ("RUS", 2, 4, 400))
    germany = system.index["GMY"]
    x, y, risk, linked = interval(said, alone, 0, 7)
    assert column(x, "bound")[0, germany] == 0
    assert y[system.index["RUS"]] == 2
    assert risk[germany]
    assert not risk[system.index["AUH"]]
    assert linked[germany]
    x, y, risk, _ = interval(said, alone, 5, 7)
    assert column(x, "bound")[0, germany] == 1
    assert not y.any()
    assert not risk[system.index["RUS"]]
    assert column(x, "joined_own")[1, germany] == pytest.approx(np.log(2))
    assert column(x, "joined_own")[0, germany] == 0
    italy = system.index["ITA"]
    assert column(x, "bound")[0, italy] == 0
    assert column(x, "pledged")[0, italy] == 1


def test_a_side_that_is_empty_has_no_interval(europe):
    system, said = europe
    assert interval(said, at(system, ("AUH", 1, 0, 3), ("SER", 2, 0, 9)), 5, 9) is None


def test_intervals_end_after_entries_and_departures(europe):
    inside = at(europe[0], ("AUH", 1, 0, 99), ("SER", 2, 0, 99), ("RUS", 2, 4, 40))
    assert list(marks(inside, "events", 100)) == [(0, 5), (5, 7), (7, 30), (30, 41), (41, 90), (90, 100)]
    assert list(marks(inside, "rounds", 100)) == [(0, 7), (7, 30), (30, 90), (90, 100)]


def made_rows(n=400, seed=0):
    rng = np.random.default_rng(seed)
    x = np.zeros((n, 2, len(TERMS)), dtype=np.float32)
    x[:, :, TERMS.index("constant")] = 1
    x[:, :, TERMS.index("attraction")] = rng.random((n, 2))
    x[:, :, TERMS.index("bound")] = rng.random((n, 2)) < 0.2
    chance = 1 - np.exp(-0.002 * np.exp(2 * x[:, :, TERMS.index("attraction")] + x[:, :, TERMS.index("bound")]) * 30)
    y = np.where(rng.random(n) < chance[:, 0], 1, np.where(rng.random(n) < chance[:, 1], 2, 0))
    event = np.arange(n) // 8
    begun = 1900 + event
    return SpreadRows(
        x, y.astype(np.int8), np.full(n, 30, np.float32), (np.arange(n) % 7).astype(np.int8), event, np.arange(n) % 8, np.zeros(n, np.int32), begun, begun,
        np.where(rng.random(n) < 0.1, np.nan, rng.random(n) < 0.3).astype(np.float32), np.ones(n, np.float32),
    )  # fmt: skip


def test_the_second_fit_leans_on_the_first():
    disputes, wars = made_rows(3000, 1), made_rows(80, 2)
    model = spread_fit.fit_entry(disputes, wars)
    first, second = (dict(zip(f.terms, f.coef, strict=True)) for f in (spread_fit.fit_disputes(disputes)[0], model))
    assert first["attraction"] == pytest.approx(2.0, abs=0.5)
    assert abs(second["attraction"] - first["attraction"]) < 0.5
    assert model.terms == ENTRY
    assert np.linalg.eigvalsh(model.covariance).min() > -1e-9
    rates = spread_fit.rates_of(model, wars, 1.0)
    assert rates.shape == (80, 2)
    assert (rates > 0).all()
    text = spread_fit.toml(
        great_wars.Rates(model, model, model, model),
        dict.fromkeys(("entry", "leaving", "ending", "front"), "made-up rows"),
        {"nothing": "1"},
    )
    assert 'source = "foedus.studies.spread_fit on made-up rows"' in text


def test_columns_of_the_design():
    rows = made_rows(40)
    x = spread_fit.design(rows, (*ENTRY, "war", "bound_war"), war_mean=0.25)
    names = (*ENTRY, "war", "bound_war")
    assert np.array_equal(x[:, :, names.index("since_1914")][:, 0], rows.begun >= 1914)
    assert np.array_equal(x[:, :, names.index("day_30")][:, 1], rows.stage == 2)
    war_known = np.where(np.isnan(rows.war), 0.25, rows.war)
    np.testing.assert_allclose(x[:, 0, names.index("war")], war_known)
    np.testing.assert_allclose(x[:, 0, names.index("bound_war")], war_known * rows.x[:, 0, TERMS.index("bound")])
    assert len(RATE_TERMS) + 2 == len(TERMS)


def test_scores_count_sets_and_orders(europe):
    system, _ = europe
    drawn = war(system, "AUH", "SER", draws=500, seed=1)
    out = np.array([i not in {"AUH", "SER"} for i in system.ids])
    d = next(k for k in range(500) if 2 <= ((drawn.day[k] > 0) & out).sum() <= 3)
    entered = {
        system.ids[x]: (int(drawn.side[d, x]), int(drawn.day[d, x])) for x in np.flatnonzero(drawn.side[d] * out)
    }
    what = great_wars.Happened("made up", system, "AUH", "SER", dt.date(1918, 1, 1), entered)
    got = great_wars.score(what, drawn, "365 days", 365.0, 0.02)
    truth = np.array([entered.get(i, (0, 0))[0] for i in system.ids])
    same = ((drawn.side * out) == truth).all(axis=1)
    assert got.set_chance == pytest.approx(same.mean())
    assert 0 < got.order_chance <= got.set_chance <= got.set_upper
    assert got.set_rank >= 1
    assert got.order_rank >= 1
    assert got.count == len(entered)
    assert got.expected == pytest.approx(drawn.size.mean - 2)
    assert set(got.states.filter(pl.col("happened") != "")["actor"]) == set(entered)
    for row in got.pairs.rows(named=True):
        x, y = (system.index[row[k]] for k in "ab")
        opposed = (drawn.side[:, x] > 0) & (drawn.side[:, y] > 0) & (drawn.side[:, x] != drawn.side[:, y])
        assert row["p"] == pytest.approx(opposed.mean())
        assert row["low"] <= row["p"] <= row["high"]
    sides = {"AUH": 1, "SER": 2} | {k: v[0] for k, v in entered.items()}
    met = {(a, b) for a, k in sides.items() for b, j in sides.items() if (k, j) == (1, 2)} - {("AUH", "SER")}
    assert {(r["a"], r["b"]) for r in got.pairs.rows(named=True) if r["happened"]} == met
    assert got.pairs["happened"].to_list() == [True] * len(met) + [False] * 8
    assert (
        (got.states["low_side_b"] <= got.states["p_side_b"]) & (got.states["p_side_b"] <= got.states["high_side_b"])
    ).all()
    never = great_wars.Happened(
        "never", system, "AUH", "SER", dt.date(1918, 1, 1), dict.fromkeys(what.entered, (1, 400))
    )
    assert great_wars.score(never, drawn, "365 days", 365.0, 0.02).count == 0
    odd = {i: (1 + k % 2, 3) for k, i in enumerate(system.ids) if i not in {"AUH", "SER"}}
    missed = great_wars.score(
        great_wars.Happened("odd", system, "AUH", "SER", dt.date(1918, 1, 1), odd), drawn, "365 days", 365.0, 0.02
    )
    assert missed.set_rank is None
    assert missed.set_chance == 0 < missed.set_upper < 0.01


def test_syria_by_the_scenario_s_own_facts():
    what = great_wars.syria(load_scenario("middle-east-2015"))
    assert (what.attacker, what.target) == ("OPP", "SYR")
    assert {k: v[0] for k, v in what.entered.items()} == {"IRN": 2, "HEZB": 2, "RUS": 2}
    assert what.entered["RUS"][1] == 1
    assert [w[0] for w in what.windows] == ["year's end", "365 days"]


def test_another_year_is_refused():
    with pytest.raises(ParameterError, match="1815"):
        great_wars.happened(1815)


def test_the_committed_specification_counts_who_joined_and_shares_nothing():
    rows = made_rows(600, 3)
    rows.x[:, :, TERMS.index("joined_own")] = np.random.default_rng(1).integers(1, 4, rows.x.shape[:2])
    plain, _ = spread_fit.fit_disputes(rows)
    counted, _ = spread_fit.fit_disputes(rows, counts=True)
    at = plain.terms.index("joined_own")
    assert plain.coef[at] == plain.covariance[at, at] == 0
    assert counted.covariance[at, at] > 0
    assert counted.dispersion == 0 < plain.dispersion
