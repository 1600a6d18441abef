"""Who would come to whose help, against the plain twin of the engine; and the chance of onset."""

import dataclasses

import numpy as np
import pytest

from foedus.errors import ParameterError
from foedus.kernels.cascade import CUTS, RATE_TERMS
from foedus.kernels.cascade_reference import claims_of, views
from foedus.scenario.read import load
from foedus.war.field import ground
from foedus.war.onset import ONSET, chances, shipped
from foedus.war.rates import DAYS, ERAS
from foedus.war.rates import shipped as rates
from foedus.war.support import HORIZON, TERMS, expected_support, mean_ground, onset_terms


@pytest.fixture(scope="module")
def europe():
    system = load("europe-1914")
    return system, mean_ground(ground(system, seed=1, outer=4))


def by_hand(said, i, j, year):
    """Return the strength expected on either side by the terms of the engine's plain twin."""
    fit = rates().entry
    coef = dict(zip(fit.terms, fit.coef, strict=True))
    here = np.zeros(len(said.power), dtype=np.int8)
    here[i], here[j] = 1, 2
    attack = np.zeros((len(here), len(here)), dtype=bool)
    attack[i, j] = True
    honour = coef["bound"] + coef["bound_size"] * np.log(said.partners)
    look = views(here, (0.0, 0.0), said.friend, said.near, said.reach, said.power, said.major)
    sure = claims_of(here, attack, said.pledges, honour, np.zeros(len(honour), dtype=bool))
    open_ = claims_of(here, attack, said.pledges, honour * 0.5, np.ones(len(honour), dtype=bool))
    bind, bound = (
        sure.bind | open_.bind,
        np.where(sure.bind, np.maximum(sure.bound, open_.bound * ~sure.bind), open_.bound),
    )
    eta = look @ np.array([coef[t] for t in RATE_TERMS]) + sum(coef[e] for e in ERAS if year >= int(e[6:]))
    eta += (
        coef["stay_out"] * sure.stay[:, 1:].T + coef["pledged"] * (sure.owes & ~bind)[:, 1:].T + (bound * bind)[:, 1:].T
    )
    rate = np.exp(eta)
    base = np.exp([0.0, *(coef[d] for d in DAYS)])
    whole = sum(b * max(min(e, HORIZON) - c, 0) for b, c, e in zip(base, CUTS, (*CUTS[1:], np.inf), strict=True))
    total = rate.sum(axis=0)
    enters = (1 - np.exp(-total * whole)) * rate / total
    enters[:, [i, j]] = 0
    reach = said.reach
    return enters[0] @ (said.power * reach[:, j]), enters[1] @ (said.power * reach[:, i])


def test_expected_help_is_that_of_the_engine_s_first_moment(europe):
    system, said = europe
    got = expected_support(said, 1914)
    for a, b in (("AUH", "SER"), ("GMY", "BEL"), ("RUS", "AUH"), ("FRN", "GMY")):
        i, j = system.index[a], system.index[b]
        mine, theirs = by_hand(said, i, j, 1914)
        assert got.attacker[i, j] == pytest.approx(mine, rel=1e-6)
        assert got.attacked[i, j] == pytest.approx(theirs, rel=1e-6)


def test_without_pledges_the_plain_numbers_remain(europe):
    system, said = europe
    got = expected_support(said, 1914)
    bare = dataclasses.replace(
        said, pledges=type(said.pledges)(*(x[:0] for x in said.pledges)), partners=said.partners[:0], nouns=[]
    )
    none = expected_support(bare, 1914)
    np.testing.assert_allclose(none.attacked, got.plain_attacked)
    np.testing.assert_allclose(none.attacker, none.plain_attacker)
    x = onset_terms(said, got)
    assert x.shape == (len(system.ids), len(system.ids), len(TERMS))
    assert np.isfinite(x).all()
    deter = x[:, :, TERMS.index("deter")]
    assert deter[system.index["GMY"], system.index["BEL"]] > 0.1
    assert np.abs(onset_terms(bare, none)[:, :, TERMS.index("deter")]).max() == 0


def test_chances_take_what_pledges_add_away(europe):
    system, said = europe
    x = onset_terms(said, expected_support(said, 1914))
    coef = shipped("wars").coef
    p, bare = chances(x, 1914, coef), chances(x, 1914, coef, pledges=False)
    assert ((p > 0) & (p < 1)).all()
    i, j = system.index["GMY"], system.index["BEL"]
    assert p[i, j] < bare[i, j]  # the fitted sign of deter
    assert p[system.index["AUH"], system.index["SER"]] > p[system.index["AUH"], system.index["POR"]]
    assert ONSET[0] == "constant"
    with pytest.raises(ParameterError, match="disputes or wars"):
        shipped("crises")
