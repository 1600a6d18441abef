"""The search for local minima against plain enumeration in Gray order, and that against every configuration one by one."""

import numpy as np
import pytest

from foedus.kernels import minima


def weights(n, seed, kind="normal"):
    rng = np.random.default_rng(seed)
    raw = {"normal": rng.normal(size=(n, n)), "few": rng.integers(-1, 2, size=(n, n)).astype(float)}[kind]
    upper = np.triu(raw, 1)
    return upper + upper.T


def all_content(w, floor):
    """Return the codes of content configurations, one configuration at a time."""
    n, found = len(w), []
    for code in range(1 << (n - 1)):
        eta = np.array([1] + [1 - 2 * ((code >> b) & 1) for b in range(n - 1)])
        if (eta * (w @ eta) >= floor).all():
            found.append(code)
    return found


def searched(w, floor, capacity=100_000, ceiling=10**7):
    """Return (codes, count) of the search, in the nodes as they are given."""
    turn = minima.order(w, 0)
    out = np.zeros((capacity, len(w)), dtype=np.int8)
    count, _ = minima.search(np.ascontiguousarray(w[np.ix_(turn, turn)]), floor[turn], out, ceiling)
    found = np.empty_like(out[:count])
    found[:, turn] = out[:count]
    return sorted(int(((row[1:] < 0) << np.arange(len(w) - 1)).sum()) for row in found), count


def enumerated(w, floor):
    out = np.zeros(1 << (len(w) - 1), dtype=np.int64)
    return sorted(out[: minima.enumerate_content(w, floor, out)].tolist())


@pytest.mark.parametrize("kind", ["normal", "few"])
@pytest.mark.parametrize("n", [1, 2, 3, 5, 8, 10])
@pytest.mark.parametrize("sign", [-1, 1])
def test_gray_order_and_search_find_what_brute_force_finds(n, kind, sign):
    for seed in range(6):
        w = weights(n, seed, kind)
        floor = sign * 1e-9 * np.ones(n)
        expected = all_content(w, floor)
        assert enumerated(w, floor) == expected
        assert searched(w, floor) == (expected, len(expected))


def test_a_pull_that_just_reaches_its_floor_is_enough():
    w = np.array([[0.0, 1.0], [1.0, 0.0]])
    for floor, content in ((1.0, [0]), (np.nextafter(1.0, 2.0), [])):
        assert enumerated(w, np.full(2, floor)) == content
        assert searched(w, np.full(2, floor)) == (content, len(content))


@pytest.mark.parametrize("n", [16, 18, 19, 20])
@pytest.mark.parametrize("kind", ["normal", "few"])
def test_search_and_gray_order_agree_where_the_order_changes_on_the_way(n, kind):
    """Above 17 nodes the search chooses anew whom to assign next."""
    for seed in range(2):
        w = weights(n, seed, kind)
        floor = -1e-9 * np.ones(n)
        expected = enumerated(w, floor)
        assert searched(w, floor) == (expected, len(expected))


def test_a_node_that_cannot_move_is_never_discontent():
    for seed in range(5):
        w = weights(9, seed)
        floor = np.full(9, -1e-9)
        floor[0] = -np.inf
        assert searched(w, floor)[0] == all_content(w, floor) == enumerated(w, floor)
    lonely = np.array([[0.0, -2.0, -1.0], [-2.0, 0.0, 3.0], [-1.0, 3.0, 0.0]])
    assert searched(lonely, np.zeros(3))[0] == [3]
    lonely[0, 1] = lonely[1, 0] = 2.0
    assert searched(lonely, np.array([-np.inf, 0.0, 0.0]))[0] == [0, 3]


def test_gray_order_does_not_drift():
    """Weights whose sums round: after 2 ** 15 steps the same minima as with fields built anew each time."""
    w = weights(16, 8) * 0.1
    eta = 1 - 2 * ((np.arange(1 << 15)[:, None] >> np.arange(-1, 15)) & 1 * (np.arange(-1, 15) >= 0))
    content = (eta * (eta @ w) >= -1e-12).all(axis=1)
    assert enumerated(w, np.full(16, -1e-12)) == np.flatnonzero(content).tolist()


def test_counting_goes_on_beyond_what_is_kept_and_stops_at_the_ceiling():
    w, floor = np.zeros((8, 8)), np.zeros(8)
    out = np.zeros((5, 8), dtype=np.int8)
    assert minima.search(w, floor, out, 10**7)[0] == 128
    assert (out != 0).all()
    assert minima.search(w, floor, out, 20)[0] == 21
    few = np.zeros(3, dtype=np.int64)
    assert minima.enumerate_content(w, floor, few) == 128
    assert few.tolist() == [0, 1, 3]


def test_the_order_begins_where_it_is_told_and_holds_each_node_once():
    w = weights(12, 1)
    turn = minima.order(w, 4)
    assert turn[0] == 4
    assert sorted(turn) == list(range(12))
    rest = [k for k in range(12) if k != 4]
    assert turn[1] == rest[np.abs(w[4, rest]).argmax()]
