"""Effects of choices and the turning points of a sign, against a walk through every order."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foedus.errors import ParameterError
from foedus.estimate.multiverse import effect_weights, turning_points


def walked(values):
    """Return mean effects and shares of turning points by trying every order of the choices."""
    choices = len(values).bit_length() - 1
    effects, turns = np.zeros(choices), np.zeros(choices)
    every = list(permutations(range(choices)))
    for order in every:
        at, last = 0, None
        for c in order:
            to = at | (1 << c)
            effects[c] += values[to] - values[at]
            if (values[to] >= 0) != (values[at] >= 0):
                last = c
            at = to
        if last is not None:
            turns[last] += 1
    return effects / len(every), turns / len(every)


@settings(max_examples=40, deadline=None)
@given(choices=st.integers(1, 5), data=st.data())
def test_both_agree_with_a_walk_through_every_order(choices, data):
    size = 2**choices
    values = np.array(data.draw(st.lists(st.floats(-3, 3), min_size=size, max_size=size)))
    effects, turns = walked(values)
    assert effect_weights(choices) @ values == pytest.approx(effects, abs=1e-9)
    assert turning_points(values) == pytest.approx(turns, abs=1e-9)


def test_effects_add_up_and_a_choice_without_effect_has_none():
    values = np.array([1.0, 1.0, -2.0, -2.0, 5.0, 5.0, 0.5, 0.5])  # the first choice changes nothing
    effects = effect_weights(3) @ values
    assert effects[0] == pytest.approx(0.0)
    assert effects.sum() == pytest.approx(values[-1] - values[0])


def test_the_choice_that_alone_flips_is_named_in_every_order():
    values = np.array([[1.0, 1.1, 1.2, 1.3, -1.0, -1.1, -1.2, -1.3]])
    assert turning_points(values).tolist() == [[0.0, 0.0, 1.0]]
    assert turning_points(np.abs(values)).tolist() == [[0.0, 0.0, 0.0]]


@pytest.mark.parametrize("choices", [0, 17])
def test_too_few_or_too_many_choices_are_refused(choices):
    with pytest.raises(ParameterError, match="choices"):
        effect_weights(choices)


@pytest.mark.parametrize("values", [[1.0], [1.0, 2.0, 3.0], [1.0, float("nan")], 1.0])
def test_estimates_that_are_no_combinations_are_refused(values):
    with pytest.raises(ParameterError, match="estimates"):
        turning_points(values)
