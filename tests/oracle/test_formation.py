"""Onset and end of pact ties on the published data: what was counted, what was fitted, and that a forecast is fed what the fit was fed."""

from __future__ import annotations

import datetime as dt
import time

import numpy as np
import pytest

import foedus as fd
from foedus.data.store import DataDir
from foedus.formation.outlook import _inputs, _values, formation_chances, past_of
from foedus.formation.record import Record
from foedus.formation.ties import TERMS, shipped
from foedus.panel.alliances import directed_years
from foedus.studies import pact_groups, tie_designs, tie_fit, tie_rows

pytestmark = pytest.mark.realdata


@pytest.fixture(scope="module")
def folder(realdata_dir):
    return DataDir(realdata_dir)


@pytest.fixture(scope="module")
def timed(folder):
    start = time.process_time()
    form, end = tie_rows.tie_rows(data_dir=folder)
    fits = tie_fit.fit_all(form, end)
    return form, end, fits, time.process_time() - start


@pytest.fixture(scope="module")
def rows(timed):
    return timed[:2]


def test_rows_and_events(rows):
    form, end = rows
    assert (len(form.y), int(form.y.sum()), len(end.y), int(end.y.sum())) == (857_398, 2_430, 59_902, 925)
    assert tie_fit.row_weight(form, "treaties") @ form.y == pytest.approx(189)
    assert tie_fit.row_weight(end, "treaties") @ end.y == pytest.approx(170)
    assert not np.isnan(form.x).any()
    known = {(1882, 300, 325), (1882, 255, 325), (1893, 220, 365), (1902, 200, 740)}
    came = {(int(y), int(a), int(b)) for y, a, b, e in zip(form.year, form.one, form.two, form.y, strict=True) if e}
    assert known <= came
    assert sum(tie_rows.causes(end).values()) == 925


def test_ties_on_1_january_are_the_pledges_of_the_panel(folder):
    record, members = Record.read(folder), folder.table("atop5_1m")
    owed = directed_years(members, 2018, "jan1").filter(defense=1)
    for year in (1850, 1915, 1939, 1950, 1990, 2010):
        want = {frozenset(p) for p in owed.filter(year=year).select("ccode1", "ccode2").iter_rows()}
        allied = record.at(record.code, dt.date(year, 1, 1))[0]
        assert {
            frozenset((int(record.code[i]), int(record.code[j])))
            for i, j in zip(*np.nonzero(np.triu(allied)), strict=True)
        } == want


@pytest.mark.parametrize("year", [1850, 1914, 1950, 1990])
def test_a_forecast_is_fed_what_the_fit_was_fed(folder, year):
    system = fd.system(year, data_dir=folder.path)
    keep = np.array(
        [a.cow is not None and not a.note.startswith("a state on the list of Gleditsch") for a in system.actors]
    )
    past = past_of(system, np.flatnonzero(keep), folder)
    made = _values(system, past, keep, _inputs(system, keep, None, 1), "form")[0]
    codes = [system.actors[k].cow for k in np.flatnonzero(keep)]
    now = tie_rows.Years(folder).at(year)
    assert codes == now.code.tolist()
    np.testing.assert_allclose(made, now.terms()[0], atol=2e-5)


def test_the_whole_fit_is_within_a_minute_and_is_the_shipped_one(timed):
    assert timed[3] < 60
    for what, made in timed[2].items():
        for counting, fit in made.items():
            kept = shipped(what, counting)
            np.testing.assert_allclose(fit.coef, kept.coef, atol=1e-5)
            np.testing.assert_allclose(fit.covariance, kept.covariance, atol=1e-4, rtol=1e-4)


def test_being_allied_is_not_forming(rows):
    table = tie_designs.allied_or_forming(*rows)
    both = table.row(tie_fit.FIELD.index("both_democratic"), named=True)
    assert both["allied_low"] > 0.5
    assert both["forming_low"] < 0 < both["forming_high"]
    assert both["ending_high"] < -1


def test_errors_of_rows_alone_are_several_times_too_small(timed):
    table = tie_fit.errors_by(timed[0], timed[2]["form"]["pairs"])
    at = {r["term"]: r for r in table.iter_rows(named=True)}
    for name in ("distance", "common_enemy", "shared"):
        assert at[name]["year"] > 2.5 * at[name]["row"]
        assert at[name]["treaty"] > 2.5 * at[name]["pair"]
        assert at[name]["dyad"] > at[name]["pair"]


def test_groups_and_sizes(folder):
    sizes = pact_groups.pact_sizes(data_dir=folder)
    assert sizes["pacts"].to_list() == [69, 42, 128, 31]
    assert (sizes["dispersion"] > 1).all()
    fit = pact_groups.fit_groups(data_dir=folder)
    assert fit.founded == {2: 198, 3: 21, 4: 8, 5: 7}
    at = {r["term"]: r for r in fit.table().iter_rows(named=True)}
    assert at["distance"]["high"] < 0
    assert at["land"]["low"] > 0
    assert at["common_enemy"]["low"] > 0
    assert at["k_3"]["high"] < 0


@pytest.mark.parametrize(
    ("year", "a", "b", "within"),
    [(1882, "AUH", "ITA", 10), (1938, "GMY", "ITA", 10), (1948, "BUL", "ROM", 5), (1949, "USA", "CAN", 10)],
)
def test_what_an_expert_checks(folder, year, a, b, within):
    made = formation_chances(fd.system(year, data_dir=folder.path), data_dir=folder, draws=40)
    top = {frozenset((r["a"], r["b"])) for r in made.table().head(within).to_dicts()}
    assert frozenset((a, b)) in top


def test_terms_have_the_order_that_is_shipped():
    assert shipped("form").terms[1 : 1 + len(TERMS)] == TERMS
