"""Which signing comes first after a pact: against a plain count over made-up histories, and by hand."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from counter_twin import made_up, twin_first
from foedus.errors import ParameterError
from foedus.formation.counter_events import (
    NEVER,
    Outsiders,
    Signings,
    delays,
    drawn_days,
    first_signing,
    links,
    shifted_delays,
)
from foedus.formation.record import DAYS_A_YEAR
from foedus.kernels import streams


def small():
    gains = np.array([[0, 0, 1, 1], [0, 0, 1, 0], [1, 0, 1, 0]], dtype=bool)
    party = np.array([[0, 0, 1, 1], [0, 0, 1, 1], [1, 0, 1, 0]], dtype=bool)
    signings = Signings(np.array([100, 830, 1000]), np.arange(3), gains, party, np.ones((3, 3), dtype=bool))
    pairs = Outsiders(np.zeros(2, dtype=int), np.array([2, 3]), np.array([100]), np.array([[True, True, False, False]]))
    return pairs, signings


def test_by_hand():
    pairs, signings = small()
    linked = links(pairs, signings)
    assert linked.pair.tolist() == [0, 0, 0, 1]
    assert linked.inside.tolist() == [False, False, True, False]
    got = delays(pairs, linked, signings.day)
    assert got[:, 0].tolist() == pytest.approx([730 / 365.25, 900 / 365.25, 730 / 365.25])
    assert (got[:, 1] == NEVER).all()
    assert first_signing(pairs, linked, signings.day).tolist() == [1, -1]
    assert first_signing(pairs, linked, signings.day, inside=True).tolist() == [2, -1]


@pytest.mark.parametrize("back", [False, True])
def test_delays_are_those_of_a_plain_count(back):
    history, _ = made_up(3, planted=0.3, states=15, pacts=12)
    linked = links(history.pairs, history.signings)
    days = drawn_days(history.signings, np.zeros(len(history.signings.day), dtype=int), samples=1, seed=2)[0]
    for day in (history.signings.day, days):
        got = delays(history.pairs, linked, day, back=back)
        assert got.T.tolist() == twin_first(history, day, back=back)


def test_exchanged_dates_keep_the_calendar_of_each_span():
    history, _ = made_up(4)
    signings = history.signings
    span = (signings.day > np.median(signings.day)).astype(int)
    got = drawn_days(signings, span, samples=5, seed=1)
    for row in got:
        for k in (0, 1):
            assert sorted(row[span == k]) == sorted(signings.day[span == k])
    assert (got != signings.day).mean() > 0.9
    assert np.array_equal(got, drawn_days(signings, span, samples=5, seed=1))


def test_own_signings_move_on_together_in_a_circle():
    history, _ = made_up(5, states=12, pacts=10)
    pairs, signings = history.pairs, history.signings
    linked = links(pairs, signings)
    span, label = history.spans()
    got = shifted_delays(pairs, linked, signings, span, label, seed=4, sample=3)
    assert np.array_equal(got, shifted_delays(pairs, linked, signings, span, label, seed=4, sample=3))
    assert not np.array_equal(got, shifted_delays(pairs, linked, signings, span, label, seed=4, sample=4))
    start, length = span
    keys = streams.words(streams.keys_of(["counter shift"]), np.arange(start.size, dtype=np.uint64))
    lag = streams.uniforms(4, keys, 4)[3].reshape(start.shape)
    for k in range(0, len(pairs.pact), 5):
        s, best = pairs.state[k], np.inf
        for e in np.flatnonzero(signings.gains[:, s]):
            b = label[e]
            day = start[s, b] + (signings.day[e] - start[s, b] + int(lag[s, b] * length[s, b])) % length[s, b]
            apart = (day - pairs.day[pairs.pact[k]]) / DAYS_A_YEAR
            best = min(best, apart) if apart > 0 else best
        assert got[2, k] == best


def test_spans_are_the_days_as_a_state():
    history, _ = made_up(6, states=6, pacts=3)
    late = history.powers.copy()
    late[:30, 2] = np.nan
    (start, length), label = replace(history, powers=late).spans()
    eras = np.unique(label)
    assert len(eras) == 2
    first = dt.date(1846, 1, 1).toordinal()
    gains = history.signings.day[history.signings.gains[:, 2]]
    assert start[2, eras[0]] == min(first, gains.min())
    assert start[1, eras[1]] == dt.date(1871, 1, 1).toordinal()
    assert length[1, eras[1]] == dt.date(1914, 12, 31).toordinal() - dt.date(1871, 1, 1).toordinal() + 1
    assert length[1, 0] == 0


def test_no_pairs_and_bad_input():
    pairs, signings = small()
    none = pairs.take(np.zeros(2, dtype=bool))
    assert delays(none, links(none, signings), signings.day).shape == (3, 0)
    with pytest.raises(ParameterError, match="not falling"):
        drawn_days(signings, np.array([1, 0, 0]), samples=3, seed=1)
    with pytest.raises(ParameterError, match="at least 1 sample"):
        drawn_days(signings, np.zeros(3, dtype=int), samples=0, seed=1)
    with pytest.raises(ParameterError, match="signings by day"):
        Signings(
            np.array([2, 1]),
            np.arange(2),
            np.zeros((2, 1), dtype=bool),
            np.zeros((2, 1), dtype=bool),
            np.ones((2, 2), dtype=bool),
        )
