"""The series of concentration, poles and polarization by hand, and what is unknown."""

from __future__ import annotations

import dataclasses

import numpy as np
import polars as pl
import pytest

from foedus.errors import CoverageError, InvalidSystemError, ParameterError
from foedus.power.years import power_of, power_over_years


def plain_con(strengths):
    """Return CON by its definition."""
    n, total = len(strengths), sum(strengths)
    return ((sum((s / total) ** 2 for s in strengths) - 1 / n) / (1 - 1 / n)) ** 0.5


def test_a_year_by_hand(world):
    found = power_over_years(1950, data_dir=world())
    row = found.table().row(0, named=True)
    # Means of the shares that exist: parts sum to 100, 100, 100, 100, 50, and 40 without France.
    cinc = {"USA": (0.4 + 0.3 + 0.5 + 0.6 + 0.3 + 0.5) / 6, "UKG": (0.1 + 0.1 + 0.2 + 0.2 + 0.1 + 0.25) / 6,
            "FRN": (0.1 + 0.1 + 0.1 + 0.1 + 0.1) / 5, "RUS": (0.4 + 0.5 + 0.2 + 0.1 + 0.5 + 0.25) / 6}  # fmt: skip
    assert (row["majors"], row["n_majors"]) == ("USA RUS UKG FRN", 4)
    assert row["con"] == pytest.approx(plain_con(list(cinc.values())))
    assert row["top_two"] == pytest.approx((cinc["USA"] + cinc["RUS"]) / sum(cinc.values()))
    assert (row["bipolar"], row["poles"], row["blocs"]) == (True, 3, "FRN UKG USA | RUS")
    # Pact 1 of three, everyone else Russia: unlike by 3 on all four, distance 1 between two camps.
    west = 1 - cinc["RUS"] / sum(cinc.values())
    both = 2**2.3 * (west**2.3 * (1 - west) + (1 - west) ** 2.3 * west)
    assert row["polarization"] == pytest.approx(both)
    assert found.draws == 1
    assert found.to_dict()["standing"] == "derived; exact given the data"


def test_changes_from_year_to_year(world, codes):
    store = world()
    risen = store.table("cow_nmc").with_columns(
        pl.when((pl.col("year") == 1951) & (pl.col("ccode") == codes.RUS)).then(80.0).otherwise("milex").alias("milex")
    )
    frame = power_over_years(1950, 1952, data_dir=world(cow_nmc=risen)).frame
    assert frame["con_change"].to_list()[0] is None
    assert frame["con_change"][1] == pytest.approx(frame["con"][1] - frame["con"][0])
    assert frame["moved"][1] == pytest.approx(frame["moved"][2])
    assert frame["moved"][1] > 0
    early = power_over_years(1951, at="jan1", data_dir=world(cow_nmc=risen)).frame
    assert early["con"][0] == pytest.approx(frame["con"][0])


def test_product_gives_intervals_and_the_unknown_gives_no_figure(world, codes):
    found = power_over_years(1950, 1951, by="gdp", draws=300, data_dir=world())
    row = found.frame.row(0, named=True)
    assert row["con_low"] < row["con"] < row["con_high"]
    assert row["polarization_low"] < row["polarization_high"]
    assert "90 %" in found.to_dict()["standing"]
    gap = world().table("cw_gdppop").filter(~((pl.col("year") == 1951) & (pl.col("ccode") == codes.FRN)))
    frame = power_over_years(1950, 1952, by="gdp", draws=3, data_dir=world(cw_gdppop=gap)).frame
    assert frame["unknown"].to_list() == [None, "FRN", None]
    assert frame["con"].null_count() == 1
    assert frame["con_change"].to_list() == [None, None, None]
    with pytest.raises(CoverageError, match="'gdp' is unknown in all"):
        power_over_years(1950, by="gdp", data_dir=world(cw_gdppop=gap.filter(pl.col("year") > 1950)))


def test_shares_of_two_in_common_at_least(world, codes):
    """Great powers who are nobody in common, or one, leave no change of shares."""
    great = world().table("cow_majors").with_columns(
        pl.when(pl.col("ccode").is_in([codes.USA, codes.UKG])).then(pl.date(1950, 12, 31)).otherwise("end").alias("end"),
        pl.when(pl.col("ccode").is_in([codes.FRN, codes.RUS])).then(pl.date(1951, 1, 1)).otherwise("start").alias("start"),
    )  # fmt: skip
    frame = power_over_years(1950, 1951, data_dir=world(cow_majors=great)).frame
    assert frame["moved"].to_list() == [None, None]
    assert frame["con_change"][1] is not None
    alone = great.filter(pl.col("ccode").is_in([codes.USA, codes.FRN]))
    frame = power_over_years(1950, 1951, data_dir=world(cow_majors=alone)).frame
    assert (frame["con_change"].to_list(), frame["bipolar"].to_list()) == ([None, None], [None, None])


@pytest.mark.parametrize(
    ("more", "error", "text"),
    [
        ({"first": 1949}, CoverageError, "great powers does not cover"), ({"by": "love"}, ParameterError, "'by' parameter"),
        ({"pole": 0}, ParameterError, "'pole' parameter"), ({"at": "noon"}, ParameterError, "at"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(world, more, error, text):
    with pytest.raises(error, match=text):
        power_over_years(**({"first": 1950, "data_dir": world()} | more))


def test_a_system(quartet):
    great = dataclasses.replace(
        quartet, actors=tuple(dataclasses.replace(a, major=a.id != "EE") for a in quartet.actors)
    )
    row = power_of(great, draws=10).table().row(0, named=True)
    assert (row["date"], row["blocs"], row["majors"]) == (quartet.date, "AA BB | CC DD", "AA CC BB DD")
    assert row["con"] == pytest.approx(plain_con([0.3, 0.2, 0.3, 0.15]))
    assert row["poles"] == 4
    assert np.isclose(row["modularity"], 0.5)
    with pytest.raises(InvalidSystemError, match="No great power"):
        power_of(quartet)
    with pytest.raises(ParameterError, match="draws"):
        power_of(great, draws=1)
