"""The group decision model's round against a plain-Python twin with loops, hand cases and symmetries."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foedus.kernels import bargaining as kernel


def twin_median(x, w):
    """The position that no other one beats in the votes; two that tie share the win."""
    n = len(x)
    cost = {p: sum(w[i] * abs(x[i] - p) for i in range(n)) for p in x}
    least = min(cost.values())
    best = [p for p in cost if cost[p] <= least + 1e-12 * sum(w) * (max(x) - min(x) + 1e-300)]
    return (min(best) + max(best)) / 2


def twin_support(x, w, i, j):
    """Eqs. 30 and 31."""
    for_i = against = 0.0
    for k in range(len(x)):
        vote = w[k] * (abs(x[k] - x[j]) - abs(x[k] - x[i]))
        if vote > 0:
            for_i += vote
        else:
            against -= vote
    return for_i / (for_i + against) if for_i + against > 1e-12 * sum(w) * (max(x) - min(x)) else 0.5


def twin_utility(x, w, s, i, j, r, q):
    """Eqs. 5 to 7: what i, looking with exponent r, expects of challenging j."""
    width = max(x) - min(x)
    far = abs(x[i] - x[j]) / width if width else 0.0
    off = abs(x[i] - twin_median(x, w)) / width if width else 0.0
    success, failure = 2 - 4 * (0.5 - 0.5 * far) ** r, 2 - 4 * (0.5 + 0.5 * far) ** r
    better, worse = 2 - 4 * (0.5 - 0.25 * (off + far)) ** r, 2 - 4 * (0.5 + 0.25 * (off + far)) ** r
    p = twin_support(x, w, i, j)
    challenge = s[j] * (p * success + (1 - p) * failure) + (1 - s[j]) * success
    leave = q * (2 - 4 * 0.5**r) + (1 - q) * (better if off < far - 1e-12 else worse)
    u = challenge - leave
    return 0.0 if abs(u) < 1e-12 else u


def twin_exponents(x, w, s, q, risk):
    """Eqs. 32 to 34."""
    n = len(x)
    if risk == "neutral":
        return [1.0] * n
    security = []
    for i in range(n):
        total = 0.0
        for j in range(n):
            if j != i:
                total += (
                    twin_utility(x, w, s, j, i, 1.0, q) if risk == "challenged" else twin_utility(x, w, s, i, j, 1.0, q)
                )
        security.append(total)
    high, low = max(security), min(security)
    if high - low <= 1e-12 * n:
        return [1.0] * n
    basis = [(2 * sec - high - low) / (high - low) for sec in security]
    return [(1 - b / 3) / (1 + b / 3) for b in basis]


def twin_offer(gain, loss, fight):
    """What share of the way the other one goes, and the rank of the reason; None for no offer."""
    if gain > 0 and loss > 0:
        return (1.0, 1) if fight and gain > loss + 1e-12 else None
    if gain > 0 and loss < 0:
        return (1.0, 3) if -loss >= gain else (-loss / gain, 2)
    return None


def twin_step(x, w, s, q, risk, view, choice, conflict):
    """One round, pair by pair."""
    n, r, fight = len(x), twin_exponents(x, w, s, q, risk), conflict == "concede"
    width = max(x) - min(x)
    new = []
    for j in range(n):
        offers = []
        for i in range(n):
            mine = twin_utility(x, w, s, i, j, r[i], q)
            his_own = twin_utility(x, w, s, j, i, r[j], q)
            seen_by_i = twin_utility(x, w, s, j, i, r[i], q)
            found = [(mine, his_own if view == "own" else seen_by_i)]
            if view == "either":
                found.append((twin_utility(x, w, s, i, j, r[j], q), his_own))
            for gain, loss in found:
                offer = twin_offer(gain, loss, fight)
                if offer and abs(offer[0] * (x[i] - x[j])) > 1e-12 * width:
                    offers.append((offer[1], gain, offer[0] * (x[i] - x[j])))
        keys = {"order": lambda o: o[0], "least": lambda _: 0.0, "enforceable": lambda o: -o[1]}
        for key in (keys[choice], lambda o: abs(o[2]) / width):
            offers = [o for o in offers if key(o) <= min(map(key, offers)) + 1e-12]
        new.append(x[j] + (sum(o[2] for o in offers) / len(offers) if offers else 0.0))
    return new


READINGS = list(itertools.product((0.5, 1.0, 0.8), kernel.RISK, kernel.VIEW, kernel.CHOICE, kernel.CONFLICT))


def step(x, w, s, q, *words):
    """Return one round of the kernel, one draw."""
    options = (kernel.RISK, kernel.VIEW, kernel.CHOICE, kernel.CONFLICT)
    code = np.array([[o.index(word) for o, word in zip(options, words, strict=True)]])
    return kernel.step(np.array([x]), np.array([w]), np.array([s]), np.array([q]), code)[0]


def group(data):
    """Return positions, weights and saliences of a drawn group on a coarse grid, so that ties occur."""
    n = data.draw(st.integers(1, 5))
    grid = st.integers(0, 6).map(float)
    x = data.draw(st.lists(grid, min_size=n, max_size=n))
    c = data.draw(st.lists(st.integers(1, 9).map(float), min_size=n, max_size=n))
    s = data.draw(st.lists(st.integers(1, 10).map(lambda k: k / 10), min_size=n, max_size=n))
    return x, [a * b for a, b in zip(c, s, strict=True)], s


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_a_round_is_the_twins(data):
    x, w, s = group(data)
    reading = data.draw(st.sampled_from(READINGS))
    assert step(x, w, s, *reading) == pytest.approx(twin_step(x, w, s, *reading), abs=1e-9)


def test_every_reading_is_the_twins_on_a_path():
    x, s = [4.0, 7.0, 4.0, 10.0, 5.5], [0.8, 0.4, 0.2, 0.6, 1.0]
    w = [0.064, 0.032, 0.006, 0.1, 0.05]
    for reading in READINGS:
        y = x
        for _ in range(4):
            y = twin_step(y, w, s, *reading)
        z = x
        for _ in range(4):
            z = step(z, w, s, *reading).tolist()
        assert z == pytest.approx(y, abs=1e-8)


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_the_order_of_actors_and_the_side_of_the_scale_decide_nothing(data):
    x, w, s = (np.array(a) for a in group(data))
    reading = data.draw(st.sampled_from(READINGS))
    turn = np.array(data.draw(st.permutations(range(len(x)))))
    straight = step(x, w, s, *reading)
    assert step(x[turn], w[turn], s[turn], *reading) == pytest.approx(straight[turn], abs=1e-9)
    assert step(-x, w, s, *reading) == pytest.approx(-straight, abs=1e-9)
    assert step(100 + 7 * x, 3 * w, s, *reading) == pytest.approx(100 + 7 * straight, abs=1e-6)
    assert straight.min() >= x.min() - 1e-9
    assert straight.max() <= x.max() + 1e-9


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_the_median_beats_every_other_position_in_the_votes(data):
    x, w, _ = (np.array(a) for a in group(data))
    winner = float(kernel.median(x[None], w[None])[0])
    assert winner == pytest.approx(twin_median(x.tolist(), w.tolist()))
    votes = kernel.votes(x, w)
    assert votes == pytest.approx(-votes.T)
    unbeaten = x[(votes >= -1e-9).all(axis=1)]
    assert unbeaten.min() <= winner <= unbeaten.max()


def test_hand_cases_of_utility():
    """Two actors at the ends: P = w_i / (w_i + w_j), success 2, failure -2, status quo 0 at exponent 1."""
    x, w, s = np.array([0.0, 1.0]), np.array([3.0, 1.0]), np.array([1.0, 0.5])
    pairs = kernel.Pairs.of(x, w, s, np.array(1.0))
    u = pairs.utility(np.ones(1))
    assert kernel.support(x, w) == pytest.approx(np.array([[0.5, 0.75], [0.25, 0.5]]))
    assert u[0, 1] == pytest.approx(0.5 * (0.75 * 2 + 0.25 * -2) + 0.5 * 2)
    assert u[1, 0] == pytest.approx(0.25 * 2 + 0.75 * -2)
    assert kernel.exponents(u) == pytest.approx([2.0, 0.5])
    assert kernel.exponents(u, challenged=False) == pytest.approx([0.5, 2.0])


def test_two_at_the_ends_the_weaker_gives_way():
    """Actor 0 gains 1.5 by challenging, actor 1 loses 1: a compromise; 1 goes two thirds of the way."""
    moved = step([0.0, 1.0], [3.0, 1.0], [1.0, 0.5], 1.0, "neutral", "own", "order", "stand")
    assert moved == pytest.approx([0.0, 1 / 3])


def test_all_in_one_place_stay():
    for reading in READINGS:
        assert step([2.0, 2.0, 2.0], [1.0, 2.0, 3.0], [0.5, 0.5, 0.5], *reading).tolist() == [2.0, 2.0, 2.0]
    assert step([2.0], [1.0], [0.5], *READINGS[0]).tolist() == [2.0]
