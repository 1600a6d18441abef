"""Directed pledges rebuilt from ATOP's member file against the published directed dyad-years; CINC recomputed from its parts."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from foedus.data.store import DataDir
from foedus.kernels.shares import composite_shares
from foedus.panel.alliances import PLEDGES, directed_years

pytestmark = pytest.mark.realdata
PAIR = ["ccode1", "ccode2", "year"]
#: Treaties in which a member's promise is not owed to every other member: the member file says that it promises, not to whom.
TO_SOME_ONLY = {
    1020, 1075, 1095, 1100, 1110, 1120, 1155, 1160, 1165, 1205, 1227, 1335, 1340, 1350, 1355, 1365, 1415, 2095, 2130, 2350, 2355, 2420, 3130, 3180,
    3260, 3322,
}  # fmt: skip
#: A treaty whose terms changed within a year: here a pledge counts that was in force on any day of it.
CHANGED_IN_THE_YEAR = {1362}


@pytest.fixture(scope="module")
def both(realdata_dir):
    store = DataDir(realdata_dir)
    members = store.table("atop5_1m")
    ours = directed_years(members, 2018, "year")
    published = store.table("atop_dyads").with_columns(pl.col(pl.Boolean).cast(pl.Int32))
    return ours.join(published, on=PAIR, how="full", coalesce=True, validate="1:1"), members


def test_every_published_row_is_rebuilt_and_each_further_one_has_a_reason(both):
    rows, _ = both
    assert rows.filter(pl.col("defense").is_null()).is_empty()
    more = rows.filter(pl.col("atop_defense").is_null())
    no_state = pl.any_horizontal(pl.col("ccode1", "ccode2") == 8152)
    assert rows.height - more.height == 273_296
    assert more.filter(no_state).height == 20
    # The rest: one state's membership ends on the very day on which its successor's begins (German and Yemeni unification).
    successors = {frozenset(p) for p in ((255, 260), (255, 265), (678, 679), (679, 680))}
    rest = more.filter(~no_state)
    assert {frozenset(r) for r in rest.select("ccode1", "ccode2").rows()} == successors
    assert set(rest["year"]) == {1990}


def test_pledges_equal_the_published_ones_but_for_promises_that_are_not_owed_to_all(both, realdata_dir):
    rows, members = both
    shared = rows.filter(pl.col("atop_defense").is_not_null())
    counted = {p: shared.filter(pl.col(p) != pl.col(f"atop_{p}")) for p in PLEDGES}
    assert {p: f.height for p, f in counted.items()} == {
        "defense": 214,
        "offense": 34,
        "neutral": 114,
        "nonagg": 74,
        "consul": 0,
    }
    different = sum(f.height for f in counted.values())
    assert different / (5 * shared.height) < 0.0004
    same = shared.select(pl.all_horizontal(pl.col(f"atop_{p}") == pl.col(p) for p in PLEDGES).mean()).item()
    assert same == pytest.approx(0.9987, abs=0.00005)
    pledged = (
        members.select("atopid", pl.col("member").alias("ccode1"), *PLEDGES)
        .group_by("atopid", "ccode1")
        .agg(pl.all().max())
    )
    for pledge, frame in counted.items():
        # Never fewer than published: what is different here is a promise that the member file has and the yearly file does not.
        assert (frame[pledge] > frame[f"atop_{pledge}"]).all()
        makers = frame.select("ccode1").unique().join(pledged.filter(pl.col(pledge) == 1), on="ccode1", how="left")
        for state in frame["ccode1"].unique():
            named = set(makers.filter(pl.col("ccode1") == state)["atopid"].drop_nulls())
            assert named & (TO_SOME_ONLY | CHANGED_IN_THE_YEAR), (pledge, state)


def test_cinc_is_recomputed_from_its_parts(realdata_dir):
    table = DataDir(realdata_dir).table("cow_nmc").sort("year", "ccode")
    parts = table.select("milex", "milper", "irst", "pec", "tpop", "upop").to_numpy()
    ours = np.full(table.height, np.nan)
    for year in table["year"].unique():
        rows = (table["year"] == year).to_numpy()
        ours[rows] = composite_shares(parts[rows])
    assert table.height == 17_121
    np.testing.assert_allclose(ours, table["cinc"].to_numpy(), rtol=0, atol=3e-8)
