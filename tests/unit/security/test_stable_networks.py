"""Every network on a few states: the theorem, its hand cases, and a plain twin."""

from __future__ import annotations

from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foedus.errors import ParameterError
from foedus.security.stable_networks import stable_networks
from vulnerability_twin import changed, coalitions, sides, stable

STRENGTHS = st.one_of(
    st.integers(2, 4).map(lambda n: [1.0] * n),
    st.lists(st.floats(0.01, 10), min_size=2, max_size=4),
)


@settings(max_examples=40, deadline=None)
@given(STRENGTHS, st.floats(0.3, 5))
def test_no_network_with_a_tie_is_war_stable(m, gamma):
    found = stable_networks(m, gamma)
    assert not found.ties[found.stable].any()
    empty = 0 in found.stable
    if len(m) > 2:
        assert empty == all(a + b <= gamma * c * (1 + 1e-12) for a, b, c in permutations(m, 3))
    else:
        assert empty == (max(m) <= gamma * min(m) * (1 + 1e-12))


def test_the_theorem_on_five_and_six():
    rng = np.random.default_rng(3)
    for m, gamma in [(np.ones(5), 1.0), (rng.random(5), 0.9), (np.ones(6), 2.5), (rng.random(6) + 0.5, 5.0)]:
        found = stable_networks(m, gamma)
        assert not found.ties[found.stable].any()


@pytest.mark.parametrize("gamma", [0.5, 1.0, 1.5, 2.1, 3.0])
@pytest.mark.parametrize("m", [[1, 1, 1], [1, 0.4, 0.9, 2.0], [0, 0, 1]])
def test_each_condition_against_the_twin(m, gamma):
    found = stable_networks(m, gamma)
    v = np.tile(m, (len(m), 1))
    for k, g in enumerate(found.ties):
        assert (found.s1[k], found.s2[k], found.kept[k]) == stable(v, g, gamma)


def test_hand_cases():
    """Methods 9, three equals."""
    at = stable_networks([1, 1, 1], 1.5)
    full, empty = 7, 0
    assert at.vulnerable[full].all()
    assert at.s1[empty]
    assert not at.s2[empty]
    assert stable_networks([1, 1, 1], 2.1).stable.tolist() == [0]


def gains(v, g, i, c, spoils, trade):
    attack = sum(v[i][k] for k in c)
    return all(not g[i][k] or spoils[i] * v[i][k] / attack >= trade[i][k] for k in c)


def hit_with_trade(v, g, gamma, spoils, trade):
    out = []
    for i in range(len(v)):
        beats = False
        for c in coalitions(len(v), g, i):
            attack, defence = sides(v, g, i, c)
            beats = beats or (attack > gamma * defence * (1 + 1e-12) and gains(v, g, i, c, spoils, trade))
        out.append(beats)
    return out


@pytest.mark.parametrize("seed", range(4))
def test_with_trade_against_the_twin(seed):
    rng = np.random.default_rng(seed)
    n, gamma, upkeep = 4, float(rng.uniform(0.8, 2)), float(rng.choice([0.0, 0.2]))
    m, spoils = rng.random(n) + 0.2, rng.random(n)
    trade = rng.random((n, n))
    trade = trade + trade.T
    found = stable_networks(m, gamma, trade=trade, spoils=spoils, upkeep=upkeep)
    v = np.tile(m, (n, 1))

    def worth(g, i):
        return sum(trade[i][k] for k in range(n) if g[i][k]) - upkeep * sum(g[i]) ** 2

    for number, g in enumerate(found.ties):
        plain = [[bool(x) for x in row] for row in g]
        now = hit_with_trade(v, plain, gamma, spoils, trade)
        s2 = kept = t2 = True
        for a, b in combinations(range(n), 2):
            other = changed(plain, a, b, not plain[a][b])
            after = hit_with_trade(v, other, gamma, spoils, trade)
            more = [worth(other, x) - worth(plain, x) for x in (a, b)]
            if plain[a][b]:
                kept = kept and all(d <= 1e-12 or after[x] for d, x in zip(more, (a, b), strict=True))
            else:
                s2 = s2 and not any(after)
                t2 = t2 and not all(d > 1e-12 for d in more)
        assert found.vulnerable[number].tolist() == now
        assert (found.s1[number], found.s2[number], found.kept[number], found.t2[number]) == (
            not any(now),
            s2,
            kept,
            t2,
        )


def test_trade_makes_dense_networks_stable():
    """Without trade all allied fall to their own allies; with trade worth more than spoils they do not, and nobody leaves."""
    m = [1.0, 1.0, 1.0, 1.0]
    assert len(stable_networks(m, 1.5).stable) == 0
    with_trade = stable_networks(m, 1.5, trade=np.ones((4, 4)), spoils=np.ones(4))
    assert [len(with_trade.pairs(k)) for k in with_trade.stable] == [6]
    little = stable_networks(m, 1.5, trade=0.1 * np.ones((4, 4)), spoils=np.ones(4))
    assert len(little.stable) == 0


def test_what_is_shown():
    found = stable_networks([1, 1, 1], 2.1)
    table = found.table()
    assert table.height == 8
    assert table.filter("stable")["network"].to_list() == [""]
    assert found.to_dict() == {
        "standing": "exact, every network tried", "strengths": [1, 1, 1], "gamma": 2.1, "networks": 8, "stable": [()], "s1": 8, "s2": 8,
        "kept": 1, "t2": 8,
    }  # fmt: skip


def test_nobody_with_any_strength_and_one_alone():
    assert stable_networks([0, 0, 0], 1.0).stable.tolist() == [0]
    assert stable_networks([2], 1.0).stable.tolist() == [0]


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"strengths": []}, "strengths"),
        ({"strengths": [1] * 7}, "1 to 6"),
        ({"strengths": [1, float("nan")]}, "all known"),
        ({"strengths": [1, -1]}, "at least 0"),
        ({"strengths": "many"}, "numbers"),
        ({"gamma": 0}, "gamma"),
        ({"gamma": float("nan")}, "gamma"),
        ({"trade": [[0, 1], [1, 0]]}, "only with it"),
        ({"spoils": [1, 1]}, "only with it"),
        ({"upkeep": 1}, "0 without trade"),
        ({"trade": [[0, 1], [2, 0]], "spoils": [1, 1]}, "symmetric"),
        ({"trade": "x", "spoils": [1, 1]}, "numbers"),
        ({"trade": [[0, 1], [1, 0]], "spoils": [1]}, "2 numbers"),
    ],
)
def test_what_is_refused(change, match):
    with pytest.raises(ParameterError, match=match):
        stable_networks(**({"strengths": [1, 1], "gamma": 1.0} | change))
