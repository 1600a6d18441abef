"""The fit, networks drawn from it, and goodness of fit, on networks made with known coefficients."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from sklearn.base import clone

from foedus.errors import DataError, ParameterError
from foedus.estimate.resample import cluster_weights
from foedus.formation.network import Network
from foedus.formation.tergm import NetworkModel, tergm
from foedus.formation.tergm_goodness import goodness, labels
from foedus.formation.tergm_simulate import simulate
from foedus.kernels.change_statistics import shared_partners
from foedus.kernels.network_gibbs import gibbs

N = 16
TRUE = {"edges": -2.2, "gwesp(0)": 0.5, "nodecov(x)": 0.8}


def made(years=14, seed=8):
    """Return networks drawn from the model with `TRUE`, each from an empty start; over twelve seeds 91 % of values lie in bands of 95 %."""
    rng = np.random.default_rng(seed)
    out, before = [], None
    for year in range(1900, 1900 + years):
        x = rng.normal(0, 0.6, N)
        fixed = TRUE["edges"] + TRUE["nodecov(x)"] * (x[:, None] + x[None, :])
        drawn, _, _ = gibbs(
            np.zeros((N, N), dtype=np.uint8),
            fixed,
            ~np.eye(N, dtype=bool),
            np.array([3]),
            np.array([TRUE["gwesp(0)"]]),
            np.zeros(1),
            80,
            1,
            1,
            np.uint64(seed),
            np.uint64(year),
        )
        ties = drawn[0].astype(bool)
        out.append(Network(year, tuple(f"S{k}" for k in range(N)), ties, before, {"x": x}, {"zero": np.zeros((N, N))}))
        before = ties
    return out


@pytest.fixture(scope="module")
def networks():
    return made()


@pytest.fixture(scope="module")
def fit(networks):
    return tergm(networks, list(TRUE), draws=200)


def test_known_coefficients_lie_in_their_intervals(fit):
    low, high = fit.interval(0.99)
    assert (low < list(TRUE.values())).all()
    assert (high > list(TRUE.values())).all()
    assert fit.n == 14 * N * (N - 1) // 2
    assert (fit.left_out, fit.failed) == (0, 0)


def test_the_estimate_is_the_maximum_of_the_pseudo_likelihood_by_brute_force(fit, networks):
    """The pseudo-likelihood from h(y with the tie) - h(y without), pair by pair, is lower on every side of the estimate."""

    def h(y, x):
        return np.array([y.sum() / 2, (y & (shared_partners(y) > 0)).sum() / 2, (x * y.sum(axis=1)).sum()])

    deltas, tied = [], []
    for network in networks[:4]:
        for i, j in combinations(range(N), 2):
            y = network.ties.copy()
            y[i, j] = y[j, i] = True
            high = h(y, network.nodes["x"])
            y[i, j] = y[j, i] = False
            deltas.append(high - h(y, network.nodes["x"]))
            tied.append(network.ties[i, j])
    delta, sign = np.array(deltas), np.where(tied, 1.0, -1.0)
    part = tergm(networks[:4], list(TRUE), draws=0)

    def value(theta):
        return -np.logaddexp(0, -sign * (delta @ theta)).sum()

    assert value(part.coef) == pytest.approx(part.log_pseudo_likelihood, abs=1e-8)
    for k in range(3):
        for step in (-0.01, 0.01):
            assert value(part.coef + step * np.eye(3)[k]) < value(part.coef)


def test_table_and_plain_form(fit):
    table = fit.table()
    assert table["term"].to_list() == list(TRUE)
    assert table["ratio"].to_list() == pytest.approx((fit.resampled.std(axis=0, ddof=1) / fit.naive).tolist())
    assert table["sign"].to_list() == ["-", "+", "+"]
    assert fit.to_dict()["coefficients"] == table.to_dicts()
    wide = replace(fit, resampled=fit.resampled - fit.resampled.mean(axis=0))
    assert set(wide.table()["sign"]) == {"unclear"}


def test_the_same_seed_gives_the_same_bits(networks, fit):
    again = tergm(networks, list(TRUE), draws=200)
    assert (again.resampled == fit.resampled).all()


def test_blocks_of_years_are_resampled_together():
    networks = made(years=17)
    blocks = tergm(networks, ["edges"], draws=40, block=2)
    ties = np.array([n.n_ties for n in networks])
    halves = np.append(np.arange(16) // 2, 8)
    for coef, weight in zip(blocks.resampled[:, 0], cluster_weights(halves, 40, 1), strict=True):
        share = weight @ ties / weight.sum() / networks[0].n_pairs
        assert coef == pytest.approx(np.log(share / (1 - share)))


def test_without_draws_there_is_no_interval(networks):
    fit = tergm(networks, ["edges"], draws=0)
    with pytest.raises(ParameterError, match="resampled sets"):
        fit.interval()
    with pytest.raises(ParameterError, match="level"):
        fit.interval(1.0)


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"networks": 1}, "networks"),
        ({"terms": ["edges", "edgecov(zero)"]}, "zero"),
        ({"draws": 1}, "draws"),
        ({"block": 2}, "block"),
        ({"terms": ["edges", "nodecov(x)", "timecov", "memory(loss)"]}, "year before"),
    ],
)
def test_fits_that_cannot_be(networks, change, text):
    given = {"networks": networks, "terms": ["edges"], "draws": 5, "block": 1} | change
    chosen = networks[:1] if given["networks"] == 1 else networks
    with pytest.raises((DataError, ParameterError), match=text):
        tergm(chosen, given["terms"], draws=given["draws"], block=given["block"])


@pytest.mark.parametrize("full", [False, True])
def test_networks_without_ties_or_with_nothing_else_are_refused(full):
    ties = np.full((4, 4), fill_value=full) & ~np.eye(4, dtype=bool)
    years = [Network(y, tuple("ABCD"), ties) for y in (1900, 1901)]
    with pytest.raises(DataError, match="without rows"):
        tergm(years, ["edges"])


def test_nothing_known_is_refused():
    years = [
        Network(y, tuple("ABC"), np.zeros((3, 3), dtype=bool), None, {"x": np.full(3, np.nan)}) for y in (1900, 1901)
    ]
    with pytest.raises(DataError, match="every term is known"):
        tergm(years, ["nodecov(x)"])


def test_a_term_that_hangs_on_one_year_is_refused(networks):
    odd = [
        replace(
            n, pairs={"odd": np.triu(np.ones((N, N)), 1) + np.tril(np.ones((N, N)), -1) if k == 3 else np.zeros((N, N))}
        )
        for k, n in enumerate(networks)
    ]
    with pytest.raises(DataError, match="hangs on one or two years"):
        tergm(odd, ["edges", "edgecov(odd)"], draws=60)


def test_conditional_chances(fit, networks):
    p = fit.conditional(networks[0])
    assert np.isnan(p.diagonal()).all()
    eta = sum(c * t.change(networks[0]) for c, t in zip(fit.coef, fit.terms, strict=True))
    assert p[2, 5] == pytest.approx(1 / (1 + np.exp(-eta[2, 5])))


def test_scikit_learns_conventions(networks):
    model = NetworkModel(("edges", "nodecov(x)"), draws=30, seed=2)
    other = clone(model)
    assert other is not model
    assert other.get_params() == model.get_params()
    with pytest.raises(ParameterError, match="not fitted"):
        other.predict_proba(networks)
    assert other.set_params(draws=20).fit(networks) is other
    assert (other.draws, other.result_.draws, other.classes_.tolist()) == (20, 20, [0, 1])
    p = other.predict_proba(networks[:2])
    assert p.shape == (N * (N - 1), 2)
    assert p.sum(axis=1) == pytest.approx(np.ones(len(p)))
    with pytest.raises(ParameterError, match="colour"):
        other.set_params(colour=1)


def test_drawn_networks_follow_the_model(fit, networks):
    """With the true coefficients the mean numbers of ties are those of long chains, from any start."""
    exact = replace(fit, coef=np.array(list(TRUE.values())))
    means = [
        simulate(exact, networks[1], start=s, samples=400, every=2).ties.sum() / 800
        for s in ("observed", "before", "empty")
    ]
    assert max(means) - min(means) < 2.0
    other = simulate(fit, networks[1], coef=np.array([-20.0, 0.0, 0.0]), samples=3)
    assert other.ties.sum() == 0
    assert (other.trace.shape, other.held) == ((215,), 0)
    again = simulate(fit, networks[1], samples=3, seed=1)
    assert (again.ties == simulate(fit, networks[1], samples=3, seed=1).ties).all()


def test_pairs_with_an_unknown_term_are_held(fit, networks):
    x = networks[1].nodes["x"].copy()
    x[3] = np.nan
    partly = replace(networks[1], nodes={"x": x})
    for start, source in (("observed", partly.ties), ("before", partly.before), ("empty", partly.ties)):
        drawn = simulate(fit, partly, start=start, samples=4)
        assert drawn.held == N - 1
        assert (drawn.ties[:, 3] == source[3]).all()
        assert drawn.chance[3] == pytest.approx(source[3].astype(float))


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"start": "full"}, "start"),
        ({"burn": -1}, "burn"),
        ({"samples": 0}, "samples"),
        ({"start": "before"}, "year before"),
    ],
)
def test_simulations_that_cannot_be(fit, networks, given, text):
    with pytest.raises((DataError, ParameterError), match=text):
        simulate(fit, networks[0], **given)


def test_goodness_of_a_model_that_is_true(fit, networks):
    exact = replace(fit, coef=np.array(list(TRUE.values())))
    told = []
    good = goodness(exact, networks, samples=100, burn=60, every=2, progress=told.append)
    assert good.degenerate == ()
    assert told[-1] == 1.0
    inside = good.inside()
    assert sum(a for a, _ in inside.values()) > 0.85 * sum(b for _, b in inside.values())
    pooled, year = good.table(), good.table(1903)
    assert pooled.filter(statistic="degree")["observed"].sum() == 14 * N
    assert year.filter(statistic="distance")["observed"].sum() == N * (N - 1) // 2
    assert year.filter(statistic="tie partners")["observed"].sum() == networks[3].n_ties
    assert len(labels("distance")) == pooled.filter(statistic="distance").height
    assert good.to_dict()["years"][3]["observed"] == networks[3].n_ties
    with pytest.raises(ParameterError, match="year"):
        good.table(1999)


def test_degenerate_models_are_named(fit, networks):
    for coef, verdict in (
        ([-9.0, 0.0, 0.0], "nearly empty"),
        ([5.0, 1.0, 0.0], "nearly full"),
        ([-5.6, 5.0, 0.0], "two kinds"),
    ):
        start = (
            networks[2]
            if verdict != "two kinds"
            else replace(networks[2], ties=~np.eye(N, dtype=bool) & (np.add.outer(np.arange(N), np.arange(N)) < 22))
        )
        good = goodness(replace(fit, coef=np.array(coef)), [start], samples=10, burn=10, every=1)
        assert good.years[0].verdict == verdict
        assert good.degenerate == (1902,)


@pytest.mark.parametrize("given", [{"networks": 0}, {"level": 1.0}])
def test_goodness_of_nothing(fit, networks, given):
    with pytest.raises(ParameterError, match="at least one network"):
        goodness(fit, [] if "networks" in given else networks[:1], level=given.get("level", 0.95))
