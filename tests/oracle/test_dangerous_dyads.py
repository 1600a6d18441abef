"""The rerun of Bremer's dangerous dyads: the onset of disputes between politically relevant pairs, by logit.

The published table was made with version 1.1.9 of R's package in July 2025, whose capability and democracy tables have since been replaced; with the
tables at hand R's own panel gives the same estimates as ours to every digit and lies within a rounding or two of that table.
"""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from foedus import panel

pytestmark = pytest.mark.realdata
#: Published with version 1.1.9 (estimate, standard error), N = 106,056; the squares and cubes of time are printed to 3 decimals only.
PUBLISHED = {
    "landcontig": (1.057, 0.058), "cincprop": (1.055, 0.082), "major": (0.113, 0.059), "defense": (-0.132, 0.058), "mindem": (-0.272, 0.032),
    "minmilit": (30.152, 2.378), "t": (-0.146, 0.005), "t2": (0.003, 0.000), "t3": (0.000, 0.000), "const": (-3.517, 0.076),
}  # fmt: skip


def weak_link(column):
    """Return the lesser of both states' values, unknown where one is."""
    one, two = pl.col(f"{column}1"), pl.col(f"{column}2")
    return pl.when(one.is_not_null() & two.is_not_null()).then(pl.min_horizontal(one, two))


def estimates(frame):
    """Return number of rows, estimates and standard errors of the published specification."""
    from statsmodels.discrete.discrete_model import Logit

    made = frame.with_columns((pl.col(f"milper{s}") / pl.col(f"tpop{s}")).alias(f"milit{s}") for s in "12").select(
        pl.col("gmlmidonset"), (pl.col("conttype") == 1).cast(pl.Float64).alias("landcontig"),
        (pl.min_horizontal("cinc1", "cinc2") / pl.max_horizontal("cinc1", "cinc2")).alias("cincprop"),
        ((pl.col("cowmaj1") == 1) | (pl.col("cowmaj2") == 1)).cast(pl.Float64).alias("major"), pl.col("atop_defense").alias("defense"),
        weak_link("aeuds").alias("mindem"), (weak_link("mrgdppc") / 1000).alias("mingdp"), weak_link("milit").alias("minmilit"),
        pl.col("gmlmidspell").alias("t"), (pl.col("gmlmidspell") ** 2).alias("t2"), (pl.col("gmlmidspell") ** 3).alias("t3"),
    ).drop_nulls().cast(pl.Float64)  # fmt: skip
    names = [c for c in made.columns if c != "gmlmidonset"]
    scale = made.select(names).std().to_numpy()[0]
    design = np.column_stack([np.ones(made.height), made.select(names).to_numpy() / scale])
    fitted = Logit(made["gmlmidonset"].to_numpy(), design).fit(disp=0, maxiter=100, tol=1e-12)
    factor = np.r_[1.0, scale]
    return made.height, dict(
        zip(["const", *names], zip(fitted.params / factor, fitted.bse / factor, strict=True), strict=True)
    )


@pytest.fixture(scope="module")
def rerun(realdata_dir):
    made = (
        panel.create_dyad_years(1816, 2010, directed=False, data_dir=realdata_dir)
        .pipe(panel.filter_prd).pipe(panel.add_gml_mids, keep=[]).pipe(panel.add_spells).pipe(panel.add_nmc)
        .pipe(panel.add_democracy, keep=["aeuds"]).pipe(panel.add_atop_alliance).pipe(panel.add_sim_gdp_pop, keep=["mrgdppc"])
    )  # fmt: skip
    ours = made.frame.with_columns(pl.max_horizontal("defense12", "defense21").alias("atop_defense"))
    theirs = pl.read_parquet(realdata_dir.parent / "oracle" / "d1_nddy_prd_bremer.parquet")
    return ours, theirs


def test_on_the_rows_and_codings_of_r_every_estimate_is_its_own(rerun):
    ours, theirs = rerun
    keys = ["ccode1", "ccode2", "year"]
    kept = theirs.with_columns(pl.col(keys).cast(pl.Int32)).select(*keys, "conttype", "atop_defense")
    same_rows = ours.drop("conttype", "atop_defense", "gmlmidspell").join(kept, on=keys, validate="1:1")
    same_rows = panel.add_spells(same_rows.select(pl.all())).frame
    n_ours, mine = estimates(same_rows)
    n_r, of_r = estimates(theirs)
    assert n_ours == n_r == 106_031
    for name, (value, error) in of_r.items():
        assert mine[name] == pytest.approx((value, error), rel=1e-7), name


def test_the_published_table_is_near_and_what_differs_is_the_version_of_two_tables(rerun):
    ours, theirs = rerun
    for frame, n_rows in ((theirs, 106_031), (ours, 106_316)):
        n, found = estimates(frame)
        assert n == n_rows
        for name, (value, error) in PUBLISHED.items():
            # Six tenths of a standard error are far less than any conclusion hangs on.
            assert abs(found[name][0] - value) <= max(0.6 * error, 0.0006), name
            assert found[name][1] == pytest.approx(error, rel=0.08, abs=0.0006), name
