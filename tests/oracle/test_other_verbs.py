"""Verbs of which R's results are not at hand, against the raw tables of the R package: each is derived again here, by joins and loops of its own."""

from __future__ import annotations

from collections import defaultdict

import polars as pl
import pytest

from foedus import panel
from foedus.data import reading
from foedus.data.store import DataDir

pytestmark = pytest.mark.realdata


@pytest.fixture(scope="module")
def raw(realdata_dir):
    """Return a function that reads a table of the R packages as it is, without our parser."""

    def read(name):
        return reading.rda(DataDir(realdata_dir).find(name.lower()), name)

    return read


@pytest.fixture(scope="module")
def states(realdata_dir):
    return panel.create_state_years(data_dir=realdata_dir)


def known(frame, column, code="ccode"):
    """Return a column by code and year, without nulls."""
    return {(c, y): v for c, y, v in frame.select(code, "year", column).iter_rows() if v is not None}


def test_every_known_fractionalization_is_there_and_of_two_the_greater(states, raw):
    table = raw("creg").drop_nulls("ccode")
    ours = panel.add_creg_fractionalization(states).frame
    most = defaultdict(lambda: -1.0)
    for code, year, value in table.select("ccode", "year", "ethfrac").drop_nulls().iter_rows():
        most[int(code), int(year)] = max(most[int(code), int(year)], value)
    members = set(states.frame.select("ccode", "year").rows())
    assert known(ours, "ethfrac") == {k: v for k, v in most.items() if k in members}
    # Russia has its own row beside an empty one of the Soviet Union from 1992 on.
    russia = ours.filter(pl.col("ccode") == 365, pl.col("year").is_between(1945, 2013))
    assert russia["ethfrac"].null_count() == 0
    assert russia.filter(year=1991)["ethfrac"].item() > 2 * russia.filter(year=1992)["ethfrac"].item()


def test_rivalries_of_states_are_counted_by_kind(states, raw):
    kinds = ("spatial", "positional", "ideological", "interventionary")
    counted = {kind: defaultdict(set) for kind in ("", *kinds)}
    for row in raw("tss_rivalries").iter_rows(named=True):
        for year in range(max(1816, int(row["start"])), int(row["end"]) + 1):
            vienna = 305 if year >= 1919 else 300
            heirs = [vienna if c in {300, 305} else int(c) for c in (row["ccode1"], row["ccode2"])]
            for kind in ("", *(k for k in kinds if row[k])):
                for one, other in (heirs, heirs[::-1]):
                    counted[kind][one, year].add(other)
    ours = panel.add_strategic_rivalries(states).frame
    for kind, found in counted.items():
        column = f"n_{kind or 'rivalries'}"
        want = [len(found[key]) for key in ours.select("ccode", "year").rows()]
        assert ours[column].to_list() == want, column
    assert ours.filter(ccode=305, year=1920)["n_rivalries"].item() == 1, (
        "Austria has what the table files under Austria-Hungary"
    )
    pair = (
        panel.create_dyad_years(1918, 1921, directed=False, data_dir=states.folder())
        .pipe(panel.add_strategic_rivalries)
        .frame
    )
    vienna = pair.filter(pl.col("ccode1").is_in([300, 305]), pl.col("ccode2") == 345).sort("year")
    assert vienna.select("ccode1", "year", "rivalry").rows() == [
        (300, 1918, 1),
        (305, 1919, 1),
        (305, 1920, 1),
        (305, 1921, 0),
    ]
    assert ours.filter(ccode=255, year=1860)["n_rivalries"].item() == 2, "France, and Austria before it was a republic"


@pytest.mark.parametrize("intratype", ["all", "central control", "local issues"])
def test_wars_within_a_state(states, raw, intratype):
    table = raw("cow_war_intra").filter(pl.col("primary_state") == 1).drop_nulls("ccodea")
    wars = defaultdict(list)
    for row in table.iter_rows(named=True):
        if intratype in {"all", row["wartype"]}:
            wars[int(row["ccodea"]), int(row["year"])].append(row)
    ours = panel.add_cow_wars(states, "intra", intratype=intratype).frame
    assert ours["cowintraongoing"].sum() > 100
    for row in ours.iter_rows(named=True):
        of_year = wars.get((row["ccode"], row["year"]), [])
        if row["year"] > 2007:
            # The table has one state-year of 2008, Somalia's, which R keeps; the data end in 2007.
            assert row["cowintraongoing"] is row["warnum"] is None
            continue
        assert (row["cowintraongoing"], row["cowintraonset"]) == (
            int(bool(of_year)),
            int(any(w["cowintraonset"] for w in of_year)),
        )
        if of_year:
            begun = [w for w in of_year if w["cowintraonset"]] or of_year
            deaths = {int(w["warnum"]): sum(max(w[s], 0) for s in ("sideadeaths", "sidebdeaths")) for w in begun}
            assert deaths[row["warnum"]] == max(deaths.values())
            assert sorted(map(int, row["intrawarnums"].split("; "))) == sorted(int(w["warnum"]) for w in of_year)
        else:
            assert row["warnum"] is row["intrawarnums"] is None


def test_conflicts_of_ucdp(realdata_dir, raw):
    states = panel.create_state_years(1946, 2020, system="gw", data_dir=realdata_dir)
    table = raw("ucdp_acd").filter(
        pl.col("type_of_conflict").is_in(["intrastate", "II"]), pl.col("incompatibility") == "government"
    )
    years, worst = defaultdict(set), defaultdict(int)
    for row in table.iter_rows(named=True):
        for side in ("gwno_a", "gwno_b"):
            if row[side] is not None:
                key = int(row[side]), int(row["year"])
                years[key].add(int(row["conflict_id"]))
                worst[key] = max(worst[key], int(row["intensity_level"]))
    first = {}
    for (code, year), ids in years.items():
        for number in ids:
            first[code, number] = min(year, first.get((code, number), 9999))
    ours = panel.add_ucdp_acd(states, type=["intrastate", "II"], issue="government").frame
    assert ours["ucdpongoing"].sum() > 800
    for code, year, ongoing, onset, n, intensity, numbers in ours.select(
        "gwcode", "year", "ucdpongoing", "ucdponset", "n_conflicts", "maxintensity", "conflict_ids"
    ).iter_rows():
        ids = years.get((code, year), set())
        assert (ongoing, n) == (int(bool(ids)), len(ids))
        assert onset == int(any(first[code, i] == year for i in ids))
        assert intensity == worst.get((code, year))
        assert numbers == ("; ".join(map(str, sorted(ids))) or None)


@pytest.mark.parametrize("system", ["cow", "gw"])
def test_least_distances_of_a_state_are_those_of_its_pairs(realdata_dir, system):
    code = "ccode" if system == "cow" else "gwcode"
    states = panel.create_state_years(1996, 2002, system=system, data_dir=realdata_dir)
    pairs = panel.create_dyad_years(1996, 2002, system=system, data_dir=realdata_dir)
    for add, column in ((panel.add_capital_distance, "capdist"), (panel.add_minimum_distance, "mindist")):
        least = defaultdict(lambda: float("inf"))
        for one, year, km in add(pairs).frame.select(f"{code}1", "year", column).drop_nulls().iter_rows():
            least[one, year] = min(least[one, year], km)
        assert known(add(states).frame, f"min{column}", code) == dict(least)
