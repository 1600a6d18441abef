"""What outsiders signed after a pact, on made-up entries."""

import datetime as dt
from types import SimpleNamespace

import polars as pl
import pytest

from foedus.data import own
from foedus.errors import ParameterError
from foedus.estimate.nested import Estimate
from foedus.security.account import Effect
from foedus.studies.pact_answers import Entries, answers, plus_years, share
from foedus.system.signed import Signed

D = dt.date
ROWS = [
    # alliance, phase, member, entry, defence, consultation
    (1, 0, 10, D(1900, 1, 1), 1, 0), (1, 0, 11, D(1900, 1, 1), 1, 0), (1, 0, 12, D(1903, 6, 1), 1, 0),
    (2, 1, 12, D(1890, 1, 1), 0, 1), (2, 1, 13, D(1890, 1, 1), 0, 1), (2, 2, 12, D(1904, 1, 1), 1, 1), (2, 2, 13, D(1904, 1, 1), 1, 1),
    (3, 0, 13, D(1902, 1, 1), 0, 1), (3, 0, 14, D(1902, 1, 1), 0, 0), (4, 0, 15, D(1905, 1, 2), 1, 0),
]  # fmt: skip
MEMBERS = pl.DataFrame(ROWS, schema=["atopid", "phase", "member", "entry", "defense", "consul"], orient="row")
PACT = Signed(1, 0, "One", D(1900, 1, 1), (10, 11), (12,), ("defense",))
ONE = Estimate(0.01, 0.0, 0.02, 0.0)


class Made:
    treaties = own.parse({"name": [{"atop": 2, "name": "Second"}]}, "here")

    def __getitem__(self, source):
        return MEMBERS

    def last_year(self, source):
        return 1910


def effect(actor, alarm):
    return Effect(actor, False, ONE, ONE, alarm=Estimate(alarm, alarm, alarm, 0.0))


def account(alarmed):
    actors = [SimpleNamespace(id=f"A{c}", cow=c) for c in range(10, 17)] + [SimpleNamespace(id="REBELS", cow=None)]
    return SimpleNamespace(
        system=SimpleNamespace(actors=actors), members=(effect("A10", 0.0), effect("A11", 0.0)), alarmed=tuple(alarmed)
    )


def test_an_entry_is_the_first_day_in_a_phase_that_promises_the_kind():
    record = Entries(MEMBERS, 1910)
    found = [(e.atop, e.day, e.kind, e.partners) for e in record.of(12, D(1900, 1, 1), 5)]
    assert found == [(1, D(1903, 6, 1), "defence", (10, 11)), (2, D(1904, 1, 1), "defence", (13,))]
    assert record.of(99, D(1900, 1, 1), 5) == []


def test_the_window_is_open_at_the_signature_and_closed_at_its_end():
    record = Entries(MEMBERS, 1910)
    assert not record.of(10, D(1900, 1, 1), 5)
    assert record.entered(12, D(1899, 1, 1), 5, "defence", without=1) is True
    assert record.entered(15, D(1900, 1, 1), 5, "defence") is False
    assert record.entered(15, D(1900, 1, 2), 5, "defence") is True


def test_past_the_data_no_entry_is_unknown_and_not_no():
    record = Entries(MEMBERS, 1904)
    assert record.entered(14, D(1901, 1, 1), 5, "defence") is None
    assert record.entered(12, D(1901, 1, 1), 5, "defence") is True
    assert share([None, True, False]) == 0.5
    assert share([None]) is None


def test_the_most_alarmed_are_listed_and_all_others_counted():
    got = answers(
        PACT,
        account(
            [effect("A12", 3.0), effect("A13", 2.0), effect("REBELS", 1.5), effect("A15", 1.0), effect("A14", -1.0)]
        ),
        Made(),
        most=3,
    )
    assert got.table()["actor"].to_list() == ["A12", "A13", "A15"]
    first, second, third = got.rows
    assert first.joined
    assert first.defence
    assert first.entries == ("1904-01-01 Second (defence; with A13)",)
    assert second.consultation
    assert [e.split(" (")[0] for e in second.entries] == ["1902-01-01 ATOP 3", "1904-01-01 Second"]
    assert "with A14" in second.entries[0]
    assert third.entries == ()
    assert third.defence is False
    assert got.n_others == 2
    assert got.others == {"defence": 0.0, "consultation": 0.5}, (
        "14 is in a pact in which its partner promises to consult"
    )
    assert got.to_dict()["outsiders"][0]["defence_pact"] is True


def test_nobody_alarmed_gives_an_empty_table_and_bad_arguments_are_refused():
    assert answers(PACT, account([]), Made()).table().height == 0
    with pytest.raises(ParameterError, match="years, most"):
        answers(PACT, account([]), Made(), years=0)


def test_years_from_a_leap_day_end_in_february():
    assert plus_years(D(1904, 2, 29), 5) == D(1909, 2, 28)
    assert plus_years(D(1904, 2, 29), -4) == D(1900, 2, 28)
    assert plus_years(D(1904, 3, 1), 5) == D(1909, 3, 1)
