"""Fits of the processes of years on made-up rows, and the check's arithmetic."""

from __future__ import annotations

import tomllib
from types import SimpleNamespace

import numpy as np
import polars as pl
import pytest

import foedus as fd
from foedus import params
from foedus.errors import ParameterError
from foedus.formation.fork import fork
from foedus.formation.quarrels import ATTACKER, QUARREL, STATE_TERMS
from foedus.studies import evolve_check, evolve_fit, evolve_rows
from foedus.studies.evolve_check import Check, Window, counted, standing
from foedus.studies.evolve_rows import AttackerRows, QuarrelRows


def made_rows(n=8000, seed=0) -> QuarrelRows:
    rng = np.random.default_rng(seed)
    x = rng.random((n, len(STATE_TERMS))).astype(np.float32)
    x[:, STATE_TERMS.index("never")] = rng.random(n) < 0.5
    eta = -3.0 + 2.0 * x[:, STATE_TERMS.index("land")] - 1.5 * x[:, STATE_TERMS.index("allied")]
    dispute = rng.random(n) < 1 / (1 + np.exp(-eta))
    war = (dispute & (rng.random(n) < 0.3)).astype(np.float32)
    year = rng.integers(1850, 2011, n).astype(np.int32)
    war[year > 2007] = np.nan
    low = rng.integers(1, 90, n).astype(np.int32)
    return QuarrelRows(x, dispute.astype(np.float32), war, year, low, low + 1, rng.random(n) < 0.2)


def test_fits_find_what_was_put_in_and_wars_lean_on_disputes():
    rows = made_rows()
    first = evolve_fit.fit_disputes(rows)
    got = dict(zip(QUARREL, first.coef, strict=True))
    assert got["land"] == pytest.approx(2.0, abs=0.4)
    assert got["allied"] == pytest.approx(-1.5, abs=0.4)
    second = evolve_fit.fit_wars(rows, first)
    assert abs(dict(zip(QUARREL, second.coef, strict=True))["land"] - got["land"]) < 0.8
    assert np.linalg.eigvalsh(second.covariance).min() > -1e-9


def test_who_begins_is_found_from_differences():
    rng = np.random.default_rng(1)
    x = rng.normal(size=(4000, 3))
    first = rng.random(4000) < 1 / (1 + np.exp(-(x @ np.array([0.5, 0.0, -1.0]))))
    shots = AttackerRows(np.where(first[:, None], x, -x), np.ones(4000), rng.integers(0, 50, 4000), np.full(4000, 1900))
    assert evolve_fit.fit_attacker(shots).coef == pytest.approx([0.5, 0.0, -1.0], abs=0.15)
    assert len(shots.take(np.arange(4000) < 10).weight) == 10


def test_the_variance_of_years_by_hand_and_by_draws():
    year, p = np.repeat([1, 2], 2), np.array([0.5, 0.5, 0.5, 0.5])
    # sums 2 and 0 against 1 and 1: squares 1 + 1, chance 0.5 + 0.5, means squared 1 + 1
    assert evolve_fit.year_variance(year, np.array([1.0, 1.0, 0.0, 0.0]), p) == pytest.approx(0.5)
    assert evolve_fit.year_variance(year, np.array([1.0, 0.0, 0.0, 1.0]), p) == 0.0
    rng = np.random.default_rng(2)
    factor = rng.gamma(2.0, 0.5, 400)
    years = np.repeat(np.arange(400), 500)
    chance = np.full(400 * 500, 0.02)
    came = rng.random(400 * 500) < chance * factor[years]
    assert evolve_fit.year_variance(years, came, chance) == pytest.approx(0.5, rel=0.25)


def test_histories_are_quantiles_by_tie():
    rows = made_rows()
    found = evolve_fit.histories(rows)
    assert set(found) == {"rivals", "others"}
    never = rows.x[:, STATE_TERMS.index("never")][rows.hostile].mean()
    assert np.isinf(found["rivals"]).mean() == pytest.approx(never, abs=0.02)
    assert found["others"][np.isfinite(found["others"])].max() <= 10


def tables() -> SimpleNamespace:
    """Return a folder of made-up tables."""
    rng = np.random.default_rng(3)
    states, years = np.arange(2, 22), np.arange(1816, 1876)
    grid = [(int(c), int(y)) for c in states for y in years]
    walk = np.exp(np.cumsum(rng.normal(0, 0.1, (len(states), len(years))), axis=1))
    regime = np.clip(0.5 + np.cumsum(rng.normal(0, 0.02, (len(states), len(years))), axis=1), 0, 0.999)
    regime[:, 1:11] = np.linspace(0.0, 0.99, 10)
    base = {"ccode": [c for c, _ in grid], "year": [y for _, y in grid]}
    import datetime as dt

    have = {
        "cow_nmc": pl.DataFrame(base | {"cinc": (walk / walk.sum(axis=0)).ravel()}),
        "cw_democracy": pl.DataFrame(base | {"polyarchy": regime.ravel()}),
        "cow_states": pl.DataFrame({"ccode": states}),
        "cow_wars": pl.DataFrame({"warnum": [1, 1, 2], "start": [dt.date(1820, 5, 1)] * 2 + [dt.date(1830, 1, 5)],
                                  "end": [dt.date(1823, 2, 1), dt.date(1821, 1, 1), dt.date(1830, 2, 1)]}),
    }  # fmt: skip
    return SimpleNamespace(table=have.__getitem__, path="nowhere")


def test_strengths_spread_as_on_record_and_regimes_by_tenth():
    made = evolve_fit.fit_capability(tables())
    assert made["rows"] == 20 * 59
    assert made["quantiles"].mean() == pytest.approx(0, abs=1e-9)
    spread = np.exp(made["log_sd"][0] + made["log_sd"][1] * np.log(0.05)) * made["quantiles"].std()
    assert spread == pytest.approx(0.1, rel=0.25)
    assert made["lasting"] == pytest.approx(1.0, abs=0.25)
    steps = evolve_fit.regime_steps(tables())
    assert steps.shape == (10, evolve_fit.MARKS)
    assert (np.diff(steps, axis=1) >= 0).all()
    assert evolve_fit.regime_marks(tables()).min() >= 0


def test_wars_going_on_by_hand():
    # war 1 goes on on three first days of a year and ends once; war 2 on none
    assert evolve_fit.war_ends(tables()) == (pytest.approx(1 / 3), 3)


def test_all_fits_are_written_as_the_models_read_them(monkeypatch):
    rows = made_rows()
    rng = np.random.default_rng(1)
    shots = AttackerRows(rng.normal(size=(300, 3)), np.ones(300), rng.integers(0, 50, 300), np.full(300, 1900))
    monkeypatch.setattr(evolve_fit.DataDir, "of", classmethod(lambda cls, folder: tables()))
    monkeypatch.setattr(evolve_rows, "quarrel_rows", lambda **_: (rows, shots))
    monkeypatch.setattr(evolve_fit, "pact_shocks", lambda folder: {"form": 2.0, "end": 1.0})
    made = evolve_fit.fit_all("nowhere")
    text = evolve_fit.toml(made, {"nothing": "1"})
    read = params.parse(tomllib.loads(text), "made.toml")
    assert read.extra["disputes.fit.terms"] == list(QUARREL)
    assert read.extra["attacker.fit.terms"] == list(ATTACKER)
    assert read.extra["shocks.form"] == 2.0
    assert read["war_ends"].low < 1 / 3 < read["war_ends"].high
    assert set(read.extra) == set(params.load("evolve").extra)


def test_shocks_of_pacts_are_of_both_models(monkeypatch):
    from foedus.formation import ties

    rng = np.random.default_rng(1)

    def rows(what, size):
        n = 500
        return SimpleNamespace(
            what=what,
            x=rng.random((n, size)).astype(np.float32),
            y=(rng.random(n) < 0.1).astype(np.int8),
            year=rng.integers(1900, 1950, n),
        )

    both = (rows("form", len(ties.FORM) - 4), rows("end", len(ties.END) - 4))
    monkeypatch.setattr(evolve_fit, "tie_rows", lambda **_: both)
    assert set(evolve_fit.pact_shocks("nowhere")) == {"form", "end"}


def window(first, values, observed, before) -> Window:
    return Window(first, 10, 30, {m: np.asarray(values, dtype=float) for m in evolve_check.MEASURES}, dict.fromkeys(evolve_check.MEASURES, observed),
                  dict.fromkeys(evolve_check.MEASURES, before))  # fmt: skip


def test_scores_by_hand():
    windows = tuple(
        window(1826 + 10 * k, [0, 1, 2], float(y), float(b))
        for k, (y, b) in enumerate([(1, 0), (1, 1), (1, 3), (9, 1), (float("nan"), 1)])
    )
    check = Check(windows, 1)
    table = check.table()
    assert table.height == 4 * 5
    assert table["place"][0] == pytest.approx(0.5)
    row = check.scores().row(0, named=True)
    assert (row["windows"], row["inside_50"], row["inside_90"]) == (4, 0.75, 0.75)
    # CRPS of {0, 1, 2} at 1 is 2/9; at 9 it is 8 - 4/9
    assert row["crps"] == pytest.approx((3 * 2 / 9 + 8 - 4 / 9) / 4)
    assert row["no_change"] == pytest.approx((1 + 0 + 2 + 8) / 4)
    assert row["crps_later"] == pytest.approx(8 - 4 / 9)
    assert row["climatology"] == pytest.approx(8.0)
    assert check.outside()[0] == "1856-1865 pacts_per_state: 9, simulated 1 [0.1, 1.9]"
    assert "in sample" in check.to_dict()["standing"]
    assert "before each window" in Check(windows, 1, forward=True).to_dict()["standing"]


def test_what_stands_is_counted_among_those_who_stay():
    at = fork(fd.load("europe-1914"), groups=1)
    all_of = standing(at, np.arange(16))
    assert all_of["pacts_per_state"] == pytest.approx(at.allied.sum() / 16)
    assert np.isnan(all_of["balance"])
    three = standing(at, np.array([at.ids.index(x) for x in ("GMY", "AUH", "ITA")]))
    assert three == {"pacts_per_state": 2.0, "density": 1.0, "balance": pytest.approx(float("nan"), nan_ok=True)}


def test_events_count_once_and_only_between_states_of_the_set():
    begun = [(1, 2, 1900, 0.5), (1, 3, 1900, 0.5), (2, 3, 1911, 1.0), (1, 9, 1905, 1.0)]
    assert counted(begun, {1, 2, 3}, 1900, 1909) == 1.0
    assert counted(begun, {1, 2}, 1900, 1999) == 0.5


@pytest.mark.parametrize(("starts", "forward"), [((), False), ((1816,), False), ((2007,), False), ((1856,), True)])
def test_windows_out_of_range_are_refused(starts, forward):
    with pytest.raises(ParameterError, match="starts"):
        evolve_check.evolve_check(starts=starts, forward=forward)


def test_the_light_model_is_scored_on_the_rows_of_the_full_one_by_earlier_years():
    from foedus.studies.evolve_light import LightScore, light_forecasts, score_light
    from foedus.studies.onset_rows import OnsetRows
    from foedus.war.support import TERMS as VALUES

    rng = np.random.default_rng(4)
    n = 6000
    low = rng.integers(1, 40, n)
    high = low + rng.integers(1, 5, n)
    year = rng.integers(1850, 2011, n).astype(np.int32)
    order = np.unique(np.stack([year, low, high], axis=1), axis=0)
    year, low, high = order.T.astype(np.int32)
    n = len(year)
    x = rng.random((n, len(STATE_TERMS))).astype(np.float32)
    came = rng.random(n) < 1 / (1 + np.exp(4.0 - 4.0 * x[:, 0]))
    pairs = QuarrelRows(x, came.astype(np.float32), came.astype(np.float32), year, low, high, np.zeros(n, dtype=bool))
    turned = rng.random(n) < 0.5
    a, b = np.where(turned, high, low), np.where(turned, low, high)
    plain = OnsetRows(
        rng.random((n, len(VALUES))).astype(np.float32), came.astype(np.int8), came.astype(np.float32), year, a, b, pairs.pair, np.ones(n, np.float32),
        np.zeros(n, dtype=bool), np.full(n, 20.0, np.float32), np.zeros(n, dtype=bool), np.zeros(n, dtype=bool),
    )  # fmt: skip
    shots = AttackerRows(rng.normal(size=(200, 3)), np.ones(200), rng.integers(0, 9, 200), np.full(200, 1860))

    def codes(_):
        return np.arange(60), np.zeros((60, 3))

    gone = pairs.take(np.arange(n) % 50 > 0)  # pairs at war on 1 January have no row
    made = light_forecasts(plain, gone, shots, codes, "disputes")
    assert 0 < len(made.y) < (year > 1870).sum()
    assert set(made.p) >= {"light", "model"}
    assert made.p["light"].max() <= 0.5  # nobody differs, so that each begins half of what its pair does
    later = x.copy()
    later[year > 2005] = 0.1
    again = light_forecasts(plain, replace_x(gone, later[np.arange(n) % 50 > 0]), shots, codes, "disputes")
    early = made.year <= 2005
    np.testing.assert_array_equal(made.p["light"][early], again.p["light"][again.year <= 2005])
    found = {s.score: s for s in score_light(made, draws=20)}
    assert found["ROC area"].verdict == found["logarithm"].verdict == "light"
    assert LightScore("x", True, 0.1, 0.2, -0.1, -0.2, -0.05).verdict == "full"
    assert LightScore("x", True, 0.1, 0.2, -0.1, -0.2, 0.05).verdict == "even"
    assert len(light_forecasts(plain, gone, shots, codes, "wars").y) > 0


def replace_x(rows: QuarrelRows, x: np.ndarray) -> QuarrelRows:
    """Return rows with other terms."""
    return QuarrelRows(x, rows.dispute, rows.war, rows.year, rows.low, rows.high, rows.hostile)
