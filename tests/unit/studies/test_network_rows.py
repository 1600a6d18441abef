"""Networks from small tables: who is tied, what was known on the day, and forecasts of years not seen."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from foedus.errors import CoverageError, ParameterError
from foedus.formation.network import Network
from foedus.studies import network_rows as of
from foedus.studies.network_backtest import BASELINES, CASES, forecast_networks, score_networks


def frame(columns, *rows):
    return pl.DataFrame(list(rows), schema=columns.split(), orient="row")


@pytest.fixture
def parts():
    """Three states in 1900 and 1901: 1 and 2 are rivals of 3, and 1-2 signed in 1900; the religion of 3 and the power of 9 are unknown."""
    pairs = [
        (year, a, b, int((a, b) == (1, 2)), float(100 * b), int(b == 3), 0.5 if b == 2 else None)
        for year in (1900, 1901) for a, b in ((1, 2), (1, 3), (2, 3))
    ]  # fmt: skip
    columns = "year ccode1 ccode2 conttype capdist rivalry religion_overlap"
    nodes = [(1900, 1, 0.3, 1.0), (1900, 2, 0.2, -1.0), (1900, 3, 0.5, 0.0), (1901, 1, 9.0, 9.0)]
    return of._Parts(
        {1901: np.array([1, 2, 3])},
        {1901: frame("ccode1 ccode2 year", (1, 2, 1901), (2, 7, 1901)), 1900: frame("ccode1 ccode2 year", (3, 2, 1900))},
        {y: frame(columns, *(p for p in pairs if p[0] == y)) for y in (1900, 1901)},
        {y: frame("year ccode cinc euds", *(n for n in nodes if n[0] == y)) for y in (1900, 1901)},
        {1: "AAA", 2: "BBB", 3: "CCC"},
    )  # fmt: skip


def test_a_network_by_hand(parts):
    made = parts.network(1901)
    assert made.ids == ("AAA", "BBB", "CCC")
    assert np.argwhere(np.triu(made.ties)).tolist() == [[0, 1]], "a tie with a state that is no member is left out"
    assert np.argwhere(np.triu(made.before)).tolist() == [[1, 2]]
    assert made.pairs["land"][0, 1] == 1
    assert made.pairs["log_distance"][0, 2] == pytest.approx(np.log(300))
    assert made.pairs["common_enemy"][0, 1] == pytest.approx(np.log(2))
    assert made.pairs["common_enemy"][0, 2] == 0
    assert made.nodes["threat"].tolist() == pytest.approx([0.5 / 0.8, 0.5 / 0.7, 0.5 / 1.0])
    assert made.nodes["log_cinc"].tolist() == pytest.approx(np.log([0.3, 0.2, 0.5]).tolist()), "of the year before"
    assert made.pairs["religion"][0, 1] == 0.5
    assert np.isnan(made.pairs["religion"][0, 2])


def test_a_state_of_unknown_power_leaves_the_threat_of_its_rivals_unknown(parts):
    parts.nodes[1900] = parts.nodes[1900].filter(pl.col("ccode") != 3)
    made = parts.network(1901)
    assert np.isnan(made.nodes["threat"]).tolist() == [True, True, True]
    parts.pairs[1901] = parts.pairs[1901].with_columns(rivalry=pl.lit(0))
    assert parts.network(1901).nodes["threat"].tolist() == [0, 0, 0], (
        "without rivals there is none, whatever its own power"
    )


@pytest.mark.parametrize("span", [(1816, 1900), (1900, 1900), (1950, 2017)])
def test_years_that_are_not_covered(span, monkeypatch, tmp_path):
    monkeypatch.setattr(of.DataDir, "require", lambda self, *names: None)
    with pytest.raises(CoverageError, match="1817-2016"):
        of.pact_networks(*span, data_dir=tmp_path)


def test_another_word_for_states_that_are_absent():
    with pytest.raises(ParameterError, match="absent"):
        of.reference_networks(absent="gone")


def reference_store(monkeypatch):
    """Three states in two years, of which C does not exist in the first."""
    tables = {
        "tergm_nodes": frame("year state polity cinc", *((y, s, 5, 0.0 if (y, s) == (1981, "C") else 0.3) for y in (1981, 1982) for s in "CBA")),
        "tergm_alliances": frame("year a b", (1981, "A", "B"), (1982, "A", "B"), (1982, "C", "B")),
        "tergm_contiguity": frame("a b", ("B", "C"), ("C", "B")),
        "tergm_disputes": frame("year a b", (1982, "C", "A")),
        "tergm_lagged": frame("year a b tied shared", (1981, "A", "B", True, 0), (1982, "A", "B", True, 0), (1982, "B", "C", True, 0), (1982, "A", "C", False, 1)),
    }  # fmt: skip
    monkeypatch.setattr(of.DataDir, "require", lambda self, *names: None)
    monkeypatch.setattr(of.DataDir, "table", lambda self, name: tables[name])


def test_the_reference_networks_by_hand(monkeypatch, tmp_path):
    reference_store(monkeypatch)
    first, second = of.reference_networks(data_dir=tmp_path)
    assert (first.year, first.ids, first.n_ties, second.n_ties) == (1981, ("A", "B", "C"), 1, 2)
    assert second.before[1, 2]
    assert second.pairs["shared_before"][0, 2] == second.pairs["shared_before_all"][2, 0] == 1
    assert first.pairs["border"].tolist() == [[0, 0, 0], [0, 0, 1], [0, 1, 0]]
    assert (first.pairs["dispute"].sum(), second.pairs["dispute"][0, 2]) == (0, 1)
    assert first.nodes["cinc"].tolist() == [0.3, 0.3, 0.0]
    unknown = of.reference_networks(data_dir=tmp_path, absent="unknown")
    assert np.isnan(unknown[0].nodes["polity"]).tolist() == [False, False, True]
    assert not np.isnan(unknown[1].nodes["cinc"]).any()


def series(years=14, n=10, seed=1):
    """Return networks in which ties last and new ones go by distance."""
    rng = np.random.default_rng(seed)
    place = rng.random(n)
    far = np.abs(place[:, None] - place[None, :])
    ties, out = np.triu(rng.random((n, n)) < 0.25, 1), []
    for year in range(1900, 1900 + years):
        before = ties
        forms = np.triu(rng.random((n, n)) < 0.2 * np.exp(-3 * far), 1)
        ties = (before & (rng.random((n, n)) < 0.85)) | forms
        out.append(Network(year, tuple(map(str, range(n))), ties | ties.T, before | before.T, {}, {"far": far}))
    return out


def test_forecasts_see_no_later_year():
    networks = series()
    terms, independent = (
        ["edges", "gwesp(0)", "memory(autoregression)", "edgecov(far)"],
        ["edges", "memory(autoregression)", "edgecov(far)"],
    )
    told = []
    made = forecast_networks(networks, 1908, terms=terms, independent=independent, progress=told.append)
    assert sorted(set(made.year.tolist())) == [1909, 1910, 1911, 1912, 1913]
    assert (len(made.y), told) == (5 * 45, [1.0])
    assert set(made.p) == {"model", *BASELINES}
    assert all(((p > 0) & (p < 1)).all() for p in made.p.values())
    seen = [n for n in networks if n.year <= 1908]
    assert made.p["base rate"][0] == pytest.approx(np.mean([n.n_ties / 45 for n in seen]))
    was = np.concatenate([n.before[np.triu_indices(10, 1)] for n in seen])
    tied = np.concatenate([n.ties[np.triu_indices(10, 1)] for n in seen])
    rate = tied.mean()
    assert made.p["last year"][made.before][0] == pytest.approx((tied[was].sum() + rate) / (was.sum() + 1))
    upset = [
        *networks[:10],
        *(Network(n.year, n.ids, ~n.ties & ~np.eye(10, dtype=bool), n.before, {}, n.pairs) for n in networks[10:]),
    ]
    again = forecast_networks(upset, 1908, terms=terms, independent=independent)
    assert all((again.p[k] == p).all() for k, p in made.p.items()), (
        "what happened in the years forecast changes no forecast"
    )


def test_scores_of_forecasts():
    made = forecast_networks(
        series(),
        1906,
        terms=["edges", "gwesp(0)", "memory(autoregression)"],
        independent=["edges", "memory(autoregression)"],
    )
    found = score_networks(made, draws=40)
    assert {s.cases for s in found.lines} == set(CASES)
    brier = next(s for s in found.of("all") if s.score == "Brier")
    assert brier.value == pytest.approx(np.mean((made.p["model"] - made.y) ** 2), abs=1e-5)
    assert brier.low < brier.value < brier.high
    assert brier.against["base rate"][0] < 0
    assert brier.against["base rate"][3]
    assert found.to_dict()["scores"][0]["cases"] == "all"
    assert (found.n, found.years) == (len(made.y), (1907, 1913))
