"""Backtest, tables and shipped text of the models of joining, on small made rows."""

import dataclasses
import tomllib
from pathlib import Path

import numpy as np
import pytest

from foedus import params
from foedus.estimate import resample, scores
from foedus.studies import joining_backtest as back
from foedus.studies import joining_fit as fitted
from foedus.studies.joining_rows import Rows
from foedus.war.features import CONTIGUITY_ALLIANCE

TERMS = (*CONTIGUITY_ALLIANCE, "rival_other")


@pytest.fixture(scope="module")
def rows():
    """Eighty disputes, two a year from 1860, each with thirty outsiders and two rounds."""
    rng = np.random.default_rng(11)
    event, ccode, number = (
        a.ravel().astype(np.int32) for a in np.meshgrid(np.arange(80), np.arange(30) + 2, [0, 4], indexing="ij")
    )
    n = len(event)
    x = np.ones((n, 2, 6), dtype=np.float32)
    x[:, :, 1:] = rng.random((n, 2, 5)) < 0.2
    x[:, :, 2], x[:, :, 4] = x[:, ::-1, 1], x[:, ::-1, 3]
    eta = np.exp(x @ np.array([-4, 0.5, 0.2, 1.5, 0, 1.5]))
    p = np.column_stack([np.ones(n), eta]) / (1 + eta.sum(axis=1))[:, None]
    y = (rng.random(n)[:, None] > np.cumsum(p, axis=1)).sum(axis=1).astype(np.int8)
    begun = (1860 + event // 2).astype(np.int32)
    year = begun + number // 4
    return Rows(
        TERMS, x, y, event, ccode, number, begun, year, year, ((ccode + 7) % 30 + 100).astype(np.int32), np.ones(n), x[:, :, 1].any(axis=1),
        x[:, :, 3].any(axis=1), rng.random(n) < 0.1, event % 2 == 0, 0,
    )  # fmt: skip


@pytest.fixture(scope="module")
def made(rows):
    return back.backtest_joining(rows, terms=TERMS, first=1874, last=1894)


def test_each_dispute_is_forecast_once_and_whole(rows, made):
    inside = rows.begun > 1874
    assert len(made.rows.y) == inside.sum()
    np.testing.assert_array_equal(np.unique(made.rows.event), np.unique(rows.event[inside]))
    for p in made.p.values():
        np.testing.assert_allclose(p.sum(axis=1), 1)
        assert (p > 0).all()


def test_in_processes_the_forecasts_are_the_same(rows, made):
    other = back.backtest_joining(rows, terms=TERMS, first=1874, last=1894, on=2)
    for name in made.p:
        np.testing.assert_array_equal(made.p[name], other.p[name])


def test_what_happens_later_changes_no_earlier_forecast(rows, made):
    later = rows.closed > 1884
    y = np.where(later, (rows.y + 1) % 3, rows.y).astype(np.int8)
    other = back.backtest_joining(dataclasses.replace(rows, y=y), terms=TERMS, first=1874, last=1894)
    seen = made.rows.begun <= 1884  # forecast by fits to 1874 and 1879
    for name in made.p:
        np.testing.assert_array_equal(made.p[name][seen], other.p[name][seen])
    assert (made.p[back.MODEL][made.rows.begun > 1889] != other.p[back.MODEL][made.rows.begun > 1889]).any()


def test_baselines_are_rates_of_what_was_seen(rows):
    seen, new = rows.take(rows.closed <= 1880), rows.take(rows.begun == 1890)
    p = back._forecast(seen, new, TERMS)
    entered = seen.y > 0
    np.testing.assert_allclose(p["base rate"], [[(seen.y == k).mean() for k in range(3)]] * len(new.y))
    for name, old, now in (
        ("last year", seen.joiner, new.joiner),
        ("Siverson-Starr", seen.border * 2 + seen.pledge, new.border * 2 + new.pledge),
    ):
        for cell in np.unique(now):
            own = old == cell
            want = (entered[own].sum() + entered.mean()) / (own.sum() + 1)
            got = 1 - p[name][now == cell, 0]
            np.testing.assert_allclose(got, want)


def test_a_weight_of_two_counts_twice_in_the_baselines(rows):
    seen, new = rows.take(rows.closed <= 1880), rows.take(rows.begun == 1890)
    w = np.where(np.arange(len(seen.y)) < 300, 2.0, 1.0)
    double = seen.take(np.concatenate([np.arange(len(seen.y)), np.arange(300)]))
    one = back._forecast(dataclasses.replace(seen, weight=w), new, TERMS)
    two = back._forecast(double, new, TERMS)
    for name in one:
        np.testing.assert_allclose(one[name], two[name], atol=1e-8)


@pytest.mark.parametrize("event", ["enters", "enters on a side"])
def test_scores_and_intervals_are_those_of_the_general_functions(made, event):
    lines, differences = back.score(made, "held out", event=event, draws=40)
    y, p, cluster = made.cases(back.MODEL, event)
    known = {
        "average precision": scores.average_precision,
        "ROC area": scores.auc_roc,
        "Brier": scores.brier,
        "logarithm": scores.log_score,
    }
    for line in lines:
        want = resample.bootstrap(known[line.score], y, p, cluster=cluster, draws=40)
        assert (line.value, line.low, line.high) == pytest.approx((want.value, want.low, want.high))
    for one in differences[::5]:
        other = made.cases(one.baseline, event)[1]
        want = resample.bootstrap_difference(known[one.score], y, p, other, cluster=cluster, draws=40)
        assert (one.difference, one.low, one.high) == pytest.approx((want.value, want.low, want.high))
        assert one.higher_is_better == (one.score in {"average precision", "ROC area"})


def test_scores_of_forecasts_without_an_event_are_unknown():
    ranked = back._Ranked(np.array([0, 0]), np.array([0.1, 0.2]))
    assert np.isnan(ranked.scores(np.ones(2), ("average precision", "ROC area"))).all()


def test_the_verdict_needs_area_and_slope(made):
    found = back.verdict(made)
    y, p, _ = made.cases(back.MODEL, "enters")
    assert found.area == pytest.approx(scores.average_precision(y, p))
    low, high = back.ratio_interval(made, draws=40)
    assert low < found.ratio < high
    slope = dataclasses.replace(found.calibration, slope=1.0)
    assert back.Verdict(0.2, 0.1, slope).met
    assert not back.Verdict(0.19, 0.1, slope).met
    assert not back.Verdict(0.2, 0.1, dataclasses.replace(slope, slope=1.26)).met


def test_years_part_the_forecasts(made):
    early, late = made.since(1875, 1884), made.since(1885, 1899)
    assert len(early.rows.y) + len(late.rows.y) == len(made.rows.y)
    assert early.rows.begun.max() == 1884


def test_joiners_pledged_to_one_side(rows):
    owed = rows.columns(("defense",))[:, :, 0] > 0
    n = right = 0
    for y, (a, b) in zip(rows.y.tolist(), owed.tolist(), strict=True):
        if y and a != b:
            n += 1
            right += y == (1 if a else 2)
    p = np.tile([0.5, 0.4, 0.1], (len(rows.y), 1))
    found = fitted.one_sided(rows, p)
    to_a = (owed[:, 0] & ~owed[:, 1])[(rows.y > 0) & (owed[:, 0] != owed[:, 1])].mean()
    assert found == (n, pytest.approx(right / n), pytest.approx(0.8 * to_a + 0.2 * (1 - to_a)))
    data, model = fitted.one_sided_spans(rows, p, draws=60)
    assert data[0] < right / n < data[1]
    assert model[0] < found[2] < model[1]
    assert 0.2 <= model[0] < model[1] <= 0.8


def test_the_table_of_borders_and_pledges_counts_states_by_war(rows):
    p = np.tile([0.9, 0.05, 0.05], (len(rows.y), 1))
    table = fitted.diffusion(rows, p)
    assert table["cases"].sum() == 40 * 30
    assert table["expected"].sum() == pytest.approx(0.1 * 40 * 30 * 2)
    both = {(e, c) for e, c, b, w in zip(rows.event, rows.ccode, rows.border, rows.warlike, strict=True) if b and w}
    assert table.filter("border")["cases"].sum() == len(both)
    entered = {(e, c) for e, c, y, w in zip(rows.event, rows.ccode, rows.y, rows.warlike, strict=True) if y and w}
    assert table["entered"].sum() == len(entered)


@pytest.fixture(scope="module")
def small(rows):
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(fitted.SPECIFICATIONS, "core", ("disputes", TERMS, 1816))
        yield fitted.fit_specification(rows, "core", draws=5), fitted.fit_specification(rows, "core", draws=0)


def test_the_shipped_text_holds_the_fit(small):
    text = fitted.toml({"core": small[0]}, {"cow_nmc": "7.0"})
    table = params.parse(tomllib.loads(text), "text")
    model = small[0].model
    for term, value in zip(model.terms, model.coef, strict=True):
        assert table[f"core.{term}"].status == "fitted"
        assert f"estimate {value:.3f}" in table[f"core.{term}"].note
    np.testing.assert_allclose(table.extra["core.fit.coef"], model.coef, rtol=1e-7)
    np.testing.assert_allclose(table.extra["core.fit.covariance"], model.covariance, rtol=1e-7)
    assert table.extra["core.fit.years"] == [1860, 1900]
    assert table.extra["meta.data"] == ["cow_nmc 7.0"]


def test_errors_by_event_state_and_pair(rows, small):
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(fitted.SPECIFICATIONS, "core", ("disputes", TERMS, 1816))
        found = fitted.errors_by(rows, "core", small[1].model)
    np.testing.assert_allclose(found["event"], np.sqrt(np.diag(small[1].model.covariance)))
    assert (found["state"] > 0).all()
    assert (found["pair"] > 0).all()


def test_a_card_holds_coefficients_and_verdicts(made, small):
    lines, differences = back.score(made, "held out", draws=20, scores=("Brier",))
    one = fitted.card("core", small[0], {"cow_nmc": "7.0"}, lines, differences, ["a note"])
    text = one.to_markdown()
    assert "a note" in text
    assert text.count("beat") == len(back.BASELINES)
    assert one.events == sum(small[0].model.counts[1:])


def test_the_page_shows_the_coefficients_that_ship():
    page = (Path(__file__).parents[3] / "docs" / "concepts" / "joining.md").read_text(encoding="utf-8")
    lines = {cells[1].strip("` "): cells for line in page.splitlines() if len(cells := line.split("|")) == 7}
    for column, name in ((2, "core"), (4, "from_1946"), (5, "wars")):
        for row in params.load("joining_fitted").under(name).items():
            term, shown = row[0], lines[row[0]][column].split()[1:]
            assert [float(v.strip("[],")) for v in shown] == pytest.approx([row[1].low, row[1].high], abs=0.0051), term
