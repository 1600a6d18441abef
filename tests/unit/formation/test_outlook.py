"""Who allies next, of bundled systems, with a record by hand."""

from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np
import pytest

import foedus as fd
from foedus.errors import CoverageError, ParameterError
from foedus.formation import outlook
from foedus.formation.outlook import REASONS, formation_chances
from foedus.formation.ties import AGE, END, ERAS, FORM, MEMORY, TERMS, chances, shipped
from unit.formation.small_store import Store


@pytest.fixture(autouse=True, scope="module")
def _store():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(outlook.DataDir, "of", classmethod(lambda cls, folder: folder or Store()))
        yield


@pytest.fixture(scope="module")
def system():
    return fd.load("europe-1914")


@pytest.fixture(scope="module")
def found(system, _store):
    return formation_chances(system, data_dir=Store(), draws=40)


def test_every_pair_is_at_risk_of_one_of_the_two(system, found):
    ends = formation_chances(system, what="end", draws=10)
    begins, tied = (set(map(frozenset, zip(x.one, x.two, strict=True))) for x in (found, ends))
    n = sum(a.cow is not None for a in system.actors)
    assert len(begins) + len(tied) == n * (n - 1) // 2
    assert not begins & tied
    assert frozenset(("FRN", "RUS")) in tied


def test_reasons_are_all_terms_and_add_up(system, found):
    assert sorted(t for terms in REASONS.values() for t in terms) == sorted((*TERMS, *MEMORY, *AGE))
    fit = shipped("form", "treaties")
    keep = np.array([a.cow is not None for a in system.actors])
    past = outlook.past_of(system, np.flatnonzero(keep), Store())
    i, j = np.triu_indices(int(keep.sum()), 1)
    values = outlook._values(system, past, keep, outlook._inputs(system, keep, None, 1), "form")[0, ~past.allied[i, j]]
    p = chances(values, 1914, fit.coef)
    eta = np.log(p / (1 - p))
    assert sum(found.reasons.values()) == pytest.approx(eta - eta.mean(), abs=1e-5)


def test_intervals_hold_the_mean_and_have_width(found):
    assert (found.low < found.mean).all()
    assert (found.mean < found.high).all()
    assert found.expected.low < found.expected.mean < found.expected.high
    assert found.expected.mean == pytest.approx(found.mean.sum())


def test_the_same_seed_gives_the_same_and_more_draws_begin_alike(system, found):
    again = formation_chances(system, data_dir=Store(), draws=40)
    np.testing.assert_array_equal(again.mean, found.mean)
    other = formation_chances(system, draws=40, seed=2)
    assert not np.array_equal(other.mean, found.mean)
    whole = formation_chances(system, draws=2 * outlook.BATCH + 1)
    assert whole.mean == pytest.approx(found.mean, rel=0.5)


def test_a_voided_pact_makes_a_pair_at_risk_with_a_tie_that_has_just_ended(system):
    without = dataclasses.replace(
        system, pacts=tuple(p for p in system.pacts if not {"FRN", "RUS"} <= {m.actor for m in p.members})
    )
    made = formation_chances(without, draws=10)
    assert made.pair("RUS", "FRN") is not None
    assert made.pair("FRN", "RUS") == made.pair("RUS", "FRN")


def test_ages_come_from_the_record_or_from_the_pact(system):
    which = np.flatnonzero([a.cow is not None for a in system.actors])
    ids = [system.actors[k].id for k in which]
    past = outlook.past_of(system, which, Store())
    gmy, auh, frn, rus = (ids.index(x) for x in ("GMY", "AUH", "FRN", "RUS"))
    assert past.tie_age[gmy, auh] == pytest.approx((system.date - dt.date(1873, 1, 1)).days / 365.25, abs=0.01)
    begun = min(
        p.start
        for p in system.pacts
        if p.kind == "treaty"
        and any(g.type == "defense" for g in p.pledges)
        and {"FRN", "RUS"} <= {m.actor for m in p.members}
    )
    assert past.tie_age[frn, rus] == pytest.approx((system.date - begun).days / 365.25, abs=0.01)
    free = dataclasses.replace(system, pacts=())
    past = outlook.past_of(free, which, Store())
    assert not past.allied.any()
    assert past.tie_age[gmy, auh] == 0.0, "in the record, voided in the system: ended today"
    assert past.tie_age[frn, rus] == np.inf


def test_countings_add_up_to_ties_and_to_treaties(system):
    pairs = formation_chances(system, counting="pairs", draws=20)
    treaties = formation_chances(system, counting="treaties", draws=20)
    assert pairs.expected.mean != treaties.expected.mean
    assert pairs.to_dict()["counting"] == "pairs"


def test_table_and_dict_say_the_same(found):
    table = found.table(reasons=2)
    assert table["chance"].is_sorted(descending=True)
    assert table["rank"].to_list() == list(range(1, len(found.one) + 1))
    top = table.row(0, named=True)
    k = found.pair(top["a"], top["b"])
    assert top["chance"] == found.mean[k]
    assert top["why"].count(",") == 1
    plain = found.to_dict()
    assert len(plain["pairs"]) == len(found.one)
    assert plain["standing"].startswith("estimated")
    assert found.pair("FRN", "FRN") is None


def test_limits_name_what_is_left_out_and_unknown(system):
    actors = tuple(
        dataclasses.replace(a, cow=None)
        if a.id == "SER"
        else dataclasses.replace(a, regime=None)
        if a.id == "ITA"
        else a
        for a in system.actors
    )
    made = formation_chances(dataclasses.replace(system, actors=actors), draws=4)
    text = " ".join(made.limits)
    assert "SER" in text
    assert "regime unknown" in text
    assert "ITA" in text
    assert "not the whole system" in text
    real = dataclasses.replace(system, id="1914-07-28", limits=())
    assert not any("not the whole system" in x for x in formation_chances(real, draws=4).limits)
    chosen = dataclasses.replace(real, limits=("holds 16 chosen states, not the whole system",))
    assert any("not the whole system" in x for x in formation_chances(chosen, draws=4).limits)


def test_nobody_tied_gives_an_empty_table(system):
    made = formation_chances(dataclasses.replace(system, pacts=()), what="end", draws=4)
    assert made.table().height == 0
    assert made.expected.mean == 0.0


@pytest.mark.parametrize(("change", "message"), [
    ({"draws": 1}, "draws"), ({"level": 1.0}, "level"), ({"what": "begin"}, "form or end"), ({"counting": "groups"}, "treaties"),
    ({"fitted": shipped("end")}, "FORM"),
])  # fmt: skip
def test_arguments_out_of_range_are_refused(system, change, message):
    with pytest.raises(ParameterError, match=message):
        formation_chances(system, **change)


def test_a_fit_of_the_users_own_replaces_the_shipped_one(system):
    flat = dataclasses.replace(shipped("end"), coef=np.zeros(len(END)), covariance=np.eye(len(END)) * 1e-8)
    made = formation_chances(system, what="end", fitted=flat, draws=4)
    assert made.mean == pytest.approx(0.5, abs=0.01)
    assert len(FORM) - len(MEMORY) == len(END) - len(AGE)
    assert END[-len(ERAS) :] == ERAS


def test_after_the_record_nothing_is_known():
    with pytest.raises(CoverageError, match="2015-12-31"):
        formation_chances(fd.load("middle-east-2019"))


def test_one_state_has_no_pair(system):
    actors = tuple(dataclasses.replace(a, cow=None) if k else a for k, a in enumerate(system.actors))
    with pytest.raises(ParameterError, match="Too few states"):
        formation_chances(dataclasses.replace(system, actors=actors))


def test_an_id_that_does_not_abbreviate_the_name_of_the_day_brings_the_name(found):
    """The Correlates of War keep YUG from Serbia to today."""
    assert found.said("SER") == "SER"
    assert found.said("UKG") == "UKG"
    old = dataclasses.replace(
        found, names={"YUG": "Serbia", "TUR": "Ottoman Empire", "RUS": "Russia", "UKG": "United Kingdom"}
    )
    assert [old.said(a) for a in old.names] == ["YUG (Serbia)", "TUR (Ottoman Empire)", "RUS", "UKG"]
    assert found.to_dict()["names"]["AUH"] == "Austria-Hungary"
