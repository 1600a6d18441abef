"""Network models on the published reference networks and on ATOP's."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from foedus.formation.network import known_terms, pair_rows
from foedus.formation.network_terms import parse_terms
from foedus.formation.tergm import tergm
from foedus.kernels.change_statistics import shared_partners
from foedus.studies import network_rows as of

pytestmark = pytest.mark.realdata


@pytest.fixture(scope="module")
def reference(realdata_dir):
    return of.reference_networks(data_dir=realdata_dir)


def test_the_reference_networks_are_whole(reference):
    assert [n.year for n in reference] == list(range(1981, 2001))
    assert {len(n.ids) for n in reference} == {164}
    assert sum(n.n_pairs for n in reference) == 267_320
    assert sum(n.n_ties for n in reference) == 13_155
    for one, two in itertools.pairwise(reference):
        assert (two.before == one.ties).all(), "the file's network of the year before is that of the year before"
    assert all((n.pairs["shared_before"] <= n.pairs["shared_before_all"]).all() for n in reference)
    assert sum((n.pairs["shared_before"] < n.pairs["shared_before_all"]).sum() for n in reference) > 0


def test_the_static_and_the_lagged_fit(reference):
    """Equal to statsmodels' logit on the same change statistics; memory swallows the effect of last year's shared partners."""
    import statsmodels.api as sm

    static, lagged = (tergm(reference, t, draws=20) for t in (of.REFERENCE, of.REFERENCE_LAGGED))
    for fit, terms in ((static, of.REFERENCE), (lagged, of.REFERENCE_LAGGED)):
        assert (fit.n, fit.ties, fit.left_out, fit.failed) == (267_320, 13_155, 0, 0)
        rows = pair_rows(reference, parse_terms(terms), origin=1980)
        other = sm.Logit(rows.y, rows.x).fit(disp=0, method="newton", maxiter=60, tol=1e-12)
        assert fit.coef == pytest.approx(other.params, rel=1e-5, abs=1e-7)
        assert fit.naive == pytest.approx(other.bse, rel=1e-5)
    assert static.coef.round(3).tolist() == [-5.05, 1.624, 2.107, 0.287, -0.005, 8.331, -0.126, -4.849, 3.215]
    assert lagged.coef.round(3).tolist() == [-7.02, 1.752, 0.111, -0.641, -0.016, -0.105, -0.078, 1.17, 1.852, 9.868]
    signs = dict(static.table().select("term", "sign").iter_rows())
    assert {k: signs[k] for k in ("gwesp(0)", "edgecov(shared_before)", "nodecov(cinc)", "absdiff(polity)", "edgecov(border)")} == {
        "gwesp(0)": "+", "edgecov(shared_before)": "+", "nodecov(cinc)": "+", "absdiff(polity)": "-", "edgecov(border)": "+",
    }  # fmt: skip
    assert lagged.coef[2] < 0.1 * static.coef[2]


def test_states_that_did_not_exist(realdata_dir, reference):
    """358 state-years of the file have a capability of 0; none has a tie, and Russia is among them until 1991."""
    zero = [n.nodes["cinc"] == 0 for n in reference]
    assert sum(z.sum() for z in zero) == 358
    assert sum(n.ties[z].sum() for n, z in zip(reference, zero, strict=True)) == 0
    assert [n.year for n, z in zip(reference, zero, strict=True) if z[n.ids.index("RUS")]] == list(range(1981, 1992))
    without = of.reference_networks(absent="unknown", data_dir=realdata_dir)
    rows = pair_rows(without, parse_terms(of.REFERENCE), origin=1980)
    assert (len(rows.y), rows.y.sum()) == (212_761, 13_155)


def test_own_networks(realdata_dir):
    networks = of.pact_networks(1946, 1985, data_dir=realdata_dir)
    kept, dropped = known_terms(networks, parse_terms(of.PACTS_LAGGED), of.LEAST_KNOWN)
    assert dropped == {}
    assert len(kept) == len(of.PACTS_LAGGED)
    for one, two in itertools.pairwise(networks):
        place = {name: k for k, name in enumerate(two.ids)}
        both = [(k, place[name]) for k, name in enumerate(one.ids) if name in place]
        old, new = (np.array(side) for side in zip(*both, strict=True))
        assert (one.ties[np.ix_(old, old)] == two.before[np.ix_(new, new)]).all()
    nato = next(n for n in networks if n.year == 1950)
    at = {name: k for k, name in enumerate(nato.ids)}
    assert nato.ties[at["USA"], at["UKG"]]
    assert not nato.before[at["USA"], at["UKG"]]
    assert not nato.ties[at["USA"], at["RUS"]]
    assert nato.pairs["rivalry"][at["USA"], at["RUS"]] == 1
    assert shared_partners(nato.ties)[at["USA"], at["UKG"]] > 5
    fit = tergm(networks, [t.name for t in kept], draws=20)
    signs = dict(fit.table().select("term", "sign").iter_rows())
    assert signs["gwesp(0)"] == signs["memory(autoregression)"] == "+"
    assert signs["edgecov(log_distance)"] == signs["absdiff(democracy)"] == "-"
