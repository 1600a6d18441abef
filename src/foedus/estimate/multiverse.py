"""An estimate under every combination of yes-or-no choices: what each choice does to it, and at which one its sign changes.

Combination number s has choice c made where bit c of s is set: number 0 is one end, the last number the other. The effect of a choice is the mean,
over all orders in which choices can be made one by one, of what the estimate changes when it is made: its Shapley value [Shapley1953]_, so that
effects add up to the whole difference. Knows no model: it takes estimates.
"""

from __future__ import annotations

from math import factorial
from typing import TYPE_CHECKING

import numpy as np

from foedus.errors import parameter

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

MOST = 16
"""Choices beyond which the combinations are too many to hold."""


def effect_weights(choices: int) -> NDArray[np.float64]:
    """Return the matrix that turns estimates into effects of choices, shape (choices, 2**choices).

    Parameters
    ----------
    choices : int
        1 to `MOST`.

    Raises
    ------
    ParameterError
        Another number of choices.

    References
    ----------
    [Shapley1953]_

    Examples
    --------
    >>> (effect_weights(2) @ [0.0, 1.0, 3.0, 8.0]).tolist()
    [3.0, 5.0]
    """
    if not 1 <= choices <= MOST:
        raise parameter("choices", choices, f"1 to {MOST}")
    every = np.arange(2**choices)
    made = np.bitwise_count(every).astype(np.int64)
    orders = np.array([factorial(k) for k in range(choices + 1)], dtype=np.float64)
    out = np.zeros((choices, len(every)))
    for c in range(choices):
        before = every[(every >> c) & 1 == 0]
        weight = orders[made[before]] * orders[choices - 1 - made[before]] / orders[choices]
        out[c, before | (1 << c)] = weight
        out[c, before] = -weight
    return out


def turning_points(estimates: ArrayLike) -> NDArray[np.float64]:
    """Return in what share of all orders the sign changes for good at each choice, shape (..., choices).

    For good: from that choice on the sign is that of the last combination, and before it, at the step before, it was not. Where the two ends have
    different signs the shares add up to 1; where they do not, to the share of orders that leave the common sign on the way. 0 counts as positive.

    Parameters
    ----------
    estimates : array, shape (..., 2**choices)

    Raises
    ------
    ParameterError
        A number of estimates that is no power of 2 from 2 to 2**16, or a value that is not finite.

    Notes
    -----
    O(choices * 2**choices): orders from a combination to the end that keep the sign are counted backwards, not listed.

    Examples
    --------
    >>> turning_points([-1.0, -0.5, 0.5, 1.0]).tolist()
    [0.0, 1.0]
    """
    values = np.asarray(estimates, dtype=np.float64)
    size = values.shape[-1] if values.ndim else 0
    choices = size.bit_length() - 1
    if not (size == 2**choices and 1 <= choices <= MOST) or not np.isfinite(values).all():
        raise parameter("estimates", f"{size} values", f"2 to {2**MOST} finite values, a power of 2")
    same = (values >= 0) == (values[..., -1:] >= 0)
    keep = np.zeros(values.shape)
    keep[..., -1] = 1.0
    for s in range(size - 2, -1, -1):
        onward = sum(keep[..., s | (1 << c)] for c in range(choices) if not (s >> c) & 1)
        keep[..., s] = np.where(same[..., s], onward, 0.0)
    out = np.zeros((*values.shape[:-1], choices))
    for s in range(size - 1):
        ways = float(factorial(s.bit_count()))
        for c in range(choices):
            if not (s >> c) & 1:
                out[..., c] += np.where(same[..., s], 0.0, ways * keep[..., s | (1 << c)])
    return out / factorial(choices)
