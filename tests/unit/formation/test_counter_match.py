"""Matches of the threatened: against the rule written out, and where there is nobody to match."""

import numpy as np

from counter_twin import made_up, twin_peers
from foedus.formation.counter_match import nearest, standardised


def test_matches_are_those_of_the_rule_written_out():
    history, _ = made_up(7, states=20, pacts=15)
    pairs = history.pairs
    past = history.past(pairs.day)[pairs.pact, pairs.state]
    rows, mates = nearest(
        pairs.pact, history.threatened, history.calm, np.log(history.power), past, history.region[pairs.state], history.major, pairs.state
    )  # fmt: skip
    assert sorted(rows.tolist()) == np.flatnonzero(history.threatened).tolist()
    for row, found in list(zip(rows.tolist(), mates.tolist(), strict=True))[::7]:
        assert found == twin_peers(history, row)


def args(n=4, **more):
    base = {
        "group": np.zeros(n, dtype=int), "treated": np.arange(n) == 0, "pool": np.arange(n) > 0, "size": np.arange(n, dtype=float),
        "past": np.zeros(n), "region": np.zeros(n, dtype=int), "major": np.zeros(n, dtype=bool), "order": np.arange(n),
    }  # fmt: skip
    return (base | more).values()


def test_another_region_an_unknown_one_and_another_standing_are_further():
    assert nearest(*args(), count=1)[1].tolist() == [[1]]
    assert nearest(*args(region=np.array([0, 1, 0, 0])), count=1)[1].tolist() == [[2]]
    assert nearest(*args(region=np.array([-1, -1, 0, 0])), count=1)[1].tolist() == [[1]]
    assert nearest(*args(major=np.array([True, False, False, True])), count=1)[1].tolist() == [[3]]


def test_too_few_to_match_or_unknown_are_left_out():
    rows, mates = nearest(*args(), count=4)
    assert (rows.shape, mates.shape) == ((0,), (0, 4))
    rows, _ = nearest(*args(size=np.array([np.nan, 1, 2, 3])), count=1)
    assert rows.shape == (0,)
    rows, _ = nearest(*args(size=np.full(4, np.nan)), count=1)
    assert rows.shape == (0,)
    _, mates = nearest(*args(past=np.array([0, np.nan, 0, 0])), count=2)
    assert mates.tolist() == [[2, 3]]


def test_how_far_the_matched_are():
    values = np.array([0.0, 2.0, 1.0, 1.0])
    assert standardised(values, np.array([0, 1]), np.array([[2], [3]])) == 0.0
    assert standardised(values, np.array([1]), np.array([[2]])) is None
    assert standardised(values, np.array([2, 3]), np.array([[0], [0]])) is None
