"""Rows, fits, backtest and scores of pact ties, on a small data folder and on made rows."""

from __future__ import annotations

import dataclasses
import datetime as dt
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from foedus.errors import DataError, ParameterError
from foedus.estimate.card import ModelCard
from foedus.formation.record import Record
from foedus.formation.ties import END, FORM, TERMS
from foedus.studies import pact_groups, tie_backtest, tie_designs, tie_fit, tie_rows, tie_scores
from foedus.studies.tie_rows import TieRows
from unit.formation.small_store import Store, treaty


@pytest.fixture(autouse=True, scope="module")
def _store():
    with pytest.MonkeyPatch.context() as patch:
        for module in (tie_rows, pact_groups):
            patch.setattr(module.DataDir, "of", classmethod(lambda cls, folder: folder or Store()))
        yield


def made_rows(what="form", n=5000, seed=0):
    """Return rows of pairs of twenty states whose ties begin, or end, by distance and shared allies; a treaty of a year takes several."""
    rng = np.random.default_rng(seed)
    x = np.zeros((n, len(FORM if what == "form" else END) - 4), dtype=np.float32)
    for name in ("distance", "shared", "democracy", "common_enemy", "threat"):
        x[:, TERMS.index(name)] = rng.normal(size=n)
    eta = -3.5 - 1.0 * x[:, TERMS.index("distance")] + 0.8 * x[:, TERMS.index("shared")]
    y = (rng.random(n) < 1 / (1 + np.exp(-eta))).astype(np.int8)
    year = rng.integers(1816, 2016, n).astype(np.int32)
    one, two = (rng.integers(2, 22, n).astype(np.int32), rng.integers(22, 42, n).astype(np.int32))
    zero = np.zeros(n, dtype=np.int8)
    treaty_ = np.where(y == 1, 1000 + year % 3, 0).astype(np.int32)
    return TieRows(what, x, y, year, one, two, treaty_, zero, np.full(n, np.inf, np.float32), (rng.random(n) < 0.2).astype(np.int8),
                   rng.normal(-12, 1, n).astype(np.float32))  # fmt: skip


@pytest.fixture(scope="module")
def rows():
    return made_rows()


@pytest.fixture(scope="module")
def forecasts(rows):
    return tie_backtest.backtest_ties(rows)


def labels(some):
    """Return (year, codes, whether it came) of rows with an event."""
    return [(int(y), int(a), int(b)) for y, a, b, e in zip(some.year, some.one, some.two, some.y, strict=True) if e]


def test_rows_of_a_small_record():
    form, end = tie_rows.tie_rows(first=1816, last=1960)
    assert labels(form) == [
        (1820, 255, 300), (1839, 2, 200), (1873, 255, 300), *[(1949, a, b) for a, b in ((2, 200), (2, 220), (2, 365), (200, 220), (200, 365), (220, 365))],
    ]  # fmt: skip
    assert labels(end) == [
        (1833, 255, 300),
        (1845, 2, 200),
        (1918, 255, 300),
        (1960, 2, 365),
        (1960, 200, 365),
        (1960, 220, 365),
    ]


def test_a_tie_of_1_january_begins_in_that_year():
    form, end = tie_rows.tie_rows(first=1870, last=1875)
    assert (1873, 255, 300) in labels(form)
    assert (end.year[(end.one == 255) & (end.two == 300)]).min() == 1874


def test_rows_are_the_pairs_of_members_on_1_january():
    form, end = tie_rows.tie_rows(first=1829, last=1831)
    for year, n in ((1829, 5), (1830, 6), (1831, 6)):
        assert (form.year == year).sum() + (end.year == year).sum() == n * (n - 1) // 2
    assert (form.one < form.two).all()
    assert tie_rows.causes(end)["unknown"] == 0
    assert tie_rows.causes(tie_rows.tie_rows(first=1833, last=1833)[1])["violated or abrogated"] == 1


def test_recent_events_and_own_rates_know_earlier_years_only():
    told = []
    form, _ = tie_rows.tie_rows(first=1819, last=1822, progress=told.append)
    of = {(int(y), int(a), int(b)): k for k, (y, a, b) in enumerate(zip(form.year, form.one, form.two, strict=True))}
    assert form.recent[of[1820, 220, 255]] == 0
    assert form.recent[of[1821, 220, 255]] == 1
    assert form.recent[of[1822, 220, 255]] == 0
    assert form.own[of[1821, 220, 255]] > form.own[of[1820, 220, 255]]
    assert told[-1] == 1.0


def test_what_happens_later_changes_no_row():
    later = treaty(9, (200, 255), dt.date(1871, 1, 1), dt.date(1890, 1, 1))
    fight = [
        (12, 200, True, dt.date(1870, 1, 1), dt.date(1871, 1, 1)),
        (12, 220, False, dt.date(1870, 1, 1), dt.date(1871, 1, 1)),
    ]
    plain, other = (
        tie_rows.tie_rows(data_dir=s, first=1865, last=1872) for s in (Store(), Store(treaties=later, disputes=fight))
    )
    for a, b in zip(plain, other, strict=True):
        before = a.year <= 1870
        for f in ("x", "year", "one", "two", "recent", "own"):
            np.testing.assert_array_equal(getattr(a, f)[before], getattr(b, f)[b.year <= 1870])
    assert (1871, 200, 255) in labels(other[0])


def test_fits_find_what_was_put_in(rows):
    fit = tie_fit.fit_ties(rows)
    got = dict(zip(FORM, fit.coef, strict=True))
    assert got["distance"] == pytest.approx(-1.0, abs=0.15)
    assert got["shared"] == pytest.approx(0.8, abs=0.15)
    assert abs(got["democracy"]) < 0.2


def test_a_treaty_counts_once(rows):
    w = tie_fit.row_weight(rows, "treaties")
    assert (w[rows.y == 0] == 1).all()
    for treaty_, year in {(int(t), int(y)) for t, y, e in zip(rows.treaty, rows.year, rows.y, strict=True) if e}:
        assert w[(rows.treaty == treaty_) & (rows.year == year) & (rows.y == 1)].sum() == pytest.approx(1)
    assert (tie_fit.row_weight(rows, "pairs") == 1).all()


def test_rows_of_one_treaty_are_one_cluster(rows):
    label = tie_fit.treaty_cluster(rows)
    assert (label[rows.y == 0] == rows.pair[rows.y == 0]).all()
    came = rows.y == 1
    assert len(np.unique(label[came])) == len(np.unique(rows.treaty[came].astype(np.int64) * 10_000 + rows.year[came]))


def test_errors_side_by_side():
    rows, rng = made_rows(seed=5), np.random.default_rng(2)
    rows = dataclasses.replace(rows, x=rng.normal(size=rows.x.shape).astype(np.float32))
    one = rng.integers(2, 150, len(rows.y)).astype(np.int32)
    rows = dataclasses.replace(rows, one=one, two=one + rng.integers(1, 100, len(one)).astype(np.int32))
    table = tie_fit.errors_by(rows, tie_fit.fit_ties(rows))
    assert table["term"].to_list() == list(FORM)
    for name in ("row", "pair", "treaty", "year", "dyad"):
        assert (table[name] > 0).all()
    assert table["year"].to_numpy() == pytest.approx(table["row"].to_numpy(), rel=0.6)
    constant = made_rows(n=3000)  # a term that never varies has no variance by dyad
    assert tie_fit.errors_by(constant, tie_fit.fit_ties(constant))["dyad"].is_nan().all()


def test_the_parameter_file_holds_every_fit(rows):
    end = made_rows("end", seed=1)
    fits = tie_fit.fit_all(rows, end)
    raw = tomllib.loads(tie_fit.toml(rows, end, fits, {"atop5_1m": "5.1"}))
    for what, names in (("form", FORM), ("end", END)):
        for counting in ("pairs", "treaties"):
            made = raw[what][counting]["fit"]
            assert made["terms"] == list(names)
            assert made["coef"] == pytest.approx(fits[what][counting].coef, abs=1e-6)
    assert raw["meta"]["data"] == ["atop5_1m 5.1"]
    low, high = raw["form"]["pairs"]["distance"]["value"]
    assert low < fits["form"]["pairs"].coef[FORM.index("distance")] < high


def test_the_shipped_file_states_its_provenance():
    text = (Path(tie_fit.__file__).parents[1] / "params" / "ties_fitted.toml").read_text(encoding="utf-8")
    raw = tomllib.loads(text)
    assert {d.split()[0] for d in raw["meta"]["data"]} == set(tie_rows.INPUTS)
    assert "857398 pair-years 1816-2015" in raw["form"]["pairs"]["land"]["source"]


def test_the_fields_terms(rows):
    x = tie_fit.field_design(rows)
    at = {name: x[:, k] for k, name in enumerate(tie_fit.FIELD)}
    assert set(np.unique(at["both_democratic"])) <= {0.0, 1.0}
    assert (at["both_democratic"] == (rows.x[:, TERMS.index("democracy")] >= 0.5)).all()
    assert tie_fit.field_design(made_rows("end", n=50)).shape[1] == len(tie_fit.FIELD) + 2


def test_every_later_row_is_forecast_once_by_earlier_years(rows, forecasts):
    assert len(forecasts.y) == (rows.year > 1870).sum()
    assert set(forecasts.p) == {"pairs", "treaties"}
    late = rows.year > 1990
    changed = dataclasses.replace(rows, y=np.where(late, 1 - rows.y, rows.y).astype(np.int8))
    with ThreadPoolExecutor(2) as pool:
        again = tie_backtest.backtest_ties(changed, countings=("treaties",), on=pool)
    for name, p in forecasts.p["treaties"].items():
        seen = forecasts.year <= 1995
        np.testing.assert_array_equal(p[seen], again.p["treaties"][name][again.year <= 1995])
    assert not np.array_equal(forecasts.p["treaties"]["model"], again.p["treaties"]["model"])


def test_base_rate_and_last_year_are_rates_of_seen_rows(rows, forecasts):
    seen = rows.year <= 1870
    now = (forecasts.year > 1870) & (forecasts.year <= 1875)
    assert forecasts.p["pairs"]["base rate"][now] == pytest.approx(rows.y[seen].mean())
    cell = rows.recent[seen] == 1
    whole = rows.y[seen].mean()
    expected = (rows.y[seen][cell].sum() + whole) / (cell.sum() + 1)
    assert expected in forecasts.p["pairs"]["last year"][now]


def test_without_later_rows_there_is_nothing_to_forecast(rows):
    with pytest.raises(DataError, match="No year to forecast"):
        tie_backtest.backtest_ties(rows.take(rows.year < 1860))


@pytest.mark.parametrize("counting", ["pairs", "treaties"])
def test_scores_of_a_model_that_knows_the_terms(forecasts, counting):
    made = tie_scores.score_ties(forecasts, counting=counting, draws=40)
    assert {s.score for s in made.lines} == {"average precision", "ROC area", "Brier", "logarithm"}
    assert all(s.low <= s.value <= s.high for s in made.lines)
    area = next(a for a in made.against if a.score == "ROC area" and a.baseline == "base rate")
    assert area.beats
    assert made.calibration.slope == pytest.approx(1.0, abs=0.25)
    assert made.happened == pytest.approx(
        forecasts.y.sum() if counting == "pairs" else len(np.unique(forecasts.year[forecasts.y == 1]))
    )
    assert made.bins.n.sum() == made.n
    assert ((made.bins.low <= made.bins.rate) & (made.bins.rate <= made.bins.high)).all()
    assert made.to_dict()["calibration"]["slope"] == made.calibration.slope


def test_scores_of_some_years_and_of_no_event(forecasts):
    part = forecasts.since(1914, 1945)
    assert part.year.min() >= 1914
    assert part.year.max() <= 1945
    assert len(part.p["pairs"]["field"]) == len(part.y)
    none = dataclasses.replace(part, y=np.zeros_like(part.y))
    assert tie_scores._calibration(none.y, none.p["pairs"]["model"], none.year, np.ones(len(none.y))) is None
    with pytest.raises(ParameterError, match="pairs, treaties"):
        tie_scores.score_ties(part, counting="groups")


def test_the_card_says_where_it_loses(rows, forecasts):
    scored = tie_scores.score_ties(forecasts, counting="treaties", draws=40)
    card = tie_scores.card(rows, tie_fit.fit_ties(rows), (scored,), {"atop5_1m": "5.1"})
    assert ModelCard.from_toml(card.to_toml()) == card
    text = card.to_markdown()
    assert "does not beat" in text
    assert len(scored.lost) == text.count("| does not beat |")
    blank = tie_scores._note(dataclasses.replace(scored, calibration=None, against=()))
    assert "slope of calibration unknown" in blank
    assert "does not beat: none" in blank


def test_being_allied_and_forming_are_two_questions():
    # democracy keeps ties alive and does not make them: it goes with being allied, not with forming
    form, end = made_rows(n=12_000), made_rows("end", n=4000, seed=3)
    end.x[:, TERMS.index("democracy")] += 0.8
    table = tie_designs.allied_or_forming(form, end)
    row = table.row(tie_fit.FIELD.index("both_democratic"), named=True)
    assert row["allied_low"] > 0
    assert row["forming_low"] < 0 < row["forming_high"]


def test_survival_is_that_of_plain_loops():
    rng = np.random.default_rng(4)
    years, ended = rng.integers(1, 9, 40).astype(float), rng.random(40) < 0.6
    at, left = tie_designs.survival(years, ended)
    share, want = 1.0, []
    for t in sorted(set(years[ended])):
        share *= 1 - sum(ended & (years == t)) / sum(years >= t)
        want.append(share)
    assert left == pytest.approx(want)
    assert at.tolist() == sorted(set(years[ended]))


def test_durations_of_a_small_record():
    table = tie_designs.durations(Record.read(Store()))
    first, later = table.row(0, named=True), table.row(2, named=True)
    assert (
        first["ties"],
        first["violated or abrogated"],
        first["a member lost its independence"],
        first["expired or fulfilled"],
    ) == (3, 1, 1, 1)
    assert first["median"] == pytest.approx((dt.date(1833, 3, 3) - dt.date(1820, 5, 1)).days / 365.25, abs=0.01)
    assert (later["in force"], later["a member left"], later["median"]) == (6, 4, None)
    assert (later["five"], later["twenty"]) == (1.0, pytest.approx(0.6))


def test_pacts_by_size():
    table = pact_groups.pact_sizes()
    assert table["pacts"].to_list() == [3, 0, 1, 0]
    assert table["two"].to_list() == [3, 0, 0, 0]
    assert table["three_to_five"].to_list() == [0, 0, 1, 0]
    none = table.row(1, named=True)
    assert (none["largest"], none["dispersion"]) == (None, None)
    assert table["pairs"].to_list() == [3, 0, 6, 0]


def test_groups_that_found_a_pact(monkeypatch):
    codes, years = [2, 200, 220, 255], range(1900, 1960)

    def create(k, first, last, *, n_per_year, seed, pledge, data_dir):
        from itertools import combinations

        rng = np.random.default_rng(k)
        rows = []
        for year in years:
            for group in combinations(codes, k):
                near = (220 in group) and (255 in group)
                rows.append((*group, year, int(rng.random() < (0.25 if near else 0.02)), 1.0))
        assert (pledge, n_per_year) == ("defense", 50)
        frame = pl.DataFrame(rows, [*(f"ccode{i + 1}" for i in range(k)), "year", "formed", "weight"], orient="row")
        return type("Panel", (), {"frame": frame})

    monkeypatch.setattr(pact_groups, "create_kads", create)
    monkeypatch.setattr(pact_groups, "MOST", 4)
    monkeypatch.setattr(pact_groups, "TERMS_OF_GROUPS", tuple(t for t in pact_groups.TERMS_OF_GROUPS if t != "k_5"))
    told = []
    fit = pact_groups.fit_groups(n_per_year=50, progress=told.append)
    table = fit.table()
    land = table.filter(term="land").row(0, named=True)
    assert land["low"] > 0, "220 and 255 share the only border and found together"
    assert sum(fit.founded.values()) + fit.sampled == 60 * (6 + 4 + 1)
    assert told[-1] == 1.0


def test_a_groups_terms_are_means_over_its_pairs():
    years = tie_rows.Years(Store())
    code, pairs, strength = pact_groups._pairs(years, 1880)
    block = pl.DataFrame(
        {"ccode1": [200, 2], "ccode2": [220, 300], "ccode3": [255, 9999], "formed": [1, 0], "weight": [1.0, 5.0]}
    )
    x, y, w, when = pact_groups._rows(3, 1880, block, code, pairs, strength)
    assert (len(x), y.tolist(), w.tolist(), when.tolist()) == (1, [1], [1.0], [1880])
    form, at = years.at(1880).terms()[0], np.searchsorted(code, [200, 220, 255])
    i, j = np.triu_indices(len(code), 1)
    some = np.isin(i, at) & np.isin(j, at)
    for m, name in enumerate(pact_groups.MEANS):
        assert x[0, 1 + m] == pytest.approx(form[some, TERMS.index(name)].mean(), abs=1e-6)
    k = 1 + len(pact_groups.MEANS)
    assert x[0, k : k + 2] == pytest.approx([strength[at].max(), strength[at].min()])
    assert x[0, k + 2 :].tolist() == [1, 0, 0, 0, 0, 0]
    unknown = pact_groups._rows(3, 1880, block, code, pairs, np.full(len(code), np.nan))[0]
    assert unknown[0, k : k + 2].tolist() == [0, 0]
