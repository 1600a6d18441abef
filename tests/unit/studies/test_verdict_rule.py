"""The rule of verdicts: hand cases, plain twins, and what must not change it."""

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.studies.verdict_rule import answers, main_effects, turns, word_of


@st.composite
def multiverses(draw):
    """Return (values, level, said) of distinct combinations of up to three choices of up to three options."""
    sizes = draw(st.lists(st.integers(1, 3), min_size=1, max_size=3))
    every = list(product(*(range(s) for s in sizes)))
    level = draw(st.lists(st.sampled_from(every), min_size=1, max_size=len(every), unique=True))
    values = draw(st.lists(st.floats(-5, 5).map(lambda x: round(x, 3)), min_size=len(level), max_size=len(level)))
    said = draw(st.lists(st.sampled_from([1, 0, -1]), min_size=len(level), max_size=len(level)))
    return np.array(values), np.array(level, dtype=np.int64), np.array(said, dtype=np.int64)


def test_a_cell_says_yes_only_where_its_whole_interval_does():
    low, high = np.array([0.1, -0.1, -0.3, 0.0, -0.5]), np.array([0.2, 0.1, -0.1, 0.5, 0.0])
    assert answers(low, high, 0.0, "higher").tolist() == [1, 0, -1, 0, 0]
    assert answers(low, high, 0.0, "lower").tolist() == [-1, 0, 1, 0, 0]
    assert answers(low, high, 0.15, "higher").tolist() == [0, -1, -1, 0, -1]


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ([], ("no word", "")),
        ([1], ("no word", "")),
        ([1, 1], ("agree", "yes")),
        ([-1, -1, -1, -1, 0], ("agree", "no")),
        ([1, 1, 1, 0], ("mixed", "")),
        ([0, 0, 0], ("mixed", "")),
        ([1] * 99 + [-1], ("flips", "")),
    ],
)
def test_the_words(said, word):
    assert word_of(np.array(said, dtype=np.int64)) == word


def test_a_sum_of_effects_is_taken_apart_whole():
    a, b = np.array([0.0, 1.0, 4.0]), np.array([-2.0, 2.0])
    level = np.array(list(product(range(3), range(2))))
    values = a[level[:, 0]] + b[level[:, 1]]
    shares, joint = main_effects(values, level)
    total = 6 * values.var()
    assert shares == pytest.approx([2 * 3 * a.var() / total, 6 * b.var() / total])
    assert sum(shares) == pytest.approx(1)
    assert joint == pytest.approx(0, abs=1e-12)


def test_an_interaction_is_no_main_effect():
    level = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    shares, joint = main_effects(np.array([1.0, -1.0, -1.0, 1.0]), level)
    assert shares == pytest.approx([0, 0])
    assert joint == pytest.approx(1)


def test_where_nothing_varies_there_is_no_share():
    shares, joint = main_effects(np.full(4, 0.3), np.array([[0], [1], [0], [1]]))
    assert np.isnan([*shares, joint]).all()


@given(multiverses())
def test_main_effects_are_those_of_a_plain_loop(made):
    values, level, _ = made
    shares, joint = main_effects(values, level)
    total = sum((v - values.mean()) ** 2 for v in values)
    if np.isnan(joint):
        assert total <= 1e-9 * max(1.0, float((values**2).sum()))
        return
    for k, share in enumerate(shares):
        between = 0.0
        for option in set(level[:, k].tolist()):
            mine = [v for v, row in zip(values, level, strict=True) if row[k] == option]
            between += len(mine) * (sum(mine) / len(mine) - values.mean()) ** 2
        assert share == pytest.approx(between / total, abs=1e-7)
        assert share <= 1 + 1e-9
    assert -1e-9 <= joint <= 1 + 1e-9
    assert joint <= 1 - max(shares) + 1e-7


@given(multiverses())
def test_turns_are_those_of_a_plain_loop(made):
    _, level, said = made
    found = turns(level, said)
    for k, turn in enumerate(found):
        pairs = [
            (said[a], said[b]) for a, b in combinations(range(len(said)), 2)
            if level[a, k] != level[b, k] and all(level[a, m] == level[b, m] for m in range(level.shape[1]) if m != k)
        ]  # fmt: skip
        assert turn == (len(pairs), sum(a != b for a, b in pairs), sum(a * b < 0 for a, b in pairs))


@given(multiverses(), st.randoms(use_true_random=False))
def test_order_of_cells_does_not_count(made, random):
    values, level, said = made
    order = list(range(len(said)))
    random.shuffle(order)
    assert turns(level[order], said[order]) == turns(level, said)
    assert word_of(said[order]) == word_of(said)
    shares, joint = main_effects(values[order], level[order])
    before, left = main_effects(values, level)
    assert [*shares, joint] == pytest.approx([*before, left], abs=1e-7, nan_ok=True)


@given(st.lists(st.tuples(st.floats(-1, 1), st.floats(0, 1)), min_size=1, max_size=12), st.floats(-0.5, 0.5))
def test_the_mirror_image_says_the_same(intervals, null):
    low = np.array([a for a, _ in intervals])
    high = low + np.array([w for _, w in intervals])
    said = answers(low, high, null, "higher")
    assert (answers(-high, -low, -null, "lower") == said).all()
    assert (answers(low, high, null, "lower") == -said).all()
    word, side = word_of(said)
    turned = {"yes": "no", "no": "yes", "": ""}[side]
    assert word_of(-said) == (word, turned)
