"""Futures of real years: what any history of them says is there at the fork, the shipped fits, and the record beside what was simulated."""

from __future__ import annotations

import numpy as np
import pytest

from foedus.formation import quarrels, ties
from foedus.formation.evolve import evolve
from foedus.formation.fork import fork
from foedus.studies import evolve_fit
from foedus.studies.evolve_check import evolve_check
from foedus.studies.evolve_rows import onsets, quarrel_rows
from foedus.system.real import system

pytestmark = pytest.mark.realdata


@pytest.fixture(scope="module")
def rows(realdata_dir):
    return quarrel_rows(data_dir=realdata_dir, first=1900, last=1920)


def test_the_fork_of_1907_has_its_pacts_and_quarrels(realdata_dir):
    at = fork(system("1907", data_dir=realdata_dir), data_dir=realdata_dir)
    k = {x: n for n, x in enumerate(at.ids)}
    assert at.history == "recorded"
    assert at.allied[k["GMY"], k["AUH"]]
    assert at.allied[k["FRN"], k["RUS"]]
    assert at.allied[k["UKG"], k["JPN"]]
    assert not at.allied[k["GMY"], k["RUS"]]
    assert at.tie_age[k["GMY"], k["AUH"]] == pytest.approx(27.2, abs=0.2)
    assert at.dispute_age[0, k["GMY"], k["FRN"]] == pytest.approx(
        19.7, abs=0.1
    )  # 1887: Morocco 1905 is no militarized dispute
    assert at.dispute_age[0, k["RUS"], k["JPN"]] < 4  # a dispute of 1903 that became the war of 1904
    assert not at.at_war.any()


def test_states_at_war_on_a_1_january_are_at_war_at_the_fork(realdata_dir):
    at = fork(system("1916", data_dir=realdata_dir), data_dir=realdata_dir)
    k = {x: n for n, x in enumerate(at.ids)}
    assert at.at_war[k["GMY"], k["FRN"]]
    assert not at.at_war[k["GMY"], k["AUH"]]


def test_every_event_counts_once_whatever_the_number_of_pairs(rows, realdata_dir):
    from foedus.data.store import DataDir

    pairs, shots = rows
    found = onsets(DataDir.of(realdata_dir), "wars")
    assert sum(share for *_, share in found) == pytest.approx(round(sum(share for *_, share in found)))
    assert pairs.dispute.max() <= 1
    year = pairs.year == 1914
    assert 0 < pairs.war[year].sum() <= 3
    assert (shots.weight <= 1).all()


def test_pairs_that_fight_on_1_january_are_no_rows(rows):
    pairs, _ = rows
    begun = {(int(a), int(b)) for a, b, y in zip(pairs.low, pairs.high, pairs.year, strict=True) if y == 1916}
    assert (220, 255) not in begun  # France and Germany
    assert (220, 230) in begun


def test_the_capability_and_regime_processes_are_those_shipped(realdata_dir):
    from foedus import params
    from foedus.data.store import DataDir

    folder, made = DataDir.of(realdata_dir), params.load("evolve").extra
    got = evolve_fit.fit_capability(folder)
    assert got["coef"] == pytest.approx(made["capability.fit.coef"], rel=1e-6)
    assert got["quantiles"] == pytest.approx(made["capability.quantiles"], rel=1e-6)
    assert evolve_fit.regime_steps(folder).ravel() == pytest.approx(np.array(made["regimes.steps"]).ravel(), abs=1e-7)
    assert evolve_fit.war_ends(folder)[1] == 110


def test_futures_of_1907(realdata_dir):
    found = evolve(system("1907", data_dir=realdata_dir), years=3, draws=100, data_dir=realdata_dir)
    assert found.tie("GMY", "AUH").allied[-1].mean > found.tie("GMY", "RUS").allied[-1].mean
    assert found.tie("RUS", "TUR").dispute[-1].mean > found.tie("UKG", "POR").dispute[-1].mean
    assert 0.5 < found.expected("disputes")[1].mean < 12
    assert quarrels.shipped("wars").terms[0] == ties.shipped("form").terms[0] == "constant"


def test_a_decade_of_the_check(realdata_dir):
    found = evolve_check(data_dir=realdata_dir, starts=(1826, 1896), draws=60)
    table = {(r["window"], r["measure"]): r for r in found.table().to_dicts()}
    assert table["1896-1905", "wars"]["observed"] == pytest.approx(5)
    assert table["1826-1835", "pacts_per_state"]["observed"] == pytest.approx(4.148, abs=0.01)
    assert table["1896-1905", "wars"]["inside_90"]
    assert np.isnan(found.scores()["climatology"][0])


def test_a_decade_forward_by_fits_to_earlier_years(realdata_dir):
    found = evolve_check(data_dir=realdata_dir, starts=(1886,), draws=20, forward=True)
    assert found.forward
    assert found.table().height == 5
