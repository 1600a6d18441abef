"""The card of the rates: against the parameters that ship, the page that shows it, and hand-made forecasts."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from foedus import params
from foedus.estimate.card import ModelCard, shipped_card
from foedus.studies import joining_fit, joining_rows, spread_backtest, spread_card, spread_rows
from foedus.studies.joining_backtest import BASELINES, MODEL, SCORES, Forecasts, verdict
from foedus.war.rates import shipped

DOCS = Path(__file__).parents[3] / "docs"


@pytest.fixture(scope="module")
def card():
    return shipped_card("spread")


@pytest.fixture(scope="module")
def made():
    """Sixty events of twenty outsiders, of which the model knows a little and a baseline nothing."""
    rng = np.random.default_rng(3)
    event = np.repeat(np.arange(60), 20)
    hot = rng.random(1200) < 0.2
    y = np.where(rng.random(1200) < np.where(hot, 0.4, 0.03), 1, 0)
    entering = {name: np.full(1200, y.mean()) for name in BASELINES} | {MODEL: np.where(hot, 0.4, 0.03)}
    p = {name: np.column_stack([1 - q, 0.9 * q, 0.1 * q]) for name, q in entering.items()}
    return Forecasts(SimpleNamespace(y=y, event=event, begun=1900 + event), p)


def wars():
    y, weight = np.array([0, 1, 2, 0]), np.array([1.0, 1.0, 1.0, 0.0])
    whole = SimpleNamespace(
        y=y, weight=weight, begun=np.array([1823, 1900, 1950, 1990]), closed=np.array([1825, 1901, 1953, 2003])
    )
    whole.take = lambda which: SimpleNamespace(y=y[which])
    return whole


def test_the_card_holds_the_parameters_that_ship(card):
    rates, got = shipped(), {(c.outcome, c.term): c for c in card.coefficients}
    assert len(got) == len(card.coefficients) == sum(len(getattr(rates, name).terms) for name in spread_card.OUTCOMES)
    table = params.load("spread")
    for name, what in spread_card.OUTCOMES.items():
        fit = getattr(rates, name)
        for term, value, error in zip(fit.terms, fit.coef, np.sqrt(np.diag(fit.covariance)), strict=True):
            one = got[what, term]
            assert (one.estimate, one.std_error) == pytest.approx((value, error), rel=1e-12)
            assert (one.low, one.high) == pytest.approx(
                (table[f"{name}.{term}"].low, table[f"{name}.{term}"].high), rel=1e-6, abs=1e-6
            )
    assert [f"{k} {v}" for k, v in card.data.items()] == table.extra["meta.data"]
    assert (
        f"{card.events} into 95 inter-state wars {card.first_year}-{card.last_year}" in table["entry.constant"].source
    )


def test_the_page_is_the_card(card):
    assert (DOCS / "concepts" / "spread-card.md").read_text(encoding="utf-8") == spread_card.page(card)


def test_the_card_says_what_the_readme_and_the_table_say(card):
    readme, page = (
        path.read_text(encoding="utf-8") for path in (DOCS.parent / "README.md", DOCS / "concepts" / "spread.md")
    )
    found = {(s.score, s.cases.split(",")[0]): s for s in card.scores}
    for cases, met in (("disputes (GML)", True), ("wars (COW)", False), ("wars (Interstate War Data)", False)):
        ratio, slope = found[spread_card.RATIO, cases], found[spread_card.SLOPES, cases]
        row = next(line for line in page.splitlines() if line.startswith(f"| {cases} |"))
        assert (
            f"| {ratio.value:.2f} [{ratio.low:.2f}, {ratio.high:.2f}] | {slope.value:.2f} [{slope.low:.2f}, {slope.high:.2f}] |"
            in row
        )
        assert (ratio.value >= 2 and 0.8 <= slope.value <= 1.25) is met
        assert ("**met**" in row) is met
        assert any(n.startswith(cases) and f"aim {'met' if met else 'missed'}" in n for n in card.notes)
    for cases in ("disputes (GML)", "wars (COW)"):
        ratio = found[spread_card.RATIO, cases]
        assert f"{ratio.value:.1f} [{ratio.low:.1f}, {ratio.high:.1f}] times" in readme
    lost = next(n for n in card.notes if n.startswith("wars (COW)"))
    assert {
        f"{a.baseline} in {a.score}" for a in card.against if a.cases.startswith("wars (COW)") and not a.beats
    } == set(lost.removesuffix(".").split("not beaten: ")[1].split("; "))


def test_scores_of_hand_made_forecasts(made):
    got, whole = spread_card.scored(made, "made up", draws=40), verdict(made)
    assert got.cases == "made up, begun 1900-1959"
    assert [s.score for s in got.lines] == [spread_card.RATIO, spread_card.SLOPES, *SCORES]
    assert got.lines[0].value == whole.ratio > 2
    assert got.lines[0].low < whole.ratio < got.lines[0].high
    assert got.lines[1].value == whole.calibration.slope
    assert got.met is whole.met
    assert len(got.against) == len(BASELINES) * len(SCORES)
    assert got.note.endswith("Baselines not beaten: none.")
    assert ("aim met" in got.note) is whole.met


def test_the_card_is_made_from_all_three_lists(made, monkeypatch):
    told, asked = [], []
    monkeypatch.setattr(joining_fit, "versions", lambda *_: {"cow_wars": "4.0"})
    monkeypatch.setattr(joining_rows, "joining_rows", lambda source, **_: asked.append(source))
    monkeypatch.setattr(spread_rows, "spread_rows", lambda *_, **__: wars())
    monkeypatch.setattr(spread_backtest, "backtest_spread", lambda *_: made)
    one = spread_card.make("nowhere", draws=30, progress=told.append)
    assert asked == ["disputes", "wars", "iwd"]
    assert told[-1] == 1
    assert (one.rows, one.events, one.first_year, one.last_year) == (3, 2, 1823, 2003)
    assert ModelCard.from_toml(one.to_toml()) == one
