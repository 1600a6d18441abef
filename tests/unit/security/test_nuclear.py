"""Who is armed in each draw, and what that adds."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

import foedus as fd
from foedus.data import nuclear
from foedus.errors import ParameterError
from foedus.security.hazard import threats
from foedus.security.nuclear import arms
from foedus.war.onset import shipped_armed


def _armed(quartet, **status):
    actors = tuple(replace(a, nuclear=status.get(a.id, "none")) for a in quartet.actors)
    return replace(quartet, actors=actors, date=dt.date(1950, 1, 1))


def test_the_table_of_years():
    assert nuclear.status(365, 1948) == "none"
    assert nuclear.status(365, 1949) == "weapons"
    assert nuclear.status(560, 1991) == "none"
    assert nuclear.status(750, 1974) == nuclear.status(2, nuclear.LAST + 1) == "unknown"
    assert nuclear.status(750, 1988) == "weapons"


def test_an_unknown_status_is_drawn_both_ways_and_latent_is_none(quartet):
    got = arms(_armed(quartet, AA="weapons", BB="unknown", CC="latent"), seed=1, draws=400)
    assert got.armed[:, 0].all()
    assert 0.4 < got.armed[:, 1].mean() < 0.6
    assert not got.armed[:, 2:].any()


def test_before_the_age_nobody_is_armed_whatever_a_file_says(quartet):
    got = arms(quartet, seed=1, draws=4)
    assert not got.counts
    assert not got.armed.any()
    assert not got.eta(0, "wars").any()


def test_what_is_added_is_the_sum_of_the_fitted_terms(quartet):
    system = _armed(quartet, BB="weapons", CC="weapons")
    got, k = arms(system, seed=3, draws=6), system.index
    coef = shipped_armed("wars").draw("nuclear wars", 6, 3)
    plain = coef["constant"]
    assert got.eta(k["AA"], "wars")[:, k["CC"]] == pytest.approx(plain + coef["armed_i"] + coef["umbrella"])
    assert got.eta(k["AA"], "wars")[:, k["BB"]] == pytest.approx(plain + coef["armed_i"]), (
        "the umbrella is the attacker's"
    )
    assert got.eta(k["BB"], "wars")[:, k["CC"]] == pytest.approx(
        plain + coef["armed_i"] + coef["armed_j"] + coef["armed_both"]
    )
    assert got.eta(k["EE"], "wars")[:, k["DD"]] == pytest.approx(plain)
    bare = got.without([k["BB"], k["CC"]])
    assert bare.eta(k["AA"], "wars")[:, k["CC"]] == pytest.approx(plain)
    assert not bare.shift.any()


def test_weapons_change_who_comes_and_can_be_left_out(quartet):
    system = _armed(quartet, BB="weapons")
    with_, without = threats(system, draws=20), threats(system, draws=20, nuclear=False)
    a, b, c = (system.index[x] for x in ("AA", "BB", "CC"))
    assert not np.array_equal(with_.comes(a)[:, c, 1, b], without.comes(a)[:, c, 1, b])
    assert not np.array_equal(with_.hazard(a)[:, c], without.hazard(a)[:, c])
    none = threats(_armed(quartet), draws=20)
    assert np.array_equal(none.hazard(a), without.hazard(a))
    assert np.array_equal(none.matrix, without.matrix)


def test_no_such_fit():
    with pytest.raises(ParameterError, match="disputes or wars"):
        shipped_armed("crises")


def test_the_ledger_has_each_variant_that_can_be(quartet):
    system = _armed(quartet, AA="weapons", BB="unknown")
    x = fd.alone_or_together(system, "AA", against="CC", draws=40, wars=0)
    assert [n.what for n in x.nuclear] == ["nobody armed", "actor not armed", "allies not armed"]
    nobody = fd.alone_or_together(system, "AA", against="CC", draws=40, wars=0, nuclear=False)
    assert x.nuclear[0].attacked.mean == pytest.approx(nobody.attacked[1].mean)
    assert x.nuclear[0].holds.mean == pytest.approx(nobody.holds[1].mean)
    assert x.nuclear[0].attacked_change.mean == pytest.approx(nobody.attacked[1].mean - x.attacked[1].mean)
    assert nobody.nuclear == ()
