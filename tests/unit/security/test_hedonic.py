"""Stable divisions against the definitions looked through one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import game_twin as twin
from foedus.errors import ParameterError
from foedus.kernels import partitions as divisions
from foedus.security.hedonic import HedonicGame, said, settle, stable_partitions

BELL = [1, 1, 2, 5, 15, 52, 203, 877, 4140]


def normal(division):
    """Return a division as sets of sets."""
    return frozenset(frozenset(b) for b in division)


def expected(payoff, players):
    """Return the stable divisions of a payoff by the twin, as three sets."""
    out = (set(), set(), set())
    for d in twin.divisions(list(range(len(players)))):
        for found, holds in zip(out, twin.stability(payoff, d, len(players)), strict=True):
            if holds:
                found.add(frozenset(frozenset(players[i] for i in b) for b in d))
    return out


def found(game):
    """Return the stable divisions of a game as three sets."""
    s = stable_partitions(game)
    return tuple({normal(d) for d in group} for group in (s.nash, s.individual, s.core))


def test_every_partition_once():
    for n in range(1, 9):
        rows = divisions.partitions(n)
        assert len(rows) == len({tuple(r) for r in rows.tolist()}) == BELL[n]


@settings(max_examples=40, deadline=None)
@given(
    st.integers(1, 4).flatmap(
        lambda n: st.lists(st.lists(st.integers(-3, 3), min_size=n, max_size=n), min_size=n, max_size=n)
    )
)
def test_pairs_are_the_definitions(w):
    players = tuple("abcd"[: len(w)])
    assert found(HedonicGame.of_pairs(w, players=players)) == expected(
        lambda i, s: sum(w[i][j] for j in s if j != i), players
    )


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.integers(0, 9), min_size=1, max_size=4),
    st.integers(0, 10).map(lambda x: x / 21),
    st.sampled_from([None, 3.0]),
)
def test_strength_is_the_definition(m, k, threat):
    players = tuple("abcd"[: len(m)])

    def payoff(i, s):
        ours = sum(m[j] for j in s)
        theirs = sum(m) - ours if threat is None else threat
        return (ours / (ours + theirs) if ours + theirs else 0.5) - k * (len(s) - 1)

    assert found(HedonicGame.of_strength(m, k, threat=threat, players=players)) == expected(payoff, players)


def test_dear_fellows_stay_apart_and_cheap_ones_come_together():
    alone = stable_partitions(HedonicGame.of_strength([3, 2, 1], 1.0, threat=5))
    assert alone.nash == alone.core == ((("1",), ("2",), ("3",)),)
    together = stable_partitions(HedonicGame.of_strength([3, 2, 1], 0.0, threat=5))
    assert together.nash == together.core == ((("1", "2", "3"),),)


def test_a_triangle_of_pursuit_has_no_nash_stable_division():
    s = stable_partitions(HedonicGame.of_pairs([[0, 2, -3], [-3, 0, 2], [2, -3, 0]], players=list("abc")))
    assert s.nash == ()
    assert s.looked_through == 5
    assert said(s.individual[0])


def test_one_player():
    assert stable_partitions(HedonicGame.of_pairs([[1.0]], players=["a"])).core == ((("a",),),)
    assert settle(HedonicGame.of_pairs([[1.0]], players=["a"]), starts=3).found == (((("a",),), 3),)


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.lists(st.integers(-3, 3), min_size=4, max_size=4), min_size=4, max_size=4),
    st.sampled_from(["nash", "individual"]),
)
def test_where_players_settle_is_stable(w, rule):
    game = HedonicGame.of_pairs(w)
    every = stable_partitions(game)
    rest = settle(game, rule=rule, starts=6, moves=200)
    assert {d for d, _ in rest.found} <= set(getattr(every, rule))
    assert sum(k for _, k in rest.found) + rest.restless == 6


def test_pursuers_never_settle():
    game = HedonicGame.of_pairs([[0, 2, -3], [-3, 0, 2], [2, -3, 0]])
    rest = settle(game, rule="nash", starts=4, moves=50)
    assert (rest.found, rest.restless) == ((), 4)
    assert rest.to_dict()["standing"] == "simulated, not exhaustive"


def test_the_same_seed_gives_the_same_divisions():
    w = np.random.default_rng(4).normal(size=(30, 30))
    a, b = (settle(HedonicGame.of_pairs(w), starts=4, seed=3) for _ in range(2))
    assert a.found == b.found
    assert a.table().equals(b.table())


def test_tables():
    s = stable_partitions(HedonicGame.of_pairs([[0, 1], [1, 0]], players=["a", "b"]))
    assert s.table().to_dicts() == [{"division": "a, b", "blocs": 1, "nash": True, "individual": True, "core": True}]
    assert s.to_dict()["looked_through"] == 2


@pytest.mark.parametrize(
    ("make", "match"),
    [
        (lambda: HedonicGame.of_pairs([[1, 2]]), "shape \\(1, 2\\)"),
        (lambda: HedonicGame.of_pairs([]), "at least one player"),
        (lambda: HedonicGame.of_pairs([[0, np.nan], [1, 0]]), "finite numbers"),
        (lambda: HedonicGame.of_pairs([[0]], players=["a", "b"]), "2 names"),
        (lambda: HedonicGame.of_pairs([[0, 1], [1, 0]], players=["a", "a"]), "each player once"),
        (lambda: HedonicGame((), lambda i, s: s[:, 0]), "1 to 200 names"),
        (lambda: HedonicGame.of_strength([], 0.1), "at least one player"),
        (lambda: HedonicGame.of_strength([1, -1], 0.1), "'strength' parameter"),
        (lambda: HedonicGame.of_strength([1, 2], np.nan), "finite cost"),
        (lambda: HedonicGame.of_strength([1, 2], 0.1, r=0.0), "exponent above 0"),
        (lambda: HedonicGame.of_strength([1, 2], 0.1, players=["a"]), "1 names"),
        (lambda: stable_partitions(HedonicGame.of_pairs(np.ones((12, 12)))), "use settle"),
        (lambda: stable_partitions(HedonicGame(("a",), lambda i, s: np.array([np.nan]))), "player a"),
        (lambda: settle(HedonicGame.of_pairs([[0]]), rule="core"), "nash or individual"),
        (lambda: settle(HedonicGame.of_pairs([[0]]), starts=0), "'starts' parameter"),
        (lambda: settle(HedonicGame.of_pairs([[0]]), moves=0.5), "'moves' parameter"),
    ],
)
def test_games_that_are_none(make, match):
    with pytest.raises(ParameterError, match=match):
        make()
