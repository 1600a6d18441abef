"""Onset on made-up rows, and the account of one year on a bundled system."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from foedus.errors import ParameterError
from foedus.scenario.read import load
from foedus.studies import onset_fit
from foedus.studies.decades import GROUPS, TERMS, Decades, account, decades
from foedus.studies.onset_rows import OnsetRows
from foedus.war.onset import ONSET
from foedus.war.support import TERMS as VALUES


def made_rows(n=6000, seed=0):
    rng = np.random.default_rng(seed)
    x = rng.random((n, len(VALUES))).astype(np.float32)
    eta = -4.0 + 3.0 * x[:, VALUES.index("hostility")] - 1.0 * x[:, VALUES.index("deter")]
    dispute = rng.random(n) < 1 / (1 + np.exp(-eta))
    war = (dispute & (rng.random(n) < 0.3)).astype(np.float32)
    year = rng.integers(1850, 2011, n)
    war[year > 2007] = np.nan
    pair = rng.integers(0, 200, n)
    return OnsetRows(
        x, dispute.astype(np.int8), war, year.astype(np.int32), pair, pair, pair, np.ones(n, np.float32), rng.random(n) < 0.1,
        rng.integers(0, 60, n).astype(np.float32), rng.random(n) < 0.4, rng.random(n) < 0.1,
    )  # fmt: skip


def test_fits_find_what_was_put_in_and_wars_lean_on_disputes():
    rows = made_rows()
    first = onset_fit.fit_disputes(rows)
    got = dict(zip(ONSET, first.coef, strict=True))
    assert got["hostility"] == pytest.approx(3.0, abs=0.5)
    assert got["deter"] == pytest.approx(-1.0, abs=0.4)
    second = onset_fit.fit_wars(rows, first)
    assert np.linalg.eigvalsh(second.covariance).min() > -1e-9
    assert abs(dict(zip(ONSET, second.coef, strict=True))["hostility"] - got["hostility"]) < 1.0
    text = onset_fit.toml(first, second, {"disputes": "made-up rows", "wars": "made-up rows"}, {"nothing": "1"})
    assert "since_1946" in text
    assert onset_fit.fit_all(rows)[2]["disputes"].startswith(f"{rows.dispute.sum()} onsets")


@pytest.mark.parametrize("what", ["disputes", "wars"])
def test_forecasts_come_from_earlier_years_only(what):
    rows = made_rows()
    made = onset_fit.backtest_onset(rows, what)
    assert made.year.min() == 1871
    assert made.year.max() == (2010 if what == "disputes" else 2007)
    with ThreadPoolExecutor(3) as pool:
        elsewhere = onset_fit.backtest_onset(rows, what, on=pool)
    for name in made.p:
        np.testing.assert_array_equal(made.p[name], elsewhere.p[name])
    changed = made_rows()
    late = changed.year > 2005
    changed.x[late] = 0.5
    again = onset_fit.backtest_onset(changed, what)
    early = made.year <= 2005
    np.testing.assert_array_equal(made.p["model"][early], again.p["model"][again.year <= 2005])
    scores, calibrated = onset_fit.score_onset(made, draws=20)
    assert {s.score for s in scores} == set(onset_fit.SCORES)
    area = next(s for s in scores if s.score == "ROC area")
    assert area.low <= area.value <= area.high
    assert area.against["base rate"][3]
    assert 0.3 < calibrated.slope < 3


def test_the_account_of_a_year_adds_up():
    system = load("europe-1914")
    people = {a.cow: 1e7 for a in system.actors if a.cow is not None}
    got = account(system, people, seed=1)
    assert set(got) == {(a, b) for a in (True, False) for b in (True, False)}
    for values in got.values():
        assert all(values[t].shape == (GROUPS,) and (values[t] > 0).all() for t in TERMS)
        assert (values["states"] >= 2 * values["wars"] - 1e-9).all()
    np.testing.assert_allclose(got[True, True]["wars"], got[True, False]["wars"])
    unknown = account(system, {}, seed=1)
    assert np.isnan(unknown[True, True]["deaths"]).all()


def test_tables_give_three_terms_that_sum_to_the_difference():
    rng = np.random.default_rng(1)
    without, deter, spread, rest = ({t: rng.normal(size=(2, GROUPS)) for t in TERMS} for _ in range(4))
    both = {t: without[t] + deter[t] + spread[t] + rest[t] for t in TERMS}
    seen = {t: np.array([1.0, 2.0]) for t in TERMS}
    made = Decades(np.array([1900, 1910]), np.array([10, 10]), both, without, deter, spread, rest, seen, 1)
    row = made.table("states").row(0, named=True)
    assert row["with"] - row["without"] == pytest.approx(row["deter"] + row["spread"] + row["rest"])
    assert row["with_low"] <= row["with"] <= row["with_high"]
    assert set(made.total("wars")) == {"with", "without", "deter", "spread", "rest"}
    assert set(made.to_dict()["decades"]) == set(TERMS)
    with pytest.raises(ParameterError, match="what"):
        made.table("money")
    with pytest.raises(ParameterError, match="years"):
        decades(first=1700)
