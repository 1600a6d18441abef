"""Chances of the ends of games against played games, hand cases and differences."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foedus.errors import ParameterError
from foedus.estimate.game_trees import EGAME12, EGAME122, TREES, Leaf, Node, Tree, chances, leaves

KINDS = [("probit", "agent"), ("logit", "agent"), ("probit", "private")]


def played(tree, u, link, information, draws, seed):
    """Play the game with drawn errors; every mover knows the others' chances only."""
    rng = np.random.default_rng(seed)
    noise = rng.normal if link == "probit" else rng.gumbel
    value = dict(zip(tree.utilities, u, strict=True))
    own = {(p, o): noise(size=draws) for p in tree.players for o in tree.outcomes}

    def go(part):
        """Return shares of the ends, as floats, and the end of each draw."""
        if isinstance(part, Leaf):
            return {part.outcome: 1.0}, np.full(draws, part.outcome)
        (q_left, left), (q_right, right) = go(part.left), go(part.right)
        worth = []
        for q in (q_left, q_right):
            plain = sum(p * value.get(f"u{part.player}{o}", 0.0) for o, p in q.items())
            error = (
                sum(p * own[part.player, o] for o, p in q.items()) if information == "private" else noise(size=draws)
            )
            worth.append(plain + error)
        goes = worth[1] > worth[0]
        p = goes.mean()
        shares = {o: q * (1 - p) for o, q in q_left.items()} | {o: q * p for o, q in q_right.items()}
        return shares, np.where(goes, right, left)

    ends = go(tree.root)[1]
    return np.array([(ends == o).mean() for o in tree.outcomes])


@pytest.mark.parametrize("tree", TREES.values(), ids=str)
@pytest.mark.parametrize(("link", "information"), KINDS)
def test_chances_are_the_shares_of_played_games(tree, link, information):
    u = np.random.default_rng(3).normal(size=len(tree.utilities))
    found = np.exp(chances(tree, u[None], link=link, information=information).log[0])
    assert np.abs(found - played(tree, u, link, information, 200_000, 5)).max() < 0.005


@pytest.mark.parametrize(("link", "information"), KINDS)
@given(seed=st.integers(0, 1000), name=st.sampled_from(sorted(TREES)))
@settings(max_examples=15, deadline=None)
def test_chances_sum_to_one_and_slopes_are_differences(seed, name, link, information):
    tree = TREES[name]
    u = np.random.default_rng(seed).normal(size=(3, len(tree.utilities))) * 2
    found = chances(tree, u, link=link, information=information)
    assert np.exp(found.log).sum(axis=1) == pytest.approx(1)
    for k in range(u.shape[1]):
        step = np.zeros_like(u)
        step[:, k] = 1e-6
        up, down = (chances(tree, u + s, link=link, information=information).log for s in (step, -step))
        assert found.slope[:, :, k] == pytest.approx((up - down) / 2e-6, abs=2e-6, rel=1e-5)


def test_egame12_by_hand():
    p4 = 0.5 * (1 + 0.520499877813046)  # Phi(1 / sqrt 2) = (1 + erf(1/2)) / 2
    gap = (1 - p4) * 2.0 + p4 * -1.0 - 0.5
    from scipy.special import ndtr

    agent = np.exp(chances(EGAME12, np.array([[0.5, 2.0, -1.0, 1.0]])).log[0])
    assert agent == pytest.approx([1 - ndtr(gap / 2**0.5), ndtr(gap / 2**0.5) * (1 - p4), ndtr(gap / 2**0.5) * p4])
    private = np.exp(chances(EGAME12, np.array([[0.5, 2.0, -1.0, 1.0]]), information="private").log[0])
    p2 = ndtr(gap / (1 + p4**2 + (1 - p4) ** 2) ** 0.5)
    assert private == pytest.approx([1 - p2, p2 * (1 - p4), p2 * p4])


def test_far_utilities_do_not_underflow():
    found = chances(EGAME12, np.array([[400.0, 0, 0, 400.0]]))
    assert np.isfinite(found.log).all()
    assert np.isfinite(found.slope).all()
    assert found.log[0, 0] == pytest.approx(0)
    assert found.log[0, 1] < -1e4


def test_what_cannot_be_played_is_refused():
    twice = Tree("twice", Node(1, Leaf(1), Node(2, Leaf(2), Node(1, Leaf(3), Leaf(4)))), ("u13", "u14", "u22"))
    with pytest.raises(ParameterError, match="twice on one path"):
        chances(twice, np.zeros((1, 3)), information="private")
    assert np.exp(chances(twice, np.zeros((1, 3))).log).sum() == pytest.approx(1)
    with pytest.raises(ParameterError, match="probit, with private"):
        chances(EGAME12, np.zeros((1, 4)), link="logit", information="private")
    with pytest.raises(ParameterError, match="link"):
        chances(EGAME12, np.zeros((1, 4)), link="cauchit")
    with pytest.raises(ParameterError, match="information"):
        chances(EGAME12, np.zeros((1, 4)), information="none")
    with pytest.raises(ParameterError, match="a column for each"):
        chances(EGAME122, np.zeros((1, 4)))
    with pytest.raises(ParameterError, match="a number of its own"):
        Tree("same", Node(1, Leaf(1), Leaf(1)), ("u11",))
    with pytest.raises(ParameterError, match="some of"):
        Tree("strange", Node(1, Leaf(1), Leaf(2)), ("u21",))
    assert [leaf.outcome for leaf in leaves(EGAME122.root)] == [1, 2, 3, 4]
