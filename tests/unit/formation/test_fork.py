"""A system as the arrays from which futures set out."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import numpy as np
import pytest

import foedus as fd
from foedus.errors import InvalidSystemError
from foedus.formation import fork as forks
from foedus.formation.fork import fork, pair_keys
from foedus.system.nouns import Source


@pytest.fixture(scope="module")
def europe():
    return fd.load("europe-1914")


def test_allies_and_the_years_of_their_pacts(europe):
    at = fork(europe, groups=3)
    g, a, r, f = (europe.index[x] for x in ("GMY", "AUH", "RUS", "FRN"))
    assert at.allied[g, a]
    assert at.allied[r, f]
    assert not at.allied[g, f]
    assert at.tie_age[g, a] == pytest.approx((europe.date - dt.date(1879, 10, 7)).days / 365.25, abs=1e-4)
    assert np.isinf(at.tie_age[g, f])
    assert (at.allied == at.allied.T).all()
    assert (at.tie_age == at.tie_age.T).all()


def test_what_is_uncertain_is_drawn_by_group_and_keeps_its_draws(europe):
    few, many = fork(europe, groups=2), fork(europe, groups=5)
    for name in ("log_share", "regime", "dispute_age"):
        assert (getattr(few, name) == getattr(many, name)[:2]).all()
        assert (getattr(many, name)[0] != getattr(many, name)[1]).any()
    assert np.exp(many.log_share).sum(axis=1) == pytest.approx(np.ones(5))
    assert fork(europe, seed=None).log_share.shape[0] == 1


def test_old_quarrels_are_more_recent_where_a_tie_tells_of_one(europe):
    ages = fork(europe, groups=200).dispute_age
    f, g = europe.index["FRN"], europe.index["GMY"]
    p, s = europe.index["SWI"] if "SWI" in europe.index else europe.index["BEL"], europe.index["JPN"]
    assert np.median(ages[:, f, g]) < 10
    assert np.isinf(np.median(ages[:, p, s]))
    assert (ages == ages.swapaxes(1, 2)).all()


def test_an_unknown_regime_is_drawn_wide(europe):
    blank = europe.with_(
        actors=tuple(
            a if a.id != "GMY" else type(a)(**{**{k: getattr(a, k) for k in a.__slots__}, "regime": None})
            for a in europe.actors
        )
    )
    drawn = fork(blank, groups=200).regime[:, europe.index["GMY"]]
    assert drawn.min() < 0.1
    assert drawn.max() > 0.7
    assert 0.1 < fork(blank, seed=None).regime[0, europe.index["GMY"]] < 0.6


def test_capabilities_of_nobody_are_refused(europe):
    bare = europe.with_(
        actors=tuple(type(a)(**{**{k: getattr(a, k) for k in a.__slots__}, "capability": ()}) for a in europe.actors)
    )
    with pytest.raises(InvalidSystemError, match="No capability is known"):
        fork(bare)


def test_keys_of_pairs_do_not_depend_on_their_order():
    one, two = pair_keys(("A", "B", "C"), "pair"), pair_keys(("C", "A", "B"), "pair")
    assert sorted(one.tolist()) == sorted(two.tolist())
    assert one[0] == two[2]


def test_a_real_system_takes_the_record_and_an_edit_ends_a_tie_on_the_day(europe, monkeypatch, tmp_path):
    real = europe.with_(sources=(*europe.sources, Source("cow-states", "States")))
    n = len(real.actors)
    g, a, f = (real.index[k] for k in ("GMY", "AUH", "FRN"))
    known, tie, dispute = np.array(fork(europe).allied), np.full((n, n), np.inf), np.full((n, n), np.inf)
    tie[known] = 34.8
    dispute[g, f] = dispute[f, g] = 10.5

    def at_(codes, day):
        assert codes.tolist() == [x.cow for x in real.actors]
        assert day == real.date
        return known, tie, dispute

    monkeypatch.setattr(forks, "_read", lambda path: SimpleNamespace(last_year=2014, at=at_))
    at = fork(real, data_dir=tmp_path)
    assert at.history == "recorded"
    assert at.tie_age[g, a] == pytest.approx(34.8)
    assert at.dispute_age[0, g, f] == pytest.approx(10.5)
    assert np.isinf(at.dispute_age[0, a, f])
    void = real.edit().void("dual-alliance").void("triple-alliance").void("austro-romanian-alliance").system
    assert not fork(void, data_dir=tmp_path).allied[g, a]
    assert fork(void, data_dir=tmp_path).tie_age[g, a] == 0.0
    late = real.with_(date=dt.date(2017, 1, 1))
    assert fork(late, data_dir=tmp_path).history == "drawn"


def test_a_folder_is_read_once(monkeypatch, tmp_path):
    calls = []
    monkeypatch.setattr(forks.Record, "read", classmethod(lambda cls, folder: calls.append(folder) or "record"))
    forks._read.cache_clear()
    assert forks._read(tmp_path) == forks._read(tmp_path) == "record"
    assert len(calls) == 1
    forks._read.cache_clear()
