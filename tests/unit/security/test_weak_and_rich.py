"""Weak and rich: exposure, price and dependence on small systems by hand, and the series behind a real date."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

import foedus as fd
from foedus.data.store import DataDir
from foedus.errors import CoverageError, InvalidSystemError, ParameterError
from foedus.security import means as of
from foedus.security.weak_and_rich import weak_and_rich
from foedus.system.nouns import Actor, Border, Member, Pact, Place, Pledge, Tie
from foedus.system.system import System
from foedus.system.values import Quantity

Q = Quantity.of
DAY = dt.date(2010, 1, 1)


def actor(name, gdp, people, men=100.0, **more):
    parts = {"gdp": gdp, "population": people, "personnel": men}
    return Actor(
        name, name.title(), capability=tuple((k, Q(v)) for k, v in sorted(parts.items()) if v is not None), place=Place(name, 10.0, 20.0), **more
    )  # fmt: skip


def system(*actors, pacts=(), ties=(), borders=None, **more):
    """Return a scenario; EMIR borders on GIANT unless told otherwise."""
    return System(
        "s",
        "Scenario",
        DAY,
        actors,
        pacts,
        ties,
        (Border("EMIR", "GIANT", "land"),) if borders is None else borders,
        **more,
    )


EMIR = actor("EMIR", [180, 220], [1.9, 2.1], [9, 11])
GIANT = actor("GIANT", [900, 1100], [70, 80], [450, 550])
PATRON = actor("PATRON", [9000, 11000], [280, 320], [900, 1100], major=True)
POOR = actor("POOR", [9, 11], [18, 22], [20, 30])
DEFENCE = Pact(
    "d",
    "Defence",
    "treaty",
    (Member("PATRON"), Member("EMIR")),
    (Pledge("PATRON", "defense"),),
    start=dt.date(2000, 1, 1),
)


def of_actor(found, name):
    return next(a for a in found.actors if a.actor == name)


def test_a_rich_emirate_leans_on_its_patron():
    found = weak_and_rich(system(EMIR, GIANT, PATRON, POOR, pacts=(DEFENCE,)), richer_than=0.5, draws=60)
    emir = of_actor(found, "EMIR")
    assert emir.against == "GIANT"
    assert emir.weak == 1
    assert emir.rich == 1
    assert emir.protector == "PATRON"
    assert emir.ratio.mean > 5
    assert 0 < emir.holds.mean < emir.holds_helped.mean < 1
    assert emir.holds_without.mean == pytest.approx(emir.holds.mean)
    assert 0 < emir.leans.low < emir.leans.mean < emir.leans.high < 1
    assert emir.people == pytest.approx(2.0, abs=0.05)
    assert emir.per_head.mean == pytest.approx(100_000, rel=0.05)
    for e in (emir.ratio, emir.holds, emir.price, emir.leans, emir.per_head, found.affordable):
        assert e.low < e.high


def test_price_and_ratio_by_hand():
    s = system(EMIR, GIANT, PATRON, POOR)
    found, means = weak_and_rich(s, draws=30), of.of_scenario(s, draws=30, seed=1)
    from foedus.war.field import theatre

    field = theatre(s, seed=1, outer=30).field
    emir = of_actor(found, "EMIR")
    assert emir.ratio.mean == pytest.approx((field.power[:, 1] / field.power[:, 0]).mean())
    price = means.spending[:, 1] / means.gdp[:, 0]
    assert emir.price.mean == pytest.approx(price.mean())
    assert emir.times.mean == pytest.approx((price / means.affordable).mean())
    assert emir.unaffordable == pytest.approx((price > means.affordable).mean())
    assert (
        (means.spending[:, 1] / means.gdp[:, 1] >= 0.0036) & (means.spending[:, 1] / means.gdp[:, 1] <= 0.0597)
    ).all()


def test_hostility_counts_at_any_distance_that_strength_reaches():
    rivals = Tie("POOR", "EMIR", "rivalry", Q([-0.9, -0.7]))
    found = weak_and_rich(system(EMIR, GIANT, POOR, ties=(rivals,), borders=()), draws=40)
    emir = of_actor(found, "EMIR")
    assert emir.against == "POOR"
    assert emir.hostile > 0.9
    assert of_actor(found, "GIANT").against is None


def test_nobody_near_and_nobody_hostile():
    found = weak_and_rich(system(EMIR, GIANT, PATRON, POOR, borders=()), draws=10)
    emir = of_actor(found, "EMIR")
    assert emir.against is emir.ratio is emir.holds is emir.price is None
    assert emir.weak == 0
    assert emir.unaffordable == 0
    assert not emir.listed
    assert found.lean["weak and rich"] is None
    assert found.difference is None


def test_what_is_not_known_is_none():
    blank = Actor("BLANK", "Blank", place=Place("B", 10.0, 20.0))
    found = weak_and_rich(
        system(EMIR, GIANT, PATRON, blank, borders=(Border("EMIR", "BLANK", "land"), Border("BLANK", "GIANT", "land"))),
        draws=10,
    )
    unknown = of_actor(found, "BLANK")
    assert (
        unknown.weak is unknown.rich is unknown.unaffordable is unknown.ratio is unknown.people is unknown.price is None
    )
    assert found.unknown == ("BLANK",)
    assert of_actor(found, "EMIR").against is None
    row = found.table().filter(pl.col("actor") == "BLANK").row(0, named=True)
    assert row["weak"] is row["ratio"] is row["price_low"] is None


def test_a_neighbour_whose_expenditure_is_unknown():
    """Its strength is known by its soldiers, its product is not: the ratio is told, the price is not."""
    army = actor("ARMY", None, 30, 800)
    found = weak_and_rich(system(EMIR, army, PATRON, borders=(Border("EMIR", "ARMY", "land"),)), draws=10)
    emir = of_actor(found, "EMIR")
    assert emir.ratio is not None
    assert emir.price is emir.unaffordable is None


def test_sponsors_and_alignments_help_by_their_chance():
    both = ("EMIR", "PATRON")
    aligned = Pact(
        "a", "Alignment", "alignment", tuple(Member(m) for m in both), start=dt.date(2000, 1, 1), strength=Q([0.4, 0.6])
    )
    sponsor = Tie("PATRON", "EMIR", "sponsorship", Q([0.9, 1.0]))
    by = {k: of_actor(weak_and_rich(system(EMIR, GIANT, PATRON, POOR, **v), draws=40), "EMIR").leans for k, v in {
        "aligned": {"pacts": (aligned,)}, "sponsor": {"ties": (sponsor,)}, "both": {"pacts": (aligned, DEFENCE), "ties": (sponsor,)},
    }.items()}  # fmt: skip
    assert 0 < by["aligned"].mean < by["sponsor"].mean < by["both"].mean


def test_an_attacker_is_no_helper():
    pact = Pact(
        "d",
        "Defence",
        "treaty",
        (Member("GIANT"), Member("EMIR")),
        (Pledge("GIANT", "defense"),),
        start=dt.date(2000, 1, 1),
    )
    emir = of_actor(weak_and_rich(system(EMIR, GIANT, PATRON, POOR, pacts=(pact,)), draws=10), "EMIR")
    assert emir.protector is emir.leans is None


def test_a_pledge_against_others_does_not_help():
    named = replace(DEFENCE, pledges=(Pledge("PATRON", "defense", targets=("POOR",)),))
    assert (
        of_actor(weak_and_rich(system(EMIR, GIANT, PATRON, POOR, pacts=(named,)), draws=10), "EMIR").protector is None
    )
    open_ = replace(DEFENCE, pledges=(Pledge("PATRON", "defense", unclear="whether it holds"),))
    assert (
        of_actor(weak_and_rich(system(EMIR, GIANT, PATRON, POOR, pacts=(open_,)), draws=10), "EMIR").protector
        == "PATRON"
    )


def test_the_gulf_in_2019():
    found = weak_and_rich(fd.load("middle-east-2019"), draws=60)
    listed = [a.actor for a in found.listed]
    assert {"KUW", "QAT", "BAH"} <= set(listed)
    assert {"USA", "RUS", "IRN", "TUR"}.isdisjoint(listed)
    assert all(a.protector == "USA" for a in found.listed)
    told = found.to_dict()
    assert told["listed"] == listed
    assert told == weak_and_rich(fd.load("middle-east-2019"), draws=60).to_dict()


@pytest.mark.parametrize(
    ("change", "match"),
    [({"draws": 1}, "draws"), ({"richer_than": 1.0}, "richer_than"), ({"richer_than": -0.1}, "richer_than")],
)
def test_what_is_refused(change, match):
    with pytest.raises(ParameterError, match=match):
        weak_and_rich(system(EMIR, GIANT), **change)


def test_a_scenario_without_product():
    with pytest.raises(InvalidSystemError, match="no actor with gdp"):
        weak_and_rich(
            fd.load("middle-east-2019").with_(
                actors=tuple(replace(a, capability=()) for a in fd.load("middle-east-2019").actors)
            )
        )


# ---- a real date ---------------------------------------------------------------------------------------------------------------

STATES = 12


class Store(DataDir):
    """Made-up series of twelve states in 2009: state k has 1000 (k + 1) dollars a head, a million people, and spends (k + 1) % of product."""

    def __init__(self, tmp_path, **missing):
        super().__init__(tmp_path)
        self.missing_ = missing

    def require(self, *_):
        return None

    def find(self, source_id):
        return None if source_id in self.missing_ else self.path

    def provenance(self, source_id):
        class Last:
            last_year = {"cow_nmc": 2022, "cw_gdppop": 2019}[source_id]

        return Last

    def table(self, source_id):
        k = range(STATES)
        if source_id == "cow_mindist":
            return pl.DataFrame(
                {"ccode1": [1, 1, 2], "ccode2": [2, 3, 3], "year": [2009] * 3, "mindist": [0.0, 30.0, 90.0]}
            )
        if source_id == "cow_nmc":
            spent = [None if n == 5 else (n + 1) * 1000.0 * (n + 1) * 10.0 for n in k]
            return pl.DataFrame({"ccode": [n + 1 for n in k], "year": [2009] * STATES, "milex": spent})
        return pl.DataFrame({
            "ccode": [n + 1 for n in k], "year": [2009] * STATES, "mrgdppc": [1000.0 * (n + 1) for n in k], "sd_mrgdppc": [100.0 * (n + 1) for n in k],
            "pwtpop": [1.0] * STATES,
        })  # fmt: skip


def real(**more):
    actors = tuple(
        Actor(f"S{n + 1}", f"State {n + 1}", cow=n + 1, capability=(("cinc", Q(0.01 * (n + 1))),), place=Place("x", 0.0, 1.0 * n)) for n in range(STATES)
    )  # fmt: skip
    return System("2010-01-01", "Real", DAY, actors, **more)


def test_series_of_the_year_before(tmp_path):
    means = of.of_store(real(), Store(tmp_path), draws=400, seed=1)
    assert means.per_head[:, 2].mean() == pytest.approx(3000, rel=0.02)
    assert means.per_head[:, 2].std() == pytest.approx(300, rel=0.15)
    assert means.gdp[:, 2].mean() == pytest.approx(3.0, rel=0.02)
    assert means.spending[0, 2] == pytest.approx(0.09)
    assert np.isnan(means.spending[0, 5])
    shares = [0.01 * (n + 1) for n in range(STATES) if n != 5]
    assert means.affordable.max() <= max(shares) + 1e-12
    assert means.affordable.min() >= np.quantile(shares, 0.95)
    assert "ends in 2022" in means.limits[0]
    assert "2019" in means.limits[0]
    assert means.limits[-1] == "military expenditure of 2009 is unknown for 1 of 12 states"


def test_a_real_date_takes_borders_from_distances_where_the_list_has_ended(tmp_path):
    found = weak_and_rich(
        real(limits=("borders are unknown on 2010-01-01: x", "kept")), data_dir=Store(tmp_path), draws=20
    )
    assert [(b.a, b.b, b.type) for b in found.system.borders] == [("S1", "S2", "land"), ("S1", "S3", "sea24")]
    assert of_actor(found, "S1").against == "S3"
    assert of_actor(found, "S12").against is None
    assert (
        "borders from least distances between states of 2009 (cow_mindist), since the list of borders has ended"
        in found.limits
    )
    assert not any(x.startswith("borders are unknown") for x in found.limits)


def test_borders_are_left_as_they_are(tmp_path):
    near = real(borders=(Border("S1", "S4", "land"),))
    assert of.neighbours(near, Store(tmp_path)) is near
    assert of.neighbours(real(), Store(tmp_path, cow_mindist=True)).borders == ()
    later = replace(real(), date=dt.date(2015, 1, 1))
    assert of.neighbours(later, Store(tmp_path)).borders == ()


def test_a_year_past_the_series_says_which_ends_when(tmp_path):
    with pytest.raises(CoverageError, match=r"(?s)Product and military expenditure of 2020.*ends in 2022.*in 2019"):
        of.of_store(real().with_(date=dt.date(2021, 1, 1)), Store(tmp_path), draws=5, seed=1)
