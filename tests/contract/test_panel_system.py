"""One kernel, two callers: what a model is fitted on (the panel) is what it is later fed (a system).

A System of 1 January of a year uses facts of the days before it and yearly series of the year before (convention 4.13). So the columns that
are read as of 1 January - contiguity, distance, pledges, rivalry - are compared in the same year, and capability, a yearly series, with the
panel's row of the year before. The one-year shift is the rule, not a tolerance.
"""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from foedus import panel
from foedus.system import covariates
from foedus.system.from_tables import from_tables
from foedus.system.nouns import PLEDGE_TYPES

N_DYADS, SEED = 1_000, 20_141_107
YEARS = (1830, 1866, 1878, 1900, 1914, 1919, 1938, 1945, 1950, 1962, 1973, 1985, 1990, 1992, 2001, 2010, 2014)


@pytest.fixture(scope="module")
def sample(realdata_dir):
    """Return sampled directed dyads of 1 January, half of them with a tie, with the panel's columns of that year and the year before."""
    rng = np.random.default_rng(SEED)
    each = N_DYADS // len(YEARS) + 1
    parts = []
    for year in YEARS:
        ids = [a.cow for a in from_tables(year, realdata_dir).actors if "cow-states" in a.sources]
        pairs = panel.create_dyad_years(year, year, data_dir=realdata_dir).filter(
            pl.col("ccode1").is_in(ids) & pl.col("ccode2").is_in(ids)
        )
        for add in (
            panel.add_contiguity,
            panel.add_capital_distance,
            panel.add_atop_alliance,
            panel.add_strategic_rivalries,
        ):
            pairs = add(pairs, at="jan1")
        pairs = pairs.frame
        tied = (
            pairs.with_row_index("at")
            .filter((pl.col("conttype") > 0) | (pl.col("atop_alliance") == 1) | (pl.col("rivalry") == 1))["at"]
            .to_numpy()
        )
        chosen = np.union1d(
            rng.choice(pairs.height, each // 2, replace=False), rng.choice(tied, each - each // 2, replace=False)
        )
        before = panel.add_nmc(
            pairs[chosen].select("ccode1", "ccode2", pl.col("year") - 1), data_dir=realdata_dir
        ).frame
        parts.append(pairs[chosen].hstack(before.select("cinc1", "cinc2")))
    out = pl.concat(parts)
    return out if out.height <= N_DYADS else out.sample(N_DYADS, seed=SEED)


@pytest.fixture(scope="module")
def systems(realdata_dir):
    return {year: from_tables(year, realdata_dir) for year in YEARS}


def of_systems(sample, systems, matrix):
    """Return one value per sampled dyad from a matrix of each year's system."""
    computed = {year: matrix(system) for year, system in systems.items()}
    at = {year: {a.cow: i for i, a in enumerate(system.actors)} for year, system in systems.items()}
    return np.array(
        [computed[y][at[y][a], at[y][b]] for a, b, y in sample.select("ccode1", "ccode2", "year").iter_rows()]
    )


@pytest.mark.realdata
def test_the_sample_has_a_thousand_dyads_and_every_kind_of_tie(sample):
    assert sample.height >= 950
    for column in ("conttype", "rivalry", *(f"{p}12" for p in PLEDGE_TYPES)):
        assert (sample[column] > 0).sum() >= 5, column


@pytest.mark.realdata
def test_contiguity_is_the_panels(sample, systems):
    assert np.array_equal(of_systems(sample, systems, covariates.contiguity), sample["conttype"].to_numpy())


@pytest.mark.realdata
def test_distance_is_the_panels(sample, systems):
    ours = of_systems(sample, systems, covariates.distance_km)
    np.testing.assert_allclose(ours, sample["capdist"].fill_null(float("nan")).to_numpy(), rtol=1e-12)


@pytest.mark.realdata
@pytest.mark.parametrize("kind", PLEDGE_TYPES)
def test_pledges_are_the_panels_in_both_directions(sample, systems, kind):
    ours = of_systems(sample, systems, lambda s: covariates.pledge_matrix(s, kind))
    assert np.array_equal(ours, sample[f"{kind}12"].to_numpy() == 1)
    back = of_systems(sample, systems, lambda s: covariates.pledge_matrix(s, kind).T)
    assert np.array_equal(back, sample[f"{kind}21"].to_numpy() == 1)


@pytest.mark.realdata
def test_rivalry_is_the_panels(sample, systems):
    ours = of_systems(sample, systems, lambda s: covariates.reason_matrix(s, "rivalry"))
    assert np.array_equal(ours, sample["rivalry"].to_numpy() == 1)


@pytest.mark.realdata
@pytest.mark.parametrize("side", [1, 2])
def test_capability_is_the_panels_of_the_year_before(sample, systems, side):
    held = {y: {a.cow: dict(a.capability) for a in s.actors} for y, s in systems.items()}
    ours = [
        held[y][c]["cinc"].mean if "cinc" in held[y][c] else None
        for c, y in sample.select(f"ccode{side}", "year").iter_rows()
    ]
    assert ours == sample[f"cinc{side}"].to_list()


@pytest.mark.realdata
def test_fewer_than_all_zero_would_pass_by_accident(sample):
    """Guards the tests above: the sampled columns vary."""
    assert sample["conttype"].n_unique() >= 4
    assert sample["capdist"].n_unique() > 400
    assert sample["cinc1"].n_unique() > 200
