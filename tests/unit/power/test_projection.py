"""Loss of strength over distance by hand, the rule of distances, arms and their weights."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foedus import params
from foedus.errors import ParameterError, UnknownStateError
from foedus.kernels import distance
from foedus.power.projection import Arm, eugene_km, projection, third_party_km
from foedus.system.nouns import Border
from foedus.system.values import Quantity

DEGREE = distance.EARTH_KM * np.pi / 180


def test_land_neighbours_are_at_no_distance_and_others_at_the_great_circle(quartet):
    km = eugene_km(quartet)
    assert km.shape == (1, 5, 5)
    assert (km[0, 0, 2], km[0, 0, 0]) == (0.0, 0.0)
    assert km[0, 0, 1] == pytest.approx(2 * DEGREE)
    across = quartet.with_(borders=(*quartet.borders, Border("AA", "BB", "sea12")))
    assert eugene_km(across)[0, 0, 1] == pytest.approx(2 * DEGREE), "only a border on land is no distance"
    assert third_party_km(km, 0, 1)[0].tolist() == pytest.approx([0.0, 0.0, 0.0, 0.0, 6 * DEGREE])


def test_the_nearest_of_several_places_counts(quartet):
    km = eugene_km(quartet, cities={"EE": [(0.0, 1.0), (50.0, 50.0)]})
    assert km[0, 0, 4] == km[0, 4, 0] == pytest.approx(DEGREE)
    assert km[0, 3, 4] == pytest.approx(2 * DEGREE)
    assert km[0, 4, 4] == 0.0
    placeless = dataclasses.replace(
        quartet, actors=(dataclasses.replace(quartet.actors[0], place=None), *quartet.actors[1:])
    )
    drawn = eugene_km(placeless, cities={"EE": [(0.0, 1.0)]}, draws=7)
    assert drawn.shape == (7, 5, 5)
    assert np.ptp(drawn[:, 0, 4]) > 0
    with pytest.raises(ParameterError, match="degrees north and east"):
        eugene_km(quartet, cities={"EE": [(91.0, 0.0)]})
    with pytest.raises(UnknownStateError, match="ZZ"):
        eugene_km(quartet, cities={"ZZ": [(0.0, 0.0)]})


def test_each_law_by_hand(quartet):
    far = 2 * DEGREE
    exponential = projection(quartet, range_km=500.0, draws=5)
    assert exponential.of("AA", "BB").mean == pytest.approx(0.3 * np.exp(-far / 500))
    assert exponential.of("AA", "CC").mean == pytest.approx(0.3)
    linear = projection(quartet, law="linear", loss_per_1000_km=0.5, draws=5)
    assert linear.of("AA", "BB").mean == pytest.approx(0.3 - 0.5 * far / 1000)
    assert linear.of("EE", "BB").mean == 0.0
    lsg = projection(quartet, law="lsg", draws=5)
    miles = far / 1.609344
    assert lsg.of("AA", "BB").mean == pytest.approx(0.3 ** np.log10(miles / 250 + 10 - np.e))
    assert lsg.of("AA", "AA").mean == pytest.approx(0.3**0.862234, abs=1e-6)
    assert "250 miles a day" in lsg.note
    assert "100 miles a day" in projection(quartet, law="lsg", miles_per_day=100, draws=5).note


@pytest.mark.parametrize(("year", "pace"), [(1918, 250), (1919, 375), (1945, 375), (1946, 500)])
def test_miles_a_day_by_era(quartet, year, pace):
    later = dataclasses.replace(quartet, date=quartet.date.replace(year=year))
    assert f"{pace} miles a day" in projection(later, law="lsg", draws=2).note


def test_the_assumed_range_is_that_of_wars_and_wide(quartet):
    found = projection(quartet, draws=400)
    one = found.of("AA", "BB")
    reach = params.load("joining")["geography.reach_km"]
    assert 0.3 * np.exp(-2 * DEGREE / reach.low) <= one.low < one.high <= 0.3 * np.exp(-2 * DEGREE / reach.high)
    great = dataclasses.replace(
        quartet, actors=(dataclasses.replace(quartet.actors[0], major=True), *quartet.actors[1:])
    )
    assert projection(great, draws=400).of("AA", "BB").mean > one.mean
    assert "3000 to 9000 km" in found.note


def test_arms_weigh_as_the_user_says(quartet):
    values = {"AA": 1.0, "BB": 0.5, "CC": 0.0, "DD": 0.2, "EE": 0.0}
    armour = {"armoured": Arm(3.0, values=values), "drones": Arm(1.0, 100.0, dict.fromkeys(values, 1.0))}
    found = projection(quartet, range_km=500.0, arms=armour, draws=4)
    far = 2 * DEGREE
    assert found.of("BB", "AA").mean == pytest.approx(
        0.2 * (0.75 * 0.5 * np.exp(-far / 500) + 0.25 * np.exp(-far / 100))
    )
    assert found.of("CC", "AA").mean == pytest.approx(0.3 * 0.25)
    assert (found.arms, found.unknown) == (("armoured", "drones"), ())
    only = projection(quartet, range_km=500.0, arms={"armoured": Arm(9.0, values=values)}, draws=4)
    twice = projection(quartet, range_km=500.0, arms={"armoured": Arm(1.0, values=values)}, draws=4)
    assert np.array_equal(only.strength, twice.strength)


def test_arms_that_nobody_told_are_unknown_and_wide(quartet):
    armed = dataclasses.replace(
        quartet, actors=(dataclasses.replace(quartet.actors[0], air=Quantity.of([0.4, 0.6])), *quartet.actors[1:])
    )
    found = projection(armed, range_km=500.0, arms={"air": Arm()}, draws=2000)
    assert found.unknown == tuple(("air", a) for a in ("BB", "CC", "DD", "EE"))
    told, untold = found.of("AA", "AA"), found.of("CC", "CC")
    assert (told.low / 0.3, told.high / 0.3) == pytest.approx((0.41, 0.59), abs=0.01)
    assert (untold.low / 0.3, untold.high / 0.3) == pytest.approx((0.05, 0.95), abs=0.02)
    assert found.toward("AA").filter(unknown="air").height == 4


@settings(max_examples=25, deadline=None)
@given(st.floats(1, 1e4), st.floats(1, 1e4))
def test_a_longer_range_never_takes_strength_away(quartet_once, one, two):
    low, high = sorted((one, two))
    a, b = (projection(quartet_once, range_km=r, draws=2).strength for r in (low, high))
    assert (a <= b + 1e-15).all()


@pytest.fixture(scope="module")
def quartet_once():
    import foedus as fd

    return fd.load("europe-1914")


def test_tables(quartet):
    found = projection(quartet, range_km=500.0, draws=5)
    rows = found.toward("AA")
    assert rows["actor"][0] == "AA"
    assert rows.filter(actor="CC").row(0, named=True)["left"] == pytest.approx(1.0)
    assert found.table().height == 20
    assert found.to_dict()["law"] == "boulding"
    with pytest.raises(UnknownStateError, match="ZZ"):
        found.toward("ZZ")


@pytest.mark.parametrize(
    ("more", "text"),
    [
        ({"law": "magic"}, "law"), ({"law": "linear"}, "linear law has no default"), ({"law": "lsg", "range_km": 5.0}, "belongs to law='boulding'"),
        ({"loss_per_1000_km": 0.1}, "belongs to law='linear'"), ({"law": "linear", "loss_per_1000_km": -1.0}, "a number above 0"),
        ({"law": "lsg", "miles_per_day": 0.0}, "a number above 0"), ({"range_km": 0.0}, "got 0.0"), ({"draws": 1}, "draws"),
        ({"arms": {"armoured": Arm()}}, "facts on air and missiles only"), ({"arms": {"air": Arm(-1.0)}}, "not negative"),
        ({"arms": {"air": Arm(0.0)}}, "at least one above 0"), ({"arms": {"air": Arm(float("nan"))}}, "not negative"),
        ({"arms": {"x": Arm(values={"AA": 2.0})}}, "got 2.0"), ({"law": "lsg", "arms": {"air": Arm(1.0, 5.0)}}, "only that law has ranges"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(quartet, more, text):
    with pytest.raises(ParameterError, match=text):
        projection(quartet, **more)


def test_arms_of_nobody(quartet):
    with pytest.raises(UnknownStateError, match="ZZ"):
        projection(quartet, arms={"x": Arm(values={"ZZ": 1.0})})
