"""Linear programs over coalitions that see only the sets that bind: how one is solved, which sets it starts with, and which are added.

Knows no game: see `foedus.security.core` and `nucleolus`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.errors import FoedusError, message
from foedus.kernels import coalition as kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Solved:
    """A linear program's solution: point, value and the multiplier of each row (at most zero)."""

    x: NDArray[np.float64]
    fun: float
    dual: NDArray[np.float64]


def linear_program(
    cost: NDArray[np.float64], a_ub: NDArray[np.float64], b_ub: NDArray[np.float64],
    a_eq: NDArray[np.float64] | None = None, b_eq: NDArray[np.float64] | None = None,
) -> Solved:  # fmt: skip
    """Return the least ``cost @ x`` with free x, ``a_ub @ x <= b_ub`` and ``a_eq @ x == b_eq``, by HiGHS."""
    from scipy.optimize import linprog

    options = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}
    found: Any = linprog(cost, a_ub, b_ub, a_eq, b_eq, bounds=(None, None), method="highs-ds", options=options)
    if found.status != 0:
        raise FoedusError(message("A linear program over coalitions was not solved", got=found.message))
    return Solved(np.asarray(found.x), float(found.fun), np.asarray(found.ineqlin.marginals))


def first_sets(n: int) -> NDArray[np.int64]:
    """Return the sets that every program starts with: one or two players, all but one or two, never all or none."""
    size = kernel.sizes(n)
    return np.flatnonzero((size > 0) & (size < n) & ((size <= 2) | (size >= n - 2))).astype(np.int64)


def most_short(short: NDArray[np.float64], masks: NDArray[np.int64], tolerance: float) -> NDArray[np.int64]:
    """Return, for each player, the sets with it and without it that are most short and are not in the program yet."""
    left = short.copy()
    left[masks] = -np.inf
    left[0] = -np.inf
    found: list[int] = []
    for i in range(kernel.players(left)):
        halves = left.reshape(-1, 2, 1 << i)
        for side in (0, 1):
            high, low = divmod(int(halves[:, side].argmax()), 1 << i)
            found.append((high << (i + 1)) | (side << i) | low)
    top = np.unique(found)
    return top[left[top] > tolerance].astype(np.int64)
