"""The record of past ties and disputes, on a small data folder by hand."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from foedus.formation.record import CAUSES, DAYS_A_YEAR, FAR, Record
from unit.formation.small_store import Store, treaty

CODES = np.array([2, 200, 220, 255, 300, 365, 7777])


def at(record, year, month=1, day=1):
    """Return what a day knows, as dicts by pair of codes."""
    allied, tie, fought = record.at(CODES, dt.date(year, month, day))
    pairs = [(i, j) for i in range(len(CODES)) for j in range(i + 1, len(CODES))]
    for matrix in (allied, tie, fought):
        np.testing.assert_array_equal(matrix, matrix.T)
    named = {(int(CODES[i]), int(CODES[j])): (i, j) for i, j in pairs}
    return (
        {p for p, ij in named.items() if allied[ij]}, {p: tie[ij] for p, ij in named.items() if np.isfinite(tie[ij])},
        {p: fought[ij] for p, ij in named.items() if np.isfinite(fought[ij])},
    )  # fmt: skip


@pytest.fixture(scope="module")
def record():
    return Record.read(Store())


def test_phases_a_day_apart_are_one_tie(record):
    allied, tie, _ = at(record, 1826)
    assert allied == {(255, 300)}
    assert tie[255, 300] == pytest.approx((dt.date(1826, 1, 1) - dt.date(1820, 5, 1)).days / DAYS_A_YEAR)


def test_after_its_end_a_tie_has_years_since(record):
    allied, tie, _ = at(record, 1850)
    assert allied == set()
    assert tie[255, 300] == pytest.approx((dt.date(1850, 1, 1) - dt.date(1833, 3, 3)).days / DAYS_A_YEAR)
    assert (200, 220) not in tie


def test_a_later_tie_of_the_pair_stands_for_it(record):
    allied, tie, _ = at(record, 1900)
    assert allied == {(255, 300)}
    assert tie[255, 300] == pytest.approx(27.0, abs=0.01)


def test_a_tie_is_in_force_from_the_day_after_its_signature_to_its_last_day(record):
    assert (2, 200) not in at(record, 1949, 4, 4)[0]
    assert (2, 200) in at(record, 1949, 4, 5)[0]
    assert (2, 365) in at(record, 1960, 6, 1)[0]
    assert (2, 365) not in at(record, 1960, 6, 2)[0]


def test_defence_owed_by_one_is_a_tie_and_consultation_only_in_the_wider_kind(record):
    assert (2, 200) in at(record, 1841)[0]
    assert (200, 365) not in at(record, 1910)[0]
    assert (200, 365) in at(Record.read(Store(), kind="any"), 1910)[0]


def test_disputes_count_from_the_day_both_sides_were_in_it(record):
    fought = at(record, 1880)[2]
    assert set(fought) == {(220, 255)}
    assert fought[220, 255] == pytest.approx((dt.date(1880, 1, 1) - dt.date(1870, 7, 19)).days / DAYS_A_YEAR)
    assert set(at(record, 1950, 3, 3)[2]) == {(220, 255), (200, 365), (2, 365)}
    assert (200, 365) not in at(record, 1950, 3, 2)[2]


def test_how_each_tie_ended(record):
    tie = record.tie
    found = {
        (int(record.code[a]), int(record.code[b]), t): CAUSES[c]
        for a, b, t, c in zip(tie["one"], tie["two"], tie["treaty"], tie["cause"], strict=True)
    }
    assert found[255, 300, 1] == "violated or abrogated"
    assert found[255, 300, 2] == "a member lost its independence"
    assert found[2, 365, 3] == "a member left"
    assert found[2, 200, 5] == "expired or fulfilled"
    assert found[2, 200, 3] == "in force"
    assert tie["end"][tie["cause"] == 0].tolist() == [FAR] * int((tie["cause"] == 0).sum())


def test_a_shorter_pact_within_a_longer_one_changes_nothing():
    inside = treaty(9, (255, 300), dt.date(1880, 1, 1), dt.date(1890, 1, 1), term=1)
    two, one = Record.read(Store(treaties=inside)), Record.read(Store())
    for key, column in one.tie.items():
        np.testing.assert_array_equal(two.tie[key], column)


def test_an_unknown_cause_is_named_so():
    odd = treaty(9, (220, 300), dt.date(1880, 1, 1), dt.date(1890, 1, 1), termmode=5, term=None)
    tie = Record.read(Store(treaties=odd)).tie
    assert CAUSES[int(tie["cause"][tie["treaty"] == 9][0])] == "unknown"


def test_what_is_recorded_later_changes_nothing_before(record):
    later = treaty(9, (200, 255), dt.date(1870, 1, 1), dt.date(1890, 1, 1))
    fight = [
        (12, 200, True, dt.date(1870, 1, 1), dt.date(1871, 1, 1)),
        (12, 220, False, dt.date(1870, 1, 1), dt.date(1871, 1, 1)),
    ]
    other = Record.read(Store(treaties=later, disputes=fight))
    assert at(other, 1870) == at(record, 1870)
    assert at(other, 1871) != at(record, 1871)


def test_the_last_year_is_the_lesser_one(record):
    assert (record.last_year, record.last_year_of_ties) == (2014, 2018)


def test_a_day_between_two_phases_does_not_know_of_the_renewal():
    gap = [*treaty(9, (220, 300), dt.date(1880, 1, 1), dt.date(1889, 12, 20), phase=1, term=3),
           *treaty(9, (220, 300), dt.date(1890, 1, 10), dt.date(1899, 1, 1), phase=2, term=1)]  # fmt: skip
    record = Record.read(Store(treaties=gap))
    allied, tie, _ = at(record, 1890)
    assert (220, 300) not in allied
    assert tie[220, 300] == pytest.approx(12 / DAYS_A_YEAR)
    allied, tie, _ = at(record, 1891)
    assert (220, 300) in allied
    assert tie[220, 300] == pytest.approx(11.0, abs=0.01)
    assert (record.tie["treaty"] == 9).sum() == 1
