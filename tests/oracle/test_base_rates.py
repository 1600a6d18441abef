"""How rare disputes and wars are, recomputed from panels."""

from __future__ import annotations

import pytest

from foedus.studies.base_rates import base_rates

pytestmark = pytest.mark.realdata


@pytest.fixture(scope="module")
def rates(realdata_dir):
    return base_rates(realdata_dir)


def test_disputes(rates):
    every, relevant, land, other = (rates.of("dispute", g) for g in ("all", "relevant", "land", "other"))
    assert every.n == 842_655
    assert round(every.rate, 5) == 0.00371
    assert land.n == 22_573
    assert round(land.rate, 4) == 0.0609
    # R's package has 111,991 relevant pairs on these data; the 291 more are contiguities that it loses (test_dangerous_dyads).
    assert relevant.n == 111_991 + 291
    assert round(relevant.rate, 4) == 0.0237
    assert round(other.rate, 5) == 0.00064
    assert every.n == relevant.n + other.n
    assert every.events == relevant.events + other.events == 3124


def test_wars(rates):
    assert rates.of("war", "all").rate == pytest.approx(5.2e-4, abs=5e-6)
    assert round(rates.of("war", "land").rate, 5) == 0.00608
    assert rates.of("war", "relevant").rate == pytest.approx(0.00295, abs=5e-6)
    assert rates.of("war", "all", since=1946).rate == pytest.approx(2.0e-4, abs=5e-6)
    assert rates.of("war", "relevant", since=1946).rate == pytest.approx(0.00134, abs=5e-6)
    assert rates.of("war", "all").events == 374


def test_a_pact_goes_with_more_disputes_among_all_and_fewer_among_neighbours(rates):
    without, having = (rates.of("dispute", "all", pact=p) for p in (False, True))
    assert (round(without.rate, 4), round(having.rate, 4)) == (0.0033, 0.0092)
    assert without.high < having.low
    without, having = (rates.of("dispute", "land", pact=p) for p in (False, True))
    assert (round(without.rate, 4), round(having.rate, 4)) == (0.07, 0.0447)
    assert having.high < without.low
    # Neighbours make pacts: that is the whole of it.
    share = rates.of("dispute", "land", pact=True).n / rates.of("dispute", "land").n
    assert share > 5 * rates.of("dispute", "all", pact=True).n / rates.of("dispute", "all").n


def test_as_of_the_first_of_january_the_story_is_the_same(realdata_dir):
    before = base_rates(realdata_dir, at="jan1")
    assert before.of("dispute", "all", pact=True).rate > before.of("dispute", "all", pact=False).rate
    assert before.of("dispute", "land", pact=True).rate < before.of("dispute", "land", pact=False).rate
    assert before.of("dispute", "all").events == 3124
