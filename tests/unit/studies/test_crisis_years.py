"""The game of a year of states, and the counts, without data sets."""

import numpy as np
import polars as pl
import pytest
from tests.unit.kernels.test_prevail import plain, world

from foedus.errors import CoverageError, ParameterError
from foedus.kernels.crisis_game import OUTCOMES, Costs, exponent, payoffs, solve, utilities
from foedus.kernels.portfolios import alike, risk
from foedus.security.expected_utility import miles_per_day, strengths
from foedus.studies import crisis_years as study


def year_of(n, seed, missing=False):
    levels, _, _, _ = world(n, seed)
    rng = np.random.default_rng(seed)
    km = np.triu(rng.uniform(100, 4000, (n, n)), 1)
    share = rng.dirichlet(np.ones(n))
    if missing:
        share[0] = np.nan
    land = np.triu(rng.random((n, n)) < 0.3, 1)
    return study.World(1900, np.arange(10, 10 + n), levels.astype(np.int8), share, km + km.T, land | land.T)


@pytest.mark.parametrize("attitude", ["portfolio", 0.4])
def test_every_directed_pair_is_the_game_of_that_pair(attitude):
    w = year_of(6, 5)
    found = study.play(w, measure="tau_b", risk=attitude, costs=Costs())
    k, s = alike(w.levels), strengths(w.share, w.km, w.land, miles_per_day(1900))
    r = risk(w.levels, s, w.share).attitude if attitude == "portfolio" else np.full(6, attitude)
    for row in range(30):
        i, j = found["ccode1"][row] - 10, found["ccode2"][row] - 10
        p1, p2 = plain(k, s, r, i, j, i), plain(k, s, r, j, i, i)
        assert (found["p1"][row], found["p2"][row]) == pytest.approx((p1, p2), abs=1e-6)
        a, b = utilities(k[i, j], exponent(r[i])), utilities(k[i, j], exponent(r[j]))
        assert found["outcome"][row] == solve(payoffs(a, b, np.array(p1), np.array(p2))).outcome


def test_a_state_of_unknown_capability_has_unknown_ends_only_of_its_own():
    found = study.play(year_of(5, 2, missing=True), measure="tau_b", risk="portfolio", costs=Costs())
    own = (found["ccode1"] == 10) | (found["ccode2"] == 10)
    assert (found["outcome"][own] == -1).all()
    assert (found["outcome"][~own] >= 0).all()


def test_pledges_fill_both_directions_and_strangers_are_left_out():
    ties = pl.DataFrame(
        {"ccode1": [2, 20, 2, 99], "ccode2": [20, 2, 99, 2], "level": [1, 3, 2, 2]}, schema_overrides={"level": pl.Int8}
    )
    assert study._levels(np.array([2, 20, 31]), ties).tolist() == [[3, 3, 0], [3, 3, 0], [0, 0, 3]]
    assert study._levels(np.array([2, 20]), None).tolist() == [[3, 0], [0, 3]]


@pytest.fixture
def years():
    w = year_of(4, 3)
    frames = [study.play(w, measure="tau_b", risk=0.9, costs=Costs())]
    one, two = np.triu_indices(4, 1)
    events = pl.DataFrame({
        "ccode1": (one + 10).astype(np.int32), "ccode2": (two + 10).astype(np.int32), "year": np.full(6, 1900, np.int32),
        "relevant": [True, True, False, False, False, False], "dispute": [1, 0, 0, 0, 1, None], "war": [1, 0, 0, 0, 0, None],
    })  # fmt: skip
    return study.Years(study._with_events(frames, events), "tau_b", 0.9, "year", Costs(), {})


def test_counts_add_up_and_a_pair_is_counted_under_its_more_forceful_end(years):
    table = years.distribution()
    assert table["n_all"].sum() == 12
    assert table["n_relevant"].sum() == 4
    assert table["all"].sum() == pytest.approx(1)
    happened = years.observed()
    assert happened["n"].sum() == 6
    assert happened["disputes"].sum() == 2
    assert happened["wars"].sum() == 1
    known = happened.filter(pl.col("dispute_rate").is_not_null())
    assert (known["dispute_low"] <= known["dispute_rate"]).all()
    assert (known["dispute_low"] < known["dispute_high"]).all()
    forceful = {}
    for r in years.frame.iter_rows(named=True):
        pair = tuple(sorted((r["ccode1"], r["ccode2"])))
        forceful[pair] = max(forceful.get(pair, 0), study.FORCE.index(OUTCOMES[r["outcome"]]))
    assert happened["n"].to_list() == [list(forceful.values()).count(k) for k in range(8)]
    assert years.observed(relevant=True)["n"].sum() == 2
    assert years.unknown == 0
    assert years.to_dict()["n"] == 12


def test_no_years_no_shares(years):
    assert years.distribution(1950, 1960)["all"].null_count() == 8


@pytest.mark.parametrize(
    ("arguments", "error", "text"),
    [
        ({"first": 1800}, CoverageError, "1816-2010"),
        ({"first": 1900, "last": 1890}, CoverageError, "1900-1890"),
        ({"measure": "kappa"}, ParameterError, "tau_b"),
        ({"risk": 3.0}, ParameterError, "portfolio"),
        ({"at": "never"}, ParameterError, "jan1"),
        ({"workers": 0}, ParameterError, "at least 1"),
    ],
)
def test_what_is_refused(arguments, error, text):
    with pytest.raises(error, match=text):
        study.crisis_years(data_dir=".", **arguments)
